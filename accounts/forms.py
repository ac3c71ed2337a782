"""Reads and checks input; never saves (django-allauth's signup form excepted, which has its own save)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User
from records.forms import KronorField, SwedishDateField

LANGUAGES = [("sv", "Svenska"), ("en", "English"), ("fi", "Suomi")]  # each by its own name


class SignupForm(forms.Form):
    """What is asked beside address and password when a person signs up, with or without a directory."""

    field_order = ["name", "email", "password1"]

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("Shown to those you work with here. If your identity is protected, choose a name that gives nothing away."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by django-allauth when the person is saved."""
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=LANGUAGES,
        help_text=_("Pages and letters to you are written in this language."),
    )


class PeopleFilter(forms.Form):
    """The questions above the list of people; they live in the address."""

    q = forms.CharField(label=_("Name or e-mail address"), required=False, widget=forms.SearchInput())
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("Everyone")), *Role.choices])
    only = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All people")),
            ("staff", _("People with a role")),
            ("without_factor", _("Staff without a second factor")),
            ("erasure", _("Asked to be erased")),
        ],
    )


class RoleForm(forms.Form):
    """Give a role."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose a role")), *Role.choices])
    since = SwedishDateField(label=_("First day"))
    until = SwedishDateField(label=_("Last day"), required=False, help_text=_("Leave empty when the role has no end."))
    limit = KronorField(
        label=_("Delegation limit"),
        required=False,
        help_text=_("Only for decision-makers: how much the person may decide alone, per decision."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For example the decision about delegation, or the employment.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role, limit = cleaned.get("role"), cleaned.get("limit")
        if role == Role.DECISION_MAKER and "limit" not in self.errors and not limit:
            self.add_error("limit", _("A decision-maker needs a delegation limit in kronor."))
        if role and role != Role.DECISION_MAKER and limit is not None:
            self.add_error("limit", _("Only a decision-maker has a delegation limit."))
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not come before the first."))
        return cleaned


class EndRoleForm(forms.Form):
    """End a role: the last day with it."""

    last_day = SwedishDateField(label=_("Last day with the role"), required=False, help_text=_("Leave empty to end it now."))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class LimitForm(forms.Form):
    limit = KronorField(label=_("Delegation limit"))
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("For example the decision about delegation."))

    def clean_limit(self) -> Decimal:
        limit: Decimal = self.cleaned_data["limit"]
        if limit <= 0:
            raise forms.ValidationError(_("The limit must be more than 0 kronor."))
        return limit


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class InvitationForm(forms.Form):
    """Invite a person, with or without a role."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[("", _("No role")), *[choice for choice in Role.choices if choice[0] != Role.DECISION_MAKER]],
        help_text=_("A delegation is given on the person's page afterwards, with its limit."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=LANGUAGES)
    text = forms.CharField(label=_("Greeting"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


def last_day_to_end(last_day: date | None) -> date | None:
    """People say the last day with; rows hold the first day without."""
    return date.fromordinal(last_day.toordinal() + 1) if last_day else None
