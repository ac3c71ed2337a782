"""What anyone may read about the venues: where they are, what there is, when they are open, who gets in, what one agrees to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.views.decorators.http import require_GET

from accounts.permissions import public
from facilities.choices import AccessFact, SpaceKind
from facilities.forms.fields import clock_text, length_in_words
from facilities.forms.finding import VenueFilter
from facilities.models import BookingRules, HoursException, OpeningHours, Space, Venue
from facilities.models.terms import Place, places_of
from facilities.rules.opening import hours_of_day
from facilities.views.choosing import venues_wanted
from facilities.views.doors import received_at, today
from records.values import is_public_holiday

PER_PAGE = 24


@public
@require_GET
def venue_list(request: HttpRequest) -> HttpResponse:
    """Every venue that can be booked, narrowed by what one needs. Four queries."""
    form = VenueFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = Paginator(venues_wanted(asked).prefetch_related("spaces"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "venues": [(venue, _in_short(venue)) for venue in page]}
    return render(request, "facilities/venue_list.html", context, status=422 if form.errors else 200)


def _in_short(venue: Venue) -> dict[str, Any]:
    """What a card says: kinds of space and how many people the largest holds."""
    spaces = [space for space in venue.spaces.all() if space.is_bookable and space.kind != SpaceKind.EQUIPMENT]
    kinds = dict.fromkeys(space.get_kind_display() for space in sorted(spaces, key=lambda space: (space.order, space.pk)))
    return {
        "kinds": capfirst(", ".join(kinds)),
        "most": max((space.capacity for space in spaces if space.capacity), default=None),
        "spaces": len(spaces),
    }


@dataclass(frozen=True, slots=True)
class Node:
    """A space and its parts, to be shown as a tree."""

    space: Space
    place: Place
    parts: "list[Node]" = field(default_factory=list)


@public
@require_GET
def venue(request: HttpRequest, key: str) -> HttpResponse:
    """One venue: its spaces as a tree, hours this week, accessibility in words, contact, rules."""
    found = get_object_or_404(Venue.objects.in_use(), key=key)
    spaces = list(found.spaces.select_related("venue").prefetch_related("equipment").order_by("order", "name"))
    day = today(request)
    context = {
        "venue": found,
        "tree": _tree(spaces, day),
        "equipment": [space for space in spaces if space.kind == SpaceKind.EQUIPMENT],
        "week": _week(_venue_hours(found), _venue_exceptions(found, day), day),
        "access": [label for fact, label in AccessFact.choices if fact in found.access],
        "not_told": [label for fact, label in AccessFact.choices if fact not in found.access],
        "first_space": next((space for space in spaces if space.is_bookable), None),
    }
    return render(request, "facilities/venue.html", context)


def _tree(spaces: Sequence[Space], day: date) -> list[Node]:
    places = {place.space.pk: place for place in places_of(spaces, day, day + timedelta(days=6))}
    nodes = {space.pk: Node(space, places[space.pk]) for space in spaces if space.kind != SpaceKind.EQUIPMENT}
    for node in nodes.values():
        if node.space.parent_id in nodes:
            nodes[node.space.parent_id].parts.append(node)
    return [node for node in nodes.values() if node.space.parent_id not in nodes]


def _venue_hours(venue: Venue) -> list[Any]:
    return [row.for_rules() for row in OpeningHours.objects.filter(venue=venue)]


def _venue_exceptions(venue: Venue, day: date) -> list[Any]:
    rows = HoursException.objects.filter(venue=venue, day__gte=day, day__lte=day + timedelta(days=6))
    return [row.for_rules() for row in rows]


def _week(hours: Sequence[Any], exceptions: Sequence[Any], first: date) -> list[dict[str, Any]]:
    """The next seven days, each with its opening hours as people write them."""
    rows = []
    for day in (first + timedelta(days=count) for count in range(7)):
        spans = hours_of_day(day, hours, exceptions)
        rows.append(
            {
                "day": day,
                "hours": [f"{clock_text(opens)}–{clock_text(closes)}" for opens, closes in spans],
                "differs": is_public_holiday(day) or any(each.day == day for each in exceptions),
            }
        )
    return rows if hours or exceptions else []


@public
@require_GET
def space(request: HttpRequest, pk: int) -> HttpResponse:
    """One space: what it is, what it is a part of, when it is open, and what it asks of a booking."""
    found = get_object_or_404(Space.objects.filter(venue__is_in_use=True).select_related("venue", "parent"), pk=pk)
    day = today(request)
    (place,) = places_of([found], day, day + timedelta(days=6))
    context = {
        "space": found,
        "place": place,
        "parts": found.parts.order_by("order", "name"),
        "equipment": found.equipment.all(),
        "week": _week(place.hours, place.exceptions, day),
        "asks": _asks(place.rules),
        "at": received_at(request),
    }
    return render(request, "facilities/space.html", context)


def _asks(rules: BookingRules) -> dict[str, Any]:
    """The terms with their lengths as words; what is no limit is None."""
    return {
        "shortest": length_in_words(rules.shortest),
        "longest": length_in_words(rules.longest) if rules.longest else None,
        "grid": length_in_words(rules.grid),
        "before": length_in_words(rules.before) if rules.before else None,
        "after": length_in_words(rules.after) if rules.after else None,
        "days_before": rules.days_before or None,
        "days_ahead": rules.days_ahead,
        "quota": rules.quota,
        "minimum_age": rules.minimum_age,
        "cancel_hours": rules.cancel_hours,
        "answer_days": rules.answer_days if rules.needs_approval else None,
    }
