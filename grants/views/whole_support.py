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
from grants import participation_words, support_words, whole_support
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
    year, exact = _year(request), _exact(request)
    years = _years_to(year)
    context = {
        **support_words.analysis_of(years, exact=exact),
        "year": year,
        "years": _years(localdate()),
        "page": Paginator(years[0][1], PER_PAGE).get_page(request.GET.get("page")),
        "exact": exact,
        "formats": spreadsheets.FORMATS,
    }
    context["lines"] = [(row, participation_words.association_cells(row, exact=exact)) for row in context["page"]]
    return render(request, "grants/support/analysis.html", context)


@for_roles(*READERS)
@require_GET
def support_table(request: HttpRequest, kind: str) -> HttpResponse:
    """Every association's support as a file."""
    if kind not in spreadsheets.FORMATS:
        raise Http404
    year = _year(request)
    rows = [support_words.cells(row, exact=_exact(request)) for row in whole_support.supports(year, today=localdate())]
    return spreadsheets.download(kind, name=f"hela-stodet-{year}", headings=support_words.headings(), rows=rows)


@for_roles(*READERS)
@require_GET
def support_pdf(request: HttpRequest) -> HttpResponse:
    """The analysis as a document for the committee (PDF/UA); small numbers of people are in nobody's, since it is passed on."""
    year = _year(request)
    years = _years_to(year)
    subject = _("Equality analysis of the support %(year)s") % {"year": year}
    context = {
        **support_words.analysis_of(years, exact=False),
        "lines": [(row, participation_words.association_cells(row, exact=False)) for row in years[0][1]],
        "year": year,
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
    exact = _exact(request)
    context = {
        "association": association,
        "years": [(year, row, participation_words.association_cells(row, exact=exact)) for year, row in years],
        "bars": [(str(year), row.total) for year, row in years],
        "tables": participation_words.of_one([(year, [row]) for year, row in years], exact=exact),
        "exact": exact,
    }
    return render(request, "grants/support/association.html", context)


def _exact(request: HttpRequest) -> bool:
    """Officers see small numbers of people, others do not."""
    user: Any = request.user
    return bool(user.has_role(Role.OFFICER))


def _years_to(year: int) -> list[tuple[int, list[whole_support.Support]]]:
    """The support of the year and of the years before, the year first."""
    return [(each, whole_support.supports(each, today=localdate())) for each in range(year, year - YEARS_BACK - 1, -1)]


def _years(today: date) -> list[int]:
    """The years there are grants for, and this one; newest first."""
    known = Call.objects.announced().values_list("grant_year", flat=True).distinct()
    return sorted({*known, today.year}, reverse=True)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("ar", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and asked[0] == "2" else localdate().year
