"""What no plan can cost less than, by prices on visits: every performance is packed exactly, the most that any gains is taken.

Any prices prove a bound, by whole numbers alone (Lagrangian relaxation of the rows that tie performances together).
"""

import numpy as np

from culture.rules.plan.board import Board
from culture.rules.plan.model import FINE
from culture.rules.plan.pairs import Left, Packed, Pairs, Prices, Table
from culture.rules.plan.proposal import LevelName
from culture.rules.plan.stage import NEVER, Whole, with_items


def cost_bound(board: Board, pairs: Pairs, prices: Prices) -> int:
    """Kronor that no plan costs less than which leaves out no more than the board. prices: any; of seats and places none count.

    Rule C-75. Source: goal: cost gap stated against a proved bound.
    Words: undre gräns, kostnad, priser, lagrange, bound.
    """
    ground, stand = board.ground, Board(board.ground)
    need = np.array([_need(board, klass) for klass in range(len(ground.demands))], dtype=np.int64)
    visit, none = np.where(need > 0, np.maximum(0, prices.visit), 0), np.zeros_like(prices.seat)
    bus = np.full_like(none, pairs.bus_price) if stand.fleet is None else np.maximum(prices.bus, pairs.bus_price)
    whole = Prices(visit, none, none, bus)
    total = FINE * stand.cost() + int(need @ visit) - _excused(board, need, visit) - _fleet(stand, pairs, whole)
    for table in pairs.tables:
        total -= _most(pairs, table, pairs.left(stand, table), whole, ground.problem.performances[table.show].touring)
    return -(-total // FINE)


def _need(board: Board, klass: int) -> int:
    """Visits that every plan gives the class, if it leaves it out nowhere: none where that depends on its parts."""
    ground, demand = board.ground, board.ground.demands[klass]
    if len(demand.need) > 1:
        return 0
    shows = [ground.problem.performances[ground.arcs[number].show] for number in ground.of_class[klass]]
    return min(demand.need[0], len({each.event for each in shows}), len({each.on for each in shows}))


def _fleet(stand: Board, pairs: Pairs, prices: Prices) -> int:
    """What the buses that there are cost more than they do, at the prices of their days."""
    if stand.fleet is None:
        return 0
    above = {each.on: int(bus) - pairs.bus_price for each, bus in zip(stand.ground.problem.performances, prices.bus, strict=True)}
    return sum(max(0, stand.fleet - stand.buses.get(on, 0)) * price for on, price in above.items())


def _excused(board: Board, need: Whole, visit: Whole) -> int:
    """What a plan as good at the levels before may save by leaving out others than this one does, at most."""
    values = board.vector()
    left, saved = float(values[LevelName.UNSERVED] + values[LevelName.OWED]), 0.0
    if left:
        pupils = np.array([max(1, klass.pupils) for klass in board.ground.problem.classes], dtype=np.float64)
        for klass in np.argsort(-visit / pupils, kind="stable").tolist():
            part = min(left, float(need[klass] * pupils[klass]))
            saved += part * float(visit[klass]) / float(pupils[klass])
            left -= part
    return int(np.ceil(saved * (1 + 1e-9)))


def _most(pairs: Pairs, table: Table, left: Left, prices: Prices, touring: bool) -> int:
    """What the performance gains most; 0 when it is better that it does not take place."""
    gain, bus = pairs.gains(table, left, prices, 0), int(prices.bus[table.show])
    lines = pairs.paying(table, left, gain, bus)
    if not len(lines):
        return 0
    part = left.at(lines)
    packed = pairs.packed(table.at(lines), part, gain[lines], bus)
    if touring:
        return max(0, int((packed.gained.max(axis=(1, 2)) - FINE * part.fee).max()))
    return max(0, _together(packed, part) - FINE * left.opens)


def _together(packed: Packed, left: Left) -> int:
    """Line after line into the same seats and places."""
    seats = left.room or 0
    state = np.full((1 if left.places is None else left.places + 1, seats + 1), NEVER, dtype=np.int64)
    state[0, 0] = 0
    for line in packed.gained if left.room is not None else packed.gained.max(axis=2, keepdims=True):
        state = with_items(state, _worth(line))
    return int(state.max())


def _worth(line: Whole) -> list[tuple[int, int, int, int]]:
    """(places, seats, gain, number) of a school: nothing that takes no more gains as much."""
    best = np.maximum.accumulate(np.maximum.accumulate(line, axis=0), axis=1)
    before = np.zeros_like(line)
    before[1:] = np.maximum(before[1:], best[:-1])
    before[:, 1:] = np.maximum(before[:, 1:], best[:, :-1])
    places, seats = np.nonzero(line > before)
    return list(zip(places.tolist(), seats.tolist(), line[places, seats].tolist(), range(len(seats)), strict=True))
