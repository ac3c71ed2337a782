"""How the guarantee stands, for everybody: small numbers are hidden so that nobody can be pointed out."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import public as for_everybody
from culture import matrix
from culture.choices import Organiser
from culture.models import GuaranteeItem, School, SchoolYear
from culture.rules.figures import missing_text, percent_text
from culture.rules.suppress import TOTAL, PublicTable, Row, public_table
from culture.views.figures import grade_name
from culture.views.voices import year_shown
from records.spreadsheets import FORMATS, download

_EVERYBODY = "everybody"


@for_everybody
@require_GET
def public(request: HttpRequest) -> HttpResponse:
    """The headline, a line for each kind of organiser, and schools x grades; also as csv and xlsx. Constant queries."""
    year = year_shown(request.GET.get("lasar", ""), localdate())
    if year is None:
        return render(request, "culture/public.html", {"year": None})
    schools = {school.pk: school for school in School.objects.order_by("name")}
    found = {key[0]: row for key, row in matrix.rows([year]).items()}
    shown = [school for school in schools.values() if school.pk in found and found[school.pk].whole.official]
    grades = sorted({grade for school in shown for grade in found[school.pk].grades})
    table = _table(shown, found, grades)
    rows = [(school, *_cells(table, str(school.pk), grades)) for school in shown]
    if (kind := request.GET.get("format")) in FORMATS:
        return download(kind, name="kulturgaranti", headings=_headings(grades, year), rows=_plain(rows))
    whole = matrix.total(found[school.pk] for school in shown)
    context = {
        "year": year,
        "years": SchoolYear.objects.order_by("-first"),
        "headline": percent_text(whole.reached, whole.official),
        "whole": whole,
        "missing": missing_text(whole.guarantee),
        "lines": [(line, percent_text(line.whole.reached, line.whole.official)) for line in matrix.lines(year)],
        "grades": [grade_name(grade, year.first) for grade in grades],
        "rows": rows,
        "together": _cells(table, _EVERYBODY, grades),
        "hides": bool(table and table.hidden),
        "promises": _promises(year),
    }
    return render(request, "culture/public.html", context)


def _table(shown: list[School], found: dict[int, matrix.Row], grades: list[int]) -> PublicTable | None:
    """Everybody, kinds of organiser under that, schools under those."""
    if not shown:
        return None
    kinds = [kind for kind in Organiser.values if any(school.organiser == kind for school in shown)]
    rows = [Row(_EVERYBODY, None), *(Row(kind, _EVERYBODY) for kind in kinds)]
    for school in shown:
        cells = found[school.pk].grades
        values = tuple((str(grade), cells[grade].reached, cells[grade].official) for grade in grades if grade in cells)
        rows.append(Row(str(school.pk), school.organiser, values))
    return public_table([str(grade) for grade in grades], rows)


def _cells(table: PublicTable | None, name: str, grades: Iterable[int]) -> tuple[list[str], str]:
    """(text of each grade, text of the whole). "–": nobody there; "..": hidden."""
    if table is None:
        return [], "–"
    return [_text(table.shown(name, str(grade))) for grade in grades], _text(table.shown(name, TOTAL))


def _text(numbers: tuple[int, int] | None) -> str:
    return ".." if numbers is None else percent_text(*numbers)


def _headings(grades: Iterable[int], year: SchoolYear) -> list[str]:
    return [
        _("School"),
        _("Organiser"),
        *(_("Grade %(grade)s") % {"grade": grade_name(each, year.first)} for each in grades),
        _("All"),
    ]


def _plain(rows: Iterable[tuple[School, list[str], str]]) -> Iterable[list[str]]:
    for school, cells, whole in rows:
        yield [school.name, str(school.get_organiser_display()), *cells, whole]


def _promises(year: SchoolYear) -> list[tuple[str, list[GuaranteeItem]]]:
    """What each grade is promised this year. One query."""
    by_grade: dict[int, list[GuaranteeItem]] = {}
    for item in GuaranteeItem.objects.filter(year=year).order_by("grade", "order", "pk"):
        by_grade.setdefault(item.grade, []).append(item)
    return [(grade_name(grade, year.first), items) for grade, items in sorted(by_grade.items())]
