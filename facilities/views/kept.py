"""Bookings as staff keep them: found, opened, given a code, moved, cancelled, swapped."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from facilities import actions
from facilities.choices import BOOKING_TONES, TAKES_SPACE, BookingStatus, UseKind
from facilities.forms.keep_booking import NOTHING, BookingFilter, CancelForm, CodeForm, MoveForm, SwapForm
from facilities.models import Booking
from facilities.models.booking import BookingQuerySet
from facilities.permissions import (
    AFTER_THE_DAY,
    AROUND_THE_DAY,
    may_change,
    may_keep_bookings,
    may_read_code,
    reads_hirers,
)
from facilities.views.keeping import (
    do,
    form_page,
    in_the_way,
    keepers,
    readers,
    refuse,
    shown_bookings,
    who,
)
from facilities.wording import shown_lines
from records.refusals import Refused
from records.spreadsheets import FORMATS, download
from records.values import kronor_text, opens_on

PER_PAGE = 50


@readers
@require_GET
def kept_list(request: Request) -> HttpResponse:
    """Bookings by who, where and when; today and later when nothing is asked. csv and xlsx of the same rows."""
    at, form = now(), BookingFilter(request.GET)
    found = _found(Booking.objects.visible_to(request.user), form, request.user, at)
    found = found.select_related("space__venue", "association", "hirer").order_by("starts_at", "space", "pk")
    if (kind := request.GET.get("format")) in FORMATS:
        return download(str(kind), name=str(_("bookings")), headings=_headings(), rows=_rows(found, request.user, at))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, BOOKING_TONES[row.booking.status]) for row in shown_bookings(page.object_list, request.user, at)]
    context = {"form": form, "page": page, "rows": rows, "keeps": may_keep_bookings(request.user)}
    return render(request, "facilities/keep/kept_list.html", context)


def _found(found: BookingQuerySet, form: BookingFilter, reader: Any, at: datetime) -> BookingQuerySet:
    found = found.exclude(status__in=[BookingStatus.LAPSED, BookingStatus.HELD]).exclude(kind=UseKind.CLOSURE)
    if not form.is_valid():
        return found.filter(starts_at__gte=opens_on(localdate(at)))
    wanted = form.cleaned_data
    if words := wanted["q"].strip():
        found = found.filter(_matches(words, reader, at))
    if wanted["venue"]:
        found = found.filter(space__venue=wanted["venue"])
    if wanted["status"]:
        found = found.filter(status=wanted["status"])
    first = wanted["first"] or (None if wanted["last"] else localdate(at))
    if first:
        found = found.filter(ends_at__gt=opens_on(first))
    if wanted["last"]:
        found = found.filter(starts_at__lt=opens_on(wanted["last"] + timedelta(days=1)))
    return found


def _matches(words: str, reader: Any, at: datetime) -> Q:
    """The number of a booking, an association, what for; the name of a private person only where this reader is told it."""
    match = Q(association__name__icontains=words) | Q(title__icontains=words)
    if words.isdecimal() and len(words) < 15:
        match |= Q(pk=int(words))
    named = Q(hirer_name__icontains=words)
    if not reads_hirers(reader):
        named &= Q(starts_at__lte=at + AROUND_THE_DAY, ends_at__gt=at - AFTER_THE_DAY)
    return match | named


def _headings() -> list[Any]:
    return [
        _("Number"),
        _("Venue"),
        _("Space"),
        _("Begins"),
        _("Ends"),
        _("Who"),
        _("Pays as"),
        _("What for"),
        _("Form of use"),
        _("People"),
        _("Status"),
        _("Price, kronor"),
        _("Fee, kronor"),
        _("Came"),
    ]


def _rows(found: BookingQuerySet, reader: Any, at: datetime) -> Iterator[list[Any]]:
    for booking in found:
        came = _("yes") if booking.arrived_at else _("no") if booking.absent_at else ""
        yield [
            booking.pk,
            booking.space.venue.name,
            booking.space.name,
            booking.starts_at,
            booking.ends_at,
            who(booking, reader, at),
            str(booking.hirer or ""),
            booking.title,
            booking.get_form_display() if booking.form else "",
            booking.people,
            capfirst(booking.get_status_display()),
            booking.payable,
            booking.fee,
            came,
        ]


@readers
@require_GET
def kept_booking(request: Request, pk: int) -> HttpResponse:
    """Everything about one booking, and what can be done with it."""
    booking, at = _kept(request, pk), now()
    lines = shown_lines([*booking.lines, *booking.fee_lines])
    context = {
        "booking": booking,
        "who": who(booking, request.user, at),
        "tone": BOOKING_TONES[booking.status],
        "rows": _facts(booking, officer=request.user.has_perm("facilities.keep_venues")),
        "lines": lines,
        "total": booking.payable + booking.fee,
        "story": _story(booking),
        "code_form": CodeForm(initial={"code": booking.access_code}) if may_read_code(request.user, booking, at) else None,
        "may": bool(may_keep_bookings(request.user)) and bool(may_change(request.user, booking, at)),
        "keeps": may_keep_bookings(request.user),
        "has_begun": booking.starts_at <= at,
        "of_series": booking.series.bookings.taking_space().filter(starts_at__gt=at).count() if booking.series else 0,
    }
    return render(request, "facilities/keep/kept_booking.html", context)


def _facts(booking: Booking, *, officer: bool) -> list[tuple[Any, Any]]:
    """Key and value, those that are known. Who pressed the button is shown to officers only."""
    rows: list[tuple[Any, Any]] = [
        (_("Number"), booking.pk),
        (_("What for"), booking.title),
        (_("Form of use"), capfirst(booking.get_form_display()) if booking.form else ""),
        (_("People"), booking.people),
        (_("Of whom under 25"), booking.young),
        (_("Pays as"), booking.hirer),
        (_("Set-up and cleaning"), _buffers(booking)),
    ]
    if officer:
        rows += [(_("Booked by"), booking.booked_by), (_("Why the municipality booked"), booking.reason)]
    return [(key, value) for key, value in rows if value not in (None, "")]


def _buffers(booking: Booking) -> str:
    if not booking.before and not booking.after:
        return ""
    return _("%(before)s min before, %(after)s min after") % {"before": booking.before, "after": booking.after}


def _story(booking: Booking) -> list[dict[str, Any]]:
    """What has happened, the latest first."""
    answered = _("Refused") if booking.status == BookingStatus.REFUSED else _("Approved")
    stamps = (
        (booking.made_at, _("Booked") if not booking.answer_by else _("Asked for")),
        (booking.answered_at, answered),
        (booking.cancelled_at, _("Cancelled")),
        (booking.arrived_at, _("They came")),
        (booking.absent_at, _("Nobody came")),
    )
    return [{"at": at, "title": title} for at, title in sorted((each for each in stamps if each[0]), reverse=True)]


@keepers
@require_POST
def kept_code(request: Request, pk: int) -> HttpResponse:
    booking, form = _kept(request, pk), CodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    return do(
        request, lambda: actions.give_code(booking, code, by=request.user, at=now()), _("Saved."), "facilities:kept_booking", pk
    )


@keepers
@require_http_methods(["GET", "POST"])
def kept_move(request: Request, pk: int) -> HttpResponse:
    """Another time or space; what is in the way is shown."""
    booking, at = _kept(request, pk), now()
    starts, ends = localtime(booking.starts_at), localtime(booking.ends_at)
    first = {"space": booking.space_id, "day": starts.date(), "starts": starts.time(), "ends": ends.time()}
    form = MoveForm(request.POST or None, initial=first)
    conflicts: list[Any] = []
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            actions.move(booking, wanted["space"], wanted["span"], by=request.user, at=at, reason=wanted["reason"])
        except actions.Taken as taken:
            refuse(form, taken, "starts")
            conflicts = in_the_way(taken.conflicts, request.user, at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The booking is moved, and a letter is on its way."))
            return redirect("facilities:kept_booking", pk)
    context = {"booking": booking, "who": who(booking, request.user, at), "conflicts": conflicts}
    return form_page(request, form, "facilities/keep/kept_move.html", conflict=bool(conflicts), **context)


@keepers
@require_http_methods(["GET", "POST"])
def kept_cancel(request: Request, pk: int) -> HttpResponse:
    """With the fee of the tariff or without, this time or the rest of the series; the hirer gets the reason."""
    booking, at = _kept(request, pk), now()
    costs = f"{kronor_text(actions.cost_of_cancelling(booking, at))} kr"
    form = CancelForm(request.POST or None, costs=costs, is_series=booking.series_id is not None, initial={"fee": "tariff"})
    if request.method == "POST" and form.is_valid():
        try:
            _cancel(booking, form.cleaned_data, request, at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Cancelled, and a letter is on its way."))
            return redirect("facilities:kept_booking", pk)
    context = {
        "title": _("Cancel the booking"),
        "lead": f"{who(booking, request.user, at)}, {booking.space}",
        "form": form,
        "button": _("Cancel the booking"),
        "tone": "danger",
        "cancel_url": reverse("facilities:kept_booking", args=[pk]),
    }
    return render(
        request, "facilities/keep/kept_cancel.html", {**context, "booking": booking}, status=422 if form.errors else 200
    )


def _cancel(booking: Booking, typed: dict[str, Any], request: Request, at: datetime) -> None:
    terms = {"by": request.user, "at": at, "reason": typed["reason"], "without_fee": typed["fee"] == NOTHING}
    if typed.get("rest"):
        actions.cancel_rest(booking, **terms)
    else:
        actions.cancel(booking, **terms)


@keepers
@require_http_methods(["GET", "POST"])
def kept_swap(request: Request, pk: int) -> HttpResponse:
    """Two bookings change place and time with each other."""
    booking, at = _kept(request, pk), now()
    form = SwapForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        coming = Booking.objects.filter(status__in=TAKES_SPACE, starts_at__gt=at, kind=UseKind.BOOKING)
        other = coming.filter(pk=form.cleaned_data["other"]).first()
        if other is None:
            form.add_error("other", _("There is no coming booking with that number."))
        else:
            try:
                actions.swap(booking, other, by=request.user, at=at, reason=form.cleaned_data["reason"])
            except Refused as refusal:
                refuse(form, refusal, "other")
            else:
                messages.success(request, _("The two bookings have changed places, and letters are on their way."))
                return redirect("facilities:kept_booking", pk)
    context = {
        "title": _("Change places with another booking"),
        "lead": f"{who(booking, request.user, at)}, {booking.space}",
        "form": form,
        "button": _("Change places"),
        "cancel_url": reverse("facilities:kept_booking", args=[pk]),
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


def _kept(request: Request, pk: int) -> Booking:
    related = ("space__venue", "association__category", "series", "hirer", "booked_by", "tariff")
    rows = Booking.objects.visible_to(request.user).exclude(kind=UseKind.CLOSURE)
    return get_object_or_404(rows.select_related(*related), pk=pk)
