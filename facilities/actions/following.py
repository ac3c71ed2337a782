"""During the season: a time that is not needed is given back in one press and offered to the next in order, for a while."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from associations.actions import dossier
from facilities.actions.changes import cancel_each
from facilities.actions.ground import lock_ground
from facilities.actions.proposals import version_of
from facilities.actions.season_bookings import book_time
from facilities.actions.waiting import offer_next
from facilities.choices import TAKES_SPACE, BookingStatus, TimeOfferStatus, TimeStatus
from facilities.models import Booking, SeasonRound, SeasonTime, Section, Space, TimeOffer
from facilities.permissions import may_book_for, may_keep_bookings
from facilities.rules.allocation.following import next_in_order, time_within
from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.problem import Problem
from facilities.rules.opening import local_span
from facilities.rules.season_use import offer_ends
from records import filing
from records.refusals import Answer, NotAllowedNow
from records.values import local_day

_WEEK = timedelta(days=7)


def may_release(user: Any, time: SeasonTime, at: datetime) -> Answer:
    """Who gives a season's time back: those who speak for the association, and the municipality's staff."""
    return answer if (answer := may_keep_bookings(user)) else may_book_for(user, time.association, at)


@transaction.atomic
def release_day(time: SeasonTime, day: date, *, by: Any, at: datetime, reason: str = "") -> TimeOffer | None:
    """Give one date back; the rest of the series stays. The offer that it led to; None when nobody is next in order: then it is
    free for all, those in the waiting list first.

    Giving back late costs what cancelling late costs. NotAllowedNow when the date is not the association's any more.
    """
    may_release(by, time, at).or_refuse()
    time = _locked(time)
    bookings = _bookings(time, day, day + timedelta(days=1), at)
    if not bookings:
        raise NotAllowedNow(_("That date is given back already, or has passed."), "no_date")
    _let_go(bookings, by=by, at=at, reason=reason)
    changes = {"time": [time.pk, time.pk], "day": [day.isoformat(), None]}
    filing.note(None, "facilities.season_day_released", by=by, at=at, reason=reason, changes=changes)
    return _offer_or_free(time, day, bookings, at=at)


@transaction.atomic
def release_days(time: SeasonTime, days: Iterable[date], *, by: Any, at: datetime) -> int:
    """Give several dates back, all or none. How many of them are offered to another group."""
    return sum(release_day(time, day, by=by, at=at) is not None for day in days)


@transaction.atomic
def release_rest(time: SeasonTime, *, since: date, by: Any, at: datetime, reason: str = "") -> TimeOffer | None:
    """Give the time back from a day on. As release_day."""
    may_release(by, time, at).or_refuse()
    return end_time(time, TimeStatus.RELEASED, since=since, by=by, at=at, reason=reason)


def end_time(time: SeasonTime, status: str, *, since: date, by: Any, at: datetime, reason: str) -> TimeOffer | None:
    """A standing time ends: its coming bookings go, and it is offered to the next in order. In a transaction."""
    time = _locked(time)
    if time.status != TimeStatus.STANDING:
        raise NotAllowedNow(_("The time is given back already."), "ended")
    if since < local_day(at):
        raise NotAllowedNow(_("Choose a day that has not passed."), "past")
    since = max(since, time.since)
    bookings = _bookings(time, since, time.until, at)
    _let_go(bookings, by=by, at=at, reason=reason, without_fee=status == TimeStatus.TAKEN_BACK)
    time.status, time.ended_on, time.reason = status, since, reason[:300]
    time.save(update_fields=["status", "ended_on", "reason"])
    changes = {"time": [time.pk, status], "day": [since.isoformat(), None]}
    filing.note(None, "facilities.season_time_ended", by=by, at=at, reason=reason, changes=changes)
    return _offer_or_free(time, None, bookings, at=at) if bookings else None


@transaction.atomic
def take_time(offer: TimeOffer, *, by: Any, at: datetime) -> SeasonTime:
    """Take what is offered. Of two at once the first gets it; NotAllowedNow for the other, and when time has run out."""
    may_book_for(by, offer.section.wishes.association, at).or_refuse()
    offer = _locked_offer(offer)
    if offer.status != TimeOfferStatus.OFFERED or offer.open_until <= at or offer.given is None:
        raise NotAllowedNow(_("The offer is no longer open."), "offer_over")
    given = _locked(offer.given)
    held = Booking.objects.filter(series__season_hold__time=given, status=BookingStatus.HELD)
    if not held.update(status=BookingStatus.CONFIRMED, held_until=None, booked_by=by):
        raise NotAllowedNow(_("The offer is no longer open."), "offer_over")
    given.status = TimeStatus.STANDING
    given.save(update_fields=["status"])
    _answer(offer, TimeOfferStatus.TAKEN, by=by, at=at)
    changes = {"offer": [offer.pk, offer.pk], "time": [None, given.pk]}
    filing.note(None, "facilities.season_time_taken", by=by, at=at, changes=changes)
    return given


@transaction.atomic
def decline_time(offer: TimeOffer, *, by: Any, at: datetime) -> TimeOffer | None:
    """Say no: the time goes to the next in order, whose offer is returned. Harmless twice, and after an answer."""
    may_book_for(by, offer.section.wishes.association, at).or_refuse()
    offer = _locked_offer(offer)
    if offer.status != TimeOfferStatus.OFFERED:
        return None
    filing.note(None, "facilities.season_time_declined", by=by, at=at, changes={"offer": [offer.pk, None]})
    return _pass_on(offer, TimeOfferStatus.DECLINED, by=by, at=at)


@transaction.atomic
def pass_on_time(offer: TimeOffer, *, at: datetime) -> bool:
    """An offer that nobody answered in time goes to the next in order. Harmless twice, and before its time."""
    offer = _locked_offer(offer)
    if offer.status != TimeOfferStatus.OFFERED or offer.open_until > at:
        return False
    filing.note(None, "facilities.season_time_passed", at=at, changes={"offer": [offer.pk, None]})
    _pass_on(offer, TimeOfferStatus.PASSED, by=None, at=at)
    return True


def pass_on_times(at: datetime) -> int:
    """Every minute: offers of season times that ran out. How many there were; 0 the second time."""
    return sum(pass_on_time(offer, at=at) for offer in TimeOffer.objects.ran_out(at).order_by("pk"))


def standing_plan(
    season: SeasonRound, problem: Problem, plan: Plan, *, without: SeasonTime | None = None, day: date | None = None
) -> Plan:
    """The decided plan as it stands now, with what has been given back, taken back and given anew. Two queries.

    without: a time that is looked away from. day: with the times that somebody has on that date only; times of other single dates
    are no weekly times.
    """
    halls = {hall.key: hall for hall in problem.halls}
    sections = {section.key: section for section in problem.sections}
    passes = []
    rows = season.times.filter(status__in=[TimeStatus.STANDING, TimeStatus.OFFERED])
    for time in rows.prefetch_related("holds"):
        key, hall = str(time.section_id), halls.get(str(time.hall_id))
        is_weekly = time.until - time.since > timedelta(days=1)
        if time != without and key in sections and hall is not None and (is_weekly or time.since == day):
            leaves = frozenset[str]().union(*(hall.leaves_of(str(hold.space_id)) for hold in time.holds.all()))
            spaces = sections[key].spaces
            wish = next((place for place, each in enumerate(spaces) if each.hall == hall.key), len(spaces))
            passes.append(Pass(key, time.weekday, time.starts, time.ends, hall.key, tuple(sorted(leaves)), wish))
    return replace(plan, passes=tuple(sorted(passes)))


# Offers -----------------------------------------------------------------------------------------------------------------------


def _offer_or_free(time: SeasonTime, day: date | None, bookings: Sequence[Booking], *, at: datetime) -> TimeOffer | None:
    offer = _offer_next_in_order(time, day, at=at)
    for booking in bookings if offer is None else ():
        offer_next(booking.space, booking.span, at=at)
    return offer


def _offer_next_in_order(time: SeasonTime, day: date | None, *, at: datetime) -> TimeOffer | None:
    """Hold the time for the first in order who can have some of it, and write to them. None when nobody can."""
    first = day or _next_date(time, at)
    season = SeasonRound.objects.select_related("shown__run", "principles").get(pk=time.season_id)
    begins = local_span(first, time.starts, time.ends).starts
    ends = offer_ends(at, begins, rest=day is None)
    if season.shown is None or ends is None or first >= time.until:
        return None
    version = version_of(season.shown.run, season.shown)
    plan = standing_plan(season, version.problem, version.plan, without=time, day=day)
    released = _as_pass(time, version.problem)
    asked = TimeOffer.objects.filter(time=time, day=day)
    passed = [str(pk) for pk in asked.values_list("section", flat=True)]
    if time.section_id:
        passed.append(str(time.section_id))
    wished = Section.objects.filter(wishes__season=season)
    rows = wished.select_related("wishes__association", "wishes__handed_in_by").in_bulk()
    for order, each in enumerate(next_in_order(version.problem, plan, released, passed), len(passed)):
        within = time_within(version.problem, plan, released, each.section)
        section = rows.get(int(each.section))
        if within is None or section is None:
            continue
        offer = TimeOffer(time=time, day=day, section=section, rung=each.rung, draw=each.draw, order=max(1, order))
        offer.offered_at, offer.open_until = at, ends
        if _held_for(offer, within, first, at=at):
            return offer
    return None


def _held_for(offer: TimeOffer, within: tuple[int, int], first: date, *, at: datetime) -> bool:
    """Hold the time for the group of an offer; False, with nothing written, when not one date of it can be had."""
    time, section = offer.time, offer.section
    try:
        with transaction.atomic():
            given = SeasonTime.objects.create(
                season_id=time.season_id,
                association=section.wishes.association,
                section=section,
                hall_id=time.hall_id,
                weekday=time.weekday,
                starts=within[0],
                ends=within[1],
                since=first,
                until=first + timedelta(days=1) if offer.day else time.until,
                status=TimeStatus.OFFERED,
                made_at=at,
                before=time,
            )
            spaces = list(Space.objects.filter(pk__in=time.holds.values("space")).select_related("venue").order_by("pk"))
            made = book_time(given, spaces, by=section.wishes.handed_in_by, at=at, held_until=offer.open_until)
            if not made.bookings:
                raise _NothingToHold
            offer.given = given
            offer.save()
    except _NothingToHold:
        return False
    changes = {"offer": [None, offer.pk], "time": [time.pk, given.pk]}
    filing.note(None, "facilities.season_time_offered", at=at, changes=changes)
    _write(offer, at=at)
    return True


class _NothingToHold(Exception):
    """The way out of the transaction."""


def _pass_on(offer: TimeOffer, status: str, *, by: Any, at: datetime) -> TimeOffer | None:
    if offer.given is not None:
        given = _locked(offer.given)
        held = Booking.objects.filter(series__season_hold__time=given, status=BookingStatus.HELD)
        held.update(status=BookingStatus.LAPSED, held_until=None)
        given.status, given.ended_on = TimeStatus.NOT_TAKEN, given.since
        given.save(update_fields=["status", "ended_on"])
    _answer(offer, status, by=by, at=at)
    following = _offer_next_in_order(offer.time, offer.day, at=at)
    if following is None and offer.given is not None:
        lapsed = Booking.objects.filter(series__season_hold__time=offer.given, starts_at__gt=at)
        for booking in lapsed.select_related("space").order_by("starts_at", "pk"):
            offer_next(booking.space, booking.span, at=at)
    return following


def _answer(offer: TimeOffer, status: str, *, by: Any, at: datetime) -> None:
    offer.status, offer.answered_at, offer.answered_by = status, at, by
    offer.save(update_fields=["status", "answered_at", "answered_by"])


def _write(offer: TimeOffer, *, at: datetime) -> None:
    association = offer.section.wishes.association
    with translation.override(settings.LANGUAGE_CODE):
        subject = gettext("A time has come free for %(group)s") % {"group": offer.section.name}
    filing.post_letter(
        None,
        key=f"facilities.season_offer.{offer.pk}",
        to=dossier.addresses(association, at=at),
        addressee=association.name,
        subject=subject,
        template="letters/facilities/season_offer.html",
        context={"offer": offer, "given": offer.given, "site": settings.SITE_URL},
        at=at,
    )


# What a time has --------------------------------------------------------------------------------------------------------------


def _as_pass(time: SeasonTime, problem: Problem) -> Pass:
    hall = next(each for each in problem.halls if each.key == str(time.hall_id))
    leaves = frozenset[str]().union(*(hall.leaves_of(str(hold.space_id)) for hold in time.holds.all()))
    return Pass(str(time.section_id or 0), time.weekday, time.starts, time.ends, hall.key, tuple(sorted(leaves)), 0)


def _next_date(time: SeasonTime, at: datetime) -> date:
    """The first date that has not come, from the day on which the time ended."""
    since = max(time.ended_on or time.since, local_day(at))
    day = since + timedelta(days=(time.weekday - since.weekday()) % 7)
    return day if local_span(day, time.starts, time.ends).starts > at else day + _WEEK


def _bookings(time: SeasonTime, since: date, until: date, at: datetime) -> list[Booking]:
    """Its bookings on local days [since, until) that have not begun, their ground locked."""
    lock_ground(*Space.objects.filter(pk__in=time.holds.values("space")).order_by("pk"), alone=True)
    rows = Booking.objects.filter(series__season_hold__time=time, status__in=TAKES_SPACE, starts_at__gt=at)
    found = rows.select_related("space__venue", "association", "booked_by").order_by("starts_at", "pk")
    return [each for each in found if since <= local_day(each.starts_at) < until]


def _let_go(bookings: Iterable[Booking], *, by: Any, at: datetime, reason: str, without_fee: bool = False) -> None:
    cancel_each(bookings, by=by, at=at, reason=reason, make_way=True, without_fee=without_fee)


def _locked(time: SeasonTime) -> SeasonTime:
    return SeasonTime.objects.select_for_update(of=("self",)).select_related("association", "section").get(pk=time.pk)


def _locked_offer(offer: TimeOffer) -> TimeOffer:
    rows = TimeOffer.objects.select_for_update(of=("self",))
    return rows.select_related("time", "given", "section__wishes__association", "section__wishes__handed_in_by").get(pk=offer.pk)


def coming_bookings(times: Iterable[SeasonTime], *, at: datetime) -> dict[int, list[Booking]]:
    """time key -> one booking for each local day on which it has one that has not begun, in order. One query."""
    keys = [time.pk for time in times]
    rows = Booking.objects.filter(series__season_hold__time__in=keys, status__in=TAKES_SPACE, starts_at__gt=at)
    rows = rows.select_related("space__venue", "association", "hirer", "tariff", "series__season_hold")
    found: dict[int, dict[date, Booking]] = {key: {} for key in keys}
    for row in rows.order_by("starts_at", "pk"):
        if row.series is not None:
            found[row.series.season_hold.time_id].setdefault(local_day(row.starts_at), row)
    return {key: list(of_time.values()) for key, of_time in found.items()}
