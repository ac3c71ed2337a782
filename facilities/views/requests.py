"""Requests that a person answers within the promised working days: the most pressing first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from facilities import actions
from facilities.choices import BookingStatus
from facilities.forms.keep_booking import ReasonForm, VenueFilter
from facilities.models import Booking, Series
from facilities.permissions import may_keep_bookings
from facilities.rules.terms import working_days_left
from facilities.views.keeping import do, keepers, readers, refuse, who
from records.refusals import Refused


@dataclass(slots=True)
class Asked:
    """One thing to answer: a time, or the times of a series that wait together."""

    first: Booking
    who: str
    left: int  # working days
    bookings: list[Booking] = field(default_factory=list)

    @property
    def word(self) -> str:
        if self.left < 0:
            return ngettext("%(n)s working day late", "%(n)s working days late", -self.left) % {"n": -self.left}
        if self.left == 0:
            return _("Answer today")
        return ngettext("%(n)s working day left", "%(n)s working days left", self.left) % {"n": self.left}

    @property
    def tone(self) -> str:
        return "danger" if self.left < 0 else "warning" if self.left == 0 else "waiting"

    @property
    def is_series(self) -> bool:
        return len(self.bookings) > 1


@readers
@require_GET
def request_list(request: Request) -> HttpResponse:
    """Everything that waits for an answer. Three queries."""
    at, form = now(), VenueFilter(request.GET)
    found = Booking.objects.visible_to(request.user).awaiting_answer()
    if form.is_valid() and form.cleaned_data["venue"]:
        found = found.filter(space__venue=form.cleaned_data["venue"])
    found = found.select_related("space__venue", "association", "series", "booked_by", "hirer")
    asked = asked_together(found, request.user, at)
    context = {"form": form, "asked": asked, "keeps": may_keep_bookings(request.user), "late": sum(row.left < 0 for row in asked)}
    return render(request, "facilities/keep/request_list.html", context)


def asked_together(bookings: Iterable[Booking], reader: Any, at: datetime) -> list[Asked]:
    """Requests in their order, those of one series as one."""
    rows: dict[Any, Asked] = {}
    for booking in bookings:
        key = ("series", booking.series_id) if booking.series_id else ("booking", booking.pk)
        if key not in rows:
            rows[key] = Asked(booking, who(booking, reader, at), working_days_left(localdate(at), _answer_by(booking)))
        rows[key].bookings.append(booking)
    return list(rows.values())


def _answer_by(booking: Booking) -> date:
    if booking.answer_by is None:
        raise ValueError("A request has a day to be answered by.")
    return booking.answer_by


@keepers
@require_POST
def request_approve(request: Request, pk: int) -> HttpResponse:
    booking = _request(request, pk)
    done = _("The request is approved, and a letter is on its way.")
    return do(request, lambda: actions.approve(booking, by=request.user, at=now()), done, "facilities:request_list")


@keepers
@require_POST
def series_approve(request: Request, pk: int) -> HttpResponse:
    series = get_object_or_404(Series, pk=pk)
    done = _("All times of the series are approved, and a letter is on its way.")
    return do(request, lambda: actions.approve_series(series, by=request.user, at=now()), done, "facilities:request_list")


@keepers
@require_http_methods(["GET", "POST"])
def request_refuse(request: Request, pk: int) -> HttpResponse:
    booking = _request(request, pk)
    lead = f"{who(booking, request.user, now())}, {booking.space}"
    return _refuse_page(request, lead, lambda reason: actions.refuse(booking, reason=reason, by=request.user, at=now()))


@keepers
@require_http_methods(["GET", "POST"])
def series_refuse(request: Request, pk: int) -> HttpResponse:
    """All times of a series that still wait."""
    series = get_object_or_404(Series, pk=pk)
    first = series.bookings.select_related("space__venue", "association").order_by("starts_at").first()
    lead = f"{who(first, request.user, now())}, {first.space}" if first else ""
    return _refuse_page(request, lead, lambda reason: actions.refuse_series(series, reason=reason, by=request.user, at=now()))


def _refuse_page(request: Request, lead: str, act: Any) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data["reason"])
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The request is refused, and a letter with the reason is on its way."))
            return redirect("facilities:request_list")
    context = {
        "title": _("Refuse the request"),
        "lead": lead,
        "form": form,
        "button": _("Refuse"),
        "tone": "danger",
        "cancel_url": reverse("facilities:request_list"),
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


def _request(request: Request, pk: int) -> Booking:
    """A booking that was asked for; one answered meanwhile says so when it is answered again."""
    rows = Booking.objects.visible_to(request.user).exclude(status=BookingStatus.HELD)
    return get_object_or_404(rows.select_related("space__venue", "association"), pk=pk)
