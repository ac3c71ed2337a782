"""Activity support: what a half-year's attendance gives by each call about it, and what an application was counted from."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from accounts.permissions import signed_in
from associations.models import Association
from associations.rules.attendance import Half
from grants.actions.activity import Estimate, estimates
from grants.actions.counting import count
from grants.activity_words import ShownRejected, shown_left_out, shown_rejected
from grants.calculation_words import ShownLine, shown_lines
from grants.models import Application
from grants.permissions.applicant import may_apply_for
from grants.rules.calculation import calculation_to_json
from grants.rules.counted import Counted, counted_from_json
from grants.views.public import ShownCall, shown
from grants.views.steps import received_at


@dataclass(frozen=True, slots=True)
class ShownEstimate:
    """One call's answer, for the page."""

    call: ShownCall
    estimate: Estimate
    lines: list[ShownLine]
    rejected: list[ShownRejected]
    left_out: list[tuple[str, int]]


@signed_in
@require_GET
def activity_support(request: HttpRequest, pk: int, year: int, number: int) -> HttpResponse:
    """What the attendance of a half-year would give now, rule by rule; for the association and for officers."""
    rows = Association.objects.visible_to(request.user).select_related("category")
    association = get_object_or_404(rows, pk=pk)
    if number not in (1, 2) or not 1990 <= year <= 2099:
        raise Http404
    half, at = Half(year, number), received_at(request)
    context = {
        "association": association,
        "half": half,
        "estimates": [_shown(each, shown(each.call, at)) for each in estimates(association, half, localdate())],
        "may": may_apply_for(request.user, association, at),
        "back": reverse("associations:half_year", args=[pk, year, number]),
    }
    return render(request, "grants/activity_support.html", context)


def _shown(estimate: Estimate, call: ShownCall) -> ShownEstimate:
    calculation = estimate.calculation
    return ShownEstimate(
        call,
        estimate,
        shown_lines(calculation_to_json(calculation)) if calculation else [],
        shown_rejected(estimate.rejected),
        shown_left_out(estimate.counted),
    )


@signed_in
@require_GET
def activity_basis(request: HttpRequest, pk: int) -> HttpResponse:
    """What a handed-in application was counted from, as it was frozen: figures, rejected sessions, lines."""
    rows = Application.objects.visible_to(request.user).select_related("association", "call__version__scheme", "case")
    application = get_object_or_404(rows, pk=pk)
    frozen = application.facts.get("activity")
    if frozen is None:
        raise Http404
    counted = [counted_from_json(each) for each in frozen["counted"].values()]
    found = count(application)
    context = {
        "application": application,
        "half": Half(*frozen["half"]),
        "figures": _sums(counted),
        "found": found,
        "lines": shown_lines(found.lines),
        "rejected": shown_rejected(each for one in counted for each in one.rejected),
        "left_out": shown_left_out(counted),
    }
    return render(request, "grants/activity_basis.html", context)


def _sums(counted: list[Counted]) -> dict[str, int]:
    """Several counting parts hold for different times of the half-year, or count the same sessions in two ways."""
    return {
        "held": max(each.held for each in counted),
        "sessions": max(each.sessions for each in counted),
        "participations": max(each.participations for each in counted),
        "hours": round(max(each.minutes for each in counted) / 60),
    }
