"""What an officer sets by hand: what stands in its way, and locked passes in a plan under work."""

from dataclasses import replace
from enum import StrEnum

from facilities.rules.allocation.model import Placement, leaf_sets
from facilities.rules.allocation.plan import Plan
from facilities.rules.allocation.principles import STEP, class_of
from facilities.rules.allocation.problem import Fixed, Hall, Problem, Section, Wished
from facilities.rules.allocation.state import State


class LockImpossible(ValueError):
    """What is locked cannot all be. locks: those that do not fit."""

    def __init__(self, locks: tuple[Fixed, ...]) -> None:
        super().__init__(f"Locked and not possible: {', '.join(f'{each.section} {each.hall} {each.weekday}' for each in locks)}")
        self.locks = locks


class Fault(StrEnum):
    """Why a pass set by hand is questioned. The first four an officer may set aside; never the others."""

    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    OUTSIDE = "outside"  # not within what suits the section, or not a space that it wished
    PRINCIPLES = "principles"
    OFF_STEP = "off_step"
    ENOUGH = "enough"  # it has all the passes that it wished
    SAME_DAY = "same_day"
    SAID_NO = "said_no"  # the officer has refused it
    TAKEN = "taken"  # somebody has the hall, a part of it, or what it is a part of
    CLOSED = "closed"


MAY_BE_SET_ASIDE = frozenset({Fault.TOO_LONG, Fault.TOO_SHORT, Fault.OUTSIDE, Fault.PRINCIPLES})


def faults_of(problem: Problem, plan: Plan, wanted: Fixed, *, force: bool = False) -> tuple[Fault, ...]:
    """What stands in the way of a pass that an officer sets by hand; with force only what nobody may set aside.

    Rule FA-26. Source: acceptance Cases 48-50: some faults pass with force, others not even then.
    Words: lås, för hand, tvinga, force, krock.
    """
    section = next(each for each in problem.sections if each.key == wanted.section)
    faults = [*_of_wish(problem, section, wanted), *_of_plan(problem, plan, section, wanted)]
    if wanted.starts % STEP or wanted.ends % STEP or wanted.starts >= wanted.ends:
        faults.append(Fault.OFF_STEP)
    return tuple(fault for fault in Fault if fault in faults and not (force and fault in MAY_BE_SET_ASIDE))


def put_locks(state: State) -> None:
    """Put every locked pass down. LockImpossible when some are in each other's way, or in the way of what stands.

    Rule FA-57. Source: PLANNING, "locks are fixed points of the next run".
    Words: lås, fast, lock.
    """
    problem, model = state.model.problem, state.model
    wrong = []
    for fixed in problem.fixed:
        at = model.by_key[fixed.section]
        placement = _locked(state, at, fixed)
        if placement is None or fixed.weekday in state.held[at] or not state.fits(placement):
            wrong.append(fixed)
            continue
        state.put(placement)
    if wrong:
        raise LockImpossible(tuple(wrong))


def _locked(state: State, at: int, fixed: Fixed) -> Placement | None:
    model = state.model
    section, hall = model.groups[at].section, model.halls[fixed.hall]
    grid = model.grids[hall]
    start, end = fixed.starts // STEP, fixed.ends // STEP
    wish = next(
        (
            number
            for number, each in enumerate(section.spaces)
            if each.hall == fixed.hall and fixed.space in ("", each.space)
        ),
        len(section.spaces),
    )  # fmt: skip
    wished = section.spaces[wish] if wish < len(section.spaces) else Wished(fixed.hall)
    wished = Wished(fixed.hall, space=fixed.space) if fixed.space else wished
    sets = [mask for masks in leaf_sets(grid, wished, section.size) for mask in masks]
    cells = model.cells(grid, section, fixed.weekday, start, end)
    sets = [mask for mask in sets if all(model.masks[cell] & mask == mask for cell in cells)]
    if not sets or not cells:
        return None
    new = Placement(at, wish, hall, fixed.weekday, start, end - start, sets[0].bit_count())
    new.cells, new.locked = cells, True
    if wished.space:
        new.named = model.leaf_cells(grid, section, sets[0], fixed.weekday, start, end)
    hours = model.groups[at].hours.get(fixed.weekday, [0] * 48)[start : start + model.groups[at].shortest]
    weights = model.problem.principles.weights
    second, outside = any(each > 0 and each & 2 for each in hours), any(each > 0 and each & 4 for each in hours)
    new.cost = wish * weights.next_space + second * weights.second_choice + outside * weights.not_mainly
    new.kept = any((each.hall, each.weekday, each.starts) == (fixed.hall, fixed.weekday, fixed.starts) for each in section.last)
    new.away = bool(section.area) and bool(grid.hall.area) and section.area != grid.hall.area
    return new


