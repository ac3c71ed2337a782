"""Proposals: counted by the rules, departed from only with a reason, sent to whoever may decide."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import NotAllowed, give_role
from accounts.choices import Role
from accounts.models import RoleGrant
from grants.actions import decisions, proposals, schemes, submission
from grants.actions.counting import count, remaining
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import ApplicationStatus, CriterionKey, DecidedBy, Outcome, Route
from grants.models import Proposal
from tests.grants.conftest import AT, FORM, PLANNED
from tests.grants.deciding.conftest import LATER, PARTS

LATE = datetime(2026, 10, 5, 10, 0, tzinfo=UTC)  # four days late: 10 %


def test_the_proposal_keeps_the_lines_of_the_calculation_with_their_rules(hand_in, call, association, alice, propose):
    application = hand_in(call, association, alice, at=LATE, asked="20 000")
    proposal = propose(application, amount=Decimal("18000"))
    assert [(line["rule"], line["amount"]) for line in proposal.calculation] == [("G-24", "20000.00"), ("G-07", "-2000.00")]
    assert proposal.rule_amount == Decimal("18000.00")
    assert count(application).amount == Decimal("18000.00")


def test_an_amount_that_departs_from_the_rules_takes_a_reason(application, officer, assess):
    """Case 36. Award above the scheme's cap: refused without override and reason."""
    assess(application, officer)
    draft = proposals.Draft(outcome=Outcome.GRANT, amount=Decimal("5000"), reasons="Bra verksamhet.")
    with pytest.raises(NotComplete, match=r"12.000,50"):
        proposals.propose(application, draft, by=officer, at=LATER)
    kept = proposals.propose(application, replace(draft, override_reason="Halva året."), by=officer, at=LATER)
    assert (kept.amount, kept.override_reason) == (Decimal("5000"), "Halva året.")


def test_an_amount_above_what_was_applied_for_takes_a_reason(application, officer, assess):
    """Case 36. Award above applied amount: refused without override and reason."""
    assess(application, officer)
    draft = proposals.Draft(outcome=Outcome.GRANT, amount=Decimal("15000"), reasons="Bra verksamhet.")
    with pytest.raises(NotComplete) as refused:
        proposals.propose(application, draft, by=officer, at=LATER)
    assert len(refused.value.missing) == 2


