"""A whole plan out of a large town's linear programme: what goes furthest is done, and it is solved again for the rest."""

from culture.rules.plan.board import Board
from culture.rules.plan.model import FINE, Progress
from culture.rules.plan.pairs import Prices
from culture.rules.plan.programme import Arcs, Programme
from culture.rules.plan.start import place

NEAR = 400 * FINE  # what a set may be worse than the programme and still be looked at
PART, LEAST = 0.1, 20  # visits done at a time: of those that are left, and at least
WHOLLY, HARDLY = 0.98, 0.02


def rounded(programme: Programme, prices: Prices, progress: Progress = lambda _done, _of: None) -> Board:
    """A plan that keeps every rule. The programme's board becomes it. prices: of the solved programme.

    A performance that takes place has paid for its empty seats, and is filled before others are opened.

    Rule C-101. Source: goal: cost gap stated against the LP bound; aim 15 % for a town of 3,000 classes within 10 minutes.
    Words: dykning, avrunda, heltal, stor kommun, dive.
    """
    board = programme.board
    every = int(programme.short().sum())
    while programme.short().any():
        progress(every - int(programme.short().sum()), every)
        _forget(programme)
        solved = programme.solved(programme.near(prices, NEAR))
        if solved is None or not _done(board, solved.share, int(programme.short().sum())):
            break
        prices = solved.prices
        programme.paying(prices)
    for klass, visits in enumerate(board.visits):
        while any(board.short(klass, atom) for atom in range(len(visits))) and place(board, klass):
            pass
    return board


def worth_a_look(programme: Programme, prices: Prices, most: int) -> set[int]:
    """The possible bookings of the sets that are worse by so many kronor at most. The prices are of the programme's board.

    Rule C-76. Source: goal: neighbourhoods of possible bookings that share buses.
    Words: urval, kandidater, samåka, prune.
    """
    return {number for arcs in programme.near(prices, FINE * most) for number in arcs}


def _forget(programme: Programme) -> None:
    """The sets that may still be done are kept, at what they cost now."""
    board, kept = programme.board, {}
    wanted = (programme.short() > 0).tolist()
    for arcs, entry in programme.entries.items():
        room = board.seats[entry.show]
        if all(wanted[klass] for klass in entry.classes) and (room is None or entry.seats <= room) and all(map(board.fits, arcs)):
            kept[arcs] = programme.entry(arcs) if board.new_at[entry.show] else entry
    programme.entries = kept


def _done(board: Board, share: dict[Arcs, float], lacking: int) -> int:
    """Visits that were made: of the sets that go furthest, so many; and of those that go wholly, all."""
    wanted, made = max(LEAST, int(PART * lacking)), 0
    for less, arcs in sorted((-part, arcs) for arcs, part in share.items() if part > HARDLY):
        if made >= wanted and -less < WHOLLY:
            break
        made += _add(board, arcs)
    return made


def _add(board: Board, arcs: Arcs) -> int:
    """All of a set or nothing; how many."""
    for at, number in enumerate(arcs):
        if not board.fits(number):
            for other in arcs[:at]:
                board.drop(other)
            return 0
        board.add(number)
    return len(arcs)
