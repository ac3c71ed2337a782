"""Room for one more pass: a free time, a time held only by later rungs, or a chain of sections that each move one pass.

The search is breadth first, so the chain found moves the fewest passes; each section is looked at once and the number of sections
is bounded by a count, never by a clock.
"""

from dataclasses import dataclass

from facilities.rules.allocation.model import Model, Placement
from facilities.rules.allocation.state import State

NODES = 300  # sections that one search looks at


@dataclass(slots=True)
class Step:
    """A section without a home in a chain. since: the step that took its time. old: the pass it lost. by: what took it."""

    section: int
    since: "Step | None"
    old: Placement | None
    by: Placement | None


def heat_of(model: Model) -> list[int]:
    """How much each cell is wanted: wished leaves per free leaf if every section spread its passes evenly, in millionths.

    Rule FA-47. Source: PLANNING, "ejection chains in rung order with fixed node counts".
    Words: kedjor, byten, ejection chain.
    """
    heat = [0.0] * len(model.capacity)
    for group in model.groups:
        if not group.placements:
            continue
        share = 1e6 * group.wanted / len(group.placements)
        for placement in group.placements:
            for cell in placement.cells:
                heat[cell] += share * placement.q
    return [int(each / capacity) if (capacity := model.capacity[cell]) else 0 for cell, each in enumerate(heat)]


class Insertion:
    """Gives sections their next pass. heat: what a placement is avoided for."""

    def __init__(self, state: State, heat: list[int], nodes: int = NODES) -> None:
        self.state, self.heat, self.nodes = state, heat, nodes
        self.model = state.model
        self.ranked: list[list[Placement]] = [
            sorted(group.placements, key=lambda each: (self._heat(each), each.cost, each.index)) for group in self.model.groups
        ]

    def _heat(self, placement: Placement) -> int:
        heat = self.heat
        return placement.q * sum(heat[cell] for cell in placement.cells) // 200_000

    def give(self, section: int, *, chains: bool = True, moving: bool = True) -> list[int] | None:
        """Give a section its next pass. Returns the sections that lost one (of later rungs); None when there is no room."""
        rung = self.state.missing(section)
        if rung < 0:
            return []
        free = self.free_place(section)
        if free is not None:
            self.state.put(free)
            return []
        if not chains:
            return None
        lost = self._chain(section, rung) if moving else None
        return self._from_later(section, rung) if lost is None else lost

    def free_place(self, section: int) -> Placement | None:
        held, banned = self.state.held[section], self.state.banned
        for each in self.ranked[section]:
            if each.day not in held and self.state.fits(each) and each.index not in banned:
                return each
        return None

    def _chain(self, section: int, rung: int) -> list[int] | None:
        state, banned = self.state, self.state.banned
        queue, seen = [Step(section, None, None, None)], {section}
        for step in queue:
            held = state.held[step.section]
            away = step.old.day if step.old is not None else -1
            for place in self.ranked[step.section]:
                if (place.day in held and place.day != away) or place is step.old or place.index in banned:
                    continue
                blockers = self._blockers(place, step.section, seen)
                if blockers is None:
                    if self._carried_out(step, place, None):
                        return []
                    continue
                for other in blockers:
                    if state.loss(other) > rung:
                        if self._carried_out(step, place, state.held[other][place.day]):
                            return [other]
                    elif len(queue) < self.nodes:
                        seen.add(other)
                        queue.append(Step(other, step, state.held[other][place.day], place))
        return None

    def _from_later(self, section: int, rung: int) -> list[int] | None:
        """Take a time that later rungs alone stand in the way of, from as many of them as it needs, the latest first."""
        best: tuple[list[int], list[int], Placement] | None = None
        held = self.state.held[section]
        for place in self.ranked[section]:
            if place.day in held or place.index in self.state.banned:
                continue
            gone = taken_from_later(self.state, place, rung)
            if gone is not None:
                cost = sorted(self.state.loss(other) for other in gone)
                if best is None or _worse(best[0], cost):
                    best = (cost, gone, place)
        if best is None:
            return None
        _cost, gone, place = best
        for other in gone:
            self.state.take(self.state.held[other][place.day])
        self.state.put(place)
        return gone

    def _blockers(self, place: Placement, section: int, seen: set[int]) -> list[int] | None:
        """Sections each of which alone stands in the way of a placement; None when nobody does."""
        state, q = self.state, place.q
        own = state.held[section].get(place.day)
        short = [(cell, q - state.free[cell]) for cell in place.cells if state.free[cell] < q]
        short += [(cell, 1 - state.free[cell]) for cell in place.named if state.free[cell] < 1]
        if own is not None and short:  # its own time of that day is given up
            mine = set(own.cells) | set(own.named)
            hall = set(own.cells)
            short = [
                (cell, need - back)
                for cell, need in short
                if (back := (own.q if cell in hall else 1) if cell in mine else 0) < need
            ]
        if not short:
            return None
        cell, _need = short[0]
        found: list[int] = []
        for other in dict.fromkeys(state.holders[cell]):
            if other in seen or other == section:
                continue
            pass_ = state.held[other][place.day]
            if not pass_.locked and self._clears(pass_, short):
                found.append(other)
        return found

    @staticmethod
    def _clears(pass_: Placement, short: list[tuple[int, int]]) -> bool:
        cells, named, q = pass_.cells, pass_.named, pass_.q
        return all((cell in cells and q >= need) or (cell in named and need <= 1) for cell, need in short)

    def _carried_out(self, last: Step, place: Placement, lost: Placement | None) -> bool:
        """Move every section of the chain; put all back when the moves are in each other's way."""
        state = self.state
        moves: list[tuple[Placement | None, Placement]] = []
        step: Step | None = last
        target = place
        while step is not None:
            moves.append((step.old, target))
            target = step.by if step.by is not None else target
            step = step.since
        gone = [old for old, _new in moves if old is not None] + ([lost] if lost is not None else [])
        for old in gone:
            state.take(old)
        done: list[Placement] = []
        for _old, new in reversed(moves):
            if not state.fits(new) or new.day in state.held[new.section]:
                break
            state.put(new)
            done.append(new)
        if len(done) == len(moves):
            return True
        for new in reversed(done):
            state.take(new)
        for old in gone:
            state.put(old)
        return False


