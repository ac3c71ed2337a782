"""What an officer should see before a calculation is published: gaps, overlaps, and where one more gives less.

Found by looking at the numbers and by counting at their edges; nothing is changed. Sentences are made above the rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from associations.rules.members import MemberCount
from grants.rules.activity import rate_findings
from grants.rules.activity_count import ActivityCounting
from grants.rules.calculation import Facts, NotDefined, Part, calculate
from grants.rules.part import MEMBERS
from grants.rules.parts import (
    AtMost,
    AtMostShare,
    BaseAmount,
    LateReduction,
    MinimumPayout,
    PercentOfCost,
    PerMember,
    RequestedUpTo,
    Rounding,
)
from grants.rules.parts_counted import AtMostInYear, PerUnit, ShareOfCost, Stepped
from grants.rules.parts_json import inner
from grants.rules.parts_pot import PotShare
from grants.rules.parts_when import OnlyWhen

# code -> the figures of its sentence.
CODES: Mapping[str, tuple[str, ...]] = {
    "gap": ("quantity", "first", "last"),
    "overlap": ("quantity", "first", "last"),
    "open_end": ("quantity", "last"),
    "less_for_more": ("quantity", "units", "amount", "more", "less", "again"),
    "jump": ("quantity", "units", "amount", "more", "after"),
    "age_gap": ("first", "last"),
    "age_overlap": ("first", "last"),
    "no_effect": (),
    "after_pot": (),
}
BLOCKS = ("gap", "overlap")
FURTHEST = 10**7  # where the search for "as much again" gives up
SMALLEST_JUMP = Decimal(100)  # kronor


@dataclass(frozen=True, slots=True)
class Weakness:
    """One thing to look at. parts: their places, from 0. figures: see CODES; again is None when it never comes back."""

    code: str
    parts: tuple[int, ...]
    figures: Mapping[str, Decimal | int | str | None]

    @property
    def blocks(self) -> bool:
        """Some numbers would have no amount, or two: it must be mended before the calculation is published."""
        return self.code in BLOCKS


@dataclass(frozen=True, slots=True)
class _Axis:
    """What a part is counted on."""

    quantity: str
    age_from: int = 0
    age_to: int | None = None
    only_at_home: bool = False

    def facts(self, units: int, choices: Mapping[str, tuple[str, ...]]) -> Facts:
        if self.quantity == MEMBERS:
            return Facts(members=(MemberCount(self.age_from, self.age_to, units),), choices=choices)
        return Facts(quantities={self.quantity: Decimal(units)}, choices=choices)


def weaknesses(parts: Sequence[Part]) -> tuple[Weakness, ...]:
    """Everything to look at in a calculation, what blocks first; the same parts give the same answer.

    Gaps and overlaps in steps, numbers where one more gives less or much more, ages that no part or two parts count, parts that
    can have no effect where they stand, and parts that change shares of a pot.

    Rule GS-41. Source: DOMAIN.md section 3, "traps in real texts": Tanum pays 51 members less than 50; Ljungby leaves exactly
    75 activities undefined.
    Words: lucka, överlapp, tröskel, hopp, klippa, varning, gap, overlap, cliff.
    """
    found = [*_steps(parts), *_edges(parts), *_ages(parts), *_activity(parts), *_order(parts)]
    unique = list({(each.code, each.parts, tuple(each.figures.items())): each for each in found}.values())
    return tuple(sorted(unique, key=lambda each: (not each.blocks, each.parts)))


def _steps(parts: Sequence[Part]) -> Iterator[Weakness]:
    for place, each in enumerate(parts):
        part = inner(each)
        if not isinstance(part, Stepped):
            continue
        ordered = sorted(part.steps, key=lambda step: step.first)
        reached: int | None = ordered[0].last
        for step in ordered[1:]:
            if reached is None or step.first <= reached:
                last = reached if step.last is None else step.last if reached is None else min(reached, step.last)
                yield Weakness("overlap", (place,), {"quantity": part.quantity, "first": step.first, "last": last})
            elif step.first > reached + 1:
                yield Weakness("gap", (place,), {"quantity": part.quantity, "first": reached + 1, "last": step.first - 1})
            reached = None if reached is None or step.last is None else max(reached, step.last)
        if reached is not None:
            yield Weakness("open_end", (place,), {"quantity": part.quantity, "last": reached})


def _edges(parts: Sequence[Part]) -> Iterator[Weakness]:
    """Count on both sides of every edge, for each group of applicants that the scheme tells apart."""
    axes = {axis: None for each in parts if (axis := _axis(inner(each)))}
    for axis in axes:
        on_axis = [(place, each) for place, each in enumerate(parts) if _fits(inner(each), axis)]
        places = tuple(place for place, each in on_axis if _axis(inner(each)) == axis)
        edges = sorted({edge for place, each in on_axis for edge in _edges_of(inner(each)) if place in places})
        for choices in _groups(parts):
            chosen = [each for _, each in on_axis]
            for edge in edges:
                yield from _across(chosen, axis, choices, edge, places)


def _across(
    parts: Sequence[Part], axis: _Axis, choices: Mapping[str, tuple[str, ...]], edge: int, places: tuple[int, ...]
) -> Iterator[Weakness]:
    """What happens between *edge* and one more."""
    at, above = (_amount(parts, axis, units, choices) for units in (edge, edge + 1))
    if at is None or above is None:
        return
    figures: dict[str, Decimal | int | str | None] = {"quantity": axis.quantity, "units": edge, "amount": at, "more": edge + 1}
    if above < at:
        again = _again(parts, axis, choices, edge, at)
        yield Weakness("less_for_more", places, figures | {"less": above, "again": again})
        return
    before = _amount(parts, axis, edge - 1, choices) if edge else None
    after = _amount(parts, axis, edge + 2, choices)
    slopes = [high - low for low, high in ((before, at), (above, after)) if low is not None and high is not None]
    if above - at >= SMALLEST_JUMP and above - at > 2 * max(slopes, default=Decimal(0)):
        yield Weakness("jump", places, figures | {"after": above})


def _again(parts: Sequence[Part], axis: _Axis, choices: Mapping[str, tuple[str, ...]], edge: int, wanted: Decimal) -> int | None:
    """The smallest number above *edge* that gives as much as *edge* did; None when none is found."""
    low, high = edge + 1, edge + 2
    while high <= FURTHEST and ((amount := _amount(parts, axis, high, choices)) is None or amount < wanted):
        low, high = high, high * 2
    if high > FURTHEST:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        amount = _amount(parts, axis, middle, choices)
        low, high = (low, middle) if amount is not None and amount >= wanted else (middle, high)
    return high


def _amount(parts: Sequence[Part], axis: _Axis, units: int, choices: Mapping[str, tuple[str, ...]]) -> Decimal | None:
    try:
        return calculate(parts, axis.facts(units, choices)).total
    except NotDefined:
        return None


def _axis(part: Part) -> _Axis | None:
    if isinstance(part, PerMember):
        return _Axis(MEMBERS, part.age_from, part.age_to, part.only_at_home)
    if isinstance(part, Stepped) or (isinstance(part, PerUnit) and not part.times):
        if part.quantity != MEMBERS:
            return _Axis(part.quantity)
        return _Axis(MEMBERS, part.age_from, part.age_to, part.only_at_home)
    if isinstance(part, PercentOfCost | ShareOfCost):
        return _Axis(part.quantity)
    return _Axis("requested") if isinstance(part, RequestedUpTo) else None


def _fits(part: Part, axis: _Axis) -> bool:
    """Whether a part can be counted when nothing but *axis* is known."""
    if isinstance(part, AtMostShare):
        return part.quantity == axis.quantity
    return isinstance(part, BaseAmount | AtMost | Rounding | MinimumPayout) or _axis(part) == axis


def _edges_of(part: Part) -> Iterator[int]:
    """The last numbers before something changes."""
    if isinstance(part, Stepped):
        for step in part.steps:
            yield from (each for each in (step.first - 1, step.last) if each is not None and each >= 0)
    if isinstance(part, PercentOfCost) and part.only_above is not None:
        yield int(part.only_above)


def _groups(parts: Iterable[Part]) -> list[dict[str, tuple[str, ...]]]:
    """Every group that a part is only for, one at a time; and those who belong to none."""
    conditions = [part for part in parts if isinstance(part, OnlyWhen)]
    nobody: dict[str, tuple[str, ...]] = {part.fact: () for part in conditions}
    return [nobody, *({**nobody, part.fact: (value,)} for part in conditions for value in part.values)]


def _ages(parts: Sequence[Part]) -> Iterator[Weakness]:
    """Ages between the bands that no part counts, and ages that two parts count."""
    bands = [(place, part) for place, part in enumerate(parts) if isinstance(part, PerMember | PerUnit) and _axis(part)]
    by_home: dict[bool, list[tuple[int, PerMember | PerUnit]]] = {}
    for place, part in bands:
        if isinstance(part, PerMember) or part.quantity == MEMBERS:
            by_home.setdefault(part.only_at_home, []).append((place, part))
    for rows in by_home.values():
        rows.sort(key=lambda row: row[1].age_from)
        for (place, one), (other_place, other) in pairwise(rows):
            where = (min(place, other_place), max(place, other_place))
            if one.age_to is None or other.age_from <= one.age_to:
                ends = [age for age in (one.age_to, other.age_to) if age is not None]
                yield Weakness("age_overlap", where, {"first": other.age_from, "last": min(ends) if ends else None})
            elif other.age_from > one.age_to + 1:
                yield Weakness("age_gap", where, {"first": one.age_to + 1, "last": other.age_from - 1})


_OF_ACTIVITY = {"ages_without_rate": "age_gap", "ages_with_two_rates": "age_overlap"}
_OF_ACTIVITY |= {"sizes_without_amount": "gap", "sizes_with_two_amounts": "overlap"}


def _activity(parts: Sequence[Part]) -> Iterator[Weakness]:
    """Ages and sizes of activity support that no rate pays, or two, after each counting part for itself (G-97)."""
    begins = [place for place, each in enumerate(parts) if isinstance(inner(each), ActivityCounting)]
    for place, end in pairwise([*begins, len(parts)]):
        for finding in rate_findings([inner(each) for each in parts[place:end]]):
            first, last = list(finding.figures.values())[:2]
            code = _OF_ACTIVITY[finding.code]
            named: dict[str, Decimal | int | str | None] = {
                "first": int(str(first)),
                "last": int(str(last)) if last != "" else None,
            }
            yield Weakness(code, (place,), named if code.startswith("age") else {"quantity": "participants", **named})


def _order(parts: Sequence[Part]) -> Iterator[Weakness]:
    lowering = (AtMost, AtMostShare, AtMostInYear, LateReduction, Rounding, MinimumPayout, PotShare)
    given = pot = False
    for place, each in enumerate(parts):
        part = inner(each)
        if isinstance(part, lowering) and not given:
            yield Weakness("no_effect", (place,), {})
        if pot and not isinstance(part, LateReduction):
            yield Weakness("after_pot", (place,), {})
        given = given or not isinstance(part, lowering)
        pot = pot or isinstance(part, PotShare)
