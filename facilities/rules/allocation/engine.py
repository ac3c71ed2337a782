"""From wishes to a proposal: start, chains, exact windows, polish, parts, bounds. Deterministic: counts, never a clock."""

from collections.abc import Callable
from dataclasses import dataclass

from facilities.rules.allocation.bounds import counted_bound, locked_of, price_bound, relaxed
from facilities.rules.allocation.chains import Insertion, fill, heat_of
from facilities.rules.allocation.dive import dive
from facilities.rules.allocation.locks import put_locks
from facilities.rules.allocation.model import Model, Placement, compiled
from facilities.rules.allocation.parts import parts_of_day
from facilities.rules.allocation.plan import CellPrice, Level, LevelName, Pass, Plan
from facilities.rules.allocation.polish import align, relocate, room_after, stretch
from facilities.rules.allocation.principles import STEP
from facilities.rules.allocation.problem import Problem, canonical, digest
from facilities.rules.allocation.reasons import named_cell
from facilities.rules.allocation.state import Spec, State, level_specs
from facilities.rules.allocation.windows import HallDay, Window

TINY = 500  # placements: up to here the whole is one window
DIVES = 25_000  # placements: up to here linear programs are tried as a start
BOUNDED = 400_000  # placements: up to here a linear program proves the bound
Report = Callable[[str, int, int], None]  # what, how far, of how much


def _silent(_what: str, _done: int, _of: int) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried. sweeps: of windows over the halls; *_limit: deterministic seconds of a level in a window; dives: linear
    programs as a start; nodes: sections that a chain looks at; binding_only: windows only where the first rung that is not full
    waits, else where any does."""

    rung_sweeps: int = 2
    soft_sweeps: int = 1
    rung_limit: float = 0.3
    soft_limit: float = 0.1
    dives: bool = True
    nodes: int = 300
    binding_only: bool = False


def proposed(problem: Problem, effort: Effort | None = None, report: Report = _silent) -> Plan:
    """A plan for a season, and how far it is proved. report: is told how far it has come; it changes nothing.

    ValueError for a problem that is not whole; LockImpossible when what the officer has locked cannot all be.

    Rule FA-25. Source: PLANNING section 2, "engine"; issue, "lexicographic, deterministic, with a stated bound".
    Words: säsong, fördelning, förslag, tider, plan, propose.
    """
    problem = canonical(problem)
    model = compiled(problem)
    specs = level_specs(model)
    effort = effort or _effort_for(model)
    report("start", 0, 1)
    state = _whole(model, specs) if len(model.placements) <= TINY else _climbed(model, specs, effort, report)
    report("parts", 0, 1)
    leaves = parted(state, specs)
    report("bounds", 0, 1)
    return planned(state, specs, leaves, prices=None)


def planned(state: State, specs: list[Spec], leaves: dict[tuple[int, int], int], prices: dict[int, int] | None) -> Plan:
    """The plan that a state is, with its levels and bounds. prices: of a plan before, when they are good enough.

    Rule FA-52. Source: PLANNING, "engine: dive, chains, windows, parts, bounds, reasons, checker".
    Words: förslag, motor, engine.
    """
    levels, prices = _levels(state, specs, prices)
    model = state.model
    order = sorted(range(len(model.groups)), key=lambda at: model.groups[at].draw)
    return Plan(
        passes=tuple(sorted(_pass(state, each, leaves[each.section, each.day]) for each in state.all())),
        levels=levels,
        lot=tuple((model.groups[at].section.key, state.got(at)) for at in order),
        prices=tuple(sorted(_priced(model, cell, price) for cell, price in prices.items())),
        problem=digest(model.problem),
        seed=model.problem.seed,
    )


def started(model: Model) -> State:
    """An empty plan but for what is locked.

    Rule FA-53. Source: PLANNING, "engine: dive, chains, windows, parts, bounds, reasons, checker".
    Words: förslag, motor, engine.
    """
    state = State(model)
    put_locks(state)
    return state


def _effort_for(model: Model) -> Effort:
    small = len(model.placements) <= DIVES
    return Effort() if small else Effort(soft_sweeps=0, rung_limit=0.1, dives=False, nodes=150, binding_only=True)


def _whole(model: Model, specs: list[Spec]) -> State:
    """Small enough to be solved at once, all levels, single parts included."""
    state = started(model)
    everyone = range(len(model.groups))
    fill(Insertion(state, heat_of(model)), list(everyone), range(len(model.problem.principles.ladder)))
    days = frozenset((each.hall, each.day) for each in (*model.placements, *state.all()))
    for parts in (frozenset[HallDay](), days):
        if parts and all(parts_of_day(state, *where) is not None for where in days):
            break
        if parts:
            for each in [one for one in state.all() if not one.locked]:
                state.take(each)
        Window(state, everyone, specs, longer=True, limit=5.0, parted=parts).improve()
    return state


def _climbed(model: Model, specs: list[Spec], effort: Effort, report: Report) -> State:
    heat = heat_of(model)
    rungs = [spec for spec in specs if spec[0] is LevelName.RUNG]
    state = _filled(started(model), heat, effort)
    binding = next((place for place, spec in enumerate(rungs) if state.value(spec)), None)
    if effort.dives and binding is not None:
        other = started(model)
        dive(other, list(range(len(model.groups))), binding)
        _filled(other, heat, effort)
        if other.values(specs) < state.values(specs):
            state = other
    for sweep in range(effort.rung_sweeps):
        report("windows", sweep, effort.rung_sweeps)
        binding = next((place for place, spec in enumerate(rungs) if state.value(spec)), None)
        last = len(rungs) - 1 if binding is None or not effort.binding_only else binding
        if binding is None or not _swept(state, rungs[: last + 1], limit=effort.rung_limit, waiting_for=last):
            break
        _filled(state, heat, effort)
    relocate(state, specs)
    for sweep in range(effort.soft_sweeps):
        report("wishes", sweep, effort.soft_sweeps)
        _swept(state, [spec for spec in specs if spec[0] is not LevelName.DURATIONS], limit=effort.soft_limit)
        _filled(state, heat, effort)
        relocate(state, specs)
    settle(state, specs, heat, effort)
    return state


def settle(state: State, specs: list[Spec], heat: list[int], effort: Effort) -> None:
    """Starts that leave room, then longer times; when a move makes room for a pass, the pass goes first.

    Rule FA-54. Source: PLANNING, "engine: dive, chains, windows, parts, bounds, reasons, checker".
    Words: förslag, motor, engine.
    """
    for _again in range(5):
        align(state)
        before = state.values(specs[: len(state.model.problem.principles.ladder)])
        _filled(state, heat, effort, chained=set())
        if state.values(specs[: len(before)]) == before:
            break
    stretch(state)


def _filled(state: State, heat: list[int], effort: Effort, chained: set[int] | None = None) -> State:
    everyone = list(range(len(state.model.groups)))
    fill(Insertion(state, heat, effort.nodes), everyone, range(len(state.model.problem.principles.ladder)), chained=chained)
    return state


def _swept(state: State, specs: list[Spec], *, limit: float, waiting_for: int | None = None) -> bool:
    """One window for each hall's week. waiting_for: only halls wished by a section that waits for a pass of a rung up to it."""
    gained = False
    for hall in range(len(state.model.grids)):
        there = {each.section for each in state.all() if each.hall == hall and not each.locked}
        last = len(state.model.problem.principles.ladder) if waiting_for is None else waiting_for
        waiting = {at for at in range(len(state.model.groups)) if 0 <= state.missing(at) <= last}
        waiting = {at for at in waiting if any(each.hall == hall for each in state.model.groups[at].placements)}
        if waiting or waiting_for is None:
            gained |= Window(state, there | waiting, specs, limit=limit).improve()
    return gained


