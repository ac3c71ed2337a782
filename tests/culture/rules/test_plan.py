"""The plan of the culture guarantee: acceptance cases, tiny towns against brute force, and the same bytes every time."""

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from culture.rules.plan.arcs import ground_of
from culture.rules.plan.board import Board
from culture.rules.plan.check import faults_of
from culture.rules.plan.explain import reasons_of
from culture.rules.plan.planner import make_plan
from culture.rules.plan.problem import Booking, Host, Klass, Part, Performance, Position, Problem, School, Terms
from culture.rules.plan.proposal import LevelName, plan_bytes
from culture.rules.seats import Capacity

DAY = date(2027, 3, 12)
ALBY, BERGA = "10000001", "10000002"
HERE, FAR = Position(59.30, 14.50), Position(59.40, 14.50)


def quietly(_level, _done, _of):
    pass


def school(unit=ALBY, position=HERE, hall=0):
    return School(unit=unit, position=position, hall=hall)


def klass(key, grade=8, pupils=28, unit=ALBY, adults=2, **facts):
    return Klass(key=key, unit=unit, name=key, parts=(Part(2026 - grade, pupils),), adults=adults, **facts)


def show(key, grades=(8,), seats=100, on=DAY, **facts):
    named = {"event": f"event of {key}", "art": "music", "position": HERE, "capacity": Capacity(seats)} | facts
    return Performance(key=key, on=on, cohorts=frozenset(2026 - grade for grade in grades), **named)


def town(classes, shows, schools=None, **facts):
    return Problem(
        schools=tuple(schools or (school(), school(BERGA))), classes=tuple(classes), performances=tuple(shows), **facts
    )


def planned(problem, before=()):
    """The plan, which the checker has nothing to say about, and its reasons."""
    made = make_plan(problem, quietly, before)
    assert faults_of(problem, made.plan, before) == []
    return made.plan, reasons_of(made.board, made.plan)


def places(plan):
    return {(booking.klass, booking.performance) for booking in plan.bookings}


def values(plan):
    return tuple(level.value for level in plan.levels)


# Acceptance -----------------------------------------------------------------------------------------------------------


def test_class_that_needs_access_is_given_the_performance_that_has_it():
    """Case 19: the other arc does not exist; the reason is accessibility when it was the only one."""
    gran = klass("Gran", needs=frozenset({"step_free"}))
    stairs, level = show("stairs"), show("level", offers=frozenset({"step_free"}), on=DAY + timedelta(days=1))

    both, _reasons = planned(town([gran], [stairs, level]))
    alone, reasons = planned(town([gran], [stairs]))

    assert places(both) == {("Gran", "level")}
    assert places(alone) == set()
    assert reasons == [
        {"level": "L0", "klass": "Gran", "short": 1, "pupils": 28, "options": 0, "most": 0, "counts": {"access": 1}}
    ]


def test_of_two_equal_classes_the_one_that_has_waited_longest_goes():
    """Case 32."""
    one = klass("5A", 5, last_visit=date(2025, 11, 20))
    other = klass("5B", 5, last_visit=date(2025, 10, 2))
    one_place = [show("only", (5,), seats=30)]

    plan, _reasons = planned(town([one, other], one_place))
    same_day = [replace(one, last_visit=other.last_visit), other]
    tied, _reasons = planned(town(same_day, one_place))
    lower_code, _reasons = planned(town([replace(same_day[0], unit=BERGA), other], one_place))

    assert (places(plan), plan.line_proved) == ({("5B", "only")}, True)
    assert places(tied) == {("5A", "only")}
    assert places(lower_code) == {("5B", "only")}


def test_rows_in_another_order_give_the_same_bytes():
    """Case 32: the same result on reruns and after shuffling the rows."""
    classes = [klass(f"5{letter}", 5, 20 + number, BERGA if number % 2 else ALBY) for number, letter in enumerate("ABCDEF")]
    shows = [show(f"p{number}", (5,), 55, DAY + timedelta(days=number)) for number in range(4)]
    problem = town(classes, shows, seed=7)
    first = plan_bytes(planned(problem)[0])

    for number in range(3):
        dice = random.Random(number)
        rows = {name: list(getattr(problem, name)) for name in ("schools", "classes", "performances")}
        for each in rows.values():
            dice.shuffle(each)
        assert plan_bytes(planned(replace(problem, **{name: tuple(each) for name, each in rows.items()}))[0]) == first


