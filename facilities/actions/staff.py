"""What the municipality's staff do with bookings: answer requests, close spaces, note who came."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.changes import cancel_each
from facilities.actions.ground import Taken, clear, lock_ground, locked
from facilities.actions.letters import tell
from facilities.actions.prices import tariff_rules
from facilities.actions.waiting import offer_next
from facilities.choices import BookingStatus, UseKind, WaitingStatus
from facilities.models import Booking, Series, Space, WaitingEntry
from facilities.permissions import may_answer, may_keep_bookings
from facilities.rules.buffers import Use
from facilities.rules.fees import no_show_line
from facilities.rules.spans import Span
from records import filing
from records.lines import Line, lines_from_json, lines_to_json, total
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
    offer_next(booking.space, booking.span, at=at)
    return booking


@transaction.atomic
def approve_series(series: Series, *, by: Any, at: datetime) -> list[Booking]:
    """Say yes to every time of a series that still waits for an answer; one letter. NotAllowedNow when none does."""
    bookings = [_answered(each, BookingStatus.CONFIRMED, by=by, at=at) for each in _waiting(series)]
    changes = {"series": [series.pk, series.pk], "times": [None, len(bookings)]}
    filing.note(None, "facilities.approved", by=by, at=at, changes=changes)
    tell("series_approved", bookings[0], _("Your bookings"), at=at, more={"bookings": bookings})
    return bookings


@transaction.atomic
def refuse_series(series: Series, *, reason: str, by: Any, at: datetime) -> list[Booking]:
    """Say no to every time of a series that still waits for an answer; one letter with the reason."""
    if not reason.strip():
        raise NotAllowedNow(_("Say why the request is refused."), "no_reason")
    bookings = [_answered(each, BookingStatus.REFUSED, by=by, at=at) for each in _waiting(series)]
    changes = {"series": [series.pk, None], "times": [None, len(bookings)]}
    filing.note(None, "facilities.refused", by=by, at=at, reason=reason, changes=changes)
    more = {"bookings": bookings, "reason": reason}
    tell("series_refused", bookings[0], _("We cannot give you the times"), at=at, more=more)
    for each in bookings:
        offer_next(each.space, each.span, at=at)
    return bookings


@transaction.atomic
def close(
    space: Space,
    span: Span,
    *,
    reason: str,
    by: Any,
    at: datetime,
    cancelling: bool = False,
    seen: Collection[int] | None = None,
) -> tuple[Booking, list[Booking]]:
    """Close a space for a time. Raises Taken with what stands booked there, unless *cancelling* it: without a fee, by letter.

    seen: the bookings that the person was shown; another that has come since raises Taken. None: whichever there are.
    Buffers of bookings may reach into the closed time. Returns the closure and the cancelled bookings.
    """
    only = seen if cancelling else ()
    closures, cancelled = close_all([space], span, reason=reason, by=by, at=at, seen=only)
    return closures[0], cancelled


@transaction.atomic
def close_all(
    spaces: Sequence[Space], span: Span, *, reason: str, by: Any, at: datetime, seen: Collection[int] | None = ()
) -> tuple[list[Booking], list[Booking]]:
    """Close several spaces of a venue at once, all or none; a space whose whole is among them is closed with it.

    Raises Taken with everything that stands there when some of it is not among *seen*. None: whichever there are.
    """
    may_keep_bookings(by).or_refuse()
    if not reason.strip():
        raise NotAllowedNow(_("Say why the space is closed."), "no_reason")
    chosen = {space.pk for space in spaces}
    wholes = [space for space in lock_ground(*spaces, alone=True) if not chosen & set(space.path[:-1])]
    found = {conflict.booking: conflict for space in wholes for conflict in clear(space, [Use(span, closure=True)], at)}
    if seen is not None and found.keys() - set(seen):
        raise Taken(sorted(found.values(), key=lambda conflict: (conflict.span, conflict.booking)))
    in_the_way = Booking.objects.filter(pk__in=found.keys()).select_related("space").order_by("pk")
    cancelled = cancel_each(in_the_way, by=by, at=at, reason=reason, without_fee=True, make_way=True)
    _take_back_offers(cancelled, reason=reason, at=at)
    return [_closed(space, span, reason=reason, by=by, at=at) for space in wholes], cancelled


def _take_back_offers(cancelled: Sequence[Booking], *, reason: str, at: datetime) -> None:
    """What was offered to somebody who waits is gone with the time, and they are told."""
    offers = WaitingEntry.objects.filter(booking__in=cancelled, status=WaitingStatus.OFFERED)
    held = {entry.booking_id for entry in offers}
    offers.update(status=WaitingStatus.PASSED)
    for booking in cancelled:
        if booking.pk in held:
            tell("cancelled", booking, _("The time that was offered to you is gone"), at=at, more={"reason": reason})


def _closed(space: Space, span: Span, *, reason: str, by: Any, at: datetime) -> Booking:
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
    return closure


@transaction.atomic
def open_again(closure: Booking, *, by: Any, at: datetime) -> Booking:
    """Take a closure away; what is free again is offered to those who wait. NotAllowedNow when it is taken away already."""
    may_keep_bookings(by).or_refuse()
    closure = locked(closure, alone=True)
    if closure.kind != UseKind.CLOSURE or closure.status != BookingStatus.CONFIRMED:
        raise NotAllowedNow(_("The space is not closed by this."), "not_closed")
    closure.status, closure.cancelled_at = BookingStatus.CANCELLED, at
    closure.save(update_fields=["status", "cancelled_at"])
    filing.note(None, "facilities.opened_again", by=by, at=at, changes={"closure": [closure.pk, None]})
    _offer_what_is_free(closure, at=at)
    return closure


def _offer_what_is_free(closure: Booking, *, at: datetime) -> None:
    """To one after the other in line, until nobody's wish fits."""
    begins = max(closure.starts_at, at + timedelta(minutes=1))
    while begins < closure.ends_at and offer_next(closure.space, Span(begins, closure.ends_at), at=at):
        continue


