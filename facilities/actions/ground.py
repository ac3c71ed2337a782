"""The ground a use stands on: its space and terms read under the locks, and what is in the way.

Every action that writes in the space-time table goes through here, in one order: the venue (shared with other bookings,
exclusive when the tree of spaces changes), then the smallest parts in sorted order, then rows. So nobody waits in a ring, and a
check made under the locks holds until commit. The database's constraint space_held_once stands behind it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from facilities.choices import BookingStatus
from facilities.models import Booking, BookingRules, HoursException, OpeningHours, Space
from facilities.rules.buffers import Use, around
from facilities.rules.opening import open_spans
from facilities.rules.spans import Span, covers
from facilities.rules.terms import Fault, Terms, faults_of
from facilities.wording import FAULTS
from records.refusals import NotAllowedNow
from records.values import local_day

VENUES, PARTS = 1883_01, 1883_02  # the two families of advisory locks
_DEFAULT = BookingRules()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that is in the way of the wished time number *index*."""

    index: int
    booking: int
    span: Span


class NotPossible(NotAllowedNow):
    """The terms of the space say no. faults: all of them, most important first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(FAULTS[faults[0]], faults[0])
        self.faults = tuple(faults)


class Taken(NotPossible):
    """Somebody else has the space. conflicts: what is in the way."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__([Fault.TAKEN])
        self.conflicts = tuple(conflicts)


@dataclass(frozen=True, slots=True)
class Ground:
    """A space with what holds for it. Read under the locks it stays true until commit."""

    space: Space
    rules: BookingRules
    opening: tuple[Span, ...]

    @property
    def terms(self) -> Terms:
        return self.rules.for_rules(self.space.capacity)

    def use(self, span: Span, *, closure: bool = False) -> Use:
        before, after = timedelta(minutes=self.rules.before), timedelta(minutes=self.rules.after)
        return Use(span, before, after, closure)

    def faults(self, span: Span, at: datetime, *, people: int | None = None, age: int | None = None) -> tuple[Fault, ...]:
        """What the terms have against a time."""
        opens_at = next((each.starts for each in self.opening if covers(each, span)), None)
        return faults_of(span, opens_at, self.terms, at, people=people, age=age)


def lock_ground(*spaces: Space) -> list[Space]:
    """The spaces as they are now, with their smallest parts locked until commit. Waits for others on the same ground."""
    venues = sorted({space.venue_id for space in spaces})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, venue) FROM unnest(%s::int[]) AS venue", [VENUES, venues])
    fresh = Space.objects.select_related("venue").in_bulk([space.pk for space in spaces])
    parts = sorted({part for space in fresh.values() for part in space.takes})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, part) FROM unnest(%s::int[]) AS part", [PARTS, parts])
    return [fresh[space.pk] for space in spaces]


def ground_of(space: Space, span: Span) -> Ground:
    """What holds for a space around a stretch of time. Three queries."""
    rules = _nearest(BookingRules.objects.heard_by(space).in_force(local_day(span.starts)), space)
    hours = OpeningHours.objects.heard_by(space)
    first, last = local_day(span.starts) - timedelta(days=2), local_day(span.ends) + timedelta(days=1)
    exceptions = HoursException.objects.heard_by(space).filter(day__gte=first, day__lte=last)
    opening = open_spans(
        local_day(span.starts),
        last,
        [row.for_rules() for row in _nearest_rows(hours, space)],
        [row.for_rules() for row in exceptions],
    )
    return Ground(space, rules[0] if rules else _DEFAULT, opening)


def whole_of(spans: Iterable[Span]) -> Span:
    """From the first to the last of some stretches."""
    every = list(spans)
    return Span(min(span.starts for span in every), max(span.ends for span in every))


_IN_THE_WAY = """
    SELECT DISTINCT wished.index, taken.booking_id, booking.starts_at, booking.ends_at, taken.held_until
    FROM unnest(%s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
        WITH ORDINALITY AS wished(starts, ends, around_starts, around_ends, index)
    CROSS JOIN unnest(%s::bigint[]) AS part
    CROSS JOIN LATERAL (
        SELECT booking_id, held_until FROM facilities_occupancy
        WHERE leaf_id = part
          AND during && tstzrange(wished.around_starts, wished.around_ends)
          AND ((kind = 2 AND %s AND during && tstzrange(wished.starts, wished.ends)) OR kind = 1)
    ) AS taken
    JOIN facilities_booking booking ON booking.id = taken.booking_id
    WHERE NOT taken.booking_id = ANY(%s::bigint[])
    ORDER BY 1, 3, 2
"""


def conflicts(space: Space, uses: Sequence[Use], at: datetime, *, without: Collection[int] = ()) -> list[Conflict]:
    """What is in the way of some uses of a space, all of them closures or none. Holds that have run out are not. One query."""
    return [Conflict(*found[:3]) for found in _in_the_way(space, uses, without) if found[3] is None or found[3] > at]


def clear(space: Space, uses: Sequence[Use], at: datetime, *, without: Collection[int] = ()) -> list[Conflict]:
    """As conflicts, under the locks: holds that have run out are taken away at once, so the table is free too."""
    found = _in_the_way(space, uses, without)
    lapsed = {booking for _index, booking, _span, until in found if until is not None and until <= at}
    if lapsed:
        Booking.objects.filter(pk__in=lapsed).update(status=BookingStatus.LAPSED, held_until=None)
    return [Conflict(index, booking, span) for index, booking, span, _until in found if booking not in lapsed]


def locked(booking: Booking, *others: Space) -> Booking:
    """The booking as it is now: its ground (and that of *others*) locked first, then its row."""
    now = Booking.objects.select_related("space").get(pk=booking.pk)
    lock_ground(now.space, *others)
    related = ("space__venue", "association__category", "hirer", "series", "booked_by", "tariff")
    fresh = Booking.objects.select_for_update(of=("self",)).select_related(*related).get(pk=booking.pk)
    if fresh.space_id != now.space_id:
        raise NotAllowedNow(_("Somebody has just moved the booking. Open the page again."), "moved")
    return fresh


def _in_the_way(space: Space, uses: Sequence[Use], without: Collection[int]) -> list[tuple[int, int, Span, datetime | None]]:
    walls = [around(use) for use in uses]
    columns: list[Any] = [
        [use.span.starts for use in uses],
        [use.span.ends for use in uses],
        [wall.starts for wall in walls],
        [wall.ends for wall in walls],
    ]
    sees_buffers = not any(use.closure for use in uses)
    with connection.cursor() as cursor:
        cursor.execute(_IN_THE_WAY, [*columns, space.takes, sees_buffers, list(without)])
        rows = cursor.fetchall()
    return [(index - 1, booking, Span(starts, ends), until) for index, booking, starts, ends, until in rows]


def _depth(row: Any, space: Space) -> int:
    return space.path.index(row.space_id) if row.space_id else -1


def _nearest(rows: Iterable[Any], space: Space) -> list[Any]:
    return sorted(rows, key=lambda row: _depth(row, space), reverse=True)


def _nearest_rows(rows: Iterable[Any], space: Space) -> list[Any]:
    """The rows of the nearest level that has any."""
    every = _nearest(rows, space)
    return [row for row in every if _depth(row, space) == _depth(every[0], space)]
