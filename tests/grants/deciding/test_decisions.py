"""Decisions: within limit and budget, kept back, published together, never edited after that."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.actions import pseudonymise
from associations.models import Association
from grants.actions import decisions, proposals
from grants.actions.decisions import Ruling
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.actions.submission import recipients
from grants.choices import ApplicationStatus, DecisionKind, InstalmentStatus, Outcome
from grants.models import Application, Decision, Instalment, Reclaim
from records.choices import LetterStatus
from records.models import Letter
from tests.grants.deciding.conftest import LATER
from tests.grants.deciding.threads import in_threads


def test_a_decision_waits_until_it_is_published_and_nobody_is_told(application, decide, alice):
    decision = decide(application)
    application.refresh_from_db()
    assert (application.status, application.granted) == (ApplicationStatus.PROPOSED, None)
    assert decision.letter.status == LetterStatus.STAGED
    assert not Decision.objects.visible_to(alice).exists()
    assert not Instalment.objects.exists()


def test_publishing_sets_status_releases_the_letter_and_plans_the_money(application, decide, decision_maker, alice):
    decision = decisions.publish([decide(application)], by=decision_maker, at=LATER)[0]
    application.refresh_from_db()
    assert (application.status, application.granted) == (ApplicationStatus.GRANTED, Decimal("12000.50"))
    assert decision.letter.status in {LetterStatus.WAITING, LetterStatus.SENT}
    assert Decision.objects.visible_to(alice).get() == decision
    assert decision.instalments.get().amount == Decimal("12000.50")


def test_publishing_twice_changes_nothing(application, decide, decision_maker):
    decision = decide(application)
    decisions.publish([decision], by=decision_maker, at=LATER)
    assert decisions.publish([decision], by=decision_maker, at=LATER) == []
    assert Instalment.objects.count() == 1
    assert application.case.events.filter(verb="grants.published").count() == 1


def test_a_refusal_and_a_dismissal_have_no_money(application, decide, decision_maker):
    decision = decide(application, outcome=Outcome.REFUSE)
    decisions.publish([decision], by=decision_maker, at=LATER)
    application.refresh_from_db()
    assert (application.status, application.granted) == (ApplicationStatus.REFUSED, None)
    assert not Instalment.objects.exists()


def test_a_delegate_stays_within_the_limit(hand_in, call, association, alice, person, propose, decision_maker):
    low = person("low@karlskoga.example", "decision_maker", limit=Decimal("10000"))
    proposal = propose(hand_in(call, association, alice, asked="10 001"))
    with pytest.raises(NotAllowedNow, match=r"10.000"):
        decisions.decide(proposal, by=low, at=LATER)
    assert decisions.decide(proposal, by=decision_maker, at=LATER)


def test_officers_and_auditors_do_not_decide(application, propose, other_officer, auditor, secretary, decision_maker):
    proposal = propose(application)
    for user in (other_officer, auditor, secretary):
        with pytest.raises(NotAllowedNow):
            decisions.decide(proposal, by=user, at=LATER)


def test_a_delegate_departs_from_the_proposal_only_with_a_reason(application, propose, decision_maker):
    proposal = propose(application)
    with pytest.raises(NotComplete):
        decisions.decide(proposal, amount=Decimal("6000"), by=decision_maker, at=LATER)
    decision = decisions.decide(proposal, amount=Decimal("6000"), override_reason="Halva året.", by=decision_maker, at=LATER)
    assert (decision.amount, decision.override_reason) == (Decimal("6000"), "Halva året.")


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_cannot_together_pass_the_budget(
    publish_call, plan, hand_in, association, other_association, alice, stranger, propose, decision_maker, person
):
    """Case 35. Two approve at once 60 000 + 50 000 with 100 000 left: the second gets "remaining 40 000", rolled back."""
    call = publish_call(replace(plan, budget=Decimal("100000")))
    other_decision_maker = person("vice@karlskoga.example", "decision_maker")
    first = propose(hand_in(call, association, alice, asked="60 000"))
    second = propose(hand_in(call, other_association, stranger, asked="50 000"))
    made, refused = sorted(
        in_threads(
            lambda: decisions.decide(first, by=decision_maker, at=LATER),
            lambda: decisions.decide(second, by=other_decision_maker, at=LATER),
        ),
        key=lambda result: isinstance(result, Exception),
    )
    assert isinstance(made, Decision)
    assert isinstance(refused, NotAllowedNow)
    left = {Decimal("60000"): "40.000", Decimal("50000"): "50.000"}[made.amount]
    assert Decision.objects.count() == 1
    assert Letter.objects.filter(key__startswith="grants.decision.").count() == 1
    with pytest.raises(NotAllowedNow, match=left):
        decisions.decide(second if made.amount == 60000 else first, by=decision_maker, at=LATER)


def test_the_budget_says_what_remains(
    publish_call, plan, hand_in, association, other_association, alice, stranger, decide, decision_maker, propose
):
    """Case 35. The second gets "remaining 40 000", and nothing of it is written."""
    call = publish_call(replace(plan, budget=Decimal("100000")))
    decide(hand_in(call, association, alice, asked="60 000"))
    second = propose(hand_in(call, other_association, stranger, asked="50 000"))
    with pytest.raises(NotAllowedNow, match=r"40.000"):
        decisions.decide(second, by=decision_maker, at=LATER)
    second.refresh_from_db()
    assert second.closed_at is None


def test_a_batch_is_published_with_one_press_and_each_letter_has_its_own_reasons(
    publish_call, plan, call, hand_in, make_association, person, give_mandate, propose, decision_maker
):
    """Case 41. All decided and released; each letter contains its own motivation."""
    staged = []
    for number in range(12):
        association = make_association(f"Förening {number}", f"80240020{number:02d}")
        applicant = person(f"applicant{number}@example.org")
        give_mandate(applicant, association)
        application = hand_in(call, association, applicant)
        proposal = propose(application)
        staged.append(decisions.decide(proposal, reasons=f"Eget skäl {number}.", by=decision_maker, at=LATER))
    published = decisions.publish(staged, by=decision_maker, at=LATER)
    assert len(published) == 12
    assert Application.objects.filter(status=ApplicationStatus.GRANTED).count() == 12
    for number, decision in enumerate(published):
        assert f"Eget skäl {number}." in decision.letter.html
        assert decision.letter.to == [f"applicant{number}@example.org"]


def test_the_decision_reaches_the_association_when_the_person_who_applied_has_left(application, decide, alice, association):
    Association.objects.filter(pk=association.pk).update(email="kansli@teaterboden.example")
    application.refresh_from_db()
    assert set(decide(application).letter.to) == {alice.email, "kansli@teaterboden.example"}
    pseudonymise(alice, by=None, at=LATER)
    application.refresh_from_db()
    assert recipients(application) == ["kansli@teaterboden.example"]


def test_a_decision_changed_before_publishing_sends_one_letter(application, decide, decision_maker):
    """Case 42. Changed from granted to refused before publishing: old letter discarded, only one letter leaves."""
    decision = decide(application)
    changed = decisions.change(decision, Ruling(Outcome.REFUSE, None, "Faller utanför syftet."), by=decision_maker, at=LATER)
    decisions.publish([changed], by=decision_maker, at=LATER)
    letters = Letter.objects.filter(key__startswith="grants.decision.").order_by("pk")
    assert [letter.status == LetterStatus.DISCARDED for letter in letters] == [True, False]
    assert [letter.status == LetterStatus.STAGED for letter in letters] == [False, False]
    assert "Faller utanför syftet." in letters[1].html


def test_a_decision_can_be_taken_away_before_publishing(application, decide, decision_maker, other_officer):
    decision = decide(application)
    with pytest.raises(NotAllowedNow):
        decisions.undo(decision, reason="Fel.", by=other_officer, at=LATER)
    proposal = decisions.undo(decision, reason="Ny uppgift har kommit in.", by=decision_maker, at=LATER)
    assert proposal.closed_at is None
    assert not Decision.objects.exists()
    assert Letter.objects.get(key__startswith="grants.decision.").status == LetterStatus.DISCARDED
    assert decisions.decide(proposal, by=decision_maker, at=LATER)


def test_a_published_decision_is_not_edited(application, publish, decision_maker):
    """Case 43. After publication: edit refused."""
    decision = publish(application)
    with pytest.raises(NotAllowedNow):
        decisions.change(decision, Ruling(Outcome.REFUSE, None, "Nej."), by=decision_maker, at=LATER)
    with pytest.raises(NotAllowedNow):
        decisions.undo(decision, reason="Nej.", by=decision_maker, at=LATER)


def test_not_even_raw_sql_edits_or_deletes_a_published_decision(application, publish):
    """Case 43. The database refuses, whoever asks."""
    publish(application)
    statements = [
        "UPDATE grants_decision SET amount = 1",
        "UPDATE grants_decision SET published_at = NULL",
        "UPDATE grants_decision SET reasons = 'x'",
        "DELETE FROM grants_decision",
    ]
    for statement in statements:
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Decision.objects.update(reasons="x")


def test_a_decision_that_is_not_published_can_be_edited_in_the_database(application, decide):
    decide(application)
    assert Decision.objects.update(reasons="x") == 1


def test_a_slip_is_corrected_by_a_decision_that_names_the_old(application, publish, decision_maker, alice):
    """Case 43. "Rectify" creates decision no 2 referencing no 1; both public; money difference becomes payment."""
    old = publish(application)
    with pytest.raises(NotComplete):
        decisions.rectify(old, reasons="", by=decision_maker, at=LATER)
    new = decisions.rectify(
        old, reasons="Räknefel: 12 000,50 kr ska vara 12 500 kr.", amount=Decimal("12500"), by=decision_maker, at=LATER
    )
    assert (new.number, new.kind, new.replaces) == (2, DecisionKind.RECTIFICATION, old)
    decisions.publish([new], by=decision_maker, at=LATER + timedelta(days=1))
    application.refresh_from_db()
    assert application.granted == Decimal("12500")
    assert set(Decision.objects.visible_to(alice)) == {old, new}
    assert list(Decision.objects.in_force()) == [new]
    planned = Instalment.objects.planned()
    assert [row.amount for row in planned] == [Decimal("12500.00")]


def test_a_replaced_decision_is_not_rectified_again(application, publish, decision_maker):
    old = publish(application)
    new = decisions.rectify(old, reasons="Fel namn.", by=decision_maker, at=LATER)
    decisions.publish([new], by=decision_maker, at=LATER)
    with pytest.raises(NotAllowedNow):
        decisions.rectify(old, reasons="Igen.", by=decision_maker, at=LATER)


def test_a_new_lower_decision_after_payment_becomes_a_claim(application, paid, propose, decision_maker, alice):
    """Case 43. "New decision" creates decision no 2; money difference becomes a claim."""
    old = paid(application)
    proposal = propose(application, amount=Decimal("8000"), override_reason="Halva verksamheten ställdes in.")
    assert proposal.replaces == old
    application.refresh_from_db()
    assert application.status == ApplicationStatus.GRANTED
    new = decisions.decide(proposal, by=decision_maker, at=LATER)
    assert new.kind == DecisionKind.NEW
    decisions.publish([new], by=decision_maker, at=LATER)
    claim = Reclaim.objects.get()
    assert (claim.amount, claim.decision) == (Decimal("4000.50"), new)
    application.refresh_from_db()
    assert application.granted == Decimal("8000")
    assert set(Decision.objects.visible_to(alice)) == {old, new}


def test_a_new_higher_decision_after_payment_becomes_a_payment(application, paid, propose, decision_maker):
    """Case 43. Money difference becomes payment."""
    paid(application)
    proposal = propose(application, amount=Decimal("15000"), override_reason="Större behov.")
    decisions.publish([decisions.decide(proposal, by=decision_maker, at=LATER)], by=decision_maker, at=LATER)
    planned = Instalment.objects.planned().get()
    assert planned.amount == Decimal("2999.50")


def test_an_annulled_grant_is_paid_back_and_nothing_more_is_paid(application, paid, propose, decision_maker):
    paid(application)
    proposal = propose(application, outcome=Outcome.REFUSE)
    decisions.publish([decisions.decide(proposal, by=decision_maker, at=LATER)], by=decision_maker, at=LATER)
    application.refresh_from_db()
    assert (application.status, application.granted) == (ApplicationStatus.REFUSED, None)
    assert Reclaim.objects.get().amount == Decimal("12000.50")
    assert not Instalment.objects.planned().exists()


def test_a_new_decision_before_payment_replaces_what_was_planned(application, publish, propose, decision_maker):
    publish(application)
    proposal = propose(application, amount=Decimal("8000"), override_reason="Halva året.")
    decisions.publish([decisions.decide(proposal, by=decision_maker, at=LATER)], by=decision_maker, at=LATER)
    statuses = list(Instalment.objects.order_by("pk").values_list("amount", "status"))
    assert statuses == [
        (Decimal("12000.50"), InstalmentStatus.CANCELLED),
        (Decimal("8000.00"), InstalmentStatus.PLANNED),
    ]
    assert not Reclaim.objects.exists()


def test_the_database_keeps_a_decision_whole(application, decide):
    decision = decide(application)
    rows = Decision.objects.filter(pk=decision.pk)
    for name, values in {
        "decision_amount_only_when_granting": {"amount": None},
        "decision_of_the_committee_names_its_meeting": {"route": "committee"},
        "decision_after_the_first_names_the_old": {"number": 2},
        "decision_published_has_its_letter": {"published_at": LATER, "letter": None},
        "decision_sets_off_within_the_amount": {"set_off": Decimal("99999")},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**values)


def test_a_decision_is_not_made_on_a_proposal_that_was_taken_back(application, propose, officer, decision_maker):
    proposal = propose(application)
    proposals.take_back(proposal, reason="Fel.", by=officer, at=LATER)
    with pytest.raises(NotAllowedNow):
        decisions.decide(proposal, by=decision_maker, at=LATER)
