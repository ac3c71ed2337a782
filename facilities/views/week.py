"""The week of a venue: days across, time down, the parts of a hall as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import public
from facilities.choices import SpaceKind
from facilities.forms.fields import clock_text
from facilities.forms.finding import WeekForm
from facilities.models import Space, Venue
from facilities.models.timetable import Timetable
from facilities.rules.opening import local_instant
from facilities.views.cells import Cell, Cells
from facilities.views.doors import current_association, received_at, today
from facilities.views.stretches import Slots, slots_of, stretches
from facilities.views.words import Reader, day_words, with_changes

MOST_COLUMNS = 4  # spaces beside each other in every day; with more, one day is shown at a time
FARTHEST = timedelta(days=800)


@dataclass(frozen=True, slots=True)
class Head:
    """A day of the table. short: as a phone's tab says it. now: the one that a phone shows."""

    day: date
    text: str
    short: str
    url: str
    now: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A time of day. whole: an hour begins; between them the line is thinner."""

    label: str
    whole: bool
    cells: list[Cell]


def reader_of(request: HttpRequest) -> Reader:
    if not request.user.is_authenticated:
        return Reader()
    association = current_association(request)
    return Reader(signed_in=True, user=request.user.pk, mine=frozenset({association.pk} if association else ()))


@public
@require_GET
def week(request: HttpRequest, key: str) -> HttpResponse:
    """What is free and taken in a venue during a week. Seven queries, two more when one has signed in."""
    venue = get_object_or_404(Venue.objects.in_use(), key=key)
    spaces = list(venue.spaces.exclude(kind=SpaceKind.EQUIPMENT).select_related("venue").order_by("order", "name"))
    form = WeekForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    day = _within(asked.get("day") or today(request), today(request))
    chosen = _chosen(spaces, request.GET.get("space", ""))
    columns = _columns(spaces, chosen)
    context: dict[str, Any] = {"venue": venue, "form": form, "spaces": _choices(request, spaces, chosen), "chosen": chosen}
    if columns:
        context |= _table(request, columns, day, asked.get("length"))
    return render(request, "facilities/week.html", context, status=422 if form.errors else 200)


def _within(day: date, now: date) -> date:
    """A day that there is something to show of."""
    return max(now - FARTHEST, min(day, now + FARTHEST))


def _chosen(spaces: Sequence[Space], wanted: str) -> Space | None:
    """The space asked for, else the first whole one."""
    by_key = {str(space.pk): space for space in spaces}
    return by_key.get(wanted) or next((space for space in spaces if space.parent_id is None), None)


def _columns(spaces: Sequence[Space], chosen: Space | None) -> list[Space]:
    """The chosen space and the parts right under it, those that can be booked."""
    if chosen is None:
        return []
    return [space for space in spaces if space.is_bookable and (space == chosen or space.parent_id == chosen.pk)]


def _choices(request: HttpRequest, spaces: Sequence[Space], chosen: Space | None) -> list[dict[str, Any]]:
    query = request.GET.dict()
    return [
        {"space": space, "depth": len(space.path), "url": f"?{with_changes(query, space=space.pk)}", "current": space == chosen}
        for space in sorted(spaces, key=lambda space: _in_tree(space, spaces))
    ]


def _in_tree(space: Space, spaces: Sequence[Space]) -> list[tuple[int, str]]:
    """Sorts parts after their whole, each in its order."""
    by_key = {each.pk: each for each in spaces}
    return [(by_key[above].order, by_key[above].name) for above in space.path if above in by_key]


def _table(request: HttpRequest, columns: list[Space], day: date, length: int | None) -> dict[str, Any]:
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=count) for count in range(7)]
    one_day = len(columns) > MOST_COLUMNS
    shown = [day] if one_day else days
    columns = sorted(columns, key=lambda space: (len(space.path), space.order, space.name))
    timetable = Timetable(columns, shown[0], shown[-1], at=received_at(request))
    wanted = timedelta(minutes=length) if length else None
    slots = slots_of(list(timetable.places.values()), shown)
    cells = Cells(timetable, reader_of(request), wanted)
    query = request.GET.dict()
    return {
        "day": day,
        "heads": [_head(each, day, query) for each in days],
        "shown": [_head(each, day, query) for each in shown],
        "one_day": one_day,
        "columns": [_short_name(space, columns) for space in columns],
        "rows": _rows(timetable, columns, shown, day, slots, cells) if slots else [],
        "back": f"?{with_changes(query, day=(day - timedelta(days=7)).isoformat())}",
        "on": f"?{with_changes(query, day=(day + timedelta(days=7)).isoformat())}",
        "now": f"?{with_changes(query, day=None)}",
        "is_now": monday <= today(request) < monday + timedelta(days=7),
        "week_number": monday.isocalendar().week,
    }


def _head(day: date, focus: date, query: dict[str, str]) -> Head:
    text = capfirst(date_format(day, "D j b"))
    return Head(day, text, capfirst(date_format(day, "D j")), f"?{with_changes(query, day=day.isoformat())}", day == focus)


def _short_name(space: Space, columns: Sequence[Space]) -> str:
    """'B-hallen, halva 1' beside 'B-hallen' is 'Halva 1', and the whole is called so."""
    whole = columns[0]
    if len(columns) == 1:
        return space.name
    if space == whole and all(each.parent_id == whole.pk for each in columns[1:]):
        return _("All of it")
    return capfirst(space.name.removeprefix(whole.name).strip(" ,.–-")) or space.name


def _rows(
    timetable: Timetable, columns: Sequence[Space], days: Sequence[date], focus: date, slots: Slots, cells: Cells
) -> list[Row]:
    """Each column is cut into stretches; a cell stands in the row where its stretch begins."""
    rows = [Row(clock_text(minute), minute % 60 == 0, []) for minute in slots.minutes]
    edges = local_instant(days[0], 0), local_instant(days[-1] + timedelta(days=2), 0)
    free = {space.pk: timetable.free_starts(space, cells.length, *edges) for space in columns}
    for day in days:
        bounds, name, aside = slots.bounds(day), day_words(day), day != focus
        for space in columns:
            starts = [start for start in free[space.pk] if bounds[0] <= start < bounds[-1]]
            found = stretches(timetable, space, bounds, starts)
            for first, cell in cells.column(space, name, found, aside=aside, edge=space is columns[0]):
                rows[first].cells.append(cell)
    return rows
