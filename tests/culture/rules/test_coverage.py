"""What visits prove of a class: the cases of the guarantee, and truth against pupils that are made up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture.rules.bounds import Evidence, least_of_cohort, least_reached, most_of_cohort, most_reached
from culture.rules.coverage import (
    Basis,
    Count,
    Fragment,
    Roll,
    Visit,
    VisitState,
    class_coverage,
    counts_for_guarantee,
    expected_coverage,
    furthest_state,
)
from culture.rules.figures import fraction_text, missing_text, percent_text
from culture.rules.need import is_activity_only
from culture.rules.years import SchoolYear, cohort_of

YEAR = SchoolYear(2026)
DAY = date(2027, 3, 2)


def g(grade):
    """The cohort in a grade (0 = F) in 2026/27."""
    return cohort_of(grade, YEAR)


def roll(*parts, klass="k", **more):
    """Parts are (grade, official[, live])."""
    fragments = tuple(Fragment(g(part[0]), part[1], part[-1]) for part in parts)
    return Roll(klass, "12345678", "municipal", fragments, **more)


def visit(*grades, key="v", on=DAY, state=VisitState.CONFIRMED, **more):
    return Visit(key=key, klass="k", on=on, state=state, cohorts=frozenset(map(g, grades)), **more)


def covered(roll_, *visits, basis=Basis.OFFICIAL, year=YEAR):
    return class_coverage(roll_, visits, basis, year)


def reached(found, grade=None):
    count = found.total if grade is None else found.of_cohort(g(grade))
    return count.reached, count.enrolled


def test_case_1_one_number_for_three_grades_is_an_interval_in_each():
    found = covered(roll((1, 8), (2, 7), (3, 6)), visit(1, 2, 3, total=20))
    assert reached(found) == (20, 21)
    assert percent_text(20, 21) == "95,2\u00a0%"
    assert [(count.reached, count.at_most, count.enrolled) for _, count in found.by_cohort] == [(7, 8, 8), (6, 7, 7), (5, 6, 6)]
    assert not found.total.fulfilled
    assert found.untouched == ()


def test_case_2_a_grade_that_the_event_was_not_for_is_missing():
    found = covered(roll((1, 8), (2, 7), (3, 6)), visit(2, 3, split=((g(2), 7), (g(3), 6))))
    assert [reached(found, grade) for grade in (1, 2, 3)] == [(0, 8), (7, 7), (6, 6)]
    assert reached(found) == (13, 21)
    assert percent_text(13, 21) == "61,9\u00a0%"
    assert not found.total.fulfilled
    assert found.untouched == (g(1),)


def test_case_4_each_school_year_has_its_visit():
    ours = roll((4, 25))
    visits = visit(4, total=25), visit(4, key="w", on=date(2027, 10, 1), total=25)
    assert reached(covered(ours, *visits)) == (25, 25)
    assert reached(covered(ours, *visits, year=YEAR.next)) == (25, 25)
    assert covered(ours, *visits).total.surplus == 0


def test_case_12_a_correction_replaces_the_number():
    assert reached(covered(roll((5, 26)), visit(5, total=23))) == (23, 26)


def test_case_13_guests_are_a_surplus_and_lent_to_nobody():
    found = covered(roll((5, 22)), visit(5, total=24))
    assert found.total == Count(22, 22, 22, surplus=2)
    assert percent_text(22, 22) == "100\u00a0%"


def test_case_15_nearly_everybody_is_not_everybody():
    for part, whole in ((9_996, 10_000), (2_499, 2_500)):
        assert percent_text(part, whole) == "99,9\u00a0%"
    assert missing_text(Count(9_996, 9_996, 10_000)) == "4 elever saknas"
    assert missing_text(Count(2_499, 2_499, 2_500)) == "1 elev saknas"
    assert percent_text(10_000, 10_000) == "100\u00a0%"
    assert missing_text(Count(3, 3, 3)) == ""


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, "–"), (0, 10, "0,0\u00a0%"), (1, 10_000, "<0,1\u00a0%"), (1, 1000, "0,1\u00a0%"), (1, 2, "50,0\u00a0%")],
)
def test_percent_at_its_edges(part, whole, text):
    assert percent_text(part, whole) == text


def test_more_than_everybody_has_no_percent():
    with pytest.raises(ValueError, match="nobody and everybody"):
        percent_text(3, 2)


def test_case_22_a_group_that_comes_and_goes_claims_no_more_than_its_measuring_day():
    found = covered(roll((5, 3, 2), mobile=True), visit(5, total=9))
    assert (found.total.reached, found.total.enrolled, found.total.surplus) == (3, 3, 6)
    assert found.roll.mobile


def test_case_23_only_the_grade_that_was_there_is_reached():
    found = covered(roll((0, 12), (1, 10)), visit(0, split=((g(0), 12),)))
    assert reached(found, 0) == (12, 12)
    assert reached(found, 1) == (0, 10)


def test_case_28_absentees_add_up_and_others_do_not():
    ours = roll((6, 24))
    first = visit(6, total=20)
    again = visit(6, key="w", total=5, absentees_of="v")
    assert covered(ours, first, again).total == Count(24, 24, 24, surplus=1)
    unmarked = visit(6, key="w", total=5)
    assert covered(ours, first, unmarked).total == Count(20, 24, 24)
    third = visit(6, key="x", total=1, absentees_of="w")
    assert covered(ours, visit(6, total=18), again, third).total == Count(24, 24, 24)


def test_absentees_of_a_visit_that_does_not_count_stand_for_themselves():
    again = visit(6, key="w", total=5, absentees_of="v")
    cancelled = visit(6, state=VisitState.CANCELLED)
    assert reached(covered(roll((6, 24)), cancelled, again)) == (5, 24)


def test_two_visits_for_each_others_absentees_are_refused():
    with pytest.raises(ValueError, match="absentees"):
        covered(roll((6, 24)), visit(6, total=1, absentees_of="w"), visit(6, key="w", total=1, absentees_of="v"))


def test_case_39_new_pupils_are_in_the_live_figures_alone():
    ours, seen = roll((3, 24, 26)), visit(3, total=24)
    assert reached(covered(ours, seen)) == (24, 24)
    assert reached(covered(ours, seen, basis=Basis.LIVE)) == (24, 26)
    assert percent_text(24, 26) == "92,3\u00a0%"


def test_case_40_what_is_not_professional_is_an_activity():
    own = visit(5, total=25, professional=False)
    assert reached(covered(roll((5, 25)), own)) == (0, 25)
    assert is_activity_only(own)
    assert furthest_state([own], g(5)) is None


def test_case_26_a_visit_that_catches_up_counts_for_no_year():
    late = visit(4, total=25, catches_up=YEAR.previous)
    assert not counts_for_guarantee(late, YEAR)
    assert not counts_for_guarantee(late, YEAR.previous)


@pytest.mark.parametrize("state", [VisitState.PLANNED, VisitState.BOOKED, VisitState.CANCELLED])
def test_case_9_only_confirmed_visits_count(state):
    assert reached(covered(roll((5, 25)), visit(5, state=state))) == (0, 25)
    assert furthest_state([visit(5, state=state)], g(5)) == (None if state is VisitState.CANCELLED else state)


def test_what_is_planned_is_expected_and_not_reached():
    ours, planned = roll((5, 25)), visit(5, key="w", state=VisitState.BOOKED)
    assert covered(ours, visit(5, total=20), planned).total.reached == 20
    assert expected_coverage(ours, [visit(5, total=20), planned], Basis.OFFICIAL, YEAR).total == Count(25, 25, 25)


def test_visits_of_different_grades_add_and_the_shared_is_taken_off():
    ours = roll((1, 8), (2, 7), (3, 6))
    found = covered(ours, visit(1, 2, total=14), visit(3, key="w", total=6))
    assert reached(found) == (20, 21)
    found = covered(ours, visit(1, 2, total=14), visit(2, 3, key="w", total=12))
    assert reached(found) == (19, 21)  # 14 + 12 less the 7 who may have been at both
    assert fraction_text(found.total) == "19/21"


def test_numbers_belong_to_confirmed_visits():
    with pytest.raises(ValueError, match="confirmed visit"):
        visit(5)
    with pytest.raises(ValueError, match="confirmed visit"):
        visit(5, state=VisitState.BOOKED, total=3)
    with pytest.raises(ValueError, match="for cohorts"):
        visit(5, split=((g(6), 3),))


COHORTS = 3
attendance = st.lists(  # visits as sets of pupils: (cohort, number) among 3 cohorts of 3
    st.sets(st.tuples(st.integers(0, COHORTS - 1), st.integers(0, 2)), max_size=9), min_size=1, max_size=4
)


@given(attendance, st.lists(st.sets(st.integers(0, COHORTS - 1), min_size=1), min_size=4, max_size=4))
def test_the_truth_is_always_between_the_bounds(visits, audiences):
    enrolled = dict.fromkeys(range(COHORTS), 3)
    real = [{pupil for pupil in pupils if pupil[0] in audience} for pupils, audience in zip(visits, audiences, strict=False)]
    proof = [Evidence(frozenset(audience), len(pupils)) for pupils, audience in zip(real, audiences, strict=False)]
    everybody = set().union(*real)
    assert least_reached(enrolled, proof) <= len(everybody) <= most_reached(enrolled, proof)
    for cohort in enrolled:
        there = sum(pupil[0] == cohort for pupil in everybody)
        assert least_of_cohort(enrolled, proof, cohort) <= there <= most_of_cohort(enrolled, proof, cohort)


def splits(total, sizes):
    """Every way to take *total* from groups of these sizes."""
    if not sizes:
        return [()] if total == 0 else []
    return [(first, *rest) for first in range(min(total, sizes[0]) + 1) for rest in splits(total - first, sizes[1:])]


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=3),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_for_neighbouring_grades_the_bounds_are_exact(visits, sizes):
    """Against every way in which the pupils of each visit can be divided on its grades."""
    enrolled = dict(enumerate(sizes))
    proof = []
    for one, other, count in visits:
        cohorts = frozenset(range(min(one, other), max(one, other) + 1))
        proof.append(Evidence(cohorts, min(count, sum(sizes[cohort] for cohort in cohorts))))
    worlds = [()]
    for each in proof:
        order = sorted(each.cohorts)
        ways = [dict(zip(order, way, strict=True)) for way in splits(each.count, [sizes[cohort] for cohort in order])]
        worlds = [(*world, way) for world in worlds for way in ways]
    fewest = [{c: max(way.get(c, 0) for way in world) for c in enrolled} for world in worlds]
    most = [{c: min(sizes[c], sum(way.get(c, 0) for way in world)) for c in enrolled} for world in worlds]
    assert least_reached(enrolled, proof) == min(sum(each.values()) for each in fewest)
    assert most_reached(enrolled, proof) == max(sum(each.values()) for each in most)
    for cohort in enrolled:
        assert least_of_cohort(enrolled, proof, cohort) == min(each[cohort] for each in fewest)
        assert most_of_cohort(enrolled, proof, cohort) == max(each[cohort] for each in most)
