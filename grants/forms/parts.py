"""One part of a calculation as a form: only what its kind has."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.file_words import problem_text
from grants.forms.activity_fields import FIELDS as ACTIVITY_FIELDS
from grants.rules.activity_count import ActivityCounting
from grants.rules.parts import PARTS
from grants.rules.parts_json import PartsNotReadable, parts_from_json
from records.forms import KronorField, Typed, WholeNumberField
from records.lines import plain

Choices = Sequence[tuple[str, str]]
PER_AGE = ("age_from", "age_to", "only_at_home")


class PercentField(KronorField):
    """ "12,5" or "40 %"."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_value=Decimal(100), **{"widget": Typed(size=6, keyboard="decimal", suffix="%"), **options})

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(value.replace("%", "").strip() if isinstance(value, str) else value)


def _kronor(label: Any, hint: Any = "") -> forms.Field:
    return KronorField(label=label, help_text=hint, required=False)


def _number(label: Any, hint: Any = "") -> forms.Field:
    return WholeNumberField(label=label, help_text=hint, required=False, min_value=0, max_value=10**9)


def _choice(label: Any, hint: Any = "") -> forms.Field:
    return forms.ChoiceField(label=label, help_text=hint, required=False)


def _tick(label: Any, hint: Any = "") -> forms.Field:
    return forms.BooleanField(label=label, help_text=hint, required=False)


# parameter -> its field, made anew for each form.
FIELDS: dict[str, Any] = {
    "quantity": lambda: _choice(gettext_lazy("What is counted"), gettext_lazy("Amounts and numbers that the form asks for.")),
    "costs": lambda: _choice(gettext_lazy("The costs")),
    "incomes": lambda: _choice(gettext_lazy("The income")),
    "kronor": lambda: _kronor(gettext_lazy("Kronor")),
    "percent": lambda: PercentField(label=gettext_lazy("Percent"), required=False),
    "deduct": lambda: _kronor(gettext_lazy("The part that they bear themselves")),
    "age_from": lambda: _number(gettext_lazy("From age"), gettext_lazy("The age one turns in the year.")),
    "age_to": lambda: _number(gettext_lazy("To age"), gettext_lazy("Empty: and older.")),
    "only_at_home": lambda: _tick(gettext_lazy("Only members who live in the municipality")),
    "free": lambda: _number(gettext_lazy("The first so many give nothing")),
    "most": lambda: _number(gettext_lazy("At most so many are counted")),
    "times": lambda: _choice(gettext_lazy("Times"), gettext_lazy("A second number to multiply by, for example days.")),
    "times_most": lambda: _number(gettext_lazy("At most so many of the second")),
    "minimum": lambda: _kronor(gettext_lazy("At least, kronor"), gettext_lazy("Only when there is any amount at all.")),
    "only_above": lambda: _kronor(gettext_lazy("Only when the cost is above, kronor")),
    "cap": lambda: _kronor(gettext_lazy("At most, kronor")),
    "sliced": lambda: _tick(
        gettext_lazy("Each step pays for its own part"),
        gettext_lazy("For example 50 kr for each of the first 100, then 25 kr. Otherwise one step decides for all."),
    ),
    "unit": lambda: _kronor(gettext_lazy("Rounded to whole, kronor")),
    "step": lambda: _kronor(
        gettext_lazy("The rate in whole, kronor"), gettext_lazy("For example 0,01. Empty: the pot is given out to the last öre.")
    ),
    "only_down": lambda: _tick(gettext_lazy("Nobody gets more than the parts above give")),
    **ACTIVITY_FIELDS,
}
QUANTITIES = ("quantity", "costs", "incomes", "times")
KRONOR_HINTS = {
    "pot_share": gettext_lazy("The pot. Empty: the budget of the call."),
    "per_member": gettext_lazy("For each member."),
    "per_unit": gettext_lazy("For each."),
    "minimum_payout": gettext_lazy("Less than this is not paid out."),
    "per_participation": gettext_lazy("For each participation."),
    "per_session": gettext_lazy("For each session."),
    "per_leader": gettext_lazy("For each session with a leader."),
}


class StepForm(forms.Form):
    """One step. An empty row is no step."""

    first = WholeNumberField(label=gettext_lazy("From"), min_value=0, max_value=10**9)
    last = WholeNumberField(label=gettext_lazy("To"), required=False, min_value=0, max_value=10**9)
    kronor = KronorField(label=gettext_lazy("Kronor in all"), required=False)
    per_unit = KronorField(label=gettext_lazy("Kronor for each"), required=False)

    def step(self) -> dict[str, Any]:
        names = {"first": "from", "last": "to", "kronor": "kronor", "per_unit": "per_unit"}
        filled = {names[name]: value for name, value in self.cleaned_data.items() if name in names and value is not None}
        return {name: plain(value) if isinstance(value, Decimal) else value for name, value in filled.items()}


