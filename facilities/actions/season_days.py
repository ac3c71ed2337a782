"""The days of a season's weekly times, and what is against each: the space's terms, hours, other uses."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from facilities.actions.ground import Conflict, Ground, Wanted, conflicts_of
from facilities.models import SeasonTime, Space
from facilities.models.terms import Place, places_of
from facilities.rules.buffers import Use
from facilities.rules.opening import open_spans
from facilities.rules.series import Pattern, occurrences
from facilities.rules.spans import Span
from facilities.rules.terms import Fault
from records.values import local_day

OVERLAPPING = "overlapping"  # SeasonClash.why when another use is in the way; otherwise a Fault
# How long a season's time is, and how early it is decided, is for its principles to say; a hall may be kept for seasons alone.
_NOT_ASKED = frozenset({Fault.NOT_BOOKABLE, Fault.TOO_SHORT, Fault.TOO_LONG, Fault.TOO_SOON, Fault.TOO_FAR_AHEAD})


@dataclass(frozen=True, slots=True)
class SeasonDay:
    """One day of a weekly time in one space. why: what is against it, "" = nothing. booking: the other use that is in the way."""

    day: date
    span: Span | None
    why: str = ""
    booking: int | None = None


@dataclass(frozen=True, slots=True)
class Weekly:
    """A weekly time in one of its spaces: what one series is made of. time: with its association and group; may be unsaved."""

    time: SeasonTime
    space: Space
    pattern: Pattern


def weekly(time: SeasonTime, spaces: Sequence[Space], since: date | None = None) -> list[Weekly]:
    """A time in each of its spaces from a day on; none when no week of it is left."""
    begins = max(since or time.since, time.since)
    first = begins + timedelta(days=(time.weekday - begins.weekday()) % 7)
    if first >= time.until:
        return []
    pattern = Pattern(first, time.until - timedelta(days=1), time.starts, time.ends)
    return [Weekly(time, space, pattern) for space in spaces]


def expected(rows: Sequence[Weekly], at: datetime) -> list[list[SeasonDay]]:
    """Every day of each with what is against it now. Holds nothing. A few queries in all, however many weeks and times.

    What the rows would take from each other is not seen: a plan that the checker has found sound takes nothing twice.
    """
    return judged(rows, [days_of(row.pattern) for row in rows], Grounds(rows), conflicts_of, at)


def days_of(pattern: Pattern) -> list[SeasonDay]:
    return [SeasonDay(each.day, each.span, "" if each.span else Fault.NO_SUCH_TIME.value) for each in occurrences(pattern)]


class Grounds:
    """What holds where and when weekly times are, read once for those that begin and end on the same days."""

    def __init__(self, rows: Iterable[Weekly]) -> None:
        spaces: dict[tuple[date, date], dict[int, Space]] = defaultdict(dict)
        for row in rows:
            spaces[row.pattern.first, row.pattern.last][row.space.pk] = row.space
        self._places: dict[tuple[int, date, date], Place] = {}
        for days, found in spaces.items():
            self._places |= {(place.space.pk, *days): place for place in places_of(list(found.values()), *days)}
        self._open: dict[tuple[int, int, date, date], tuple[Span, ...]] = {}

    def of(self, row: Weekly, span: Span) -> Ground:
        """As a single booking of that day would meet it. Spaces that are open alike share their tuples of hours."""
        place = self._places[row.space.pk, row.pattern.first, row.pattern.last]
        since, until = local_day(span.starts), local_day(span.ends) + timedelta(days=1)
        key = (id(place.hours), id(place.exceptions), since, until)
        if key not in self._open:
            self._open[key] = open_spans(since, until, place.hours, place.exceptions)
        return Ground(place.space, place.rules, self._open[key])


def judged(
    rows: Sequence[Weekly],
    days: Sequence[Sequence[SeasonDay]],
    grounds: Grounds,
    look: Callable[[Sequence[Wanted], datetime], list[Conflict]],
    at: datetime,
) -> list[list[SeasonDay]]:
    """The days of each row with what its space and other uses have against them. One query."""
    wanted = [(row.space, Use(day.span)) for row, each in zip(rows, days, strict=True) for day in each if day.span]
    first = {conflict.index: conflict for conflict in reversed(look(wanted, at))}
    number, found = 0, []
    for row, each in zip(rows, days, strict=True):
        told = []
        for day in each:
            if day.span is None:
                told.append(day)
                continue
            why, booking = _against(grounds.of(row, day.span), day.span, first.get(number), at)
            told.append(SeasonDay(day.day, day.span, why, booking))
            number += 1
        found.append(told)
    return found


def _against(ground: Ground, span: Span, conflict: Conflict | None, at: datetime) -> tuple[str, int | None]:
    if not ground.space.venue.is_in_use:
        return Fault.NOT_BOOKABLE.value, None
    fault = next((each for each in ground.faults(span, at) if each not in _NOT_ASKED), None)
    if fault is not None:
        return fault.value, None
    return (OVERLAPPING, conflict.booking) if conflict else ("", None)
