"""Stretches of time: half open, so that one use may begin the moment another ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch [starts, ends) of aware instants. ValueError when it is empty, backwards or without zone."""

    starts: datetime
    ends: datetime

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("An instant must carry its time zone.")
        if self.ends <= self.starts:
            raise ValueError("A stretch of time must end after it begins.")

    @property
    def length(self) -> timedelta:
        """How long it really lasts, also over a change of the clock."""
        return self.ends - self.starts


def overlaps(one: Span, other: Span) -> bool:
    """Whether some instant belongs to both. Two that only touch do not overlap.

    Rule F-01. Source: house convention "periods are half open"; Cases 1 and 3.
    Words: överlapp, krock, samtidigt, overlap.
    """
    return one.starts < other.ends and other.starts < one.ends


def covers(outer: Span, inner: Span) -> bool:
    """Whether every instant of *inner* belongs to *outer*.

    Rule F-02. Source: house convention "periods are half open"; Case 2.
    Words: täcker, ryms, inom, öppet, cover.
    """
    return outer.starts <= inner.starts and inner.ends <= outer.ends


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same instants as few stretches in order: those that overlap or touch become one.

    Rule F-03. Source: house convention: 10-14 and 14-16 are open together for a booking 13-15; Case 49.
    Words: slå ihop, sammanhängande, merge.
    """
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.starts <= joined[-1].ends:
            if span.ends > joined[-1].ends:
                joined[-1] = Span(joined[-1].starts, span.ends)
        else:
            joined.append(span)
    return tuple(joined)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of *spans* when every instant of *taken* is removed, in order. Cost: length of both, sorted.

    Rule F-04. Source: house convention: free is open minus taken; Case 37.
    Words: ledigt, kvar, minus, subtract.
    """
    holes = merged(taken)
    left: list[Span] = []
    first = 0
    for span in merged(spans):
        starts = span.starts
        while first < len(holes) and holes[first].ends <= starts:
            first += 1
        for hole in holes[first:]:
            if hole.starts >= span.ends:
                break
            if hole.starts > starts:
                left.append(Span(starts, hole.starts))
            starts = max(starts, hole.ends)
        if starts < span.ends:
            left.append(Span(starts, span.ends))
    return tuple(left)
