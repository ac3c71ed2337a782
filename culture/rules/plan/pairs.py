"""What a school gains most by sending classes to a performance, at prices on visits, seats and places: exactly, in numpy.

All schools of a performance are packed at once, one line each. A state is (classes taken, seats taken); classes are counted only
where the performance has so few places for them that it matters. All amounts are whole numbers, parts of a krona.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from culture.rules.plan.arcs import Ground
from culture.rules.plan.board import Board
from culture.rules.plan.model import FINE
from culture.rules.plan.stage import NEVER, Whole

Truth = NDArray[np.bool_]


@dataclass(slots=True)
class Table:
    """The schools that could go to a performance, a line each. arcs: possible bookings, those by bus first; where none is, 0."""

    show: int
    units: tuple[str, ...]
    arcs: Whole
    there: Truth
    rides: Truth
    seats: Whole

    def at(self, lines: Whole) -> "Table":
        units = tuple(self.units[line] for line in lines.tolist())
        return Table(self.show, units, self.arcs[lines], self.there[lines], self.rides[lines], self.seats[lines])


@dataclass(slots=True)
class Left:
    """What is left at a performance on a board. seats: for each school; room: for all together, places: for classes; None = any.

    riding: seats that ride from each school already. fee: kronor of the seats that stay empty when nobody but that school comes:
    of a touring performance that has no host yet. opens: kronor for the empty seats of any other where nobody is booked.
    """

    seats: Whole
    room: int | None
    places: int | None
    riding: Whole
    fee: Whole
    opens: int
    counted: bool  # seats that stay empty cost something

    def at(self, lines: Whole) -> "Left":
        return replace(self, seats=self.seats[lines], riding=self.riding[lines], fee=self.fee[lines])


@dataclass(slots=True)
class Prices:
    """Parts of a krona. visit: of each class; seat, place: of each performance; bus: of each performance, the same all day."""

    visit: Whole
    seat: Whole
    place: Whole
    bus: Whole


@dataclass(slots=True)
class Packed:
    """gained: lines x classes x seats, the most that is gained by exactly so many. steps: (class, the same before it)."""

    table: Table
    gained: Whole
    steps: list[tuple[int, Whole]]

    def arcs(self, lines: Whole, places: Whole, seats: Whole) -> list[list[int]]:
        """The possible bookings by which those states are reached."""
        took = np.zeros((len(lines), self.table.arcs.shape[1]), dtype=bool)
        places, seats, after = places.copy(), seats.copy(), self.gained
        counted = self.gained.shape[1] > 1
        for klass, before in reversed(self.steps):
            if klass >= 0:
                taken = after[lines, places, seats] != before[lines, places, seats]
                took[taken, klass] = True
                seats[taken] -= self.table.seats[lines[taken], klass]
                places[taken] -= counted
            after = before
        return [self.table.arcs[line][took[at]].tolist() for at, line in enumerate(lines.tolist())]


class Pairs:
    """Every school at every performance it could send somebody to.

    Rule C-98. Source: goal: buses with y >= x; whole classes in buses and halls.
    Words: skola och föreställning, packning, samåka, pairs, knapsack.
    """

    def __init__(self, ground: Ground) -> None:
        self.ground, terms = ground, ground.problem.terms
        self.of_bus, self.bus_price = terms.bus_seats, FINE * terms.bus_price
        self.klass = np.array([arc.klass for arc in ground.arcs], dtype=np.int64)
        self.seats = np.array([arc.seats for arc in ground.arcs], dtype=np.int64)
        self.again = FINE * terms.repeat_price * np.array([arc.again for arc in ground.arcs], dtype=np.int64)
        self.empty = FINE * terms.empty_seat_price
        self.tables = [self._table(show, numbers) for show, numbers in enumerate(ground.of_show) if numbers]

    def _table(self, show: int, numbers: Sequence[int]) -> Table:
        by_unit: dict[str, list[int]] = defaultdict(list)
        for number in sorted(numbers, key=lambda number: (not self.ground.arcs[number].by_bus, number)):
            by_unit[self.ground.unit(self.ground.arcs[number])].append(number)
        units = tuple(sorted(by_unit))
        widest = max(len(line) for line in by_unit.values())
        arcs = np.array([by_unit[unit] + [0] * (widest - len(by_unit[unit])) for unit in units], dtype=np.int64)
        there = np.array([[at < len(by_unit[unit]) for at in range(widest)] for unit in units])
        rides = there & np.array([self.ground.arcs[number].by_bus for number in arcs.ravel().tolist()]).reshape(arcs.shape)
        return Table(show, units, arcs, there, rides, self.seats[arcs])

    def left(self, board: Board, table: Table) -> Left:
        show, terms = table.show, self.ground.problem.terms
        each, own = self.ground.problem.performances[show], self.ground.problem.performances[show].capacity.seats
        every = np.where(table.there, table.seats, 0).sum(axis=1)
        room = board.seats[show]
        seats = every if room is None else np.minimum(every, room)
        fee, opens = np.zeros(len(table.units), dtype=np.int64), 0
        if each.touring:
            here = [board.host[show] in {None, unit} for unit in table.units]
            halls = [
                max(0, board.hall_left(show, unit)) if is_here else 0 for unit, is_here in zip(table.units, here, strict=True)
            ]
            seats = np.minimum(seats, np.array(halls, dtype=np.int64))
            if own is not None and not board.booked[show]:
                fee += terms.empty_seat_price * np.array([min(own, board.halls[unit]) for unit in table.units], dtype=np.int64)
        elif own is not None and not board.booked[show]:
            opens = terms.empty_seat_price * own
        places = board.groups[show]
        riding = np.array([board.riders.get((unit, show), 0) for unit in table.units], dtype=np.int64)
        return Left(seats, room, places, riding, fee, opens, own is not None)

    def gains(self, table: Table, left: Left, prices: Prices, seat: int) -> Whole:
        """Of each possible booking, buses not counted, at that price of a seat; 0 where none is."""
        filled = self.empty * left.counted - seat
        gain = prices.visit[self.klass[table.arcs]] - self.again[table.arcs] + filled * table.seats - prices.place[table.show]
        found: Whole = np.where(table.there, gain, 0)
        return found

    def paying(self, table: Table, left: Left, gain: Whole, bus: int) -> Whole:
        """The lines where somebody could gain something."""
        riding = np.where(table.rides & (gain > 0), gain, 0)
        densest = (riding / np.maximum(table.seats, 1)).max(axis=1) * self.of_bus
        spare = -left.riding % self.of_bus > 0
        by_bus = (densest > bus) & (riding.sum(axis=1) > bus) | spare & riding.any(axis=1) | (bus == 0)
        found: Whole = np.nonzero((left.seats > 0) & (((gain > 0) & table.there & ~table.rides).any(axis=1) | by_bus))[0]
        return found

    def packed(self, table: Table, left: Left, gain: Whole, bus: int) -> Packed:
        """The most that each school gains, by classes and seats taken. left, gain: of the same lines as the table."""
        widest, lines = int(left.seats.max(initial=0)), len(table.units)
        high = 0 if left.places is None else min(left.places, table.arcs.shape[1])
        state = np.full((lines, high + 1, widest + 1), NEVER, dtype=np.int64)
        state[:, 0, 0] = 0
        steps: list[tuple[int, Whole]] = []
        for by_bus in (True, False):
            if not by_bus:
                steps.append((-1, state))
                state = state - self._fares(left, widest, bus)[:, None, :]
            for klass in range(table.arcs.shape[1]):
                going = np.nonzero(table.there[:, klass] & (table.rides[:, klass] == by_bus) & (gain[:, klass] > 0))[0]
                if len(going):
                    steps.append((klass, state))
                    state = _with(state, going, table.seats[going, klass], gain[going, klass])
        too_many = np.arange(widest + 1) > left.seats[:, None]
        return Packed(table, np.where(too_many[:, None, :], NEVER, state), steps)

    def _fares(self, left: Left, widest: int, bus: int) -> Whole:
        """What the buses cost more that carry so many seats besides those that ride already."""
        riding = left.riding[:, None]
        fares: Whole = bus * (-(-(riding + np.arange(widest + 1)) // self.of_bus) - -(-riding // self.of_bus))
        return fares


def _with(state: Whole, going: Whole, seats: Whole, gain: Whole) -> Whole:
    """The states when one more class may go, of the lines that have it."""
    before = state[going]
    back = np.arange(state.shape[2]) - seats[:, None]
    index = np.broadcast_to(np.maximum(back, 0)[:, None, :], before.shape)
    more = np.take_along_axis(before, index, 2) + gain[:, None, None]
    more[np.broadcast_to((back < 0)[:, None, :], before.shape)] = NEVER
    if state.shape[1] > 1:
        more = np.concatenate((np.full_like(more[:, :1], NEVER), more[:, :-1]), axis=1)
    after = state.copy()
    after[going] = np.maximum(before, more)
    return after
