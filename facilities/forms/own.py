"""One's own bookings: which are listed, and what is asked before one is moved, shortened, cancelled, waited for or swapped."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from associations.rules.numbers import contains_personal_number
from facilities.choices import BookingStatus
from facilities.forms.booking import FORMS, TimeForm
from facilities.forms.fields import ComingDayField
from facilities.models import Booking, Space, Venue
from records.forms import WholeNumberField

COMING, PAST = "coming", "past"
_SHOWN = (BookingStatus.CONFIRMED, BookingStatus.REQUESTED, BookingStatus.CANCELLED, BookingStatus.REFUSED)


class BookingFilter(forms.Form):
    """Coming or past, where, and how it went."""

    when = forms.ChoiceField(
        label=_("When"), required=False, choices=[(COMING, _("Coming")), (PAST, _("Past")), ("all", _("All"))]
    )
    venue = forms.ModelChoiceField(
        label=_("Venue"), required=False, queryset=Venue.objects.none(), to_field_name="key", empty_label=_("All")
    )
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, association: Association, **options: Any) -> None:
        super().__init__(*args, **options)
        booked = Booking.objects.filter(association=association).values("space__venue")
        self.fields["venue"].queryset = Venue.objects.filter(pk__in=booked).in_swedish_order()  # type: ignore[attr-defined]
        statuses = [(status.value, capfirst(status.label)) for status in _SHOWN]
        self.fields["status"].choices = [("", _("All")), *statuses]  # type: ignore[attr-defined]


class MoveForm(TimeForm):
    """To which space and time."""

    field_order = ["space", "day", "begins", "ends"]

    space = forms.ModelChoiceField(label=_("Space"), queryset=Space.objects.none(), empty_label=None)

    def __init__(self, *args: Any, venue: Venue, **options: Any) -> None:
        super().__init__(*args, **options)
        spaces = Space.objects.bookable().filter(venue=venue).select_related("venue").order_by("path")
        self.fields["space"].queryset = spaces  # type: ignore[attr-defined]
        self.fields["space"].label_from_instance = lambda space: space.name  # type: ignore[attr-defined]


class ShortenForm(TimeForm):
    """Which part of the time is kept."""


class ShownForm(forms.Form):
    """What the page said when it was pressed: what it was about (actions.edition), and what it would cost."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=20_000)
    total = forms.DecimalField(widget=forms.HiddenInput, max_digits=12, decimal_places=2)

    @classmethod
    def of(cls, seen: str, total: Decimal) -> "ShownForm":
        return cls(initial={"seen": seen, "total": f"{total:.2f}"})


class CancelForm(ShownForm):
    """As ShownForm, and why, if one wants to say."""

    reason = forms.CharField(label=_("Why do you cancel?"), required=False, max_length=300)

    @classmethod
    def of(cls, seen: str, total: Decimal) -> "CancelForm":
        return cls(initial={"seen": seen, "total": f"{total:.2f}"})


class WaitForm(forms.Form):
    """What the time would be for, if it comes free."""

    title = forms.CharField(
        label=_("What are you going to do?"),
        max_length=150,
        error_messages={"required": _("Write what you are going to do.")},
    )
    use = forms.ChoiceField(label=_("Form of use"), help_text=_("The price depends on it."))
    people = WholeNumberField(
        label=_("How many people?"),
        min_value=1,
        max_value=100_000,
        error_messages={"required": _("Write how many people take part.")},
    )

    def __init__(self, *args: Any, space: Space, **options: Any) -> None:
        super().__init__(*args, **options)
        self.space = space
        self.fields["use"].choices = FORMS  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if contains_personal_number(title):
            raise forms.ValidationError(_("Take out the personal number. We only need to know how many, never who."))
        return title

    def clean_people(self) -> int:
        people: int = self.cleaned_data["people"]
        if self.space.capacity is not None and people > self.space.capacity:
            sentence = _("There is room for at most %(n)s people here.")
            raise forms.ValidationError(sentence, params={"n": self.space.capacity})
        return people


class SwapFilter(forms.Form):
    """Which times of others to choose among."""

    day = ComingDayField(label=_("Around the day"), required=False)


class SwapForm(forms.Form):
    """The time that is asked for, and a few words to those who have it."""

    message = forms.CharField(
        label=_("Message to the other association"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They see your association's name and this message."),
    )

    def clean_message(self) -> str:
        message: str = self.cleaned_data["message"]
        if contains_personal_number(message):
            raise forms.ValidationError(_("Take out the personal number. We only need to know how many, never who."))
        return message
