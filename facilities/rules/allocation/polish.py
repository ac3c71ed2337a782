"""What comes after the ladder, by small steps: better places, starts that leave room, longer times."""

from facilities.rules.allocation.model import Placement
from facilities.rules.allocation.plan import LevelName
from facilities.rules.allocation.principles import Soft
from facilities.rules.allocation.state import Spec, State


def relocate(state: State, specs: list[Spec], sweeps: int = 3) -> None:
    """Move single passes to free times that are worth more among the soft levels, until none is left to move.

    Rule FA-62. Source: PLANNING, "levels are lexicographic, earlier ones kept".
    Words: nivåer, önskemål, längre tid, polish.
    """
    order = [soft for soft in state.model.problem.principles.soft if soft not in (Soft.DURATIONS, Soft.EQUALITY)]
    moved_first = any(name is LevelName.MOVED for name, _which in specs)

    def worth(each: Placement) -> tuple[int, ...]:
        by = {Soft.PREFERENCES: each.cost, Soft.LOCAL: int(each.away), Soft.STABILITY: -int(each.kept)}
        stays = (each.section, each.hall, each.day, each.start) not in state.before
        return (*((int(stays),) if moved_first else ()), *(by[soft] for soft in order))

    ranked = {at: sorted(group.placements, key=lambda p: (worth(p), p.index)) for at, group in enumerate(state.model.groups)}
    for _sweep in range(sweeps):
        gained = False
        for at in sorted(ranked, key=lambda each: (state.model.groups[each].class_index, state.model.groups[each].draw)):
            for each in [one for one in state.held[at].values() if not one.locked]:
                gained |= _moved(state, each, ranked[at], worth)
        if not gained:
            return


def _moved(state: State, each: Placement, ranked: list[Placement], worth: object) -> bool:
    value = worth(each)  # type: ignore[operator]
    for other in ranked:
        if worth(other) >= value:  # type: ignore[operator]
            return False
        if other.day in state.held[each.section] and other.day != each.day:
            continue
        if other.index in state.banned:
            continue
        state.take(each)
        if state.fits(other):
            state.put(other)
            return True
        state.put(each)
    return False


def room_after(state: State, each: Placement, most: int) -> int:
    """How many half hours a pass could be longer at its end: wished, allowed and free.

    Rule FA-63. Source: PLANNING, "levels are lexicographic, earlier ones kept".
    Words: nivåer, önskemål, längre tid, polish.
    """
    group, hours = state.model.groups[each.section], state.model.groups[each.section].hours[each.day]
    end = state.end_of(each)
    found = 0
    while found < min(most, group.longest - (end - each.start)):
        slot = end + found
        if slot >= len(hours) or hours[slot] <= 0:
            break
        cells, named = state.more_cells(each, slot, slot + 1)
        if any(state.free[cell] < each.q for cell in cells) or any(state.free[cell] < 1 for cell in named):
            break
        found += 1
    return found


def align(state: State) -> None:
    """Let passes begin where they can be longest, at a start that is worth as much.

    Rule FA-64. Source: PLANNING, "levels are lexicographic, earlier ones kept".
    Words: nivåer, önskemål, längre tid, polish.
    """
    for at, group in enumerate(state.model.groups):
        if group.longest == group.shortest:
            continue
        for each in [one for one in state.held[at].values() if not one.locked]:
            before = (each.section, each.hall, each.day, each.start) in state.before
            if before or each.kept:
                continue
            state.take(each)
            best, longest = each, -1
            for other in group.placements:
                same = (other.hall, other.day, other.wish, other.cost) == (each.hall, each.day, each.wish, each.cost)
                if same and state.fits(other) and other.index not in state.banned:
                    state.put(other)
                    room = room_after(state, other, group.longest - group.shortest)
                    state.take(other)
                    if room > longest or (room == longest and other is each):
                        best, longest = other, room
            state.put(best)


def stretch(state: State) -> None:
    """Make passes longer while a half hour is free: class by class, those that take least of the hall first.

    Rule FA-65. Source: PLANNING, "levels are lexicographic, earlier ones kept".
    Words: nivåer, önskemål, längre tid, polish.
    """
    groups = state.model.groups
    passes = sorted(
        (each for each in state.all() if not each.locked),
        key=lambda p: (groups[p.section].class_index, p.q, groups[p.section].draw, p.day),
    )
    grown = True
    while grown:
        grown = False
        for each in passes:
            left = groups[each.section].most_slots - state.slots_of(each.section)
            if left > 0 and room_after(state, each, 1):
                state.grow(each, 1)
                grown = True
