"""Whatever happens after a decision, in whatever order, no association holds or awaits more than it may keep."""

import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from grants.actions import aftermath, decisions, payments, reclaims
from grants.actions.bank_answers import take_in
from grants.actions.ledger import entitled, net_paid, outstanding, planned
from grants.actions.refusals import NotAllowedNow
from grants.choices import ReclaimStatus
from grants.models import Decision, PaymentLine, Reclaim
from tests.grants.aftermath.files import camt, entry
from tests.grants.deciding.conftest import *  # noqa: F403 - from a handed-in application to a paid one
from tests.grants.deciding.conftest import LATER

PAYS = date(2027, 1, 15)


@dataclass
class Walk:
    """One association's grant, and everything that can happen to it after the decision."""

    chance: random.Random
    application: Any
    officer: Any
    other_officer: Any
    decision_maker: Any
    propose: Any
    at: datetime = LATER
    step: int = 0

    def goes_on(self) -> None:
        self.at += timedelta(days=1)
        self.step += 1
        happens = self.chance.choice([self.paid, self.comes_back, self.decided_anew, self.repaid, self.given_back])
        with suppress(NotAllowedNow, Decision.DoesNotExist):
            happens()

    def paid(self) -> None:
        ready = [row for row in Decision.objects.in_force().get().instalments.planned() if not row.held_reason]
        run = payments.make_run(ready, pays_on=PAYS, by=self.officer, at=self.at)
        payments.approve_run(run, by=self.other_officer, at=self.at)
        payments.mark_paid(run.lines.all(), on=PAYS, by=self.officer, at=self.at)

    def comes_back(self) -> None:
        for line in PaymentLine.objects.filter(status="paid").order_by("pk")[:1]:
            content = camt(entry(line.end_to_end_id, line.amount, credit=True), id_=f"BANK-{self.step}")
            take_in(content, name="bank.xml", by=self.officer, at=self.at)

    def decided_anew(self) -> None:
        self.application.refresh_from_db()
        amount = Decimal(self.chance.randint(1, 12000))
        proposal = self.propose(self.application, at=self.at, amount=amount, override_reason="Nya uppgifter.")
        made = decisions.decide(proposal, by=self.decision_maker, at=self.at)
        decisions.publish([made], by=self.decision_maker, at=self.at)

    def repaid(self) -> None:
        for claim in Reclaim.objects.unsettled().with_balance()[:1]:
            amount = (claim.balance / 2).quantize(Decimal("0.01")) or claim.balance
            reclaims.note_repayment(claim, amount=amount, on=self.at.date(), by=self.officer, at=self.at)

    def given_back(self) -> None:
        if self.chance.random() < 0.3:
            standing = Decision.objects.in_force().get()
            aftermath.note_renounced(standing, reason="Ställs in.", on=self.at.date(), by=self.officer, at=self.at)


@pytest.mark.parametrize("seed", range(1, 7))
def test_paid_and_planned_less_what_comes_back_is_never_above_the_award(
    seed, application, publish, account, association, officer, other_officer, decision_maker, propose
):
    """Case 52."""
    account(association)
    publish(application)
    walk = Walk(random.Random(seed), application, officer, other_officer, decision_maker, propose)

    for _ in range(10):
        walk.goes_on()
        standing = Decision.objects.in_force().filter(application=application).first()
        award = entitled(standing) if standing else Decimal(0)
        held = net_paid(application) + planned(application) - outstanding(application)
        assert held <= award, f"after step {walk.step}"
        waived = Reclaim.objects.filter(status=ReclaimStatus.WAIVED).exists()
        assert held == award or waived, f"nothing is left to do by hand after step {walk.step}"
