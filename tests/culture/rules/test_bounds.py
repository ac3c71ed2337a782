"""The bound of the cost by whole performances: it is true, it is close, and each performance is packed exactly."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from culture.rules.plan.arcs import ground_of
from culture.rules.plan.board import Board
from culture.rules.plan.check import faults_of
from culture.rules.plan.dive import dived
from culture.rules.plan.master import Master, narrowed
from culture.rules.plan.mip import kept, mip_of
from culture.rules.plan.model import Room
from culture.rules.plan.planner import Effort, make_plan
from culture.rules.plan.problem import Terms
from culture.rules.plan.proposal import LevelName
from culture.rules.plan.stage import Stage, Stages
from culture.rules.plan.start import first_board
from tests.culture.rules.test_plan import DAY, FAR, klass, quietly, school, show, tiny_towns, town, values

BY_PRICES = Effort(small=0, solved=60)
SLOW = [HealthCheck.too_slow]


@given(tiny_towns())
@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
def test_way_of_middling_towns_keeps_every_rule_and_its_bound_is_true(problem):
    best = make_plan(problem, quietly).plan
    middling = make_plan(problem, quietly, effort=BY_PRICES).plan

    assert faults_of(problem, middling) == []
    assert values(middling)[:-1] == values(best)[:-1]
    cost = middling.level(LevelName.COST)
    assert cost.bound <= best.level(LevelName.COST).value <= cost.value


def odd_town(number, terms=None):
    """So many classes of one school, two to a bus; a performance far away has room for two."""
    classes = [klass(f"8{'ABCDEFG'[each]}", pupils=24, walks=1500) for each in range(number)]
    shows = [show(f"p{each}", seats=60, position=FAR, on=DAY + timedelta(days=each)) for each in range(number)]
    return town(classes, shows, [school()], terms=terms or Terms(empty_seat_price=0))


def priced_of(problem):
    ground = ground_of(problem)
    board = first_board(ground)
    mip = mip_of(board, range(len(ground.arcs)))
    kept(mip, board.vector(), LevelName.COST)
    return board, mip, Master(mip, mip.goals[LevelName.COST])


def test_one_of_an_odd_number_of_classes_rides_alone_and_the_bound_knows():
    """In halves three classes would go by one bus and a half."""
    _board, _mip, master = priced_of(odd_town(5))

    priced = master.priced(200)

    assert priced.bound == 3 * 4000
    assert priced.halves


def test_what_stands_between_a_set_and_the_bound_is_never_too_much():
    """A set that is in some best plan is not worse than the bound."""
    problem = odd_town(3, Terms())
    board, mip, master = priced_of(problem)
    priced = master.priced(200)
    best = make_plan(problem, quietly)

    chosen = best.board.chosen
    cost = best.plan.level(LevelName.COST).value
    used = [each.arcs for each in mip.going if set(each.arcs) == {n for n in chosen if best.ground.arcs[n].show == each.show}]
    assert used
    assert all(priced.bound + priced.worse[arcs] <= cost for arcs in used)
    narrowed(mip, priced, 0)
    assert all(mip.high[each.column] or priced.worse[each.arcs] > 0 for each in mip.going)
    assert board.chosen


def test_a_plan_out_of_the_linear_programme_serves_everybody_and_needs_no_more_buses():
    board, _mip, master = priced_of(odd_town(6))
    master.priced(200)

    made = dived(Board(board.ground, board.chosen), master)

    assert made.vector()[LevelName.UNSERVED] == 0
    assert made.cost() == 3 * 4000


def test_the_same_bytes_whichever_way_the_rows_come():
    problem = odd_town(5, Terms())
    turned = replace(problem, classes=problem.classes[::-1], performances=problem.performances[::-1])

    one, other = (make_plan(each, quietly, effort=BY_PRICES).plan for each in (problem, turned))

    assert one == other


# A performance alone --------------------------------------------------------------------------------------------------


@st.composite
def performances(draw):
    """(Stages, Stage, gain of each set, fee): up to three schools with up to four sets each."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    number = sum(sizes)
    seats = draw(st.lists(st.integers(1, 9), min_size=number, max_size=number))
    groups = draw(st.lists(st.integers(1, 2), min_size=number, max_size=number))
    gain = draw(st.lists(st.integers(-5, 30), min_size=number, max_size=number))
    limits = draw(st.sampled_from([(9, None), (None, 2), (12, 3), (15, None)]))
    ends = np.cumsum([0, *sizes]).tolist()
    schools = list(pairwise(ends))
    one = draw(st.booleans())
    stage = Stage(0, Room(*limits, one), 0, number, schools, [number] * len(schools))

    sets = Stages([stage], np.arange(number), np.array(seats), np.array(groups))
    return sets, stage, np.array(gain), [0] * number + [draw(st.integers(0, 12))]


@given(performances())
@settings(max_examples=100, deadline=None)
def test_performance_is_packed_as_by_trying_everything(drawn):
    sets, stage, gain, fee = drawn
    room = stage.room
    best, with_each = 0, {}
    for picks in product(*([None, *range(first, last)] for first, last in stage.schools)):
        going = [each for each in picks if each is not None]
        too_many = room.groups is not None and sum(sets.groups[going]) > room.groups
        if not going or too_many or (room.seats is not None and sum(sets.seats[going]) > room.seats):
            continue
        if room.one and len(going) > 1:
            continue
        gained = int(sum(gain[going])) - fee[-1]
        best = max(best, gained)
        with_each.update({each: max(gained, with_each.get(each, gained)) for each in going})
    if len(with_each) < len(gain):
        return  # a set that does not fit alone is never made

    found, chosen = sets.best(stage, gain, fee)

    assert found == best
    assert (int(sum(gain[chosen])) - fee[-1] if chosen else 0) == best
    assert sets.with_each(stage, gain, fee).tolist() == [with_each[each] for each in range(len(gain))]
