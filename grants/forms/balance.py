"""What must sum to the same: an officer puts amounts and columns on side A or B of a balance."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from grants.rules.form_json import quantities_in
from grants.rules.form_shape import NUMBERS, THIS, Kind, Question

SIDES = [("", gettext_lazy("not in it")), ("left", gettext_lazy("side A")), ("right", gettext_lazy("side B"))]


class BalanceEdit(forms.Form):
    """The side of every amount that comes before the question, and of the question itself when it is an amount."""

    def __init__(self, data: Any, kind: Kind, earlier: Sequence[Question], question: Mapping[str, Any]) -> None:
        sides = own_sides(question)
        super().__init__(data, initial=sides, prefix="b")
        if kind in NUMBERS:
            self.fields[THIS] = forms.ChoiceField(label=gettext_lazy("This question"), choices=SIDES, required=False)
        for each in earlier:
            labels = {f"{each.key}.{column.key}": f"{each.label}, {column.label}" for column in each.columns}
            for name in quantities_in(each.kind, each.columns, each.key):
                label = labels.get(name, each.label)
                self.fields[name] = forms.ChoiceField(label=label, choices=SIDES, required=False)

    def is_right(self, own: Mapping[str, str]) -> bool:
        """Nothing in the balance, or something on both sides and something of the question itself. own: its columns' sides."""
        sides = self._sides(own)
        return not sides or (set(sides.values()) == {"left", "right"} and any(name.split(".")[0] == THIS for name in sides))

    def row(self, own: Mapping[str, str]) -> dict[str, Any]:
        """{"balance": two columns} within one table, {"balances": both sides} otherwise, or nothing."""
        sides = self._sides(own)
        left, right = ([name for name, side in sides.items() if side == which] for which in ("left", "right"))
        if not sides:
            return {}
        if len(left) == len(right) == 1 and set(sides) <= set(own):
            return {"balance": [name.partition(".")[2] for name in (*left, *right)]}
        return {"balances": {"left": left, "right": right}}

    def _sides(self, own: Mapping[str, str]) -> dict[str, str]:
        return {**own, **{name: side for name, side in self.cleaned_data.items() if side}}


def own_sides(question: Mapping[str, Any]) -> dict[str, str]:
    """What a saved question has in its balance: name -> side."""
    sides = dict(zip((f"{THIS}.{key}" for key in question.get("balance", ())), ("left", "right"), strict=False))
    for side, names in question.get("balances", {}).items():
        sides |= dict.fromkeys(names, side)
    return sides