class BaseSteps(BaseFormSet):  # type: ignore[type-arg]
    def steps(self) -> list[dict[str, Any]]:
        return [form.step() for form in self.forms if form.cleaned_data]


StepFormSet = formset_factory(StepForm, formset=BaseSteps, extra=4)


class PartForm(forms.Form):
    """A part of one kind. steps: the rows that go with it, for the kind that has steps."""

    when = forms.MultipleChoiceField(
        label=gettext_lazy("Only for"),
        help_text=gettext_lazy("Nothing chosen: for everybody. Choose among the answers to one question."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, data: Any, kind: str, *, quantities: Choices, groups: Choices, part: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=_initial(part or {}))
        self.kind = kind
        known = {each.name: each for each in fields(cast(Any, PARTS[kind]))}
        ordered = list(known) if kind == ActivityCounting.kind else [name for name in FIELDS if name in known]
        ordered = [name for name in ordered if name in FIELDS]
        for name in ordered:
            field = FIELDS["most_participants" if (kind, name) == (ActivityCounting.kind, "most") else name]()
            if isinstance(field, forms.ChoiceField) and name in QUANTITIES:
                amounts = (
                    [each for each in quantities if each[0] != "members"]
                    if name != "quantity" or not _by_age(kind)
                    else quantities
                )
                field.choices = [("", _("Choose")), *amounts]
            if name == "age_from" and _by_age(kind):
                field.help_text = _("The age one turns in the year. Only for members.")
            if name == "kronor":
                field.help_text = KRONOR_HINTS.get(kind, "")
            field.required = known[name].default is MISSING and not isinstance(field, forms.BooleanField)
            self.fields[name] = field
        self.order_fields([*ordered, "when"])
        cast(forms.MultipleChoiceField, self.fields["when"]).choices = list(groups)
        if not groups:
            del self.fields["when"]
        rows = [{"first": row["from"], "last": row.get("to"), **_decimals(row)} for row in (part or {}).get("steps", [])]
        self.steps = StepFormSet(data, initial=rows, prefix="s") if "steps" in known else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if len({choice.partition("=")[0] for choice in cleaned.get("when", ())}) > 1:
            self.add_error("when", _("Choose answers to one question only."))
        if self.errors:
            return cleaned
        if self.steps is not None and not self.steps.is_valid():
            raise ValidationError(_("Look at the steps."))
        try:
            parts_from_json([self.part()])
        except PartsNotReadable as wrong:
            name = wrong.field.partition("[")[0]
            where = name if name in self.fields else None
            self.add_error(where, self._sentence(wrong))
        return cleaned

    def _sentence(self, wrong: PartsNotReadable) -> str:
        number = wrong.field.partition("[")[2].partition("]")[0]
        sentence = problem_text(wrong.code)
        return _("Step %(number)d: %(sentence)s") % {"number": int(number) + 1, "sentence": sentence} if number else sentence

    def part(self) -> dict[str, Any]:
        """The part as data: what was filled in."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "when"}
        if _by_age(self.kind) and cleaned.get("quantity", "members") != "members":
            cleaned = {name: value for name, value in cleaned.items() if name not in PER_AGE}
        filled = {name: value for name, value in cleaned.items() if value not in (None, "", False)}
        part: dict[str, Any] = {"kind": self.kind}
        part |= {name: _plain(value) for name, value in filled.items()}
        if self.steps is not None:
            part["steps"] = cast(BaseSteps, self.steps).steps()
        if chosen := self.cleaned_data.get("when"):
            part["when"] = {"fact": chosen[0].partition("=")[0], "is": [each.partition("=")[2] for each in chosen]}
        return part


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else value


def _by_age(kind: str) -> bool:
    """Kinds that can count members."""
    return kind in {"per_unit", "stepped"}


def _initial(part: Mapping[str, Any]) -> dict[str, Any]:
    when = part.get("when")
    groups = [f"{when['fact']}={value}" for value in when["is"]] if when else []
    return {**part, **_decimals(part), "when": groups}


def _decimals(row: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts as the fields of kronor and percent show them."""
    amounts = ("kronor", "more", "per_unit", "percent", "deduct", "minimum", "only_above", "cap", "unit", "step")
    return {name: Decimal(str(row[name])) for name in amounts if row.get(name) is not None}
