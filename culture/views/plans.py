"""Proposals of the culture plan: asked for, followed while they are computed, read, thrown away, published."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request, needs
from culture import actions, tasks
from culture.choices import RunStatus
from culture.forms.planning import AskForm
from culture.models import PlanRun, SchoolYear, Visit
from culture.permissions import may_plan
from culture.proposal import Proposal
from culture.views import plan_words
from culture.views.outgoing import letters_of
from culture.views.plan_tables import readable
from culture.views.voices import year_shown
from records.refusals import NotAllowedNow

REASONS = 40  # on the first page; the rest stand at their classes
HEAVY = ("problem", "result", "reasons")  # megabytes, for a big municipality


@needs("culture.read")
@require_GET
def plan_list(request: Request) -> HttpResponse:
    """The proposals of a school year, and what to do next. Constant queries."""
    year = year_shown(request.GET.get("lasar", ""), localdate())
    if year is None:
        return render(request, "culture/plan/list.html", {"year": None})
    runs = PlanRun.objects.visible_to(request.user).filter(year=year).select_related("year", "made_by", "base__year")
    runs = runs.defer(*HEAVY, *(f"base__{name}" for name in HEAVY))
    lost = Visit.objects.filter(class_group__year=year, class_group__closed_on=None, priority=True, status="cancelled")
    shown = [run for run in runs if run.status != RunStatus.DROPPED]
    context = {
        "year": year,
        "years": SchoolYear.objects.order_by("-first"),
        "runs": [(run, plan_words.RUN_TONES[run.status]) for run in shown],
        "dropped": len(runs) - len(shown),
        "comparable": [run for run in shown if run.status in (RunStatus.DONE, RunStatus.PUBLISHED)],
        "published": next((run for run in shown if run.status == RunStatus.PUBLISHED), None),
        "lost": lost.without_another().count(),
        "may": bool(may_plan(request.user)),
        "form": AskForm(year=year),
    }
    return render(request, "culture/plan/list.html", context)


@needs("culture.plan")
@require_POST
def plan_ask(request: Request, first: int) -> HttpResponse:
    """Put a proposal in line for the worker: with the edits of another one, or from the beginning."""
    year = get_object_or_404(SchoolYear, first=first)
    form = AskForm(request.POST, year=year)
    if not form.is_valid():
        messages.warning(request, _("The proposal was not asked for: %(why)s") % {"why": " ".join(_sentences(form))})
        return redirect(_list_of(year))
    name = form.cleaned_data["name"] or _("Proposal %(n)s") % {"n": year.plan_runs.count() + 1}
    try:
        run = actions.ask_for_plan(year, by=request.user, at=now(), base=form.cleaned_data["base"], name=name)
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
        return redirect(_list_of(year))
    transaction.on_commit(partial(tasks.compute_plan.apply_async, [run.pk], retry=False), robust=True)
    return redirect("culture:plan", run.pk)


@needs("culture.read")
@require_GET
def plan(request: Request, pk: int) -> HttpResponse:
    """One proposal. While it is computed the page says how far it has come, and renews itself with and without script."""
    run = get_object_or_404(PlanRun.objects.visible_to(request.user).select_related("year").defer(*HEAVY), pk=pk)
    if run.status in (RunStatus.WAITING, RunStatus.RUNNING, RunStatus.FAILED, RunStatus.DROPPED):
        context = {"run": run, "tone": plan_words.RUN_TONES[run.status], "progress": plan_words.progress(run)}
        if request.htmx:
            return render(request, "culture/plan/progress_part.html", {**context, "may": bool(may_plan(request.user))})
        return render(request, "culture/plan/progress.html", {**context, "may": bool(may_plan(request.user))})
    if request.htmx:  # it is done now: the whole page comes instead of the piece
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "culture/plan/plan.html", _shown(readable(request, pk), request))


def _shown(run: PlanRun, request: Request) -> dict[str, Any]:
    read = Proposal(run)
    return {
        "run": run,
        "tone": plan_words.RUN_TONES[run.status],
        "read": read,
        "headline": plan_words.headline(read),
        "proof": plan_words.proof(read),
        "levels": plan_words.levels(read),
        "faults": plan_words.faults(read),
        "schools": read.schools,
        "reasons": [(why, plan_words.links(why, read)) for why in read.reasons[:REASONS]],
        "more_reasons": max(0, len(read.reasons) - REASONS),
        "edits": [(edit, plan_words.edit_tone(edit)) for edit in read.edits],
        "may": bool(may_plan(request.user)) and run.status == RunStatus.DONE,
        "section": "overview",
    }


@needs("culture.plan")
@require_http_methods(["GET", "POST"])
def plan_publish(request: Request, pk: int) -> HttpResponse:
    """What goes out to whom, and then it does. All or nothing; what no longer holds is listed with the way there."""
    run = get_object_or_404(PlanRun.objects.visible_to(request.user).select_related("year"), pk=pk)
    troubles: list[Any] = []
    if request.method == "POST":
        try:
            told = actions.publish_plan(run, by=request.user, at=now())
        except actions.NoLongerHolds as moved:
            troubles = [(trouble.row, trouble.sentence) for trouble in moved.troubles]
            messages.warning(request, str(moved))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
            return redirect("culture:plan", run.pk)
        else:
            messages.success(
                request, _("The plan is published: %(n)s visits are booked and the schools are told.") % {"n": len(told)}
            )
            return redirect("culture:plan", run.pk)
    if run.status != RunStatus.DONE:
        return redirect("culture:plan", run.pk)
    letters = letters_of(run)
    context = {
        "run": run,
        "letters": letters,
        "visits": sum(letter.visits for letter in letters),
        "printed": [letter for letter in letters if not letter.addresses],
        "troubles": troubles,
        "unserved": Proposal(run).unserved,
    }
    return render(request, "culture/plan/publish.html", context, status=409 if troubles else 200)


@needs("culture.plan")
@require_http_methods(["GET", "POST"])
def plan_drop(request: Request, pk: int) -> HttpResponse:
    """Throw a proposal away, after one question."""
    run = get_object_or_404(PlanRun.objects.visible_to(request.user).select_related("year"), pk=pk)
    if request.method == "POST":
        try:
            actions.drop_plan(run, by=request.user, at=now())
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("The proposal is thrown away."))
        return redirect(_list_of(run.year))
    context = {
        "title": _("Throw away %(name)s?") % {"name": run},
        "lead": _("Nothing that is booked or published is touched. What you have said about this proposal goes with it."),
        "button": _("Throw away"),
        "tone": "danger",
        "cancel_url": plan_words.address("plan", run.pk),
        "form": None,
    }
    return render(request, "confirm.html", context)


def _list_of(year: SchoolYear) -> str:
    return f"{plan_words.address('plan_list')}?lasar={year.first}"


def _sentences(form: Any) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]
