"""Money back, and what always holds between what was granted, paid, planned and repaid."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.actions import decisions, ledger, meetings, payments, proposals, reclaims, reports
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import InstalmentStatus, Outcome, PaymentLineStatus, ReclaimStatus, ReportStatus
from grants.models import Decision, Instalment, PaymentLine, Reclaim, Repayment
from tests.grants.deciding.conftest import LATER

PAYS = date(2027, 1, 15)


@pytest.fixture
def reported(publish_call, plan, hand_in, association, alice, paid, officer):
    """A paid grant of 50 000 kr, of which 30 625,25 kr was used."""
    application = hand_in(publish_call(replace(plan, report_due_on=date(2027, 9, 1))), association, alice, asked="50 000")
    decision = paid(application)
    answers = {"done": "En del.", "effect": "Lite."}
    report = reports.hand_in(
        application.report, answers=answers, spent=Decimal("30625.25"), explanation="Inställt.", by=alice, at=LATER
    )
    reports.review(report, approved=True, by=officer, at=LATER)
    return decision


def test_what_was_not_used_is_claimed_and_paid_back_in_parts(reported, decision_maker, officer):
    """Case 51. Claim 19 374,75 paid back 10 000,00: balance 9 374,75, status partly paid."""
    claim = reclaims.claim_back(reported, reason="Allt användes inte.", by=decision_maker, at=LATER)
    assert (claim.amount, claim.status) == (Decimal("19374.75"), ReclaimStatus.OPEN)
    claim = reclaims.note_repayment(claim, amount=Decimal("10000"), on=LATER.date(), by=officer, at=LATER)
    assert (ledger.balance_of(claim), claim.status) == (Decimal("9374.75"), ReclaimStatus.PARTLY_PAID)
    assert Reclaim.objects.with_balance().get().balance == Decimal("9374.75")
    claim = reclaims.note_repayment(claim, amount=Decimal("9374.75"), on=LATER.date(), by=officer, at=LATER)
    assert claim.status == ReclaimStatus.SETTLED


def test_more_than_is_left_of_a_claim_is_not_booked_on_it(reported, decision_maker, officer):
    claim = reclaims.claim_back(reported, reason="Allt användes inte.", by=decision_maker, at=LATER)
    with pytest.raises(NotAllowedNow, match=r"19.374,75"):
        reclaims.note_repayment(claim, amount=Decimal("19374.76"), on=LATER.date(), by=officer, at=LATER)


def test_nothing_is_claimed_twice_or_beyond_what_was_paid(reported, decision_maker):
    reclaims.claim_back(reported, reason="Allt användes inte.", by=decision_maker, at=LATER)
    assert reclaims.to_claim(reported) == 0
    with pytest.raises(NotAllowedNow):
        reclaims.claim_back(reported, reason="Igen.", by=decision_maker, at=LATER)
    with pytest.raises(NotAllowedNow):
        reclaims.claim_back(reported, reason="Mer.", amount=Decimal("30625.26"), by=decision_maker, at=LATER)
    assert reclaims.claim_back(reported, reason="Fel använt.", amount=Decimal("30625.25"), by=decision_maker, at=LATER)


def test_a_claim_is_a_decision_with_a_reason(reported, officer, decision_maker):
    with pytest.raises(NotAllowedNow):
        reclaims.claim_back(reported, reason="Allt användes inte.", by=officer, at=LATER)
    with pytest.raises(NotComplete):
        reclaims.claim_back(reported, reason="", by=decision_maker, at=LATER)


def test_a_claim_below_100_kronor_is_waived_by_rule_and_logged(reported, decision_maker):
    """Case 51. Claim below 100 kr waived by rule with log."""
    claim = reclaims.claim_back(reported, reason="Småpengar.", amount=Decimal("99.99"), by=decision_maker, at=LATER)
    assert claim.status == ReclaimStatus.WAIVED
    event = reported.application.case.events.get(verb="grants.claim_waived")
    assert event.changes["rule"] == [None, "G-64"]
    assert (
        reclaims.claim_back(reported, reason="Gränsen.", amount=Decimal("100"), by=decision_maker, at=LATER).status
        == ReclaimStatus.OPEN
    )


def test_a_claim_is_settled_against_the_next_grant_only_by_its_decision(
    reported, decision_maker, officer, publish_call, plan, hand_in, association, alice, publish
):
    """Case 51. Set-off against next grant only with a decision."""
    claim = reclaims.claim_back(reported, reason="Allt användes inte.", by=decision_maker, at=LATER)
    nextyear = publish_call(replace(plan, title="Årligt föreningsbidrag 2028"))
    without = publish(hand_in(nextyear, association, alice, asked="30 000"))
    assert without.instalments.get().amount == Decimal("30000")
    assert ledger.balance_of(claim) == Decimal("19374.75")
    another = publish_call(replace(plan, title="Sommarbidrag"))
    decision = publish(hand_in(another, association, alice, asked="20 000"), set_off=Decimal("15000"))
    assert decision.instalments.get().amount == Decimal("5000")
    claim.refresh_from_db()
    assert (claim.status, ledger.balance_of(claim)) == (ReclaimStatus.PARTLY_PAID, Decimal("4374.75"))
    assert claim.repayments.get().set_off_by == decision


def test_what_is_set_off_is_never_more_than_the_claim(
    reported, decision_maker, publish_call, plan, hand_in, association, alice, publish
):
    reclaims.claim_back(reported, reason="Allt användes inte.", by=decision_maker, at=LATER)
    another = publish_call(replace(plan, title="Sommarbidrag"))
    decision = publish(hand_in(another, association, alice, asked="30 000"), set_off=Decimal("25000"))
    assert decision.instalments.get().amount == Decimal("30000") - Decimal("19374.75")


def test_a_delegate_gives_up_what_is_left_with_a_reason(reported, decision_maker):
    claim = reclaims.claim_back(reported, reason="Allt användes inte.", by=decision_maker, at=LATER)
    with pytest.raises(NotComplete):
        reclaims.waive(claim, reason="", by=decision_maker, at=LATER)
    assert reclaims.waive(claim, reason="Föreningen är upplöst.", by=decision_maker, at=LATER).status == ReclaimStatus.WAIVED


def test_claims_and_repayments_stand(reported, decision_maker, officer):
    claim = reclaims.claim_back(reported, reason="Allt användes inte.", by=decision_maker, at=LATER)
    reclaims.note_repayment(claim, amount=Decimal("1"), on=LATER.date(), by=officer, at=LATER)
    for change in (
        lambda: Reclaim.objects.update(amount=1),
        lambda: Reclaim.objects.all()._raw_delete("default"),
        lambda: Repayment.objects.update(amount=2),
        lambda: Repayment.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="reclaim_is_money"), transaction.atomic():
        Reclaim.objects.create(
            decision=reported,
            association=reported.application.association,
            amount=0,
            reason="x",
            due_on=PAYS,
            claimed_at=LATER,
            claimed_by=officer,
        )


def test_a_delegates_claim_is_reported_to_the_next_meeting_once(reported, decision_maker, secretary):
    """Case 39. A claim is a delegated decision too."""
    claim = reclaims.claim_back(reported, reason="Allt användes inte.", by=decision_maker, at=LATER)
    meeting = meetings.plan_meeting(LATER.date(), by=secretary, at=LATER)
    assert meetings.claims_to_be_reported(meeting) == [claim]
    meetings.hold(meeting, by=secretary, at=LATER)
    assert meetings.claims_to_be_reported(meeting) == []
    assert claim.reported.meeting == meeting


class Ledger:
    """One grant and everything that can happen to its money; what is not allowed now is left undone."""

    def __init__(self, application, officer, other_officer, decision_maker, alice):
        self.application, self.officer, self.other_officer = application, officer, other_officer
        self.decision_maker, self.alice = decision_maker, alice

    def decide(self, kronor):
        outcome = Outcome.GRANT if kronor else Outcome.REFUSE
        draft = proposals.Draft(
            outcome, amount=Decimal(kronor) if kronor else None, reasons="Så är det.", override_reason="Ny uppgift."
        )
        proposal = proposals.propose(self.application, draft, by=self.officer, at=LATER)
        made = decisions.decide(proposal, by=self.decision_maker, at=LATER)
        decisions.publish([made], by=self.decision_maker, at=LATER)

    def run(self, _):
        planned = Instalment.objects.planned().filter(held_reason="")[:1]
        made = payments.make_run(planned, pays_on=date(2028, 1, 1), by=self.officer, at=LATER)
        payments.approve_run(made, by=self.other_officer, at=LATER)

    def paid(self, _):
        lines = PaymentLine.objects.filter(status=PaymentLineStatus.SENT)
        payments.mark_paid(lines, on=PAYS, by=self.officer, at=LATER)

    def rejected(self, _):
        line = PaymentLine.objects.filter(status=PaymentLineStatus.SENT).first()
        if line:
            payments.mark_rejected(line, reason="Nej.", by=self.officer, at=LATER)
            payments.release(Instalment.objects.get(pk=line.instalment_id), by=self.officer, at=LATER)

    def report(self, kronor):
        self.application.refresh_from_db()
        report = self.application.report
        answers = {"done": "Ja.", "effect": "Ja."}
        spent = min(Decimal(kronor), self.application.granted or Decimal(0))
        reports.hand_in(report, answers=answers, spent=spent, explanation="Rest.", by=self.alice, at=LATER)
        reports.review(report, approved=True, by=self.officer, at=LATER)

    def claim(self, _):
        decision = Decision.objects.in_force().get(application=self.application)
        reclaims.claim_back(decision, reason="Oanvänt.", by=self.decision_maker, at=LATER)

    def repay(self, kronor):
        claim = Reclaim.objects.unsettled().order_by("pk").first()
        if claim:
            reclaims.note_repayment(claim, amount=Decimal(kronor), on=LATER.date(), by=self.officer, at=LATER)

    def holds(self):
        self.application.refresh_from_db()
        award = self.application.granted or Decimal(0)
        paid, planned = ledger.net_paid(self.application), ledger.planned(self.application)
        claimed = ledger.outstanding(self.application)
        assert paid + planned - claimed <= award
        assert claimed <= max(paid, Decimal(0)) + planned
        assert paid >= 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["decide", "run", "run", "paid", "rejected", "report", "claim", "repay"]),
        st.sampled_from([0, 50, 500, 4000, 9999, 20000]),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_paid_and_planned_less_repaid_and_claimed_never_passes_the_grant(
    steps, publish_call, plan, hand_in, association, alice, publish, account, officer, other_officer, decision_maker
):
    """Case 52. Sum(paid) + Sum(planned) - Sum(repaid) <= award at all times.

    When a new decision lowers a grant that is already paid, what is above it is claimed back in the same transaction: the claim
    counts as on its way back, and every krona of it is either repaid, asked for or waived with a line in the log.
    """
    with transaction.atomic():
        shares = {"instalment_shares": [40, 40, 20], "report_due_on": date(2027, 9, 1)}
        application = hand_in(publish_call(replace(plan, **shares)), association, alice, asked="10 000")
        account(association)
        publish(application)
        money = Ledger(application, officer, other_officer, decision_maker, alice)
        for step, kronor in steps:
            try:
                with transaction.atomic():
                    getattr(money, step)(kronor)
            except (NotAllowedNow, NotComplete):
                pass
            money.holds()
        assert Instalment.objects.filter(status=InstalmentStatus.PLANNED).count() <= 3
        assert application.report.status != ReportStatus.RETURNED
        transaction.set_rollback(True)
