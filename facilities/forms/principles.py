"""What an officer enters of the principles of a season, a row at a time; nothing of it is saved here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.forms.keep_booking import NAMED_DAYS
from facilities.forms.keep_fields import HoursField
from facilities.models import PrincipleSet
from facilities.rules.allocation.conditions import Condition
from facilities.rules.allocation.examples import EXAMPLES
from facilities.rules.allocation.principles import (
    DAY,
    STEP,
    WEEKDAYS,
    Attractive,
    Effect,
    MinuteLimit,
    Principles,
    PriorityClass,
    Soft,
    Weights,
    Window,
)
from records.forms import Typed, WholeNumberField

EFFECTS: dict[Effect, Any] = {
    Effect.KEPT: gettext_lazy("The hours are only for them"),
    Effect.INSIDE: gettext_lazy("They get no time outside the hours on those days"),
    Effect.MAINLY: gettext_lazy("They get these hours first of all, and others when nothing else is left"),
}
SOFTS: dict[Soft, Any] = {
    Soft.PREFERENCES: gettext_lazy("First choices of hours and halls, class by class"),
    Soft.LOCAL: gettext_lazy("Training in the group's own area"),
    Soft.DURATIONS: gettext_lazy("Times as long as wished, class by class"),
    Soft.EQUALITY: gettext_lazy("Attractive hours equally for girls and boys"),
    Soft.STABILITY: gettext_lazy("The same times as last season"),
}


def _number(label: Any, least: int, most: int, hint: Any = "", *, required: bool = True) -> WholeNumberField:
    return WholeNumberField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=hint,
        required=required,
        widget=Typed(size=5, keyboard="numeric"),
    )


def _days_field() -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"),
        coerce=int,
        choices=NAMED_DAYS,
        widget=forms.CheckboxSelectMultiple,
    )


class FactsForm(forms.Form):
    """What the set is called and rests on."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("For example Principles 2027/28."))
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=300, required=False, help_text=gettext_lazy("The decision that they rest on.")
    )
    is_example = forms.BooleanField(label=gettext_lazy("This is an example, not a decision"), required=False)


