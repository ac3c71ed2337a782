"""Producers and their papers."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from associations.forms.fields import PhoneField, WebsiteField, YesNoField
from associations.models import Association
from culture.choices import EvidenceKind
from culture.models import Producer
from records.forms import DocumentField, OrganisationNumberField, SwedishDateField

FACTS = ("name", "organisation_number", "association", "email", "phone", "website", "is_own", "is_example")


class ProducerForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)
    organisation_number = OrganisationNumberField(
        label=_("Organisation number"),
        required=False,
        help_text=_("Ten digits. Leave it empty for a sole trader: we keep no personal identity numbers."),
    )
    association = forms.ModelChoiceField(
        label=_("Association in the register"),
        queryset=Association.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("When the producer is an association here."),
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = PhoneField(label=_("Telephone"), required=False)
    website = WebsiteField(label=_("Website"), required=False)
    is_own = forms.BooleanField(
        label=_("The municipality's own"),
        required=False,
        help_text=_("For example the Culture School. Sends no invoice, so F-tax and agreement are not asked for."),
    )
    is_example = forms.BooleanField(
        label=_("Example"), required=False, help_text=_("Shown as an example, not as one of the municipality's producers.")
    )

    def __init__(self, data: Any = None, *, producer: Producer | None = None) -> None:
        super().__init__(data, initial={name: getattr(producer, name) for name in FACTS} if producer else None)
        chosen = Association.objects.filter(pk=producer.association_id or 0) if producer else Association.objects.none()
        self.fields["association"].queryset = (Association.objects.public() | chosen).order_by("name")  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


def not_later_than_today(day: date | None) -> None:
    if day and day > localdate():
        raise forms.ValidationError(_("The day has not come yet."))


class TaxForm(forms.Form):
    """That somebody looked up whether the producer is approved for F-tax."""

    approved = YesNoField(label=_("Is the producer approved for F-tax?"), error_messages={"required": _("Say yes or no.")})
    seen_on = SwedishDateField(label=_("Which day was it looked up?"), validators=[not_later_than_today])
    valid_until = SwedishDateField(
        label=_("Valid until"), required=False, help_text=_("The last day. Leave it empty when no day is given.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen, last = cleaned.get("seen_on"), cleaned.get("valid_until")
        if seen and last and last < seen:
            self.add_error("valid_until", _("The last day comes before the day it was looked up."))
        return cleaned


class EvidenceForm(forms.Form):
    """What shows that the producer is professional."""

    kind = forms.ChoiceField(label=_("What kind of evidence is it?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What does it say?"),
        max_length=300,
        help_text=_("In a few words, for the report of Skapande skola. For example: state operating support 2026."),
    )
    seen_on = SwedishDateField(label=_("Which day did you see it?"), validators=[not_later_than_today])
    file = DocumentField(label=_("File"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(value, capfirst(str(word))) for value, word in EvidenceKind.choices]  # type: ignore[attr-defined]


class AgreementForm(forms.Form):
    signed_on = SwedishDateField(
        label=_("Signed"), help_text=_("F-tax is looked at for this day. For example 2026-12-04 or 4 December 2026.")
    )
    first = SwedishDateField(label=_("Holds from"))
    last = SwedishDateField(
        label=_("Holds until"), required=False, help_text=_("The last day. Leave it empty until further notice.")
    )
    about = forms.CharField(label=_("What is it about?"), max_length=300, required=False)
    file = DocumentField(label=_("File"), required=False)
