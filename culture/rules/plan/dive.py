"""A whole plan out of the linear programme: what it does nearly wholly is done, and it is solved again for the rest."""

import numpy as np

from culture.rules.plan.board import Board
from culture.rules.plan.master import Master
from culture.rules.plan.model import FINE
from culture.rules.plan.start import place

LACKING = 30_000  # kronor for a visit that nothing is found for, while diving
ROUNDS = 4  # linear programmes before something more is done
NEARLY, WHOLLY, AT_ONCE = 0.85, 0.999, 3


def dived(board: Board, master: Master) -> Board:
    """A plan with the performances that the solved programme uses most, one after another; whoever lacks a visit is placed.

    The master is of all that may be chosen on the board, and is spent afterwards.

    Rule C-93. Source: goal: cost within one per cent.
    Words: dykning, heltal, avrunda, dive.
    """
    done = _Dive(master).found()
    point = [0] * len(master.mip.low)
    for sets in done.values():
        for at in sets:
            point[master.sets[at]] = 1
    chosen = set(master.mip.chosen(point))
    made = Board(board.ground)
    for number in sorted(chosen):
        if made.fits(number):
            made.add(number)
    for klass, visits in enumerate(made.visits):
        while any(made.short(klass, atom) for atom in range(len(visits))) and place(made, klass):
            pass
    return made


class _Dive:
    def __init__(self, master: Master) -> None:
        self.master = master
        self.stage_of = {at: number for number, stage in enumerate(master.stages.stages) for at in range(stage.first, stage.last)}
        self.done: dict[int, tuple[int, ...]] = {}
        for row, line in zip(master.rows, master.lp_rows, strict=True):
            if row.low > 0:
                lacking = master.solver.NumVar(0.0, master.solver.infinity(), "")
                line.SetCoefficient(lacking, 1.0)
                master.objective.SetCoefficient(lacking, LACKING)

    def found(self) -> dict[int, tuple[int, ...]]:
        """Performance -> the sets that go there."""
        while True:
            ahead = sorted((-value, sets) for sets, value in self._solved().items() if self.stage_of[sets[0]] not in self.done)
            if not ahead:
                return self.done
            for number, (less, sets) in enumerate(ahead):
                if number and (-less < NEARLY or number >= AT_ONCE) and -less < WHOLLY:
                    break
                self.master.pool[sets].SetLb(1.0)
                self.done[self.stage_of[sets[0]]] = sets

    def _solved(self) -> dict[tuple[int, ...], float]:
        """The columns that are used, when the programme has been solved so often; none when nothing keeps its rows."""
        for number in range(1, ROUNDS + 1):
            if not self.master.solve():
                return {}
            if number == ROUNDS or not self._added():
                break
        return self.master.point()

    def _added(self) -> int:
        master = self.master
        gain = master.gains(np.rint(master.duals()).astype(np.int64))
        once = [round(line.dual_value() * FINE) for line in master.once]
        found = [
            (number, *master.stages.best(stage, gain, master.cost))
            for number, stage in enumerate(master.stages.stages)
            if number not in self.done
        ]
        return sum(master.add(number, sets) for number, gained, sets in found if gained + once[number] > FINE)
