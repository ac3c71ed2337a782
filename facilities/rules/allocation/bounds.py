"""How many passes of a rung any plan can give: prices of cells that prove it by addition, found by a linear program.

Whatever the prices are, the sum is an upper bound; the linear program only finds good ones. In millionths of a pass.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ortools.linear_solver import pywraplp

from facilities.rules.allocation.model import Model, Placement
from facilities.rules.allocation.state import State

PASS = 1_000_000


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The linear program's answer. prices: by cell, those above 0. shares: by placement, those above 0."""

    rung: int
    prices: dict[int, int]
    shares: dict[int, float]


@dataclass(frozen=True, slots=True)
class Need:
    """What a section has and may have of a rung. least: passes of earlier rungs that it keeps; most: with those of the rung."""

    section: int
    least: int
    most: int
    days: frozenset[int]  # on which it has a locked pass


def needs_of(model: Model, rung: int, locked: Mapping[int, list[Placement]]) -> list[Need]:
    """What each section is to keep, and may have, when the passes of a rung are counted and all before it are kept.

    Rule FA-42. Source: PLANNING, "bounds: counting, then LP floor, then integer cell prices".
    Words: gräns, bevis, bound.
    """
    needs = []
    for at, group in enumerate(model.groups):
        fixed = locked.get(at, [])
        least = max(0, sum(each < rung for each in group.rungs) - len(fixed))
        most = max(least, sum(each <= rung for each in group.rungs) - len(fixed))
        if most:
            needs.append(Need(at, least, most, frozenset(each.day for each in fixed)))
    return needs


def locked_of(state: State) -> dict[int, list[Placement]]:
    """The locked passes of each section.

    Rule FA-43. Source: PLANNING, "bounds: counting, then LP floor, then integer cell prices".
    Words: gräns, bevis, bound.
    """
    found: dict[int, list[Placement]] = {}
    for each in state.all():
        if each.locked:
            found.setdefault(each.section, []).append(each)
    return found


def room_of(model: Model, locked: Mapping[int, list[Placement]]) -> list[int]:
    """What is free in each cell beside what is locked.

    Rule FA-44. Source: PLANNING, "bounds: counting, then LP floor, then integer cell prices".
    Words: gräns, bevis, bound.
    """
    room = list(model.capacity)
    for each in (one for passes in locked.values() for one in passes):
        for cell in each.cells:
            room[cell] -= each.q
        for cell in each.named:
            room[cell] -= 1
    return room


def price_bound(model: Model, rung: int, prices: Mapping[int, int], locked: Mapping[int, list[Placement]]) -> int:
    """At most how many passes of a rung any plan gives that gives all of the rungs before it.

    Room x price, and of each section what its best passes are worth beyond their price: the sum, in whole passes. None of the
    prices may be below 0.

    Rule FA-23. Source: PLANNING, "integer cell prices", checked by addition.
    Words: gräns, pris, bevis, bound.
    """
    room = room_of(model, locked)
    total = sum(price * room[cell] for cell, price in prices.items())
    for need in needs_of(model, rung, locked):
        counted = rung in model.groups[need.section].rungs
        cheapest: dict[int, int] = {}
        for each in model.groups[need.section].placements:
            if each.day not in need.days:
                price = each.q * sum(prices.get(cell, 0) for cell in each.cells) + sum(prices.get(cell, 0) for cell in each.named)
                if price < cheapest.get(each.day, price + 1):
                    cheapest[each.day] = price
        worth = [(PASS if counted else 0) - price for price in sorted(cheapest.values())]
        total += sum(worth[: need.least]) + sum(max(0, each) for each in worth[need.least : need.most])
        total -= PASS * need.least if counted else 0
    return total // PASS


def relaxed(model: Model, rung: int, locked: Mapping[int, list[Placement]], solver: str = "GLOP") -> Relaxed | None:
    """The linear program of a rung: as many of its passes as possible, all earlier ones kept. None when it has no answer.

    Rule FA-45. Source: PLANNING, "bounds: counting, then LP floor, then integer cell prices".
    Words: gräns, bevis, bound.
    """
    lp = pywraplp.Solver.CreateSolver(solver)
    room = room_of(model, locked)
    needs = needs_of(model, rung, locked)
    rows: dict[int, pywraplp.Constraint] = {}
    columns: list[tuple[int, pywraplp.Variable]] = []
    infinity = lp.infinity()
    for need in needs:
        group = model.groups[need.section]
        counted = rung in group.rungs
        whole = lp.Constraint(float(need.least), float(need.most))
        days = {each.day: lp.Constraint(-infinity, 1.0) for each in group.placements}
        for each in group.placements:
            if each.day in need.days:
                continue
            x = lp.NumVar(0.0, infinity, "")
            columns.append((each.index, x))
            if counted:
                lp.Objective().SetCoefficient(x, 1.0)
            whole.SetCoefficient(x, 1.0)
            days[each.day].SetCoefficient(x, 1.0)
            for cells, amount in ((each.cells, each.q), (each.named, 1)):
                for cell in cells:
                    row = rows.get(cell)
                    if row is None:
                        row = rows[cell] = lp.Constraint(-infinity, float(room[cell]))
                    row.SetCoefficient(x, float(amount))
    lp.Objective().SetMaximization()
    if lp.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return None
    prices = {cell: price for cell, row in rows.items() if (price := round(row.dual_value() * PASS)) > 0}
    shares = {index: share for index, x in columns if (share := x.solution_value()) > 1e-6}
    return Relaxed(rung, prices, shares)


def counted_bound(state: State, rung: int, sections: Iterable[int]) -> int:
    """The simplest bound: passes of the rung whose section has placements on so many weekdays.

    Rule FA-46. Source: PLANNING, "bounds: counting, then LP floor, then integer cell prices".
    Words: gräns, bevis, bound.
    """
    groups = state.model.groups
    total = 0
    for at in sections:
        days = len({each.day for each in groups[at].placements})
        total += groups[at].rungs[:days].count(rung)
    return total
