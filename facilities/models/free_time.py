"""The first free time of many spaces at once, read from the space-time table itself: never stale."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from facilities.models.place import Space
from facilities.models.terms import Place, places_of
from facilities.rules.free_time import FirstFree, first_free_beside
from facilities.rules.opening import open_spans
from facilities.rules.spans import Span
from facilities.rules.terms import earliest_start, latest_start
from records.values import local_day

_STEPS = tuple(timedelta(days=days) for days in (1, 3, 10, 40, 400))

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
    nearest days are. Three queries for the terms, and one for each look.
    """
    places = places_of(spaces, local_day(since), local_day(until))
    openings: dict[Any, tuple[Span, ...]] = {}
    found: dict[int, FirstFree] = {}
    left = list(places)
    for step in _STEPS:
        edge = min(since + step, until)
        walls = _walls(left, since, edge, at)
        for place in left:
            found[place.space.pk] = _first(place, walls, length, since, edge, at, openings)
        left = [place for place in left if found[place.space.pk].at is None]
        if edge == until or not left:
            break
    return found


def _first(
    place: Place,
    walls: dict[int, list[tuple[Span, bool]]],
    length: timedelta,
    since: datetime,
    until: datetime,
    at: datetime,
    openings: dict[Any, tuple[Span, ...]],
) -> FirstFree:
    terms = place.terms
    key = (place.hours, place.exceptions, until)
    if key not in openings:
        days = local_day(since), local_day(until) + timedelta(days=1)
        openings[key] = open_spans(*days, place.hours, place.exceptions)
    latest = latest_start(terms, at)
    around = [wall for part in place.space.takes for wall in walls.get(part, ())]
    wanted = place.wanted(length)
    begins = max(since, earliest_start(terms, at))
    return first_free_beside(openings[key], around, wanted, begins, until if latest is None else min(until, latest))


def _walls(places: Iterable[Place], since: datetime, until: datetime, at: datetime) -> dict[int, list[tuple[Span, bool]]]:
    """What is taken, by smallest part, with a day around for buffers and times over midnight. One query."""
    parts = sorted({part for place in places for part in place.space.takes})
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [parts, since - timedelta(days=1), until + timedelta(days=2), at])
        rows = cursor.fetchall()
    walls: dict[int, list[tuple[Span, bool]]] = {}
    for part, kind, starts, ends in rows:
        walls.setdefault(part, []).append((Span(starts, ends), kind == 1))
    return walls
