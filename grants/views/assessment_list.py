"""The assessors' list: what is to be assessed and how far it has come, by score only where one may see the scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import for_roles
from grants.choices import ASSESSED_IN, ApplicationStatus, AssessmentStatus
from grants.models import Aggregate, Application, Assessment, Call, Conflict, Criterion, aggregate_of
from grants.rules.scoring import ranking_key
from grants.views.doors import DESK

PER_PAGE = 50
_OPEN = (*ASSESSED_IN, ApplicationStatus.PROPOSED)


@dataclass(frozen=True, slots=True)
class Row:
    """One application in the list. name: the association, or a label without names in a blind call."""

    application: Application
    name: str
    mine: Assessment | None
    assessed: int
    aggregate: Aggregate | None  # None: hidden from this user for now (Case 28)
    stepped_out: int
    may_assess: bool


def blind_label(application: Application) -> str:
    """What an application is called where nobody may know who applies: nothing of it says in which order they came."""
    return _("Application %s") % blind_code(application.pk)


def blind_code(pk: int) -> str:
    """Six characters that nobody can count back from, the same every time."""
    return salted_hmac("grants.blind", str(pk)).hexdigest()[:6].upper()


def seen_by(user: Any) -> QuerySet[Application]:
    """What may be handled, and what may be assessed without names."""
    handled_by = Application.objects.for_casework_by(user).values("pk")
    assessed_by = Application.objects.to_assess_by(user).values("pk")
    return Application.objects.filter(Q(pk__in=handled_by) | Q(pk__in=assessed_by))


@for_roles(*DESK)
@require_GET
def assessment_list(request: HttpRequest) -> HttpResponse:
    """What is to be assessed and how far it has come; fifty at a time."""
    user: Any = request.user
    calls = list(Call.objects.filter(pk__in=_listed(user).values("call")).order_by("-opens_on", "title"))
    chosen = request.GET.get("omgang", "")
    call = next((row for row in calls if str(row.pk) == chosen), None)
    listed, waiting = _listed(user), _waiting_for(user)
    if call is not None:
        listed, waiting = listed.filter(call=call), waiting.filter(call=call)
    order = request.GET.get("ordning", "")
    page = Paginator(_ordered(user, listed, by_score=order == "poang"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(user, page),
        "calls": calls,
        "call": call,
        "order": order,
        "waiting": waiting.count(),
    }
    return render(request, "grants/decide/assessment_list.html", context)


def _listed(user: Any) -> QuerySet[Application]:
    return seen_by(user).filter(status__in=_OPEN, call__in=Criterion.objects.values("call"))


def _waiting_for(user: Any) -> QuerySet[Application]:
    """What this user may assess, has not finished, and does not yet have all its assessments."""
    mine = user.assessments.exclude(status=AssessmentStatus.STARTED).values("application")
    covered = Application.objects.covered().values("pk")
    return Application.objects.to_assess_by(user).exclude(pk__in=mine).exclude(pk__in=covered)


def _ordered(user: Any, listed: QuerySet[Application], *, by_score: bool) -> list[int]:
    """The keys of the list in its order: as they came, with what is blind to this user last, by a code that tells nothing.

    By score: the hidden ones sort as having none, by the day they came: the order tells nothing of them (Case 28).
    """
    pks = list(listed.order_by("received_at", "pk").values_list("pk", flat=True))
    if by_score:
        shown = listed.filter(pk__in=Application.objects.showing_aggregate_to(user).values("pk"))
        scores = {row.pk: aggregate_of(row).score for row in _with_assessments(shown.order_by())}
        pks.sort(key=lambda pk: ranking_key(scores.get(pk), pk))
    blind = set(listed.filter(pk__in=Application.objects.blind_to(user).values("pk")).values_list("pk", flat=True))
    return sorted(pks, key=lambda pk: blind_code(pk) if pk in blind else "") if blind else pks


def _with_assessments(rows: QuerySet[Application]) -> QuerySet[Application]:
    done = Prefetch("assessments", Assessment.objects.prefetch_related("scores"))
    return rows.select_related("call").prefetch_related("call__criteria", done)


def _rows(user: Any, page: Page[int]) -> list[Row]:
    pks = list(page)
    stepped_out = Prefetch("conflicts", Conflict.objects.in_force(), to_attr="standing_conflicts")
    rows = _with_assessments(Application.objects.filter(pk__in=pks)).select_related("association", "case")
    found = {row.pk: row for row in rows.prefetch_related(stepped_out)}
    shown, blind, assessable = (
        set(chosen.filter(pk__in=pks).values_list("pk", flat=True))
        for chosen in (Application.objects.showing_aggregate_to(user), Application.objects.blind_to(user), _waiting_for(user))
    )
    return [_row(user, found[pk], shown, blind, assessable) for pk in pks if pk in found]


def _row(user: Any, application: Application, shown: set[int], blind: set[int], assessable: set[int]) -> Row:
    aggregate = aggregate_of(application)
    conflicts: Sequence[Conflict] = getattr(application, "standing_conflicts", ())
    return Row(
        application=application,
        name=blind_label(application) if application.pk in blind else application.association.name,
        mine=next((row for row in application.assessments.all() if row.assessor_id == user.pk), None),
        assessed=aggregate.assessed,
        aggregate=aggregate if application.pk in shown else None,
        stepped_out=len(conflicts),
        may_assess=application.pk in assessable,
    )
