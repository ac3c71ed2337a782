"""A proposal for a season: who is where and when, what it is worth level by level, and how far that is proved."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from facilities.rules.allocation.problem import canonical_bytes


class LevelName(StrEnum):
    """What a plan is judged by, the first before the second and so on; the soft ones in the order of the principles."""

    RUNG = "rung"  # passes of the rung that are wished and not given
    MOVED = "moved"  # passes of the plan before that are not where they were (after an edit; else 0)
    PREFERENCES = "preferences"  # of a class: what its passes cost
    LOCAL = "local"  # passes outside the section's own area
    DURATIONS = "durations"  # of a class: half hours short of the longest wished
    EQUALITY = "equality"  # |attractive half hours of girls x boys - of boys x girls|, the members by their greatest divisor
    STABILITY = "stability"  # times of last season that are not kept


@dataclass(frozen=True, slots=True, order=True)
class Pass:
    """A weekly pass. wish: the place in the section's order of spaces, from 0. leaves: what it takes. locked: by the officer."""

    section: str
    weekday: int
    starts: int
    ends: int
    hall: str
    leaves: tuple[str, ...]
    wish: int
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """One level. of: the rung's number from 0, or the class. value: what the plan has, lower is better.

    bound: what no plan can be better than, the earlier levels kept; None = nobody has looked. wished: passes of a rung.
    """

    name: LevelName
    of: str
    value: int
    bound: int | None = None
    wished: int = 0

    @property
    def proved(self) -> bool:
        return self.value == self.bound


@dataclass(frozen=True, slots=True, order=True)
class CellPrice:
    """What a leaf of a hall is worth for a half hour, in millionths of a pass: where time is scarce. leaf: "" = any of them."""

    hall: str
    weekday: int
    starts: int
    since: str
    leaf: str
    price: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A proposal. Rows in order.

    lot: sections in the order of the lot with the passes each has. prices: the proof of the bound of the first rung that is not
    full, checked by addition. problem: digest of what it was made from.
    """

    passes: tuple[Pass, ...]
    levels: tuple[Level, ...]
    lot: tuple[tuple[str, int], ...]
    prices: tuple[CellPrice, ...]
    problem: str
    seed: str

    def first_binding(self) -> Level | None:
        """The first rung that is not full; None when every pass on the ladder is given."""
        return next((level for level in self.levels if level.name is LevelName.RUNG and level.value), None)

    def of(self, section: str) -> tuple[Pass, ...]:
        return tuple(each for each in self.passes if each.section == section)

    def vector(self) -> tuple[int, ...]:
        """Every level's value and, last, the lot: of two plans the one with the lower vector is the better."""
        return (*(level.value for level in self.levels), *(-got for _section, got in self.lot))


def plan_bytes(plan: Plan) -> bytes:
    """The plan as JSON in one way only: what is stored, compared and signed.

    Rule FA-19. Source: goal: the same wishes give the same plan byte for byte.
    Words: plan, byte, json.
    """
    return canonical_bytes(plan)


def plan_digest(plan: Plan) -> str:
    """SHA-256 of the plan's passes in order, hexadecimal.

    Rule FA-20. Source: PLANNING, "SHA-256 of the sorted plan".
    Words: kontrollsumma, sha-256, plan.
    """
    return hashlib.sha256(canonical_bytes(tuple(sorted(plan.passes)))).hexdigest()


def plan_changes(before: Plan, after: Plan) -> tuple[tuple[Pass, ...], tuple[Pass, ...]]:
    """What differs between two proposals: (passes gone, passes new), in order; another part of the same hall is no difference.

    Rule FA-21. Source: issue, "compares proposals", "sees at once what a change costs whom".
    Words: jämför, skillnad, ändringar.
    """

    def shown(each: Pass) -> tuple[str, str, int, int, int]:
        return (each.section, each.hall, each.weekday, each.starts, each.ends)

    old, new = {shown(each) for each in before.passes}, {shown(each) for each in after.passes}
    gone = tuple(each for each in before.passes if shown(each) not in new)
    return gone, tuple(each for each in after.passes if shown(each) not in old)
