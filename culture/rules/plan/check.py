"""The independent check of a plan: its own code and no solver, from problem and plan alone. Faults are data for sentences."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import asin, cos, radians, sin, sqrt

from culture.rules.plan.problem import Booking, Klass, Performance, Problem, digest
from culture.rules.plan.proposal import LevelName, Plan

EARTH_METRES = 6_371_009


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong. about: keys of the class, performance, school or level. found, allowed: what was counted and may be."""

    fault: str
    about: tuple[str, ...]
    found: int = 0
    allowed: int = 0


def faults_of(problem: Problem, plan: Plan, before: Iterable[Booking] = ()) -> list[Fault]:
    """Everything in a plan that the problem does not permit, and every figure in it that a recount does not give.

    What stands (fixed) is never a fault by itself: nothing new may make it worse.

    Rule C-70. Source: goal: an independent checker (its own code, no solver) verifies every plan.
    Words: kontroll, granska, fel, check.
    """
    if set(dict.fromkeys(booking.klass for booking in plan.bookings)) - {klass.key for klass in problem.classes}:
        return [Fault("unknown", ("class",))]
    if {booking.performance for booking in plan.bookings} - {each.key for each in problem.performances}:
        return [Fault("unknown", ("performance",))]
    check = _Check(problem, plan)
    return [
        *check.identity(),
        *check.standing(),
        *check.each_booking(),
        *check.each_class(),
        *check.each_performance(),
        *check.buses(),
        *check.levels(frozenset(before)),
    ]


