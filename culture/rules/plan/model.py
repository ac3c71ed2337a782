"""A model of a plan: whole-number columns, linear rows, and what is to be made small; the same for every solver."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from culture.rules.plan.proposal import LevelName

NO_LIMIT = 10**9
FINE = 16  # prices are whole numbers of so many parts of a krona
Progress = Callable[[int, int], None]  # how far, of how much
Terms = list[tuple[int, int]]  # (column, coefficient)


@dataclass(slots=True)
class Row:
    """low <= sum of terms <= high. show: of one performance alone, and known to its stage; None = ties performances together."""

    terms: Terms
    low: int = -NO_LIMIT
    high: int = NO_LIMIT
    show: int | None = None


@dataclass(frozen=True, slots=True)
class Going:
    """A set of classes of one school that goes to a performance together. opens: the column that must be 1 then, if any."""

    column: int
    show: int
    unit: str
    arcs: tuple[int, ...]
    classes: tuple[int, ...]
    seats: int
    opens: int | None


@dataclass(frozen=True, slots=True)
class Room:
    """What a performance has left. one: only one school goes (it comes to the school)."""

    seats: int | None
    groups: int | None
    one: bool


@dataclass(slots=True)
class Goal:
    """A value to make small: constant + sum of terms."""

    constant: int
    terms: Terms

    def value(self, point: Sequence[int]) -> int:
        return self.constant + sum(coefficient * point[column] for column, coefficient in self.terms)


@dataclass(slots=True)
class Mip:
    """Columns are whole numbers from low to high. start: a point that keeps every row. arcs: arc -> the columns that choose it.

    outs: (class, atom) -> the column that is 1 when nobody of it has a visit. going, rooms: of what each performance is made.
    in_sets: whether every choice is one of those sets.
    """

    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    arcs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    outs: dict[tuple[int, int], int] = field(default_factory=dict)
    goals: dict[LevelName, Goal] = field(default_factory=dict)
    going: list[Going] = field(default_factory=list)
    rooms: dict[int, Room] = field(default_factory=dict)
    in_sets: bool = True
    most: dict[int, int] = field(default_factory=dict)  # class -> visits at most; of classes that are not divided

    def column(self, high: int, start: int, low: int = 0) -> int:
        self.low.append(low)
        self.high.append(high)
        self.start.append(start)
        return len(self.low) - 1

    def row(self, terms: Terms, low: int = -NO_LIMIT, high: int = NO_LIMIT, show: int | None = None) -> None:
        if terms:
            self.rows.append(Row(terms, low, high, show))

    def goal_of(self, column: int) -> Goal:
        return Goal(0, [(column, 1)])

    def chosen(self, point: Sequence[int]) -> list[int]:
        return [arc for arc, columns in self.arcs.items() if any(point[column] for column in columns)]
