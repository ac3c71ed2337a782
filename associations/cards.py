"""A group's attendance card as a page shows it: who stands on it, who is marked, and last time's group filled in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from associations.attending import marks_of
from associations.models import ActivityGroup, ActivitySession, Participant
from associations.rules.attendance import Anonymous, Marks

AWAY, PRESENT, LEADER = "away", "present", "leader"
_LETTERS = {AWAY: "a", PRESENT: "p", LEADER: "l"}
_WORDS = {letter: word for word, letter in _LETTERS.items()}
_SHOWN = re.compile(r"([0-9]{1,9})([apl])(d?)")
MOST_ROWS = 2_000
USUAL_START, USUAL_MINUTES = time(18), 60


@dataclass(slots=True)
class Row:
    """One person on the card. leads: usually. mark: as the page shows it."""

    person: Participant
    leads: bool
    mark: str
    disabled: bool

    @property
    def here(self) -> bool:
        return self.mark != AWAY

    @property
    def leads_today(self) -> bool:
        return self.mark == LEADER and not self.leads


@dataclass(slots=True)
class Card:
    """The card of one occasion. session: None until something is saved. prefilled: the session it was filled in from."""

    group: ActivityGroup
    day: date
    starts: time
    minutes: int
    session: ActivitySession | None
    prefilled: ActivitySession | None
    rows: list[Row] = field(default_factory=list)
    anonymous: list[Anonymous] = field(default_factory=list)

    @property
    def participants(self) -> list[Row]:
        return [row for row in self.rows if not row.leads]

    @property
    def leaders(self) -> list[Row]:
        return [row for row in self.rows if row.leads]

    @property
    def shown(self) -> str:
        """How every row looks when the page is made; goes with the form, so that only what is changed is sent on."""
        return ",".join(f"{row.person.pk}{_LETTERS[row.mark]}{'d' if row.disabled else ''}" for row in self.rows)


def card_of(group: ActivityGroup, day: date, starts: time) -> Card:
    """The card of *group* at that time. Four queries, however many stand on it."""
    around = group.sessions.filter(day__lte=day).order_by("-day", "-starts", "pk")[:3]
    recent = list(around)
    session = next((each for each in recent if (each.day, each.starts) == (day, starts)), None)
    if session is None and len(recent) == 3 and recent[-1].day == day:
        session = group.sessions.filter(day=day, starts=starts).order_by("pk").first()
    earlier = next((each for each in recent if (each.day, each.starts) < (day, starts)), None)
    prefilled = None if session else earlier
    filled = session or prefilled
    minutes = session.minutes if session else group.minutes or (earlier.minutes if earlier else USUAL_MINUTES)
    nameless = [Anonymous(*each) for each in filled.anonymous] if filled else []
    rows = _rows(group, marks_of(filled) if filled else Marks())
    return Card(group, day, starts, minutes, session, prefilled, rows, nameless)


def _rows(group: ActivityGroup, marks: Marks) -> list[Row]:
    places = dict(group.places.values_list("participant", "leads"))
    keys = set(places) | marks.present | marks.leaders
    people = Participant.objects.filter(pk__in=keys).in_order_of_name()
    rows = []
    for person in people:
        mark = LEADER if person.pk in marks.leaders else PRESENT if person.pk in marks.present else AWAY
        leads = places.get(person.pk, mark == LEADER)
        rows.append(Row(person, leads, mark, person.pk in marks.disabled))
    return rows


def usual_time(group: ActivityGroup, today: date) -> tuple[date, time]:
    """When a leader most likely marks: the group's weekday, today or last, at its usual time."""
    back = 0 if group.weekday is None else (today.weekday() - group.weekday) % 7
    return today - timedelta(days=back), group.starts or USUAL_START


@dataclass(frozen=True, slots=True)
class Typed:
    """What a filled-in card says: the whole of it, and what differs from how it was shown."""

    whole: Mapping[int, str]
    changes: Mapping[int, str]
    disabled: Mapping[int, bool]


def typed(shown: str, ticked: Iterable[str]) -> Typed:
    """Read a card. shown: Card.shown of the page. ticked: the names of the boxes that are ticked: here-1, led-2, special-1."""
    boxes = set(ticked)
    whole: dict[int, str] = {}
    changes: dict[int, str] = {}
    disabled: dict[int, bool] = {}
    for part in shown.split(",")[:MOST_ROWS]:
        match = _SHOWN.fullmatch(part)
        if match is None:
            continue
        key = int(match[1])
        mark = LEADER if f"led-{key}" in boxes else PRESENT if f"here-{key}" in boxes else AWAY
        whole[key] = mark
        if mark != _WORDS[match[2]]:
            changes[key] = mark
        if (special := f"special-{key}" in boxes) != bool(match[3]) or special:
            disabled[key] = special
    return Typed(whole, changes, disabled)
