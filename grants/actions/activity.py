"""Attendance as a scheme counts it: the half-year that a call pays for, frozen with the application when it is handed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from associations.attending import attendance_of
from associations.models import Association
from associations.rules.attendance import Half, half_applied_for
from grants.models import Application, Call
from grants.rules.activity_count import ActivityCounting, count_activity
from grants.rules.calculation import Calculation, FactMissing, Facts, Part, calculate
from grants.rules.counted import Counted, Rejected, counted_from_json, counted_to_json
from grants.rules.parts_json import PartsNotReadable, inner, parts_from_json


def countings(parts: Iterable[Part]) -> list[ActivityCounting]:
    """The parts that say what counts of an attendance; none in a scheme that is not about it."""
    return [part for each in parts if isinstance(part := inner(each), ActivityCounting)]


def half_of_call(call: Call, day: date) -> Half:
    """The half-year that a call pays for; one without a last day, the half-year that has ended by *day*."""
    return half_applied_for(call.closes_on or day)


def frozen_activity(call: Call, association: Association, day: date) -> dict[str, Any]:
    """{"activity": the half-year and what the call's scheme counts of it}, without persons; {} in other schemes."""
    rules = countings(parts_from_json(call.version.parts))
    if not rules:
        return {}
    half = half_of_call(call, day)
    attendance = attendance_of(association, half.first, half.until)
    counted = {rule.key: counted_to_json(count_activity(rule, attendance)) for rule in rules}
    return {"activity": {"half": list(half), "counted": counted}}


def activity_for(application: Application, parts: Sequence[Part]) -> dict[str, Any]:
    """What the rules need of an application's attendance, as arguments of Facts: what was frozen at hand-in.

    When *parts* count in another way than was frozen (a rule that is tried), the attendance of the same half-year as it is now.
    """
    rules = countings(parts)
    frozen = application.facts.get("activity")
    if not rules or frozen is None:
        return {}
    counted = {key: counted_from_json(each) for key, each in frozen["counted"].items()}
    if all(rule.key in counted for rule in rules):
        return {"counted": counted}
    half = Half(*frozen["half"])
    return {"counted": counted, "attendance": attendance_of(application.association_id, half.first, half.until)}


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a call's scheme would give for the attendance as it is now. calculation: None when it needs more than attendance."""

    call: Call
    half: Half
    counted: tuple[Counted, ...]
    calculation: Calculation | None

    @property
    def rejected(self) -> list[Rejected]:
        return [each for counted in self.counted for each in counted.rejected]


def calls_about(half: Half, day: date) -> list[Call]:
    """The published calls whose scheme counts attendance and that pay for the half-year. One query."""
    in_time = Q(closes_on__gte=half.until, closes_on__lt=half.after.until) | Q(closes_on=None)
    published = Call.objects.announced().filter(in_time).select_related("version__scheme").order_by("closes_on", "pk")
    return [call for call in published if half_of_call(call, day) == half and countings(_parts_of(call))]


def _parts_of(call: Call) -> tuple[Part, ...]:
    try:
        return parts_from_json(call.version.parts)
    except PartsNotReadable:
        return ()


def estimates(association: Association, half: Half, day: date) -> list[Estimate]:
    """What each call about the half-year would give the association now, counted line by line. Two queries besides the calls."""
    calls = calls_about(half, day)
    if not calls:
        return []
    attendance = attendance_of(association, half.first, half.until)
    category = (association.category.key,) if association.category else ()
    facts = Facts(attendance=attendance, choices={"category": category})
    found = []
    for call in calls:
        parts = _parts_of(call)
        counted = tuple(count_activity(rule, attendance) for rule in countings(parts))
        try:
            calculation = calculate(parts, facts)
        except FactMissing:
            calculation = None
        found.append(Estimate(call, half, counted, calculation))
    return found
