"""Days, times and lengths as people write them when they book."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from facilities.rules.opening import DAY
from records import values
from records.forms import SwedishDateField, Typed

_SOON = {"idag": 0, "i dag": 0, "today": 0, "imorgon": 1, "i morgon": 1, "tomorrow": 1}
LENGTHS = (30, 45, 60, 90, 120, 150, 180, 240, 300, 360, 480, 600, 720)


def length_in_words(minutes: int) -> str:
    """90 -> '1 timme 30 minuter'."""
    hours, rest = divmod(minutes, 60)
    words = [ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}] if hours else []
    if rest or not hours:
        words.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    return " ".join(words)


class ComingDayField(SwedishDateField):
    """As SwedishDateField, and a day without a year ('4/12') is the next one that comes; 'i dag' and 'i morgon' too."""

    default_error_messages = {"invalid": _("Write the day with day and month, for example 4/12 or 2026-12-04.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"help_text": _("For example 4/12 or 2026-12-04."), **options})

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        typed, today = " ".join(value.lower().split()).strip("."), localdate()
        if typed in _SOON:
            return today + timedelta(days=_SOON[typed])
        return _with_year(typed, today) or super().to_python(value)


class ClockField(forms.Field):
    """'18', '18.00', '18:00' or '24' -> minutes from midnight, 0 to 1440. Shown as 18.00."""

    default_error_messages = {"invalid": _("Write the time in figures, for example 18.00.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": Typed(size=7), **options})

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, int):
            return value
        typed = "" if value is None else str(value).strip()
        if not typed:
            return None
        if typed.replace(":", ".") in {"24", "24.00", "2400"}:
            return DAY
        try:
            clock = values.parse_clock(typed)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return clock.hour * 60 + clock.minute

    def prepare_value(self, value: Any) -> Any:
        return clock_text(value) if isinstance(value, int) else value


class LengthField(forms.TypedChoiceField):
    """How long, chosen among the lengths that people ask for -> minutes."""

    def __init__(self, *, empty: Any = None, **options: Any) -> None:
        super().__init__(**{"coerce": int, "empty_value": None, **options})
        self.empty = empty

    def offer(self, lengths: tuple[int, ...] = LENGTHS) -> None:
        """Fill in the choices in the language of the page."""
        first = [] if self.empty is None else [("", self.empty)]
        self.choices = [*first, *((minutes, length_in_words(minutes)) for minutes in lengths)]


def clock_text(minutes: int) -> str:
    """1080 -> '18.00'; minutes past 1440 are the next day's: 1560 -> '02.00'."""
    hours, rest = divmod(minutes if minutes == DAY else minutes % DAY, 60)
    return f"{hours:02}.{rest:02}"


def _with_year(typed: str, today: date) -> date | None:
    """The next such day, when nobody has written a year."""
    for year in range(today.year, today.year + 5):
        try:
            day = values.parse_day(f"{typed} {year}")
        except ValueError:
            continue
        if day >= today:
            return day
    return None
