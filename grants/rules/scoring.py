"""Assessment against the criteria: from levels to a score, and from several assessors to one line in a ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from records.values import rounded

LOWEST, HIGHEST = 0, 5
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a call. weight: percent, 0-100. threshold: the lowest level that may be granted; None = none."""

    key: str
    weight: Decimal
    threshold: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 100:
            raise ValueError("A weight is between 0 and 100 percent.")
        if self.threshold is not None and not LOWEST <= self.threshold <= HIGHEST:
            raise ValueError(f"A threshold is a level from {LOWEST} to {HIGHEST}.")


Levels = Mapping[str, int | None]  # criterion key -> level 0-5, or None for "not applicable"


@dataclass(frozen=True, slots=True)
class Summary:
    """Several assessors' scores on one application. Each figure has two decimals.

    assessors: how many gave a score. mean, median: None when nobody did. spread: sample standard deviation; None with fewer
    than two.
    """

    assessors: int
    mean: Decimal | None
    median: Decimal | None
    spread: Decimal | None


def check_weights(criteria: Sequence[Criterion]) -> None:
    """ValueError unless the weights sum to exactly 100 percent and no criterion comes twice.

    Rule G-11. Source: grant regulations, "assessment": weights in percent of the whole.
    Words: vikter, viktning, summa, kriterier, weights.
    """
    if len({criterion.key for criterion in criteria}) != len(criteria):
        raise ValueError("A criterion comes twice.")
    total = sum((criterion.weight for criterion in criteria), Decimal(0))
    if total != 100:
        raise ValueError(f"The weights sum to {total} percent, not 100.")


def weighted_score(criteria: Sequence[Criterion], levels: Levels) -> Decimal | None:
    """One assessor's score, 0.00-5.00: the weighted mean of the levels, rounded half up to two decimals.

    levels: one for every criterion; None = not applicable, which leaves that criterion and its weight out. Returns None when
    nothing that weighs anything was applicable: no score, which is not the same as 0. ValueError for weights that do not sum
    to 100, a level outside 0-5, a missing or unknown criterion.

    Rule G-12. Source: grant regulations, "assessment": democracy, inclusion, public health, equality; Cases 21-22.
    Words: poäng, bedömning, viktad, betyg, nivå, score.
    """
    check_weights(criteria)
    _check_levels(criteria, levels)
    counted = [(criterion.weight, level) for criterion in criteria if (level := levels[criterion.key]) is not None]
    weight = sum((each for each, _ in counted), Decimal(0))
    if not weight:
        return None
    return _two_decimals(sum((Fraction(each) * level for each, level in counted), Fraction(0)) / Fraction(weight))


def below_threshold(criteria: Sequence[Criterion], assessments: Sequence[Levels]) -> tuple[str, ...]:
    """The keys of the criteria whose mean level over the assessors is below the threshold, in the order of the criteria.

    A "not applicable" is left out of the mean; a criterion that nobody found applicable is not below. An application with any
    key here cannot be proposed for a grant without an override and a reason. ValueError as in weighted_score.

    Rule G-13. Source: grant regulations, "assessment": lowest level per criterion; Case 24.
    Words: tröskel, lägsta nivå, miniminivå, under gränsen, threshold.
    """
    for levels in assessments:
        _check_levels(criteria, levels)
    below = []
    for criterion in criteria:
        given = [level for levels in assessments if (level := levels[criterion.key]) is not None]
        if criterion.threshold is not None and given and sum(given) < criterion.threshold * len(given):
            below.append(criterion.key)
    return tuple(below)


def summary(scores: Sequence[Decimal | None]) -> Summary:
    """Mean, median and sample standard deviation of the assessors' scores, as shown (two decimals, half up).

    scores: one per assessor whose assessment counts; None = found nothing applicable, left out. Counted from the rounded scores,
    so that anybody can check it from what is on the page.

    Rule G-14. Source: grant regulations, "assessment": several assessors; Case 21.
    Words: medelvärde, median, spridning, standardavvikelse, bedömare, mean.
    """
    given = sorted(Fraction(score) for score in scores if score is not None)
    if not given:
        return Summary(0, None, None, None)
    count = len(given)
    mean = sum(given, Fraction(0)) / count
    median = (given[(count - 1) // 2] + given[count // 2]) / 2
    spread = None
    if count > 1:
        variance = sum(((score - mean) ** 2 for score in given), Fraction(0)) / (count - 1)
        spread = rounded(_decimal(variance).sqrt(), HUNDREDTH)
    return Summary(count, _two_decimals(mean), _two_decimals(median), spread)


def ranking_key(score: Decimal | None, number: int) -> tuple[bool, Decimal, int]:
    """What to sort applications by: highest score first, no score last (not as 0), equal ones by application number.

    Rule G-15. Source: grant regulations, "ranking"; Case 22.
    Words: rangordning, ranking, sortering, utan poäng.
    """
    return (score is None, -(score or Decimal(0)), number)


def _check_levels(criteria: Sequence[Criterion], levels: Levels) -> None:
    if set(levels) != {criterion.key for criterion in criteria}:
        raise ValueError("Every criterion needs a level or 'not applicable', and no other may have one.")
    if any(level is not None and not LOWEST <= level <= HIGHEST for level in levels.values()):
        raise ValueError(f"A level is between {LOWEST} and {HIGHEST}.")


def _two_decimals(exact: Fraction) -> Decimal:
    return rounded(_decimal(exact), HUNDREDTH)


def _decimal(exact: Fraction) -> Decimal:
    """To 28 figures; what ends in a 5 to be rounded up is exact, since only fractions that never end are cut."""
    return Decimal(exact.numerator) / exact.denominator
