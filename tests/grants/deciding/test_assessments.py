"""Assessment against the four criteria by several people who do not see each other first."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grants.actions import assessments
from grants.actions.assessments import Given
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import AssessmentStatus, CriterionKey
from grants.models import Application, Assessment, Score, aggregate_of
from grants.rules.scoring import ranking_key
from tests.grants.deciding.conftest import LATER


@pytest.fixture
def three(person):
    return [person(f"assessor{number}@karlskoga.example", "officer") for number in range(3)]


def test_scores_are_weighted_and_summed_up_over_the_assessors(application, three, assess):
    """Case 21. (4,3,5,2) 3,50; (5,4,4,3) 4,10; (2,2,5,5) 3,20; mean 3,60; median 3,50; sample sd 0,46."""
    for user, levels in zip(three, [(4, 3, 5, 2), (5, 4, 4, 3), (2, 2, 5, 5)], strict=True):
        assess(application, user, levels)
    together = aggregate_of(application)
    assert together.scores == (Decimal("3.50"), Decimal("4.10"), Decimal("3.20"))
    assert (together.summary.mean, together.summary.median, together.summary.spread) == (
        Decimal("3.60"),
        Decimal("3.50"),
        Decimal("0.46"),
    )


def test_what_does_not_apply_is_left_out_of_the_score(application, officer, assess):
    """Case 22. n/a on public health with (4,3,-,2) gives 3,13, not 2,50."""
    assess(application, officer, (4, 3, None, 2))
    assert aggregate_of(application).score == Decimal("3.13")


def test_no_score_at_all_sorts_last_and_is_not_zero(application, officer, assess):
    """Case 22. All n/a: no score, sorts last, not 0."""
    assess(application, officer, (None, None, None, None))
    score = aggregate_of(application).score
    assert score is None
    assert ranking_key(score, 1) > ranking_key(Decimal("0.00"), 2)


def test_a_criterion_below_its_threshold_is_shown(publish_call, plan, hand_in, association, alice, officer, assess):
    """Case 24. Threshold democracy >= 2 with (1,5,5,5): total 3,80, below threshold."""
    criteria = [replace(weight, threshold=2) if weight.key == CriterionKey.DEMOCRACY else weight for weight in plan.criteria]
    application = hand_in(publish_call(replace(plan, criteria=criteria)), association, alice)
    assess(application, officer, (1, 5, 5, 5))
    together = aggregate_of(application)
    assert together.score == Decimal("3.80")
    assert [criterion.key for criterion in together.below] == [CriterionKey.DEMOCRACY]


def test_others_are_not_seen_before_ones_own_is_done(application, officer, other_officer, assess):
    """Case 28. Assessor without submitted assessment: others' hidden, aggregate hidden."""
    theirs = assess(application, other_officer)
    mine = assessments.start(application, by=officer, at=LATER)
    assert list(Assessment.objects.visible_to(officer)) == [mine]
    assert not Application.objects.showing_aggregate_to(officer).exists()
    scores = {key: Given(3, "Skäl.") for key in CriterionKey}
    assessments.save(mine, scores=scores, by=officer, at=LATER)
    assessments.finish(mine, by=officer, at=LATER)
    assert set(Assessment.objects.visible_to(officer)) == {mine, theirs}
    assert Application.objects.showing_aggregate_to(officer).exists()


def test_an_officer_who_has_not_begun_sees_the_mean_only_when_enough_are_done(
    publish_call, plan, hand_in, association, alice, officer, other_officer, person, assess
):
    """Case 28. Somebody who may still come to assess does not see others first."""
    third = person("third@karlskoga.example", "officer")
    application = hand_in(publish_call(replace(plan, assessors_needed=2)), association, alice)
    assess(application, officer)
    assert not Application.objects.showing_aggregate_to(third).exists()
    assess(application, other_officer)
    assert Application.objects.showing_aggregate_to(third).exists()


def test_an_unfinished_assessment_is_seen_by_nobody_else(application, officer, other_officer, decision_maker, assess):
    assessments.start(application, by=officer, at=LATER)
    assess(application, other_officer)
    assert not Assessment.objects.visible_to(other_officer).filter(assessor=officer).exists()
    assert not Assessment.objects.visible_to(decision_maker).filter(assessor=officer).exists()


def test_a_stranger_and_an_applicant_see_no_assessments(application, officer, alice, stranger, assess):
    assess(application, officer)
    assert not Assessment.objects.visible_to(alice).exists()
    assert not Assessment.objects.visible_to(stranger).exists()


