"""The principles of a season as the council publishes them: classes, the ladder of rungs, windows, limits, what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from facilities.rules.allocation.conditions import (
    Condition,
    Facts,
    NotUnderstood,
    condition_from_json,
    condition_to_json,
    holds,
)

DAY = 24 * 60
STEP = 30  # minutes: times begin and end on the half hour
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
WEEKDAYS = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """Sections that are equal before the principles. A section belongs to the first class whose condition holds."""

    key: str
    name: str
    who: Condition


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: passes first..last (last None = and all further) a week of the sections of some classes.

    An earlier rung is filled as far as it can be before a later one is thought of.
    """

    classes: tuple[str, ...]
    first: int = 1
    last: int | None = None

    def has(self, key: str, number: int) -> bool:
        return key in self.classes and self.first <= number and (self.last is None or number <= self.last)


class Effect(StrEnum):
    """inside: those whom it is for get no time outside it on those days. kept: nobody else gets time in it. mainly: outside it
    only when nothing else is left (it costs as a preference)."""

    INSIDE = "inside"
    KEPT = "kept"
    MAINLY = "mainly"


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of some weekdays for some sections. since, until: minutes from midnight."""

    who: Condition
    since: int
    until: int
    effect: Effect
    weekdays: tuple[int, ...] = WEEKDAYS


@dataclass(frozen=True, slots=True)
class MinuteLimit:
    """At most so many minutes a week; the first limit whose condition holds counts."""

    who: Condition
    minutes: int


@dataclass(frozen=True, slots=True)
class Attractive:
    """The hours that girls and boys are to have equally of, per member. Sections of both are shown apart and not counted."""

    since: int = 17 * 60
    until: int = 20 * 60
    weekdays: tuple[int, ...] = WEEKDAYS


class Soft(StrEnum):
    """What is looked at after the ladder, in the order that the principles say."""

    PREFERENCES = "preferences"  # by class: second choices, later spaces in order, outside "mainly"
    LOCAL = "local"  # passes outside the section's own area
    DURATIONS = "durations"  # by class: half hours short of the longest wished
    EQUALITY = "equality"  # attractive time per girl and per boy
    STABILITY = "stability"  # last season's times that are not kept


USUAL_ORDER = (Soft.PREFERENCES, Soft.DURATIONS, Soft.EQUALITY, Soft.STABILITY)


@dataclass(frozen=True, slots=True)
class Weights:
    """What a pass costs among preferences."""

    second_choice: int = 10
    next_space: int = 1
    not_mainly: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Principles:
    """A municipality's principles of one season, in force as they are published."""

    name: str
    classes: tuple[PriorityClass, ...]
    ladder: tuple[Rung, ...]
    windows: tuple[Window, ...] = ()
    limits: tuple[MinuteLimit, ...] = ()
    attractive: Attractive | None = None
    soft: tuple[Soft, ...] = USUAL_ORDER
    weights: Weights = Weights()


def class_of(principles: Principles, section: Facts) -> PriorityClass | None:
    """The class that a section belongs to: the first whose condition holds. None: it has no place in this season.

    Rule FA-05. Source: PLANNING, "ordered priority classes with conditions"; Lerum P1-P5.
    Words: prioritet, prioritetsklass, klass, turordning, priority.
    """
    return next((each for each in principles.classes if holds(each.who, section)), None)


def rung_of(principles: Principles, key: str, number: int) -> int | None:
    """On which rung, counted from 0, a class's pass *number* (from 1) stands. None: on none, so that it is not given.

    Rule FA-06. Source: PLANNING, "fairness is a ladder of rungs, as data".
    Words: steg, trappa, turordning, rung.
    """
    return next((place for place, rung in enumerate(principles.ladder) if rung.has(key, number)), None)


def minutes_of(principles: Principles, section: Facts) -> int | None:
    """At most how many minutes a week a section may have; None = no limit.

    Rule FA-07. Source: Huddinge, minutes per division (420/360/240/120/60 a week).
    Words: minuter, division, tak, högst, minutes.
    """
    return next((limit.minutes for limit in principles.limits if holds(limit.who, section)), None)


def by_class(classes: Iterable[str], most: int | None = None) -> tuple[Rung, ...]:
    """Strict class order: all passes of the first class before any of the second. most: passes beyond are not given.

    Rule FA-08. Source: PLANNING, "strict class order and need order are both wanted"; Lerum.
    Words: klassordning, strikt, prioritet.
    """
    return tuple(Rung((key,), 1, most) for key in classes)


def by_need(classes: Iterable[str], most: int) -> tuple[Rung, ...]:
    """Need order: everybody's first pass in class order, then everybody's second ... The last rung holds all further passes.

    Rule FA-09. Source: PLANNING, "need order (everyone's first pass first)"; Karlskrona, everyone gets some time.
    Words: behovsordning, första pass först, alla får något, need.
    """
    keys = tuple(classes)
    return tuple(Rung((key,), number, number if number < most else None) for number in range(1, most + 1) for key in keys)


def at_most_before(ladder: Iterable[Rung], most: int, everyone: int) -> tuple[Rung, ...]:
    """The ladder in which nobody has more than *most* passes before everyone has had *everyone*. 1 <= everyone <= most.

    The rungs keep their order within what comes before and what comes after; a rung that does both is divided.

    Rule FA-10. Source: issue, "at most k before everyone has m"; with 1 and 1: everyone gets some time.
    Words: högst, innan alla fått, alla får något, tak.
    """
    if not 1 <= everyone <= most:
        raise ValueError("Nobody can be kept to fewer passes than everyone is to have first.")
    parts = [part for rung in ladder for part in _divided(rung, everyone, most)]
    needed = max((place for place, rung in enumerate(parts) if rung.last is not None and rung.last <= everyone), default=-1)
    before = [place for place, rung in enumerate(parts) if place <= needed and rung.first <= most]
    after = [place for place in range(len(parts)) if place not in before]
    return tuple(parts[place] for place in (*before, *after))


