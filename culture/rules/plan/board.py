"""A plan while it is made: what is chosen, what room that leaves, and what it is worth level by level."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from culture.rules.buses import buses_for
from culture.rules.plan.arcs import Arc, Ground
from culture.rules.plan.problem import Booking, Host
from culture.rules.plan.proposal import Buses, LevelName, Unserved

Vector = dict[LevelName, int]


class Board:
    """What stands in a problem and what is chosen besides. add and drop keep everything in step; fits says what may be added."""

    def __init__(self, ground: Ground, chosen: Iterable[int] = ()) -> None:
        problem = ground.problem
        self.ground = ground
        self.chosen: set[int] = set()
        self.seats = [show.seats for show in ground.shows]
        self.groups = [show.groups for show in ground.shows]
        self.taken = [show.taken for show in ground.shows]
        self.booked = [show.booked for show in ground.shows]
        self.new_at = [0] * len(ground.shows)
        self.host: list[str | None] = [next(iter(show.hosts), None) if show.settled else None for show in ground.shows]
        self.visits = [[0] * len(demand.need) for demand in ground.demands]
        self.days: list[Counter[date]] = [Counter() for _ in ground.demands]
        self.events: list[Counter[str]] = [Counter() for _ in ground.demands]
        self.riders: dict[tuple[str, int], int] = defaultdict(int, ground.riders)
        self.buses: dict[date, int] = defaultdict(int, ground.buses)
        self.fleet = problem.terms.buses_a_day
        self.halls = {school.unit: school.hall for school in problem.schools}
        for number in sorted(chosen):
            self.add(number)

    # One booking more or less --------------------------------------------------------------------------------------------

    def fits(self, number: int) -> bool:
        """Whether the arc may be added now. Arcs that no rule of their own forbids are all there are (arcs.ground_of)."""
        arc = self.ground.arcs[number]
        return number not in self.chosen and self._needed(arc) and self._has_room(arc) and self._has_buses(arc)

    def _needed(self, arc: Arc) -> bool:
        demand, each = self.ground.demands[arc.klass], self.ground.problem.performances[arc.show]
        visits = self.visits[arc.klass]
        return (
            all(visits[atom] < demand.most[atom] for atom in arc.atoms)
            and not self.days[arc.klass][each.on]
            and not self.events[arc.klass][each.event]
        )

    def _has_room(self, arc: Arc) -> bool:
        show = arc.show
        seats, groups = self.seats[show], self.groups[show]
        if (seats is not None and seats < arc.seats) or groups == 0:
            return False
        if not self.ground.problem.performances[show].touring:
            return True
        unit = self.ground.unit(arc)
        return self.host[show] in {None, unit} and self.hall_left(show, unit) >= arc.seats

    def hall_left(self, show: int, unit: str) -> int:
        return self.ground.shows[show].hosts.get(unit, 0) - (self.taken[show] - self.ground.shows[show].taken)

    def more_buses(self, arc: Arc) -> int:
        """Buses that the arc would need besides those that go already."""
        if not arc.by_bus:
            return 0
        riding, of_bus = self.riders[self.ground.unit(arc), arc.show], self.ground.problem.terms.bus_seats
        return buses_for(riding + arc.seats, of_bus) - buses_for(riding, of_bus)

    def _has_buses(self, arc: Arc) -> bool:
        if self.fleet is None or not arc.by_bus:
            return True
        more = self.more_buses(arc)
        return not more or more <= self.fleet - self.buses[self.ground.problem.performances[arc.show].on]

    def add(self, number: int) -> None:
        self._move(number, 1)
        self.chosen.add(number)

    def drop(self, number: int) -> None:
        self._move(number, -1)
        self.chosen.discard(number)

    def _move(self, number: int, by: int) -> None:
        arc = self.ground.arcs[number]
        show, each = arc.show, self.ground.problem.performances[arc.show]
        seats, groups = self.seats[show], self.groups[show]
        self.seats[show] = None if seats is None else seats - by * arc.seats
        self.groups[show] = None if groups is None else groups - by
        self.taken[show] += by * arc.seats
        self.booked[show] += by
        self.new_at[show] += by
        for atom in arc.atoms:
            self.visits[arc.klass][atom] += by
        self.days[arc.klass][each.on] += by
        self.events[arc.klass][each.event] += by
        if each.touring and not self.ground.shows[show].settled:
            self.host[show] = self.ground.unit(arc) if self.new_at[show] else None
        if arc.by_bus:
            key, of_bus = (self.ground.unit(arc), show), self.ground.problem.terms.bus_seats
            before = buses_for(self.riders[key], of_bus)
            self.riders[key] += by * arc.seats
            self.buses[each.on] += buses_for(self.riders[key], of_bus) - before

    # What it is worth ----------------------------------------------------------------------------------------------------

    def unserved_atoms(self, klass: int) -> list[int]:
        """Atoms of a class of which nobody has a visit this year."""
        demand, visits = self.ground.demands[klass], self.visits[klass]
        return [atom for atom, is_open in enumerate(demand.open) if is_open and not visits[atom] and demand.need[atom]]

    def short(self, klass: int, atom: int) -> int:
        return max(0, self.ground.demands[klass].need[atom] - self.visits[klass][atom])

    def pupils_left(self, klass: int) -> int:
        return sum(self.ground.demands[klass].pupils[atom] for atom in self.unserved_atoms(klass))

    def capacity(self, show: int) -> int | None:
        """Seats of a performance that takes place, in the hall where it is; None = it is counted in groups."""
        own, host = self.ground.problem.performances[show].capacity.seats, self.host[show]
        if own is None or not self.ground.problem.performances[show].touring or host is None:
            return own
        return min(own, self.halls[host])

    def empty(self, show: int) -> int:
        seats = self.capacity(show)
        return 0 if seats is None or not self.booked[show] else max(0, seats - self.taken[show])

    def repeats(self, klass: int) -> int:
        """How often a class meets an art form that it has met, in earlier years or in this plan."""
        problem = self.ground.problem
        met = Counter(problem.performances[self.ground.place[each.performance]].art for each in self.ground.standing[klass])
        met.update(problem.performances[self.ground.arcs[number].show].art for number in self.of_class(klass))
        return sum(times if art in problem.classes[klass].arts else times - 1 for art, times in met.items())

    def of_class(self, klass: int) -> list[int]:
        return [number for number in self.ground.of_class[klass] if number in self.chosen]

    def cost(self) -> int:
        terms = self.ground.problem.terms
        return (
            terms.bus_price * sum(self.buses.values())
            + terms.repeat_price * sum(self.repeats(klass) for klass in range(len(self.ground.demands)))
            + terms.empty_seat_price * sum(self.empty(show) for show in range(len(self.ground.shows)))
        )

    def vector(self, before: Sequence[Booking] = ()) -> Vector:
        """The value of every level."""
        classes = self.ground.problem.classes
        unserved = owed = 0
        left: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for index, klass in enumerate(classes):
            out = set(self.unserved_atoms(index))
            pupils = self.ground.demands[index].pupils
            unserved += (1 + klass.missed) * sum(pupils[atom] for atom in out)
            owed += sum(pupils[atom] * (self.short(index, atom) - (atom in out)) for atom in range(len(pupils)))
            left[klass.unit] += sum(pupils[atom] for atom in out)
            total[klass.unit] += klass.pupils
        worst = max((-(-1000 * left[unit] // total[unit]) for unit in total if total[unit]), default=0)
        return {
            LevelName.UNSERVED: unserved,
            LevelName.OWED: owed,
            LevelName.WORST: worst,
            LevelName.MOVED: len(set(before) - set(self.bookings())),
            LevelName.COST: self.cost(),
        }

    # As a plan -----------------------------------------------------------------------------------------------------------

    def bookings(self) -> list[Booking]:
        return [*self.ground.problem.fixed, *(self.ground.booking(self.ground.arcs[number]) for number in sorted(self.chosen))]

    def hosts(self) -> list[Host]:
        """Those that stand, and those of touring performances that somebody goes to."""
        performances = self.ground.problem.performances
        stand = {host.performance for host in self.ground.problem.hosts}
        chosen = [
            Host(performances[show].key, unit)
            for show, unit in enumerate(self.host)
            if unit and self.booked[show] and performances[show].key not in stand
        ]
        return sorted([*self.ground.problem.hosts, *chosen])

    def all_buses(self) -> list[Buses]:
        performances, of_bus = self.ground.problem.performances, self.ground.problem.terms.bus_seats
        return sorted(
            Buses(performances[show].key, unit, buses_for(seats, of_bus)) for (unit, show), seats in self.riders.items() if seats
        )

    def unserved(self) -> list[Unserved]:
        """Classes with fewer visits than they are owed; a row of its own for cohorts that lack another number."""
        rows = []
        for index, klass in enumerate(self.ground.problem.classes):
            demand = self.ground.demands[index]
            shorts = {atom: self.short(index, atom) for atom in range(len(demand.need)) if demand.pupils[atom]}
            if len(set(shorts.values())) == 1:
                number = next(iter(shorts.values()))
                rows += [Unserved(klass.key, number)] if number else []
                continue
            for number in sorted({each for each in shorts.values() if each}):
                cohorts = [cohort for atom, each in shorts.items() if each == number for cohort in demand.cohorts[atom]]
                rows.append(Unserved(klass.key, number, tuple(sorted(cohorts))))
        return sorted(rows, key=lambda row: (row.klass, row.cohorts))
