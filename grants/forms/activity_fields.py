"""The parameters of the parts of activity support as form fields."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from records.forms import KronorField, SwedishDateField, WholeNumberField

SEXES = [
    ("", gettext_lazy("everybody")),
    ("female", gettext_lazy("girls and women")),
    ("male", gettext_lazy("boys and men")),
    ("other", gettext_lazy("other")),
]
WHO = [
    ("", gettext_lazy("everybody")),
    ("disability", gettext_lazy("those with a disability")),
    ("others", gettext_lazy("the others")),
]


def number(label: Any, hint: Any = "") -> Callable[[], forms.Field]:
    return lambda: WholeNumberField(label=label, help_text=hint, required=False, min_value=0, max_value=10**9)


def tick(label: Any, hint: Any = "") -> Callable[[], forms.Field]:
    return lambda: forms.BooleanField(label=label, help_text=hint, required=False)


def day(label: Any, hint: Any = "") -> Callable[[], forms.Field]:
    return lambda: SwedishDateField(label=label, help_text=hint, required=False)


def words(label: Any, choices: list[Any]) -> Callable[[], forms.Field]:
    return lambda: forms.ChoiceField(label=label, choices=choices, required=False)


# parameter -> its field, made anew for each form.
FIELDS: dict[str, Callable[[], forms.Field]] = {
    "more": lambda: KronorField(label=gettext_lazy("More with two leaders or more, kronor"), required=False),
    "disability_any_age": tick(gettext_lazy("Nobody with a disability is too old")),
    "minutes": number(gettext_lazy("Shortest session, minutes")),
    "least": number(gettext_lazy("At least so many participants")),
    "most_participants": number(gettext_lazy("At most so many participants are paid for")),
    "per_leader": number(gettext_lazy("At most so many participants for each leader")),
    "leaders": number(gettext_lazy("At least so many leaders")),
    "leader_age_from": number(gettext_lazy("Youngest age of a leader")),
    "leaders_count_from": number(
        gettext_lazy("Leaders from this age count as participants"), gettext_lazy("Empty: no leaders do.")
    ),
    "leaders_count_to": number(gettext_lazy("Leaders up to this age count as participants")),
    "per_day": number(gettext_lazy("At most so many times per person and day")),
    "per_week": number(gettext_lazy("At most so many times per person and week")),
    "per_week_and_activity": number(gettext_lazy("At most so many times per person, activity and week")),
    "per_year": number(gettext_lazy("At most so many times per person and year")),
    "try_outs": number(gettext_lazy("So many times somebody who is not a member counts"), gettext_lazy("Empty: as a member.")),
    "since": day(gettext_lazy("The rule holds from"), gettext_lazy("Empty: from the beginning.")),
    "until": day(gettext_lazy("The rule holds up to, not including"), gettext_lazy("Empty: until the end.")),
    "size_from": number(gettext_lazy("From so many participants")),
    "size_to": number(gettext_lazy("To so many participants"), gettext_lazy("Empty: and more.")),
    "sex": words(gettext_lazy("For"), SEXES),
    "who": words(gettext_lazy("For whom"), WHO),
}
