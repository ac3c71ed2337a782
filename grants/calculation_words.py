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
    "activity_counted": gettext_lazy("%(sessions)s of %(held)s sessions count, with %(participations)s participations"),
    "per_participation": gettext_lazy("%(participations)s participations %(ages)s%(whom)s, %(kronor)s kr each"),
    "per_session": gettext_lazy("%(sessions)s sessions%(sizes)s, %(kronor)s kr each"),
    "per_session_other_category": gettext_lazy("%(kronor)s kr for a session: not for associations of your category"),
    "per_leader": gettext_lazy(
        "%(led)s sessions with a leader, %(kronor)s kr each, and %(more_led)s of them with two or more, %(more)s kr besides"
    ),
    "pot_share": gettext_lazy("Your share of %(pot)s kr: %(participations)s of %(all)s participations"),
}

QUANTITIES: dict[str, str | Promise] = {
    "requested": gettext_lazy("the amount you applied for"),
    "cost": gettext_lazy("the cost"),
    "rent": gettext_lazy("the rent"),
}

_SEXES: dict[str, str | Promise] = {
    "female": gettext_lazy("girls and women"),
    "male": gettext_lazy("boys and men"),
    "other": gettext_lazy("other or not stated"),
}
_WHO: dict[str, str | Promise] = {
    "disability": gettext_lazy("with a disability"),
    "others": gettext_lazy("without a disability"),
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
    words["sizes"] = _sizes(inputs.get("size_from", ""), inputs.get("size_to", ""))
    whom = [_SEXES.get(inputs.get("sex", "")), _WHO.get(inputs.get("who", ""))]
    words["whom"] = "".join(f", {each}" for each in whom if each)
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


def _sizes(first: str, last: str) -> str:
    if first in {"", "0", "1"} and not last:
        return ""
    if not last:
        return _(" with %(first)s participants or more") % {"first": first}
    return _(" with %(first)s–%(last)s participants") % {"first": first or "0", "last": last}
