"""What holds for many spaces at once: hours, exceptions and booking rules. The nearest level that says something decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from facilities.models.hours import BookingRules, HoursException, OpeningHours
from facilities.models.place import Space
from facilities.rules import opening
from facilities.rules.free_time import Wanted
from facilities.rules.terms import Terms

_DEFAULT = BookingRules()
_SIDE = timedelta(days=1)  # buffers and times over midnight reach in from the days around


@dataclass(frozen=True, slots=True)
class Place:
    """What holds for one space. Spaces that hear the same rows share the same tuples."""

    space: Space
    rules: BookingRules
    hours: tuple[opening.Hours, ...]
    exceptions: tuple[opening.HoursException, ...]

    @property
    def terms(self) -> Terms:
        return self.rules.for_rules(self.space.capacity)

    def wanted(self, length: timedelta | None) -> Wanted:
        """What is looked for: a booking of *length*, or the shortest there is."""
        terms = self.terms
        shortest = timedelta(minutes=terms.shortest)
        return Wanted(
            shortest=max(length, shortest) if length else shortest,
            grid=timedelta(minutes=terms.grid),
            longest=timedelta(minutes=terms.longest) if terms.longest else None,
            before=timedelta(minutes=self.rules.before),
            after=timedelta(minutes=self.rules.after),
        )


def places_of(spaces: Sequence[Space], first: date, last: date) -> list[Place]:
    """The terms of every space in the days [first, last], in the same order. Three queries, however many.

    Of its rules the version in force on the first day.
    """
    heard = Q(venue__in={space.venue_id for space in spaces}) | Q(space__in={above for space in spaces for above in space.path})
    hours = _by_level(OpeningHours.objects.filter(heard))
    special = HoursException.objects.filter(heard, day__gte=first - _SIDE, day__lte=last + _SIDE)
    exceptions, rules = _by_level(special), _by_level(BookingRules.objects.filter(heard).in_force(first))
    kept = {level: tuple(row.for_rules() for row in rows) for level, rows in hours.items()}
    special_kept = {level: tuple(row.for_rules() for row in rows) for level, rows in exceptions.items()}
    places = []
    for space in spaces:
        levels: list[Any] = [*(("space", above) for above in reversed(space.path)), ("venue", space.venue_id)]
        own = next((rules[level][0] for level in levels if level in rules), _DEFAULT)
        of_hours = next((kept[level] for level in levels if level in kept), ())
        places.append(Place(space, own, of_hours, tuple(each for level in levels for each in special_kept.get(level, ()))))
    return places


def _by_level(rows: Iterable[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(("space", row.space_id) if row.space_id else ("venue", row.venue_id), []).append(row)
    return found
