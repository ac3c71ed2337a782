"""Who comes first between equals: whoever is first in line is not left out when another could be at no loss."""

from collections.abc import Sequence

from culture.rules.plan.board import Board
from culture.rules.plan.mip import kept, mip_of
from culture.rules.plan.problem import Booking, Klass
from culture.rules.plan.proposal import LevelName
from culture.rules.plan.solvers import by_cp_sat
from culture.rules.seats import Standing, order_key

ONE = 1.0  # deterministic time for one class


def settle_line(board: Board, before: Sequence[Booking], work: float) -> tuple[Board, bool]:
    """The plan in which, every level kept, the first in line who can go does, then the next; and whether that is proved.

    Rule C-67. Source: goal (iv): years missed, days since the last visit, school-unit code, class name; acceptance Case 32.
    Words: turordning, lika, väntat längst, tie, line.
    """
    ground = board.ground
    line = sorted(range(len(ground.demands)), key=lambda klass: order_key(standing_of(ground.problem.classes[klass])))
    settled = True
    ahead: list[tuple[int, int]] = []
    for klass in line:
        for atom in range(len(ground.demands[klass].need)):
            if ground.demands[klass].open[atom] and not _is_served(board, klass, atom):
                if not any(atom in ground.arcs[number].atoms for number in ground.of_class[klass]):
                    continue
                if work < ONE:
                    settled = False
                    continue
                work -= ONE
                better, proved = _with_this_one(board, before, ahead, (klass, atom))
                settled = settled and proved
                board = better or board
            if _is_served(board, klass, atom):
                ahead.append((klass, atom))
    return board, settled


def standing_of(klass: Klass) -> Standing:
    """A class's place in line.

    Rule C-68. Source: acceptance Case 32.
    Words: turordning, standing.
    """
    return Standing(unit=klass.unit, name=klass.name, missed=klass.missed, last_visit=klass.last_visit)


def _is_served(board: Board, klass: int, atom: int) -> bool:
    return not board.ground.demands[klass].open[atom] or bool(board.visits[klass][atom])


def _with_this_one(
    board: Board, before: Sequence[Booking], ahead: Sequence[tuple[int, int]], wanted: tuple[int, int]
) -> tuple[Board | None, bool]:
    """A plan as good at every level that serves all who are ahead, and this one too; None = none. And whether it is settled."""
    ground = board.ground
    mip = mip_of(board, range(len(ground.arcs)), before)
    values = board.vector(before)
    kept(mip, values, LevelName.COST)
    mip.row(list(mip.goals[LevelName.COST].terms), high=values[LevelName.COST] - mip.goals[LevelName.COST].constant)
    for klass, atom in ahead:
        if ground.demands[klass].open[atom] and mip.outs.get((klass, atom)) is not None:
            mip.high[mip.outs[klass, atom]] = 0
    found = by_cp_sat(mip, mip.goal_of(mip.outs[wanted]), ground.problem.seed, ONE)
    return (Board(ground, mip.chosen(found.point)), True) if found.value == 0 else (None, found.proved)
