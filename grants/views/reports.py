"""After the money: the association's follow-up report, the officer's review of it, and repayment claims."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.choices import Role
from accounts.permissions import for_roles, signed_in
from grants.actions import reclaims, report_plan, reports
from grants.actions.counting import Counted
from grants.actions.ledger import balance_of, net_paid, repaid
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import ReportStatus
from grants.forms.reports import ClaimForm, RepaymentForm, ReportForm, ReviewForm, WaiveForm
from grants.models import Application, Decision, Reclaim, Report
from grants.models.application import CASEWORK
from grants.permissions.paying import may_claim, may_hand_in, may_note_repayment, may_review_report
from grants.views.doors import of_handled
from grants.views.steps import current_association, received_at

PER_PAGE = 50
_WITH_CASE = ("application__call__version", "application__mended", "application__association", "application__case")


@signed_in
@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """Our reports: what is asked for, first that which is due first, and what has been handed in."""
    association = current_association(request)
    found = Report.objects.none()
    if association is not None:
        found = Report.objects.visible_to(request.user).filter(application__association=association)
    rows = found.select_related("application__call").order_by("due_on", "pk")
    context = {"association": association, "rows": rows, "today": localdate()}
    return render(request, "grants/report_list.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the report, save it, hand it in. Read it once it is handed in."""
    found = get_object_or_404(_own(request).select_related(*_WITH_CASE), pk=pk)
    plan = report_plan.plan_of(found)
    form = ReportForm(request.POST or None, initial=_typed(found) | {row.field: row.actual for row in plan}, plan=plan)
    if request.method == "POST" and form.is_valid() and (done := _write(request, found, form)) is not None:
        return done
    context = {
        "report": found,
        "application": found.application,
        "form": form,
        "answer": may_hand_in(found),
        "sections": found.application.shown_sections(),
    }
    return render(request, "grants/report.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest) -> QuerySet[Report]:
    """Reports of the associations this user speaks for."""
    spoken_for = Application.objects.spoken_for_by(request.user).values("pk")
    return Report.objects.filter(application__in=spoken_for)


def _typed(found: Report) -> dict[str, Any]:
    return {**found.answers, "spent": found.spent, "explanation": found.explanation}


def _write(request: HttpRequest, found: Report, form: ReportForm) -> HttpResponse | None:
    """Save or hand in; None with the sentences on the form when something is missing."""
    at = received_at(request)
    typed = {"answers": form.answers, "spent": form.cleaned_data["spent"], "explanation": form.cleaned_data["explanation"]}
    try:
        if "hand_in" in request.POST:
            reports.hand_in(found, by=request.user, at=at, **typed)
            messages.success(request, _("The report is handed in."))
            return redirect("grants:report_list")
        reports.save(found, by=request.user, at=at, **typed)
    except NotComplete as refused:
        for field, sentence in zip(refused.fields, refused.missing, strict=True):
            form.add_error(field, sentence)
        return None
    except NotAllowedNow as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("Saved. The report is not handed in yet."))
    return redirect("grants:report", found.pk)


