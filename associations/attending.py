"""Attendance read from its rows, in the shape the rules read: two queries for an association, however much it did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from associations.choices import Sex
from associations.models import ActivitySession, Association, Participant
from associations.rules.attendance import Anonymous, Attendance, Half, Marks, Person, Session, by_age_and_sex

BANDS: tuple[tuple[int, int | None], ...] = ((0, 6), (7, 12), (13, 20), (21, 25), (26, None))
_MARKS = ("present", "leaders", "disabled", "anonymous")
_SESSION = ("pk", "day", "starts", "minutes", *_MARKS, "activity", "group__activity", "group__name")


def attendance_of(association: Association | int, first: date, until: date) -> Attendance:
    """What the association did from *first* up to, not including, *until*; and before in the same year, for caps of a year."""
    rows = ActivitySession.objects.filter(association=association).between(date(first.year, 1, 1), until)
    ordered = rows.order_by("day", "starts", "pk").values_list(*_SESSION)
    return Attendance(first, until, persons_of(association), [_session(*row) for row in ordered.iterator(5_000)])


def persons_of(association: Association | int) -> dict[int, Person]:
    rows = Participant.objects.filter(association=association)
    found = rows.values_list("pk", "birth_year", "sex", "lives_here", "is_member")
    return {key: Person(born, sex, here, member) for key, born, sex, here, member in found.iterator(5_000)}


def _session(
    key: int,
    day: date,
    starts: Any,
    minutes: int,
    present: list[int],
    leaders: list[int],
    disabled: list[int],
    anonymous: list[list[Any]],
    activity: str,
    of_group: str,
    group: str,
) -> Session:
    nameless = [Anonymous(*each) for each in anonymous] if anonymous else ()
    begins = starts.hour * 60 + starts.minute
    return Session(key, day, begins, minutes, present, leaders, disabled, nameless, activity or of_group, group)


def session_of(session: ActivitySession) -> Session:
    """One row as the rules read it."""
    row = session
    of_group, group = row.group.activity, row.group.name
    return _session(
        row.pk,
        row.day,
        row.starts,
        row.minutes,
        row.present,
        row.leaders,
        row.disabled,
        row.anonymous,
        row.activity,
        of_group,
        group,
    )


def marks_of(session: ActivitySession) -> Marks:
    return Marks(frozenset(session.present), frozenset(session.leaders), frozenset(session.disabled))


@dataclass(frozen=True, slots=True)
class BandRow:
    """One age band of a summary."""

    first: int
    last: int | None
    girls: int
    boys: int
    others: int

    @property
    def total(self) -> int:
        return self.girls + self.boys + self.others


@dataclass(frozen=True, slots=True)
class GroupRow:
    name: str
    sessions: int
    participations: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A half-year of an association in figures; never a name."""

    half: Half
    sessions: int
    participations: int
    leaderships: int
    minutes: int
    bands: tuple[BandRow, ...]
    groups: tuple[GroupRow, ...]

    @property
    def hours(self) -> int:
        return round(self.minutes / 60)

    @property
    def girls(self) -> int:
        return sum(band.girls for band in self.bands)

    @property
    def boys(self) -> int:
        return sum(band.boys for band in self.bands)


def summary(association: Association, half: Half) -> Summary:
    """The half-year's figures. Two queries."""
    attendance = attendance_of(association, half.first, half.until)
    held = [session for session in attendance.sessions if session.day >= half.first]
    cells = by_age_and_sex(held, attendance.persons, BANDS)
    bands = tuple(_band(index, cells) for index in range(len(BANDS)))
    return Summary(
        half=half,
        sessions=len(held),
        participations=sum(_taking_part(session) for session in held),
        leaderships=sum(_leading(session) for session in held),
        minutes=sum(session.minutes for session in held),
        bands=tuple(band for band in bands if band.total),
        groups=_groups(held),
    )


def _band(index: int, cells: dict[tuple[int, str], int]) -> BandRow:
    first, last = BANDS[index]
    others = cells.get((index, Sex.OTHER), 0) + cells.get((index, ""), 0)
    return BandRow(first, last, cells.get((index, Sex.FEMALE), 0), cells.get((index, Sex.MALE), 0), others)


def _groups(sessions: Sequence[Session]) -> tuple[GroupRow, ...]:
    found: dict[str, list[int]] = {}
    for session in sessions:
        sums = found.setdefault(session.group, [0, 0, 0])
        sums[0] += 1
        sums[1] += _taking_part(session)
        sums[2] += session.minutes
    return tuple(GroupRow(name, *sums) for name, sums in sorted(found.items(), key=lambda item: item[0].casefold()))


def _taking_part(session: Session) -> int:
    return len(session.present) + sum(each.number for each in session.anonymous if not each.leader)


def _leading(session: Session) -> int:
    return len(session.leaders) + sum(each.number for each in session.anonymous if each.leader)


def halves_with_sessions(association: Association) -> list[Half]:
    """The half-years in which something is marked, newest first. One query."""
    months = ActivitySession.objects.filter(association=association).dates("day", "month", order="DESC")
    return list(dict.fromkeys(Half(month.year, 1 if month.month <= 6 else 2) for month in months))
