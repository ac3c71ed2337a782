"""Conflicts of interest: the person takes no part and does not see the case anywhere."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.choices import Role
from associations.choices import BoardRole, MandateKind
from associations.models import BoardMember
from grants.actions import assessments, conflicts, proposals
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import ApplicationStatus, AssessmentStatus, ConflictSource
from grants.hooks_decide import assessor_tasks
from grants.models import Application, Assessment, Conflict, aggregate_of
from tests.grants.conftest import AT
from tests.grants.deciding.conftest import LATER


@pytest.fixture
def on_board():
    def seat(user, association, **dates):
        return BoardMember.objects.create(
            association=association, name="Olle", role=BoardRole.MEMBER, user=user, since=dates.pop("since", AT.date()), **dates
        )

    return seat


def test_board_member_of_the_applicant_is_found_in_the_register_at_hand_in(hand_in, call, association, alice, officer, on_board):
    """Case 25. Assessor is board member of the applicant (register link): the case disappears from that person's sight."""
    on_board(officer, association)
    application = hand_in(call, association, alice)
    conflict = application.conflicts.get()
    assert (conflict.user, conflict.source) == (officer, ConflictSource.REGISTER)
    assert not Application.objects.for_casework_by(officer).exists()
    assert not Application.objects.visible_to(officer).exists()
    assert not Application.objects.to_assess_by(officer).exists()


def test_a_board_seat_taken_after_hand_in_hides_the_case_before_anybody_has_looked(application, association, officer, on_board):
    assert Application.objects.for_casework_by(officer).get() == application
    on_board(officer, association)
    assert not Application.objects.for_casework_by(officer).exists()
    assert not Conflict.objects.exists()
    assert [conflict.user for conflict in conflicts.find_for(application, at=AT)] == [officer]
    assert conflicts.find_for(application, at=AT) == []


def test_a_board_seat_that_has_ended_is_no_conflict(application, association, officer, on_board):
    on_board(officer, association, since=AT.date().replace(year=2020), until=AT.date())
    assert conflicts.find_for(application, at=AT) == []
    assert Application.objects.for_casework_by(officer).exists()


def test_a_mandate_for_the_applicant_is_a_conflict(application, association, officer, give_mandate):
    give_mandate(officer, association, MandateKind.LEADER)
    assert [conflict.user for conflict in conflicts.find_for(application, at=AT)] == [officer]


def test_only_people_who_handle_grants_are_noted(application, association, alice):
    assert conflicts.find_for(application, at=AT) == []  # alice holds a mandate, and handles nothing


def test_declaring_hides_the_case_voids_the_assessment_and_leaves_it_in_the_log(application, officer, other_officer, assess):
    """Case 25. Own declaration: existing assessment voided, kept in log; coverage count drops to n-1."""
    assess(application, officer)
    assess(application, other_officer)
    conflicts.declare(application, reason="Min bror sitter i styrelsen.", by=officer, at=LATER)
    assert not Application.objects.for_casework_by(officer).exists()
    mine = Assessment.objects.get(assessor=officer)
    assert mine.status == AssessmentStatus.VOIDED
    assert mine.scores.count() == 4
    assert Application.objects.with_coverage().get().assessed == 1
    verbs = list(application.case.events.values_list("verb", flat=True))
    assert "grants.conflict_declared" in verbs
    assert "grants.assessment_voided" in verbs


def test_a_colleague_is_asked_to_take_over_after_somebody_who_stepped_out(application, officer, other_officer, assess):
    """Case 25. Coverage drops to n-1, and the officers are tasked."""
    assess(application, officer)
    assert not [task for task in assessor_tasks(other_officer, None, LATER) if task.urgent]
    conflicts.declare(application, reason="Jäv.", by=officer, at=LATER)
    [task] = [task for task in assessor_tasks(other_officer, None, LATER) if task.urgent]
    assert "(1)" in task.title
    assert not [task for task in assessor_tasks(officer, None, LATER) if task.urgent]


def test_the_reason_for_a_conflict_stays_out_of_the_log(application, officer):
    conflicts.declare(application, reason="Min bror sitter i styrelsen.", by=officer, at=LATER)
    assert not application.case.events.filter(reason__contains="bror").exists()


def test_a_conflict_declared_after_scoring_leaves_the_mean_without_it(application, officer, other_officer, assess):
    """Case 26. Conflict declared after scoring: aggregate recomputed without it."""
    assess(application, officer, (5, 5, 5, 5))
    assess(application, other_officer, (2, 2, 2, 2))
    assert str(aggregate_of(application).score) == "3.50"
    conflicts.declare(application, reason="Jäv.", by=officer, at=LATER)
    assert str(aggregate_of(application).score) == "2.00"


