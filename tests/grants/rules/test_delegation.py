"""Who may decide."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.delegation import CODES, DelegatedDecision, delegation_allowed, may_decide, to_report

D = Decimal
amounts = st.decimals(0, 10**7, places=2)


@pytest.mark.parametrize(
    ("amount", "limit", "delegates", "code"),
    [
        ("50000", "50000", True, "within_limit"),
        ("0", "0", True, "within_limit"),
        ("50000.01", "50000", True, "above_limit"),
        ("1", None, True, "no_delegation"),
        ("1", "50000", False, "scheme_not_delegated"),
    ],
)
def test_a_delegate_decides_up_to_the_limit_and_the_committee_the_rest(amount, limit, delegates, code):
    finding = may_decide(D(amount), limit and D(limit), scheme_delegates=delegates)
    assert finding.code == code
    assert finding.met == (code == "within_limit")
    assert set(finding.figures) == set(CODES[code])


@given(amounts, amounts, amounts)
def test_a_higher_limit_never_takes_a_power_away(amount, limit, more):
    if may_decide(amount, limit, scheme_delegates=True):
        assert may_decide(amount, limit + more, scheme_delegates=True)


def test_nobody_decides_less_than_nothing():
    with pytest.raises(ValueError, match="negative"):
        may_decide(D(-1), D(1), scheme_delegates=True)


@pytest.mark.parametrize(
    ("officials", "politicians", "code"),
    [(1, 0, "one_holder"), (0, 1, "one_holder"), (1, 1, "mixed_delegation"), (2, 0, "several_holders"), (0, 0, "no_holder")],
)
def test_the_power_to_decide_is_one_persons(officials, politicians, code):
    """Case 38."""
    finding = delegation_allowed(officials=officials, politicians=politicians)
    assert finding.code == code
    assert finding.met == (code == "one_holder")
    assert set(finding.figures) == set(CODES[code])


def test_delegated_decisions_come_to_the_next_meeting_and_only_once():
    """Case 39."""
    march, april = date(2026, 3, 18), date(2026, 4, 22)
    decisions = [
        DelegatedDecision(3, date(2026, 3, 18), reported=False),
        DelegatedDecision(2, date(2026, 3, 20), reported=False),
        DelegatedDecision(1, date(2026, 3, 2), reported=False),
        DelegatedDecision(9, date(2026, 2, 2), reported=True),
    ]
    assert to_report(decisions, march) == (1, 3)
    after_march = [DelegatedDecision(each.number, each.decided_on, each.reported or each.number in {1, 3}) for each in decisions]
    assert to_report(after_march, april) == (2,)
