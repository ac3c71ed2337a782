"""Schools x grades x school years, read from the stored figures: all of Sweden in a second, and totals are sums of pupils."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count as Number
from django.db.models import F, Q, QuerySet, Sum

from culture.choices import Organiser, VisitStatus
from culture.models import (
    ClassCoverage,
    CoverageLine,
    CoverageVersion,
    FragmentCoverage,
    Participation,
    School,
    SchoolCoverage,
    SchoolYear,
    Visit,
)
from culture.rules.coverage import Count


class Cell(NamedTuple):
    """Figures of some classes together. reached, live_reached: with what tied classes prove together. classes: how many lines."""

    official: int = 0
    reached: int = 0
    upper: int = 0
    live: int = 0
    live_reached: int = 0
    planned: int = 0
    booked: int = 0
    classes: int = 0

    @property
    def guarantee(self) -> Count:
        """For the rules: of the pupils of the measuring date."""
        return Count(self.reached, max(self.reached, self.upper), self.official)

    @property
    def today(self) -> Count:
        """For the rules: of the pupils of today."""
        return Count(self.live_reached, max(self.live_reached, self.live), self.live)

    @property
    def missing(self) -> int:
        return self.official - self.reached

    @property
    def at_risk(self) -> int:
        """Pupils that nothing reaches, nor anything booked or planned."""
        return max(0, self.missing - self.booked - self.planned)


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """One school in one school year. whole: sums of classes, which know more than sums of grades (case 1).

    Taken apart only when it is looked at: a page shows a few hundred rows of the fourteen thousand.
    """

    school: int
    year: int
    parts: tuple[tuple[str, str], ...]  # the stored texts, of the unit and of those that went on as it

    @property
    def whole(self) -> Cell:
        return together(Cell(*json.loads(whole)) for whole, _grades in self.parts)

    @property
    def grades(self) -> dict[int, Cell]:
        """Year of schooling -> figures, the youngest first."""
        found: dict[int, Cell] = {}
        for _whole, grades in self.parts:
            for grade, *numbers in json.loads(grades):
                cell = Cell._make(numbers)
                found[grade] = together((found[grade], cell)) if grade in found else cell
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """All schools with one kind of organiser. declined: schools that take no part, and since when; they stay in the count."""

    organiser: str
    whole: Cell
    declined: tuple[tuple[str, date], ...]

    @property
    def label(self) -> str:
        return str(Organiser(self.organiser).label)


def rows(years: Sequence[SchoolYear], schools: "QuerySet[School] | None" = None) -> dict[tuple[int, int], Row]:
    """(school, year) -> row, keys of both. Two queries, whatever the number of schools.

    A unit that went on as another stands under the one it became, once an officer has said so: never both (case 36).
    """
    became = _successors()
    stored = SchoolCoverage.objects.filter(year__in=years)
    if schools is not None:
        stored = stored.filter(school__in=schools)
    found: dict[tuple[int, int], tuple[tuple[str, str], ...]] = {}
    for school, year, whole, grades in stored.values_list("school", "year", "whole", "grades").iterator(chunk_size=20_000):
        key = (became.get(school, school), year)
        found[key] = (*found.get(key, ()), (whole, grades))
    return {key: Row(*key, parts) for key, parts in found.items()}


def total(found: Iterable[Row]) -> Cell:
    """All of some schools together: sums of pupils (case 17)."""
    return together(row.whole for row in found)


def together(cells: Iterable[Cell]) -> Cell:
    """Sums of pupils."""
    every = list(cells)
    return Cell._make(map(sum, zip(*every, strict=True))) if every else EMPTY


def lines(year: SchoolYear) -> list[Line]:
    """A line for each kind of organiser; together they are everybody (case 20). Two queries."""
    cells: dict[str, list[Cell]] = defaultdict(list)
    for organiser, whole in SchoolCoverage.objects.filter(year=year).values_list("school__organiser", "whole"):
        cells[organiser].append(Cell(*json.loads(whole)))
    declined: dict[str, list[tuple[str, date]]] = defaultdict(list)
    said = Participation.objects.filter(year=year).order_by("school__name")
    for name, organiser, day in said.values_list("school__name", "school__organiser", "declined_on"):
        declined[organiser].append((name, day))
    return [
        Line(organiser, together(cells[organiser]), tuple(declined[organiser]))
        for organiser in Organiser.values
        if organiser in cells
    ]


def sums_of(year: SchoolYear, schools: Iterable[int]) -> dict[int, tuple[list[int], list[list[int]]]]:
    """school -> (numbers of the whole, [grade, *numbers] of each), summed from the classes' stored figures. Two queries."""
    keys = list(schools)
    found: dict[int, tuple[list[int], list[list[int]]]] = {key: ([0] * len(SchoolCoverage.SUMMED), []) for key in keys}
    wholes = ClassCoverage.objects.filter(year=year, school__in=keys).values_list("school").annotate(**_SUMS).order_by()
    grades = FragmentCoverage.objects.filter(year=year, school__in=keys).values_list("school", "grade").annotate(**_SUMS)
    for school, *numbers in wholes:
        found[school] = (numbers, [])
    for school, grade, *numbers in grades.order_by("school", "grade"):
        found[school][1].append([grade, *numbers])
    return found


