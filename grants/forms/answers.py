"""The application form of a scheme version, one section at a time, as a Django form made from data."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from grants.rules.balances import sides
from grants.rules.form_shape import Answers, Column, Pattern, Row
from grants.rules.questions import (
    Answer,
    Fault,
    Form,
    Kind,
    Question,
    Section,
    Seen,
    column_sum,
    fault_of,
    questions_of,
    seen_questions,
)
from grants.rules.reading import is_given
from grants.wording import balance_hint, balance_sentence, condition_sentence, fault_sentence
from records.forms import Typed
from records.values import kronor_text

PREFIX = "q"
SPARE_ROWS = 3  # empty rows under those that are filled in


class Confirm(forms.CheckboxInput):
    """A box whose value is "yes" or nothing."""

    def __init__(self) -> None:
        super().__init__({"value": "yes"}, check_test=lambda value: value == "yes")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # type: ignore[override]
        return "yes" if data.get(name) == "yes" else ""

    def format_value(self, value: Any) -> str:
        return "yes"


class TableInput(forms.MultiWidget):
    """A table to fill in: many inputs under one legend, a few empty rows last, the sums of its columns at the foot."""

    template_name = "grants/includes/table_input.html"

    def __init__(self, question: Question) -> None:
        self.question = question
        super().__init__([])

    @property
    def is_hidden(self) -> bool:
        return False

    def decompress(self, value: Any) -> list[Any]:
        return []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.get(name) or ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        question, rows = self.question, list(value) if isinstance(value, list) else []
        first = (attrs or {}).get("id", f"id_{name}")
        spare = [Row()] * max(0, min(SPARE_ROWS, question.most_rows - len(rows)))
        cells = [[(column, row.get(column.key, "")) for column in question.columns] for row in [*rows, *spare]]
        numbered = iter(range(len(cells) * len(question.columns)))
        return {
            "name": name,
            "columns": question.columns,
            "rows": [
                [_cell(name, number, *cell, f"{first}_{next(numbered)}") for cell in row] for number, row in enumerate(cells)
            ],
            "sums": table_sums(question, rows),
            "widget": {"attrs": attrs or {}, "is_hidden": False},
        }


def _cell(name: str, number: int, column: Column, value: str, html_id: str) -> dict[str, Any]:
    keyboard = {Kind.AMOUNT: "decimal", Kind.NUMBER: "numeric"}.get(column.kind, "text")
    return {"column": column, "value": value, "id": html_id, "keyboard": keyboard, "name": f"{name}-{number}-{column.key}"}


def table_sums(question: Question, answer: Answer) -> list[tuple[Column, str]]:
    """What each column comes to as people read it; "" for a column of texts."""
    return [
        (column, "" if column.kind is Kind.TEXT else kronor_text(column_sum(answer, column.key))) for column in question.columns
    ]


class AnswerField(forms.Field):
    """One question. Unfinished is fine while writing; what is given must be readable."""

    def __init__(self, question: Question, *, strict: bool) -> None:
        self.question, self.strict = question, strict
        super().__init__(label=question.label, help_text=question.hint, required=question.required, widget=_widget(question))

    def clean(self, value: Any) -> Answer:
        fault = fault_of(self.question, value)
        if fault is not None and (self.strict or fault is not Fault.MISSING):
            code = "required" if fault is Fault.MISSING else fault.value
            raise ValidationError(fault_sentence(self.question, fault, value), code=code)
        return value or ""


def _widget(question: Question) -> forms.Widget:
    if question.kind in (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO):
        return _choosing(question)
    match question.kind:
        case Kind.LONG_TEXT:
            return forms.Textarea({"rows": "6", "data-counts": str(question.max_length)})
        case Kind.AMOUNT:
            return Typed(size=14, keyboard="decimal", suffix=gettext_lazy("kr"))
        case Kind.NUMBER:
            return Typed(size=8, keyboard="numeric")
        case Kind.DAY:
            return Typed(size=18)
        case Kind.TABLE:
            return TableInput(question)
        case Kind.CONFIRM:
            return Confirm()
    return forms.TextInput({"maxlength": str(question.max_length), **_KEYBOARDS.get(question.pattern, {})})


def _choosing(question: Question) -> forms.Widget:
    choices: list[tuple[str, Any]] = [(choice.key, choice.label) for choice in question.choices]
    if question.kind is Kind.CHOICES:
        return forms.CheckboxSelectMultiple(choices=choices)
    yes_or_no: list[tuple[str, Any]] = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
    return forms.RadioSelect(choices=yes_or_no if question.kind is Kind.YES_NO else choices)


_KEYBOARDS: dict[str, dict[str, str]] = {
    Pattern.EMAIL: {"inputmode": "email", "autocomplete": "email"},
    Pattern.PHONE: {"inputmode": "tel", "autocomplete": "tel"},
    Pattern.POSTCODE: {"inputmode": "numeric"},
    Pattern.WEB: {"inputmode": "url"},
    Pattern.ORGANISATION_NUMBER: {"inputmode": "numeric"},
}


class SectionForm(forms.Form):
    """One section, filled with what is saved or what was just posted. strict: a required question must be answered."""

    def __init__(self, section: Section, whole: Form, answers: Mapping[str, Answer], *, strict: bool = False) -> None:
        super().__init__({f"{PREFIX}-{key}": answer for key, answer in _retyped(section, answers).items()}, prefix=PREFIX)
        self.section, self.whole, self.answers, self.strict = section, whole, answers, strict
        seen = seen_questions(whole, answers)
        self.asked_files = [
            question for question in section.questions if question.kind is Kind.FILE and seen[question.key] is Seen.SHOWN
        ]
        everything = questions_of(whole)
        for question in section.questions:
            if question.kind is Kind.FILE:
                continue
            field = AnswerField(question, strict=strict and seen[question.key] is Seen.SHOWN)
            if question.balances:
                field.help_text = f"{question.hint} {balance_hint(question, whole)}".strip()
            if question.shown_if or section.shown_if:
                conditions = [each for each in (section.shown_if, question.shown_if) if each]
                field.condition = {  # type: ignore[attr-defined]
                    "seen": seen[question.key].value,
                    "hint": " ".join(condition_sentence(each, everything) for each in conditions),
                }
            self.fields[question.key] = field

    def clean(self) -> dict[str, Any]:
        """What must sum to the same over several questions, said beside the one it stands on when that is answered."""
        seen = seen_questions(self.whole, self.answers)
        for question in self.section.questions:
            both_sides = sides(question, self.whole, self.answers, seen)
            if both_sides is None or both_sides[0] == both_sides[1] or question.key in self.errors:
                continue
            if self.strict or is_given(self.answers.get(question.key)):
                self.add_error(question.key, balance_sentence(question, self.whole, both_sides))
        return self.cleaned_data


def judged(whole: Form, section: Section, answers: Answers) -> dict[str, Any]:
    """What the page of a section shows by itself while one writes: which questions are asked, and what tables come to."""
    seen = seen_questions(whole, answers)
    tables = [question for question in section.questions if question.kind is Kind.TABLE]
    return {
        "seen": {f"{PREFIX}-{question.key}": seen[question.key].value for question in section.questions},
        "sums": {
            f"{PREFIX}-{question.key}-{column.key}": text
            for question in tables
            for column, text in table_sums(question, answers.get(question.key, ""))
            if text
        },
    }


def _retyped(section: Section, answers: Answers) -> dict[str, Answer]:
    """The answers as one would type them: an amount that was read comes back as "12 000,50"."""
    questions = {question.key: question for question in section.questions}
    return {key: _as_typed(questions[key], answer) for key, answer in answers.items() if key in questions}


def _as_typed(question: Question, answer: Answer) -> Answer:
    if question.kind is Kind.AMOUNT and isinstance(answer, str):
        return _amount(answer)
    if question.kind is not Kind.TABLE or not isinstance(answer, list):
        return answer
    amounts = {column.key for column in question.columns if column.kind is Kind.AMOUNT}
    rows = [row for row in answer if isinstance(row, dict)]
    return [{key: _amount(cell) if key in amounts else cell for key, cell in row.items()} for row in rows]


def _amount(answer: str) -> str:
    if "." not in answer:
        return answer
    try:
        return kronor_text(Decimal(answer))
    except InvalidOperation:
        return answer


def typed_answers(section: Section, data: QueryDict) -> dict[str, Answer]:
    """What was typed in one section: every question of it, an empty text where nothing was."""
    typed: dict[str, Answer] = {}
    for question in section.questions:
        name = f"{PREFIX}-{question.key}"
        if question.kind is Kind.TABLE:
            typed[question.key] = _typed_rows(question, data, name) or ""
        elif question.kind is not Kind.FILE:
            typed[question.key] = data.getlist(name) if question.kind is Kind.CHOICES else _storable(data.get(name, ""))
    return typed


def _storable(text: str) -> str:
    """Without what the database cannot keep."""
    return text.replace("\x00", "")


def _typed_rows(question: Question, data: QueryDict, name: str) -> list[Row]:
    rows = []
    for number in range(question.most_rows + SPARE_ROWS):
        row = {column.key: _storable(data.get(f"{name}-{number}-{column.key}", "")).strip() for column in question.columns}
        if any(row.values()):
            rows.append(row)
    return rows
