"""A new notice."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from records.choices import NoticeKind
from records.forms.fields import SwedishDateField
from records.models import Case

_ASKED = _("Needed for adjusted minutes.")
_FOR_MINUTES = ("committee", "meeting_on", "minutes_adjusted_on", "minutes_kept_at")


class NoticeForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is announced"),
        choices=[(key, capfirst(words)) for key, words in NoticeKind.choices],
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("Heading"), max_length=200)
    committee = forms.CharField(label=_("Committee"), max_length=150, required=False)
    meeting_on = SwedishDateField(label=_("Date of the meeting"), required=False, help_text=_ASKED)
    minutes_adjusted_on = SwedishDateField(label=_("The minutes were adjusted"), required=False, help_text=_ASKED)
    minutes_kept_at = forms.CharField(label=_("The minutes are kept at"), max_length=200, required=False, help_text=_ASKED)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 6}), required=False, max_length=20_000)
    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
    take_down_on = SwedishDateField(
        label=_("Is taken down on"),
        required=False,
        help_text=_("Leave empty for adjusted minutes: they come down the day after the last day to appeal."),
    )
    case = forms.CharField(label=_("Case number"), required=False, max_length=30, help_text=_("If the notice belongs to a case."))

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        self.user = user
        house = settings.MUNICIPALITY
        known = {"committee": house["committee"], "contact": f"{house['email']}, {house['phone']}"}
        super().__init__(*args, **{"initial": {"kind": NoticeKind.MINUTES, **known}, **options})

    def clean_case(self) -> Case | None:
        written = self.cleaned_data["case"]
        if not written:
            return None
        found = Case.objects.visible_to(self.user).numbered(written).first()
        if found is None:
            raise ValidationError(_("There is no case with this number. Write it as in KFN 2026-00012."))
        return found

    def clean(self) -> dict[str, Any]:
        written: dict[str, Any] = super().clean() or self.cleaned_data
        if written.get("kind") == NoticeKind.MINUTES:
            for name in _FOR_MINUTES:
                if not written.get(name) and name not in self.errors:
                    self.add_error(name, _("A notice of adjusted minutes must say this."))
        return written
