"""What an officer sees over many cases: how assessors compare, and what may be paid for twice."""

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from accounts.choices import Role
from accounts.permissions import for_roles
from grants import double_funding
from grants.models import Application, Assessment, Call
from grants.models.aggregate import levels_of, rule_of
from grants.rules import calibration, scoring
from grants.views.assessment_list import blind_label
from grants.views.doors import DESK

PER_PAGE = 50
APART = Decimal(1)  # points of 5: so far apart that two assessors should talk


@for_roles(*DESK)
@require_GET
def calibration_view(request: HttpRequest) -> HttpResponse:
    """Each assessor's mean and how far apart they are, where this user may see it. Nobody's score is changed by it."""
    user: Any = request.user
    seen = Assessment.objects.visible_to(user).counted()
    calls = list(Call.objects.filter(applications__assessments__in=seen).distinct().order_by("-opens_on", "title"))
    chosen = request.GET.get("omgang", "")
    call = next((row for row in calls if str(row.pk) == chosen), calls[0] if calls else None)
    context: dict[str, Any] = {"calls": calls, "call": call, "apart": APART}
    if call is not None:
        rows = list(
            seen.filter(application__call=call)
            .select_related("assessor", "application__association", "application__case")
            .prefetch_related("scores")
            .order_by("application__received_at", "application", "assessor__name")
        )
        context |= _compared(call, rows, user)
    return render(request, "grants/decide/calibration.html", context)


def _compared(call: Call, rows: list[Assessment], user: Any) -> dict[str, Any]:
    criteria = list(call.criteria.all())
    rules = [rule_of(criterion) for criterion in criteria]
    scores = {row.pk: scoring.weighted_score(rules, levels_of(row, criteria)) for row in rows}
    given = [calibration.Given(row.assessor_id, row.application_id, scores[row.pk]) for row in rows]
    people = {row.assessor_id: row.assessor for row in rows}
    blind = set(Application.objects.blind_to(user).filter(call=call).values_list("pk", flat=True))
    return {
        "criteria": criteria,
        "assessors": [
            {
                "person": people[each.assessor],
                "standing": each,
                "means": [_mean(rows, each.assessor, criterion.key) for criterion in criteria],
            }
            for each in calibration.standings(given)
        ],
        "applications": _applications(rows, scores, blind),
    }


def _mean(rows: list[Assessment], assessor: int, key: str) -> Decimal | None:
    levels = [
        score.level
        for row in rows
        if row.assessor_id == assessor
        for score in row.scores.all()
        if score.criterion == key and score.level is not None
    ]
    return Decimal(sum(levels)) / len(levels) if levels else None


def _applications(rows: list[Assessment], scores: dict[int, Decimal | None], blind: set[int]) -> list[dict[str, Any]]:
    """One row for each application with at least two assessments, those farthest apart first."""
    grouped: dict[int, list[Assessment]] = {}
    for row in rows:
        grouped.setdefault(row.application_id, []).append(row)
    found = []
    for mine in grouped.values():
        given = [score for row in mine if (score := scores[row.pk]) is not None]
        if len(given) > 1:
            application = mine[0].application
            name = blind_label(application) if application.pk in blind else application.association.name
            found.append(
                {
                    "application": application,
                    "name": name,
                    "scores": [(row.assessor, scores[row.pk]) for row in mine],
                    "summary": scoring.summary(given),
                    "apart": max(given) - min(given),
                    "talk": calibration.is_apart(given, APART),
                }
            )
    return sorted(found, key=lambda row: (-row["apart"], row["name"]))


@for_roles(Role.OFFICER, Role.DECISION_MAKER, Role.AUDITOR)
@require_GET
def double_funding_list(request: HttpRequest) -> HttpResponse:
    """Pairs of applications that may ask for the same thing, across schemes and the latest years."""
    this_year = localdate().year
    years = range(this_year - 2, this_year + 3)
    page = Paginator(double_funding.pairs_seen_by(request.user, years), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "grants/decide/double_funding.html", {"page": page, "years": years})
