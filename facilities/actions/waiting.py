"""The waiting list: what comes free is offered to one at a time, in order, with a time to answer."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.actions.booking import Wish, may_wish, new_booking
from facilities.actions.ground import Ground, clear, ground_of, lock_ground
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
    entry = _locked(entry)
    may_answer_offer(by, entry, at).or_refuse()
    if entry.status not in (WaitingStatus.WAITING, WaitingStatus.OFFERED):
        return entry
    _end(entry, WaitingStatus.WITHDRAWN)
    filing.note(None, "facilities.waiting_withdrawn", by=by, at=at, changes={"waiting": [entry.pk, None]})
    offer_next(entry.space, entry.span, at=at)
    return entry


@transaction.atomic
def offer_next(space: Space, span: Span, *, at: datetime) -> WaitingEntry | None:
    """Hold a time that has come free for the first in line whose whole wish is free now, and write to them.

    None when nobody waits for it, or nobody's wish fits.
    """
    if span.starts <= at:
        return None
    for entry in WaitingEntry.objects.waiting_for(space, span).select_related(
        "space__venue", "association__category", "asked_by"
    ):
        (wished,) = lock_ground(entry.space)
        ground = ground_of(wished, entry.span)
        if entry.starts_at <= at or ground.faults(entry.span, at) or clear(wished, [ground.use(entry.span)], at):
            continue
        fresh = WaitingEntry.objects.select_for_update().get(pk=entry.pk)
        if fresh.status == WaitingStatus.WAITING:
            return _offer(entry, ground, at=at)
    return None


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
    ground = ground_of(booking.space, booking.span)
    asked = new_booking(ground, booking.span, Wish(association=entry.association, form=entry.form), by=by, at=at)
    booking.status, booking.held_until, booking.answer_by = asked.status, None, asked.answer_by
    booking.booked_by, booking.before, booking.after = by, asked.before, asked.after
    booking.rules_accepted_at = at if accepted else None
    booking.save()
    entry.status = WaitingStatus.TAKEN
    entry.save(update_fields=["status"])
    filing.note(None, "facilities.offer_taken", by=by, at=at, changes={"booking": [None, booking.pk]})
    tell("booked", booking, _("Your booking"), at=at)
    return booking


@transaction.atomic
def pass_on(entry: WaitingEntry, *, at: datetime) -> WaitingEntry:
    """An offer that nobody answered goes to the next in line. Harmless twice, and before its time."""
    entry = _locked(entry)
    if entry.status != WaitingStatus.OFFERED or entry.offered_until is None or entry.offered_until > at:
        return entry
    _end(entry, WaitingStatus.PASSED)
    filing.note(None, "facilities.offer_passed", at=at, changes={"waiting": [entry.pk, None]})
    offer_next(entry.space, entry.span, at=at)
    return entry


def sweep(at: datetime) -> int:
    """Pass on offers that ran out and take away holds that ran out. How many there were; 0 the second time."""
    ran_out = list(WaitingEntry.objects.ran_out(at))
    for entry in ran_out:
        pass_on(entry, at=at)
    lapsed = Booking.objects.lapsed_holds(at).update(status=BookingStatus.LAPSED, held_until=None)
    return len(ran_out) + lapsed


def _offer(entry: WaitingEntry, ground: Ground, *, at: datetime) -> WaitingEntry:
    wish = Wish(association=entry.association, form=entry.form, title=entry.title, people=entry.people)
    booking = new_booking(ground, entry.span, wish, by=entry.asked_by, at=at)
    put_price(booking)
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


def _locked(entry: WaitingEntry) -> WaitingEntry:
    """The entry as it is now: its ground first, then its row."""
    lock_ground(entry.space)
    return (
        WaitingEntry.objects.select_for_update(of=("self",))
        .select_related("space__venue", "association__category", "asked_by")
        .get(pk=entry.pk)
    )
