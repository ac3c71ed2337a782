"""When some spaces are open and taken in a stretch of time: what a week view or a day view shows, to anybody.

Nothing here tells who has a time. A page that marks the reader's own bookings asks Booking.objects.visible_to(user) for them and
compares keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from facilities.models.hours import BookingRules
from facilities.models.place import Space
from facilities.models.terms import TermsOfSpace, terms_of
from facilities.rules.buffers import NOTHING, Use, collide
from facilities.rules.opening import open_spans
from facilities.rules.spans import Span, covers
from facilities.rules.terms import Fault, faults_of
from records.values import local_day

_TAKEN = """
    SELECT taken.leaf_id, booking.id, booking.space_id, booking.kind, booking.status, booking.starts_at, booking.ends_at,
        booking.before, booking.after
    FROM unnest(%s::bigint[]) AS part
    CROSS JOIN LATERAL (
        SELECT leaf_id, booking_id FROM facilities_occupancy
        WHERE leaf_id = part AND kind <> 1 AND during && tstzrange(%s, %s) AND (held_until IS NULL OR held_until > %s)
    ) AS taken
    JOIN facilities_booking booking ON booking.id = taken.booking_id
    ORDER BY booking.starts_at, booking.id
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """One use that keeps others away. kind: UseKind; status: BookingStatus; booking: its key.

    space: the space that is used, which is another than the one asked about when they share ground.
    """

    use: Use
    kind: str
    status: str
    space: int
    booking: int


@dataclass(frozen=True, slots=True)
class SpaceTimes:
    """One space in the stretch that was asked for. opening: from the day before; taken: in order, also what only touches it."""

    space: Space
    rules: BookingRules
    opening: tuple[Span, ...]
    taken: tuple[Taken, ...]

    def is_taken(self, span: Span) -> bool:
        """Whether somebody is in the way of a new booking, buffers counted (Rule F-06)."""
        wished = Use(span, timedelta(minutes=self.rules.before), timedelta(minutes=self.rules.after))
        return any(collide(wished, each.use) for each in self.taken)

    def faults(self, span: Span, at: datetime) -> tuple[Fault, ...]:
        """What the terms of the space have against a new booking (Rule F-22); empty = nothing."""
        opens_at = next((each.starts for each in self.opening if covers(each, span)), None)
        return faults_of(span, opens_at, self.rules.for_rules(self.space.capacity), at)


def times_of(spaces: Sequence[Space], span: Span, *, at: datetime) -> list[SpaceTimes]:
    """The opening hours and uses of every space in a stretch of time, in the order of *spaces*. Two queries, however many.

    Holds that have run out at *at* are free. Read from the space-time table itself: never stale.
    """
    terms = terms_of(spaces, local_day(span.starts) - timedelta(days=1), local_day(span.ends) + timedelta(days=1))
    widest = timedelta(minutes=max((max(each.rules.before, each.rules.after) for each in terms), default=0))
    uses = uses_of(spaces, Span(span.starts - widest, span.ends + widest), at=at)
    kept: dict[tuple[int, int], tuple[Span, ...]] = {}
    return [SpaceTimes(each.space, each.rules, _opening(each, span, kept), uses[each.space.pk]) for each in terms]


def uses_of(spaces: Sequence[Space], span: Span, *, at: datetime) -> dict[int, tuple[Taken, ...]]:
    """For each space (by key) every use whose time or buffers reach into *span*, in order of their beginning. One query."""
    parts = sorted({part for space in spaces for part in space.takes})
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [parts, span.starts, span.ends, at])
        rows = cursor.fetchall()
    by_part: dict[int, set[int]] = {}
    found: dict[int, Taken] = {}  # in order of their beginning
    for part, booking, space, kind, status, starts, ends, before, after in rows:
        if booking not in found:
            closed = kind == "closure"
            buffers = (NOTHING, NOTHING) if closed else (timedelta(minutes=before), timedelta(minutes=after))
            found[booking] = Taken(Use(Span(starts, ends), *buffers, closure=closed), kind, status, space, booking)
        by_part.setdefault(part, set()).add(booking)
    taken: dict[int, tuple[Taken, ...]] = {}
    for each in spaces:
        here = set().union(*(by_part.get(part, ()) for part in each.takes))
        taken[each.pk] = tuple(use for booking, use in found.items() if booking in here)
    return taken


def _opening(terms: TermsOfSpace, span: Span, kept: dict[tuple[int, int], tuple[Span, ...]]) -> tuple[Span, ...]:
    """Spaces that are open alike are looked at once."""
    key = (id(terms.hours), id(terms.exceptions))
    if key not in kept:
        kept[key] = open_spans(local_day(span.starts), local_day(span.ends) + timedelta(days=1), terms.hours, terms.exceptions)
    return kept[key]
