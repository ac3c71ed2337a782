"""What an association tells about itself."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils import dates
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from associations.choices import ExcludedKind, Signing, StatutesApprovedBy
from associations.forms.fields import PhoneField, PostcodeField, WebsiteField, YesNoField, no_personal_number
from associations.models import Activity, Area, Association, Category
from associations.municipalities import MUNICIPALITIES
from records.forms import KronorField, OrganisationNumberField, SwedishDateField

_HERE = settings.MUNICIPALITY["code"]
_PLACES = [
    ("", _("Choose a municipality")),
    (_HERE, MUNICIPALITIES.get(_HERE, _HERE)),
    *sorted(((code, name) for code, name in MUNICIPALITIES.items() if code != _HERE), key=lambda pair: pair[1]),
]
_SIGNING = [(way.value, capfirst(way.label)) for way in Signing]


class FactsForm(forms.Form):
    """A part of the association's facts. The version is of the page that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, association: Association, data: Any = None) -> None:
        self.association = association
        known = {name: getattr(association, name, None) for name in self.base_fields}
        super().__init__(data, initial={**known, **self.known(association)})

    def known(self, association: Association) -> dict[str, Any]:
        """Answers that are not simply the model's field of that name."""
        return {}

    def facts(self, day: date) -> dict[str, Any]:
        """What to change, field -> value."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def differences(self, names: Iterable[str] | None = None) -> list[tuple[str, str]]:
        """What is saved now and differs from what was typed: (label, saved value). For a page that had grown old."""
        found = []
        for name, field in self.fields.items():
            saved = self.initial.get(name)
            if name != "version" and name in self.cleaned_data and (self.cleaned_data[name] or None) != (saved or None):
                found.append((str(field.label), str(field.prepare_value(saved) if saved not in (None, "") else "–")))
        return found

    def renew(self, association: Association) -> None:
        """Let the same typed text be saved on top of the newest version, once the person has seen what differs."""
        data = dict(self.data.items())
        data["version"] = str(association.version)
        self.data = data


class ContactForm(FactsForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("An address of the association's own that several people read."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = PhoneField(label=_("Telephone"), required=False)
    street = forms.CharField(
        label=_("Postal address"), max_length=150, required=False, widget=forms.TextInput({"autocomplete": "street-address"})
    )
    postcode = PostcodeField(label=_("Postcode"), required=False)
    town = forms.CharField(
        label=_("Town"), max_length=100, required=False, widget=forms.TextInput({"autocomplete": "address-level2"})
    )
    website = WebsiteField(label=_("Website"), required=False)


class AboutForm(FactsForm):
    """What the association is and does."""

    activity = forms.ModelChoiceField(
        label=_("Main activity"), queryset=Activity.objects.all(), required=False, empty_label=_("Choose an activity")
    )
    description = forms.CharField(
        label=_("Tell in a few sentences what you do"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        validators=[no_personal_number],
        help_text=_("Shown in the public register. Do not write about individual people."),
    )
    is_public = forms.BooleanField(
        label=_("Show the association in the public register"),
        required=False,
        help_text=_("Name, category, activity, area, description and website are shown. Never people."),
    )
    seat = forms.ChoiceField(label=_("In which municipality is your seat?"), choices=_PLACES)
    acts_here = YesNoField(label=_("Is the association active in the municipality?"))
    area = forms.ModelChoiceField(
        label=_("In which area?"), queryset=Area.objects.all(), required=False, empty_label=_("All of the municipality")
    )
    meets_children = YesNoField(label=_("Does anyone in the association meet children?"))
    founded_on = SwedishDateField(label=_("When was the association founded?"), required=False)
    federation = forms.CharField(label=_("National federation"), max_length=150, required=False)
    entitled_to_state_support = forms.BooleanField(label=_("We may apply for state LOK support"), required=False)
    state_support_applied_on = SwedishDateField(label=_("When did you last apply for state LOK support?"), required=False)
    membership_fee = KronorField(label=_("Membership fee a year"), required=False)
    year_begins_in = forms.TypedChoiceField(
        label=_("In which month does your operating year begin?"), coerce=int, choices=list(dates.MONTHS.items())
    )
    democratic_on = forms.BooleanField(label=_("We declare that the association is democratically built up"), required=False)
    open_to_all_on = forms.BooleanField(label=_("We declare that the association is open to all"), required=False)

    def known(self, association: Association) -> dict[str, Any]:
        return {
            "democratic_on": association.democratic_on is not None,
            "open_to_all_on": association.open_to_all_on is not None,
        }

    def facts(self, day: date) -> dict[str, Any]:
        told = super().facts(day)
        for declaration in ("democratic_on", "open_to_all_on"):
            told[declaration] = (getattr(self.association, declaration) or day) if told[declaration] else None
        return told


class KeptForm(FactsForm):
    """What an officer keeps after papers."""

    name = forms.CharField(label=_("Name"), max_length=150)
    organisation_number = OrganisationNumberField(label=_("Organisation number"))
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=Category.objects.all(), required=False, empty_label=_("Not yet set")
    )
    kind = forms.ChoiceField(
        label=_("Kind that never gets support"), required=False, choices=[("", _("None of them")), *ExcludedKind.choices]
    )
    signing = forms.ChoiceField(label=_("Signing"), choices=_SIGNING, widget=forms.RadioSelect)
    statutes_approved_on = SwedishDateField(label=_("Statutes approved"), required=False)
    statutes_approved_by = forms.ChoiceField(
        label=_("Statutes approved by"), required=False, choices=[("", "–"), *StatutesApprovedBy.choices]
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "statutes_approved_on" in cleaned and bool(cleaned["statutes_approved_on"]) != bool(
            cleaned.get("statutes_approved_by")
        ):
            self.add_error("statutes_approved_by", _("Give both the day and who approved the statutes, or neither."))
        return cleaned


_NOT_FACTS = {"name", "organisation_number", "statutes", "right"}


class RegisterForm(forms.Form):
    """The first thing: which association it is, and that it may be here."""

    name = forms.CharField(label=_("The association's name"), max_length=150, help_text=_("As in the statutes."))
    organisation_number = OrganisationNumberField(
        label=_("Organisation number"),
        help_text=_("Ten digits, for example 857500-1238. The Swedish Tax Agency gives one, free of charge."),
    )
    category = forms.ModelChoiceField(
        label=_("What kind of association is it?"), queryset=Category.objects.all(), empty_label=_("Choose a category")
    )
    activity = forms.ModelChoiceField(
        label=_("Main activity"), queryset=Activity.objects.all(), required=False, empty_label=_("Choose an activity")
    )
    seat = forms.ChoiceField(label=_("In which municipality is your seat?"), choices=_PLACES, initial=_HERE)
    email = forms.EmailField(
        label=_("The association's e-mail address"), help_text=_("An address of the association's own that several people read.")
    )
    phone = PhoneField(label=_("Telephone"), required=False)
    signing = forms.ChoiceField(
        label=_("How is the association bound, by its statutes?"), choices=_SIGNING, widget=forms.RadioSelect
    )
    statutes = forms.FileField(
        label=_("The statutes"), required=False, help_text=_("PDF or Word. You can hand them in later too, under Documents.")
    )
    right = forms.BooleanField(label=_("I have the board's word to register the association"))
    democratic_on = forms.BooleanField(
        label=_("The association is democratically built up"), required=False, help_text=_("You can answer this later too.")
    )
    open_to_all_on = forms.BooleanField(label=_("The association is open to all"), required=False)

    def facts(self, day: date) -> dict[str, Any]:
        """What is told beside name and number, field -> value."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in _NOT_FACTS}
        for declaration in ("democratic_on", "open_to_all_on"):
            told[declaration] = day if told[declaration] else None
        return told
