"""A pot that is shared out over everybody's claims, and the part that puts one application's share on a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import ClassVar

from grants.rules.budget import floating_rate
from grants.rules.calculation import FactMissing, Facts
from grants.rules.part import PartRefused, check_amount, line_of
from records.lines import Line, total, written
from records.values import shared_out

POT_LABELS: Mapping[str, tuple[str, ...]] = {"pot_share": ("pot", "claims", "rate", "claim")}
SHOWN = Decimal("0.000001")  # how exactly the rate is written when the pot is shared to the last öre


@dataclass(frozen=True, slots=True, kw_only=True)
class PotShare:
    """Everything so far is a claim on a pot; this part makes it the share. At most one in a scheme.

    kronor: the pot; None = the budget of the call. step: kronor that the rate is a whole number of ("whole öre per point"); what
    is left stays in the pot. None = the pot is given out to the last öre. only_down: claims are paid in full when they fit, and
    lowered alike when they do not; otherwise the whole pot is given out.

    Rule GS-31. Source: scheme data, for instance Härryda: the pot is shared over all participations.
    Words: pott, flytande, delas, poäng, pot share.
    """

    kind: ClassVar[str] = "pot_share"
    rule: ClassVar[str] = "GS-31"
    kronor: Decimal | None = None
    step: Decimal | None = None
    only_down: bool = False

    def __post_init__(self) -> None:
        check_amount("kronor", self.kronor)
        if self.step is not None and (not self.step.is_finite() or self.step <= 0):
            raise PartRefused("step", "not_positive")

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        claim = total(so_far)
        if facts.pot is None or facts.pot.claim != claim:
            raise FactMissing("pot")
        pot = facts.pot
        inputs = {"pot": pot.kronor, "claims": pot.claims, "rate": pot.rate, "claim": claim}
        arithmetic = f"{written(claim)} × {written(pot.rate)} = {written(pot.share)}"
        return line_of(self, "pot_share", inputs, arithmetic, pot.share - claim)


@dataclass(frozen=True, slots=True)
class SharedPot:
    """A pot given out. rate: kronor for each krona of claim. residual: kronor that stay. shares: number -> kronor."""

    kronor: Decimal
    claims: Decimal
    rate: Decimal
    residual: Decimal
    shares: Mapping[int, Decimal]


def share_pot(pot: Decimal, claims: Mapping[int, Decimal], *, step: Decimal | None = None, only_down: bool = False) -> SharedPot:
    """The pot shared over the claims; number of the application -> kronor. The shares and the residual sum to the pot exactly.

    pot: kronor in whole öre, not negative. claims: kronor or points, not negative. step and only_down as in PotShare. Without a
    step odd öre go to the largest remainders, among equals to the lowest application number, whatever order they come in.
    Nothing claimed: nothing given, all of it stays. ValueError for a negative pot or claim.

    Rule GS-32. Source: house convention "parts of a pot sum to the pot"; Cases 31-32; Härryda.
    Words: pott, dela ut, flytande, kronor per deltagartillfälle, rest, öre.
    """
    if pot < 0 or any(claim < 0 for claim in claims.values()):
        raise ValueError("A pot and a claim may not be negative.")
    numbers = sorted(claims)
    everything = sum(claims.values(), Decimal(0))
    if not everything:
        return SharedPot(pot, everything, Decimal(0), pot, {number: Decimal(0) for number in numbers})
    if only_down and everything <= pot:
        return SharedPot(pot, everything, Decimal(1), pot - everything, {number: claims[number] for number in numbers})
    if step is None:
        rate = (pot / everything).quantize(SHOWN, rounding=ROUND_DOWN)
        parts = shared_out(pot, [claims[number] for number in numbers])
        return SharedPot(pot, everything, rate, Decimal(0), dict(zip(numbers, parts, strict=True)))
    return _at_a_rate(pot, claims, everything, step)


def _at_a_rate(pot: Decimal, claims: Mapping[int, Decimal], everything: Decimal, step: Decimal) -> SharedPot:
    """A rate in whole steps. A part of an öre is dropped, so that the shares never come to more than the pot."""
    whole = everything == everything.to_integral_value()
    rate = floating_rate(pot, int(everything), step).rate if whole else _rate(pot, everything, step)
    shares = {number: (claims[number] * rate).quantize(Decimal("0.01"), rounding=ROUND_DOWN) for number in sorted(claims)}
    return SharedPot(pot, everything, rate, pot - sum(shares.values(), Decimal(0)), shares)


def _rate(pot: Decimal, claims: Decimal, step: Decimal) -> Decimal:
    return (pot / claims / step).quantize(Decimal(1), rounding=ROUND_DOWN) * step
