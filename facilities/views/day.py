"""One day over many venues: a row for each space, the hours across."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from accounts.permissions import public
from facilities.forms.fields import clock_text
from facilities.forms.finding import DayFilter
from facilities.models import Space
from facilities.models.timetable import Timetable
from facilities.views.cells import Cell, Cells
from facilities.views.choosing import spaces_wanted
from facilities.views.doors import received_at, today
from facilities.views.stretches import Slots, slots_of, stretches
from facilities.views.week import FARTHEST, reader_of
from facilities.views.words import day_words, with_changes
from records.values import local_day

HOUR = 60
PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A space and its day. begins: the first of its venue."""

    space: Space
    cells: list[Cell]
    begins: bool


@public
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """What is free and taken in many venues during one day. Seven queries, two more when one has signed in."""
    form = DayFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    now = today(request)
    shown = max(now - FARTHEST, min(asked.get("day") or now, now + FARTHEST))
    found = spaces_wanted(asked).select_related("venue").order_by("venue__name", "venue", "path")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.dict()
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "day": shown,
        "back": f"?{with_changes(query, page=None, day=(shown - timedelta(days=1)).isoformat())}",
        "on": f"?{with_changes(query, page=None, day=(shown + timedelta(days=1)).isoformat())}",
        "now": f"?{with_changes(query, page=None, day=None)}",
        "is_now": shown == now,
        **_table(request, list(page), shown),
    }
    return render(request, "facilities/day.html", context, status=422 if form.errors else 200)


def _table(request: HttpRequest, spaces: Sequence[Space], shown: date) -> dict[str, Any]:
    timetable = Timetable(spaces, shown, shown, at=received_at(request))
    slots = _ahead(slots_of(list(timetable.places.values()), [shown], HOUR), shown, timetable.at)
    if slots is None:
        return {"lines": [], "hours": []}
    cells = Cells(timetable, reader_of(request), None)
    lines = [
        Line(space, _cells(timetable, space, shown, slots, cells), before is None or before.venue_id != space.venue_id)
        for before, space in zip([None, *spaces], spaces, strict=False)
    ]
    return {"lines": lines, "hours": [clock_text(minute) for minute in slots.minutes]}


def _ahead(slots: Slots | None, shown: date, at: datetime) -> Slots | None:
    """Today begins with the hour that is now; what has passed helps nobody who looks for a time."""
    if slots is None or shown != local_day(at):
        return slots
    first = max(slots.first, localtime(at).hour * HOUR)
    return Slots(first, slots.last, HOUR) if first < slots.last else None


def _cells(timetable: Timetable, space: Space, shown: date, slots: Slots, cells: Cells) -> list[Cell]:
    bounds = slots.bounds(shown)
    free = timetable.free_starts(space, None, bounds[0], bounds[-1])
    found = stretches(timetable, space, bounds, free)
    return [cell for _first, cell in cells.column(space, day_words(shown), found)]
