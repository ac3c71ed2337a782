"""Money, local time, deadlines and periods: the values every room counts with. Plain Python."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from holidays import country_holidays

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ORE = Decimal("0.01")
KRONA = Decimal("1")

_SPACES = " \t\u00a0\u2007\u2009\u202f"
_DIGITS = r"[0-9]+|[0-9]{1,3}(?:[" + _SPACES + r"][0-9]{3})+"
_AMOUNT = re.compile(
    rf"(?P<whole>{_DIGITS})(?:[,.](?P<ore>[0-9]{{1,2}})|[,.:]-)?(?:[{_SPACES}]*(?:kr\.?|kronor|sek))?", re.IGNORECASE
)


# --- money ---------------------------------------------------------------------------------------------------------------


def rounded(amount: Decimal, unit: Decimal = ORE) -> Decimal:
    """*amount* in kronor, rounded half up (away from zero) to a multiple of *unit* (0.01 = öre, 1 = krona, 100 = hundreds).

    amount: any finite number of kronor. unit: kronor, above 0; ValueError otherwise.

    Rule R-01. Source: house convention "money": half up, in one named function.
    Words: avrunda, avrundning, öre, round.
    """
    if unit <= 0:
        raise ValueError("The unit to round to must be above 0.")
    return (amount / unit).quantize(KRONA, rounding=ROUND_HALF_UP) * unit


def parse_kronor(text: str) -> Decimal:
    """The amount that a person typed, in kronor with two decimals.

    Accepts "12000", "12 000", "12 000,50", "12000.5", "12 000:-", "12 000 kr", "12 000,50 kronor", "12 000 SEK"; the spaces may
    be ordinary, no-break, thin or figure spaces. Never negative. ValueError for everything else: an empty text, more than two
    decimals, groups that are not three digits ("12 00"), two decimal marks ("1.000,50"), more than 12 digits.

    Rule R-02. Source: house convention "money": forms accept what people in Sweden write.
    Words: belopp, kronor, tolka, amount.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"Not an amount in kronor: {text!r}")
    whole = re.sub(rf"[{_SPACES}]", "", match["whole"])
    if len(whole) > 12:
        raise ValueError(f"Not a reasonable amount in kronor: {text!r}")
    return Decimal(f"{whole}.{(match['ore'] or '').ljust(2, '0')}")


def kronor_text(amount: Decimal) -> str:
    """*amount* as written in Swedish: "12 000", "12 000,50", "-0,70". No-break spaces between thousands, no currency.

    Whole kronor lose their decimals; otherwise at least two decimals, more if the amount has more. The text depends on
    nothing but the amount, so it can be stored with a decision.

    Rule R-03. Source: house convention "numbers people can read".
    Words: belopp, kronor, visa, skriv, format.
    """
    amount += 0  # minus zero becomes zero
    if amount == amount.to_integral_value():
        return f"{amount:,.0f}".replace(",", "\u00a0")
    exponent = amount.normalize().as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{amount:,.{places}f}".replace(",", "\u00a0").replace(".", ",")


def shared_out(total: Decimal, weights: Sequence[Decimal], unit: Decimal = ORE) -> tuple[Decimal, ...]:
    """*total* divided in proportion to *weights*, in whole *units*, by largest remainder.

    total: kronor, not negative, a multiple of unit. weights: any scale, not negative, not all 0 (unless total is 0). unit:
    kronor, above 0. The result has one part per weight and always sums to total, each part less than one unit from its exact
    share. What is left over goes to the largest remainders; among equal ones to the earliest, so the caller's order
    (application number, instalment number) is the documented tie-break. ValueError when a bound is broken.

    Rule R-04. Source: house convention "parts of a pot sum to the pot"; Hamilton's method of largest remainder.
    Words: fördela, proportionellt, dela ut, pott, största rest, pro rata, share.
    """
    if unit <= 0 or total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("Total and weights may not be negative, and the unit must be above 0.")
    units = Fraction(total) / Fraction(unit)
    if units.denominator != 1:
        raise ValueError(f"{total} is not a whole number of {unit}.")
    weight_sum = sum(map(Fraction, weights), Fraction(0))
    if weight_sum == 0:
        if total:
            raise ValueError("There is nothing to share by: every weight is 0.")
        return tuple(Decimal(0) * unit for _ in weights)
    exact = [units * Fraction(weight) / weight_sum for weight in weights]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: (whole[index] - exact[index], index))
    for index in by_remainder[: int(units) - sum(whole)]:
        whole[index] += 1
    return tuple(part * unit for part in whole)


