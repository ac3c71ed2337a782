"""During a season: dates given back, notices and their answers, blocks divided."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations.rules.numbers import contains_personal_number
from facilities.actions.blocks import GroupShare, NotDivided
from facilities.actions.shown import Cost
from facilities.forms.fields import ClockField, ComingDayField
from facilities.rules.season_use import ShareFault, UseLimits
from records.forms import Typed, WholeNumberField
from records.values import local_day

SHARE_FAULTS: Mapping[ShareFault, Any] = {
    ShareFault.OUTSIDE: gettext_lazy("The time lies outside the block."),
    ShareFault.BACKWARD: gettext_lazy("The time has to end after it begins."),
    ShareFault.TWICE: gettext_lazy("The group stands here twice at the same time."),
    ShareFault.TOO_MANY: gettext_lazy("More people come at this time than the hall takes."),
}


def no_personal_number(text: str) -> str:
    """The text, or ValidationError when a personnummer stands in it."""
    if contains_personal_number(text):
        raise ValidationError(_("Take the personal identity number out: it is not needed here."), code="personal")
    return text


class WordsForm(forms.Form):
    """Some words: a reason, an answer, grounds."""

    words = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: str, help_text: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].label, self.fields["words"].help_text = label, help_text

    def clean_words(self) -> str:
        return no_personal_number(self.cleaned_data["words"])


class TakeBackForm(WordsForm):
    """Grounds, and from which day."""

    since = ComingDayField(label=gettext_lazy("Taken back from"))


class DaysForm(forms.Form):
    """Which of the coming dates are given back."""

    days = forms.MultipleChoiceField(
        label=gettext_lazy("Dates that we give back"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one date.")},
    )

    def __init__(self, *args: Any, costs: Iterable[Cost], **options: Any) -> None:
        super().__init__(*args, **options)
        days = [(local_day(cost.booking.starts_at), cost.kronor) for cost in costs]
        self.fields["days"].choices = [(day.isoformat(), _label(day, kronor)) for day, kronor in days]  # type: ignore[attr-defined]

    def chosen(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.cleaned_data["days"]]


def _label(day: date, kronor: Decimal) -> str:
    words = capfirst(date_format(day, "l j F"))
    return _("%(day)s, costs %(kronor)s kr since it is so late") % {"day": words, "kronor": kronor} if kronor else words


class RestForm(forms.Form):
    """From which day the time is given back."""

    since = ComingDayField(label=gettext_lazy("We do not need the time from"))


class ShareForm(forms.Form):
    """One group in a block. An empty row is no group."""

    name = forms.CharField(label=gettext_lazy("Group"), max_length=80)
    starts = ClockField(label=gettext_lazy("From"))
    ends = ClockField(label=gettext_lazy("To"))
    age_from = WholeNumberField(label=gettext_lazy("Youngest, years"), min_value=0, max_value=120)
    age_to = WholeNumberField(label=gettext_lazy("Oldest, years"), min_value=0, max_value=120)
    girls = WholeNumberField(label=gettext_lazy("Girls and women"), min_value=0, max_value=999)
    boys = WholeNumberField(label=gettext_lazy("Boys and men"), min_value=0, max_value=999)

    def clean_name(self) -> str:
        return no_personal_number(self.cleaned_data["name"].strip())

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if {"girls", "boys"} <= typed.keys() and not typed["girls"] + typed["boys"]:
            self.add_error("girls", _("Say how many are in the group."))
        if {"age_from", "age_to"} <= typed.keys() and typed["age_from"] > typed["age_to"]:
            self.add_error("age_to", _("The youngest cannot be older than the oldest."))
        return typed


class BaseShares(BaseFormSet):  # type: ignore[type-arg]
    """The groups of a block."""

    def shares(self) -> list[GroupShare]:
        names = GroupShare.__dataclass_fields__
        return [GroupShare(**{name: form.cleaned_data[name] for name in names}) for form in self.typed()]

    def typed(self) -> list[Any]:
        """Rows that say something and are not ticked to be taken away."""
        return [form for form in self.forms if form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE")]

    def refuse(self, refused: NotDivided) -> None:
        """Each fault beside the field that it is about."""
        rows = list(self.typed())
        for place, fault in refused.faults:
            rows[place].add_error("girls" if fault is ShareFault.TOO_MANY else "starts", str(SHARE_FAULTS[fault]))


ShareFormSet = formset_factory(ShareForm, formset=BaseShares, extra=3, can_delete=True, max_num=30, validate_max=True)


class LimitsForm(forms.Form):
    """When a time counts as used too little, and how long one has to answer."""

    least_percent = WholeNumberField(
        label=gettext_lazy("Used on fewer than so many percent of its dates"),
        min_value=1,
        max_value=100,
        widget=Typed(size=4, keyboard="numeric", suffix="%"),
        help_text=gettext_lazy("Example: 60 percent."),
    )
    least_known = WholeNumberField(
        label=gettext_lazy("Of at least so many dates that something is noted of"),
        min_value=1,
        max_value=50,
        widget=Typed(size=4, keyboard="numeric"),
        help_text=gettext_lazy("Example: 3 dates."),
    )
    answer_days = WholeNumberField(
        label=gettext_lazy("Days to answer a notice"),
        min_value=1,
        max_value=90,
        widget=Typed(size=4, keyboard="numeric"),
        help_text=gettext_lazy("Example: 14 days. Notices that are sent already keep their day."),
    )

    def limits(self) -> UseLimits:
        return UseLimits(**self.cleaned_data)
