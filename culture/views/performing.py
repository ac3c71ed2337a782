"""Performances planned, moved, made larger or smaller, given a host, cancelled. Whom it concerns is shown before."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import Request
from culture import actions
from culture.choices import VisitStatus
from culture.forms.offers import WhyForm
from culture.forms.performances import SCHOOL, VENUE, HostForm, MoveForm, PerformanceForm, RoomForm
from culture.models import Offer, Performance, Visit
from culture.views.office import day_in_address, form_page, number_in_address, planners, refuse
from culture.views.performances import performance_or_404
from facilities.actions import NotPossible, Taken
from facilities.views.keeping import in_the_way
from facilities.wording import FAULTS
from records.refusals import Refused

_BESIDE = {
    "withdrawn": "offer",
    "backwards": "ends",
    "no_year": "day",
    "locked": "day",
    "no_reason": "day",
    "hall": "host",
    "personal_number": "place",
}
_MOVES = {
    "no_year": "day",
    "year": "day",
    "same_day": "day",
    "confirmed": "day",
    "locked": "reason",
    "no_reason": "reason",
    "personal_number": "reason",
}


@planners
@require_http_methods(["GET", "POST"])
def performance_new(request: Request) -> HttpResponse:
    """One time of an offer. A venue of ours is held at once; when somebody else has it, that is said beside it."""
    form = PerformanceForm(request.POST or None, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        span = typed["span"]
        try:
            made = actions.plan_performance(typed["offer"], span.starts, span.ends, by=request.user, at=now(), **form.facts())
        except Refused as refusal:
            _put(request, form, refusal, _BESIDE)
        else:
            messages.success(request, _("The performance is planned."))
            return redirect("culture:performance", made.pk)
    return form_page(request, form, "culture/office/performance_form.html", back=reverse("culture:performance_list"))


def _first(request: Request) -> dict[str, Any]:
    """The address may say what and which day, as the links of the offer and of the calendar do."""
    offer = Offer.objects.visible_to(request.user).filter(pk=number_in_address(request, "utbud") or 0).first()
    where = (SCHOOL if offer.is_touring else VENUE) if offer else None
    return {"offer": offer, "day": day_in_address(request), "where": where}


def _put(request: Request, form: Any, refusal: Refused, beside: Mapping[str, str]) -> None:
    """What is in the way of a venue stands beside the venue, with who and when; closed hours beside the time."""
    if isinstance(refusal, Taken):
        for standing in in_the_way(refusal.conflicts, request.user, now()):
            booking = standing.booking
            starts, ends = localtime(booking.starts_at), localtime(booking.ends_at)
            facts = {"space": booking.space, "who": standing.who, "day": date_format(starts, "j F"), "from": f"{starts:%H.%M}"}
            told = _("%(space)s is taken %(day)s %(from)s–%(to)s: %(who)s.") % {**facts, "to": f"{ends:%H.%M}"}
            form.add_error("space" if "space" in form.fields else None, told)
    elif isinstance(refusal, NotPossible):
        for fault in refusal.faults:
            form.add_error("starts", str(FAULTS[fault]))
    else:
        refuse(form, refusal, beside)


@planners
@require_http_methods(["GET", "POST"])
def performance_move(request: Request, pk: int) -> HttpResponse:
    """Another time or venue. Its classes come along when the day suits them."""
    found = performance_or_404(pk)
    form = MoveForm(request.POST or None, performance=found)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        span = typed["span"]
        try:
            facts = {name: typed[name] for name in ("space", "place", "place_step_free", "reason") if name in typed}
            actions.move_performance(found, span.starts, span.ends, by=request.user, at=now(), **facts)
        except Refused as refusal:
            _put(request, form, refusal, _MOVES)
        else:
            messages.success(request, _("The performance is moved."))
            return redirect("culture:performance", pk)
    lead = _("Its classes come along. Schools that have been told get a letter with the new time.")
    return form_page(request, form, lead=lead, **_of(found, _("Move the performance"), _("Move")), ahead=_standing(found).count())


@planners
@require_http_methods(["GET", "POST"])
def performance_room(request: Request, pk: int) -> HttpResponse:
    """How many there is room for; never fewer than have a place."""
    found = performance_or_404(pk)
    form = RoomForm(request.POST or None, initial={"seats": found.seats, "groups": found.groups})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_room(found, by=request.user, at=now(), **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal, {"taken": "groups" if not found.seats else "seats", "capacity": "seats"})
        else:
            messages.success(request, _("Saved."))
            return redirect("culture:performance", pk)
    taken = ngettext("%(n)s class has a place", "%(n)s classes have a place", found.groups_taken) % {"n": found.groups_taken}
    people = ngettext("%(n)s person", "%(n)s people", found.seats_taken) % {"n": found.seats_taken}
    lead = _("%(classes)s: %(people)s. Those who wait get what comes free, in order.") % {"classes": taken, "people": people}
    return form_page(request, form, **_of(found, _("Change the room"), _("Save")), lead=lead)


@planners
@require_http_methods(["GET", "POST"])
def performance_host(request: Request, pk: int) -> HttpResponse:
    """At which school a touring performance is given; its hall must hold those who have a place."""
    found = performance_or_404(pk)
    form = HostForm(request.POST or None, initial={"host": found.host_id})
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_host(found, form.cleaned_data["host"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, {"hall": "host", "not_touring": "host"})
        else:
            messages.success(request, _("Saved."))
            return redirect("culture:performance", pk)
    return form_page(request, form, **_of(found, _("Choose a school"), _("Save")))


@planners
@require_http_methods(["GET", "POST"])
def performance_cancel(request: Request, pk: int) -> HttpResponse:
    """Shows whom it concerns first (case 9). When schools have confirmed, only as a correction of what they said (case 10)."""
    found = performance_or_404(pk)
    label, hint = _("Why is the performance cancelled?"), _("The schools get to read it.")
    form = WhyForm(request.POST or None, label=label, hint=hint)
    conflict = False
    if request.method == "POST" and form.is_valid():
        try:
            facts = {"reason": form.cleaned_data["reason"], "correcting": "correcting" in request.POST}
            gone = actions.cancel_performance(found, by=request.user, at=now(), **facts)
        except Refused as refusal:
            conflict = refusal.code == "confirmed"
            refuse(form, refusal, {"no_reason": "reason", "personal_number": "reason"})
        else:
            told = ngettext(
                "The performance is cancelled. %(n)s class goes first in the next plan.",
                "The performance is cancelled. %(n)s classes go first in the next plan.",
                len(gone),
            )
            messages.success(request, told % {"n": len(gone)})
            return redirect("culture:performance", pk)
    visits = _standing(found, VisitStatus.CONFIRMED, VisitStatus.WAITING, VisitStatus.MISSED)
    visits = visits.select_related("class_group__school").order_by("class_group__school__name", "class_group__key")
    confirmed = [visit for visit in visits if visit.status == VisitStatus.CONFIRMED]
    context = {
        "performance": found,
        "visits": list(visits),
        "confirmed": confirmed,
        "back": reverse("culture:performance", args=[pk]),
    }
    return form_page(request, form, "culture/office/performance_cancel.html", conflict=conflict, **context)


def _standing(performance: Performance, *more: str) -> Any:
    return Visit.objects.filter(performance=performance, status__in=[VisitStatus.PLANNED, VisitStatus.BOOKED, *more])


def _of(performance: Performance, title: str, button: str) -> dict[str, Any]:
    kicker = f"{performance.offer}, {date_format(performance.day, 'j F Y')}"
    return {"title": title, "kicker": kicker, "button": button, "back": reverse("culture:performance", args=[performance.pk])}
