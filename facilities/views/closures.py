"""Closed times: which there are, and closing with what stands booked there shown before anything is cancelled."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from facilities import actions
from facilities.choices import TAKES_SPACE, UseKind
from facilities.forms.keep_booking import ClosureForm, VenueFilter
from facilities.models import Booking, Space, Venue
from facilities.permissions import may_keep_bookings
from facilities.rules.spans import Span
from facilities.views.keeping import do, form_page, in_the_way, keepers, keys_typed, readers, refuse
from records.refusals import Refused


@readers
@require_GET
def closure_list(request: Request) -> HttpResponse:
    """What is closed now and later. Three queries."""
    at, form = now(), VenueFilter(request.GET)
    found = Booking.objects.filter(kind=UseKind.CLOSURE, status__in=TAKES_SPACE, ends_at__gt=at)
    venue = form.cleaned_data["venue"] if form.is_valid() else None
    if venue:
        found = found.filter(space__venue=venue)
    context = {
        "form": form,
        "closures": found.select_related("space__venue", "closes_for_fault").order_by("starts_at", "pk"),
        "venues": Venue.objects.in_use().in_swedish_order(),
        "at": at,
        "keeps": may_keep_bookings(request.user),
    }
    return render(request, "facilities/keep/closure_list.html", context)


@keepers
@require_http_methods(["GET", "POST"])
def closure_new(request: Request, key: str) -> HttpResponse:
    """Press one shows what would be cancelled; press two closes and cancels just that."""
    venue, at = get_object_or_404(Venue, key=key), now()
    spaces = Space.objects.filter(venue=venue).order_by("path")
    form = ClosureForm(request.POST or None, spaces=spaces, initial=_first(request))
    shown: list[Any] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if (span := _from_now(typed["span"], at)) is None:
            form.add_error("ends", _("The time has already passed."))
        else:
            seen = [] if "again" in request.POST else keys_typed(request.POST.getlist("seen"))
            try:
                _closures, cancelled = actions.close_all(
                    typed["spaces"], span, reason=typed["reason"], by=request.user, at=at, seen=seen
                )
            except actions.Taken as taken:
                shown = in_the_way(taken.conflicts, request.user, at)
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _done(len(cancelled)))
                return redirect("facilities:closure_list")
    context = {"venue": venue, "shown": shown, "is_new_since": "seen" in request.POST and "again" not in request.POST}
    return form_page(request, form, "facilities/keep/closure_new.html", conflict=bool(shown), **context)


def _first(request: Request) -> dict[str, Any]:
    """The address may name the spaces; the day is today until closing time."""
    today = localdate()
    return {"spaces": request.GET.getlist("space"), "first": today, "last": today, "starts": localtime().time(), "ends": "24.00"}


def _from_now(span: Span, at: Any) -> Span | None:
    """What is left of a time: what has been used already is not cancelled. None when it is over."""
    starts = max(span.starts, at.replace(second=0, microsecond=0) + timedelta(minutes=1)) if span.starts <= at else span.starts
    return Span(starts, span.ends) if starts < span.ends else None


def _done(cancelled: int) -> str:
    if not cancelled:
        return _("Closed. Nothing was booked then.")
    return ngettext(
        "Closed. %(n)s booking is cancelled, and a letter is on its way.",
        "Closed. %(n)s bookings are cancelled, and letters are on their way.",
        cancelled,
    ) % {"n": cancelled}


@keepers
@require_POST
def closure_end(request: Request, pk: int) -> HttpResponse:
    closure = get_object_or_404(Booking.objects.select_related("space"), pk=pk, kind=UseKind.CLOSURE)
    done = _("Open again. Those who wait are offered the times.")
    return do(request, lambda: actions.open_again(closure, by=request.user, at=now()), done, "facilities:closure_list")
