"""A day of one space cut into slots: free from when, taken by what, closed, past. What the tables of a week and a day show."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from facilities.models import Space
from facilities.models.terms import Place
from facilities.models.timetable import Standing, Timetable
from facilities.rules.opening import DAY, hours_of_day, local_instant
from facilities.rules.spans import Span
from facilities.rules.terms import earliest_start, latest_start

SHORTEST_SLOT = 30  # minutes: a row that a finger can hit


class State(StrEnum):
    """What a stretch of slots is."""

    FREE = "free"
    TAKEN = "taken"
    PARTLY = "partly"  # a part of the space is taken
    CLOSED = "closed"
    PAST = "past"
    NOT_YET = "not_yet"  # too far ahead, or too soon
    NO_ROOM = "no_room"  # open, but no booking fits
    NO_TIME = "no_time"  # the clock goes forward over it


@dataclass(frozen=True, slots=True)
class Stretch:
    """Slots of one kind beside each other. first: the number of the first slot. start: of a free slot. uses: of a taken one."""

    state: State
    first: int
    slots: int = 1
    start: datetime | None = None
    uses: tuple[Standing, ...] = ()


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots that days are cut into: minutes from local midnight; ends may pass 1440 where places are open past midnight."""

    first: int
    last: int
    step: int

    @property
    def minutes(self) -> range:
        return range(self.first, self.last, self.step)

    def bounds(self, day: date) -> list[datetime]:
        """Where each slot begins, and where the last one ends."""
        return [local_instant(day, minute) for minute in range(self.first, self.last + self.step, self.step)]


def slots_of(places: Sequence[Place], days: Sequence[date], step: int | None = None) -> Slots | None:
    """Slots from the earliest opening to the latest closing; None when nothing is open in these days."""
    hours = [pair for place in places for day in days for pair in hours_of_day(day, place.hours, place.exceptions)]
    if not hours:
        return None
    step = step or max(SHORTEST_SLOT, min(place.rules.grid for place in places))
    first = min(opens for opens, _closes in hours) // SHORTEST_SLOT * SHORTEST_SLOT
    last = min(max(closes for _opens, closes in hours), first + DAY)
    count = -(-(last - first) // step)
    return Slots(first, first + count * step, step)


def stretches(timetable: Timetable, space: Space, bounds: Sequence[datetime], free: Sequence[datetime]) -> list[Stretch]:
    """One space between some bounds, in order. free: the times from which it can be booked, in order."""
    inside = Span(bounds[0], bounds[-1])
    uses = [use for use in timetable.standing_on(space) if use.span.starts < inside.ends and use.span.ends > inside.starts]
    opening = [span for span in timetable.opening(space) if span.starts < inside.ends and span.ends > inside.starts]
    begins = {bisect_right(bounds, start) - 1: start for start in reversed(free)}
    place, found = timetable.places[space.pk], list[Stretch]()
    for slot in range(len(bounds) - 1):
        starts, ends = bounds[slot], bounds[slot + 1]
        if slot in begins:
            found.append(Stretch(State.FREE, slot, start=begins[slot]))
            continue
        here = _judged(slot, starts, ends, uses, opening, place, timetable.at)
        if found and found[-1].state is here.state and found[-1].uses == here.uses and here.state is not State.FREE:
            before = found[-1]
            found[-1] = Stretch(before.state, before.first, before.slots + 1, None, before.uses)
        else:
            found.append(here)
    return found


def _judged(
    slot: int,
    starts: datetime,
    ends: datetime,
    uses: Sequence[Standing],
    opening: Sequence[Span],
    place: Place,
    at: datetime,
) -> Stretch:
    """A slot in which no booking can begin, and why."""
    if ends <= starts:
        return Stretch(State.NO_TIME, slot)
    standing = tuple(use for use in uses if use.span.starts < ends and use.span.ends > starts)
    if standing:
        whole = set(place.space.takes) <= frozenset().union(*(use.takes for use in standing))
        return Stretch(State.TAKEN if whole else State.PARTLY, slot, uses=standing)
    if not any(span.starts < ends and span.ends > starts for span in opening):
        return Stretch(State.CLOSED, slot)
    if ends <= at:
        return Stretch(State.PAST, slot)
    latest = latest_start(place.terms, at)
    if starts < earliest_start(place.terms, at) or (latest is not None and starts >= latest):
        return Stretch(State.NOT_YET, slot)
    return Stretch(State.NO_ROOM, slot)
