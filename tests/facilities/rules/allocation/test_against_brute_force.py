"""Tiny seasons: the engine against every possible plan, the whole vector of levels compared; and the checker on every plan."""

from dataclasses import replace
from itertools import product
from math import prod

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from facilities.rules.allocation.check_proofs import errors_in
from facilities.rules.allocation.conditions import EVERYBODY, Number, NumberFact, Op
from facilities.rules.allocation.engine import proposed
from facilities.rules.allocation.model import compiled
from facilities.rules.allocation.parts import parts_of_day
from facilities.rules.allocation.principles import Attractive, Effect, Principles, PriorityClass, Rung, Soft, Window
from facilities.rules.allocation.problem import Time, Wished, canonical
from facilities.rules.allocation.reasons import reasons
from facilities.rules.allocation.state import State, level_specs
from tests.facilities.rules.allocation.seasons import hall, open_all_week, season, section, suits

CLASSES = (PriorityClass("U", "Unga", Number(NumberFact.AGE_TO, Op.LESS, 20)), PriorityClass("V", "Vuxna", EVERYBODY))
LADDERS = (
    (Rung(("U",)), Rung(("V",))),
    (Rung(("U",), 1, 1), Rung(("V",), 1, 1), Rung(("U",), 2), Rung(("V",), 2)),
    (Rung(("U", "V"), 1, 1), Rung(("U", "V"), 2)),
)
SOFT = (
    (Soft.PREFERENCES, Soft.DURATIONS, Soft.EQUALITY, Soft.STABILITY),
    (Soft.STABILITY, Soft.LOCAL, Soft.PREFERENCES, Soft.DURATIONS),
)
LATE = Window(Number(NumberFact.AGE_FROM, Op.AT_LEAST, 20), 18 * 60, 24 * 60, Effect.MAINLY)


@st.composite
def tiny_seasons(draw):
    parts = draw(st.sampled_from(("", "AB", "ABC")))
    halls = (hall("H", parts, area="nord"),)
    wishes = [Wished("H"), *([Wished("H", 1), Wished("H", space="HA")] if parts else [])]
    sections = []
    for number in range(draw(st.integers(1, 3))):
        days = draw(st.lists(st.integers(0, 1), min_size=1, max_size=2, unique=True))
        first = [(day, 17, draw(st.sampled_from((18, 18.5)))) for day in days]
        shortest = draw(st.sampled_from((30, 60)))
        young, girls = draw(st.booleans()), draw(st.booleans())
        each = section(
            f"S{number}",
            *first,
            ages=(9, 12) if young else (21, 50),
            girls=10 if girls else 0,
            boys=0 if girls else 12,
            passes=draw(st.integers(1, 2)),
            shortest=shortest,
            longest=shortest + draw(st.sampled_from((0, 30))),
            spaces=tuple(draw(st.lists(st.sampled_from(wishes), min_size=1, max_size=2, unique=True))),
            area=draw(st.sampled_from(("nord", "syd"))),
            last=draw(st.sampled_from(((), (Time("H", 0, 17 * 60, 18 * 60),)))),
        )
        if draw(st.booleans()):
            each = replace(each, suits=(*each.suits, *suits((days[0], 16.5, 17), choice=2)))
        sections.append(each)
    principles = Principles(
        name="små",
        classes=CLASSES,
        ladder=draw(st.sampled_from(LADDERS)),
        windows=draw(st.sampled_from(((), (LATE,)))),
        attractive=Attractive(17 * 60, 18 * 60),
        soft=draw(st.sampled_from(SOFT)),
    )
    return season(*sections, halls=halls, openings=open_all_week(*halls, closes=19), principles=principles)


def best_by_force(problem):
    """The best vector of all plans there are."""
    model = compiled(canonical(problem))
    specs, best = level_specs(model), None
    choices = [_choices(group) for group in model.groups]
    assume(prod(len(each) for each in choices) <= 800)
    for chosen in product(*choices):
        state = State(model)
        if not all(_put(state, place, extra) for passes in chosen for place, extra in passes):
            continue
        if any(state.slots_of(at) > group.most_slots for at, group in enumerate(model.groups)):
            continue
        vector = (*state.values(specs), *state.drawn())
        if best is None or vector < best:
            days = {(each.hall, each.day) for each in state.all()}
            if all(parts_of_day(state, *where) is not None for where in days):
                best = vector
    return best


def _choices(group):
    """Every set of passes that a section may have: at most one a day, each with each length."""
    longer = [
        [(place, extra) for extra in range(group.longest - group.shortest + 1) if _suits(group, place, extra)]
        for place in group.placements
    ]
    found = [()]
    for options in longer:
        found += [
            (*chosen, option)
            for chosen in found
            if len(chosen) < group.wanted and all(place.day != options[0][0].day for place, _ in chosen)
            for option in options
        ]
    return found


def _suits(group, place, extra):
    hours = group.hours[place.day][place.start : place.start + place.length + extra]
    return len(hours) == place.length + extra and min(hours) > 0


def _put(state, place, extra):
    if place.day in state.held[place.section] or not state.fits(place):
        return False
    state.put(place)
    for _ in range(extra):
        end = state.end_of(place)
        cells, named = state.more_cells(place, end, end + 1)
        if any(state.free[cell] < place.q for cell in cells) or any(state.free[cell] < 1 for cell in named):
            return False
        state.grow(place, 1)
    return True


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tiny_seasons())
def test_no_plan_is_better_than_the_proposal(problem):
    best = best_by_force(problem)
    plan = proposed(problem)
    assert errors_in(problem, plan, reasons(problem, plan)) == []
    assert plan.vector() == best
