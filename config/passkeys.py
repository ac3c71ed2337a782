"""django-allauth's passkey forms with words of our own (settings: MFA_FORMS)."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, SignupWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class Named(forms.Form):
    """The name has a label and a hint of its own."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["name"].help_text = _("For example: my phone.")


class AddPasskey(Named, AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["passwordless"].initial = True


class SignupPasskey(Named, SignupWebAuthnForm):  # type: ignore[misc]
    pass


class EditPasskey(Named, EditWebAuthnForm):  # type: ignore[misc]
    pass
