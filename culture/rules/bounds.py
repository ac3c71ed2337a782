"""How many different pupils some visits have reached at least, and at most, when only numbers are known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

MOST_SETS = 10  # sets of cohorts that are weighed against each other; more than any class has


@dataclass(frozen=True, slots=True)
class Evidence:
    """So many pupils of these cohorts together were there. count: not negative; above the enrolled it counts as all of them."""

    cohorts: frozenset[int]
    count: int

    def __post_init__(self) -> None:
        if self.count < 0 or not self.cohorts:
            raise ValueError("A visit is of some cohorts, and by a number that is not negative.")


def least_reached(enrolled: Mapping[int, int], evidence: Iterable[Evidence]) -> int:
    """The fewest different pupils that can have been there: the figure of the guarantee. cohort -> enrolled pupils.

    Of several visits by the same pupils the largest counts; visits of different cohorts add; where they share some, what the
    shared could explain is taken off. Never more than can be proved from the numbers.

    Rule C-10. Source: acceptance, "rules assumed": lower bound = the largest single visit; Case 1.
    Words: undre gräns, minst, nedre gräns, lower bound.
    """
    sets = _largest(enrolled, evidence)
    least = 0
    for size in range(1, len(sets) + 1):
        for chosen in combinations(sets, size):
            least = max(least, sum(count for _, count in chosen) - _shared(enrolled, [cohorts for cohorts, _ in chosen]))
    return least


def most_reached(enrolled: Mapping[int, int], evidence: Iterable[Evidence]) -> int:
    """The most different pupils that can have been there: everybody a new one, until no more are enrolled.

    Rule C-11. Source: acceptance, "rules assumed": upper = min(enrolled, sum).
    Words: övre gräns, högst, upper bound.
    """
    sums: dict[frozenset[int], int] = {}
    for each in evidence:
        sums[each.cohorts] = sums.get(each.cohorts, 0) + each.count
    everyone = sum(enrolled.values())
    most = min(everyone, sum(sums.values()))
    sets = sorted(sums, key=sorted)[:MOST_SETS]
    for size in range(1, len(sets) + 1):
        for full in combinations(sets, size):
            inside = frozenset().union(*full)
            outside = sum(count for cohorts, count in sums.items() if not cohorts <= inside)
            most = min(most, sum(enrolled.get(cohort, 0) for cohort in inside) + outside)
    return most


def least_of_cohort(enrolled: Mapping[int, int], evidence: Iterable[Evidence], cohort: int) -> int:
    """The fewest pupils of one cohort that can have been there, the others of each visit taken to have been there all.

    Rule C-12. Source: acceptance Case 1: 20 of 8 + 7 + 6 without a split leaves at most one missing in each grade.
    Words: intervall, årskurs, minst, utan uppdelning, interval.
    """
    least = 0
    for each in evidence:
        if cohort in each.cohorts:
            others = sum(enrolled.get(other, 0) for other in each.cohorts if other != cohort)
            least = max(least, each.count - others)
    return min(least, enrolled.get(cohort, 0))


def most_of_cohort(enrolled: Mapping[int, int], evidence: Iterable[Evidence], cohort: int) -> int:
    """The most pupils of one cohort that can have been there.

    Rule C-13. Source: acceptance Case 1.
    Words: intervall, årskurs, högst, interval.
    """
    return min(enrolled.get(cohort, 0), sum(each.count for each in evidence if cohort in each.cohorts))


def _largest(enrolled: Mapping[int, int], evidence: Iterable[Evidence]) -> Sequence[tuple[frozenset[int], int]]:
    """Of visits of the same cohorts the largest, none above the enrolled; the largest MOST_SETS of them."""
    best: dict[frozenset[int], int] = {}
    for each in evidence:
        count = min(each.count, sum(enrolled.get(cohort, 0) for cohort in each.cohorts))
        best[each.cohorts] = max(best.get(each.cohorts, 0), count)
    return sorted(best.items(), key=lambda pair: (-pair[1], sorted(pair[0])))[:MOST_SETS]


def _shared(enrolled: Mapping[int, int], chosen: Sequence[frozenset[int]]) -> int:
    """How many pupils may have been counted more than once, if everybody in a shared cohort was at each of the visits."""
    return sum(
        enrolled.get(cohort, 0) * (sum(cohort in cohorts for cohorts in chosen) - 1) for cohort in frozenset().union(*chosen)
    )
