"""What an association writes of a proposal, and what an officer answers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations.rules.numbers import contains_personal_number
from facilities.models import Section

MOST = 2000


def without_personal_numbers(text: str) -> str:
    if contains_personal_number(text):
        raise ValidationError(_("That looks like a personal identity number. Take it away."))
    return text


class CommentForm(forms.Form):
    """A comment, of one of the association's groups or all."""

    section = forms.TypedChoiceField(
        label=gettext_lazy("What is it about?"), required=False, coerce=int, empty_value=None, choices=[]
    )
    text = forms.CharField(label=gettext_lazy("Your comment"), max_length=MOST, widget=forms.Textarea({"rows": "6"}))

    def __init__(self, *args: Any, sections: Iterable[Section], **options: Any) -> None:
        super().__init__(*args, **options)
        self.sections = {section.pk: section for section in sections}
        choices = [("", _("All our times")), *((pk, section.name) for pk, section in self.sections.items())]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        return without_personal_numbers(self.cleaned_data["text"])

    @property
    def about(self) -> Section | None:
        return self.sections.get(self.cleaned_data["section"])


class AnswerForm(forms.Form):
    """The municipality's answer, that is sent as a letter."""

    answer = forms.CharField(label=gettext_lazy("Your answer"), max_length=MOST, widget=forms.Textarea({"rows": "6"}))

    def clean_answer(self) -> str:
        return without_personal_numbers(self.cleaned_data["answer"])


class ReasonForm(forms.Form):
    """Why a proposal that is shown is taken back; everyone who wished reads it."""

    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=500, widget=forms.Textarea({"rows": "4"}))

    def clean_reason(self) -> str:
        return without_personal_numbers(self.cleaned_data["reason"])
