"""Free times: by place, kind, length, day, time of day, room for people and accessibility, with the price for who asks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import public
from facilities import actions
from facilities.forms.finding import FindForm
from facilities.models import Booking, Space
from facilities.models.free_time import first_free_times
from facilities.models.timetable import Timetable
from facilities.rules.free_time import shortest_length
from facilities.rules.opening import DAY, local_instant
from facilities.rules.spans import Span
from facilities.views.choosing import spaces_wanted
from facilities.views.doors import current_association, received_at, today
from facilities.views.words import book_url, with_changes
from records.values import local_day

PER_PAGE = 30
_LOOKS = (1, 2, 4, 7, 14, 34)  # days at a time: a search that finds enough in the nearest days looks no further


@dataclass(slots=True)
class Found:
    """A free time. parts: those of the space that are as free then. offer: an unsaved booking, with the price for who asks."""

    space: Space
    span: Span
    parts: "list[Found]" = field(default_factory=list)
    offer: Booking | None = None

    @property
    def url(self) -> str:
        return book_url(self.space.pk, self.span)

    @property
    def day(self) -> date:
        return local_day(self.span.starts)


@public
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Free times, the first one first. At most 30 queries, however many venues."""
    now = today(request)
    form = FindForm(request.GET or None, today=now, initial={"length": 60, "day": now})
    asked = _asked(form, now)
    context: dict[str, Any] = {"form": form, "asked": asked}
    if asked is not None:
        context |= _answer(request, asked)
    return render(request, "facilities/find.html", context, status=422 if form.errors else 200)


def _asked(form: FindForm, now: date) -> Mapping[str, Any] | None:
    """What is asked for; None when it cannot be read. Nothing asked: an hour, the soonest, anywhere."""
    if not form.is_bound:
        return {"day": now, "last_day": now + timedelta(days=13), "length": 60}
    return form.cleaned_data if form.is_valid() else None


def _answer(request: HttpRequest, asked: Mapping[str, Any]) -> dict[str, Any]:
    at = received_at(request)
    spaces = list(spaces_wanted(asked).select_related("venue"))
    by_the_clock = any(asked.get(name) is not None for name in ("begins", "ends", "weekday"))
    found, looked_until = _by_the_clock(spaces, asked, at) if by_the_clock else (_first_of_each(spaces, asked, at), None)
    page = Paginator(_together(found), PER_PAGE).get_page(request.GET.get("page"))
    association = current_association(request)
    query = request.GET.dict()
    return {
        "page": page,
        "found": _with_prices(list(page), association),
        "association": association,
        "spaces": len(spaces),
        "more_days": f"?{with_changes(query, page=None, day=looked_until.isoformat())}" if looked_until else "",
        "any_time": f"?{with_changes(query, page=None, begins=None, ends=None, weekday=None)}" if by_the_clock else "",
    }


def _first_of_each(spaces: Sequence[Space], asked: Mapping[str, Any], at: datetime) -> list[Found]:
    """The first free time of every space, whatever the time of day."""
    length = timedelta(minutes=asked["length"])
    since, until = max(local_instant(asked["day"], 0), at), local_instant(asked["last_day"], DAY)
    first = first_free_times(spaces, length, since, until, at=at)
    found = [Found(space, Span(start, start + length)) for space in spaces if (start := first[space.pk].at)]
    return sorted(found, key=_soonest)


def _by_the_clock(spaces: Sequence[Space], asked: Mapping[str, Any], at: datetime) -> tuple[list[Found], date | None]:
    """The first free time of every space in each day between two times of day, and the day to look further from."""
    found: list[Found] = []
    first, last = asked["day"], asked["last_day"]
    for count in _LOOKS:
        until = min(first + timedelta(days=count - 1), last)
        timetable = Timetable(spaces, first, until, at=at)
        days = (first + timedelta(days=number) for number in range((until - first).days + 1))
        wanted = [day for day in days if asked.get("weekday") in (None, day.weekday())]
        found += [each for day in wanted for each in _of_day(timetable, spaces, day, asked)]
        first = until + timedelta(days=1)
        if first > last:
            return sorted(found, key=_soonest), None
        if len(found) >= PER_PAGE:
            break
    return sorted(found, key=_soonest), first


def _of_day(timetable: Timetable, spaces: Sequence[Space], day: date, asked: Mapping[str, Any]) -> Iterator[Found]:
    length = timedelta(minutes=asked["length"])
    begins, ends = asked.get("begins"), asked.get("ends")
    since, done = local_instant(day, begins or 0), local_instant(day, DAY if ends is None else ends)
    for space in spaces:
        real = shortest_length(timetable.places[space.pk].wanted(length))
        if real is None:
            continue
        until = done - real if ends is not None else done
        start = timetable.first_free(space, length, since, until + timedelta(microseconds=1))
        if start is not None:
            yield Found(space, Span(start, start + real))


def _soonest(found: Found) -> tuple[datetime, str, list[int]]:
    return found.span.starts, found.space.venue.name, found.space.path


def _together(found: Sequence[Found]) -> list[Found]:
    """A hall that is free at a time with its parts that are free then too, as one."""
    wholes: dict[tuple[int, datetime], Found] = {}
    kept = []
    for each in found:
        above = (wholes.get((space, each.span.starts)) for space in each.space.path[:-1])
        whole = next((one for one in above if one is not None), None)
        if whole is not None:
            whole.parts.append(each)
            continue
        wholes[each.space.pk, each.span.starts] = each
        kept.append(each)
    return kept


def _with_prices(found: list[Found], association: Any) -> list[Found]:
    """The same with the price for the one who asks. At most two queries."""
    offers = actions.quotes([(each.space, each.span) for each in found], actions.Wish(association=association, form=""))
    for each, offer in zip(found, offers, strict=True):
        each.offer = offer
    return found
