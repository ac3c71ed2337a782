"""Hold a time while the form is filled, and book it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.actions.ground import Ground, NotPossible, Taken, clear, ground_of, lock_ground, lock_person
from facilities.actions.letters import tell
from facilities.actions.prices import put_price
from facilities.choices import BookingStatus, UseForm, UseKind
from facilities.models import Booking, HirerCategory, Space
from facilities.permissions import may_book_for, may_keep_bookings, may_take_for
from facilities.rules.spans import Span
from facilities.rules.terms import Fault, answer_by, within_quota
from records import filing
from records.refusals import NotAllowedNow

HOLD = timedelta(minutes=10)
MOST_HOLDS = 3  # times that one person may keep for themselves while forms are filled

# What staff may set aside when they book for somebody, with a reason.
_SET_ASIDE = frozenset(
    {
        Fault.NOT_BOOKABLE,
        Fault.TOO_SHORT,
        Fault.TOO_LONG,
        Fault.OFF_GRID,
        Fault.TOO_SOON,
        Fault.TOO_FAR_AHEAD,
        Fault.QUOTA,
        Fault.TOO_YOUNG,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to book. hirer_name, hirer: for those who are no association (only staff book for them).

    young: of the people, how many are under 25. age: of the person responsible. accepted_at: when the rules were
    accepted.
    """

    association: Association | None = None
    hirer_name: str = ""
    hirer: HirerCategory | None = None
    from_elsewhere: bool = False
    title: str = ""
    form: str = UseForm.TRAINING
    people: int | None = None
    young: int | None = None
    women: int | None = None
    men: int | None = None
    age: int | None = None
    accepted_at: datetime | None = None
    on_behalf: bool = False
    reason: str = ""


@transaction.atomic
def hold(space: Space, span: Span, wish: Wish, *, by: Any, at: datetime) -> Booking:
    """Keep a time for ten minutes while the form is filled; its price is on it. Raises Taken or NotPossible.

    A hold that runs out is free for others at once: nothing has to be swept first.
    """
    _may_book(by, wish, at)
    lock_person(by)
    (space,) = lock_ground(space)
    mine = Booking.objects.filter(booked_by=by, status=BookingStatus.HELD, held_until__gt=at, waited_for=None)
    mine = mine.filter(kind=UseKind.BOOKING)  # season times on offer are held in their own way
    if mine.count() >= MOST_HOLDS:
        raise NotAllowedNow(_("You are holding several times already. Book them or let them go first."), "holds")
    booking = _made(ground_of(space, span), span, wish, by=by, at=at)
    booking.status, booking.held_until, booking.answer_by = BookingStatus.HELD, at + HOLD, None
    booking.save()
    filing.note(None, "facilities.held", by=by, at=at, changes={"booking": [None, booking.pk]})
    return booking


@transaction.atomic
def book(space: Space, span: Span, wish: Wish, *, by: Any, at: datetime, held: Booking | None = None) -> Booking:
    """Book a time, or ask for it where a person answers requests; the price is frozen on it and a letter is posted.

    held: the hold that the person has had meanwhile; it makes room for the booking. Raises Taken (with what is in the way) or
    NotPossible (with the terms that say no); then nothing is held.
    """
    _may_book(by, wish, at)
    spaces = lock_ground(space, *([held.space] if held else []))
    if held:
        Booking.objects.filter(pk=held.pk, booked_by=by, status=BookingStatus.HELD).update(
            status=BookingStatus.LAPSED, held_until=None
        )
    booking = _made(ground_of(spaces[0], span), span, wish, by=by, at=at)
    booking.save()
    confirmed = booking.status == BookingStatus.CONFIRMED
    verb = "facilities.booked" if confirmed else "facilities.requested"
    filing.note(None, verb, by=by, at=at, reason=wish.reason, changes={"booking": [None, booking.pk]})
    if confirmed:
        tell("booked", booking, _("Your booking"), at=at)
    else:
        tell("requested", booking, _("Your request"), at=at)
    return booking


