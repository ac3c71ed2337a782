"""What a rule found: the shape of every yes or no that has a reason. Also used by the rules of the rooms above."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Figure = int | str | Decimal | date | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's answer: its id, yes or no, and a code with figures from which a sentence is made above the rules.

    code: says what was found, whether or not a dispensation helps ("too_few_members" with members=8 and needed=10).
    dispensed_through: the last day (inclusive) of the dispensation that makes a requirement count as met; None when none is
    needed or none is given.
    """

    rule: str
    met: bool
    code: str
    figures: Mapping[str, Figure] = field(default_factory=dict, hash=False)
    dispensed_through: date | None = None

    def __bool__(self) -> bool:
        return self.met