def principles_to_json(principles: Principles) -> dict[str, Any]:
    """The principles as plain data; hours as "17:00".

    Rule FA-11. Source: issue, "principles as data, published on the web next to their formal meaning".
    Words: principer, json, spara.
    """
    attractive = principles.attractive
    return {
        "name": principles.name,
        "classes": [{"key": each.key, "name": each.name, "who": condition_to_json(each.who)} for each in principles.classes],
        "ladder": [{"classes": list(rung.classes), "first": rung.first, "last": rung.last} for rung in principles.ladder],
        "windows": [
            {"who": condition_to_json(each.who), "effect": str(each.effect), **_hours_to_json(each)}
            for each in principles.windows
        ],
        "limits": [{"who": condition_to_json(each.who), "minutes": each.minutes} for each in principles.limits],
        "attractive": None if attractive is None else _hours_to_json(attractive),
        "soft": [str(each) for each in principles.soft],
        "weights": {
            "second_choice": principles.weights.second_choice,
            "next_space": principles.weights.next_space,
            "not_mainly": principles.weights.not_mainly,
        },
    }


def principles_from_json(data: Any) -> Principles:
    """Read principles. NotUnderstood, with the place, for anything that is not of the language; validate them afterwards.

    Rule FA-12. Source: issue, "sets never seen will be tried": what is not understood is refused, never guessed.
    Words: principer, json, läs.
    """
    try:
        return _principles_from_json(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise NotUnderstood(f"principles: {type(error).__name__} {error}") from error
    except ValueError as error:
        raise error if isinstance(error, NotUnderstood) else NotUnderstood(f"principles: {error}") from error


def clock(minutes: int) -> str:
    """Minutes from midnight as "17:00"; midnight at the end of a day is "24:00".

    Rule FA-13. Source: PLANNING, "midnight is slot 48, never 0".
    Words: klockslag, midnatt.
    """
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minutes_at(text: str) -> int:
    """ "17:00" as minutes from midnight, 0-1440. ValueError otherwise.

    Rule FA-14. Source: PLANNING, "midnight is slot 48, never 0".
    Words: klockslag, midnatt.
    """
    hours, _, minutes = text.partition(":")
    value = int(hours) * 60 + int(minutes)
    if len(minutes) != 2 or not 0 <= int(minutes) < 60 or not 0 <= value <= DAY:
        raise ValueError(f"{text!r} is no time of a day")
    return value


def _divided(rung: Rung, *after: int) -> list[Rung]:
    """The rung cut after the passes with those numbers."""
    parts = [rung]
    for number in sorted(set(after)):
        last = parts[-1]
        if last.first <= number and (last.last is None or last.last > number):
            parts[-1:] = [Rung(last.classes, last.first, number), Rung(last.classes, number + 1, last.last)]
    return parts


def _hours_to_json(hours: Window | Attractive) -> dict[str, Any]:
    return {"weekdays": list(hours.weekdays), "since": clock(hours.since), "until": clock(hours.until)}


def _hours(data: Any, where: str) -> tuple[int, int, tuple[int, ...]]:
    since, until = minutes_at(data["since"]), minutes_at(data["until"])
    weekdays = tuple(_whole(each, where) for each in data["weekdays"])
    if since >= until or since % STEP or until % STEP or not set(weekdays) <= set(EVERY_DAY):
        raise NotUnderstood(f"{where}: hours begin before they end, on the half hour, on weekdays 0-6")
    return since, until, weekdays


def _whole(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotUnderstood(f"{where}: {value!r} is not a whole number")
    return value


def _principles_from_json(data: Any) -> Principles:
    unknown = set(data) - {"name", "classes", "ladder", "windows", "limits", "attractive", "soft", "weights"}
    if unknown:
        raise NotUnderstood(f"principles: unknown words {', '.join(sorted(map(str, unknown)))}")
    windows = []
    for number, each in enumerate(data.get("windows", ())):
        since, until, weekdays = _hours(each, f"windows[{number}]")
        who = condition_from_json(each["who"], f"windows[{number}].who")
        windows.append(Window(who, since, until, Effect(each["effect"]), weekdays))
    hours = data.get("attractive")
    return Principles(
        name=str(data["name"]),
        classes=tuple(
            PriorityClass(str(each["key"]), str(each["name"]), condition_from_json(each["who"], f"classes[{number}].who"))
            for number, each in enumerate(data["classes"])
        ),
        ladder=tuple(
            Rung(
                tuple(map(str, each["classes"])),
                _whole(each.get("first", 1), f"ladder[{number}]"),
                None if each.get("last") is None else _whole(each["last"], f"ladder[{number}]"),
            )
            for number, each in enumerate(data["ladder"])
        ),
        windows=tuple(windows),
        limits=tuple(
            MinuteLimit(condition_from_json(each["who"], f"limits[{number}].who"), _whole(each["minutes"], f"limits[{number}]"))
            for number, each in enumerate(data.get("limits", ()))
        ),
        attractive=None if hours is None else Attractive(*_hours(hours, "attractive")),
        soft=tuple(Soft(each) for each in data.get("soft", USUAL_ORDER)),
        weights=Weights(**{key: _whole(value, f"weights.{key}") for key, value in data.get("weights", {}).items()}),
    )
