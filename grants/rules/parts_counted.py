"""Parts that count something: steps, so much for each, shares of a cost, a loss, and what a year may hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from grants.rules.calculation import Facts, NotDefined
from grants.rules.part import (
    MEMBERS,
    Inputs,
    PartRefused,
    ceiling,
    check_amount,
    check_band,
    check_percent,
    line_of,
    units_of,
    whole_units,
    within,
)
from records.lines import Line, plain, written
from records.values import rounded

COUNTED_LABELS: Mapping[str, tuple[str, ...]] = {
    "per_unit": ("quantity", "units", "kronor", "age_from", "age_to", "times", "times_units", "minimum", "cap"),
    "stepped": ("quantity", "units", "age_from", "age_to", "step_from", "step_to"),
    "stepped_below": ("quantity", "units", "age_from", "age_to", "step_from"),
    "stepped_sliced": ("quantity", "units", "age_from", "age_to"),
    "share_of_cost": ("quantity", "cost", "percent", "deduct", "minimum", "cap"),
    "loss_guarantee": ("costs", "incomes", "loss", "percent", "cap", "granted"),
    "loss_guarantee_actual": ("costs", "incomes", "loss", "percent", "cap", "granted"),
    "at_most_in_year": ("limit", "before"),
    "at_most_in_year_not_reached": ("limit", "before"),
}
MOST_STEPS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PerUnit:
    """So many kronor for each of what is counted, with every cap a council has thought of.

    kronor: for each. quantity: "members" (then by age, both ends included) or a named number. free: the first so many give
    nothing. most: no more than so many are counted. times, times_most: a second number to multiply by ("days"), at most so
    many; "" = none. minimum, cap: kronor; the minimum holds only when the amount is above 0.

    Rule GS-21. Source: scheme data, for instance Robertsfors leader courses: at most 300 kr per day and person, 5 days, 3
    persons; Gotland 33 kr per session and 3.85 kr per participant.
    Words: per styck, per deltagare, per sammankomst, per dag, per person, kurs, tak, per unit.
    """

    kind: ClassVar[str] = "per_unit"
    rule: ClassVar[str] = "GS-21"
    kronor: Decimal
    quantity: str
    age_from: int = 0
    age_to: int | None = None
    only_at_home: bool = False
    free: int = 0
    most: int | None = None
    times: str = ""
    times_most: int | None = None
    minimum: Decimal | None = None
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        for name, amount in (("kronor", self.kronor), ("minimum", self.minimum), ("cap", self.cap)):
            check_amount(name, amount)
        for name, number in (("free", self.free), ("most", self.most), ("times_most", self.times_most)):
            if number is not None and number < 0:
                raise PartRefused(name, "negative")
        check_band(self.age_from, self.age_to)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        units = units_of(facts, self.quantity, self.age_from, self.age_to, self.only_at_home)
        counted, how = _counted(units, self.free, self.most)
        factors = [written(counted)]
        amount, times = counted, Decimal(1)
        if self.times:
            times = facts.quantity(self.times)
            second, more = _counted(times, 0, self.times_most)
            how, amount = how + more, amount * second
            factors.append(written(second))
        amount = rounded(amount * self.kronor)
        how += " × ".join([*factors, written(self.kronor)]) + f" = {written(amount)}"
        amount, how = within(amount, how, self.minimum, self.cap)
        inputs = {
            "quantity": facts.name_of(self.quantity),
            "units": units,
            "kronor": self.kronor,
            **_ages(self.quantity, self.age_from, self.age_to),
            "times": facts.name_of(self.times) if self.times else "",
            "times_units": times if self.times else "",
            "minimum": _or_nothing(self.minimum),
            "cap": _or_nothing(self.cap),
        }
        return line_of(self, "per_unit", inputs, how, amount)


@dataclass(frozen=True, slots=True)
class Step:
    """From so many to so many, both included (last None = and more): kronor in all, and so much for each."""

    first: int
    last: int | None = None
    kronor: Decimal = Decimal(0)
    per_unit: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.first < 0:
            raise PartRefused("from", "negative")
        if self.last is not None and self.last < self.first:
            raise PartRefused("to", "band")
        check_amount("kronor", self.kronor)
        check_amount("per_unit", self.per_unit)

    def holds(self, units: int) -> bool:
        return self.first <= units and (self.last is None or units <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """An amount by steps of a number. Whole units; what is below the first step gives nothing.

    quantity and ages as in PerUnit. sliced: False = the step that the whole number lies in decides for all of it; True = each
    step pays for its own part of the number ("the first 100 ... the next 100 ..."). Raises NotDefined for a number that no step,
    or two steps, hold: no amount is guessed (grants.rules.weaknesses shows such numbers to the officer).

    Rule GS-22. Source: scheme data, for instance Tanum: 4,000 kr for 10-50 members, 20 kr per member from 51; Ljungby by number
    of activities.
    Words: trappa, steg, intervall, stepped.
    """

    kind: ClassVar[str] = "stepped"
    rule: ClassVar[str] = "GS-22"
    steps: tuple[Step, ...]
    quantity: str
    age_from: int = 0
    age_to: int | None = None
    only_at_home: bool = False
    sliced: bool = False

    def __post_init__(self) -> None:
        check_band(self.age_from, self.age_to)
        if not self.steps:
            raise PartRefused("steps", "no_steps")
        if len(self.steps) > MOST_STEPS:
            raise PartRefused("steps", "too_many")

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        units = whole_units(units_of(facts, self.quantity, self.age_from, self.age_to, self.only_at_home))
        inputs: dict[str, Decimal | int | str] = {"quantity": facts.name_of(self.quantity), "units": units}
        inputs |= _ages(self.quantity, self.age_from, self.age_to)
        first = min(step.first for step in self.steps)
        if units < first:
            arithmetic = f"{written(units)} < {written(first)}"
            return line_of(self, "stepped_below", inputs | {"step_from": first}, arithmetic, Decimal(0))
        if self.sliced:
            return self._slices(inputs, units)
        holding = [step for step in self.steps if step.holds(units)]
        if len(holding) != 1:
            raise NotDefined(self.quantity, units)
        step = holding[0]
        amount, arithmetic = _step_amount(step, units)
        inputs |= {"step_from": step.first, "step_to": "" if step.last is None else step.last}
        return line_of(self, "stepped", inputs, arithmetic, amount)

    def _slices(self, inputs: Mapping[str, Decimal | int | str], units: int) -> Line:
        amount, pieces, counted = Decimal(0), [], 0
        for step in sorted(self.steps, key=lambda step: step.first):
            if step.first > units:
                continue
            last = units if step.last is None else min(units, step.last)
            inside = last - max(step.first, 1) + 1
            counted += inside
            part, arithmetic = _step_amount(step, inside)
            amount += part
            pieces.append(arithmetic)
        if counted != units - max(min(step.first for step in self.steps), 1) + 1:
            raise NotDefined(self.quantity, units)
        arithmetic = " + ".join(pieces) + (f" = {written(amount)}" if len(pieces) > 1 else "")
        return line_of(self, "stepped_sliced", inputs, arithmetic, amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOfCost:
    """A share of what a cost is above a part that one bears oneself, at least *minimum* if there is anything, at most *cap*.

    percent: 0-100. deduct: kronor that are taken off the cost first. minimum, cap: kronor; None = none. A minimum is never more
    than the cost itself.

    Rule GS-23. Source: scheme data: "the part of the cost above", with a floor and a ceiling.
    Words: självrisk, överstigande, andel, golv, tak, share of cost.
    """

    kind: ClassVar[str] = "share_of_cost"
    rule: ClassVar[str] = "GS-23"
    percent: Decimal
    quantity: str
    deduct: Decimal = Decimal(0)
    minimum: Decimal | None = None
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        check_percent(self.percent)
        for name, amount in (("deduct", self.deduct), ("minimum", self.minimum), ("cap", self.cap)):
            check_amount(name, amount)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        cost = facts.quantity(self.quantity)
        above = max(cost - self.deduct, Decimal(0))
        amount = rounded(above * self.percent / 100)
        base = f"({written(cost)} − {written(self.deduct)})" if self.deduct else written(cost)
        how = f"{written(self.percent)} % × {base} = {written(amount)}"
        minimum = None if self.minimum is None else min(self.minimum, rounded(cost))
        amount, how = within(amount, how, minimum, self.cap)
        inputs: Inputs = {
            "quantity": facts.name_of(self.quantity),
            "cost": cost,
            "percent": self.percent,
            "deduct": self.deduct if self.deduct else "",
            "minimum": _or_nothing(self.minimum),
            "cap": _or_nothing(self.cap),
        }
        return line_of(self, "share_of_cost", inputs, how, amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossGuarantee:
    """A share of the loss, costs less incomes, never more than what was granted beforehand.

    percent: 0-100. costs, incomes: names of two amounts. cap: kronor; None = none. "granted" among the facts is what the
    guarantee was decided to be, and then costs and incomes are what the follow-up report says they came to; before there is a
    decision it is left out and the loss that is planned counts.

    Rule GS-24. Source: scheme data, for instance Lidköping: the smaller of what was granted and the actual loss.
    Words: förlustgaranti, förlust, underskott, arrangemang, loss.
    """

    kind: ClassVar[str] = "loss_guarantee"
    rule: ClassVar[str] = "GS-24"
    costs: str
    incomes: str
    percent: Decimal = Decimal(100)
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        check_percent(self.percent)
        check_amount("cap", self.cap)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        costs, incomes = facts.quantity(self.costs), facts.quantity(self.incomes)
        loss = max(costs - incomes, Decimal(0))
        amount = rounded(loss * self.percent / 100)
        how = f"{written(costs)} − {written(incomes)} = {written(costs - incomes)}"
        if self.percent != 100:
            how += f"; {written(self.percent)} % × {written(loss)} = {written(amount)}"
        granted = facts.quantities.get("granted")
        amount, how = within(amount, how if loss == costs - incomes else f"{how} → 0", None, self.cap)
        amount, how = within(amount, how, None, granted)
        inputs: Inputs = {
            "costs": costs,
            "incomes": incomes,
            "loss": loss,
            "percent": self.percent,
            "cap": _or_nothing(self.cap),
            "granted": _or_nothing(granted),
        }
        return line_of(self, "loss_guarantee" if granted is None else "loss_guarantee_actual", inputs, how, amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMostInYear:
    """A ceiling on what one association gets from the scheme in a grant year, earlier applications counted in.

    kronor: a year. "granted_before" among the facts is what applications that came in earlier were granted.

    Rule GS-25. Source: scheme data, for instance Robertsfors: at most 8,000 kr a year for leader courses.
    Words: per år, årstak, högst per år, tak, year.
    """

    kind: ClassVar[str] = "at_most_in_year"
    rule: ClassVar[str] = "GS-25"
    kronor: Decimal

    def __post_init__(self) -> None:
        check_amount("kronor", self.kronor)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        before = facts.quantity("granted_before")
        left = max(self.kronor - before, Decimal(0))
        how = f"{written(self.kronor)} − {written(before)} = {written(left)}; " if before else ""
        return ceiling(self, "at_most_in_year", {"limit": self.kronor, "before": before}, how, left, so_far)


def _counted(units: Decimal, free: int, most: int | None) -> tuple[Decimal, str]:
    """What is counted of *units*, and how it came about: "7 → 5; "."""
    counted = max(units - free, Decimal(0))
    how = f"{written(units)} − {written(free)} = {written(units - free)}; " if free else ""
    if most is not None and counted > most:
        how += f"{written(counted)} → {written(most)}; "
        counted = Decimal(most)
    return counted, how


def _step_amount(step: Step, units: int) -> tuple[Decimal, str]:
    each = rounded(step.per_unit * units)
    if not step.per_unit:
        return rounded(step.kronor), written(step.kronor)
    product = f"{written(units)} × {written(step.per_unit)}"
    if not step.kronor:
        return each, f"{product} = {written(each)}"
    return rounded(step.kronor) + each, f"{written(step.kronor)} + {product} = {written(step.kronor + each)}"


def _ages(quantity: str, age_from: int, age_to: int | None) -> dict[str, int | str]:
    if quantity != MEMBERS:
        return {"age_from": "", "age_to": ""}
    return {"age_from": age_from, "age_to": "" if age_to is None else age_to}


def _or_nothing(amount: Decimal | None) -> str:
    return "" if amount is None else plain(amount)
