"""The order in which classes get their times: one of three ways, or steps of one's own; and rows that buttons move."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.rules.allocation.editing import MOST_PASSES, Order, Way, laddered, order_of
from facilities.rules.allocation.principles import Principles, PriorityClass, Rung, Soft
from records.forms import Typed, WholeNumberField

OWN = "own"
MOST_STEPS = 100
WAYS: dict[str, Any] = {
    Way.BY_CLASS: gettext_lazy("Class by class: all times of the first class before any of the second"),
    Way.BY_NEED: gettext_lazy("Everybody's first time, then everybody's second: the classes in order in each round"),
    Way.AT_MOST: gettext_lazy("Class by class, but nobody gets many before everyone has had some"),
    OWN: gettext_lazy("Steps of our own"),
}


def _times(label: Any, hint: Any = "") -> WholeNumberField:
    return WholeNumberField(
        label=label,
        min_value=1,
        max_value=MOST_PASSES,
        required=False,
        help_text=hint,
        widget=Typed(size=4, keyboard="numeric"),
    )


class LadderForm(forms.Form):
    """How the steps come about. Each number belongs to one way, and is only asked for by it."""

    way = forms.ChoiceField(label=gettext_lazy("Order"), choices=list(WAYS.items()), widget=forms.RadioSelect)
    only = _times(gettext_lazy("Class by class: at most so many times a week"), gettext_lazy("Empty: all that are wished."))
    rounds = _times(gettext_lazy("Rounds: so many, the last with all further times"))
    nobody = _times(gettext_lazy("Nobody has more than so many times"))
    everyone = _times(gettext_lazy("before everyone has had so many"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        needed = {Way.BY_NEED: ("rounds",), Way.AT_MOST: ("nobody", "everyone")}.get(cleaned.get("way", ""), ())
        for name in needed:
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("Write how many."))
        if needed and not self.errors and cleaned["way"] == Way.AT_MOST and cleaned["everyone"] > cleaned["nobody"]:
            self.add_error("nobody", _("Nobody can be kept to fewer times than everyone is to have first."))
        return cleaned

    def order(self) -> Order | None:
        """When it is valid; None for steps of one's own."""
        typed = self.cleaned_data
        match typed["way"]:
            case Way.BY_CLASS:
                return Order(Way.BY_CLASS, typed["only"])
            case Way.BY_NEED:
                return Order(Way.BY_NEED, typed["rounds"])
            case Way.AT_MOST:
                return Order(Way.AT_MOST, typed["nobody"], typed["everyone"])
        return None


def ladder_initial(principles: Principles) -> dict[str, Any]:
    """The way that gives the saved ladder. An empty set begins class by class."""
    order = order_of(principles.ladder, [each.key for each in principles.classes])
    if order is None:
        return {"way": OWN if principles.ladder else Way.BY_CLASS}
    numbers: dict[str, Any] = {
        Way.BY_CLASS: {"only": order.most},
        Way.BY_NEED: {"rounds": order.most},
        Way.AT_MOST: {"nobody": order.most, "everyone": order.everyone},
    }[order.way]
    return {"way": order.way, **numbers}


class RungForm(forms.Form):
    """A step: some passes of the week of some classes."""

    classes = forms.MultipleChoiceField(label=gettext_lazy("Classes"), widget=forms.CheckboxSelectMultiple)
    first = WholeNumberField(
        label=gettext_lazy("From time number"), min_value=1, max_value=MOST_PASSES, widget=Typed(size=4, keyboard="numeric")
    )
    last = WholeNumberField(
        label=gettext_lazy("To time number"),
        min_value=1,
        max_value=MOST_PASSES,
        required=False,
        help_text=gettext_lazy("Empty: all further."),
        widget=Typed(size=4, keyboard="numeric"),
    )

    def __init__(self, *args: Any, among: Sequence[PriorityClass], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["classes"].choices = [(each.key, each.name) for each in among]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("The last time cannot come before the first."))
        return cleaned

    def rung(self) -> Rung:
        return Rung(tuple(self.cleaned_data["classes"]), self.cleaned_data["first"], self.cleaned_data["last"])


