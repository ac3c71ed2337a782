"""What an association has been billed for its times, and what this month comes to so far."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET

from accounts.permissions import Request, signed_in
from facilities.actions import billing
from facilities.models import Bill, BillLine
from facilities.views.bill_rows import headings, rows_of, table_of
from facilities.views.doors import current_association
from records import spreadsheets

SHOWN = 60  # bills: two a month for some years


@signed_in
@require_GET
def own_bills(request: Request) -> HttpResponse:
    """The bills of the association one acts for, the latest first, and what is not billed yet."""
    association, this_month = current_association(request), localdate().replace(day=1)
    coming = billing.draft_of(this_month, at=now(), association=association) if association else []
    context = {
        "association": association,
        "bills": Bill.objects.spoken_for_by(request.user).filter(association=association).select_related("run")[:SHOWN],
        "coming": [row for draft in coming for row in rows_of(draft.lines)],
        "coming_sum": billing.sums_of(coming),
        "formats": spreadsheets.FORMATS,
    }
    return render(request, "facilities/billing/own_bills.html", context)


@signed_in
@require_GET
def own_bill_table(request: Request, kind: str) -> HttpResponse:
    """Every line that the association has been billed, as a file."""
    association = current_association(request)
    if kind not in spreadsheets.FORMATS or association is None:
        raise Http404
    found = BillLine.objects.filter(bill__association=association)
    lines = found.select_related("bill", "corrects__bill").order_by("bill__year", "bill__number", "starts_at", "pk")
    rows = table_of([(line.bill, [line]) for line in lines])
    return spreadsheets.download(kind, name="fakturerade-tider", headings=headings(), rows=rows)
