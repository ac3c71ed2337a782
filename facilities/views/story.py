"""What has happened to a booking, for those who have it: from its own instants and the history that the database keeps."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from facilities.choices import BookingStatus
from facilities.models import Booking, Space
from facilities.rules.spans import Span
from facilities.views.words import day_words, span_words
from records.values import kronor_text, local_day


def story_of(booking: Booking) -> list[dict[str, Any]]:
    """The latest first. Two queries."""
    events = [_made(booking), *_moves(booking)]
    for at, title, text in (
        (booking.answered_at, _answer(booking), ""),
        (booking.cancelled_at, _("Cancelled"), _fee(booking.fee)),
        (booking.arrived_at, _("You came"), ""),
        (booking.absent_at, _("Nobody came"), _fee(booking.fee)),
    ):
        if at is not None:
            events.append({"at": at, "title": title, "text": text, "by": ""})
    return sorted(events, key=lambda event: event["at"], reverse=True)


def _made(booking: Booking) -> dict[str, Any]:
    asked = booking.answer_by is not None
    by = _("the municipality") if booking.on_behalf else booking.booked_by
    return {"at": booking.made_at, "title": _("Asked for") if asked else _("Booked"), "text": "", "by": by}


def _answer(booking: Booking) -> str:
    return _("Refused") if booking.status == BookingStatus.REFUSED else _("Approved")


def _moves(booking: Booking) -> list[dict[str, Any]]:
    """Each time it got another time or place, with what it was before where the history knows it."""
    rows = booking.history.order_by(  # type: ignore[attr-defined]
        "pgh_id"
    ).values_list("pgh_created_at", "space", "starts_at", "ends_at", "status")
    found: list[dict[str, Any]] = []
    before: tuple[int, datetime, datetime] | None = None
    names: dict[int, str] = {}
    for at, space, starts, ends, status in rows:
        place = (space, starts, ends)
        if before is not None and place != before and status != BookingStatus.HELD:
            names = names or {each.pk: each.name for each in Space.objects.filter(venue=booking.space.venue_id)}
            text = _("from %(before)s to %(after)s") % {"before": _words(before, names), "after": _words(place, names)}
            found.append({"at": at, "title": _("New time or place"), "text": text, "by": ""})
        before = place
    return found


def _words(place: tuple[int, datetime, datetime], names: dict[int, str]) -> str:
    space, starts, ends = place
    return f"{names.get(space, '')} {day_words(local_day(starts))} {span_words(Span(starts, ends))}".strip()


def _fee(fee: Decimal) -> str:
    return _("It costs %(amount)s kr.") % {"amount": kronor_text(fee)} if fee else ""
