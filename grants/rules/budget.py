"""A pot of money and those who ask: ranked, pro rata or at a floating rate; and what is left of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from itertools import groupby

from associations.rules.finding import Finding
from grants.rules.scoring import ranking_key
from records.values import ORE, shared_out

CODES: Mapping[str, tuple[str, ...]] = {"fits": ("amount", "remaining"), "over_budget": ("amount", "remaining")}


@dataclass(frozen=True, slots=True)
class Asked:
    """One application in the budget room. number: application number, the tie-break of equal parts. amount: kronor above 0.

    score: None = not assessed, never filled by rank.
    """

    number: int
    amount: Decimal
    score: Decimal | None = None

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("Somebody who asks, asks for more than 0 kronor.")


@dataclass(frozen=True, slots=True)
class RankedFill:
    """How far a pot reaches. granted: number -> kronor, in rank order. left: kronor not used.

    cut: the numbers of the first rank that did not fit, all with the same score: more than one is a tie that people must break.
    below: the numbers ranked after the cut. unscored: the numbers without a score.
    """

    granted: Mapping[int, Decimal]
    left: Decimal
    cut: tuple[int, ...]
    below: tuple[int, ...]
    unscored: tuple[int, ...]

    @property
    def is_tied(self) -> bool:
        return len(self.cut) > 1


@dataclass(frozen=True, slots=True)
class FloatingRate:
    """A pot shared over units. rate: kronor per unit. residual: kronor that stay in the pot, less than one step per unit."""

    rate: Decimal
    residual: Decimal


def ranked_fill(pot: Decimal, asked: Sequence[Asked]) -> RankedFill:
    """The pot given out from the highest score down, each in full, until somebody does not fit.

    pot: kronor, not negative. Those with the same score are taken together: if they do not all fit, none of them is taken and
    the filling stops there, with the tie shown. Nothing further down is taken even if it would fit: a lower score never goes
    before a higher one. ValueError for a negative pot or a number that comes twice.

    Rule G-31. Source: house convention for ranked calls: "a tie at the cut stops and is shown".
    Words: rangordning, pott, budget, fördela, lika poäng, gräns, ranked, tie.
    """
    _check(pot, asked)
    ranked = sorted((each for each in asked if each.score is not None), key=lambda each: ranking_key(each.score, each.number))
    granted: dict[int, Decimal] = {}
    left = pot
    cut: tuple[int, ...] = ()
    below: list[int] = []
    for _, group in groupby(ranked, key=lambda each: each.score):
        same = list(group)
        needed = sum((each.amount for each in same), Decimal(0))
        if cut:
            below.extend(each.number for each in same)
        elif needed <= left:
            granted.update({each.number: each.amount for each in same})
            left -= needed
        else:
            cut = tuple(each.number for each in same)
    return RankedFill(granted, left, cut, tuple(below), tuple(sorted(each.number for each in asked if each.score is None)))


def pro_rata(pot: Decimal, asked: Sequence[Asked]) -> dict[int, Decimal]:
    """The pot shared in proportion to what was asked for; number -> kronor. Nobody gets more than they asked for.

    pot: kronor, whole öre, not negative. When everybody fits, everybody gets what they asked for and the rest stays.
    Otherwise the parts sum to the pot exactly; odd öre go to the largest remainders, among equals to the lowest application
    number, whatever order they come in. ValueError for a negative pot or a number that comes twice.

    Rule G-32. Source: house convention "parts of a pot sum to the pot"; Cases 31-32.
    Words: proportionellt, pro rata, fördela, pott, öre.
    """
    _check(pot, asked)
    in_order = sorted(asked, key=lambda each: each.number)
    amounts = [each.amount for each in in_order]
    parts = amounts if sum(amounts, Decimal(0)) <= pot else list(shared_out(pot, amounts))
    return {each.number: part for each, part in zip(in_order, parts, strict=True)}


def floating_rate(pot: Decimal, units: int, step: Decimal = ORE) -> FloatingRate:
    """The highest rate per unit, in whole *steps*, that the pot can pay; and what is left.

    pot: kronor, not negative. units: participations, members or other things counted, 0 or more (0 gives rate 0 and the whole
    pot back). step: kronor, above 0; 0.01 = whole öre. ValueError otherwise.

    Rule G-33. Source: DOMAIN.md section 3: a fixed pot shared over all participations (Härryda).
    Words: flytande, kronor per deltagartillfälle, pott, rate.
    """
    if pot < 0 or units < 0 or step <= 0:
        raise ValueError("Pot and units may not be negative, and the step must be above 0.")
    if not units:
        return FloatingRate(Decimal(0), pot)
    rate = (pot / units / step).quantize(Decimal(1), rounding=ROUND_DOWN) * step
    return FloatingRate(rate, pot - rate * units)


def remaining(budget: Decimal, committed: Iterable[Decimal]) -> Decimal:
    """What is left of a budget, in kronor; negative when more than the budget has been committed.

    budget: kronor. committed: the amounts of decisions in force, less what was paid back; never previews or scenarios.

    Rule G-34. Source: the committee's budget for the call; Case 35.
    Words: kvar, återstår, budget, disponibelt, remaining.
    """
    return budget - sum(committed, Decimal(0))


def fits(amount: Decimal, budget: Decimal, committed: Iterable[Decimal]) -> Finding:
    """Whether one more grant fits in the budget. All in kronor; to be asked while the budget's row is locked.

    Rule G-35. Source: the committee's budget for the call; Case 35.
    Words: ryms, budget, överskrids, räcker, over budget.
    """
    left = remaining(budget, committed)
    met = amount <= left
    return Finding(rule="G-35", met=met, code="fits" if met else "over_budget", figures={"amount": amount, "remaining": left})


def _check(pot: Decimal, asked: Sequence[Asked]) -> None:
    if pot < 0:
        raise ValueError("A pot is not negative.")
    if len({each.number for each in asked}) != len(asked):
        raise ValueError("An application comes twice.")