class Ladder:
    """The page's whole: the way, and the steps of one's own as rows. data: what was posted; is_bound: it is to be saved."""

    def __init__(self, principles: Principles, data: Any, *, is_bound: bool) -> None:
        self.classes = principles.classes
        if data is None:
            self.form = LadderForm(initial=ladder_initial(principles))
            rows = [_row(rung) for rung in principles.ladder] if self.form.initial["way"] == OWN else []
        else:
            typed = {name: data.get(name, "") for name in LadderForm.base_fields}
            self.form = LadderForm(data) if is_bound else LadderForm(initial=typed)
            rows = _posted(data)
        self.is_bound, self.rows = is_bound, rows

    @property
    def is_own(self) -> bool:
        return bool((self.form.data if self.form.is_bound else self.form.initial).get("way") == OWN)

    @property
    def rungs(self) -> list[RungForm]:
        return [self._rung(number, row, is_bound=self.is_bound) for number, row in enumerate(self.rows)]

    def press(self, what: str) -> None:
        """ "own": the steps of the chosen way, to change one by one. "add", "up 0", "down 0", "away 0": of a row."""
        if what == "own":
            found = self.ladder()
            self.rows = [_row(rung) for rung in found] if found else self.rows
            self.form = LadderForm(initial={**self.form.initial, "way": OWN})
        elif what == "add" and len(self.rows) < MOST_STEPS:
            self.rows.append({"classes": [], "first": "1", "last": ""})
        else:
            self.rows = moved(self.rows, what)
        if self.is_own and not self.rows:
            self.rows.append({"classes": [], "first": "1", "last": ""})

    def is_valid(self) -> bool:
        self.checked = self.rungs if self.is_own else []
        return all([self.form.is_valid(), *(rung.is_valid() for rung in self.checked)])

    def ladder(self) -> tuple[Rung, ...] | None:
        """The steps as they stand; None when they cannot be read yet."""
        bound = self.form if self.form.is_bound else LadderForm(self.form.initial)
        if not bound.is_valid() or not self.classes:
            return None
        order = bound.order()
        if order is not None:
            return laddered(order, [each.key for each in self.classes])
        looked = [self._rung(number, row, is_bound=True) for number, row in enumerate(self.rows)]
        return tuple(each.rung() for each in looked) if all([each.is_valid() for each in looked]) else None  # noqa: C419

    def _rung(self, number: int, row: dict[str, Any], *, is_bound: bool) -> RungForm:
        data = {f"r{number}-{name}": value for name, value in row.items()}
        options: dict[str, Any] = {"prefix": f"r{number}", "among": self.classes}
        return RungForm(data, **options) if is_bound else RungForm(initial=row, **options)


def _row(rung: Rung) -> dict[str, Any]:
    return {"classes": list(rung.classes), "first": str(rung.first), "last": "" if rung.last is None else str(rung.last)}


def _posted(data: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while (row := f"r{len(rows)}-") + "first" in data:
        rows.append({"classes": data.getlist(f"{row}classes"), "first": data[f"{row}first"], "last": data.get(f"{row}last", "")})
    return rows


def moved(rows: list[Any], what: str) -> list[Any]:
    """The rows after "up 2", "down 0" or "away 1"; as they were for anything else."""
    verb, _space, number = what.partition(" ")
    if verb not in {"up", "down", "away"} or not number.isdecimal() or int(number) >= len(rows):
        return rows
    left, place = list(rows), int(number)
    row = left.pop(place)
    if verb != "away":
        left.insert(max(0, place - 1) if verb == "up" else place + 1, row)
    return left


def softs_pressed(rows: list[str], what: str, chosen: str) -> list[str]:
    """The order of what is looked at after the ladder, after a button: "add" adds what is chosen, once."""
    known = [row for row in dict.fromkeys(rows) if row in set(Soft)]
    if what == "add":
        return [*known, chosen] if chosen in set(Soft) and chosen not in known else known
    return moved(known, what)
