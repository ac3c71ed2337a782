"""How a plan is found: who goes at all, whom it falls on, what it costs, who is next in line; each level keeps those before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from culture.rules.plan.arcs import Ground, ground_of
from culture.rules.plan.board import Board, Vector
from culture.rules.plan.flow import fewest_unserved
from culture.rules.plan.line import settle_line
from culture.rules.plan.mip import kept, mip_of
from culture.rules.plan.prices import cost_bound, worth_a_look
from culture.rules.plan.problem import Booking, Problem, digest
from culture.rules.plan.proposal import Level, LevelName, Plan
from culture.rules.plan.solvers import by_scip
from culture.rules.plan.start import first_board
from culture.rules.plan.windows import Sweeps, by_windows

Report = Callable[[str, int, int], None]
COVERAGE = (LevelName.UNSERVED, LevelName.OWED, LevelName.WORST, LevelName.MOVED)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a plan may take, in work done and never in time, so that the same problem gives the same plan.

    cover: nodes of SCIP for each level of the coverage. sweeps: of the windows in which the cost is made lower. nodes, gap: when
    SCIP stops that sees everything at once. small, whole: with fewer possible bookings there are no windows, with more nothing
    sees everything at once; then prices are improved so many rounds, and each class has so many options that are worth a look.
    line: deterministic time for the order between equals, all together.
    """

    cover: int = 1000
    sweeps: Sweeps = field(default_factory=Sweeps)
    nodes: int = 60
    gap: float = 0.008
    line: float = 4.0
    small: int = 300
    whole: int = 8000
    options: int = 24
    rounds: int = 300
    cost: bool = True


@dataclass(slots=True)
class Made:
    """A plan, and what it was made on: for the reasons."""

    plan: Plan
    ground: Ground
    board: Board


def make_plan(problem: Problem, report: Report, before: Sequence[Booking] = (), effort: Effort | None = None) -> Made:
    """The plan of a problem. before: bookings of an earlier plan, of which as few as possible are given up.

    Rule C-66. Source: goal: lexicographic levels, coverage by CP-SAT, cost by SCIP; same input and seed, same bytes.
    Words: plan, förslag, nivåer, beräkna, propose.
    """
    effort = effort or Effort()
    before = tuple(sorted(set(before)))
    report("ground", 0, 1)
    ground = ground_of(problem)
    board = first_board(ground, before)
    bounds: Vector = {}
    board = _cover(board, before, bounds, effort, report)
    report(LevelName.COST, 0, 1)
    board = _cheapen(board, before, bounds, effort, report) if effort.cost else board
    bounds.setdefault(LevelName.COST, 0)
    report("line", 0, 1)
    board, line_proved = settle_line(board, before, effort.line)
    values = board.vector(before)
    plan = Plan(
        bookings=tuple(sorted(board.bookings())),
        hosts=tuple(board.hosts()),
        buses=tuple(board.all_buses()),
        unserved=tuple(board.unserved()),
        levels=tuple(Level(name, values[name], min(values[name], bounds[name])) for name in LevelName),
        pupils=sum(klass.pupils for klass in ground.problem.classes),
        pupils_unserved=sum(board.pupils_left(klass) for klass in range(len(ground.demands))),
        line_proved=line_proved,
        problem=digest(problem),
        seed=problem.seed,
    )
    return Made(plan, ground, board)


def _cover(board: Board, before: Sequence[Booking], bounds: Vector, effort: Effort, report: Report) -> Board:
    """Levels until the cost, one after another. A level that is at its bound already is not solved for."""
    ground = board.ground
    for step, name in enumerate(COVERAGE):
        report(name, step, len(COVERAGE))
        values = board.vector(before)
        least = fewest_unserved(ground) if name is LevelName.UNSERVED and values[name] else 0
        bounds[name] = least
        if values[name] <= least:
            continue
        mip = mip_of(board, range(len(ground.arcs)), before, with_cost=False)
        kept(mip, values, name)
        found = by_scip(mip, mip.goals[name], ground.problem.seed, effort.cover)
        bounds[name] = max(least, found.bound)
        if found.value < values[name]:
            board = Board(ground, mip.chosen(found.point))
    return board


def _cheapen(board: Board, before: Sequence[Booking], bounds: Vector, effort: Effort, report: Report) -> Board:
    """The cost: by windows first; then everything at once, or prices where that is too much, which also bounds it."""
    ground = board.ground
    every: Sequence[int] = range(len(ground.arcs))
    small, large = len(ground.arcs) <= effort.small, len(ground.arcs) > effort.whole
    if large:
        every = worth_a_look(board, cost_bound(board, effort.rounds // 3).worth, effort.options)
    if not small:
        board = by_windows(board, before, every, effort.sweeps, lambda done, of: report(LevelName.COST, done, of))
    if large:
        bounds[LevelName.COST] = cost_bound(board, effort.rounds).bound
        return board
    mip = mip_of(board, every, before)
    kept(mip, board.vector(before), LevelName.COST)
    found = by_scip(mip, mip.goals[LevelName.COST], ground.problem.seed, effort.nodes, 0.0 if small else effort.gap)
    bounds[LevelName.COST] = found.bound
    return Board(ground, mip.chosen(found.point))
