"""A season's weekly time becomes bookings, one a week in each space it takes; a day that cannot be had is told, never lost."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.ground import clear_all, lock_ground
from facilities.actions.prices import Prices
from facilities.actions.season_days import Grounds, SeasonDay, Weekly, days_of, judged, weekly
from facilities.choices import BookingStatus, TimeStatus, UseForm, UseKind
from facilities.models import Booking, SeasonClash, SeasonHold, SeasonTime, Series, Space
from facilities.rules.series import Pattern
from facilities.rules.spans import Span
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day
from records.work import Report, silently

YOUNG = 25  # years: those below are young in the tariff and in the figures


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a weekly time. Together: every week of it that was not booked or told before."""

    bookings: tuple[Booking, ...] = ()
    clashes: tuple[SeasonClash, ...] = ()


@dataclass(frozen=True, slots=True)
class Booked:
    """As Made, of a whole season. bookings: their keys."""

    bookings: tuple[int, ...]
    clashes: tuple[SeasonClash, ...]


@transaction.atomic
def book_time(
    time: SeasonTime,
    spaces: Sequence[Space],
    *,
    by: Any,
    at: datetime,
    since: date | None = None,
    held_until: datetime | None = None,
) -> Made:
    """Book every week of a decided time in each of its spaces, from a day on. Who may is for the caller to ask.

    A day that cannot be had becomes a SeasonClash. Harmless twice: days that are booked, cancelled or told already are left as
    they are. held_until: the time is on offer, and only held until then. A booking for which the tariff has no price is made
    without one, as its page says.
    """
    spaces = lock_ground(*spaces)
    booked = book_locked(weekly(_locked(time), spaces, since), by=by, at=at, held_until=held_until)
    changes = {"time": [None, time.pk], "bookings": [None, len(booked.bookings)], "clashes": [None, len(booked.clashes)]}
    filing.note(None, "facilities.season_time_booked", by=by, at=at, changes=changes)
    related = ("space__venue", "association", "series")
    bookings = Booking.objects.filter(pk__in=booked.bookings).select_related(*related).order_by("pk")
    return Made(tuple(bookings), booked.clashes)


def book_locked(
    rows: Sequence[Weekly], *, by: Any, at: datetime, held_until: datetime | None = None, report: Report = silently
) -> Booked:
    """As book_time, for saved times whose ground is locked by the caller. A few queries for each hall.

    report: told of each hall before it begins.
    """
    if not rows:
        return Booked((), ())
    holds = _holds(rows, by=by, at=at)
    known, grounds, prices = _known_days(holds), Grounds(rows), Prices(max(row.time.until for row in rows))
    keys: list[int] = []
    clashes: list[SeasonClash] = []
    halls = _by_hall(rows)
    for number, of_hall in enumerate(halls):
        report("halls", number, len(halls))
        for wave in _waves(rows, of_hall):
            some = [rows[each] for each in wave]
            wanted = [[day for day in days_of(rows[each].pattern) if day.day not in known[holds[each].pk]] for each in wave]
            fresh: list[tuple[Booking, list[Span]]] = []
            for each, days in zip(wave, judged(some, wanted, grounds, clear_all, at), strict=True):
                free = [day.span for day in days if day.span and not day.why]
                fresh += _bookings(holds[each], rows[each], free, prices, by=by, at=at, held_until=held_until)
                clashes += _told(holds[each], [day for day in days if day.why], at=at)
            keys += Booking.objects.make_each(fresh)
    SeasonClash.objects.bulk_create(clashes)
    return Booked(tuple(keys), tuple(clashes))


def book_day(hold: SeasonHold, day: date, *, by: Any, at: datetime) -> SeasonDay:
    """Book one day of a time that could not be booked before, in its series; its ground is locked by the caller.

    What is against it when there is something; then nothing is booked.
    """
    time = hold.time
    row = Weekly(time, hold.space, Pattern(day, day, time.starts, time.ends))
    ((found,),) = judged([row], [days_of(row.pattern)], Grounds([row]), clear_all, at)
    if not found.why and found.span:
        Booking.objects.make_each(_bookings(hold, row, [found.span], Prices(day), by=by, at=at))
    return found


