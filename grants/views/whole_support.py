"""The whole support: cash and subsidised hall time, who it reached, as a page, a file and a document for the committee."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.choices import Role
from accounts.permissions import for_roles
from associations.models import Association
from grants import support_words, whole_support
from grants.models import Call
from grants.views.doors import DESK
from records import spreadsheets
from records.pdf import to_pdf

READERS = (*DESK, Role.COMMITTEE_MEMBER)
PER_PAGE = 50
YEARS_BACK = 3


@for_roles(*READERS)
@require_GET
def support_analysis(request: HttpRequest) -> HttpResponse:
    """One year's support and how it falls on girls and boys, ages, areas, categories and criteria; and the years before."""
    year, today = _year(request), localdate()
    rows = whole_support.supports(year, today=today)
    context = {
        **support_words.analysis_of(rows),
        "year": year,
        "years": _years(today),
        "before": [_total(each, today) for each in range(year - 1, year - YEARS_BACK, -1)],
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "formats": spreadsheets.FORMATS,
    }
    return render(request, "grants/support/analysis.html", context)


@for_roles(*READERS)
@require_GET
def support_table(request: HttpRequest, kind: str) -> HttpResponse:
    """Every association's support as a file."""
    if kind not in spreadsheets.FORMATS:
        raise Http404
    year = _year(request)
    rows = [support_words.cells(row) for row in whole_support.supports(year, today=localdate())]
    return spreadsheets.download(kind, name=f"hela-stodet-{year}", headings=support_words.headings(), rows=rows)


@for_roles(*READERS)
@require_GET
def support_pdf(request: HttpRequest) -> HttpResponse:
    """The analysis as a document for the committee (PDF/UA)."""
    year, today = _year(request), localdate()
    rows = whole_support.supports(year, today=today)
    subject = _("Equality analysis of the support %(year)s") % {"year": year}
    context = {
        **support_words.analysis_of(rows),
        "rows": rows,
        "year": year,
        "before": [_total(each, today) for each in range(year - 1, year - YEARS_BACK, -1)],
        "subject": subject,
        "addressee": settings.MUNICIPALITY["committee"],
        "municipality": settings.MUNICIPALITY,
        "letter_at": now(),
    }
    for chart in context["charts"]:
        top = max(value for _name, value in chart["bars"])
        chart["drawn"] = [(name, value, f"{value / top * 100:.1f}") for name, value in chart["bars"]]
    html = render_to_string("letters/grants/equality_analysis.html", context)
    answer = HttpResponse(to_pdf(html), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="jamstalldhetsanalys-{year}.pdf"'
    return answer


@for_roles(*READERS)
@require_GET
def support_of(request: HttpRequest, pk: int) -> HttpResponse:
    """One association's whole support over the years."""
    association = get_object_or_404(Association.objects.select_related("category", "area"), pk=pk)
    today = localdate()
    years = whole_support.years_of(association, _years(today)[:5], today=today)
    context = {"association": association, "years": years, "bars": [(str(year), row.total) for year, row in years]}
    return render(request, "grants/support/association.html", context)


def _total(year: int, today: date) -> dict[str, Any]:
    rows = whole_support.supports(year, today=today)
    both = whole_support.all_each(whole_support.cash_each(rows), whole_support.hall_each(rows))
    return {
        "year": year,
        "cash": sum(row.cash for row in rows),
        "hall": sum(row.hall for row in rows),
        "hours": sum(row.hours for row in rows),
        "total": sum(row.total for row in rows),
        "each": both,
    }


def _years(today: date) -> list[int]:
    """The years there are grants for, and this one; newest first."""
    known = Call.objects.announced().values_list("grant_year", flat=True).distinct()
    return sorted({*known, today.year}, reverse=True)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("ar", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and asked[0] == "2" else localdate().year
