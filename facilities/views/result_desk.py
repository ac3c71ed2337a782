"""The officers' side of a proposal that is shown: shown, taken back, its comments read and answered."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from facilities import actions
from facilities.choices import ROUND_TONES
from facilities.forms.comments import AnswerForm, ReasonForm
from facilities.models import SeasonComment, SeasonRound, SeasonRun
from facilities.permissions import may_answer_comment, may_keep_venues
from facilities.rules.allocation.result import Outcome, differs
from facilities.views.keeping import officers, readers, refuse
from facilities.views.result_reading import Result
from records.refusals import NotAllowedNow

UNANSWERED = "obesvarade"
_LIGHT = ("step__plan", "step__reasons", "step__fixed", "step__refused", "step__run__problem")


@officers
@require_POST
def proposal_show(request: Request, pk: int) -> HttpResponse:
    """Show a proposal, as the officer saw it, to associations and the public."""
    run = get_object_or_404(SeasonRun.objects.visible_to(request.user).defer("problem"), pk=pk)
    seen = request.POST.get("version", "")
    try:
        actions.show_proposal(run, by=request.user, at=now(), on=int(seen) if seen.isdecimal() else None)
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("The proposal is shown. Everyone who wished gets a letter with their own result."))
    return redirect("facilities:kept_comments", run.season_id)


@officers
@require_http_methods(["GET", "POST"])
def proposal_take_back(request: Request, pk: int) -> HttpResponse:
    """Take back what is shown, and say why."""
    season = get_object_or_404(SeasonRound, pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_back_showing(season, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except NotAllowedNow as refused:
            refuse(form, refused, "reason")
        else:
            messages.success(request, _("The proposal is no longer shown. Everyone who wished is told why by letter."))
            return redirect("facilities:kept_season", pk)
    context = {"form": form, "season": season}
    return render(request, "facilities/season/result_take_back.html", context, status=422 if form.errors else 200)


@readers
@require_GET
def kept_comments(request: Request, pk: int) -> HttpResponse:
    """What associations say of a season's proposals, those that wait first; ?visa=obesvarade shows only them. Two queries."""
    season = get_object_or_404(SeasonRound.objects.select_related("shown__run__season").defer(*_shown(_LIGHT)), pk=pk)
    rows = list(_comments(request).filter(season=season).order_by("answered_at", "made_at", "pk"))
    rows.sort(key=lambda row: row.answered_at is not None)
    waiting = [row for row in rows if row.answered_at is None]
    only = request.GET.get("visa") == UNANSWERED
    context = {
        "season": season,
        "tone": ROUND_TONES[season.status],
        "rows": waiting if only else rows,
        "waiting": len(waiting),
        "all": len(rows),
        "only": only,
        "unanswered": UNANSWERED,
        "keeps": may_keep_venues(request.user),
    }
    return render(request, "facilities/season/comment_list.html", context)


@readers
@require_http_methods(["GET", "POST"])
def kept_comment(request: Request, pk: int) -> HttpResponse:
    """One comment, the group's times when it was written and now, and the answer. POST answers."""
    comment = get_object_or_404(_comments(request), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    may = may_answer_comment(request.user, comment, now())
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_comment(comment, form.cleaned_data["answer"], by=request.user, at=now())
        except NotAllowedNow as refused:
            refuse(form, refused, "answer")
        else:
            messages.success(request, _("The answer is sent as a letter to %(name)s.") % {"name": comment.association})
            return redirect("facilities:kept_comments", comment.season_id)
    context = {"comment": comment, "season": comment.season, "form": form, "may": may, "times": _times(comment)}
    return render(request, "facilities/season/comment_answer.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Then:
    """A group's times in the version that was commented, and now. now None: nothing is shown."""

    section: str
    name: str
    then: list[str]
    now: list[str] | None
    lacks: str
    changed: bool


def _times(comment: SeasonComment) -> list[Then]:
    """Only the group that the comment is about, or all of the association's."""
    season = comment.season
    then = Result(season, comment.step)
    shown = Result(season, season.shown) if season.shown else None
    rows = then.of(comment.association_id)
    if comment.section_id:
        rows = [row for row in rows if row.section.key == str(comment.section_id)]
    return [_then(row, then, shown) for row in rows]


def _then(row: Outcome, then: Result, shown: Result | None) -> Then:
    later = shown.reading.by_key.get(row.section.key) if shown else None
    lacks = (later or row).refused
    return Then(
        section=row.section.key,
        name=row.section.name,
        then=then.times(row),
        now=shown.times(later) if shown and later else None,
        lacks=ngettext("lacks %(n)s time", "lacks %(n)s times", lacks) % {"n": lacks} if lacks else "",
        changed=later is not None and differs(row.passes, later.passes),
    )


def _comments(request: Request) -> Any:
    rows = SeasonComment.objects.visible_to(request.user)
    rows = rows.select_related("association", "section", "season__shown__run__season", "step__run__season", "by", "answered_by")
    return rows.defer(*_LIGHT, *(f"season__{name}" for name in _shown(_LIGHT)))


def _shown(names: tuple[str, ...]) -> list[str]:
    return [name.replace("step__", "shown__", 1) for name in names]
