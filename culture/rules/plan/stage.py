"""What a performance gains most at given prices: one set of classes from each school, into its seats and groups, exactly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from culture.rules.plan.model import Mip, Room

Whole = NDArray[np.int64]
NEVER = -(10**15)


@dataclass(slots=True)
class Stage:
    """A performance with the sets that could go there. first, last: theirs among all sets; schools: the same of each school.

    opens: the columns that must be 1 when anybody goes (of each school, -1 = none).
    """

    show: int
    room: Room
    first: int
    last: int
    schools: list[tuple[int, int]]
    opens: list[int]


@dataclass(slots=True)
class Stages:
    """All performances, and of each set of classes the column, seats and number of classes, in their order.

    Rule C-94. Source: goal: the bound of the cost by the performances' own packing.
    Words: kappsäck, packning, knapsack, pricing.
    """

    stages: list[Stage]
    column: Whole
    seats: Whole
    groups: Whole

    def best(self, stage: Stage, gain: Whole, fee: Sequence[int]) -> tuple[int, list[int]]:
        """(the most that is gained, the sets that do it); 0 and none when nothing is. gain: of each set. fee: of each column."""
        if stage.room.one:
            return self._of_one(stage, gain, fee)
        states, kept = self._packed(stage, gain)
        at = int(states[-1].argmax())
        gained = int(states[-1].flat[at]) - self._fee(stage, fee)
        if gained <= 0:
            return 0, []
        return gained, _back(states, kept, divmod(at, states[-1].shape[1]))

    def with_each(self, stage: Stage, gain: Whole, fee: Sequence[int]) -> Whole:
        """Of each set of the performance: the most that is gained when it goes."""
        if stage.room.one:
            cost = np.concatenate(
                [
                    np.full(last - first, fee[opens] if opens >= 0 else 0)
                    for (first, last), opens in zip(stage.schools, stage.opens, strict=True)
                ]
            )
            net: Whole = gain[stage.first : stage.last] - cost
            return net
        states, kept = self._packed(stage, gain)
        found = np.empty(stage.last - stage.first, dtype=np.int64)
        after = states[0]
        for (first, last), before, items in reversed(list(zip(stage.schools, states[:-1], kept, strict=True))):
            others = _joined(before, after)
            left = others[::-1, ::-1]  # by what the set takes
            groups = self.groups[first:last] if stage.room.groups is not None else 0
            seats = self.seats[first:last] if stage.room.seats is not None else 0
            found[first - stage.first : last - stage.first] = gain[first:last] + left[groups, seats]
            after = with_items(after, items)
        return found - self._fee(stage, fee)

    def _fee(self, stage: Stage, fee: Sequence[int]) -> int:
        return fee[stage.opens[0]] if stage.opens and stage.opens[0] >= 0 else 0

    def _of_one(self, stage: Stage, gain: Whole, fee: Sequence[int]) -> tuple[int, list[int]]:
        each = self.with_each(stage, gain, fee)
        at = int(each.argmax()) if len(each) else 0
        return (int(each[at]), [stage.first + at]) if len(each) and each[at] > 0 else (0, [])

    def _packed(self, stage: Stage, gain: Whole) -> tuple[list[Whole], list[list[tuple[int, int, int, int]]]]:
        """The most gained by groups and seats taken, school after school; and the sets of each school that are worth it."""
        seats, groups = stage.room.seats, stage.room.groups
        state = np.full(((groups or 0) + 1, (seats or 0) + 1), NEVER, dtype=np.int64)
        state[0, 0] = 0
        states, kept = [state], []
        for first, last in stage.schools:
            items = self._items(stage.room, gain, first, last)
            state = with_items(state, items) if items else state
            states.append(state)
            kept.append(items)
        return states, kept

    def _items(self, room: Room, gain: Whole, first: int, last: int) -> list[tuple[int, int, int, int]]:
        """(groups, seats, gain, set): no other set of the school gains as much with less."""
        worth = np.nonzero(gain[first:last] > 0)[0] + first
        if not len(worth):
            return []
        groups = self.groups[worth] if room.groups is not None else np.zeros_like(worth)
        seats = self.seats[worth] if room.seats is not None else np.zeros_like(worth)
        items: list[tuple[int, int, int, int]] = []
        order = np.lexsort((worth, -gain[worth], seats, groups))
        for taken in zip(
            groups[order].tolist(), seats[order].tolist(), gain[worth][order].tolist(), worth[order].tolist(), strict=True
        ):
            if not any(other[1] <= taken[1] and other[2] >= taken[2] for other in items):
                items.append(taken)
        return items


def with_items(state: Whole, items: Iterable[tuple[int, int, int, int]]) -> Whole:
    """The most gained by groups and seats taken, when one of the items may be added: (groups, seats, gain, name of it).

    Rule C-102. Source: goal: the bound of the cost by the performances' own packing.
    Words: kappsäck, packning, knapsack.
    """
    after = state.copy()
    high, wide = state.shape
    for groups, seats, gained, _name in items:
        if groups < high and seats < wide:
            part = after[groups:, seats:]
            np.maximum(part, state[: high - groups, : wide - seats] + gained, out=part)
    return after


def _joined(one: Whole, other: Whole) -> Whole:
    """The most of both together within so many groups and seats."""
    other = np.maximum.accumulate(np.maximum.accumulate(other, axis=1), axis=0)
    both = np.full_like(one, NEVER)
    high, wide = one.shape
    for groups, seats in zip(*(each.tolist() for each in np.nonzero(one > NEVER // 2)), strict=True):
        part = both[groups:, seats:]
        np.maximum(part, other[: high - groups, : wide - seats] + one[groups, seats], out=part)
    return both


def _back(states: list[Whole], kept: list[list[tuple[int, int, int, int]]], at: tuple[int, int]) -> list[int]:
    """The sets by which a state was reached."""
    (groups, seats), chosen = at, []
    for before, after, items in reversed(list(zip(states[:-1], states[1:], kept, strict=True))):
        value = after[groups, seats]
        if before[groups, seats] == value:
            continue
        for of_groups, of_seats, gained, each in items:
            if of_groups <= groups and of_seats <= seats and before[groups - of_groups, seats - of_seats] + gained == value:
                chosen.append(each)
                groups, seats = groups - of_groups, seats - of_seats
                break
    return chosen


def stages_of(mip: Mip) -> Stages:
    """The performances of a model in which every choice is a set.

    Rule C-95. Source: goal: the bound of the cost by the performances' own packing.
    Words: föreställningar, uppdelning, decomposition.
    """
    going = mip.going = sorted(mip.going, key=lambda each: (each.show, each.unit, each.column))
    stages: list[Stage] = []
    for at, each in enumerate(going):
        before = going[at - 1] if at else None
        if before is None or before.show != each.show:
            stages.append(Stage(each.show, mip.rooms[each.show], at, at, [], []))
        stage = stages[-1]
        if before is None or (before.show, before.unit) != (each.show, each.unit):
            stage.schools.append((at, at))
            stage.opens.append(-1 if each.opens is None else each.opens)
        stage.last = at + 1
        stage.schools[-1] = (stage.schools[-1][0], at + 1)
    return Stages(
        stages,
        np.array([each.column for each in going], dtype=np.int64),
        np.array([each.seats for each in going], dtype=np.int64),
        np.array([len(each.classes) for each in going], dtype=np.int64),
    )
