"""The terms of a scheme version as forms: questions, attachments, aims, requirements and the calculation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as parameters
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations import wording as standing_words
from associations.choices import DocumentKind
from grants.actions.schemes import Rows, Terms
from grants.models import SchemeVersion
from grants.rules.parts import PARTS
from grants.rules.parts_json import PartsNotReadable, parts_from_json, parts_to_json
from grants.rules.questions import YES_OR_NO, Condition, Form, Kind, form_from_json
from grants.wording import choice_label
from records.forms import KronorField, SwedishDateField, Typed, WholeNumberField

KINDS = [
    (Kind.TEXT, gettext_lazy("short text")),
    (Kind.LONG_TEXT, gettext_lazy("long text")),
    (Kind.AMOUNT, gettext_lazy("amount in kronor")),
    (Kind.NUMBER, gettext_lazy("number")),
    (Kind.DAY, gettext_lazy("date")),
    (Kind.YES_NO, gettext_lazy("yes or no")),
    (Kind.CHOICE, gettext_lazy("one of several")),
    (Kind.CHOICES, gettext_lazy("several of several")),
    (Kind.CONFIRM, gettext_lazy("a box that must be ticked")),
]
PART_KINDS = [
    ("base_amount", gettext_lazy("a fixed amount")),
    ("per_member", gettext_lazy("so much per member in an age band")),
    ("percent_of_cost", gettext_lazy("a share of a cost")),
    ("requested_up_to", gettext_lazy("what was applied for, up to a limit")),
    ("at_most", gettext_lazy("at most so much")),
    ("at_most_share", gettext_lazy("at most a share of a cost")),
    ("late_reduction", gettext_lazy("reduction for a late application")),
    ("rounding", gettext_lazy("rounding")),
    ("minimum_payout", gettext_lazy("nothing below a smallest amount")),
]


class TermsForm(forms.Form):
    """What is not one of the lists."""

    valid_from = SwedishDateField(label=gettext_lazy("Valid from"))
    aims = forms.CharField(
        label=gettext_lazy("Aims"),
        help_text=gettext_lazy("One on each line. If there are any, an application must serve at least one of them."),
        widget=forms.Textarea({"rows": "4"}),
        required=False,
    )
    requirements = forms.MultipleChoiceField(
        label=gettext_lazy("Requirements on the association"), widget=forms.CheckboxSelectMultiple, required=False
    )
    calculation_is_example = forms.BooleanField(
        label=gettext_lazy("The calculation is an example, not adopted by the municipality"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        requirements = cast(forms.MultipleChoiceField, self.fields["requirements"])
        requirements.choices = [(rule, f"{title} ({rule})") for rule, title in standing_words.TITLES.items()]


class QuestionForm(forms.Form):
    """One question. The key is made once and keeps the question's identity from year to year."""

    key = forms.SlugField(widget=forms.HiddenInput, required=False)
    section = forms.CharField(label=gettext_lazy("Part"), max_length=80)
    label = forms.CharField(label=gettext_lazy("Question"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of answer"), choices=KINDS)
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    hint = forms.CharField(label=gettext_lazy("Hint"), required=False, max_length=300)
    choices = forms.CharField(
        label=gettext_lazy("Answers to choose between"),
        required=False,
        help_text=gettext_lazy("One on each line."),
        widget=forms.Textarea({"rows": "3"}),
    )
    shown_if = forms.ChoiceField(
        label=gettext_lazy("Asked only when"),
        required=False,
        help_text=gettext_lazy("Questions that are saved and can be chosen on stand here."),
    )

    @property
    def heading(self) -> str:
        return str(self.initial.get("label", ""))

    def __init__(self, *args: Any, conditions: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["shown_if"]).choices = [("", _("Always")), *conditions]


class AttachmentForm(forms.Form):
    """One heading for a file."""

    key = forms.SlugField(widget=forms.HiddenInput, required=False)
    label = forms.CharField(label=gettext_lazy("Attachment"), max_length=100)
    required = forms.BooleanField(label=gettext_lazy("Must be attached"), required=False)
    yearly_document = forms.ChoiceField(
        label=gettext_lazy("Taken from the register"),
        required=False,
        choices=[("", gettext_lazy("No, it is uploaded")), *DocumentKind.choices],
    )

    @property
    def heading(self) -> str:
        return str(self.initial.get("label", ""))


class PartForm(forms.Form):
    """One part of the calculation: its kind, and of the numbers below those that the kind uses."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PART_KINDS)
    kronor = KronorField(label=gettext_lazy("Kronor"), required=False)
    percent = WholeNumberField(label=gettext_lazy("Percent"), required=False)
    age_from = WholeNumberField(label=gettext_lazy("From age"), required=False)
    age_to = WholeNumberField(label=gettext_lazy("To age"), required=False)
    only_at_home = forms.BooleanField(label=gettext_lazy("Only members who live in the municipality"), required=False)
    minimum = KronorField(label=gettext_lazy("At least, kronor"), required=False)
    quantity = forms.ChoiceField(label=gettext_lazy("Which amount"), required=False)
    only_above = KronorField(label=gettext_lazy("Only when the cost is above, kronor"), required=False)
    cap = KronorField(label=gettext_lazy("At most, kronor"), required=False)
    unit = KronorField(label=gettext_lazy("Rounded to whole, kronor"), required=False)

    def __init__(self, *args: Any, quantities: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["quantity"]).choices = [("", _("Choose")), *quantities]

    @property
    def heading(self) -> str:
        return str(dict(PART_KINDS).get(self.initial.get("kind", ""), ""))

    def part(self) -> dict[str, Any]:
        """The part as data: only what its kind uses and what was filled in."""
        kind = self.cleaned_data["kind"]
        used = {each.name for each in parameters(cast(Any, PARTS[kind]))}
        filled = {name: value for name, value in self.cleaned_data.items() if name in used and value not in (None, "", False)}
        return {"kind": kind} | {name: value if isinstance(value, int) else str(value) for name, value in filled.items()}


class RowsToEdit(BaseFormSet):  # type: ignore[type-arg]
    """Rows with words of our own for their place and for taking them away."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "ORDER" in form.fields:
            form.fields["ORDER"].label = _("Place in the order")
            form.fields["ORDER"].widget = Typed(size=4, keyboard="numeric")
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take away")


class BaseParts(RowsToEdit):
    """The calculation is tried before it is saved: what does not hold together is said at its part."""

    def clean(self) -> None:
        if any(self.errors):
            return
        filled = self.filled()
        try:
            parts_from_json([form.part() for form in filled])
        except PartsNotReadable as wrong:
            at = filled[wrong.index] if wrong.index is not None else None
            if at is None or wrong.field not in at.fields:
                raise ValidationError(_("The calculation does not hold together: %s.") % wrong) from wrong
            missing = wrong.code == "missing_field"
            at.add_error(wrong.field, _("Fill this in for this kind.") if missing else _("This number cannot be used here."))

    def filled(self) -> list[PartForm]:
        forms_in_order = self.ordered_forms if self.is_bound and not any(self.errors) else []
        return [form for form in forms_in_order if form.cleaned_data]


QuestionFormSet = formset_factory(
    QuestionForm, formset=RowsToEdit, extra=1, can_delete=True, can_order=True, can_delete_extra=False
)
AttachmentFormSet = formset_factory(AttachmentForm, formset=RowsToEdit, extra=1, can_delete=True, can_delete_extra=False)
PartFormSet = formset_factory(PartForm, formset=BaseParts, extra=1, can_delete=True, can_order=True, can_delete_extra=False)


def conditions_of(form: Form) -> list[tuple[str, str]]:
    """What a question can depend on: "key=answer", and how it reads."""
    offered = []
    for section in form:
        for question in section.questions:
            keys = YES_OR_NO if question.kind is Kind.YES_NO else [choice.key for choice in question.choices]
            offered += [(f"{question.key}={key}", f"{question.label} – {choice_label(question, key)}") for key in keys]
    return offered


def quantities_of(form: Form) -> list[tuple[str, str]]:
    """The amounts that a part of the calculation can be counted on."""
    amounts = [question for section in form for question in section.questions if question.kind is Kind.AMOUNT]
    return [("requested" if question.key == "asked" else question.key, question.label) for question in amounts]


def question_rows(version: SchemeVersion) -> list[dict[str, Any]]:
    """The saved questions as the forms show them."""
    rows = []
    for section in form_from_json(version.form):
        for question in section.questions:
            on = question.shown_if
            rows.append(
                {
                    "key": question.key,
                    "section": section.title,
                    "label": question.label,
                    "kind": question.kind,
                    "required": question.required,
                    "hint": question.hint,
                    "choices": "\n".join(choice.label for choice in question.choices),
                    "shown_if": f"{on.question}={on.value}" if isinstance(on, Condition) else "",
                }
            )
    return rows


def terms_from(form: TermsForm, questions: Any, attachments: Any, parts: BaseParts, *, before: Rows, aims_before: Rows) -> Terms:
    """What the forms say together. ValueError when the questions do not hold together (G-60).

    before, aims_before: what was saved; what the forms do not show (lengths, hints of parts, keys) is kept from there.
    """
    rows = _sections((row.cleaned_data for row in questions.ordered_forms if row.cleaned_data), before)
    form_from_json(rows)
    return Terms(
        valid_from=form.cleaned_data["valid_from"],
        form=rows,
        parts=parts_to_json(parts_from_json([each.part() for each in parts.filled()])),
        attachments=_attachments(row.cleaned_data for row in attachments.forms if row.cleaned_data),
        aims=_aims(form.cleaned_data["aims"], aims_before),
        requirements=form.cleaned_data["requirements"],
        calculation_is_example=form.cleaned_data["calculation_is_example"],
    )


def _sections(rows: Iterable[Mapping[str, Any]], before: Rows) -> list[dict[str, Any]]:
    """The questions grouped under their parts, in the order they stand."""
    filled = list(rows)
    old_sections = {section["title"]: section for section in before}
    old_questions = {question["key"]: question for section in before for question in section["questions"]}
    taken = {row["key"] for row in filled} | {section["key"] for section in before}
    sections: dict[str, dict[str, Any]] = {}
    for row in filled:
        title = row["section"].strip()
        if title not in sections:
            old = old_sections.get(title, {})
            sections[title] = {"hint": "", **old, "key": old.get("key") or _free("part", taken), "title": title, "questions": []}
        key = row["key"] or _free("q", taken)
        sections[title]["questions"].append(_question(row, key, old_questions.get(key, {})))
    return list(sections.values())


def _question(row: Mapping[str, Any], key: str, old: Mapping[str, Any]) -> dict[str, Any]:
    question = {**old, "key": key, **{name: row[name] for name in ("label", "kind", "required", "hint")}}
    question.pop("shown_if", None)
    question.pop("choices", None)
    if labels := [text.strip() for text in row["choices"].splitlines() if text.strip()]:
        keys = {choice["label"]: choice["key"] for choice in old.get("choices", ())}
        taken = set(keys.values())
        question["choices"] = [{"key": keys.get(label) or _free("c", taken), "label": label} for label in labels]
    if row["shown_if"]:
        on, _equals, answer = row["shown_if"].partition("=")
        question["shown_if"] = {"question": on, "equals": answer}
    return question


def _attachments(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kept = [row for row in rows if not row.get("DELETE")]
    taken = {row["key"] for row in kept}
    return [
        {
            "key": row["key"] or _free("file", taken),
            "label": row["label"],
            "required": row["required"],
            "yearly_document": row["yearly_document"],
        }
        for row in kept
    ]


def _aims(text: str, before: Rows) -> list[dict[str, str]]:
    keys = {aim["label"]: aim["key"] for aim in before}
    taken = set(keys.values())
    labels = [line.strip() for line in text.splitlines() if line.strip()]
    return [{"key": keys.get(label) or _free("aim", taken), "label": label} for label in labels]


def _free(stem: str, taken: set[str]) -> str:
    """The first key of its kind that is not taken; it is from now on."""
    key = next(key for number in range(1, 10_000) if (key := f"{stem}{number}") not in taken)
    taken.add(key)
    return key
