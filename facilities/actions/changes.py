"""A booking moves, shrinks, changes places with another, or is cancelled. What is cancelled late stays billable."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.booking import Wish, has_room_in_quota
from facilities.actions.ground import Ground, NotPossible, Taken, clear, ground_of, lock_ground, locked
from facilities.actions.letters import tell
from facilities.actions.prices import put_price, tariff_rules
from facilities.actions.waiting import lapse, offer_next
from facilities.choices import HIRED, TAKES_SPACE, BookingStatus, UseKind
from facilities.models import Booking, Space, WaitingEntry
from facilities.permissions import may_cancel, may_change, may_keep_bookings, may_take_for
from facilities.rules.fees import cancellation_line, shortening_line
from facilities.rules.pricing import Hire, Price
from facilities.rules.spans import Span, covers
from facilities.rules.terms import Fault
from records import filing
from records.lines import Line, lines_to_json
from records.refusals import NotAllowedNow


@transaction.atomic
def move(booking: Booking, space: Space, span: Span, *, by: Any, at: datetime, reason: str = "") -> Booking:
    """Take a booking to another time or space, at the price of there. Raises Taken or NotPossible; then it stays where it was.

    Moving away from a time that would have cost a late cancellation keeps that fee. A code opens the old door, so it goes.
    """
    booking = _settled(locked(booking, space, alone=True))
    may_change(by, booking, at).or_refuse()
    if booking.kind == UseKind.SEASON and not may_keep_bookings(by):
        raise NotAllowedNow(_("A season time is given back or swapped, not moved."), "season")
    fresh = Space.objects.select_related("venue").get(pk=space.pk)
    ground = ground_of(fresh, span)
    faults = ground.faults(span, at, people=booking.people)
    if faults and not (may_take_for(by, booking.kind) and Fault.PAST not in faults and Fault.CLOSED not in faults):
        raise NotPossible(faults)
    if not may_keep_bookings(by):
        _may_be_had(booking, ground, by=by, at=at)
    if found := clear(fresh, [ground.use(span)], at, without=[booking.pk]):
        raise Taken(found)
    before = [booking.space_id, booking.starts_at.isoformat()]
    left_space, left = booking.space, booking.span
    if not may_keep_bookings(by):
        _keep_fee(booking, late_fee(booking, at))
    booking.space, booking.starts_at, booking.ends_at = fresh, span.starts, span.ends
    booking.before, booking.after, booking.access_code = ground.rules.before, ground.rules.after, ""
    _price_again(booking)
    booking.save()
    changes = {"booking": [booking.pk, booking.pk], "place_and_time": [before, [fresh.pk, span.starts.isoformat()]]}
    filing.note(None, "facilities.moved", by=by, at=at, reason=reason, changes=changes)
    if booking.kind in HIRED:
        tell("moved", booking, _("Your booking has a new time"), at=at, number=_times(booking, at))
    offer_next(left_space, left, at=at)
    return booking


@transaction.atomic
def shorten(booking: Booking, span: Span, *, by: Any, at: datetime) -> Booking:
    """Give back a part of a time. What it would have cost to cancel that part stays on the booking as a fee."""
    booking = _settled(locked(booking, alone=True))
    may_change(by, booking, at).or_refuse()
    if not covers(booking.span, span) or span == booking.span:
        raise NotAllowedNow(_("The new time has to be a part of the old one."), "not_shorter")
    ground = ground_of(booking.space, span)
    if faults := [fault for fault in ground.faults(span, at) if fault in (Fault.TOO_SHORT, Fault.OFF_GRID)]:
        raise NotPossible(faults)
    left, old, fee = booking.span, booking.price, late_fee(booking, at)
    booking.starts_at, booking.ends_at = span.starts, span.ends
    _price_again(booking)
    _keep_fee(booking, shortening_line(fee, old, booking.price) if fee else None)
    booking.save()
    changes = {"booking": [booking.pk, booking.pk], "ends_at": [left.ends.isoformat(), span.ends.isoformat()]}
    filing.note(None, "facilities.shortened", by=by, at=at, changes=changes)
    offer_next(booking.space, left, at=at)
    return booking


@transaction.atomic
def cancel(booking: Booking, *, by: Any, at: datetime, reason: str = "", without_fee: bool = False) -> Booking:
    """Cancel one time; a late cancellation keeps its fee line. The time is offered to the next who waits.

    without_fee: only staff, with a reason. NotAllowedNow when it is too late or the booking no longer stands.
    """
    (cancelled,) = cancel_each([booking], by=by, at=at, reason=reason, without_fee=without_fee)
    return cancelled


@transaction.atomic
def cancel_each(
    bookings: Iterable[Booking], *, by: Any, at: datetime, reason: str = "", without_fee: bool = False, make_way: bool = False
) -> list[Booking]:
    """Cancel several times, all or none: one letter to each hirer of a space, whatever the number.

    make_way: something else takes the times in the same transaction, so they are offered to nobody, and holds go too.
    """
    terms: dict[str, Any] = {"by": by, "at": at, "reason": reason, "without_fee": without_fee, "held_too": make_way}
    done = [_cancelled(each, **terms) for each in bookings]
    _tell_cancelled([booking for booking, is_told in done if is_told], reason, at)
    cancelled = [booking for booking, _is_told in done]
    for booking in () if make_way else cancelled:
        offer_next(booking.space, booking.span, at=at)
    return cancelled


release = cancel  # a time that is not needed is let go: the same act, said the way a club says it


def cost_of_cancelling(booking: Booking, at: datetime) -> Decimal:
    """Kronor that a hirer pays for cancelling now. At most one query."""
    line = late_fee(booking, at)
    return line.amount if line else Decimal(0)


@transaction.atomic
def cancel_rest(booking: Booking, *, by: Any, at: datetime, reason: str = "", without_fee: bool = False) -> list[Booking]:
    """Cancel this time of a series and all later ones that still stand. without_fee: only staff, with a reason."""
    if booking.series_id is None:
        raise NotAllowedNow(_("The booking is not part of a series."), "no_series")
    every = Space.objects.filter(bookings__series=booking.series_id)
    lock_ground(*every.distinct(), alone=True)
    rest = Booking.objects.filter(series=booking.series_id, starts_at__gte=booking.starts_at, status__in=TAKES_SPACE)
    rest = rest.select_related("space").order_by("starts_at")
    return cancel_each(rest, by=by, at=at, reason=reason, without_fee=without_fee)


@transaction.atomic
def swap(
    one: Booking, other: Booking, *, by: Any, at: datetime, reason: str = "", by_other: Any = None
) -> tuple[Booking, Booking]:
    """Two bookings change space and time with each other, both or none. The one who asks must speak for both, or be staff.

    by_other: who speaks for the other one, when two have agreed (facilities.actions.swaps). A code opens the old door, so it does
    not come along. In between they overlap, so the database looks at its constraint when both have moved.
    """
    if one.pk == other.pk:
        raise NotAllowedNow(_("Choose two different bookings."), "same")
    spaces = {each.pk: each.space for each in Booking.objects.select_related("space").filter(pk__in=[one.pk, other.pk])}
    first, second = sorted((one.pk, other.pk))
    rows = {pk: locked(Booking(pk=pk), *spaces.values()) for pk in (first, second)}
    one, other = rows[one.pk], rows[other.pk]
    for each, person in ((one, by), (other, by_other or by)):
        may_change(person, _settled(each), at).or_refuse()
        if each.starts_at <= at:
            raise NotAllowedNow(_("The time has already begun or passed."), "past")
    places = [(each.space, each.starts_at, each.ends_at, each.before, each.after) for each in (other, one)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS space_held_once DEFERRED")
    for each, place in zip((one, other), places, strict=True):
        each.space, each.starts_at, each.ends_at, each.before, each.after = place
        each.access_code = ""
        _price_again(each)
        each.save()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS space_held_once IMMEDIATE")
    filing.note(None, "facilities.swapped", by=by, at=at, reason=reason, changes={"bookings": [one.pk, other.pk]})
    for each in (one, other):
        tell("moved", each, _("Your booking has a new time"), at=at, number=_times(each, at))
    return one, other


def _cancelled(
    booking: Booking, *, by: Any, at: datetime, reason: str, without_fee: bool, held_too: bool
) -> tuple[Booking, bool]:
    """The cancelled booking, and whether its hirer is to be told: not of a time that was only held."""
    booking = locked(booking, alone=True)
    if not held_too:
        _settled(booking)
    ground = ground_of(booking.space, booking.span)
    may_cancel(by, booking, ground.terms.cancel_hours, at).or_refuse()
    was_held = booking.status == BookingStatus.HELD
    if without_fee:
        may_keep_bookings(by).or_refuse()
        if not reason.strip():
            raise NotAllowedNow(_("Say why nothing is to be paid."), "no_reason")
    else:
        _keep_fee(booking, late_fee(booking, at))
    booking.status, booking.cancelled_at, booking.held_until = BookingStatus.CANCELLED, at, None
    booking.save()
    changes = {"booking": [booking.pk, None], "fee": [None, str(booking.fee)]}
    filing.note(None, "facilities.cancelled", by=by, at=at, reason=reason, changes=changes)
    return booking, booking.kind in HIRED and not was_held


def _tell_cancelled(bookings: Iterable[Booking], reason: str, at: datetime) -> None:
    """One letter for each hirer, space and person who booked."""
    together: dict[Any, list[Booking]] = {}
    for booking in bookings:
        key = (booking.association_id, booking.hirer_name, booking.booked_by_id, booking.space_id)
        together.setdefault(key, []).append(booking)
    for times in together.values():
        if len(times) == 1:
            tell("cancelled", times[0], _("Your booking is cancelled"), at=at, more={"reason": reason})
        else:
            fee = sum((each.fee for each in times), Decimal(0))
            more = {"reason": reason, "bookings": times, "fee": fee}
            tell("times_cancelled", times[0], _("Your bookings are cancelled"), at=at, more=more)


@transaction.atomic
def release_hold(booking: Booking, *, by: Any, at: datetime) -> None:
    """Let a held time go, to the next who waits for it. Harmless twice, and for a hold that has run out.

    An offer from the waiting list is a hold too, and is left in its own way (facilities.actions.waiting.stop_waiting).
    """
    booking = locked(booking, alone=True)
    theirs = booking.status == BookingStatus.HELD and booking.booked_by_id == by.pk and booking.kind == UseKind.BOOKING
    if not theirs or WaitingEntry.objects.filter(booking=booking).exists():
        return
    lapse(booking, at=at)
    filing.note(None, "facilities.hold_released", by=by, at=at, changes={"booking": [booking.pk, None]})


def _settled(booking: Booking) -> Booking:
    """A time that is only held is booked or let go; nothing else is done with it."""
    if booking.status == BookingStatus.HELD:
        raise NotAllowedNow(_("The time is only held. Book it or let it go."), "held")
    return booking


def _may_be_had(booking: Booking, ground: Ground, *, by: Any, at: datetime) -> None:
    """A booking moves in by no back door: not where a person answers each request, not past the quota."""
    if ground.rules.needs_approval and booking.status == BookingStatus.CONFIRMED:
        sentence = _(
            "There a person answers each request. Ask for that time as a new booking, and cancel this one when you have it."
        )
        raise NotAllowedNow(sentence, "needs_approval")
    new = 0 if ground.space.pk == booking.space_id else 1
    if not has_room_in_quota(ground, Wish(association=booking.association), new, by=by, at=at):
        raise NotPossible([Fault.QUOTA])


def late_fee(booking: Booking, at: datetime) -> Line | None:
    """What it would cost to cancel the booking now. A booking whose hirer is the municipality costs nothing."""
    if booking.tariff_id is None or booking.status != BookingStatus.CONFIRMED:
        return None
    hire: Hire = booking.hire()
    price: Price = booking.price
    return cancellation_line(hire, price, tariff_rules(booking.tariff_id), at)


def _keep_fee(booking: Booking, line: Line | None) -> None:
    if line is not None and line.amount > 0:
        booking.fee_lines = [*booking.fee_lines, *lines_to_json([line])]
        booking.fee = booking.fee + line.amount


def _price_again(booking: Booking) -> None:
    if booking.tariff_id is not None:
        put_price(booking)
    else:
        booking.payable = Decimal(0)


def _times(booking: Booking, at: datetime) -> int:
    """A number that tells this letter from earlier ones of the same kind: microseconds since the booking was made."""
    return max(1, (at - booking.made_at) // timedelta(microseconds=1))
