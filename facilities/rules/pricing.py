"""What a booking costs, line by line: who hires what, when, for which form of use; and what the municipality gives away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from facilities.rules.opening import DAY, local_instant
from facilities.rules.spans import Span
from records.lines import Line, plain, total, written
from records.values import STOCKHOLM, local_day, rounded

ANY = ""  # in a rate or a share: whichever it is
HOUR = 60
_ZERO = Decimal("0.00")
LABELS = (
    "hire",
    "hire_occasion",
    "whole_day",
    "other_municipality",
    "subsidy",
    "minimum",
    "cancellation",
    "no_show",
    "vat",
)


class Unit(StrEnum):
    """What a rate is for."""

    HOUR = "hour"
    OCCASION = "occasion"  # a fixed price, whatever the length


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One price of a tariff. group: the spaces' price group; hirer: category; form: of use; ANY = whichever.

    weekdays: 0-6, none = all. starts, ends: minutes from local midnight in which the price holds (a fixed price is judged by the
    minute in which the booking begins). kronor: per unit, not negative. whole_day: at most so many kronor for one local day.
    """

    group: str = ANY
    hirer: str = ANY
    form: str = ANY
    weekdays: frozenset[int] = frozenset()
    starts: int = 0
    ends: int = DAY
    kronor: Decimal
    unit: Unit = Unit.HOUR
    whole_day: Decimal | None = None

    def __post_init__(self) -> None:
        if self.kronor < 0 or (self.whole_day is not None and self.whole_day < 0):
            raise ValueError("A price is not negative.")
        if not 0 <= self.starts < self.ends <= DAY:
            raise ValueError("A price holds between two times of one day.")


@dataclass(frozen=True, slots=True)
class Share:
    """The part of the price that a category of hirer pays for a form of use, in percent 0-100. ANY = whichever."""

    hirer: str
    form: str
    percent: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:
            raise ValueError("A share is between 0 and 100 percent.")


@dataclass(frozen=True, slots=True)
class CancelStep:
    """What cancelling so late costs: at most so many local days before, in percent of the price."""

    days_before: int
    percent: Decimal


@dataclass(frozen=True, slots=True)
class VatRate:
    """VAT in percent on uses that begin on *since* or later, until the next rate."""

    since: date
    percent: Decimal