def test_what_is_typed_is_kept_before_it_is_finished(application, officer):
    mine = assessments.start(application, by=officer, at=LATER)
    assessments.save(mine, scores={"democracy": Given(4)}, comment="Fråga om årsmötet.", by=officer, at=LATER)
    assessments.save(mine, scores={"inclusion": Given(None, "Vet inte än.")}, comment="Klart.", by=officer, at=LATER)
    mine.refresh_from_db()
    assert mine.comment == "Klart."
    assert list(mine.scores.values_list("criterion", "level", "reason")) == [
        ("democracy", 4, ""),
        ("inclusion", None, "Vet inte än."),
    ]
    assert aggregate_of(application).assessed == 0


def test_a_finished_assessment_has_a_level_and_a_reason_for_every_criterion(application, officer):
    mine = assessments.start(application, by=officer, at=LATER)
    assessments.save(mine, scores={"democracy": Given(4)}, by=officer, at=LATER)
    with pytest.raises(NotComplete) as refused:
        assessments.finish(mine, by=officer, at=LATER)
    assert len(refused.value.missing) == 4  # a reason for democracy, and three criteria


def test_a_level_outside_0_to_5_and_an_unknown_criterion_are_refused(application, officer):
    mine = assessments.start(application, by=officer, at=LATER)
    for scores in ({"democracy": Given(6)}, {"democracy": Given(3, not_applicable=True)}, {"beauty": Given(3)}):
        with pytest.raises(NotAllowedNow):
            assessments.save(mine, scores=scores, by=officer, at=LATER)


def test_nobody_writes_in_anothers_assessment(application, officer, other_officer):
    mine = assessments.start(application, by=officer, at=LATER)
    with pytest.raises(NotAllowedNow):
        assessments.save(mine, scores={"democracy": Given(0)}, by=other_officer, at=LATER)
    with pytest.raises(NotAllowedNow):
        assessments.finish(mine, by=other_officer, at=LATER)


def test_only_officers_assess(application, decision_maker, alice, auditor):
    for user in (decision_maker, alice, auditor):
        with pytest.raises(NotAllowedNow):
            assessments.start(application, by=user, at=LATER)


def test_where_assessors_are_appointed_only_they_assess(call, application, officer, other_officer):
    assessments.appoint(call, user=other_officer, by=officer, at=LATER)
    assert not Application.objects.to_assess_by(officer).exists()
    with pytest.raises(NotAllowedNow):
        assessments.start(application, by=officer, at=LATER)
    assert assessments.start(application, by=other_officer, at=LATER)


def test_a_finished_assessment_can_be_opened_again_until_something_is_proposed(application, officer, assess):
    mine = assess(application, officer)
    assessments.reopen(mine, by=officer, at=LATER)
    assert aggregate_of(application).assessed == 0
    assessments.finish(mine, by=officer, at=LATER)
    assert Assessment.objects.get().status == AssessmentStatus.DONE


def test_an_assessment_is_not_edited_after_the_decision(application, officer, other_officer, assess, publish):
    """Case 29. Assessment edited after decision: refused."""
    mine = assess(application, officer)
    publish(application)
    with pytest.raises(NotAllowedNow):
        assessments.reopen(mine, by=officer, at=LATER)
    with pytest.raises(NotAllowedNow):
        assessments.save(mine, scores={"democracy": Given(0)}, by=officer, at=LATER)
    with pytest.raises(NotAllowedNow):
        assessments.start(application, by=other_officer, at=LATER)
    assert mine.scores.get(criterion="democracy").level == 4


def test_the_database_refuses_levels_that_are_none(application, officer):
    mine = assessments.start(application, by=officer, at=LATER)
    score = Score.objects.create(assessment=mine, criterion="democracy", level=5)
    with pytest.raises(IntegrityError, match="score_level_0_to_5"), transaction.atomic():
        Score.objects.filter(pk=score.pk).update(level=6)
    with pytest.raises(IntegrityError, match="score_without_level_when_it_does_not_apply"), transaction.atomic():
        Score.objects.filter(pk=score.pk).update(not_applicable=True)
    with pytest.raises(IntegrityError, match="assessment_done_has_its_time"), transaction.atomic():
        Assessment.objects.update(status=AssessmentStatus.DONE)
    with pytest.raises(IntegrityError, match="assessment_once_per_assessor"), transaction.atomic():
        Assessment.objects.create(application=application, assessor=officer, started_at=LATER, saved_at=LATER)