@for_roles(*CASEWORK)
@require_GET
def report_queue(request: HttpRequest) -> HttpResponse:
    """Reports to review first, then those that are asked for and when."""
    handled = Application.objects.for_casework_by(request.user).values("pk")
    found = Report.objects.filter(application__in=handled).exclude(status=ReportStatus.APPROVED)
    rows = found.select_related("application__call", "application__association", "application__case").order_by("due_on", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    waiting = found.filter(status=ReportStatus.HANDED_IN).count()
    context = {"page": page, "waiting": waiting, "today": localdate()}
    return render(request, "grants/report_queue.html", context)


@for_roles(*CASEWORK)
@require_http_methods(["GET", "POST"])
def report_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a report beside what was granted; approve it, or return it with what is missing."""
    handled = Application.objects.for_casework_by(request.user).values("pk")
    found: Report = of_handled(request, Report.objects.filter(application__in=handled).select_related(*_WITH_CASE), pk)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approved = "approve" in request.POST
        try:
            reports.review(found, approved=approved, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except NotAllowedNow as refused:
            form.add_error("reason", getattr(refused, "missing", None) or str(refused))
        else:
            messages.success(request, _("The report is approved.") if approved else _("The report is returned."))
            return redirect("grants:report_review", pk) if _counted_again(found) else redirect("grants:report_queue")
    decision = Decision.objects.in_force().filter(application=found.application_id).first()
    again = _counted_again(found)
    context = {
        "again": again,
        "report": found,
        "application": found.application,
        "form": form,
        "answer": may_review_report(request.user, found),
        "decision": decision,
        "plan": report_plan.plan_of(found),
        "sections": found.application.shown_sections(),
        "paid": net_paid(found.application) + repaid(found.application),
        "claims": Reclaim.objects.filter(decision__application=found.application_id).order_by("pk"),
        "reminders": found.reminders.order_by("sent_at"),
        "today": localdate(),
        "to_claim": reclaims.to_claim(decision) if decision and found.status == ReportStatus.APPROVED and not again else None,
        "may_claim": decision is not None and bool(may_claim(request.user, decision)),
    }
    return render(request, "grants/report_review.html", context, status=422 if form.errors else 200)


def _counted_again(found: Report) -> Counted | None:
    """The rules on the report's figures, when they call for a new decision: another amount than is in force."""
    again = report_plan.count_again(found.application)
    if again is None or again.amount is None:
        return again
    standing = Decision.objects.in_force().filter(application=found.application_id).first()
    return again if standing is not None and again.amount != (standing.amount or 0) else None


@for_roles(*CASEWORK)
@require_GET
def reclaim_list(request: HttpRequest) -> HttpResponse:
    """Claims with what has come back and what is left."""
    rows = _claims(request).order_by("status", "due_on", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "grants/reclaim_list.html", {"page": page, "today": localdate()})


def _claims(request: HttpRequest) -> QuerySet[Reclaim]:
    handled = Application.objects.for_casework_by(request.user).values("pk")
    found = Reclaim.objects.filter(decision__application__in=handled).with_balance()
    return found.select_related("association", "decision__application__call", "decision__application__case")


@for_roles(*CASEWORK)
@require_http_methods(["GET", "POST"])
def reclaim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim: what came in, note more, or give up the rest."""
    found: Reclaim = of_handled(request, _claims(request), pk, "decision__application")
    posted = request.POST if request.method == "POST" else None
    waiving = posted is not None and "waive" in posted
    repayment = RepaymentForm(None if waiving else posted, prefix="repayment", initial={"on": localdate()})
    waive = WaiveForm(posted if waiving else None, prefix="waive")
    form: Any = waive if waiving else repayment
    if posted is not None and form.is_valid():
        try:
            if waiving:
                reclaims.waive(found, reason=form.cleaned_data["reason"], by=request.user, at=now())
            else:
                given = form.cleaned_data
                reclaims.note_repayment(found, amount=given["amount"], on=given["on"], by=request.user, at=now())
        except NotAllowedNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Noted."))
            return redirect("grants:reclaim", found.pk)
    context = {
        "reclaim": found,
        "application": found.decision.application,
        "balance": balance_of(found),
        "repayments": found.repayments.select_related("noted_by"),
        "today": localdate(),
        "repayment": repayment,
        "waive": waive,
        "is_open": found in Reclaim.objects.unsettled(),
        "may_note": may_note_repayment(request.user, found),
        "may_waive": bool(may_claim(request.user, found.decision)),
    }
    return render(request, "grants/reclaim.html", context, status=422 if form.errors else 200)


@for_roles(Role.DECISION_MAKER)
@require_http_methods(["GET", "POST"])
def claim_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A delegate decides that money is to be paid back on a published decision."""
    rows = Decision.objects.in_force().visible_to(request.user).select_related(*_WITH_CASE)
    decision: Decision = of_handled(request, rows, pk)
    if not (answer := may_claim(request.user, decision)):
        raise PermissionDenied(answer.reason)
    unused = reclaims.to_claim(decision)
    form = ClaimForm(request.POST or None, initial={"amount": unused or None})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = reclaims.claim_back(
                decision, amount=given["amount"], reason=given["reason"], due_on=given["due_on"], by=request.user, at=now()
            )
        except NotAllowedNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The claim is decided, and a letter is on its way."))
            return redirect("grants:reclaim", made.pk)
    context = {
        "decision": decision,
        "application": decision.application,
        "form": form,
        "unused": unused,
        "paid": net_paid(decision.application),
        "most": reclaims.most_to_claim(decision),
        "report": Report.objects.filter(application=decision.application_id, status=ReportStatus.APPROVED).first(),
    }
    return render(request, "grants/claim_back.html", context, status=422 if form.errors else 200)
