"""Our season times as associations use them: dates given back, offers answered, blocks divided, notices answered."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request, signed_in
from facilities import actions
from facilities.choices import TimeOfferStatus, TimeStatus
from facilities.forms.follow import DaysForm, RestForm, ShareFormSet, WordsForm
from facilities.models import Booking, SeasonClash, SeasonTime, TimeOffer, UseNotice
from facilities.permissions import may_book_for
from facilities.views.doors import current_association, received_at
from facilities.views.follow_words import when_words
from facilities.wording import CLASHES
from records.refusals import NotAllowedNow
from records.values import local_day

Lost = tuple[SeasonClash, Any]  # a day that could not be booked, and why
SHOWN = 60  # coming dates of a time that can be chosen


@signed_in
@require_GET
def season_times(request: Request) -> HttpResponse:
    """Our standing times, season by season: the next date, the days that could not be booked; offers that wait for us, notices.

    Six queries.
    """
    association, at = current_association(request), received_at(request)
    if association is None:
        return render(request, "facilities/season/follow_list.html", {"association": None})
    rows = SeasonTime.objects.standing().filter(association=association, until__gt=local_day(at))
    times = list(
        rows.select_related("season", "section", "hall__venue").order_by("season__since", "season", "weekday", "starts", "pk")
    )
    coming = actions.coming_bookings(times, at=at)
    first = [bookings[0] for bookings in coming.values() if bookings]
    costs = {cost.booking.pk: cost for cost in actions.cancelling(first, by=request.user, at=at)} if first else {}
    lost = _lost(times, since=local_day(at))
    offers = TimeOffer.objects.filter(section__wishes__association=association, status=TimeOfferStatus.OFFERED)
    context = {
        "association": association,
        "seasons": [
            (season, [_row(time, coming[time.pk][:1], costs, lost) for time in together])
            for season, together in groupby(times, key=lambda time: time.season)
        ],
        "offers": [
            (offer, when_words(offer.given))
            for offer in offers.filter(open_until__gt=at).select_related("given__hall__venue", "section").order_by("open_until")
            if offer.given
        ],
        "notices": UseNotice.objects.open().filter(time__association=association).select_related("time"),
    }
    return render(request, "facilities/season/follow_list.html", context)


@signed_in
@require_GET
def season_own_times(request: Request, pk: int) -> HttpResponse:
    """The address in letters that are sent: the times of one season now stand with all the others."""
    return redirect(reverse("facilities:season_times") + f"#s{pk}", permanent=True)


def _row(
    time: SeasonTime, following: Sequence[Booking], costs: dict[int, actions.Cost], lost: dict[int, list[Lost]]
) -> tuple[Any, ...]:
    return time, when_words(time), [costs[each.pk] for each in following], actions.is_block(time), lost.get(time.pk, [])


def _lost(times: Iterable[SeasonTime], since: date | None = None) -> dict[int, list[Lost]]:
    """Time key -> its days that could not be booked, from a day on. One query."""
    rows = SeasonClash.objects.filter(hold__time__in=list(times)).select_related("hold").order_by("day", "pk")
    found: dict[int, list[Lost]] = {}
    for clash in rows if since is None else rows.filter(day__gte=since):
        found.setdefault(clash.hold.time_id, []).append((clash, CLASHES[clash.why]))
    return found


@signed_in
@require_GET
def season_time(request: Request, pk: int) -> HttpResponse:
    """One of our times: the coming dates, what can be given back, the block's groups. Constant queries."""
    time = _time_or_404(request, pk)
    return _time_page(request, time)


@signed_in
@require_POST
def season_time_release(request: Request, pk: int) -> HttpResponse:
    """Give back the dates that are chosen, in one press."""
    time, at = _time_or_404(request, pk), received_at(request)
    form = DaysForm(request.POST, costs=_costs(request, time, at))
    if not form.is_valid():
        return _time_page(request, time, days=form, status=422)
    days = form.chosen()
    try:
        offered = actions.release_days(time, days, by=request.user, at=at)
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
        return redirect("facilities:season_time", pk)
    said = ngettext("%(n)s date is given back.", "%(n)s dates are given back.", len(days)) % {"n": len(days)}
    if offered:
        said += " " + ngettext("It is offered to another group.", "%(n)s of them are offered to other groups.", offered) % {
            "n": offered
        }
    messages.success(request, said + " " + _("Thank you: somebody else can train then."))
    return redirect("facilities:season_time", pk)


