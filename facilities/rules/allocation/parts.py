"""Which part of the hall each pass has: leaves are given after the times, and that they can be is verified."""

from ortools.sat.python import cp_model

from facilities.rules.allocation.model import Model, Placement, leaf_sets
from facilities.rules.allocation.problem import Wished
from facilities.rules.allocation.state import State

TRIES = 2_000  # steps of the search by hand, before the exact solver is asked


def masks_of(model: Model, placement: Placement, extra: int = 0) -> list[int]:
    """The sets of leaves that a placement may take: open and free of what stands all the while, and large enough.

    Rule FA-61. Source: PLANNING, "parts are assigned afterwards and that assignment is verified".
    Words: delar, halldel, parts.
    """
    grid, section = model.grids[placement.hall], model.groups[placement.section].section
    wished = section.spaces[placement.wish] if placement.wish < len(section.spaces) else Wished(grid.hall.key, placement.q)
    if placement.locked and placement.named:
        per = grid.segments * 7 * 48
        leaves = sum(1 << leaf for leaf in {(cell - grid.leaf_base) // per for cell in placement.named})
        return [leaves]
    cells = model.cells(grid, section, placement.day, placement.start, placement.start + placement.length + extra)
    sets = leaf_sets(grid, wished, section.size)[0]
    return [mask for mask in sets if all(model.masks[cell] & mask == mask for cell in cells)]


def parts_of_day(state: State, hall: int, day: int) -> dict[int, int] | None:
    """A set of leaves for each section with a pass in a hall on a weekday; None when there is no way, which is proved.

    Rule FA-24. Source: PLANNING, "parts are assigned afterwards and that assignment is verified".
    Words: del av hall, delar, tilldelning.
    """
    passes = sorted(
        (held[day] for held in state.held if day in held and held[day].hall == hall),
        key=lambda each: (-each.q, each.start, each.index),
    )
    options = [masks_of(state.model, each, state.extra[each.section].get(day, 0)) for each in passes]
    cells = [set(state.more_cells(each, each.start, state.end_of(each))[0]) for each in passes]
    beside = [[other for other in range(at) if cells[at] & cells[other]] for at in range(len(passes))]
    found = _by_hand(options, beside)
    if found is None:
        found = _exactly(options, beside)
    return None if found is None else {each.section: mask for each, mask in zip(passes, found, strict=True)}


def _by_hand(options: list[list[int]], beside: list[list[int]]) -> list[int] | None:
    """Depth first with a bounded number of steps; None = not found."""
    chosen: list[int] = []
    turn = [0] * (len(options) + 1)
    for _ in range(TRIES + len(options)):
        at = len(chosen)
        if at == len(options):
            return chosen
        taken = 0
        for other in beside[at]:
            taken |= chosen[other]
        place = next((place for place in range(turn[at], len(options[at])) if not options[at][place] & taken), None)
        if place is None:
            turn[at] = 0
            if not chosen:
                return None
            chosen.pop()
            continue
        turn[at] = place + 1
        chosen.append(options[at][place])
        turn[at + 1] = 0
    return None


def _exactly(options: list[list[int]], beside: list[list[int]]) -> list[int] | None:
    model = cp_model.CpModel()
    takes = [{mask: model.new_bool_var("") for mask in masks} for masks in options]
    for variables in takes:
        model.add_exactly_one(variables.values())
    for at, others in enumerate(beside):
        for other in others:
            for mask, var in takes[at].items():
                for against, rival in takes[other].items():
                    if mask & against:
                        model.add_bool_or(~var, ~rival)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    if any(not masks for masks in options) or solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [next(mask for mask, var in variables.items() if solver.boolean_value(var)) for variables in takes]
