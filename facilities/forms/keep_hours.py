"""Opening hours by season, exceptions, and what a place asks of bookings."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from facilities.actions import Open
from facilities.forms.keep_fields import HoursField
from facilities.models import BookingRules
from facilities.models.hours import WEEKDAYS
from facilities.rules.opening import HOLIDAY
from records.forms import SwedishDateField, Typed, WholeNumberField
from records.values import Period

MOST_DAYS = 92  # an exception for longer is a season
LATER, ADDED, CLOSED = "instead", "added", "closed"


class SeasonForm(forms.Form):
    """Ordinary hours from a day, until a day or for good."""

    since = SwedishDateField(label=gettext_lazy("From day"))
    last = SwedishDateField(label=gettext_lazy("To day"), required=False, help_text=gettext_lazy("Empty: until further notice."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in WEEKDAYS:
            hint = _("Empty: as on other days of the week. Write “closed” when it is closed.") if weekday == HOLIDAY else ""
            self.fields[f"day{weekday}"] = HoursField(label=capfirst(str(name)), help_text=hint)
        self.fields["day0"].help_text = _("For example 8–22, or 8–12, 13–22. Empty: closed.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, last = cleaned.get("since"), cleaned.get("last")
        if since and last and last < since:
            self.add_error("last", _("The last day must not come before the first."))
        if not self.errors and not self.hours():
            self.add_error("day0", _("Write the hours of at least one day."))
        return cleaned

    def days(self) -> Period[date]:
        last = self.cleaned_data["last"]
        return Period(self.cleaned_data["since"], last + timedelta(days=1) if last else None)

    def hours(self) -> list[Open]:
        """A closed public holiday is a row; another closed day is no row."""
        found: list[Open] = []
        for weekday, _name in WEEKDAYS:
            typed: Sequence[tuple[int, int]] | None = self.cleaned_data.get(f"day{weekday}")
            found += [Open(weekday, opens, closes) for opens, closes in typed or ()]
            if weekday == HOLIDAY and typed == []:
                found.append(Open(weekday, None))
        return found


class ExceptionForm(forms.Form):
    """Other hours on some days in a row."""

    first = SwedishDateField(label=gettext_lazy("From day"))
    last = SwedishDateField(label=gettext_lazy("To day"), required=False, help_text=gettext_lazy("Empty: only that day."))
    how = forms.ChoiceField(
        label=gettext_lazy("What holds?"),
        widget=forms.RadioSelect,
        choices=[
            (CLOSED, pgettext_lazy("a space", "Closed")),
            (LATER, gettext_lazy("Open these hours instead of the ordinary ones")),
            (ADDED, gettext_lazy("Open these hours beside the ordinary ones")),
        ],
    )
    hours = HoursField(label=gettext_lazy("Hours"), help_text=gettext_lazy("For example 10–15."))
    reason = forms.CharField(
        label=gettext_lazy("Why?"), required=False, max_length=200, help_text=gettext_lazy("For example: sports week.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last") or cleaned.get("first")
        if first and last and not 0 <= (last - first).days < MOST_DAYS:
            self.add_error("last", _("Choose a last day after the first, at most %(most)s days on.") % {"most": MOST_DAYS})
        if cleaned.get("how") in (LATER, ADDED) and not cleaned.get("hours") and "hours" not in self.errors:
            self.add_error("hours", _("Write the hours."))
        return cleaned

    def days(self) -> list[date]:
        first = self.cleaned_data["first"]
        last = self.cleaned_data["last"] or first
        return [first + timedelta(days=count) for count in range((last - first).days + 1)]

    def opens(self) -> list[tuple[int, int]]:
        return [] if self.cleaned_data["how"] == CLOSED else self.cleaned_data["hours"] or []


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a place asks of bookings, from a day."""

    since = SwedishDateField(
        label=gettext_lazy("Holds from day"),
        required=False,
        help_text=gettext_lazy("For times that begin that day or later. Empty: from the beginning."),
    )

    class Meta:
        model = BookingRules
        fields = (
            "since",
            "shortest",
            "longest",
            "grid",
            "before",
            "after",
            "days_before",
            "days_ahead",
            "quota",
            "minimum_age",
            "cancel_hours",
            "needs_approval",
            "answer_days",
        )
        help_texts = {
            "longest": gettext_lazy("Empty: no limit."),
            "days_before": gettext_lazy("0: the same day too."),
            "days_ahead": gettext_lazy("Empty: no limit. 365: a year ahead."),
            "quota": gettext_lazy("Empty: no limit."),
            "minimum_age": gettext_lazy("Empty: no limit."),
            "cancel_hours": gettext_lazy("Empty: until it begins. What it costs stands in the tariff."),
            "answer_days": gettext_lazy("Working days. Counted and shown to whoever asks."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = str(field.label)[:1].upper() + str(field.label)[1:]
            if isinstance(field, forms.IntegerField):
                least = 1 if name in ("shortest", "longest", "grid", "quota") else 0
                hint = {"help_text": field.help_text, "label": field.label, "required": field.required}
                self.fields[name] = WholeNumberField(
                    min_value=least, max_value=20_000, widget=Typed(size=8, keyboard="numeric"), **hint
                )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        shortest, longest, grid = cleaned.get("shortest"), cleaned.get("longest"), cleaned.get("grid")
        if shortest and longest and longest < shortest:
            self.add_error("longest", _("The longest booking must not be shorter than the shortest."))
        elif shortest and longest and grid and longest // grid * grid < shortest:
            self.add_error("grid", _("No length fits: between the shortest and the longest there is no whole number of steps."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "since"}

    def _post_clean(self) -> None:
        """The action writes."""
