"""What staff write about bookings: answers, moves, cancellations, codes, closures, and bookings for somebody else."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations.choices import AssociationStatus
from associations.models import Association
from facilities.actions import Wish
from facilities.choices import BookingStatus, UseForm
from facilities.forms.keep_fields import EndField, TimeForm, capitalised, indented, minutes_of, reason_field
from facilities.models import HirerCategory, Space, Venue
from facilities.models.hours import WEEKDAYS
from facilities.rules.opening import DAY, local_instant
from facilities.rules.series import MOST, Pattern, series_days
from facilities.rules.spans import Span
from records.forms import SwedishDateField, SwedishTimeField, Typed, WholeNumberField

TARIFF, NOTHING = "tariff", "nothing"  # what a cancellation costs
NAMED_DAYS = [(day, name) for day, name in WEEKDAYS if day < 7]


class VenueFilter(forms.Form):
    """One venue, or all."""

    venue = forms.ModelChoiceField(
        label=gettext_lazy("Venue"),
        queryset=Venue.objects.none(),
        required=False,
        to_field_name="key",
        empty_label=gettext_lazy("All"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        venue = self.fields["venue"]
        assert isinstance(venue, forms.ModelChoiceField)
        venue.queryset = Venue.objects.in_swedish_order()


class BookingFilter(VenueFilter):
    """The list's filters; they live in the address."""

    q = forms.CharField(label=gettext_lazy("Who or what for"), required=False, max_length=100)
    first = SwedishDateField(label=gettext_lazy("From day"), required=False, help_text="")
    last = SwedishDateField(label=gettext_lazy("To day"), required=False, help_text="")
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [choice for choice in BookingStatus.choices if choice[0] not in (BookingStatus.HELD, BookingStatus.LAPSED)]
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)
        status.choices = [("", _("All")), *capitalised(shown)]


class ReasonForm(forms.Form):
    """A reason that is written to the hirer."""

    reason = reason_field(gettext_lazy("Why?"), gettext_lazy("The hirer reads this in the letter."))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code or key"),
        required=False,
        max_length=40,
        widget=Typed(size=16),
        help_text=gettext_lazy("For example 4711, or key 12. The log does not hold it."),
    )


class MoveForm(TimeForm):
    """Where and when instead."""

    reason = reason_field(gettext_lazy("Why is it moved?"), gettext_lazy("Kept in the log."))


