"""Fields of the staff's forms: a space out of all venues, times of a day as people write them."""

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from facilities.models import Space
from facilities.rules.opening import DAY, local_span
from facilities.rules.spans import Span
from records.forms import SwedishDateField, SwedishTimeField, Typed
from records.values import parse_clock

LONGEST_OVER_MIDNIGHT = 16 * 60  # minutes: a longer time that "ends before it begins" is a slip
_MIDNIGHT = frozenset({"24", "24.00", "24:00"})
_BETWEEN = re.compile(r"\s*(?:-|–|—|till|to)\s*")


def reason_field(label: Any, hint: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=1000, widget=forms.Textarea({"rows": "3"}))


def capitalised(choices: Any) -> list[tuple[Any, Any]]:
    """The words of a list of choices with capitals, as they stand in a form. For forms' __init__: in the reader's language."""
    return [(value, capfirst(str(label))) for value, label in choices]


class SpaceField(forms.ChoiceField):
    """One space, under its venue, parts indented under their whole. Cleans to the Space."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("Space"), **options})
        self.spaces: dict[str, Space] = {}

    def offer(self, spaces: Iterable[Space]) -> None:
        """The spaces to choose among, in order of venue and path."""
        self.spaces = {str(space.pk): space for space in spaces}
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, space in self.spaces.items():
            groups.setdefault(space.venue.name, []).append((key, indented(space)))
        self.choices = [("", _("Choose")), *groups.items()]

    def clean(self, value: Any) -> Any:
        return self.spaces.get(super().clean(value))


def indented(space: Space) -> str:
    return "\u00a0\u00a0" * (len(space.path) - 1) + space.name


def all_spaces() -> Any:
    """Every space in order of venue and tree. One query."""
    return Space.objects.filter(venue__is_in_use=True).select_related("venue").order_by("venue__name", "path")


def minutes_of(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def clock_text(minutes: int) -> str:
    """'18.30'; a time past midnight is the next day's."""
    return f"{minutes // 60 % 24:02d}.{minutes % 60:02d}"


def span_between(day: date, starts: time, ends: time) -> Span:
    """From one time on the wall to another; one that is not later is the next day's. ValidationError when that is a slip."""
    first, last = minutes_of(starts), minutes_of(ends)
    if last <= first:
        last += DAY
        if last - first > LONGEST_OVER_MIDNIGHT:
            raise ValidationError(_("The time must end after it begins."))
    try:
        return local_span(day, first, last)
    except ValueError:
        raise ValidationError(_("There is no such time that day, because the clock goes forward.")) from None


class EndField(SwedishTimeField):
    """When something ends; 24 is midnight."""

    def to_python(self, value: Any) -> time | None:
        return time() if str(value).strip() in _MIDNIGHT else super().to_python(value)


class TimeForm(forms.Form):
    """A space and a time of one day. clean() puts the Span in cleaned_data['span']."""

    space = SpaceField()
    day = SwedishDateField(label=_("Day"))
    starts = SwedishTimeField(label=_("Begins"))
    ends = EndField(label=_("Ends"))

    def __init__(self, *args: Any, spaces: Iterable[Space] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["space"]
        assert isinstance(field, SpaceField)
        field.offer(all_spaces() if spaces is None else spaces)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if all(cleaned.get(name) is not None for name in ("day", "starts", "ends")):
            try:
                cleaned["span"] = span_between(cleaned["day"], cleaned["starts"], cleaned["ends"])
            except ValidationError as slip:
                self.add_error("ends", slip)
        return cleaned


class HoursField(forms.CharField):
    """'8-22', '8.00-12.00, 13-16' or 'stängt' -> [(480, 1320)]; nothing typed: None; closed: []."""

    default_error_messages = {
        "hours": _("Write the hours like this: 8–22, or 8–12, 13–16. Write “closed” when it is closed."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "widget": Typed(size=16), **options})

    def to_python(self, value: Any) -> list[tuple[int, int]] | None:  # type: ignore[override]
        typed = (super().to_python(value) or "").strip().lower()
        if not typed:
            return None
        if typed in {"stängt", "closed", "suljettu"}:
            return []
        try:
            return sorted(_hours(part) for part in re.split(r"[;,]|\boch\b|\band\b", typed))
        except ValueError:
            raise ValidationError(self.error_messages["hours"], code="hours") from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return hours_text(value) or pgettext("a space", "closed")
        return value


def hours_text(hours: Iterable[tuple[int | None, int]]) -> str:
    """'08.00–12.00, 13.00–16.00'; closed hours: 'closed' in the reader's language; none: ''."""
    rows = list(hours)
    if rows and rows[0][0] is None:
        return pgettext("a space", "closed")
    return ", ".join(f"{clock_text(opens)}–{_ends(closes)}" for opens, closes in rows if opens is not None)


def _ends(minutes: int) -> str:
    return "24.00" if minutes == DAY else clock_text(minutes)


def _hours(text: str) -> tuple[int, int]:
    first, last = _BETWEEN.split(text.strip())
    opens = minutes_of(parse_clock(first))
    closes = DAY if last in _MIDNIGHT else minutes_of(parse_clock(last))
    if closes <= opens:
        closes += DAY
    return opens, closes