def test_too_few_seats_are_proved_by_addition():
    """Case 33: S = {8A..8D}, N = {P1, P2}, 120 > 100, 20 short; two classes go; at most one class fits into each."""
    classes = [klass(f"8{letter}") for letter in "ABCD"]
    shows = [show("P1", seats=50), show("P2", seats=50, on=DAY + timedelta(days=7))]

    plan, reasons = planned(town(classes, shows))

    assert len(plan.bookings) == 2
    seats, packing = reasons
    assert (seats["level"], seats["unit"]) == ("L1", "seats")
    assert seats["classes"] == ["8A", "8B", "8C", "8D"]
    assert seats["performances"] == ["P1", "P2"]
    assert (seats["needed"], seats["room"], seats["short"]) == (120, 100, 20)
    assert seats["ways"][0] == {"kind": "seats", "number": 20}
    assert {"kind": "date", "event": "event of P1", "performance": "P1", "number": 50} in seats["ways"]
    assert (packing["level"], packing["proved"], packing["how"]) == ("L2", True, "addition")
    assert packing["most"] == {"P1": 1, "P2": 1}
    assert packing["fit"] == 2


def test_day_that_is_blocked_is_a_way_out_when_there_is_room():
    """Case 33: "unblock 8B on 12 March"."""
    classes = [klass("8A", blocked=frozenset({DAY})), klass("8B", blocked=frozenset({DAY}))]
    shows = [show("P1", seats=50, on=DAY + timedelta(days=7)), show("P2", seats=50)]

    _plan, reasons = planned(town(classes, shows))

    assert {"kind": "unblock", "klass": "8B", "performance": "P2", "on": "2027-03-12"} in reasons[0]["ways"]


def test_seats_enough_but_not_for_whole_classes():
    """Of three classes of 30 two fit into 80 seats: packing, shown by counting."""
    _plan, reasons = planned(town([klass("8A"), klass("8B"), klass("8C", pupils=17)], [show("P1", seats=78)]))

    assert [(reason["level"], reason.get("how")) for reason in reasons] == [("L1", None), ("L2", "addition")]
    _plan, reasons = planned(town([klass("8A"), klass("8B"), klass("8C")], [show("P1", seats=45), show("P2", seats=45)]))
    assert reasons[-1]["fit"] == 2


def test_seats_and_groups_both_bind():
    """Case 30: 28 + 2 then 20 + 1 in 50 seats is one short; as two groups both go."""
    classes = [klass("8A"), klass("8B", pupils=20, adults=1)]

    by_seats, reasons = planned(town(classes, [show("P", seats=50)]))
    by_groups, _reasons = planned(town(classes, [show("P", capacity=Capacity(None, 2))]))

    assert len(by_seats.bookings) == 1
    assert reasons[0]["short"] == 1
    assert len(by_groups.bookings) == 2


def test_class_that_missed_a_year_is_given_two_visits_of_two_events():
    """Case 26: need 2; and the same class is never twice at one event (case 44)."""
    late = klass("4B", 4, missed=1)
    twice = [show("a", (4,)), replace(show("b", (4,), on=DAY + timedelta(days=1)), event="event of a")]

    plan, _reasons = planned(town([late], [*twice, show("c", (4,), on=DAY + timedelta(days=2))]))
    had, _reasons = planned(town([replace(late, had=1)], twice))

    assert len(plan.bookings) == 2
    assert len(had.bookings) == 1


def test_cancelled_performance_is_planned_anew_with_what_is_published_kept():
    """Case 9: the replanner offers alternatives; nobody else is moved."""
    classes = [klass(f"8{letter}") for letter in "ABCD"]
    shows = [show(f"P{number}", seats=60, on=DAY + timedelta(days=number)) for number in range(3)]
    first, _reasons = planned(town(classes, shows))
    cancelled = first.bookings[0].performance
    kept = [booking for booking in first.bookings if booking.performance != cancelled]
    left = [each for each in shows if each.key != cancelled]

    as_published, _reasons = planned(town(classes, left, fixed=tuple(kept)))
    few_moves, _reasons = planned(town(classes, left), first.bookings)

    assert set(kept) <= set(as_published.bookings)
    assert as_published.pupils_unserved == 0
    assert few_moves.level(LevelName.MOVED).value == len(first.bookings) - len(kept)


