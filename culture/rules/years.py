"""School years, measuring days, and the grade of a cohort in a year: also over the reform of 2028."""

from dataclasses import dataclass
from datetime import date, datetime

from records.values import local_day, opens_on

TEN_YEARS_FROM = 2028  # the autumn in which förskoleklass becomes grade 1
PRESCHOOL = "F"
LAST_INDEX = 10  # nine grades after förskoleklass; special schools have a tenth


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """The school year that begins in the autumn of *start*: 1 July 00:00 to 30 June 24:00 in Stockholm, half open."""

    start: int

    @property
    def starts_at(self) -> datetime:
        """Its first instant, UTC."""
        return opens_on(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """The first instant after it, UTC."""
        return opens_on(date(self.start + 1, 7, 1))

    @property
    def first_day(self) -> date:
        return date(self.start, 7, 1)

    @property
    def last_day(self) -> date:
        return date(self.start + 1, 6, 30)

    @property
    def label(self) -> str:
        """ "2026/27"."""
        return f"{self.start}/{(self.start + 1) % 100:02d}"

    @property
    def measuring_day(self) -> date:
        """The day whose pupils are the official denominator."""
        return date(self.start, 10, 15)

    @property
    def previous(self) -> "SchoolYear":
        return SchoolYear(self.start - 1)

    @property
    def next(self) -> "SchoolYear":
        return SchoolYear(self.start + 1)

    def __contains__(self, moment: date | datetime) -> bool:
        """Whether a local day or an aware instant belongs to it."""
        return (school_year_at(moment) if isinstance(moment, datetime) else school_year_of(moment)) == self

    def __str__(self) -> str:
        return self.label


def school_year_of(day: date) -> SchoolYear:
    """The school year of a local day: 1 July begins a new one.

    Rule C-01. Source: skollagen, a school year is a whole year from July; acceptance Case 4.
    Words: läsår, skolår, school year.
    """
    return SchoolYear(day.year if day.month >= 7 else day.year - 1)


def school_year_at(at: datetime) -> SchoolYear:
    """The school year of an aware instant, by the clock in Stockholm: 30 June 23:59 is the old, 1 July 00:00 the new.

    Rule C-02. Source: house convention "time": zone Europe/Stockholm; Case 4.
    Words: läsår, midnatt, school year.
    """
    return school_year_of(local_day(at))


def cohort_of(index: int, year: SchoolYear) -> int:
    """The cohort that is *index* years into compulsory school in a year: the autumn in which it began (index 0).

    index: 0 for the first year (förskoleklass; grade 1 from 2028), at most 10. The cohort is what is stored, never the label.
    ValueError outside.

    Rule C-03. Source: acceptance Case 37: art forms and catching up follow the cohort over the reform.
    Words: kohort, årskull, startår, cohort.
    """
    _check(index)
    return year.start - index


def index_of(cohort: int, year: SchoolYear) -> int:
    """How many years into compulsory school a cohort is in a year: 0 in its first. ValueError when it is not in school then.

    Rule C-04. Source: acceptance Case 37.
    Words: kohort, skolgångsår, index.
    """
    index = year.start - cohort
    _check(index)
    return index


def grade_label(cohort: int, year: SchoolYear) -> str:
    """What the grade of a cohort is called in a year: "F", "1" … "9"; from 2028/29 "1" … "10", without F.

    A cohort in F 2027/28 is in grade 2 the year after, one in grade 8 is in grade 10. ValueError when not in school.

    Rule C-05. Source: skollagen as of 1 July 2028 (ten years of compulsory school); Cases 23 and 37.
    Words: årskurs, klass, förskoleklass, tioårig grundskola, reform, grade.
    """
    index = index_of(cohort, year)
    if year.start >= TEN_YEARS_FROM:
        return str(index + 1)
    return str(index) if index else PRESCHOOL


def cohort_labelled(label: str, year: SchoolYear) -> int:
    """The cohort that a grade's label means in a year, as people write it: "F", "f-klass", "åk 3", "3".

    ValueError for what is no grade of that year ("F" from 2028/29, "0" never).

    Rule C-06. Source: acceptance Cases 23 and 37.
    Words: årskurs, tolka, förskoleklass, grade.
    """
    text = label.strip().casefold().removeprefix("årskurs").removeprefix("åk").strip(" .")
    reformed = year.start >= TEN_YEARS_FROM
    if text in {"f", "f-klass", "fklass", "förskoleklass"} and not reformed:
        return cohort_of(0, year)
    if not text.isdecimal() or not int(text):
        raise ValueError(f"Not a grade of {year.label}: {label!r}")
    return cohort_of(int(text) - reformed, year)


def cohorts_in(year: SchoolYear, grades: int = 10) -> tuple[int, ...]:
    """The cohorts in compulsory school in a year, the youngest first: F-9, from 2028/29 grades 1-10.

    grades: how many years the school has (special schools 11).

    Rule C-07. Source: acceptance Case 37: the report of 2028/29 has grades 1-10 and no F.
    Words: årskurser, alla kohorter, F-9, grades.
    """
    return tuple(cohort_of(index, year) for index in range(grades))


def _check(index: int) -> None:
    if not 0 <= index <= LAST_INDEX:
        raise ValueError(f"Nobody is {index} years into compulsory school.")
