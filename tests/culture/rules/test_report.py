"""Totals are sums of pupils; classes that merge or split in the year are counted once; nobody leaves the denominator."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture.rules.coverage import Basis, Count, Fragment, Roll, Visit, VisitState
from culture.rules.figures import percent_text
from culture.rules.moves import Move, check_moves, tied_classes
from culture.rules.report import cohorts_counted, coverage, report_lines, total
from culture.rules.years import SchoolYear, cohort_of, cohorts_in, grade_label

YEAR = SchoolYear(2026)
SIX, FOUR = cohort_of(6, YEAR), cohort_of(4, YEAR)
BEFORE, CHANGE, AFTER = date(2026, 11, 3), date(2027, 1, 10), date(2027, 4, 6)


def klass(key, cohort, official, live, *, unit="1", line="municipal", **more):
    return Roll(key, unit, line, (Fragment(cohort, official, live),), **more)


def confirmed(key, cohort, count, on=BEFORE):
    return Visit(
        key=f"{key}-{on}", klass=key, on=on, state=VisitState.CONFIRMED, cohorts=frozenset({cohort}), split=((cohort, count),)
    )


def figures(rolls, visits, moves=(), basis=Basis.OFFICIAL):
    return coverage(rolls, visits, moves, basis, YEAR)


def both(count):
    return count.reached, count.enrolled


def test_case_5_two_classes_become_one():
    rolls = [klass("6A", SIX, 24, None), klass("6B", SIX, 20, None), klass("6AB", SIX, None, 44)]
    moves = [Move("6A", "6AB", SIX, 24, 24, CHANGE), Move("6B", "6AB", SIX, 20, 20, CHANGE)]
    visits = [confirmed("6A", SIX, 22)]
    live, official = (figures(rolls, visits, moves, basis) for basis in (Basis.LIVE, Basis.OFFICIAL))
    assert both(live.row("6AB").total) == (22, 44)
    assert percent_text(22, 44) == "50,0\u00a0%"
    assert [both(official.row(key).total) for key in ("6A", "6B")] == [(22, 24), (0, 20)]
    assert both(total(official, cohort=SIX)) == (22, 44)
    assert both(total(live, cohort=SIX)) == (22, 44)


def test_case_5_a_visit_of_the_new_class_comes_back_to_the_old_ones():
    rolls = [klass("6A", SIX, 24, None), klass("6B", SIX, 20, None), klass("6AB", SIX, None, 44)]
    moves = [Move("6A", "6AB", SIX, 24, 24, CHANGE), Move("6B", "6AB", SIX, 20, 20, CHANGE)]
    visits = [confirmed("6A", SIX, 22), confirmed("6AB", SIX, 40, AFTER)]
    official = figures(rolls, visits, moves)
    assert [both(official.row(key).total) for key in ("6A", "6B")] == [(22, 24), (16, 20)]
    assert both(total(official)) == (40, 44)  # more than 22 + 16: forty different pupils were there


def test_case_7_a_class_is_split_after_its_visit():
    rolls = [klass("4C", FOUR, 26, None), klass("4C1", FOUR, None, 13), klass("4C2", FOUR, None, 13)]
    moves = [Move("4C", "4C1", FOUR, 13, 26, CHANGE), Move("4C", "4C2", FOUR, 13, 26, CHANGE)]
    visits = [confirmed("4C", FOUR, 26)]
    live, official = (figures(rolls, visits, moves, basis) for basis in (Basis.LIVE, Basis.OFFICIAL))
    assert [both(live.row(key).total) for key in ("4C1", "4C2")] == [(13, 13), (13, 13)]
    assert both(total(live)) == (26, 26) == both(total(official))
    partly = figures(rolls, [confirmed("4C", FOUR, 20)], moves, Basis.LIVE)
    assert [(row.total.reached, row.total.at_most) for row in partly.rows] == [(7, 13), (7, 13)]
    assert both(total(partly)) == (20, 26)
    assert both(total(partly, {"4C1"})) == (7, 13)


def test_case_17_totals_are_sums_of_pupils():
    rolls = [klass(str(n), SIX, size, size, unit=str(n)) for n, size in enumerate((10, 10, 120))]
    visits = [confirmed(str(n), SIX, reached) for n, reached in enumerate((10, 10, 60))]
    whole = total(figures(rolls, visits))
    assert both(whole) == (80, 140)
    assert percent_text(80, 140) == "57,1\u00a0%"


def test_case_20_an_independent_school_that_declines_stays_in_the_denominator():
    declined = date(2027, 1, 15)
    rolls = [
        klass("4A", FOUR, 24, 24),
        klass("4F", FOUR, 18, 18, unit="2", line="independent", declined=declined),
    ]
    found = figures(rolls, [confirmed("4A", FOUR, 24)])
    assert both(total(found)) == (24, 42)
    assert percent_text(24, 42) == "57,1\u00a0%"
    independent, municipal = report_lines(found)
    assert (independent.line, both(independent.count), independent.declined) == ("independent", (0, 18), (("2", declined),))
    assert (municipal.line, both(municipal.count), municipal.declined) == ("municipal", (24, 24), ())


def test_case_22_a_line_says_that_a_group_comes_and_goes():
    found = figures([klass("h", SIX, 3, 2, mobile=True)], [confirmed("h", SIX, 9)])
    assert report_lines(found)[0].mobile
    assert both(total(found)) == (3, 3)


def test_case_37_years_are_compared_by_cohort():
    old, new = SchoolYear(2027), SchoolYear(2028)
    rolls_of = {year: [klass(str(cohort), cohort, 20, 20) for cohort in cohorts_in(year)] for year in (old, new)}
    found = {year: coverage(rolls, [], [], Basis.OFFICIAL, year) for year, rolls in rolls_of.items()}
    assert [grade_label(cohort, new) for cohort in cohorts_counted(found[new])] == [str(n) for n in range(1, 11)]
    assert set(cohorts_counted(found[old])) & set(cohorts_counted(found[new])) == set(range(2019, 2028))


def test_case_45_the_matrix_equals_a_recount_from_the_raw_rows():
    random, rolls, visits = Random(45), [], []
    for unit in range(400):
        for grade in range(10):
            size = random.randint(0, 30)
            rolls.append(klass(f"{unit}-{grade}", cohort_of(grade, YEAR), size, size, unit=str(unit)))
            for number in range(random.randint(0, 2)):
                visits.append(
                    confirmed(rolls[-1].klass, cohort_of(grade, YEAR), random.randint(0, 32), BEFORE + timedelta(number))
                )
    found = figures(rolls, visits)
    largest: dict[str, int] = {}
    for visit in visits:
        largest[visit.klass] = max(largest.get(visit.klass, 0), visit.split[0][1])
    sizes = {roll.klass: roll.fragments[0].official for roll in rolls}
    recount = sum(min(size, largest.get(key, 0)) for key, size in sizes.items())
    assert both(total(found)) == (recount, sum(sizes.values()))
    cells = [total(found, {f"{unit}-{grade}"}, cohort_of(grade, YEAR)) for unit in range(20) for grade in range(10)]
    assert both(sum(cells[1:], cells[0])) == both(total(found, {f"{unit}-{grade}" for unit in range(20) for grade in range(10)}))


def test_more_cannot_leave_than_there_are():
    with pytest.raises(ValueError, match="leave"):
        check_moves([Move("a", "b", SIX, 20, 30, CHANGE), Move("a", "c", SIX, 20, 30, CHANGE)])
    with pytest.raises(ValueError, match="Some or all"):
        Move("a", "b", SIX, 31, 30, CHANGE)


def test_classes_between_which_pupils_moved_belong_together():
    moves = [Move("a", "b", SIX, 1, 9, CHANGE), Move("c", "d", SIX, 1, 9, CHANGE), Move("b", "c", SIX, 1, 9, AFTER)]
    assert tied_classes(moves) == (frozenset("abcd"),)


@st.composite
def worlds(draw):
    """Pupils in classes before and after a change, and who was at which visit: (before, after, attended)."""
    pupils = range(draw(st.integers(2, 9)))
    before = [draw(st.sampled_from("AB")) for _ in pupils]
    after = [draw(st.sampled_from("ACD")) for _ in pupils]
    visits = draw(st.lists(st.tuples(st.sampled_from("ABCD"), st.sets(st.sampled_from(pupils))), max_size=4))
    return before, after, visits


@settings(max_examples=300)
@given(worlds())
def test_the_truth_is_between_the_bounds_whoever_moved(world):
    before, after, attended = world
    everybody = range(len(before))
    rows, seen = [], set()
    for key, group in attended:
        early = key in "AB"
        there = {pupil for pupil in group if (before if early else after)[pupil] == key}
        if there:
            seen |= {(pupil, early) for pupil in there}
            day = (BEFORE if early else AFTER) + timedelta(len(rows))
            rows.append(confirmed(key, SIX, len(there), day))
    rolls = [klass(key, SIX, before.count(key) or None, after.count(key) or None) for key in "ABCD"]
    pairs = {(before[pupil], after[pupil]) for pupil in everybody}
    moves = [
        Move(one, other, SIX, sum((before[p], after[p]) == (one, other) for p in everybody), before.count(one), CHANGE)
        for one, other in sorted(pairs)
        if one != other
    ]
    reached = {pupil for pupil, _ in seen}
    for basis, of in ((Basis.OFFICIAL, before), (Basis.LIVE, after)):
        found = figures(rolls, rows, moves, basis)
        assert total(found).reached <= len(reached) <= total(found).at_most
        assert total(found).enrolled == len(before)
        for row in found.rows:
            real = sum(of[pupil] == row.roll.klass for pupil in reached)
            assert row.total.reached <= real <= row.total.at_most


def test_a_total_of_nothing_is_nobody():
    assert total(figures([], [])) == Count(0, 0, 0)
