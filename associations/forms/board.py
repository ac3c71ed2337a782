"""The board as a list of seats."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from associations.actions import Seat
from associations.choices import REACHABLE_ROLES, BoardRole, Sex
from associations.forms.fields import PhoneField
from associations.models import BoardMember
from records.forms import SwedishDateField, WholeNumberField

_ROLES = [("", _("Choose a role")), *((role.value, capfirst(role.label)) for role in BoardRole)]


class SeatForm(forms.Form):
    """One person on the board. An added row that is left empty is no person."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=150, error_messages={"required": _("Fill in the name.")})
    role = forms.ChoiceField(label=_("Role"), choices=_ROLES, error_messages={"required": _("Choose a role.")})
    since = SwedishDateField(
        label=_("Elected from"), error_messages={"required": _("Fill in the day from which the person is elected.")}
    )
    last_day = SwedishDateField(
        label=_("Elected until"), required=False, help_text=_("The last day. Leave empty if not decided.")
    )
    email = forms.EmailField(label=_("E-mail address"), required=False, help_text=_("Only for the chair and the contact person."))
    phone = PhoneField(label=_("Telephone"), required=False, help_text=_("Only for the chair and the contact person."))
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=[("", _("Not stated")), *Sex.choices])
    birth_year = WholeNumberField(label=_("Year of birth"), required=False, min_value=1900, max_value=date.max.year)
    left = forms.BooleanField(label=_("Has left the board"), required=False)

    @property
    def is_empty(self) -> bool:
        cleaned = getattr(self, "cleaned_data", {})
        return not any(cleaned.get(name) for name in ("pk", "name", "role", "since", "email", "phone"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, last = cleaned.get("since"), cleaned.get("last_day")
        if since and last and last < since:
            self.add_error("last_day", _("The last day must come after the first."))
        born = cleaned.get("birth_year")
        if born and since and born > since.year:
            self.add_error("birth_year", _("Check the year of birth."))
        return cleaned

    def seat(self) -> Seat:
        cleaned, reachable = self.cleaned_data, self.cleaned_data["role"] in REACHABLE_ROLES
        return Seat(
            pk=cleaned["pk"],
            name=cleaned["name"],
            role=cleaned["role"],
            since=cleaned["since"],
            until=cleaned["last_day"] + timedelta(days=1) if cleaned["last_day"] else None,
            sex=cleaned["sex"],
            birth_year=cleaned["birth_year"],
            email=cleaned["email"] if reachable else "",
            phone=cleaned["phone"] if reachable else "",
        )


Board = forms.formset_factory(SeatForm, extra=0, max_num=60, absolute_max=60)


def seats_of(board: "forms.BaseFormSet[SeatForm]") -> list[Seat]:
    """The seats of a valid board: without empty rows and those who have left."""
    return [form.seat() for form in board.forms if not form.is_empty and not form.cleaned_data.get("left")]


def seats_from(board: Iterable[BoardMember]) -> list[dict[str, Any]]:
    """The rows of the page as they are saved now."""
    return [
        {
            "pk": row.pk,
            "name": row.name,
            "role": row.role,
            "since": row.since,
            "last_day": row.until - timedelta(days=1) if row.until else None,
            "email": row.email,
            "phone": row.phone,
            "sex": row.sex,
            "birth_year": row.birth_year,
        }
        for row in board
    ]
