"""The first time that somebody can have a space."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from facilities.rules.buffers import NOTHING, Use, around
from facilities.rules.grid import next_on_grid
from facilities.rules.spans import Span


@dataclass(frozen=True, slots=True)
class Wanted:
    """How long, on what grid, with what buffers.

    shortest, longest: of one booking (longest None = no limit). grid: both starts, counted from the moment the space opens, and
    lengths are whole steps of it. before, after: the space's own buffers. All are above 0, the buffers not negative.
    """

    shortest: timedelta
    grid: timedelta
    longest: timedelta | None = None
    before: timedelta = NOTHING
    after: timedelta = NOTHING

    def __post_init__(self) -> None:
        if self.shortest <= NOTHING or self.grid <= NOTHING or min(self.before, self.after) < NOTHING:
            raise ValueError("Lengths and grid must be above 0, and buffers not negative.")


@dataclass(frozen=True, slots=True)
class FirstFree:
    """What was found: at, or None; closed tells "never open" from "open but taken"."""

    at: datetime | None
    closed: bool = False


def shortest_length(wanted: Wanted) -> timedelta | None:
    """The shortest booking that fits both the limits and the grid; None when none does.

    Rule F-12. Source: acceptance Case 39: between 140 and 200 minutes on a grid of 120 there is no length.
    Words: längd, kortast, längst, intervall, length.
    """
    steps = -(-wanted.shortest // wanted.grid)
    length = steps * wanted.grid
    return length if wanted.longest is None or length <= wanted.longest else None


def first_free(opening: Sequence[Span], uses: Iterable[Use], wanted: Wanted, since: datetime, until: datetime) -> FirstFree:
    """The first instant in [since, until) at which the shortest wanted booking can begin.

    opening: when the space is open, in order, apart from each other (facilities.rules.opening.open_spans); the grid starts where
    each stretch starts. uses: everything that takes the space, in any order. Buffers may lie in closed time. Cost: sorted uses.

    Rule F-13. Source: acceptance Cases 9-12 and 36-39.
    Words: första lediga, ledig tid, lediga tider, first free.
    """
    return first_free_beside(opening, (forbidden for use in uses for forbidden in _walls(use)), wanted, since, until)


def first_free_beside(
    opening: Sequence[Span], walls: Iterable[tuple[Span, bool]], wanted: Wanted, since: datetime, until: datetime
) -> FirstFree:
    """As first_free, from what the space-time table holds.

    walls: (stretch, is_core). A core row keeps other uses' buffers away, the others (a booking with its buffers, a closure) keep
    other uses themselves away.

    Rule F-14. Source: acceptance Cases 9-12 and 36-39; the rows of facilities.Occupancy.
    Words: första lediga, ledig tid, first free.
    """
    ahead = [span for span in opening if span.ends > since and span.starts < until]
    if not ahead:
        return FirstFree(None, closed=True)
    length = shortest_length(wanted)
    if length is None:
        return FirstFree(None)
    forbidden = sorted(_starts_shut_out(span, is_core, length, wanted) for span, is_core in walls)
    position = 0
    for span in ahead:
        start = next_on_grid(max(span.starts, since), span.starts, wanted.grid)
        while start + length <= span.ends and start < until:
            while position < len(forbidden) and forbidden[position][1] <= start:
                position += 1
            blocked_until = _blocked(forbidden, position, start)
            if blocked_until is None:
                return FirstFree(start)
            start = next_on_grid(blocked_until, span.starts, wanted.grid)
    return FirstFree(None)


def _starts_shut_out(span: Span, is_core: bool, length: timedelta, wanted: Wanted) -> tuple[datetime, datetime]:
    """The open interval of starts that would reach into *span*."""
    if is_core:
        return span.starts - length - wanted.after, span.ends + wanted.before
    return span.starts - length, span.ends


def _blocked(forbidden: list[tuple[datetime, datetime]], position: int, start: datetime) -> datetime | None:
    """Until when *start* is shut out, or None. Both ends of an interval are allowed starts."""
    for opens, closes in forbidden[position:]:
        if opens >= start:
            return None
        if start < closes:
            return closes
    return None


def _walls(use: Use) -> Iterable[tuple[Span, bool]]:
    yield around(use), False
    if not use.closure:
        yield use.span, True