def parted(state: State, specs: list[Spec]) -> dict[tuple[int, int], int]:
    """Leaves for every pass, as (section, weekday) -> mask. A day of a hall that has no way is solved again with its parts; when
    that does not help, half hours are given back, and then the pass that is latest on the ladder, until there is a way.

    Rule FA-55. Source: PLANNING, "engine: dive, chains, windows, parts, bounds, reasons, checker".
    Words: förslag, motor, engine.
    """
    leaves: dict[tuple[int, int], int] = {}
    mended: set[HallDay] = set()
    days = sorted({(each.hall, each.day) for each in state.all()})
    while days:
        hall, day = days.pop(0)
        found = parts_of_day(state, hall, day)
        if found is None:
            mended |= (changed := _mended(state, specs, hall, day))
            days = sorted({*days, *changed})
            leaves = {key: mask for key, mask in leaves.items() if state.held[key[0]].get(key[1]) is not None}
            continue
        leaves |= {(section, day): mask for section, mask in found.items()}
    _refilled(state, leaves, mended)
    for where in sorted(mended):
        _lengthened(state, leaves, where)
    return leaves


def _refilled(state: State, leaves: dict[tuple[int, int], int], mended: set[HallDay]) -> None:
    """What was given up for the sake of the parts is offered to those who wait, in order, where the parts allow it."""
    groups = state.model.groups
    waiting = [at for at in range(len(groups)) if mended and state.missing(at) >= 0]
    for at in sorted(waiting, key=lambda each: (state.missing(each), groups[each].draw)):
        for each in groups[at].placements:
            there = (each.hall, each.day) in mended and each.day not in state.held[at] and each.index not in state.banned
            if not there or state.missing(at) < 0 or not state.fits(each):
                continue
            state.put(each)
            found = parts_of_day(state, each.hall, each.day)
            if found is None:
                state.take(each)
            else:
                leaves |= {(section, each.day): mask for section, mask in found.items()}


