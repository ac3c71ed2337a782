"""The season's engine behind two functions: a problem in, a checked plan with its reasons out. Knows no rows."""

from collections.abc import Callable
from dataclasses import dataclass

from facilities.rules.allocation.check_proofs import errors_in
from facilities.rules.allocation.edits import costs_of, replanned_state
from facilities.rules.allocation.engine import proposed
from facilities.rules.allocation.model import compiled
from facilities.rules.allocation.plan import Plan, plan_digest
from facilities.rules.allocation.problem import Problem, canonical
from facilities.rules.allocation.reasons import Reasons, reasons, reasons_of
from facilities.rules.allocation.stored import to_text

Report = Callable[[str, int, int], None]  # what, how far, of how much


@dataclass(frozen=True, slots=True)
class Solved:
    """A plan with its reasons, as told and as stored. errors: the independent checker's; costs: [[key, before, after], ...]."""

    plan: Plan
    reasons: Reasons
    errors: tuple[str, ...]
    costs: tuple[tuple[str, int, int], ...] = ()

    @property
    def plan_text(self) -> str:
        return to_text(self.plan)

    @property
    def reasons_text(self) -> str:
        return to_text(self.reasons)

    @property
    def sha256(self) -> str:
        return plan_digest(self.plan)


def solve(problem: Problem, report: Report) -> Solved:
    """The plan of a problem, checked, with its reasons. The same problem gives the same bytes. LockImpossible as proposed."""
    plan = proposed(problem, report=report)
    report("reasons", 0, 1)
    why = reasons(problem, plan)
    report("check", 0, 1)
    return Solved(plan, why, tuple(errors_in(problem, plan, why)))


def solve_again(problem: Problem, before: Plan, *, since: Plan) -> Solved:
    """The plan of an edited problem that goes on from a plan: as few passes as possible move. since: what costs are counted from,
    the plan that the officer sees. LockImpossible."""
    plan, state = replanned_state(compiled(canonical(problem)), before)
    why = reasons_of(state, plan)
    costs = tuple((each.section, len(each.before), len(each.after)) for each in costs_of(since, plan))
    return Solved(plan, why, tuple(errors_in(problem, plan, why)), costs)
