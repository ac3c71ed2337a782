"""What somebody looks for: venues, and free times. The questions live in the address."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from facilities.choices import AccessFact, SpaceKind
from facilities.forms.fields import ClockField, ComingDayField, LengthField
from facilities.models import Venue
from records.forms import WholeNumberField

_KINDS = [(kind.value, capfirst(kind.label)) for kind in SpaceKind if kind != SpaceKind.EQUIPMENT]
MOST_DAYS = 62  # a search looks at two months at a time
DAYS = 14  # and at two weeks when nobody says how far


class VenueFilter(forms.Form):
    """Which venues: by name or place, kind of space, room for so many, and what they need to get in."""

    q = forms.CharField(label=_("Name or place"), required=False, max_length=100, widget=forms.SearchInput())
    kind = forms.ChoiceField(label=_("Kind of space"), required=False)
    people = WholeNumberField(label=_("Room for how many?"), required=False, min_value=1, max_value=100_000)
    access = forms.MultipleChoiceField(label=_("Accessibility"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("All")), *_KINDS]  # type: ignore[attr-defined]
        access = [(fact.value, capfirst(fact.label)) for fact in AccessFact]
        self.fields["access"].choices = access  # type: ignore[attr-defined]


class FindForm(VenueFilter):
    """When: a day or a range of days, a time of day, and how long."""

    field_order = ["kind", "day", "last_day", "begins", "ends", "length", "weekday", "venue", "q", "people", "access"]

    venue = forms.ModelChoiceField(
        label=_("Venue"), required=False, queryset=Venue.objects.none(), to_field_name="key", empty_label=_("All")
    )
    day = ComingDayField(label=_("From the day"), required=False)
    last_day = ComingDayField(
        label=_("To the day"), required=False, help_text=_("Leave empty to look two weeks ahead. The same day: only that day.")
    )
    begins = ClockField(label=_("Not before"), required=False, help_text=_("For example 18 or 18.00."))
    ends = ClockField(label=_("Done by"), required=False, help_text=_("For example 21 or 21.30."))
    length = LengthField(label=_("How long?"), required=False)
    weekday = forms.TypedChoiceField(label=_("Weekday"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["venue"].queryset = Venue.objects.in_use().in_swedish_order()  # type: ignore[attr-defined]
        self.fields["length"].offer()  # type: ignore[attr-defined]
        weekdays = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
        self.fields["weekday"].choices = [("", _("All")), *enumerate(weekdays)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return asked
        first = asked["day"] or self.today
        last = asked["last_day"] or first + timedelta(days=DAYS - 1)
        if first < self.today:
            self.add_error("day", _("That day has passed."))
        elif last < first:
            self.add_error("last_day", _("The last day must come after the first."))
        elif (last - first).days >= MOST_DAYS:
            self.add_error("last_day", _("Look at most two months ahead at a time."))
        begins, ends = asked["begins"], asked["ends"]
        if begins is not None and ends is not None and ends <= begins:
            self.add_error("ends", _("The time must end after it begins."))
        elif begins is not None and ends is not None and ends - begins < (asked["length"] or 60):
            self.add_error("ends", _("The booking does not fit between these times."))
        return {**asked, "day": first, "last_day": last, "length": asked["length"] or 60}


class DayFilter(VenueFilter):
    """One day over venues."""

    field_order = ["day", "kind", "q", "people", "access"]

    day = ComingDayField(label=_("Day"), required=False)


class WeekForm(forms.Form):
    """Which day's week, and how long a booking must fit."""

    day = ComingDayField(label=_("Day"), required=False)
    length = LengthField(label=_("How long?"), required=False, empty=_("As short as possible"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["length"].offer()  # type: ignore[attr-defined]
