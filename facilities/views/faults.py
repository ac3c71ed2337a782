"""Faults: reported by those who hire and by staff, followed, answered; the space closed meanwhile."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Request, signed_in
from facilities import actions
from facilities.choices import FAULT_TONES, BookingStatus
from facilities.forms.keep_fault import FaultClosureForm, FaultFilter, FaultForm, FollowForm
from facilities.models import Booking, FaultNote, FaultReport, Space, Venue
from facilities.permissions import may_keep_bookings
from facilities.views.keeping import form_page, in_the_way, keepers, keys_typed, readers, refuse
from records.refusals import FileRefused, NotAllowedNow, Refused

PER_PAGE = 40


@signed_in
@require_http_methods(["GET", "POST"])
def fault_report(request: Request) -> HttpResponse:
    """Report a fault. The address may name ?venue=, ?space= or ?booking= (keys); without them the venue is chosen first."""
    venue, space, booking = _place(request)
    if venue is None:
        return render(request, "facilities/keep/fault_where.html", {"venues": Venue.objects.in_use().in_swedish_order()})
    spaces = Space.objects.filter(venue=venue).select_related("venue").order_by("path")
    form = FaultForm(request.POST or None, request.FILES or None, spaces=spaces, initial={"space": space.pk if space else ""})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        facts = {"space": typed["space"], "booking": booking, "is_danger": typed["is_danger"], "upload": typed["photo"]}
        try:
            fault = actions.report_fault(venue, typed["what"], **facts, by=request.user, at=now())
        except FileRefused as refusal:
            refuse(form, refusal, "photo")
        except NotAllowedNow as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Thank you. The fault is reported, and you get an answer by letter."))
            return redirect("facilities:fault", fault.pk)
    return form_page(request, form, "facilities/keep/fault_report.html", venue=venue, booking=booking)


def _place(request: Request) -> tuple[Venue | None, Space | None, Booking | None]:
    """What the address names. A booking that this person may not read is a 404."""
    asked = request.GET
    if key := asked.get("booking", ""):
        rows = Booking.objects.visible_to(request.user).select_related("space__venue")
        booking = get_object_or_404(rows, pk=_number(key))
        return booking.space.venue, booking.space, booking
    if key := asked.get("space", ""):
        space = get_object_or_404(Space.objects.select_related("venue"), pk=_number(key))
        return space.venue, space, None
    if key := asked.get("venue", ""):
        return get_object_or_404(Venue, **({"pk": int(key)} if key.isdecimal() and len(key) < 10 else {"key": key})), None, None
    return None, None, None


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 15:
        raise Http404
    return int(text)


@signed_in
@require_GET
def own_faults(request: Request) -> HttpResponse:
    """What this person has reported, and what became of it. Two queries."""
    found = FaultReport.objects.filter(reported_by=request.user).select_related("venue", "space__venue")
    page = Paginator(found.order_by("-reported_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(fault, FAULT_TONES[fault.status]) for fault in page.object_list]
    return render(request, "facilities/keep/own_faults.html", {"page": page, "rows": rows})


@readers
@require_GET
def fault_list(request: Request) -> HttpResponse:
    """Those that are not mended, dangerous first; the filters live in the address. Three queries."""
    form = FaultFilter(request.GET)
    wanted: dict[str, Any] = form.cleaned_data if form.is_valid() else {"venue": None, "status": ""}
    found = FaultReport.objects.visible_to(request.user).select_related("venue", "space__venue", "closure")
    if wanted["venue"]:
        found = found.filter(venue=wanted["venue"])
    if not wanted["status"]:
        found = found.not_mended().most_urgent_first()
    elif wanted["status"] == "all":
        found = found.order_by("-reported_at", "-pk")
    else:
        found = found.filter(status=wanted["status"]).order_by(F("done_at").desc(nulls_last=True), "reported_at", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(fault, FAULT_TONES[fault.status]) for fault in page.object_list]
    return render(request, "facilities/keep/fault_list.html", {"form": form, "page": page, "rows": rows})


@signed_in
@require_http_methods(["GET", "POST"])
def fault(request: Request, pk: int) -> HttpResponse:
    """One fault: for the one who reported it what became of it; for staff also what to do."""
    found, at = _fault(request, pk), now()
    keeps = bool(may_keep_bookings(request.user))
    form = FollowForm(request.POST or None, fault=found, initial={"to": found.status}) if keeps else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                actions.follow_fault(found, **form.cleaned_data, by=request.user, at=at)
            except Refused as refusal:
                refuse(form, refusal, "answer" if refusal.code == "nothing" else None)
            else:
                messages.success(request, _("Saved."))
                return redirect("facilities:fault", pk)
    context = {
        "fault": found,
        "tone": FAULT_TONES[found.status],
        "form": form,
        "keeps": keeps,
        "reads": request.user.has_perm("facilities.read_bookings"),
        "closed": _closed(found, at),
        "events": [_event(step) for step in found.notes.all()],
    }
    return render(request, "facilities/keep/fault.html", context, status=422 if form is not None and form.errors else 200)


def _closed(fault: FaultReport, at: datetime) -> Booking | None:
    """What keeps the space closed for it now or later."""
    closure = fault.closure
    return closure if closure and closure.status == BookingStatus.CONFIRMED and closure.ends_at > at else None


def _event(step: FaultNote) -> dict[str, Any]:
    return {"at": step.at, "title": capfirst(step.get_status_display()), "text": step.text}


@keepers
@require_http_methods(["GET", "POST"])
def fault_close(request: Request, pk: int) -> HttpResponse:
    """Close the space while it is mended; what stands booked there is shown before it is cancelled."""
    found, at = _fault(request, pk), now()
    spaces = Space.objects.filter(venue=found.venue).select_related("venue").order_by("path")
    soon = localtime(at)
    first = {"space": found.space_id, "first": soon.date(), "starts": soon.time(), "last": localdate(at), "ends": "24.00"}
    form = FaultClosureForm(request.POST or None, spaces=spaces, initial=first)
    shown: list[Any] = []
    if request.method == "POST" and form.is_valid():
        seen = keys_typed(request.POST.getlist("seen"))
        try:
            actions.close_for_fault(
                found, form.cleaned_data["space"], form.cleaned_data["span"], by=request.user, at=at, seen=seen
            )
        except actions.Taken as taken:
            shown = in_the_way(taken.conflicts, request.user, at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The space is closed. It opens again when the fault is mended."))
            return redirect("facilities:fault", pk)
    context = {"fault": found, "shown": shown}
    return form_page(request, form, "facilities/keep/fault_close.html", conflict=bool(shown), **context)


def _fault(request: Request, pk: int) -> FaultReport:
    """A stranger meets a 404."""
    steps = Prefetch("notes", FaultNote.objects.order_by("-at", "-pk"))
    rows = FaultReport.objects.visible_to(request.user).prefetch_related(steps)
    return get_object_or_404(
        rows.select_related("venue", "space__venue", "photo", "reported_by", "closure__space", "booking"), pk=pk
    )
