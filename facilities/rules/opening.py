"""When a space is open: hours per weekday and season, hours for public holidays, and exceptions for single days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from facilities.rules.spans import Span, merged, without
from records.values import STOCKHOLM, Period, is_public_holiday

HOLIDAY = 7  # the "weekday" of a public holiday and of the eves that the law counts as one
DAY = 24 * 60  # minutes


@dataclass(frozen=True, slots=True)
class Hours:
    """Open from minute *opens* to minute *closes* of a local day, on one kind of day, in one season.

    weekday: 0 Monday ... 6 Sunday, 7 public holiday. Minutes count from local midnight; closes may pass 1440 (past midnight, at
    most 2880). opens None: closed all that day. since, until: half open, local; until None = for ever. ValueError otherwise.
    """

    weekday: int
    opens: int | None
    closes: int = DAY
    since: date = date.min
    until: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= HOLIDAY:
            raise ValueError("A weekday is 0-6, or 7 for public holidays.")
        _check_minutes(self.opens, self.closes)


@dataclass(frozen=True, slots=True)
class HoursException:
    """What holds on one local day instead of, or beside, the ordinary hours.

    opens None: closed. overrides True: only this (and other overriding exceptions) counts that day; False: it can add hours but
    takes none away.
    """

    day: date
    opens: int | None
    closes: int = DAY
    overrides: bool = True

    def __post_init__(self) -> None:
        _check_minutes(self.opens, self.closes)


def local_instant(day: date, minutes: int) -> datetime:
    """The UTC instant when the clock on the wall shows *minutes* after midnight of the local *day*. minutes: 0 or more.

    Minutes past 1440 are the next day's. A time that does not exist (the clock goes forward) becomes the same time an hour
    later on the wall; of a time that exists twice the first is meant.

    Rule F-07. Source: house convention "time": naive local time first, then the zone; Cases 20, 25, 26, 33.
    Words: sommartid, vintertid, klockslag, tidszon, midnatt.
    """
    days, rest = divmod(minutes, DAY)
    wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), tzinfo=STOCKHOLM)
    return wall.astimezone(UTC)


def local_span(day: date, starts: int, ends: int) -> Span:
    """The stretch between two times on the wall, counted in minutes from midnight of *day*; ends may pass 1440.

    ValueError when nothing is left of it because the clock goes forward over it.

    Rule F-08. Source: house convention "time"; Cases 25 and 26.
    Words: midnatt, över midnatt, passa midnatt.
    """
    return Span(local_instant(day, starts), local_instant(day, ends))


def hours_of_day(day: date, hours: Iterable[Hours], exceptions: Iterable[HoursException] = ()) -> tuple[tuple[int, int], ...]:
    """The opening hours that begin on a local day, as (opens, closes) in minutes from its midnight. Empty = closed.

    Overriding exceptions replace the ordinary hours. On a public holiday the hours for public holidays hold where there are any,
    otherwise those of the weekday. An exception that does not override adds its hours.

    Rule F-09. Source: acceptance Case 35; venues' opening hours per season (facilities.OpeningHours rows).
    Words: öppettider, helgdag, röd dag, avvikande, stängt, opening hours.
    """
    special = [each for each in exceptions if each.day == day]
    overriding = [each for each in special if each.overrides]
    if overriding:
        return tuple(sorted((each.opens, each.closes) for each in overriding if each.opens is not None))
    in_season = [each for each in hours if each.since <= day and (each.until is None or day < each.until)]
    of_holiday = [each for each in in_season if each.weekday == HOLIDAY]
    is_holiday = bool(of_holiday) and is_public_holiday(day)
    ordinary = of_holiday if is_holiday else [each for each in in_season if each.weekday == day.weekday()]
    counting: list[Hours | HoursException] = [*ordinary, *special]
    return tuple(sorted((each.opens, each.closes) for each in counting if each.opens is not None))


def open_spans(
    since: date,
    until: date,
    hours: Sequence[Hours],
    exceptions: Sequence[HoursException] = (),
    reserved: Sequence[Span] = (),
) -> tuple[Span, ...]:
    """When a space is open in the local days [since, until), in order; hours that touch are one stretch.

    reserved: taken out whole, such as the season times of a round that is not decided yet. Hours of the day before that run
    past midnight count.

    Rule F-10. Source: acceptance Cases 10, 32, 35, 37, 49.
    Words: öppettider, säsong, fördelning pågår, opening hours.
    """
    spans: list[Span] = []
    day = since - timedelta(days=1)
    while day < until:
        spans += [span for each in hours_of_day(day, hours, exceptions) if (span := _on_the_wall(day, *each))]
        day += timedelta(days=1)
    edge_starts, edge_ends = local_instant(since, 0), local_instant(until, 0) + timedelta(days=1)
    kept = without(spans, reserved)
    return tuple(span for span in kept if span.ends > edge_starts and span.starts < edge_ends)


def left_of_season(season: Period[date], laid_over: Period[date]) -> tuple[Period[date], ...]:
    """What is left of a season's days when another season is laid over some of them: none, one or two stretches, in order.

    The summer's hours laid over the ordinary ones leave those before the summer and those after it.

    Rule F-27. Source: house convention: a day belongs to one season of a place.
    Words: säsong, öppettider, sommartider, season.
    """
    if not season.overlaps(laid_over):
        return (season,)
    left = []
    if season.since < laid_over.since:
        left.append(Period(season.since, laid_over.since))
    if laid_over.until is not None and (season.until is None or laid_over.until < season.until):
        left.append(Period(laid_over.until, season.until))
    return tuple(left)


def is_open(span: Span, opening: Iterable[Span]) -> bool:
    """Whether the whole of a use, its buffers left out, lies in opening hours.

    Rule F-11. Source: acceptance Cases 2, 10 and 49.
    Words: öppet, stängt, inom öppettid.
    """
    return any(each.starts <= span.starts and span.ends <= each.ends for each in merged(opening))


def _on_the_wall(day: date, opens: int, closes: int) -> Span | None:
    """None when nothing is left of the hours, because the clock goes forward over them."""
    try:
        return local_span(day, opens, closes)
    except ValueError:
        return None


def _check_minutes(opens: int | None, closes: int) -> None:
    if opens is not None and not (0 <= opens < DAY and opens < closes <= 2 * DAY):
        raise ValueError("Hours must begin within the day and end after they begin, at most at midnight of the day after.")
