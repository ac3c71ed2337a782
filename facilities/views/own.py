"""The bookings of the association one acts for: the list, one booking, and what can be done with it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Request, signed_in
from facilities import actions
from facilities.choices import BOOKING_TONES, HIRED, TAKES_SPACE, BookingStatus, UseKind
from facilities.forms.own import PAST, BookingFilter
from facilities.models import Booking, SeasonTime, SwapProposal, WaitingEntry
from facilities.models.booking import BookingQuerySet
from facilities.permissions import may_change, may_read_all
from facilities.views.doors import current_association, received_at
from facilities.views.story import story_of
from facilities.wording import shown_lines
from records.spreadsheets import FORMATS, download

PER_PAGE = 30
NOT_SHOWN = (BookingStatus.HELD, BookingStatus.LAPSED)
_ALONG = ("space__venue", "association", "tariff", "series", "booked_by", "hirer")


@signed_in
@require_GET
def booking_list(request: Request) -> HttpResponse:
    """Our bookings, coming or past; also as csv and xlsx. Constant queries."""
    association = current_association(request)
    if association is None:
        return render(request, "facilities/booking_list.html", {"association": None})
    form = BookingFilter(request.GET, association=association)
    rows = Booking.objects.filter(association=association).exclude(status__in=NOT_SHOWN).exclude(kind=UseKind.CLOSURE)
    rows = _narrowed(rows, form, request).select_related("space__venue", "tariff")
    if (kind := request.GET.get("format")) in FORMATS:
        return download(kind, name="bokningar", headings=_HEADINGS(), rows=_cells(rows))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    at = received_at(request)
    context = {
        "association": association,
        "form": form,
        "page": page,
        "rows": [(row, BOOKING_TONES[row.status]) for row in page],
        "query": query.urlencode(),
        "is_past": form.cleaned_data.get("when") == PAST,
        "waiting": WaitingEntry.objects.filter(association=association, status__in=("waiting", "offered")).count(),
        "swaps": SwapProposal.objects.open_at(at).visible_to(request.user).count(),
    }
    return render(request, "facilities/booking_list.html", context)


def _narrowed(rows: BookingQuerySet, form: BookingFilter, request: Request) -> BookingQuerySet:
    """A question that cannot be read is left out; coming ones are what one sees first."""
    form.is_valid()
    asked, at = form.cleaned_data, received_at(request)
    if venue := asked.get("venue"):
        rows = rows.filter(space__venue=venue)
    if status := asked.get("status"):
        rows = rows.filter(status=status)
    when = asked.get("when")
    if when == PAST:
        return rows.filter(ends_at__lte=at).order_by("-starts_at", "pk")
    if when == "all":
        return rows.order_by("-starts_at", "pk")
    rows = rows if status else rows.filter(status__in=TAKES_SPACE)
    return rows.filter(ends_at__gt=at).order_by("starts_at", "pk")


def _HEADINGS() -> list[str]:  # noqa: N802
    return [_("Venue"), _("Space"), _("Begins"), _("Ends"), _("What for"), _("Status"), _("Price, kr"), _("Fee, kr")]


def _cells(rows: Iterable[Booking]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            row.space.venue.name,
            row.space.name,
            row.starts_at,
            row.ends_at,
            row.title,
            capfirst(row.get_status_display()),
            row.payable,
            row.fee,
        ]


@signed_in
@require_GET
def booking(request: Request, pk: int) -> HttpResponse:
    """One booking: when and where, what it costs and why, what has happened, what can be done. Constant queries."""
    if not Booking.objects.spoken_for_by(request.user).filter(pk=pk).exists() and may_read_all(request.user):
        return redirect("facilities:kept_booking", pk)
    found = found_or_404(request, pk)
    if found.status == BookingStatus.HELD:
        if found.booked_by_id != request.user.pk:
            messages.info(request, _("%(who)s is booking that time right now.") % {"who": found.booked_by})
            return redirect("facilities:booking_list")
        offer = WaitingEntry.objects.filter(booking=found).first()
        return redirect("facilities:waiting_offer", offer.pk) if offer else redirect("facilities:booking_fill", pk)
    at = received_at(request)
    may = may_change(request.user, found, at)
    (cost,) = actions.cancelling([found], by=request.user, at=at)
    later = found.series.bookings.filter(starts_at__gt=found.starts_at, status__in=TAKES_SPACE).count() if found.series else 0
    waiting = WaitingEntry.objects.waiting_for(found.space, found.span).exclude(association=found.association).count()
    context = {
        "booking": found,
        "tone": BOOKING_TONES[found.status],
        "lines": shown_lines(found.lines),
        "fee_lines": shown_lines(found.fee_lines),
        "may": may,
        "cost": cost,
        "later": later,
        "waiting": waiting if may else 0,
        "swaps": SwapProposal.objects.open_at(at).filter(ours=found).with_both(),
        "asked": SwapProposal.objects.open_at(at).filter(theirs=found).with_both(),
        "events": story_of(found),
        "is_past": found.ends_at <= at,
        "season_time": season_time_of(found),
        "may_check_in": found.kind in HIRED
        and found.status == BookingStatus.CONFIRMED
        and actions.is_time_to_check_in(found, at),
    }
    return render(request, "facilities/booking.html", context)


def season_time_of(booking: Booking) -> int | None:
    """The key of the season's time that a booking is a date of: it is given back there, to the next in order. One query."""
    if booking.kind != UseKind.SEASON:
        return None
    return SeasonTime.objects.filter(holds__series=booking.series_id).values_list("pk", flat=True).first()


def found_or_404(request: Request, pk: int) -> Booking:
    return get_object_or_404(Booking.objects.spoken_for_by(request.user).select_related(*_ALONG), pk=pk)
