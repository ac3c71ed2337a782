"""The whole support: cash and subsidised hall time together, and how it falls on girls and boys, ages and criteria."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from records.values import rounded, shared_out

YOUNG_TO = 25  # years: up to and with this one is a girl or a boy (Karlskoga's tariff: youth 0-25)
UNKNOWN = ""
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Heads:
    """Members of one sex in one age group, as reported. age_to: None = and older. sex: 'female', 'male' or 'other'."""

    sex: str
    age_from: int
    age_to: int | None
    count: int

    @property
    def group(self) -> str:
        """'girls' and 'boys' up to 25, else 'adults'; 'other_young' when the sex is not told."""
        if self.age_to is None or self.age_to > YOUNG_TO:
            return "adults"
        return {"female": "girls", "male": "boys"}.get(self.sex, "other_young")


def split_by(amount: Decimal, weights: Mapping[str, Decimal | int]) -> dict[str, Decimal]:
    """An amount shared over groups in proportion to their weights; the parts always sum to it, to the öre.

    amount: kronor or hours, whole hundredths, not negative. weights: not negative. When nothing weighs anything the whole stands
    under UNKNOWN: it is never guessed. Odd hundredths go to the largest remainders, among equals to the first key in order.

    Rule GW-01. Source: house convention "parts of a pot sum to the pot"; Karlskoga's view of support as a whole.
    Words: hela stödet, fördela, andel, per grupp, split.
    """
    groups = sorted(key for key, weight in weights.items() if weight > 0)
    if not groups:
        return {UNKNOWN: amount} if amount else {}
    parts = shared_out(amount, [Decimal(weights[key]) for key in groups])
    return {key: part for key, part in zip(groups, parts, strict=True) if part}


def by_sex_and_age(amount: Decimal, heads: Iterable[Heads]) -> dict[str, Decimal]:
    """An association's cash over 'girls', 'boys', 'other_young' and 'adults', by its members; UNKNOWN when none are reported.

    A member aged in a group that reaches past 25 counts as an adult: the group is not cut.

    Rule GW-02. Source: Karlskoga's purpose of support (equality); issue "kronor per girl and boy".
    Words: per flicka, per pojke, kön, jämställdhet, kontanter, fördelning.
    """
    weights: dict[str, int] = {}
    for each in heads:
        weights[each.group] = weights.get(each.group, 0) + each.count
    return split_by(amount, weights)


def by_age(amount: Decimal, heads: Iterable[Heads]) -> dict[tuple[int, int | None], Decimal]:
    """An association's cash over its age groups, by members; (-1, None) when none are reported.

    Rule GW-03. Source: issue "the whole support per age".
    Words: ålder, åldersgrupp, fördelning.
    """
    weights: dict[str, int] = {}
    bands: dict[str, tuple[int, int | None]] = {UNKNOWN: (-1, None)}
    for each in heads:
        key = f"{each.age_from:03d}"
        bands[key] = (each.age_from, each.age_to)
        weights[key] = weights.get(key, 0) + each.count
    return {bands[key]: part for key, part in split_by(amount, weights).items()}


def by_criterion(amount: Decimal, basis: Sequence[tuple[str, int, Decimal | None]]) -> dict[str, Decimal]:
    """A grant over the criteria that earned it: weight times level, as the decision says; each krona counts once.

    basis: (criterion, weight in percent, mean level or None). UNKNOWN for a grant that was not assessed.

    Rule GW-04. Source: Karlskoga's purpose of support: democracy, inclusion, public health, equality; Rule G-12.
    Words: bedömningsgrund, syfte, kronor per grund, criterion.
    """
    return split_by(amount, {key: weight * level for key, weight, level in basis if level is not None})


def gap(girls: Decimal | None, boys: Decimal | None) -> Decimal | None:
    """How much more a girl gets than a boy, as a share of what the boy gets: -0.2 = a fifth less. None when it cannot be said.

    Rule GW-05. Source: Karlskoga's purpose of support (equality).
    Words: skillnad, gap, flicka, pojke, jämställdhet.
    """
    if girls is None or not boys:
        return None
    return rounded((girls - boys) / boys, Decimal("0.0001"))


def per_participation(amount: Decimal, times: int) -> Decimal | None:
    """What each participation got of an amount, to the öre; None when none is marked.

    amount: kronor of those associations that have marked their attendance, not negative; others' money is left out, or each
    participation would seem dearer than it was. times: participations, leaders not counted.

    Rule GW-06. Source: issue "kronor per participation"; activity support in other municipalities counts by participation.
    Words: kronor per deltagartillfälle, deltagartillfällen, närvaro, hela stödet.
    """
    return rounded(amount / times) if times else None
