"""Money, local time and deadlines: the values every room counts with. Plain Python."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ORE = Decimal("0.01")
KRONA = Decimal("1")


def rounded(amount: Decimal, unit: Decimal = ORE) -> Decimal:
    """*amount* in kronor, rounded half up to *unit* (0.01 = öre, 1 = krona)."""
    return amount.quantize(unit, rounding=ROUND_HALF_UP)


def closes_after(day: date) -> datetime:
    """The exclusive UTC instant at which the local *day* is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=STOCKHOLM).astimezone(UTC)


def local_day(at: datetime) -> date:
    """The Stockholm date of an aware instant; the year of the archive is this date's year."""
    return at.astimezone(STOCKHOLM).date()
