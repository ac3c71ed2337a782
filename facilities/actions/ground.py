"""The ground a use stands on: its space and terms read under the locks, and what is in the way.

Every action that writes in the space-time table goes through here, in one order: the venues in sorted order, then the smallest
parts in sorted order, then rows. Whoever takes a time shares the venue with others; whoever frees one has it alone, because the
next in line may want more ground than came free, and so does whoever changes the tree of spaces. So nobody waits in a ring, and
a check made under the locks holds until commit. The database's constraint space_held_once stands behind it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from facilities.choices import BookingStatus
from facilities.models import Booking, BookingRules, Space
from facilities.models.terms import places_of
from facilities.rules.buffers import Use, around
from facilities.rules.opening import open_spans
from facilities.rules.spans import Span, covers
from facilities.rules.terms import Fault, Terms, faults_of
from facilities.wording import FAULTS
from records.refusals import NotAllowedNow
from records.values import local_day

Wanted = tuple[Space, Use]
VENUES, PARTS, PEOPLE = 1883_01, 1883_02, 1883_03  # the families of advisory locks


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
        """What is against a time: the space is not to be booked at all, or its terms say no."""
        opens_at = next((each.starts for each in self.opening if covers(each, span)), None)
        found = faults_of(span, opens_at, self.terms, at, people=people, age=age)
        bookable = self.space.is_bookable and self.space.venue.is_in_use
        return found if bookable else (Fault.NOT_BOOKABLE, *found)


# Sent together, done one after the other: the parts are read when the venue can no longer be divided in another way.
_LOCK = """
    SELECT pg_advisory_xact_lock_shared(%s, venue::int) FROM unnest(%s::bigint[]) AS venue;
    SELECT pg_advisory_xact_lock(%s, part::int) FROM (
        SELECT DISTINCT part FROM facilities_space, unnest(takes) AS part WHERE facilities_space.id = ANY(%s) ORDER BY part
    ) AS parts
"""
_LOCK_ALONE = "SELECT pg_advisory_xact_lock(%s, venue::int) FROM unnest(%s::bigint[]) AS venue"


def lock_ground(*spaces: Space, alone: bool = False) -> list[Space]:
    """The spaces as they are now, with their ground locked until commit. Waits for others on the same ground.

    alone: nobody else books in their venues meanwhile. Never asked for after a lock without it in the same transaction.
    """
    keys, venues = [space.pk for space in spaces], sorted({space.venue_id for space in spaces})
    with connection.cursor() as cursor:
        if alone:
            cursor.execute(_LOCK_ALONE, [VENUES, venues])
        else:
            cursor.execute(_LOCK, [VENUES, venues, PARTS, keys])
    fresh = Space.objects.select_related("venue").in_bulk(keys)
    return [fresh[key] for key in keys]


def lock_person(person: Any) -> None:
    """One thing at a time for this person, whatever the ground; taken before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PEOPLE, person.pk])


def ground_of(space: Space, span: Span) -> Ground:
    """What holds for a space around a stretch of time. One query."""
    since, last = local_day(span.starts), local_day(span.ends)
    (place,) = places_of([space], since, last)
    return Ground(space, place.rules, open_spans(since, last + timedelta(days=1), place.hours, place.exceptions))


def whole_of(spans: Iterable[Span]) -> Span:
    """From the first to the last of some stretches."""
    every = list(spans)
    return Span(min(span.starts for span in every), max(span.ends for span in every))


_IN_THE_WAY = """
    SELECT DISTINCT wished.index, taken.booking_id, booking.starts_at, booking.ends_at, taken.held_until
    FROM unnest(%s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::bigint[])
        WITH ORDINALITY AS wished(starts, ends, around_starts, around_ends, space, index)
    JOIN facilities_space AS place ON place.id = wished.space
    CROSS JOIN LATERAL unnest(place.takes) AS part
    CROSS JOIN LATERAL (
        SELECT booking_id, held_until FROM facilities_occupancy
        WHERE leaf_id = part
          AND during && tstzrange(wished.around_starts, wished.around_ends)
          AND (kind <> 2 OR (%s AND during && tstzrange(wished.starts, wished.ends)))
    ) AS taken
    JOIN facilities_booking booking ON booking.id = taken.booking_id
    WHERE NOT taken.booking_id = ANY(%s::bigint[])
    ORDER BY 1, 3, 2
"""


def conflicts(space: Space, uses: Sequence[Use], at: datetime, *, without: Collection[int] = ()) -> list[Conflict]:
    """What is in the way of some uses of a space, all of them closures or none. Holds that have run out are not. One query."""
    return conflicts_of([(space, use) for use in uses], at, without=without)


def conflicts_of(wanted: Sequence[Wanted], at: datetime, *, without: Collection[int] = ()) -> list[Conflict]:
    """As conflicts, of uses of many spaces. One query."""
    return [Conflict(*found[:3]) for found in _in_the_way(wanted, without) if found[3] is None or found[3] > at]


def clear(space: Space, uses: Sequence[Use], at: datetime, *, without: Collection[int] = ()) -> list[Conflict]:
    """As conflicts, under the locks: holds that have run out are taken away at once, so the table is free too."""
    return clear_all([(space, use) for use in uses], at, without=without)


def clear_all(wanted: Sequence[Wanted], at: datetime, *, without: Collection[int] = ()) -> list[Conflict]:
    """As clear, of uses of many spaces."""
    found = _in_the_way(wanted, without)
    lapsed = {booking for _index, booking, _span, until in found if until is not None and until <= at}
    if lapsed:
        Booking.objects.filter(pk__in=lapsed).update(status=BookingStatus.LAPSED, held_until=None)
    return [Conflict(index, booking, span) for index, booking, span, _until in found if booking not in lapsed]


def locked(booking: Booking, *others: Space, alone: bool = False) -> Booking:
    """The booking as it is now: its ground (and that of *others*) locked first, then its row. alone: as lock_ground."""
    now = Booking.objects.select_related("space").get(pk=booking.pk)
    lock_ground(now.space, *others, alone=alone)
    related = ("space__venue", "association__category", "hirer", "series", "booked_by", "tariff")
    fresh = Booking.objects.select_for_update(of=("self",)).select_related(*related).get(pk=booking.pk)
    if fresh.space_id != now.space_id:
        raise NotAllowedNow(_("Somebody has just moved the booking. Open the page again."), "moved")
    return fresh


def _in_the_way(wanted: Sequence[Wanted], without: Collection[int]) -> list[tuple[int, int, Span, datetime | None]]:
    walls = [around(use) for _space, use in wanted]
    columns: list[Any] = [
        [use.span.starts for _space, use in wanted],
        [use.span.ends for _space, use in wanted],
        [wall.starts for wall in walls],
        [wall.ends for wall in walls],
        [space.pk for space, _use in wanted],
    ]
    sees_buffers = not any(use.closure for _space, use in wanted)
    with connection.cursor() as cursor:
        cursor.execute(_IN_THE_WAY, [*columns, sees_buffers, list(without)])
        rows = cursor.fetchall()
    return [(index - 1, booking, Span(starts, ends), until) for index, booking, starts, ends, until in rows]
