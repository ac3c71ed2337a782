"""Payments: what waits and why, the files to the bank, the bank's answers; repayment claims."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.choices import Role
from accounts.permissions import for_roles
from grants.actions import payments
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import PaymentLineStatus
from grants.forms.assessment import ReasonForm
from grants.forms.paying import PaidForm, RunForm
from grants.models import Application, Instalment, PaymentLine, PaymentRun
from grants.models.payment import InstalmentQuerySet
from grants.permissions.paying import facts_of, hindrance, may_approve_run, may_fetch, may_pay
from grants.rules.instalments import may_be_paid
from grants.views.doors import of_handled
from records import storage

READERS = (Role.OFFICER, Role.DECISION_MAKER, Role.AUDITOR)


def _instalments(user: Any) -> InstalmentQuerySet:
    handled = Application.objects.for_casework_by(user).values("pk")
    rows = Instalment.objects.filter(decision__application__in=handled).select_related(
        "decision__application__association",
        "decision__application__call",
        "decision__application__case",
        "decision__application__report",
    )
    return rows.prefetch_related("decision__application__association__bank_accounts")


@for_roles(*READERS)
@require_http_methods(["GET", "POST"])
def payment_list(request: HttpRequest) -> HttpResponse:
    """What can be paid, what waits and why; ticked payments become one file."""
    day = _asked_day(request)
    form = RunForm(request.POST or None, initial={"pays_on": day})
    if request.method == "POST" and may_pay(request.user) and form.is_valid():
        return _make_run(request, form)
    rows = [_row(row, day) for row in _instalments(request.user).planned().order_by("due_on", "pk")]
    ready, waiting = [row for row in rows if not row["why"]], [row for row in rows if row["why"]]
    context = {
        "day": day,
        "form": form,
        "ready": ready,
        "waiting": waiting,
        "ready_sum": sum((row["instalment"].amount for row in ready), Decimal(0)),
        "waiting_sum": sum((row["instalment"].amount for row in waiting), Decimal(0)),
        "runs": _runs()[:10],
        "may_pay": may_pay(request.user),
    }
    return render(request, "grants/decide/payment_list.html", context, status=422 if form.errors else 200)


def _asked_day(request: HttpRequest) -> date:
    """The day the list is drawn up for: from the address, else today."""
    asked = RunForm({"pays_on": request.GET.get("dag", "")})
    return asked.cleaned_data["pays_on"] if asked.is_valid() else localdate()


def _row(instalment: Instalment, day: date) -> dict[str, Any]:
    finding = may_be_paid(facts_of(instalment), day)
    return {"instalment": instalment, "why": "" if finding else hindrance(finding, instalment), "account": _account(instalment)}


def _account(instalment: Instalment) -> Any:
    accounts = instalment.decision.application.association.bank_accounts.all()
    return next((account for account in accounts if account.verified_at and not account.replaced_at), None)


def _make_run(request: HttpRequest, form: RunForm) -> HttpResponse:
    wanted = [int(pk) for pk in request.POST.getlist("instalment") if pk.isdigit()]
    chosen = _instalments(request.user).filter(pk__in=wanted)
    try:
        run = payments.make_run(chosen, pays_on=form.cleaned_data["pays_on"], by=request.user, at=now())
    except (NotAllowedNow, NotComplete) as refused:
        messages.error(request, str(refused))
        return redirect("grants:payment_list")
    messages.success(request, _("The payment file is made. Somebody else approves it."))
    return redirect("grants:payment_run", run.pk)


def _runs() -> QuerySet[PaymentRun]:
    rejected = Count("lines", filter=Q(lines__status=PaymentLineStatus.REJECTED))
    waiting = Count("lines", filter=Q(lines__status=PaymentLineStatus.SENT))
    return PaymentRun.objects.select_related("made_by", "approved_by").annotate(rejected=rejected, unanswered=waiting)


@for_roles(*READERS)
@require_GET
def payment_run(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: its payments and what the bank answered. Payments one has an interest in are left out of the list and its sum."""
    run = get_object_or_404(_runs(), pk=pk)
    related = ("instalment__decision__application__case", "instalment__decision__application__call")
    shown = list(_lines(request.user, run).select_related(*related).order_by("payee", "pk"))
    context = {
        "run": run,
        "lines": shown,
        "hidden": run.lines_count - len(shown),
        "shown_sum": sum((line.amount for line in shown), Decimal(0)),
        "may_approve": may_approve_run(request.user, run),
        "may_fetch": may_fetch(request.user, run),
        "may_pay": may_pay(request.user),
        "unanswered": [line for line in shown if line.status == PaymentLineStatus.SENT] if run.approved_at else [],
        "paid_form": PaidForm(initial={"on": run.pays_on}),
        "stop_form": ReasonForm(label=_("Why is the file stopped?")),
    }
    return render(request, "grants/decide/payment_run.html", context)


