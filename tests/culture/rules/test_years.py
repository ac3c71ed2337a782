"""School years begin on 1 July, and a cohort is the same cohort after 2028."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture.rules.years import (
    SchoolYear,
    cohort_labelled,
    cohort_of,
    cohorts_in,
    grade_label,
    index_of,
    school_year_at,
    school_year_of,
)

Y2026, Y2027, Y2028 = SchoolYear(2026), SchoolYear(2027), SchoolYear(2028)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def test_school_year_is_from_1_july_to_30_june_midnight_in_stockholm():
    assert Y2026.starts_at == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert Y2026.ends_at == datetime(2027, 6, 30, 22, tzinfo=UTC) == Y2027.starts_at
    assert school_year_at(Y2026.ends_at - timedelta(microseconds=1)) == Y2026
    assert school_year_at(Y2026.ends_at) == Y2027
    assert (Y2026.label, SchoolYear(2099).label, str(Y2027)) == ("2026/27", "2099/00", "2027/28")
    assert Y2026.measuring_day == date(2026, 10, 15)
    assert (Y2026.first_day, Y2026.last_day) == (date(2026, 7, 1), date(2027, 6, 30))
    assert (Y2026.next, Y2027.previous) == (Y2027, Y2026)


def test_case_4_march_and_october_are_two_school_years():
    assert school_year_of(date(2027, 3, 2)) == Y2026
    assert school_year_of(date(2027, 10, 1)) == Y2027


def test_a_year_holds_its_days_and_instants():
    assert date(2026, 7, 1) in Y2026
    assert date(2027, 7, 1) not in Y2026
    assert datetime(2027, 6, 30, 23, 59, tzinfo=STOCKHOLM) in Y2026
    assert datetime(2027, 7, 1, 0, 0, tzinfo=STOCKHOLM) not in Y2026


def test_an_instant_without_zone_has_no_school_year():
    with pytest.raises(ValueError, match="zone"):
        school_year_at(datetime(2027, 1, 1))  # noqa: DTZ001 - that is the point


def test_case_37_the_reform_changes_the_label_and_not_the_cohort():
    in_f, in_8 = cohort_labelled("F", Y2027), cohort_labelled("8", Y2027)
    assert grade_label(in_f, Y2028) == "2"
    assert grade_label(in_8, Y2028) == "10"
    new = cohort_of(0, Y2028)
    assert grade_label(new, Y2028) == "1"
    assert [grade_label(cohort, Y2028) for cohort in cohorts_in(Y2028)] == [str(n) for n in range(1, 11)]
    assert [grade_label(cohort, Y2027) for cohort in cohorts_in(Y2027)] == ["F", *(str(n) for n in range(1, 10))]
    with pytest.raises(ValueError, match="Not a grade of 2028/29"):
        cohort_labelled("F", Y2028)


@pytest.mark.parametrize("text", ["F", "f", "f-klass", "Förskoleklass", " FKLASS "])
def test_case_23_preschool_class_is_the_first_year(text):
    assert cohort_labelled(text, Y2026) == 2026 == cohort_of(0, Y2026)


@pytest.mark.parametrize("text", ["3", "åk 3", "Åk3", "årskurs 3"])
def test_a_grade_is_read_as_people_write_it(text):
    assert cohort_labelled(text, Y2026) == 2023


@pytest.mark.parametrize("text", ["", "0", "12", "x", "-1", "3b", "1.5"])
def test_what_is_no_grade_is_refused(text):
    with pytest.raises(ValueError, match=r"grade|compulsory"):
        cohort_labelled(text, Y2026)


def test_nobody_is_in_school_before_they_begin_or_long_after():
    with pytest.raises(ValueError, match="compulsory"):
        index_of(2027, Y2026)
    with pytest.raises(ValueError, match="compulsory"):
        grade_label(2010, Y2026)


@given(st.integers(2000, 2060), st.integers(0, 10))
def test_a_label_and_its_cohort_are_each_others_answer(start, index):
    year = SchoolYear(start)
    cohort = cohort_of(index, year)
    assert index_of(cohort, year) == index
    assert cohort_labelled(grade_label(cohort, year), year) == cohort


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_every_day_is_in_one_school_year(day):
    year = school_year_of(day)
    assert year.first_day <= day <= year.last_day
    assert day in year
    assert day not in year.next
    assert day not in year.previous
