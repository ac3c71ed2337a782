"""The first free time of many spaces at once, read from the space-time table itself: never stale."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from facilities.models.booking import AROUND
from facilities.models.place import Space
from facilities.models.terms import TermsOfSpace, terms_of
from facilities.rules.free_time import FirstFree, Wanted, first_free_beside, shortest_length
from facilities.rules.opening import open_spans
from facilities.rules.spans import Span
from facilities.rules.terms import earliest_start, latest_start
from records.values import local_day

_STEPS = tuple(timedelta(days=days) for days in (1, 3, 10, 40, 400))
_DAY = timedelta(days=1)
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
    left = [_Place(terms, search) for terms in terms_of(spaces, local_day(since) - _DAY, local_day(until + length) + _DAY)]
    found: dict[int, FirstFree] = {}
    for step in (*_STEPS, until - since):
        edge = min(since + step, until)
        found |= search.look(left, edge)
        left = [place for place in left if found[place.terms.space.pk].at is None]
        if edge == until or not left:
            break
    return found


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for: length, from when, and what time it is now."""

    length: timedelta
    since: datetime
    at: datetime

    def look(self, places: Sequence["_Place"], until: datetime) -> dict[int, FirstFree]:
        """The first free time of each place in [since, until). One query."""
        longest = max((place.reach for place in places), default=self.length)
        walls = self._walls(places, until, longest)
        days = local_day(self.since), local_day(until + longest) + _DAY
        kept: dict[tuple[int, int], tuple[Span, ...]] = {}
        found = {}
        for place in places:
            terms = place.terms
            key = (id(terms.hours), id(terms.exceptions))  # spaces that are open alike are looked at once
            if key not in kept:
                kept[key] = open_spans(*days, terms.hours, terms.exceptions)
            around = [wall for part in terms.space.takes for wall in walls.get(part, ())]
            latest = until if place.latest is None else min(until, place.latest)
            found[terms.space.pk] = first_free_beside(kept[key], around, place.wanted, place.earliest, latest)
        return found

    def _walls(self, places: Iterable["_Place"], until: datetime, longest: timedelta) -> _Walls:
        """What is taken, by smallest part: all that a booking begun in [since, until) could meet."""
        places = list(places)
        parts = sorted({part for place in places for part in place.terms.space.takes})
        before = max((place.wanted.before for place in places), default=timedelta())
        with connection.cursor() as cursor:
            cursor.execute(_TAKEN, [parts, self.since - before, until + longest, self.at])
            rows = cursor.fetchall()
        walls: _Walls = {}
        for part, kind, starts, ends in rows:
            walls.setdefault(part, []).append((Span(starts, ends), kind != AROUND))
        return walls


class _Place:
    """One space in a search. reach: how far past its beginning a booking there looks, its own cleaning included."""

    __slots__ = ("earliest", "latest", "reach", "terms", "wanted")

    def __init__(self, terms: TermsOfSpace, search: _Search) -> None:
        asked = terms.rules.for_rules(terms.space.capacity)
        self.terms = terms
        self.wanted = Wanted(
            max(search.length, timedelta(minutes=asked.shortest)),
            timedelta(minutes=asked.grid),
            timedelta(minutes=asked.longest) if asked.longest else None,
            timedelta(minutes=terms.rules.before),
            timedelta(minutes=terms.rules.after),
        )
        self.reach = (shortest_length(self.wanted) or search.length) + self.wanted.after
        self.earliest = max(search.since, earliest_start(asked, search.at))
        self.latest = latest_start(asked, search.at)
