"""A payment that comes back after the grant was lowered: the system settles it by what the grant is now, and says how."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.actions import aftermath, decisions, payments, reclaims
from grants.actions.bank_answers import take_in
from grants.actions.ledger import net_paid, outstanding, planned
from grants.choices import InstalmentStatus, ReclaimStatus
from grants.models import Instalment, PaymentLine, Reclaim
from grants.rules.reclaim import AfterReturn, after_return, ledger
from records.models import Event, Letter
from tests.grants.aftermath.files import camt, entry
from tests.grants.deciding.conftest import *  # noqa: F403 - from a handed-in application to a paid one
from tests.grants.deciding.conftest import LATER

PAYS = date(2027, 1, 15)
D = Decimal


@pytest.fixture
def pay(account, association, officer, other_officer):
    """Pay what waits of an application; the lines."""

    def do(decision):
        if not association.bank_accounts.exists():
            account(association)
        run = payments.make_run(decision.instalments.planned(), pays_on=PAYS, by=officer, at=LATER)
        payments.approve_run(run, by=other_officer, at=LATER)
        payments.mark_paid(run.lines.all(), on=PAYS, by=officer, at=LATER)
        return list(run.lines.order_by("instalment__number"))

    return do


@pytest.fixture
def paid(application, publish, pay):
    """12 000,50 kr paid in one."""
    (line,) = pay(publish(application))
    return line


@pytest.fixture
def lower(application, propose, decision_maker):
    """A new decision on the same application."""

    def to(amount):
        application.refresh_from_db()
        said = {"amount": D(amount)} if amount else {"outcome": "refuse"}
        proposal = propose(application, override_reason="Nya uppgifter.", **said)
        made = decisions.decide(proposal, by=decision_maker, at=LATER)
        decisions.publish([made], by=decision_maker, at=LATER)
        return made

    return to


@pytest.fixture
def comes_back(officer):
    def do(line, reason="AC04"):
        content = camt(entry(line.end_to_end_id, line.amount, credit=True, code=reason), id_=f"BANK-{line.pk}")
        return take_in(content, name="bank.xml", by=officer, at=LATER)[0]

    return do


def waits():
    return [(row.decision_id, row.amount, bool(row.held_reason)) for row in Instalment.objects.planned().order_by("pk")]


def test_what_is_paid_again_is_what_the_grant_is_now(application, paid, lower, comes_back):
    lowered = lower("7000")
    claim = Reclaim.objects.get()
    assert claim.amount == D("5000.50")

    comes_back(paid)

    claim.refresh_from_db()
    assert claim.status == ReclaimStatus.REPLACED
    assert waits() == [(lowered.pk, D("7000.00"), True)]
    assert (net_paid(application), planned(application), outstanding(application)) == (0, D("7000.00"), 0)


def test_the_log_the_payment_and_a_letter_say_how_it_was_settled(application, paid, lower, comes_back):
    lower("7000")
    comes_back(paid)
    said = "Kom tillbaka från banken: AC04. Bidraget är nu 7 000 kr, så 7 000 kr betalas igen, inte 12 000,50 kr."
    event = Event.objects.get(verb="grants.payment_returned")
    assert event.reason.replace("\xa0", " ") == said
    assert event.changes == {
        "amount": ["12000.50", None],
        "returned_on": [None, "2027-01-15"],
        "pay_again": [None, "7000.00"],
        "claimed": ["5000.50", "0"],
    }
    assert Instalment.objects.planned().get().held_reason.replace("\xa0", " ") == said
    letter = Letter.objects.get(key__startswith="grants.claim_dropped")
    assert "inte längre betala tillbaka" in letter.html


def test_a_part_that_came_back_makes_the_claim_smaller(paid, lower, pay, comes_back, application):
    pay(lower("13000"))  # 999,50 kr more
    lower("500")
    assert Reclaim.objects.get().amount == D("12500.00")

    comes_back(paid)

    old, new = Reclaim.objects.order_by("pk")
    assert (old.status, new.status, new.amount) == (ReclaimStatus.REPLACED, ReclaimStatus.OPEN, D("499.50"))
    assert waits() == []
    assert net_paid(application) - outstanding(application) == 500


def test_what_was_repaid_meanwhile_is_given_back_too(application, paid, lower, comes_back, officer):
    lower("7000")
    reclaims.note_repayment(Reclaim.objects.get(), amount=D(3000), on=LATER.date(), by=officer, at=LATER)
    comes_back(paid)
    assert [row[1] for row in waits()] == [D("10000.00")]
    assert net_paid(application) + planned(application) == 7000


def test_a_grant_that_ended_is_not_paid_again_and_nothing_is_claimed(application, paid, comes_back, officer):
    standing = paid.instalment.decision
    aftermath.note_renounced(standing, reason="Ställs in.", on=LATER.date(), by=officer, at=LATER)
    comes_back(paid)
    assert (waits(), Reclaim.objects.unsettled().count()) == ([], 0)
    assert "inget betalas igen" in Instalment.objects.get().held_reason


def test_a_refusal_after_the_payment_leaves_nothing(application, paid, lower, comes_back):
    lower(None)
    comes_back(paid)
    assert (waits(), Reclaim.objects.unsettled().count(), net_paid(application)) == ([], 0, 0)


def test_a_raised_grant_pays_back_what_came_and_keeps_the_rest(application, paid, lower, comes_back):
    raised = lower("13000")
    assert waits() == [(raised.pk, D("999.50"), False)]
    comes_back(paid)
    assert sorted(row[1] for row in waits()) == [D("999.50"), D("12000.50")]


def test_a_claim_that_a_delegate_decided_stands(application, paid, comes_back, decision_maker):
    claim = reclaims.claim_back(
        paid.instalment.decision, reason="Använt till annat.", amount=D(2000), by=decision_maker, at=LATER
    )
    comes_back(paid)
    claim.refresh_from_db()
    assert claim.status == ReclaimStatus.OPEN
    assert planned(application) == D("12000.50")  # and 2 000 kr of it is still to be paid back


def test_what_a_delegate_claimed_and_got_is_not_paid_out_again(application, paid, comes_back, decision_maker, officer):
    claim = reclaims.claim_back(
        paid.instalment.decision, reason="Använt till annat.", amount=D(2000), by=decision_maker, at=LATER
    )
    reclaims.note_repayment(claim, amount=D(2000), on=LATER.date(), by=officer, at=LATER)
    comes_back(paid)
    assert net_paid(application) + planned(application) == D("10000.50")


def test_the_same_answer_twice_settles_once(application, paid, lower, comes_back, officer):
    lower("7000")
    comes_back(paid)
    line = PaymentLine.objects.get()
    content = camt(entry(line.end_to_end_id, line.amount, credit=True), id_="ANOTHER")
    take_in(content, name="bank.xml", by=officer, at=LATER)
    assert planned(application) == 7000


def test_what_is_paid_again_can_come_back_again(application, paid, lower, comes_back, officer, other_officer):
    lower("7000")
    comes_back(paid)
    waiting = Instalment.objects.planned().get()
    payments.release(waiting, by=officer, at=LATER)
    run = payments.make_run([waiting], pays_on=PAYS, by=officer, at=LATER)
    payments.approve_run(run, by=other_officer, at=LATER)
    lower("6000")  # while the file is at the bank
    assert Reclaim.objects.unsettled().get().amount == 1000
    comes_back(run.lines.get())
    assert (planned(application), Reclaim.objects.unsettled().count()) == (6000, 0)
    assert Instalment.objects.get(pk=waiting.pk).status == InstalmentStatus.CANCELLED


money = st.decimals(min_value=0, max_value=1_000_000, places=2)


@given(money, money, st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2), money)
def test_whatever_came_back_the_ledger_holds_and_only_one_way_is_open(may_keep, comes_in, out, waiting):
    told = after_return(may_keep, comes_in, out, waiting)
    assert min(told.pay, told.claim) == 0
    assert told.claim <= max(out, Decimal(0))
    if told.pay:  # then exactly what the grant is
        assert out + waiting + told.pay == may_keep + comes_in
    if waiting + out <= may_keep + comes_in:
        assert ledger(may_keep + comes_in, [out] if out > 0 else [], [waiting, told.pay], [-out] if out < 0 else [])


def test_the_cases_of_the_rule():
    """Grant lowered from 10 000 to 6 000 after it was paid."""
    assert after_return(D(6000), D(0), D(0), D(0)) == AfterReturn(pay=D(6000), claim=D(0))
    assert after_return(D(3000), D(0), D(5000), D(0)) == AfterReturn(pay=D(0), claim=D(2000))
    assert after_return(D(0), D(0), D(-1000), D(0)) == AfterReturn(pay=D(1000), claim=D(0))
    with pytest.raises(ValueError, match="at least 0"):
        after_return(D(-1), D(0), D(0), D(0))
