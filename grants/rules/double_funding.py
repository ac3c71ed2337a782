"""The same thing paid for twice: two applications of one association that look alike, across schemes and years."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_WORD = re.compile(r"[a-zåäöéü]{5,}")
ALIKE = Fraction(1, 2)  # half of the words of the shorter text
FEWEST = 8  # words: shorter texts say too little to compare
YEARS_APART = 1


@dataclass(frozen=True, slots=True)
class Sought:
    """One application. amount: asked for, kronor; None = none. text: what it is for, all answers in words."""

    scheme: str
    year: int
    amount: Decimal | None
    text: str
    aims: frozenset[str] = frozenset()


def alike(one: str, other: str) -> Fraction:
    """How much of the shorter text's longer words the other has too, 0-1. Too short to say anything: 0.

    Rule GD-01. Source: house convention; issue "double funding shown across schemes".
    Words: dubbelfinansiering, liknar, samma text, återanvänd.
    """
    mine, theirs = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    fewest = min(len(mine), len(theirs))
    return Fraction(len(mine & theirs), fewest) if fewest >= FEWEST else Fraction(0)


def signs(one: Sought, other: Sought) -> tuple[str, ...]:
    """Why two applications of one association should be looked at together; () = they need not be.

    'same_year_other_scheme' alone says nothing wrong: it is shown beside another sign only. Signs: 'same_amount', 'same_text',
    'same_aim' (with same year and another scheme). More than a year apart, or the same scheme in another year: only 'same_text'
    with the same amount, since yearly support is sought every year.

    Rule GD-02. Source: issue "double funding shown across schemes"; extra support is for specific efforts only.
    Words: dubbelfinansiering, dubbelt, två bidrag, samma ändamål, double funding.
    """
    same_text = alike(one.text, other.text) >= ALIKE
    same_amount = one.amount is not None and one.amount == other.amount
    if one.scheme == other.scheme:
        return ("same_text", "same_amount") if one.year == other.year and same_text and same_amount else ()
    if abs(one.year - other.year) > YEARS_APART:
        return ("same_text", "same_amount") if same_text and same_amount else ()
    found = [name for name, is_so in (("same_text", same_text), ("same_amount", same_amount)) if is_so]
    if one.year == other.year and one.aims & other.aims:
        found.append("same_aim")
    return tuple(found)