# --- what people type ----------------------------------------------------------------------------------------------------

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "januari jan january tammikuu tammikuuta",
            "februari feb february helmikuu helmikuuta",
            "mars mar march maaliskuu maaliskuuta",
            "april apr huhtikuu huhtikuuta",
            "maj may toukokuu toukokuuta",
            "juni jun june kesäkuu kesäkuuta",
            "juli jul july heinäkuu heinäkuuta",
            "augusti aug august elokuu elokuuta",
            "september sep sept syyskuu syyskuuta",
            "oktober okt oct october lokakuu lokakuuta",
            "november nov marraskuu marraskuuta",
            "december dec joulukuu joulukuuta",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO_DAY = re.compile(r"(?P<year>[0-9]{4})(?P<mark>[-/.]?)(?P<month>[0-9]{2})(?P=mark)(?P<day>[0-9]{2})")
_SHORT_DAY = re.compile(r"(?P<day>[0-9]{1,2}) ?[/.-] ?(?P<month>[0-9]{1,2})(?: ?[/.-] ?| )(?P<year>[0-9]{4})")
_WORDED_DAY = re.compile(r"(?:[^\W\d]+ )?(?P<day>[0-9]{1,2})(?::e|\.)? (?P<month>[^\W\d]+)\.? (?P<year>[0-9]{4})")
_CLOCK = re.compile(r"(?:kl(?:o|ockan)?\.? ?)?(?P<hour>[0-9]{1,2})(?:[.:]?(?P<minute>[0-9]{2}))?")
_WHOLE = re.compile(rf"-?(?:{_DIGITS})")


def parse_day(text: str) -> date:
    """The day that a person typed, always with its year.

    Accepts "2026-12-04", "20261204", "4/12 2026", "4.12.2026", "4 december 2026", "fredag 4 dec 2026", and months in English
    and Finnish. ValueError for everything else, days that do not exist included. Years 1900-2199.

    Rule R-19. Source: house convention "dates": forms accept what people in Sweden write.
    Words: datum, dag, tolka, date.
    """
    typed = " ".join(text.lower().split())
    match = _ISO_DAY.fullmatch(typed) or _SHORT_DAY.fullmatch(typed) or _WORDED_DAY.fullmatch(typed)
    if match is None:
        raise ValueError(f"Not a day: {text!r}")
    named = match["month"]
    month = int(named) if named.isdecimal() else _MONTHS.get(named, 0)
    year = int(match["year"])
    if not 1900 <= year < 2200:
        raise ValueError(f"Not a reasonable year: {text!r}")
    return date(year, month, int(match["day"]))


def parse_clock(text: str) -> time:
    """The time of day that a person typed: "18", "18.00", "18:00", "1800", "kl. 18". ValueError for everything else.

    Rule R-20. Source: house convention "times": forms accept what people in Sweden write.
    Words: klockslag, tid, tolka, time.
    """
    match = _CLOCK.fullmatch(" ".join(text.lower().split()))
    if match is None:
        raise ValueError(f"Not a time of day: {text!r}")
    return time(int(match["hour"]), int(match["minute"] or 0))


def parse_whole_number(text: str) -> int:
    """The whole number that a person typed: "1200", "1 200", "-3". ValueError for decimals, words and groups that are not three.

    Rule R-21. Source: house convention "numbers": forms accept what people in Sweden write.
    Words: heltal, antal, tolka, number.
    """
    typed = text.strip().replace("−", "-")
    if not _WHOLE.fullmatch(typed) or len(typed) > 20:
        raise ValueError(f"Not a whole number: {text!r}")
    return int(re.sub(rf"[{_SPACES}]", "", typed))


# --- time ----------------------------------------------------------------------------------------------------------------


def opens_on(day: date) -> datetime:
    """The UTC instant at which the local *day* begins.

    Rule R-10. Source: house convention "time": zone Europe/Stockholm.
    Words: öppnar, börjar, start.
    """
    return datetime.combine(day, time(), tzinfo=STOCKHOLM).astimezone(UTC)


