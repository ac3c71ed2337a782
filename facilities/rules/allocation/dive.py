"""A start from linear programs: each round puts down what the program would have whole, and solves what is left again.

A start only: what it leaves out the chains and the windows try again, and no proof rests on it.
"""

from ortools.linear_solver import pywraplp

from facilities.rules.allocation.model import Placement
from facilities.rules.allocation.state import State

ROUNDS = 40
WHOLE = 0.999


def dive(state: State, sections: list[int], last_rung: int, rounds: int = ROUNDS) -> None:
    """Place passes of the rungs up to *last_rung*. Earlier rungs weigh more; of equal ones the cheaper among preferences.

    Rule FA-50. Source: PLANNING, "LP dive: each round fixes what is integral".
    Words: start, dykning, dive.
    """
    for _round in range(rounds):
        shares = _solved(state, sections, last_rung)
        if not shares:
            return
        ranked = sorted(shares, key=lambda pair: (-round(pair[0], 6), pair[1].index))
        whole = [each for share, each in ranked if share > WHOLE]
        chosen = whole or [each for _share, each in ranked[: max(1, len(ranked) // 12)]]
        put = 0
        for each in chosen:
            if each.day not in state.held[each.section] and state.missing(each.section) >= 0 and state.fits(each):
                state.put(each)
                put += 1
        if not put:
            return


def _solved(state: State, sections: list[int], last_rung: int) -> list[tuple[float, Placement]]:
    lp = pywraplp.Solver.CreateSolver("GLOP")
    objective, infinity = lp.Objective(), lp.infinity()
    rows: dict[int, pywraplp.Constraint] = {}
    columns: list[tuple[Placement, pywraplp.Variable]] = []
    for at in sections:
        group, held = state.model.groups[at], state.held[at]
        wanted = [rung for rung in group.rungs[len(held) :] if rung <= last_rung]
        usable = [each for each in group.placements if each.day not in held and state.fits(each)] if wanted else []
        if not usable:
            continue
        whole = lp.Constraint(0.0, 0.0)
        for number, rung in enumerate(wanted):  # the first pass weighs most: it is the first that is filled
            part = lp.NumVar(0.0, 1.0, "")
            whole.SetCoefficient(part, -1.0)
            objective.SetCoefficient(part, 20.0 ** (1.0 if rung < last_rung else 0.0) - 0.001 * number)
        days = {each.day: lp.Constraint(-infinity, 1.0) for each in usable}
        for each in usable:
            x = lp.NumVar(0.0, infinity, "")
            columns.append((each, x))
            objective.SetCoefficient(x, -0.0005 * each.cost - 0.000001 * len(columns))
            whole.SetCoefficient(x, 1.0)
            days[each.day].SetCoefficient(x, 1.0)
            for cells, amount in ((each.cells, each.q), (each.named, 1)):
                for cell in cells:
                    row = rows.get(cell)
                    if row is None:
                        row = rows[cell] = lp.Constraint(-infinity, float(state.free[cell]))
                    row.SetCoefficient(x, float(amount))
    objective.SetMaximization()
    if not columns or lp.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return []
    return [(share, each) for each, x in columns if (share := x.solution_value()) > 0.01]
