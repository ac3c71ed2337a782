"""Rows that whole plans keep and parts of plans break: of an odd number of classes one is left over when they go two by two."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from culture.rules.plan.model import Mip, Terms

SUBSETS = 6000  # of one size that are looked at
AT_ONCE = 4  # of one school, in one round
BROKEN = 0.03
WHOLE = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Half:
    """These classes of a school go two by two so many times at most, counted in whole pairs in each set that goes together."""

    unit: str
    classes: frozenset[int]
    most: int

    def terms(self, mip: Mip) -> Terms:
        pairs = [(each.column, len(self.classes.intersection(each.classes)) // 2) for each in mip.going if each.unit == self.unit]
        return [(column, number) for column, number in pairs if number]


def broken_halves(mip: Mip, share: Mapping[int, float]) -> list[Half]:
    """Those that a part of a plan breaks most, a few of each school. share: how far each set of the model goes, by its place.

    Rule C-92. Source: goal: cost gap within one per cent, proved; blossoms of a matching.
    Words: udda, par, snitt, blossom, cut.
    """
    of_unit: dict[str, list[int]] = defaultdict(list)
    for at in sorted(share):
        if len(mip.going[at].classes) > 1:
            of_unit[mip.going[at].unit].append(at)
    return [half for unit in sorted(of_unit) for half in _of_school(mip, unit, of_unit[unit], share)]


def _of_school(mip: Mip, unit: str, sets: Sequence[int], share: Mapping[int, float]) -> list[Half]:
    whole = frozenset(mip.most)
    found = []
    for classes in _together([whole.intersection(mip.going[at].classes) for at in sets if share[at] < WHOLE]):
        subsets = [
            each
            for size in range(3, len(classes) + 1, 2)
            if comb(len(classes), size) <= SUBSETS
            for each in combinations(range(len(classes)), size)
        ]
        if not subsets:
            continue
        inside = np.zeros((len(classes), len(subsets)), dtype=np.int64)
        for number, each in enumerate(subsets):
            inside[list(each), number] = 1
        goes = np.array([[klass in mip.going[at].classes for klass in classes] for at in sets], dtype=np.int64)
        most = np.array([mip.most[klass] for klass in classes], dtype=np.int64) @ inside // 2
        broken = np.array([share[at] for at in sets]) @ (goes @ inside // 2) - most
        for number in np.argsort(-broken, kind="stable")[:AT_ONCE].tolist():
            if broken[number] > BROKEN:
                found.append(Half(unit, frozenset(classes[at] for at in subsets[number]), int(most[number])))
    return found


def _together(sets: Sequence[frozenset[int]]) -> list[list[int]]:
    """Classes that share a set, directly or through others."""
    parts: list[set[int]] = []
    for each in sets:
        joined = set(each).union(*(part for part in parts if part & each))
        parts = [*(part for part in parts if not part & each), joined]
    return sorted(sorted(part) for part in parts if part)
