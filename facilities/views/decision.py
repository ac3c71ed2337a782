"""A season is decided: what will happen before it does, and the days that could not be booked after it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import Request
from facilities import actions
from facilities.choices import BOOKING_TONES, ROUND_TONES, RoundStatus
from facilities.forms.season_decision import ClashForm, CodeForm, UndoForm
from facilities.models import Booking, SeasonClash, SeasonHold, SeasonRound, SeasonTime
from facilities.permissions import may_decide_season, may_keep_bookings, may_read_code
from facilities.views.keeping import form_page, officers, readers, refuse, who
from facilities.views.season_work import hand_over, latest_work
from facilities.views.words import day_words
from facilities.wording import CLASHES
from records.refusals import Refused


@dataclass(slots=True)
class ClashGroup:
    """The open days of one weekly time in one space, and their form. elsewhere: (day, address where another space is booked)."""

    hold: SeasonHold
    form: ClashForm
    elsewhere: list[tuple[str, str]]  # one for each open day

    @property
    def key(self) -> str:
        return f"t{self.hold.pk}"


# Officers ---------------------------------------------------------------------------------------------------------------------


@officers
@require_http_methods(["GET", "POST"])
def season_decide(request: Request, pk: int) -> HttpResponse:
    """What deciding makes: times, bookings, and each day that cannot be booked. POST hands the version that was read over."""
    season = get_object_or_404(SeasonRound.objects.select_related("shown", "principles"), pk=pk)
    if season.status == RoundStatus.DECIDED:
        return redirect("facilities:season_decision", pk)
    going_on = season.works.unfinished().first()
    if going_on is not None:
        return redirect("facilities:season_work", going_on.pk)
    at = now()
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        try:
            work = actions.ask_to_decide(season, by=request.user, at=at, seen=int(seen) if seen.isdecimal() else 0)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("facilities:season_decide", pk)
        return hand_over(work)
    try:
        foreseen = actions.foresee(season, at=at)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("facilities:kept_season", pk)
    standing = _standing(day.booking for _row, day in foreseen.clashes)
    clashes = [
        (row, day, CLASHES[day.why], who(standing[day.booking], request.user, at) if day.booking in standing else "")
        for row, day in foreseen.clashes
    ]
    context = {
        "season": season,
        "foreseen": foreseen,
        "associations": len({each.time.association_id for each in foreseen.given}),
        "clashes": clashes,
        "may": may_decide_season(request.user, season),
        "comments": season.comments.unanswered().count(),
        "work": latest_work(season),
    }
    return render(request, "facilities/season/decision_decide.html", context)


@readers
@require_http_methods(["GET", "POST"])
def season_decision(request: Request, pk: int) -> HttpResponse:
    """A decided season: its figures, the days that are not settled by association and hall, its times. POST settles days."""
    season = get_object_or_404(SeasonRound.objects.select_related("case", "decided_by"), pk=pk)
    if season.status != RoundStatus.DECIDED:
        return redirect("facilities:kept_season", pk)
    at = now()
    groups = _groups(season, request, at)
    if request.method == "POST":
        found = next((each for each in groups if each.key == request.POST.get("group")), None)
        if found is None:
            messages.warning(request, _("Somebody has just settled one of the days. Look at the page again."))
            return redirect("facilities:season_decision", pk)
        if found.form.is_valid() and _settle(request, found, at):
            return redirect("facilities:season_decision", pk)
    context = {
        "season": season,
        "tone": ROUND_TONES[season.status],
        "groups": groups,
        "wrong": next((each for each in groups if each.form.errors), None),
        "open": sum(len(each.elsewhere) for each in groups),
        "settled": _settled(season),
        "times": _times(season),
        "figures": _figures(season),
        "keeps": may_keep_bookings(request.user),
        "work": latest_work(season),
        "may_undo": may_decide_season(request.user, season) and localdate(at) < season.since,
    }
    return render(request, "facilities/season/decision_kept.html", context, status=422 if context["wrong"] else 200)


def _settle(request: Request, group: ClashGroup, at: datetime) -> bool:
    """Press of one of the two buttons; False when a sentence is missing."""
    chosen = SeasonClash.objects.filter(hold=group.hold, pk__in=group.form.chosen)
    settles = "settle" in request.POST
    if settles and group.form.asks_for_note():
        return False
    try:
        if settles:
            actions.settle_clashes(chosen, note=group.form.cleaned_data["note"], by=request.user, at=at)
            messages.success(request, _("The days are noted as settled, and the association gets a letter."))
            return True
        done = actions.book_clashes(chosen, by=request.user, at=at)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return True
    if done.booked:
        n = len(done.booked)
        messages.success(request, ngettext("%(n)s day is booked now.", "%(n)s days are booked now.", n) % {"n": n})
    if done.left:
        n = len(done.left)
        sentence = ngettext("%(n)s day still cannot be booked.", "%(n)s days still cannot be booked.", n)
        messages.warning(request, sentence % {"n": n})
    return True


def _groups(season: SeasonRound, request: Request, at: datetime) -> list[ClashGroup]:
    """By association, hall and time. Two queries."""
    clashes = list(
        SeasonClash.objects.open()
        .filter(hold__time__season=season)
        .select_related("hold__time__association", "hold__time__section", "hold__space__venue", "booking__association")
        .order_by("hold__time__association__name", "hold__space", "hold__time__weekday", "hold__time__starts", "hold", "day")
    )
    found: dict[int, list[SeasonClash]] = {}
    for clash in clashes:
        found.setdefault(clash.hold_id, []).append(clash)
    groups = []
    for rows in found.values():
        hold = rows[0].hold
        days = [(clash.pk, _sentence(clash, request.user, at)) for clash in rows]
        pressed = request.method == "POST" and request.POST.get("group") == f"t{hold.pk}"
        form = ClashForm(request.POST if pressed else None, days=days, prefix=f"t{hold.pk}")
        groups.append(ClashGroup(hold, form, [(_long(clash), _elsewhere(clash)) for clash in rows]))
    return groups


def _sentence(clash: SeasonClash, reader: Any, at: datetime) -> str:
    """'måndag 7 september 2026: Någon annan har lokalen den tiden. (Karlskoga Handboll)'"""
    other = f" ({who(clash.booking, reader, at)})" if clash.booking else ""
    return f"{_long(clash)}: {CLASHES[clash.why]}{other}"


def _long(clash: SeasonClash) -> str:
    return f"{day_words(clash.day)} {clash.day.year}"


def _elsewhere(clash: SeasonClash) -> str:
    """Where staff book another space for the same day and time."""
    time = clash.hold.time
    starts, ends = (f"{minutes // 60:02}.{minutes % 60:02}" for minutes in (time.starts, time.ends))
    asked = f"day={clash.day}&starts={starts}&ends={ends}&association={time.association_id}"
    return f"{reverse('facilities:behalf_book')}?{asked}"


def _settled(season: SeasonRound) -> Sequence[SeasonClash]:
    rows = SeasonClash.objects.filter(hold__time__season=season, settled_at__isnull=False)
    related = ("hold__time__association", "hold__time__section", "hold__space__venue", "settled_by")
    return list(rows.select_related(*related).order_by("-settled_at", "day", "pk")[:200])


def _times(season: SeasonRound) -> Sequence[SeasonTime]:
    rows = season.times.standing().select_related("association", "section", "hall__venue")
    lost = Count("holds__clashes", filter=Q(holds__clashes__settled_at=None, holds__clashes__isnull=False))
    return list(rows.annotate(lost=lost).order_by("association__name", "weekday", "starts", "pk"))


def _figures(season: SeasonRound) -> dict[str, int]:
    """Bookings that stand, and those of them without a price. One query."""
    mine = Booking.objects.taking_space().filter(series__season_hold__time__season=season)
    return mine.aggregate(bookings=Count("pk"), unpriced=Count("pk", filter=Q(tariff=None)))


def _standing(keys: Iterable[int | None]) -> dict[int | None, Booking]:
    return {each.pk: each for each in Booking.objects.filter(pk__in={key for key in keys if key}).select_related("association")}


@officers
@require_http_methods(["GET", "POST"])
def season_undo(request: Request, pk: int) -> HttpResponse:
    """Undo the decision, with the reason that every association reads. POST hands it over to the worker."""
    season = get_object_or_404(SeasonRound, pk=pk, status=RoundStatus.DECIDED)
    going_on = season.works.unfinished().first()
    if going_on is not None:
        return redirect("facilities:season_work", going_on.pk)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            work = actions.ask_to_undo(season, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return hand_over(work)
    return form_page(request, form, "facilities/season/decision_undo.html", season=season, figures=_figures(season))


@readers
@require_http_methods(["GET", "POST"])
def kept_season_time(request: Request, pk: int) -> HttpResponse:
    """One weekly time day by day, and the code that opens for it from a day on."""
    time = get_object_or_404(SeasonTime.objects.select_related("season", "association", "section", "hall__venue"), pk=pk)
    at = now()
    form = CodeForm(request.POST or None, initial={"since": max(localdate(at), time.since)})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            count = actions.give_code_from(time, typed["code"], since=typed["since"], by=request.user, at=at)
        except Refused as refusal:
            refuse(form, refusal, "since" if refusal.code == "none" else None)
        else:
            done = ngettext("The code is noted for %(n)s day.", "The code is noted for %(n)s days.", count) % {"n": count}
            messages.success(request, done)
            return redirect("facilities:kept_season_time", pk)
    bookings = Booking.objects.filter(series__season_hold__time=time).select_related("space__venue").order_by("starts_at", "pk")
    context: dict[str, Any] = {
        "time": time,
        "rows": [(each, BOOKING_TONES[each.status], may_read_code(request.user, each, at)) for each in bookings],
        "clashes": _clashes_of(time, request, at),
        "keeps": may_keep_bookings(request.user),
    }
    return form_page(request, form, "facilities/season/decision_time.html", **context)


def _clashes_of(time: SeasonTime, request: Request, at: datetime) -> list[tuple[SeasonClash, str]]:
    rows = SeasonClash.objects.filter(hold__time=time).select_related("booking__association", "hold__space")
    return [(clash, _sentence(clash, request.user, at)) for clash in rows.order_by("day", "pk")]
