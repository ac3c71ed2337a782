"""The weaknesses of a calculation in words: every code of grants.rules.weaknesses has its sentence here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.calculation_words import QUANTITIES
from grants.rules.weaknesses import Weakness
from records.values import kronor_text

SENTENCES: dict[str, str | Promise] = {
    "gap": gettext_lazy("Gap – %(quantity)s: nothing is said about %(between)s, so nobody there can get an amount."),
    "overlap": gettext_lazy("Overlap – %(quantity)s: two steps hold for %(between)s."),
    "open_end": gettext_lazy("Open end – %(quantity)s: nothing is said about more than %(last)s."),
    "less_for_more": gettext_lazy(
        "More gives less – %(quantity)s: %(more)s gives %(less)s kr, %(units)s gives %(amount)s kr.%(again)s"
    ),
    "jump": gettext_lazy("A jump – %(quantity)s: %(units)s gives %(amount)s kr, %(more)s gives %(after)s kr."),
    "age_gap": gettext_lazy("Nobody counts members aged %(between)s."),
    "age_overlap": gettext_lazy("Members aged %(between)s are counted in two parts."),
    "no_effect": gettext_lazy("This part comes before there is any amount, so it does nothing."),
    "after_pot": gettext_lazy("This part comes after the pot: what is paid out may no longer sum to the pot."),
}


@dataclass(frozen=True, slots=True)
class ShownWeakness:
    """numbers: the places of the parts as people count them, from 1."""

    text: str
    blocks: bool
    is_warning: bool
    numbers: tuple[int, ...]


def shown_weaknesses(found: Sequence[Weakness], names: Mapping[str, str]) -> list[ShownWeakness]:
    """names: what the questions of the form are called, by key."""
    return [
        ShownWeakness(
            weakness_text(each, names),
            each.blocks,
            each.blocks or each.code in {"less_for_more", "after_pot", "open_end"},
            tuple(place + 1 for place in each.parts),
        )
        for each in found
    ]


def weakness_text(found: Weakness, names: Mapping[str, str]) -> str:
    words = {name: _written(name, value, names) for name, value in found.figures.items()}
    if "first" in words:
        words["between"] = _between(words["first"], words["last"])
    if "again" in words:
        again = words["again"]
        words["again"] = " " + _("It takes %s to get as much again.") % again if again else ""
    return str(SENTENCES[found.code]) % words


def _between(first: str, last: str) -> str:
    if not last:
        return _("%s or more") % first
    return _("exactly %s") % first if first == last else f"{first}–{last}"


def _written(name: str, value: Any, names: Mapping[str, str]) -> str:
    if name == "quantity":
        return str(QUANTITIES.get(str(value)) or names.get(str(value), value))
    return "" if value is None else kronor_text(Decimal(value))
