"""The budget room: what shares a pot, how a scenario comes out, and scenarios that are kept. No budget is ever changed here."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from grants.actions.counting import remaining
from grants.actions.refusals import NotAllowedNow, insist
from grants.choices import AssessmentStatus, ShareMethod, ShareUnit
from grants.models import Application, Assessment, Call, Criterion, Scenario, in_room
from grants.models.aggregate import levels_of, rule_of
from grants.permissions.budget_room import may_enter, may_save
from grants.rules import budget_room as rules
from grants.rules import scoring
from records import filing
from records.values import rounded

YOUNG_TO = 25


@dataclass(frozen=True, slots=True)
class Choice:
    """What is entered in the room. weights: criterion -> percent, together 100; () = the call's own."""

    method: str
    pot: Decimal
    cap: Decimal | None = None
    least: Decimal = Decimal(0)
    unit: str = ShareUnit.MEMBERS
    weights: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """The applications that share a pot as the rules read them. left_out: those that ask for nothing, or came too late.

    late: number -> percent off what was asked for.
    """

    call: Call
    criteria: tuple[scoring.Criterion, ...]
    applications: Mapping[int, Application]
    entries: tuple[rules.Entry, ...]
    late: Mapping[int, Decimal]
    left_out: tuple[Application, ...]

    @property
    def basis(self) -> str:
        """A digest of everything a scenario rests on, but for what is entered."""
        seen = [
            [entry.number, str(entry.asked), entry.units, [sorted(map(str, levels.items())) for levels in entry.assessments]]
            for entry in self.entries
        ]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def open_room(call: Call, *, at: datetime, unit: str = ShareUnit.MEMBERS) -> Room:
    """Read what shares the pot. A constant number of queries."""
    criteria = list(call.criteria.all())
    done = Prefetch("assessments", Assessment.objects.filter(status=AssessmentStatus.DONE).prefetch_related("scores"))
    rows = (
        in_room(call).with_deadline(at).select_related("call", "association", "case").prefetch_related("call__late_steps", done)
    )
    applications: dict[int, Application] = {}
    entries, late, left_out = [], {}, []
    for application in rows:
        number = _number(application)
        asked, percent = _asked(application, at)
        if asked <= 0:
            left_out.append(application)
            continue
        applications[number] = application
        entries.append(rules.Entry(number, asked, _levels(application, criteria), _units(application, unit)))
        if percent:
            late[number] = percent
    return Room(call, tuple(rule_of(row) for row in criteria), applications, tuple(entries), late, tuple(left_out))


def scenario_of(room: Room, choice: Choice) -> rules.Scenario:
    """What is entered, for the rules."""
    weights = choice.weights or {}
    criteria = tuple(
        scoring.Criterion(row.key, Decimal(weights.get(row.key, row.weight)), row.threshold) for row in room.criteria
    )
    return rules.Scenario(rules.Method(choice.method), choice.pot, criteria, choice.cap, choice.least)


def pot_of(call: Call) -> Decimal:
    """What is left to share: the call's budget less what is decided; 0 when it has no budget of its own."""
    return max(Decimal(0), remaining(call) or Decimal(0))


@transaction.atomic
def save_scenario(call: Call, choice: Choice, *, name: str, by: Any, at: datetime) -> Scenario:
    """Keep a scenario under a name, as it comes out now. It is only looked at: no budget, proposal or decision changes."""
    insist(may_save(by))
    insist(may_enter(by, call))
    room = open_room(call, at=at, unit=choice.unit)
    shares = rules.share(room.entries, scenario_of(room, choice))
    try:
        with transaction.atomic():
            scenario = Scenario.objects.create(
                call=call,
                name=name.strip(),
                method=ShareMethod(choice.method),
                pot=choice.pot,
                choices=_choices(choice, room),
                result=_result(shares, room),
                basis=room.basis,
                made_at=at,
                made_by=by,
            )
    except IntegrityError as taken:
        raise NotAllowedNow(_("There is already a scenario with that name. Choose another.")) from taken
    filing.note(None, "grants.scenario_saved", by=by, at=at, changes={"scenario": [None, scenario.pk], "call": [None, call.pk]})
    return scenario


@transaction.atomic
def throw_away(scenario: Scenario, *, by: Any, at: datetime) -> None:
    """A scenario is no longer needed."""
    insist(may_save(by))
    filing.note(None, "grants.scenario_thrown_away", by=by, at=at, changes={"scenario": [scenario.pk, None]})
    Scenario.objects.filter(pk=scenario.pk).delete()


def _choices(choice: Choice, room: Room) -> dict[str, Any]:
    weights = choice.weights or {criterion.key: int(criterion.weight) for criterion in room.criteria}
    cap = None if choice.cap is None else str(choice.cap)
    return {"cap": cap, "least": str(choice.least), "unit": choice.unit, "weights": dict(weights)}


def _result(shares: rules.Shares, room: Room) -> dict[str, Any]:
    def keys(numbers: Sequence[int]) -> list[int]:
        return [room.applications[number].pk for number in numbers]

    return {
        "granted": {str(room.applications[number].pk): str(amount) for number, amount in shares.granted.items()},
        "asked": {str(room.applications[entry.number].pk): str(entry.asked) for entry in room.entries},
        "left": str(shares.left),
        "rate": None if shares.rate is None else str(shares.rate),
        "cut": keys(shares.cut),
    }


def _number(application: Application) -> int:
    """The application's number in the register: what breaks no tie, but says who gets an odd öre (Case 32)."""
    case = application.case
    return case.year * 1_000_000 + case.number if case else application.pk


def _asked(application: Application, at: datetime) -> tuple[Decimal, Decimal]:
    """(what can be granted of what was asked for, percent off for lateness); 0 when it came too late."""
    percent = application.lateness(at).percent
    asked = application.asked or Decimal(0)
    if percent is None:
        return Decimal(0), Decimal(100)
    return asked - rounded(asked * percent / 100), percent


def _levels(application: Application, criteria: Sequence[Criterion]) -> tuple[scoring.Levels, ...]:
    return tuple(levels_of(assessment, criteria) for assessment in application.assessments.all()) if criteria else ()


def _units(application: Application, unit: str) -> int:
    if unit == ShareUnit.YOUNG:
        rows = application.facts.get("members", ())
        return sum(row["count"] for row in rows if row["age_to"] is not None and row["age_to"] <= YOUNG_TO)
    return int(application.facts.get("active_members") or 0)
