"""An officer's forms for building an application form: a section, a question of one kind, its columns and its conditions."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.actions.form_edits import free_key
from grants.forms.balance import SIDES, BalanceEdit, own_sides
from grants.rules.form_shape import NUMBERS, TEXTS, THIS, Kind, Pattern, Question
from records.forms import KronorField, SwedishDateField, WholeNumberField
from records.lines import plain

# kind -> what it is called, and when it is used. In the order an officer meets them.
KINDS: dict[Kind, tuple[str | Promise, str | Promise]] = {
    Kind.TEXT: (gettext_lazy("Short text"), gettext_lazy("A line: a name, an address, an e-mail address.")),
    Kind.LONG_TEXT: (gettext_lazy("Long text"), gettext_lazy("Some sentences in the association's own words.")),
    Kind.AMOUNT: (gettext_lazy("Kronor"), gettext_lazy("An amount that the calculation can use.")),
    Kind.NUMBER: (gettext_lazy("Number"), gettext_lazy("A whole number that the calculation can use.")),
    Kind.DAY: (gettext_lazy("Date"), gettext_lazy("A day, for example when it begins.")),
    Kind.YES_NO: (gettext_lazy("Yes or no"), gettext_lazy("Other questions can depend on the answer.")),
    Kind.CHOICE: (gettext_lazy("One of several"), gettext_lazy("One answer from a list.")),
    Kind.CHOICES: (gettext_lazy("Any of several"), gettext_lazy("Any number of answers from a list.")),
    Kind.TABLE: (gettext_lazy("Table"), gettext_lazy("Rows and columns with sums, for example a budget that must balance.")),
    Kind.FILE: (gettext_lazy("Attachment"), gettext_lazy("A file that is asked for, perhaps only when something is answered.")),
    Kind.CONFIRM: (
        gettext_lazy("A box to tick"),
        gettext_lazy("A sentence that must be true, for example that all facts are right."),
    ),
}
PATTERNS = [
    ("", gettext_lazy("Anything")),
    (Pattern.EMAIL, gettext_lazy("An e-mail address")),
    (Pattern.PHONE, gettext_lazy("A telephone number")),
    (Pattern.POSTCODE, gettext_lazy("A postcode")),
    (Pattern.WEB, gettext_lazy("A web address")),
    (Pattern.ORGANISATION_NUMBER, gettext_lazy("An organisation number")),
]
COLUMN_KINDS = [(Kind.TEXT, gettext_lazy("text")), (Kind.AMOUNT, gettext_lazy("kronor")), (Kind.NUMBER, gettext_lazy("number"))]


class SectionEdit(forms.Form):
    """One page of the form."""

    title = forms.CharField(label=gettext_lazy("Heading"), max_length=80)
    hint = forms.CharField(
        label=gettext_lazy("Introduction"), required=False, max_length=2000, widget=forms.Textarea({"rows": "3"})
    )

    def row(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"title": cleaned["title"], **({"hint": cleaned["hint"]} if cleaned["hint"] else {})}


class QuestionEdit(forms.Form):
    """One question of one kind: only what its kind has."""

    label = forms.CharField(label=gettext_lazy("Question"), max_length=300)
    hint = forms.CharField(
        label=gettext_lazy("Help"),
        help_text=gettext_lazy("Stands under the question."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": "2"}),
    )
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    into = forms.ChoiceField(label=gettext_lazy("In the part"))

    def __init__(
        self,
        data: Any,
        kind: Kind,
        *,
        sections: Sequence[tuple[str, str]],
        into: str,
        question: Mapping[str, Any] | None = None,
        may_be_asked: bool = False,
        earlier: Sequence[Question] = (),
    ) -> None:
        super().__init__(data, initial={"required": True, "into": into, **_first(question or {}, kind)})
        self.kind, self.question = kind, dict(question or {})
        for name, field in _extra_fields(kind).items():
            self.fields[name] = field
        if may_be_asked:
            self.fields["is_asked"] = forms.BooleanField(label=_("This is the amount that is applied for"), required=False)
        cast(forms.ChoiceField, self.fields["into"]).choices = list(sections)
        self.order_fields([*(name for name in self.fields if name != "into"), "into"])
        sides = own_sides(self.question)
        columns = [{**column, "side": sides.get(f"{THIS}.{column['key']}", "")} for column in self._columns()]
        self.columns = ColumnFormSet(data, initial=columns, prefix="c") if kind is Kind.TABLE else None
        self.balance = BalanceEdit(data, kind, earlier, self.question) if kind is Kind.TABLE or kind in NUMBERS else None

    def _columns(self) -> list[dict[str, Any]]:
        return [{"kind": "text", **column} for column in self.question.get("columns", ())]

    def clean_choices(self) -> str:
        text = str(self.cleaned_data["choices"])
        if len({line.strip() for line in text.splitlines() if line.strip()}) < 2:
            raise ValidationError(_("Write at least two different answers, one on each line."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.columns is not None and not self.columns.is_valid():
            raise ValidationError(_("Look at the columns."))
        if self.columns is not None and not self._column_rows():
            raise ValidationError(_("Write at least one column."))
        if self.balance is not None and not (self.balance.is_valid() and self.balance.is_right(self._own_sides())):
            raise ValidationError(_("A balance needs something on both sides, and something of this question on one of them."))
        return cleaned

    def row(self) -> dict[str, Any]:
        """The question as data, its key kept; what stays as it usually is, is left out."""
        cleaned = self.cleaned_data
        row: dict[str, Any] = {"key": self.question.get("key", ""), "label": cleaned["label"], "kind": str(self.kind)}
        if cleaned.get("is_asked"):
            row["key"] = "asked"
        if not cleaned["required"]:
            row["required"] = False
        for name in ("hint", "pattern", "min_length", "max_length", "most_rows"):
            if (value := cleaned.get(name)) not in (None, ""):
                row[name] = value
        row |= {name: _limit(cleaned[name]) for name in ("at_least", "at_most") if cleaned.get(name) is not None}
        if self.kind in (Kind.CHOICE, Kind.CHOICES):
            row["choices"] = self._choices()
        if self.columns is not None:
            row["columns"] = self._column_rows()
        if self.balance is not None:
            row |= self.balance.row(self._own_sides())
        return row

    def _choices(self) -> list[dict[str, str]]:
        """A label that was there keeps its key."""
        known = {choice["label"]: choice["key"] for choice in self.question.get("choices", ())}
        taken, rows = set(known.values()), []
        for label in dict.fromkeys(text.strip() for text in self.cleaned_data["choices"].splitlines() if text.strip()):
            key = known.get(label) or free_key("c", taken)
            taken.add(key)
            rows.append({"key": key, "label": label})
        return rows

    def _column_rows(self) -> list[dict[str, str]]:
        assert self.columns is not None
        filled = [form.cleaned_data for form in self.columns.forms if form.cleaned_data.get("label")]
        taken, rows = {row["key"] for row in filled if row["key"]}, []
        for row in filled:
            key = row["key"] or free_key("k", taken)
            taken.add(key)
            rows.append({"key": key, "label": row["label"], "kind": row["kind"]})
        return rows

    def _own_sides(self) -> dict[str, str]:
        """The columns of numbers that are in the balance: "this.k2" -> side."""
        if self.columns is None:
            return {}
        filled = [form.cleaned_data for form in self.columns.forms if form.cleaned_data.get("label")]
        pairs = zip(self._column_rows(), filled, strict=True)
        return {f"{THIS}.{row['key']}": typed["side"] for row, typed in pairs if typed["side"] and row["kind"] in list(NUMBERS)}


def _limit(value: Decimal | int | date) -> str:
    return value.isoformat() if isinstance(value, date) else plain(value)


def _first(question: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    first = {**question, "choices": "\n".join(choice["label"] for choice in question.get("choices", ()))}
    for name in ("at_least", "at_most"):
        if kind is Kind.AMOUNT and question.get(name):
            first[name] = Decimal(question[name])
    return first


def _extra_fields(kind: Kind) -> dict[str, forms.Field]:
    if kind in TEXTS:
        lengths: dict[str, forms.Field] = {
            "min_length": WholeNumberField(label=_("At least so many characters"), required=False, min_value=0, max_value=4000),
            "max_length": WholeNumberField(label=_("At most so many characters"), required=False, min_value=1, max_value=20_000),
        }
        pattern = forms.ChoiceField(label=_("What it must look like"), choices=PATTERNS, required=False)
        return {"pattern": pattern, **lengths} if kind is Kind.TEXT else lengths
    if kind in (Kind.CHOICE, Kind.CHOICES):
        widget = forms.Textarea({"rows": "5"})
        return {"choices": forms.CharField(label=_("Answers to choose between"), help_text=_("One on each line."), widget=widget)}
    if kind is Kind.TABLE:
        return {"most_rows": WholeNumberField(label=_("At most so many rows"), required=False, min_value=1, max_value=100)}
    limits: dict[Kind, Any] = {Kind.AMOUNT: KronorField, Kind.NUMBER: WholeNumberField, Kind.DAY: SwedishDateField}
    if kind not in limits:
        return {}
    labels = (_("Not before"), _("Not after")) if kind is Kind.DAY else (_("At least"), _("At most"))
    return {name: limits[kind](label=label, required=False) for name, label in zip(("at_least", "at_most"), labels, strict=True)}


class ColumnForm(forms.Form):
    """One column of a table. An empty row is no column."""

    key = forms.SlugField(widget=forms.HiddenInput, required=False)
    label = forms.CharField(label=gettext_lazy("Heading"), max_length=100, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=COLUMN_KINDS, initial="text")
    side = forms.ChoiceField(label=gettext_lazy("In the balance"), choices=SIDES, required=False)


ColumnFormSet = formset_factory(ColumnForm, extra=4)
