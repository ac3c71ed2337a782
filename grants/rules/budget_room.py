"""What if: the same applications and another pot, another weight, another way to share; and who gains and who loses by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from grants.rules import scoring
from grants.rules.budget import Asked, floating_rate, pro_rata, ranked_fill
from records.values import shared_out

ZERO = Decimal(0)
WHOLE = Decimal(1)


class Method(StrEnum):
    RANKED = "ranked"
    PRO_RATA = "pro_rata"
    FLOATING = "floating"


@dataclass(frozen=True, slots=True)
class Entry:
    """One application in the room. number: application number. asked: kronor above 0. units: members or other things counted.

    assessments: one per assessor whose assessment counts.
    """

    number: int
    asked: Decimal
    assessments: tuple[scoring.Levels, ...] = ()
    units: int = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to share a pot. criteria: with the weights to try. cap: the most one application can get; None = what it asks for.

    least: the smallest amount that is of any use, in kronor; 0 = any.
    """

    method: Method
    pot: Decimal
    criteria: tuple[scoring.Criterion, ...] = ()
    cap: Decimal | None = None
    least: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Shares:
    """What a scenario gives. granted: number -> kronor, only those who get something. left: kronor not used.

    scores: number -> weighted mean with the scenario's weights, None = not assessed. cut: a ranking's first group that did not
    fit; more than one is a tie that people must break. below: ranked after the cut. barred: below the lowest level of a
    criterion. useless: would have got less than the least useful amount. rate: kronor per unit, of a floating rate.
    """

    granted: Mapping[int, Decimal]
    left: Decimal
    scores: Mapping[int, Decimal | None] = field(default_factory=dict)
    cut: tuple[int, ...] = ()
    below: tuple[int, ...] = ()
    unscored: tuple[int, ...] = ()
    barred: tuple[int, ...] = ()
    useless: tuple[int, ...] = ()
    rate: Decimal | None = None

    @property
    def is_tied(self) -> bool:
        return len(self.cut) > 1


@dataclass(frozen=True, slots=True)
class Difference:
    """One application under two scenarios, in kronor."""

    number: int
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


def share(entries: Sequence[Entry], scenario: Scenario) -> Shares:
    """A pot shared as a scenario says. Nobody gets more than they asked for, or than the cap; together never more than the pot.

    Applications below the lowest level of a criterion are left out (they need an override of their own). A ranking leaves those
    without a score out and stops at a tie. ValueError for a negative pot, cap or least amount, or a number that comes twice.

    Rule GB-01. Source: house convention for pots (PLANNING.md, section 3); Cases 24, 31-32; Rules G-31, G-32, G-33.
    Words: scenario, budgetrum, pott, fördela, tak, minsta belopp, what if.
    """
    if scenario.least < 0 or (scenario.cap is not None and scenario.cap <= 0):
        raise ValueError("A cap is above 0 and a least amount not negative.")
    scores = {entry.number: mean_score(entry, scenario.criteria) for entry in entries}
    barred = tuple(entry.number for entry in entries if is_barred(entry, scenario.criteria))
    open_ = [entry for entry in entries if entry.number not in barred]
    shared = {Method.RANKED: _ranked, Method.PRO_RATA: _pro_rata, Method.FLOATING: _floating}[scenario.method](
        open_, scenario, scores
    )
    return replace(shared, scores=scores, barred=barred)


def mean_score(entry: Entry, criteria: Sequence[scoring.Criterion]) -> Decimal | None:
    """An application's score with these weights: the mean of its assessors' scores. None when nobody has assessed it.

    Rule GB-02. Source: grant regulations, "assessment"; Rules G-12 and G-14.
    Words: poäng, medelvärde, vikt, scenario.
    """
    if not criteria:
        return None
    return scoring.summary([scoring.weighted_score(criteria, levels) for levels in entry.assessments]).mean


def is_barred(entry: Entry, criteria: Sequence[scoring.Criterion]) -> bool:
    """Whether an application is below the lowest level of a criterion, so that it is in no scenario.

    Rule GB-03. Source: grant regulations, "assessment": lowest level per criterion; Case 24, Rule G-13.
    Words: tröskel, lägsta nivå, utesluten.
    """
    return bool(criteria and scoring.below_threshold(criteria, entry.assessments))


