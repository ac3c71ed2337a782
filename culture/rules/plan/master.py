"""A bound of the cost by whole performances: each is packed exactly, and prices tie them together (column generation).

A column here is a whole performance: which classes of which schools go together. Of the linear programme over all of them only
those are named that pay at its prices. Any prices, in whole numbers, prove a bound by whole-number arithmetic alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import gcd

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from culture.rules.plan.halves import Half, broken_halves
from culture.rules.plan.model import FINE, NO_LIMIT, Goal, Mip, Row
from culture.rules.plan.stage import Stage, Stages, Whole, stages_of

HALFWAY = 0.5  # prices are tried this far on the way back to the best known
CLOSE = 0.0002  # share of the bound that is not worth another round
SOME = 1e-6


@dataclass(slots=True)
class Priced:
    """bound: no point of the model is better. worse: by how much a point is worse than the bound, at least, with this set."""

    bound: int
    worse: dict[tuple[int, ...], int] = field(default_factory=dict)
    halves: list[Half] = field(default_factory=list)


@dataclass(slots=True)
class Prices:
    """Of each row that ties performances together, in parts of a krona. bound: what they prove. gain: of each set."""

    row: Whole
    bound: int
    gain: Whole


class Master:
    """The linear programme of a model in which every choice is a set.

    Rule C-90. Source: goal: cost gap within one per cent, proved.
    Words: kolumngenerering, undre gräns, dantzig-wolfe, column generation, bound.
    """

    def __init__(self, mip: Mip, goal: Goal) -> None:
        if not mip.in_sets:
            raise ValueError("A choice of the model is not a set.")
        self.mip, self.goal = mip, goal
        self.stages: Stages = stages_of(mip)
        self.cost = [0] * len(mip.low)
        for column, each in goal.terms:
            self.cost[column] += each * FINE
        self.sets = self.stages.column.tolist()
        self.base = np.array([self.cost[column] for column in self.sets], dtype=np.int64)
        self.rows: list[Row] = [row for row in mip.rows if row.show is None]
        self.halves: list[Half] = []
        self.lines: dict[int, list[tuple[int, int]]] = defaultdict(list)  # column -> (row, coefficient)
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        if self.solver is None:
            raise RuntimeError("This build of OR-Tools has no GLOP.")
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        self.lp_rows: list[pywraplp.Constraint] = []
        self.once = [self.solver.Constraint(-self.solver.infinity(), 1.0) for _stage in self.stages.stages]
        self.pool: dict[tuple[int, ...], pywraplp.Variable] = {}
        used = {column for row in self.rows for column, _each in row.terms} | {column for column, _each in goal.terms}
        of_shows = set(self.sets) | {each.opens for each in mip.going}
        self.free = {column: self._free(column) for column in sorted(used - of_shows)}  # columns that no performance has
        for number in range(len(self.rows)):
            self._tie(number)
        self._index()
        for place, stage in enumerate(self.stages.stages):
            self.add(place, [at for at in range(stage.first, stage.last) if mip.start[self.sets[at]]])

    def _free(self, column: int) -> pywraplp.Variable:
        variable = self.solver.NumVar(float(self.mip.low[column]), float(self.mip.high[column]), "")
        self.objective.SetCoefficient(variable, self.cost[column] / FINE)
        return variable

    def _tie(self, number: int) -> None:
        """A row of the model becomes one of the linear programme."""
        row, infinity = self.rows[number], self.solver.infinity()
        line = self.solver.Constraint(
            float(row.low) if row.low > -NO_LIMIT else -infinity, float(row.high) if row.high < NO_LIMIT else infinity
        )
        self.lp_rows.append(line)
        sums: dict[int, int] = defaultdict(int)
        for column, each in row.terms:
            sums[column] += each
        for column, each in sums.items():
            self.lines[column].append((number, each))
            if column in self.free:
                line.SetCoefficient(self.free[column], each)
        for sets, variable in self.pool.items():
            line.SetCoefficient(variable, sum(sums.get(self.sets[at], 0) for at in sets))

    def _index(self) -> None:
        """The rows of each set, one after another."""
        lines = [self.lines[column] or [(0, 0)] for column in self.sets]
        flat = [entry for line in lines for entry in line]
        self.row_of = np.array([number for number, _each in flat], dtype=np.int64)
        self.times = np.array([each for _number, each in flat], dtype=np.int64)
        self.begin = np.cumsum([0, *(len(line) for line in lines[:-1])]).astype(np.int64)

    def add(self, place: int, sets: Sequence[int]) -> bool:
        """A performance with these sets as a column; False = it is there already."""
        key = tuple(sorted(sets))
        if not key or key in self.pool:
            return False
        variable = self.pool[key] = self.solver.NumVar(0.0, self.solver.infinity(), "")
        opens = {each for each in (self.mip.going[at].opens for at in key) if each is not None}
        cost = sum(self.cost[column] for column in [*(self.sets[at] for at in key), *opens])
        self.objective.SetCoefficient(variable, cost / FINE)
        self.once[place].SetCoefficient(variable, 1.0)
        sums: dict[int, int] = defaultdict(int)
        for at in key:
            for number, each in self.lines[self.sets[at]]:
                sums[number] += each
        for number, each in sums.items():
            self.lp_rows[number].SetCoefficient(variable, each)
        return True

    # Prices --------------------------------------------------------------------------------------------------------------

    def solve(self) -> bool:
        return bool(self.solver.Solve() == pywraplp.Solver.OPTIMAL)

    def duals(self) -> NDArray[np.float64]:
        return np.array([line.dual_value() for line in self.lp_rows]) * FINE

    def point(self) -> dict[tuple[int, ...], float]:
        """The columns that the solved programme uses, and how far."""
        values = {sets: variable.solution_value() for sets, variable in self.pool.items()}
        return {sets: value for sets, value in values.items() if value > SOME}

    def gains(self, row: Whole) -> Whole:
        """Of each set, at the prices of the rows."""
        found: Whole = np.add.reduceat(row[self.row_of] * self.times, self.begin) - self.base
        return found

    def _at(self, prices: NDArray[np.float64]) -> tuple[Prices, list[tuple[int, list[int]]]]:
        """What prices prove, and the performances that pay at them."""
        row = np.rint(prices).astype(np.int64)
        bound = FINE * self.goal.constant
        for number, each in enumerate(self.rows):
            side = each.low if row[number] > 0 else each.high
            row[number] = 0 if abs(side) >= NO_LIMIT else row[number]
            bound += int(row[number]) * side
        for column in self.free:
            left = self.cost[column] - sum(each * int(row[number]) for number, each in self.lines[column])
            bound += left * (self.mip.low[column] if left > 0 else self.mip.high[column])
        gain = self.gains(row)
        paying = []
        for place, stage in enumerate(self.stages.stages):
            gained, sets = self.stages.best(stage, gain, self.cost)
            bound -= gained
            if sets:
                paying.append((place, sets))
        return Prices(row, bound, gain), paying

    def priced(self, rounds: int) -> Priced:
        """The bound, and the model's halves. rounds: linear programmes solved, at most."""
        best, _paying = self._at(np.zeros(len(self.rows)))
        for _round in range(rounds):
            if not self.solve():
                break
            value = self.goal.constant + self.objective.Value()
            best, added = self._step(best, self.duals())
            if added and value - best.bound / FINE > CLOSE * abs(value):
                continue
            if (added and not self.solve()) or not self._cut(self.point()):
                break
            best.row = np.concatenate((best.row, np.zeros(len(self.rows) - len(best.row), dtype=np.int64)))
        return self._told(best)

    def _step(self, best: Prices, dual: NDArray[np.float64]) -> tuple[Prices, int]:
        """Prices between the best and those of the linear programme; and these when those show nothing new."""
        for back in (HALFWAY, 0.0):
            prices, paying = self._at(back * best.row + (1 - back) * dual)
            best = max(best, prices, key=lambda each: each.bound)
            added = sum(self.add(place, sets) for place, sets in paying)
            if added:
                return best, added
        return best, 0

    def _told(self, best: Prices) -> Priced:
        step = gcd(*(each for _column, each in self.goal.terms)) or 1
        above = -(-(best.bound - FINE * self.goal.constant) // (FINE * step)) * step
        worse: dict[tuple[int, ...], int] = {}
        for stage in self.stages.stages:
            worse.update(self._worse(stage, best))
        return Priced(self.goal.constant + above, worse, self.halves)

    def _worse(self, stage: Stage, best: Prices) -> dict[tuple[int, ...], int]:
        gained, _sets = self.stages.best(stage, best.gain, self.cost)
        each = self.stages.with_each(stage, best.gain, self.cost)
        arcs = [self.mip.going[at].arcs for at in range(stage.first, stage.last)]
        return dict(zip(arcs, ((gained - each) // FINE).tolist(), strict=True))

    def _cut(self, point: dict[tuple[int, ...], float]) -> bool:
        share: dict[int, float] = defaultdict(float)
        for sets, value in point.items():
            for at in sets:
                share[at] += value
        found = broken_halves(self.mip, share)
        for half in found:
            self.halves.append(half)
            self.rows.append(Row(half.terms(self.mip), high=half.most))
            self._tie(len(self.rows) - 1)
        if found:
            self._index()
        return bool(found)


def narrowed(mip: Mip, priced: Priced, most: int) -> None:
    """The sets that make a plan worse by more than *most* than the bound are left out, and the halves are told.

    Rule C-91. Source: goal: neighbourhoods that follow the prices of the linear programme.
    Words: urval, reducerad kostnad, narrow.
    """
    units = {each.unit for each in mip.going}
    for each in mip.going:
        if not mip.start[each.column] and priced.worse.get(each.arcs, most) > most:
            mip.high[each.column] = 0
    for half in priced.halves:
        if half.unit in units:
            mip.row(half.terms(mip), high=half.most)
