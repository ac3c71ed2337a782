"""The problem of a run as the text that is stored, and back: the run is computed from the text alone."""

import json
from datetime import date
from typing import Any

from culture.rules.plan import problem as rules
from culture.rules.seats import Capacity


def frozen(problem: rules.Problem) -> str:
    """The problem in one way only."""
    return rules.canonical_bytes(rules.canonical(problem)).decode()


def thawed(text: str) -> rules.Problem:
    """The problem of a stored run, the same as when it was frozen."""
    given = json.loads(text)
    return rules.canonical(
        rules.Problem(
            schools=tuple(
                rules.School(unit=each["unit"], position=_position(each["position"]), hall=each["hall"])
                for each in given["schools"]
            ),
            classes=tuple(_class(each) for each in given["classes"]),
            performances=tuple(_performance(each) for each in given["performances"]),
            fixed=tuple(_booking(each) for each in given["fixed"]),
            hosts=tuple(rules.Host(**each) for each in given["hosts"]),
            refused=frozenset((klass, performance) for klass, performance in given["refused"]),
            allowed=tuple(_booking(each) for each in given["allowed"]),
            distances=tuple((unit, performance, metres) for unit, performance, metres in given["distances"]),
            terms=rules.Terms(**given["terms"]),
            seed=given["seed"],
        )
    )


def _class(given: dict[str, Any]) -> rules.Klass:
    return rules.Klass(
        **{
            **given,
            "parts": tuple(rules.Part(**part) for part in given["parts"]),
            "last_visit": date.fromisoformat(given["last_visit"]) if given["last_visit"] else None,
            "blocked": frozenset(date.fromisoformat(day) for day in given["blocked"]),
            **{name: frozenset(given[name]) for name in ("needs", "seen", "arts")},
        }
    )


def _performance(given: dict[str, Any]) -> rules.Performance:
    return rules.Performance(
        **{
            **given,
            "on": date.fromisoformat(given["on"]),
            "capacity": Capacity(**given["capacity"]),
            "position": _position(given["position"]),
            **{name: frozenset(given[name]) for name in ("cohorts", "hosts", "offers")},
        }
    )


def _booking(given: dict[str, Any]) -> rules.Booking:
    return rules.Booking(given["klass"], given["performance"], tuple(given["cohorts"]))


def _position(given: dict[str, float] | None) -> rules.Position | None:
    return rules.Position(**given) if given else None
