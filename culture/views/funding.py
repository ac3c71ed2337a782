"""The figures for the report of Skapande skola: per organiser pupils, grades, art forms and kronor; a page and a file."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Request, needs
from culture import funding as figures
from culture.models import Evidence, SchoolYear
from culture.views.voices import year_shown
from records.spreadsheets import FORMATS, download


@needs("culture.read")
@require_GET
def funding(request: Request) -> HttpResponse:
    """Per organiser: pupils, grades, art forms, kronor; and each offer with what shows that it is professional."""
    year = year_shown(request.GET.get("lasar", ""), localdate())
    if year is None:
        return redirect("culture:plan_list")
    organisers = figures.by_organiser(year)
    evidence = _evidence(organisers)
    if (kind := request.GET.get("format")) in FORMATS:
        rows = _rows(organisers, evidence)
        return download(kind, name=f"skapande-skola-{year.first}", headings=_headings(), rows=rows)
    context = {
        "year": year,
        "years": SchoolYear.objects.order_by("-first"),
        "organisers": [(each, [(row, evidence.get(row.offer.producer_id, ())) for row in each.rows]) for each in organisers],
        "pupils": sum(each.pupils for each in organisers),
        "cost": sum(each.cost for each in organisers),
    }
    return render(request, "culture/report/funding.html", context)


def _evidence(organisers: Iterable[figures.OrganiserFigures]) -> dict[int, list[Evidence]]:
    """Producer -> what shows that it is professional. One query."""
    producers = {row.offer.producer_id for each in organisers for row in each.rows}
    found: dict[int, list[Evidence]] = {}
    for row in Evidence.objects.filter(producer__in=producers).order_by("-seen_on", "-pk"):
        found.setdefault(row.producer_id, []).append(row)
    return found


def _headings() -> list[str]:
    return [
        _("Organiser"),
        _("Kind"),
        _("Offer"),
        _("Art form"),
        _("Producer"),
        _("Schools"),
        _("Performances"),
        _("Visits by classes"),
        _("Visits by pupils"),
        _("Grades"),
        _("Kronor"),
        _("Kronor a pupil"),
        _("What shows that it is professional"),
    ]


def _rows(organisers: Iterable[figures.OrganiserFigures], evidence: dict[int, list[Evidence]]) -> Iterable[list[Any]]:
    for each in organisers:
        for row in each.rows:
            offer = row.offer
            what = [offer.title, str(offer.get_art_form_display()), offer.producer.name]
            shows = "; ".join(proof.text for proof in evidence.get(offer.producer_id, ()))
            grades = ", ".join(f"{label}: {pupils}" for label, pupils in row.grades.items())
            numbers = [len(row.schools), len(row.performances), row.visits, row.pupils, grades, row.cost, row.per_pupil]
            yield [each.name, each.kind_label, *what, *numbers, shows]
