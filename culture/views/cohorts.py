"""Art forms that the pupils of each cohort have met, school year by school year; of all schools or of one."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Request, needs
from culture.choices import ArtForm, VisitStatus
from culture.models import Fragment, School, SchoolYear, Visit
from culture.rules.years import SchoolYear as Year
from culture.rules.years import grade_label
from culture.views.voices import year_shown
from records.spreadsheets import FORMATS, download

Met = dict[tuple[int, int], dict[str, int]]  # (cohort, school year) -> art form -> classes


@needs("culture.read")
@require_GET
def cohorts(request: Request) -> HttpResponse:
    """Cohorts down, school years across: in how many classes each art form was met. Constant queries; csv and xlsx."""
    year = year_shown(request.GET.get("lasar", ""), localdate())
    if year is None:
        return redirect("culture:plan_list")
    schools = School.objects.filter(classes__year=year).distinct().in_swedish_order()
    asked = request.GET.get("skola", "")
    school = schools.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None
    years = sorted(SchoolYear.objects.filter(first__lte=year.first), key=lambda each: each.first)
    met, classes = met_by(year, school), classes_of(year, school)
    here = sorted({cohort for cohort, first in classes if first == year.first}, reverse=True)
    if (kind := request.GET.get("format")) in FORMATS:
        name = f"arskullar-{school.code if school else year.first}"
        return download(kind, name=name, headings=_headings(), rows=_rows(here, years, met, classes))
    context = {
        "year": year,
        "years": years,
        "schools": schools,
        "school": school,
        "rows": [(_grade(cohort, year), cohort, *_row(cohort, years, met, classes)) for cohort in here],
    }
    return render(request, "culture/report/cohorts.html", context)


def met_by(year: SchoolYear, school: School | None) -> Met:
    """Classes in which pupils of a cohort were at a confirmed professional event, by school year and art form. One query."""
    there = {"status": VisitStatus.CONFIRMED, "class_group__year__first__lte": year.first, "offer__is_professional": True}
    found: Met = defaultdict(dict)
    rows = _of(Visit.objects.filter(**there), "class_group__school", school).values_list(
        "parts__fragment__cohort", "class_group__year__first", "offer__art_form"
    )
    for cohort, first, art, number in rows.annotate(n=Count("class_group", distinct=True)).order_by():
        if cohort is not None:
            found[cohort, first][art] = number
    return found


def classes_of(year: SchoolYear, school: School | None) -> dict[tuple[int, int], int]:
    """(cohort, school year) -> classes with pupils of it. One query."""
    parts = Fragment.objects.filter(class_group__year__first__lte=year.first, class_group__closed_on=None, live__gt=0)
    rows = _of(parts, "class_group__school", school).values_list("cohort", "class_group__year__first")
    return {(cohort, first): number for cohort, first, number in rows.annotate(n=Count("class_group", distinct=True)).order_by()}


def _of(rows: "QuerySet[Any]", field: str, school: School | None) -> "QuerySet[Any]":
    """Of one school, and of the units that went on as it."""
    return rows.filter(**{f"{field}__in": [school.pk, *school.predecessors.values_list("pk", flat=True)]}) if school else rows


def _row(cohort: int, years: Iterable[SchoolYear], met: Met, classes: dict[tuple[int, int], int]) -> tuple[list[Any], list[str]]:
    """(cells of the school years, names of the art forms never met)."""
    cells, ever = [], set()
    for each in years:
        arts = met.get((cohort, each.first), {})
        ever |= set(arts)
        total = classes.get((cohort, each.first), 0)
        cells.append((each, [(str(ArtForm(art).label), number, total) for art, number in sorted(arts.items())], bool(total)))
    never = [str(art.label) for art in ArtForm if art.value not in ever and art != ArtForm.OTHER]
    return cells, never


def _grade(cohort: int, year: SchoolYear) -> str:
    return grade_label(cohort, Year(year.first))


def _headings() -> list[str]:
    return [_("Began school in"), _("School year"), _("Grade then"), _("Art form"), _("Classes that met it"), _("Classes")]


def _rows(here: Iterable[int], years: Iterable[SchoolYear], met: Met, classes: dict[tuple[int, int], int]) -> Iterable[list[Any]]:
    shown = list(years)
    for cohort in here:
        for each in shown:
            total = classes.get((cohort, each.first), 0)
            for art, number in sorted(met.get((cohort, each.first), {}).items()):
                yield [cohort, str(each), _grade(cohort, each), str(ArtForm(art).label), number, total]
