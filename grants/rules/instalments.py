"""A grant in instalments: how much each is, and when one may be paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from associations.rules.finding import Finding
from records.values import shared_out

CODES: Mapping[str, tuple[str, ...]] = {
    "may_be_paid": (),
    "not_due_yet": ("due_on",),
    "not_published": (),
    "report_not_approved": (),
    "account_not_verified": (),
    "held_back": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentFacts:
    """What decides whether an instalment may be paid.

    due_on: local date it is planned for. needs_report: it waits for an approved report. held_back: withheld by an officer
    (during an inquiry).
    """

    due_on: date
    needs_report: bool
    report_approved: bool
    decision_published: bool
    account_verified: bool
    held_back: bool


def instalments(award: Decimal, percents: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """A grant divided into instalments; the parts always sum to the grant.

    award: kronor above 0, whole öre. percents: each above 0, together exactly 100. Odd öre go to the largest remainders,
    among equals to the earliest instalment. ValueError otherwise, also when the grant is too small for every instalment to be
    money.

    Rule G-51. Source: decision on payment in instalments; Case 46.
    Words: delutbetalning, rater, delbetalning, utbetalningsplan, instalment.
    """
    if award <= 0:
        raise ValueError("A grant to be paid is more than 0 kronor.")
    if any(percent <= 0 for percent in percents) or sum(percents, Decimal(0)) != 100:
        raise ValueError("The instalments must each be above 0 and together 100 percent.")
    parts = shared_out(award, percents)
    if not all(parts):
        raise ValueError("The grant is too small for so many instalments.")
    return parts


def may_be_paid(facts: InstalmentFacts, day: date) -> Finding:
    """Whether an instalment may go into the payment run of *day*, else the first thing that stands in its way.

    Rule G-52. Source: grant regulations, "payment": after a published decision, to a verified account, in the association's
    name; a later instalment requires an approved report; may be withheld during an inquiry. Cases 47-48.
    Words: utbetalning, släppa, spärrad, blockerad, redovisning, release.
    """
    reason = _hindrance(facts, day)
    if reason is None:
        return Finding(rule="G-52", met=True, code="may_be_paid")
    figures = {"due_on": facts.due_on} if reason == "not_due_yet" else {}
    return Finding(rule="G-52", met=False, code=reason, figures=figures)


def _hindrance(facts: InstalmentFacts, day: date) -> str | None:
    hindrances = (
        ("not_published", not facts.decision_published),
        ("held_back", facts.held_back),
        ("report_not_approved", facts.needs_report and not facts.report_approved),
        ("account_not_verified", not facts.account_verified),
        ("not_due_yet", day < facts.due_on),
    )
    return next((code for code, stands in hindrances if stands), None)
