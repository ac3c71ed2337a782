"""The municipality's own use, again and again; and what a booking would be before it is made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.booking import Wish, faults_in, new_booking
from facilities.actions.ground import Conflict, clear, conflicts, ground_of, lock_ground, whole_of
from facilities.actions.prices import put_prices
from facilities.actions.series import SeriesInTheWay, plan_series
from facilities.choices import BookingStatus, UseKind
from facilities.models import Booking, Series, Space
from facilities.permissions import may_keep_bookings
from facilities.rules.series import Pattern, clashes_within
from facilities.rules.spans import Span
from facilities.rules.terms import Fault
from records import filing
from records.refusals import NotAllowedNow


@dataclass(frozen=True, slots=True)
class Look:
    """What a wished time meets: terms that say no, other uses, and the booking as it would be (unsaved), priced."""

    faults: tuple[Fault, ...]
    conflicts: tuple[Conflict, ...]
    booking: Booking

    @property
    def is_free(self) -> bool:
        return not self.faults and not self.conflicts


def look(space: Space, span: Span, wish: Wish, *, by: Any, at: datetime, own: bool = False) -> Look:
    """What would happen if this were booked now. Holds nothing. own: the municipality's use, without a price.

    About nine queries. NotAllowedNow when there is no price for the time.
    """
    ground = ground_of(space, span)
    booking = new_booking(ground, span, wish, by=by, at=at)
    if not own:
        put_prices([booking])
    return Look(tuple(faults_in(ground, span, wish, at)), tuple(conflicts(space, [ground.use(span)], at)), booking)


def price_each(space: Space, spans: Sequence[Span], wish: Wish, *, by: Any, at: datetime) -> list[Booking]:
    """Unsaved bookings of a series with their prices. NotAllowedNow when a day has none."""
    ground = ground_of(space, whole_of(spans))
    bookings = [new_booking(ground, span, wish, by=by, at=at) for span in spans]
    put_prices(bookings)
    return bookings


@transaction.atomic
def take_series_for(
    space: Space, pattern: Pattern, *, title: str, by: Any, at: datetime, reason: str = "", skip: Collection[date] = ()
) -> list[Booking]:
    """The municipality's own use at every time of a series but those skipped: all or none. Raises SeriesInTheWay."""
    may_keep_bookings(by).or_refuse()
    wish = Wish(title=title, form="", on_behalf=True, reason=reason)
    (space,) = lock_ground(space)
    days = plan_series(space, replace(pattern, skipped=pattern.skipped | frozenset(skip)), wish, at=at)
    spans = [day.span for day in days if day.span]
    if not spans or clashes_within(spans):
        raise NotAllowedNow(_("Choose days and times so that the series has at least one time and none twice."), "empty")
    if not all(day.is_free for day in days):
        raise SeriesInTheWay(days)
    ground = ground_of(space, whole_of(spans))
    clear(space, [ground.use(span) for span in spans], at)  # holds that have run out
    series = Series.of(pattern, by=by, at=at)
    series.save()
    bookings = [new_booking(ground, span, wish, by=by, at=at) for span in spans]
    for booking in bookings:
        booking.series, booking.on_behalf = series, False
        booking.kind, booking.status = UseKind.OWN, BookingStatus.CONFIRMED
    Booking.objects.bulk_create(bookings)
    changes = {"series": [None, series.pk], "times": [None, len(bookings)]}
    filing.note(None, "facilities.series_booked", by=by, at=at, reason=reason, changes=changes)
    return bookings
