"""The lines of a price as a page shows them: rule, what was counted, arithmetic, amount."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from facilities.wording import LINES
from records.lines import lines_from_json


@dataclass(frozen=True, slots=True)
class ShownLine:
    """What components/calculation.html reads."""

    rule: str
    text: Any
    arithmetic: str
    amount: Decimal


def shown_lines(stored: Sequence[Mapping[str, Any]]) -> list[ShownLine]:
    return [
        ShownLine(line.rule, LINES.get(line.label, line.label), line.arithmetic, line.amount) for line in lines_from_json(stored)
    ]
