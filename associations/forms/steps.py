"""Small forms: one question each."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from associations import wording
from associations.choices import AccountKind, MandateKind
from associations.forms.fields import no_personal_number
from associations.rules.numbers import NumberRefused, bank_giro, iban, plus_giro
from records.forms import SwedishDateField

_READERS = {AccountKind.BANKGIRO: bank_giro, AccountKind.PLUSGIRO: plus_giro, AccountKind.IBAN: iban}
_ACCOUNT_ERRORS: dict[tuple[str, str], str | Promise] = {
    ("bankgiro", "number_wrong_length"): _("A bank giro number has seven or eight digits, for example 5050-1055."),
    ("bankgiro", "number_not_digits"): _("A bank giro number has only digits, for example 5050-1055."),
    ("bankgiro", "number_check_digit"): _("The bank giro number is not right. Check every digit."),
    ("plusgiro", "number_wrong_length"): _("A plus giro number has two to eight digits, for example 28 65 43-4."),
    ("plusgiro", "number_not_digits"): _("A plus giro number has only digits, for example 28 65 43-4."),
    ("plusgiro", "number_check_digit"): _("The plus giro number is not right. Check every digit."),
    ("iban", "iban_invalid"): _("The IBAN is not right. A Swedish one begins with SE and has 24 characters."),
}


_KINDS = [(kind.value, capfirst(kind.label)) for kind in AccountKind]


class AccountForm(forms.Form):
    kind = forms.ChoiceField(label=_("What kind of account is it?"), choices=_KINDS, widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("Number"),
        max_length=50,
        help_text=_("For example 5050-1055 (bank giro), 28 65 43-4 (plus giro) or SE35 5000 0000 0549 1000 0003 (IBAN)."),
        widget=forms.TextInput({"autocomplete": "off", "size": 30}),
    )
    holder = forms.CharField(label=_("Whose account is it?"), max_length=150, help_text=_("The name that the bank has."))
    evidence = forms.FileField(
        label=_("Something that shows that the account is the association's"),
        required=False,
        help_text=_("For example a certificate from the bank, or a bank statement with name and number. PDF or picture."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, typed = cleaned.get("kind"), cleaned.get("number")
        if kind and typed:
            try:
                cleaned["number"] = _READERS[AccountKind(kind)](typed)
            except NumberRefused as wrong:
                self.add_error("number", ValidationError(str(_ACCOUNT_ERRORS[kind, wrong.code]), code=wrong.code))
        return cleaned


class DocumentForm(forms.Form):
    file = forms.FileField(label=_("File"), help_text=_("PDF, Word, Excel, OpenDocument or a picture. At most 20 MB."))


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "off"}))
    kind = forms.ChoiceField(
        label=_("What may the person do?"),
        choices=[
            (MandateKind.APPLICANT, _("Apply and report: fill in facts, applications and reports")),
            (MandateKind.LEADER, _("Report attendance: nothing else")),
            (MandateKind.SIGNATORY, _("Sign: everything, bank account and invitations too")),
        ],
        widget=forms.RadioSelect,
    )


class PersonForm(forms.Form):
    """Somebody who meets children."""

    person = forms.CharField(label=_("Name"), max_length=150, validators=[no_personal_number])
    role = forms.CharField(
        label=_("What does the person do?"),
        max_length=100,
        help_text=_("For example leader of the Tuesday group."),
        validators=[no_personal_number],
    )


class ReasonForm(forms.Form):
    """Why. The reason is read by the one it is about, and kept."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        validators=[no_personal_number],
        help_text=_("The association reads this."),
    )


class ChangeForm(ReasonForm):
    """What needs to change in a document."""

    reason = forms.CharField(
        label=_("What needs to change?"), max_length=2000, widget=forms.Textarea({"rows": 4}), validators=[no_personal_number]
    )


class ShownForm(forms.Form):
    shown_on = SwedishDateField(label=_("On which day did the person show the extract?"))


class DialogueForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=150)
    held_on = SwedishDateField(label=_("Day"))
    place = forms.CharField(label=_("Place"), max_length=150, required=False)


class DispensationForm(ReasonForm):
    field_order = ["rule", "since", "last_day", "reason"]

    rule = forms.ChoiceField(label=_("From which requirement?"))
    since = SwedishDateField(label=_("First day"))
    last_day = SwedishDateField(label=_("Last day"))

    def __init__(self, rules: list[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["rule"].choices = [(rule, f"{wording.title(rule)} ({rule})") for rule in rules]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, last = cleaned.get("since"), cleaned.get("last_day")
        if since and last:
            if last < since:
                self.add_error("last_day", _("The last day must come after the first."))
            cleaned["until"] = last + timedelta(days=1)
        return cleaned


class UploadForm(forms.Form):
    """A file to read into the register."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (xlsx), OpenDocument (ods) or csv, with the same columns as the export. At most 10 MB."),
    )
