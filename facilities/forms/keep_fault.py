"""What is said of a fault: by the one who reports it, and by those who mend it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.choices import FAULT_MOVES, FaultStatus
from facilities.forms.keep_booking import FromToForm, VenueFilter
from facilities.forms.keep_fields import SpaceField, capitalised, indented
from facilities.models import FaultReport, Space
from records.filetypes import IMAGES
from records.forms import DocumentField

PHOTO_SIZE = 15_000_000  # bytes: what a telephone makes


class FaultForm(forms.Form):
    """A report. Spaces: those of the venue."""

    space = forms.ChoiceField(label=gettext_lazy("Where?"), required=False)
    what = forms.CharField(
        label=gettext_lazy("What is broken?"),
        max_length=2000,
        widget=forms.Textarea({"rows": "4"}),
        help_text=gettext_lazy("Say what and where, so that the one who mends it finds it."),
    )
    is_danger = forms.BooleanField(
        label=gettext_lazy("Somebody can be hurt"),
        required=False,
        help_text=gettext_lazy("If somebody is in danger now: telephone 112."),
    )
    photo = DocumentField(label=gettext_lazy("Photograph"), required=False, allowed=IMAGES, max_size=PHOTO_SIZE)

    def __init__(self, *args: Any, spaces: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(space.pk): space for space in spaces}
        field = self.fields["space"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Somewhere else in the venue")), *((key, indented(space)) for key, space in self.offered.items())]

    def clean_space(self) -> Space | None:
        return self.offered.get(self.cleaned_data["space"])


class FaultFilter(VenueFilter):
    """The list's filters."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)
        status.choices = [("", _("Not mended")), *capitalised(FaultStatus.choices), ("all", _("All"))]


class FollowForm(forms.Form):
    """What happens with it now, and what is written to the one who reported it."""

    to = forms.ChoiceField(label=gettext_lazy("What happens now?"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=gettext_lazy("Answer to the one who reported it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": "3"}),
        help_text=gettext_lazy("Sent as a letter. Nothing written: a letter only when it is mended."),
    )

    def __init__(self, *args: Any, fault: FaultReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = [FaultStatus(fault.status), *(status for status in FaultStatus if status in FAULT_MOVES[fault.status])]
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = capitalised((status, status.label) for status in possible)


class FaultClosureForm(FromToForm):
    """Close a space while it is mended."""

    space = SpaceField(label=gettext_lazy("What is closed?"))

    field_order = ["space", "first", "starts", "last", "ends"]

    def __init__(self, *args: Any, spaces: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["space"]
        assert isinstance(field, SpaceField)
        field.offer(spaces)