class NoShow(StrEnum):
    """What a booking that was not used costs: Karlskoga's "current tariff, 500 kr" can be read in each of these ways."""

    FIXED = "fixed"
    PRICE = "price"
    PRICE_PLUS = "price_plus"
    GREATER = "greater"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A council's prices for a time. All kronor; the steps are minutes.

    rounds_up: the length that is paid for is whole steps of it (61 minutes on steps of 15 are 75). minimum: the least that a
    booking costs when it costs anything. other_municipality: what the price is multiplied with for hirers from elsewhere.
    reference: the category that pays the full price: it tells what a subsidy is worth, and what a no-show costs somebody who pays
    nothing. prices_include_vat: else VAT comes on top.
    """

    rates: tuple[Rate, ...]
    shares: tuple[Share, ...] = ()
    cancel_steps: tuple[CancelStep, ...] = ()
    vat: tuple[VatRate, ...] = ()
    rounds_up: int = 15
    minimum: Decimal = Decimal(0)
    other_municipality: Decimal = Decimal(1)
    reference: str = ANY
    no_show: NoShow = NoShow.PRICE
    no_show_fee: Decimal = Decimal(0)
    prices_include_vat: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire:
    """What is to be priced."""

    span: Span
    group: str
    hirer: str
    form: str
    from_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Price:
    """What a hire costs. full: what the reference category would pay. vat: the part of the sum that is VAT."""

    lines: tuple[Line, ...]
    full: Decimal
    vat: Decimal

    @property
    def payable(self) -> Decimal:
        """Kronor with two decimals, not negative."""
        return total(self.lines)

    @property
    def subsidy(self) -> Decimal:
        """What the municipality gives away, in kronor; part of its support to the hirer."""
        return max(_ZERO, self.full - self.payable)


class NoRate(LookupError):
    """The tariff has no price for this hire: a gap that the officer must close, never a price of nothing."""


def price_of(hire: Hire, tariff: Tariff) -> Price:
    """The price of a hire with its lines. Raises NoRate where the tariff says nothing.

    Order: the rates hour by hour (F-41, F-42), the cap of a whole day (F-43), other municipality (F-44), the subsidised share
    (F-45), the minimum charge (F-46), VAT (F-47). The same hire and tariff give the same lines, character for character.

    Rule F-40. Source: tariff regulations; Karlskoga's tariff of 2019 is the first configuration; Case 62.
    Words: pris, taxa, hyra, kostnad, avgift, price, tariff.
    """
    lines = _net_lines(hire, tariff)
    full = total(_net_lines(_as_reference(hire, tariff), tariff, subsidised=False)) if lines else _ZERO
    percent = vat_percent(tariff.vat, local_day(hire.span.starts))
    amount = total(lines)
    if tariff.prices_include_vat:
        return Price(tuple(lines), full, vat_within(amount, percent))
    on_top, full_vat = rounded(amount * percent / 100), rounded(full * percent / 100)
    if on_top:
        lines.append(Line("F-47", "vat", (("percent", plain(percent)),), f"{written(amount)} × {written(percent)} %", on_top))
    return Price(tuple(lines), full + full_vat, on_top)


def paid_minutes(length: timedelta, rounds_up: int) -> int:
    """The minutes that are paid for: whole steps of *rounds_up* minutes, upwards. Both above 0.

    Rule F-41. Source: acceptance Case 62: 61 minutes on steps of 15 are 75.
    Words: avrundning, påbörjad, minuter, minutes.
    """
    step = timedelta(minutes=rounds_up)
    return -(-length // step) * rounds_up


def hire_lines(hire: Hire, tariff: Tariff) -> list[Line]:
    """The hire itself: one line per rate that holds during it, or one line when the price is fixed. Raises NoRate.

    The length is rounded up at its end. Where several rates fit, the one that says most about itself wins: space before hirer
    before form before weekday and time; of equals the first in the tariff. A fixed price is judged by the minute in which the
    booking begins, so it never counts as a price per hour of a booking that began before it.

    Rule F-42. Source: tariff regulations: category of hirer x space x time of day and week x form of use; Case 62.
    Words: timpris, timtaxa, halvdag, heldag, kväll, helg, rate.
    """
    rates = _fitting(hire, tariff)
    opening_rate = _rate_at(rates, hire.span.starts)
    if opening_rate.unit is Unit.OCCASION:
        amount = rounded(opening_rate.kronor)
        return [Line("F-42", "hire_occasion", (("kronor", plain(opening_rate.kronor)),), written(amount), amount)]
    minutes: dict[Rate, int] = {}
    for stretch in _stretches(hire, rates, tariff.rounds_up):
        minutes[stretch.rate] = minutes.get(stretch.rate, 0) + stretch.minutes
    return [_hour_line(rate, count) for rate, count in minutes.items()]


def whole_day_line(hire: Hire, tariff: Tariff, so_far: Decimal) -> Line | None:
    """What is taken off because a day never costs more than its cap; None where no cap is reached or there is none.

    Each local day of a booking has its own cap: that of the rate with which the day begins in it. So a night booked in one is
    never dearer or cheaper than the same night booked in two. so_far: kronor of the hire.

    Rule F-43. Source: tariff regulations, "whole day"; in neighbours after 6 hours.
    Words: heldag, takpris, dygn, whole day, cap.
    """
    rates = _fitting(hire, tariff)
    if all(rate.whole_day is None for rate in rates) or _rate_at(rates, hire.span.starts).unit is Unit.OCCASION:
        return None
    caps: dict[date, Decimal | None] = {}
    counted: dict[date, Decimal] = {}
    for stretch in _stretches(hire, rates, tariff.rounds_up):
        caps.setdefault(stretch.day, stretch.rate.whole_day)
        counted[stretch.day] = counted.get(stretch.day, Decimal(0)) + stretch.kronor
    reached = {day: cap for day, cap in caps.items() if cap is not None and counted[day] > cap}
    if not reached:
        return None
    most = rounded(sum((reached.get(day, kronor) for day, kronor in counted.items()), Decimal(0)))
    if most >= so_far:
        return None
    inputs = (("whole_day", plain(next(iter(reached.values())))), ("days", str(len(reached))))
    return Line("F-43", "whole_day", inputs, f"{written(most)} − {written(so_far)}", most - so_far)


def elsewhere_line(tariff: Tariff, so_far: Decimal) -> Line | None:
    """What hirers from another municipality pay more; None when nothing. so_far: kronor before this line.

    Rule F-44. Source: Karlskoga's tariff of 2019: other municipality, double tariff.
    Words: annan kommun, dubbel taxa, utsocknes, other municipality.
    """
    more = rounded(so_far * (tariff.other_municipality - 1))
    if not more:
        return None
    inputs = (("factor", plain(tariff.other_municipality)),)
    return Line("F-44", "other_municipality", inputs, f"{written(so_far)} × {written(tariff.other_municipality - 1)}", more)


def subsidy_line(hire: Hire, tariff: Tariff, so_far: Decimal) -> Line | None:
    """What the municipality pays for this hirer and form of use; None when nothing. so_far: kronor before this line.

    Of several shares the one for both hirer and form wins, then hirer, then form.

    Rule F-45. Source: Karlskoga's tariff of 2019: subsidy for youth (0-25), social and disability associations, for study
    circles, courses, training, annual meetings and meetings.
    Words: subvention, nolltaxa, andel, rabatt, subsidy.
    """
    fitting = [share for share in tariff.shares if share.hirer in (ANY, hire.hirer) and share.form in (ANY, hire.form)]
    if not fitting or not so_far:
        return None
    share = max(fitting, key=lambda each: (each.hirer != ANY, each.form != ANY))
    off = so_far - rounded(so_far * share.percent / 100)
    if not off:
        return None
    arithmetic = f"{written(so_far)} × {written(100 - share.percent)} %"
    return Line("F-45", "subsidy", (("share", plain(share.percent)),), arithmetic, -off)


def minimum_line(tariff: Tariff, so_far: Decimal) -> Line | None:
    """What is added so that a booking that costs anything costs at least the minimum charge. A zero tariff stays zero.

    Rule F-46. Source: Karlskoga's tariff of 2019: minimum charge 100 kr.
    Words: minsta avgift, lägsta avgift, minimidebitering, minimum.
    """
    if not 0 < so_far < tariff.minimum:
        return None
    inputs = (("minimum", plain(tariff.minimum)),)
    return Line("F-46", "minimum", inputs, f"{written(tariff.minimum)} − {written(so_far)}", tariff.minimum - so_far)


def vat_percent(rates: Iterable[VatRate], day: date) -> Decimal:
    """The VAT on a use that begins on a local day, in percent; 0 before the first rate.

    Rule F-47. Source: mervärdesskattelagen; acceptance Case 62 (24 before the day X, 25.5 from it).
    Words: moms, mervärdesskatt, vat.
    """
    in_force = [rate for rate in rates if rate.since <= day]
    return max(in_force, key=lambda rate: rate.since).percent if in_force else Decimal(0)


def vat_within(amount: Decimal, percent: Decimal) -> Decimal:
    """The part of an amount that is VAT, in kronor rounded to öre. amount: VAT included. percent: not negative.

    Rule F-48. Source: mervärdesskattelagen: VAT is counted on the price without it.
    Words: varav moms, moms, vat.
    """
    return rounded(amount * percent / (100 + percent))


def _net_lines(hire: Hire, tariff: Tariff, *, subsidised: bool = True) -> list[Line]:
    lines = hire_lines(hire, tariff)

    def add(line: Line | None) -> None:
        if line is not None:
            lines.append(line)

    add(whole_day_line(hire, tariff, total(lines)))
    if hire.from_elsewhere:
        add(elsewhere_line(tariff, total(lines)))
    if subsidised:
        add(subsidy_line(hire, tariff, total(lines)))
    add(minimum_line(tariff, total(lines)))
    return lines


def _as_reference(hire: Hire, tariff: Tariff) -> Hire:
    if tariff.reference == ANY:
        return hire
    return Hire(span=hire.span, group=hire.group, hirer=tariff.reference, form=hire.form, from_elsewhere=hire.from_elsewhere)


def _fits(rate: Rate, hire: Hire) -> bool:
    return rate.group in (ANY, hire.group) and rate.hirer in (ANY, hire.hirer) and rate.form in (ANY, hire.form)


def _fitting(hire: Hire, tariff: Tariff) -> list[Rate]:
    """The rates of a tariff that can hold for a hire, the one that says most first."""
    return sorted((rate for rate in tariff.rates if _fits(rate, hire)), key=_precision)


def _precision(rate: Rate) -> tuple[bool, ...]:
    """Sorts the rate that says most first."""
    narrow = bool(rate.weekdays) or (rate.starts, rate.ends) != (0, DAY)
    return rate.group == ANY, rate.hirer == ANY, rate.form == ANY, not narrow


def _rate_at(rates: Sequence[Rate], at: datetime) -> Rate:
    """The rate that holds at an instant, of rates in order of precision."""
    local = at.astimezone(STOCKHOLM)
    minute = local.hour * 60 + local.minute
    for rate in rates:
        if (not rate.weekdays or local.weekday() in rate.weekdays) and rate.starts <= minute < rate.ends:
            return rate
    raise NoRate(f"The tariff has no price at {local.isoformat()}.")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Whole minutes of one local day that one price per hour is paid for."""

    day: date
    rate: Rate
    minutes: int

    @property
    def kronor(self) -> Decimal:
        return self.rate.kronor * self.minutes / HOUR


