"""Venues and their spaces: added, and divided in another way with what stands booked in them."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from facilities.actions.ground import VENUES, Conflict, Taken
from facilities.choices import BookingStatus
from facilities.models import Booking, Space, SpaceEquipment, Venue
from facilities.permissions import may_keep_venues
from facilities.rules.spans import Span
from records import filing
from records.refusals import NotAllowedNow


@transaction.atomic
def add_venue(*, key: str, name: str, by: Any, at: datetime, **facts: Any) -> Venue:
    """A place to book. facts: address, access, rules_to_accept … as on the model."""
    _may(by)
    with no_two_named_alike():
        venue = Venue.objects.create(key=key, name=name, **facts)
    filing.note(None, "facilities.venue_added", by=by, at=at, changes={"venue": [None, venue.pk]})
    return venue


@transaction.atomic
def add_space(venue: Venue, name: str, *, by: Any, at: datetime, parent: Space | None = None, **facts: Any) -> Space:
    """A space of a venue, whole or a part of another. What stands booked in the parent holds the new part too."""
    _may(by)
    _lock_alone(venue.pk)
    with no_two_named_alike():
        space = Space.objects.create(venue=venue, name=name, parent=parent, **facts)
    if parent:
        _write_again(venue, at=at)
    filing.note(None, "facilities.space_added", by=by, at=at, changes={"space": [None, space.pk]})
    space.refresh_from_db()
    return space


@transaction.atomic
def make_part_of(space: Space, parent: Space | None, *, by: Any, at: datetime) -> Space:
    """Hang a space under another, or make it a whole. Coming bookings are written again on the new ground.

    Raises Taken with the bookings that would lie over each other; then nothing is changed. NotAllowedNow for a ring.
    """
    _may(by)
    _lock_alone(space.venue_id)
    before = space.parent_id
    try:
        with transaction.atomic():
            Space.objects.filter(pk=space.pk).update(parent=parent)
    except IntegrityError as ring:
        raise NotAllowedNow(_("A space cannot be a part of itself, or of a space in another venue."), "ring") from ring
    _write_again(space.venue, at=at)
    changes = {"space": [space.pk, space.pk], "parent": [before, parent.pk if parent else None]}
    filing.note(None, "facilities.space_moved", by=by, at=at, changes=changes)
    return Space.objects.select_related("venue").get(pk=space.pk)


@transaction.atomic
def describe_space(space: Space, facts: Mapping[str, Any], *, by: Any, at: datetime) -> Space:
    """Change what is said of a space: name, kind, price group, capacity, order, whether it can be booked."""
    _may(by)
    fresh = Space.objects.select_for_update(of=("self",)).select_related("venue").get(pk=space.pk)
    if changed := changed_facts(fresh, facts):
        with no_two_named_alike():
            fresh.save(update_fields=changed)
        changes = {"space": [space.pk, space.pk], "fields": [None, changed]}
        filing.note(None, "facilities.space_changed", by=by, at=at, changes=changes)
    return fresh


@transaction.atomic
def set_equipment(space: Space, things: Collection[Space], *, by: Any, at: datetime) -> Space:
    """Say which things follow a space: whoever holds it holds them. Coming bookings are written again.

    Raises Taken with the bookings that would lie over each other. NotAllowedNow for a thing of another venue, or of its own tree.
    """
    _may(by)
    _lock_alone(space.venue_id)
    space = Space.objects.select_related("venue").get(pk=space.pk)
    wanted = {thing.pk for thing in things}
    if any(thing.venue_id != space.venue_id or space.pk in thing.path or thing.pk in space.path for thing in things):
        raise NotAllowedNow(_("Choose other spaces of the same venue, none that it is a part of."), "equipment")
    now = set(SpaceEquipment.objects.filter(space=space).values_list("equipment", flat=True))
    if wanted == now:
        return space
    SpaceEquipment.objects.filter(space=space, equipment__in=now - wanted).delete()
    for thing in sorted(wanted - now):
        SpaceEquipment.objects.create(space=space, equipment_id=thing)
    _write_again(space.venue, at=at)
    changes = {"space": [space.pk, space.pk], "equipment": [sorted(now), sorted(wanted)]}
    filing.note(None, "facilities.equipment_changed", by=by, at=at, changes=changes)
    return Space.objects.select_related("venue").get(pk=space.pk)


@transaction.atomic
def remove_space(space: Space, *, by: Any, at: datetime) -> None:
    """Take a space away that was added by mistake. NotAllowedNow when it was ever booked, or has parts."""
    _may(by)
    _lock_alone(space.venue_id)
    Space.objects.filter(pk=space.pk).update(parent=None)
    _write_again(space.venue, at=at)  # coming bookings of its whole no longer hold it
    try:
        with transaction.atomic():
            Space.objects.get(pk=space.pk).delete()
    except ProtectedError as used:
        sentence = _("The space has been used, or has parts. Say that it cannot be booked instead.")
        raise NotAllowedNow(sentence, "used") from used
    filing.note(None, "facilities.space_removed", by=by, at=at, changes={"space": [space.pk, None]})


def changed_facts(row: Any, facts: Mapping[str, Any]) -> list[str]:
    """Put facts on a row, not saved; the names of those that were something else before."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    return changed


@contextmanager
def no_two_named_alike() -> Iterator[None]:
    """Turns the database's refusal of a name that is taken into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        if "space_name_once_per_venue" not in str(twice) and "facilities_venue_key" not in str(twice):
            raise
        raise NotAllowedNow(_("There is already one with that name."), "name_taken") from twice


# Of each pair that the constraint space_held_once refuses on the ground of a venue, buffers and closures too: the later made.
_COLLIDE = """
    SELECT DISTINCT booking.starts_at, booking.id, booking.ends_at
    FROM facilities_space space
    JOIN facilities_occupancy coming ON coming.leaf_id = space.id AND coming.during && tstzrange(%(at)s, NULL)
    JOIN facilities_occupancy other ON other.leaf_id = coming.leaf_id AND other.during && coming.during
     AND other.kind <> coming.kind AND other.booking_id <> coming.booking_id
    JOIN facilities_booking booking ON booking.id = GREATEST(coming.booking_id, other.booking_id)
    WHERE space.venue_id = %(venue)s
    ORDER BY 1, 2
"""


def _write_again(venue: Venue, *, at: datetime) -> None:
    """Let the database derive what every coming use of the venue takes, by the tree as it is now. Raises Taken."""
    Booking.objects.lapsed_holds(at).filter(space__venue=venue).update(status=BookingStatus.LAPSED, held_until=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS space_held_once DEFERRED")
    Booking.objects.taking_space().filter(space__venue=venue, ends_at__gt=at).take_their_space_again()
    with connection.cursor() as cursor:
        cursor.execute(_COLLIDE, {"venue": venue.pk, "at": at})
        if found := cursor.fetchall():
            raise Taken([Conflict(0, booking, Span(starts, ends)) for starts, booking, ends in found])
        cursor.execute("SET CONSTRAINTS space_held_once IMMEDIATE")


def _lock_alone(venue: int) -> None:
    """Nobody books in the venue until we are done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [VENUES, venue])


def _may(by: Any) -> None:
    if by is not None:
        may_keep_venues(by).or_refuse()