def test_the_database_refuses_a_departure_without_a_reason(application, propose):
    proposal = propose(application)
    with pytest.raises(IntegrityError, match="proposal_departs_from_the_rules_with_a_reason"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(amount=Decimal("99000"))
    with pytest.raises(IntegrityError, match="proposal_departs_from_the_rules_with_a_reason"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(rule_amount=None)


def test_what_the_rules_cannot_count_is_said_in_words(hand_in_incomplete):
    application = hand_in_incomplete()
    assert count(application).missing == "Ansökan är inte komplett än, så det går inte att säga hur sen den är."


@pytest.fixture
def hand_in_incomplete(publish_call, plan, scheme, officer, start_draft, association, alice):
    """A required attachment is missing, and lateness is counted from completeness."""

    def do():
        attachments = [{"key": "budget", "label": "Budget", "required": True, "yearly_document": ""}]
        terms = schemes.Terms(valid_from=date(2026, 1, 1), form=FORM, parts=PARTS, attachments=attachments)
        version = schemes.write_version(scheme, terms, by=officer, at=PLANNED)
        call = publish_call(replace(plan, late_counts_from="completeness"), version=version)
        draft = start_draft(call, association, alice)
        return submission.submit(draft, by=alice, at=AT, without_attachments=True)

    return do


def test_below_the_threshold_nothing_is_granted_without_a_reason(
    publish_call, plan, hand_in, association, alice, officer, assess
):
    """Case 24. Below threshold: cannot be proposed for award without override and reason."""
    criteria = [replace(weight, threshold=2) if weight.key == CriterionKey.DEMOCRACY else weight for weight in plan.criteria]
    application = hand_in(publish_call(replace(plan, criteria=criteria)), association, alice)
    assess(application, officer, (1, 5, 5, 5))
    draft = proposals.Draft(outcome=Outcome.GRANT, amount=application.asked, reasons="Bra verksamhet.")
    with pytest.raises(NotComplete, match=r"demokrati|democracy"):
        proposals.propose(application, draft, by=officer, at=LATER)
    assert proposals.propose(application, replace(draft, override_reason="Ny styrelse."), by=officer, at=LATER)


def test_a_grant_waits_until_all_assessments_are_done_but_a_refusal_does_not(
    publish_call, plan, hand_in, association, alice, officer, assess
):
    application = hand_in(publish_call(replace(plan, assessors_needed=2)), association, alice)
    assess(application, officer)
    grant = proposals.Draft(outcome=Outcome.GRANT, amount=application.asked, reasons="Bra.")
    with pytest.raises(NotComplete):
        proposals.propose(application, grant, by=officer, at=LATER)
    refusal = proposals.Draft(outcome=Outcome.REFUSE, reasons="Faller utanför bidragets syfte.")
    assert proposals.propose(application, refusal, by=officer, at=LATER).amount is None


def test_the_delegate_decides_within_the_limit_and_the_committee_above_it(
    hand_in, call, association, other_association, alice, stranger, decision_maker, propose
):
    small = hand_in(call, association, alice, asked="100 000")
    large = hand_in(call, other_association, stranger, asked="100 001")
    assert propose(small).route == Route.DELEGATE
    assert propose(large).route == Route.COMMITTEE


def test_the_committee_decides_every_case_of_a_scheme_without_delegation(scheme, application, decision_maker, propose):
    type(scheme).objects.update(decided_by=DecidedBy.COMMITTEE)
    application.call.version.scheme.refresh_from_db()
    proposal = propose(application)
    assert proposal.route == Route.COMMITTEE
    with pytest.raises(NotAllowedNow):
        decisions.decide(proposal, by=decision_maker, at=LATER)


def test_without_any_delegate_the_committee_decides(application, propose):
    assert propose(application).route == Route.COMMITTEE


def test_the_one_who_proposed_does_not_decide(application, person, propose, settings):
    """Case 38. Four eyes: another person decides; by a setting the same one may, when somebody else has reviewed."""
    both = person("both@karlskoga.example", Role.OFFICER, Role.DECISION_MAKER)
    reviewer = person("reviewer@karlskoga.example", Role.OFFICER)
    proposal = propose(application, by=both)
    with pytest.raises(NotAllowedNow):
        decisions.decide(proposal, by=both, at=LATER)
    settings.GRANTS_PROPOSER_MAY_DECIDE = True
    with pytest.raises(NotAllowedNow):
        decisions.decide(proposal, by=both, at=LATER)
    with pytest.raises(NotAllowedNow):
        proposals.review(proposal, by=both, at=LATER)
    proposals.review(proposal, by=reviewer, at=LATER)
    decision = decisions.decide(proposal, by=both, at=LATER)
    assert decision.decided_by == both


def test_the_database_refuses_that_the_one_who_proposed_reviews(application, officer, propose):
    proposal = propose(application)
    with pytest.raises(IntegrityError, match="proposal_is_reviewed_by_another"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(reviewed_at=LATER, reviewed_by=officer)


def test_delegation_to_two_together_cannot_be_expressed(person):
    """Case 38. Delegation to politician and officer jointly, or to two officers jointly, cannot be configured."""
    holders = {field.name for field in RoleGrant._meta.get_fields() if field.is_relation and field.name == "user"}
    assert holders == {"user"}
    assert not RoleGrant._meta.get_field("user").many_to_many
    elected = person("elected@karlskoga.example", Role.COMMITTEE_MEMBER)
    with pytest.raises(NotAllowed):
        give_role(elected, role=Role.DECISION_MAKER, limit=Decimal("1000"), by=None, at=PLANNED)


def test_only_officers_propose_and_only_what_is_handed_in(application, officer, decision_maker, alice, assess):
    assess(application, officer)
    chosen = proposals.Draft(outcome=Outcome.GRANT, amount=application.asked, reasons="Bra.")
    for user in (decision_maker, alice):
        with pytest.raises(NotAllowedNow):
            proposals.propose(application, chosen, by=user, at=LATER)


def test_a_proposal_needs_reasons(application, officer, assess):
    assess(application, officer)
    with pytest.raises(NotComplete):
        proposals.propose(application, proposals.Draft(outcome=Outcome.GRANT, amount=application.asked), by=officer, at=LATER)


def test_there_is_one_open_proposal_and_it_can_be_taken_back(application, officer, propose):
    proposal = propose(application)
    with pytest.raises(NotAllowedNow):
        propose(application)
    with pytest.raises(IntegrityError, match="proposal_one_open"), transaction.atomic():
        Proposal.objects.create(
            application=application, outcome="refuse", reasons="x", route="delegate", proposed_at=LATER, proposed_by=officer
        )
    proposals.take_back(proposal, reason="Fel belopp.", by=officer, at=LATER)
    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED
    assert application.case.events.filter(verb="grants.proposal_taken_back", reason="Fel belopp.").exists()


def test_the_reasons_for_each_criterion_follow_into_the_basis(application, officer, other_officer, assess, propose):
    assess(application, officer)
    basis = propose(application, criterion_reasons={"democracy": "Årsmötet var välbesökt."}).basis
    reasons = {row["key"]: row["reason"] for row in basis["criteria"]}
    assert reasons["democracy"] == "Årsmötet var välbesökt."
    assert reasons["equality"].startswith("Skäl för")
    assert (basis["score"], basis["assessed"], basis["needed"]) == ("3.50", 1, 1)


def test_what_is_left_of_the_budget_counts_decisions_and_not_proposals(application, call, propose, decide):
    assert remaining(call) == Decimal("500000")
    propose(application)
    assert remaining(call) == Decimal("500000")
    application.proposals.update(closed_at=LATER)
    type(application).objects.update(status=ApplicationStatus.SUBMITTED)
    decide(application)
    assert remaining(call) == Decimal("500000") - Decimal("12000.50")
    assert remaining(call, besides=application) == Decimal("500000")
