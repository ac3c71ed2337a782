"""Proposals of a season: asked for, followed while they are computed, read, taken back step by step, thrown away."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.choices import Role
from accounts.permissions import Request
from facilities import actions, tasks
from facilities.choices import RoundStatus, RunStatus
from facilities.forms.board import AskForm
from facilities.models import SeasonRound, SeasonRun, SeasonStep
from facilities.permissions import may_keep_venues
from facilities.rules.allocation.told import told
from facilities.views.board_words import step_words
from facilities.views.keeping import do, keys_typed, officers
from facilities.views.proposal_reading import HEAVY, Read, allocators, may_edit, read_or_404, run_or_404
from facilities.views.proposal_words import counts, faults, levels, progress
from records.refusals import NotAllowedNow

REFUSED = 60  # groups that go without, on the first page; all of them stand among those that lack times


def proposals_of(season: SeasonRound, user: Any) -> dict[str, Any] | None:
    """What a season's page says of its proposals; None for those who do not read them. One query."""
    if not user.has_role(Role.OFFICER, Role.AUDITOR):
        return None
    runs = list(_runs(season))
    shown = [run for run in runs if run.status != RunStatus.DROPPED]
    asks = bool(may_keep_venues(user)) and season.status in (RoundStatus.CLOSED, RoundStatus.PROPOSED)
    return {
        "runs": shown,
        "dropped": len(runs) - len(shown),
        "comparable": [run for run in shown if run.status == RunStatus.DONE],
        "form": AskForm(bases=_bases(season)) if asks else None,
    }


def _runs(season: SeasonRound) -> QuerySet[SeasonRun]:
    runs = SeasonRun.objects.filter(season=season).select_related("season", "made_by").defer("problem")
    return runs.annotate(version=Max("steps__number", filter=Q(steps__undone_at=None)))


def _bases(season: SeasonRound) -> QuerySet[SeasonRun]:
    done = SeasonRun.objects.filter(season=season, status=RunStatus.DONE)
    return done.select_related("season").defer("problem")


@officers
@require_POST
def proposal_ask(request: Request, pk: int) -> HttpResponse:
    """Put a proposal in line for the worker: anew, or with the locks of another one."""
    season = get_object_or_404(SeasonRound, pk=pk)
    form = AskForm(request.POST, bases=_bases(season))
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("facilities:kept_season", pk)
    name = form.cleaned_data["name"] or _("Proposal %(n)s") % {"n": season.runs.count() + 1}
    try:
        run = actions.ask_for_proposal(season, by=request.user, at=now(), name=name, base=form.cleaned_data["base"])
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
        return redirect("facilities:kept_season", pk)
    transaction.on_commit(partial(tasks.compute_proposal.apply_async, [run.pk], retry=False), robust=True)
    return redirect("facilities:proposal", run.pk)


@allocators
@require_GET
def proposal(request: Request, pk: int) -> HttpResponse:
    """One proposal. While it is computed the page says how far it has come, and renews itself with and without script."""
    run = run_or_404(request, pk)
    if run.status != RunStatus.DONE:
        context = {"run": run, "progress": progress(run), "may": bool(may_keep_venues(request.user))}
        template = "proposal_progress_part" if request.htmx else "proposal_progress"
        return render(request, f"facilities/season/{template}.html", context)
    if request.htmx:  # it is done now: the whole page comes instead of the piece
        return HttpResponse(headers={"HX-Refresh": "true"})
    read = read_or_404(request, pk)
    return render(request, "facilities/season/proposal.html", _shown(read, request))


def _shown(read: Read, request: Request) -> dict[str, Any]:
    reasons = read.version.reasons
    refused = list(dict.fromkeys(each.section for each in reasons.refusals))
    return {
        "run": read.run,
        "step": read.step,
        "done": step_words(read, read.step.kind, read.step.said) if read.step.number else "",
        "counts": counts(read.problem, reasons),
        "levels": levels(read.problem, read.plan.levels),
        "faults": faults(read.step.errors, read.who),
        "without": [(key, read.who(key), read.lacks(key), told(read.problem, reasons, key)) for key in refused[:REFUSED]],
        "more": max(0, len(refused) - REFUSED),
        "locks": len(read.problem.fixed),
        "locked": [(read.who(each.section), read.time_and_place(each)) for each in read.plan.passes if each.locked],
        "is_shown": read.run.season.shown is not None and read.run.season.shown.run_id == read.run.pk,
        "may": may_edit(request, read.run),
        "here": "proposal",
    }


@allocators
@require_GET
def proposal_versions(request: Request, pk: int) -> HttpResponse:
    """Every version: what was done, by whom, why, whom it cost something; which can be taken back. Three queries."""
    read = read_or_404(request, pk)
    steps = list(read.run.steps.select_related("by").defer(*HEAVY).order_by("-number"))
    context = {
        "run": read.run,
        "step": read.step,
        "rows": [(step, step_words(read, step.kind, step.said), _made_from(step, steps)) for step in steps],
        "standing": [step for step in steps if step.undone_at is None],
        "may": may_edit(request, read.run),
        "here": "versions",
    }
    return render(request, "facilities/season/proposal_versions.html", context)


def _made_from(step: SeasonStep, steps: list[SeasonStep]) -> int | None:
    """The number of the version that stood when this one was made. steps: the newest first."""
    stood = (each for each in steps if each.number < step.number and (each.undone_at is None or each.undone_at > step.made_at))
    return next((each.number for each in stood), None)


@officers
@require_POST
def proposal_undo(request: Request, pk: int) -> HttpResponse:
    """The latest change is taken back, if it is still the one that the officer saw."""
    run = run_or_404(request, pk)
    on = (keys_typed([request.POST.get("on", "")]) or [-1])[0]
    done = _("Taken back. The version before it is the proposal again.")
    return do(
        request, lambda: actions.undo_edit(run, on=on, by=request.user, at=now()), done, "facilities:proposal_versions", run.pk
    )


@officers
@require_http_methods(["GET", "POST"])
def proposal_drop(request: Request, pk: int) -> HttpResponse:
    """Throw a proposal away, after one question."""
    run = run_or_404(request, pk)
    if request.method == "POST":
        done = _("The proposal is thrown away.")
        return do(
            request,
            lambda: actions.drop_proposal(run, by=request.user, at=now()),
            done,
            "facilities:kept_season",
            run.season_id,
            at_row="proposals",
        )
    context = {
        "title": _("Throw away %(name)s?") % {"name": run},
        "lead": _("What you have changed in it goes with it. Nothing that is decided or booked is touched."),
        "button": _("Throw away"),
        "tone": "danger",
        "cancel_url": reverse("facilities:proposal", args=[run.pk]),
        "form": None,
    }
    return render(request, "confirm.html", context)
