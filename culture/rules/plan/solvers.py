"""The two solvers behind one face. Deterministic: one worker, a stored seed, limits in work done and never in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, gcd

from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model

from culture.rules.plan.model import NO_LIMIT, Goal, Mip

SEEDS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Found:
    """The best point known, and a value that no point can be below. point: the start when nothing better was found."""

    point: tuple[int, ...]
    value: int
    bound: int

    @property
    def proved(self) -> bool:
        return self.value == self.bound


def by_cp_sat(mip: Mip, goal: Goal, seed: int, work: float, bound: int | None = None) -> Found:
    """The goal made small by CP-SAT from the start. work: its deterministic time. bound: known before; reaching it is enough.

    Rule C-58. Source: goal: fixed workers, deterministic time limits, stored seeds.
    Words: lösare, cp-sat, täckning, solver.
    """
    model = cp_model.CpModel()
    columns = [model.new_int_var(low, high, "") for low, high in zip(mip.low, mip.high, strict=True)]
    for row in mip.rows:
        terms = cp_model.LinearExpr.weighted_sum([columns[at] for at, _ in row.terms], [each for _, each in row.terms])
        model.add_linear_constraint(terms, row.low, row.high)
    model.minimize(cp_model.LinearExpr.weighted_sum([columns[at] for at, _ in goal.terms], [each for _, each in goal.terms]))
    for column, value in zip(columns, mip.start, strict=True):
        model.add_hint(column, value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8
    solver.parameters.interleave_search = True
    solver.parameters.random_seed = seed % SEEDS
    solver.parameters.max_deterministic_time = work
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        raise ArithmeticError("The start of a model keeps all its rows, yet nothing does.")
    floor = goal.constant + ceil(solver.best_objective_bound - 1e-6)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return _found(mip, goal, mip.start, floor if status != cp_model.UNKNOWN else bound, bound)
    return _found(mip, goal, [solver.value(column) for column in columns], floor, bound)


def by_scip(mip: Mip, goal: Goal, seed: int, nodes: int, gap: float = 0.0) -> Found:
    """The goal made small by SCIP from the start, until so many nodes or so small a gap (0.01 = 1 %).

    Rule C-59. Source: goal: cost by SCIP started from the solution of the coverage.
    Words: lösare, scip, kostnad, solver.
    """
    solver = pywraplp.Solver.CreateSolver("SCIP")
    if solver is None:
        raise RuntimeError("This build of OR-Tools has no SCIP.")
    columns = _columns(solver, mip, goal)
    solver.SetHint(columns, [float(value) for value in mip.start])
    settings = {"limits/totalnodes": nodes, "limits/gap": gap, "randomization/randomseedshift": seed % SEEDS}
    solver.SetSolverSpecificParametersAsString("".join(f"{name} = {value}\n" for name, value in settings.items()))
    status = solver.Solve()
    if status not in {pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE}:
        return _found(mip, goal, mip.start, None, None)
    bound = solver.Objective().BestBound()
    floor = goal.constant + _stepped(bound, goal) if abs(bound) < NO_LIMIT else None
    return _found(mip, goal, [round(column.solution_value()) for column in columns], floor, None)


def _columns(solver: pywraplp.Solver, mip: Mip, goal: Goal) -> list[pywraplp.Variable]:
    columns = [solver.IntVar(low, high, "") for low, high in zip(mip.low, mip.high, strict=True)]
    for row in mip.rows:
        low = float(row.low) if row.low > -NO_LIMIT else -solver.infinity()
        constraint = solver.Constraint(low, float(row.high) if row.high < NO_LIMIT else solver.infinity())
        for at, coefficient in _summed(row.terms):
            constraint.SetCoefficient(columns[at], coefficient)
    objective = solver.Objective()
    for at, coefficient in _summed(goal.terms):
        objective.SetCoefficient(columns[at], coefficient)
    objective.SetMinimization()
    return columns


def _summed(terms: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Each column once: a solver that is told a coefficient twice keeps the last."""
    sums: dict[int, int] = {}
    for at, coefficient in terms:
        sums[at] = sums.get(at, 0) + coefficient
    return list(sums.items())


def _stepped(bound: float, goal: Goal) -> int:
    """The least value above a bound that the goal can have: its values are so many steps of their greatest common divisor."""
    step = gcd(*(coefficient for _at, coefficient in goal.terms)) or 1
    return step * ceil((bound - 1e-6 * max(1.0, abs(bound))) / step)


def _found(mip: Mip, goal: Goal, point: Sequence[int], floor: int | None, bound: int | None) -> Found:
    """The better of the point and the start; whatever came out is checked against every row by whole numbers."""
    start = goal.value(mip.start)
    best, value = tuple(mip.start), start
    if goal.value(point) < start and _keeps(mip, point):
        best, value = tuple(point), goal.value(point)
    least = goal.constant + sum(
        coefficient * (mip.low[at] if coefficient > 0 else mip.high[at]) for at, coefficient in _summed(goal.terms)
    )
    return Found(best, value, min(value, max(each for each in (least, floor, bound) if each is not None)))


def _keeps(mip: Mip, point: Sequence[int]) -> bool:
    inside = all(low <= value <= high for low, value, high in zip(mip.low, point, mip.high, strict=True))
    return inside and all(row.low <= sum(each * point[at] for at, each in row.terms) <= row.high for row in mip.rows)
