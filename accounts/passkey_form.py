"""The form that adds a passkey, in our words. A module of its own: django-allauth loads it after accounts.forms."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class PasskeyForm(AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name of the passkey"),
        required=False,
        help_text=_("So that you can tell your passkeys apart, for example My phone."),
    )
    passwordless = forms.BooleanField(
        label=_("Sign in with this passkey alone, without a password"),
        required=False,
        initial=True,
        help_text=_("Switch this off only for a security key that has neither a PIN nor a finger print."),
    )
