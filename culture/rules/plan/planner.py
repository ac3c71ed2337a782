"""How a plan is found: who goes at all, whom it falls on, what it costs, who is next in line; each level keeps those before."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from culture.rules.plan.arcs import Ground, ground_of
from culture.rules.plan.board import Board, Vector
from culture.rules.plan.dive import dived
from culture.rules.plan.flow import fewest_unserved
from culture.rules.plan.line import settle_line
from culture.rules.plan.master import Master
from culture.rules.plan.mip import MOST_SETS, kept, mip_of
from culture.rules.plan.model import Mip
from culture.rules.plan.pairs import Pairs
from culture.rules.plan.problem import Booking, Problem, digest
from culture.rules.plan.programme import Programme, first_sets
from culture.rules.plan.proposal import Level, LevelName, Plan
from culture.rules.plan.rounding import rounded, worth_a_look
from culture.rules.plan.solvers import by_scip
from culture.rules.plan.start import first_board
from culture.rules.plan.windows import Aim, Sweeps, by_windows

Report = Callable[[str, int, int], None]
PACKED = (LevelName.UNSERVED, LevelName.OWED)  # what whole classes in halls decide
COVERAGE = (LevelName.UNSERVED, LevelName.OWED, LevelName.WORST, LevelName.MOVED)
WIDE = Sweeps(schools=(5, 5), nodes=1)
NARROW = Sweeps(schools=(3, 3, 5, 5, 7, 5, 7, 7), gap=0.002, worse=2000)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a plan may take, in work done and never in time, so that the same problem gives the same plan.

    cover: nodes of SCIP for each level of the coverage. nodes: of SCIP where it sees everything at once, which it does with up to
    *small* possible bookings. solved: linear programmes of the bound; narrow: the windows that follow its prices, until the cost
    is within *gap* of it. With more than *whole* possible bookings: linear programmes of sets, solved in *rounds*, the windows
    after them, *wide*, and by how many kronor a set may be worse than the bound to be looked at in those, *near*. line:
    deterministic time for the order between equals, all together.
    """

    cover: int = 1000
    sweeps: Sweeps = field(default_factory=Sweeps)
    narrow: Sweeps = NARROW
    solved: int = 400
    nodes: int = 60
    gap: float = 0.009
    line: float = 4.0
    small: int = 300
    whole: int = 8000
    wide: Sweeps = WIDE
    near: int = 150
    rounds: int = 14
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
        if values[name] > least and name in PACKED and effort.small < len(ground.arcs) <= effort.whole:
            board, least = _by_performances(board, name, before, least, effort)
            values = board.vector(before)
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


def _by_performances(board: Board, name: LevelName, before: Sequence[Booking], least: int, effort: Effort) -> tuple[Board, int]:
    """The better of the board and a plan out of the level's linear programme, and the level's bound."""
    mip = mip_of(board, range(len(board.ground.arcs)), before, most=MOST_SETS)
    if not mip.in_sets:
        return board, least
    kept(mip, board.vector(before), name)
    master = Master(mip, mip.goals[name])
    least = max(least, master.priced(effort.solved).bound)
    return min(board, dived(board, master), key=lambda each: tuple(each.vector(before).values())), least


def _cheapen(board: Board, before: Sequence[Booking], bounds: Vector, effort: Effort, report: Report) -> Board:
    """The cost, and its bound: everything at once where that is little, else window by window."""
    arcs = len(board.ground.arcs)
    if arcs > effort.whole:
        return _large(board, before, bounds, effort, report)
    if arcs > effort.small:
        mip = mip_of(board, range(arcs), before, most=MOST_SETS)
        if mip.in_sets:
            return _middling(board, mip, before, bounds, effort, report)
        board = by_windows(board, before, range(arcs), effort.sweeps, lambda done, of: report(LevelName.COST, done, of))
    mip = mip_of(board, range(arcs), before)
    kept(mip, board.vector(before), LevelName.COST)
    gap = effort.gap if arcs > effort.small else 0.0
    found = by_scip(mip, mip.goals[LevelName.COST], board.ground.problem.seed, effort.nodes, gap)
    bounds[LevelName.COST] = found.bound
    return Board(board.ground, mip.chosen(found.point))


def _middling(board: Board, mip: Mip, before: Sequence[Booking], bounds: Vector, effort: Effort, report: Report) -> Board:
    """The bound by whole performances, a plan out of its linear programme, and windows that follow its prices."""
    kept(mip, board.vector(before), LevelName.COST)
    master = Master(mip, mip.goals[LevelName.COST])
    priced = master.priced(effort.solved)
    bounds[LevelName.COST] = priced.bound
    report(LevelName.COST, 1, 1)
    board = min(board, dived(board, master), key=lambda each: tuple(each.vector(before).values()))
    aim = Aim(priced, int(priced.bound / (1 - effort.gap)))
    every = range(len(board.ground.arcs))
    return by_windows(board, before, every, effort.narrow, lambda done, of: report(LevelName.COST, done, of), aim)


def _large(board: Board, before: Sequence[Booking], bounds: Vector, effort: Effort, report: Report) -> Board:
    """Prices and a bound by the linear programme of sets, a plan out of it, and windows of what is worth a look at its prices."""
    ground = board.ground

    def progress(done: int, of: int) -> None:
        report(LevelName.COST, done, of)

    programme = Programme(Board(ground), Pairs(ground))
    for arcs in first_sets(board):
        programme.name(arcs)
    priced = programme.rounds(effort.rounds, board, progress)
    every: Iterable[int] = range(len(ground.arcs))
    if priced is not None:
        bounds[LevelName.COST] = priced.bound
        every = worth_a_look(programme, priced.prices, effort.near)
        board = min(board, rounded(programme, priced.prices, progress), key=lambda each: tuple(each.vector(before).values()))
    every = sorted(board.chosen.union(every))
    return by_windows(board, before, every, effort.wide, progress)
