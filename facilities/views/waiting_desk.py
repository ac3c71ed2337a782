"""The waiting list and the changes of place, as staff see them."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from accounts.permissions import Request
from facilities.choices import WAITING_TONES, WaitingStatus
from facilities.forms.keep_booking import VenueFilter
from facilities.models import Booking, SwapProposal, WaitingEntry
from facilities.views.keeping import readers, shown_bookings
from records.models import Event

OPEN = (WaitingStatus.WAITING, WaitingStatus.OFFERED)
SWAPS_SHOWN = 20


@readers
@require_GET
def kept_waiting(request: Request) -> HttpResponse:
    """Who waits for what, what is offered to whom until when, and which changes of place are proposed and done. Six queries."""
    at, form = now(), VenueFilter(request.GET)
    found = WaitingEntry.objects.visible_to(request.user).filter(status__in=OPEN, ends_at__gt=at)
    if form.is_valid() and form.cleaned_data["venue"]:
        found = found.filter(space__venue=form.cleaned_data["venue"])
    found = found.select_related("space__venue", "association").order_by("starts_at", "made_at", "pk")
    rows = [(entry, WAITING_TONES[entry.status]) for entry in found]
    proposals = SwapProposal.objects.open_at(at).with_both().order_by("open_until", "pk")
    context = {"form": form, "rows": rows, "proposals": proposals, "swaps": swaps(request.user, at)}
    return render(request, "facilities/keep/waiting.html", context)


def swaps(reader: Any, at: datetime) -> list[dict[str, Any]]:
    """The latest changes of place, from the log, with the bookings as they stand now. Two queries."""
    events = list(Event.objects.filter(verb="facilities.swapped").order_by("-at", "-pk")[:SWAPS_SHOWN])
    keys = {key for event in events for key in event.changes.get("bookings", [])}
    bookings = Booking.objects.filter(pk__in=keys).select_related("space__venue", "association")
    shown = {row.booking.pk: row for row in shown_bookings(bookings, reader, at)}
    return [
        {
            "at": event.at,
            "reason": event.reason,
            "pair": [shown[key] for key in event.changes.get("bookings", []) if key in shown],
        }
        for event in events
    ]
