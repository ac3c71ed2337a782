"""A problem, a plan and its reasons as text that is stored, and read again exactly as they were."""

import json
from dataclasses import fields
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from facilities.rules.allocation.conditions import All, Either, Flag, Not, Number, Text
from facilities.rules.allocation.plan import CellPrice, Level, Pass, Plan
from facilities.rules.allocation.principles import Attractive, MinuteLimit, Principles, PriorityClass, Rung, Weights, Window
from facilities.rules.allocation.problem import (
    Fixed,
    Hall,
    Opening,
    Problem,
    Refused,
    Section,
    Space,
    Standing,
    Suits,
    Time,
    Wished,
    canonical_bytes,
)
from facilities.rules.allocation.reasons import Blocked, Given, Holder, Reasons, Refusal

_CONDITIONS = (All, Either, Flag, Not, Number, Text)
_PRINCIPLES = (Attractive, MinuteLimit, Principles, PriorityClass, Rung, Weights, Window)
_PROBLEM = (Fixed, Hall, Opening, Problem, Refused, Section, Space, Standing, Suits, Time, Wished)
_PLAN = (Blocked, CellPrice, Given, Holder, Level, Pass, Plan, Reasons, Refusal)
_KNOWN: dict[str, Any] = {each.__name__: each for each in (*_CONDITIONS, *_PRINCIPLES, *_PROBLEM, *_PLAN)}
Stored = TypeVar("Stored", Problem, Plan, Reasons, Principles)


def to_text(thing: Problem | Plan | Reasons | Principles) -> str:
    """What is stored: JSON in one way only. A problem is stored before it is computed, and computed from the text alone.

    Rule FA-37. Source: house convention: a plan's problem is frozen as text when it is asked for.
    Words: spara, frysa, text, json.
    """
    return canonical_bytes(thing).decode()


def from_text(kind: type[Stored], text: str) -> Stored:
    """What to_text wrote, as it was. ValueError when the text is of something else.

    Rule FA-38. Source: house convention: a plan's problem is frozen as text when it is asked for.
    Words: läs, frysa, text, json.
    """
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("is") != kind.__name__:
        raise ValueError(f"The text is not of a {kind.__name__}.")
    found: Stored = _read(data, kind)
    return found


def _read(value: Any, hint: Any) -> Any:
    if isinstance(value, dict):
        known = _KNOWN[value["is"]]
        hints = get_type_hints(known)
        return known(**{each.name: _read(value[each.name], hints[each.name]) for each in fields(known) if each.name in value})
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None and NoneType in arguments:
            return None
        return _read(value, next(each for each in arguments if each is not NoneType))
    if origin is tuple:
        inner = [arguments[0]] * len(value) if arguments[-1:] == (Ellipsis,) else list(arguments)
        return tuple(_read(each, kind) for each, kind in zip(value, inner, strict=True))
    if hint is date:
        return date.fromisoformat(value)
    return hint(value) if isinstance(hint, type) and issubclass(hint, Enum) else value
