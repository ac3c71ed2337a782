"""Booking one time: choose it, hold it while the form is filled, see the price, book it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request, public, signed_in
from facilities import actions
from facilities.choices import BookingStatus, UseKind
from facilities.forms.booking import DetailsForm, TimeForm
from facilities.models import Booking, BookingRules, Space
from facilities.models.terms import places_of
from facilities.permissions import may_book_for
from facilities.rules.spans import Span
from facilities.rules.terms import Fault
from facilities.views.alternatives import look
from facilities.views.doors import current_association, received_at, today
from facilities.views.words import book_url, left_words
from facilities.wording import shown_lines
from records.refusals import NotAllowedNow
from records.values import local_day

_ALONG = ("space__venue", "association", "tariff", "series", "booked_by")
_BOOKED = (BookingStatus.CONFIRMED, BookingStatus.REQUESTED)


# --- choose a time -----------------------------------------------------------------------------------------------------------


@public
@require_http_methods(["GET", "POST"])
def space_book(request: HttpRequest, pk: int) -> HttpResponse:
    """A time of a space: what it costs, or why it cannot be had and what is free instead. POST holds it for ten minutes."""
    space = get_object_or_404(Space.objects.bookable().select_related("venue"), pk=pk)
    typed = request.POST if request.method == "POST" else request.GET
    form = TimeForm(typed if "day" in typed else None, initial={"day": today(request)})
    if not (form.is_bound and form.is_valid()):
        return _time_page(request, space, form)
    if request.method == "GET":
        return _time_page(request, space, form, span=form.span)
    if not request.user.is_authenticated:
        return redirect_to_login(book_url(space.pk, form.span))
    return _hold(request, space, form)


def _hold(request: Any, space: Space, form: TimeForm) -> HttpResponse:
    wish = actions.Wish(association=current_association(request))
    try:
        held = actions.hold(space, form.span, wish, by=request.user, at=received_at(request))
    except actions.Taken as taken:
        if own := _own_hold(request, space, form.span, taken):
            return redirect("facilities:booking_fill", own.pk)
        return _time_page(request, space, form, span=form.span, status=409)
    except actions.NotPossible as refused:
        return _time_page(request, space, form, span=form.span, refused=refused, status=409)
    except NotAllowedNow as refused:
        return _time_page(request, space, form, span=form.span, refused=refused, status=409)
    return redirect("facilities:booking_fill", held.pk)


def _own_hold(request: Request, space: Space, span: Span, taken: actions.Taken) -> Booking | None:
    """Pressed twice: the time is held already, by the same person."""
    same = {"space": space, "starts_at": span.starts, "ends_at": span.ends, "booked_by": request.user, "kind": UseKind.BOOKING}
    return Booking.objects.filter(pk__in=[each.booking for each in taken.conflicts], status=BookingStatus.HELD, **same).first()


def _time_page(
    request: Any,
    space: Space,
    form: TimeForm,
    *,
    span: Span | None = None,
    refused: NotAllowedNow | None = None,
    status: int = 0,
) -> HttpResponse:
    association, at = current_association(request), received_at(request)
    back = f"{reverse('facilities:week', args=[space.venue.key])}?space={space.pk}"
    context: dict[str, Any] = {
        "space": space,
        "form": form,
        "association": association,
        "span": span,
        "refused": refused,
        "back_url": f"{back}&day={local_day(span.starts)}" if span else back,
    }
    if span:
        (offer,) = actions.quotes([(space, span)], actions.Wish(association=association, form=""))
        context |= {
            "offer": offer,
            "lines": shown_lines(offer.lines),
            "look": look(space, span, at=at),
            "may": may_book_for(request.user, association, at) if association else None,
            "holds": _own_holds(request) if refused and refused.code == "holds" else [],
        }
    return render(request, "facilities/space_book.html", context, status=status or (422 if form.errors else 200))


def _own_holds(request: Request) -> Any:
    holds = Booking.objects.filter(booked_by=request.user, status=BookingStatus.HELD, held_until__gt=received_at(request))
    return holds.filter(waited_for=None, kind=UseKind.BOOKING).select_related("space__venue").order_by("held_until")


# --- fill in what is held ----------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "POST"])
def booking_fill(request: Request, pk: int) -> HttpResponse:
    """What the held time is for. How long it is held stands in words."""
    held = _held(request, pk)
    if held.status in _BOOKED:
        return redirect("facilities:booking_receipt", pk)
    if _is_over(held):
        return _over(request, held)
    rules = _rules_of(held)
    form = DetailsForm(request.POST if request.method == "POST" else None, space=held.space, rules=rules, initial=_written(held))
    if request.method == "POST" and form.is_valid():
        try:
            actions.fill_in(held, _wish(form, held, rules, request), by=request.user, at=received_at(request))
        except actions.HoldOver:
            return _over(request, _held(request, pk), status=409)
        except actions.NotPossible as refused:
            _blame(form, refused)
        except NotAllowedNow as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("facilities:booking_confirm", pk)
    left = left_words(held.held_until, received_at(request))
    context = {"booking": held, "form": form, "rules": rules, "left": left}
    return render(request, "facilities/booking_fill.html", context, status=422 if form.errors else 200)


def _held(request: Request, pk: int) -> Booking:
    """A booking that this person made or is making; an offer from the waiting list has pages of its own."""
    mine = Booking.objects.filter(booked_by=request.user, waited_for=None, on_behalf=False)
    return get_object_or_404(mine.select_related(*_ALONG), pk=pk)


def _is_over(held: Booking) -> bool:
    """Taken away by somebody else, swept away or let go. One that has merely run out is still theirs while nobody wants it."""
    return held.status != BookingStatus.HELD


def _over(request: Request, held: Booking, status: int = 200) -> HttpResponse:
    """The hold is over: hold the time again, or see what is free instead."""
    context = {"booking": held, "look": look(held.space, held.span, at=received_at(request))}
    return render(request, "facilities/booking_over.html", context, status=status)


def _rules_of(held: Booking) -> BookingRules:
    day = local_day(held.starts_at)
    (place,) = places_of([held.space], day, day)
    return place.rules


def _written(held: Booking) -> dict[str, Any]:
    """What was filled in before, shown again. Accepting and answering for the age is done anew."""
    names = ("title", "people", "young", "women", "men")
    return {**{name: getattr(held, name) for name in names}, "use": held.form or None}


def _wish(form: DetailsForm, held: Booking, rules: BookingRules, request: Request) -> actions.Wish:
    typed = form.cleaned_data
    return actions.Wish(
        association=held.association,
        title=typed["title"],
        form=typed["use"],
        people=typed["people"],
        young=typed["young"],
        women=typed["women"],
        men=typed["men"],
        age=rules.minimum_age if typed.get("of_age") else None,
        accepted_at=received_at(request),
    )


def _blame(form: DetailsForm, refused: actions.NotPossible) -> None:
    """Each sentence beside the field that it is about."""
    fields = {Fault.TOO_MANY_PEOPLE: "people", Fault.TOO_YOUNG: "of_age"}
    field = fields.get(refused.faults[0])
    form.add_error(field if field in form.fields else None, str(refused))


# --- see the price and book --------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "POST"])
def booking_confirm(request: Request, pk: int) -> HttpResponse:
    """Everything on one page with the price and how it is counted; one press books, however often it is pressed."""
    held = _held(request, pk)
    if held.status in _BOOKED:
        return redirect("facilities:booking_receipt", pk)
    if _is_over(held):
        return _over(request, held)
    if held.rules_accepted_at is None:
        return redirect("facilities:booking_fill", pk)
    refused: NotAllowedNow | None = None
    if request.method == "POST":
        try:
            actions.confirm(held, by=request.user, at=received_at(request))
        except actions.HoldOver:
            return _over(request, _held(request, pk), status=409)
        except NotAllowedNow as reason:
            refused = reason
        else:
            return redirect("facilities:booking_receipt", pk)
    context = {
        "booking": held,
        "lines": shown_lines(held.lines),
        "rules": _rules_of(held),
        "refused": refused,
        "left": left_words(held.held_until, received_at(request)),
    }
    return render(request, "facilities/booking_confirm.html", context, status=409 if refused else 200)


@signed_in
@require_POST
def booking_let_go(request: Request, pk: int) -> HttpResponse:
    """Let a held time go before it is booked."""
    held = _held(request, pk)
    actions.release_hold(held, by=request.user, at=received_at(request))
    messages.info(request, _("The time is let go and is free for others."))
    return redirect(
        f"{reverse('facilities:week', args=[held.space.venue.key])}?space={held.space_id}&day={held.starts_at:%Y-%m-%d}"
    )


@signed_in
@require_GET
def booking_receipt(request: Request, pk: int) -> HttpResponse:
    """What was booked or asked for, what it costs, and what happens now."""
    found = get_object_or_404(Booking.objects.spoken_for_by(request.user).select_related(*_ALONG), pk=pk)
    if found.status not in _BOOKED:
        return redirect("facilities:booking", pk)
    context = {"booking": found, "lines": shown_lines(found.lines), "rules": _rules_of(found)}
    return render(request, "facilities/booking_receipt.html", context)
