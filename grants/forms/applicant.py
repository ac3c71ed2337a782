"""What applicants write besides the answers themselves."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from records.forms import DocumentField


class AimsForm(forms.Form):
    """Which of the scheme's aims the application serves."""

    aims = forms.MultipleChoiceField(
        label=_("Which aims does it serve?"),
        help_text=_("Choose at least one. An application that serves none of them is refused."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one of the aims.")},
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        aims = self.fields["aims"]
        assert isinstance(aims, forms.MultipleChoiceField)
        aims.choices = offered


class HasFile(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def required(self) -> bool: ...


class UploadField(DocumentField):
    """A file field that may be left empty without being called optional: its heading says whether a file is needed."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return super().clean(data, initial) if data else None


class AttachmentsForm(forms.Form):
    """One file field per heading; an empty one leaves what lies there."""

    use_required_attribute = False

    def __init__(self, *args: Any, headings: Iterable[HasFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for heading in headings:
            self.fields[heading.key] = UploadField(
                label=format_html('{}<span class="ds-sr-only">: {}</span>', _("Choose a file"), heading.label),
                allow_empty_file=True,
            )

    def uploads(self) -> Iterator[tuple[str, Any]]:
        for key in self.fields:
            if upload := self.cleaned_data.get(key):
                yield key, upload


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you withdraw the application?"), required=False, max_length=1000, widget=forms.Textarea({"rows": "3"})
    )


class HandInForm(forms.Form):
    """The last page. edition: what the person has read. without_attachments: they know that something is missing."""

    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    without_attachments = forms.BooleanField(
        label=_("We hand in the application although attachments are missing, and send them as soon as we can"),
        required=False,
    )