class CancelForm(forms.Form):
    """Cancel with or without a fee; the rest of a series too."""

    fee = forms.ChoiceField(label=gettext_lazy("What is to be paid?"), widget=forms.RadioSelect)
    rest = forms.BooleanField(label=gettext_lazy("Cancel all later times of the series too"), required=False)
    reason = reason_field(gettext_lazy("Why is it cancelled?"), gettext_lazy("The hirer reads this in the letter."))

    def __init__(self, *args: Any, costs: str, is_series: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fee = self.fields["fee"]
        assert isinstance(fee, forms.ChoiceField)
        fee.choices = [(TARIFF, _("By the tariff: %(amount)s now") % {"amount": costs}), (NOTHING, _("Nothing"))]
        if not is_series:
            del self.fields["rest"]


class FromToForm(forms.Form):
    """From a time of one day to a time of another. clean() puts the Span in cleaned_data['span']."""

    first = SwedishDateField(label=gettext_lazy("From day"))
    starts = SwedishTimeField(label=gettext_lazy("From time"))
    last = SwedishDateField(label=gettext_lazy("To day"))
    ends = EndField(label=gettext_lazy("To time"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if all(cleaned.get(name) is not None for name in ("first", "starts", "last", "ends")):
            begins = local_instant(cleaned["first"], minutes_of(cleaned["starts"]))
            ends = local_instant(cleaned["last"], minutes_of(cleaned["ends"]) or DAY)
            if ends <= begins:
                self.add_error("ends", _("The time must end after it begins."))
            else:
                cleaned["span"] = Span(begins, ends)
        return cleaned


class ClosureForm(FromToForm):
    """Which spaces of a venue are closed, from when to when, and why."""

    spaces = forms.MultipleChoiceField(
        label=gettext_lazy("What is closed?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one space.")},
        help_text=gettext_lazy("A space that is closed closes its parts too."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=150,
        help_text=gettext_lazy("Everybody reads this in the calendar, and those whose bookings are cancelled in a letter."),
    )

    field_order = ["spaces", "first", "starts", "last", "ends", "reason"]

    def __init__(self, *args: Any, spaces: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(space.pk): space for space in spaces}
        field = self.fields["spaces"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, indented(space)) for key, space in self.offered.items()]

    def clean_spaces(self) -> list[Space]:
        return [self.offered[key] for key in self.cleaned_data["spaces"]]


class RepeatForm(TimeForm):
    """A time that may come again every so many weeks."""

    until = SwedishDateField(
        label=gettext_lazy("Every week until"),
        required=False,
        help_text=gettext_lazy("Empty: only once. For example 2026-12-04."),
    )
    every = forms.TypedChoiceField(
        label=gettext_lazy("How often"),
        coerce=int,
        initial=1,
        choices=[(1, gettext_lazy("every week")), (2, gettext_lazy("every second week")), (4, gettext_lazy("every fourth week"))],
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Weekdays"),
        required=False,
        coerce=int,
        choices=NAMED_DAYS,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: the weekday of the first day."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        until, span = cleaned.get("until"), cleaned.get("span")
        if until and span:
            if until < cleaned["day"]:
                self.add_error("until", _("The last day must not come before the first."))
            else:
                self._repeat(cleaned)
        return cleaned

    def _repeat(self, cleaned: dict[str, Any]) -> None:
        pattern = self._pattern(cleaned)
        try:
            days = series_days(pattern)
        except ValueError:
            self.add_error("until", _("A series has at most %(most)s times. Choose an earlier last day.") % {"most": MOST})
        else:
            cleaned["pattern"] = pattern
            if not days:
                self.add_error("weekdays", _("There is no such day before the last day."))

    def _pattern(self, cleaned: dict[str, Any]) -> Pattern:
        first, last = minutes_of(cleaned["starts"]), minutes_of(cleaned["ends"])
        return Pattern(
            first=cleaned["day"],
            last=cleaned["until"],
            starts=first,
            ends=last if last > first else last + DAY,
            every=cleaned.get("every") or 1,
            weekdays=frozenset(cleaned.get("weekdays") or ()),
        )


class BehalfForm(RepeatForm):
    """A booking for an association, or for a person or a company, with the reason why the municipality makes it."""

    association = forms.ModelChoiceField(
        label=gettext_lazy("Association"),
        queryset=Association.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: somebody else"),
    )
    hirer_name = forms.CharField(
        label=gettext_lazy("Person or company"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("When it is no association. Only the name."),
    )
    hirer = forms.ModelChoiceField(
        label=gettext_lazy("Pays as"),
        queryset=HirerCategory.objects.none(),
        required=False,
        empty_label=gettext_lazy("The full price"),
        help_text=gettext_lazy("For a person or a company. An association pays by its category."),
    )
    from_elsewhere = forms.BooleanField(label=gettext_lazy("From another municipality"), required=False)
    title = forms.CharField(label=gettext_lazy("What for"), required=False, max_length=150)
    form = forms.ChoiceField(label=gettext_lazy("Form of use"), choices=UseForm.choices)
    people = WholeNumberField(label=gettext_lazy("People"), required=False, min_value=1, max_value=100_000)
    young = WholeNumberField(label=gettext_lazy("Of whom under 25"), required=False, min_value=0, max_value=100_000)
    reason = reason_field(gettext_lazy("Why do you book for somebody else?"), gettext_lazy("Kept on the booking and in the log."))

    field_order = ["association", "hirer_name", "hirer", "from_elsewhere", "form", "title", "people", "young", "space", "day"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        association, hirer = self.fields["association"], self.fields["hirer"]
        assert isinstance(association, forms.ModelChoiceField)
        assert isinstance(hirer, forms.ModelChoiceField)
        association.queryset = Association.objects.filter(status=AssociationStatus.REGISTERED).in_swedish_order()
        hirer.queryset = HirerCategory.objects.filter(for_youth=False)
        form = self.fields["form"]
        assert isinstance(form, forms.ChoiceField)
        form.choices = capitalised(UseForm.choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        named = (cleaned.get("hirer_name") or "").strip()
        if not cleaned.get("association") and not named:
            self.add_error("association", _("Choose an association, or write who hires."))
        if cleaned.get("association") and named:
            self.add_error("hirer_name", _("Leave this empty when an association hires."))
        people, young = cleaned.get("people"), cleaned.get("young")
        if young is not None and (people is None or young > people):
            self.add_error("young", _("Those under 25 are among the people."))
        return cleaned

    def wish(self) -> Wish:
        cleaned = self.cleaned_data
        return Wish(
            association=cleaned["association"],
            hirer_name=cleaned["hirer_name"].strip(),
            hirer=None if cleaned["association"] else cleaned["hirer"],
            from_elsewhere=cleaned["from_elsewhere"],
            title=cleaned["title"],
            form=cleaned["form"],
            people=cleaned["people"],
            young=cleaned["young"],
            on_behalf=True,
            reason=cleaned["reason"],
        )


class OwnUseForm(RepeatForm):
    """The municipality's own use of a space."""

    title = forms.CharField(
        label=gettext_lazy("What for"), max_length=150, help_text=gettext_lazy("Everybody reads this in the calendar.")
    )
    reason = reason_field(gettext_lazy("A note for the log"), required=False)

    field_order = ["title", "space", "day"]


class SwapForm(forms.Form):
    """Which other booking this one changes places with."""

    other = WholeNumberField(
        label=gettext_lazy("Number of the other booking"),
        min_value=1,
        max_value=10**12,
        help_text=gettext_lazy("The number stands on the page of the booking."),
    )
    reason = reason_field(gettext_lazy("Why do they change places?"), gettext_lazy("Kept in the log."))
