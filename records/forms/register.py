"""The register: how it is narrowed (the questions live in the address), and what is asked before a case changes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from records.models import Series
from records.models.case import CaseQuerySet


class RegisterFilter(forms.Form):
    q = forms.CharField(label=_("Case number, subject or sender"), required=False, max_length=100, strip=True)
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All")), ("open", _("Open")), ("closed", _("Closed"))]
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        years = Series.objects.order_by("-year").values_list("year", flat=True).distinct()
        self.fields["year"].choices = [("", _("All")), *((year, str(year)) for year in years)]  # type: ignore[attr-defined]

    def narrowed(self, cases: CaseQuerySet) -> CaseQuerySet:
        """The cases that the address asks for; a question that cannot be read is left out."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("q"):
            cases = cases.matching(wanted["q"])
        if wanted.get("year"):
            cases = cases.filter(year=wanted["year"])
        if wanted.get("state"):
            cases = cases.filter(closed_at__isnull=wanted["state"] == "open")
        return cases


class ReasonForm(forms.Form):
    """Why: kept in the log. required: whether one may be left out."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = required


class GroundForm(forms.Form):
    """The section of law that a mark of secrecy leans on."""

    ground = forms.CharField(label=_("Section of law"), max_length=60, help_text=_("For example OSL 21:7."))
