"""A cheaper plan, window by window: some schools are planned anew while all others stay where they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from culture.rules.plan.board import Board
from culture.rules.plan.master import Priced, narrowed
from culture.rules.plan.mip import MOST_LOADS, MOST_SETS, kept, mip_of
from culture.rules.plan.model import Progress
from culture.rules.plan.problem import Booking
from culture.rules.plan.proposal import LevelName
from culture.rules.plan.solvers import by_scip


@dataclass(frozen=True, slots=True)
class Sweeps:
    """schools: planned anew together, in each sweep; sweeps: over all of them, at most. nodes: of SCIP for each window.

    gap: of a window where SCIP stops. worse: how much a set of classes may be worse than the bound, in kronor.
    """

    schools: tuple[int, ...] = (5, 5, 5)
    nodes: int = 20
    gap: float = 0.005
    worse: int = 0


@dataclass(frozen=True, slots=True)
class Aim:
    """priced: the prices that windows follow. enough: a cost that is not worth more work."""

    priced: Priced
    enough: int


def by_windows(
    board: Board,
    before: Sequence[Booking],
    looked_at: Iterable[int],
    how: Sweeps,
    progress: Progress = lambda _done, _of: None,
    aim: Aim | None = None,
) -> Board:
    """The plan after so many sweeps over the municipality, a window of so many schools at a time; no level gets worse.

    looked_at: the bookings that may be made. Ends after a sweep that gained less than half a per cent; with an aim when the cost
    is low enough.

    Rule C-69. Source: goal: neighbourhoods solved exactly, levels kept.
    Words: fönster, grannskap, kostnad, windows.
    """
    dice = Random(board.ground.problem.seed)  # noqa: S311 - not for secrets
    units = sorted({klass.unit for klass in board.ground.problem.classes})
    of_unit: dict[str, list[int]] = {unit: [] for unit in units}
    for number in looked_at:
        of_unit[board.ground.unit(board.ground.arcs[number])].append(number)
    cost = board.cost()
    for sweep, schools in enumerate(how.schools):
        dice.shuffle(units)
        for start in range(0, len(units), schools):
            progress(sweep * len(units) + start, len(how.schools) * len(units))
            free = sorted(number for unit in units[start : start + schools] for number in of_unit[unit])
            board = _planned_anew(board, before, free, how, aim)
            if aim is not None and board.cost() <= aim.enough:
                return board
        before_sweep, cost = cost, board.cost()
        if aim is None and before_sweep - cost < before_sweep // 200:
            break
    return board


def _planned_anew(board: Board, before: Sequence[Booking], free: Sequence[int], how: Sweeps, aim: Aim | None) -> Board:
    ground = board.ground
    if not free:
        return board
    mip = mip_of(board, free, before, most=MOST_LOADS if aim is None else MOST_SETS)
    kept(mip, board.vector(before), LevelName.COST)
    if aim is not None:
        narrowed(mip, aim.priced, how.worse)
    found = by_scip(mip, mip.goals[LevelName.COST], ground.problem.seed, how.nodes, how.gap)
    if found.value >= mip.goals[LevelName.COST].value(mip.start):
        return board
    return Board(ground, (board.chosen - set(free)) | set(mip.chosen(found.point)))
