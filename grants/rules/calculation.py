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


class NotDefined(ValueError):
    """The numbers of the scheme say nothing, or two things, about a value. name: the quantity. value: in whole units."""

    def __init__(self, name: str, value: int) -> None:
        super().__init__(f"The rules do not say what applies to {value} ({name}).")
        self.name, self.value = name, value


@dataclass(frozen=True, slots=True)
class PotOutcome:
    """What a shared pot gives one application (grants.rules.pot). Kronor; rate: kronor for each krona of claim.

    claim: what the parts before the pot gave this application when the pot was shared. claims: what they gave everybody.
    """

    kronor: Decimal
    claims: Decimal
    rate: Decimal
    claim: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one application's amount is counted from, frozen when it is handed in.

    members: in figures, by reported age band. quantities: named numbers, not negative, in kronor or pieces ("requested",
    "cost", "rent" …). names: what people call a quantity or a choice, where the scheme's form has given it a name. choices:
    what was chosen, by name ("category", a question's key); nothing chosen is an empty tuple. received_at: the instant lateness
    is counted from (received_basis). deadline: the call's; None = nobody is late. pot: None = no pot is shared out yet.

    attendance: what activity support is counted from, or counted: what was counted of it at hand-in, by the key of the counting
    part. counting: what the parts from here on pay for.
    """

    members: tuple[MemberCount, ...] = ()
    quantities: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    received_at: datetime | None = None
    deadline: Deadline | None = None
    pot: PotOutcome | None = None
    attendance: Attendance | None = field(default=None, hash=False)
    counted: Mapping[str, Counted] = field(default_factory=dict, hash=False)
    counting: Counted | None = None

    def __post_init__(self) -> None:
        for name, quantity in self.quantities.items():
            if not quantity.is_finite() or quantity < 0:
                raise ValueError(f"The quantity {name!r} must be a number that is not negative.")

    def quantity(self, name: str) -> Decimal:
        """A named number. Raises FactMissing."""
        if name not in self.quantities:
            raise FactMissing(name)
        return self.quantities[name]

    def name_of(self, name: str) -> str:
        """What people call it, or its key: the words above the rules know the usual keys."""
        return self.names.get(name, name)


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
    there, TooLate when the application comes after the last late step, BandsDoNotFit when ages cut through a reported band,
    NotDefined when the scheme's steps leave a value out or cover it twice.

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