def _worse(one: list[int], other: list[int]) -> bool:
    """Whether losing passes of the rungs *one* is worse than of the rungs *other*: the earliest rung counts first."""
    return [*one, 10_000] < [*other, 10_000]


def taken_from_later(state: State, place: Placement, rung: int) -> list[int] | None:
    """Sections that would lose a pass if the placement were put; None when some cell is held by this rung and earlier ones.

    Rule FA-48. Source: PLANNING, "ejection chains in rung order with fixed node counts".
    Words: kedjor, byten, ejection chain.
    """
    gone: set[int] = set()
    for cells, amount in ((place.cells, place.q), (place.named, 1)):
        for cell in cells:
            room = state.free[cell] + sum(
                _amount(state, other, place.day, cell) for other in gone if other in state.holders[cell]
            )
            if room >= amount:
                continue
            later = [
                other
                for other in dict.fromkeys(state.holders[cell])
                if other not in gone and state.loss(other) > rung and not state.held[other][place.day].locked
            ]
            for other in sorted(later, key=lambda each: (-state.loss(each), -state.model.groups[each].draw)):
                if room < amount:
                    gone.add(other)
                    room += _amount(state, other, place.day, cell)
            if room < amount:
                return None
    return sorted(gone)


def _amount(state: State, section: int, day: int, cell: int) -> int:
    """How much of a cell a section's pass of a weekday holds: parts of the hall, or one named leaf."""
    return 1 if cell >= state.model.grids[state.held[section][day].hall].leaf_base >= 0 else state.held[section][day].q


def fill(insertion: Insertion, sections: list[int], rungs: range, sweeps: int = 4, chained: set[int] | None = None) -> None:
    """Fill the ladder rung by rung, sections with the fewest placements first; what later rungs lose is tried again.

    chained: for whom others may be moved; None = for everybody. The others take what is free and what later rungs hold.

    Rule FA-49. Source: PLANNING, "ejection chains in rung order with fixed node counts".
    Words: kedjor, byten, ejection chain.
    """
    state, groups = insertion.state, insertion.model.groups
    order = sorted(sections, key=lambda at: (len(groups[at].placements), groups[at].draw))
    for _sweep in range(sweeps):
        gained = False
        for rung in rungs:
            waiting = [at for at in order if state.missing(at) == rung]
            for chains in (False, True):
                left = []
                for at in waiting:
                    while state.missing(at) == rung:
                        lost = insertion.give(at, chains=chains, moving=chained is None or at in chained)
                        if lost is None:
                            left.append(at)
                            break
                        gained = True
                        if chained is not None:
                            chained.update(lost)
                waiting = left
        if not gained:
            return
