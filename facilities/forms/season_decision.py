"""What is said of days that a season's time could not be booked, of an undone decision, and of a code."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.forms.keep_fields import reason_field
from records.forms import SwedishDateField


class ClashForm(forms.Form):
    """Some days of one weekly time. Pressing "settle" asks for the sentence."""

    days = forms.MultipleChoiceField(
        label=gettext_lazy("Days"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one day.")},
    )
    note = forms.CharField(
        label=gettext_lazy("How it is settled"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("When you do not book the days here: one sentence that the association reads."),
    )

    def __init__(self, *args: Any, days: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(str(key), label) for key, label in days]  # type: ignore[attr-defined]

    def asks_for_note(self) -> bool:
        """Whether the sentence is missing; then it is said beside the field."""
        if self.cleaned_data.get("note", "").strip():
            return False
        self.add_error("note", _("Say in a sentence how it is settled. The association reads it."))
        return True

    @property
    def chosen(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["days"]]


class UndoForm(forms.Form):
    reason = reason_field(gettext_lazy("Why?"), gettext_lazy("Every association that wished reads this in a letter."))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code or key"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Empty: no code is needed from that day on."),
    )
    since = SwedishDateField(label=gettext_lazy("From and including"))