def closes_after(day: date) -> datetime:
    """The exclusive UTC instant at which the local *day* is over: what happens before it happened in time.

    Rule R-11. Source: house convention "time": a deadline is an exclusive UTC instant computed from the local date.
    Words: sista dag, stänger, deadline, tidsfrist.
    """
    return opens_on(day + timedelta(days=1))


def local_day(at: datetime) -> date:
    """The Stockholm date of an aware instant; the year of the archive is this date's year. ValueError for a naive one.

    Rule R-12. Source: house convention "time": a year is a local year.
    Words: datum, lokal dag, år, year.
    """
    if at.tzinfo is None:
        raise ValueError("An instant must carry its time zone.")
    return at.astimezone(STOCKHOLM).date()


def is_working_day(day: date) -> bool:
    """Whether a time limit may end on *day*: not a Saturday, Sunday, public holiday, Midsummer, Christmas or New Year's Eve.

    Rule R-13. Source: lag (1930:173) om beräkning av lagstadgad tid, section 2.
    Words: helgdag, vardag, röd dag, helgfri, weekday.
    """
    return day.weekday() < 5 and day not in _days_off(day.year)


def is_public_holiday(day: date) -> bool:
    """Whether *day* is a public holiday with a name, or one of the three eves; an ordinary Saturday or Sunday is not.

    Rule R-22. Source: lag (1989:253) om allmänna helgdagar; the eves as in lag (1930:173).
    Words: helgdag, röd dag, midsommarafton, julafton, nyårsafton, holiday.
    """
    return day in _days_off(day.year)


def next_working_day(day: date) -> date:
    """*day* itself when a time limit may end on it, otherwise the first weekday after it that may.

    Rule R-14. Source: lag (1930:173) om beräkning av lagstadgad tid, section 2.
    Words: nästa vardag, helgdag, flyttas, midsommarafton, julafton, nyårsafton.
    """
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def weeks_after(day: date, weeks: int) -> date:
    """The same weekday, *weeks* later (weeks may be 0 or negative). Not moved for holidays.

    Rule R-15. Source: lag (1930:173) om beräkning av lagstadgad tid, section 1.
    Words: veckor, tidsfrist, weeks.
    """
    return day + timedelta(weeks=weeks)


def months_after(day: date, months: int) -> date:
    """The day with the same number, *months* later (or earlier when negative); the month's last day where there is no such day.

    31 August + 6 months -> 28 or 29 February. Not moved for holidays.

    Rule R-16. Source: lag (1930:173) om beräkning av lagstadgad tid, section 1.
    Words: månader, tidsfrist, ålder, months.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_day_to_appeal(notice_posted: date, weeks: int = 3) -> date:
    """The last day on which a decision may be appealed, given the day its minutes' notice was put on the notice board.

    notice_posted: local date; for a delegated decision the notice of the minutes in which it was *reported*. weeks: 3 by law.
    A last day that no time limit may end on moves to the next weekday.

    Rule R-17. Source: kommunallagen 13:5 (laglighetsprövning, three weeks from the notice); lag (1930:173) sections 1-2.
    Words: överklaga, överklagande, laglighetsprövning, anslagstavla, sista dag, appeal.
    """
    return next_working_day(weeks_after(notice_posted, weeks))


@lru_cache(maxsize=256)
def _days_off(year: int) -> frozenset[date]:
    """Sweden's public holidays of one year and the three eves that the law counts as Sundays."""
    return frozenset(country_holidays("SE", years=year, language="sv", categories=("public", "de_facto")))


Moment = TypeVar("Moment", date, datetime)


@dataclass(frozen=True, slots=True)
class Period(Generic[Moment]):
    """A half-open stretch of days or of aware instants: *since* belongs to it, *until* does not. No *until*: still running.

    The other end of a half-open period of days: "to 30 June" has until = 1 July. ValueError when it is empty or backwards.

    Rule R-18. Source: house convention "periods are half open".
    Words: period, giltig, från, till, intervall.
    """

    since: Moment
    until: Moment | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise ValueError("A period must end after it begins.")

    def __contains__(self, moment: Moment) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)

    def overlaps(self, other: "Period[Moment]") -> bool:
        """Whether some moment belongs to both."""
        return (other.until is None or self.since < other.until) and (self.until is None or other.since < self.until)
