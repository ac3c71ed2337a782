"""After a decision: its appeals and their dates, and a grant that the association gives back."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import for_roles
from grants.actions import aftermath
from grants.actions.letters import appeal_until
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import AppealOutcome
from grants.forms.aftermath import AppealForm, FollowForm, RenouncedForm
from grants.models import Appeal, Application, Decision
from grants.permissions.aftermath import KEEPERS, may_follow_appeal, may_note_renounced, may_register_appeal
from grants.rules.appeals import Standing, standing
from grants.views.doors import DESK, of_handled

PER_PAGE = 50
_ALONG = ("application__association", "application__call", "application__case", "meeting__notice")


def words_of(where: Standing) -> str:
    return {
        Standing.NOT_ANNOUNCED: _("the time to appeal has not begun: the minutes are not adjusted"),
        Standing.OPEN: _("can be appealed"),
        Standing.APPEALED: _("appealed, not settled"),
        Standing.FINAL: _("has gained legal force"),
    }[where]


def standing_of(decision: Decision, day: date) -> str:
    """Where a decision stands, in words. One query."""
    pending = list(Appeal.objects.pending().filter(decision=decision).values_list("lodged_on", flat=True))
    return words_of(standing(appeal_until(decision), pending, day))


@for_roles(*DESK)
@require_GET
def appeal_list(request: HttpRequest) -> HttpResponse:
    """Appeals, those that are not settled first, the oldest of them first."""
    rows = Appeal.objects.visible_to(request.user).select_related(*(f"decision__{name}" for name in _ALONG))
    ordered = sorted(rows, key=lambda row: (row.outcome != AppealOutcome.PENDING, row.lodged_on, row.pk))
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "grants/decide/appeal_list.html", {"page": page})


@for_roles(*DESK)
@require_http_methods(["GET", "POST"])
def decision_appeals(request: HttpRequest, pk: int) -> HttpResponse:
    """The appeals of one decision, where it stands, and a form for one that came in."""
    decision = _decision(request, pk)
    form = AppealForm(request.POST or None, initial={"court": settings.MUNICIPALITY["court"].partition(",")[0]})
    may = may_register_appeal(request.user, decision)
    if request.method == "POST" and not may:
        raise PermissionDenied(may.reason)
    if request.method == "POST" and form.is_valid():
        try:
            made = aftermath.register_appeal(decision, aftermath.Lodged(**form.cleaned_data), by=request.user, at=now())
        except NotAllowedNow as refused:
            form.add_error("lodged_on", str(refused))
        else:
            words = (
                _("The appeal is registered. It came in time.") if made.in_time else _("The appeal is registered. It is late.")
            )
            messages.success(request, words)
            return redirect("grants:decision_appeals", decision.pk)
    context = {
        "decision": decision,
        "application": decision.application,
        "appeals": decision.appeals.select_related("registered_by"),
        "until": appeal_until(decision),
        "stands": standing_of(decision, localdate()),
        "form": form,
        "may": may,
        "ending": getattr(decision, "ending", None),
    }
    return render(request, "grants/decide/decision_appeals.html", context, status=422 if form.errors else 200)


@for_roles(*KEEPERS)
@require_http_methods(["GET", "POST"])
def appeal_follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what the court has done."""
    handled = Application.objects.for_casework_by(request.user).values("pk")
    rows = Appeal.objects.filter(decision__application__in=handled).select_related(*(f"decision__{name}" for name in _ALONG))
    appeal: Appeal = of_handled(request, rows, pk, "decision__application")
    form = FollowForm(request.POST or None, initial={"stayed_on": appeal.stayed_on, "court_number": appeal.court_number})
    if request.method == "POST" and form.is_valid():
        try:
            aftermath.follow_appeal(appeal, aftermath.Followed(**form.cleaned_data), by=request.user, at=now())
        except (NotAllowedNow, NotComplete) as refused:
            form.add_error("settled_on", str(refused))
        else:
            messages.success(request, _("Noted."))
            return redirect("grants:decision_appeals", appeal.decision_id)
    context = {"appeal": appeal, "form": form, "may": may_follow_appeal(request.user, appeal.decision)}
    return render(request, "grants/decide/appeal_follow.html", context, status=422 if form.errors else 200)


@for_roles(*KEEPERS)
@require_http_methods(["GET", "POST"])
def grant_renounced(request: HttpRequest, pk: int) -> HttpResponse:
    """The association gives the grant back."""
    decision = _decision(request, pk)
    if not (may := may_note_renounced(request.user, decision)):
        raise PermissionDenied(may.reason)
    form = RenouncedForm(request.POST or None, initial={"on": localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            aftermath.note_renounced(decision, by=request.user, at=now(), **form.cleaned_data)
        except (NotAllowedNow, NotComplete) as refused:
            form.add_error("on", str(refused))
        else:
            messages.success(request, _("The grant has ended. The association gets a letter."))
            return redirect("grants:decision", decision.pk)
    context: dict[str, Any] = {"decision": decision, "application": decision.application, "form": form}
    return render(request, "grants/decide/grant_renounced.html", context, status=422 if form.errors else 200)


def _decision(request: HttpRequest, pk: int) -> Decision:
    handled = Application.objects.for_casework_by(request.user).values("pk")
    rows = Decision.objects.filter(application__in=handled).select_related(*_ALONG)
    found: Decision = of_handled(request, rows, pk)
    return found
