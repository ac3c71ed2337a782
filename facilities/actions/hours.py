"""When a place is open and what it asks of a booking: seasons, exceptions, versions of rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.ground import ground_of, whole_of
from facilities.actions.spaces import changed_facts
from facilities.choices import UseKind
from facilities.models import Booking, BookingRules, HoursException, OpeningHours, Space, Venue
from facilities.permissions import may_keep_venues
from facilities.rules.opening import left_of_season
from facilities.rules.spans import covers
from records import filing
from records.refusals import NotAllowedNow
from records.values import Period

Place = Venue | Space


class StandsOutside(NotAllowedNow):
    """Bookings that were in opening hours would no longer be. bookings: those, in order; nothing is changed."""

    def __init__(self, bookings: Sequence[Booking]) -> None:
        super().__init__(
            _("Some bookings would lie outside the new hours. They are kept unless you move or cancel them."), "outside"
        )
        self.bookings = tuple(bookings)


@dataclass(frozen=True, slots=True)
class Open:
    """Open hours of one kind of day, in minutes from midnight; opens None: closed."""

    weekday: int
    opens: int | None
    closes: int = 1440


@transaction.atomic
def write_season(
    place: Place,
    days: Period[date],
    hours: Iterable[Open],
    *,
    by: Any,
    at: datetime,
    instead_of: Period[date] | None = None,
    anyway: bool = False,
) -> None:
    """The ordinary hours of a place for a season, laid over those there are (Rule F-27).

    instead_of: the season that this one was before it was changed. Raises StandsOutside, unless *anyway*.
    """
    _may(by)
    outside = _Outside(place, at)
    if instead_of is not None:
        _rows(place, instead_of).delete()
    for row in list(OpeningHours.objects.filter(**_of(place))):
        season = Period(row.since, row.until)
        left = left_of_season(season, days)
        if left != (season,):
            row.delete()
            OpeningHours.objects.bulk_create(
                OpeningHours(
                    **_of(place), weekday=row.weekday, opens=row.opens, closes=row.closes, since=each.since, until=each.until
                )
                for each in left
            )
    OpeningHours.objects.bulk_create(
        OpeningHours(**_of(place), weekday=row.weekday, opens=row.opens, closes=row.closes, since=days.since, until=days.until)
        for row in hours
    )
    outside.refuse(anyway=anyway)
    _note(place, "facilities.hours_changed", by=by, at=at)


@transaction.atomic
def remove_season(place: Place, days: Period[date], *, by: Any, at: datetime, anyway: bool = False) -> None:
    """Take the hours of a season away: the place is closed then, or open as its venue. Raises StandsOutside, unless *anyway*."""
    _may(by)
    outside = _Outside(place, at)
    _rows(place, days).delete()
    outside.refuse(anyway=anyway)
    _note(place, "facilities.hours_changed", by=by, at=at)


@transaction.atomic
def add_exceptions(
    place: Place,
    days: Iterable[date],
    hours: Sequence[tuple[int, int]],
    *,
    by: Any,
    at: datetime,
    overrides: bool = True,
    reason: str = "",
    anyway: bool = False,
) -> int:
    """Other hours on some days, none: closed; what was said before of those days is replaced. How many days.

    overrides False: the hours come beside the ordinary ones. Raises StandsOutside, unless *anyway*.
    """
    _may(by)
    if not overrides and not hours:
        raise NotAllowedNow(_("Say which hours are added."), "no_hours")
    outside, every = _Outside(place, at), sorted(set(days))
    HoursException.objects.filter(**_of(place), day__in=every).delete()
    opens: Sequence[tuple[int | None, int]] = hours or [(None, 1440)]
    HoursException.objects.bulk_create(
        HoursException(**_of(place), day=day, opens=first, closes=last, overrides=overrides, reason=reason)
        for day in every
        for first, last in opens
    )
    outside.refuse(anyway=anyway)
    _note(place, "facilities.exception_added", by=by, at=at, days=[every[0].isoformat(), every[-1].isoformat()] if every else [])
    return len(every)


@transaction.atomic
def remove_exceptions(place: Place, day: date, *, by: Any, at: datetime) -> None:
    """The ordinary hours hold that day again. Harmless twice."""
    _may(by)
    if HoursException.objects.filter(**_of(place), day=day).delete()[0]:
        _note(place, "facilities.exception_removed", by=by, at=at, days=[day.isoformat(), day.isoformat()])


@transaction.atomic
def write_rules(place: Place, facts: Mapping[str, Any], *, since: date | None, by: Any, at: datetime) -> BookingRules:
    """What a place asks of bookings from a day (None: from the beginning). A version of the same day is written over."""
    _may(by)
    rules = BookingRules.objects.select_for_update(of=("self",)).filter(**_of(place), since=since).first()
    rules = rules or BookingRules(**_of(place), since=since)
    changed_facts(rules, facts)
    rules.save()
    _note(place, "facilities.rules_changed", by=by, at=at, days=[since.isoformat() if since else None])
    return rules


@transaction.atomic
def remove_rules(rules: BookingRules, *, by: Any, at: datetime) -> None:
    """Take a version away: the one before it holds, or what the level above asks. Harmless twice."""
    _may(by)
    place = rules.space or rules.venue
    if place is not None and BookingRules.objects.filter(pk=rules.pk).delete()[0]:
        _note(place, "facilities.rules_removed", by=by, at=at)


class _Outside:
    """Looks at what stands in opening hours before a change, and tells what no longer does after it."""

    def __init__(self, place: Place, at: datetime) -> None:
        self.venue = place.pk if isinstance(place, Venue) else place.venue_id
        self.at = at
        self.before = {booking.pk for booking in self._found()}

    def refuse(self, *, anyway: bool) -> None:
        fresh = [] if anyway else [booking for booking in self._found() if booking.pk not in self.before]
        if fresh:
            raise StandsOutside(fresh)

    def _found(self) -> list[Booking]:
        """Coming bookings of the venue that no opening hours hold. Four queries for each space that has any."""
        coming = Booking.objects.taking_space().filter(space__venue=self.venue, ends_at__gt=self.at)
        coming = coming.exclude(kind=UseKind.CLOSURE).select_related("space__venue", "association")
        by_space: dict[int, list[Booking]] = {}
        for booking in coming.order_by("starts_at", "pk"):
            by_space.setdefault(booking.space_id, []).append(booking)
        found: list[Booking] = []
        for bookings in by_space.values():
            opening = ground_of(bookings[0].space, whole_of([each.span for each in bookings])).opening
            found += [each for each in bookings if not any(covers(hours, each.span) for hours in opening)]
        return found


def _of(place: Place) -> dict[str, Place]:
    return {"venue": place} if isinstance(place, Venue) else {"space": place}


def _rows(place: Place, days: Period[date]) -> Any:
    return OpeningHours.objects.filter(**_of(place), since=days.since, until=days.until)


def _note(place: Place, verb: str, *, by: Any, at: datetime, days: Sequence[Any] = ()) -> None:
    changes = {"venue" if isinstance(place, Venue) else "space": [place.pk, place.pk], "days": list(days)}
    filing.note(None, verb, by=by, at=at, changes=changes)


def _may(by: Any) -> None:
    if by is not None:
        may_keep_venues(by).or_refuse()
