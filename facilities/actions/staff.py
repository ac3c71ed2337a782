"""What the municipality's staff do with bookings: answer requests, close spaces, note who came."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.changes import cancel_silently
from facilities.actions.ground import Taken, clear, lock_ground, locked
from facilities.actions.letters import tell
from facilities.actions.prices import tariff_rules
from facilities.choices import BookingStatus, UseKind
from facilities.models import Booking, Space
from facilities.permissions import may_keep_bookings
from facilities.rules.buffers import Use
from facilities.rules.fees import no_show_line
from facilities.rules.spans import Span
from records import filing
from records.lines import lines_from_json, lines_to_json, total
from records.refusals import NotAllowedNow


@transaction.atomic
def approve(booking: Booking, *, by: Any, at: datetime) -> Booking:
    """Say yes to a request. The time has been kept meanwhile, so nothing can be in the way."""
    booking = _answered(booking, BookingStatus.CONFIRMED, by=by, at=at)
    filing.note(None, "facilities.approved", by=by, at=at, changes={"booking": [booking.pk, booking.pk]})
    tell("booked", booking, _("Your booking"), at=at)
    return booking


@transaction.atomic
def refuse(booking: Booking, *, reason: str, by: Any, at: datetime) -> Booking:
    """Say no to a request, with the reason that is written to the hirer."""
    if not reason.strip():
        raise NotAllowedNow(_("Say why the request is refused."), "no_reason")
    booking = _answered(booking, BookingStatus.REFUSED, by=by, at=at)
    filing.note(None, "facilities.refused", by=by, at=at, reason=reason, changes={"booking": [booking.pk, None]})
    tell("refused", booking, _("We cannot give you the time"), at=at, more={"reason": reason})
    return booking


@transaction.atomic
def close(
    space: Space, span: Span, *, reason: str, by: Any, at: datetime, cancelling: bool = False
) -> tuple[Booking, list[Booking]]:
    """Close a space for a time. Raises Taken with what stands booked there, unless *cancelling* it: without a fee, by letter.

    Buffers of bookings may reach into the closed time. Returns the closure and the cancelled bookings.
    """
    may_keep_bookings(by).or_refuse()
    if not reason.strip():
        raise NotAllowedNow(_("Say why the space is closed."), "no_reason")
    (space,) = lock_ground(space)
    found = clear(space, [Use(span, closure=True)], at)
    if found and not cancelling:
        raise Taken(found)
    in_the_way = Booking.objects.filter(pk__in={conflict.booking for conflict in found}).select_related("space")
    cancelled = [cancel_silently(each, by=by, at=at, reason=reason, without_fee=True) for each in in_the_way.order_by("pk")]
    closure = Booking.objects.create(
        kind=UseKind.CLOSURE,
        status=BookingStatus.CONFIRMED,
        space=space,
        starts_at=span.starts,
        ends_at=span.ends,
        title=reason[:150],
        booked_by=by,
        reason=reason,
        made_at=at,
    )
    filing.note(None, "facilities.closed", by=by, at=at, reason=reason, changes={"closure": [None, closure.pk]})
    return closure, cancelled


@transaction.atomic
def open_again(closure: Booking, *, by: Any, at: datetime) -> Booking:
    """Take a closure away. NotAllowedNow when it is taken away already."""
    may_keep_bookings(by).or_refuse()
    closure = locked(closure)
    if closure.kind != UseKind.CLOSURE or closure.status != BookingStatus.CONFIRMED:
        raise NotAllowedNow(_("The space is not closed by this."), "not_closed")
    closure.status, closure.cancelled_at = BookingStatus.CANCELLED, at
    closure.save(update_fields=["status", "cancelled_at"])
    filing.note(None, "facilities.opened_again", by=by, at=at, changes={"closure": [closure.pk, None]})
    return closure


@transaction.atomic
def note_arrival(booking: Booking, *, by: Any, at: datetime) -> Booking:
    """The hirer came. Takes back a note that nobody did, and its fee."""
    booking = _used(booking, by=by, at=at)
    if booking.absent_at:
        kept = [line for line in booking.fee_lines if line["rule"] != "F-52"]
        booking.fee_lines, booking.fee = kept, total(lines_from_json(kept))
    booking.arrived_at, booking.absent_at = at, None
    booking.save()
    filing.note(None, "facilities.arrived", by=by, at=at, changes={"booking": [booking.pk, booking.pk]})
    return booking


@transaction.atomic
def note_absence(booking: Booking, *, by: Any, at: datetime) -> Booking:
    """Nobody came: what that costs by the tariff is added, also for somebody who pays nothing. Harmless twice."""
    booking = _used(booking, by=by, at=at)
    if booking.absent_at:
        return booking
    line = no_show_line(booking.price, tariff_rules(booking.tariff_id)) if booking.tariff_id else None
    if line:
        booking.fee_lines, booking.fee = [*booking.fee_lines, *lines_to_json([line])], booking.fee + line.amount
    booking.arrived_at, booking.absent_at = None, at
    booking.save()
    changes = {"booking": [booking.pk, booking.pk], "fee": [None, str(booking.fee)]}
    filing.note(None, "facilities.absent", by=by, at=at, changes=changes)
    return booking


@transaction.atomic
def give_code(booking: Booking, code: str, *, by: Any, at: datetime) -> Booking:
    """Note the code or the key that opens for this booking. The log does not hold it."""
    may_keep_bookings(by).or_refuse()
    booking = locked(booking)
    booking.access_code = code.strip()[:40]
    booking.save(update_fields=["access_code"])
    return booking


def _answered(booking: Booking, to: str, *, by: Any, at: datetime) -> Booking:
    may_keep_bookings(by).or_refuse()
    booking = locked(booking)
    if booking.status != BookingStatus.REQUESTED:
        raise NotAllowedNow(_("The request has already been answered."), "answered")
    booking.status, booking.answered_at = to, at
    booking.save(update_fields=["status", "answered_at"])
    return booking


def _used(booking: Booking, *, by: Any, at: datetime) -> Booking:
    may_keep_bookings(by).or_refuse()
    booking = locked(booking)
    if booking.status != BookingStatus.CONFIRMED or booking.kind == UseKind.CLOSURE:
        raise NotAllowedNow(_("The booking no longer stands."), "not_booked")
    if booking.starts_at > at:
        raise NotAllowedNow(_("The time has not begun yet."), "not_begun")
    return booking
