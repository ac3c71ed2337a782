"""What holds for spaces, one or a thousand: hours, exceptions, booking rules. The nearest level that says something decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from facilities.models.hours import BookingRules
from facilities.models.place import Space
from facilities.rules.opening import Hours, HoursException

_DEFAULT = BookingRules()
_Level = tuple[str, int]

# One question for three tables: a booking asks it under its locks.
_HEARD = """
    SELECT (
        SELECT json_agg(hours ORDER BY since, weekday, opens, id) FROM facilities_openinghours hours
        WHERE venue_id = ANY(%(venues)s) OR space_id = ANY(%(spaces)s)
    ), (
        SELECT json_agg(special ORDER BY day, opens, id) FROM facilities_hoursexception special
        WHERE (venue_id = ANY(%(venues)s) OR space_id = ANY(%(spaces)s)) AND day BETWEEN %(first)s AND %(last)s
    ), (
        SELECT json_agg(rules) FROM facilities_bookingrules rules
        WHERE venue_id = ANY(%(venues)s) OR space_id = ANY(%(spaces)s)
    )
"""


@dataclass(frozen=True, slots=True)
class TermsOfSpace:
    """What holds for one space. Spaces that are open alike share one and the same tuple of hours, of exceptions too."""

    space: Space
    rules: BookingRules
    hours: tuple[Hours, ...]
    exceptions: tuple[HoursException, ...]


def terms_of(spaces: Sequence[Space], first: date, last: date) -> list[TermsOfSpace]:
    """The terms of every space, in the same order; exceptions of the days [first, last] only. One query, however many spaces."""
    heard: dict[str, Any] = {
        "venues": sorted({space.venue_id for space in spaces}),
        "spaces": sorted({above for space in spaces for above in space.path}),
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HEARD, heard)
        found = cursor.fetchone()
    hours, exceptions, rules = (_by_level(rows or ()) for rows in found)
    open_at = {level: tuple(_hours(row) for row in rows) for level, rows in hours.items()}
    special = {level: tuple(_exception(row) for row in rows) for level, rows in exceptions.items()}
    asked = {level: BookingRules(**rows[0]) for level, rows in rules.items()}
    same: dict[Any, Any] = {}
    terms = []
    for space in spaces:
        levels = [*(("space", above) for above in reversed(space.path)), ("venue", space.venue_id)]
        of_hours = next((open_at[level] for level in levels if level in open_at), ())
        of_days = tuple(each for level in levels for each in special.get(level, ()))
        own = next((asked[level] for level in levels if level in asked), _DEFAULT)
        terms.append(TermsOfSpace(space, own, same.setdefault(of_hours, of_hours), same.setdefault(of_days, of_days)))
    return terms


def _by_level(rows: Sequence[Mapping[str, Any]]) -> dict[_Level, list[Mapping[str, Any]]]:
    found: dict[_Level, list[Mapping[str, Any]]] = {}
    for row in rows:
        level = ("space", row["space_id"]) if row["space_id"] else ("venue", row["venue_id"])
        found.setdefault(level, []).append(row)
    return found


def _hours(row: Mapping[str, Any]) -> Hours:
    until = date.fromisoformat(row["until"]) if row["until"] else None
    return Hours(row["weekday"], row["opens"], row["closes"], date.fromisoformat(row["since"]), until)


def _exception(row: Mapping[str, Any]) -> HoursException:
    return HoursException(date.fromisoformat(row["day"]), row["opens"], row["closes"], row["overrides"])
