"""What schools have answered to the published plan: wishes met or not, refusals replaced, who waits, who has not answered."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Request, needs
from culture import actions
from culture.choices import CancelledBy, SchoolAnswer, VisitStatus
from culture.fitting import fragments_for, unmet_needs
from culture.forms.planning import WhyForm
from culture.models import BlockedDays, ClassGroup, Performance, SchoolYear, Visit
from culture.models.visit import VisitQuerySet
from culture.permissions import may_plan
from culture.views.voices import year_shown
from records.refusals import NotAllowedNow

KINDS = {
    "andra": gettext_lazy("Ask for another time"),
    "nej": gettext_lazy("Cannot come, and have nothing instead"),
    "vantar": gettext_lazy("Have not answered"),
    "ja": gettext_lazy("Are coming"),
}


@needs("culture.read")
@require_GET
def answers(request: Request) -> HttpResponse:
    """The answers of a school year, what waits for the officer first. Constant queries."""
    year = year_shown(request.GET.get("lasar", ""), localdate())
    if year is None:
        return redirect("culture:plan_list")
    kind = request.GET.get("visa", "")
    found = {name: _of_kind(name, year) for name in KINDS}
    counts = {name: rows.count() for name, rows in found.items()}
    if kind not in KINDS:
        kind = next((name for name in KINDS if counts[name]), "andra")
    context = {
        "year": year,
        "years": SchoolYear.objects.order_by("-first"),
        "kind": kind,
        "label": KINDS[kind],
        "kinds": [(name, label, counts[name]) for name, label in KINDS.items()],
        "visits": found[kind].with_all().order_by("answered_at", "day", "pk"),
        "may": bool(may_plan(request.user)),
        "handled": kind in ("andra", "nej"),
    }
    return render(request, "culture/plan/answers.html", context)


def _of_kind(kind: str, year: SchoolYear) -> VisitQuerySet:
    visits = Visit.objects.filter(class_group__year=year, class_group__closed_on=None)
    if kind == "nej":
        return visits.filter(status=VisitStatus.CANCELLED, cancelled_by=CancelledBy.SCHOOL).without_another()
    booked = visits.filter(status=VisitStatus.BOOKED, day__gte=localdate())
    wanted = {"andra": SchoolAnswer.CHANGE, "vantar": SchoolAnswer.NONE, "ja": SchoolAnswer.YES}
    return booked.filter(answer=wanted[kind])


@needs("culture.plan")
@require_http_methods(["GET", "POST"])
def answer_handle(request: Request, pk: int) -> HttpResponse:
    """One wish or refusal: what the school says, and every performance with room that the class could go to instead."""
    visit = get_object_or_404(Visit.objects.visible_to(request.user).with_all(), pk=pk)
    asks = visit.status == VisitStatus.BOOKED and visit.answer == SchoolAnswer.CHANGE
    if not asks and visit.status not in (VisitStatus.CANCELLED, VisitStatus.MISSED):
        messages.info(request, _("The answer is handled already."))
        return redirect(_list_of(visit))
    form = WhyForm(request.POST if "keep" in request.POST else None)
    if request.method == "POST":
        done = _keep(request, visit, form) if "keep" in request.POST else _give(request, visit, asks=asks)
        if done:
            return redirect(_list_of(visit))
    group = ClassGroup.objects.with_counts().get(pk=visit.class_group_id)
    context = {
        "visit": visit,
        "asks": asks,
        "options": _options(visit, group),
        "form": form,
        "back": _list_of(visit),
    }
    return render(request, "culture/plan/answer.html", context, status=422 if form.errors else 200)


def _keep(request: Request, visit: Visit, form: WhyForm) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.refuse_change(visit, reason=form.cleaned_data["reason"], by=request.user, at=now())
    except NotAllowedNow as refused:
        form.add_error("reason", str(refused))
        return False
    messages.success(request, _("The time stands. The school gets a letter and answers again."))
    return True


def _give(request: Request, visit: Visit, *, asks: bool) -> bool:
    typed = request.POST.get("performance", "")
    performance = get_object_or_404(Performance, pk=int(typed) if typed.isdecimal() and len(typed) < 12 else 0)
    try:
        if asks:
            actions.grant_change(visit, performance, by=request.user, at=now())
        else:
            actions.give_instead(visit, performance, by=request.user, at=now())
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
        return False
    told = _("%(class)s goes to %(what)s. The school gets a letter and answers.")
    messages.success(request, told % {"class": visit.class_group, "what": performance.offer})
    return True


def _list_of(visit: Visit) -> str:
    return f"{reverse('culture:answers')}?lasar={visit.class_group.year.first}"


def _options(visit: Visit, group: ClassGroup) -> list[Performance]:
    """Performances ahead with room that suit the class, other times of the same offer first. Four queries."""
    theirs = Visit.objects.taking_seats().filter(class_group=group).exclude(pk=visit.pk)
    events, days = set(theirs.values_list("offer", flat=True)), set(theirs.values_list("day", flat=True))
    blocked = list(BlockedDays.objects.filter(Q(class_group=None) | Q(class_group=group), school=group.school_id))
    shows = Performance.objects.standing().in_year(group.year).filter(offer__status="published", starts_at__gt=now())
    fitting = [
        show
        for show in shows.exclude(pk=visit.performance_id).with_programme().order_by("starts_at", "pk")
        if show.offer_id not in events
        and show.day not in days
        and not any(row.first <= show.day <= row.last for row in blocked)
        and _has_room(show, group)
    ]
    return sorted(fitting, key=lambda show: (show.offer_id != visit.offer_id, show.starts_at, show.pk))


def _has_room(show: Performance, group: ClassGroup) -> bool:
    coming = fragments_for(group, show.offer)
    people = sum(part.live for part in coming) + group.adults
    seats = show.seats_left is None or show.seats_left >= people
    groups = show.groups_left is None or show.groups_left >= 1
    here = not show.is_touring or show.host_id == group.school_id
    return bool(coming) and seats and groups and here and not unmet_needs(group, show)


@needs("culture.read")
@require_GET
def waiting(request: Request) -> HttpResponse:
    """Who waits for a place, performance by performance, in their order. Constant queries."""
    year = year_shown(request.GET.get("lasar", ""), localdate())
    if year is None:
        return redirect("culture:plan_list")
    rows = Visit.objects.waiting().filter(class_group__year=year, day__gte=localdate()).with_all()
    by_show: dict[int, tuple[Performance, list[Visit]]] = {}
    for visit in rows.order_by("performance__starts_at", "performance", "arrival"):
        by_show.setdefault(visit.performance_id, (visit.performance, []))[1].append(visit)
    context: dict[str, Any] = {"year": year, "years": SchoolYear.objects.order_by("-first"), "shows": list(by_show.values())}
    return render(request, "culture/plan/waiting.html", context)
