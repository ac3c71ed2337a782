"""The figures of many classes together: totals of pupils, lines of the report, and classes that merge or split in the year."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce

from culture.rules.coverage import (
    NOBODY,
    Basis,
    ClassCoverage,
    Count,
    Roll,
    Visit,
    class_coverage,
    counts_for_guarantee,
)
from culture.rules.moves import Carried, Move, check_moves, tied_classes
from culture.rules.years import SchoolYear


@dataclass(frozen=True, slots=True)
class Tied:
    """Classes between which pupils moved, and what holds for them together: at least what either side of the move proves."""

    classes: frozenset[str]
    total: Count
    by_cohort: tuple[tuple[int, Count], ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The figures on one basis: a row for each class that was there on it, and the classes that belong together."""

    basis: Basis
    rows: tuple[ClassCoverage, ...]
    tied: tuple[Tied, ...] = ()

    def row(self, klass: str) -> ClassCoverage:
        return next(row for row in self.rows if row.roll.klass == klass)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of the report. declined: (unit, local day) of schools that take no part. mobile: some group comes and goes."""

    line: str
    count: Count
    declined: tuple[tuple[str, date], ...]
    mobile: bool


def coverage(rolls: Iterable[Roll], visits: Iterable[Visit], moves: Iterable[Move], basis: Basis, year: SchoolYear) -> Coverage:
    """The figures of many classes in a school year on one basis. Rows by unit and class.

    Official: the classes of the measuring day; what was proved of their pupils later, in other classes, comes back to them. Live:
    the classes of today; what was proved of their pupils before comes with them.

    Rule C-40. Source: acceptance Cases 5, 7, 20, 39, 45.
    Words: täckning, sammanslagning, delning, klassbyte, coverage, merge, split.
    """
    by_class = {roll.klass: roll for roll in rolls}
    moves = check_moves(moves)
    shown = [roll for roll in sorted(by_class.values(), key=lambda roll: (roll.unit, roll.klass)) if roll.enrolled(basis)]
    own: dict[str, list[Visit]] = {}
    for visit in visits:
        if counts_for_guarantee(visit, year):
            own.setdefault(visit.klass, []).append(visit)
    if not moves:
        return Coverage(basis, tuple(class_coverage(roll, own.get(roll.klass, ()), basis, year) for roll in shown))
    carried = Carried(by_class, own, moves)
    rows = tuple(carried.row(roll, basis) for roll in shown)
    return Coverage(basis, rows, tuple(_tied(group, by_class, carried, basis) for group in tied_classes(moves)))


def total(figures: Coverage, classes: Collection[str] | None = None, cohort: int | None = None) -> Count:
    """The pupils of some classes together (None = all), of one cohort or of all: sums of pupils, never means of percentages.

    Classes that merged or split in the year count once when all of them are asked for.

    Rule C-41. Source: acceptance Cases 5, 7 and 17: 10/10, 10/10 and 60/120 are 80/140.
    Words: summa, total, kommunen, skola, årskurs, sum.
    """
    wanted = {row.roll.klass for row in figures.rows if classes is None or row.roll.klass in classes}
    counts, left = [], set(wanted)
    for tied in figures.tied:
        here = {row.roll.klass for row in figures.rows if row.roll.klass in tied.classes}
        if here and here <= wanted:
            left -= here
            counts.append(tied.total if cohort is None else dict(tied.by_cohort).get(cohort, NOBODY))
    counts += [row.total if cohort is None else row.of_cohort(cohort) for row in figures.rows if row.roll.klass in left]
    return reduce(Count.__add__, counts, NOBODY)


def report_lines(figures: Coverage) -> tuple[ReportLine, ...]:
    """A line for each kind of organiser, in order of name. Together they are everybody: nobody leaves the denominator.

    Rule C-42. Source: acceptance Case 20: an independent school that declines stays, on its own line.
    Words: fristående, kommunal, avböjt, huvudman, rader, organiser.
    """
    names = sorted({row.roll.line for row in figures.rows})
    return tuple(_line(name, figures) for name in names)


def cohorts_counted(figures: Coverage) -> tuple[int, ...]:
    """The cohorts that have pupils in the figures, the youngest first.

    Rule C-43. Source: acceptance Case 37: compared from year to year by cohort, not by label.
    Words: kohorter, årskurser, jämförelse.
    """
    return tuple(sorted({cohort for row in figures.rows for cohort, count in row.by_cohort if count.enrolled}, reverse=True))


def _line(name: str, figures: Coverage) -> ReportLine:
    rolls = [row.roll for row in figures.rows if row.roll.line == name]
    declined = {(roll.unit, roll.declined) for roll in rolls if roll.declined}
    count = total(figures, {roll.klass for roll in rolls})
    return ReportLine(name, count, tuple(sorted(declined)), any(roll.mobile for roll in rolls))


def _tied(group: frozenset[str], rolls: Mapping[str, Roll], carried: Carried, basis: Basis) -> Tied:
    """What both sides of a move prove of the pupils together: the better of the two lower bounds, within the enrolled."""
    ours = [rolls[klass] for klass in sorted(group) if klass in rolls]
    sides = [[carried.row(roll, side) for roll in ours if roll.enrolled(side)] for side in Basis]
    here = sides[list(Basis).index(basis)]
    cohorts = sorted({cohort for row in here for cohort, _ in row.by_cohort}, reverse=True)
    by_cohort = tuple(
        (cohort, _better([[row.of_cohort(cohort) for row in side] for side in sides], [row.of_cohort(cohort) for row in here]))
        for cohort in cohorts
    )
    return Tied(group, _better([[row.total for row in side] for side in sides], [row.total for row in here]), by_cohort)


def _better(sides: list[list[Count]], here: list[Count]) -> Count:
    both = [reduce(Count.__add__, side, NOBODY) for side in sides]
    shown = reduce(Count.__add__, here, NOBODY)
    reached = min(shown.enrolled, max(side.reached for side in both))
    return Count(reached, max(reached, shown.at_most), shown.enrolled, shown.surplus)
