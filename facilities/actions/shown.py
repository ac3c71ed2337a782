"""Changes as they were shown: what a page said it would cost and touch is what happens, or nothing does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.changes import cancel_each, late_fee, move, shorten
from facilities.actions.ground import lock_ground, locked
from facilities.actions.prices import put_prices, tariff_rules
from facilities.choices import TAKES_SPACE
from facilities.models import Booking, Space
from facilities.models.terms import places_of
from facilities.permissions import may_cancel_each
from facilities.rules.fees import cancel_percent, shortening_line
from facilities.rules.spans import Span
from records.lines import Line
from records.refusals import Answer, NotAllowedNow
from records.values import local_day


class NotAsShown(NotAllowedNow):
    """The booking, or what it costs to change it, is no longer what the page said."""

    def __init__(self) -> None:
        super().__init__(_("Something has changed since you opened the page. Look again before you go on."), "changed")


@dataclass(frozen=True, slots=True)
class Cost:
    """What cancelling a booking means now. percent: of the price (Rule F-50). line: the fee, None when it is free."""

    booking: Booking
    may: Answer
    percent: Decimal
    line: Line | None

    @property
    def kronor(self) -> Decimal:
        return self.line.amount if self.line else Decimal(0)


def cancelling(bookings: Sequence[Booking], *, by: Any, at: datetime) -> list[Cost]:
    """Whether and at what cost the times of one hirer can be cancelled now. At most five queries, however many."""
    spaces = list({booking.space_id: booking.space for booking in bookings}.values())
    days = [local_day(booking.starts_at) for booking in bookings]
    places = {place.space.pk: place for place in places_of(spaces, min(days), max(days))}
    may = may_cancel_each(by, [(each, places[each.space_id].terms.cancel_hours) for each in bookings], at)
    return [Cost(each, answer, _percent(each, at), late_fee(each, at)) for each, answer in zip(bookings, may, strict=True)]


def _percent(booking: Booking, at: datetime) -> Decimal:
    steps = tariff_rules(booking.tariff_id).cancel_steps if booking.tariff_id else ()
    return cancel_percent(booking.starts_at, at, steps)


def rest_of(booking: Booking) -> list[Booking]:
    """This time of a series and all later ones that still stand. One query."""
    if booking.series_id is None:
        return [booking]
    rest = Booking.objects.filter(series=booking.series_id, starts_at__gte=booking.starts_at, status__in=TAKES_SPACE)
    return list(rest.select_related("space__venue", "association", "hirer", "tariff").order_by("starts_at"))


def edition(bookings: Sequence[Booking]) -> str:
    """What a page was about, as a short text that changes when one of the bookings does."""
    return ".".join(f"{each.pk}-{each.space_id}-{each.starts_at:%y%m%d%H%M}-{each.ends_at:%d%H%M}" for each in bookings)


@transaction.atomic
def cancel_as_shown(
    bookings: Sequence[Booking], *, seen: str, fee: Decimal, by: Any, at: datetime, reason: str = ""
) -> list[Booking]:
    """Cancel what the page showed, at the fee that it showed. NotAsShown when either is another now; then nothing happens."""
    lock_ground(*(booking.space for booking in bookings), alone=True)
    fresh = [locked(booking, alone=True) for booking in bookings]
    if edition(fresh) != seen:
        raise NotAsShown
    before = sum((each.fee for each in fresh), Decimal(0))
    done = cancel_each(fresh, by=by, at=at, reason=reason)
    if sum((each.fee for each in done), Decimal(0)) - before != fee:
        raise NotAsShown
    return done


@transaction.atomic
def move_as_shown(booking: Booking, space: Space, span: Span, *, seen: str, total: Decimal, by: Any, at: datetime) -> Booking:
    """Move the booking that the page showed, at the sum (price and fees) that it showed. NotAsShown otherwise."""
    if edition([locked(booking, space, alone=True)]) != seen:
        raise NotAsShown
    moved = move(booking, space, span, by=by, at=at)
    if moved.payable + moved.fee != total:
        raise NotAsShown
    return moved


@transaction.atomic
def shorten_as_shown(booking: Booking, span: Span, *, seen: str, total: Decimal, by: Any, at: datetime) -> Booking:
    """As move_as_shown, for giving a part of the time back."""
    if edition([locked(booking, alone=True)]) != seen:
        raise NotAsShown
    shorter = shorten(booking, span, by=by, at=at)
    if shorter.payable + shorter.fee != total:
        raise NotAsShown
    return shorter


@dataclass(frozen=True, slots=True)
class Change:
    """What a booking would cost at another time or place. price: the new one. fee: what is kept of the old."""

    booking: Booking
    fee: Decimal

    @property
    def price(self) -> Decimal:
        return self.booking.payable

    @property
    def total(self) -> Decimal:
        """The price and all fees that stand on the booking afterwards."""
        return self.booking.payable + self.booking.fee + self.fee


def moving(booking: Booking, space: Space, span: Span, *, at: datetime) -> Change:
    """What moving there would cost, nothing saved."""
    fee = late_fee(booking, at)
    return Change(_priced_at(booking, space, span), fee.amount if fee else Decimal(0))


def shortening(booking: Booking, span: Span, *, at: datetime) -> Change:
    """What giving back the rest would cost, nothing saved."""
    fee, there = late_fee(booking, at), _priced_at(booking, booking.space, span)
    kept = shortening_line(fee, booking.price, there.price) if fee else None
    return Change(there, kept.amount if kept else Decimal(0))


def _priced_at(booking: Booking, space: Space, span: Span) -> Booking:
    """A copy of the booking, unsaved, with the price of another time or place."""
    there = Booking.objects.select_related("space__venue", "association__category", "hirer", "tariff").get(pk=booking.pk)
    there.space, there.starts_at, there.ends_at = space, span.starts, span.ends
    if there.tariff_id is not None:
        put_prices([there])
    return there
