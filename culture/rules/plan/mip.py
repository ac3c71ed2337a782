"""The plan as whole-number columns and linear rows: one description for every solver, of everything or of a window."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations

from culture.rules.buses import buses_for
from culture.rules.plan.board import Board, Vector
from culture.rules.plan.model import Goal, Going, Mip, Room, Row, Terms
from culture.rules.plan.problem import Booking
from culture.rules.plan.proposal import LevelName

MOST_LOADS = 250  # sets of classes of one school at one performance
MOST_SETS = 4000  # the same where prices say which of them are worth a look


def mip_of(
    board: Board, free: Iterable[int], before: Sequence[Booking] = (), with_cost: bool = True, most: int = MOST_LOADS
) -> Mip:
    """The rows of what may be chosen among the *free* arcs, all else on the board standing as it is; the board is the start.

    most: sets of classes of one school at one performance that get a column each; with more, buses are counted in seats.

    Rule C-71. Source: goal: seats and groups, host and hall, one a day and one of an event, buses (y >= x), fairness, levels.
    Words: modell, villkor, kolumner, mip, model.
    """
    return _Builder(board, sorted(free), before, with_cost, most).build()


class _Builder:
    def __init__(self, board: Board, free: Sequence[int], before: Sequence[Booking], with_cost: bool, most: int) -> None:
        self.ground, self.free, self.with_cost, self.most = board.ground, free, with_cost, most
        self.before = set(before)
        self.full = board
        self.values = board.vector(before)
        self.stand = Board(board.ground, board.chosen - set(free))
        self.mip = Mip()
        self.of_class: dict[int, list[int]] = defaultdict(list)
        self.of_show: dict[int, list[int]] = defaultdict(list)
        self.arcs: dict[int, int] = {}
        self.instead: dict[int, list[int]] = {}  # column of an arc -> the columns of the sets that hold it
        self.opened: dict[tuple[int, str], int] = {}
        for number in free:
            arc = self.ground.arcs[number]
            self.of_class[arc.klass].append(number)
            self.of_show[arc.show].append(number)

    def build(self) -> Mip:
        for number in self.free:
            self.arcs[number] = self.mip.column(1, int(number in self.full.chosen))
        goals = self.mip.goals
        goals[LevelName.UNSERVED], goals[LevelName.OWED] = Goal(0, []), Goal(0, [])
        self.left: dict[str, Terms] = defaultdict(list)
        for klass in self.of_class:
            self._class(klass)
        for show in self.of_show:
            self._show(show)
        self._worst()
        gone = [number for number in self.free if self.ground.booking(self.ground.arcs[number]) in self.before]
        kept = len([number for number in gone if number in self.full.chosen])
        goals[LevelName.MOVED] = Goal(self.values[LevelName.MOVED] + kept, [(self.arcs[number], -1) for number in gone])
        self._costs()
        for name in (LevelName.UNSERVED, LevelName.OWED, LevelName.COST):
            goals[name].constant += self.values[name] - goals[name].value(self.mip.start)
        self._substitute()
        return self.mip

    def _substitute(self) -> None:
        """An arc whose school's sets have columns of their own is the sum of those that hold it; its column is not used."""
        every: list[Row | Goal] = [*self.mip.rows, *self.mip.goals.values()]
        for row in every:
            if any(column in self.instead for column, _ in row.terms):
                row.terms = _summed((other, each) for column, each in row.terms for other in self.instead.get(column, [column]))
        for column in self.instead:
            self.mip.high[column] = self.mip.start[column] = 0
        self.mip.arcs = {number: tuple(self.instead.get(column, [column])) for number, column in self.arcs.items()}

    # Classes -------------------------------------------------------------------------------------------------------------

    def _class(self, klass: int) -> None:
        """Visits of each atom; one a day and one of an event."""
        demand, visits = self.ground.demands[klass], self.stand.visits[klass]
        if len(demand.most) == 1:
            self.mip.most[klass] = max(0, demand.most[0] - visits[0])
        weight = 1 + self.ground.problem.classes[klass].missed
        for atom, pupils in enumerate(demand.pupils):
            arcs = [number for number in self.of_class[klass] if atom in self.ground.arcs[number].atoms]
            terms: Terms = [(self.arcs[number], 1) for number in arcs]
            self.mip.row(terms, high=max(0, demand.most[atom] - visits[atom]))
            need = max(0, demand.need[atom] - visits[atom])
            if not arcs or not need:
                continue
            count = self.full.visits[klass][atom]
            out = None
            if demand.open[atom] and not visits[atom]:
                out = self.mip.outs[klass, atom] = self.mip.column(1, int(not count))
                self.mip.row([*terms, (out, 1)], low=1)
                self.mip.goals[LevelName.UNSERVED].terms.append((out, weight * pupils))
                self.left[self.ground.problem.classes[klass].unit].append((out, pupils))
            if need - (out is not None) > 0:
                late = max(0, demand.need[atom] - count - (out is not None and not count))
                owed = self.mip.column(need, late)
                self.mip.row([*terms, (owed, 1), *([(out, 1)] if out is not None else [])], low=need)
                self.mip.goals[LevelName.OWED].terms.append((owed, pupils))
        self._once(klass)

    def _once(self, klass: int) -> None:
        performances = self.ground.problem.performances
        by_key: dict[tuple[str, str], Terms] = defaultdict(list)
        for number in self.of_class[klass]:
            each = performances[self.ground.arcs[number].show]
            by_key["day", each.on.isoformat()].append((self.arcs[number], 1))
            by_key["event", each.event].append((self.arcs[number], 1))
        stand = Board.of_class(self.stand, klass)
        taken = {("day", performances[self.ground.arcs[number].show].on.isoformat()) for number in stand}
        taken |= {("event", performances[self.ground.arcs[number].show].event) for number in stand}
        single = len(self.ground.demands[klass].need) == 1 and self.ground.demands[klass].most[0] <= 1
        for key, terms in by_key.items():
            if key in taken:
                self.mip.row(terms, high=0)
            elif len(terms) > 1 and not single:
                self.mip.row(terms, high=1)

    # Performances --------------------------------------------------------------------------------------------------------

    def _show(self, show: int) -> None:
        arcs = [self.ground.arcs[number] for number in self.of_show[show]]
        columns = [self.arcs[number] for number in self.of_show[show]]
        seats, groups = self.stand.seats[show], self.stand.groups[show]
        self.mip.rooms[show] = Room(seats, groups, self.ground.problem.performances[show].touring)
        if self.ground.problem.performances[show].touring:
            self._touring(show)
        opens = self._opens(show)
        if seats is not None:
            terms: Terms = [(column, arc.seats) for column, arc in zip(columns, arcs, strict=True)]
            if opens is None:
                self.mip.row(terms, high=seats, show=show)
            else:
                self.mip.row([*terms, (opens, -seats)], high=0, show=show)
        if groups is not None:
            self.mip.row([(column, 1) for column in columns], high=groups, show=show)
        if opens is not None:
            for column in columns:
                self.mip.row([(opens, 1), (column, -1)], low=0, show=show)

    def _opens(self, show: int) -> int | None:
        """The column of whether a performance takes place, when seats that stay empty in it would cost something."""
        price = self.ground.problem.terms.empty_seat_price
        capacity, each = self.stand.capacity(show), self.ground.problem.performances[show]
        to_place = each.touring and self.stand.host[show] is None
        if not self.with_cost or not price or capacity is None or to_place or self.stand.booked[show]:
            return None
        column = self.mip.column(1, int(self.full.booked[show] > 0))
        self._cost([(column, price * capacity)])
        for number in self.of_show[show]:
            self.opened[show, self.ground.unit(self.ground.arcs[number])] = column
        return column

    def _touring(self, show: int) -> None:
        """One host; only its classes go, and they fit into its hall."""
        by_unit: dict[str, list[int]] = defaultdict(list)
        for number in self.of_show[show]:
            by_unit[self.ground.unit(self.ground.arcs[number])].append(number)
        chosen: Terms = []
        for unit in sorted(by_unit):
            hall = max(0, self.stand.hall_left(show, unit))
            terms: Terms = [(self.arcs[number], self.ground.arcs[number].seats) for number in by_unit[unit]]
            if self.stand.host[show] is not None:
                self.mip.row(terms, high=hall if self.stand.host[show] == unit else 0, show=show)
                continue
            here = self.opened[show, unit] = self.mip.column(1, int(self.full.host[show] == unit))
            chosen.append((here, 1))
            self.mip.row([*terms, (here, -hall)], high=0, show=show)
            for column, _seats in terms:
                self.mip.row([(here, 1), (column, -1)], low=0, show=show)
            self._empty_hall(show, unit, here)
        self.mip.row(chosen, high=1, show=show)

    def _empty_hall(self, show: int, unit: str, here: int) -> None:
        own = self.ground.problem.performances[show].capacity.seats
        if self.with_cost and own is not None:
            self._cost([(here, self.ground.problem.terms.empty_seat_price * min(own, self.stand.halls[unit]))])

    # Fairness and cost ---------------------------------------------------------------------------------------------------

    def _worst(self) -> None:
        """t thousandths: no school has a larger share of its pupils left out."""
        worst = self.values[LevelName.WORST]
        column = self.mip.column(1000, worst)
        self.mip.goals[LevelName.WORST] = Goal(0, [(column, 1)])
        total: dict[str, int] = defaultdict(int)
        fixed: dict[str, int] = defaultdict(int)
        for index, klass in enumerate(self.ground.problem.classes):
            total[klass.unit] += klass.pupils
            fixed[klass.unit] += self.full.pupils_left(index)
        low = 0
        for unit, pupils in total.items():
            terms = self.left.get(unit, [])
            rest = fixed[unit] - sum(number * self.mip.start[out] for out, number in terms)
            if terms:
                self.mip.row([*((out, 1000 * number) for out, number in terms), (column, -pupils)], high=-1000 * rest)
            elif pupils:
                low = max(low, -(-1000 * rest // pupils))
        self.mip.low[column] = low

    def _cost(self, terms: Terms) -> None:
        self.mip.goals.setdefault(LevelName.COST, Goal(0, [])).terms.extend(terms)

    def _costs(self) -> None:
        self._cost([])
        self._buses()
        if not self.with_cost:
            return
        terms = self.ground.problem.terms
        for show, numbers in self.of_show.items():
            each = self.ground.problem.performances[show]
            if each.capacity.seats is not None:
                self._cost([(self.arcs[number], -terms.empty_seat_price * self.ground.arcs[number].seats) for number in numbers])
        for klass in self.of_class:
            self._repeats(klass)

    def _repeats(self, klass: int) -> None:
        price = self.ground.problem.terms.repeat_price
        met: dict[str, int] = defaultdict(int)
        performances = self.ground.problem.performances
        for booking in self.ground.standing[klass]:
            met[performances[self.ground.place[booking.performance]].art] += 1
        for number in self.stand.of_class(klass):
            met[performances[self.ground.arcs[number].show].art] += 1
        by_art: dict[str, list[int]] = defaultdict(list)
        for number in self.of_class[klass]:
            by_art[performances[self.ground.arcs[number].show].art].append(number)
        for art, numbers in by_art.items():
            if art in self.ground.problem.classes[klass].arts or met[art]:
                self._cost([(self.arcs[number], price) for number in numbers])
            elif self.ground.demands[klass].wanted > 1 or len(self.ground.demands[klass].need) > 1:
                here = sum(number in self.full.chosen for number in numbers)
                again = self.mip.column(len(numbers), max(0, here - 1))
                self.mip.row([(again, 1), *((self.arcs[number], -1) for number in numbers)], low=-1)
                self._cost([(again, price)])

    def _buses(self) -> None:
        """What carries those who ride from a school to a performance, and the fleet of the day."""
        if not self.with_cost and self.stand.fleet is None:
            return
        going: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number in self.free:
            going[self.ground.unit(self.ground.arcs[number]), self.ground.arcs[number].show].append(number)
        of_day: dict[date, Terms] = defaultdict(list)
        for (unit, show), numbers in sorted(going.items()):
            riders = [number for number in numbers if self.ground.arcs[number].by_bus]
            loads = self._loads(unit, show, numbers)
            if loads is not None:
                buses = self._by_loads(unit, show, numbers, loads)
            else:
                self.mip.in_sets = False
                buses = self._by_columns(unit, show, riders) if riders else []
            self._cost([(column, self.ground.problem.terms.bus_price * number) for column, number in buses])
            of_day[self.ground.problem.performances[show].on] += buses
        if self.stand.fleet is not None:
            for on, columns in of_day.items():
                self.mip.row(columns, high=max(0, self.stand.fleet - self.stand.buses.get(on, 0)))

    def _by_columns(self, unit: str, show: int, numbers: Sequence[int]) -> Terms:
        """One column counts the buses: they carry all who ride, and none rides without a bus (y >= x)."""
        of_bus, riding = self.ground.problem.terms.bus_seats, self.stand.riders.get((unit, show), 0)
        stand = buses_for(riding, of_bus)
        spare = stand * of_bus - riding
        seats = sum(self.ground.arcs[number].seats for number in numbers)
        more = buses_for(self.full.riders.get((unit, show), 0), of_bus) - stand
        column = self.mip.column(buses_for(max(0, seats - spare), of_bus), more)
        carried: Terms = [(self.arcs[number], self.ground.arcs[number].seats) for number in numbers]
        self.mip.row([(column, of_bus), *((at, -each) for at, each in carried)], low=-spare)
        for at, each in carried:
            if each > spare:
                self.mip.row([(column, 1), (at, -buses_for(each - spare, of_bus))], low=0)
        return [(column, 1)]

    def _loads(self, unit: str, show: int, numbers: Sequence[int]) -> list[tuple[int, ...]] | None:
        """Every set of a school's classes that could go together. None = too many to name."""
        room, groups = self.stand.seats[show], self.stand.groups[show]
        if not self.with_cost:
            return None
        if self.ground.problem.performances[show].touring:
            hall = max(0, self.stand.hall_left(show, unit)) if self.stand.host[show] in {None, unit} else 0
            room = hall if room is None else min(room, hall)
        loads: list[tuple[int, ...]] = []
        for size in range(1, len(numbers) + 1 if groups is None else groups + 1):
            sets = [each for each in combinations(numbers, size) if room is None or self._seats(each) <= room]
            if len(loads) + len(sets) > self.most:
                return None
            if not sets:
                break
            loads += sets
        return loads

    def _seats(self, numbers: Iterable[int], riding: bool = False) -> int:
        arcs = [self.ground.arcs[number] for number in numbers]
        return sum(arc.seats for arc in arcs if arc.by_bus or not riding)

    def _by_loads(self, unit: str, show: int, numbers: Sequence[int], loads: Sequence[tuple[int, ...]]) -> Terms:
        """One column for each set that goes together, with its buses: a far better bound than counting seats in buses."""
        of_bus, riding = self.ground.problem.terms.bus_seats, self.stand.riders.get((unit, show), 0)
        now = tuple(number for number in numbers if number in self.full.chosen)
        every: Terms = []
        buses: Terms = []
        for number in numbers:
            self.instead[self.arcs[number]] = []
        opens = self.opened.get((show, unit))
        for load in loads:
            column = self.mip.column(1, int(load == now))
            classes = tuple(self.ground.arcs[number].klass for number in load)
            self.mip.going.append(Going(column, show, unit, load, classes, self._seats(load), opens))
            every.append((column, 1))
            buses.append((column, buses_for(riding + self._seats(load, True), of_bus) - buses_for(riding, of_bus)))
            for number in load:
                self.instead[self.arcs[number]].append(column)
        self.mip.row(every if opens is None else [*every, (opens, -1)], high=1 if opens is None else 0, show=show)
        return [(column, number) for column, number in buses if number]


def _summed(terms: Iterable[tuple[int, int]]) -> Terms:
    sums: dict[int, int] = defaultdict(int)
    for column, each in terms:
        sums[column] += each
    return [(column, each) for column, each in sums.items() if each]


def kept(mip: Mip, values: Vector, until: LevelName) -> None:
    """Rows that keep every level before *until* at least as good as it is.

    Rule C-57. Source: goal: lexicographic, one solve for each level, earlier ones kept.
    Words: nivåer, lexikografisk, behåll, levels.
    """
    for name in LevelName:
        if name is until:
            return
        goal = mip.goals[name]
        mip.row(list(goal.terms), high=values[name] - goal.constant)
