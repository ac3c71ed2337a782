"""What is billed when a booking is not used: cancelled late, or nobody came."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from facilities.rules.pricing import CancelStep, Hire, NoShow, Price, Rate, Tariff
from records.lines import Line, plain, written
from records.values import local_day, rounded


def cancel_percent(starts_at: datetime, cancelled_at: datetime, steps: Sequence[CancelStep]) -> Decimal:
    """What cancelling now costs, in percent of the price; 0 = nothing. Counted in local days: the day before is 1.

    steps: in any order; the dearest of those that fit holds.

    Rule F-50. Source: Karlskoga's tariff of 2019: later than 2 days before, full rent; Herrljunga: 6-3 days half, 2-0 days full.
    Words: avbokning, avbokningsavgift, sen avbokning, cancellation.
    """
    days = (local_day(starts_at) - local_day(cancelled_at)).days
    return max((step.percent for step in steps if days <= step.days_before), default=Decimal(0))


def cancellation_line(hire: Hire, price: Price, tariff: Tariff, cancelled_at: datetime) -> Line | None:
    """The fee line of a late cancellation; None when it is free. Somebody who pays nothing pays as the reference category.

    Rule F-51. Source: tariff regulations, "cancellation"; Nykvarn: category 0 pays category 1's price.
    Words: avbokning, avbokningsavgift, nolltaxa, cancellation fee.
    """
    percent = cancel_percent(hire.span.starts, cancelled_at, tariff.cancel_steps)
    base = price.payable or price.full
    fee = rounded(base * percent / 100)
    if not fee:
        return None
    inputs = (("price", plain(base)), ("percent", plain(percent)))
    return Line("F-51", "cancellation", inputs, f"{written(base)} × {written(percent)} %", fee)


def shortening_line(fee: Line, old: Price, new: Price) -> Line | None:
    """What is kept of a cancellation fee when only a part of the time is given back: as great a part as of the price.

    fee: what cancelling the whole would cost (F-51). old, new: the price before and after. Somebody who pays nothing is counted
    by the reference category's price. None when nothing is kept.

    Rule F-55. Source: tariff regulations, "cancellation": what is given back late is paid as if it were cancelled.
    Words: förkorta, korta, avbokningsavgift, ge tillbaka, shorten.
    """
    before, after = (old.payable, new.payable) if old.payable else (old.full, new.full)
    given_back = before - after
    if before <= 0 or given_back <= 0:
        return None
    kept = rounded(fee.amount * given_back / before)
    if not kept:
        return None
    inputs = (("fee", plain(fee.amount)), ("given_back", plain(given_back)), ("price", plain(before)))
    return Line("F-55", "cancellation", inputs, f"{written(fee.amount)} × {written(given_back)} / {written(before)}", kept)


def no_show_line(price: Price, tariff: Tariff) -> Line | None:
    """What a booking that nobody used costs beside its price, in the way the tariff is read; None when nothing.

    FIXED: the fee, whatever the price. PRICE: a price that was nothing becomes the reference category's. PRICE_PLUS: that, and
    the fee. GREATER: what is missing up to the greater of that and the fee.

    Rule F-52. Source: Karlskoga's tariff of 2019: booked and not used, "current tariff, 500 kr" (ambiguous, so a setting);
    Nykvarn: 325 kr.
    Words: ej nyttjad, outnyttjad, uteblivit, no-show.
    """
    base = price.payable or price.full
    owed = {
        NoShow.FIXED: price.payable + tariff.no_show_fee,
        NoShow.PRICE: base,
        NoShow.PRICE_PLUS: base + tariff.no_show_fee,
        NoShow.GREATER: max(base, tariff.no_show_fee),
    }[tariff.no_show]
    more = rounded(owed - price.payable)
    if not more:
        return None
    inputs = (("price", plain(price.payable)), ("owed", plain(owed)))
    return Line("F-52", "no_show", inputs, f"{written(owed)} − {written(price.payable)}", more)


def indexed(rates: Sequence[Rate], percent: Decimal) -> tuple[Rate, ...]:
    """The rates of a new year: every price raised by *percent* and rounded to whole kronor. percent: may be negative, above -100.

    Rule F-53. Source: tariff regulations, yearly indexing (Umeå: 1 %, 3 % in 2024).
    Words: index, uppräkning, ny taxa, indexing.
    """
    if percent <= -100:
        raise ValueError("An index takes away less than the whole price.")

    def raised(kronor: Decimal) -> Decimal:
        return rounded(kronor * (100 + percent) / 100, Decimal(1))

    return tuple(
        Rate(
            group=rate.group,
            hirer=rate.hirer,
            form=rate.form,
            weekdays=rate.weekdays,
            starts=rate.starts,
            ends=rate.ends,
            kronor=raised(rate.kronor),
            unit=rate.unit,
            whole_day=None if rate.whole_day is None else raised(rate.whole_day),
        )
        for rate in rates
    )


def is_youth_activity(under_age: int, participants: int) -> bool:
    """Whether an activity counts as youth: at least half of the participants are under the age. A senior team never does.

    under_age, participants: people, 0 <= under_age <= participants. Nobody at all is not youth.

    Rule F-54. Source: Karlskoga's tariff of 2019: at least half of the participants under 25; senior teams are adults.
    Words: ungdomsverksamhet, ungdom, under 25, senior, youth.
    """
    if not 0 <= under_age <= participants:
        raise ValueError("Those under the age are among the participants.")
    return participants > 0 and 2 * under_age >= participants
