"""Staff book for somebody else, or for the municipality itself: once or again and again, with price and obstacles shown first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import Request
from facilities import actions
from facilities.actions import SeriesDay, Wish
from facilities.choices import UseKind
from facilities.forms.keep_booking import BehalfForm, OwnUseForm, RepeatForm
from facilities.models import Booking
from facilities.views.keeping import ShownBooking, form_page, in_the_way, keepers, refuse
from facilities.wording import FAULTS, shown_lines
from records.refusals import NotAllowedNow


@dataclass(slots=True)
class ShownDay:
    """One date of a wished series, with what is against it in words."""

    day: SeriesDay
    faults: list[Any]
    taken: list[ShownBooking]
    is_skipped: bool


@dataclass(slots=True)
class Plan:
    """What the form asks for, looked at: shown before anything is booked."""

    days: list[ShownDay]
    booking: Booking | None  # priced, unsaved; one of the series
    times: int = 1
    faults: Sequence[Any] = ()
    taken: Sequence[ShownBooking] = ()

    @property
    def is_free(self) -> bool:
        return (
            not self.faults
            and not self.taken
            and all(each.day.is_free or each.is_skipped for each in self.days)
            and self.times > 0
        )

    @property
    def lines(self) -> list[Any]:
        return shown_lines(self.booking.lines) if self.booking else []

    @property
    def total(self) -> Any:
        return self.booking.payable if self.booking else None


@keepers
@require_http_methods(["GET", "POST"])
def behalf_book(request: Request) -> HttpResponse:
    """For an association, a person or a company."""
    form = BehalfForm(request.POST or None, initial=_first(request))
    return _book_page(request, form, "facilities/keep/behalf_book.html", own=False)


@keepers
@require_http_methods(["GET", "POST"])
def own_use(request: Request) -> HttpResponse:
    """The municipality's own use."""
    form = OwnUseForm(request.POST or None, initial=_first(request))
    return _book_page(request, form, "facilities/keep/own_use.html", own=True)


def _book_page(request: Request, form: RepeatForm, template: str, *, own: bool) -> HttpResponse:
    """Press one looks, press two books. What has changed in between is shown instead of booked."""
    at, plan = now(), None
    skip = frozenset(_days(request.POST.getlist("skip")))
    if request.method == "POST" and form.is_valid():
        wish = _wish(form)
        try:
            plan = _plan(form, wish, skip, request, at, own=own)
            if plan.is_free and "book" in request.POST:
                return _booked(form, wish, skip, request, at, own=own)
        except NotAllowedNow as refusal:
            refuse(form, refusal)
            plan = None
    context = {"plan": plan, "own": own}
    return form_page(request, form, template, conflict=bool(plan and not plan.is_free), **context)


def _wish(form: RepeatForm) -> Wish:
    if isinstance(form, BehalfForm):
        return form.wish()
    typed = form.cleaned_data
    return Wish(title=typed["title"], form="", on_behalf=True, reason=typed["reason"])


def _plan(form: RepeatForm, wish: Wish, skip: frozenset[date], request: Request, at: datetime, *, own: bool) -> Plan:
    typed = form.cleaned_data
    space, pattern = typed["space"], typed.get("pattern")
    if pattern is None:
        look = actions.look(space, typed["span"], wish, by=request.user, at=at, own=own)
        faults = [FAULTS[fault] for fault in look.faults]
        return Plan([], None if own else look.booking, 1, faults, in_the_way(look.conflicts, request.user, at))
    days = actions.plan_series(space, pattern, wish, at=at)
    every = [conflict for day in days for conflict in day.conflicts]
    standing = {row.booking.pk: row for row in in_the_way(every, request.user, at)}
    shown = [ShownDay(day, [FAULTS[each] for each in day.faults], _named(day, standing), day.day in skip) for day in days]
    spans = [each.day.span for each in shown if each.day.span and not each.is_skipped]
    priced = [] if own or not spans else actions.price_each(space, spans, wish, by=request.user, at=at)
    return Plan(shown, priced[0] if priced else None, len(spans))


def _named(day: SeriesDay, standing: dict[int, ShownBooking]) -> list[ShownBooking]:
    return [standing[conflict.booking] for conflict in day.conflicts if conflict.booking in standing]


def _booked(form: RepeatForm, wish: Wish, skip: frozenset[date], request: Request, at: datetime, *, own: bool) -> HttpResponse:
    typed, by = form.cleaned_data, request.user
    space, pattern = typed["space"], typed.get("pattern")
    if pattern is None and own:
        bookings = [actions.take_for(space, typed["span"], UseKind.OWN, title=wish.title, by=by, at=at, reason=wish.reason)]
    elif pattern is None:
        bookings = [actions.book(space, typed["span"], wish, by=by, at=at)]
    elif own:
        bookings = actions.take_series_for(space, pattern, title=wish.title, by=by, at=at, reason=wish.reason, skip=skip)
    else:
        bookings = actions.book_series(space, pattern, wish, by=by, at=at, skip=skip)
    done = ngettext("%(n)s time is booked.", "%(n)s times are booked.", len(bookings)) % {"n": len(bookings)}
    messages.success(request, done)
    return redirect("facilities:kept_booking", bookings[0].pk)


def _first(request: Request) -> dict[str, Any]:
    """The address may say where and when, as the links of a calendar do."""
    return {name: request.GET[name] for name in ("space", "day", "starts", "ends", "association") if name in request.GET}


def _days(typed: Sequence[str]) -> list[date]:
    found = []
    for text in typed:
        try:
            found.append(date.fromisoformat(text))
        except ValueError:
            continue
    return found
