"""A time to book, what it is for, and a series of times."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from associations.rules.numbers import contains_personal_number
from facilities.choices import UseForm
from facilities.forms.fields import ClockField, ComingDayField
from facilities.models import BookingRules, Space
from facilities.rules.free_starts import ends_after, span_on_the_wall
from facilities.rules.series import MOST, Pattern, Repeats
from facilities.rules.spans import Span
from facilities.rules.terms import Fault
from facilities.wording import FAULTS
from records.forms import WholeNumberField

FORMS = [(form.value, capfirst(form.label)) for form in UseForm]


class TimeForm(forms.Form):
    """A day and two times on the wall. After is_valid: span."""

    day = ComingDayField(label=_("Day"), error_messages={"required": _("Write a day.")})
    begins = ClockField(label=_("Begins"), error_messages={"required": _("Write when it begins.")})
    ends = ClockField(
        label=_("Ends"),
        help_text=_("An earlier time than the beginning is the next day's."),
        error_messages={"required": _("Write when it ends.")},
    )
    span: Span

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        try:
            ends = ends_after(typed["begins"], typed["ends"])
        except ValueError:
            raise _about("ends", _("The time must end after it begins.")) from None
        try:
            self.span = span_on_the_wall(typed["day"], typed["begins"], ends)
        except ValueError:
            raise _about("begins", FAULTS[Fault.NO_SUCH_TIME]) from None
        return typed


class UseFields(forms.Form):
    """What a time is for and who comes, in figures and never by name."""

    title = forms.CharField(
        label=_("What are you going to do?"),
        max_length=150,
        help_text=_("A few words, for example Handball F12. Matches, concerts, exhibitions and events show them to everybody."),
        error_messages={"required": _("Write what you are going to do.")},
    )
    use = forms.ChoiceField(label=_("Form of use"), help_text=_("The price depends on it."))
    people = WholeNumberField(
        label=_("How many people?"),
        min_value=1,
        max_value=100_000,
        help_text=_("About how many take part. An estimate will do."),
        error_messages={"required": _("Write how many people take part.")},
    )
    young = WholeNumberField(
        label=_("How many of them are under 25?"),
        required=False,
        min_value=0,
        help_text=_("At least half: youth activity, which may cost less."),
    )
    women = WholeNumberField(label=_("Girls and women"), required=False, min_value=0)
    men = WholeNumberField(label=_("Boys and men"), required=False, min_value=0)

    def __init__(self, *args: Any, space: Space, **options: Any) -> None:
        super().__init__(*args, **options)
        self.space = space
        self.fields["use"].choices = FORMS  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if contains_personal_number(title):
            raise ValidationError(_("Take out the personal number. We only need to know how many, never who."))
        return title

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        people, young = typed.get("people"), typed.get("young")
        if people is not None and young is not None and young > people:
            self.add_error("young", _("They cannot be more than all who take part."))
        sexes = (typed.get("women") or 0) + (typed.get("men") or 0)
        if people is not None and sexes > people:
            self.add_error("men", _("Girls, women, boys and men cannot be more than all who take part."))
        if people is not None and self.space.capacity is not None and people > self.space.capacity:
            most = gettext("There is room for at most %(n)s people here.") % {"n": self.space.capacity}
            self.add_error("people", most)
        return typed


class DetailsForm(UseFields):
    """What a held time is for, and that one accepts what the venue asks."""

    field_order = ["title", "use", "people", "young", "women", "men", "of_age", "accepts"]

    of_age = forms.BooleanField(required=False)
    accepts = forms.BooleanField(required=False)

    def __init__(self, *args: Any, rules: BookingRules, **options: Any) -> None:
        super().__init__(*args, **options)
        ask_to_accept(self, self.space, rules)


class SeriesDetailsForm(DetailsForm):
    """As DetailsForm; the form of use is chosen with the pattern, because the prices of the dates depend on it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["use"]


