"""A cheaper plan, window by window: some schools are planned anew while all others stay where they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from culture.rules.plan.board import Board
from culture.rules.plan.mip import kept, mip_of
from culture.rules.plan.problem import Booking
from culture.rules.plan.proposal import LevelName
from culture.rules.plan.solvers import by_scip

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sweeps:
    """schools: planned anew together. sweeps: over all of them, at most. nodes: of SCIP for each window."""

    schools: int = 5
    sweeps: int = 3
    nodes: int = 20


def by_windows(
    board: Board, before: Sequence[Booking], looked_at: Iterable[int], how: Sweeps, progress: Progress = lambda _done, _of: None
) -> Board:
    """The plan after so many sweeps over the municipality, a window of so many schools at a time; no level gets worse.

    looked_at: the bookings that may be made. Ends after a sweep that gained less than half a per cent.

    Rule C-69. Source: goal: neighbourhoods solved exactly, levels kept.
    Words: fönster, grannskap, kostnad, windows.
    """
    dice = Random(board.ground.problem.seed)  # noqa: S311 - not for secrets
    units = sorted({klass.unit for klass in board.ground.problem.classes})
    of_unit: dict[str, list[int]] = {unit: [] for unit in units}
    for number in looked_at:
        of_unit[board.ground.unit(board.ground.arcs[number])].append(number)
    cost = board.cost()
    for sweep in range(how.sweeps):
        dice.shuffle(units)
        for start in range(0, len(units), how.schools):
            progress(sweep * len(units) + start, how.sweeps * len(units))
            free = sorted(number for unit in units[start : start + how.schools] for number in of_unit[unit])
            board = _planned_anew(board, before, free, how.nodes)
        before_sweep, cost = cost, board.cost()
        if before_sweep - cost < before_sweep // 200:
            break
    return board


def _planned_anew(board: Board, before: Sequence[Booking], free: Sequence[int], nodes: int) -> Board:
    ground = board.ground
    if not free:
        return board
    mip = mip_of(board, free, before)
    kept(mip, board.vector(before), LevelName.COST)
    found = by_scip(mip, mip.goals[LevelName.COST], ground.problem.seed, nodes, 0.005)
    if found.value >= mip.goals[LevelName.COST].value(mip.start):
        return board
    return Board(ground, (board.chosen - set(free)) | set(mip.chosen(found.point)))
