"""What many associations did in a period, counted by the database from their attendance cards: counts, never a name."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Count, Q, Sum

from associations.attending import BANDS
from associations.choices import Sex
from associations.models import ActivityGroup, ActivitySession
from records.values import Period

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Reach:
    """times: participations, leaders not counted. people: how many persons they were; those who are only numbers are counted
    as the most at one session, so then it is at least so many."""

    times: int = 0
    people: int = 0

    def __add__(self, other: "Reach") -> "Reach":
        return Reach(self.times + other.times, self.people + other.people)


NOBODY = Reach()


@dataclass(frozen=True, slots=True)
class Attended:
    """One association in a period. cells: (index of attending.BANDS, sex) -> reach; by_sex: sex -> reach ("" = not told).

    groups: that are not closed; silent: those of them without a session. from_files: sessions that a club system sent.
    at_least: some people are only numbers, so nobody knows how many persons they were.
    """

    sessions: int = 0
    minutes: int = 0
    from_files: int = 0
    groups: int = 0
    silent: int = 0
    reach: Reach = NOBODY
    by_sex: Mapping[str, Reach] = field(default_factory=dict)
    cells: Mapping[tuple[int, str], Reach] = field(default_factory=dict)
    at_least: bool = False

    @property
    def girls(self) -> Reach:
        return self.by_sex.get(Sex.FEMALE, NOBODY)

    @property
    def boys(self) -> Reach:
        return self.by_sex.get(Sex.MALE, NOBODY)

    @property
    def others(self) -> Reach:
        return self.by_sex.get(Sex.OTHER, NOBODY) + self.by_sex.get("", NOBODY)

    @property
    def by_band(self) -> list[tuple[tuple[int, int | None], Reach]]:
        """((first age, last age), reach) of the ages that took part, youngest first."""
        return [(ages, girls + boys + others) for ages, girls, boys, others in self.by_band_and_sex]

    @property
    def by_band_and_sex(self) -> list[tuple[tuple[int, int | None], Reach, Reach, Reach]]:
        """((first age, last age), girls and women, boys and men, others), youngest first."""
        return [
            (
                BANDS[band],
                self.cells.get((band, Sex.FEMALE), NOBODY),
                self.cells.get((band, Sex.MALE), NOBODY),
                self.cells.get((band, Sex.OTHER), NOBODY) + self.cells.get((band, ""), NOBODY),
            )
            for band in sorted({band for band, _sex in self.cells})
        ]

    def young(self, sex: str, *, to: int) -> Reach:
        """One sex up to and with an age that ends a band."""
        bands = [index for index, (_first, last) in enumerate(BANDS) if last is not None and last <= to]
        return sum((self.cells.get((band, sex), NOBODY) for band in bands), NOBODY)


def attended(associations: Collection[int], period: Period[date]) -> dict[int, Attended]:
    """Association -> what its cards say of the period; none for those without groups and sessions. Age is the year one turns.

    Three queries, however many associations.
    """
    until = period.until or date.max
    keys = list(associations)
    held = ActivitySession.objects.filter(association__in=keys).between(period.since, until)
    sums: Any = held.values("association").annotate(
        sessions=Count("pk"), length=Sum("minutes"), from_files=Count("pk", filter=~Q(code=""))
    )
    found: dict[int, dict[str, Any]] = {}
    for row in sums.order_by():
        found[row["association"]] = {"sessions": row["sessions"], "minutes": row["length"], "from_files": row["from_files"]}
    for key, groups, silent in _groups(keys, held, until):
        found.setdefault(key, {}).update(groups=groups, silent=silent)
    for key, reached in _reached(keys, period.since, until).items():
        found.setdefault(key, {}).update(reached)
    return {key: Attended(**known) for key, known in found.items()}


def summed(rows: Iterable[Attended]) -> Attended:
    """Several associations as one; a person in two of them counts twice."""
    every = list(rows)
    return Attended(
        sessions=sum(each.sessions for each in every),
        minutes=sum(each.minutes for each in every),
        from_files=sum(each.from_files for each in every),
        groups=sum(each.groups for each in every),
        silent=sum(each.silent for each in every),
        reach=sum((each.reach for each in every), NOBODY),
        by_sex=_together(each.by_sex for each in every),
        cells=_together(each.cells for each in every),
        at_least=any(each.at_least for each in every),
    )


def _together(tables: Iterable[Mapping[Key, Reach]]) -> dict[Key, Reach]:
    found: dict[Key, Reach] = {}
    for table in tables:
        for key, reach in table.items():
            found[key] = found.get(key, NOBODY) + reach
    return found


def _groups(keys: list[int], held: Any, until: date) -> Any:
    """(association, groups that are not closed, those without a session)."""
    running = ActivityGroup.objects.filter(Q(closed_on=None) | Q(closed_on__gte=until), association__in=keys)
    rows = running.values("association").annotate(every=Count("pk"), silent=Count("pk", filter=~Q(pk__in=held.values("group"))))
    return rows.order_by().values_list("association", "every", "silent")


# A person is the same person in every session; people who are only numbers cannot be told apart between sessions.
_REACHED = """
WITH held AS NOT MATERIALIZED (
    SELECT id, association_id, extract(year FROM day)::int AS year, present, anonymous
    FROM associations_activitysession WHERE association_id = ANY(%(keys)s) AND day >= %(since)s AND day < %(until)s
), marks AS (
    SELECT id, year, count(*) AS times FROM (SELECT unnest(present) AS id, year FROM held) AS mark GROUP BY 1, 2
), persons AS (
    SELECT who.association_id, who.id, who.sex, width_bucket(marks.year - who.birth_year, %(ages)s::int[]) AS band, marks.times
    FROM marks JOIN associations_participant who ON who.id = marks.id
), numbers AS (
    SELECT held.association_id, held.id, each->>1 AS sex, width_bucket(held.year - (each->>0)::int, %(ages)s::int[]) AS band,
           (each->>2)::int AS people
    FROM held CROSS JOIN LATERAL jsonb_array_elements(held.anonymous) AS each
    WHERE held.anonymous <> '[]' AND NOT (each->>3)::boolean
), a_session AS (
    SELECT association_id, id, sex, band, sum(people) AS people FROM numbers
    GROUP BY GROUPING SETS ((association_id, id, sex, band), (association_id, id, sex), (association_id, id))
)
SELECT association_id, sex, band, sum(times)::int, count(DISTINCT id)::int, false FROM persons
GROUP BY GROUPING SETS ((association_id, sex, band), (association_id, sex), (association_id))
UNION ALL
SELECT association_id, sex, band, sum(people)::int, max(people)::int, true FROM a_session GROUP BY association_id, sex, band
"""


def _reached(keys: list[int], since: date, until: date) -> dict[int, dict[str, Any]]:
    ages = [first for first, _last in BANDS]
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, {"keys": keys, "since": since, "until": until, "ages": ages})
        rows = cursor.fetchall()
    found: dict[int, dict[str, Any]] = {}
    for key, sex, band, times, people, only_numbers in rows:
        known = found.setdefault(key, {"reach": NOBODY, "by_sex": {}, "cells": {}})
        if only_numbers:
            known["at_least"] = True
        if sex is None:
            known["reach"] += Reach(times, people)
        elif band is None:
            known["by_sex"][sex] = known["by_sex"].get(sex, NOBODY) + Reach(times, people)
        elif band:  # 0: not born yet
            cell = (band - 1, sex)
            known["cells"][cell] = known["cells"].get(cell, NOBODY) + Reach(times, people)
    return found