@signed_in
@require_http_methods(["GET", "POST"])
def season_time_end(request: Request, pk: int) -> HttpResponse:
    """Give the rest of the season back."""
    time, at = _time_or_404(request, pk), received_at(request)
    form = RestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.release_rest(time, since=form.cleaned_data["since"], by=request.user, at=at)
        except NotAllowedNow as refused:
            form.add_error("since" if refused.code == "past" else None, str(refused))
        else:
            messages.success(request, _("The time is given back. Thank you: it goes to the next in order."))
            return redirect("facilities:season_times")
    context = {"time": time, "words": when_words(time), "form": form, "costs": _costs(request, time, at)}
    return render(request, "facilities/season/follow_end.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def season_block(request: Request, pk: int) -> HttpResponse:
    """Divide a block among our groups, or divide it anew."""
    time, at = _time_or_404(request, pk), received_at(request)
    if not actions.is_block(time):
        raise Http404
    names = ("name", "starts", "ends", "age_from", "age_to", "girls", "boys")
    initial = [{name: getattr(share, name) for name in names} for share in time.shares.all()]
    formset: Any = ShareFormSet(request.POST if request.method == "POST" else None, initial=initial)
    refused: NotAllowedNow | None = None
    if request.method == "POST" and formset.is_valid():
        try:
            actions.divide_block(time, formset.shares(), by=request.user, at=at)
        except actions.NotDivided as reason:
            formset.refuse(reason)
        except NotAllowedNow as reason:
            refused = reason
        else:
            messages.success(request, _("The block is divided, and the municipality knows who comes."))
            return redirect("facilities:season_time", pk)
    wrong = formset.is_bound and (refused or any(formset.errors))
    context = {"time": time, "words": when_words(time), "formset": formset, "refused": refused}
    return render(request, "facilities/season/follow_block.html", context, status=422 if wrong else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def season_offer(request: Request, pk: int) -> HttpResponse:
    """A time that came free, offered to one of our groups: take it, or leave it to the next. POST with "take" takes."""
    offers = TimeOffer.objects.visible_to(request.user)
    offer = get_object_or_404(
        offers.select_related("given__hall__venue", "given__season", "section__wishes__association", "time"), pk=pk
    )
    at = received_at(request)
    if request.method == "POST":
        take = "take" in request.POST

        def act() -> str:
            if take:
                actions.take_time(offer, by=request.user, at=at)
                return _("The time is yours.")
            actions.decline_time(offer, by=request.user, at=at)
            return _("Thank you for answering. The time goes to the next in order.")

        return _pressed(request, act, "facilities:season_times")
    context = {
        "offer": offer,
        "words": when_words(offer.given) if offer.given else None,
        "is_open": offer.status == TimeOfferStatus.OFFERED and offer.open_until > at,
        "may": may_book_for(request.user, offer.section.wishes.association, at),
        "dates": actions.coming_bookings([offer.given], at=at)[offer.given.pk] if offer.given else [],
        "rung": offer.rung + 1,
    }
    return render(request, "facilities/season/follow_offer.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def season_notice(request: Request, pk: int) -> HttpResponse:
    """A notice that our time is used too little: what is known of it, and our answer."""
    notices = UseNotice.objects.visible_to(request.user)
    notice = get_object_or_404(notices.select_related("time__association", "time__hall__venue", "time__section"), pk=pk)
    at = received_at(request)
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        label=_("Our answer"),
        help_text=_("For example why the time was empty, and how you mean to use it."),
        initial={"words": notice.answer},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_notice(notice, form.cleaned_data["words"], by=request.user, at=at)
        except NotAllowedNow as refused:
            form.add_error("words", str(refused))
        else:
            messages.success(request, _("Your answer is sent."))
            return redirect("facilities:season_notice", pk)
    context = {
        "notice": notice,
        "words": when_words(notice.time),
        "form": form,
        "may_answer": notice.settled_at is None
        and local_day(at) <= notice.answer_by
        and may_book_for(request.user, notice.time.association, at),
    }
    return render(request, "facilities/season/follow_notice.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def booking_check_in(request: Request, pk: int) -> HttpResponse:
    """A leader is there."""
    booking = get_object_or_404(Booking.objects.spoken_for_by(request.user), pk=pk)

    def act() -> str:
        actions.check_in(booking, by=request.user, at=received_at(request))
        return _("You are checked in.")

    return _pressed(request, act, "facilities:booking", pk)


def _time_page(request: Request, time: SeasonTime, days: DaysForm | None = None, status: int = 200) -> HttpResponse:
    at = received_at(request)
    costs = _costs(request, time, at)
    context = {
        "time": time,
        "words": when_words(time),
        "stands": time.status == TimeStatus.STANDING,
        "may": may_book_for(request.user, time.association, at),
        "form": days or DaysForm(costs=costs),
        "costs": costs,
        "is_block": actions.is_block(time),
        "shares": time.shares.all(),
        "notices": time.notices.open(),
        "use": actions.use_of_times([time], at=at)[time.pk],
        "lost": _lost([time]).get(time.pk, []),
    }
    return render(request, "facilities/season/follow_time.html", context, status=status)


def _costs(request: Request, time: SeasonTime, at: datetime) -> list[actions.Cost]:
    """The coming dates with what it costs to give each back."""
    bookings = actions.coming_bookings([time], at=at)[time.pk][:SHOWN]
    return actions.cancelling(bookings, by=request.user, at=at) if bookings else []


def _time_or_404(request: Request, pk: int) -> SeasonTime:
    rows = SeasonTime.objects.visible_to(request.user).select_related("season", "association", "section", "hall__venue")
    return get_object_or_404(rows, pk=pk)


def _pressed(request: Request, act: Callable[[], str], back: str, *args: Any) -> HttpResponse:
    try:
        messages.success(request, act())
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    return redirect(back, *args)
