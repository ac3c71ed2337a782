"""Money to be paid back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from grants.rules.instalments import instalments
from grants.rules.reclaim import CODES, ClaimState, balance, claim_state, is_waived, ledger, may_set_off, to_repay

D = Decimal
kronor = st.decimals("0.01", 10**6, places=2)


def test_a_claim_that_is_partly_paid_back_has_a_balance():
    """Case 51."""
    claim = D("19374.75")
    assert claim_state(claim, []) == ClaimState.OPEN
    assert balance(claim, [D("10000.00")]) == D("9374.75")
    assert claim_state(claim, [D("10000.00")]) == ClaimState.PARTLY_PAID
    assert claim_state(claim, [D("10000.00"), D("9374.75")]) == ClaimState.SETTLED


def test_a_claim_below_a_hundred_kronor_is_waived():
    """Case 51."""
    assert is_waived(D("99.99"), D(100)).code == "claim_waived"
    assert is_waived(D(100), D(100)).code == "claim_stands"
    assert claim_state(D("99.99"), [], waived=True) == ClaimState.WAIVED
    assert claim_state(D("99.99"), [D("99.99")], waived=True) == ClaimState.SETTLED


@pytest.mark.parametrize(
    ("amount", "grant", "decided", "code"),
    [
        ("9374.75", "20000", True, "set_off_possible"),
        ("9374.75", "20000", False, "set_off_needs_decision"),
        ("9374.76", "20000", True, "set_off_above_balance"),
        ("9374.75", "9000", True, "set_off_above_grant"),
        ("0", "9000", True, "nothing_to_set_off"),
    ],
)
def test_a_claim_is_set_off_only_by_decision(amount, grant, decided, code):
    """Case 51."""
    finding = may_set_off(D(amount), D("9374.75"), D(grant), decided=decided)
    assert finding.code == code
    assert finding.met == (code == "set_off_possible")
    assert set(finding.figures) == set(CODES[code])


@pytest.mark.parametrize(("claim", "repayments"), [("0", []), ("100", ["0"]), ("100", ["60", "40.01"])])
def test_an_impossible_claim_has_no_balance(claim, repayments):
    with pytest.raises(ValueError, match=r"claim"):
        balance(D(claim), [D(each) for each in repayments])


def test_what_was_paid_beyond_the_entitlement_is_claimed():
    assert to_repay(D(50000), D("30625.25")) == D("19374.75")
    assert to_repay(D(50000), D(50000)) == 0
    assert to_repay(D(0), D(50000)) == 0


@given(kronor, st.lists(kronor, max_size=5))
def test_a_balance_is_what_is_left_whatever_the_order(claim, repayments):
    if sum(repayments) <= claim:
        assert balance(claim, repayments) == balance(claim, repayments[::-1]) == claim - sum(repayments)


class Ledger(RuleBasedStateMachine):
    """Case 52: a grant whose every change asks the ledger first."""

    def __init__(self):
        super().__init__()
        self.award = D("33333.33")
        self.planned = list(instalments(self.award, [D(40), D(40), D(20)]))
        self.paid, self.repaid = [], []

    @precondition(lambda self: self.planned)
    @rule()
    def pay_the_next(self):
        self.paid.append(self.planned.pop(0))

    @rule(amount=kronor)
    def plan_one_more(self, amount):
        if ledger(self.award, self.paid, [*self.planned, amount], self.repaid):
            self.planned.append(amount)

    @rule(amount=kronor)
    def pay_back(self, amount):
        if sum(self.repaid) + amount <= sum(self.paid):
            self.repaid.append(amount)

    @rule(new_award=kronor)
    def decide_again(self, new_award):
        if ledger(new_award, self.paid, self.planned, self.repaid):
            self.award = new_award

    @invariant()
    def never_more_than_the_award(self):
        assert sum(self.paid) + sum(self.planned) - sum(self.repaid) <= self.award
        assert ledger(self.award, self.paid, self.planned, self.repaid).code == "ledger_holds"


TestPaidAndPlannedLessRepaidNeverExceedsTheAward = Ledger.TestCase


def test_a_payment_beyond_the_award_is_noticed():
    """Case 52."""
    finding = ledger(D(100), [D(60)], [D(50)], [D(9)])
    assert (finding.met, finding.code) == (False, "ledger_exceeded")
    assert finding.figures == {"award": D(100), "bound": D(101)}