_SUMS = {
    "sum_official": Sum("official"),
    "sum_reached": Sum(F("reached") + F("extra")),
    "sum_upper": Sum("upper"),
    "sum_live": Sum("live"),
    "sum_live_reached": Sum(F("live_reached") + F("live_extra")),
    "sum_planned": Sum("planned"),
    "sum_booked": Sum("booked"),
    "number": Number("pk"),
}


def version(of: CoverageVersion) -> dict[int, Row]:
    """The figures as they were in a version, by school. One query."""
    wholes: dict[int, list[int]] = {}
    grades: dict[int, list[list[int]]] = defaultdict(list)
    for line in CoverageLine.objects.filter(version=of).order_by("school", "grade"):
        numbers = [
            line.official,
            line.reached + line.extra,
            line.upper,
            line.live,
            line.live_reached + line.live_extra,
            line.planned,
            line.booked,
            line.classes,
        ]
        if line.grade is None:
            wholes[line.school_id] = numbers
        else:
            grades[line.school_id].append([line.grade, *numbers])
    return {
        school: Row(school, of.year_id, ((json.dumps(whole), json.dumps(grades[school])),)) for school, whole in wholes.items()
    }


def arts_by_cohort(year: SchoolYear, schools: "QuerySet[School] | None" = None) -> dict[tuple[int, int], dict[str, int]]:
    """(school, cohort) -> art form -> confirmed professional visits with pupils of it, up to and in this year. One query."""
    visits = Visit.objects.filter(
        status=VisitStatus.CONFIRMED, class_group__year__first__lte=year.first, offer__is_professional=True
    )
    if schools is not None:
        visits = visits.filter(class_group__school__in=schools)
    became = _successors()
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    counted = visits.values_list("class_group__school", "parts__fragment__cohort", "offer__art_form").annotate(n=Number("pk"))
    for school, cohort, art, number in counted.order_by():
        if cohort is not None:
            found[became.get(school, school), cohort][art] += number
    return {key: dict(arts) for key, arts in found.items()}


def unmapped() -> "QuerySet[School]":
    """Closed units with figures that nobody has said what became of: a warning at the desk (case 36)."""
    return School.objects.closed_without_successor().filter(Q(classes__isnull=False)).distinct()


def _successors() -> dict[int, int]:
    """unit -> the unit that it is now, over however many steps."""
    pairs = School.objects.exclude(successor=None).values_list("pk", "successor")
    became = {pk: after for pk, after in pairs if after is not None}
    for pk in list(became):
        while became[pk] in became:
            became[pk] = became[became[pk]]
    return became
