"""The linear programme of a large town: sets of classes of one school that go to a performance together, as columns.

Only those are named that pay at its prices (column generation). A hall is filled in parts and its empty seats are paid in parts;
what that lacks is made good when the bound is taken, performance by performance (halls.py). It is solved by PDLP, a method of
first order: with so many columns a simplex takes minutes where that takes seconds, and prices need not be exact to prove a bound.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np
from ortools.linear_solver import pywraplp

from culture.rules.buses import buses_for
from culture.rules.plan.board import Board
from culture.rules.plan.halls import cost_bound
from culture.rules.plan.model import FINE, Progress
from culture.rules.plan.pairs import Pairs, Prices, Table, Truth
from culture.rules.plan.stage import Whole

ACCURACY = (
    "num_threads: 1 termination_criteria { iteration_limit: 20000 "
    "simple_optimality_criteria { eps_optimal_relative: 1e-4 eps_optimal_absolute: 1e-2 } }"
)
LACKING = 2  # buses that a visit weighs when nothing is found for it
GAINS = 5 * FINE  # what a set must gain to be named
CLOSE = 0.001  # share of the value of the programme that is not worth another round
NEWS = 0.01  # share of sets that are new when it is worth the time to see what the prices prove
Arcs = tuple[int, ...]


@dataclass(slots=True)
class Entry:
    """A set of classes of a school at a performance. cost: kronor on the board as it is. room: seats, or 1 of a host to come."""

    show: int
    cost: float
    seats: int
    classes: tuple[int, ...]
    buses: int
    room: int


@dataclass(slots=True)
class Solved:
    """share: how far each set goes; value: kronor of the programme."""

    value: float
    share: dict[Arcs, float]
    prices: Prices


@dataclass(slots=True)
class Priced:
    """bound: kronor that no plan costs less than, as these prices prove."""

    bound: int
    prices: Prices


class Programme:
    """The sets that are named, on a board: what is chosen on it stands.

    Rule C-99. Source: goal: cost gap stated against the LP bound; aim 15 % for a town of 3,000 classes within 10 minutes.
    Words: linjärprogram, kolumngenerering, stor kommun, lp, pdlp, column generation.
    """

    def __init__(self, board: Board, pairs: Pairs) -> None:
        self.board, self.ground, self.pairs = board, board.ground, pairs
        self.entries: dict[Arcs, Entry] = {}
        self.whole = np.array([len(demand.need) == 1 for demand in self.ground.demands])

    def name(self, arcs: Arcs) -> bool:
        """False = it is named already."""
        if arcs in self.entries:
            return False
        self.entries[arcs] = self.entry(arcs)
        return True

    def entry(self, numbers: Arcs) -> Entry:
        board, problem = self.board, self.ground.problem
        arcs = [self.ground.arcs[number] for number in numbers]
        show, unit, terms = arcs[0].show, self.ground.unit(arcs[0]), problem.terms
        each, seats = problem.performances[show], sum(arc.seats for arc in arcs)
        riding = board.riders.get((unit, show), 0)
        more = sum(arc.seats for arc in arcs if arc.by_bus)
        buses = buses_for(riding + more, terms.bus_seats) - buses_for(riding, terms.bus_seats)
        cost = float(terms.bus_price * buses + terms.repeat_price * sum(arc.again for arc in arcs))
        counted, opened = each.capacity.seats is not None, board.booked[show] > 0
        if counted and (opened or each.touring):
            cost -= terms.empty_seat_price * seats
        if each.capacity.seats is not None and each.touring and not opened:
            cost += terms.empty_seat_price * min(each.capacity.seats, board.halls[unit])
        to_come = each.touring and board.host[show] is None
        return Entry(show, cost, seats, tuple(arc.klass for arc in arcs), buses, 1 if to_come else seats)

    def short(self) -> Whole:
        """Visits that each class lacks; 0 of those that are planned in parts, which the programme leaves alone."""
        board = self.board
        lacking = [max(board.short(klass, atom) for atom in range(len(visits))) for klass, visits in enumerate(board.visits)]
        return np.where(self.whole, np.array(lacking, dtype=np.int64), 0)

    # Solving -------------------------------------------------------------------------------------------------------------

    def solved(self, arcs: list[Arcs]) -> Solved | None:
        """The programme over these sets; None = PDLP did not come to an end."""
        rows = _Rows(self)
        columns = [rows.column(self.entries[each]) for each in arcs]
        rows.solver.SetSolverSpecificParametersAsString(ACCURACY)
        if rows.solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        share = {each: column.solution_value() for each, column in zip(arcs, columns, strict=True)}
        return Solved(rows.objective.Value(), share, rows.prices())

    def paying(self, prices: Prices) -> int:
        """Names the sets that gain at these prices; how many."""
        wanted, closed = self.short() > 0, self._closed()
        may = wanted[self.pairs.klass] & ~closed
        return sum(self.name(arcs) for table in self.pairs.tables for arcs in self._paying_at(table, prices, may))

    def _paying_at(self, table: Table, prices: Prices, may: Truth) -> list[Arcs]:
        """Of each school the set that gains most at the performance, when that is something."""
        left = self.pairs.left(self.board, table)
        if left.places == 0:
            return []
        to_come = self.board.host[table.show] is None and self.ground.problem.performances[table.show].touring
        once, seat = (int(prices.seat[table.show]), 0) if to_come else (0, int(prices.seat[table.show]))
        seat += self.pairs.empty if left.opens else 0  # empty seats are paid in parts
        gain = np.where(may[table.arcs], self.pairs.gains(table, left, prices, seat), 0)
        bus = int(prices.bus[table.show])
        lines = self.pairs.paying(table, left, gain, bus)
        if not len(lines):
            return []
        part = left.at(lines)
        packed = self.pairs.packed(table.at(lines), part, gain[lines], bus)
        flat = packed.gained.reshape(len(lines), -1)
        best = flat.argmax(axis=1)
        found = np.nonzero(flat[np.arange(len(lines)), best] - FINE * part.fee - once > GAINS)[0]
        places, seats = np.divmod(best[found], packed.gained.shape[2])
        return [tuple(sorted(arcs)) for arcs in packed.arcs(found, places, seats)]

    def _closed(self) -> Truth:
        """Possible bookings of classes that have something already and lack more: those that no longer fit."""
        found = np.zeros(len(self.ground.arcs), dtype=bool)
        for klass, lacking in enumerate(self.short().tolist()):
            if lacking and sum(self.board.visits[klass]):
                numbers = self.ground.of_class[klass]
                found[numbers] = [not self.board.fits(number) for number in numbers]
        return found

    def rounds(self, most: int, known: Board, progress: Progress = lambda _done, _of: None) -> Priced | None:
        """The best prices and what they prove, after so many rounds at most. known: the best plan. None = not solved."""
        best: Priced | None = None
        for number in range(1, most + 1):
            progress(number - 1, most)
            found = self.solved(list(self.entries))
            if found is None:
                break
            named, enough = self.paying(found.prices), (1 - CLOSE) * (found.value + self.board.cost())
            if number == most or named < NEWS * len(self.entries):
                now = Priced(cost_bound(known, self.pairs, found.prices), found.prices)
                best = max((each for each in (best, now) if each), key=lambda each: each.bound)
                if not named or best.bound >= enough:
                    break
        return best

    def near(self, prices: Prices, most: int) -> list[Arcs]:
        """The sets that cost at most so much more than they are worth at the prices, in parts of a krona: the reduced cost."""
        visit, seat, place = prices.visit.tolist(), prices.seat.tolist(), prices.place.tolist()
        above = (prices.bus - self.pairs.bus_price).tolist()
        found = []
        for arcs, each in self.entries.items():
            room = seat[each.show] * each.room + place[each.show] * len(each.classes) + above[each.show] * each.buses
            if FINE * each.cost + room - sum(visit[klass] for klass in each.classes) < most:
                found.append(arcs)
        return found


class _Rows:
    """The rows of the programme, before it has columns."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.solver = pywraplp.Solver.CreateSolver("PDLP")
        if self.solver is None:
            raise RuntimeError("This build of OR-Tools has no PDLP.")
        self.objective, self.infinity = self.solver.Objective(), self.solver.infinity()
        self.objective.SetMinimization()
        board, terms = programme.board, programme.ground.problem.terms
        self.visits: dict[int, pywraplp.Constraint] = {}
        for klass, lacking in enumerate(programme.short().tolist()):
            if lacking:  # a seat that is filled where somebody goes already is worth something: no more visits than are owed
                most = float(lacking) if board.chosen else self.infinity
                self.visits[klass] = self.solver.Constraint(float(lacking), most)
                nothing = self.solver.NumVar(0.0, self.infinity, "")
                self.visits[klass].SetCoefficient(nothing, 1.0)
                self.objective.SetCoefficient(nothing, float(LACKING * terms.bus_price + terms.repeat_price + 1))
        self.seats: dict[int, pywraplp.Constraint] = {}
        self.places: dict[int, pywraplp.Constraint] = {}
        self.fleet: dict[date, pywraplp.Constraint] = {}
        for show, each in enumerate(programme.ground.problem.performances):
            room = 1 if each.touring and board.host[show] is None else self._room(show)
            if room is not None:
                self.seats[show] = self.solver.Constraint(-self.infinity, float(room))
            if board.groups[show] is not None:
                self.places[show] = self.solver.Constraint(-self.infinity, float(board.groups[show] or 0))
            if board.fleet is not None and each.on not in self.fleet:
                self.fleet[each.on] = self.solver.Constraint(
                    -self.infinity, float(max(0, board.fleet - board.buses.get(each.on, 0)))
                )

    def _room(self, show: int) -> int | None:
        board, host = self.programme.board, self.programme.board.host[show]
        hall = None if host is None else max(0, board.hall_left(show, host))
        known = [each for each in (board.seats[show], hall) if each is not None]
        return min(known) if known else None

    def column(self, entry: Entry) -> pywraplp.Variable:
        column = self.solver.NumVar(0.0, self.infinity, "")
        self.objective.SetCoefficient(column, entry.cost)
        for klass in entry.classes:
            self.visits[klass].SetCoefficient(column, 1.0)
        if entry.show in self.seats:
            self.seats[entry.show].SetCoefficient(column, float(entry.room))
        if entry.show in self.places:
            self.places[entry.show].SetCoefficient(column, float(len(entry.classes)))
        if self.fleet and entry.buses:
            on = self.programme.ground.problem.performances[entry.show].on
            self.fleet[on].SetCoefficient(column, float(entry.buses))
        return column

    def prices(self) -> Prices:
        """In parts of a krona; none of room is below 0."""
        ground = self.programme.ground
        classes, shows = range(len(ground.demands)), range(len(ground.shows))
        days = {on: -row.dual_value() for on, row in self.fleet.items()}
        above = [max(0.0, days.get(each.on, 0.0)) for each in ground.problem.performances]
        return Prices(
            visit=_fine({klass: row.dual_value() for klass, row in self.visits.items()}, classes),
            seat=np.maximum(0, _fine({show: -row.dual_value() for show, row in self.seats.items()}, shows)),
            place=np.maximum(0, _fine({show: -row.dual_value() for show, row in self.places.items()}, shows)),
            bus=self.programme.pairs.bus_price + _fine(dict(enumerate(above)), shows),
        )


def _fine(values: dict[int, float], every: range) -> Whole:
    found: Whole = np.rint(FINE * np.array([values.get(each, 0.0) for each in every])).astype(np.int64)
    return found


def first_sets(board: Board) -> list[Arcs]:
    """The sets that go together on a board.

    Rule C-100. Source: goal: cost by the linear programme started from the plan of the coverage.
    Words: start, grupper, first.
    """
    going: dict[tuple[int, str], list[int]] = defaultdict(list)
    for number in sorted(board.chosen):
        arc = board.ground.arcs[number]
        if len(board.ground.demands[arc.klass].need) == 1:
            going[arc.show, board.ground.unit(arc)].append(number)
    return [tuple(numbers) for _key, numbers in sorted(going.items())]
