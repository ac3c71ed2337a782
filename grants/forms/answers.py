"""The application form of a scheme version, one section at a time, as a Django form made from data."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.rules.questions import Answer, Fault, Form, Kind, Question, Section, Seen, fault_of, seen_questions
from grants.wording import choice_label, fault_sentence
from records.forms import Typed
from records.values import kronor_text

PREFIX = "q"


class Confirm(forms.CheckboxInput):
    """A box whose value is "yes" or nothing."""

    def __init__(self) -> None:
        super().__init__({"value": "yes"}, check_test=lambda value: value == "yes")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # type: ignore[override]
        return "yes" if data.get(name) == "yes" else ""

    def format_value(self, value: Any) -> str:
        return "yes"


class AnswerField(forms.Field):
    """One question. Unfinished is fine while writing; what is given must be readable."""

    def __init__(self, question: Question, *, strict: bool) -> None:
        self.question, self.strict = question, strict
        super().__init__(label=question.label, help_text=question.hint, required=question.required, widget=_widget(question))

    def clean(self, value: Any) -> Answer:
        fault = fault_of(self.question, value)
        if fault is not None and (self.strict or fault is not Fault.MISSING):
            code = "required" if fault is Fault.MISSING else fault.value
            raise ValidationError(fault_sentence(self.question, fault), code=code)
        return value or ""


def _widget(question: Question) -> forms.Widget:
    limit = {"maxlength": str(question.max_length)}
    match question.kind:
        case Kind.LONG_TEXT:
            return forms.Textarea({"rows": "6", "data-counts": str(question.max_length)})
        case Kind.TEXT:
            return forms.TextInput(limit)
        case Kind.AMOUNT:
            return Typed(size=14, keyboard="decimal", suffix=gettext_lazy("kr"))
        case Kind.NUMBER:
            return Typed(size=8, keyboard="numeric")
        case Kind.DAY:
            return Typed(size=18)
        case Kind.CHOICE:
            return forms.RadioSelect(choices=[(choice.key, choice.label) for choice in question.choices])
        case Kind.CHOICES:
            return forms.CheckboxSelectMultiple(choices=[(choice.key, choice.label) for choice in question.choices])
        case Kind.YES_NO:
            return forms.RadioSelect(choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))])
        case Kind.CONFIRM:
            return Confirm()


class SectionForm(forms.Form):
    """One section, filled with what is saved or what was just posted. strict: a required question must be answered."""

    def __init__(self, section: Section, whole: Form, answers: Mapping[str, Answer], *, strict: bool = False) -> None:
        super().__init__({f"{PREFIX}-{key}": answer for key, answer in _retyped(section, answers).items()}, prefix=PREFIX)
        self.section = section
        seen = seen_questions(whole, answers)
        labels = {question.key: question for row in whole for question in row.questions}
        for question in section.questions:
            asked = seen[question.key] is Seen.SHOWN
            field = AnswerField(question, strict=strict and asked)
            if question.shown_if:
                on = labels[question.shown_if.question]
                field.condition = {  # type: ignore[attr-defined]
                    "name": f"{PREFIX}-{on.key}",
                    "equals": question.shown_if.equals,
                    "hint": _("Answer if you chose “%(answer)s” on “%(question)s”.")
                    % {"answer": choice_label(on, question.shown_if.equals), "question": on.label},
                }
            self.fields[question.key] = field


def _retyped(section: Section, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers as one would type them: an amount that was read comes back as "12 000,50"."""
    kinds = {question.key: question.kind for question in section.questions}
    return {key: _amount(answer) if kinds.get(key) is Kind.AMOUNT else answer for key, answer in answers.items()}


def _amount(answer: Answer) -> Answer:
    if not isinstance(answer, str) or "." not in answer:
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
        typed[question.key] = data.getlist(name) if question.kind is Kind.CHOICES else data.get(name, "")
    return typed