def _stretches(hire: Hire, rates: Iterable[Rate], rounds_up: int) -> list[_Stretch]:
    """The hire in stretches of one day and one price per hour, in order. Raises NoRate where no price per hour holds."""
    hourly = [rate for rate in rates if rate.unit is Unit.HOUR]
    found = []
    at, left = hire.span.starts, paid_minutes(hire.span.length, rounds_up)
    while left > 0:
        rate = _rate_at(hourly, at)
        minutes = min(left, _minutes_to_change(hourly, at))
        found.append(_Stretch(local_day(at), rate, minutes))
        at, left = at + timedelta(minutes=minutes), left - minutes
    return found


def _minutes_to_change(rates: Iterable[Rate], at: datetime) -> int:
    """Minutes, at least 1, until some rate begins or ends to hold, at the latest at the next local midnight."""
    day = local_day(at)
    edges = {DAY, *(rate.starts for rate in rates), *(rate.ends for rate in rates)}
    ahead = [local_instant(day, edge) for edge in edges]
    first = min(edge for edge in ahead if edge > at)
    return max(1, -(-(first - at) // timedelta(minutes=1)))


def _hour_line(rate: Rate, minutes: int) -> Line:
    amount = rounded(rate.kronor * minutes / HOUR)
    inputs = (("minutes", str(minutes)), ("kronor_per_hour", plain(rate.kronor)))
    return Line("F-42", "hire", inputs, f"{minutes} min × {written(rate.kronor)} kr/tim = {written(amount)}", amount)
