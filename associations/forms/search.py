"""The questions above lists; they live in the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from associations.choices import AssociationStatus
from associations.models import Activity, Area, Category


class PublicFilter(forms.Form):
    """The public register."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100, widget=forms.SearchInput())
    category = forms.ModelChoiceField(
        label=_("Category"), required=False, queryset=Category.objects.all(), to_field_name="key", empty_label=_("All")
    )
    activity = forms.ModelChoiceField(
        label=_("Activity"), required=False, queryset=Activity.objects.all(), to_field_name="key", empty_label=_("All")
    )
    area = forms.ModelChoiceField(
        label=_("Area"), required=False, queryset=Area.objects.all(), to_field_name="key", empty_label=_("All")
    )


class RegisterFilter(PublicFilter):
    """The officers' list."""

    field_order = ["q", "status", "category", "activity", "area", "lacks"]

    q = forms.CharField(label=_("Name or organisation number"), required=False, max_length=100, widget=forms.SearchInput())
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *AssociationStatus.choices])
    lacks = forms.ChoiceField(
        label=_("What is missing"),
        required=False,
        choices=[
            ("", _("All")),
            ("facts", _("This year's facts")),
            ("account", _("Verified bank account")),
            ("signatory", _("Signatory")),
            ("category", _("Category")),
        ],
    )
