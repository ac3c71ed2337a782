"""What an association says of one group for a season, and what an officer says of the season."""

import json
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from associations.rules.numbers import contains_personal_number
from facilities.actions.rounds import RoundPlan
from facilities.actions.wishes import Hours, Place, SectionWish
from facilities.forms.fields import length_in_words
from facilities.forms.keep_fields import HoursField
from facilities.models import PrincipleSet, SeasonRound, Section, Space
from facilities.models.hours import WEEKDAYS
from facilities.rules.allocation.conditions import NotUnderstood
from facilities.rules.allocation.principles import Principles, principles_from_json, principles_to_json
from facilities.rules.opening import DAY
from records.forms import SwedishDateField, Typed, WholeNumberField

CHOICES = 3  # spaces that a group may put in order
LENGTHS = (30, 60, 90, 120, 150, 180)
_DAYS = [(number, name) for number, name in WEEKDAYS if number <= 6]

# What stands in the form as it stands in a group.
_PLAIN = (
    "name",
    "sport",
    "division",
    "age_from",
    "age_to",
    "girls",
    "boys",
    "disability",
    "is_block",
    "passes",
    "shortest",
    "longest",
)


class PlaceField(forms.ChoiceField):
    """A hall, one of its parts, or so many of its parts wherever they are. Cleans to a Place."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.places: dict[str, Place] = {}

    def offer(self, spaces: Iterable[Space]) -> None:
        """The spaces of the season's halls, each whole before its parts."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for space in spaces:
            rows = groups.setdefault(space.venue.name, [])
            self._add(rows, str(space.pk), "\u00a0\u00a0" * (len(space.path) - 1) + space.name, Place(space))
            if len(space.path) == 1:
                for parts in range(1, len(space.takes)):
                    words = ngettext("%(n)s part of %(all)s, whichever", "%(n)s parts of %(all)s, whichever", parts)
                    label = "\u00a0\u00a0" + space.name + ": " + words % {"n": parts, "all": len(space.takes)}
                    self._add(rows, f"{space.pk}:{parts}", label, Place(space, parts))
        self.choices = [("", _("Choose")), *groups.items()]

    def _add(self, rows: list[tuple[str, str]], key: str, label: str, place: Place) -> None:
        self.places[key] = place
        rows.append((key, label))

    def clean(self, value: Any) -> Any:
        return self.places.get(super().clean(value))


