"""The season's acceptance cases that the rules answer."""

import random
from dataclasses import replace

import pytest

from facilities.rules.allocation.check_proofs import errors_in
from facilities.rules.allocation.engine import proposed
from facilities.rules.allocation.locks import Fault, faults_of
from facilities.rules.allocation.plan import plan_bytes
from facilities.rules.allocation.problem import Fixed, Refused, Wished, lot
from facilities.rules.allocation.reasons import Why, reasons
from tests.facilities.rules.allocation.seasons import hall, open_all_week, season, section, suits, times


def checked(problem):
    plan = proposed(problem)
    assert errors_in(problem, plan, reasons(problem, plan)) == []
    return plan


@pytest.mark.parametrize("turned", [False, True])
def test_youth_gets_the_only_time_whoever_asked_first(turned):
    """Case 56: the rejected club sees the rule and the rank."""
    youth = section("Y", (0, 18, 20), shortest=120, longest=120)
    adults = section("X", (0, 18, 20), ages=(21, 60), shortest=120, longest=120)
    problem = season(*((adults, youth) if turned else (youth, adults)))

    plan = checked(problem)

    assert times(plan, "Y") == [(0, 18, 20)]
    assert times(plan, "X") == []
    (refusal,) = reasons(problem, plan).refusals
    assert (refusal.section, refusal.why, refusal.class_key, refusal.rung) == ("X", Why.HELD, "vuxna", 1)
    assert [holder.section for holder in refusal.blocked[0].holders] == ["Y"]


def test_equal_rank_is_decided_by_the_lot_and_the_same_every_time():
    """Case 56: the documented tie-break, seeded and told."""
    sections = [section(key, (0, 18, 19)) for key in "ABCDE"]
    first = min("ABCDE", key=lambda key: lot("lott", key))
    for turn in range(4):
        random.Random(turn).shuffle(sections)
        plan = checked(season(*sections))
        assert [each.section for each in plan.passes] == [first]
        assert plan.lot[0] == (first, 1)


def test_section_gets_the_longest_time_that_there_is_room_for():
    """Case 58: 1-2 h with room for 2 h -> 2 h, not the shortest."""
    plan = checked(season(section("A", (0, 18, 20), shortest=60, longest=120)))
    assert times(plan, "A") == [(0, 18, 20)]


def test_two_passes_are_on_two_days_beside_the_day_that_is_taken():
    """Case 59: Monday taken -> Tuesday and Wednesday; never two on one day."""
    problem = season(
        section("A", *((day, 18, 21) for day in range(3)), passes=2),
        section("B", (0, 18, 21), ages=(8, 9), shortest=180, longest=180),
    )
    problem = replace(problem, fixed=(Fixed("B", "H", 0, 18 * 60, 21 * 60),))
    plan = checked(problem)
    assert [day for day, *_ in times(plan, "A")] == [1, 2]


@pytest.mark.parametrize(("people", "placed"), [(30, False), (31, True), (None, True)])
def test_group_larger_than_the_hall_is_not_placed(people, placed):
    """Case 59: capacity 30, group 31 -> not placed; capacity empty -> placed."""
    small = hall()
    small = replace(small, spaces=(replace(small.spaces[0], people=people),))
    problem = season(section("A", (0, 18, 19), boys=31), halls=(small,))
    plan = checked(problem)
    assert bool(plan.passes) is placed
    if not placed:
        assert reasons(problem, plan).refusals[0].lost == (("people", 3 - 2),)


def _one_hour(**facts):
    return section("A", (0, 10, 14), shortest=60, longest=120, **facts)


