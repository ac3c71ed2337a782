"""The officers' invoice basis: months, one month as a draft or as it was made, a bill with its lines, what is handed over."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Request, needs, signed_in
from facilities.actions import billing, invoices
from facilities.models import Bill, BillingRun, BillLine
from facilities.permissions import may_bill
from facilities.rules.billing import month_is_over
from facilities.views.bill_rows import headings, rows_of, table_of
from records import spreadsheets
from records.refusals import Refused

readers = needs("facilities.read_bills")
billers = needs("facilities.bill")
PER_PAGE = 100
_ARCHIVE, _NOTED = "peppol", "noted"  # how a month is handed over


@readers
@require_GET
def bill_list(request: Request) -> HttpResponse:
    """The months: what can be made now, how this month stands, what was made."""
    at = now()
    left = billing.months_left(at)
    context = {
        "ready": [each for each in left if month_is_over(each.month, at)],
        "current": next((each for each in left if not month_is_over(each.month, at)), None),
        "this_month": localdate(at).replace(day=1),
        "runs": BillingRun.objects.annotate(bill_count=Count("bills")),
        "may_bill": may_bill(request.user),
    }
    return render(request, "facilities/billing/bill_list.html", context)


@readers
@require_GET
def bill_month(request: Request, year: int, month: int) -> HttpResponse:
    """One month: as it would be, or as it was made. A draft stores nothing."""
    first = _month_or_404(year, month)
    run = _runs().filter(month=first).first()
    context: dict[str, Any] = {"month": first, "run": run, "may_bill": may_bill(request.user), "formats": spreadsheets.FORMATS}
    words = request.GET.get("q", "").strip()
    if run:
        bills = run.bills.annotate(line_count=Count("lines")).order_by("number")
        context["page"] = Paginator(bills.filter(hirer_name__icontains=words), PER_PAGE).get_page(request.GET.get("page"))
        context |= {"sums": run, "count": bills.count(), "without_number": bills.filter(organisation_number="").count()}
    else:
        drafts = billing.draft_of(first, at=now())
        found = [draft for draft in drafts if words.lower() in draft.bill.hirer_name.lower()]
        context["page"] = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"sums": billing.sums_of(drafts), "count": len(drafts), "is_over": month_is_over(first, now())}
        context["later_run"] = BillingRun.objects.filter(month__gt=first).exists()
    return render(request, "facilities/billing/bill_month.html", {**context, "q": words})


@readers
@require_GET
def bill_draft(request: Request, year: int, month: int) -> HttpResponse:
    """The lines that one hirer would get in a month that is not made."""
    first = _month_or_404(year, month)
    key = request.GET.get("hyresgast", "")
    found = [draft for draft in billing.draft_of(first, at=now()) if draft.hirer == key]
    if not found:
        raise Http404
    shown = [(draft.bill, rows_of(draft.lines)) for draft in found]
    return render(request, "facilities/billing/bill_draft.html", {"month": first, "bills": shown, "hirer": found[0].bill})


@readers
@require_GET
def bill_table(request: Request, year: int, month: int, kind: str) -> HttpResponse:
    """Every line of a month as a file, draft or made."""
    if kind not in spreadsheets.FORMATS:
        raise Http404
    first = _month_or_404(year, month)
    run = BillingRun.objects.filter(month=first).first()
    name = f"fakturaunderlag-{first:%Y-%m}" + ("" if run else "-utkast")
    drafts = [] if run else billing.draft_of(first, at=now())
    rows = table_of(_stored(run) if run else [(draft.bill, draft.lines) for draft in drafts])
    return spreadsheets.download(kind, name=name, headings=headings(), rows=rows)


@billers
@require_POST
def bill_make(request: Request, year: int, month: int) -> HttpResponse:
    """Make the month's basis."""
    first = _month_or_404(year, month)
    try:
        run = billing.make_run(first, by=request.user, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("facilities:bill_month", year, month)
    messages.success(request, _("The invoice basis is made. Hand it over to the finance system."))
    return redirect(run)


@billers
@require_POST
def bill_hand_over(request: Request, year: int, month: int) -> HttpResponse:
    """Hand the month over: the e-invoices as a file, or noted because csv or xlsx was used."""
    run = get_object_or_404(BillingRun, month=_month_or_404(year, month))
    try:
        content = invoices.e_invoices(run) if request.POST.get("how") == _ARCHIVE else None
        billing.hand_over(run, how=_NOTED if content is None else _ARCHIVE, by=request.user, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(run)
    if content is None:
        messages.success(request, _("Noted as handed over."))
        return redirect(run)
    return _attached(content, "application/zip", f"e-fakturor-{run}.zip")


@signed_in
@require_GET
def bill(request: Request, pk: int) -> HttpResponse:
    """One bill with its lines: for those who read bills, and for the association it is for."""
    found = _bill_or_404(request, pk)
    lines = found.lines.select_related("corrects__bill").order_by("starts_at", "pk")
    context = {
        "bill": found,
        "rows": rows_of(lines),
        "reads_all": request.user.has_perm("facilities.read_bills"),
        "corrected_by": Bill.objects.filter(lines__corrects__bill=found).exclude(pk=found.pk).distinct().order_by("number"),
    }
    return render(request, "facilities/billing/bill.html", context)


@readers
@require_GET
def bill_xml(request: Request, pk: int) -> HttpResponse:
    """One bill as an e-invoice, checked before it leaves."""
    found = _bill_or_404(request, pk)
    try:
        content = invoices.e_invoice(found)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(found)
    return _attached(content, "application/xml", invoices.file_name(found))


def _runs() -> Any:
    return BillingRun.objects.select_related("made_by", "handed_over_by")


def _bill_or_404(request: Request, pk: int) -> Bill:
    return get_object_or_404(Bill.objects.visible_to(request.user).select_related("run", "association"), pk=pk)


def _stored(run: BillingRun) -> list[tuple[Bill, list[BillLine]]]:
    """The bills of a run with their lines. Two queries."""
    lines: dict[int, list[BillLine]] = {}
    for line in BillLine.objects.filter(bill__run=run).select_related("corrects__bill").order_by("starts_at", "pk"):
        lines.setdefault(line.bill_id, []).append(line)
    return [(each, lines.get(each.pk, [])) for each in run.bills.order_by("number")]


def _month_or_404(year: int, month: int) -> date:
    """The first day of a month that has begun."""
    try:
        first = date(year, month, 1)
    except ValueError:
        raise Http404 from None
    if first > localdate() or year < 2000:
        raise Http404
    return first


def _attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
