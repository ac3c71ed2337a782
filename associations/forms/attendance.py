"""Attendance: the card, groups and their people, files."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms import formset_factory
from django.utils.dates import WEEKDAYS
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from associations.choices import SessionKind, Sex
from associations.forms.fields import YesNoField, no_personal_number
from associations.municipalities import MUNICIPALITIES
from associations.rules.attendance import Anonymous
from records.forms import SwedishDateField, SwedishTimeField, WholeNumberField

_HERE = MUNICIPALITIES.get(settings.MUNICIPALITY["code"], settings.MUNICIPALITY["name"])
_SEXES = [("", _("Not stated")), (Sex.FEMALE, _("Girl or woman")), (Sex.MALE, _("Boy or man")), (Sex.OTHER, _("Other"))]
_KINDS = [(kind.value, capfirst(kind.label)) for kind in SessionKind]


def _weekdays() -> list[tuple[Any, Any]]:
    return [("", _("No fixed day")), *((number, capfirst(str(name))) for number, name in WEEKDAYS.items())]


class WhenForm(forms.Form):
    """Which session the card is for; lives in the address."""

    dag = SwedishDateField(label=_("Day"), help_text="")
    tid = SwedishTimeField(label=_("Begins at"))


class CardForm(forms.Form):
    """What the card asks besides who was there."""

    minutes = WholeNumberField(label=_("How many minutes did it last?"), min_value=1, max_value=1440)
    kind = forms.ChoiceField(label=_("What was it?"), choices=_KINDS)


class NamelessForm(forms.Form):
    """People with protected identity: a birth year, a sex and a number, never a name."""

    born = WholeNumberField(label=_("Birth year"), min_value=1900, max_value=2100, required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=_SEXES, required=False)
    number = WholeNumberField(label=_("How many"), min_value=0, max_value=100, required=False)
    leads = forms.BooleanField(label=_("Led"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("number") and not cleaned.get("born"):
            self.add_error("born", _("Write the birth year with four digits."))
        return cleaned


NamelessFormSet = formset_factory(NamelessForm, extra=1, max_num=20)


def nameless_from(formset: Any) -> list[Anonymous]:
    """The filled-in rows, as the rules read them."""
    rows = [form.cleaned_data for form in formset if form.cleaned_data.get("number") and form.cleaned_data.get("born")]
    return [Anonymous(row["born"], row["sex"], row["number"], row["leads"]) for row in rows]


class GroupForm(forms.Form):
    name = forms.CharField(label=_("What is the group called?"), max_length=150, help_text=_("For example Girls born 2014."))
    activity = forms.CharField(label=_("What do you do?"), max_length=150, help_text=_("For example football or theatre."))
    place = forms.CharField(label=_("Where do you usually meet?"), max_length=150, required=False)
    weekday = forms.TypedChoiceField(
        label=_("Which day do you usually meet?"), choices=lazy(_weekdays, list), coerce=int, empty_value=None, required=False
    )
    starts = SwedishTimeField(label=_("When does it usually begin?"), required=False)
    minutes = WholeNumberField(label=_("How many minutes does it usually last?"), min_value=1, max_value=1440, required=False)


class CardPersonForm(forms.Form):
    """Somebody on a card. No personal number is asked for: birth year and sex are what the support is counted by."""

    name = forms.CharField(label=_("Name"), max_length=150, validators=[no_personal_number])
    birth_year = WholeNumberField(
        label=_("Birth year"), min_value=1900, max_value=2100, help_text=_("Four digits, for example 2014.")
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=_SEXES, required=False)
    leads = forms.BooleanField(label=_("Leads the group"), required=False)
    lives_here = YesNoField(label=_("Lives in %(place)s?") % {"place": _HERE}, initial=True)
    is_member = YesNoField(label=_("Member of the association?"), initial=True, help_text=_("No for somebody who tries out."))


class SessionForm(forms.Form):
    """When a saved session was."""

    day = SwedishDateField(label=_("Day"))
    starts = SwedishTimeField(label=_("Begins at"))
    minutes = WholeNumberField(label=_("How many minutes did it last?"), min_value=1, max_value=1440)
    kind = forms.ChoiceField(label=_("What was it?"), choices=_KINDS)


class RemoveForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=300, validators=[no_personal_number], help_text=_("For example: it was cancelled.")
    )


class AttendanceFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("DAK (XML) from your club system, or a table as xlsx, ods or csv. At most 60 MB."),
        widget=forms.FileInput({"accept": ".xml,.dak,.xlsx,.ods,.csv"}),
    )
