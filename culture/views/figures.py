"""Figures as pages write them: how many of how many, in percent that never flatters, and what stands behind."""

from dataclasses import dataclass

from culture.matrix import Cell
from culture.rules.coverage import Count
from culture.rules.figures import fraction_text, missing_text, percent_text
from culture.rules.years import SchoolYear, cohort_of, grade_label


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of a matrix as it is read. tone: how it looks; the words say the same."""

    percent: str
    fraction: str
    missing: str
    at_risk: int
    tone: str


def figure(cell: Cell) -> Figure:
    count = cell.guarantee
    return Figure(
        percent=percent_text(count.reached, count.enrolled),
        fraction=fraction_text(count) if count.enrolled else "",
        missing=missing_text(count),
        at_risk=cell.at_risk,
        tone=tone_of(count, cell.at_risk),
    )


def tone_of(count: Count, at_risk: int) -> str:
    """full: everybody is reached. coming: those who are missing have something booked or planned. risk: somebody has nothing."""
    if not count.enrolled:
        return "none"
    if count.fulfilled:
        return "full"
    return "risk" if at_risk else "coming"


def grade_name(grade: int, first: int) -> str:
    """A year of schooling as it is called in a school year: 0 is F until 2028, then 1."""
    year = SchoolYear(first)
    return grade_label(cohort_of(grade, year), year)
