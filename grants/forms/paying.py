"""Payments, as they are typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.forms import SwedishDateField


class RunForm(forms.Form):
    """The day the bank pays. Which payments go is ticked in the list."""

    pays_on = SwedishDateField(label=_("The bank pays on"))


class PaidForm(forms.Form):
    on = SwedishDateField(label=_("Paid on"))


class BankFileForm(forms.Form):
    file = forms.FileField(
        label=_("File from the bank"), help_text=_("pain.002 or camt.054, XML."), widget=forms.FileInput({"accept": ".xml"})
    )

    use_required_attribute = False
