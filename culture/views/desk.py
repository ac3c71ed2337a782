"""The culture officer's desk: how the guarantee stands, what is at risk, and why; down to one class."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Request, needs
from culture import matrix, todo
from culture.choices import VISIT_TONES, SchoolAnswer, VisitStatus
from culture.models import Attendance, ClassCoverage, ClassGroup, ListConfirmation, School, SchoolYear, Visit
from culture.rules.coverage import Count
from culture.rules.figures import fraction_text, missing_text, percent_text
from culture.views.figures import figure, grade_name
from culture.views.voices import year_shown
from records.spreadsheets import FORMATS, download


@needs("culture.read")
@require_GET
def desk(request: Request) -> HttpResponse:
    """What waits for those who plan, the headline, and schools x grades with what is at risk. Constant queries; csv and xlsx."""
    year = year_shown(request.GET.get("lasar", ""), localdate())
    if year is None:
        return render(request, "culture/desk.html", {"year": None})
    found = {key[0]: row for key, row in matrix.rows([year]).items()}
    schools = [school for school in School.objects.order_by("name") if school.pk in found]
    grades = sorted({grade for row in found.values() for grade in row.grades})
    rows = [(school, [figure(found[school.pk].grades.get(grade, matrix.EMPTY)) for grade in grades]) for school in schools]
    wholes = {school.pk: figure(found[school.pk].whole) for school in schools}
    if (kind := request.GET.get("format")) in FORMATS:
        return download(kind, name="kulturgaranti", headings=_headings(), rows=_numbers(schools, found, grades, year))
    whole = matrix.total(found.values())
    context = {
        "year": year,
        "years": SchoolYear.objects.order_by("-first"),
        "tasks": todo.tasks_of_planner(request.user, now()),
        "headline": figure(whole),
        "whole": whole,
        "lines": [(line, figure(line.whole)) for line in matrix.lines(year)],
        "grades": [grade_name(grade, year.first) for grade in grades],
        "rows": [(school, cells, wholes[school.pk]) for school, cells in rows],
        "together": [figure(matrix.together(row.grades.get(grade, matrix.EMPTY) for row in found.values())) for grade in grades],
        "waiting": _waiting(year),
    }
    return render(request, "culture/desk.html", context)


def _waiting(year: SchoolYear) -> dict[str, int]:
    """What schools have left to do. Three queries."""
    visits = Visit.objects.filter(class_group__year=year)
    with_classes = School.objects.filter(classes__year=year).distinct()
    confirmed = ListConfirmation.objects.filter(year=year).values("school")
    return {
        "lists": with_classes.exclude(pk__in=confirmed).count(),
        "answers": visits.filter(status=VisitStatus.BOOKED, answer=SchoolAnswer.NONE, day__gte=localdate()).count(),
        "confirm": visits.to_confirm(now()).count(),
    }


def _headings() -> list[str]:
    return [
        _("School unit code"),
        _("School"),
        _("Organiser"),
        _("Grade"),
        _("Pupils on the measuring date"),
        _("Reached, at least"),
        _("Reached, at most"),
        _("Booked"),
        _("Planned"),
        _("At risk"),
        _("Pupils today"),
        _("Reached today"),
    ]


def _numbers(schools: Iterable[School], found: dict[int, matrix.Row], grades: list[int], year: SchoolYear) -> Iterable[list[Any]]:
    for school in schools:
        row = found[school.pk]
        every = [(grade_name(grade, year.first), row.grades[grade]) for grade in grades if grade in row.grades]
        for name, cell in [*every, (_("All"), row.whole)]:
            numbers = [cell.official, cell.reached, max(cell.reached, cell.upper), cell.booked, cell.planned, cell.at_risk]
            yield [school.code, school.name, str(school.get_organiser_display()), name, *numbers, cell.live, cell.live_reached]


@needs("culture.read")
@require_GET
def desk_school(request: Request, pk: int) -> HttpResponse:
    """One school: each class with its figures, and what is booked for it."""
    school = get_object_or_404(School, pk=pk)
    year = year_shown(request.GET.get("lasar", ""), localdate())
    groups = ClassGroup.objects.filter(school=school, year=year).with_counts().select_related("coverage").order_by("key")
    visits: dict[int, list[Visit]] = {}
    for visit in Visit.objects.filter(class_group__in=groups).select_related("performance__offer").order_by("day"):
        visits.setdefault(visit.class_group_id, []).append(visit)
    rows = [
        (group, *_of_class(group), [(each, VISIT_TONES[each.status]) for each in visits.get(group.pk, [])]) for group in groups
    ]
    declined = school.participation.filter(year=year).first()
    context = {"school": school, "year": year, "rows": rows, "declined": declined, "contacts": school.contacts.on(localdate())}
    return render(request, "culture/desk_school.html", context)


def _of_class(group: ClassGroup) -> tuple[str, str, str]:
    """(percent, fraction, missing) of a class's stored figures."""
    row: ClassCoverage | None = getattr(group, "coverage", None)
    if row is None:
        return "–", "", ""
    count = Count(row.reached, max(row.reached, row.upper), row.official)
    return percent_text(count.reached, count.enrolled), fraction_text(count), missing_text(count)


@needs("culture.read")
@require_GET
def desk_class(request: Request, pk: int) -> HttpResponse:
    """Why a class has its figure: every visit, what was said of it, what counts and what does not."""
    group = get_object_or_404(ClassGroup.objects.with_counts().select_related("coverage"), pk=pk)
    percent, fraction, missing = _of_class(group)
    visits = Visit.objects.with_all().filter(class_group=group).order_by("day", "pk")
    latest = Attendance.objects.filter(visit__in=visits).order_by("visit", "-number").select_related("by", "link")
    said: dict[int, list[Attendance]] = {}
    for row in latest:
        said.setdefault(row.visit_id, []).append(row)
    context = {
        "group": group,
        "grades": [(grade_name(part.grade, group.year.first), part.official, part.live) for part in group.fragments.all()],
        "percent": percent,
        "fraction": fraction,
        "missing": missing,
        "coverage": getattr(group, "coverage", None),
        "visits": [(visit, VISIT_TONES[visit.status], _why(visit), said.get(visit.pk, [])) for visit in visits],
    }
    return render(request, "culture/desk_class.html", context)


def _why(visit: Visit) -> str:
    """Whether a visit counts for the guarantee of its year, and why not."""
    if visit.status != VisitStatus.CONFIRMED:
        return _("Does not count: only confirmed visits do (C-14).")
    if not visit.offer.is_professional:
        return _("Does not count: the event is not professional (C-14, C-29).")
    if visit.catch_up_year_id:
        return _("Makes good for an earlier school year, so it does not count for this one (C-14).")
    if visit.catch_up_of_id:
        return _("For those who were absent, so it adds to the visit before (C-15).")
    return _("Counts (C-14). Of several visits the largest counts, unless one was for the absentees of another (C-10).")
