"""A held time is filled in and confirmed: the same row goes from held to booked, so pressing twice is one booking."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.booking import HOLD, Wish, faults_in, has_room_in_quota, may_wish
from facilities.actions.ground import Ground, NotPossible, ground_of, locked
from facilities.actions.letters import tell
from facilities.actions.prices import put_price
from facilities.choices import BookingStatus, UseKind, WaitingStatus
from facilities.models import Booking, WaitingEntry
from facilities.rules.terms import Fault, answer_by
from records import filing
from records.refusals import NotAllowedNow


class HoldOver(NotAllowedNow):
    """The hold has run out, and the time is free for others."""

    def __init__(self) -> None:
        super().__init__(_("The time was held for ten minutes and is now free for others too."), "hold_over")


@transaction.atomic
def fill_in(held: Booking, wish: Wish, *, by: Any, at: datetime) -> Booking:
    """Write on a held time what it is for; its price is counted again. NotPossible when the terms say no to that.

    A hold that has run out while nobody else wanted the time is held again. HoldOver when somebody has taken it away.
    """
    held = _own_hold(held, by=by)
    _judged(held, wish, by=by, at=at)
    if held.held_until is None or held.held_until <= at:
        held.held_until = at + HOLD
    held.title, held.form = wish.title, wish.form
    held.people, held.young, held.women, held.men = wish.people, wish.young, wish.women, wish.men
    held.rules_accepted_at = wish.accepted_at
    put_price(held)
    held.save()
    return held


@transaction.atomic
def confirm(held: Booking, *, by: Any, at: datetime) -> Booking:
    """Book what is held, at the price that stands on it, or ask for it where a person answers requests. Harmless twice.

    HoldOver when the hold has been taken away; NotAllowedNow "not_filled" when nobody has said what the time is for.
    """
    if held.status in (BookingStatus.CONFIRMED, BookingStatus.REQUESTED):
        return held
    booking = locked(held)
    if booking.status in (BookingStatus.CONFIRMED, BookingStatus.REQUESTED) and booking.booked_by_id == by.pk:
        return booking
    booking = _own_hold(booking, by=by)
    if booking.rules_accepted_at is None:
        raise NotAllowedNow(_("Say what the time is for before you book it."), "not_filled")
    ground = _judged(booking, wish_of(booking), by=by, at=at)
    asks = ground.rules.needs_approval
    booking.status = BookingStatus.REQUESTED if asks else BookingStatus.CONFIRMED
    booking.answer_by = answer_by(at, ground.rules.answer_days) if asks else None
    booking.held_until, booking.made_at = None, at
    booking.save()
    verb = "facilities.requested" if asks else "facilities.booked"
    filing.note(None, verb, by=by, at=at, changes={"booking": [None, booking.pk]})
    tell("requested" if asks else "booked", booking, _("Your request") if asks else _("Your booking"), at=at)
    return booking


def wish_of(booking: Booking) -> Wish:
    """What stands on a booking, as a wish for another."""
    return Wish(
        association=booking.association,
        title=booking.title,
        form=booking.form,
        people=booking.people,
        young=booking.young,
        women=booking.women,
        men=booking.men,
        accepted_at=booking.rules_accepted_at,
    )


def _own_hold(held: Booking, *, by: Any) -> Booking:
    """The hold under its locks. An offer from the waiting list is a hold too, and is taken in its own way."""
    held = locked(held)
    if held.booked_by_id != by.pk:
        raise NotAllowedNow(_("Only the one who holds the time may do this."), "not_allowed")
    offered = held.kind != UseKind.BOOKING or WaitingEntry.objects.filter(booking=held, status=WaitingStatus.OFFERED).exists()
    if held.status != BookingStatus.HELD or offered:
        raise HoldOver
    return held


def _judged(held: Booking, wish: Wish, *, by: Any, at: datetime) -> Ground:
    """The ground of a hold, when its terms have nothing against the wish. The hold itself is counted in the quota already."""
    may_wish(by, wish, at)
    ground = ground_of(held.space, held.span)
    faults = faults_in(ground, held.span, wish, at)
    if not has_room_in_quota(ground, wish, 0, by=by, at=at):
        faults.append(Fault.QUOTA)
    if faults:
        raise NotPossible(faults)
    return ground
