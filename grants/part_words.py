"""The parts of a calculation in words: what each kind is called, what it is for, and what one part says."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.calculation_words import QUANTITIES
from grants.forms.activity_fields import SEXES, WHO
from grants.rules.calculation import Part
from grants.rules.parts_counted import Step, Stepped
from grants.rules.parts_json import inner
from grants.rules.parts_when import OnlyWhen
from records.values import kronor_text

# kind -> what it is called, and when it is used. In the order an officer meets them.
KINDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "base_amount": (gettext_lazy("A fixed amount"), gettext_lazy("The same for everybody, for example 2 000 kr a year.")),
    "per_member": (
        gettext_lazy("So much per member"),
        gettext_lazy("For members in an age band, for example 60 kr for each aged 7–25, and at least 500 kr."),
    ),
    "per_unit": (
        gettext_lazy("So much for each"),
        gettext_lazy("Sessions, participants, days, persons … with ceilings, for example 300 kr a day for at most 3 persons."),
    ),
    "stepped": (
        gettext_lazy("Steps"),
        gettext_lazy("The amount goes by how many there are, for example 4 000 kr for 10–50 members."),
    ),
    "percent_of_cost": (
        gettext_lazy("A share of a cost"),
        gettext_lazy("For example 40 % of an investment, at most 120 000 kr, only when it costs more than 52 500 kr."),
    ),
    "share_of_cost": (
        gettext_lazy("A share of what a cost is above"),
        gettext_lazy("The association bears the first part itself; with a floor and a ceiling."),
    ),
    "loss_guarantee": (
        gettext_lazy("A loss guarantee"),
        gettext_lazy("Costs less income, never more than what was granted."),
    ),
    "requested_up_to": (gettext_lazy("What was applied for"), gettext_lazy("The amount applied for, up to a highest amount.")),
    "at_most": (gettext_lazy("At most so much"), gettext_lazy("A ceiling on everything above it.")),
    "at_most_share": (
        gettext_lazy("At most a share of a cost"),
        gettext_lazy("A ceiling on everything above it, for example 80 % of the rent."),
    ),
    "at_most_in_year": (
        gettext_lazy("At most so much a year"),
        gettext_lazy("What the association was granted earlier in the year is counted in."),
    ),
    "activity_counting": (
        gettext_lazy("Activity support: what counts"),
        gettext_lazy("Which sessions and participations are paid for: ages, minutes, leaders, ceilings."),
    ),
    "per_participation": (
        gettext_lazy("Activity support: per participation"),
        gettext_lazy("Kronor for each participation that counts, by age, for example 7 kr."),
    ),
    "per_session": (
        gettext_lazy("Activity support: per session"),
        gettext_lazy("Kronor for each session that counts, perhaps by its size."),
    ),
    "per_leader": (
        gettext_lazy("Activity support: leaders"),
        gettext_lazy("Kronor for each session with a leader, and more with two or more."),
    ),
    "pot_share": (
        gettext_lazy("A pot that is shared out"),
        gettext_lazy("What the parts above it give is each one's claim; the pot is shared in proportion."),
    ),
    "late_reduction": (
        gettext_lazy("Reduction for a late application"),
        gettext_lazy("By the late steps of the call."),
    ),
    "rounding": (gettext_lazy("Rounding"), gettext_lazy("To whole kronor, tens or hundreds.")),
    "minimum_payout": (gettext_lazy("Nothing below a smallest amount"), gettext_lazy("Too little is not paid out at all.")),
}

SENTENCES: dict[str, str | Promise] = {
    "base_amount": gettext_lazy("%(kronor)s kr"),
    "per_member": gettext_lazy("%(kronor)s kr per member %(ages)s%(home)s%(limits)s"),
    "per_unit": gettext_lazy("%(kronor)s kr for each: %(quantity)s%(banded)s%(home)s%(free)s%(most)s%(by)s%(limits)s"),
    "stepped": gettext_lazy("Steps of %(quantity)s%(banded)s%(home)s – %(steps)s"),
    "percent_of_cost": gettext_lazy("%(percent)s %% of %(quantity)s%(only)s%(limits)s"),
    "share_of_cost": gettext_lazy("%(percent)s %% of %(quantity)s%(above)s%(limits)s"),
    "loss_guarantee": gettext_lazy("%(percent)s %% of the loss: %(costs)s less %(incomes)s%(limits)s"),
    "requested_up_to": gettext_lazy("The amount applied for%(limits)s"),
    "at_most": gettext_lazy("At most %(kronor)s kr"),
    "at_most_share": gettext_lazy("At most %(percent)s %% of %(quantity)s"),
    "at_most_in_year": gettext_lazy("At most %(kronor)s kr a year, with what was granted before"),
    "activity_counting": gettext_lazy("Counts the attendance: participants %(ages)s%(counting)s"),
    "per_participation": gettext_lazy("%(kronor)s kr per participation, %(ages)s%(whom)s"),
    "per_session": gettext_lazy("%(kronor)s kr per session%(size)s"),
    "per_leader": gettext_lazy("%(kronor)s kr per session with a leader%(two)s"),
    "pot_share": gettext_lazy("The pot of %(pot)s is shared in proportion to what is above%(rate)s%(down)s"),
    "late_reduction": gettext_lazy("A late application loses what the call says"),
    "rounding": gettext_lazy("Rounded to whole %(unit)s kr"),
    "minimum_payout": gettext_lazy("Less than %(kronor)s kr is not paid out"),
}


def part_text(part: Part, names: Mapping[str, str]) -> str:
    """What one part says. names: what the questions and choices of the form are called, by key."""
    core = inner(part)
    known = {field.name: getattr(core, field.name) for field in fields(core)}  # type: ignore[arg-type]
    words = {name: _written(name, value, names) for name, value in known.items()} | _clauses(core, known, names)
    sentence = str(SENTENCES[core.kind]) % words
    if isinstance(part, OnlyWhen):
        values = ", ".join(names.get(f"{part.fact}={value}", value) for value in part.values)
        fact = str(QUANTITIES.get(part.fact) or names.get(part.fact, part.fact))
        sentence += _(" – only for %(fact)s: %(values)s") % {"fact": fact, "values": values}
    return sentence[:1].upper() + sentence[1:]


def _clauses(part: Part, known: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """The pieces of the sentences that are there only when the part has them."""
    ages = _ages(known.get("age_from", 0), known.get("age_to"))
    amounts = {name: "" if known.get(name) in (None, "", 0) else _written(name, known[name], names) for name in _OPTIONAL}
    times_most = _(" (at most %s)") % known["times_most"] if known.get("times_most") is not None else ""
    return {
        "ages": ages,
        "banded": f" {ages}" if known.get("quantity") == "members" else "",
        "home": _(" who live in the municipality") if known.get("only_at_home") else "",
        "limits": (_(", at least %s kr") % amounts["minimum"] if amounts["minimum"] else "")
        + (_(", at most %s kr") % _written("cap", known["cap"], names) if known.get("cap") is not None else ""),
        "only": _(", only when it is above %s kr") % amounts["only_above"] if amounts["only_above"] else "",
        "above": _(", the part above %s kr") % amounts["deduct"] if amounts["deduct"] else "",
        "free": _(", the first %s not counted") % amounts["free"] if amounts["free"] else "",
        "most": _(" (at most %s)") % known["most"] if known.get("most") is not None else "",
        "by": f" × {_written('times', known['times'], names)}{times_most}" if known.get("times") else "",
        "steps": _steps(part) if isinstance(part, Stepped) else "",
        "pot": _("%s kr") % kronor_text(known["kronor"]) if known.get("kronor") is not None else _("the call's budget"),
        "rate": _(", at a rate in whole %s kr") % amounts["step"] if amounts["step"] else "",
        "down": _(", at most what is claimed") if known.get("only_down") else "",
        **_of_activity(known),
    }


# parameter of the counting -> what it says, when it is set.
COUNTING: dict[str, str | Promise] = {
    "minutes": gettext_lazy("at least %s minutes"),
    "least": gettext_lazy("at least %s participants"),
    "most": gettext_lazy("at most %s participants"),
    "per_leader": gettext_lazy("at most %s for each leader"),
    "leaders": gettext_lazy("at least %s leaders"),
    "leader_age_from": gettext_lazy("leaders from the age of %s"),
    "leaders_count_from": gettext_lazy("leaders from the age of %s count as participants"),
    "leaders_count_to": gettext_lazy("leaders up to the age of %s count as participants"),
    "per_day": gettext_lazy("at most %s per person and day"),
    "per_week": gettext_lazy("at most %s per person and week"),
    "per_week_and_activity": gettext_lazy("at most %s per person, activity and week"),
    "per_year": gettext_lazy("at most %s per person and year"),
    "try_outs": gettext_lazy("try-outs at most %s times"),
    "since": gettext_lazy("from %s"),
    "until": gettext_lazy("up to %s"),
}


def _of_activity(known: Mapping[str, Any]) -> dict[str, str]:
    pieces = [str(sentence) % known[name] for name, sentence in COUNTING.items() if known.get(name)]
    pieces += [_("no upper age with a disability")] if known.get("disability_any_age") else []
    pieces += [_("only those who live in the municipality")] if known.get("only_at_home") else []
    size_from, size_to = known.get("size_from"), known.get("size_to")
    sized = _step_span(size_from or 0, size_to) if size_from or size_to is not None else ""
    whom = [str(dict(choices)[known[name]]) for name, choices in (("sex", SEXES), ("who", WHO)) if known.get(name)]
    return {
        "counting": "".join(f", {piece}" for piece in pieces),
        "whom": "".join(f", {who}" for who in whom),
        "size": _(" with %s participants") % sized if sized else "",
        "two": _(", %s kr more with two or more") % kronor_text(known["more"]) if known.get("more") else "",
    }


def _step_span(first: int, last: int | None) -> str:
    return _("%s or more") % first if last is None else f"{first}–{last}"


_OPTIONAL = ("minimum", "only_above", "deduct", "free", "step")


def _steps(part: Stepped) -> str:
    pieces = "; ".join(_step(step) for step in sorted(part.steps, key=lambda step: step.first))
    return pieces + (_(" (each step for itself)") if part.sliced else "")


def _step(step: Step) -> str:
    span = _step_span(step.first, step.last)
    amounts = []
    if step.kronor or not step.per_unit:
        amounts.append(_("%s kr") % kronor_text(step.kronor))
    if step.per_unit:
        amounts.append(_("%s kr each") % kronor_text(step.per_unit))
    return f"{span}: {' + '.join(amounts)}"


def _ages(first: int, last: int | None) -> str:
    if not first and last is None:
        return _("of all ages")
    if last is None:
        return _("aged %(first)s or older") % {"first": first}
    return _("aged %(first)s–%(last)s") % {"first": first, "last": last}


def _written(name: str, value: Any, names: Mapping[str, str]) -> str:
    if name in {"quantity", "times", "costs", "incomes"}:
        return str(QUANTITIES.get(value) or names.get(value, value))
    return kronor_text(value) if isinstance(value, Decimal) else str(value)


def shown_parts(parts: Sequence[Part], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What each part is called and what it says."""
    return [(str(KINDS[inner(part).kind][0]), part_text(part, names)) for part in parts]
