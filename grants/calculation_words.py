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
    "per_unit": gettext_lazy("%(quantity)s%(ages)s: %(units)s%(by)s, %(kronor)s kr each%(limits)s"),
    "stepped": gettext_lazy("%(quantity)s%(ages)s: %(units)s, in the step %(step)s"),
    "stepped_below": gettext_lazy("%(quantity)s%(ages)s: %(units)s, and the first step begins at %(step_from)s"),
    "stepped_sliced": gettext_lazy("%(quantity)s%(ages)s: %(units)s, each step for itself"),
    "share_of_cost": gettext_lazy("%(percent)s %% of %(quantity)s, %(cost)s kr%(above)s%(limits)s"),
    "loss_guarantee": gettext_lazy("%(percent)s %% of the loss, %(loss)s kr (costs %(costs)s, income %(incomes)s)%(limits)s"),
    "loss_guarantee_actual": gettext_lazy(
        "%(percent)s %% of the loss by the follow-up report, %(loss)s kr (costs %(costs)s, income %(incomes)s)%(limits)s"
    ),
    "at_most_in_year": gettext_lazy("At most %(limit)s kr a year, %(before)s kr granted before"),
    "at_most_in_year_not_reached": gettext_lazy("At most %(limit)s kr a year, %(before)s kr granted before: not reached"),
    "pot_share": gettext_lazy("The pot of %(pot)s kr is shared over %(claims)s: %(rate)s for each"),
    "not_when": gettext_lazy("Only for %(fact)s: %(values)s"),
    "activity_counted": gettext_lazy("%(sessions)s of %(held)s sessions count, with %(participations)s participations"),
    "per_participation": gettext_lazy("%(participations)s participations %(ages)s%(whom)s, %(kronor)s kr each"),
    "per_session": gettext_lazy("%(sessions)s sessions%(sizes)s, %(kronor)s kr each"),
    "per_leader": gettext_lazy(
        "%(led)s sessions with a leader, %(kronor)s kr each, and %(more_led)s of them with two or more, %(more)s kr besides"
    ),
}

QUANTITIES: dict[str, str | Promise] = {
    "members": gettext_lazy("members"),
    "category": gettext_lazy("category"),
    "requested": gettext_lazy("the amount you applied for"),
    "cost": gettext_lazy("the cost"),
    "rent": gettext_lazy("the rent"),
    "participants": gettext_lazy("participants in a session"),
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
    if "quantity" in inputs and "units" in inputs:
        words["ages"] = f" {words['ages']}" if inputs.get("age_from", "") else ""
    if "step_to" in inputs:
        words["step"] = _step(words["step_from"], words["step_to"])
    words["by"] = f" × {words['times_units']} {words['times']}" if inputs.get("times") else ""
    words["limits"] = _limits(words)
    words["above"] = _(", the part above %s kr") % words["deduct"] if inputs.get("deduct") else ""
    words["sizes"] = sizes_text(inputs.get("size_from", ""), inputs.get("size_to", ""))
    words["whom"] = whom_text(inputs.get("sex", ""), inputs.get("who", ""))
    sentence = str(SENTENCES[label]) % words
    return sentence[:1].upper() + sentence[1:]


def _step(first: str, last: str) -> str:
    return f"{first}–{last}" if last else _("%s or more") % first


def _limits(words: Mapping[str, str]) -> str:
    """ ", at least 500 kr, at most 7 000 kr": the limits that the part has."""
    known = {
        "minimum": _(", at least %s kr"),
        "cap": _(", at most %s kr"),
        "granted": _(", at most the %s kr that was granted"),
    }
    return "".join(sentence % words[name] for name, sentence in known.items() if words.get(name))


def _written(name: str, value: str) -> str:
    if name in {"quantity", "times", "fact"}:
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


def whom_text(sex: str, who: str) -> str:
    """ ", girls and women, with a disability": whom a rate is for, when it is not for everybody."""
    return "".join(f", {each}" for each in (_SEXES.get(sex), _WHO.get(who)) if each)


def sizes_text(first: str, last: str) -> str:
    if first in {"", "0", "1"} and not last:
        return ""
    if not last:
        return _(" with %(first)s participants or more") % {"first": first}
    return _(" with %(first)s–%(last)s participants") % {"first": first or "0", "last": last}
