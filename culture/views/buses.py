"""Buses to order for a school year: for each performance, from which school, how many people, how many buses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Request
from culture.choices import VisitStatus
from culture.models import Performance, School, SchoolYear, Visit
from culture.problem import OLDEST_YOUNG, WALK_OLD, WALK_YOUNG
from culture.rules.buses import buses_for, metres_apart
from culture.views.office import readers, year_in_address
from culture.views.performances import where
from records.spreadsheets import FORMATS, download


@dataclass(frozen=True, slots=True)
class Order:
    """Buses from one school to one performance and back. metres: None when a position is not known."""

    performance: Performance
    school: School
    classes: tuple[str, ...]
    pupils: int
    adults: int
    wheelchairs: int
    metres: int | None
    buses: int

    @property
    def people(self) -> int:
        return self.pupils + self.adults


@readers
@require_GET
def bus_list(request: Request) -> HttpResponse:
    """Performances ahead with classes that do not walk. Three queries; csv and xlsx for who drives."""
    year = year_in_address(request)
    if year is None:
        return render(request, "culture/office/buses.html", {"year": None})
    orders, walkers = orders_of(year)
    if (kind := request.GET.get("format")) in FORMATS:
        return download(kind, name="bussar", headings=_headings(), rows=[_line(order) for order in orders])
    context = {
        "year": year,
        "years": SchoolYear.objects.order_by("-first"),
        "orders": orders,
        "buses": sum(order.buses for order in orders),
        "cost": sum(order.buses for order in orders) * year.bus_price,
        "walkers": walkers,
        "walks": (WALK_YOUNG, WALK_OLD),
    }
    return render(request, "culture/office/buses.html", context)


def orders_of(year: SchoolYear) -> tuple[list[Order], int]:
    """What is to be ordered, in order of time and school, and how many classes walk. Two queries."""
    rows = Visit.objects.with_all().filter(
        status__in=[VisitStatus.PLANNED, VisitStatus.BOOKED], class_group__year=year, performance__ends_at__gt=now()
    )
    by_pair: dict[tuple[int, int], list[Visit]] = {}
    walkers = 0
    for visit in rows.order_by("performance__starts_at", "performance_id", "class_group__school__name", "class_group__key"):
        school = visit.class_group.school
        if visit.performance.is_touring and visit.performance.host_id in {None, school.pk}:
            continue
        if _walks(visit):
            walkers += 1
            continue
        by_pair.setdefault((visit.performance_id, school.pk), []).append(visit)
    return [_order(visits, year) for visits in by_pair.values()], walkers


def _walks(visit: Visit) -> bool:
    far = _metres(visit.performance, visit.class_group.school)
    young = min((part.fragment.grade for part in visit.parts.all()), default=0) <= OLDEST_YOUNG
    return far is not None and far <= (WALK_YOUNG if young else WALK_OLD)


def _metres(performance: Performance, school: School) -> int | None:
    """From the school to where it is given, as the crow flies."""
    place: Any = performance
    if performance.is_touring:
        place = performance.host
    elif performance.space and performance.space.venue.latitude is not None:
        place = performance.space.venue
    ends: list[Any] = [school.latitude, school.longitude, place.latitude, place.longitude] if place else [None]
    if any(degrees is None for degrees in ends):
        return None
    return metres_apart(*(float(degrees) for degrees in ends))


def _order(visits: Sequence[Visit], year: SchoolYear) -> Order:
    first = visits[0]
    pupils, adults = sum(visit.pupils for visit in visits), sum(visit.adults for visit in visits)
    return Order(
        performance=first.performance,
        school=first.class_group.school,
        classes=tuple(visit.class_group.name for visit in visits),
        pupils=pupils,
        adults=adults,
        wheelchairs=sum(visit.class_group.wheelchairs for visit in visits),
        metres=_metres(first.performance, first.class_group.school),
        buses=buses_for(pupils + adults, year.bus_seats),
    )


def _headings() -> list[str]:
    return [
        _("Day"),
        _("Begins"),
        _("Ends"),
        _("Performance"),
        _("From school"),
        _("Address"),
        _("To"),
        _("Classes"),
        _("Pupils"),
        _("Adults"),
        _("People"),
        _("Wheelchairs"),
        _("Metres"),
        _("Buses"),
    ]


def _line(order: Order) -> list[Any]:
    starts, ends = localtime(order.performance.starts_at), localtime(order.performance.ends_at)
    address = " ".join(part for part in (order.school.street, order.school.postcode, order.school.town) if part)
    when = [starts.date(), f"{starts:%H.%M}", f"{ends:%H.%M}", order.performance.offer.title]
    places = [order.school.name, address, where(order.performance), ", ".join(order.classes)]
    return [*when, *places, order.pupils, order.adults, order.people, order.wheelchairs, order.metres, order.buses]
