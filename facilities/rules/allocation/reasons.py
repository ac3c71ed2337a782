"""Why: for every pass that is given its rung and choice, for every one that is not what holds the time, by addition."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from facilities.rules.allocation.conditions import holds
from facilities.rules.allocation.loading import loaded
from facilities.rules.allocation.model import HallGrid, Placement, compiled
from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.principles import STEP, Effect, class_of, minutes_of, rung_of
from facilities.rules.allocation.problem import Problem, Section, canonical
from facilities.rules.allocation.state import State

Elsewhere = tuple[tuple[str, int, int], ...]  # (hall, weekday, starts)
Found = tuple[tuple["Blocked", ...], tuple[int, ...], Elsewhere]


class Why(StrEnum):
    """Why a wished pass is not given."""

    NO_CLASS = "no_class"  # the principles have no class for the section
    NO_RUNG = "no_rung"  # the ladder has no rung for so many passes of the class
    LIMIT = "limit"  # more minutes a week than the principles give
    NO_OPTION = "no_option"  # no placement of the wish is possible, whoever else wishes
    DAYS = "days"  # it has a pass on every weekday that is possible
    HELD = "held"  # every placement is held by the same rung or earlier ones: certified
    NOT_PROVED = "not_proved"  # the cells suffice; no way was found to divide the hall


@dataclass(frozen=True, slots=True, order=True)
class Holder:
    """A section that holds a cell. rung: of the last pass it has: what it would lose. amount: leaves."""

    section: str
    rung: int
    amount: int
    locked: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Blocked:
    """One placement of a refused pass and one cell that shows that it is not to be had.

    at: minute of the half hour; since: first day of the date segment; leaf: "" = any of the hall. room: leaves open and free of
    what stands; needs: leaves the placement takes. holders: of the same rung or earlier; room - their amounts < needs.
    """

    wish: int
    hall: str
    weekday: int
    starts: int
    at: int
    since: str
    leaf: str
    room: int
    needs: int
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A pass that is wished and not given. number: which of the section's, from 1. lost: placements of the wish by why they are
    none. own_days: weekdays on which it has a pass already. nearest: the placement with the fewest passes to give way."""

    section: str
    number: int
    why: Why
    class_key: str = ""
    rung: int = -1
    lost: tuple[tuple[str, int], ...] = ()
    own_days: tuple[int, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    nearest: Blocked | None = None
    elsewhere: Elsewhere = ()  # free in its halls, outside what suits it

    @property
    def certified(self) -> bool:
        return self.why is not Why.NOT_PROVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A pass that is given. choice: 1 or 2. wish: place in the order of spaces. short: half hours short of the longest."""

    section: str
    number: int
    class_key: str
    rung: int
    time: Pass
    choice: int
    short: int


@dataclass(frozen=True, slots=True)
class Reasons:
    given: tuple[Given, ...]
    refusals: tuple[Refusal, ...]

    def of(self, section: str) -> tuple[Given | Refusal, ...]:
        every: tuple[Given | Refusal, ...] = (*self.given, *self.refusals)
        return tuple(each for each in every if each.section == section)


def reasons(problem: Problem, plan: Plan) -> Reasons:
    """For every wished pass: why it is where it is, or why it is not given.

    Rule FA-27. Source: PLANNING, "a refusal is certified"; issue, "rule, rank, what held the time, what would have to change".
    Words: varför, skäl, avslag, förklaring, motivering.
    """
    model = compiled(canonical(problem))
    return reasons_of(loaded(model, plan), plan)


def reasons_of(state: State, plan: Plan) -> Reasons:
    """As reasons, of a state that holds the plan.

    Rule FA-66. Source: PLANNING, "a refusal is certified: for every placement one cell held by same-or-higher rungs".
    Words: skäl, avslag, intyg, reason.
    """
    model = state.model
    given: list[Given] = []
    refusals: list[Refusal] = []
    by_section: dict[str, list[Pass]] = {}
    for each in plan.passes:
        by_section.setdefault(each.section, []).append(each)
    for at, group in enumerate(model.groups):
        section = group.section
        key = model.problem.principles.classes[group.class_index].key if group.class_index >= 0 else ""
        passes = by_section.get(section.key, [])
        for number, each in enumerate(passes, 1):
            rung = group.rungs[number - 1] if number <= len(group.rungs) else -1
            given.append(_given(section, number, key, rung, each))
        blocked = _blocked_all(state, at) if len(passes) < group.wanted else ((), ())
        elsewhere = _elsewhere(state, at) if len(passes) < section.passes else ()
        for number in range(len(passes) + 1, section.passes + 1):
            refusals.append(_refusal(state, at, number, key, (*blocked, elsewhere)))
    return Reasons(tuple(given), tuple(refusals))


def _given(section: Section, number: int, key: str, rung: int, each: Pass) -> Given:
    second = any(
        suits.choice == 2 and suits.weekday == each.weekday and suits.starts < each.ends and each.starts < suits.ends
        for suits in section.suits
    )
    short = max(0, section.longest - (each.ends - each.starts)) // STEP
    return Given(
        section=section.key, number=number, class_key=key, rung=rung, time=each, choice=2 if second else 1, short=short
    )  # fmt: skip


def _refusal(state: State, at: int, number: int, key: str, found: Found) -> Refusal:
    group = state.model.groups[at]
    section = group.section
    why, rung = _why(state, at, number), -1
    blocked, open_, elsewhere = found
    if number <= len(group.rungs):
        rung = group.rungs[number - 1]
    if why is not Why.HELD:
        return Refusal(
            section=section.key,
            number=number,
            why=why,
            class_key=key,
            rung=rung,
            lost=tuple(sorted(group.lost.items())),
            own_days=tuple(sorted(state.held[at])),
            elsewhere=elsewhere if why in (Why.NO_OPTION, Why.DAYS) else (),
        )
    return Refusal(
        section=section.key,
        number=number,
        why=Why.NOT_PROVED if open_ else Why.HELD,
        class_key=key,
        rung=rung,
        lost=tuple(sorted(group.lost.items())),
        own_days=tuple(sorted(state.held[at])),
        blocked=blocked,
        nearest=min(blocked, key=lambda each: (len(each.holders), each), default=None),
        elsewhere=elsewhere,
    )


def _why(state: State, at: int, number: int) -> Why:
    group, principles = state.model.groups[at], state.model.problem.principles
    own = class_of(principles, group.section)
    if own is None:
        return Why.NO_CLASS
    limit = minutes_of(principles, group.section)
    if limit is not None and number * group.section.shortest > limit:
        return Why.LIMIT
    if rung_of(principles, own.key, number) is None or number > len(group.rungs):
        return Why.NO_RUNG
    if not group.placements:
        return Why.NO_OPTION
    if {each.day for each in group.placements} <= set(state.held[at]):
        return Why.DAYS
    return Why.HELD


def _blocked_all(state: State, at: int) -> tuple[tuple[Blocked, ...], tuple[int, ...]]:
    """(for each placement on another day a cell that shows why not, placements that no cell shows it of)."""
    rung = state.missing(at)
    blocked, open_ = [], []
    for each in state.model.groups[at].placements:
        if each.day in state.held[at]:
            continue
        found = _blocked(state, each, rung)
        if found is None:
            open_.append(each.index)
        else:
            blocked.append(found)
    return tuple(sorted(blocked)), tuple(open_)


def _blocked(state: State, place: Placement, rung: int) -> Blocked | None:
    model = state.model
    best: tuple[int, int, list[Holder]] | None = None
    for cells, needs in ((place.cells, place.q), (place.named, 1)):
        for cell in cells:
            holders = _holders(state, place.day, cell, rung)
            shut = model.capacity[cell] - sum(each.amount for each in holders) < needs
            if shut and (best is None or len(holders) < len(best[2])):
                best = (cell, needs, holders)
    if best is None:
        return None
    cell, needs, holders = best
    grid = model.grids[place.hall]
    weekday, slot, since, leaf = named_cell(grid, cell)
    return Blocked(
        place.wish, grid.hall.key, weekday, place.start * STEP, slot * STEP, since, leaf, model.capacity[cell], needs,
        tuple(sorted(holders)),
    )  # fmt: skip


def _holders(state: State, day: int, cell: int, rung: int) -> list[Holder]:
    """Who holds a cell with a pass, longer times left out, of the same rung or earlier."""
    found = []
    for other in dict.fromkeys(state.holders[cell]):
        held = state.held[other][day]
        in_hall, named = cell in held.cells, cell in held.named
        if (in_hall or named) and (held.locked or state.loss(other) <= rung):
            key = state.model.groups[other].section.key
            found.append(Holder(key, state.loss(other), held.q if in_hall else 1, held.locked))
    return found


def named_cell(grid: HallGrid, cell: int) -> tuple[int, int, str, str]:
    """(weekday, half hour, first day of the segment, leaf or "") of a cell of a hall.

    Rule FA-67. Source: PLANNING, "a refusal is certified: for every placement one cell held by same-or-higher rungs".
    Words: skäl, avslag, intyg, reason.
    """
    leaf, at = "", cell - grid.base
    if grid.leaf_base >= 0 and cell >= grid.leaf_base:
        number, at = divmod(cell - grid.leaf_base, 7 * grid.segments * 48)
        leaf = grid.leaves[number]
    row, slot = divmod(at, 48)
    day, segment = divmod(row, grid.segments)
    return day, slot, date.fromordinal(grid.cuts[segment]).isoformat(), leaf


def _elsewhere(state: State, at: int, most: int = 3) -> Elsewhere:
    """Times in its halls, outside what suits it, that are free for the shortest length: what it could wish instead."""
    model, group = state.model, state.model.groups[at]
    section, found = group.section, list[tuple[str, int, int]]()
    allowed = {day: _allowed(model.problem, section, day) for day in range(7) if day not in state.held[at]}
    for wished in section.spaces:
        hall = model.halls[wished.hall]
        grid = model.grids[hall]
        q = wished.parts or (grid.as_mask[wished.space].bit_count() if wished.space else len(grid.leaves))
        for day, may in allowed.items():
            hours = group.hours.get(day, [0] * 48)
            cells = model.cells(grid, section, day, 0, 48)
            free = [all(state.free[cell] >= q for cell in cells[slot::48]) and may[slot] for slot in range(48)] if cells else []
            for start in range(len(free) - group.shortest + 1):
                if all(free[start : start + group.shortest]) and not all(hours[start : start + group.shortest]):
                    found.append((wished.hall, day, start * STEP))
                    break
            if len(found) >= most:
                return tuple(found)
    return tuple(found)


def _allowed(problem: Problem, section: Section, day: int) -> list[bool]:
    """For each half hour of a weekday whether the principles let the section have it."""
    may = [True] * 48
    for window in problem.principles.windows:
        if day not in window.weekdays or window.effect is Effect.MAINLY:
            continue
        is_for = holds(window.who, section)
        for slot in range(48):
            inside = window.since <= slot * STEP < window.until
            may[slot] &= not (is_for and not inside if window.effect is Effect.INSIDE else not is_for and inside)
    return may
