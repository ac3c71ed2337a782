"""A culture plan: what is booked, what it is worth level by level, and how far that is proved."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from culture.rules.plan.problem import Booking, Host, canonical_bytes


class LevelName(StrEnum):
    """What a plan is judged by, the first before the second and so on."""

    UNSERVED = "unserved"  # pupils without a visit this year, each weighed 1 + school years missed
    OWED = "owed"  # pupils x visits to catch up that are still owed
    WORST = "worst"  # the school with the largest share of pupils unserved, in thousandths, rounded up
    MOVED = "moved"  # bookings of the plan before that are gone (in a new plan after a cancellation; else 0)
    COST = "cost"  # kronor: buses, art forms met again, empty seats


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a plan. value: what the plan has. bound: what no plan can be better than, better levels kept."""

    name: LevelName
    value: int
    bound: int

    @property
    def proved(self) -> bool:
        return self.value == self.bound

    @property
    def gap(self) -> float:
        """How far from the bound the value may be: 0.01 = 1 % of the value; 0 when proved."""
        return 0.0 if self.value == self.bound else (self.value - self.bound) / max(1, abs(self.value))


@dataclass(frozen=True, slots=True, order=True)
class Buses:
    """Buses from a school to a performance."""

    performance: str
    unit: str
    count: int


@dataclass(frozen=True, slots=True)
class Unserved:
    """A class that gets fewer visits than it is owed. short: how many fewer. cohorts: which of its pupils; none named = all."""

    klass: str
    short: int
    cohorts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A proposal. Rows in order; pupils_unserved: without any visit this year.

    line_proved: whether the order between equals (C-22) was settled for every class that is left out. problem: its digest.
    """

    bookings: tuple[Booking, ...]
    hosts: tuple[Host, ...]
    buses: tuple[Buses, ...]
    unserved: tuple[Unserved, ...]
    levels: tuple[Level, ...]
    pupils: int
    pupils_unserved: int
    line_proved: bool
    problem: str
    seed: int

    def level(self, name: LevelName) -> Level:
        return next(level for level in self.levels if level.name is name)


def plan_bytes(plan: Plan) -> bytes:
    """The plan as JSON in one way only: what is stored, compared and signed.

    Rule C-33. Source: goal: the same input and seed give the same plan byte for byte.
    Words: plan, byte, kanonisk form, json.
    """
    return canonical_bytes(plan)


def plan_digest(plan: Plan) -> str:
    """SHA-256 of the plan, hexadecimal.

    Rule C-34. Source: goal: the same input and seed give the same plan byte for byte.
    Words: kontrollsumma, sha-256, plan, digest.
    """
    return hashlib.sha256(plan_bytes(plan)).hexdigest()


def plan_changes(before: Plan, after: Plan) -> tuple[tuple[Booking, ...], tuple[Booking, ...]]:
    """What differs between two proposals: (bookings gone, bookings new), in order.

    Rule C-35. Source: issue, "compares two proposals".
    Words: jämför, skillnad, ändringar, compare.
    """
    old, new = set(before.bookings), set(after.bookings)
    return tuple(sorted(old - new)), tuple(sorted(new - old))
