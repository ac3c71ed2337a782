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
from grants.rules.form_json import conditions_to_json, may_be_asked_about
from grants.rules.form_shape import CHOSEN, NUMBERS, TEXTS, Compares, Condition, Conditions, Kind, Pattern, Question
from grants.wording import choice_label, conditions_text
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
    Kind.CHOICES: (gettext_lazy("Several of several"), gettext_lazy("Any number of answers from a list.")),
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
    ) -> None:
        super().__init__(data, initial={"required": True, "into": into, **_first(question or {}, kind)})
        self.kind, self.question = kind, dict(question or {})
        for name, field in _extra_fields(kind).items():
            self.fields[name] = field
        if may_be_asked:
            self.fields["is_asked"] = forms.BooleanField(label=_("This is the amount that is applied for"), required=False)
        cast(forms.ChoiceField, self.fields["into"]).choices = list(sections)
        self.order_fields([*(name for name in self.fields if name != "into"), "into"])
        columns = [{**column, "balances": column["key"] in self.question.get("balance", ())} for column in self._columns()]
        self.columns = ColumnFormSet(data, initial=columns, prefix="c") if kind is Kind.TABLE else None

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
        if self.columns is not None and len(self._balance()) not in (0, 2):
            raise ValidationError(_("Choose two columns of kronor or numbers whose sums must be equal, or none."))
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
            if balance := self._balance():
                row["balance"] = balance
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

    def _balance(self) -> list[str]:
        assert self.columns is not None
        filled = [form.cleaned_data for form in self.columns.forms if form.cleaned_data.get("label")]
        rows = self._column_rows()
        return [row["key"] for row, typed in zip(rows, filled, strict=True) if typed["balances"] and row["kind"] in list(NUMBERS)]


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
    balances = forms.BooleanField(label=gettext_lazy("Its sum must equal the other ticked column's"), required=False)


ColumnFormSet = formset_factory(ColumnForm, extra=4)


class ConditionForm(forms.Form):
    """One condition. on: "key=answer", "key!answer", "key>" (at least) or "key<" (at most)."""

    on = forms.ChoiceField(label=gettext_lazy("Condition"), required=False)
    number = KronorField(label=gettext_lazy("Number, for “at least” and “at most”"), required=False)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["on"]).choices = [("", _("None")), *offered]

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
ConditionFormSet = formset_factory(ConditionForm, extra=2, max_num=8)


class ConditionsEdit:
    """When something is asked: conditions, and whether all or any must hold. Deeper ones, from a file, are kept as they are."""

    def __init__(self, data: Any, earlier: Sequence[Question], conditions: Conditions | None) -> None:
        self.kept = conditions if conditions is not None and not _is_flat(conditions) else None
        by_key = {question.key: question for question in earlier}
        self.kept_text = conditions_text(self.kept, by_key) if self.kept else ""
        self.how = HowForm(data, initial={"how": _how(conditions)}, prefix="w")
        flat = [] if conditions is None or self.kept else [_typed(each) for each in _leaves(conditions)]
        offered = offered_conditions(earlier)
        known = {on for on, _label in offered}
        if conditions is not None and not self.kept:  # also what is not offered, such as a text that must be the same
            rows = [(_typed(each)["on"], conditions_text(each, by_key)) for each in _leaves(conditions)]
            offered += [row for row in rows if row[0] not in known]
        self.rows = ConditionFormSet(data, initial=flat, prefix="w", form_kwargs={"offered": offered})
        self.offered = bool(offered)
        if not self.kept:
            del self.how.fields["drop"]

    def is_valid(self) -> bool:
        return bool(self.how.is_valid() and self.rows.is_valid())

    def row(self) -> dict[str, Any]:
        """{"shown_if": ...} or nothing."""
        if self.kept and not self.how.cleaned_data["drop"]:
            return {"shown_if": conditions_to_json(self.kept)}
        found = [row for form in self.rows.forms if (row := form.row())]
        if not found:
            return {}
        return {"shown_if": found[0] if len(found) == 1 else {self.how.cleaned_data["how"]: found}}


class HowForm(forms.Form):
    how = forms.ChoiceField(
        label=gettext_lazy("If there are several"),
        choices=[("all", gettext_lazy("all of them must hold")), ("any", gettext_lazy("one of them is enough"))],
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


def _is_flat(conditions: Conditions) -> bool:
    return isinstance(conditions, Condition) or all(isinstance(each, Condition) for each in conditions.of)


def _leaves(conditions: Conditions) -> list[Condition]:
    if isinstance(conditions, Condition):
        return [conditions]
    return [each for each in conditions.of if isinstance(each, Condition)]


def _how(conditions: Conditions | None) -> str:
    return "any" if conditions is not None and not isinstance(conditions, Condition) and not conditions.every else "all"


def _typed(condition: Condition) -> dict[str, Any]:
    sign = next(sign for sign, compares in _SIGNS.items() if compares is condition.compares)
    if condition.compares in (Compares.AT_LEAST, Compares.AT_MOST):
        return {"on": f"{condition.question}{sign}", "number": Decimal(condition.value)}
    return {"on": f"{condition.question}{sign}{condition.value}"}
