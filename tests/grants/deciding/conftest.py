"""From a handed-in application to a paid one: what the tests of assessment, decision and payment begin from.

The scheme grants what is asked for, less what lateness costs. Two assessors are `officer` and `other_officer`; `officer`
proposes, `decision_maker` decides (up to 100 000 kr), `secretary` runs the meetings.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from associations.choices import AccountKind, MandateKind
from associations.models import BankAccount
from grants.actions import assessments, decisions, meetings, payments, proposals, schemes
from grants.actions.assessments import Given
from grants.choices import CriterionKey, Outcome
from tests.grants.conftest import AT, FORM, PLANNED

PARTS = [{"kind": "requested_up_to"}, {"kind": "late_reduction"}]
LATER = AT + timedelta(days=60)
LEVELS = (4, 3, 5, 2)


@pytest.fixture
def version(scheme, officer):
    terms = schemes.Terms(valid_from=date(2026, 1, 1), form=FORM, parts=PARTS)
    return schemes.write_version(scheme, terms, by=officer, at=PLANNED)


@pytest.fixture
def assess():
    """A finished assessment: assess(application, officer, (4, 3, None, 2)); None = does not apply."""

    def do(application, by, levels=LEVELS, at=LATER):
        assessment = assessments.start(application, by=by, at=at)
        scores = {
            key: Given(level=level, not_applicable=level is None, reason=f"Skäl för {key.label}.")
            for key, level in zip(CriterionKey, levels, strict=True)
        }
        assessment = assessments.save(assessment, scores=scores, by=by, at=at)
        return assessments.finish(assessment, by=by, at=at)

    return do


@pytest.fixture
def propose(assess, officer):
    """An open proposal by officer, as the rules count: propose(application), or propose(application, amount=...)."""

    def do(application, by=None, at=LATER, outcome=Outcome.GRANT, amount=None, **chosen):
        if not application.assessments.exists():
            assess(application, officer)
        amount = amount or (application.asked if outcome == Outcome.GRANT else None)
        draft = proposals.Draft(outcome=outcome, amount=amount, reasons="Verksamheten når många barn.", **chosen)
        return proposals.propose(application, draft, by=by or officer, at=at)

    return do


@pytest.fixture
def decide(propose, decision_maker):
    """A decision that waits to be published: decide(application)."""

    def do(application, at=LATER, **chosen):
        return decisions.decide(propose(application, at=at, **chosen), by=decision_maker, at=at)

    return do


@pytest.fixture
def publish(decide, decision_maker):
    """A published decision: publish(application)."""

    def do(application, at=LATER, **chosen):
        return decisions.publish([decide(application, at=at, **chosen)], by=decision_maker, at=at)[0]

    return do


@pytest.fixture
def meeting(secretary):
    """The committee meets ten days after LATER."""
    return meetings.plan_meeting(LATER.date() + timedelta(days=10), by=secretary, at=LATER)


@pytest.fixture
def signatory(person, give_mandate):
    def make(association):
        user = person(f"signatory-{association.pk}@example.org")
        give_mandate(user, association, MandateKind.SIGNATORY)
        return user

    return make


@pytest.fixture
def account(signatory, officer):
    """A verified bank giro: account(association)."""

    def make(association, number="50501055"):
        return BankAccount.objects.create(
            association=association,
            kind=AccountKind.BANKGIRO,
            number=number,
            holder=association.name,
            entered_at=AT,
            entered_by=signatory(association),
            verified_at=AT,
            verified_by=officer,
        )

    return make


@pytest.fixture
def paid(publish, account, officer, other_officer):
    """A published grant, paid in full (one instalment): paid(application)."""

    def do(application, **chosen):
        account(application.association)
        decision = publish(application, **chosen)
        run = payments.make_run(decision.instalments.all(), pays_on=date(2027, 1, 15), by=officer, at=LATER)
        payments.approve_run(run, by=other_officer, at=LATER)
        payments.mark_paid(run.lines.all(), on=date(2027, 1, 15), by=officer, at=LATER)
        return decision

    return do


@pytest.fixture
def kronor():
    return Decimal
