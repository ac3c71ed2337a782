"""Performances: planned in a venue of ours, on tour, or elsewhere; moved; cancelled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from culture.actions.attendance import write_attendance
from culture.actions.counting import touched
from culture.actions.ground import clean_words, insist_open, locked_performance, with_reason, year_of
from culture.actions.letters import tell_of_cancellation, tell_of_move
from culture.actions.visits import give_to_next
from culture.choices import CancelledBy, OfferStatus, PerformanceStatus, VisitStatus
from culture.models import Offer, Performance, School, Visit
from culture.permissions import may_plan
from facilities import actions as facilities
from facilities.choices import BookingStatus, UseKind
from facilities.models import Space
from facilities.rules.spans import Span
from records import filing
from records.refusals import NotAllowedNow

STANDING = (VisitStatus.PLANNED, VisitStatus.BOOKED, VisitStatus.WAITING)


@transaction.atomic
def plan_performance(
    offer: Offer,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by: Any,
    at: datetime,
    space: Space | None = None,
    is_touring: bool = False,
    host: School | None = None,
    place: str = "",
    seats: int | None = None,
    groups: int | None = None,
    **facts: Any,
) -> Performance:
    """A time at which an offer is given. space: one of our venues, held at once (raises facilities.Taken or NotPossible).

    is_touring: at a school; host may be chosen later, by the plan. place: elsewhere, in words. seats, groups: room, when it is
    less than the offer has. facts: place_step_free, latitude, longitude.
    """
    may_plan(by).or_refuse()
    offer = Offer.objects.select_for_update(of=("self",)).select_related("producer").get(pk=offer.pk)
    if offer.status == OfferStatus.WITHDRAWN:
        raise NotAllowedNow(_("The offer is withdrawn."), "withdrawn")
    if ends_at <= starts_at:
        raise NotAllowedNow(_("The performance ends before it begins."), "backwards")
    year = year_of(starts_at)
    insist_open(year, by, "")
    performance = Performance(
        offer=offer,
        year=year,
        starts_at=starts_at,
        ends_at=ends_at,
        is_touring=is_touring,
        host=host if is_touring else None,
        space=None if is_touring else space,
        place=clean_words(place, 150),
        seats=_least(seats, offer.seats),
        groups=_least(groups, offer.groups),
        **facts,
    )
    _fit_hall(performance)
    if performance.space:
        performance.booking = facilities.take_for(
            performance.space, Span(starts_at, ends_at), UseKind.PERFORMANCE, title=offer.title, by=by, at=at
        )
    performance.save()
    changes = {"performance": [None, performance.pk], "starts_at": [None, starts_at.isoformat()]}
    filing.note(None, "culture.performance_planned", by=by, at=at, changes=changes)
    return performance


@transaction.atomic
def move_performance(
    performance: Performance,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by: Any,
    at: datetime,
    space: Space | None = None,
    place: str = "",
    place_step_free: bool = False,
    reason: str = "",
) -> Performance:
    """Give a performance another time, and another venue of ours if one is named. Its classes come along, if the day suits them.

    place, place_step_free: another place, for a performance that is in none of our venues.

    The schools that have been told are told again. NotAllowedNow when a class already goes somewhere else that day.
    """
    may_plan(by).or_refuse()
    performance = _standing(performance)
    insist_open(performance.year, by, reason)
    if year_of(starts_at) != performance.year:
        raise NotAllowedNow(_("A performance cannot be moved to another school year. Cancel it and plan a new one."), "year")
    if performance.visits.filter(status=VisitStatus.CONFIRMED).exists():
        raise NotAllowedNow(_("Schools have confirmed that they were there."), "confirmed")
    before = performance.starts_at.isoformat()
    new_space = None if performance.is_touring else space or performance.space
    if performance.booking and new_space:
        facilities.move(performance.booking, new_space, Span(starts_at, ends_at), by=by, at=at, reason=reason)
    elif new_space:
        performance.booking = facilities.take_for(
            new_space, Span(starts_at, ends_at), UseKind.PERFORMANCE, title=performance.offer.title, by=by, at=at
        )
    performance.starts_at, performance.ends_at, performance.space = starts_at, ends_at, new_space
    if place and new_space is None and not performance.is_touring:
        performance.place, performance.place_step_free = clean_words(place, 150), place_step_free
    try:
        with transaction.atomic():
            performance.save()
    except IntegrityError as twice:
        raise NotAllowedNow(_("One of its classes goes to something else that day."), "same_day") from twice
    changes = {"performance": [performance.pk, performance.pk], "starts_at": [before, starts_at.isoformat()]}
    filing.note(None, "culture.performance_moved", by=by, at=at, reason=clean_words(reason), changes=changes)
    told = performance.visits.filter(status=VisitStatus.BOOKED).order_by("class_group__key", "pk")
    tell_of_move(performance, list(told.with_all()), at=at)
    return performance


@transaction.atomic
def set_room(
    performance: Performance, *, by: Any, at: datetime, seats: int | None = None, groups: int | None = None
) -> Performance:
    """Say how many people or classes there is room for. Never fewer than have a place already. Who waits gets what comes free."""
    may_plan(by).or_refuse()
    performance = _standing(performance)
    before = [performance.seats, performance.groups]
    performance.seats, performance.groups = seats, groups
    if not seats and not groups:
        raise NotAllowedNow(_("Say how many people or how many classes there is room for."), "capacity")
    _fit_hall(performance)
    if (performance.seats_left or 0) < 0 or (performance.groups_left or 0) < 0:
        raise NotAllowedNow(_("More have a place already. Move a class to another performance first."), "taken")
    performance.save(update_fields=["seats", "groups"])
    changes = {"performance": [performance.pk, performance.pk], "room": [before, [seats, groups]]}
    filing.note(None, "culture.performance_resized", by=by, at=at, changes=changes)
    give_to_next(performance, at=at)
    return performance


@transaction.atomic
def choose_host(performance: Performance, host: School | None, *, by: Any, at: datetime) -> Performance:
    """Say at which school a touring performance is given. Its hall must hold those who have a place."""
    may_plan(by).or_refuse()
    performance = _standing(performance)
    if not performance.is_touring:
        raise NotAllowedNow(_("Only a touring performance has a host school."), "not_touring")
    put_host(performance, host)
    changes = {"performance": [performance.pk, performance.pk], "host": [None, host.code if host else None]}
    filing.note(None, "culture.host_chosen", by=by, at=at, changes=changes)
    return performance


def put_host(performance: Performance, host: School | None) -> None:
    """Under the lock: the host is written, and the room at most that of its hall."""
    performance.host = host
    performance.seats, performance.groups = performance.offer.seats, performance.offer.groups
    _fit_hall(performance)
    if (performance.seats_left or 0) < 0:
        raise NotAllowedNow(_("The hall is too small for those who have a place."), "hall")
    performance.save(update_fields=["host", "seats", "groups"])


@transaction.atomic
def cancel_performance(performance: Performance, *, reason: str, by: Any, at: datetime, correcting: bool = False) -> list[Visit]:
    """Cancel a performance: its venue is given back, its classes go first in the next plan, each school is told once (case 9).

    Refused when schools have confirmed that they were there, unless *correcting*: then their confirmations are corrected to
    "did not take place", with this reason, and the log keeps both (case 10). Returns the visits that came to nothing.
    """
    may_plan(by).or_refuse()
    reason = with_reason(reason, _("Say why the performance is cancelled. The schools get to read it."))
    performance = _standing(performance)
    visits = list(
        performance.visits.select_for_update(of=("self",))
        .select_related("class_group__school", "class_group__year")
        .prefetch_related("parts__fragment")
        .filter(status__in=[*STANDING, VisitStatus.CONFIRMED, VisitStatus.MISSED])
        .order_by("pk")
    )
    insist_open(performance.year, by, reason)
    _correct_confirmed([visit for visit in visits if visit.status == VisitStatus.CONFIRMED], correcting, reason, by, at)
    told = [visit for visit in visits if visit.status != VisitStatus.PLANNED]
    for visit in visits:
        visit.priority = visit.status != VisitStatus.WAITING
        visit.status, visit.cancelled_by, visit.cancel_reason = VisitStatus.CANCELLED, CancelledBy.PERFORMANCE, reason
        visit.attended, visit.surplus = None, 0
        visit.save(update_fields=["priority", "status", "cancelled_by", "cancel_reason", "attended", "surplus"])
    if performance.booking and performance.booking.status == BookingStatus.CONFIRMED:
        facilities.cancel(performance.booking, by=by, at=at, reason=reason)
    Performance.objects.filter(pk=performance.pk).update(
        status=PerformanceStatus.CANCELLED, cancelled_at=at, cancel_reason=reason
    )
    performance.refresh_from_db(fields=["status", "cancelled_at", "cancel_reason", "seats_taken", "groups_taken"])
    changes = {"performance": [performance.pk, None], "classes": [len(visits), 0]}
    filing.note(None, "culture.performance_cancelled", by=by, at=at, reason=reason, changes=changes)
    tell_of_cancellation(performance, told, at=at)
    if visits:
        touched([visit.class_group for visit in visits], performance.year, by=by, at=at, reason=reason)
    return visits


def _correct_confirmed(confirmed: Sequence[Visit], correcting: bool, reason: str, by: Any, at: datetime) -> None:
    schools = len({visit.class_group.school_id for visit in confirmed})
    if confirmed and not correcting:
        sentence = ngettext(
            "One school has confirmed that it was there. Cancelling is then a correction of what it said.",
            "%(n)s schools have confirmed that they were there. Cancelling is then a correction of what they said.",
            schools,
        )
        raise NotAllowedNow(sentence % {"n": schools}, "confirmed")
    for visit in confirmed:
        write_attendance(visit, pupils=0, missed=True, reason=reason, by=by, at=at)


def _standing(performance: Performance) -> Performance:
    performance = locked_performance(performance)
    if performance.status != PerformanceStatus.PLANNED:
        raise NotAllowedNow(_("The performance is cancelled already."), "cancelled")
    return performance


def _fit_hall(performance: Performance) -> None:
    """A touring performance never has more room than its host's hall."""
    if performance.is_touring and performance.host:
        if not performance.host.hall_capacity:
            raise NotAllowedNow(_("We do not know how many people the school's hall holds. Note it on the school first."), "hall")
        performance.seats = _least(performance.host.hall_capacity, performance.seats)


def _least(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)
