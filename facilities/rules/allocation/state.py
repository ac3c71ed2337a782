"""A plan under work: who holds which cells, what may move, and what it is all worth."""

from collections.abc import Iterable
from itertools import chain
from math import gcd

from facilities.rules.allocation.model import Model, Placement, attractive_slots
from facilities.rules.allocation.plan import LevelName
from facilities.rules.allocation.principles import Soft

Spec = tuple[LevelName, int]
PER_CLASS = (Soft.PREFERENCES, Soft.DURATIONS)


def level_specs(model: Model, *, moved: bool = False) -> list[Spec]:
    """The levels of a plan in order: each rung, moves after an edit, then the soft ones, those by class once for each class.

    Rule FA-68. Source: PLANNING, "a cell has capacity = free parts".
    Words: läge, cell, state.
    """
    principles = model.problem.principles
    specs: list[Spec] = [(LevelName.RUNG, place) for place in range(len(principles.ladder))]
    if moved:
        specs.append((LevelName.MOVED, 0))
    for soft in principles.soft:
        number = len(principles.classes) if soft in PER_CLASS else 1
        specs += [(LevelName(soft.value), place) for place in range(number)]
    return specs


class State:
    """Placements held by section and weekday. extra: half hours beyond a placement's own length, at its end."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.free = list(model.capacity)
        self.holders: list[list[int]] = [[] for _ in model.capacity]
        self.held: list[dict[int, Placement]] = [{} for _ in model.groups]
        self.extra: list[dict[int, int]] = [{} for _ in model.groups]
        self.before: set[tuple[int, int, int, int]] = set()  # (section, hall, day, start) of the plan before an edit
        girls = sum(g.section.size for g in model.groups if g.section.sex == "girls")
        boys = sum(g.section.size for g in model.groups if g.section.sex == "boys")
        share = gcd(girls, boys) or 1
        self.members = {"girls": girls // share, "boys": boys // share}
        self.banned: frozenset[int] = frozenset()

    def fits(self, placement: Placement) -> bool:
        free, q = self.free, placement.q
        for cell in placement.cells:
            if free[cell] < q:
                return False
        return all(free[cell] for cell in placement.named)

    def put(self, placement: Placement) -> None:
        free, holders, q, section = self.free, self.holders, placement.q, placement.section
        for cell in placement.cells:
            free[cell] -= q
            holders[cell].append(section)
        for cell in placement.named:
            free[cell] -= 1
            holders[cell].append(section)
        self.held[section][placement.day] = placement

    def take(self, placement: Placement) -> None:
        """Take a pass away, its extra half hours first."""
        section, q = placement.section, placement.q
        self.shrink(placement)
        free, holders = self.free, self.holders
        for cell in placement.cells:
            free[cell] += q
            holders[cell].remove(section)
        for cell in placement.named:
            free[cell] += 1
            holders[cell].remove(section)
        del self.held[section][placement.day]

    def more_cells(self, placement: Placement, first: int, last: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The cells of the slots [first, last) in the placement's hall: (of the hall, of its named leaves)."""
        model = self.model
        grid, section = model.grids[placement.hall], model.groups[placement.section].section
        cells = model.cells(grid, section, placement.day, first, last)
        if not placement.named:
            return cells, ()
        per = len(grid.cuts) - 1
        leaves = {(cell - grid.leaf_base) // (7 * per * 48) for cell in placement.named}
        mask = sum(1 << leaf for leaf in leaves)
        return cells, model.leaf_cells(grid, section, mask, placement.day, first, last)

    def end_of(self, placement: Placement) -> int:
        return placement.start + placement.length + self.extra[placement.section].get(placement.day, 0)

    def grow(self, placement: Placement, slots: int) -> None:
        """Give a pass more half hours at its end; the caller knows that they are free and allowed."""
        end = self.end_of(placement)
        cells, named = self.more_cells(placement, end, end + slots)
        for cell in cells:
            self.free[cell] -= placement.q
            self.holders[cell].append(placement.section)
        for cell in named:
            self.free[cell] -= 1
            self.holders[cell].append(placement.section)
        own = self.extra[placement.section]
        own[placement.day] = own.get(placement.day, 0) + slots

    def shrink(self, placement: Placement) -> None:
        """Take the extra half hours of a pass away."""
        slots = self.extra[placement.section].pop(placement.day, 0)
        if slots:
            first = placement.start + placement.length
            cells, named = self.more_cells(placement, first, first + slots)
            for cell in cells:
                self.free[cell] += placement.q
                self.holders[cell].remove(placement.section)
            for cell in named:
                self.free[cell] += 1
                self.holders[cell].remove(placement.section)

    def shrink_all(self) -> None:
        for placement in list(self.all()):
            self.shrink(placement)

    def all(self) -> Iterable[Placement]:
        return chain.from_iterable(days.values() for days in self.held)

    def got(self, section: int) -> int:
        return len(self.held[section])

    def loss(self, section: int) -> int:
        """The rung of the last pass that a section has: what is lost when any of its passes goes."""
        rungs = self.model.groups[section].rungs
        number = len(self.held[section])
        return rungs[number - 1] if number <= len(rungs) else len(self.model.problem.principles.ladder)

    def missing(self, section: int) -> int:
        """The rung of the next pass that a section wants; -1 = it has all."""
        rungs = self.model.groups[section].rungs
        number = len(self.held[section])
        return rungs[number] if number < len(rungs) else -1

    def slots_of(self, section: int) -> int:
        return sum(each.length for each in self.held[section].values()) + sum(self.extra[section].values())

    def value(self, spec: Spec) -> int:
        """The value of one level, lower is better."""
        name, which = spec
        groups = self.model.groups
        match name:
            case LevelName.RUNG:
                return sum(group.rungs[self.got(at) :].count(which) for at, group in enumerate(groups))
            case LevelName.MOVED:
                now = {(each.section, each.hall, each.day, each.start) for each in self.all()}
                return len(self.before - now)
            case LevelName.PREFERENCES:
                return sum(each.cost for each in self.all() if groups[each.section].class_index == which)
            case LevelName.LOCAL:
                return sum(each.away for each in self.all())
            case LevelName.DURATIONS:
                return sum(
                    (group.longest - group.shortest) * group.section.passes - self.longer(at)
                    for at, group in enumerate(groups)
                    if group.class_index == which
                )
            case LevelName.EQUALITY:
                return abs(self.lean())
            case LevelName.STABILITY:
                return sum(group.last for group in groups) - sum(each.kept for each in self.all())

    def longer(self, section: int) -> int:
        """Half hours beyond the shortest that the passes of a section have together."""
        shortest = self.model.groups[section].shortest
        return sum(each.length - shortest for each in self.held[section].values()) + sum(self.extra[section].values())

    def lean(self, leave_out: Iterable[int] = ()) -> int:
        """Attractive half hours of girls x boys - of boys x girls; sections of both are not in it."""
        total, attractive = 0, self.model.problem.principles.attractive
        out = set(leave_out)
        for each in self.all():
            weight = self.leaning(each.section)
            if weight and each.section not in out:
                total += weight * attractive_slots(attractive, each.day, each.start, self.end_of(each))
        return total

    def leaning(self, section: int) -> int:
        """What an attractive half hour of a section adds to the lean."""
        if not (self.members["girls"] and self.members["boys"]):
            return 0
        sex = self.model.groups[section].section.sex
        return {"girls": self.members["boys"], "boys": -self.members["girls"]}.get(sex, 0)

    def values(self, specs: Iterable[Spec]) -> tuple[int, ...]:
        return tuple(self.value(spec) for spec in specs)

    def drawn(self) -> tuple[int, ...]:
        """How many passes each section has, in the order of the lot, below 0: the last of the vector."""
        order = sorted(range(len(self.model.groups)), key=lambda at: self.model.groups[at].draw)
        return tuple(-self.got(at) for at in order)

    def copy(self) -> "State":
        other = State.__new__(State)
        other.model, other.members, other.before, other.banned = self.model, self.members, self.before, self.banned
        other.free = list(self.free)
        other.holders = [list(each) for each in self.holders]
        other.held = [dict(each) for each in self.held]
        other.extra = [dict(each) for each in self.extra]
        return other
