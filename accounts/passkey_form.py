"""The forms about passkeys, in our words. A module of its own: django-allauth loads it after accounts.forms."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, SignupWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


def _name(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Name of the passkey"),
        required=required,
        help_text=_("So that you can tell your passkeys apart, for example My phone."),
    )


class PasskeyForm(AddWebAuthnForm):
    name = _name(required=False)
    passwordless = forms.BooleanField(
        label=_("Sign in with this passkey alone, without a password"),
        required=False,
        initial=True,
        help_text=_("Switch this off only for a security key that has neither a PIN nor a finger print."),
    )


class SignupPasskeyForm(SignupWebAuthnForm):
    name = _name(required=False)


class RenamePasskeyForm(EditWebAuthnForm):
    name = _name(required=True)
