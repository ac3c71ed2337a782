"""Publishing, trying and reading in versions of a scheme."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from grants.file_words import problem_text
from grants.rules.scheme_file import LARGEST
from records.forms import SwedishDateField


class PublishForm(forms.Form):
    """From when a version holds; and that what was found in it has been seen."""

    valid_from = SwedishDateField(label=gettext_lazy("Valid from"))
    seen = forms.BooleanField(label=gettext_lazy("I have looked at what was found, and it is as intended"))

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["seen"]


class FileForm(forms.Form):
    """A file with a scheme."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("A JSON file that was taken out of Medspel, here or elsewhere."),
        widget=forms.FileInput({"accept": ".json,application/json"}),
    )

    def clean_file(self) -> Any:
        """The content of the file, read as JSON."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise ValidationError(problem_text("too_large"))
        try:
            data = json.loads(upload.read().decode("utf-8-sig"))
            text = json.dumps(data, ensure_ascii=False)
            text.encode()
        except (ValueError, RecursionError):
            raise ValidationError(problem_text("not_json")) from None
        if "\\u0000" in text:  # what the database cannot keep
            raise ValidationError(problem_text("not_json"))
        return data
