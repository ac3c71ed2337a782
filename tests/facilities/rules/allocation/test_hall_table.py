"""A hall's week as an officer looks at it: every half hour of every part is told once, and what is free is what may be set."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.rules.allocation.hall_table import Room, choices_of, hall_day, lanes_of, suits
from facilities.rules.allocation.locks import Fault, faults_of
from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.problem import Fixed, Hall, Space, Standing, Wished
from tests.facilities.rules.allocation.seasons import hall, season, section

HALVES = hall(parts="AB")
PARTS = {"": ("HA", "HB"), "A": ("HA",), "B": ("HB",)}


def planned(*passes):
    return Plan(passes=tuple(sorted(passes)), levels=(), lot=(), prices=(), problem="", seed="")


def held(key, weekday, starts, ends, part="", *, locked=False):
    return Pass(key, weekday, int(starts * 60), int(ends * 60), "H", PARTS[part], 0, locked)


def test_parts_of_a_part_lie_beside_each_other():
    spaces = (
        Space("H"),
        Space("A", "H"),
        Space("B", "H"),
        Space("B1", "B"),
        Space("A1", "A"),
        Space("A2", "A"),
        Space("B2", "B"),
    )
    assert lanes_of(Hall(key="H", name="Hall", spaces=spaces)) == ("A1", "A2", "B1", "B2")


def test_day_is_told_as_rectangles_with_gaps_between():
    problem = season(section("a", (0, 16, 22)), halls=(HALVES,))
    plan = planned(held("a", 0, 17, 18.5))
    told = [
        (each.lane, each.lanes, each.starts / 60, each.ends / 60, len(each.holders))
        for each in hall_day(problem, plan, HALVES, 0, 960, 1320)
    ]
    assert told == [(0, 2, 16, 17, 0), (0, 2, 17, 18.5, 1), (0, 2, 18.5, 22, 0)]


def test_parts_that_differ_have_their_own_rows_and_closed_hours_are_not_open():
    problem = season(
        section("a", (0, 16, 22)),
        halls=(HALVES,),
        standing=(Standing(hall="H", space="HB", weekday=0, starts=960, ends=1320, label="own"),),
    )
    told = [(each.lane, each.lanes, each.open, len(each.holders)) for each in hall_day(problem, planned(), HALVES, 0, 900, 1320)]
    assert told == [(0, 2, False, 0), (0, 1, True, 0), (1, 1, True, 1)]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(32, 42), st.integers(1, 4), st.sampled_from(["", "A", "B"])), max_size=5),
    st.integers(0, 1),
)
def test_every_half_hour_of_every_part_is_told_once(rows, weekday):
    problem = season(*(section(str(at), (0, 16, 22)) for at in range(len(rows))), halls=(HALVES,))
    plan = planned(
        *(held(str(at), day, starts / 2, (starts + long) / 2, part) for at, (day, starts, long, part) in enumerate(rows))
    )
    seen = [
        (lane, minute)
        for each in hall_day(problem, plan, HALVES, weekday, 900, 1440)
        for lane in range(each.lane, each.lane + each.lanes)
        for minute in range(each.starts, each.ends, 30)
    ]
    assert sorted(seen) == [(lane, minute) for lane in range(2) for minute in range(900, 1440, 30)]


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(32, 42), st.integers(1, 4), st.sampled_from(["", "A", "B"]), st.booleans()),
        max_size=5,
    ),
    st.sampled_from([(0, ""), (1, ""), (0, "HA"), (2, "")]),
    st.integers(1, 4),
)
def test_what_is_free_is_what_rule_26_lets_an_officer_set(rows, wish, long):
    """The quick table says of every time what the check of a single one says."""
    parts, space = wish
    mine = section("me", (0, 16, 22), (1, 16, 22), passes=5, spaces=(Wished("H", parts, space),))
    problem = season(mine, *(section(str(at), (0, 16, 22)) for at in range(len(rows))), halls=(HALVES,))
    passes = [
        held(str(at), day, starts / 2, (starts + length) / 2, part, locked=locked)
        for at, (day, starts, length, part, locked) in enumerate(rows)
    ]
    plan = planned(*passes)
    locked_only = planned(*(each for each in passes if each.locked))
    in_the_way = {Fault.TAKEN, Fault.CLOSED, Fault.SAME_DAY}
    for each in choices_of(problem, plan, mine, HALVES, long * 30, space=space):
        found = set(faults_of(problem, plan, each.to)) & in_the_way
        assert (each.room is Room.FREE) == (not found), (each, found)
        if each.room is Room.OTHERS:
            assert each.holders
            assert Fault.TAKEN not in faults_of(problem, locked_only, each.to)
        if each.room is Room.LOCKED:
            assert Fault.TAKEN in faults_of(problem, locked_only, each.to)


def test_groups_that_train_at_different_times_of_the_year_do_not_meet():
    autumn = section("a", (0, 16, 22), until=date(2027, 12, 1))
    spring = section("b", (0, 16, 22), since=date(2028, 1, 10))
    problem = season(autumn, spring, halls=(HALVES,))
    plan = planned(held("a", 0, 17, 18))
    (choice,) = [each for each in choices_of(problem, plan, spring, HALVES, 60) if (each.to.weekday, each.to.starts) == (0, 1020)]
    assert choice.room is Room.FREE


def test_wish_is_hours_hall_and_length():
    """Cases 48 and 49."""
    mine = section("a", (0, 10, 14), (0, 14, 16), (1, 10, 14), (1, 15, 16), shortest=60, longest=120)
    assert suits(mine, Fixed("a", "H", 0, 13 * 60, 15 * 60))
    assert not suits(mine, Fixed("a", "H", 1, 13 * 60 + 30, 15 * 60 + 30))
    assert not suits(mine, Fixed("a", "H", 0, 10 * 60, 12 * 60 + 30))
    assert not suits(mine, Fixed("a", "H", 0, 10 * 60, 10 * 60 + 30))
    assert not suits(mine, Fixed("a", "other", 0, 10 * 60, 11 * 60))