class BeginForm(FactsForm):
    """A new set: from nothing, from one that is there, or from an example."""

    base = forms.ChoiceField(label=gettext_lazy("Begin from"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, sets: Sequence[PrincipleSet], **options: Any) -> None:
        super().__init__(*args, **options)
        self.sets = {f"set:{each.pk}": each for each in sets}
        self.examples = {f"example:{number}": each for number, each in enumerate(EXAMPLES)}
        choices = [("nothing", _("An empty set"))]
        choices += [(key, str(each)) for key, each in self.sets.items()]
        choices += [(key, _("The example “%(name)s”") % {"name": each.name}) for key, each in self.examples.items()]
        self.fields["base"].choices = choices  # type: ignore[attr-defined]

    def principles(self) -> Principles:
        """What to begin from, under the new name. Reads the chosen set."""
        base: str = self.cleaned_data["base"]
        found = self.sets[base].for_rules() if base in self.sets else self.examples.get(base)
        if found is None:
            return Principles(name=self.cleaned_data["name"], classes=(), ladder=())
        return replace(found, name=self.cleaned_data["name"])


class HoursMixin(forms.Form):
    """One stretch of some weekdays."""

    def clean_hours(self) -> tuple[int, int]:
        typed = self.cleaned_data["hours"] or []
        if len(typed) != 1 or typed[0][1] > DAY or typed[0][0] % STEP or typed[0][1] % STEP:
            raise ValidationError(_("Write one stretch of hours, on the hour or the half hour, for example 17–20 or 21–24."))
        return typed[0][0], typed[0][1]


class ClassForm(forms.Form):
    """A priority class; who is in it is a condition beside. taken: keys of the others."""

    name = forms.CharField(
        label=gettext_lazy("Who they are"), max_length=200, help_text=gettext_lazy("For example Children and young people 7–20.")
    )
    key = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("One word, for example P1. Empty: made from the name."),
    )

    def __init__(self, *args: Any, taken: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.taken = taken

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            cleaned["key"] = "-".join(cleaned["key"].split()) or slugify(cleaned["name"])[:30] or "klass"
            if cleaned["key"] in self.taken:
                self.add_error("key", _("Another class has the short name %(key)s.") % {"key": cleaned["key"]})
        return cleaned

    def row(self, who: Condition) -> PriorityClass:
        return PriorityClass(self.cleaned_data["key"], self.cleaned_data["name"], who)


class WindowForm(HoursMixin):
    """Hours of weekdays for some; for whom is a condition beside."""

    hours = HoursField(label=gettext_lazy("Hours"), help_text=gettext_lazy("For example 17–20."), required=True)
    weekdays = _days_field()
    effect = forms.ChoiceField(
        label=gettext_lazy("What holds of the hours?"), choices=[(str(key), words) for key, words in EFFECTS.items()],
        widget=forms.RadioSelect,
    )  # fmt: skip

    def row(self, who: Condition) -> Window:
        typed = self.cleaned_data
        since, until = typed["hours"]
        return Window(who, since, until, Effect(typed["effect"]), tuple(typed["weekdays"]))


class LimitForm(forms.Form):
    """At most so many minutes a week; for whom is a condition beside."""

    minutes = _number(gettext_lazy("At most so many minutes a week"), STEP, 7 * DAY)

    def row(self, who: Condition) -> MinuteLimit:
        return MinuteLimit(who, self.cleaned_data["minutes"])


def row_initial(row: Any) -> dict[str, Any]:
    """A saved row as its form shows it, without its condition."""
    match row:
        case PriorityClass(key, name, _who):
            return {"key": key, "name": name}
        case Window(_who, since, until, effect, weekdays):
            return {"hours": [(since, until)], "weekdays": [str(day) for day in weekdays], "effect": str(effect)}
        case MinuteLimit(_who, minutes):
            return {"minutes": minutes}
    return {"weekdays": [str(day) for day in WEEKDAYS]}


class AfterForm(HoursMixin):
    """What is looked at after the ladder: attractive hours and weights; the order is rows beside."""

    has_hours = forms.BooleanField(
        label=gettext_lazy("Some hours are attractive, and are shared equally between girls and boys"), required=False
    )
    hours = HoursField(label=gettext_lazy("Attractive hours"), help_text=gettext_lazy("For example 17–20."))
    weekdays = _days_field()
    second_choice = _number(gettext_lazy("A second choice costs"), 0, 1000)
    next_space = _number(gettext_lazy("The next hall in order costs"), 0, 1000)
    not_mainly = _number(gettext_lazy("A time outside the hours that are first of all theirs costs"), 0, 1000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["weekdays"].required = False

    def clean_hours(self) -> Any:
        return super().clean_hours() if self.cleaned_data.get("has_hours") or self.cleaned_data["hours"] else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("has_hours") and not cleaned.get("weekdays"):
            self.add_error("weekdays", _("Choose at least one day."))
        return cleaned

    def attractive(self) -> Attractive | None:
        typed = self.cleaned_data
        if not typed["has_hours"]:
            return None
        since, until = typed["hours"]
        return Attractive(since, until, tuple(typed["weekdays"]))

    def weights(self) -> Weights:
        typed = self.cleaned_data
        return Weights(typed["second_choice"], typed["next_space"], typed["not_mainly"])


def after_initial(principles: Principles) -> dict[str, Any]:
    hours, weights = principles.attractive, principles.weights
    shown = hours or Attractive()
    return {
        "has_hours": hours is not None,
        "hours": [(shown.since, shown.until)],
        "weekdays": [str(day) for day in shown.weekdays],
        "second_choice": weights.second_choice,
        "next_space": weights.next_space,
        "not_mainly": weights.not_mainly,
    }


def typed_in(form: type[forms.Form], data: Any) -> dict[str, Any]:
    """What stands in a form's fields as it was typed: to show again when a button only changed the rows."""
    return {name: field.widget.value_from_datadict(data, {}, name) for name, field in form.base_fields.items()}
