"""When something is asked: conditions that an officer chooses, one by one or in groups."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.rules.form_json import conditions_to_json, may_be_asked_about
from grants.rules.form_shape import CHOSEN, Compares, Condition, Conditions, Group, Kind, Question
from grants.wording import choice_label, conditions_text
from records.forms import KronorField
from records.lines import plain

MOST_GROUPS = 5


class ConditionForm(forms.Form):
    """One condition. on: "key=answer", "key!answer", "key>" (at least) or "key<" (at most)."""

    on = forms.ChoiceField(label=gettext_lazy("Condition"), required=False)
    number = KronorField(label=gettext_lazy("Number, for “at least” and “at most”"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Together with others"), required=False)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["on"]).choices = [("", _("None")), *offered]
        groups = [(str(number), _("group %d") % number) for number in range(1, MOST_GROUPS + 1)]
        cast(forms.ChoiceField, self.fields["group"]).choices = [("", _("stands by itself")), *groups]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("on", "").endswith((">", "<")) and cleaned.get("number") is None and "number" not in self.errors:
            self.add_error("number", _("Write the number."))
        return cleaned

    def row(self) -> dict[str, str] | None:
        on = self.cleaned_data.get("on") or ""
        for sign, compares in _SIGNS.items():
            question, found, value = on.partition(sign)
            if found:
                text = value or plain(self.cleaned_data["number"])
                return {"question": question, str(compares): text}
        return None


_SIGNS = {"=": Compares.EQUALS, "!": Compares.IS_NOT, ">": Compares.AT_LEAST, "<": Compares.AT_MOST}
ConditionFormSet = formset_factory(ConditionForm, extra=3, max_num=15)


class ConditionsEdit:
    """When something is asked: conditions and groups of them, and whether all or any must hold.

    In a group it is the other way round: where all must hold, one of a group is enough, and where one is enough, all of a group
    must hold. What is deeper than groups of conditions, from a file, is kept as it is.
    """

    def __init__(self, data: Any, earlier: Sequence[Question], conditions: Conditions | None) -> None:
        placed = _placed(conditions)
        self.kept = conditions if placed is None else None
        by_key = {question.key: question for question in earlier}
        self.kept_text = conditions_text(self.kept, by_key) if self.kept else ""
        self.how = HowForm(data, initial={"how": _how(conditions)}, prefix="w")
        offered = offered_conditions(earlier)
        known = {on for on, _label in offered}
        rows = [(each, _typed(each) | {"group": group}) for each, group in placed or ()]
        # also what is not offered, such as a text that must be the same
        offered += [(row["on"], conditions_text(each, by_key)) for each, row in rows if row["on"] not in known]
        initial = [row for _each, row in rows]
        self.rows = ConditionFormSet(data, initial=initial, prefix="w", form_kwargs={"offered": offered})
        self.offered = bool(offered)
        if not self.kept:
            del self.how.fields["drop"]

    def is_valid(self) -> bool:
        return bool(self.how.is_valid() and self.rows.is_valid())

    def row(self) -> dict[str, Any]:
        """{"shown_if": ...} or nothing."""
        if self.kept and not self.how.cleaned_data["drop"]:
            return {"shown_if": conditions_to_json(self.kept)}
        how = self.how.cleaned_data["how"]
        within = "any" if how == "all" else "all"
        places: dict[str, list[dict[str, Any]]] = {}
        for number, form in enumerate(self.rows.forms):
            if row := form.row():
                places.setdefault(form.cleaned_data.get("group") or f"alone {number}", []).append(row)
        found = [each[0] if len(each) == 1 else {within: each} for each in places.values()]
        if not found:
            return {}
        return {"shown_if": found[0] if len(found) == 1 else {how: found}}


class HowForm(forms.Form):
    how = forms.ChoiceField(
        label=gettext_lazy("If there are several"),
        choices=[
            ("all", gettext_lazy("all of them must hold; in a group one is enough")),
            ("any", gettext_lazy("one of them is enough; in a group all must hold")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    drop = forms.BooleanField(label=gettext_lazy("Take this condition away"), required=False)

    def clean_how(self) -> str:
        return self.cleaned_data["how"] or "all"


def offered_conditions(earlier: Sequence[Question]) -> list[tuple[str, str]]:
    """What something can depend on: the earlier questions that have answers to choose between, or numbers."""
    found = []
    for question in earlier:
        if not may_be_asked_about(question):
            continue
        if question.kind in CHOSEN:
            keys = ["yes", "no"] if question.kind is Kind.YES_NO else [choice.key for choice in question.choices]
            for key in keys:
                found.append((f"{question.key}={key}", f"{question.label} – {choice_label(question, key)}"))
            found += [
                (
                    f"{question.key}!{key}",
                    _("%(question)s – not %(answer)s") % {"question": question.label, "answer": choice_label(question, key)},
                )
                for key in keys
            ]
        else:
            found.append((f"{question.key}>", _("%s – at least") % question.label))
            found.append((f"{question.key}<", _("%s – at most") % question.label))
    return found


def _placed(conditions: Conditions | None) -> list[tuple[Condition, str]] | None:
    """Each condition and the number of its group, "" by itself; None for what the page cannot show."""
    if conditions is None or isinstance(conditions, Condition):
        return [(conditions, "")] if conditions else []
    found: list[tuple[Condition, str]] = []
    groups = 0
    for each in conditions.of:
        if isinstance(each, Condition):
            found.append((each, ""))
            continue
        leaves = [leaf for leaf in each.of if isinstance(leaf, Condition)]
        together = each.every is not conditions.every and len(leaves) > 1
        groups += together
        if len(leaves) < len(each.of) or groups > MOST_GROUPS:
            return None
        found += [(leaf, str(groups) if together else "") for leaf in leaves]
    return found


def _how(conditions: Conditions | None) -> str:
    return "any" if isinstance(conditions, Group) and not conditions.every else "all"


def _typed(condition: Condition) -> dict[str, Any]:
    sign = next(sign for sign, compares in _SIGNS.items() if compares is condition.compares)
    if condition.compares in (Compares.AT_LEAST, Compares.AT_MOST):
        return {"on": f"{condition.question}{sign}", "number": Decimal(condition.value)}
    return {"on": f"{condition.question}{sign}{condition.value}"}
