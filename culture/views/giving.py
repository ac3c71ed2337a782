"""A class is given a place by hand, moved to another performance, or has its place taken away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Request
from culture import actions
from culture.choices import VISIT_MOVES, VisitStatus
from culture.fitting import fragments_for
from culture.forms.offers import WhyForm
from culture.forms.performances import CatchUpForm, MoveVisitForm
from culture.models import ClassGroup, Performance, Visit
from culture.views.office import form_page, planners, refuse
from culture.views.performances import give_form, performance_or_404, shown
from records.refusals import Refused

_BESIDE = {
    "full": "group",
    "grade": "group",
    "no_grade": "group",
    "access": "group",
    "blocked": "group",
    "same_event": "group",
    "same_day": "group",
    "closed": "group",
    "locked": "reason",
    "no_reason": "reason",
    "personal_number": "reason",
}

_BESIDE_THE_PERFORMANCE = {code: "performance" if field == "group" else field for code, field in _BESIDE.items()}


@planners
@require_POST
def performance_give(request: Request, pk: int) -> HttpResponse:
    """Give a class a place, also one that waits. What does not suit is set aside only with a reason."""
    found = performance_or_404(pk)
    every = request.GET.get("alla") == "1"
    form = give_form(found, request.POST, every=every)
    if not form.is_valid():
        return shown(request, found, form, every=every)
    typed = form.cleaned_data
    group: ClassGroup = typed["group"]
    try:
        facts = {name: typed[name] for name in ("told", "reason", "catch_up_year")}
        facts["cohorts"] = _cohorts(group, found, typed["reason"])
        actions.give_place(group, found, by=request.user, at=now(), **facts)
    except Refused as refusal:
        refuse(form, refusal, _BESIDE)
        return shown(request, found, form, every=every)
    messages.success(request, _("%(class)s has a place at %(what)s.") % {"class": group, "what": found.offer})
    return redirect("culture:performance", pk)


def _cohorts(group: ClassGroup, performance: Performance, reason: str) -> list[int] | None:
    """Everybody in the class when the offer is for none of them and a reason says why it may come; else those it is for."""
    if reason.strip() and not fragments_for(group, performance.offer):
        return [part.cohort for part in group.fragments.all() if part.live]
    return None


def _visit_or_404(pk: int) -> Visit:
    return get_object_or_404(Visit.objects.with_all(), pk=pk)


def _of(visit: Visit, title: str, button: str) -> dict[str, Any]:
    kicker = f"{visit.performance.offer}, {date_format(visit.day, 'j F Y')}"
    back = reverse("culture:performance", args=[visit.performance_id])
    lead = f"{visit.class_group}, {visit.class_group.school}"
    return {"title": title, "kicker": kicker, "lead": lead, "button": button, "back": back}


@planners
@require_http_methods(["GET", "POST"])
def visit_cancel(request: Request, pk: int) -> HttpResponse:
    """Take a class's place away, or take it out of the queue. The next who waits gets the place."""
    visit = _visit_or_404(pk)
    waits = visit.status == VisitStatus.WAITING
    form = WhyForm(request.POST or None, hint=_("Kept with the visit."), required=not waits)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_visit(visit, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, {"no_reason": "reason", "personal_number": "reason", "locked": "reason"})
        else:
            messages.success(request, _("The place is taken away."))
            return redirect("culture:performance", visit.performance_id)
    told = _("The school gets a letter with the reason.") if visit.status == VisitStatus.BOOKED else ""
    movable = VisitStatus.CANCELLED in VISIT_MOVES[visit.status]
    title = _("Take out of the waiting list") if waits else _("Take the place away")
    warning = told if movable else _("The visit can no longer be cancelled. Correct what was said about it instead.")
    return form_page(request, form, **_of(visit, title, _("Take away")), warning=warning, tone="danger")


@planners
@require_http_methods(["GET", "POST"])
def visit_move(request: Request, pk: int) -> HttpResponse:
    """To another performance with room, of the same offer or another."""
    visit = _visit_or_404(pk)
    form = MoveVisitForm(request.POST or None, performances=_ahead(visit))
    if request.method == "POST" and form.is_valid():
        try:
            facts = {"by": request.user, "at": now(), "reason": form.cleaned_data["reason"]}
            moved = actions.move_visit(visit, form.cleaned_data["performance"], **facts)
        except Refused as refusal:
            refuse(form, refusal, _BESIDE_THE_PERFORMANCE)
        else:
            messages.success(request, _("The class is moved."))
            return redirect("culture:performance", moved.performance_id)
    return form_page(request, form, **_of(visit, _("Move the class"), _("Move")))


def _ahead(visit: Visit) -> Any:
    """Performances to come for the grades of a visit, other than its own."""
    grades = [part.fragment.grade for part in visit.parts.all()]
    ahead = Performance.objects.standing().filter(year=visit.class_group.year, starts_at__gt=now())
    ahead = ahead.filter(offer__grades__overlap=grades).exclude(pk=visit.performance_id)
    return ahead.select_related("offer").order_by("starts_at", "pk")


@planners
@require_http_methods(["GET", "POST"])
def visit_catch_up(request: Request, pk: int) -> HttpResponse:
    """A place for those who were absent, so that it adds to the visit that the others were at (case 28)."""
    visit = get_object_or_404(Visit.objects.with_all().filter(status=VisitStatus.CONFIRMED), pk=pk)
    absent = max(0, visit.class_group.pupils - (visit.attended or 0))
    form = CatchUpForm(request.POST or None, performances=_ahead(visit), initial={"pupils": absent or None})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        facts = {"pupils": typed["pupils"], "reason": typed["reason"], "catch_up_of": visit, "told": True}
        try:
            made = actions.give_place(visit.class_group, typed["performance"], by=request.user, at=now(), **facts)
        except Refused as refusal:
            refuse(form, refusal, {**_BESIDE_THE_PERFORMANCE, "catch_up": "performance"})
        else:
            messages.success(request, _("They have a place. The school is not written to: tell it yourself."))
            return redirect("culture:performance", made.performance_id)
    title = _("Catch up for those who were absent")
    lead = _("%(came)s of %(all)s came.") % {"came": visit.attended, "all": visit.class_group.pupils}
    return form_page(request, form, **{**_of(visit, title, _("Give a place")), "lead": lead})
