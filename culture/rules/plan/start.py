"""A first plan, quickly: each class where it costs least now, and chains of moves for those that found no room."""

from collections.abc import Iterable, Sequence

from culture.rules.plan.arcs import Ground
from culture.rules.plan.board import Board
from culture.rules.plan.problem import Booking

DEPTH = 3  # classes that may have to move for one
STEPS = 4000  # tries for one class


def first_board(ground: Ground, before: Sequence[Booking] = ()) -> Board:
    """A plan that keeps every rule. before: bookings that are kept where they can be.

    Rule C-60. Source: goal: coverage first; the hardest to place come first.
    Words: första förslag, girig, start.
    """
    board = Board(ground)
    keep = set(before)
    for number, arc in enumerate(ground.arcs):
        if keep and ground.booking(arc) in keep and board.fits(number):
            board.add(number)
    order = sorted(range(len(ground.demands)), key=lambda klass: _hardness(ground, klass))
    rounds = max((demand.wanted for demand in ground.demands), default=0)
    for _round in range(rounds):  # everybody's first visit before anybody's second
        for klass in order:
            if _wants(board, klass) and sum(board.visits[klass]) <= _round * len(board.visits[klass]):
                place(board, klass)
    return board


def place(board: Board, klass: int, depth: int = DEPTH) -> bool:
    """One more visit for a class, others moved to other performances where that makes room. False = nothing found.

    Rule C-61. Source: goal: chains of moves with a fixed number of steps.
    Words: flytta, kedja, plats, ejection.
    """
    return _Chain(board).place(klass, depth, frozenset())


class _Chain:
    def __init__(self, board: Board) -> None:
        self.board, self.steps = board, STEPS

    def place(self, klass: int, depth: int, left: frozenset[int]) -> bool:
        """left: performances that somebody has been moved from, and nobody of the chain goes to."""
        board = self.board
        arcs = [number for number in board.ground.of_class[klass] if board.ground.arcs[number].show not in left]
        fitting = [number for number in arcs if self._serves(number) and board.fits(number)]
        if fitting:
            board.add(min(fitting, key=lambda number: (_price(board, number), number)))
            return True
        if not depth:
            return False
        return any(self._push(number, depth, left) for number in arcs if self._serves(number) and number not in board.chosen)

    def _push(self, number: int, depth: int, left: frozenset[int]) -> bool:
        board, show = self.board, self.board.ground.arcs[number].show
        for other in self._there(show):
            self.steps -= 1
            if self.steps < 0:
                return False
            board.drop(other)
            if board.fits(number):
                board.add(number)
                if self.place(board.ground.arcs[other].klass, depth - 1, left | {show}):
                    return True
                board.drop(number)
            board.add(other)
        return False

    def _there(self, show: int) -> Iterable[int]:
        return [number for number in self.board.ground.of_show[show] if number in self.board.chosen]

    def _serves(self, number: int) -> bool:
        arc = self.board.ground.arcs[number]
        return any(self.board.short(arc.klass, atom) for atom in arc.atoms)


def _wants(board: Board, klass: int) -> bool:
    return bool(board.ground.of_class[klass]) and any(board.short(klass, atom) for atom in range(len(board.visits[klass])))


def _hardness(ground: Ground, klass: int) -> tuple[int, int, int, int]:
    each = ground.problem.classes[klass]
    return (-each.missed, len(ground.of_class[klass]), -each.pupils, klass)


def _price(board: Board, number: int) -> int:
    """What a booking costs more, as things stand."""
    ground, arc = board.ground, board.ground.arcs[number]
    terms, each = ground.problem.terms, ground.problem.performances[arc.show]
    price = terms.bus_price * board.more_buses(arc) + terms.repeat_price * arc.again
    own = each.capacity.seats
    if own is None:
        return price
    seats = min(own, board.halls[ground.unit(arc)]) if each.touring else own
    return price - terms.empty_seat_price * (arc.seats - (0 if board.booked[arc.show] else seats))
