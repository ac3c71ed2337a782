"""Which pupils nothing is planned for, and why: a list to work from."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Request, needs
from culture.at_risk import AtRisk, classes_at_risk
from culture.models import SchoolYear
from culture.permissions import may_plan
from culture.views.voices import year_shown
from records.spreadsheets import FORMATS, download

PAGE = 60


@needs("culture.read")
@require_GET
def at_risk(request: Request) -> HttpResponse:
    """The classes with pupils who have nothing, the most pupils first, each with its reasons. Constant queries; csv and xlsx."""
    year = year_shown(request.GET.get("lasar", ""), localdate())
    if year is None:
        return redirect("culture:plan_list")
    found = classes_at_risk(year)
    if (kind := request.GET.get("format")) in FORMATS:
        return download(kind, name=f"i-riskzonen-{year.first}", headings=_headings(), rows=_rows(found))
    context = {
        "year": year,
        "years": SchoolYear.objects.order_by("-first"),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "pupils": sum(each.pupils for each in found),
        "may": bool(may_plan(request.user)),
    }
    return render(request, "culture/plan/at_risk.html", context)


def _headings() -> list[str]:
    return [
        _("School unit code"),
        _("School"),
        _("Organiser"),
        _("Class"),
        _("Pupils at risk"),
        _("Pupils on the measuring date"),
        _("Why"),
    ]


def _rows(found: Iterable[AtRisk]) -> Iterable[list[Any]]:
    for each in found:
        school = each.group.school
        where = [school.code, school.name, str(school.get_organiser_display()), each.group.name]
        yield [*where, each.pupils, each.of, " ".join(map(str, each.whys))]
