"""Which venues and spaces a filter asks for."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from facilities.choices import SpaceKind
from facilities.models import Space, Venue
from facilities.models.place import SpaceQuerySet, VenueQuerySet


def spaces_wanted(asked: Mapping[str, Any]) -> SpaceQuerySet:
    """Bookable spaces that have what is asked for. A space that says no number of people may hold as many as are asked for."""
    found = Space.objects.bookable().exclude(kind=SpaceKind.EQUIPMENT)
    if words := asked.get("q"):
        found = found.filter(Q(venue__name__icontains=words) | Q(venue__address__icontains=words) | Q(name__icontains=words))
    if venue := asked.get("venue"):
        found = found.filter(venue=venue)
    if access := asked.get("access"):
        found = found.filter(venue__access__contains=access)
    return _fitting(found, asked)


def venues_wanted(asked: Mapping[str, Any]) -> VenueQuerySet:
    """Venues in use that have what is asked for, and at least one space that does."""
    found = Venue.objects.in_use()
    if words := asked.get("q"):
        named = Space.objects.bookable().filter(venue=OuterRef("pk"), name__icontains=words)
        found = found.filter(Q(name__icontains=words) | Q(address__icontains=words) | Exists(named))
    if access := asked.get("access"):
        found = found.with_access(access)
    if asked.get("kind") or asked.get("people"):
        found = found.filter(Exists(_fitting(Space.objects.bookable().filter(venue=OuterRef("pk")), asked)))
    return found.in_swedish_order()


def _fitting(found: SpaceQuerySet, asked: Mapping[str, Any]) -> SpaceQuerySet:
    if kind := asked.get("kind"):
        found = found.filter(kind=kind)
    if people := asked.get("people"):
        found = found.filter(Q(capacity=None) | Q(capacity__gte=people))
    return found
