"""What holds for many spaces at once: hours, exceptions and booking rules. The nearest level that says something decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from facilities.models.hours import BookingRules
from facilities.models.place import Space
from facilities.rules.free_time import Wanted
from facilities.rules.opening import Hours, HoursException
from facilities.rules.terms import Terms

_DEFAULT = BookingRules()
_SIDE = timedelta(days=1)  # buffers and times over midnight reach in from the days around
_Level = tuple[str, int]
_Row = Mapping[str, Any]

# One question to three tables: a booking asks it under its locks.
_HEARD = """
    SELECT (
        SELECT json_agg(hours ORDER BY since, weekday, opens, id) FROM facilities_openinghours hours
        WHERE venue_id = ANY(%(venues)s) OR space_id = ANY(%(spaces)s)
    ), (
        SELECT json_agg(special ORDER BY day, opens, id) FROM facilities_hoursexception special
        WHERE (venue_id = ANY(%(venues)s) OR space_id = ANY(%(spaces)s)) AND day BETWEEN %(from)s AND %(to)s
    ), (
        SELECT json_agg(version) FROM (
            SELECT DISTINCT ON (venue_id, space_id) * FROM facilities_bookingrules
            WHERE (venue_id = ANY(%(venues)s) OR space_id = ANY(%(spaces)s)) AND (since IS NULL OR since <= %(first)s)
            ORDER BY venue_id, space_id, since DESC NULLS LAST
        ) AS version
    )
"""


@dataclass(frozen=True, slots=True)
class Place:
    """What holds for one space. Spaces that are open alike share one and the same tuple of hours, and of exceptions."""

    space: Space
    rules: BookingRules
    hours: tuple[Hours, ...]
    exceptions: tuple[HoursException, ...]

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
    """The terms of every space in the days [first, last], in the same order. One query, however many.

    Of its rules the version in force on the first day.
    """
    heard: dict[str, Any] = {
        "venues": sorted({space.venue_id for space in spaces}),
        "spaces": sorted({above for space in spaces for above in space.path}),
        "first": first,
        "from": first - _SIDE,
        "to": last + _SIDE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HEARD, heard)
        hours, exceptions, rules = (_by_level(rows or ()) for rows in cursor.fetchone())
    kept = {level: tuple(_hours(row) for row in rows) for level, rows in hours.items()}
    special_kept = {level: tuple(_exception(row) for row in rows) for level, rows in exceptions.items()}
    asked = {level: BookingRules(**{**row, "since": _day(row["since"])}) for level, (row,) in rules.items()}
    same: dict[Any, Any] = {}
    places = []
    for space in spaces:
        levels: list[_Level] = [*(("space", above) for above in reversed(space.path)), ("venue", space.venue_id)]
        own = next((asked[level] for level in levels if level in asked), _DEFAULT)
        of_hours = next((kept[level] for level in levels if level in kept), ())
        of_days = tuple(each for level in levels for each in special_kept.get(level, ()))
        places.append(Place(space, own, same.setdefault(of_hours, of_hours), same.setdefault(of_days, of_days)))
    return places


def _by_level(rows: Iterable[_Row]) -> dict[_Level, list[_Row]]:
    found: dict[_Level, list[_Row]] = {}
    for row in rows:
        level = ("space", row["space_id"]) if row["space_id"] else ("venue", row["venue_id"])
        found.setdefault(level, []).append(row)
    return found


def _hours(row: _Row) -> Hours:
    return Hours(row["weekday"], row["opens"], row["closes"], date.fromisoformat(row["since"]), _day(row["until"]))


def _exception(row: _Row) -> HoursException:
    return HoursException(date.fromisoformat(row["day"]), row["opens"], row["closes"], row["overrides"])


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
