"""What a culture plan is made from: classes, performances, schools, and what the officer has decided. Frozen and canonical."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

from culture.rules.seats import Capacity

BUS_SEATS = 53


@dataclass(frozen=True, slots=True)
class Position:
    """A place on the earth in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """The pupils of one cohort in a class."""

    cohort: int
    pupils: int


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school unit. unit: its eight digits. hall: how many seats a touring performance has here; 0 = none can be hosted."""

    unit: str
    position: Position | None = None
    hall: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Klass:
    """A class as it is planned for.

    key: its id in the register. parts: its pupils by cohort. missed: earlier school years to catch up; it is owed 1 + missed
    visits. had: visits of this year that count already and are not among the bookings. last_visit: local day. blocked: days on
    which it cannot go. needs: what the performance must offer (accessibility facts, languages), all of it. seen: events it has
    been to, in any year. arts: art forms its pupils have met. walks: metres it walks; beyond that it goes by bus.
    """

    key: str
    unit: str
    name: str
    parts: tuple[Part, ...]
    adults: int = 0
    missed: int = 0
    had: int = 0
    last_visit: date | None = None
    blocked: frozenset[date] = frozenset()
    needs: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    arts: frozenset[str] = frozenset()
    walks: int = 2500

    @property
    def pupils(self) -> int:
        return sum(part.pupils for part in self.parts)

    @property
    def owed(self) -> int:
        """Visits still owed this year."""
        return max(0, 1 + self.missed - self.had)


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """An event at a time. touring: at a school that the plan chooses among *hosts* (none named = every school with a hall).

    cohorts: whom the event is for. capacity: in seats and in groups; a touring one also fits the host's hall. offers:
    accessibility facts and languages. position: of the venue; not of a touring one.
    """

    key: str
    event: str
    art: str
    on: date
    cohorts: frozenset[int]
    capacity: Capacity
    touring: bool = False
    hosts: frozenset[str] = frozenset()
    position: Position | None = None
    offers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Booking:
    """A class at a performance. cohorts: those of the class that go; none named = all of it."""

    klass: str
    performance: str
    cohorts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Host:
    """Where a touring performance is."""

    performance: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the municipality has decided about buses and what a plan avoids.

    bus_seats: of one bus, above 0. buses_a_day: how many there are in all, each for one school and one performance; None = any
    number. bus_price: kronor. repeat_price, empty_seat_price: what a class that meets an art form again, and a seat that stays
    empty at a performance that takes place, weigh against that, in kronor.
    """

    bus_seats: int = BUS_SEATS
    buses_a_day: int | None = None
    bus_price: int = 4000
    repeat_price: int = 1500
    empty_seat_price: int = 20

    def __post_init__(self) -> None:
        if self.bus_seats < 1 or min(self.bus_price, self.repeat_price, self.empty_seat_price) < 0:
            raise ValueError("A bus has seats, and no price is negative.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """All that a plan depends on: the same problem gives the same plan, byte for byte, in whatever order its rows come.

    fixed: bookings that stand (published, or locked by the officer). hosts: hosts that stand. refused: (class, performance) that
    a school or the officer has said no to. allowed: bookings of named cohorts that the officer allows though the event is not
    for the whole class. distances: (unit, performance, metres) where measured; else as the crow flies. seed: stored with the
    plan.
    """

    schools: tuple[School, ...]
    classes: tuple[Klass, ...]
    performances: tuple[Performance, ...]
    fixed: tuple[Booking, ...] = ()
    hosts: tuple[Host, ...] = ()
    refused: frozenset[tuple[str, str]] = frozenset()
    allowed: tuple[Booking, ...] = ()
    distances: tuple[tuple[str, str, int], ...] = ()
    terms: Terms = field(default_factory=Terms)
    seed: int = 0


def canonical(problem: Problem) -> Problem:
    """The same problem with its rows in one order.

    ValueError when a class, performance or school comes twice, or something names one that is not there.

    Rule C-30. Source: acceptance Case 32: the same result after shuffling the rows.
    Words: ordning, kanonisk, samma indata, canonical.
    """
    ordered = replace(
        problem,
        schools=tuple(sorted(problem.schools, key=lambda school: school.unit)),
        classes=tuple(
            sorted(
                (replace(klass, parts=tuple(sorted(klass.parts, reverse=True))) for klass in problem.classes),
                key=lambda klass: (klass.unit, klass.name, klass.key),
            )
        ),
        performances=tuple(sorted(problem.performances, key=lambda each: (each.on, each.key))),
        fixed=tuple(sorted(set(problem.fixed))),
        hosts=tuple(sorted(set(problem.hosts))),
        allowed=tuple(sorted(set(problem.allowed))),
        distances=tuple(sorted(problem.distances)),
    )
    _check(ordered)
    return ordered


def digest(problem: Problem) -> str:
    """SHA-256 of the canonical problem, hexadecimal: what a plan says that it was made from.

    Rule C-31. Source: house convention: the same input gives the same bytes.
    Words: kontrollsumma, sha-256, indata, digest.
    """
    return hashlib.sha256(canonical_bytes(canonical(problem))).hexdigest()


def canonical_bytes(thing: Any) -> bytes:
    """A frozen dataclass as JSON in one way only: keys and sets in order, no spaces, UTF-8.

    Rule C-32. Source: house convention: the same input gives the same bytes.
    Words: json, byte, kanonisk form, canonical.
    """
    plain = {each.name: getattr(thing, each.name) for each in fields(thing)}
    return json.dumps(_plain(plain), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((_plain(each) for each in value), key=str)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return _plain(asdict(value))
    return value


def _check(problem: Problem) -> None:
    units = _once("school", [school.unit for school in problem.schools])
    classes = _once("class", [klass.key for klass in problem.classes])
    shows = _once("performance", [each.key for each in problem.performances])
    _known("school", units, (klass.unit for klass in problem.classes), (host.unit for host in problem.hosts))
    _known("class", classes, (booking.klass for booking in (*problem.fixed, *problem.allowed)))
    named = (
        *(booking.performance for booking in (*problem.fixed, *problem.allowed)),
        *(host.performance for host in problem.hosts),
    )
    _known("performance", shows, named)
    if len({host.performance for host in problem.hosts}) != len(problem.hosts):
        raise ValueError("A performance has two hosts.")


def _once(what: str, keys: list[str]) -> set[str]:
    unique = set(keys)
    if len(unique) != len(keys):
        raise ValueError(f"A {what} comes twice.")
    return unique


def _known(what: str, known: set[str], *named: Iterable[str]) -> None:
    for keys in named:
        strangers = set(keys) - known
        if strangers:
            raise ValueError(f"Unknown {what}: {sorted(strangers)[0]}")
