"""Which class can go to which performance, and when it cannot, why: decided before anything is solved."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from culture.rules.buses import buses_for
from culture.rules.plan.problem import Booking, Klass, Performance, Problem, School, canonical
from culture.rules.plan.ways import distances_of, goes_by_bus


class Reason(StrEnum):
    """Why a class cannot go to a performance. The first that holds is the one that is counted."""

    GRADE = "grade"  # not for all its grades, and no part of it is allowed
    SEEN = "seen"  # has been to the event
    ACCESS = "access"  # lacks what the class needs
    BLOCKED = "blocked"  # on a day on which it cannot go
    REFUSED = "refused"  # the school or the officer has said no
    HALL = "hall"  # touring, and the school cannot house it
    ELSEWHERE = "elsewhere"  # touring, and at another school
    SMALL = "small"  # the class is larger than the whole performance
    SAME_EVENT = "same_event"  # the class is booked to the event already
    SAME_DAY = "same_day"  # the class is booked to something else that day
    FULL = "full"  # what stands leaves too little room
    NO_BUS = "no_bus"  # more buses than there are left that day


class Arc(NamedTuple):
    """A class, or the named cohorts of it, that can go to a performance. klass, show: places in the canonical problem.

    atoms: which of the class's atoms are served. by_bus: needs seats in a bus. again: meets an art form it has met.
    """

    klass: int
    show: int
    cohorts: tuple[int, ...]
    atoms: tuple[int, ...]
    seats: int
    by_bus: bool
    again: bool


@dataclass(slots=True)
class Demand:
    """What a class still needs. An atom is the whole class, or one cohort where the class may be divided.

    pupils, need: of each atom. open: whether nobody of the atom has had a visit this year. most: new visits of each atom.
    """

    cohorts: tuple[tuple[int, ...], ...]
    pupils: tuple[int, ...]
    need: tuple[int, ...]
    open: tuple[bool, ...]
    most: tuple[int, ...]

    @property
    def wanted(self) -> int:
        return max(self.need, default=0)


@dataclass(slots=True)
class Show:
    """Room left at a performance beside what stands. hosts: unit -> seats its hall has left; of a touring performance only."""

    seats: int | None
    groups: int | None
    hosts: dict[str, int] = field(default_factory=dict)
    settled: bool = False  # the host stands
    taken: int = 0
    booked: int = 0


@dataclass(slots=True)
class Ground:
    """A canonical problem with all that follows from it. counts: of each class that needs something, why performances fail."""

    problem: Problem
    demands: list[Demand]
    shows: list[Show]
    arcs: list[Arc]
    of_class: list[list[int]]
    of_show: list[list[int]]
    counts: dict[int, Counter[Reason]]
    riders: dict[tuple[str, int], int]  # (unit, show) -> seats that stand and need a bus
    buses: dict[date, int]  # buses that what stands needs
    standing: list[list[Booking]]
    number: dict[str, int]  # class key -> place
    place: dict[str, int]  # performance key -> place
    distances: dict[tuple[str, str], int]

    def unit(self, arc: Arc) -> str:
        return self.problem.classes[arc.klass].unit

    def booking(self, arc: Arc) -> Booking:
        return Booking(self.problem.classes[arc.klass].key, self.problem.performances[arc.show].key, arc.cohorts)


def ground_of(given: Problem) -> Ground:
    """Everything that can be settled before a plan is sought: the possible bookings, and the counts of reasons for the others.

    Work: events x classes, and performances of the events that suit; a municipality of 3,000 classes takes a few seconds.

    Rule C-53. Source: goal, "a no that a person can check", L0; acceptance Case 19.
    Words: möjliga, skäl, varför inte, tillgänglighet, arcs, reasons.
    """
    problem = canonical(given)
    number = {klass.key: index for index, klass in enumerate(problem.classes)}
    place = {each.key: index for index, each in enumerate(problem.performances)}
    standing: list[list[Booking]] = [[] for _ in problem.classes]
    for booking in problem.fixed:
        standing[number[booking.klass]].append(booking)
    allowed: dict[tuple[int, int], list[tuple[int, ...]]] = defaultdict(list)
    for booking in problem.allowed:
        cohorts = tuple(sorted(set(booking.cohorts) & {part.cohort for part in problem.classes[number[booking.klass]].parts}))
        if cohorts:
            allowed[number[booking.klass], place[booking.performance]].append(cohorts)
    divided = {klass for klass, _show in allowed} | {
        index for index, theirs in enumerate(standing) if any(booking.cohorts for booking in theirs)
    }
    ground = Ground(
        problem=problem,
        demands=[_demand(klass, standing[index], index in divided) for index, klass in enumerate(problem.classes)],
        shows=[],
        arcs=[],
        of_class=[[] for _ in problem.classes],
        of_show=[[] for _ in problem.performances],
        counts={},
        riders=defaultdict(int),
        buses=defaultdict(int),
        standing=standing,
        number=number,
        place=place,
        distances=distances_of(problem),
    )
    _stand(ground, ground.distances)
    _find(ground, allowed)
    return ground


def only_blocked(ground: Ground, klass: int) -> list[int]:
    """Performances that a class could go to, were it not for the days on which it cannot.

    Rule C-56. Source: goal, ways out: "unblock 8B on 12 March".
    Words: spärrad dag, öppna, unblock.
    """
    each = ground.problem.classes[klass]
    refused = {show for key, show in ground.problem.refused if key == each.key}
    pair = _Pair(ground, klass, replace(each, blocked=frozenset()), refused)
    cohorts = {part.cohort for part in each.parts}
    return [
        show
        for show, there in enumerate(ground.problem.performances)
        if there.on in each.blocked and cohorts <= there.cohorts and pair.why_not(show, ()) is None
    ]


def seats_of(klass: Klass, cohorts: Iterable[int] = ()) -> int:
    """Seats that a class takes, or those of its cohorts that are named: pupils and adults.

    Rule C-54. Source: acceptance Case 30: pupils and adults take seats.
    Words: platser, vuxna, seats.
    """
    named = set(cohorts)
    return sum(part.pupils for part in klass.parts if not named or part.cohort in named) + klass.adults


def _demand(klass: Klass, standing: Sequence[Booking], divided: bool) -> Demand:
    every = tuple(part.cohort for part in klass.parts)
    atoms = tuple((cohort,) for cohort in every) if divided else (every,)
    pupils = {part.cohort: part.pupils for part in klass.parts}
    visits = [sum(not booking.cohorts or set(atom) <= set(booking.cohorts) for booking in standing) for atom in atoms]
    whole = sum(not booking.cohorts for booking in standing)
    return Demand(
        cohorts=atoms,
        pupils=tuple(sum(pupils[cohort] for cohort in atom) for atom in atoms),
        need=tuple(max(0, klass.owed - each) for each in visits),
        open=tuple(not klass.had and not each for each in visits),
        most=tuple(max(0, klass.owed - whole) for _atom in atoms),
    )


def _stand(ground: Ground, distances: dict[tuple[str, str], int]) -> None:
    """What stands takes room, hosts and buses."""
    problem = ground.problem
    halls = {school.unit: school.hall for school in problem.schools}
    settled = {host.performance: host.unit for host in problem.hosts}
    taken: Counter[str] = Counter()
    booked: Counter[str] = Counter()
    for booking in problem.fixed:
        klass = problem.classes[ground.number[booking.klass]]
        index = ground.place[booking.performance]
        each = problem.performances[index]
        seats = seats_of(klass, booking.cohorts)
        taken[each.key] += seats
        booked[each.key] += 1
        if each.touring:
            settled.setdefault(each.key, klass.unit)
        elif goes_by_bus(klass, each, distances.get((klass.unit, each.key))):
            ground.riders[klass.unit, index] += seats
    for (_unit, index), seats in ground.riders.items():
        ground.buses[problem.performances[index].on] += buses_for(seats, problem.terms.bus_seats)
    for each in problem.performances:
        capacity = each.capacity
        ground.shows.append(
            Show(
                seats=None if capacity.seats is None else max(0, capacity.seats - taken[each.key]),
                groups=None if capacity.groups is None else max(0, capacity.groups - booked[each.key]),
                hosts=_hosts(each, halls, settled.get(each.key), taken[each.key], problem.schools),
                settled=each.key in settled,
                taken=taken[each.key],
                booked=booked[each.key],
            )
        )


def _hosts(
    each: Performance, halls: dict[str, int], settled: str | None, taken: int, schools: Sequence[School]
) -> dict[str, int]:
    if not each.touring:
        return {}
    if settled is not None:
        return {settled: max(0, halls.get(settled, 0) - taken)}
    return {school.unit: school.hall for school in schools if school.hall and (not each.hosts or school.unit in each.hosts)}


def _find(ground: Ground, allowed: dict[tuple[int, int], list[tuple[int, ...]]]) -> None:
    """The arcs and the counts, class by class; an event that fails for all its performances is tested once."""
    events: dict[tuple[str, frozenset[int]], list[int]] = defaultdict(list)
    for index, each in enumerate(ground.problem.performances):
        events[each.event, each.cohorts].append(index)
    may = {klass for klass, _show in allowed}
    refused: dict[str, set[str]] = defaultdict(set)
    for key, show_key in ground.problem.refused:
        refused[key].add(show_key)
    for index, klass in enumerate(ground.problem.classes):
        demand = ground.demands[index]
        if not demand.wanted:
            continue
        counts: Counter[Reason] = Counter()
        cohorts = frozenset(part.cohort for part in klass.parts)
        pair = _Pair(ground, index, klass, refused[klass.key])
        for (event, suits), shows in events.items():
            whole = cohorts <= suits
            if not whole and index not in may:
                counts[Reason.GRADE] += len(shows)
            elif whole and event in klass.seen:
                counts[Reason.SEEN] += len(shows)
            else:
                for show in shows:
                    counts.update(pair.look(show, whole, allowed.get((index, show), ())))
        ground.counts[index] = counts


class _Pair:
    """One class, looked at with one performance after another."""

    def __init__(self, ground: Ground, index: int, klass: Klass, refused: set[str]) -> None:
        self.ground, self.index, self.klass = ground, index, klass
        stands = [ground.problem.performances[ground.place[booking.performance]] for booking in ground.standing[index]]
        self.days = {each.on for each in stands}
        self.events = {each.event for each in stands}
        self.refused = refused
        self.whole = seats_of(klass)
        self.every = tuple(range(len(ground.demands[index].cohorts)))

    def look(self, show: int, whole: bool, parts: Sequence[tuple[int, ...]]) -> list[Reason]:
        """Adds the arcs there are; else says why there is none: a list of one."""
        reasons = []
        for cohorts in (*([()] if whole else []), *parts):
            reason = self.why_not(show, cohorts)
            if reason is None:
                self._add(show, cohorts)
            reasons.append(reason)
        if not reasons:
            return [Reason.GRADE]
        return [] if None in reasons else [reason for reason in reasons[:1] if reason]

    def why_not(self, show: int, cohorts: tuple[int, ...]) -> Reason | None:
        each = self.ground.problem.performances[show]
        klass = self.klass
        if each.event in klass.seen:
            return Reason.SEEN
        if not klass.needs <= each.offers:
            return Reason.ACCESS
        if each.on in klass.blocked:
            return Reason.BLOCKED
        if each.key in self.refused:
            return Reason.REFUSED
        return self._no_room(show, each, seats_of(klass, cohorts) if cohorts else self.whole)

    def _no_room(self, show: int, each: Performance, seats: int) -> Reason | None:
        room = self.ground.shows[show]
        if each.touring and self.klass.unit not in room.hosts:
            return Reason.ELSEWHERE if room.settled else Reason.HALL
        if each.capacity.groups == 0 or (each.capacity.seats is not None and each.capacity.seats < seats):
            return Reason.SMALL
        if each.event in self.events:
            return Reason.SAME_EVENT
        if each.on in self.days:
            return Reason.SAME_DAY
        if each.touring and room.hosts[self.klass.unit] < seats:
            return Reason.FULL if room.taken else Reason.HALL
        if room.groups == 0 or (room.seats is not None and room.seats < seats):
            return Reason.FULL
        return Reason.NO_BUS if self._lacks_buses(show, each, seats) else None

    def _lacks_buses(self, show: int, each: Performance, seats: int) -> bool:
        terms = self.ground.problem.terms
        if terms.buses_a_day is None or not self._rides(each):
            return False
        riding = self.ground.riders.get((self.klass.unit, show), 0)
        more = buses_for(riding + seats, terms.bus_seats) - buses_for(riding, terms.bus_seats)
        return more > max(0, terms.buses_a_day - self.ground.buses.get(each.on, 0))

    def _rides(self, each: Performance) -> bool:
        return goes_by_bus(self.klass, each, self.ground.distances.get((self.klass.unit, each.key)))

    def _add(self, show: int, cohorts: tuple[int, ...]) -> None:
        ground, each = self.ground, self.ground.problem.performances[show]
        demand = ground.demands[self.index]
        named = set(cohorts)
        atoms = tuple(n for n in self.every if not named or set(demand.cohorts[n]) <= named)
        if not any(demand.need[atom] for atom in atoms):
            return
        number = len(ground.arcs)
        seats = seats_of(self.klass, cohorts) if cohorts else self.whole
        ground.arcs.append(Arc(self.index, show, cohorts, atoms, seats, self._rides(each), each.art in self.klass.arts))
        ground.of_class[self.index].append(number)
        ground.of_show[show].append(number)
