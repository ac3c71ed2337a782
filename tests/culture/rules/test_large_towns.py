"""The way of large towns: its bound is true, its packing exact, its plan keeps every rule."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from culture.rules.plan.arcs import ground_of
from culture.rules.plan.board import Board
from culture.rules.plan.check import faults_of
from culture.rules.plan.halls import cost_bound
from culture.rules.plan.model import FINE
from culture.rules.plan.pairs import Pairs, Prices
from culture.rules.plan.planner import Effort, make_plan
from culture.rules.plan.problem import Booking, Terms
from culture.rules.plan.programme import Programme, first_sets
from culture.rules.plan.proposal import LevelName, plan_bytes
from culture.rules.plan.rounding import rounded
from culture.rules.plan.start import first_board
from culture.rules.seats import Capacity
from tests.culture.rules.test_plan import ALBY, BERGA, DAY, FAR, klass, quietly, school, show, tiny_towns, town, values

AS_LARGE = Effort(small=0, whole=0)
SLOW = [HealthCheck.too_slow]


@given(tiny_towns())
@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
def test_way_of_large_towns_keeps_every_rule_and_its_bound_is_true(problem):
    best = make_plan(problem, quietly).plan
    large = make_plan(problem, quietly, effort=AS_LARGE).plan

    assert faults_of(problem, large) == []
    assert values(large)[:-1] == values(best)[:-1]
    cost = large.level(LevelName.COST)
    assert cost.bound <= best.level(LevelName.COST).value <= cost.value


@given(tiny_towns(), st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
def test_any_prices_prove_a_bound(problem, data):
    best = make_plan(problem, quietly)
    ground = best.ground
    pairs, shows = Pairs(ground), len(ground.shows)
    visit = data.draw(st.lists(st.integers(-100, 9000), min_size=len(ground.demands), max_size=len(ground.demands)))
    above = data.draw(st.dictionaries(st.sampled_from([each.on for each in ground.problem.performances]), st.integers(0, 900)))
    bus = [pairs.bus_price + FINE * above.get(each.on, 0) for each in ground.problem.performances]
    none = np.zeros(shows, dtype=np.int64)

    bound = cost_bound(best.board, pairs, Prices(FINE * np.array(visit, dtype=np.int64), none, none, np.array(bus)))

    assert bound <= best.plan.level(LevelName.COST).value


@st.composite
def performances(draw):
    """(problem, kronor that a visit of each class is worth): one performance, classes of two schools that ride or walk."""
    classes, worth = [], {}
    for at in range(draw(st.integers(1, 6))):
        unit, walks = draw(st.sampled_from([ALBY, BERGA])), draw(st.sampled_from([0, 99_999]))
        name = f"8{'ABCDEF'[at]}"
        classes.append(klass(name, pupils=draw(st.integers(5, 30)), unit=unit, walks=walks))
        worth[name] = draw(st.integers(0, 3500))
    limits = draw(st.sampled_from([(60, None), (110, None), (150, 3), (None, 2), (None, 4), (75, 2)]))
    touring = draw(st.booleans())
    where = {"touring": True, "position": None} if touring else {"position": FAR}
    shows = [show("p1", capacity=Capacity(*limits), **where)]
    if draw(st.booleans()) and not touring:
        classes.append(klass("9A", pupils=draw(st.integers(5, 20)), walks=0))
        return replace(town(classes, shows), fixed=(Booking("9A", "p1"),)), worth | {"9A": 0}
    return town(classes, shows, [school(hall=draw(st.sampled_from([0, 40, 70]))), school(BERGA, hall=60)]), worth


@given(performances())
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
def test_performance_is_packed_as_by_trying_everything(drawn):
    problem, worth = drawn
    ground = ground_of(problem)
    stand = Board(ground)
    visit = np.array([FINE * worth[each.name] for each in ground.problem.classes], dtype=np.int64)
    visit[[not arcs for arcs in ground.of_class]] = 0
    none = np.zeros(1, dtype=np.int64)
    every, least = range(len(ground.arcs)), stand.cost()
    for size in range(1, len(every) + 1):
        for chosen in combinations(every, size):
            board = Board(ground)
            for number in chosen:
                if board.fits(number):
                    board.add(number)
            gained = sum(int(visit[ground.arcs[number].klass]) // FINE for number in board.chosen)
            least = min(least, board.cost() - gained)

    bound = cost_bound(first_board(ground), Pairs(ground), Prices(visit, none, none, none))

    full = not any(first_board(ground).vector()[name] for name in (LevelName.UNSERVED, LevelName.OWED))
    assert not full or bound == int(visit.sum()) // FINE + least


def test_classes_of_a_school_share_a_bus_and_the_bound_knows():
    classes = [klass(f"8{letter}", pupils=24, walks=1500) for letter in "ABCDEF"]
    shows = [show(f"p{each}", seats=60, position=FAR, on=DAY + timedelta(days=each)) for each in range(6)]
    problem = town(classes, shows, [school()], terms=Terms(empty_seat_price=0))
    board = first_board(ground_of(problem))
    programme = Programme(Board(board.ground), Pairs(board.ground))
    for arcs in first_sets(board):
        programme.name(arcs)

    priced = programme.rounds(10, board)
    made = rounded(programme, priced.prices)

    assert 3 * 4000 * 0.99 < priced.bound <= 3 * 4000 == made.cost()
    assert made.vector()[LevelName.UNSERVED] == 0


def test_fleet_of_the_day_is_kept_by_the_way_of_large_towns():
    """Two buses a day; six classes fill three, so they go on two days or more."""
    classes = [klass(f"8{letter}", pupils=24, walks=1500) for letter in "ABCDEF"]
    shows = [show(f"p{each}", seats=200, position=FAR, on=DAY + timedelta(days=each // 2)) for each in range(4)]
    problem = town(classes, shows, [school()], terms=Terms(buses_a_day=2))

    plan = make_plan(problem, quietly, effort=AS_LARGE).plan

    assert faults_of(problem, plan) == []
    assert plan.pupils_unserved == 0


def test_the_same_bytes_whichever_way_the_rows_come():
    classes = [klass(f"5{letter}", 5, 20 + number, BERGA if number % 2 else ALBY) for number, letter in enumerate("ABCDEFG")]
    shows = [show(f"p{number}", (5,), 55, DAY + timedelta(days=number), position=FAR) for number in range(5)]
    problem = town(classes, shows, seed=7)
    turned = replace(problem, classes=problem.classes[::-1], performances=problem.performances[::-1])

    one, other = (make_plan(each, quietly, effort=AS_LARGE).plan for each in (problem, turned))

    assert plan_bytes(one) == plan_bytes(other)