def weight_moved(criteria: Sequence[scoring.Criterion], key: str, to: int) -> tuple[scoring.Criterion, ...]:
    """The same criteria with one weight moved; the others keep their proportions and the whole is 100 percent.

    to: percent, 0-100. Where the others weigh nothing they share what is left alike. ValueError for an unknown key or a weight
    outside 0-100, or when there is no other criterion to take up the rest.

    Rule GB-04. Source: issue "scenarios side by side with who gains and loses when a weight moves".
    Words: vikt, flytta, känslighet, procent, weight.
    """
    others = [criterion for criterion in criteria if criterion.key != key]
    if not 0 <= to <= 100 or len(others) == len(criteria) or (not others and to != 100):
        raise ValueError("A weight is moved within 0-100 percent, for a criterion that is there.")
    rest = Decimal(100 - to)
    now = [criterion.weight for criterion in others]
    parts = shared_out(rest, now if any(now) else [WHOLE] * len(others), unit=WHOLE) if others else ()
    weights = {criterion.key: part for criterion, part in zip(others, parts, strict=True)} | {key: Decimal(to)}
    return tuple(replace(criterion, weight=weights[criterion.key]) for criterion in criteria)


def differences(before: Mapping[int, Decimal], after: Mapping[int, Decimal]) -> tuple[Difference, ...]:
    """Who gets more and who gets less, the one who gains most first; those for whom nothing changes are left out.

    Rule GB-05. Source: issue "scenarios side by side with who gains and loses when a weight moves".
    Words: vinner, förlorar, skillnad, jämför, gains, loses.
    """
    rows = [Difference(number, before.get(number, ZERO), after.get(number, ZERO)) for number in {*before, *after}]
    return tuple(sorted((row for row in rows if row.change), key=lambda row: (-row.change, row.number)))


def _ranked(entries: Sequence[Entry], scenario: Scenario, scores: Mapping[int, Decimal | None]) -> Shares:
    asked = [Asked(entry.number, _most(entry, scenario), scores[entry.number]) for entry in entries]
    fill = ranked_fill(scenario.pot, asked)
    return Shares(fill.granted, fill.left, cut=fill.cut, below=fill.below, unscored=fill.unscored)


def _pro_rata(entries: Sequence[Entry], scenario: Scenario, scores: Mapping[int, Decimal | None]) -> Shares:
    """Shared in proportion; while somebody would get less than is of use, those who ask for least leave, equals together."""
    left_in = sorted(entries, key=lambda entry: (_most(entry, scenario), entry.number))
    useless: list[int] = []
    while True:
        parts = pro_rata(scenario.pot, [Asked(entry.number, _most(entry, scenario)) for entry in left_in])
        if all(part >= scenario.least for part in parts.values()):
            break
        smallest = _most(left_in[0], scenario)
        useless += [entry.number for entry in left_in if _most(entry, scenario) == smallest]
        left_in = [entry for entry in left_in if _most(entry, scenario) > smallest]
    granted = {number: part for number, part in parts.items() if part}
    return Shares(granted, scenario.pot - sum(granted.values(), ZERO), useless=tuple(sorted(useless)))


def _floating(entries: Sequence[Entry], scenario: Scenario, scores: Mapping[int, Decimal | None]) -> Shares:
    """One rate for every unit. Who would get more than they asked for gets that, and the rest raises the rate of the others."""
    full: dict[int, Decimal] = {}
    by_rate = [entry for entry in entries if entry.units > 0]
    while True:
        pot = scenario.pot - sum(full.values(), ZERO)
        rate = floating_rate(pot, sum(entry.units for entry in by_rate)).rate
        above = [entry for entry in by_rate if rate * entry.units > _most(entry, scenario)]
        if not above:
            break
        full |= {entry.number: _most(entry, scenario) for entry in above}
        by_rate = [entry for entry in by_rate if entry.number not in full]
    amounts = full | {entry.number: rate * entry.units for entry in by_rate}
    granted = {number: amount for number, amount in amounts.items() if amount and amount >= scenario.least}
    useless = tuple(sorted(set(amounts) - set(granted)))
    return Shares(granted, scenario.pot - sum(granted.values(), ZERO), useless=useless, rate=rate if by_rate else None)


def _most(entry: Entry, scenario: Scenario) -> Decimal:
    return entry.asked if scenario.cap is None else min(entry.asked, scenario.cap)
