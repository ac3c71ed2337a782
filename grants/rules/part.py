"""What every part of a scheme is made with: its refusal of senseless parameters, and its one line."""

from collections.abc import Mapping
from decimal import Decimal

from grants.rules.calculation import Part
from records.lines import Line, plain
from records.values import ORE, rounded


class PartRefused(ValueError):
    """A parameter that makes no sense. field: its name. code: one of grants.rules.parts_json.CODES."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


def _line(part: Part, label: str, inputs: Mapping[str, Decimal | int | str], arithmetic: str, amount: Decimal) -> Line:
    texts = tuple((name, value if isinstance(value, str) else plain(value)) for name, value in inputs.items())
    return Line(part.rule, label, texts, arithmetic, rounded(amount))


def _check_amount(field: str, amount: Decimal | None) -> None:
    if amount is None:
        return
    if not amount.is_finite() or amount < 0:
        raise PartRefused(field, "negative")
    if amount % ORE:
        raise PartRefused(field, "not_ore")


def _check_band(field: str, first: int, last: int | None) -> None:
    if first < 0 or (last is not None and last < first):
        raise PartRefused(field, "band")
