"""The parts a scheme can be made of. Each is a rule with parameters; each gives one line.

Amounts are kronor; every line is rounded half up to öre. Parameters are checked when a part is made (PartRefused), so that
neither a form nor a file can hold an impossible scheme.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from associations.rules.members import members_between
from grants.rules.activity import ACTIVITY_LABELS, PerLeader, PerParticipation, PerSession
from grants.rules.activity_count import ActivityCounting
from grants.rules.calculation import FactMissing, Facts, Part
from grants.rules.late import days_late, late_percent, late_reduction
from grants.rules.part import PartRefused, ceiling, check_amount, check_band, check_percent, line_of
from grants.rules.parts_counted import COUNTED_LABELS, AtMostInYear, LossGuarantee, PerUnit, ShareOfCost, Stepped
from grants.rules.parts_pot import POT_LABELS, PotShare
from grants.rules.parts_when import WHEN_LABELS
from records.lines import Line, total, written
from records.values import rounded

__all__ = ["LABELS", "PARTS", "PartRefused"]

# Every label a line here can carry, with the names of its inputs: what the wording must have a sentence for.
LABELS: Mapping[str, tuple[str, ...]] = {
    "base_amount": ("kronor",),
    "per_member": ("members", "kronor", "age_from", "age_to"),
    "per_member_minimum": ("members", "kronor", "age_from", "age_to", "minimum"),
    "percent_of_cost": ("quantity", "cost", "percent"),
    "percent_of_cost_capped": ("quantity", "cost", "percent", "cap"),
    "cost_too_low": ("quantity", "cost", "only_above"),
    "requested": ("requested",),
    "requested_capped": ("requested", "cap"),
    "at_most": ("limit",),
    "at_most_not_reached": ("limit",),
    "at_most_share": ("quantity", "cost", "percent"),
    "at_most_share_not_reached": ("quantity", "cost", "percent"),
    "late": ("days", "percent"),
    "in_time": (),
    "rounding": ("unit",),
    "minimum_payout": ("minimum",),
    "below_minimum_payout": ("minimum",),
    **COUNTED_LABELS,
    **POT_LABELS,
    **WHEN_LABELS,
    **ACTIVITY_LABELS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseAmount:
    """A fixed amount. kronor: not negative.

    Rule G-21. Source: scheme data, for instance Kumla: basic support 2,000 kr a year.
    Words: grundbelopp, grundbidrag, fast belopp, base.
    """

    kind: ClassVar[str] = "base_amount"
    rule: ClassVar[str] = "G-21"
    kronor: Decimal

    def __post_init__(self) -> None:
        check_amount("kronor", self.kronor)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        return line_of(self, "base_amount", {"kronor": self.kronor}, written(self.kronor), self.kronor)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerMember:
    """So many kronor for each member in an age band, and at least *minimum* if there is any such member.

    kronor: not negative. age_from, age_to: years turned this calendar year, both included; age_to None = and older. minimum:
    kronor; None = none. only_at_home: members who live in the municipality only.

    Rule G-22. Source: scheme data, for instance Tranås: 60 kr x members 7-25; Vaggeryd: 20 kr per member 7-19, at least 500.
    Words: medlemsbidrag, per medlem, medlemmar, ålder, minst, per member.
    """

    kind: ClassVar[str] = "per_member"
    rule: ClassVar[str] = "G-22"
    kronor: Decimal
    age_from: int = 0
    age_to: int | None = None
    minimum: Decimal | None = None
    only_at_home: bool = False

    def __post_init__(self) -> None:
        check_amount("kronor", self.kronor)
        check_amount("minimum", self.minimum)
        check_band(self.age_from, self.age_to)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        members = members_between(facts.members, self.age_from, self.age_to, only_at_home=self.only_at_home)
        amount = rounded(members * self.kronor)
        arithmetic = f"{written(members)} × {written(self.kronor)} = {written(amount)}"
        ages = {"age_from": self.age_from, "age_to": "" if self.age_to is None else self.age_to}
        inputs: dict[str, Decimal | int | str] = {"members": members, "kronor": self.kronor, **ages}
        if self.minimum is None or not members or amount >= self.minimum:
            return line_of(self, "per_member", inputs, arithmetic, amount)
        inputs["minimum"] = self.minimum
        return line_of(self, "per_member_minimum", inputs, f"{arithmetic} → {written(self.minimum)}", self.minimum)


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentOfCost:
    """A share of a cost, at most *cap*, and nothing unless the cost is above *only_above*.

    percent: 0-100. quantity: the name of the cost among the facts. only_above: kronor; a cost of exactly this gives nothing;
    None = any cost. When it is above, the share is of the whole cost. cap: kronor; None = none.

    Rule G-23. Source: scheme data, for instance Enköping: investments 40 %, only cost above 52,500, up to 120,000; events
    half, at most 5,000.
    Words: procent av kostnad, andel, tak, golv, investeringsbidrag, arrangemang, percent.
    """

    kind: ClassVar[str] = "percent_of_cost"
    rule: ClassVar[str] = "G-23"
    percent: Decimal
    quantity: str = "cost"
    only_above: Decimal | None = None
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        check_percent(self.percent)
        check_amount("only_above", self.only_above)
        check_amount("cap", self.cap)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        cost = facts.quantity(self.quantity)
        inputs: dict[str, Decimal | int | str] = {"quantity": facts.name_of(self.quantity), "cost": cost}
        if self.only_above is not None and cost <= self.only_above:
            inputs["only_above"] = self.only_above
            return line_of(self, "cost_too_low", inputs, f"{written(cost)} ≤ {written(self.only_above)}", Decimal(0))
        amount = rounded(cost * self.percent / 100)
        arithmetic = f"{written(self.percent)} % × {written(cost)} = {written(amount)}"
        inputs["percent"] = self.percent
        if self.cap is None or amount <= self.cap:
            return line_of(self, "percent_of_cost", inputs, arithmetic, amount)
        inputs["cap"] = self.cap
        return line_of(self, "percent_of_cost_capped", inputs, f"{arithmetic} → {written(self.cap)}", self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedUpTo:
    """What was asked for ("requested" among the facts), at most *cap* kronor. cap: None = all of it.

    Rule G-24. Source: scheme data: support with what is applied for, up to a highest amount; Case 36.
    Words: sökt belopp, ansökt, högst, tak, requested.
    """

    kind: ClassVar[str] = "requested_up_to"
    rule: ClassVar[str] = "G-24"
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        check_amount("cap", self.cap)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        requested = rounded(facts.quantity("requested"))
        if self.cap is None or requested <= self.cap:
            return line_of(self, "requested", {"requested": requested}, written(requested), requested)
        inputs = {"requested": requested, "cap": self.cap}
        return line_of(self, "requested_capped", inputs, f"{written(requested)} → {written(self.cap)}", self.cap)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMost:
    """A ceiling on everything so far. kronor: not negative.

    Rule G-25. Source: scheme data, for instance Tranås: at most 7,000.
    Words: tak, högst, maxbelopp, ceiling.
    """

    kind: ClassVar[str] = "at_most"
    rule: ClassVar[str] = "G-25"
    kronor: Decimal

    def __post_init__(self) -> None:
        check_amount("kronor", self.kronor)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        return ceiling(self, "at_most", {"limit": self.kronor}, "", self.kronor, so_far)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtMostShare:
    """A ceiling on everything so far, as a share of a cost. percent: 0-100. quantity: the name of the cost among the facts.

    With quantity "requested" and 100 percent: never more than was asked for.

    Rule G-26. Source: scheme data, for instance Tranås: at most 80 % of the year's rent; Case 36: at most what was applied for.
    Words: tak, högst, andel av hyra, procent, sökt belopp, ceiling.
    """

    kind: ClassVar[str] = "at_most_share"
    rule: ClassVar[str] = "G-26"
    percent: Decimal
    quantity: str

    def __post_init__(self) -> None:
        check_percent(self.percent)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        cost = facts.quantity(self.quantity)
        limit = rounded(cost * self.percent / 100)
        inputs: dict[str, Decimal | int | str] = {"quantity": facts.name_of(self.quantity), "cost": cost, "percent": self.percent}
        how = f"{written(self.percent)} % × {written(cost)} = {written(limit)}; "
        return ceiling(self, "at_most_share", inputs, how, limit, so_far)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReduction:
    """What a late application loses of everything so far; the steps are the call's (Facts.deadline). Its line carries G-07.

    Raises TooLate after the last step, FactMissing when there is a deadline and no time of receipt.
    """

    kind: ClassVar[str] = "late_reduction"
    rule: ClassVar[str] = "G-07"

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        if facts.deadline is None:
            return line_of(self, "in_time", {}, "", Decimal(0))
        if facts.received_at is None:
            raise FactMissing("received_at")
        days = days_late(facts.received_at, facts.deadline.closes_at)
        if not days:
            return line_of(self, "in_time", {}, "", Decimal(0))
        percent, before = late_percent(days, facts.deadline.steps), total(so_far)
        lost = late_reduction(before, facts.received_at, facts.deadline)
        inputs: dict[str, Decimal | int | str] = {"days": days, "percent": percent}
        return line_of(self, "late", inputs, f"{written(percent)} % × {written(before)} = {written(lost)}", -lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """Everything so far rounded half up to whole *unit* kronor (1, 10, 100 …; a multiple of 0.01, above 0).

    Rule G-27. Source: house convention "money": half up; the unit is scheme data.
    Words: avrundning, avrunda, hela kronor, jämna hundratal, rounding.
    """

    kind: ClassVar[str] = "rounding"
    rule: ClassVar[str] = "G-27"
    unit: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        check_amount("unit", self.unit)
        if not self.unit:
            raise PartRefused("unit", "not_positive")

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        before = total(so_far)
        after = rounded(before, self.unit)
        return line_of(self, "rounding", {"unit": self.unit}, f"{written(before)} → {written(after)}", after - before)


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumPayout:
    """Nothing is paid when everything so far is less than *kronor* (not negative).

    Rule G-28. Source: scheme data: smallest amount that is paid out.
    Words: minsta utbetalning, lägsta belopp, minimum.
    """

    kind: ClassVar[str] = "minimum_payout"
    rule: ClassVar[str] = "G-28"
    kronor: Decimal

    def __post_init__(self) -> None:
        check_amount("kronor", self.kronor)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        before, inputs = total(so_far), {"minimum": self.kronor}
        if before >= self.kronor:
            return line_of(self, "minimum_payout", inputs, f"{written(before)} ≥ {written(self.kronor)}", Decimal(0))
        return line_of(self, "below_minimum_payout", inputs, f"{written(before)} < {written(self.kronor)}", -before)


PARTS: Mapping[str, type[Part]] = {
    part.kind: part
    for part in (
        BaseAmount,
        PerMember,
        PerUnit,
        Stepped,
        PercentOfCost,
        ShareOfCost,
        LossGuarantee,
        RequestedUpTo,
        AtMost,
        AtMostShare,
        AtMostInYear,
        ActivityCounting,
        PerParticipation,
        PerSession,
        PerLeader,
        PotShare,
        LateReduction,
        Rounding,
        MinimumPayout,
    )
}
