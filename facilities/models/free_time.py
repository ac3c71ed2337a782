"""The first free time of many spaces at once, read from the space-time table itself: never stale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from facilities.models.booking import AROUND
from facilities.models.place import Space
from facilities.models.terms import Place, places_of
from facilities.rules.free_time import FirstFree, first_free_beside, shortest_length
from facilities.rules.opening import open_spans
from facilities.rules.spans import Span
from facilities.rules.terms import earliest_start, latest_start
from records.values import local_day

_STEPS = tuple(timedelta(days=days) for days in (1, 3, 10, 40, 400))
_Walls = dict[int, list[tuple[Span, bool]]]

_TAKEN = """
    SELECT part, kind, lower(during), upper(during)
    FROM unnest(%s::bigint[]) AS part
    CROSS JOIN LATERAL (
        SELECT kind, during FROM facilities_occupancy
        WHERE leaf_id = part AND during && tstzrange(%s, %s) AND (held_until IS NULL OR held_until > %s)
    ) AS taken
"""


def first_free_times(
    spaces: Sequence[Space], length: timedelta, since: datetime, until: datetime, *, at: datetime
) -> dict[int, FirstFree]:
    """For each space (by key) the first instant in [since, until) at which *length* can be booked.

    Looks at the next day first and further ahead only for the spaces that had nothing then, so the cost follows how full the
    nearest days are. One query for the terms, and one for each look.
    """
    search = _Search(length, since, at)
    left = [_Sought(place, search) for place in places_of(spaces, local_day(since), local_day(until + length))]
    found: dict[int, FirstFree] = {}
    for step in (*_STEPS, until - since):
        edge = min(since + step, until)
        found |= search.look(left, edge)
        left = [sought for sought in left if found[sought.place.space.pk].at is None]
        if edge == until or not left:
            break
    return found


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for: length, from when, and what time it is now."""

    length: timedelta
    since: datetime
    at: datetime

    def look(self, every: Sequence["_Sought"], until: datetime) -> dict[int, FirstFree]:
        """The first free time of each in [since, until). One query."""
        reach = max((each.reach for each in every), default=self.length)
        walls = self._walls(every, until + reach)
        days = local_day(self.since), local_day(until + reach) + timedelta(days=1)
        kept: dict[tuple[int, int], tuple[Span, ...]] = {}
        found = {}
        for each in every:
            place = each.place
            key = (id(place.hours), id(place.exceptions))  # spaces that are open alike are looked at once
            if key not in kept:
                kept[key] = open_spans(*days, place.hours, place.exceptions)
            around = [wall for part in place.space.takes for wall in walls.get(part, ())]
            latest = until if each.latest is None else min(until, each.latest)
            found[place.space.pk] = first_free_beside(kept[key], around, each.wanted, each.earliest, latest)
        return found

    def _walls(self, every: Sequence["_Sought"], until: datetime) -> _Walls:
        """What is taken, by smallest part: all that a booking begun since then and over by *until* could meet."""
        parts = sorted({part for each in every for part in each.place.space.takes})
        before = max((each.wanted.before for each in every), default=timedelta())
        with connection.cursor() as cursor:
            cursor.execute(_TAKEN, [parts, self.since - before, until, self.at])
            rows = cursor.fetchall()
        walls: _Walls = {}
        for part, kind, starts, ends in rows:
            walls.setdefault(part, []).append((Span(starts, ends), kind != AROUND))
        return walls


class _Sought:
    """One space in a search. reach: how far past its beginning a booking there looks, its own cleaning included."""

    __slots__ = ("earliest", "latest", "place", "reach", "wanted")

    def __init__(self, place: Place, search: _Search) -> None:
        self.place, self.wanted = place, place.wanted(search.length)
        self.reach = (shortest_length(self.wanted) or search.length) + self.wanted.after
        terms = place.terms
        self.earliest = max(search.since, earliest_start(terms, search.at))
        self.latest = latest_start(terms, search.at)
