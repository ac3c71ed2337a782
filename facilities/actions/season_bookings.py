"""A season's weekly time becomes bookings, one a week in each space it takes; a day that cannot be had is told, never lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.ground import Conflict, Ground, clear, conflicts, lock_ground
from facilities.actions.prices import put_prices
from facilities.choices import BookingStatus, TimeStatus, UseForm, UseKind
from facilities.models import Booking, SeasonClash, SeasonHold, SeasonTime, Series, Space
from facilities.models.terms import Place, places_of
from facilities.rules.buffers import Use
from facilities.rules.opening import open_spans
from facilities.rules.series import Pattern, occurrences
from facilities.rules.spans import Span
from facilities.rules.terms import Fault
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day

OVERLAPPING = "overlapping"  # SeasonClash.why when another use is in the way; otherwise a Fault
# How long a season's time is, and how early it is decided, is for its principles to say; a hall may be kept for seasons alone.
_NOT_ASKED = frozenset({Fault.NOT_BOOKABLE, Fault.TOO_SHORT, Fault.TOO_LONG, Fault.TOO_SOON, Fault.TOO_FAR_AHEAD})
YOUNG = 25  # years: those below are young in the tariff and in the figures


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a weekly time. Together: every week of it that was not booked or told before."""

    bookings: tuple[Booking, ...] = ()
    clashes: tuple[SeasonClash, ...] = ()


@dataclass(frozen=True, slots=True)
class SeasonDay:
    """One day of a weekly time in one space. why: what is against it, "" = nothing. booking: the other use that is in the way."""

    day: date
    span: Span | None
    why: str = ""
    booking: int | None = None


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
    they are. held_until: the time is on offer, and only held until then. A booking for which the tariff has no price is made without one, as its page says.
    """
    spaces = lock_ground(*spaces)
    made = book_locked(_locked(time), spaces, by=by, at=at, since=since, held_until=held_until)
    changes = {"time": [None, time.pk], "bookings": [None, len(made.bookings)], "clashes": [None, len(made.clashes)]}
    filing.note(None, "facilities.season_time_booked", by=by, at=at, changes=changes)
    return made


def book_locked(
    time: SeasonTime,
    spaces: Sequence[Space],
    *,
    by: Any,
    at: datetime,
    since: date | None = None,
    held_until: datetime | None = None,
) -> Made:
    """As book_time, for one whose ground is locked by the caller. About nine queries for each space, however many weeks."""
    pattern = pattern_of(time, since)
    if pattern is None:
        return Made()
    bookings: list[Booking] = []
    clashes: list[SeasonClash] = []
    for place in places_of(spaces, pattern.first, pattern.last):
        hold = _hold(time, place.space, pattern, by=by, at=at)
        known = _known_days(hold)
        wanted = [each for each in plain_days(pattern) if each.day not in known]
        days = judged(place, wanted, clear(place.space, uses_of(wanted), at), at)
        free = [each for each in days if not each.why]
        bookings += _booked(hold, time, place.space, free, by=by, at=at, held_until=held_until)
        clashes += _told(hold, [each for each in days if each.why], at=at)
    return Made(tuple(bookings), tuple(clashes))


def pattern_of(time: SeasonTime, since: date | None = None) -> Pattern | None:
    """The series of a time from a day on; None when no week of it is left."""
    begins = max(since or time.since, time.since)
    first = begins + timedelta(days=(time.weekday - begins.weekday()) % 7)
    return Pattern(first, time.until - timedelta(days=1), time.starts, time.ends) if first < time.until else None


def expected(place: Place, pattern: Pattern, at: datetime) -> list[SeasonDay]:
    """Every day of a series in a space with what is against it now. Holds nothing. One query."""
    days = plain_days(pattern)
    return judged(place, days, conflicts(place.space, uses_of(days), at), at)


def plain_days(pattern: Pattern) -> list[SeasonDay]:
    """The days of a series as far as the calendar says."""
    return [SeasonDay(each.day, each.span, "" if each.span else Fault.NO_SUCH_TIME.value) for each in occurrences(pattern)]


def uses_of(days: Iterable[SeasonDay]) -> list[Use]:
    """What they take: the time itself, without buffers."""
    return [Use(each.span) for each in days if each.span]


def judged(place: Place, days: Iterable[SeasonDay], found: Sequence[Conflict], at: datetime) -> list[SeasonDay]:
    """The days with what the space and other uses have against each. found: the conflicts of uses_of(days)."""
    first = {conflict.index: conflict for conflict in reversed(found)}
    told, index = [], 0
    for each in days:
        if each.span is None:
            told.append(each)
            continue
        why, booking = _against(place, each.span, first.get(index), at)
        told.append(SeasonDay(each.day, each.span, why, booking))
        index += 1
    return told


def _against(place: Place, span: Span, conflict: Conflict | None, at: datetime) -> tuple[str, int | None]:
    if not place.space.venue.is_in_use:
        return Fault.NOT_BOOKABLE.value, None
    since, until = local_day(span.starts), local_day(span.ends) + timedelta(days=1)
    ground = Ground(place.space, place.rules, open_spans(since, until, place.hours, place.exceptions))
    fault = next((each for each in ground.faults(span, at) if each not in _NOT_ASKED), None)
    if fault is not None:
        return fault.value, None
    return (OVERLAPPING, conflict.booking) if conflict else ("", None)


def _hold(time: SeasonTime, space: Space, pattern: Pattern, *, by: Any, at: datetime) -> SeasonHold:
    hold, _made = SeasonHold.objects.get_or_create(time=time, space=space)
    if hold.series_id is None:
        hold.series = Series.of(pattern, by=by, at=at)
        hold.series.save()
        hold.save(update_fields=["series"])
    return hold


def _known_days(hold: SeasonHold) -> set[date]:
    """Days on which something has been done: booked, whatever became of it, or told as one that could not be."""
    booked = Booking.objects.filter(series=hold.series_id).values_list("starts_at", flat=True)
    return {local_day(starts) for starts in booked} | set(hold.clashes.values_list("day", flat=True))


def _booked(
    hold: SeasonHold,
    time: SeasonTime,
    space: Space,
    days: Sequence[SeasonDay],
    *,
    by: Any,
    at: datetime,
    held_until: datetime | None,
) -> list[Booking]:
    if not days:
        return []
    who = _who(time)
    bookings = [
        Booking(
            kind=UseKind.SEASON,
            status=BookingStatus.HELD if held_until else BookingStatus.CONFIRMED,
            held_until=held_until,
            space=space,
            starts_at=each.span.starts,
            ends_at=each.span.ends,
            series_id=hold.series_id,
            association=time.association,
            form=UseForm.TRAINING,
            booked_by=by,
            made_at=at,
            **who,
        )
        for each in days
        if each.span
    ]
    put_prices(bookings, leave_gaps=True)
    return Booking.objects.bulk_create(bookings)


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
    return SeasonClash.objects.bulk_create(
        [SeasonClash(hold=hold, day=each.day, why=each.why, booking_id=each.booking, made_at=at) for each in days]
    )


def _locked(time: SeasonTime) -> SeasonTime:
    related = ("association__category", "section", "season")
    row = SeasonTime.objects.select_for_update(of=("self",)).select_related(*related).get(pk=time.pk)
    if row.status not in (TimeStatus.STANDING, TimeStatus.OFFERED):
        raise NotAllowedNow(_("The time is given back or taken back."), "status")
    return row
