"""Which hires cost the same, so that a season's weeks are priced once."""

from datetime import timedelta

from facilities.rules.pricing import Hire, Tariff, vat_percent
from records.values import STOCKHOLM


def price_key(hire: Hire, tariff: Tariff) -> tuple[object, ...]:
    """What is the same in hires that cost the same, line by line, by one tariff: so a season's weeks are counted once.

    Who hires what for which form, at the same time of the week and for as long, under the same VAT. A hire on or beside a day on
    which the clock changes shares its key with that day's only.

    Rule F-49. Source: house convention: the same hire and tariff give the same lines; Cases 25 and 26 (clock changes).
    Words: pris, samma pris, veckotid, taxa.
    """
    begins = hire.span.starts.astimezone(STOCKHOLM)
    around = timedelta(days=1, minutes=tariff.rounds_up)
    changes = (begins - around).utcoffset() != (hire.span.ends + around).astimezone(STOCKHOLM).utcoffset()
    when = begins.date() if changes else begins.weekday()
    percent = vat_percent(tariff.vat, begins.date())
    return hire.group, hire.hirer, hire.form, hire.from_elsewhere, when, begins.time(), hire.span.length, percent
