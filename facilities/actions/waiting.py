"""The waiting list: what comes free is offered in order, each time to one at a time, with a time to answer."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.actions.booking import Wish, faults_in, has_room_in_quota, may_wish, new_booking
from facilities.actions.ground import clear, ground_of, lock_ground, locked
from facilities.actions.letters import tell, tell_waiting
from facilities.actions.prices import put_price
from facilities.choices import BookingStatus, WaitingStatus
from facilities.models import Booking, Space, WaitingEntry
from facilities.permissions import may_answer_offer
from facilities.rules.spans import Span
from records import filing
from records.refusals import NotAllowedNow

OFFER = timedelta(hours=24)  # to answer, or until the time begins


@transaction.atomic
def wait_for(
    space: Space,
    span: Span,
    association: Association,
    *,
    form: str,
    by: Any,
    at: datetime,
    title: str = "",
    people: int | None = None,
) -> WaitingEntry:
    """Stand in line for a time. Once per association and time; asked again it answers with the place that is there."""
    may_wish(by, Wish(association=association, form=form), at)
    if span.starts <= at:
        raise NotAllowedNow(_("The time has already begun or passed."), "past")
    entry, made = WaitingEntry.objects.get_or_create(
        space=space,
        association=association,
        starts_at=span.starts,
        ends_at=span.ends,
        status__in=[WaitingStatus.WAITING, WaitingStatus.OFFERED],
        defaults={"asked_by": by, "made_at": at, "form": form, "title": title, "people": people},
    )
    if made:
        filing.note(None, "facilities.waiting", by=by, at=at, changes={"waiting": [None, entry.pk]})
    return entry


@transaction.atomic
def stop_waiting(entry: WaitingEntry, *, by: Any, at: datetime) -> WaitingEntry:
    """Leave the line, or say no to an offer, which then goes to the next. Harmless twice."""
    entry = _locked(entry, alone=True)
    may_answer_offer(by, entry, at).or_refuse()
    if entry.status not in (WaitingStatus.WAITING, WaitingStatus.OFFERED):
        return entry
    _end(entry, WaitingStatus.WITHDRAWN)
    filing.note(None, "facilities.waiting_withdrawn", by=by, at=at, changes={"waiting": [entry.pk, None]})
    offer_next(entry.space, entry.span, at=at)
    return entry


@transaction.atomic
def offer_next(space: Space, span: Span, *, at: datetime) -> WaitingEntry | None:
    """Hold what has come free for those in line, first come first, whose whole wish is free now, and write to them.

    The first of them; None when nobody waits, or nobody's wish fits. Whoever freed the time has the venue alone since then.
    """
    lock_ground(space, alone=True)
    if span.ends <= at:
        return None
    offered = []
    waiting = WaitingEntry.objects.waiting_for(space, span).filter(starts_at__gt=at)
    for entry in waiting.select_related("space__venue", "association__category", "asked_by"):
        if booking := _free_for(entry, at):
            offered.append(_offer(entry, booking, at=at))
    return offered[0] if offered else None


def _free_for(entry: WaitingEntry, at: datetime) -> Booking | None:
    """What they wait for as a priced booking, unsaved; None when it cannot be had now."""
    wish = Wish(association=entry.association, form=entry.form, title=entry.title, people=entry.people)
    ground = ground_of(entry.space, entry.span)
    if faults_in(ground, entry.span, wish, at) or not has_room_in_quota(ground, wish, 1, by=entry.asked_by, at=at):
        return None
    if clear(entry.space, [ground.use(entry.span)], at):
        return None
    booking = new_booking(ground, entry.span, wish, by=entry.asked_by, at=at)
    try:
        put_price(booking)
    except NotAllowedNow:  # there is no price for it, which is nothing that whoever freed the time can help
        return None
    return booking


@transaction.atomic
def take_offer(entry: WaitingEntry, *, by: Any, at: datetime, accepted: bool = False) -> Booking:
    """Take what is offered. Of two at once the first gets it; NotAllowedNow for the other, and when time has run out.

    accepted: whoever takes it has accepted the venue's rules.
    """
    entry = _locked(entry)
    may_answer_offer(by, entry, at).or_refuse()
    if entry.status != WaitingStatus.OFFERED or entry.offered_until is None or entry.offered_until <= at:
        raise NotAllowedNow(_("The offer is no longer open."), "offer_over")
    related = ("space__venue", "association__category", "booked_by")
    booking = Booking.objects.select_for_update(of=("self",)).select_related(*related).get(waited_for=entry)
    if booking.status != BookingStatus.HELD:
        raise NotAllowedNow(_("The offer is no longer open."), "offer_over")
    ground = ground_of(booking.space, booking.span)
    asked = new_booking(ground, booking.span, Wish(association=entry.association, form=entry.form), by=by, at=at)
    booking.status, booking.held_until, booking.answer_by = asked.status, None, asked.answer_by
    booking.booked_by, booking.rules_accepted_at = by, at if accepted else None
    booking.save()
    entry.status = WaitingStatus.TAKEN
    entry.save(update_fields=["status"])
    filing.note(None, "facilities.offer_taken", by=by, at=at, changes={"booking": [None, booking.pk]})
    if booking.status == BookingStatus.CONFIRMED:
        tell("booked", booking, _("Your booking"), at=at)
    else:
        tell("requested", booking, _("Your request"), at=at)
    return booking


@transaction.atomic
def pass_on(entry: WaitingEntry, *, at: datetime) -> WaitingEntry:
    """An offer that nobody answered goes to the next in line. Harmless twice, and before its time."""
    entry = _locked(entry, alone=True)
    if entry.status != WaitingStatus.OFFERED or entry.offered_until is None or entry.offered_until > at:
        return entry
    _end(entry, WaitingStatus.PASSED)
    filing.note(None, "facilities.offer_passed", at=at, changes={"waiting": [entry.pk, None]})
    offer_next(entry.space, entry.span, at=at)
    return entry


def sweep(at: datetime) -> int:
    """Pass on offers that ran out, and let holds go that ran out. How many there were; 0 the second time."""
    ran_out = list(WaitingEntry.objects.ran_out(at))
    for entry in ran_out:
        pass_on(entry, at=at)
    return len(ran_out) + sum(_let_go(held, at=at) for held in Booking.objects.lapsed_holds(at))


@transaction.atomic
def _let_go(held: Booking, *, at: datetime) -> bool:
    """Whether it was there to let go: somebody may have booked over it, or filled it in, meanwhile."""
    held = locked(held, alone=True)
    if held.status != BookingStatus.HELD or held.held_until is None or held.held_until > at:
        return False
    lapse(held, at=at)
    return True


def lapse(held: Booking, *, at: datetime) -> None:
    """Take a hold away, under the lock of one who has the venue alone; its time goes to the next in line."""
    held.status, held.held_until = BookingStatus.LAPSED, None
    held.save(update_fields=["status", "held_until"])
    offer_next(held.space, held.span, at=at)


def _offer(entry: WaitingEntry, booking: Booking, *, at: datetime) -> WaitingEntry:
    until = min(at + OFFER, entry.starts_at)
    booking.status, booking.held_until, booking.answer_by = BookingStatus.HELD, until, None
    booking.save()
    entry.status, entry.offered_until, entry.booking = WaitingStatus.OFFERED, until, booking
    entry.save(update_fields=["status", "offered_until", "booking"])
    filing.note(None, "facilities.offered", at=at, changes={"waiting": [entry.pk, entry.pk], "booking": [None, booking.pk]})
    tell_waiting(entry, booking, _("A time has come free"), at=at)
    return entry


def _end(entry: WaitingEntry, status: str) -> None:
    if entry.booking_id:
        Booking.objects.filter(pk=entry.booking_id, status=BookingStatus.HELD).update(
            status=BookingStatus.LAPSED, held_until=None
        )
    entry.status = status
    entry.save(update_fields=["status"])


def _locked(entry: WaitingEntry, *, alone: bool = False) -> WaitingEntry:
    """The entry as it is now: its ground first (alone: as lock_ground), then its row."""
    lock_ground(entry.space, alone=alone)
    return (
        WaitingEntry.objects.select_for_update(of=("self",))
        .select_related("space__venue", "association__category", "asked_by")
        .get(pk=entry.pk)
    )
