"""Appeals, and grants given back, as they are typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.choices import AppealOutcome
from records.forms import SwedishDateField


class AppealForm(forms.Form):
    """An appeal that came in. Who appealed stands in the court's documents: no names here."""

    lodged_on = SwedishDateField(label=_("Came in"))
    court = forms.CharField(label=_("Court"), max_length=150)
    court_number = forms.CharField(label=_("The court's case number"), max_length=40, required=False)
    note = forms.CharField(
        label=_("Remark"),
        help_text=_("No names: who appealed stands in the court's documents."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )

    use_required_attribute = False


class FollowForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=AppealOutcome.choices)
    settled_on = SwedishDateField(label=_("Settled on"), required=False)
    stayed_on = SwedishDateField(label=_("Stopped by the court on"), required=False, help_text=_("Payments are held back."))
    court_number = forms.CharField(label=_("The court's case number"), max_length=40, required=False)
    note = forms.CharField(label=_("Remark"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label_suffix = ""


class RenouncedForm(forms.Form):
    on = SwedishDateField(label=_("Told us on"))
    reason = forms.CharField(
        label=_("How they told us, and why"), max_length=1000, widget=forms.Textarea({"rows": 3}), help_text=_("They see this.")
    )

    use_required_attribute = False
