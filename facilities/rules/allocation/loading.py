"""A plan put back into a state: all of it when the problem is the same, what is still possible when it has changed."""

from facilities.rules.allocation.locks import put_locks
from facilities.rules.allocation.model import Model, Placement
from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.polish import room_after
from facilities.rules.allocation.principles import STEP
from facilities.rules.allocation.state import State


def loaded(model: Model, plan: Plan) -> State:
    """A state with what is locked, then the plan's passes, those of the earliest rungs first, then their longer times.

    Rule FA-56. Source: PLANNING, "the whole previous plan is kept outside the solver".
    Words: läs in plan, loading.
    """
    state = State(model)
    put_locks(state)
    placed: list[tuple[Placement, int]] = []
    for _rung, at, each in sorted(_ranked(model, plan), key=lambda row: (row[0], model.groups[row[1]].draw, row[2])):
        place = _place_of(model, at, each)
        state.before.add((at, model.halls.get(each.hall, -1), each.weekday, each.starts // STEP))
        if place is None or place.day in state.held[at] or not state.fits(place) or state.missing(at) < 0:
            continue
        state.put(place)
        placed.append((place, (each.ends - each.starts) // STEP - place.length))
    for place, extra in placed:
        left = model.groups[place.section].most_slots - state.slots_of(place.section)
        for _ in range(min(extra, left)):
            if not room_after(state, place, 1):
                break
            state.grow(place, 1)
    return state


def _ranked(model: Model, plan: Plan) -> list[tuple[int, int, Pass]]:
    number: dict[int, int] = {}
    found = []
    for each in plan.passes:
        at = model.by_key.get(each.section)
        if at is None:
            continue
        rungs = model.groups[at].rungs
        place = number.get(at, 0)
        number[at] = place + 1
        found.append((rungs[place] if place < len(rungs) else 10_000, at, each))
    return found


def _place_of(model: Model, at: int, each: Pass) -> Placement | None:
    for place in model.groups[at].placements:
        same = (place.day, place.start * STEP, place.wish) == (each.weekday, each.starts, each.wish)
        if same and model.grids[place.hall].hall.key == each.hall:
            return place
    return None
