"""The bank's answers: a file taken in, and what each of its lines led to."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.choices import Role
from accounts.permissions import for_roles
from grants.actions import bank_answers
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import BankResult
from grants.forms.paying import BankFileForm
from grants.models import Application, BankFile
from grants.permissions.paying import may_pay
from grants.views.payments import READERS

PER_PAGE = 50
LOOK_AT = frozenset({BankResult.UNKNOWN, BankResult.AMOUNT, BankResult.UNSENT, BankResult.RETURNED, BankResult.REJECTED})


@for_roles(*READERS)
@require_http_methods(["GET", "POST"])
def bank_file_list(request: HttpRequest) -> HttpResponse:
    """Take in a file from the bank; those taken in before, newest first."""
    posted = request.method == "POST"
    form = BankFileForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and may_pay(request.user) and form.is_valid() and (done := _take_in(request, form)) is not None:
        return done
    page = Paginator(BankFile.objects.select_related("taken_in_by"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"file": row, "counted": bank_answers.counted(row.results)} for row in page]
    context = {"form": form, "page": page, "rows": rows, "may_pay": may_pay(request.user)}
    return render(request, "grants/decide/bank_file_list.html", context, status=422 if form.errors else 200)


def _take_in(request: HttpRequest, form: BankFileForm) -> HttpResponse | None:
    upload = form.cleaned_data["file"]
    try:
        row, is_new = bank_answers.take_in(upload.read(), name=upload.name or "", by=request.user, at=now())
    except (NotAllowedNow, NotComplete) as refused:
        form.add_error("file", str(refused))
        return None
    if is_new:
        messages.success(request, _("The file is taken in."))
    else:
        messages.warning(request, _("This file was taken in before. Nothing was changed."))
    return redirect("grants:bank_file", row.pk)


@for_roles(Role.OFFICER, Role.DECISION_MAKER, Role.AUDITOR)
@require_GET
def bank_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What each line of a file led to, those that need somebody first. Lines of cases one has an interest in are left out."""
    row = get_object_or_404(BankFile.objects.select_related("taken_in_by"), pk=pk)
    keys = {line["application"] for line in row.results if line["application"]}
    seen = Application.objects.for_casework_by(request.user).filter(pk__in=keys).select_related("association", "case", "call")
    applications = {application.pk: application for application in seen}
    shown = [line for line in row.results if line["application"] is None or line["application"] in applications]
    lines = [_line(line, applications) for line in sorted(shown, key=lambda line: line["told"] not in LOOK_AT)]
    context = {
        "file": row,
        "lines": lines,
        "hidden": len(row.results) - len(shown),
        "counted": bank_answers.counted(shown),
    }
    return render(request, "grants/decide/bank_file.html", context)


def _line(line: dict[str, Any], applications: dict[int, Application]) -> dict[str, Any]:
    result = BankResult(line["told"])
    return {
        **line,
        "told": result.label,
        "amount": Decimal(line["amount"]) if line["amount"] else None,
        "tone": "warning" if result in LOOK_AT else "success" if result is BankResult.PAID else "neutral",
        "application": applications.get(line["application"]),
    }
