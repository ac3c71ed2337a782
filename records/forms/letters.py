"""Trying a letter again, perhaps to another address."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from records.models import Letter


class AddressesField(forms.CharField):
    """E-mail addresses, one on each line (commas and semicolons work too) -> list of addresses."""

    widget = forms.Textarea(attrs={"rows": 3, "inputmode": "email", "autocomplete": "off", "spellcheck": "false"})
    default_error_messages = {"invalid": _("%(address)s is not an e-mail address.")}

    def clean(self, value: Any) -> Any:
        written = str(super().clean(value))
        addresses = [part for part in re.split(r"[\s,;]+", written) if part]
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(self.error_messages["invalid"], "invalid", {"address": address}) from None
        return list(dict.fromkeys(addresses))


class RetryForm(forms.Form):
    to = AddressesField(label=_("Send to"), help_text=_("One e-mail address on each line."))

    @classmethod
    def of(cls, letter: Letter) -> "RetryForm":
        return cls(initial={"to": "\n".join(letter.to)})
