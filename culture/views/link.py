"""The door of the links in letters to schools: says what the link opens, or why it opens nothing. Changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.permissions import public
from culture import actions
from culture.models import Visit


@public
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What the holder of the link may see: the visits of just that school and school year."""
    at = now()
    try:
        opened = actions.link_with(token, at=at)
    except actions.LinkRefused as refusal:
        return render(request, "culture/link_refused.html", {"refusal": refusal}, status=410)
    visits = Visit.objects.with_all().filter(class_group__school=opened.school, class_group__year=opened.year)
    told = visits.exclude(status__in=["planned", "cancelled"]).order_by("day", "class_group__key")
    if opened.visit_id:
        told = told.filter(pk=opened.visit_id)
    return render(request, "culture/link.html", {"opened": opened, "visits": told, "token": token})
