"""Principles while they are written: ways to order the ladder, rows moved or taken away, and what follows when they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from facilities.rules.allocation.conditions import All, Condition, Either, Flag, Not
from facilities.rules.allocation.principles import Principles, Rung, at_most_before, by_class, by_need

MOST_PASSES = 14  # a week


class Way(StrEnum):
    """How a ladder comes about from the classes in order."""

    BY_CLASS = "by_class"
    BY_NEED = "by_need"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Order:
    """most: by class, the last pass that is given (None = all); by need, how many rounds; at most, what nobody is above before
    everyone has *everyone*."""

    way: Way
    most: int | None = None
    everyone: int = 1


class Part(StrEnum):
    """The parts of the principles that are rows."""

    CLASSES = "classes"
    LADDER = "ladder"
    WINDOWS = "windows"
    LIMITS = "limits"


class To(StrEnum):
    """Where a row goes."""

    UP = "up"
    DOWN = "down"
    AWAY = "away"


def laddered(order: Order, keys: Iterable[str]) -> tuple[Rung, ...]:
    """The ladder of the classes in that order. ValueError when the numbers of the order do not fit each other.

    Rule FA-81. Source: PLANNING, "strict class order and need order are both wanted; the officer chooses and sees both".
    Words: turordning, trappa, klassordning, behovsordning.
    """
    listed = tuple(keys)
    match order.way:
        case Way.BY_CLASS:
            return by_class(listed, order.most)
        case Way.BY_NEED:
            if not order.most or order.most < 1:
                raise ValueError("In need order there is at least one round.")
            return by_need(listed, order.most)
        case Way.AT_MOST:
            return at_most_before(by_class(listed), order.most or 0, order.everyone)


def order_of(ladder: tuple[Rung, ...], keys: Iterable[str]) -> Order | None:
    """The order that gives this ladder, the plainest first; None when its steps are its own.

    Rule FA-82. Source: house convention: what is shown in words is found from the data, so that a file reads like a form.
    Words: turordning, trappa, egna steg.
    """
    listed = tuple(keys)
    numbers = range(1, MOST_PASSES + 1)
    orders = [Order(Way.BY_CLASS), *(Order(Way.BY_NEED, most) for most in numbers if most > 1)]
    orders += [Order(Way.AT_MOST, most, everyone) for most in numbers for everyone in range(1, most + 1)]
    orders += [Order(Way.BY_CLASS, most) for most in numbers]
    return next((order for order in orders if laddered(order, listed) == ladder), None) if listed and ladder else None


def with_classes(principles: Principles, classes: tuple[Any, ...], renamed: Mapping[str, str]) -> Principles:
    """The principles with other classes; the ladder follows. renamed: old key -> new key.

    A ladder that came from the order of the classes comes from their new order. In one with steps of its own the keys are
    changed, and classes that are gone are taken out; a class that is new stands on no step until somebody puts it there.

    Rule FA-83. Source: house convention: an edit of one part never leaves another that speaks of what is not there.
    Words: klass, byta namn, turordning, trappa.
    """
    keys = tuple(each.key for each in classes)
    order = order_of(principles.ladder, [each.key for each in principles.classes])
    if order is not None:
        return replace(principles, classes=classes, ladder=laddered(order, keys))
    ladder = []
    for rung in principles.ladder:
        named = tuple(renamed.get(key, key) for key in rung.classes)
        if left := tuple(key for key in named if key in keys):
            ladder.append(replace(rung, classes=left))
    return replace(principles, classes=classes, ladder=tuple(ladder))


def rearranged(principles: Principles, part: Part, place: int, to: To) -> Principles:
    """The principles with one row a step up or down, or taken away. A row at the end stays there. IndexError: no such row.

    Rule FA-84. Source: issue, "principles as data, ordered".
    Words: flytta, ta bort, ordning, rad.
    """
    rows = list(getattr(principles, part.value))
    if not 0 <= place < len(rows):
        raise IndexError(f"{part.value} has no row {place}")
    row = rows.pop(place)
    if to is not To.AWAY:
        rows.insert(max(0, place - 1) if to is To.UP else place + 1, row)
    if part is Part.CLASSES:
        return with_classes(principles, tuple(rows), {})
    changed: dict[str, Any] = {part.value: tuple(rows)}
    return replace(principles, **changed)


def plain(condition: Condition) -> Condition:
    """The same condition without what says nothing: a group of one, a no of a no or of a yes. Of the same sections it is true.

    Rule FA-85. Source: house convention: a form writes a condition in one way only.
    Words: villkor, förenkla.
    """
    match condition:
        case All(parts) | Either(parts):
            simple = tuple(plain(each) for each in parts)
            return simple[0] if len(simple) == 1 else replace(condition, of=simple)
        case Not(what):
            inner = plain(what)
            if isinstance(inner, Flag):
                return Flag(inner.fact, not inner.value)
            return inner.what if isinstance(inner, Not) else Not(inner)
        case _:
            return condition
