"""Some sections' passes taken up and put down again as well as can be, level by level, by an exact solver: a hall's week at a
time.

One worker, deterministic limits, the plan itself as the hint. The whole vector of levels is compared before anything is kept, so
a window never makes a plan worse, whatever the solver says.
"""

from collections.abc import Iterable

from ortools.sat.python import cp_model

from facilities.rules.allocation.model import Placement, attractive_slots
from facilities.rules.allocation.parts import masks_of
from facilities.rules.allocation.plan import LevelName
from facilities.rules.allocation.state import Spec, State

LIMIT = 0.6  # deterministic seconds for a level
Var = cp_model.IntVar
HallDay = tuple[int, int]


class Window:
    """One window. sections: whose passes are free, the locked ones left out. longer: whether half hours beyond the shortest are
    decided too. parted: (hall, weekday) where single parts are modelled; every pass there must be of one of the sections."""

    def __init__(
        self,
        state: State,
        sections: Iterable[int],
        specs: list[Spec],
        *,
        longer: bool = False,
        limit: float = LIMIT,
        parted: frozenset[HallDay] = frozenset(),
    ) -> None:
        self.state, self.specs, self.longer, self.limit, self.parted = state, specs, longer, limit, parted
        self.sections = sorted(set(sections))
        self.model = cp_model.CpModel()
        self.x: dict[int, Var] = {}  # by placement index
        self.placements: dict[int, Placement] = {}
        self.e: dict[tuple[int, int], Var] = {}  # (placement, half hour beyond)
        self.g: dict[int, list[Var]] = {}  # by section: it has pass number n
        self.rows: dict[int, list[tuple[Var, int]]] = {}
        self.leans: list[tuple[Var, int]] = []
        self.every_level_proved = True

    def improve(self) -> bool:
        """Solve and keep what is better. Returns whether anything was."""
        state = self.state
        before = (*state.values(self.specs), *state.drawn())
        old = [
            (each, state.extra[at].get(each.day, 0))
            for at in self.sections
            for each in state.held[at].values()
            if not each.locked
        ]
        constants = dict(zip(self.specs, before, strict=False))
        for each, _extra in old:
            state.take(each)
        self._build()
        self._hint(old)
        found = self._levels(constants)
        if found is not None:
            self._put(found)
            after = (*state.values(self.specs), *state.drawn())
            if after < before:
                return True
            for at in self.sections:
                for each in [one for one in state.held[at].values() if not one.locked]:
                    state.take(each)
        for each, extra in old:
            state.put(each)
            if extra:
                state.grow(each, extra)
        return False

    def could(self, at: int, values: tuple[int, ...]) -> bool | None:
        """Whether a section can have one more pass, every level at least as good as *values* and the last one better.

        None = not proved. The state is as it was afterwards.
        """
        state, has = self.state, self.state.got(at)
        old = [each for one in self.sections for each in state.held[one].values() if not each.locked]
        for each in old:
            state.take(each)
        self._build()
        for place, (spec, value) in enumerate(zip(self.specs, values, strict=True)):
            expression, base = self._level(spec)
            if expression is not None:
                self.model.add(expression <= value - base - (place == len(values) - 1))
        self.model.add(cp_model.LinearExpr.sum(self.g[at]) + len(state.held[at]) >= has + 1)
        solver = self._solver()
        status = solver.solve(self.model)
        for each in old:
            state.put(each)
        return {cp_model.OPTIMAL: True, cp_model.FEASIBLE: True, cp_model.INFEASIBLE: False}.get(status)

    # -- the model ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        for at in self.sections:
            self._section(at)
        free = self.state.free
        for cell, terms in self.rows.items():
            if sum(amount for _var, amount in terms) > free[cell]:
                variables, amounts = [var for var, _amount in terms], [amount for _var, amount in terms]
                self.model.add(cp_model.LinearExpr.weighted_sum(variables, amounts) <= free[cell])
        for hall, day in sorted(self.parted):
            self._parts(hall, day)

    def _section(self, at: int) -> None:
        state, group = self.state, self.state.model.groups[at]
        held = state.held[at]
        number = len(group.rungs) - len(held)
        own: list[Var] = []
        lengths: list[tuple[Var, int]] = []
        days: dict[int, list[Var]] = {}
        for each in group.placements if number > 0 else ():
            if each.day in held or each.index in state.banned or not state.fits(each):
                continue
            x = self.model.new_bool_var("")
            self.x[each.index], self.placements[each.index] = x, each
            own.append(x)
            lengths.append((x, each.length))
            days.setdefault(each.day, []).append(x)
            for cell in each.cells:
                self.rows.setdefault(cell, []).append((x, each.q))
            for cell in each.named:
                self.rows.setdefault(cell, []).append((x, 1))
            if self.longer:
                lengths += [(e, 1) for e in self._longer(each, x)]
        for variables in days.values():
            if len(variables) > 1:
                self.model.add_at_most_one(variables)
        self.g[at] = [self.model.new_bool_var("") for _ in range(min(number, len(days)))]
        for one, other in zip(self.g[at], self.g[at][1:], strict=False):
            self.model.add_implication(other, one)
        self.model.add(cp_model.LinearExpr.sum(own) == cp_model.LinearExpr.sum(self.g[at]))
        most = group.most_slots - state.slots_of(at)
        if lengths and most < group.longest * len(self.g[at]):
            self.model.add(cp_model.LinearExpr.weighted_sum([v for v, _n in lengths], [n for _v, n in lengths]) <= most)

    def _longer(self, each: Placement, x: Var) -> list[Var]:
        state, group = self.state, self.state.model.groups[each.section]
        hours, found, before = group.hours[each.day], [], x
        for beyond in range(group.longest - each.length):
            slot = each.start + each.length + beyond
            if slot >= len(hours) or hours[slot] <= 0:
                break
            cells, named = state.more_cells(each, slot, slot + 1)
            if any(state.free[cell] < each.q for cell in cells) or any(state.free[cell] < 1 for cell in named):
                break
            e = self.model.new_bool_var("")
            self.model.add_implication(e, before)
            self.e[each.index, beyond] = e
            for cell in cells:
                self.rows.setdefault(cell, []).append((e, each.q))
            for cell in named:
                self.rows.setdefault(cell, []).append((e, 1))
            found.append(e)
            before = e
        return found

    def _parts(self, hall: int, day: int) -> None:
        """Every pass of the hall's day takes one set of leaves, and a leaf is taken once."""
        state, rows = self.state, dict[tuple[int, int], list[Var]]()
        standing = [each for each in state.all() if (each.hall, each.day) == (hall, day)]
        wished = [each for each in self.placements.values() if (each.hall, each.day) == (hall, day)]
        one = self.model.new_constant(1)
        for each in standing:
            cells = state.more_cells(each, each.start, state.end_of(each))[0]
            masks = masks_of(state.model, each, state.extra[each.section].get(day, 0))
            self._takes(rows, one, masks, cells)
        for each in sorted(wished, key=lambda placement: placement.index):
            takes = self._takes(rows, self.x[each.index], masks_of(state.model, each), each.cells)
            for beyond in range(each.length, state.model.groups[each.section].longest):
                e = self.e.get((each.index, beyond - each.length))
                if e is None:
                    break
                cells = state.more_cells(each, each.start + beyond, each.start + beyond + 1)[0]
                still = [mask for mask in takes if all(state.model.masks[cell] & mask == mask for cell in cells)]
                for mask, var in self._takes(rows, e, still, cells).items():
                    self.model.add_implication(var, takes[mask])
        for row in rows.values():
            if len(row) > 1:
                self.model.add_at_most_one(row)

    def _takes(
        self, rows: dict[tuple[int, int], list[Var]], whole: Var, masks: list[int], cells: tuple[int, ...]
    ) -> dict[int, Var]:
        """One set of leaves when *whole* is so, written into the rows of its leaves."""
        takes = {mask: self.model.new_bool_var("") for mask in masks}
        self.model.add(cp_model.LinearExpr.sum(list(takes.values())) == whole)
        for mask, var in takes.items():
            for cell in cells:
                for leaf in range(mask.bit_length()):
                    if mask >> leaf & 1:
                        rows.setdefault((cell, leaf), []).append(var)
        return takes

    # -- the levels -----------------------------------------------------------------------------------------------------

    def _hint(self, old: list[tuple[Placement, int]]) -> None:
        chosen = {each.index: extra for each, extra in old}
        number: dict[int, int] = {}
        for each, _extra in old:
            number[each.section] = number.get(each.section, 0) + 1
        for index, x in self.x.items():
            self.model.add_hint(x, index in chosen)
        for (index, beyond), e in self.e.items():
            self.model.add_hint(e, index in chosen and beyond < chosen[index])
        for at, flags in self.g.items():
            for place, flag in enumerate(flags):
                self.model.add_hint(flag, place < number.get(at, 0))

    def _levels(self, values: dict[Spec, int]) -> cp_model.CpSolver | None:
        found: cp_model.CpSolver | None = None
        for spec in self.specs:
            expression, base = self._level(spec)
            if expression is None:
                continue
            best = values[spec] if found is None else self._told(found, spec, expression) + base
            if best > 0:
                solver = self._solved(expression)
                if solver is not None:
                    value = round(solver.objective_value) + base
                    if value <= best:
                        found, best = solver, value
                        self._hint_from(solver)
            self.model.add(expression <= best - base)
        return self._by_lot(found)

    def _told(self, found: cp_model.CpSolver, spec: Spec, expression: cp_model.LinearExprT) -> int:
        """What the solution has of a level."""
        if spec[0] is LevelName.EQUALITY:
            return abs(sum(amount * found.boolean_value(var) for var, amount in self.leans) + self.state.lean())
        return int(found.value(expression))

    def _by_lot(self, found: cp_model.CpSolver | None) -> cp_model.CpSolver | None:
        """Who comes first in the lot gets, when all levels are equal: decided section by section."""
        groups = self.state.model.groups
        waiting = [at for at in self.sections if self.g[at]]
        if not any(self._missing(at, found) for at in waiting):
            return found
        for at in sorted(waiting, key=lambda each: groups[each].draw):
            total = cp_model.LinearExpr.sum(self.g[at])
            has = len(self.g[at]) - self._missing(at, found)
            if has < len(self.g[at]):
                solver = self._solved(-total)
                if solver is not None and -round(solver.objective_value) > has:
                    found, has = solver, -round(solver.objective_value)
                    self._hint_from(solver)
            self.model.add(total >= has)
        return found

    def _missing(self, at: int, found: cp_model.CpSolver | None) -> int:
        if found is not None:
            return sum(not found.boolean_value(flag) for flag in self.g[at])
        return len(self.g[at])

    def _solved(self, objective: cp_model.LinearExprT) -> cp_model.CpSolver | None:
        self.model.minimize(objective)
        solver = self._solver()
        status = solver.solve(self.model)
        if status != cp_model.OPTIMAL:
            self.every_level_proved = False
        return solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def _solver(self) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = self.limit
        return solver

    def _hint_from(self, solver: cp_model.CpSolver) -> None:
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for variables in (self.x.values(), self.e.values(), *self.g.values()):
            for var in variables:
                self.model.add_hint(var, solver.boolean_value(var))

    def _level(self, spec: Spec) -> tuple[cp_model.LinearExprT | None, int]:
        """(what the window adds to a level, what the rest of the plan has); None when the window cannot change it."""
        name, which = spec
        if name is LevelName.EQUALITY:
            return self._equality()
        base = self.state.value(spec)
        terms: list[tuple[Var, int]] = []
        groups = self.state.model.groups
        if name is LevelName.RUNG:
            for at, flags in self.g.items():
                held = len(self.state.held[at])
                terms += [(flag, -1) for place, flag in enumerate(flags) if groups[at].rungs[held + place] == which]
        elif name is LevelName.DURATIONS:
            terms = [(e, -1) for (index, _), e in self.e.items() if groups[self.placements[index].section].class_index == which]
        else:
            for index, x in self.x.items():
                amount = self._worth(name, which, self.placements[index])
                if amount:
                    terms.append((x, amount))
        if not terms:
            return None, base
        expression = cp_model.LinearExpr.weighted_sum([var for var, _ in terms], [amount for _, amount in terms])
        return expression, base

    def _worth(self, name: LevelName, which: int, each: Placement) -> int:
        match name:
            case LevelName.PREFERENCES:
                return each.cost if self.state.model.groups[each.section].class_index == which else 0
            case LevelName.LOCAL:
                return int(each.away)
            case LevelName.STABILITY:
                return -int(each.kept)
            case LevelName.MOVED:
                return -int((each.section, each.hall, each.day, each.start) in self.state.before)
        return 0

    def _equality(self) -> tuple[cp_model.LinearExprT | None, int]:
        state, attractive = self.state, self.state.model.problem.principles.attractive
        terms = self.leans = list[tuple[Var, int]]()
        for index, x in self.x.items():
            each = self.placements[index]
            slots = attractive_slots(attractive, each.day, each.start, each.start + each.length) * state.leaning(each.section)
            if slots:
                terms.append((x, slots))
        for (index, beyond), e in self.e.items():
            each = self.placements[index]
            slot = each.start + each.length + beyond
            slots = attractive_slots(attractive, each.day, slot, slot + 1) * state.leaning(each.section)
            if slots:
                terms.append((e, slots))
        if not terms:
            return None, 0
        lean = cp_model.LinearExpr.weighted_sum([var for var, _ in terms], [amount for _, amount in terms]) + state.lean()
        most = sum(abs(amount) for _, amount in terms) + abs(state.lean())
        size = self.model.new_int_var(0, most, "")
        self.model.add(size >= lean)
        self.model.add(size >= -lean)
        return size, 0

    def _put(self, solver: cp_model.CpSolver) -> None:
        for index, x in self.x.items():
            if solver.boolean_value(x):
                each = self.placements[index]
                self.state.put(each)
                extra = sum(solver.boolean_value(e) for (of, _), e in self.e.items() if of == index) if self.longer else 0
                if extra:
                    self.state.grow(each, extra)