def _by_hall(rows: Sequence[Weekly]) -> list[list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        found[row.space.path[0]].append(number)
    return list(found.values())


def _waves(rows: Sequence[Weekly], numbers: Iterable[int]) -> list[list[int]]:
    """Those that do not lie over each other are booked together; a later wave sees what an earlier one took."""
    waves: list[list[int]] = []
    for number in numbers:
        free = (wave for wave in waves if not any(_overlap(rows[number], rows[other]) for other in wave))
        wave = next(free, None)
        if wave is None:
            waves.append(wave := [])
        wave.append(number)
    return waves


def _overlap(one: Weekly, other: Weekly) -> bool:
    same_hours = one.time.starts < other.time.ends and other.time.starts < one.time.ends
    return one.time.weekday == other.time.weekday and same_hours and not set(one.space.takes).isdisjoint(other.space.takes)


def _holds(rows: Sequence[Weekly], *, by: Any, at: datetime) -> list[SeasonHold]:
    """The hold of each row with its series; those that are missing are made. Four queries at most."""
    standing = {(each.time_id, each.space_id): each for each in SeasonHold.objects.filter(time__in={row.time.pk for row in rows})}
    missing = [row for row in rows if (row.time.pk, row.space.pk) not in standing]
    fresh = SeasonHold.objects.bulk_create([SeasonHold(time=row.time, space=row.space) for row in missing])
    standing |= {(each.time_id, each.space_id): each for each in fresh}
    holds = [standing[row.time.pk, row.space.pk] for row in rows]
    without = [(hold, row) for hold, row in zip(holds, rows, strict=True) if hold.series_id is None]
    made = Series.objects.bulk_create([Series.of(row.pattern, by=by, at=at) for _hold, row in without])
    for (hold, _row), series in zip(without, made, strict=True):
        hold.series = series
    SeasonHold.objects.bulk_update([hold for hold, _row in without], ["series"])
    return holds


def _known_days(holds: Sequence[SeasonHold]) -> Mapping[int, set[date]]:
    """Days on which something has been done: booked, whatever became of it, or told as one that could not be. Two queries."""
    found: dict[int, set[date]] = {hold.pk: set() for hold in holds}
    booked = Booking.objects.filter(series__season_hold__in=found)
    for hold, starts in booked.values_list("series__season_hold", "starts_at"):
        found[hold].add(local_day(starts))
    for hold, day in SeasonClash.objects.filter(hold__in=found).values_list("hold", "day"):
        found[hold].add(day)
    return found


def _bookings(
    hold: SeasonHold,
    row: Weekly,
    spans: Sequence[Span],
    prices: Prices,
    *,
    by: Any,
    at: datetime,
    held_until: datetime | None = None,
) -> list[tuple[Booking, list[Span]]]:
    """Unsaved and priced: one for all the days that cost the same, and those days."""

    def of(span: Span) -> Booking:
        return Booking(
            kind=UseKind.SEASON,
            status=BookingStatus.HELD if held_until else BookingStatus.CONFIRMED,
            held_until=held_until,
            space=row.space,
            starts_at=span.starts,
            ends_at=span.ends,
            series=hold.series,
            association=row.time.association,
            form=UseForm.TRAINING,
            booked_by=by,
            made_at=at,
            **_who(row.time),
        )

    found = []
    for alike in prices.alike(of(spans[0]), spans) if spans else ():
        booking = of(alike[0])
        prices.put(booking, leave_gaps=True)
        found.append((booking, alike))
    return found


def _who(time: SeasonTime) -> Mapping[str, Any]:
    """What the wish says of the group. young None: some of its ages are under 25, and nobody has said how many."""
    section = time.section
    if section is None:
        return {}
    young = section.size if section.age_to < YOUNG else 0 if section.age_from >= YOUNG else None
    return {
        "title": section.name,
        "people": section.size,
        "young": young,
        "women": section.girls,
        "men": section.boys,
    }


def _told(hold: SeasonHold, days: Iterable[SeasonDay], *, at: datetime) -> list[SeasonClash]:
    return [SeasonClash(hold=hold, day=each.day, why=each.why, booking_id=each.booking, made_at=at) for each in days]


def _locked(time: SeasonTime) -> SeasonTime:
    related = ("association__category", "section", "season")
    row = SeasonTime.objects.select_for_update(of=("self",)).select_related(*related).get(pk=time.pk)
    if row.status not in (TimeStatus.STANDING, TimeStatus.OFFERED):
        raise NotAllowedNow(_("The time is given back or taken back."), "status")
    return row
