"""A line of a calculation, as every room shows it: rule, what was counted, arithmetic, kronor. Plain Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from records.values import kronor_text, rounded


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a calculation.

    rule: the id that a person can read out. label: code of the sentence above it; each room keeps its own table of labels.
    inputs: what was counted, name and plain value ("members", "100"). arithmetic: as written in Swedish, "100 × 60 = 6 000".
    amount: kronor with two decimals, what the line adds (below 0: takes away).
    """

    rule: str
    label: str
    inputs: tuple[tuple[str, str], ...]
    arithmetic: str
    amount: Decimal


def total(lines: Sequence[Line]) -> Decimal:
    """The sum of the lines, in kronor with two decimals.

    Rule R-30. Source: house convention: an amount is the sum of its lines.
    Words: summa, total.
    """
    return rounded(sum((line.amount for line in lines), Decimal(0)))


def lines_to_json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines as JSON data, to be stored with what they explain: amounts and inputs as text, nothing binary.

    Rule R-31. Source: house convention: a decision and a booking keep their calculation.
    Words: spara beräkning, json.
    """
    return [
        {
            "rule": line.rule,
            "label": line.label,
            "inputs": [list(pair) for pair in line.inputs],
            "arithmetic": line.arithmetic,
            "amount": str(line.amount),
        }
        for line in lines
    ]


def lines_from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Stored lines, as they were. Not for data from outside: what lines_to_json did not write raises KeyError etc.

    Rule R-32. Source: house convention: a decision and a booking keep their calculation.
    Words: läs beräkning, json.
    """
    return tuple(
        Line(
            rule=line["rule"],
            label=line["label"],
            inputs=tuple((name, value) for name, value in line["inputs"]),
            arithmetic=line["arithmetic"],
            amount=Decimal(line["amount"]),
        )
        for line in stored
    )


def plain(number: Decimal | int) -> str:
    """A number as a stored input: no grouping, a point, no superfluous zeros ("4800", "3.85").

    Rule R-33. Source: house convention: the same input gives the same bytes.
    Words: tal, siffror, plain.
    """
    text = format(Decimal(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def written(number: Decimal | int) -> str:
    """A number as written in a line of arithmetic: "4 800", "3,85", with a real minus sign.

    Rule R-34. Source: house convention "numbers people can read".
    Words: tal, skriv, arithmetic.
    """
    return kronor_text(Decimal(number)).replace("-", "−")
