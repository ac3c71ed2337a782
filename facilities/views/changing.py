"""A booking is moved, shortened, cancelled or let go: what it costs stands on the page before, and is what is charged."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Request, signed_in
from facilities import actions
from facilities.choices import BookingStatus
from facilities.forms.own import CancelForm, MoveForm, ShortenForm, ShownForm
from facilities.models import Booking, WaitingEntry
from facilities.permissions import may_change
from facilities.rules.spans import Span
from facilities.views.alternatives import look
from facilities.views.doors import received_at
from facilities.views.own import found_or_404, season_time_of
from facilities.views.words import time_query
from facilities.wording import shown_lines
from records.refusals import NotAllowedNow

# --- moved and shortened -------------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "POST"])
def booking_move(request: Request, pk: int) -> HttpResponse:
    """To another time or part: what it costs there stands on the page before it is done."""
    found = found_or_404(request, pk)
    if (time := season_time_of(found)) is not None:
        return redirect("facilities:season_time", time)
    typed = request.POST if request.method == "POST" else request.GET if "day" in request.GET else None
    form = MoveForm(typed, venue=found.space.venue, initial={"space": found.space_id, **_shown_time(found.span)})
    context: dict[str, Any] = {"booking": found, "form": form, "may": may_change(request.user, found, received_at(request))}
    if not context["may"] or not (form.is_bound and form.is_valid()):
        return render(request, "facilities/booking_move.html", context, status=422 if form.errors else 200)
    space, span = form.cleaned_data["space"], form.span
    refused = None
    if request.method == "POST":
        refused = _moved(request, found, form)
        if refused is None:
            messages.success(request, _("The booking has its new time."))
            return redirect("facilities:booking", pk)
    context |= {"refused": refused, "space": space, "span": span}
    return _preview(request, found, "facilities/booking_move.html", context)


def _moved(request: Request, found: Booking, form: MoveForm) -> NotAllowedNow | None:
    """None when it has moved; otherwise why not."""
    shown = ShownForm(request.POST)
    if not shown.is_valid():
        return actions.NotAsShown()
    told = {"seen": shown.cleaned_data["seen"], "total": shown.cleaned_data["total"]}
    try:
        actions.move_as_shown(found, form.cleaned_data["space"], form.span, by=request.user, at=received_at(request), **told)
    except NotAllowedNow as refused:
        return refused
    return None


def _preview(request: Request, found: Booking, template: str, context: dict[str, Any]) -> HttpResponse:
    """What the change would cost, and whether the time is free; 409 when it was pressed in vain."""
    at, refused = received_at(request), context.get("refused")
    found = found_or_404(request, found.pk)
    space, span = context["space"], context["span"]
    look_there = look(space, span, at=at, without=[found.pk])
    try:
        change = actions.moving(found, space, span, at=at)
    except NotAllowedNow as gap:
        refused, change = refused or gap, None
    context |= {
        "booking": found,
        "refused": refused,
        "look": look_there,
        "change": change,
        "lines": shown_lines(change.booking.lines) if change else [],
        "shown": ShownForm.of(actions.edition([found]), change.total) if change else None,
    }
    return render(request, template, context, status=409 if context["refused"] else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def booking_shorten(request: Request, pk: int) -> HttpResponse:
    """Give back a part of the time: what that costs stands on the page before it is done."""
    found = found_or_404(request, pk)
    typed = request.POST if request.method == "POST" else request.GET if "day" in request.GET else None
    form = ShortenForm(typed, initial=_shown_time(found.span))
    at = received_at(request)
    context: dict[str, Any] = {"booking": found, "form": form, "may": may_change(request.user, found, at)}
    if not context["may"] or not (form.is_bound and form.is_valid()):
        return render(request, "facilities/booking_shorten.html", context, status=422 if form.errors else 200)
    refused: NotAllowedNow | None = None
    if request.method == "POST":
        shown = ShownForm(request.POST)
        try:
            if not shown.is_valid():
                raise actions.NotAsShown
            told = {"seen": shown.cleaned_data["seen"], "total": shown.cleaned_data["total"]}
            actions.shorten_as_shown(found, form.span, by=request.user, at=at, **told)
        except NotAllowedNow as reason:
            refused = reason
        else:
            messages.success(request, _("The booking is shorter. The rest of the time is free for others."))
            return redirect("facilities:booking", pk)
    found = found_or_404(request, pk)
    change = actions.shortening(found, form.span, at=at)
    context |= {
        "booking": found,
        "refused": refused,
        "span": form.span,
        "change": change,
        "lines": shown_lines(change.booking.lines),
        "shown": ShownForm.of(actions.edition([found]), change.total),
    }
    return render(request, "facilities/booking_shorten.html", context, status=409 if refused else 200)


def _shown_time(span: Span) -> dict[str, str]:
    return dict(pair.split("=") for pair in time_query(span).split("&"))


# --- cancelled and let go ------------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "POST"])
def booking_cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel one time: the fee stands on the page before it is pressed, and is what is charged."""
    found = found_or_404(request, pk)
    if (time := season_time_of(found)) is not None:
        return redirect("facilities:season_time", time)
    return _cancel_page(request, found, [found], _("The booking is cancelled."), "facilities/booking_cancel.html")


