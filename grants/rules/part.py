"""What every part of a scheme is made with: checks of its parameters, what it counts, and the line it gives."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal

from associations.rules.members import members_between
from grants.rules.calculation import Facts, Part
from records.lines import Line, plain, total, written
from records.values import ORE, rounded

MEMBERS = "members"  # the quantity that is read from the register's figures, by age band
KNOWN_QUANTITIES = ("members", "requested", "cost", "rent")  # grants.calculation_words has words for these
Inputs = Mapping[str, Decimal | int | str]


class PartRefused(ValueError):
    """A parameter that makes no sense. field: its name. code: one of grants.rules.parts_json.CODES."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


def line_of(part: Part, label: str, inputs: Inputs, arithmetic: str, amount: Decimal) -> Line:
    """The line of a part, its inputs as plain text and its amount in whole öre, rounded half up.

    Rule GS-01. Source: house convention for schemes: each part gives one line.
    Words: rad, beräkningsrad, line.
    """
    texts = tuple((name, value if isinstance(value, str) else plain(value)) for name, value in inputs.items())
    return Line(part.rule, label, texts, arithmetic, rounded(amount))


def ceiling(part: Part, label: str, inputs: Inputs, how: str, limit: Decimal, so_far: tuple[Line, ...]) -> Line:
    """What a ceiling of *limit* kronor takes away from the lines so far; label "..._not_reached" when it takes nothing.

    how: the arithmetic that gave the limit, "" when it is a number of the scheme.

    Rule GS-02. Source: house convention for schemes: a ceiling is a line of its own.
    Words: tak, högst, ceiling.
    """
    before = total(so_far)
    if before <= limit:
        return line_of(part, f"{label}_not_reached", inputs, f"{how}{written(before)} ≤ {written(limit)}", Decimal(0))
    arithmetic = f"{how}{written(limit)} − {written(before)} = {written(limit - before)}"
    return line_of(part, label, inputs, arithmetic, limit - before)


def within(amount: Decimal, arithmetic: str, minimum: Decimal | None, cap: Decimal | None) -> tuple[Decimal, str]:
    """*amount* raised to *minimum* if it is above 0, then lowered to *cap*; and the arithmetic with the step written out.

    All in kronor; None = no limit. A cap below the minimum wins.

    Rule GS-03. Source: scheme data: "at least" and "at most", for instance Vaggeryd at least 500, Enköping at most 120,000.
    Words: lägst, minst, högst, golv, tak.
    """
    limited = amount
    if minimum is not None and 0 < limited < minimum:
        limited = minimum
    if cap is not None and limited > cap:
        limited = cap
    return limited, arithmetic if limited == amount else f"{arithmetic} → {written(limited)}"


def units_of(facts: Facts, quantity: str, age_from: int = 0, age_to: int | None = None, only_at_home: bool = False) -> Decimal:
    """How many there are of what a part counts: members in an age band, or a named quantity. Raises FactMissing.

    Rule GS-04. Source: scheme data: what an amount is counted on.
    Words: antal, medlemmar, mängd, quantity.
    """
    if quantity != MEMBERS:
        return facts.quantity(quantity)
    return Decimal(members_between(facts.members, age_from, age_to, only_at_home=only_at_home))


def whole_units(value: Decimal) -> int:
    """*value* in whole units, a begun unit not counted: 74.9 is 74.

    Rule GS-05. Source: house convention for schemes: steps are counted in whole units.
    Words: hela, steg, avrunda nedåt.
    """
    return int(value.to_integral_value(rounding=ROUND_FLOOR))


def check_amount(field: str, amount: Decimal | None) -> None:
    """PartRefused unless *amount* is None or kronor in whole öre, not negative.

    Rule GS-06. Source: house convention "money".
    Words: belopp, öre, kontroll.
    """
    if amount is None:
        return
    if not amount.is_finite() or amount < 0:
        raise PartRefused(field, "negative")
    if amount % ORE:
        raise PartRefused(field, "not_ore")


def check_percent(percent: Decimal) -> None:
    """PartRefused unless *percent* lies between 0 and 100.

    Rule GS-07. Source: house convention for schemes.
    Words: procent, andel, kontroll.
    """
    if not percent.is_finite() or not 0 <= percent <= 100:
        raise PartRefused("percent", "not_a_percentage")


def check_band(age_from: int, age_to: int | None) -> None:
    """PartRefused unless the ages run upwards from 0; age_to None = and older.

    Rule GS-08. Source: house convention for schemes.
    Words: ålder, åldersband, kontroll.
    """
    if age_from < 0 or (age_to is not None and age_to < age_from):
        raise PartRefused("age_to", "band")
