"""The first free time of many spaces at once, read from the space-time table itself: never stale."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from django.db import connection

from facilities.models.place import Space
from facilities.models.terms import Place, places_of
from facilities.rules.free_time import FirstFree, first_free_beside, shortest_length
from facilities.rules.opening import open_spans
from facilities.rules.spans import Span
from facilities.rules.terms import earliest_start, latest_start
from records.values import local_day

_STEPS = tuple(timedelta(days=days) for days in (1, 3, 10, 40, 400))
_Wall = tuple[Span, bool]  # a stretch, and whether the use itself is in it

# Whole microseconds since 1970: most bookings begin at the same few hours, so each moment is made once.
_TAKEN = """
    SELECT part, kind = 2,
        (extract(epoch FROM lower(during)) * 1000000)::bigint, (extract(epoch FROM upper(during)) * 1000000)::bigint
    FROM unnest(%s::bigint[]) AS part
    CROSS JOIN LATERAL (
        SELECT kind, during FROM facilities_occupancy
        WHERE leaf_id = part AND during && tstzrange(%s, %s) AND (held_until IS NULL OR held_until > %s)
    ) AS taken
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def first_free_times(
    spaces: Sequence[Space], length: timedelta, since: datetime, until: datetime, *, at: datetime
) -> dict[int, FirstFree]:
    """For each space (by key) the first instant in [since, until) at which *length* can be booked.

    Looks at the next day first and further ahead only for the spaces that had nothing then, so the cost follows how full the
    nearest days are. One query for the terms, and one for each look.
    """
    left = [_Sought(place, length, since, at) for place in places_of(spaces, local_day(since), local_day(until + length))]
    found = {sought.place.space.pk: FirstFree(None, closed=True) for sought in left}
    begins = since
    for step in (*_STEPS, until - since):
        ends = min(since + step, until)
        for sought, answer in _look(left, begins, ends, at):
            was_closed = found[sought.place.space.pk].closed
            found[sought.place.space.pk] = FirstFree(answer.at, closed=answer.closed and was_closed)
        left = [sought for sought in left if found[sought.place.space.pk].at is None]
        begins = ends
        if ends == until or not left:
            break
    return found


class _Sought:
    """One space in a search. reach: how far past its beginning a booking there looks, its own cleaning included."""

    __slots__ = ("earliest", "latest", "place", "reach", "wanted")

    def __init__(self, place: Place, length: timedelta, since: datetime, at: datetime) -> None:
        self.place, self.wanted = place, place.wanted(length)
        self.reach = (shortest_length(self.wanted) or length) + self.wanted.after
        terms = place.terms
        self.earliest = max(since, earliest_start(terms, at))
        self.latest = latest_start(terms, at)


def _look(every: Sequence[_Sought], since: datetime, until: datetime, at: datetime) -> Iterator[tuple[_Sought, FirstFree]]:
    """The first free time of each in [since, until). One query."""
    reach = max((each.reach for each in every), default=timedelta())
    before = max((each.wanted.before for each in every), default=timedelta())
    walls = _walls(every, since - before, until + reach, at)
    days = local_day(since), local_day(until + reach) + timedelta(days=1)
    kept: dict[tuple[int, int], tuple[Span, ...]] = {}
    for each in every:
        place = each.place
        key = (id(place.hours), id(place.exceptions))  # spaces that are open alike are looked at once
        if key not in kept:
            kept[key] = open_spans(*days, place.hours, place.exceptions)
        around = [wall for part in place.space.takes for wall in walls.get(part, ())]
        latest = until if each.latest is None else min(until, each.latest)
        yield each, first_free_beside(kept[key], around, each.wanted, max(since, each.earliest), latest)


def _walls(every: Sequence[_Sought], since: datetime, until: datetime, at: datetime) -> dict[int, list[_Wall]]:
    """What is taken in [since, until), by smallest part. One query."""
    parts = sorted({part for each in every for part in each.place.space.takes})
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [parts, since, until, at])
        rows = cursor.fetchall()
    made: dict[tuple[bool, int, int], _Wall] = {}
    walls: dict[int, list[_Wall]] = {}
    for part, *facts in rows:
        key = tuple(facts)
        if key not in made:
            is_around, starts, ends = facts
            made[key] = Span(_moment(starts), _moment(ends)), not is_around
        walls.setdefault(part, []).append(made[key])
    return walls


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
