"""What the pages of the municipality's staff have in common: doors, who hires as this reader may know it, forms, refusals."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.permissions import Request, needs
from facilities.actions import Conflict
from facilities.choices import UseKind
from facilities.models import Booking
from facilities.permissions import sees_hirer
from records.refusals import Refused
from records.values import parse_day

readers = needs("facilities.read_bookings")  # officers, venue staff, auditors
keepers = needs("facilities.keep_bookings")  # officers, venue staff
officers = needs("facilities.keep_venues")


def who(booking: Booking, reader: Any, at: datetime) -> str:
    """Who has a time, as far as this reader may know. Reads the association, so select it."""
    if booking.kind == UseKind.CLOSURE:
        return pgettext("a space", "Closed")
    if booking.kind in (UseKind.OWN, UseKind.PERFORMANCE):
        return _("The municipality")
    if booking.association:
        return booking.association.name
    return booking.hirer_name if sees_hirer(reader, booking, at) else _("A private hirer")


@dataclass(frozen=True, slots=True)
class ShownBooking:
    """A booking with its hirer's name, in a list."""

    booking: Booking
    who: str


def in_the_way(conflicts: Iterable[Conflict], reader: Any, at: datetime) -> list[ShownBooking]:
    """What stands where somebody wants to be, in order. One query."""
    keys = {conflict.booking for conflict in conflicts}
    found = Booking.objects.filter(pk__in=keys).select_related("space__venue", "association")
    return shown_bookings(found.order_by("starts_at", "pk"), reader, at)


def shown_bookings(bookings: Iterable[Booking], reader: Any, at: datetime) -> list[ShownBooking]:
    return [ShownBooking(booking, who(booking, reader, at)) for booking in bookings]


def day_in_address(request: Request, name: str = "day", *, default: date | None = None) -> date:
    """The day that the address names; today (or *default*) when it names none, or none that can be read."""
    try:
        return parse_day(request.GET.get(name, ""))
    except ValueError:
        return default or localdate()


def form_page(request: Request, form: Any, template: str, *, conflict: bool = False, **context: Any) -> HttpResponse:
    """A page around a form. 422 when something in it needs correcting, 409 when something is in the way."""
    status = 409 if conflict else 422 if form.is_bound and not form.is_valid() else 200
    return render(request, template, {"form": form, **context}, status=status)


def refuse(form: forms.BaseForm, refusal: Refused, field: str | None = None) -> None:
    """Show a refusal beside its field, or among the form's errors."""
    form.add_error(field if field in form.fields else None, str(refusal))


def do(request: Request, act: Callable[[], Any], done: str, back: str, *args: Any, at_row: str = "") -> HttpResponseRedirect:
    """Press of a button: do it and say so, or say why not; then back to the page, at the row."""
    try:
        act()
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    response = redirect(back, *args)
    response["Location"] += f"#{at_row}" if at_row else ""
    return response


def keys_typed(values: Sequence[str]) -> list[int]:
    """Keys that a form carries in hidden fields; what is no number is left out."""
    return [int(value) for value in values if value.isdecimal()]
