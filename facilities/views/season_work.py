"""A season being decided, or the decision undone, by the worker: how far it has come, and what came of it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Request
from facilities import actions, tasks
from facilities.models import SeasonRound, SeasonWork
from facilities.permissions import may_decide_season
from facilities.views.keeping import officers, readers
from facilities.views.proposal_words import how_far
from records.choices import WorkStatus
from records.refusals import Refused


def hand_over(work: SeasonWork) -> HttpResponse:
    """Tell the worker after commit, and show how far it has come."""
    transaction.on_commit(partial(tasks.carry_out_work.apply_async, [work.pk], retry=False), robust=True)
    return redirect("facilities:season_work", work.pk)


def latest_work(season: SeasonRound) -> SeasonWork | None:
    """What a season's pages tell of: work that goes on, or that came to nothing and nobody has put away. One query."""
    work = season.works.order_by("-made_at", "-pk").first()
    return work if work and (work.is_unfinished or work.status == WorkStatus.FAILED) else None


@readers
@require_GET
def season_work(request: Request, pk: int) -> HttpResponse:
    """One decision, or undoing. While it goes on the page renews itself, with and without script."""
    work = get_object_or_404(_works(request).select_related("season", "made_by"), pk=pk)
    context = {"work": work, "progress": progress(work), "may": bool(may_decide_season(request.user, work.season))}
    template = "work_part" if request.htmx else "work"
    return render(request, f"facilities/season/{template}.html", context)


@officers
@require_POST
def season_work_again(request: Request, pk: int) -> HttpResponse:
    """Try again what broke."""
    work = get_object_or_404(_works(request), pk=pk)
    try:
        return hand_over(actions.ask_again(work, by=request.user, at=now()))
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("facilities:kept_season", work.season_id)


@officers
@require_POST
def season_work_call_off(request: Request, pk: int) -> HttpResponse:
    """Nothing is to come of it, or it is put away."""
    work = get_object_or_404(_works(request), pk=pk)
    was_going_on = work.is_unfinished
    try:
        actions.call_off(work, by=request.user, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("facilities:season_work", pk)
    messages.success(request, _("It is called off. Nothing has changed.") if was_going_on else _("It is put away."))
    return redirect("facilities:kept_season", work.season_id)


def progress(work: SeasonWork) -> dict[str, Any]:
    """How far it has come."""
    words = {
        "reads": _("Reads the proposal"),
        "halls": _("Books the times, hall by hall"),
        "cancels": _("Cancels the bookings"),
        "letters": _("Writes the letters"),
    }
    return how_far(work, words, _("Begins"))


def _works(request: Request) -> Any:
    return SeasonWork.objects.visible_to(request.user)