def test_touring_performance_is_at_one_school_whose_hall_holds_its_classes():
    schools = [school(hall=60), school(BERGA, hall=30)]
    classes = [klass("8A"), klass("8B"), klass("8C", unit=BERGA)]
    plan, _reasons = planned(town(classes, [show("T", seats=90, touring=True, position=None)], schools))

    assert plan.hosts == (Host("T", ALBY),)
    assert places(plan) == {("8A", "T"), ("8B", "T")}
    assert plan.buses == ()


def test_no_more_buses_go_in_a_day_than_there_are():
    classes = [klass("8A"), klass("8B", unit=BERGA)]
    far = [show("P", position=FAR, seats=200)]

    plan, _reasons = planned(town(classes, far, terms=Terms(buses_a_day=1)))
    none, reasons = planned(town(classes, far, terms=Terms(buses_a_day=0)))

    assert len(plan.bookings) == 1
    assert none.bookings == ()
    assert reasons[0]["counts"] == {"no_bus": 1}


def test_part_of_a_class_goes_when_the_officer_allows_it():
    mixed = Klass(key="4-6", unit=ALBY, name="4-6", parts=(Part(2022, 8), Part(2021, 7), Part(2020, 6)), adults=2)
    allowed = (Booking("4-6", "P", (2021,)),)

    plan, _reasons = planned(town([mixed], [show("P", (5,))], allowed=allowed))

    assert plan.bookings == allowed
    assert plan.pupils_unserved == 14
    assert plan.unserved[0].cohorts == (2020, 2022)


def test_class_with_two_visits_to_come_and_one_event_is_told_so():
    """Case 26: several dates of one event are one visit."""
    shows = [show("a", (4,)), replace(show("b", (4,), on=DAY + timedelta(days=1)), event="event of a")]

    plan, reasons = planned(town([klass("4B", 4, missed=1)], shows))

    assert (len(plan.bookings), plan.pupils_unserved) == (1, 0)
    assert [(each["level"], each["options"], each["most"], each["short"]) for each in reasons] == [("L0", 2, 1, 1)]


def test_unproved_is_never_called_impossible():
    """What was not settled says so, with how many pupils any plan leaves out at least."""
    classes = [klass("8A"), klass("8B"), klass("8C"), klass("8D", grade=7)]
    shows = [show("P1", seats=45), show("P2", (7, 8), seats=45, on=DAY + timedelta(days=1)), show("P3", (7,), seats=45)]
    made = make_plan(town(classes, shows), quietly)

    for reason in reasons_of(made.board, made.plan, search=False):
        if reason["level"] == "L2" and not reason["proved"]:
            assert reason["bound"] <= made.plan.level(LevelName.UNSERVED).value
    assert any(reason["level"] == "L2" and reason["proved"] for reason in reasons_of(made.board, made.plan))


# The checker ----------------------------------------------------------------------------------------------------------


def _spoiled():
    """(fault, problem, plan): a plan with one thing wrong with it."""
    classes = [klass("8A"), klass("8B", unit=BERGA), klass("7A", 7)]
    shows = [show("P", (7, 8), position=FAR), show("Q", (7, 8), on=DAY + timedelta(days=1), position=FAR)]
    problem = town(classes, shows)
    plan = make_plan(problem, quietly).plan
    first = plan.bookings[0]
    other = "Q" if first.performance == "P" else "P"
    twice = tuple(sorted([*plan.bookings, Booking(first.klass, other)]))
    small = replace(problem, performances=tuple(replace(each, capacity=Capacity(10)) for each in shows))
    yield "seats", small, plan
    yield "grade", replace(problem, performances=tuple(replace(each, cohorts=frozenset({2018})) for each in shows)), plan
    yield "access", replace(problem, classes=tuple(replace(each, needs=frozenset({"calm"})) for each in classes)), plan
    yield "blocked", replace(problem, classes=tuple(replace(each, blocked=frozenset({DAY})) for each in classes)), plan
    yield "seen", replace(problem, classes=tuple(replace(each, seen=frozenset({shows[0].event})) for each in classes)), plan
    yield "refused", replace(problem, refused=frozenset({(first.klass, first.performance)})), plan
    yield "fixed", replace(problem, fixed=(Booking(first.klass, other),)), plan
    yield "fleet", replace(problem, terms=Terms(buses_a_day=0)), plan
    yield "problem", replace(problem, seed=9), plan
    yield "unneeded", problem, replace(plan, bookings=twice)
    yield "buses", problem, replace(plan, buses=plan.buses[1:])
    yield "unserved", problem, replace(plan, bookings=plan.bookings[1:])
    yield "pupils_unserved", problem, replace(plan, pupils_unserved=1)
    yield "order", problem, replace(plan, bookings=plan.bookings[::-1])
    for number, level in enumerate(plan.levels):
        worse = (*plan.levels[:number], replace(level, value=level.value + 1), *plan.levels[number + 1 :])
        yield "level", problem, replace(plan, levels=worse)


