"""What holds for many spaces at once: hours, exceptions and booking rules. The nearest level that says something decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from facilities.models.hours import BookingRules, HoursException, OpeningHours
from facilities.models.place import Space
from facilities.rules import opening

_DEFAULT = BookingRules()


@dataclass(frozen=True, slots=True)
class TermsOfSpace:
    """What holds for one space. Spaces that hear the same rows share the same tuples."""

    space: Space
    rules: BookingRules
    hours: tuple[opening.Hours, ...]
    exceptions: tuple[opening.HoursException, ...]


def terms_of(spaces: Sequence[Space], day: date) -> list[TermsOfSpace]:
    """The terms of every space, in the same order; of its rules the version in force on *day*. Three queries, however many."""
    heard = Q(venue__in={space.venue_id for space in spaces}) | Q(space__in={above for space in spaces for above in space.path})
    hours, exceptions = (_by_level(model.objects.filter(heard)) for model in (OpeningHours, HoursException))
    rules = _by_level(BookingRules.objects.filter(heard).in_force(day))
    kept: dict[Any, tuple[Any, ...]] = {}
    found = []
    for space in spaces:
        levels = [*(("space", above) for above in reversed(space.path)), ("venue", space.venue_id)]
        of_hours = next((level for level in levels if level in hours), None)
        if of_hours not in kept:
            kept[of_hours] = tuple(row.for_rules() for row in hours.get(of_hours, ()))
        own = next((rules[level][0] for level in levels if level in rules), _DEFAULT)
        special = tuple(row.for_rules() for level in levels for row in exceptions.get(level, ()))
        found.append(TermsOfSpace(space, own, kept[of_hours], special))
    return found


def _by_level(rows: Iterable[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(("space", row.space_id) if row.space_id else ("venue", row.venue_id), []).append(row)
    return found
