"""Places at a performance: how many are left, who is next, and who comes first when two are equal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

NEVER = date.min  # the last visit of who has had none: has waited longest


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many fit. seats: pupils and adults together. groups: classes. None = no limit of that kind; one must be given."""

    seats: int | None = None
    groups: int | None = None

    def __post_init__(self) -> None:
        if self.seats is None and self.groups is None:
            raise ValueError("A performance must have a limit in seats or in groups.")
        if min(self.seats or 0, self.groups or 0) < 0:
            raise ValueError("A capacity is not negative.")


@dataclass(frozen=True, slots=True)
class Party:
    """A class as it comes: pupils and adults, at least somebody."""

    pupils: int
    adults: int = 0

    def __post_init__(self) -> None:
        if self.pupils < 0 or self.adults < 0 or not self.pupils + self.adults:
            raise ValueError("A party is at least one person.")

    @property
    def seats(self) -> int:
        return self.pupils + self.adults


@dataclass(frozen=True, slots=True)
class Room:
    """Whether a party fits. seats_short, groups_short: how many places too few; 0 and 0 = it fits."""

    seats_short: int
    groups_short: int

    @property
    def fits(self) -> bool:
        return not (self.seats_short or self.groups_short)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One in the queue of a performance. arrival: the number it drew when it came, unique in the queue."""

    arrival: int
    klass: str
    party: Party


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides between classes that want the same place. missed: school years to catch up. last_visit: local day, or None.

    unit: the eight digits of the school unit. name: of the class.
    """

    unit: str
    name: str
    missed: int = 0
    last_visit: date | None = None


def room_for(capacity: Capacity, taken: Sequence[Party], party: Party) -> Room:
    """Whether one more party fits beside those taken, and how much is missing.

    Rule C-20. Source: acceptance Cases 29 and 30: 28 + 2 then 20 + 1 in 50 seats is one seat short; as two groups both fit.
    Words: platser, fullt, får plats, kapacitet, seats.
    """
    seats = sum(each.seats for each in taken) + party.seats
    seats_short = 0 if capacity.seats is None else max(0, seats - capacity.seats)
    groups_short = 0 if capacity.groups is None else max(0, len(taken) + 1 - capacity.groups)
    return Room(seats_short, groups_short)


def next_in_line(capacity: Capacity, taken: Sequence[Party], queue: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Who in the queue can be offered a place now, all at once, by order of arrival.

    One that does not fit is passed over and keeps its number: a small class may be offered what a large one before it cannot use.

    Rule C-21. Source: acceptance Case 29: places in the queue by arrival number.
    Words: väntelista, kö, reserv, turordning, queue.
    """
    inside, offered = list(taken), []
    for waiting in sorted(queue, key=lambda each: each.arrival):
        if room_for(capacity, inside, waiting.party).fits:
            inside.append(waiting.party)
            offered.append(waiting)
    return tuple(offered)


def order_key(standing: Standing) -> tuple[int, date, str, tuple[tuple[int, int, str], ...]]:
    """What to sort classes by when they are equal in need of a place: the first comes first.

    Most school years missed; then the longest since the last visit (never = longest); then the lower school-unit code; then the
    name of the class, numbers as numbers ("5A" before "5B", "9A" before "10A").

    Rule C-22. Source: acceptance Case 32.
    Words: turordning, lika, skiljer, väntat längst, tie.
    """
    return -standing.missed, standing.last_visit or NEVER, standing.unit, _natural(standing.name)


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    parts: list[tuple[int, int, str]] = []
    for digit, letters in _runs("".join(name.casefold().split())):
        parts.append((0, int(letters), "") if digit else (1, 0, letters))
    return tuple(parts)


def _runs(text: str) -> Iterable[tuple[bool, str]]:
    run = ""
    for letter in text:
        if run and letter.isdecimal() != run[-1].isdecimal():
            yield run[-1].isdecimal(), run
            run = ""
        run += letter
    if run:
        yield run[-1].isdecimal(), run
