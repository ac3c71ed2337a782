"""The association's own pages: what can be applied for, its applications, one application from draft to the end."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import signed_in
from associations.models import Association
from grants.actions import drafts
from grants.actions.refusals import AlreadyApplied, NotAllowedNow
from grants.actions.withdrawal import withdraw
from grants.choices import ApplicationStatus
from grants.forms.applicant import WithdrawForm
from grants.models import Application, Call, CompletionRequest, Decision
from grants.permissions.applicant import may_apply_for, may_withdraw, takes_in
from grants.rules.questions import form_change, form_from_json
from grants.views.steps import current_association, form_of, headings_of, open_request_of, received_at, steps_of
from grants.views.story import requests_shown
from records.reading import story_of


@signed_in
@require_GET
def application_list(request: HttpRequest) -> HttpResponse:
    """Our applications, and the calls that are open to us."""
    association = current_association(request)
    at = received_at(request)
    applications, calls = Application.objects.none(), Call.objects.none()
    if association is not None:
        applications = Application.objects.filter(association=association).select_related("call", "case").order_by("-created_at")
        calls = _open_to(association, at)
    taken = {row.call_id for row in applications if row.status != ApplicationStatus.WITHDRAWN}
    context = {
        "association": association,
        "applications": applications,
        "calls": [call for call in calls if call.pk not in taken or call.max_per_association > 1],
    }
    return render(request, "grants/application_list.html", context)


def _open_to(association: Association, at: Any) -> Any:
    """Calls the association may apply in now, the one that closes first on top."""
    category = association.category.key if association.category else ""
    calls = Call.objects.open_at(at).for_category(category).select_related("version__scheme")
    return calls.prefetch_related("late_steps").order_by("closes_at")


@signed_in
@require_http_methods(["GET", "POST"])
def application_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin: from nothing, or with the answers of the last application that still fit."""
    call = get_object_or_404(Call.objects.announced().select_related("version__scheme").prefetch_related("late_steps"), pk=pk)
    association = current_association(request)
    if association is None:
        return render(request, "grants/no_association.html", {"call": call}, status=403)
    earlier = _latest_like(call, association)
    refused: NotAllowedNow | None = None
    if request.method == "POST":
        source = earlier if request.POST.get("copy") == "yes" else None
        try:
            application = drafts.start(call, association, by=request.user, at=received_at(request), copy_from=source)
        except AlreadyApplied as taken:
            messages.warning(request, str(taken))
            return redirect("grants:application", taken.first.pk)
        except NotAllowedNow as reason:
            refused = reason
        else:
            return redirect("grants:application", application.pk)
    context = {
        "call": call,
        "association": association,
        "earlier": earlier,
        "changes": _form_changes(earlier, call) if earlier else None,
        "answer": may_apply_for(request.user, association, received_at(request)),
        "open": takes_in(call, received_at(request), drafts.extension_of(call, association)),
        "refused": refused,
    }
    return render(request, "grants/application_start.html", context, status=409 if refused else 200)


def _latest_like(call: Call, association: Association) -> Application | None:
    """The association's last handed-in application in the same scheme."""
    rows = Application.objects.received().filter(association=association, call__version__scheme=call.version.scheme)
    return rows.select_related("call__version").order_by("-received_at").first()


def _form_changes(earlier: Application, call: Call) -> dict[str, list[str]]:
    """What has changed in the form since the earlier application, as the labels of the questions."""
    old, new = form_of(earlier), form_from_json(call.form_version.form)
    change = form_change(old, new)
    before = {question.key: question.label for section in old for question in section.questions}
    after = {question.key: question.label for section in new for question in section.questions}
    return {
        "added": [after[key] for key in change.added],
        "dropped": [before[key] for key in change.dropped],
        "reworded": [after[key] for key in change.reworded],
    }


@signed_in
@require_GET
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: the list of what is left to do while it is written, everything about it afterwards."""
    rows = (
        Application.objects.spoken_for_by(request.user)
        .select_related("call__version__scheme", "association__category", "association__activity", "case", "submitted_by")
        .prefetch_related("call__late_steps", Prefetch("completion_requests", CompletionRequest.objects.order_by("asked_at")))
    )
    found = get_object_or_404(rows, pk=pk)
    return _draft_page(request, found) if found.is_draft else _received_page(request, found)


def _draft_page(request: HttpRequest, draft: Application) -> HttpResponse:
    at = received_at(request)
    steps = steps_of(draft)
    context = {
        "application": draft,
        "steps": steps,
        "done": sum(step.progress == "done" for step in steps),
        "lateness": draft.lateness(at),
        "open": takes_in(draft.call, at, drafts.extension_of(draft.call, draft.association)),
        "answer": may_apply_for(request.user, draft.association, at),
    }
    return render(request, "grants/application_draft.html", context)


def _received_page(request: HttpRequest, found: Application) -> HttpResponse:
    at = received_at(request)
    asked = open_request_of(found)
    context = {
        "application": found,
        "request_open": asked if asked and at < asked.due_at else None,
        "steps": steps_of(found, asked) if asked else [],
        "earlier_requests": requests_shown([row for row in found.completion_requests.all() if row != asked], form_of(found)),
        "headings": headings_of(found),
        "lateness": found.lateness(at),
        "decisions": Decision.objects.visible_to(request.user).filter(application=found).in_force(),
        "events": story_of(found.case, request.user).events if found.case else [],
        "may_withdraw": may_withdraw(found) and may_apply_for(request.user, found.association, at),
    }
    return render(request, "grants/application.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def application_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Application.objects.spoken_for_by(request.user).select_related("call"), pk=pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(found, reason=form.cleaned_data["reason"], by=request.user, at=received_at(request))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("The application is withdrawn."))
        return redirect("grants:application", pk)
    return render(request, "grants/application_withdraw.html", {"application": found, "form": form})


@signed_in
@require_http_methods(["GET", "POST"])
def application_discard(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Application.objects.spoken_for_by(request.user).select_related("call"), pk=pk)
    if request.method == "POST":
        try:
            drafts.discard(found, by=request.user, at=received_at(request))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
            return redirect("grants:application", pk)
        messages.success(request, _("The draft is thrown away."))
        return redirect("grants:application_list")
    return render(request, "grants/application_discard.html", {"application": found})
