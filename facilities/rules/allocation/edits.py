"""A proposal gone on from after an edit: what is locked, refused or closed is obeyed, and as few passes as possible move."""

from collections import Counter
from dataclasses import dataclass

from facilities.rules.allocation.chains import Insertion, fill, heat_of
from facilities.rules.allocation.engine import parted, planned
from facilities.rules.allocation.loading import loaded
from facilities.rules.allocation.model import Model, compiled
from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.polish import stretch
from facilities.rules.allocation.problem import Problem, canonical
from facilities.rules.allocation.state import State, level_specs


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """What an edit costs or gives a section. before, after: its passes; the same pass in another part of a hall is the same."""

    section: str
    before: tuple[Pass, ...]
    after: tuple[Pass, ...]

    @property
    def lost(self) -> int:
        return max(0, len(self.before) - len(self.after))

    @property
    def gained(self) -> int:
        return max(0, len(self.after) - len(self.before))


def replanned(problem: Problem, before: Plan) -> Plan:
    """The plan of an edited problem that goes on from the plan before the edit: the ladder first, then as few moves as found.

    Rule FA-28. Source: PLANNING, "one edit with the moves shown and fewest"; published bookings are fixed points.
    Words: lås, flytta, ändra, räkna om, replan.
    """
    plan, _state = replanned_state(compiled(canonical(problem)), before)
    return plan


def replanned_state(model: Model, before: Plan) -> tuple[Plan, State]:
    """As replanned, with the state it ended in.

    Rule FA-51. Source: PLANNING, "one edit with the moves shown and fewest".
    Words: ändring, omplanering, edit.
    """
    specs = level_specs(model, moved=True)
    state = loaded(model, before)
    was = state.values(specs[: len(model.problem.principles.ladder)])
    everyone = list(range(len(model.groups)))
    passes = Counter(each.section for each in before.passes)
    lost = {at for at in everyone if state.got(at) < passes[model.groups[at].section.key]}
    if any(was):
        state_longer = state.copy()
        state.shrink_all()
        fill(Insertion(state, heat_of(model)), everyone, range(len(model.problem.principles.ladder)), chained=lost)
        _longer_again(state, state_longer)
    stretch(state)
    leaves = parted(state, specs)
    return planned(state, specs, leaves, prices={}), state


def _longer_again(state: State, was: State) -> None:
    """The longer times of before, where they are still free."""
    for at, days in enumerate(state.held):
        for day, place in days.items():
            extra = was.extra[at].get(day, 0) if was.held[at].get(day) is place else 0
            while extra and all(state.free[cell] >= place.q for cell in _next(state, place)[0]):
                if any(state.free[cell] < 1 for cell in _next(state, place)[1]):
                    break
                state.grow(place, 1)
                extra -= 1


def _next(state: State, place: object) -> tuple[tuple[int, ...], tuple[int, ...]]:
    end = state.end_of(place)  # type: ignore[arg-type]
    return state.more_cells(place, end, end + 1)  # type: ignore[arg-type]


def costs_of(before: Plan, after: Plan) -> tuple[Cost, ...]:
    """Whom a change costs or gives something, and what, in order.

    Rule FA-29. Source: issue, "sees at once what a change costs whom".
    Words: kostar, vem drabbas, jämför, skillnad.
    """

    def shown(each: Pass) -> tuple[str, int, int, int]:
        return (each.hall, each.weekday, each.starts, each.ends)

    found = []
    for section in sorted({each.section for each in (*before.passes, *after.passes)}):
        old, new = before.of(section), after.of(section)
        if {shown(each) for each in old} != {shown(each) for each in new}:
            found.append(Cost(section, old, new))
    return tuple(found)
