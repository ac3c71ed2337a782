"""A decided plan as stored text, as series of bookings, and as times that are offered again."""

from dataclasses import replace
from datetime import date

import pytest

from facilities.rules.allocation.engine import proposed
from facilities.rules.allocation.following import next_in_order, series_of
from facilities.rules.allocation.plan import Plan
from facilities.rules.allocation.problem import Problem, Standing, Wished, canonical, lot
from facilities.rules.allocation.reasons import Reasons, reasons
from facilities.rules.allocation.stored import from_text, to_text
from facilities.rules.series import occurrences
from tests.facilities.rules.allocation.municipalities import SETS, principles_of
from tests.facilities.rules.allocation.seasons import hall, season, section

HALVES = hall("H", "AB")


def crowded():
    sections = [section(key, (0, 18, 20), longest=90, spaces=(Wished("H", 2), Wished("H", 1))) for key in "ABCD"]
    standing = Standing(hall="H", space="HA", weekday=0, starts=960, ends=1080, label="Öppet hus", since=date(2027, 9, 6))
    return season(*sections, halls=(HALVES,), standing=(standing,))


def test_problem_plan_and_reasons_come_back_from_text_as_they_were():
    problem = canonical(crowded())
    plan = proposed(problem)
    why = reasons(problem, plan)
    assert from_text(Problem, to_text(problem)) == problem
    assert from_text(Plan, to_text(plan)) == plan
    assert from_text(Reasons, to_text(why)) == why
    assert proposed(from_text(Problem, to_text(problem))) == plan


@pytest.mark.parametrize("name", SETS)
def test_every_condition_comes_back_from_text(name):
    problem = canonical(season(section("A", (0, 18, 19)), principles=principles_of(name)))
    assert from_text(Problem, to_text(problem)) == problem


def test_text_of_something_else_is_refused():
    with pytest.raises(ValueError, match="not of a Plan"):
        from_text(Plan, to_text(crowded()))


def test_decided_pass_is_a_booking_each_week_of_the_sections_dates():
    """Case 54: the bookings that a plan makes; the booking of series reports each that is taken."""
    problem = season(section("A", (0, 18, 19), since=date(2027, 9, 7), until=date(2027, 9, 28)), halls=(HALVES,))
    (series,) = series_of(problem, proposed(problem))
    assert (series.space, series.hall) == ("H", "H")
    assert [each.day.isoformat() for each in occurrences(series.pattern)] == ["2027-09-13", "2027-09-20", "2027-09-27"]


def test_parts_that_are_no_space_of_their_own_are_named():
    thirds = hall("H", "ABC")
    problem = season(section("A", (0, 18, 19), spaces=(Wished("H", 2),)), halls=(thirds,))
    (series,) = series_of(problem, proposed(problem))
    assert (series.space, series.leaves) == ("", ("HA", "HB"))


def test_time_given_back_is_offered_to_the_next_in_order():
    """Case 61: rung first, then the lot; those who have said no are passed over."""
    sections = [section(key, (0, 18, 19)) for key in "ABC"] + [section("V", (0, 18, 19), ages=(30, 60))]
    problem = season(*sections)
    plan = proposed(problem)
    (released,) = plan.passes
    waiting = sorted({*"ABC"} - {released.section}, key=lambda key: lot(problem.seed, key))
    assert [each.section for each in next_in_order(problem, plan, released)] == [*waiting, "V"]
    assert [each.section for each in next_in_order(problem, plan, released, passed=waiting[:1])] == [waiting[1], "V"]


def test_time_given_back_is_not_offered_to_those_whom_it_does_not_suit():
    sections = [section("A", (0, 18, 19)), section("B", (0, 19, 20)), section("C", (0, 18, 20), shortest=90, longest=90)]
    problem = season(*sections)
    plan = proposed(replace(problem, sections=(sections[0],)))
    assert next_in_order(problem, plan, plan.passes[0]) == ()
