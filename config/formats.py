"""How figures, amounts and times are written for people: in the language of the page, with no-break spaces."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal
from django.utils import dateformat
from django.utils.timezone import localdate, localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

NBSP = "\u00a0"
NOTHING = "–"

# language -> (day and month, with weekday, clock, what stands between day and clock), in django.utils.dateformat's letters
_PATTERNS = {
    "sv": ("j F", "l j F", "H.i", " kl.\u00a0"),
    "en": ("j F", "l j F", "H:i", " at\u00a0"),
    "fi": ("j. E", "l j. E", "H.i", " klo\u00a0"),
}


def _language() -> str:
    language = (get_language() or "sv")[:2]
    return language if language in _PATTERNS else "sv"


def number(amount: Decimal | int | float | None, decimals: int = 0) -> str:
    """12345 -> '12 345'; decimals: how many are always shown; None -> '–'."""
    if amount is None:
        return NOTHING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(_half_up(Decimal(str(amount)), decimals), pattern, locale=_language()).replace("-", "−")


def level(score: Decimal | str | None, decimals: int = 1) -> str:
    """3 -> '3', 3.5 -> '3,5'; with decimals=2 always both: '3,50'; None -> '–'. Also reads a stored '3.50'."""
    if score is None or score == "":
        return NOTHING
    score = Decimal(score)
    return number(score, 0) if decimals == 1 and score == int(score) else number(score, decimals)


def kronor(amount: Decimal | int | None) -> str:
    """12000 -> '12 000 kr', 12000.50 -> '12 000,50 kr'; None -> '–'."""
    if amount is None:
        return NOTHING
    return f"{number(amount, 0 if amount == int(amount) else 2)}{NBSP}kr"


def percent(share: Decimal | float | None, decimals: int = 0) -> str:
    """0.125 -> '13 %' (half up), with decimals=1 '12,5 %'; None -> '–'."""
    if share is None:
        return NOTHING
    return f"{number(Decimal(str(share)) * 100, decimals)}{NBSP}%"


def out_of(part: int, whole: int) -> str:
    """'20 av 25'."""
    return _("%(part)s of %(whole)s") % {"part": number(part), "whole": number(whole)}


def size(octets: int | None) -> str:
    """1536000 -> '1,5 MB'; under one kB in bytes."""
    if octets is None:
        return NOTHING
    if octets < 1000:
        return ngettext("%(n)s byte", "%(n)s bytes", octets) % {"n": octets}
    if octets < 1_000_000:
        return f"{number(Decimal(octets) / 1000)}{NBSP}kB"
    unit, name = (1_000_000, "MB") if octets < 1_000_000_000 else (1_000_000_000, "GB")
    return f"{number(Decimal(octets) / unit, 1)}{NBSP}{name}"


def organisation_number(digits: str) -> str:
    """'8575001234' -> '857500-1234'; what is not ten digits comes back as it is."""
    return f"{digits[:6]}-{digits[6:]}" if len(digits) == 10 and digits.isdigit() else digits


def day(value: date | None, *, weekday: bool = True, year: bool | None = None) -> str:
    """'fredag 4 december'; the year is added when it is not this year (year=None), always or never.

    Number and month stay on one line, except with year=True: the texts of letters are plain and searched.
    """
    if not value:
        return NOTHING
    local = localtime(value).date() if isinstance(value, datetime) else value
    plain, with_weekday, _clock, _between = _PATTERNS[_language()]
    with_year = local.year != localdate().year if year is None else year
    text = dateformat.format(local, (with_weekday if weekday else plain) + (" Y" if with_year else ""))
    return (
        text
        if year
        else text.replace(f"{local.day} ", f"{local.day}{NBSP}", 1).replace(f"{local.day}. ", f"{local.day}.{NBSP}", 1)
    )


def clock(value: datetime | None) -> str:
    """'18.00', local time."""
    return dateformat.time_format(localtime(value).time(), _PATTERNS[_language()][2]) if value else NOTHING


def moment(value: datetime | None, *, weekday: bool = False, year: bool | None = None) -> str:
    """'4 december kl. 18.00', local time."""
    if not value:
        return NOTHING
    return f"{day(value, weekday=weekday, year=year)}{_PATTERNS[_language()][3]}{clock(value)}"


def _half_up(amount: Decimal, decimals: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def last_day(closes: datetime | None) -> str:
    """An exclusive limit as people say it: the last whole local day before it, 'fredag 4 december'."""
    return day(localtime(closes - timedelta(microseconds=1))) if closes else NOTHING