def test_the_basis_of_the_decision_tells_who_stepped_out(application, officer, other_officer, assess, propose):
    """Case 26. The decision basis shows who stepped out."""
    conflicts.declare(application, reason="Jäv.", by=officer, at=LATER)
    assess(application, other_officer)
    proposal = propose(application, by=other_officer)
    assert proposal.basis["stepped_out"] == [officer.pk]


def test_a_proposal_that_leans_on_the_person_is_taken_back(application, officer, other_officer, propose):
    """Case 26. What was counted is counted anew, and the officer has the case again."""
    proposal = propose(application, by=other_officer)  # on officer's assessment
    conflicts.declare(application, reason="Jäv.", by=officer, at=LATER)
    application.refresh_from_db()
    proposal.refresh_from_db()
    assert proposal.closed_at == LATER
    assert application.status == ApplicationStatus.SUBMITTED


def test_a_person_with_a_conflict_can_neither_assess_propose_review_nor_decide(application, person, assess, officer, propose):
    both = person("both@karlskoga.example", Role.OFFICER, Role.DECISION_MAKER)
    conflicts.declare(application, reason="Jäv.", by=both, at=LATER)
    with pytest.raises(NotAllowedNow, match=r"jäv|conflict"):
        assessments.start(application, by=both, at=LATER)
    assess(application, officer)
    draft = proposals.Draft(outcome="grant", amount=application.asked, reasons="Bra.")
    with pytest.raises(NotAllowedNow):
        proposals.propose(application, draft, by=both, at=LATER)
    proposal = propose(application)
    with pytest.raises(NotAllowedNow):
        proposals.review(proposal, by=both, at=LATER)


def test_declaring_twice_is_one_conflict(application, officer):
    first = conflicts.declare(application, reason="Jäv.", by=officer, at=LATER)
    assert conflicts.declare(application, reason="Jäv igen.", by=officer, at=LATER) == first


def test_declaring_takes_a_reason(application, officer):
    with pytest.raises(NotComplete):
        conflicts.declare(application, reason=" ", by=officer, at=LATER)


def test_only_another_officer_lets_a_person_back_in_and_the_assessment_is_done_anew(
    application, officer, other_officer, assess, on_board, association
):
    assess(application, officer)
    conflict = conflicts.declare(application, reason="Kanske jäv.", by=officer, at=LATER)
    with pytest.raises(NotAllowedNow):
        conflicts.step_back_in(conflict, reason="Ingen fara.", by=officer, at=LATER)
    with pytest.raises(NotComplete):
        conflicts.step_back_in(conflict, reason="", by=other_officer, at=LATER)
    conflicts.step_back_in(conflict, reason="Brodern har lämnat styrelsen.", by=other_officer, at=LATER)
    assert Application.objects.for_casework_by(officer).exists()
    assert Assessment.objects.get(assessor=officer).status == AssessmentStatus.STARTED
    on_board(officer, association)
    assert conflicts.find_for(application, at=LATER) == []  # somebody has looked at it
    conflicts.declare(application, reason="Nu igen.", by=officer, at=LATER)
    assert not Application.objects.for_casework_by(officer).exists()


def test_the_database_refuses_that_a_person_lifts_their_own_conflict(application, officer):
    conflict = conflicts.declare(application, reason="Jäv.", by=officer, at=LATER)
    with pytest.raises(IntegrityError, match="conflict_is_lifted_by_another"), transaction.atomic():
        Conflict.objects.filter(pk=conflict.pk).update(lifted_at=LATER, lifted_by=officer, lift_reason="Jag ångrar mig.")
    with pytest.raises(IntegrityError, match="conflict_is_lifted_by_another"), transaction.atomic():
        Conflict.objects.filter(pk=conflict.pk).update(lifted_at=LATER, lift_reason="Ingen.")


def test_the_database_refuses_two_conflicts_in_force_and_that_one_is_deleted(application, officer):
    conflict = conflicts.declare(application, reason="Jäv.", by=officer, at=LATER)
    with pytest.raises(IntegrityError, match="conflict_in_force_once_per_person"), transaction.atomic():
        Conflict.objects.create(application=application, user=officer, source="declared", declared_at=LATER)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Conflict.objects.filter(pk=conflict.pk).delete()
