"""What officers write about applications."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grants.choices import ApplicationStatus
from grants.models import Call
from records.forms import SwedishDateField

LATE, INCOMPLETE = "late", "incomplete"


class CaseworkFilter(forms.Form):
    """The list's filters; they live in the address."""

    q = forms.CharField(label=_("Association or case number"), required=False, max_length=100)
    call = forms.ModelChoiceField(label=_("Call"), queryset=Call.objects.none(), required=False, empty_label=_("All"))
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *((key, label) for key, label in ApplicationStatus.choices if key != ApplicationStatus.DRAFT)],
    )
    handler = forms.ChoiceField(
        label=_("Handled by"), required=False, choices=[("", _("All")), ("me", _("Me")), ("nobody", _("Nobody yet"))]
    )
    state = forms.ChoiceField(
        label=_("Only"), required=False, choices=[("", _("All")), (LATE, _("late")), (INCOMPLETE, _("incomplete"))]
    )

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        call = self.fields["call"]
        assert isinstance(call, forms.ModelChoiceField)
        call.queryset = Call.objects.announced().order_by("-grant_year", "title")
        for field in self.fields.values():
            field.label_suffix = ""


class CompletionForm(forms.Form):
    """What the association is asked to complete."""

    sections = forms.MultipleChoiceField(
        label=_("Which parts are opened?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one part.")},
    )
    message = forms.CharField(
        label=_("What is missing?"),
        help_text=_("The association reads this in the letter and above the form. Say what to do."),
        widget=forms.Textarea({"rows": "5"}),
        max_length=4000,
    )
    due_on = SwedishDateField(label=_("Last day to answer"))
    was_incomplete = forms.BooleanField(
        label=_("Something required was missing, so the application was not complete"),
        required=False,
        help_text=_("Where lateness is counted from completeness, the application counts as complete when this is answered."),
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = self.fields["sections"]
        assert isinstance(sections, forms.MultipleChoiceField)
        sections.choices = offered


class ExtensionForm(forms.Form):
    """A later last day for one association."""

    closes_on = SwedishDateField(label=_("New last day"))
    reason = forms.CharField(
        label=_("Particular reason"), widget=forms.Textarea({"rows": "3"}), max_length=2000, help_text=_("Kept in the log.")
    )


class AssignForm(forms.Form):
    """Who works with the application."""

    handler = forms.ModelChoiceField(
        label=_("Handled by"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handler = self.fields["handler"]
        assert isinstance(handler, forms.ModelChoiceField)
        handler.queryset = officers