class SectionForm(forms.Form):
    """One group. The hours of each weekday that suit best, and those that are good enough."""

    name = forms.CharField(
        label=gettext_lazy("Name of the group"), max_length=80, help_text=gettext_lazy("For example F12 or A-lag dam.")
    )
    sport = forms.CharField(label=gettext_lazy("Sport or art"), max_length=60, required=False)
    division = forms.CharField(label=gettext_lazy("Division or level"), max_length=60, required=False)
    age_from = WholeNumberField(
        label=gettext_lazy("Youngest"),
        min_value=0,
        max_value=120,
        widget=Typed(size=4, keyboard="numeric"),
        help_text=gettext_lazy("The age that the youngest turns during the season."),
    )
    age_to = WholeNumberField(label=gettext_lazy("Oldest"), min_value=0, max_value=120, widget=Typed(size=4, keyboard="numeric"))
    girls = WholeNumberField(
        label=gettext_lazy("Girls and women"), min_value=0, max_value=999, widget=Typed(size=4, keyboard="numeric")
    )
    boys = WholeNumberField(
        label=gettext_lazy("Boys and men"), min_value=0, max_value=999, widget=Typed(size=4, keyboard="numeric")
    )
    disability = forms.BooleanField(label=gettext_lazy("The group is for people with disabilities"), required=False)
    is_block = forms.BooleanField(
        label=gettext_lazy("A block that we divide among our groups ourselves"),
        help_text=gettext_lazy("You say afterwards which groups train when in it."),
        required=False,
    )
    passes = WholeNumberField(
        label=gettext_lazy("Times a week"), min_value=1, max_value=14, widget=Typed(size=4, keyboard="numeric")
    )
    shortest = forms.TypedChoiceField(label=gettext_lazy("At least"), coerce=int)
    longest = forms.TypedChoiceField(label=gettext_lazy("At most"), coerce=int)
    since = SwedishDateField(label=gettext_lazy("From day"), required=False, help_text=gettext_lazy("Empty: the whole season."))
    last = SwedishDateField(label=gettext_lazy("To day"), required=False)

    def __init__(self, *args: Any, spaces: Iterable[Space], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("shortest", "longest"):
            self.fields[name].choices = [(minutes, length_in_words(minutes)) for minutes in LENGTHS]  # type: ignore[attr-defined]
        for weekday, day in _DAYS:
            self.fields[f"best{weekday}"] = HoursField(label=_("%(day)s: best") % {"day": capfirst(str(day))})
            self.fields[f"also{weekday}"] = HoursField(label=_("%(day)s: good enough") % {"day": capfirst(str(day))})
        labels: tuple[str, ...] = (_("First choice"), _("Second choice"), _("Third choice"))
        listed = list(spaces)
        for number, label in enumerate(labels):
            field = PlaceField(label=label, required=number == 0)
            field.offer(listed)
            self.fields[f"place{number}"] = field

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if contains_personal_number(name):
            raise ValidationError(_("That looks like a personal identity number. Groups have names, never persons."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.hours():
            self.add_error("best0", _("Write the hours of at least one day."))
        for weekday, _name in _DAYS:
            for kind in ("best", "also"):
                if any(opens is None or closes > DAY for opens, closes in cleaned.get(f"{kind}{weekday}") or ()):
                    self.add_error(f"{kind}{weekday}", _("Write hours within the day, at most to 24."))
        return cleaned

    def hours(self) -> tuple[Hours, ...]:
        return tuple(
            Hours(weekday, starts, ends, choice)
            for weekday, _name in _DAYS
            for choice, kind in ((1, "best"), (2, "also"))
            for starts, ends in self.cleaned_data.get(f"{kind}{weekday}") or ()
        )

    def wish(self) -> SectionWish:
        typed = self.cleaned_data
        return SectionWish(
            **{name: typed[name] for name in _PLAIN},
            since=typed["since"],
            until=typed["last"] + timedelta(days=1) if typed["last"] else None,
            hours=self.hours(),
            places=tuple(place for number in range(CHOICES) if (place := typed.get(f"place{number}"))),
        )

    def week(self) -> list[tuple[str, Any, Any]]:
        """The weekdays with their two fields, for the page."""
        return [(capfirst(str(name)), self[f"best{number}"], self[f"also{number}"]) for number, name in _DAYS]

    def places(self) -> list[Any]:
        return [self[f"place{number}"] for number in range(CHOICES)]


def section_initial(section: Section) -> dict[str, Any]:
    """A saved group as the form shows it."""
    shown: dict[str, Any] = {name: getattr(section, name) for name in (*_PLAIN, "since")}
    shown["last"] = section.until - timedelta(days=1) if section.until else None
    for each in section.suits.all():
        kind = "best" if each.choice == 1 else "also"
        shown.setdefault(f"{kind}{each.weekday}", []).append((each.starts, each.ends))
    for number, wished in enumerate(section.spaces.all()):
        shown[f"place{number}"] = f"{wished.space_id}:{wished.parts}" if wished.parts else str(wished.space_id)
    return shown


class MessageForm(forms.Form):
    """What an association adds when it hands in."""

    message = forms.CharField(
        label=gettext_lazy("Message to the municipality"), required=False, max_length=2000, widget=forms.Textarea({"rows": "3"})
    )

    def clean_message(self) -> str:
        message: str = self.cleaned_data["message"]
        if contains_personal_number(message):
            raise ValidationError(_("That looks like a personal identity number. Take it away."))
        return message


class RoundForm(forms.Form):
    """A season and the days of its round."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("For example Säsongen 2027/28."))
    since = SwedishDateField(label=gettext_lazy("The season begins"))
    last = SwedishDateField(label=gettext_lazy("The season's last day"))
    opens_on = SwedishDateField(label=gettext_lazy("Invitation"))
    wishes_until = SwedishDateField(label=gettext_lazy("Last day for wishes"))
    proposed_on = SwedishDateField(label=gettext_lazy("Proposal"))
    comments_until = SwedishDateField(label=gettext_lazy("Last day for comments"))
    decided_on = SwedishDateField(label=gettext_lazy("Decision"))
    checked_on = SwedishDateField(label=gettext_lazy("Check of real use"), required=False)
    principles = forms.ModelChoiceField(
        label=gettext_lazy("Principles"), queryset=PrincipleSet.objects.all(), required=False, empty_label=gettext_lazy("Choose")
    )
    halls = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Halls"), queryset=Space.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        wholes = Space.objects.bookable().filter(parent=None).select_related("venue").order_by("venue__name", "path")
        self.fields["halls"].queryset = wholes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        order = ("opens_on", "wishes_until", "proposed_on", "comments_until", "decided_on")
        for before, after in pairwise(order):
            first, second = cleaned.get(before), cleaned.get(after)
            same_day_is_fine = before in ("opens_on", "proposed_on")
            if first and second and (second < first or (second == first and not same_day_is_fine)):
                self.add_error(after, _("This day has to come after “%(before)s”.") % {"before": self.fields[before].label})
        if cleaned.get("since") and cleaned.get("last") and cleaned["last"] < cleaned["since"]:
            self.add_error("last", _("The last day has to come after the first."))
        return cleaned

    def plan(self) -> RoundPlan:
        typed = dict(self.cleaned_data)
        until = typed.pop("last") + timedelta(days=1)
        return RoundPlan(**{**typed, "until": until, "halls": tuple(typed["halls"])})


def round_initial(season: SeasonRound) -> dict[str, Any]:
    plain = ("name", "since", "opens_on", "wishes_until", "proposed_on", "comments_until", "decided_on", "checked_on")
    shown: dict[str, Any] = {name: getattr(season, name) for name in plain}
    return {
        **shown,
        "last": season.until - timedelta(days=1),
        "principles": season.principles_id,
        "halls": list(season.halls.values_list("pk", flat=True)),
    }


class PrinciplesForm(forms.Form):
    """A set of principles as its readable file; what is not understood is told with its place."""

    text = forms.CharField(
        label=gettext_lazy("Principles as a file"), widget=forms.Textarea({"rows": "24", "spellcheck": "false"})
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=300, required=False, help_text=gettext_lazy("The decision that they rest on.")
    )
    is_example = forms.BooleanField(label=gettext_lazy("This is an example, not a decision"), required=False)

    def clean_text(self) -> str:
        try:
            self.principles: Principles = principles_from_json(json.loads(self.cleaned_data["text"]))
        except json.JSONDecodeError as wrong:
            raise ValidationError(_("The text cannot be read on line %(line)s.") % {"line": wrong.lineno}) from None
        except NotUnderstood as wrong:
            raise ValidationError(_("This is not understood: %(what)s") % {"what": wrong}) from None
        text: str = self.cleaned_data["text"]
        return text


def principles_text(principles: Principles) -> str:
    return json.dumps(principles_to_json(principles), ensure_ascii=False, indent=2)
