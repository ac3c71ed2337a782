"""A series: the same time of the same kind of day, again and again. Expanded on the wall's calendar, then placed in the zone."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from itertools import pairwise

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule

from facilities.rules.opening import DAY, local_span
from facilities.rules.spans import Span
from records.values import months_after

_WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
MOST = 400  # occurrences: more than a year of every day is a mistake


class Repeats(StrEnum):
    """How a series goes on."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"  # the same weekday of the same week of the month; a fifth is the last


@dataclass(frozen=True, slots=True)
class Pattern:
    """A series. first, last: local days, both included. starts, ends: minutes from local midnight; ends may pass 1440.

    every: each *every*-th week or month, 1 or more. weekdays: 0 Monday ... 6 Sunday; none = the weekday of *first*; only for
    weekly ones. skipped: days left out. ValueError when a bound is broken, or when the series has more than 400 days.
    """

    first: date
    last: date
    starts: int
    ends: int
    repeats: Repeats = Repeats.WEEKLY
    every: int = 1
    weekdays: frozenset[int] = frozenset()
    skipped: frozenset[date] = field(default=frozenset())

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ValueError("A series repeats every week or month, or more seldom.")
        if self.last < self.first:
            raise ValueError("A series ends on or after the day it begins.")
        if not (0 <= self.starts < DAY and self.starts < self.ends <= 2 * DAY):
            raise ValueError("A time must begin within the day and end after it begins.")
        if not self.weekdays <= frozenset(range(7)):
            raise ValueError("A weekday is a number from 0 to 6.")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time of a series. span None: that day has no such time, because the clock goes forward over it."""

    day: date
    span: Span | None


def series_days(pattern: Pattern) -> tuple[date, ...]:
    """The local days of a series, in order, skipped ones left out. May be empty. ValueError when there are more than 400.

    Rule F-15. Source: acceptance Cases 29-31 and 34; iCalendar recurrence (RFC 5545).
    Words: serie, varje vecka, varannan vecka, upprepning, återkommande, recurrence.
    """
    begins, ends = datetime.combine(pattern.first, time()), datetime.combine(pattern.last, time())
    if pattern.repeats is Repeats.MONTHLY:
        week = (pattern.first.day - 1) // 7 + 1
        weekday = _WEEKDAYS[pattern.first.weekday()](week if week < 5 else -1)
        found = rrule(MONTHLY, dtstart=begins, until=ends, interval=pattern.every, byweekday=weekday)
    else:
        weekdays = [_WEEKDAYS[number] for number in sorted(pattern.weekdays or {pattern.first.weekday()})]
        found = rrule(WEEKLY, dtstart=begins, until=ends, interval=pattern.every, byweekday=weekdays, wkst=MO)
    days: list[date] = []
    for moment in found:
        if len(days) == MOST:
            raise ValueError(f"A series has at most {MOST} times.")
        if moment.date() not in pattern.skipped:
            days.append(moment.date())
    return tuple(days)


def occurrences(pattern: Pattern) -> tuple[Occurrence, ...]:
    """The times of a series: the days on the calendar first, then each at its time on the wall, summer or winter.

    Rule F-16. Source: acceptance Cases 20, 25, 26, 32; house convention: expand in naive local time, then attach the zone.
    Words: serie, sommartid, vintertid, midnatt, recurrence.
    """
    return tuple(Occurrence(day, _placed(day, pattern)) for day in series_days(pattern))


def same_day_last_year(day: date) -> date:
    """The same date a year earlier; 28 February for a 29th.

    Rule F-17. Source: acceptance Case 29.
    Words: förra året, samma tid i fjol, skottår, skottdag, last year.
    """
    return months_after(day, -12)


def clashes_within(spans: Collection[Span]) -> bool:
    """Whether two times of the same series overlap each other (a time over midnight every day of the week).

    Rule F-18. Source: house convention: a series is refused when it takes its own time twice.
    Words: serie, krock med sig själv.
    """
    ordered = sorted(spans)
    return any(later.starts < earlier.ends for earlier, later in pairwise(ordered))


def _placed(day: date, pattern: Pattern) -> Span | None:
    try:
        return local_span(day, pattern.starts, pattern.ends)
    except ValueError:
        return None
