"""Attendance as the rules read it: who was there, who led, on which day and for how long. No names, no numbers of persons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

LONGEST = 24 * 60  # minutes of one session


class Person(NamedTuple):
    """One person of an association. born: year. sex: the register's key. member: False for somebody who tries out."""

    born: int
    sex: str = ""
    at_home: bool = True
    member: bool = True


class Anonymous(NamedTuple):
    """People counted without a row of their own (protected identity, or older than what is kept)."""

    born: int
    sex: str
    number: int
    leader: bool = False
    disability: bool = False


class Session(NamedTuple):
    """One occasion. starts: minutes after midnight. present, leaders, disabled: keys of persons; nobody stands in both of
    the first two. activity: what a weekly cap is counted by. group: the name of the card."""

    key: int
    day: date
    starts: int
    minutes: int
    present: Sequence[int]
    leaders: Sequence[int]
    disabled: Sequence[int] = ()
    anonymous: Sequence[Anonymous] = ()
    activity: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """What one association did from *first* until *until* (exclusive); earlier sessions of the same year only fill caps of a
    year. sessions: in order of time."""

    first: date
    until: date
    persons: Mapping[int, Person]
    sessions: Sequence[Session]


class Half(NamedTuple):
    """Half a calendar year; number 1 is January to June."""

    year: int
    number: int

    @property
    def first(self) -> date:
        return date(self.year, 1 if self.number == 1 else 7, 1)

    @property
    def until(self) -> date:
        """The day after the last."""
        return date(self.year, 7, 1) if self.number == 1 else date(self.year + 1, 1, 1)

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    @property
    def before(self) -> "Half":
        return Half(self.year, 1) if self.number == 2 else Half(self.year - 1, 2)

    @property
    def after(self) -> "Half":
        return Half(self.year, 2) if self.number == 1 else Half(self.year + 1, 1)


def half_of(day: date) -> Half:
    """The half-year that *day* falls in.

    Rule A-51. Source: RF's rules for state LOK support: two periods, January-June and July-December.
    Words: halvår, termin, period, vårhalvår, hösthalvår.
    """
    return Half(day.year, 1 if day.month <= 6 else 2)


def half_applied_for(closes_on: date) -> Half:
    """The half-year that a call which closes on *closes_on* pays for: the last one that has ended by then.

    Rule A-52. Source: RF's rules for state LOK support: January-June is applied for by 25 August, July-December by 25 February.
    Words: ansökningsperiod, halvår, aktivitetsstöd, period.
    """
    return half_of(closes_on).before


def session_minutes(starts: time, stops: time, days_between: int | None) -> int:
    """How many minutes a session lasts. days_between: whole days from its first to its last date; None = not told.

    Without a last date a stop that is not after the start is taken as the next day's ("23.30-00.30" is an hour). ValueError when
    it would last nothing, backwards or more than 24 hours.

    Rule A-53. Source: DAK 2.2: StoppDatum is given when it differs from Datum; sessions past midnight without it in the wild.
    Words: närvaro, minuter, längd, midnatt, sammankomst.
    """
    minutes = (stops.hour - starts.hour) * 60 + stops.minute - starts.minute
    if days_between is not None:
        minutes += days_between * LONGEST
    elif minutes < 0:
        minutes += LONGEST
    if not 0 < minutes <= LONGEST:
        raise ValueError("A session lasts more than no time and at most a day.")
    return minutes


def overlapping(sessions: Sequence[Session]) -> dict[int, int]:
    """Sessions in which somebody is in two places at once: session key -> how many people.

    Rule A-54. Source: house rule: a person counted twice at the same hour is shown before the municipality asks.
    Words: samtidigt, dubbel, närvaro, krock.
    """
    found: dict[int, int] = {}
    last: dict[int, tuple[datetime, int]] = {}
    for session in sorted(sessions, key=lambda each: (each.day, each.starts, each.key)):
        begins = datetime.combine(session.day, time(session.starts // 60, session.starts % 60))
        ends = begins + timedelta(minutes=session.minutes)
        for key in (*session.present, *session.leaders):
            until, other = last.get(key, (begins, session.key))
            if until > begins and other != session.key:
                found[session.key] = found.get(session.key, 0) + 1
            if until <= ends:
                last[key] = (ends, session.key)
    return found


@dataclass(frozen=True, slots=True)
class Marks:
    """Who is marked at one session."""

    present: frozenset[int] = frozenset()
    leaders: frozenset[int] = frozenset()
    disabled: frozenset[int] = frozenset()


def marked(before: Marks, changes: Mapping[int, str], disabled: Mapping[int, bool] | None = None) -> Marks:
    """The marks after some were changed: person -> "present", "leader" or "away"; who is not named stays as they were.

    Two leaders who mark different people at once both have their way, in either order; the same changes twice change nothing.
    disabled: who is counted as having a disability at this session; only those who are there are kept.

    Rule A-55. Source: DAK 2.2, "Update": only the marks that are carried change; house rule for the card on two phones.
    Words: närvaro, markera, uppdatera, två ledare, närvarokort.
    """
    present, leaders, special = set(before.present), set(before.leaders), set(before.disabled)
    for person, mark in changes.items():
        present.discard(person)
        leaders.discard(person)
        if mark == "present":
            present.add(person)
        elif mark == "leader":
            leaders.add(person)
    for person, yes in (disabled or {}).items():
        (special.add if yes else special.discard)(person)
    return Marks(frozenset(present), frozenset(leaders), frozenset(special & (present | leaders)))


def anonymised(session: Session, persons: Mapping[int, Person]) -> tuple[Anonymous, ...]:
    """A session's people as numbers by birth year and sex, for when the names are no longer kept.

    Every figure that needs no person (participations by age and sex, sessions, leaders) stays the same.

    Rule A-56. Source: dataskyddsförordningen article 5.1 e (kept no longer than needed); attendance cards 3-5 years elsewhere.
    Words: gallring, avidentifiera, anonym, närvaro, bevara.
    """
    counts: dict[tuple[int, str, bool, bool], int] = {}
    for each in session.anonymous:
        cell = (each.born, each.sex, each.leader, each.disability)
        counts[cell] = counts.get(cell, 0) + each.number
    special = set(session.disabled)
    for keys, leads in ((session.present, False), (session.leaders, True)):
        for key in keys:
            cell = (persons[key].born, persons[key].sex, leads, key in special)
            counts[cell] = counts.get(cell, 0) + 1
    return tuple(Anonymous(born, sex, count, leads, special) for (born, sex, leads, special), count in sorted(counts.items()))


def by_age_and_sex(
    sessions: Iterable[Session], persons: Mapping[int, Person], bands: Sequence[tuple[int, int | None]]
) -> dict[tuple[int, str], int]:
    """Participations, leaders not counted, by age band and sex: (index of the band, sex) -> number. Age is the year one turns;
    an age in no band is counted nowhere.

    Rule A-57. Source: four criteria of the municipality, "equality": participations per girl and boy.
    Words: deltagartillfällen, ålder, kön, statistik, jämställdhet.
    """
    found: dict[tuple[int, str], int] = {}

    def add(year: int, born: int, sex: str, count: int) -> None:
        age = year - born
        for index, (first, last) in enumerate(bands):
            if first <= age and (last is None or age <= last):
                found[index, sex] = found.get((index, sex), 0) + count
                return

    for session in sessions:
        for key in session.present:
            add(session.day.year, persons[key].born, persons[key].sex, 1)
        for each in session.anonymous:
            if not each.leader:
                add(session.day.year, each.born, each.sex, each.number)
    return found
