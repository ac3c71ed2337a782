"""How an amount is arrived at: parts that a scheme lists as data, each giving one line with its rule, inputs and arithmetic.

A scheme version is a sequence of parts (grants.rules.parts). A part looks at the facts and at the lines before it, and adds
one line; the amount is the sum of the lines. A new kind of part is a frozen dataclass with a rule id and a line(); nothing
here changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Protocol, runtime_checkable

from associations.rules.attendance import Attendance
from associations.rules.members import MemberCount
from grants.rules.counted import Counted
from grants.rules.late import Deadline
from records.lines import Line, lines_from_json, lines_to_json, total


class FactMissing(ValueError):
    """The rule needs a fact that the application does not have. name: the quantity's key, or "received_at"."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The calculation needs {name!r}, which is not known.")
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one application's amount is counted from, frozen when it is handed in.

    members: in figures, by reported age band. quantities: named numbers, not negative, in kronor or pieces ("requested",
    "cost", "rent" …). received_at: the instant lateness is counted from (received_basis). deadline: the call's; None = nobody
    is late.

    attendance: what activity support is counted from, or counted: what was counted of it at hand-in, by the key of the counting
    part. counting: what the parts from here on pay for. category: the association's, as a key. shares: the participations of
    everybody who shares a pot, of which share_at is this association's place.
    """

    members: tuple[MemberCount, ...] = ()
    quantities: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    received_at: datetime | None = None
    deadline: Deadline | None = None
    attendance: Attendance | None = field(default=None, hash=False)
    counted: Mapping[str, Counted] = field(default_factory=dict, hash=False)
    counting: Counted | None = None
    category: str = ""
    shares: tuple[int, ...] = ()
    share_at: int = 0

    def __post_init__(self) -> None:
        for name, quantity in self.quantities.items():
            if not quantity.is_finite() or quantity < 0:
                raise ValueError(f"The quantity {name!r} must be a number that is not negative.")

    def quantity(self, name: str) -> Decimal:
        """A named number. Raises FactMissing."""
        if name not in self.quantities:
            raise FactMissing(name)
        return self.quantities[name]


@dataclass(frozen=True, slots=True)
class Calculation:
    """An amount and how it was arrived at."""

    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        """Kronor with two decimals, not negative: the sum of the lines."""
        return total(self.lines)


class Part(Protocol):
    """One rule of a scheme, with its parameters as fields of a frozen dataclass."""

    kind: ClassVar[str]  # its name in data
    rule: ClassVar[str]  # its id

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        """What this part adds, given the facts and the lines before it. Pure; the sum stays at 0 or above."""


@runtime_checkable
class Preparing(Protocol):
    """A part that settles what the parts after it are counted from."""

    def prepared(self, facts: Facts) -> Facts:
        """The facts as this part and those after it see them. Raises FactMissing."""


def calculate(parts: Sequence[Part], facts: Facts) -> Calculation:
    """The amount that the parts give for these facts, with one line per part, in their order.

    The same parts and facts give the same lines, character for character. Raises FactMissing when a part needs what is not
    there, TooLate when the application comes after the last late step, BandsDoNotFit when ages cut through a reported band.

    Rule G-20. Source: house convention for schemes: an amount is the sum of its lines; Case 60.
    Words: beräkning, uträkning, belopp, bidragsberäkning, calculation.
    """
    lines: tuple[Line, ...] = ()
    for part in parts:
        if isinstance(part, Preparing):
            facts = part.prepared(facts)
        lines = (*lines, apply(part, facts, lines))
    return Calculation(lines)


def apply(part: Part, facts: Facts, so_far: tuple[Line, ...]) -> Line:
    """One part's line. ValueError when a part would take away more than there is: that is a fault in the part.

    Rule G-19. Source: house convention for schemes: an amount is never below 0.
    Words: beräkningsrad, rad, line.
    """
    line = part.line(facts, so_far)
    if total((*so_far, line)) < 0:
        raise ValueError(f"The part {part.kind!r} takes away more than there is.")
    return line


def calculation_to_json(calculation: Calculation) -> list[dict[str, Any]]:
    """The lines as JSON data, to be stored with the decision: amounts and inputs as text, nothing binary.

    Rule G-17. Source: house convention: a decision keeps its calculation; Case 60.
    Words: spara beräkning, json.
    """
    return lines_to_json(calculation.lines)


def calculation_from_json(stored: Sequence[Mapping[str, Any]]) -> Calculation:
    """A stored calculation, as it was. Not for data from outside: what calculation_to_json did not write raises KeyError etc.

    Rule G-16. Source: house convention: a decision keeps its calculation; Case 60.
    Words: läs beräkning, json.
    """
    return Calculation(lines_from_json(stored))
