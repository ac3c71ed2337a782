"""The start page (what is asked of me now, and by when) and the pages every public service has."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from accounts.permissions import public
from config import overview
from grants.models import Call
from records import registry

CALLS_SHOWN = 6


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """A stranger sees what one can do here; a person who is signed in sees what they must do."""
    if not request.user.is_authenticated:
        calls = Call.objects.announced().open_at(now()).order_by("closes_at", "title")[:CALLS_SHOWN]
        return render(request, "front.html", {"calls": calls})
    hat, at = getattr(request, "hat", None) or None, now()
    tasks = _asked_of(request.user, hat, at)
    groups = list(dict.fromkeys(task.group for task in tasks))
    context = {
        "groups": [(group, [task for task in tasks if task.group == group]) for group in groups],
        "cards": [card for collect in (*registry.cards, overview.cards) for card in collect(request.user, hat, at)],
        "belongs": bool(hat or request.user.roles),
    }
    return render(request, "home.html", context)


def _asked_of(user: Any, hat: Any, at: datetime) -> list[registry.Task]:
    """Every room's tasks for this user: urgent ones first, then by last day; those without a day last."""
    tasks = [task for collect in registry.tasks for task in collect(user, hat, at)]
    return sorted(tasks, key=lambda task: (not task.urgent, task.due or date.max))


@public
@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    return render(request, "personal_data.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What could not be read. Too much at once has its own page and status: 413."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)