def _lengthened(state: State, leaves: dict[tuple[int, int], int], where: HallDay) -> None:
    """Half hours given back for the sake of the parts are had again where the leaves themselves are free."""
    passes = sorted((each for each in state.all() if (each.hall, each.day) == where), key=lambda each: each.index)
    grown = True
    while grown:
        grown = False
        for each in passes:
            if each.locked or not room_after(state, each, 1):
                continue
            mask, end = leaves[each.section, each.day], state.end_of(each)
            cells = state.more_cells(each, end, end + 1)[0]
            beside = {other for cell in cells for other in state.holders[cell]}
            free = all(state.model.masks[cell] & mask == mask for cell in cells)
            free = free and not any(leaves[other, each.day] & mask for other in beside)
            left = state.model.groups[each.section].most_slots - state.slots_of(each.section)
            if free and left > 0:
                state.grow(each, 1)
                grown = True


def _mended(state: State, specs: list[Spec], hall: int, day: int) -> set[HallDay]:
    """Make a day of a hall fit its parts. Returns the days of halls whose passes have changed."""
    before = {(each.section, each.day): each for each in state.all()}
    passes = [each for each in state.all() if (each.hall, each.day) == (hall, day)]
    for each in passes:
        if not each.locked:
            state.shrink(each)
    if parts_of_day(state, hall, day) is None:
        there = [each.section for each in passes]
        lost = max(
            (each for each in passes if not each.locked),
            key=lambda p: (state.loss(p.section), state.model.groups[p.section].draw),
        )
        state.take(lost)
        Window(state, there, specs, limit=1.0, parted=frozenset({(hall, day)})).improve()
    now = {(each.section, each.day): each for each in state.all()}
    changed = {each for key, each in before.items() if now.get(key) is not each}
    changed |= {each for key, each in now.items() if before.get(key) is not each}
    touched = {each.section for each in passes}  # their longer times on other days were taken up too
    return {(hall, day)} | {(each.hall, each.day) for each in (*changed, *(p for p in state.all() if p.section in touched))}


def _pass(state: State, each: Placement, mask: int) -> Pass:
    grid, section = state.model.grids[each.hall], state.model.groups[each.section].section
    return Pass(
        section=section.key,
        weekday=each.day,
        starts=each.start * STEP,
        ends=state.end_of(each) * STEP,
        hall=grid.hall.key,
        leaves=tuple(leaf for at, leaf in enumerate(grid.leaves) if mask >> at & 1),
        wish=each.wish,
        locked=each.locked,
    )


def _levels(state: State, specs: list[Spec], given: dict[int, int] | None) -> tuple[tuple[Level, ...], dict[int, int]]:
    model, principles = state.model, state.model.problem.principles
    everyone = range(len(model.groups))
    levels, prices, open_ = [], dict[int, int](), True
    locked = locked_of(state)
    for spec in specs:
        value, bound, wished = state.value(spec), None, 0
        of = str(spec[1])
        if spec[0] in (LevelName.PREFERENCES, LevelName.DURATIONS):
            of = principles.classes[spec[1]].key
        if spec[0] is LevelName.RUNG:
            wished = sum(group.rungs.count(spec[1]) for group in model.groups)
            if open_:
                bound = wished - counted_bound(state, spec[1], everyone)
                if value > bound:
                    prices = _prices(model, spec[1], locked, given)
                    bound = max(bound, wished - price_bound(model, spec[1], prices, locked))
                open_ = value == 0
        elif value == 0:
            bound = 0
        levels.append(Level(spec[0], of, value, bound, wished))
    return tuple(levels), prices


def _prices(model: Model, rung: int, locked: dict[int, list[Placement]], given: dict[int, int] | None) -> dict[int, int]:
    if given is not None:
        return given
    if len(model.placements) > BOUNDED:
        return {}
    found = relaxed(model, rung, locked, "GLOP")
    return {} if found is None else found.prices


def _priced(model: Model, cell: int, price: int) -> CellPrice:
    """A price by the names of its cell."""
    grid = max((each for each in model.grids if each.base <= cell), key=lambda each: each.base)
    day, slot, since, leaf = named_cell(grid, cell)
    return CellPrice(grid.hall.key, day, slot * STEP, since, leaf, price)