class _Check:
    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.classes = {klass.key: klass for klass in problem.classes}
        self.shows = {each.key: each for each in problem.performances}
        self.halls = {school.unit: school.hall for school in problem.schools}
        self.fixed = set(problem.fixed)
        self.new = [booking for booking in plan.bookings if booking not in self.fixed]
        self.hosts = {host.performance: host.unit for host in plan.hosts}
        self.metres = {(unit, key): metres for unit, key, metres in problem.distances}
        self.where = {school.unit: school.position for school in problem.schools}
        self.at: dict[str, list[Booking]] = defaultdict(list)
        self.of: dict[str, list[Booking]] = defaultdict(list)
        for booking in plan.bookings:
            self.at[booking.performance].append(booking)
            self.of[booking.klass].append(booking)

    def identity(self) -> list[Fault]:
        faults = []
        if self.plan.problem != digest(self.problem) or self.plan.seed != self.problem.seed:
            faults.append(Fault("problem", ()))
        for rows in (self.plan.bookings, self.plan.hosts, self.plan.buses):
            if list(rows) != sorted(set(rows)):  # type: ignore[type-var]
                faults.append(Fault("order", ()))
        return faults

    def standing(self) -> list[Fault]:
        gone = sorted(self.fixed - set(self.plan.bookings))
        moved = [host for host in self.problem.hosts if self.hosts.get(host.performance) != host.unit]
        return [
            *(Fault("fixed", (each.klass, each.performance)) for each in gone),
            *(Fault("fixed_host", (host.performance, host.unit)) for host in moved),
        ]

    def each_booking(self) -> list[Fault]:
        """Whether the class may go there at all."""
        faults = []
        for booking in self.new:
            klass, each = self.classes[booking.klass], self.shows[booking.performance]
            refused = (klass.key, each.key) in self.problem.refused
            for wrong, name in (
                (not self._for_its_grades(booking, klass, each), "grade"),
                (each.event in klass.seen, "seen"),
                (bool(klass.needs - each.offers), "access"),
                (each.on in klass.blocked, "blocked"),
                (refused, "refused"),
            ):
                if wrong:
                    faults.append(Fault(name, (klass.key, each.key)))
        return faults

    def _for_its_grades(self, booking: Booking, klass: Klass, each: Performance) -> bool:
        if not booking.cohorts:
            return all(part.cohort in each.cohorts for part in klass.parts)
        theirs = {part.cohort for part in klass.parts}
        return any(
            (other.klass, other.performance) == (klass.key, each.key) and set(other.cohorts) & theirs == set(booking.cohorts)
            for other in self.problem.allowed
        )

    def each_class(self) -> list[Fault]:
        """One thing a day, one visit to an event, and no more visits than are owed."""
        faults = []
        touched = {booking.klass for booking in self.new}
        for key in sorted(touched):
            for what in ("day", "event"):
                counts = Counter(self._what(what, booking) for booking in self.of[key])
                stand = Counter(self._what(what, booking) for booking in self.of[key] if booking in self.fixed)
                for thing, times in counts.items():
                    if times > max(1, stand[thing]):
                        faults.append(Fault(f"same_{what}", (key, thing), times, 1))
            faults += self._unneeded(key)
        return faults

    def _what(self, what: str, booking: Booking) -> str:
        each = self.shows[booking.performance]
        return each.on.isoformat() if what == "day" else each.event

    def _unneeded(self, key: str) -> list[Fault]:
        klass, faults = self.classes[key], []
        for part in klass.parts:
            new = sum(self._covers(booking, part.cohort) for booking in self.of[key] if booking not in self.fixed)
            whole = sum(not booking.cohorts for booking in self.of[key] if booking in self.fixed)
            if new and new + whole > klass.owed:
                faults.append(Fault("unneeded", (key,), new + whole, klass.owed))
        return faults[:1]

    @staticmethod
    def _covers(booking: Booking, cohort: int) -> bool:
        return not booking.cohorts or cohort in booking.cohorts

    def _people(self, booking: Booking) -> int:
        klass = self.classes[booking.klass]
        return klass.adults + sum(part.pupils for part in klass.parts if self._covers(booking, part.cohort))

    def each_performance(self) -> list[Fault]:
        faults = []
        for key in sorted({booking.performance for booking in self.new}):
            each, there = self.shows[key], self.at[key]
            stand = [booking for booking in there if booking in self.fixed]
            seats, fixed = sum(map(self._people, there)), sum(map(self._people, stand))
            limits = [("seats", seats, fixed, each.capacity.seats), ("groups", len(there), len(stand), each.capacity.groups)]
            if each.touring:
                faults += self._hosting(each, there)
                limits.append(("hall", seats, fixed, self.halls.get(self.hosts.get(key, ""), 0)))
            for name, found, of_fixed, limit in limits:
                if limit is not None and found > max(limit, of_fixed):
                    faults.append(Fault(name, (key,), found, limit))
        return faults

    def _hosting(self, each: Performance, there: Sequence[Booking]) -> list[Fault]:
        host = self.hosts.get(each.key)
        if host is None:
            return [Fault("no_host", (each.key,))]
        faults = [
            Fault("elsewhere", (booking.klass, each.key))
            for booking in there
            if booking not in self.fixed and self.classes[booking.klass].unit != host
        ]
        stands = any(other.performance == each.key for other in self.problem.hosts) or any(
            booking in self.fixed for booking in there
        )
        if not stands and each.hosts and host not in each.hosts:
            faults.append(Fault("host", (each.key, host)))
        return faults

    # Buses ---------------------------------------------------------------------------------------------------------------

    def _rides(self, klass: Klass, each: Performance) -> bool:
        if each.touring:
            return False
        metres = self.metres.get((klass.unit, each.key))
        home = self.where.get(klass.unit)
        if metres is None and home is not None and each.position is not None:
            up = radians(each.position.latitude - home.latitude)
            over = radians(each.position.longitude - home.longitude)
            chord = sin(up / 2) ** 2 + cos(radians(home.latitude)) * cos(radians(each.position.latitude)) * sin(over / 2) ** 2
            metres = round(2 * EARTH_METRES * asin(sqrt(min(1.0, chord))))
        return metres is None or metres > klass.walks

    def _counted(self, bookings: Iterable[Booking]) -> dict[tuple[str, str], int]:
        riding: Counter[tuple[str, str]] = Counter()
        for booking in bookings:
            klass, each = self.classes[booking.klass], self.shows[booking.performance]
            if self._rides(klass, each):
                riding[each.key, klass.unit] += self._people(booking)
        of_bus = self.problem.terms.bus_seats
        return {place: (seats + of_bus - 1) // of_bus for place, seats in riding.items()}

    def buses(self) -> list[Fault]:
        counted = self._counted(self.plan.bookings)
        faults = []
        if {(row.performance, row.unit): row.count for row in self.plan.buses} != counted:
            faults.append(Fault("buses", (), sum(row.count for row in self.plan.buses), sum(counted.values())))
        fleet = self.problem.terms.buses_a_day
        if fleet is not None:
            of_day, fixed = self._by_day(counted), self._by_day(self._counted(self.fixed))
            for day in sorted(of_day):
                if of_day[day] > max(fleet, fixed[day]):
                    faults.append(Fault("fleet", (day.isoformat(),), of_day[day], fleet))
        return faults

    def _by_day(self, counted: dict[tuple[str, str], int]) -> Counter[date]:
        days: Counter[date] = Counter()
        for (key, _unit), number in counted.items():
            days[self.shows[key].on] += number
        return days

    # Figures -------------------------------------------------------------------------------------------------------------

    def levels(self, before: frozenset[Booking]) -> list[Fault]:
        faults = []
        values = self._values(before)
        for name in LevelName:
            stated = self.plan.level(name)
            if stated.value != values[name]:
                faults.append(Fault("level", (name.value,), stated.value, values[name]))
            if stated.bound > values[name]:
                faults.append(Fault("bound", (name.value,), stated.bound, values[name]))
        pupils = sum(part.pupils for klass in self.problem.classes for part in klass.parts)
        if self.plan.pupils != pupils:
            faults.append(Fault("pupils", (), self.plan.pupils, pupils))
        return faults + self._who_is_left()

    def _who_is_left(self) -> list[Fault]:
        left, shorts = 0, {}
        for klass in self.problem.classes:
            for part in klass.parts:
                visits = sum(self._covers(booking, part.cohort) for booking in self.of[klass.key])
                left += part.pupils * (not klass.had and not visits)
                if part.pupils and klass.owed > visits:
                    shorts[klass.key, part.cohort] = klass.owed - visits
        stated = {
            (row.klass, part.cohort): row.short
            for row in self.plan.unserved
            for part in self.classes[row.klass].parts
            if part.pupils and (not row.cohorts or part.cohort in row.cohorts)
        }
        faults = [] if stated == shorts else [Fault("unserved", tuple(sorted({key for key, _ in stated.keys() ^ shorts.keys()})))]
        if self.plan.pupils_unserved != left:
            faults.append(Fault("pupils_unserved", (), self.plan.pupils_unserved, left))
        return faults

    def _values(self, before: frozenset[Booking]) -> dict[LevelName, int]:
        unserved = owed = 0
        left: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for klass in self.problem.classes:
            total[klass.unit] += klass.pupils
            for part in klass.parts:
                had = klass.had + sum(self._covers(booking, part.cohort) for booking in self.of[klass.key])
                if not had:
                    unserved += part.pupils * (1 + klass.missed)
                    left[klass.unit] += part.pupils
                owed += part.pupils * (max(0, 1 + klass.missed - had) - (not had))
        shares = [(1000 * left[unit] + total[unit] - 1) // total[unit] for unit in total if total[unit]]
        return {
            LevelName.UNSERVED: unserved,
            LevelName.OWED: owed,
            LevelName.WORST: max(shares, default=0),
            LevelName.MOVED: len(before.difference(self.plan.bookings)),
            LevelName.COST: self._cost(),
        }

    def _cost(self) -> int:
        terms = self.problem.terms
        again = empty = 0
        for key, bookings in self.of.items():
            met = set(self.classes[key].arts)
            for booking in bookings:
                again += self.shows[booking.performance].art in met
                met.add(self.shows[booking.performance].art)
        for key, bookings in self.at.items():
            each = self.shows[key]
            if each.capacity.seats is not None and bookings:
                room = each.capacity.seats
                if each.touring and key in self.hosts:
                    room = min(room, self.halls.get(self.hosts[key], 0))
                empty += max(0, room - sum(map(self._people, bookings)))
        buses = sum(self._counted(self.plan.bookings).values())
        return terms.bus_price * buses + terms.repeat_price * again + terms.empty_seat_price * empty
