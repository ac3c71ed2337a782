"""The lines of a calculation in words: every label of grants.rules.parts has its sentence here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.values import kronor_text

# label -> the sentence; %(name)s are the line's inputs, numbers written for people.
SENTENCES: dict[str, str | Promise] = {
    "base_amount": gettext_lazy("Basic amount"),
    "per_member": gettext_lazy("%(members)s members %(ages)s, %(kronor)s kr each"),
    "per_member_minimum": gettext_lazy("%(members)s members %(ages)s, %(kronor)s kr each, at least %(minimum)s kr"),
    "percent_of_cost": gettext_lazy("%(percent)s %% of %(quantity)s, %(cost)s kr"),
    "percent_of_cost_capped": gettext_lazy("%(percent)s %% of %(quantity)s, %(cost)s kr, at most %(cap)s kr"),
    "cost_too_low": gettext_lazy("%(quantity)s, %(cost)s kr, must be above %(only_above)s kr"),
    "requested": gettext_lazy("The amount you applied for"),
    "requested_capped": gettext_lazy("The amount you applied for, at most %(cap)s kr"),
    "at_most": gettext_lazy("At most %(limit)s kr"),
    "at_most_not_reached": gettext_lazy("At most %(limit)s kr: not reached"),
    "at_most_share": gettext_lazy("At most %(percent)s %% of %(quantity)s, %(cost)s kr"),
    "at_most_share_not_reached": gettext_lazy("At most %(percent)s %% of %(quantity)s, %(cost)s kr: not reached"),
    "late": gettext_lazy("The application came in %(days)s days late: %(percent)s %% less"),
    "in_time": gettext_lazy("The application came in on time: nothing is taken off"),
    "rounding": gettext_lazy("Rounded to whole %(unit)s kr"),
    "minimum_payout": gettext_lazy("At least %(minimum)s kr is paid out: reached"),
    "below_minimum_payout": gettext_lazy("Less than %(minimum)s kr is not paid out"),
}

QUANTITIES: dict[str, str | Promise] = {
    "requested": gettext_lazy("the amount you applied for"),
    "cost": gettext_lazy("the cost"),
    "rent": gettext_lazy("the rent"),
}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as components/calculation.html and the letters show it. amount: kronor, below 0 takes away."""

    rule: str
    text: str
    arithmetic: str
    amount: Decimal


def shown_lines(stored: Sequence[Mapping[str, Any]]) -> list[ShownLine]:
    """The lines of a stored calculation, in the words of today."""
    return [
        ShownLine(line["rule"], line_text(line["label"], dict(line["inputs"])), line["arithmetic"], Decimal(line["amount"]))
        for line in stored
    ]


def line_text(label: str, inputs: Mapping[str, str]) -> str:
    words = {name: _written(name, value) for name, value in inputs.items()}
    words["ages"] = _ages(inputs.get("age_from", ""), inputs.get("age_to", ""))
    return str(SENTENCES[label]) % words


def _written(name: str, value: str) -> str:
    if name == "quantity":
        return str(QUANTITIES.get(value, value))
    try:
        return kronor_text(Decimal(value))
    except ArithmeticError:
        return value


def _ages(first: str, last: str) -> str:
    if first in {"", "0"} and not last:
        return _("of all ages")
    if not last:
        return _("aged %(first)s or older") % {"first": first}
    return _("aged %(first)s–%(last)s") % {"first": first or "0", "last": last}