def _wanted(starts, ends, day=0, space=""):
    return Fixed("A", "H", day, int(starts * 60), int(ends * 60), space)


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        (_wanted(10, 12.5), Fault.TOO_LONG),
        (_wanted(10, 10.5), Fault.TOO_SHORT),
        (_wanted(10, 11 + 1 / 60), Fault.OFF_STEP),
        (_wanted(14, 15), Fault.OUTSIDE),
    ],
)
def test_what_is_not_as_wished_is_told_and_can_be_forced(wanted, fault):
    """Case 48. A time off the half hour cannot be forced in a season: its cells are half hours."""
    problem = season(_one_hour(), openings=open_all_week(hall(), opens=8))
    empty = replace(proposed(problem), passes=())
    assert fault in faults_of(problem, empty, wanted)
    assert (fault in faults_of(problem, empty, wanted, force=True)) is (fault is Fault.OFF_STEP)


@pytest.mark.parametrize(
    ("second", "wanted", "faults"),
    [((0, 14, 16), _wanted(13, 15), ()), ((0, 15, 16), _wanted(13.5, 15.5), (Fault.OUTSIDE,))],
)
def test_hours_that_touch_are_one_stretch(second, wanted, faults):
    """Case 49: 10-14 + 14-16 takes 13-15; 10-14 + 15-16 does not take 13.30-15.30."""
    problem = season(section("A", (0, 10, 14), second, shortest=60, longest=120), openings=open_all_week(hall(), opens=8))
    empty = replace(proposed(problem), passes=())
    assert faults_of(problem, empty, wanted) == faults


@pytest.mark.parametrize("force", [False, True])
def test_some_things_are_refused_even_with_force(force):
    """Case 50: a second pass of one, the same weekday, what was refused, a time that somebody holds, a part of it."""
    halves = hall("H", "AB")
    other = section("B", (0, 10, 14), spaces=(Wished("H", space="HA"),), ages=(8, 9))
    problem = season(_one_hour(passes=1), other, halls=(halves, hall("G")), openings=open_all_week(halves, hall("G"), opens=8))
    problem = replace(problem, fixed=(Fixed("B", "H", 0, 600, 660, "HA"), Fixed("A", "H", 1, 600, 660, "HB")))
    plan = checked(problem)
    refused = replace(problem, refused=(Refused("A", "G"),))

    assert faults_of(problem, plan, _wanted(12, 13), force=force) == (Fault.ENOUGH,)
    assert faults_of(problem, plan, _wanted(12, 13, day=1), force=True) == (Fault.ENOUGH, Fault.SAME_DAY)
    without = replace(plan, passes=tuple(each for each in plan.passes if each.section == "B"))
    assert Fault.SAID_NO in faults_of(refused, without, Fixed("A", "G", 0, 600, 660), force=force)
    assert faults_of(problem, without, _wanted(10, 11), force=force) == (Fault.TAKEN,)  # the whole of which a part is held
    assert faults_of(problem, without, _wanted(10, 11, space="HA"), force=force) == (Fault.TAKEN,)
    assert faults_of(problem, without, _wanted(10, 11, space="HB"), force=force) == ()
    other_hall = faults_of(problem, without, Fixed("A", "G", 0, 600, 660), force=force)
    assert Fault.TAKEN not in other_hall


def test_the_same_wishes_give_the_same_bytes_in_any_order():
    sections = [section(f"S{n}", *((day, 17, 20) for day in range(1 + n % 3)), passes=1 + n % 3) for n in range(9)]
    plain = plan_bytes(proposed(season(*sections)))
    for turn in range(3):
        random.Random(turn).shuffle(sections)
        shuffled = [replace(each, suits=tuple(reversed(each.suits))) for each in sections]
        assert plan_bytes(proposed(season(*shuffled))) == plain


def test_second_choice_is_given_when_the_first_is_taken():
    late = section("B", (0, 18, 19))
    late = replace(late, suits=(*late.suits, *suits((0, 19, 20), choice=2)), ages=(21, 30))
    problem = season(section("A", (0, 18, 19)), late)
    plan = checked(problem)
    assert times(plan, "B") == [(0, 19, 20)]
    assert [each.choice for each in reasons(problem, plan).given] == [1, 2]
