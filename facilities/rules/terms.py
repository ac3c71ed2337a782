"""What a space asks of a booking: length, grid, how early and how late, how many, how old, and until when it can be cancelled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from facilities.rules.grid import is_on_grid
from facilities.rules.spans import Span
from records.values import STOCKHOLM, is_working_day, local_day


class Fault(StrEnum):
    """Why a booking is refused; the sentences are facilities.wording's."""

    NOT_BOOKABLE = "not_bookable"
    CLOSED = "closed"
    PAST = "past"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    OFF_GRID = "off_grid"
    TOO_SOON = "too_soon"
    TOO_FAR_AHEAD = "too_far_ahead"
    TOO_MANY_PEOPLE = "too_many_people"
    TOO_YOUNG = "too_young"
    QUOTA = "quota"
    TAKEN = "taken"
    NO_SUCH_TIME = "no_such_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for bookings of one space. Lengths and grid in minutes; None = no limit.

    days_before: at least so many local days ahead. days_ahead: the day must be fewer than so many local days ahead. quota: live
    bookings that one hirer may have here. capacity: people. minimum_age: years, of the person responsible.
    cancel_hours: a booking can be cancelled by its hirer until so many hours before it begins.
    """

    shortest: int = 15
    longest: int | None = None
    grid: int = 15
    days_before: int = 0
    days_ahead: int | None = None
    quota: int | None = None
    capacity: int | None = None
    minimum_age: int | None = None
    cancel_hours: int | None = None


def earliest_start(terms: Terms, at: datetime) -> datetime:
    """The first instant from which a booking may begin: now, or midnight of the first day that is far enough ahead.

    Rule F-20. Source: acceptance Case 36 (min_days_before).
    Words: framförhållning, tidigast, dagar innan, lead time.
    """
    if terms.days_before == 0:
        return at
    return max(at, _midnight(local_day(at) + timedelta(days=terms.days_before)))


def latest_start(terms: Terms, at: datetime) -> datetime | None:
    """The exclusive instant before which a booking must begin; None = no limit.

    Rule F-21. Source: acceptance Case 36 (max_days_before): with 12 days the twelfth of January can be booked on the first.
    Words: längst fram, horisont, hur långt i förväg, horizon.
    """
    return None if terms.days_ahead is None else _midnight(local_day(at) + timedelta(days=terms.days_ahead))


def faults_of(
    span: Span, opens_at: datetime | None, terms: Terms, at: datetime, *, people: int | None = None, age: int | None = None
) -> tuple[Fault, ...]:
    """Everything that a space's terms have against a booking, most important first; empty = nothing.

    opens_at: when the opening hours that hold the booking begin, from which the grid counts; None = closed. at: now. people, age:
    None when not known; then they are not judged.

    Rule F-22. Source: acceptance Cases 4, 36, 38, 39, 48; venue rules (facilities.BookingRules rows).
    Words: bokningsregler, för kort, för lång, stängt, antal personer, ålder.
    """
    return tuple(_faults(span, opens_at, terms, at, people, age))


def may_still_cancel(starts_at: datetime, at: datetime, cancel_hours: int | None) -> bool:
    """Whether the hirer may still cancel: the booking has not begun, and at least so many hours are left.

    Rule F-23. Source: acceptance Case 41.
    Words: avboka, avbokning, sista tid, cancel.
    """
    return at < starts_at and (cancel_hours is None or at <= starts_at - timedelta(hours=cancel_hours))


def within_quota(live: int, new: int, quota: int | None) -> bool:
    """Whether a hirer with *live* bookings of a space may have *new* more. None = no limit.

    Rule F-24. Source: acceptance Case 40; what counts as live is said in facilities.models.BookingQuerySet.counted_against_quota.
    Words: kvot, max antal bokningar, quota.
    """
    return quota is None or live + new <= quota


def answer_by(asked_at: datetime, working_days: int) -> date:
    """The last local day on which a request is answered in time. The day it came in is not counted.

    working_days: 0 or more; Karlskoga promises 3.

    Rule F-25. Source: Karlskoga, venue booking: a request is answered within 3 working days.
    Words: svar, svarstid, arbetsdagar, bokningsförfrågan, working days.
    """
    day = local_day(asked_at)
    while working_days:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return day


def working_days_left(today: date, last: date) -> int:
    """How many working days are left to answer: those after *today* up to and including *last*; 0 on the last day itself.

    Below 0 when the last day is over: the working days that have begun since, at least 1.

    Rule F-26. Source: Karlskoga, venue booking: a request is answered within 3 working days.
    Words: svarstid, arbetsdagar kvar, försenat svar, working days left.
    """
    first, final = sorted((today, last))
    between = sum(is_working_day(first + timedelta(days=count)) for count in range(1, (final - first).days + 1))
    return between if today <= last else -max(1, between)


def _faults(
    span: Span, opens_at: datetime | None, terms: Terms, at: datetime, people: int | None, age: int | None
) -> Iterator[Fault]:
    latest = latest_start(terms, at)
    grid = timedelta(minutes=terms.grid)
    checks = (
        (Fault.PAST, span.starts < at),
        (Fault.CLOSED, opens_at is None),
        (Fault.TOO_SHORT, span.length < timedelta(minutes=terms.shortest)),
        (Fault.TOO_LONG, terms.longest is not None and span.length > timedelta(minutes=terms.longest)),
        (
            Fault.OFF_GRID,
            not (is_on_grid(span.ends, span.starts, grid) and is_on_grid(span.starts, opens_at or span.starts, grid)),
        ),
        (Fault.TOO_SOON, at <= span.starts < earliest_start(terms, at)),
        (Fault.TOO_FAR_AHEAD, latest is not None and span.starts >= latest),
        (Fault.TOO_MANY_PEOPLE, terms.capacity is not None and people is not None and people > terms.capacity),
        (Fault.TOO_YOUNG, terms.minimum_age is not None and age is not None and age < terms.minimum_age),
    )
    return (fault for fault, found in checks if found)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=STOCKHOLM).astimezone(UTC)
