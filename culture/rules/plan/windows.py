"""A cheaper plan, window by window: some schools are planned anew while all others stay where they are."""

from collections.abc import Callable, Sequence
from random import Random

from culture.rules.plan.board import Board
from culture.rules.plan.mip import kept, mip_of
from culture.rules.plan.problem import Booking
from culture.rules.plan.proposal import LevelName
from culture.rules.plan.solvers import by_scip

Progress = Callable[[int, int], None]


def by_windows(
    board: Board, before: Sequence[Booking], schools: int, sweeps: int, nodes: int, progress: Progress = lambda _done, _of: None
) -> Board:
    """The plan after so many sweeps over the municipality, a window of so many schools at a time; no level gets worse.

    Ends after a sweep that gained less than half a per cent. nodes: of SCIP, for each window.

    Rule C-69. Source: goal: neighbourhoods solved exactly, levels kept.
    Words: fönster, grannskap, kostnad, windows.
    """
    dice = Random(board.ground.problem.seed)  # noqa: S311 - not for secrets
    units = sorted({klass.unit for klass in board.ground.problem.classes})
    cost = board.cost()
    for sweep in range(sweeps):
        dice.shuffle(units)
        for start in range(0, len(units), schools):
            progress(sweep * len(units) + start, sweeps * len(units))
            board = _planned_anew(board, before, set(units[start : start + schools]), nodes)
        before_sweep, cost = cost, board.cost()
        if before_sweep - cost < before_sweep // 200:
            break
    return board


def _planned_anew(board: Board, before: Sequence[Booking], units: set[str], nodes: int) -> Board:
    ground = board.ground
    free = [number for number, arc in enumerate(ground.arcs) if ground.problem.classes[arc.klass].unit in units]
    if not free:
        return board
    mip = mip_of(board, free, before)
    kept(mip, board.vector(before), LevelName.COST)
    found = by_scip(mip, mip.goals[LevelName.COST], ground.problem.seed, nodes, 0.005)
    if found.value >= mip.goals[LevelName.COST].value(mip.start):
        return board
    return Board(ground, (board.chosen - set(free)) | set(mip.chosen(found.point)))
