"""Every time at which a space can be booked, for the tables of a day and a week."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from facilities.rules.free_time import Wanted, shortest_length
from facilities.rules.grid import next_on_grid
from facilities.rules.opening import DAY, local_instant
from facilities.rules.spans import Span
from records.values import STOCKHOLM

_Shut = tuple[datetime, datetime]


def free_starts(
    opening: Sequence[Span], walls: Iterable[tuple[Span, bool]], wanted: Wanted, since: datetime, until: datetime
) -> tuple[datetime, ...]:
    """Every instant in [since, until) at which the shortest wanted booking can begin, in order.

    opening: when the space is open, in order, apart from each other; the grid starts where each stretch starts. walls: (stretch,
    is_core) as the space-time table holds them; a core row keeps other uses' buffers away, the others keep other uses away.
    Cost: the starts on the grid and the walls, sorted.

    Rule F-30. Source: acceptance Cases 9-12 and 36-39: the first of them is what Rule F-14 finds.
    Words: lediga tider, veckoschema, lediga starttider, free times.
    """
    length = shortest_length(wanted)
    if length is None:
        return ()
    shut, found = _shut_out(walls, length, wanted), []
    for span in opening:
        start = next_on_grid(max(span.starts, since), span.starts, wanted.grid)
        position = 0
        while start + length <= span.ends and start < until:
            while position < len(shut) and shut[position][1] <= start:
                position += 1
            if position < len(shut) and shut[position][0] < start:
                start = next_on_grid(shut[position][1], span.starts, wanted.grid)
                continue
            found.append(start)
            start = next_on_grid(start + timedelta.resolution, span.starts, wanted.grid)
    return tuple(found)


def span_on_the_wall(day: date, starts: int, ends: int) -> Span:
    """The stretch between two times that the clock on the wall really shows. starts, ends: minutes from midnight of *day*.

    ends may pass 1440. ValueError when one of the two is no time that day, because the clock goes forward over it, and when the
    stretch is empty or backwards.

    Rule F-31. Source: house convention "time": what a person types is a time on the wall; Cases 4, 20, 25.
    Words: klockslag, sommartid, finns inte, över midnatt, time.
    """
    return Span(_on_the_wall(day, starts), _on_the_wall(day, ends))


def ends_after(starts: int, ends: int, longest_over_midnight: int = 12 * 60) -> int:
    """The end in minutes from the midnight that *starts* counts from: an earlier time on the wall is the next day's.

    starts, ends: minutes from midnight, 0 to 1440. ValueError when they are the same, and when the stretch over midnight would be
    longer than *longest_over_midnight* minutes: then somebody has typed the end before the beginning.

    Rule F-32. Source: house convention: 22-02 runs over midnight, 18-17 is a slip; Cases 4 and 25.
    Words: över midnatt, sluttid före starttid, end before begin.
    """
    over = ends if ends > starts else ends + DAY
    if ends == starts or (over > DAY and over != ends and over - starts > longest_over_midnight):
        raise ValueError("A time must end after it begins.")
    return over


def _on_the_wall(day: date, minutes: int) -> datetime:
    at = local_instant(day, minutes)
    shown = at.astimezone(STOCKHOLM)
    if shown.hour * 60 + shown.minute != minutes % DAY:
        raise ValueError("The clock never shows that time that day.")
    return at


def _shut_out(walls: Iterable[tuple[Span, bool]], length: timedelta, wanted: Wanted) -> list[_Shut]:
    """Open intervals of starts that reach into a wall, in order and apart from each other (they may touch)."""
    merged: list[_Shut] = []
    for opens, closes in sorted(_interval(span, length, wanted, is_core=is_core) for span, is_core in walls):
        if merged and opens < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged


def _interval(span: Span, length: timedelta, wanted: Wanted, *, is_core: bool) -> _Shut:
    if is_core:
        return span.starts - length - wanted.after, span.ends + wanted.before
    return span.starts - length, span.ends