@transaction.atomic
def note_arrival(booking: Booking, *, by: Any, at: datetime) -> Booking:
    """The hirer came. Takes back a note that nobody did, and its fee. Harmless twice."""
    booking = _used(booking, by=by, at=at)
    if booking.arrived_at:
        return booking
    _forgive(booking)
    booking.arrived_at, booking.absent_at = at, None
    booking.save()
    filing.note(None, "facilities.arrived", by=by, at=at, changes={"booking": [booking.pk, booking.pk]})
    return booking


@transaction.atomic
def take_back_note(booking: Booking, *, by: Any, at: datetime) -> Booking:
    """Neither came nor did not: a slip of the finger is undone, with its fee. Harmless twice."""
    booking = _used(booking, by=by, at=at)
    if booking.arrived_at or booking.absent_at:
        _forgive(booking)
        booking.arrived_at = booking.absent_at = None
        booking.save()
        filing.note(None, "facilities.note_taken_back", by=by, at=at, changes={"booking": [booking.pk, booking.pk]})
    return booking


def cost_of_absence(booking: Booking) -> Line | None:
    """What is added to the bill when nobody comes to this booking; None when nothing is. At most one query."""
    return no_show_line(booking.price, tariff_rules(booking.tariff_id)) if booking.tariff_id else None


def _forgive(booking: Booking) -> None:
    kept = [line for line in booking.fee_lines if line["rule"] != "F-52"]
    booking.fee_lines, booking.fee = kept, total(lines_from_json(kept))


@transaction.atomic
def note_absence(booking: Booking, *, by: Any, at: datetime) -> Booking:
    """Nobody came: what that costs by the tariff is added, also for somebody who pays nothing. Harmless twice."""
    booking = _used(booking, by=by, at=at)
    if booking.absent_at:
        return booking
    if line := cost_of_absence(booking):
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


def _waiting(series: Series) -> Sequence[Booking]:
    found = list(Booking.objects.filter(series=series, status=BookingStatus.REQUESTED).select_related("space").order_by("pk"))
    if not found:
        raise NotAllowedNow(_("The request has already been answered."), "answered")
    lock_ground(*(each.space for each in found), alone=True)
    return found


def _answered(booking: Booking, to: str, *, by: Any, at: datetime) -> Booking:
    booking = locked(booking, alone=to == BookingStatus.REFUSED)
    may_answer(by, booking, at).or_refuse()
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