@signed_in
@require_http_methods(["GET", "POST"])
def booking_release(request: Request, pk: int) -> HttpResponse:
    """Let a time go that is not needed: the same act, said the way a club says it, with who gets the offer."""
    found = found_or_404(request, pk)
    if (time := season_time_of(found)) is not None:
        return redirect("facilities:season_time", time)
    said = _("The time is let go. Whoever waits for it gets an offer.")
    return _cancel_page(request, found, [found], said, "facilities/booking_release.html")


@signed_in
@require_http_methods(["GET", "POST"])
def booking_cancel_rest(request: Request, pk: int) -> HttpResponse:
    """Cancel this time of a series and all later ones."""
    found = found_or_404(request, pk)
    if (time := season_time_of(found)) is not None:
        return redirect("facilities:season_time", time)
    if found.series_id is None:
        return redirect("facilities:booking_cancel", pk)
    said = _("The rest of the series is cancelled.")
    return _cancel_page(request, found, actions.rest_of(found), said, "facilities/booking_cancel_rest.html")


def _cancel_page(request: Request, found: Booking, bookings: list[Booking], said: str, template: str) -> HttpResponse:
    at = received_at(request)
    refused: NotAllowedNow | None = None
    if request.method == "POST":
        form = CancelForm(request.POST)
        try:
            if not form.is_valid():
                raise actions.NotAsShown
            actions.cancel_as_shown(
                bookings,
                seen=form.cleaned_data["seen"],
                fee=form.cleaned_data["total"],
                by=request.user,
                at=at,
                reason=form.cleaned_data["reason"],
            )
        except NotAllowedNow as reason:
            if Booking.objects.filter(pk=found.pk, status=BookingStatus.CANCELLED).exists():
                return redirect("facilities:booking", found.pk)  # pressed twice
            refused = reason
        else:
            messages.success(request, said)
            return redirect("facilities:booking", found.pk)
    costs = actions.cancelling(bookings, by=request.user, at=at) if bookings else []
    total = sum((cost.kronor for cost in costs), Decimal(0))
    context = {
        "booking": found,
        "costs": costs,
        "total": total,
        "may": next((cost.may for cost in costs if not cost.may), costs[0].may if costs else may_change(request.user, found, at)),
        "refused": refused,
        "form": CancelForm.of(actions.edition(bookings), total),
        "waiting": WaitingEntry.objects.waiting_for(found.space, found.span).exclude(association=found.association).count(),
    }
    return render(request, template, context, status=409 if refused else 200)
