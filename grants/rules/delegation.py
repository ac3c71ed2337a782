"""Who may decide: one delegate within a limit, otherwise the committee; and what is reported to the next meeting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from associations.rules.finding import Finding

# Every code a finding here can carry, and the figures that come with it.
CODES: Mapping[str, tuple[str, ...]] = {
    "within_limit": ("amount", "limit"),
    "above_limit": ("amount", "limit"),
    "no_delegation": ("amount",),
    "scheme_not_delegated": ("amount",),
    "one_holder": (),
    "no_holder": (),
    "mixed_delegation": ("officials", "politicians"),
    "several_holders": ("holders",),
}


@dataclass(frozen=True, slots=True)
class DelegatedDecision:
    """A decision by a delegate. number: any key that the caller knows it by. reported: it has been on a meeting's list."""

    number: int
    decided_on: date
    reported: bool


def may_decide(amount: Decimal, limit: Decimal | None, *, scheme_delegates: bool) -> Finding:
    """Whether this person may decide alone; otherwise the decision goes to the committee.

    amount: kronor, what the decision grants (0 for a refusal), not negative. limit: kronor, the most that the person's
    delegation covers, itself included; None = no delegation. scheme_delegates: False for schemes that the committee always
    decides.

    Rule G-41. Source: kommunallagen 6:37-40 and 7:5-8; the committee's delegation order (limits are rows). Karlskoga: extra
    support is decided by the committee in every case.
    Words: delegation, beslutanderätt, beloppsgräns, nämnd, får besluta, delegate.
    """
    if amount < 0:
        raise ValueError("A grant is not negative.")
    if not scheme_delegates:
        return Finding(rule="G-41", met=False, code="scheme_not_delegated", figures={"amount": amount})
    if limit is None:
        return Finding(rule="G-41", met=False, code="no_delegation", figures={"amount": amount})
    met = amount <= limit
    figures = {"amount": amount, "limit": limit}
    return Finding(rule="G-41", met=met, code="within_limit" if met else "above_limit", figures=figures)


def delegation_allowed(*, officials: int, politicians: int) -> Finding:
    """Whether the power to decide may be given to these people together: to one only.

    officials, politicians: how many of each would hold it *jointly*. Two officials together, or an official and a politician
    ("mixed delegation"), may not; a second pair of eyes is a review, the decision is one person's.

    Rule G-42. Source: kommunallagen 6:37 and 7:5; Case 38.
    Words: delegation, blandad delegation, gemensamt, fyra ögon, jointly.
    """
    holders = officials + politicians
    if holders == 0:
        return Finding(rule="G-42", met=False, code="no_holder")
    if holders == 1:
        return Finding(rule="G-42", met=True, code="one_holder")
    if officials and politicians:
        figures = {"officials": officials, "politicians": politicians}
        return Finding(rule="G-42", met=False, code="mixed_delegation", figures=figures)
    return Finding(rule="G-42", met=False, code="several_holders", figures={"holders": holders})


def to_report(decisions: Iterable[DelegatedDecision], meeting_on: date) -> tuple[int, ...]:
    """The numbers of the delegated decisions that belong on the meeting's list: decided by its day and never reported before.

    In the order they were decided, then by number.

    Rule G-43. Source: kommunallagen 6:40 and 7:8 (delegated decisions are reported to the committee); Case 39.
    Words: anmälan av delegationsbeslut, anmäla, anmälningsärende, nästa möte, report.
    """
    due = [(each.decided_on, each.number) for each in decisions if not each.reported and each.decided_on <= meeting_on]
    return tuple(number for _, number in sorted(due))
