"""How the register's pages find their thing: what this reader may see; else 404, or 403 with the reason that a room gives."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from records import registry
from records.models import Case


def case_or_refusal(request: HttpRequest, reference: str) -> Case:
    numbered = Case.objects.numbered(reference)
    found = Case.objects.visible_to(request.user).filter(pk__in=numbered.values("pk")).first()
    if found is not None:
        return found
    raise _refusal(request.user, numbered.first())


def of_case_or_refusal(request: HttpRequest, seen: QuerySet[Any], pk: int) -> Any:
    """A row of *seen*, which is filtered by visible_to and belongs to a case (or to none)."""
    found = seen.filter(pk=pk).first()
    if found is not None:
        return found
    hidden = seen.model.objects.select_related("case").filter(pk=pk).first()
    raise _refusal(request.user, hidden.case if hidden is not None else None)


def _refusal(user: Any, case: Case | None) -> Exception:
    """404, unless a room says why this user of all people may not see the case (registry.case_refusals): 403 in its words."""
    reasons = (reason_against(case, user) for reason_against in registry.case_refusals) if case is not None else ()
    reason = next(filter(None, reasons), "")
    return PermissionDenied(reason) if reason else Http404()
