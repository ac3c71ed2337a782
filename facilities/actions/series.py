"""Series: what is in the way is shown before anything is held; each date can be skipped; the rest can be cancelled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.booking import Wish, faults_in, has_room_in_quota, may_wish, new_booking
from facilities.actions.ground import Conflict, Ground, NotPossible, clear, conflicts, ground_of, lock_ground, whole_of
from facilities.actions.letters import tell
from facilities.actions.prices import put_prices
from facilities.choices import BookingStatus
from facilities.models import Booking, Series, Space
from facilities.rules.series import Occurrence, Pattern, clashes_within, occurrences
from facilities.rules.spans import Span
from facilities.rules.terms import Fault
from records import filing
from records.refusals import NotAllowedNow


@dataclass(frozen=True, slots=True)
class SeriesDay:
    """One time of a wished series, and what is against it: nothing, terms of the space, or other uses."""

    day: date
    span: Span | None
    faults: tuple[Fault, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_free(self) -> bool:
        return not self.faults and not self.conflicts


class SeriesInTheWay(NotAllowedNow):
    """Some dates cannot be had; nothing is held. days: all of the series, with what is against each."""

    def __init__(self, days: Sequence[SeriesDay]) -> None:
        super().__init__(_("Some of the dates cannot be booked. Skip them or choose another time."), "conflicts")
        self.days = tuple(days)


def plan_series(space: Space, pattern: Pattern, wish: Wish, *, at: datetime) -> list[SeriesDay]:
    """Every time of a series with what is against it. Holds nothing, so it may change until it is booked. Five queries."""
    found = occurrences(pattern)
    spans = [each.span for each in found if each.span]
    if not spans:
        return _judged(found, None, [], wish, at)
    ground = ground_of(space, whole_of(spans))
    return _judged(found, ground, conflicts(space, [ground.use(span) for span in spans], at), wish, at)


@transaction.atomic
def book_series(
    space: Space, pattern: Pattern, wish: Wish, *, by: Any, at: datetime, skip: Collection[date] = ()
) -> list[Booking]:
    """Book every time of a series but those skipped: all of them or none. Raises SeriesInTheWay or NotPossible.

    One lock, one look at what is in the way, one insert, one letter.
    """
    may_wish(by, wish, at)
    found = [each for each in occurrences(pattern) if each.day not in skip]
    spans = [each.span for each in found if each.span]
    if not spans or clashes_within(spans):
        raise NotAllowedNow(_("Choose days and times so that the series has at least one time and none twice."), "empty")
    (space,) = lock_ground(space)
    ground = ground_of(space, whole_of(spans))
    days = _judged(found, ground, clear(space, [ground.use(span) for span in spans], at), wish, at)
    if not all(each.is_free for each in days):
        raise SeriesInTheWay(days)
    if not has_room_in_quota(ground, wish, len(spans), by=by, at=at):
        raise NotPossible([Fault.QUOTA])
    series = Series.of(pattern, by=by, at=at)
    series.save()
    bookings = [new_booking(ground, span, wish, by=by, at=at) for span in spans]
    for booking in bookings:
        booking.series = series
    put_prices(bookings)
    Booking.objects.bulk_create(bookings)
    changes = {"series": [None, series.pk], "times": [None, len(bookings)]}
    filing.note(None, "facilities.series_booked", by=by, at=at, reason=wish.reason, changes=changes)
    confirmed = bookings[0].status == BookingStatus.CONFIRMED
    tell("series", bookings[0], _("Your bookings") if confirmed else _("Your request"), at=at, more={"bookings": bookings})
    return bookings


def _judged(
    found: Sequence[Occurrence], ground: Ground | None, in_the_way: Sequence[Conflict], wish: Wish, at: datetime
) -> list[SeriesDay]:
    days, index = [], 0
    for each in found:
        if each.span is None or ground is None:
            days.append(SeriesDay(each.day, None, (Fault.NO_SUCH_TIME,)))
            continue
        against = tuple(conflict for conflict in in_the_way if conflict.index == index)
        days.append(SeriesDay(each.day, each.span, tuple(faults_in(ground, each.span, wish, at)), against))
        index += 1
    return days
