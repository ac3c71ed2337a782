"""How one cell is read and written. A cell that cannot be read raises ValueError with a sentence for the person."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from associations.municipalities import MUNICIPALITIES
from associations.rules.numbers import NumberRefused, organisation_number, organisation_number_text
from records.values import parse_day, parse_kronor

_YES, _NO = {"ja", "j", "yes", "y", "1", "true", "sant"}, {"nej", "n", "no", "0", "false", "falskt"}
_ESCAPED = "=+-@|%"


def plain(value: Any) -> str:
    """A cell as text: spreadsheets give whole numbers as floats, and our own csv puts ' before what looks like a formula."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    text = str(value).replace("\u00a0", " ").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _ESCAPED else text


class AsItIs(Widget):  # type: ignore[misc]
    """A number that only goes out."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class Text(Widget):  # type: ignore[misc]
    def __init__(self, max_length: int | None = None) -> None:
        super().__init__()
        self.max_length = max_length

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = plain(value)
        if self.max_length and len(text) > self.max_length:
            raise ValueError(_("The text is too long: at most %(n)s characters.") % {"n": self.max_length})
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value or ""


class Number(Text):
    """The organisation number."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = plain(value)
        if not text:
            raise ValueError(_("The organisation number is missing."))
        try:
            return organisation_number(text)
        except NumberRefused as wrong:
            if wrong.code == "number_belongs_to_a_person":
                sentence = _("This looks like a personal identity number. Write the association's organisation number.")
            else:
                sentence = _("The organisation number %(number)s is not right.") % {"number": text[:20]}
            raise ValueError(sentence) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return organisation_number_text(value) if value else ""


class Email(Text):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value)
        return _valid(text, validate_email, _("%(value)s is not an e-mail address."))


class Website(Text):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value)
        if text and "://" not in text:
            text = f"https://{text}"
        return _valid(text, URLValidator(schemes=["http", "https"]), _("%(value)s is not a web address."))


def _valid(text: str, check: Any, sentence: str) -> str:
    if text:
        try:
            check(text)
        except ValidationError:
            raise ValueError(sentence % {"value": text[:60]}) from None
    return text


class Postcode(Text):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        digits = plain(value).replace(" ", "")
        if digits and not (len(digits) == 5 and digits.isdigit()):
            raise ValueError(_("A postcode has five digits, for example 691 32."))
        return digits

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return f"{value[:3]} {value[3:]}" if value else ""


class Day(Widget):  # type: ignore[misc]
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = plain(value)
        if not text:
            return None
        try:
            return parse_day(text)
        except ValueError:
            raise ValueError(_("%(value)s is not a date. Write for example 2026-12-04.") % {"value": text[:30]}) from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value or ""


class Kronor(Widget):  # type: ignore[misc]
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        text = repr(value) if isinstance(value, float) and not value.is_integer() else plain(value)
        if not text:
            return None
        try:
            amount = parse_kronor(text)
        except ValueError:
            raise ValueError(_("%(value)s is not an amount. Write for example 150 or 150,50.") % {"value": text[:30]}) from None
        if amount >= 1_000_000:
            raise ValueError(_("The amount is too large."))
        return amount

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class YesNo(Widget):  # type: ignore[misc]
    """ja, nej or nothing."""

    def __init__(self, *, nothing: bool | None) -> None:
        super().__init__()
        self.nothing = nothing

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        text = plain(value).lower()
        if not text:
            return self.nothing
        if text in _YES | _NO:
            return text in _YES
        raise ValueError(_("%(value)s: write ja or nej.") % {"value": text[:30]})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return {True: "ja", False: "nej"}.get(value, "")


class Choice(Widget):  # type: ignore[misc]
    """One of a list of words; the word of the list, its key and the page's word are all understood."""

    def __init__(self, words: Mapping[str, str], *, empty: str = "") -> None:
        super().__init__()
        self.words, self.empty = words, empty
        self.keys = {word.casefold(): key for key, word in words.items()} | {key.casefold(): key for key in words}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = plain(value)
        if not text:
            return self.empty
        if text.casefold() not in self.keys:
            words = {"value": text[:40], "words": ", ".join(self.words.values())}
            raise ValueError(_("%(value)s is not one of: %(words)s.") % words)
        return self.keys[text.casefold()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return self.words.get(value, value or "")


class Place(Choice):
    """A municipality by its short name, or its code."""

    def __init__(self) -> None:
        super().__init__(MUNICIPALITIES)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = plain(value)
        short = text.casefold().removesuffix(" kommun").removesuffix("s") if text.casefold().endswith(" kommun") else ""
        known = self.keys.get(text.casefold()) or self.keys.get(text.zfill(4)) or self.keys.get(short)
        if text and not known:
            raise ValueError(_("%(value)s is not a Swedish municipality.") % {"value": text[:40]})
        return known or ""


class Row(Widget):  # type: ignore[misc]
    """A row of a reference table, by name or key. All of them are read at once: one query for the file, not one for each row."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__()
        rows = list(model._default_manager.all())
        self.names = [str(row) for row in rows]
        self.rows = {str(row).casefold(): row for row in rows} | {row.key.casefold(): row for row in rows}  # type: ignore[attr-defined]

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> models.Model | None:
        text = plain(value)
        if not text:
            return None
        if text.casefold() not in self.rows:
            shown = ", ".join(self.names[:12]) + (" …" if len(self.names) > 12 else "")
            raise ValueError(_("%(value)s is not one of: %(words)s.") % {"value": text[:40], "words": shown})
        return self.rows[text.casefold()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return str(value) if value else ""
