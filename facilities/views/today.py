"""The day's list of a venue, for a telephone in the hall: who comes where and when, the code, who came and who did not."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from facilities import actions
from facilities.choices import BookingStatus, UseKind
from facilities.models import Booking, FaultReport, Venue
from facilities.permissions import may_keep_bookings, may_read_code
from facilities.rules.spans import Span
from facilities.views.keeping import day_in_address, do, keepers, readers, who
from facilities.wording import shown_lines
from records.lines import lines_to_json
from records.values import opens_on

SHOWN = (BookingStatus.CONFIRMED, BookingStatus.REQUESTED)


def span_of_day(day: date) -> Span:
    return Span(opens_on(day), opens_on(day + timedelta(days=1)))


@readers
@require_GET
def today(request: Request) -> HttpResponse:
    """Choose the venue; the same day follows along."""
    day = day_in_address(request)
    counted: dict[int, int] = {}
    for venue in Booking.objects.in_span(span_of_day(day)).filter(status__in=SHOWN).values_list("space__venue", flat=True):
        counted[venue] = counted.get(venue, 0) + 1
    rows = [(venue, counted.get(venue.pk, 0)) for venue in Venue.objects.in_use().in_swedish_order()]
    context = {"rows": rows, **_days(day)}
    return render(request, "facilities/keep/today.html", context)


@readers
@require_GET
def day_list(request: Request, key: str) -> HttpResponse:
    """One venue's day. Six queries, however many times there are."""
    venue, at, day = get_object_or_404(Venue, key=key), now(), day_in_address(request)
    found = Booking.objects.in_span(span_of_day(day)).filter(space__venue=venue, status__in=SHOWN)
    found = found.select_related("space__venue", "association", "tariff").order_by("starts_at", "space__path", "pk")
    keeps = bool(may_keep_bookings(request.user))
    rows = [_row(booking, request.user, at, day, keeps=keeps) for booking in found]
    context = {
        "venue": venue,
        "rows": [row for row in rows if not row["is_closed"]],
        "closures": [row for row in rows if row["is_closed"]],
        "faults": FaultReport.objects.filter(venue=venue).not_mended().select_related("space").most_urgent_first(),
        "keeps": keeps,
        **_days(day),
    }
    return render(request, "facilities/keep/day_list.html", context)


def _row(booking: Booking, reader: Any, at: datetime, day: date, *, keeps: bool) -> dict[str, Any]:
    is_closed = booking.kind == UseKind.CLOSURE
    hired = booking.kind not in (UseKind.CLOSURE, UseKind.OWN) and booking.status == BookingStatus.CONFIRMED
    return {
        "booking": booking,
        "who": who(booking, reader, at),
        "is_closed": is_closed,
        "can_note": keeps and hired and booking.starts_at <= at,
        "from_another_day": localdate(booking.starts_at) != day or localdate(booking.ends_at - timedelta(seconds=1)) != day,
        "code": booking.access_code if may_read_code(reader, booking, at) else "",
        "is_now": booking.starts_at <= at < booking.ends_at,
    }


def _days(day: date) -> dict[str, Any]:
    return {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_today": day == localdate(),
    }


@keepers
@require_POST
def note_arrival(request: Request, pk: int) -> HttpResponse:
    booking = _noted(request, pk)
    return _done(request, booking, lambda: actions.note_arrival(booking, by=request.user, at=now()), _("Noted: they came."))


@keepers
@require_POST
def note_undo(request: Request, pk: int) -> HttpResponse:
    booking = _noted(request, pk)
    return _done(request, booking, lambda: actions.take_back_note(booking, by=request.user, at=now()), _("The note is undone."))


@keepers
@require_http_methods(["GET", "POST"])
def note_absence(request: Request, pk: int) -> HttpResponse:
    """What it costs is shown before it is noted."""
    booking = _noted(request, pk)
    if request.method == "POST":
        return _done(request, booking, lambda: actions.note_absence(booking, by=request.user, at=now()), _("Noted: nobody came."))
    cost = actions.cost_of_absence(booking)
    context = {
        "booking": booking,
        "who": who(booking, request.user, now()),
        "lines": shown_lines(lines_to_json([cost] if cost else [])),
        "cost": cost.amount if cost else 0,
        "day": localdate(booking.starts_at),
    }
    return render(request, "facilities/keep/absence.html", context)


def _noted(request: Request, pk: int) -> Booking:
    rows = Booking.objects.visible_to(request.user).exclude(kind=UseKind.CLOSURE)
    return get_object_or_404(rows.select_related("space__venue", "association", "tariff"), pk=pk)


def _done(request: Request, booking: Booking, act: Any, done: str) -> HttpResponse:
    response = do(request, act, done, "facilities:day_list", booking.space.venue.key)
    response["Location"] += f"?day={localdate(booking.starts_at)}#b{booking.pk}"
    return response
