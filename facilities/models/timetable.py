"""Some spaces during some days: when they are open, what stands in them, and every time at which they can be booked.

For the pages that show a day or a week, and for finding. Two queries however many spaces there are. Nothing is kept: what is
shown is what the space-time table held a moment ago, and booking looks again under the locks.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection

from facilities.choices import UseKind
from facilities.models.place import Space
from facilities.models.terms import Place, places_of
from facilities.rules.buffers import Use, around, collide
from facilities.rules.free_starts import free_starts
from facilities.rules.free_time import first_free_beside
from facilities.rules.opening import local_instant, open_spans
from facilities.rules.spans import Span, covers
from facilities.rules.terms import Fault, earliest_start, faults_of, latest_start

_SIDE = timedelta(days=1)  # buffers and times over midnight reach in from the days around
_STANDING = """
    SELECT booking.id, booking.kind, booking.status, booking.space_id, space.takes, booking.starts_at, booking.ends_at,
        booking.before, booking.after, booking.association_id, association.name, booking.title, booking.form, booking.booked_by_id
    FROM facilities_booking booking
    JOIN facilities_space space ON space.id = booking.space_id
    LEFT JOIN associations_association association ON association.id = booking.association_id
    WHERE booking.id IN (
        SELECT taken.booking_id FROM unnest(%s::bigint[]) AS part CROSS JOIN LATERAL (
            SELECT booking_id FROM facilities_occupancy
            WHERE leaf_id = part AND during && tstzrange(%s, %s) AND (held_until IS NULL OR held_until > %s)
        ) AS taken
    )
    ORDER BY booking.starts_at, booking.id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A use that stands. association, name: of the association that hires, None and "" when there is none."""

    pk: int
    kind: str
    status: str
    space: int
    takes: frozenset[int]
    use: Use
    association: int | None
    name: str
    title: str
    form: str
    booked_by: int

    @property
    def span(self) -> Span:
        return self.use.span


class Timetable:
    """The local days [first, last] of some spaces, as they are at *at*. without: bookings that are looked away from."""

    def __init__(self, spaces: Sequence[Space], first: date, last: date, *, at: datetime, without: Collection[int] = ()) -> None:
        self.spaces, self.first, self.last, self.at = list(spaces), first, last, at
        self.without = frozenset(without)
        self.places = {place.space.pk: place for place in places_of(self.spaces, first, last)}
        self._openings: dict[tuple[int, int], tuple[Span, ...]] = {}
        self._shut: dict[int, list[tuple[Span, bool]]] = {}

    @cached_property
    def standing(self) -> list[Standing]:
        """Every use that takes some part of the spaces in these days, in order of time. One query."""
        parts = sorted({part for space in self.spaces for part in space.takes})
        edges = local_instant(self.first, 0) - _SIDE, local_instant(self.last + timedelta(days=1), 0) + _SIDE
        with connection.cursor() as cursor:
            cursor.execute(_STANDING, [parts, *edges, self.at])
            return [_standing(row) for row in cursor.fetchall() if row[0] not in self.without]

    @cached_property
    def _by_part(self) -> dict[int, list[Standing]]:
        found: dict[int, list[Standing]] = {}
        for use in self.standing:
            for part in use.takes:
                found.setdefault(part, []).append(use)
        return found

    def standing_on(self, space: Space) -> list[Standing]:
        """What stands on the ground of one space, in order of time."""
        if len(space.takes) == 1:
            return self._by_part.get(space.takes[0], [])
        found = {use.pk: use for part in space.takes for use in self._by_part.get(part, ())}
        return sorted(found.values(), key=lambda use: (use.span.starts, use.pk))

    def opening(self, space: Space) -> tuple[Span, ...]:
        """When a space is open in these days, in order; with what runs in from the day before."""
        place = self.places[space.pk]
        key = (id(place.hours), id(place.exceptions))  # spaces that are open alike share one and the same
        if key not in self._openings:
            self._openings[key] = open_spans(self.first, self.last + timedelta(days=1), place.hours, place.exceptions)
        return self._openings[key]

    def free_starts(self, space: Space, length: timedelta | None, since: datetime, until: datetime) -> tuple[datetime, ...]:
        """Every instant in [since, until) from which a booking of *length* (or the shortest) can be had."""
        place = self.places[space.pk]
        begins, ends = self._bookable(place, since, until)
        return free_starts(self.opening(space), self._walls(space), place.wanted(length), begins, ends)

    def first_free(self, space: Space, length: timedelta | None, since: datetime, until: datetime) -> datetime | None:
        """The first of free_starts."""
        place = self.places[space.pk]
        begins, ends = self._bookable(place, since, until)
        return first_free_beside(self.opening(space), self._walls(space), place.wanted(length), begins, ends).at

    def in_the_way(self, space: Space, span: Span) -> list[Standing]:
        """What a booking of just this time would collide with."""
        rules = self.places[space.pk].rules
        wish = Use(span, timedelta(minutes=rules.before), timedelta(minutes=rules.after))
        return [use for use in self.standing_on(space) if collide(wish, use.use)]

    def faults(self, space: Space, span: Span) -> tuple[Fault, ...]:
        """What the terms of the space have against a time."""
        opens_at = next((each.starts for each in self.opening(space) if covers(each, span)), None)
        return faults_of(span, opens_at, self.places[space.pk].terms, self.at)

    def is_free(self, space: Space, span: Span) -> bool:
        return not self.faults(space, span) and not self.in_the_way(space, span)

    def _bookable(self, place: Place, since: datetime, until: datetime) -> tuple[datetime, datetime]:
        latest = latest_start(place.terms, self.at)
        return max(since, earliest_start(place.terms, self.at)), until if latest is None else min(until, latest)

    def _walls(self, space: Space) -> list[tuple[Span, bool]]:
        if space.pk not in self._shut:
            walls = self._shut[space.pk] = []
            for each in self.standing_on(space):
                walls.append((around(each.use), False))
                if not each.use.closure:
                    walls.append((each.use.span, True))
        return self._shut[space.pk]


def _standing(row: Any) -> Standing:
    pk, kind, status, space, takes, starts, ends, before, after, association, name, title, form, booked_by = row
    use = Use(Span(starts, ends), timedelta(minutes=before), timedelta(minutes=after), kind == UseKind.CLOSURE)
    return Standing(pk, kind, status, space, frozenset(takes), use, association, name or "", title, form, booked_by)
