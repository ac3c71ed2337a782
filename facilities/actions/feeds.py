"""Calendar addresses: made, changed, taken away; and the times that they show."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from associations.models import Association
from associations.permissions import speaks_for
from facilities.choices import BookingStatus, UseKind
from facilities.models import Booking, CalendarFeed, Space
from facilities.models.booking import BookingQuerySet
from facilities.models.feed import fresh_nonce
from facilities.rules.calendars import Entry, Standing
from facilities.rules.spans import Span
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day, opens_on

BACK, AHEAD = timedelta(days=31), timedelta(days=400)  # what a calendar shows
_STANDINGS = {
    BookingStatus.REQUESTED: Standing.TENTATIVE,
    BookingStatus.CONFIRMED: Standing.CONFIRMED,
    BookingStatus.CANCELLED: Standing.CANCELLED,
    BookingStatus.REFUSED: Standing.CANCELLED,
}


@transaction.atomic
def make_feed(association: Association | None, *, by: Any, at: datetime) -> CalendarFeed:
    """An address for an association, or (None) for oneself. There already: that one."""
    if association is not None:
        speaks_for(by, association, local_day(at)).or_refuse()
    whose = {"association": association} if association else {"user": by}
    feed, made = CalendarFeed.objects.get_or_create(revoked_at=None, **whose, defaults={"made_by": by, "made_at": at})
    if made:
        filing.note(None, "facilities.calendar_made", by=by, at=at, changes={"calendar": [None, feed.pk]})
    return feed


@transaction.atomic
def renew_feed(feed: CalendarFeed, *, by: Any, at: datetime) -> CalendarFeed:
    """Give the calendar a new address: the old one stops working at once."""
    feed = _locked(feed, by)
    feed.nonce, feed.renewed_at = fresh_nonce(), at
    feed.save(update_fields=["nonce", "renewed_at"])
    filing.note(None, "facilities.calendar_renewed", by=by, at=at, changes={"calendar": [feed.pk, feed.pk]})
    return feed


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, by: Any, at: datetime) -> CalendarFeed:
    """Take the address away. Harmless twice."""
    feed = _locked(feed, by, revoked=True)
    if feed.revoked_at is None:
        feed.revoked_at = at
        feed.save(update_fields=["revoked_at"])
        filing.note(None, "facilities.calendar_revoked", by=by, at=at, changes={"calendar": [feed.pk, None]})
    return feed


def times_of_feed(feed: CalendarFeed, at: datetime) -> list[Entry]:
    """The times of an association, or of a person and the associations they speak for today. At most two queries."""
    if feed.association is not None:
        return _entries(Booking.objects.filter(association=feed.association), _own_title, at)
    theirs = list(Association.objects.spoken_for_by(feed.user).values_list("pk", flat=True))
    own = Q(association__in=theirs) | Q(booked_by=feed.user, association=None, on_behalf=False)
    title = _own_title if len(theirs) < 2 else _title_with_hirer
    return _entries(Booking.objects.filter(own, kind__in=[UseKind.BOOKING, UseKind.SEASON]), title, at)


def times_of_space(space: Space, at: datetime) -> list[Entry]:
    """When a space is taken, by itself or with what shares its ground, as anyone may read it: no names. One query."""
    return _entries(Booking.objects.on_ground_of(space), _public_title, at)


def _entries(bookings: BookingQuerySet, title: Callable[[Booking], str], at: datetime) -> list[Entry]:
    day = local_day(at)
    shown = Span(opens_on(day - BACK), opens_on(day + AHEAD))
    rows = (
        bookings.in_span(shown)
        .filter(status__in=list(_STANDINGS))
        .select_related("space__venue", "association")
        .annotate(changes=Count("history"), changed_at=Max("history__pgh_created_at"))
        .order_by("starts_at", "pk")
    )
    return [_entry(row, title) for row in rows]


def _entry(booking: Any, title: Callable[[Booking], str]) -> Entry:
    venue = booking.space.venue
    return Entry(
        uid=str(booking.uid),
        span=booking.span,
        title=title(booking),
        place=", ".join(part for part in (venue.name, booking.space.name, venue.address) if part),
        standing=_STANDINGS[booking.status],
        changes=booking.changes,
        changed_at=booking.changed_at or booking.made_at,
    )


def _own_title(booking: Booking) -> str:
    what = booking.title or booking.get_form_display() or booking.get_kind_display()
    return f"{what[:1].upper()}{what[1:]} – {booking.space.name}"


def _title_with_hirer(booking: Booking) -> str:
    return f"{booking.association}: {_own_title(booking)}" if booking.association else _own_title(booking)


def _public_title(booking: Booking) -> str:
    """Nothing about who: the title of a performance, that it is closed, or only that it is taken."""
    if booking.kind == UseKind.CLOSURE:
        return capfirst(str(UseKind.CLOSURE.label))
    return booking.title if booking.kind == UseKind.PERFORMANCE and booking.title else pgettext("in a calendar", "Taken")


def in_language_of(feed: CalendarFeed) -> Any:
    """The language that the calendar speaks: the person's own, Swedish for an association."""
    return translation.override(feed.user.language if feed.user else "sv")


def _locked(feed: CalendarFeed, by: Any, *, revoked: bool = False) -> CalendarFeed:
    found = CalendarFeed.objects.select_for_update(of=("self",)).visible_to(by).filter(pk=feed.pk).first()
    if found is None or (found.revoked_at and not revoked):
        raise NotAllowedNow(_("The calendar address is already taken away."), "revoked")
    return found