def _lines(user: Any, run: PaymentRun) -> QuerySet[PaymentLine]:
    """The payments of a file that this user may see."""
    handled = Application.objects.for_casework_by(user).values("pk")
    return run.lines.filter(instalment__decision__application__in=handled)


@for_roles(Role.OFFICER)
@require_POST
def payment_run_fetch(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Fetch the file for the bank. Each time is logged."""
    run = get_object_or_404(PaymentRun.objects.select_related("file"), pk=pk)
    if not (answer := may_fetch(request.user, run)):
        messages.warning(request, str(answer.reason))
        return redirect("grants:payment_run", run.pk)
    payments.note_fetched(run, by=request.user, at=now())
    with storage.open_bytes(run.file.path) as file:
        content = file.read()
    answer_file = HttpResponse(content, content_type=run.file.content_type)
    answer_file["Content-Disposition"] = f'attachment; filename="{run.file.name}"'
    answer_file["X-Content-Type-Options"] = "nosniff"
    return answer_file


@for_roles(Role.OFFICER, Role.DECISION_MAKER)
@require_POST
def payment_run_approve(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(PaymentRun, pk=pk)
    try:
        payments.approve_run(run, by=request.user, at=now())
        messages.success(request, _("The file is approved and can be fetched."))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    return redirect("grants:payment_run", run.pk)


@for_roles(Role.OFFICER)
@require_POST
def payment_run_stop(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(PaymentRun, pk=pk)
    try:
        payments.stop_run(run, reason=request.POST.get("reason", ""), by=request.user, at=now())
        messages.success(request, _("The file is stopped. Its payments wait again."))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    return redirect("grants:payment_run", run.pk)


@for_roles(Role.OFFICER)
@require_POST
def payment_run_paid(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank has paid: those that were ticked."""
    run = get_object_or_404(PaymentRun, pk=pk)
    form = PaidForm(request.POST)
    wanted = [int(key) for key in request.POST.getlist("line") if key.isdigit()]
    if not form.is_valid():
        messages.warning(request, _("Write the day on which the bank paid, for example 2027-01-15."))
        return redirect("grants:payment_run", run.pk)
    lines = _lines(request.user, run).filter(pk__in=wanted)
    marked = payments.mark_paid(lines, on=form.cleaned_data["on"], by=request.user, at=now())
    if marked:
        messages.success(request, _("Noted as paid: %(count)s.") % {"count": marked})
    else:
        messages.warning(request, _("Tick the payments that the bank has made."))
    return redirect("grants:payment_run", run.pk)


@for_roles(Role.OFFICER)
@require_http_methods(["GET", "POST"])
def payment_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank would not pay this one."""
    handled = Application.objects.for_casework_by(request.user).values("pk")
    rows = PaymentLine.objects.filter(instalment__decision__application__in=handled).select_related(
        "run", "instalment__decision__application"
    )
    line: PaymentLine = of_handled(request, rows, pk, "instalment__decision__application")
    form = ReasonForm(request.POST or None, label=_("What did the bank answer?"))
    if request.method == "POST" and form.is_valid():
        try:
            payments.mark_rejected(line, reason=form.cleaned_data["reason"], by=request.user, at=now())
            messages.success(request, _("Noted. The payment waits until somebody has looked at the account."))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        return redirect("grants:payment_run", line.run_id)
    context = {"line": line, "form": form}
    return render(request, "grants/decide/payment_reject.html", context, status=422 if form.errors else 200)


@for_roles(Role.OFFICER)
@require_http_methods(["GET", "POST"])
def payment_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold a payment back with a reason, or release it."""
    instalment: Instalment = of_handled(request, _instalments(request.user), pk, "decision__application")
    held = bool(instalment.held_reason)
    label = _("Why can it be paid now?") if held else _("Why is the payment held back?")
    form = ReasonForm(request.POST or None, label=label, hint=_("The association sees this."), required=not held)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if held:
                payments.release(instalment, reason=reason, by=request.user, at=now())
                messages.success(request, _("The payment is released."))
            else:
                payments.hold(instalment, reason=reason, by=request.user, at=now())
                messages.success(request, _("The payment is held back."))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        return redirect("grants:payment_list")
    context = {"instalment": instalment, "form": form, "held": held}
    return render(request, "grants/decide/payment_hold.html", context, status=422 if form.errors else 200)
