"""Fields that only the association register asks for."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from associations.rules.numbers import contains_personal_number
from records.forms import Typed


class YesNoField(forms.TypedChoiceField):
    """A question with a yes and a no, and no answer given beforehand."""

    def __init__(self, **options: Any) -> None:
        choices = [("yes", _("Yes")), ("no", _("No"))]
        super().__init__(
            **{
                "choices": choices,
                "coerce": {"yes": True, "no": False}.get,
                "empty_value": None,
                "widget": forms.RadioSelect,
                **options,
            }
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class PostcodeField(forms.CharField):
    """'691 32' or '69132' -> '69132'; shown with the space."""

    default_error_messages = {"invalid": _("A postcode has five digits, for example 691 32.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": Typed({"autocomplete": "postal-code"}, size=8, keyboard="numeric"), **options})

    def to_python(self, value: Any) -> str:
        digits = re.sub(r"\s|SE-?", "", super().to_python(value) or "", flags=re.IGNORECASE)
        if digits and not re.fullmatch(r"[0-9]{5}", digits):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return digits

    def prepare_value(self, value: Any) -> Any:
        return f"{value[:3]} {value[3:]}" if isinstance(value, str) and re.fullmatch(r"[0-9]{5}", value) else value


class PhoneField(forms.CharField):
    """A telephone number as people write it: digits, spaces, hyphens, a plus, parentheses."""

    default_error_messages = {"invalid": _("Write a telephone number, for example 0586-123 45 or 070-123 45 67.")}

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"type": "tel", "autocomplete": "tel", "size": 20})
        super().__init__(**{"max_length": 30, "widget": widget, **options})

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        if typed and (not re.fullmatch(r"[-+() 0-9–/]+", typed) or sum(map(str.isdigit, typed)) < 6):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return typed


class WebsiteField(forms.URLField):
    """'teaterboden.se' -> 'https://teaterboden.se'."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "url", "autocomplete": "url"})
        super().__init__(**{"assume_scheme": "https", "widget": widget, **options})


def no_personal_number(text: str) -> None:
    """A validator for free text: personal identity numbers are not wanted anywhere here."""
    if contains_personal_number(text):
        raise ValidationError(
            _("Take away the personal identity number. We do not need it, and others may read this."), code="personal"
        )
