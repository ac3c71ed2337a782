"""The terms of a scheme version that are neither questions nor calculation: attachments, aims, requirements."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations import wording as standing_words
from associations.choices import DocumentKind
from grants.actions.schemes import Rows, Terms
from grants.models import SchemeVersion
from records.forms import SwedishDateField


class TermsForm(forms.Form):
    """What is not one of the lists."""

    valid_from = SwedishDateField(label=gettext_lazy("Valid from"))
    aims = forms.CharField(
        label=gettext_lazy("Aims"),
        help_text=gettext_lazy("One on each line. If there are any, an application must serve at least one of them."),
        widget=forms.Textarea({"rows": "4"}),
        required=False,
    )
    requirements = forms.MultipleChoiceField(
        label=gettext_lazy("Requirements on the association"), widget=forms.CheckboxSelectMultiple, required=False
    )
    calculation_is_example = forms.BooleanField(
        label=gettext_lazy("The calculation is an example, not adopted by the municipality"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        requirements = cast(forms.MultipleChoiceField, self.fields["requirements"])
        requirements.choices = [(rule, f"{title} ({rule})") for rule, title in standing_words.TITLES.items()]


class AttachmentForm(forms.Form):
    """One heading for a file."""

    key = forms.SlugField(widget=forms.HiddenInput, required=False)
    label = forms.CharField(label=gettext_lazy("Attachment"), max_length=100)
    required = forms.BooleanField(label=gettext_lazy("Must be attached"), required=False)
    yearly_document = forms.ChoiceField(
        label=gettext_lazy("Taken from the register"),
        required=False,
        choices=[("", gettext_lazy("No, it is uploaded")), *DocumentKind.choices],
    )

    @property
    def heading(self) -> str:
        return str(self.initial.get("label", ""))


class RowsToEdit(BaseFormSet):  # type: ignore[type-arg]
    """Rows with words of our own for their place and for taking them away."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take away")


AttachmentFormSet = formset_factory(AttachmentForm, formset=RowsToEdit, extra=1, can_delete=True, can_delete_extra=False)


def terms_from(form: TermsForm, attachments: Any, before: SchemeVersion) -> Terms:
    """What the forms say, with the questions and the calculation as they were."""
    return Terms(
        valid_from=form.cleaned_data["valid_from"],
        form=before.form,
        parts=before.parts,
        attachments=_attachments(row.cleaned_data for row in attachments.forms if row.cleaned_data),
        aims=_aims(form.cleaned_data["aims"], before.aims),
        requirements=form.cleaned_data["requirements"],
        calculation_is_example=form.cleaned_data["calculation_is_example"],
    )


def _attachments(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kept = [row for row in rows if not row.get("DELETE")]
    taken = {row["key"] for row in kept}
    return [
        {
            "key": row["key"] or _free("file", taken),
            "label": row["label"],
            "required": row["required"],
            "yearly_document": row["yearly_document"],
        }
        for row in kept
    ]


def _aims(text: str, before: Rows) -> list[dict[str, str]]:
    keys = {aim["label"]: aim["key"] for aim in before}
    taken = set(keys.values())
    labels = [line.strip() for line in text.splitlines() if line.strip()]
    return [{"key": keys.get(label) or _free("aim", taken), "label": label} for label in labels]


def _free(stem: str, taken: set[str]) -> str:
    """The first key of its kind that is not taken; it is from now on."""
    key = next(key for number in range(1, 10_000) if (key := f"{stem}{number}") not in taken)
    taken.add(key)
    return key