def _of_wish(problem: Problem, section: Section, wanted: Fixed) -> list[Fault]:
    faults, length = [], wanted.ends - wanted.starts
    if length > section.longest:
        faults.append(Fault.TOO_LONG)
    if length < section.shortest:
        faults.append(Fault.TOO_SHORT)
    suits = {minute for each in section.suits if each.weekday == wanted.weekday for minute in range(each.starts, each.ends, STEP)}
    if not set(range(wanted.starts, wanted.ends, STEP)) <= suits or all(each.hall != wanted.hall for each in section.spaces):
        faults.append(Fault.OUTSIDE)
    if class_of(problem.principles, section) is None:
        faults.append(Fault.PRINCIPLES)
    return faults


def _of_plan(problem: Problem, plan: Plan, section: Section, wanted: Fixed) -> list[Fault]:
    faults = []
    own = [each for each in plan.passes if each.section == section.key]
    if len(own) >= section.passes:
        faults.append(Fault.ENOUGH)
    if any(each.weekday == wanted.weekday for each in own):
        faults.append(Fault.SAME_DAY)
    if any(
        row.section == section.key
        and row.hall in (None, wanted.hall)
        and row.weekday in (None, wanted.weekday)
        and row.starts in (None, wanted.starts)
        for row in problem.refused
    ):
        faults.append(Fault.SAID_NO)
    hall = next(each for each in problem.halls if each.key == wanted.hall)
    if _is_taken(problem, plan, section, wanted, hall):
        faults.append(Fault.TAKEN)
    open_ = {
        minute
        for row in problem.openings
        if (row.hall, row.weekday) == (wanted.hall, wanted.weekday)
        for minute in range(row.opens, row.closes, STEP)
    }
    if not set(range(wanted.starts, wanted.ends, STEP)) <= open_:
        faults.append(Fault.CLOSED)
    return faults


def _is_taken(problem: Problem, plan: Plan, section: Section, wanted: Fixed, hall: Hall) -> bool:
    """Whether too few parts are free at some half hour; a named space has to be free itself."""
    parts = next((each.parts for each in section.spaces if (each.hall, each.space) == (hall.key, "")), 0)
    leaves = hall.leaves_of(wanted.space or hall.spaces[0].key)
    needs = len(leaves) if wanted.space else parts or len(leaves)
    for minute in range(wanted.starts, wanted.ends, STEP):
        slot = replace(wanted, starts=minute, ends=minute + STEP)
        used = {
            leaf
            for each in plan.passes
            if _crosses(problem, section, each.section, slot, (each.hall, each.weekday, each.starts, each.ends))
            for leaf in each.leaves
        }
        for row in problem.standing:
            if (row.hall, row.weekday) == (hall.key, wanted.weekday) and row.starts < minute + STEP and minute < row.ends:
                used |= hall.leaves_of(row.space)
        if len(leaves - used) < needs:
            return True
    return False


def _crosses(problem: Problem, section: Section, other: str, wanted: Fixed, held: tuple[str, int, int, int]) -> bool:
    hall, weekday, starts, ends = held
    if (hall, weekday) != (wanted.hall, wanted.weekday) or starts >= wanted.ends or wanted.starts >= ends:
        return False
    theirs = next(each for each in problem.sections if each.key == other)
    return (section.since or problem.since) < (theirs.until or problem.until) and (theirs.since or problem.since) < (
        section.until or problem.until
    )
