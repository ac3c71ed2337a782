"""How assessors compare: seen, talked about, and never used to change anybody's scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from records.values import rounded

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Given:
    """One assessor's score on one application. None = found nothing applicable."""

    assessor: int
    application: int
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One assessor. mean: of all they have scored. shared: how many of those somebody else has scored too.

    difference: on the shared ones, their mean less the mean of the others; None without any.
    """

    assessor: int
    count: int
    mean: Decimal | None
    shared: int
    difference: Decimal | None


def standings(given: Sequence[Given]) -> tuple[Standing, ...]:
    """Each assessor beside the others, by assessor. The means of different applications are not compared, only shared ones.

    Rule GC-01. Source: grant regulations, "assessment": several assessors; issue "calibration view, never silent normalisation".
    Words: kalibrering, bedömare, sträng, generös, medelvärde, skillnad.
    """
    by_application: dict[int, list[Given]] = {}
    by_assessor: dict[int, list[Given]] = {}
    for each in given:
        if each.score is not None:
            by_application.setdefault(each.application, []).append(each)
            by_assessor.setdefault(each.assessor, []).append(each)
    return tuple(_standing(assessor, mine, by_application) for assessor, mine in sorted(by_assessor.items()))


def is_apart(scores: Sequence[Decimal], limit: Decimal) -> bool:
    """Whether the highest and lowest score on one application are at least *limit* apart: worth talking about.

    Rule GC-02. Source: house convention; the limit is shown on the page.
    Words: spridning, oenighet, skillnad, samtal, apart.
    """
    return len(scores) > 1 and max(scores) - min(scores) >= limit


def _standing(assessor: int, mine: Sequence[Given], by_application: Mapping[int, Sequence[Given]]) -> Standing:
    differences = []
    for each in mine:
        others = [other.score for other in by_application[each.application] if other.assessor != assessor]
        if others and each.score is not None:
            differences.append(Fraction(each.score) - _mean([score for score in others if score is not None]))
    mean = _decimal(_mean([each.score for each in mine if each.score is not None]))
    difference = _decimal(sum(differences, Fraction(0)) / len(differences)) if differences else None
    return Standing(assessor, len(mine), mean, len(differences), difference)


def _mean(scores: Sequence[Decimal]) -> Fraction:
    return sum((Fraction(score) for score in scores), Fraction(0)) / len(scores)


def _decimal(exact: Fraction) -> Decimal:
    return rounded(Decimal(exact.numerator) / exact.denominator, HUNDREDTH)