def test_checker_sees_each_thing_that_can_be_wrong():
    for fault, problem, plan in _spoiled():
        # the days on which both are given differ, so a spoiled town may be wrong in only some of its classes
        assert fault in {each.fault for each in faults_of(problem, plan)}, fault


def test_checker_sees_a_touring_performance_at_the_wrong_school():
    schools = [school(hall=60), school(BERGA, hall=60)]
    problem = town([klass("8A")], [show("T", seats=90, touring=True, position=None)], schools)
    plan = make_plan(problem, quietly).plan

    moved = faults_of(problem, replace(plan, hosts=(Host("T", BERGA),)))
    none = faults_of(problem, replace(plan, hosts=()))
    too_small = faults_of(replace(problem, schools=(school(hall=20), school(BERGA))), plan)

    assert "elsewhere" in {each.fault for each in moved}
    assert "no_host" in {each.fault for each in none}
    assert "hall" in {each.fault for each in too_small}


# Brute force ----------------------------------------------------------------------------------------------------------


def best_by_trying_all(problem):
    """The whole level vector of the best plan, by trying every set of possible bookings with the independent checker's eyes."""
    ground = ground_of(problem)
    best = None
    for size in range(len(ground.arcs) + 1):
        for chosen in combinations(range(len(ground.arcs)), size):
            board = Board(ground)
            for number in chosen:
                if not board.fits(number):
                    break
                board.add(number)
            else:
                vector = tuple(board.vector().values())
                best = vector if best is None else min(best, vector)
    return best


@st.composite
def tiny_towns(draw):
    classes = [
        klass(
            f"c{number}",
            draw(st.sampled_from([5, 6])),
            draw(st.sampled_from([17, 24, 25])),
            draw(st.sampled_from([ALBY, BERGA])),
            missed=draw(st.sampled_from([0, 0, 0, 1])),
            arts=draw(st.sampled_from([frozenset(), frozenset({"music"})])),
            blocked=draw(st.sampled_from([frozenset(), frozenset({DAY})])),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    shows = [
        show(
            f"p{number}",
            draw(st.sampled_from([(5,), (6,), (5, 6)])),
            on=DAY + timedelta(days=draw(st.integers(0, 2))),
            event=draw(st.sampled_from(["e1", "e2", "e3"])),
            art=draw(st.sampled_from(["music", "dance"])),
            capacity=draw(st.sampled_from([Capacity(30), Capacity(54), Capacity(None, 2), Capacity(80, 2)])),
            position=draw(st.sampled_from([HERE, FAR])),
            touring=draw(st.sampled_from([False, False, True])),
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    shows = [replace(each, position=None) if each.touring else each for each in shows]
    fleet = draw(st.sampled_from([None, None, 1]))
    fixed = (Booking(classes[0].key, shows[0].key),) if draw(st.integers(0, 3)) == 0 else ()
    halls = draw(st.sampled_from([(0, 60), (30, 30)]))
    schools = [school(hall=halls[0]), school(BERGA, hall=halls[1])]
    return town(classes, shows, schools, fixed=fixed, terms=Terms(buses_a_day=fleet), seed=draw(st.integers(0, 3)))


@given(tiny_towns())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_plan_of_a_tiny_town_is_the_best_there_is(problem):
    """Every level of it, and each is proved."""
    plan, _reasons = planned(problem)

    assert values(plan) == best_by_trying_all(problem)
    assert all(level.proved for level in plan.levels)
