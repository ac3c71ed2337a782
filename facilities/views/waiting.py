"""The waiting list as associations see it: stand in line for a taken time, take what is offered or leave it."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request, signed_in
from facilities import actions
from facilities.choices import USUAL_FORM, WAITING_TONES, UseForm, WaitingStatus
from facilities.forms.booking import AcceptForm, TimeForm
from facilities.forms.own import WaitForm
from facilities.models import Space, WaitingEntry
from facilities.models.terms import places_of
from facilities.permissions import may_answer_offer, may_book_for
from facilities.views.alternatives import look
from facilities.views.doors import current_association, received_at
from facilities.views.words import book_url
from facilities.wording import shown_lines
from records.refusals import NotAllowedNow
from records.values import local_day

OPEN = (WaitingStatus.WAITING, WaitingStatus.OFFERED)
OVER_SHOWN = 10


@signed_in
@require_http_methods(["GET", "POST"])
def waiting_join(request: Request, pk: int) -> HttpResponse:
    """Ask to have a taken time if it comes free."""
    space = get_object_or_404(Space.objects.bookable().select_related("venue"), pk=pk)
    time = TimeForm(request.GET)
    if not time.is_valid():
        return redirect("facilities:space_book", pk)
    association, at = current_association(request), received_at(request)
    initial = {"use": USUAL_FORM.get(space.kind, UseForm.TRAINING)}
    form = WaitForm(request.POST if request.method == "POST" else None, space=space, initial=initial)
    if request.method == "POST" and form.is_valid() and association:
        typed = form.cleaned_data
        try:
            actions.wait_for(
                space,
                time.span,
                association,
                form=typed["use"],
                title=typed["title"],
                people=typed["people"],
                by=request.user,
                at=at,
            )
        except NotAllowedNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("You stand in line. We write to you when the time comes free."))
            return redirect("facilities:waiting_list")
    there = look(space, time.span, at=at)
    context = {
        "space": space,
        "span": time.span,
        "form": form,
        "association": association,
        "may": may_book_for(request.user, association, at) if association else None,
        "look": there,
        "ahead": WaitingEntry.objects.waiting_for(space, time.span).count(),
        "book_url": book_url(space.pk, time.span),
    }
    return render(request, "facilities/waiting_join.html", context, status=422 if form.errors else 200)


@signed_in
@require_GET
def waiting_list(request: Request) -> HttpResponse:
    """Our places in line, offers first. Two queries."""
    association = current_association(request)
    rows = WaitingEntry.objects.visible_to(request.user).filter(association=association) if association else []
    found = list(_with_place(rows).select_related("space__venue")) if association else []
    at = received_at(request)
    standing = [row for row in found if row.status in OPEN and row.starts_at > at]
    context = {
        "association": association,
        "offers": [row for row in standing if row.status == WaitingStatus.OFFERED],
        "waiting": [row for row in standing if row.status == WaitingStatus.WAITING],
        "over": [(row, WAITING_TONES[row.status]) for row in reversed(found) if row not in standing][:OVER_SHOWN],
    }
    return render(request, "facilities/waiting_list.html", context)


def _with_place(rows: Any) -> Any:
    """ahead: how many asked earlier for some of the same time on the same ground."""
    earlier = (
        WaitingEntry.objects.filter(
            Q(made_at__lt=OuterRef("made_at")) | Q(made_at=OuterRef("made_at"), pk__lt=OuterRef("pk")),
            status=WaitingStatus.WAITING,
            space__takes__overlap=OuterRef("space__takes"),
            starts_at__lt=OuterRef("ends_at"),
            ends_at__gt=OuterRef("starts_at"),
        )
        .order_by()
        .values("status")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return rows.annotate(ahead=Coalesce(Subquery(earlier), 0)).order_by("starts_at", "pk")


@signed_in
@require_http_methods(["GET", "POST"])
def waiting_offer(request: Request, pk: int) -> HttpResponse:
    """A time that has come free: what it costs, until when it is kept, take it or leave it."""
    rows = WaitingEntry.objects.visible_to(request.user).select_related("space__venue", "association", "booking__tariff")
    entry = get_object_or_404(rows, pk=pk)
    at, day = received_at(request), local_day(entry.starts_at)
    if entry.status == WaitingStatus.TAKEN and entry.booking_id:
        return redirect("facilities:booking", entry.booking_id)
    (place,) = places_of([entry.space], day, day)
    form = AcceptForm(request.POST if request.method == "POST" else None, space=entry.space, rules=place.rules)
    refused: NotAllowedNow | None = None
    if request.method == "POST" and (form.is_valid() or not form.fields):
        try:
            booking = actions.take_offer(entry, by=request.user, at=at, accepted=True)
        except NotAllowedNow as reason:
            refused = reason
        else:
            return redirect("facilities:booking_receipt", booking.pk)
    is_open = entry.status == WaitingStatus.OFFERED and entry.offered_until is not None and entry.offered_until > at
    context = {
        "entry": entry,
        "form": form,
        "rules": place.rules,
        "may": may_answer_offer(request.user, entry, at),
        "is_open": is_open,
        "refused": refused,
        "lines": shown_lines(entry.booking.lines) if entry.booking else [],
        "tone": WAITING_TONES[entry.status],
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "facilities/waiting_offer.html", context, status=status)


@signed_in
@require_POST
def waiting_leave(request: Request, pk: int) -> HttpResponse:
    """Leave the line, or say no to an offer."""
    entry = get_object_or_404(WaitingEntry.objects.visible_to(request.user).select_related("space__venue", "association"), pk=pk)
    offered = entry.status == WaitingStatus.OFFERED
    try:
        actions.stop_waiting(entry, by=request.user, at=received_at(request))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("You said no, and the next in line gets the offer.") if offered else _("You left the line."))
    return redirect("facilities:waiting_list")
