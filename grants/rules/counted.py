"""What was counted of an association's attendance: figures without persons, frozen at hand-in, the same for the same input."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

# Why a session pays nothing, and why somebody who was there is not counted: what the wording must have sentences for.
REJECTED = ("too_short", "too_few", "no_leader", "all_counted_already")
LEFT_OUT = (
    "too_young",
    "too_old",
    "elsewhere",
    "tried_out",
    "over_size",
    "already_that_day",
    "already_that_week",
    "already_that_year",
)


class Cell(NamedTuple):
    """Participations that pay alike. age: the year one turned."""

    age: int
    sex: str
    disability: bool
    number: int


class Rejected(NamedTuple):
    """One session that pays nothing. starts: minutes after midnight. found, needed: what the reason is about."""

    day: date
    starts: int
    group: str
    reason: str
    found: int
    needed: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of one association and period. until: exclusive. held: sessions in all; those that pay are held less rejected.

    cells: participations. sizes: (participations, sessions). one_leader, more_leaders: sessions that pay, by leaders.
    left_out: reason -> marks that are not counted, in sessions that pay. minutes: of the sessions that pay.
    """

    first: date
    until: date
    held: int
    cells: tuple[Cell, ...]
    sizes: tuple[tuple[int, int], ...]
    one_leader: int
    more_leaders: int
    minutes: int
    left_out: tuple[tuple[str, int], ...]
    rejected: tuple[Rejected, ...]

    @property
    def sessions(self) -> int:
        return self.held - len(self.rejected)

    @property
    def participations(self) -> int:
        return sum(cell.number for cell in self.cells)


def counted_to_json(counted: Counted) -> dict[str, Any]:
    """The figures as JSON data, to be frozen with an application. Equal figures give equal data.

    Rule G-98. Source: house convention: an application keeps what it is counted from; Case 60.
    Words: spara närvaro, frysa, json, aktivitetsstöd.
    """
    return {
        "first": counted.first.isoformat(),
        "until": counted.until.isoformat(),
        "held": counted.held,
        "cells": [list(cell) for cell in counted.cells],
        "sizes": [list(pair) for pair in counted.sizes],
        "one_leader": counted.one_leader,
        "more_leaders": counted.more_leaders,
        "minutes": counted.minutes,
        "left_out": [list(pair) for pair in counted.left_out],
        "rejected": [[each.day.isoformat(), *each[1:]] for each in counted.rejected],
    }


def counted_from_json(stored: Mapping[str, Any]) -> Counted:
    """Frozen figures, as they were. Not for data from outside: what counted_to_json did not write raises KeyError etc.

    Rule G-99. Source: house convention: an application keeps what it is counted from; Case 60.
    Words: läs närvaro, json, aktivitetsstöd.
    """
    return Counted(
        first=date.fromisoformat(stored["first"]),
        until=date.fromisoformat(stored["until"]),
        held=stored["held"],
        cells=tuple(Cell(*cell) for cell in stored["cells"]),
        sizes=tuple((size, sessions) for size, sessions in stored["sizes"]),
        one_leader=stored["one_leader"],
        more_leaders=stored["more_leaders"],
        minutes=stored["minutes"],
        left_out=tuple((reason, marks) for reason, marks in stored["left_out"]),
        rejected=tuple(Rejected(date.fromisoformat(day), *rest) for day, *rest in stored["rejected"]),
    )
