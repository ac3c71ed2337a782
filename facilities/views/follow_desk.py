"""A season under way, as officers follow it: real use against given time, notices, taking back, offers, blocks."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Request
from facilities import actions
from facilities.choices import RoundStatus
from facilities.forms.follow import LimitsForm, TakeBackForm, WordsForm
from facilities.models import SeasonRound, SeasonTime, TimeOffer, UseNotice
from facilities.permissions import may_keep_venues
from facilities.rules.season_use import is_underused
from facilities.views.follow_words import when_words
from facilities.views.keeping import form_page, officers, readers, refuse
from records.refusals import NotAllowedNow
from records.values import local_day


@readers
@require_http_methods(["GET", "POST"])
def kept_season_use(request: Request, pk: int) -> HttpResponse:
    """Every time of a season with how many of its dates were used; those used too little first. Constant queries.

    POST sets what counts as too little.
    """
    season = get_object_or_404(SeasonRound, pk=pk, status=RoundStatus.DECIDED)
    limits = season.use_limits
    form = LimitsForm(request.POST if request.method == "POST" else None, initial=asdict(limits))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_use_limits(season, form.limits(), by=request.user, at=now())
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("The limits are saved."))
        return redirect("facilities:kept_season_use", pk)
    times = list(season.times.standing().select_related("association", "section", "hall__venue").order_by("pk"))
    use, notices = actions.use_of_times(times, at=now()), actions.notices_of(season)
    rows = []
    for time in times:
        of_time = use[time.pk]
        under = is_underused(of_time, limits)
        share = 100 * of_time.used // of_time.known if of_time.known else None
        rows.append((time, when_words(time), of_time, share, under, notices.get(time.pk)))
    rows.sort(key=lambda row: (not row[4], 101 if row[3] is None else row[3], row[0].association.name, row[0].pk))
    context = {
        "season": season,
        "rows": rows,
        "under": sum(row[4] for row in rows),
        "limits": limits,
        "form": form,
        "offers": TimeOffer.objects.filter(time__season=season).select_related(
            "time__hall__venue", "time__section", "section__wishes__association", "given__hall__venue"
        )[:100],
        "blocks": [(time, when_words(time)) for time in actions.undivided_blocks(season)],
        "keeps": may_keep_venues(request.user),
    }
    return render(request, "facilities/season/follow_use.html", context, status=422 if form.errors else 200)


@officers
@require_http_methods(["GET", "POST"])
def kept_notice_new(request: Request, pk: int) -> HttpResponse:
    """Tell an association that its time is used too little."""
    time = get_object_or_404(SeasonTime.objects.select_related("association", "section", "hall__venue", "season"), pk=pk)
    use = actions.use_of_times([time], at=now())[time.pk]
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        label=_("Why"),
        help_text=_("The association reads this and can answer within %(days)s days.") % {"days": time.season.answer_days},
    )
    if request.method == "POST" and form.is_valid():
        try:
            notice = actions.send_notice(time, form.cleaned_data["words"], by=request.user, at=now())
        except NotAllowedNow as refused:
            refuse(form, refused, "words")
        else:
            messages.success(request, _("The notice is sent."))
            return redirect("facilities:kept_notice", notice.pk)
    return form_page(request, form, "facilities/season/follow_notice_new.html", time=time, words=when_words(time), use=use)


@readers
@require_http_methods(["GET", "POST"])
def kept_notice(request: Request, pk: int) -> HttpResponse:
    """A notice with its answer; keep the time or take it back. POST: "keep" or "take"."""
    rows = UseNotice.objects.select_related(
        "time__association", "time__section", "time__hall__venue", "time__season", "settled_by"
    )
    notice = get_object_or_404(rows, pk=pk)
    at, takes = now(), "take" in request.POST
    help_text = _("The association reads this.")
    bound = request.POST if request.method == "POST" else None
    keep_form = WordsForm(None if takes else bound, label=_("Grounds"), help_text=help_text, prefix="keep")
    take_form = TakeBackForm(bound if takes else None, label=_("Grounds"), help_text=help_text, prefix="take")
    form = take_form if takes else keep_form
    if request.method == "POST" and form.is_valid():
        try:
            said = _settled(request, notice, form.cleaned_data, takes=takes, at=at)
        except NotAllowedNow as refused:
            refuse(form, refused, "since" if refused.code == "past" else "words")
        else:
            messages.success(request, said)
            return redirect("facilities:kept_notice", pk)
    return form_page(
        request,
        form,
        "facilities/season/follow_notice_kept.html",
        notice=notice,
        words=when_words(notice.time),
        keep_form=keep_form,
        take_form=take_form,
        may_take=notice.answered_at is not None or local_day(at) > notice.answer_by,
        keeps=may_keep_venues(request.user),
    )


def _settled(request: Request, notice: UseNotice, typed: dict[str, Any], *, takes: bool, at: datetime) -> str:
    if takes:
        actions.take_back(notice, typed["words"], since=typed["since"], by=request.user, at=at)
        return _("The time is taken back and goes to the next in order.")
    actions.keep_after_notice(notice, typed["words"], by=request.user, at=at)
    return _("The association keeps its time.")
