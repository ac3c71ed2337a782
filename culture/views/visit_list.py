"""Visits that wait for somebody: schools that ask for another time, that have not answered, that have not said how many came."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.permissions import Request
from culture.choices import VISIT_TONES, SchoolAnswer, VisitStatus
from culture.models import SchoolYear, Visit
from culture.views.office import readers, year_in_address

# name in the address -> (heading, which visits)
QUEUES: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "change": (
        _("Ask for another time"),
        lambda rows: rows.filter(status=VisitStatus.BOOKED, answer=SchoolAnswer.CHANGE, day__gte=localdate()),
    ),
    "unanswered": (_("Not answered"), lambda rows: rows.unanswered().filter(day__gte=localdate())),
    "unconfirmed": (_("Nobody has said how many came"), lambda rows: rows.to_confirm(now())),
    "missed": (_("The class did not come"), lambda rows: rows.filter(status=VisitStatus.MISSED)),
}


@readers
@require_GET
def visit_list(request: Request) -> HttpResponse:
    """One queue at a time, with how many there are in each. Constant queries."""
    year = year_in_address(request)
    if year is None:
        return render(request, "culture/office/visits.html", {"year": None})
    rows = Visit.objects.visible_to(request.user).filter(class_group__year=year)
    counts = {name: narrowed(rows).count() for name, (_words, narrowed) in QUEUES.items()}
    asked = request.GET.get("visa", "")
    name = asked if asked in QUEUES else next((each for each, count in counts.items() if count), "change")
    found = QUEUES[name][1](rows).with_all().order_by("day", "class_group__school__name", "class_group__key", "pk")
    page = Paginator(found, 100).get_page(request.GET.get("page"))
    context = {
        "year": year,
        "years": SchoolYear.objects.order_by("-first"),
        "queues": [(each, words, counts[each]) for each, (words, _narrowed) in QUEUES.items()],
        "shown": name,
        "heading": QUEUES[name][0],
        "page": page,
        "rows": [(visit, VISIT_TONES[visit.status]) for visit in page],
    }
    return render(request, "culture/office/visits.html", context)
