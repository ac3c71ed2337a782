"""Booking a series: which dates can be had stands there before anything is held, each can be left out, then all are booked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Request, signed_in
from facilities import actions
from facilities.choices import USUAL_FORM, BookingStatus, UseForm
from facilities.forms.booking import SeriesDetailsForm, SeriesForm, SkipForm
from facilities.models import Booking, BookingRules, Series, Space
from facilities.models.terms import places_of
from facilities.rules.series import Pattern, series_days
from facilities.rules.terms import Fault
from facilities.views.doors import current_association, received_at, today
from facilities.wording import FAULTS
from records.refusals import NotAllowedNow
from records.values import is_public_holiday


@dataclass(frozen=True, slots=True)
class Row:
    """One date of a series. offer: the unsaved booking with its price. reasons: why it cannot be had."""

    day: actions.SeriesDay
    offer: Booking | None
    reasons: tuple[Any, ...]
    skipped: bool
    holiday: bool

    @property
    def counts(self) -> bool:
        return self.day.is_free and not self.skipped


@signed_in
@require_http_methods(["GET", "POST"])
def series(request: Request, pk: int) -> HttpResponse:
    """How it repeats lives in the address; the dates that can be had stand under it. POST counts again, or books."""
    space = get_object_or_404(Space.objects.bookable().select_related("venue"), pk=pk)
    asked = request.GET if "first" in request.GET else None
    form = SeriesForm(asked, initial=_initial(request, space))
    if not (form.is_bound and form.is_valid()):
        return _page(request, space, form)
    try:
        days = list(series_days(form.pattern))
    except ValueError:
        form.add_error("last", form.too_many())
        return _page(request, space, form)
    return _dates(request, space, form, days)


def _initial(request: Request, space: Space) -> dict[str, Any]:
    return {
        "repeats": SeriesForm.WEEKLY,
        "holidays": True,
        "first": request.GET.get("day") or today(request),
        "begins": request.GET.get("begins"),
        "ends": request.GET.get("ends"),
        "use": USUAL_FORM.get(space.kind, UseForm.TRAINING),
    }


def _page(request: Request, space: Space, form: SeriesForm, **more: Any) -> HttpResponse:
    status = more.pop("status", 422 if form.errors else 200)
    context = {"space": space, "form": form, "association": current_association(request), **more}
    return render(request, "facilities/series.html", context, status=status)


def _dates(request: Request, space: Space, form: SeriesForm, days: list[date]) -> HttpResponse:
    """The dates with what is against them; books when that is what was pressed, and what was shown still holds."""
    rules, posted = _rules_of(space, days or [form.pattern.first]), request.POST if request.method == "POST" else None
    details = SeriesDetailsForm(posted, space=space, rules=rules)
    pressed_book = posted is not None and posted.get("do") == "book"
    valid = details.is_bound and details.is_valid()
    skipped = SkipForm(posted, days=days).skipped if posted is not None else _suggested(form, days)
    wish = _wish(request, form, getattr(details, "cleaned_data", {}), rules)
    rows = _rows(request, space, form.pattern, wish, skipped)
    if posted is not None and posted.get("do") == "skip":
        rows = [replace(row, skipped=row.skipped or not row.day.is_free) for row in rows]
    total = sum((row.offer.payable for row in rows if row.counts and row.offer), Decimal(0))
    refused: NotAllowedNow | None = None
    if pressed_book and valid:
        try:
            if again := _booked_already(request, form.pattern, [row.day for row in rows]):
                return redirect("facilities:series_receipt", again.pk)
            _as_shown(request, total)
            return redirect("facilities:series_receipt", _book(request, space, form.pattern, wish, skipped))
        except NotAllowedNow as reason:
            refused = reason
    if details.is_bound and not pressed_book:  # counted again: what is typed stays, and nothing is called wrong yet
        details = SeriesDetailsForm(initial=request.POST.dict(), space=space, rules=rules)
    status = 409 if refused else 422 if details.errors else 200
    return _page(request, space, form, status=status, details=details, rules=rules, refused=refused, **_counted(rows, total))


def _counted(rows: Sequence[Row], total: Decimal) -> dict[str, Any]:
    counting = [row for row in rows if row.counts]
    return {
        "rows": rows,
        "sum": total,
        "times": len(counting),
        "in_the_way": [row for row in rows if not row.day.is_free and not row.skipped],
        "unpriced": any(row.offer is None or row.offer.tariff is None for row in counting),
    }


def _as_shown(request: Request, total: Decimal) -> None:
    """The sum of the page that was sent is the sum now: how many come, and how young, may have changed it."""
    if request.POST.get("sum") != f"{total:.2f}":
        raise NotAllowedNow(_("The price is another now. Look at the new sum before you book."), "price")


def _book(request: Request, space: Space, pattern: Pattern, wish: actions.Wish, skipped: Collection[date]) -> int:
    """The key of the series, also when it was booked by the same press a moment ago."""
    try:
        booked = actions.book_series(space, pattern, wish, by=request.user, at=received_at(request), skip=skipped)
    except actions.SeriesInTheWay as reason:
        if again := _booked_already(request, pattern, reason.days):
            return again.pk
        raise
    return booked[0].series_id or 0


def _suggested(form: SeriesForm, days: Collection[date]) -> frozenset[date]:
    """Before anybody has chosen: public holidays, when they are to be left out."""
    return frozenset(day for day in days if form.cleaned_data["holidays"] and is_public_holiday(day))


def _rules_of(space: Space, days: Sequence[date]) -> BookingRules:
    (place,) = places_of([space], min(days), max(days))
    return place.rules


def _wish(request: Request, form: SeriesForm, typed: Mapping[str, Any], rules: BookingRules) -> actions.Wish:
    """As far as it has been said yet."""
    return actions.Wish(
        association=current_association(request),
        title=typed.get("title", ""),
        form=form.cleaned_data["use"],
        people=typed.get("people"),
        young=typed.get("young"),
        women=typed.get("women"),
        men=typed.get("men"),
        age=rules.minimum_age if typed.get("of_age") else None,
        accepted_at=received_at(request),
    )


def _booked_already(request: Request, pattern: Pattern, days: Sequence[actions.SeriesDay]) -> Series | None:
    """Pressed twice: what is in the way is the very same series, just booked by the same person."""
    in_the_way = {conflict.booking for day in days for conflict in day.conflicts}
    if not in_the_way:
        return None
    same = Series.of(pattern, by=request.user, at=received_at(request))
    facts = {name: getattr(same, name) for name in ("first", "last", "starts", "ends", "repeats", "every", "weekdays")}
    return Series.objects.filter(bookings__in=in_the_way, made_by=request.user, **facts).first()


def _rows(request: Request, space: Space, pattern: Pattern, wish: actions.Wish, skipped: Collection[date]) -> list[Row]:
    """At most eight queries, however long the series."""
    days = actions.plan_series(space, pattern, wish, at=received_at(request))
    spans = [(space, day.span) for day in days if day.span]
    offers = iter(actions.quotes(spans, wish))
    return [
        Row(day, next(offers) if day.span else None, _reasons(day), day.day in skipped, is_public_holiday(day.day))
        for day in days
    ]


def _reasons(day: actions.SeriesDay) -> tuple[Any, ...]:
    taken = (FAULTS[Fault.TAKEN],) if day.conflicts else ()
    return (*(FAULTS[fault] for fault in day.faults), *taken)


@signed_in
@require_GET
def series_receipt(request: Request, pk: int) -> HttpResponse:
    """All times of a series that was booked, or asked for, with their sum."""
    rows = (
        Booking.objects.spoken_for_by(request.user).filter(series=pk).select_related("space__venue", "association", "booked_by")
    )
    bookings = list(rows.order_by("starts_at"))
    found = get_object_or_404(Series.objects.filter(pk__in={booking.series_id for booking in bookings}), pk=pk)
    standing = [each for each in bookings if each.status in (BookingStatus.CONFIRMED, BookingStatus.REQUESTED)]
    context = {
        "series": found,
        "bookings": bookings,
        "first": bookings[0],
        "standing": standing,
        "sum": sum((each.payable for each in standing), Decimal(0)),
        "asked": any(each.status == BookingStatus.REQUESTED for each in bookings),
    }
    return render(request, "facilities/series_receipt.html", context)
