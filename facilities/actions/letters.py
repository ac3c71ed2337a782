"""The letters that people expect about their bookings."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from associations.actions import dossier
from facilities.choices import UseKind
from facilities.models import Booking, FaultNote, FaultReport, WaitingEntry
from facilities.wording import shown_lines
from records import filing

_PRICED = frozenset({"booked", "requested", "series", "series_approved", "moved", "offer"})


def tell(
    kind: str, booking: Booking, subject: str | Promise, *, at: datetime, number: int = 0, more: Mapping[str, Any] | None = None
) -> None:
    """Write to the one who booked; of a season's time, which the municipality booked, to its association.

    kind: names the template and the key; number: tells several letters of a kind apart.
    """
    theirs = booking.association if booking.kind == UseKind.SEASON else None
    to = dossier.addresses(theirs, at=at) if theirs else [booking.booked_by.email]
    _post(kind, booking, to, subject, f"{booking.pk}.{number}" if number else str(booking.pk), at, more)


def tell_waiting(entry: WaitingEntry, booking: Booking, subject: str | Promise, *, at: datetime) -> None:
    """Write to the one who waits that the time is theirs to take."""
    _post("offer", booking, [entry.asked_by.email], subject, str(entry.pk), at, {"entry": entry})


def tell_reporter(fault: FaultReport, step: FaultNote, *, at: datetime) -> None:
    """Answer the one who reported a fault."""
    reporter = fault.reported_by
    with translation.override(reporter.language):
        heading = _("Your report of a fault: %(place)s") % {"place": fault.space or fault.venue}
    filing.post_letter(
        None,
        key=f"facilities.fault.{step.pk}",
        to=[reporter.email],
        addressee=str(reporter),
        subject=heading,
        template="letters/facilities/fault.html",
        context={"fault": fault, "step": step},
        at=at,
        language=reporter.language,
    )


def _post(
    kind: str,
    booking: Booking,
    to: Sequence[str],
    subject: str | Promise,
    key: str,
    at: datetime,
    more: Mapping[str, Any] | None,
) -> None:
    language = booking.booked_by.language
    with translation.override(language):
        heading = f"{subject}: {booking.space}"
    filing.post_letter(
        None,
        key=f"facilities.{kind}.{key}",
        to=to,
        addressee=booking.association.name if booking.association else booking.hirer_name,
        subject=heading,
        template="letters/facilities/booking.html",
        context={"kind": kind, "booking": booking, **_price(kind, booking, more or {}), **(more or {})},
        at=at,
        language=language,
    )


def _price(kind: str, booking: Booking, more: Mapping[str, Any]) -> dict[str, Any]:
    """lines: the price of a time with its rules, where the letter says what it costs; together: what several times cost."""
    if kind not in _PRICED or not booking.full:
        return {}
    times: Sequence[Booking] = more.get("bookings") or [booking]
    together = sum((each.payable for each in times), Decimal(0))
    alike = len({each.payable for each in times}) == 1
    return {"lines": shown_lines(booking.lines) if alike else [], "together": together if len(times) > 1 else None}