@transaction.atomic
def take_for(space: Space, span: Span, kind: str, *, title: str, by: Any, at: datetime, reason: str = "") -> Booking:
    """The municipality's own use or a culture performance: opening hours and other uses count, prices and quotas do not."""
    may_take_for(by, kind).or_refuse()
    (space,) = lock_ground(space)
    ground = ground_of(space, span)
    if faults := [fault for fault in ground.faults(span, at) if fault not in _SET_ASIDE]:
        raise NotPossible(faults)
    if found := clear(space, [ground.use(span)], at):
        raise Taken(found)
    booking = new_booking(ground, span, Wish(title=title, form="", reason=reason), by=by, at=at)
    booking.kind, booking.status = kind, BookingStatus.CONFIRMED
    booking.save()
    filing.note(None, "facilities.booked", by=by, at=at, reason=reason, changes={"booking": [None, booking.pk]})
    return booking


def new_booking(ground: Ground, span: Span, wish: Wish, *, by: Any, at: datetime) -> Booking:
    """An unsaved, unpriced booking of a wish. Requested where a person answers requests, otherwise confirmed."""
    asks = ground.rules.needs_approval and not wish.on_behalf
    return Booking(
        kind=UseKind.BOOKING,
        status=BookingStatus.REQUESTED if asks else BookingStatus.CONFIRMED,
        answer_by=answer_by(at, ground.rules.answer_days) if asks else None,
        space=ground.space,
        starts_at=span.starts,
        ends_at=span.ends,
        before=ground.rules.before,
        after=ground.rules.after,
        association=wish.association,
        hirer_name=wish.hirer_name,
        hirer=wish.hirer,
        from_elsewhere=wish.from_elsewhere,
        title=wish.title,
        form=wish.form,
        people=wish.people,
        young=wish.young,
        women=wish.women,
        men=wish.men,
        booked_by=by,
        on_behalf=wish.on_behalf,
        reason=wish.reason,
        made_at=at,
        rules_accepted_at=wish.accepted_at,
    )


def faults_in(ground: Ground, span: Span, wish: Wish, at: datetime) -> list[Fault]:
    """What the terms have against a wish, its quota left out; what staff may set aside is left out for them."""
    found = ground.faults(span, at, people=wish.people, age=wish.age)
    return [fault for fault in found if not (wish.on_behalf and fault in _SET_ASIDE)]


def has_room_in_quota(ground: Ground, wish: Wish, new: int, *, by: Any, at: datetime) -> bool:
    """Whether the hirer may have *new* more coming bookings here. Under the locks; at most one query."""
    if ground.terms.quota is None or wish.on_behalf:
        return True
    live = Booking.objects.counted_against_quota(ground.space, at)
    live = live.filter(association=wish.association) if wish.association else live.filter(association=None, booked_by=by)
    return within_quota(live.count(), new, ground.terms.quota)


def may_wish(by: Any, wish: Wish, at: datetime) -> None:
    """Refuses those who may not book for the hirer of the wish."""
    _may_book(by, wish, at)


def _may_book(by: Any, wish: Wish, at: datetime) -> None:
    if wish.on_behalf:
        may_keep_bookings(by).or_refuse()
        if not wish.reason.strip():
            raise NotAllowedNow(_("Say why you book for somebody else."), "no_reason")
        if wish.association is None and not wish.hirer_name.strip():
            raise NotAllowedNow(_("Say who hires."), "no_hirer")
        return
    if wish.association is None:
        raise NotAllowedNow(_("Choose the association that you book for."), "no_hirer")
    may_book_for(by, wish.association, at).or_refuse()


def _made(ground: Ground, span: Span, wish: Wish, *, by: Any, at: datetime) -> Booking:
    """A priced booking that nothing speaks against, not saved yet. Raises NotPossible or Taken."""
    faults = faults_in(ground, span, wish, at)
    if not has_room_in_quota(ground, wish, 1, by=by, at=at):
        faults.append(Fault.QUOTA)
    if faults:
        raise NotPossible(faults)
    if found := clear(ground.space, [ground.use(span)], at):
        raise Taken(found)
    booking = new_booking(ground, span, wish, by=by, at=at)
    put_price(booking)
    return booking
