"""What no plan can cost less than, by prices on visits and on seats; and which bookings are worth a look in a large town.

Every class pays its price for a visit, every performance asks its price for a seat. What a school then gains most by sending its
classes to a performance, whole buses counted, is found school by school: that bound holds for any prices, and good ones make it
good (Lagrangian relaxation, prices by subgradients). Seats in a bus may go to parts of a class, which can only lower the bound.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from culture.rules.buses import buses_for
from culture.rules.plan.board import Board
from culture.rules.plan.proposal import LevelName

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WIDTHS = (2, 4, 6, 9, 14, 24, 60, 10_000)  # pairs of a school and a performance are handled together by their number of classes
PATIENCE, SLOWER, MEMORY = 20, 0.7, 0.9  # rounds without a better bound before steps are smaller; share of the way kept
SAFE = 1e-9  # share of the bound that rounding may have cost


@dataclass(slots=True)
class Bounded:
    """bound: kronor, no plan that is as good at the better levels costs less. visit, seat: the prices that prove it."""

    bound: int
    visit: Floats
    seat: Floats


@dataclass(slots=True)
class _Pairs:
    """Schools at performances, with at most so many classes each. arcs, seats: one line a pair; a place without a class has 0."""

    show: Ints
    arcs: Ints
    seats: Floats
    there: NDArray[np.bool_]
    rides: NDArray[np.bool_]
    spare: Floats
    touring: NDArray[np.bool_]
    fee: Floats
    smallest: Floats  # seats of the smallest class that may ride, of the two smallest together, and so on


def cost_bound(board: Board, rounds: int) -> Bounded:
    """What no plan costs less than that leaves out no more than the board's. rounds: how often the prices are improved.

    Rule C-75. Source: goal: cost gap stated against a proved bound.
    Words: undre gräns, kostnad, priser, lagrange, bound.
    """
    return _Prices(board).found(rounds)


class _Prices:
    def __init__(self, board: Board) -> None:
        self.board, ground = board, board.ground
        self.ground, terms = ground, ground.problem.terms
        self.stand = Board(ground)
        self.constant = self.stand.cost()
        self.klass = np.array([arc.klass for arc in ground.arcs], dtype=np.int64)
        self.show = np.array([arc.show for arc in ground.arcs], dtype=np.int64)
        in_seats = np.array([show.seats is not None for show in ground.shows])
        seats = np.array([arc.seats for arc in ground.arcs], dtype=np.float64)
        self.size = np.where(in_seats[self.show], seats, 1.0)
        again = np.array([arc.again for arc in ground.arcs], dtype=np.float64)
        full = np.array([each.capacity.seats is not None for each in ground.problem.performances])
        self.price = terms.repeat_price * again - terms.empty_seat_price * seats * full[self.show]
        self.need = np.array([self._need(klass) for klass in range(len(ground.demands))], dtype=np.float64)
        self.room, self.fee = self._rooms()
        self.pairs = self._pairs(seats)
        values = board.vector()
        self.left = values[LevelName.UNSERVED] + values[LevelName.OWED]
        self.touring = np.array([each.touring for each in ground.problem.performances])

    def _need(self, klass: int) -> int:
        """Visits that every plan gives the class, if it leaves it out nowhere: none where that depends on its parts."""
        ground, demand = self.ground, self.ground.demands[klass]
        if len(demand.need) > 1:
            return 0
        shows = [ground.problem.performances[ground.arcs[number].show] for number in ground.of_class[klass]]
        return min(demand.need[0], len({each.event for each in shows}), len({each.on for each in shows}))

    def _rooms(self) -> tuple[Floats, Floats]:
        """Of each performance: room in its own measure, and what it costs that it takes place at all."""
        price = self.ground.problem.terms.empty_seat_price
        room, fee = [], []
        for index, show in enumerate(self.ground.shows):
            room.append(float(show.seats if show.seats is not None else show.groups or 0))
            seats = self.stand.capacity(index)
            fee.append(float(price * seats) if seats is not None and not show.booked else 0.0)
        return np.array(room), np.array(fee)

    def _pairs(self, seats: Floats) -> list[_Pairs]:
        ground, of_bus = self.ground, self.ground.problem.terms.bus_seats
        by: dict[tuple[int, str], list[int]] = defaultdict(list)
        for number, arc in enumerate(ground.arcs):
            by[arc.show, ground.unit(arc)].append(number)
        tables = []
        for low, width in zip((0, *WIDTHS), WIDTHS, strict=False):
            chosen = [(key, arcs) for key, arcs in sorted(by.items()) if low < len(arcs) <= width]
            if not chosen:
                continue
            widest = max(len(arcs) for _key, arcs in chosen)
            table = np.array([arcs + [0] * (widest - len(arcs)) for _key, arcs in chosen], dtype=np.int64)
            there = np.array([[n < len(arcs) for n in range(widest)] for _key, arcs in chosen], dtype=bool)
            rides = np.array([[ground.arcs[n].by_bus for n in line] for line in table.tolist()], dtype=bool)
            touring = np.array([ground.problem.performances[show].touring for (show, _unit), _arcs in chosen], dtype=bool)
            spare, fee = [], []
            for (show, unit), _arcs in chosen:
                riding = ground.riders.get((unit, show), 0)
                hall = ground.shows[show].hosts.get(unit, 0)
                own = ground.problem.performances[show].capacity.seats
                is_touring = ground.problem.performances[show].touring
                spare.append(float(hall if is_touring else buses_for(riding, of_bus) * of_bus - riding))
                whole = None if own is None or not is_touring else min(own, self.stand.halls[unit])
                open_fee = 0 if whole is None or ground.shows[show].booked else whole
                fee.append(float(ground.problem.terms.empty_seat_price * open_fee))
            tables.append(
                _Pairs(
                    show=np.array([show for (show, _unit), _arcs in chosen], dtype=np.int64),
                    arcs=table,
                    seats=np.where(there, seats[table], 1.0),
                    there=there,
                    rides=rides | touring[:, None],
                    spare=np.array(spare),
                    touring=touring,
                    fee=np.array(fee),
                    smallest=np.cumsum(np.sort(np.where(there & (rides | touring[:, None]), seats[table], 1e9), axis=1), axis=1),
                )
            )
        return tables

    # One set of prices ---------------------------------------------------------------------------------------------------

    def at(self, visit: Floats, seat: Floats) -> tuple[float, Floats, Floats]:
        """(bound, visits lacking by class, room lacking by performance) at these prices."""
        gain = np.maximum(0.0, visit[self.klass] - self.price - seat[self.show] * self.size)
        of_show = np.zeros(len(self.room))
        best_host = np.zeros(len(self.room))
        going = [self._gains(pairs, gain) for pairs in self.pairs]
        for pairs, (gains, _taken) in zip(self.pairs, going, strict=True):
            np.add.at(of_show, pairs.show[~pairs.touring], gains[~pairs.touring])
            np.maximum.at(best_host, pairs.show[pairs.touring], (gains - pairs.fee)[pairs.touring])
        stands = np.array([show.booked > 0 for show in self.ground.shows])
        worth = np.where(self.touring, best_host, of_show) - np.where(self.touring, 0.0, self.fee) + seat * self.room
        opened = (worth > 0) | stands
        total = self.constant + float(self.need @ visit) - float(worth[opened].sum()) - self._excused(visit)
        used_visits, used_room = np.zeros(len(self.need)), np.zeros(len(self.room))
        for pairs, (gains, taken) in zip(self.pairs, going, strict=True):
            hosts = ~pairs.touring | (gains - pairs.fee >= best_host[pairs.show] - 1e-9)
            used = taken * (opened[pairs.show] & hosts)[:, None]
            np.add.at(used_visits, self.klass[pairs.arcs], used)
            np.add.at(used_room, np.repeat(pairs.show, pairs.arcs.shape[1]), (used * self.size[pairs.arcs]).ravel())
        return total, self.need - used_visits, np.where(opened, used_room - self.room, 0.0)

    def _gains(self, pairs: _Pairs, gain: Floats) -> tuple[Floats, Floats]:
        """What each school gains most at each performance, and which share of each class then goes."""
        terms = self.ground.problem.terms
        gains = np.where(pairs.there, gain[pairs.arcs], 0.0)
        riding = np.where(pairs.rides, gains, 0.0)
        order = np.argsort(-riding / pairs.seats, axis=1, kind="stable")
        rank = np.argsort(np.argsort(-riding, axis=1, kind="stable"), axis=1, kind="stable")
        riding, seats = np.take_along_axis(riding, order, 1), np.take_along_axis(pairs.seats, order, 1)
        rank = np.take_along_axis(rank, order, 1)
        seats = np.where(riding > 0, seats, 1e-9)
        ahead = np.cumsum(seats, axis=1) - seats
        best, shares = np.full(len(pairs.show), -np.inf), np.zeros_like(riding)
        most = int(buses_for(round(float(seats.sum(axis=1).max(initial=0))), terms.bus_seats))
        for buses in range(most + 1):
            carried = pairs.spare + buses * terms.bus_seats
            share = np.clip((carried[:, None] - ahead) / seats, 0.0, 1.0)
            fit = (pairs.smallest <= carried[:, None] + 1e-6).sum(axis=1)  # so many whole classes at most, the smallest
            first = (rank < fit[:, None]).astype(np.float64)
            parts, whole = (share * riding).sum(axis=1), (first * riding).sum(axis=1)
            share = np.where((whole < parts)[:, None], first, share)
            value = np.minimum(parts, whole) - buses * terms.bus_price
            better = (value > best) & ((buses == 0) | ~pairs.touring)
            best, shares = np.where(better, value, best), np.where(better[:, None], share, shares)
        back = np.empty_like(shares)
        np.put_along_axis(back, order, shares * (riding > 0), 1)
        walking = np.where(pairs.rides, 0.0, gains)
        return best + walking.sum(axis=1), np.where(walking > 0, 1.0, back * pairs.rides)

    def _excused(self, visit: Floats) -> float:
        """What a plan as good at the levels before may save by leaving out others than this one does, at most."""
        left, saved = self.left, 0.0
        if left:
            pupils = np.array([max(1, klass.pupils) for klass in self.ground.problem.classes], dtype=np.float64)
            for klass in np.argsort(-visit / pupils, kind="stable"):
                part = min(left, self.need[klass] * pupils[klass])
                saved += max(0.0, part * visit[klass] / pupils[klass])
                left -= part
        return saved

    # Better prices -------------------------------------------------------------------------------------------------------

    def _first(self) -> tuple[Floats, Floats]:
        """A seat at what it costs empty, so that no performance costs anything to open; a visit at its share of a bus."""
        terms, arcs = self.ground.problem.terms, self.ground.arcs
        seat = np.where((self.fee > 0) & ~self.touring, float(terms.empty_seat_price), 0.0)
        least = np.full(len(self.need), np.inf)
        rides = np.array([arc.by_bus for arc in arcs], dtype=np.float64)
        share = terms.bus_price * rides * np.array([arc.seats for arc in arcs]) / terms.bus_seats
        again = terms.repeat_price * np.array([arc.again for arc in arcs], dtype=np.float64)
        np.minimum.at(least, self.klass, np.where(self.touring[self.show], np.inf, share + again))
        return np.where(np.isfinite(least), least, 0.0), seat

    def found(self, rounds: int) -> Bounded:
        """Subgradients with a memory: each step goes on from those before it."""
        target = float(self.board.cost())
        visit, seat = self._first()
        best, best_visit, best_seat, stuck, pace = -np.inf, visit, seat, 0, 1.0
        scale = float(self.size.mean()) ** 2 if len(self.size) else 1.0
        way_visit, way_seat = np.zeros(len(visit)), np.zeros(len(seat))
        for _round in range(rounds):
            bound, lacking, over = self.at(visit, seat)
            if bound > best + 1:
                best, best_visit, best_seat, stuck = bound, visit, seat, 0
            elif target - bound > 2 * (target - best):  # a step too far: back, and more slowly
                pace, stuck, visit, seat = pace / 2, 0, best_visit, best_seat
                way_visit, way_seat = np.zeros(len(visit)), np.zeros(len(seat))
                bound, lacking, over = self.at(visit, seat)
            else:
                stuck += 1
                if stuck >= PATIENCE:
                    pace, stuck = SLOWER * pace, 0
            way_visit = lacking + MEMORY * way_visit
            way_seat = np.where(seat <= 0, np.maximum(over, 0.0), over) + MEMORY * way_seat
            length = float(way_visit @ way_visit) + float(way_seat @ way_seat) / scale
            if length < 1e-9:
                break
            step = pace * max(0.0, target - bound) / length
            visit = np.maximum(0.0, visit + step * way_visit)
            seat = np.maximum(0.0, seat + step * way_seat / scale)
        return Bounded(int(np.floor(best - SAFE * max(1.0, abs(best)))), best_visit, best_seat)


def worth_a_look(board: Board, most: int) -> list[int]:
    """For each school the performances to which it could send its classes for least, so many for each class; and what is chosen.

    Chosen one after another: next the one that is cheapest a class among the classes that have fewest so far.

    Rule C-76. Source: goal: neighbourhoods of possible bookings that share buses.
    Words: urval, kandidater, samåka, prune.
    """
    of_unit: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, arc in enumerate(board.ground.arcs):
        of_unit[board.ground.unit(arc)][arc.show].append(number)
    kept = set(board.chosen)
    for _unit, shows in sorted(of_unit.items()):
        kept |= _of_school(board, shows, most)
    return sorted(kept)


def _of_school(board: Board, shows: dict[int, list[int]], most: int) -> set[int]:
    """Walks come first, then pairs of classes that fill a bus; every class gets its share of options."""
    ground, terms = board.ground, board.ground.problem.terms
    ranked = sorted((_best_price(board, arcs), show) for show, arcs in shows.items())
    options: dict[int, int] = defaultdict(int)
    kept: set[int] = set()
    for _price, show in ranked:
        arcs = [number for number in shows[show] if not (ground.arcs[number].again and terms.repeat_price)]
        wanting = [number for number in arcs or shows[show] if options[ground.arcs[number].klass] < most]
        for number in wanting:
            options[ground.arcs[number].klass] += 1
            kept.add(number)
    return kept


def _best_price(board: Board, arcs: Sequence[int]) -> float:
    """Kronor a class, for the number of the smallest classes that makes it least."""
    terms, found = board.ground.problem.terms, [board.ground.arcs[number] for number in arcs]
    best, riding, fees = float("inf"), 0, 0
    for number, arc in enumerate(sorted(found, key=lambda arc: (arc.again, arc.by_bus, arc.seats)), start=1):
        riding += arc.seats if arc.by_bus else 0
        fees += terms.repeat_price * arc.again - terms.empty_seat_price * arc.seats
        best = min(best, (terms.bus_price * buses_for(riding, terms.bus_seats) + fees) / number)
    return best
