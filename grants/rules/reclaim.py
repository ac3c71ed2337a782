"""Money to be paid back: how much, what is left of the claim, and what must always hold between award and payments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from associations.rules.finding import Finding

CODES: Mapping[str, tuple[str, ...]] = {
    "claim_waived": ("amount", "limit"),
    "claim_stands": ("amount", "limit"),
    "set_off_possible": ("amount", "balance", "grant"),
    "set_off_needs_decision": (),
    "set_off_above_balance": ("amount", "balance"),
    "set_off_above_grant": ("amount", "grant"),
    "nothing_to_set_off": (),
    "ledger_holds": ("award", "bound"),
    "ledger_exceeded": ("award", "bound"),
}


class ClaimState(StrEnum):
    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    SETTLED = "settled"
    WAIVED = "waived"


def to_repay(paid: Decimal, entitled: Decimal) -> Decimal:
    """What has been paid beyond what the association is entitled to, in kronor, never negative.

    paid: paid out less what came back. entitled: the amount in force, after a new decision or an approved report.

    Rule G-61. Source: grant regulations, "repayment": unused, wrongly used or granted on false information.
    Words: återkrav, återbetalning, betala tillbaka, repay.
    """
    return max(Decimal(0), paid - entitled)


def balance(claim: Decimal, repayments: Sequence[Decimal]) -> Decimal:
    """What is left of a claim after repayments and set-offs, in kronor, never negative.

    claim: above 0. repayments: each above 0, together at most the claim. ValueError otherwise: too much paid back is returned,
    not booked on the claim.

    Rule G-62. Source: house convention for claims; Case 51.
    Words: återkrav, saldo, kvar att betala, restskuld, balance.
    """
    if claim <= 0 or any(each <= 0 for each in repayments):
        raise ValueError("A claim and its repayments are more than 0 kronor.")
    left = claim - sum(repayments, Decimal(0))
    if left < 0:
        raise ValueError("More has been paid back than was claimed.")
    return left


def claim_state(claim: Decimal, repayments: Sequence[Decimal], *, waived: bool = False) -> ClaimState:
    """Where a claim stands: open, partly paid, settled; or waived, unless it was settled first. ValueError as for balance.

    Rule G-63. Source: house convention for claims; Case 51.
    Words: återkrav, status, delvis betald, betald, eftergiven.
    """
    left = balance(claim, repayments)
    if not left:
        return ClaimState.SETTLED
    if waived:
        return ClaimState.WAIVED
    return ClaimState.PARTLY_PAID if repayments else ClaimState.OPEN


def is_waived(claim: Decimal, limit: Decimal) -> Finding:
    """Whether a claim is too small to make: below the limit (the limit itself is claimed). Both in kronor.

    Rule G-64. Source: default setting, claims below 100 kr are waived and logged; Case 51.
    Words: återkrav, småbelopp, efterskänka, efterge, under 100 kr, waive.
    """
    met = claim < limit
    figures = {"amount": claim, "limit": limit}
    return Finding(rule="G-64", met=met, code="claim_waived" if met else "claim_stands", figures=figures)


def may_set_off(amount: Decimal, left: Decimal, grant: Decimal, *, decided: bool) -> Finding:
    """Whether *amount* of a claim may be settled by paying so much less of a later grant: only by a decision.

    amount: kronor. left: the claim's balance. grant: what the later grant still has to pay. decided: the later grant's decision
    says so.

    Rule G-65. Source: grant regulations, "repayment"; Case 51: set-off against the next grant only with a decision.
    Words: kvittning, kvitta, räkna av, set-off.
    """
    if not decided:
        return Finding(rule="G-65", met=False, code="set_off_needs_decision")
    if amount <= 0:
        return Finding(rule="G-65", met=False, code="nothing_to_set_off")
    if amount > left:
        return Finding(rule="G-65", met=False, code="set_off_above_balance", figures={"amount": amount, "balance": left})
    if amount > grant:
        return Finding(rule="G-65", met=False, code="set_off_above_grant", figures={"amount": amount, "grant": grant})
    figures = {"amount": amount, "balance": left, "grant": grant}
    return Finding(rule="G-65", met=True, code="set_off_possible", figures=figures)


def ledger(award: Decimal, paid: Sequence[Decimal], planned: Sequence[Decimal], repaid: Sequence[Decimal]) -> Finding:
    """Whether what is paid and planned, less what came back, stays within the award. All in kronor.

    award: the amount in force (0 when withdrawn). To be asked in the transaction that would change any of the four. A new, lower
    award makes it fail until planned parts are cancelled and what was paid beyond it is claimed back and *repaid*.

    Rule G-66. Source: house convention for payments; Case 52.
    Words: utbetalt, planerat, återbetalt, aldrig mer än beviljat, huvudbok, ledger.
    """
    bound = sum(paid, Decimal(0)) + sum(planned, Decimal(0)) - sum(repaid, Decimal(0))
    met = bound <= award
    figures = {"award": award, "bound": bound}
    return Finding(rule="G-66", met=met, code="ledger_holds" if met else "ledger_exceeded", figures=figures)


@dataclass(frozen=True, slots=True)
class AfterReturn:
    """What follows when a payment came back: kronor to pay again, kronor to claim; at most one of them is above 0."""

    pay: Decimal
    claim: Decimal


def after_return(may_keep: Decimal, comes_in: Decimal, out: Decimal, planned: Decimal) -> AfterReturn:
    """How a grant is settled when the bank sent a payment back: by what the grant is today, not by what it was when it was paid.

    may_keep: what the association is to hold in the end, kronor. comes_in: claims by a delegate that stand and are still unpaid.
    out: paid less what came back, the returned payment no longer counted; below 0 when more was paid back than is out. planned:
    what waits to be paid besides it. All but *out* at least 0, otherwise ValueError. Afterwards paid + planned - repaid is at
    most may_keep + comes_in, and what is claimed is at most what is out.

    Rule GP-02. Source: Case 52 and issue "what may be paid again is what the grant is now"; G-66 holds before and after.
    Words: retur, kom tillbaka från banken, betala igen, omräkning, sänkt bidrag.
    """
    if min(may_keep, comes_in, planned) < 0:
        raise ValueError("Amounts are at least 0 kronor.")
    left = may_keep + comes_in - out
    return AfterReturn(pay=max(Decimal(0), left - planned), claim=max(Decimal(0), -left))
