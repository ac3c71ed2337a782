"""How the desk's pages find their thing: what one may handle, 403 with the word jäv for a conflict of interest, else 404."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.choices import Role
from grants.models import Application
from grants.permissions.assessing import interest_sentence

DESK = (Role.OFFICER, Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY, Role.AUDITOR)


def handled(request: HttpRequest, pk: int, rows: QuerySet[Application] | None = None) -> Application:
    """An application this user may handle. Conflict of interest: 403 that says so and nothing else (Case 25)."""
    stop_if_interested(request, pk)
    seen = Application.objects.for_casework_by(request.user) if rows is None else rows
    related = seen.select_related("call__version__scheme", "association__category", "case")
    return get_object_or_404(related.prefetch_related("call__criteria", "assessments__scores", "assessments__assessor"), pk=pk)


def stop_if_interested(request: HttpRequest, pk: int) -> None:
    """PermissionDenied for a received application in which the user has a conflict of interest."""
    if Application.objects.received().with_interest_of(request.user).filter(pk=pk).exists():
        raise PermissionDenied(interest_sentence())


def of_handled(request: HttpRequest, rows: QuerySet[Any], pk: int, path: str = "application") -> Any:
    """A row that hangs on an application: the same doors as the application's own."""
    found = get_object_or_404(rows.model.objects.all().select_related(path), pk=pk)
    application = found
    for name in path.split("__"):
        application = getattr(application, name)
    stop_if_interested(request, application.pk)
    return get_object_or_404(rows, pk=pk)