class AcceptForm(forms.Form):
    """Only what the venue asks: for an offered time, which says already what it is for."""

    of_age = forms.BooleanField(required=False)
    accepts = forms.BooleanField(required=False)

    def __init__(self, *args: Any, space: Space, rules: BookingRules, **options: Any) -> None:
        super().__init__(*args, **options)
        ask_to_accept(self, space, rules)


def ask_to_accept(form: forms.Form, space: Space, rules: BookingRules) -> None:
    """Ask for the age of the one responsible and for the rules of the venue, where there are any."""
    if rules.minimum_age is None:
        del form.fields["of_age"]
    else:
        field = form.fields["of_age"]
        field.label = gettext("The person responsible on the spot is %(age)s or older") % {"age": rules.minimum_age}
        field.required = True
        field.error_messages["required"] = gettext("Somebody who is %(age)s or older must be responsible on the spot.") % {
            "age": rules.minimum_age
        }
    if space.venue.rules_to_accept:
        form.fields["accepts"].label = format_html(gettext("We accept the rules of {}"), space.venue)
        form.fields["accepts"].required = True
        form.fields["accepts"].error_messages["required"] = gettext("You have to accept the rules to book.")
    else:
        del form.fields["accepts"]


class SeriesForm(forms.Form):
    """How a series goes on. After is_valid: pattern."""

    WEEKLY, FORTNIGHTLY, MONTHLY = "weekly", "fortnightly", "monthly"
    REPEATS = ((WEEKLY, _("Every week")), (FORTNIGHTLY, _("Every second week")), (MONTHLY, _("Every month, the same weekday")))
    WEEKDAYS = (
        (0, _("Monday")),
        (1, _("Tuesday")),
        (2, _("Wednesday")),
        (3, _("Thursday")),
        (4, _("Friday")),
        (5, _("Saturday")),
        (6, _("Sunday")),
    )

    first = ComingDayField(label=_("First day"), error_messages={"required": _("Write the first day.")})
    last = ComingDayField(label=_("Last day"), error_messages={"required": _("Write the last day.")})
    begins = ClockField(label=_("Begins"), error_messages={"required": _("Write when it begins.")})
    ends = ClockField(label=_("Ends"), error_messages={"required": _("Write when it ends.")})
    repeats = forms.ChoiceField(label=_("How often?"), choices=REPEATS, widget=forms.RadioSelect)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave empty for the weekday of the first day."),
    )
    holidays = forms.BooleanField(label=_("Leave out public holidays"), required=False)
    use = forms.ChoiceField(label=_("Form of use"), help_text=_("The price depends on it."))
    pattern: Pattern

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["use"].choices = FORMS  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        try:
            ends = ends_after(typed["begins"], typed["ends"])
        except ValueError:
            raise _about("ends", _("The time must end after it begins.")) from None
        if typed["last"] < typed["first"]:
            raise _about("last", _("The last day must come after the first."))
        if typed["last"] - typed["first"] > timedelta(days=800):
            raise _about("last", _("A series can be at most two years long."))
        monthly = typed["repeats"] == self.MONTHLY
        self.pattern = Pattern(
            first=typed["first"],
            last=typed["last"],
            starts=typed["begins"],
            ends=ends,
            repeats=Repeats.MONTHLY if monthly else Repeats.WEEKLY,
            every=2 if typed["repeats"] == self.FORTNIGHTLY else 1,
            weekdays=frozenset() if monthly else frozenset(typed["weekdays"]),
        )
        return typed

    @staticmethod
    def too_many() -> str:
        return gettext("A series has at most %(n)s times. Choose an earlier last day.") % {"n": MOST}


class SkipForm(forms.Form):
    """Which dates of a series are left out, as ISO days; others than those of the series are ignored."""

    skip = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, days: list[date], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["skip"].choices = [(day.isoformat(), day.isoformat()) for day in days]  # type: ignore[attr-defined]

    @property
    def skipped(self) -> frozenset[date]:
        self.is_valid()
        return frozenset(date.fromisoformat(text) for text in self.cleaned_data.get("skip", ()))


def _about(field: str, sentence: Any) -> ValidationError:
    return ValidationError({field: sentence})
