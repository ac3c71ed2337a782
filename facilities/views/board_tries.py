"""Before anything is done: what an act costs whom, what is against it, what may be set aside; and then it is done."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Request
from facilities import actions
from facilities.forms.board import HIDDEN, ActForm, PassGone
from facilities.models import SeasonStep
from facilities.rules.allocation.board import Edit, edited
from facilities.rules.allocation.edits import costs_of
from facilities.rules.allocation.locks import Fault
from facilities.views.board import base, gone
from facilities.views.board_words import act_words, cost_words, fault_words, level_changes, step_words
from facilities.views.keeping import officers
from facilities.views.proposal_reading import HEAVY, Read, read_or_404
from facilities.views.proposal_words import faults
from records.refusals import NotAllowedNow


@officers
@require_http_methods(["GET", "POST"])
def board_try(request: Request, pk: int) -> HttpResponse:
    """An act and what it costs whom. POST does it, on the version that the officer saw. Three queries to look."""
    read = read_or_404(request, pk)
    form = ActForm(request.POST if request.method == "POST" else request.GET)
    usable = form.is_valid() or set(form.errors) <= {"reason"}
    if not usable:
        raise Http404
    try:
        edit = form.edit(read.problem, read.plan)
        edited(read.problem, read.plan, edit)  # that the act has what it needs
    except PassGone:
        return gone(request, read, read.sections.get(form.cleaned_data["section"]))
    except ValueError:
        raise Http404 from None
    if request.method == "GET" or form.errors:
        return _looked_at(request, read, form, edit, status=422 if form.errors else 200)
    return _done(request, read, form, edit)


def _done(request: Request, read: Read, form: ActForm, edit: Edit) -> HttpResponse:
    typed = form.cleaned_data
    try:
        step = actions.edit_proposal(
            read.run, edit, on=typed["on"] if typed["on"] is not None else -1, by=request.user, at=now(),
            force=typed["force"], push=typed["push"], reason=typed["reason"],
        )  # fmt: skip
    except actions.EditRefused:
        return _looked_at(request, read, form, edit, status=409)
    except NotAllowedNow as refused:
        if refused.code == "no_reason":
            form.add_error("reason", str(refused))
            return _looked_at(request, read, form, edit, status=422)
        if refused.code == "changed":
            return _looked_at(request, read, form, edit, status=409, since=typed["on"])
        messages.warning(request, str(refused))
        return redirect("facilities:proposal", read.run.pk)
    return _back(request, read, edit, step)


def _back(request: Request, read: Read, edit: Edit, step: SeasonStep) -> HttpResponse:
    messages.success(request, _("Version %(n)s: %(what)s.") % {"n": step.number, "what": act_words(read, edit)})
    place = edit.to or edit.what
    address = reverse("facilities:board", args=[read.run.pk])
    return redirect(f"{address}?hall={place.hall}#p{place.section}-{place.weekday}" if place else address)


def _looked_at(request: Request, read: Read, form: ActForm, edit: Edit, *, status: int, since: int | None = None) -> HttpResponse:
    """The page. since: the version that the officer saw, when others have come after it."""
    typed: dict[str, Any] = form.cleaned_data
    force, push = bool(typed.get("force")), bool(typed.get("push"))
    form.fields["reason"].required = force  # for the page: it says so beside the field
    trial = actions.try_edit(read.version, edit, force=force, push=push)
    against = fault_words(trial.faults)
    context = (
        base(read, request, "pass")
        | {
            "act": act_words(read, edit),
            "form": form,
            "kept": [(name, form.data.get(name, "")) for name in HIDDEN if form.data.get(name, "")],
            "force": force,
            "push": push,
            "against": against,
            "may_force": not force and any(each.may for each in against),
            "may_push": not push and Fault.TAKEN in trial.faults,
            "hopeless": bool(against) and not _can_go_on(trial.faults, push=push),
            "set_aside": _set_aside(read, edit, push=push) if force else [],
            "cancel_url": _cancel(read, edit),
            "meanwhile": _meanwhile(read, since) if since is not None else [],
            "is_stale": since is not None,
        }
        | _costs(read, trial)
    )
    return render(request, "facilities/season/board_try.html", context, status=status)


def _can_go_on(found: tuple[Fault, ...], *, push: bool) -> bool:
    """Whether setting aside and pushing could be enough."""
    left = [each for each, words in zip(found, fault_words(found), strict=True) if not words.may]
    return all(each is Fault.TAKEN for each in left) and not (push and left)


def _costs(read: Read, trial: actions.Trial) -> dict[str, Any]:
    if trial.solved is None:
        return {"costs": None}
    after = trial.solved
    changes = level_changes(read, read.plan.levels, after.plan.levels)
    return {
        "costs": cost_words(read, costs_of(read.plan, after.plan)),
        "levels": [each for each in changes if each.verdict],
        "same": [each for each in changes if not each.verdict],
        "errors": faults(list(after.errors), read.who),
    }


def _set_aside(read: Read, edit: Edit, *, push: bool) -> list[str]:
    """What would have been against it: the officer says why in the reason."""
    found = edited(read.problem, read.plan, edit, push=push).faults
    return [each.sentence for each in fault_words(found) if each.may]


def _cancel(read: Read, edit: Edit) -> str:
    if edit.what is not None:
        return reverse("facilities:board_pass", args=[read.run.pk, edit.what.section, edit.what.weekday])
    section = edit.to.section if edit.to else ""
    return reverse("facilities:board_group", args=[read.run.pk, section])


def _meanwhile(read: Read, since: int) -> list[tuple[SeasonStep, str]]:
    """What others have done after the version that the officer saw, the newest first."""
    steps = read.run.steps.filter(number__gt=since).select_related("by").defer(*HEAVY).order_by("-number")
    return [(step, step_words(read, step.kind, step.said)) for step in steps]
