"""The yearly report in figures: as they stand now, or as a locked version has them. Pupils, and never percentages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, F, Q, Sum

from culture import follow_up, matrix
from culture.choices import ArtForm, Organiser, VisitStatus
from culture.matrix import Cell
from culture.models import ClassCoverage, ClassGroup, CoverageLine, CoverageVersion, Participation, School, SchoolYear, Visit
from culture.rules.sealing import seal_of
from culture.rules.suppress import TOTAL, PublicTable, Row, public_table
from culture.rules.years import SchoolYear as Year
from culture.rules.years import cohort_of, grade_label

EVERYBODY = "everybody"
WHOLE = -1
YEARS_BACK = 3


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What was made good. absentees: visits for those who missed another one; earlier: visits for the year before.

    missed: pupils and classes that were not reached the year before; owed: those of the classes that nothing has made good.
    """

    absentees: int
    absentee_pupils: int
    earlier: int
    missed_pupils: int
    missed_classes: int
    owed_classes: int


@dataclass(frozen=True, slots=True)
class CohortArts:
    """One cohort: in how many of its schools it has met each art form, up to this year. schools: where it goes now."""

    cohort: int
    grade: str
    schools: int
    met: Mapping[str, int]


class Yearbook:
    """One school year's report. version None: as it stands now, not locked. Queries once each, whatever the size."""

    def __init__(self, year: SchoolYear, version: CoverageVersion | None = None) -> None:
        self.year, self.version = year, version

    @cached_property
    def rows(self) -> dict[int, matrix.Row]:
        """School -> its figures."""
        if self.version:
            return matrix.version(self.version)
        return {key[0]: row for key, row in matrix.rows([self.year]).items()}

    @cached_property
    def schools(self) -> list[School]:
        """With pupils on the measuring date, by name."""
        named = School.objects.in_swedish_order().filter(pk__in=list(self.rows))
        return [school for school in named if self.rows[school.pk].whole.official]

    @cached_property
    def declined(self) -> dict[int, date]:
        if self.version:
            lines = CoverageLine.objects.filter(version=self.version, grade=None).exclude(declined_on=None)
            return {pk: day for pk, day in lines.values_list("school", "declined_on") if day}
        return dict(Participation.objects.filter(year=self.year).values_list("school", "declined_on"))

    @cached_property
    def whole(self) -> Cell:
        return matrix.total(self.rows.values())

    @cached_property
    def organisers(self) -> list[tuple[str, Cell, list[School]]]:
        """(label, figures, schools that declined) for each kind of organiser."""
        found = []
        for kind in Organiser:
            mine = [school for school in self.schools if school.organiser == kind]
            if mine:
                cell = matrix.total(self.rows[school.pk] for school in mine)
                found.append((str(kind.label), cell, [school for school in mine if school.pk in self.declined]))
        return found

    @cached_property
    def grades(self) -> list[int]:
        """Years of schooling with pupils, the youngest first."""
        return sorted({grade for row in self.rows.values() for grade, cell in row.grades.items() if cell.official})

    def grade_name(self, grade: int) -> str:
        year = Year(self.year.first)
        return grade_label(cohort_of(grade, year), year)

    @cached_property
    def by_grade(self) -> list[tuple[str, Cell]]:
        return [
            (self.grade_name(grade), matrix.together(row.grades[grade] for row in self.rows.values() if grade in row.grades))
            for grade in self.grades
        ]

    @cached_property
    def table(self) -> PublicTable | None:
        """What may be shown to everybody: small numbers hidden so that nobody finds them by subtraction."""
        if not self.schools:
            return None
        kinds = [kind for kind in Organiser.values if any(school.organiser == kind for school in self.schools)]
        rows = [Row(EVERYBODY, None), *(Row(kind, EVERYBODY) for kind in kinds)]
        for school in self.schools:
            cells = self.rows[school.pk].grades
            values = tuple((str(grade), cells[grade].reached, cells[grade].official) for grade in self.grades if grade in cells)
            rows.append(Row(str(school.pk), school.organiser, values))
        return public_table([str(grade) for grade in self.grades], rows)

    @cached_property
    def seal(self) -> str:
        """The checksum of a locked version's figures; '' of figures that still move."""
        if not self.version:
            return ""
        lines = []
        codes = dict(School.objects.filter(pk__in=self.rows).values_list("pk", "code"))
        for pk, row in self.rows.items():
            lines.append((codes[pk], WHOLE, tuple(row.whole)))
            lines += [(codes[pk], grade, tuple(cell)) for grade, cell in row.grades.items()]
        return seal_of(self.year.first, self.version.number, lines)

    @cached_property
    def catch_up(self) -> CatchUp:
        """Three queries."""
        confirmed = Visit.objects.filter(status=VisitStatus.CONFIRMED, performance__year=self.year)
        sums = confirmed.aggregate(
            absentees=Count("pk", filter=Q(catch_up_of__isnull=False)),
            pupils=Sum("attended", filter=Q(catch_up_of__isnull=False)),
            earlier=Count("pk", filter=Q(catch_up_year__first=self.year.first - 1)),
        )
        before = ClassCoverage.objects.filter(year__first=self.year.first - 1, official__gt=F("reached"))
        missed = {row.class_group_id: row.official - row.reached for row in before}
        good = confirmed.filter(catch_up_year__first=self.year.first - 1).values("class_group")
        owed = ClassGroup.objects.filter(year=self.year, previous__in=missed).exclude(pk__in=good).values("previous").distinct()
        return CatchUp(
            absentees=sums["absentees"],
            absentee_pupils=sums["pupils"] or 0,
            earlier=sums["earlier"],
            missed_pupils=sum(missed.values()),
            missed_classes=len(missed),
            owed_classes=owed.count(),
        )

    @cached_property
    def cohorts(self) -> list[CohortArts]:
        """The cohorts that have pupils this year, the youngest first, and the art forms they have met. Two queries."""
        met = matrix.arts_by_cohort(self.year)
        schools: dict[int, set[int]] = defaultdict(set)
        for pk, row in self.rows.items():
            for grade, cell in row.grades.items():
                if cell.official:
                    schools[self.year.first - grade].add(pk)
        return [
            CohortArts(
                cohort=cohort,
                grade=self.grade_name(self.year.first - cohort),
                schools=len(theirs),
                met=_by_art(met.get((pk, cohort), {}) for pk in theirs),
            )
            for cohort, theirs in sorted(schools.items(), reverse=True)
        ]

    @cached_property
    def arts(self) -> list[tuple[str, str]]:
        """(art form, its name) of those that some cohort has met."""
        met = {art for cohort in self.cohorts for art in cohort.met}
        return [(str(art.value), str(art.label)) for art in ArtForm if art.value in met]

    @cached_property
    def years(self) -> list[SchoolYear]:
        """This school year and those before it, the earliest first."""
        found = SchoolYear.objects.filter(first__lte=self.year.first, first__gt=self.year.first - YEARS_BACK)
        return sorted(found, key=lambda year: year.first)

    @cached_property
    def over_the_years(self) -> list[tuple[str, list[Cell]]]:
        """(grade now, figures of each year) by cohort: the same pupils year after year, whatever the grades are called."""
        found = matrix.rows(self.years)
        cells: dict[tuple[int, int], list[Cell]] = defaultdict(list)
        first = {year.pk: year.first for year in self.years}
        for (_school, year), row in found.items():
            for grade, cell in row.grades.items():
                cells[first[year] - grade, year].append(cell)
        return [
            (cohort.grade, [matrix.together(cells[cohort.cohort, year.pk]) for year in self.years]) for cohort in self.cohorts
        ]

    @cached_property
    def offers(self) -> list[tuple[follow_up.OfferFigures, tuple[follow_up.Opinions, ...]]]:
        figures = follow_up.offers_of(self.year)
        thought = follow_up.opinions(each.offer for each in figures)
        return [(each, thought[each.offer.pk]) for each in figures]

    @cached_property
    def versions(self) -> Sequence[CoverageVersion]:
        return list(self.year.versions.select_related("by").order_by("number"))


def shown(table: PublicTable | None, name: str, column: str = TOTAL) -> tuple[int, int] | None:
    """(reached, enrolled), or None when it is hidden."""
    return table.shown(name, column) if table else (0, 0)


def _by_art(met: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for arts in met:
        for art in arts:
            found[art] += 1
    return dict(found)
