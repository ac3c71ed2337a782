"""The association's grants: what was decided, what is paid when, what to report, each with its next step."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET

from accounts.permissions import signed_in
from grants.actions.letters import decision_context
from grants.actions.reclaims import pay_to
from grants.choices import InstalmentStatus
from grants.models import Application, Decision, Instalment, Reclaim, Report
from grants.permissions.applicant import may_apply_for
from grants.permissions.paying import facts_of, hindrance
from grants.rules.instalments import may_be_paid
from grants.views.steps import current_association

_ALONG = ("letter", "meeting__notice", "decided_by", "replaces", "proposal__proposed_by", "reported__meeting__notice")


def _published() -> Any:
    return Decision.objects.filter(published_at__isnull=False).select_related(*_ALONG).order_by("number")


@signed_in
@require_GET
def own_grants(request: HttpRequest) -> HttpResponse:
    """Everything that was decided for the association one acts for, the newest first."""
    association = current_association(request)
    rows = Application.objects.spoken_for_by(request.user).filter(decisions__published_at__isnull=False)
    if association is not None:
        rows = rows.filter(association=association)
    instalments = Prefetch("instalments", Instalment.objects.exclude(status=InstalmentStatus.CANCELLED).order_by("due_on"))
    decided = Prefetch("decisions", _published().prefetch_related(instalments), to_attr="published_decisions")
    found = rows.select_related("call", "association", "case", "report").prefetch_related(decided).distinct()
    claims = Reclaim.objects.unsettled().filter(association=association).with_balance() if association else Reclaim.objects.none()
    context = {
        "association": association,
        "rows": [_row(row) for row in found.order_by("-received_at")],
        "claims": claims.select_related("decision__application__call"),
    }
    return render(request, "grants/decide/own_grants.html", context)


def _row(application: Any) -> dict[str, Any]:
    decisions = application.published_decisions
    instalments = [row for decision in decisions for row in decision.instalments.all()]
    return {
        "application": application,
        "decision": decisions[-1],
        "next_payment": next((row for row in instalments if row.status != InstalmentStatus.PAID), None),
        "paid": sum(row.amount for row in instalments if row.status == InstalmentStatus.PAID),
        "report": getattr(application, "report", None),
    }


@signed_in
@require_GET
def own_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """One grant: the decision first, then the money, then the report."""
    application = _own(request, pk)
    decisions = list(_published().filter(application=application))
    if not decisions:
        return redirect("grants:application", application.pk)
    latest = decisions[-1]
    latest.application = application
    claims = Reclaim.objects.filter(decision__application=application).with_balance()
    context = {
        **decision_context(latest),
        "decisions": decisions,
        "instalments": [_payment(row) for row in _instalments(application)],
        "report": Report.objects.filter(application=application).first(),
        "claims": claims.prefetch_related("repayments").order_by("pk"),
        "pay_to": pay_to(),
        "may_report": may_apply_for(request.user, application.association, now()),
        "today": localdate(),
    }
    return render(request, "grants/decide/own_grant.html", context)


def _own(request: HttpRequest, pk: int) -> Application:
    rows = Application.objects.spoken_for_by(request.user)
    return get_object_or_404(rows.select_related("call__version__scheme", "association", "case"), pk=pk)


def _instalments(application: Application) -> Any:
    rows = Instalment.objects.filter(decision__application=application).exclude(status=InstalmentStatus.CANCELLED)
    rows = rows.select_related("decision__application__report").prefetch_related(
        "lines", "decision__application__association__bank_accounts"
    )
    return rows.order_by("due_on", "number")


def _payment(instalment: Instalment) -> dict[str, Any]:
    """A payment with the reason why it waits, as the association should read it."""
    why = ""
    if instalment.status == InstalmentStatus.PLANNED:
        finding = may_be_paid(facts_of(instalment), max(instalment.due_on, localdate()))
        why = "" if finding else hindrance(finding, instalment)
    paid = next((line.paid_on for line in instalment.lines.all() if line.paid_on), None)
    return {"instalment": instalment, "why": why, "paid_on": paid}
