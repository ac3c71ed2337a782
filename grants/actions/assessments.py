"""Assessing: started, saved as it is typed, done, opened again; until something is proposed (Case 29)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Role
from grants.actions.drafts import locked
from grants.actions.refusals import NotAllowedNow, NotComplete, insist
from grants.choices import AssessmentStatus, CriterionKey
from grants.models import Application, Assessment, Assessor, Call, Score
from grants.permissions.assessing import may_assess, may_change
from records import filing
from records.values import local_day


@dataclass(frozen=True, slots=True)
class Given:
    """What an assessor says on one criterion. level: 0-5; None = nothing yet, or it does not apply."""

    level: int | None = None
    reason: str = ""
    not_applicable: bool = False

    @property
    def is_answered(self) -> bool:
        return self.not_applicable or self.level is not None


@transaction.atomic
def appoint(call: Call, *, user: Any, by: Any, at: datetime) -> Assessor:
    """Appoint an officer to assess in a call; then only the appointed assess in it, and in a blind call without names."""
    if not by.has_role(Role.OFFICER):
        raise NotAllowedNow(_("Only officers appoint assessors."))
    if Role.OFFICER not in user.role_grants.on(local_day(at)).values_list("role", flat=True):
        raise NotAllowedNow(_("Only officers assess applications."))
    assessor, made = Assessor.objects.get_or_create(call=call, user=user, defaults={"appointed_at": at, "appointed_by": by})
    if made:
        filing.note(None, "grants.assessor_appointed", by=by, at=at, changes={"call": [None, call.pk]})
    return assessor


@transaction.atomic
def release(assessor: Assessor, *, by: Any, at: datetime) -> None:
    """Take back an appointment, while the person has not begun. When nobody is left, every officer assesses in the call."""
    if not by.has_role(Role.OFFICER):
        raise NotAllowedNow(_("Only officers appoint assessors."))
    begun = Assessment.objects.filter(application__call=assessor.call_id, assessor=assessor.user_id)
    if begun.exists():
        raise NotAllowedNow(_("%(name)s has begun to assess in the call and stays an assessor.") % {"name": assessor.user})
    call = assessor.call_id
    assessor.delete()
    filing.note(None, "grants.assessor_released", by=by, at=at, changes={"call": [call, None]})


@transaction.atomic
def start(application: Application, *, by: Any, at: datetime) -> Assessment:
    """Begin one's own assessment; begun already, it is answered with."""
    application = locked(application)
    if mine := application.assessments.filter(assessor=by).exclude(status=AssessmentStatus.VOIDED).first():
        return mine
    insist(may_assess(by, application))
    assessment = Assessment.objects.create(application=application, assessor=by, started_at=at, saved_at=at)
    filing.note(application.case, "grants.assessment_started", by=by, at=at)
    return assessment


@transaction.atomic
def save(assessment: Assessment, *, scores: Mapping[str, Given], comment: str = "", by: Any, at: datetime) -> Assessment:
    """Keep what is typed so far; nothing is refused for being unfinished. scores: by criterion; those left out stay."""
    assessment = _mine(assessment, by)
    _write(assessment, scores)
    assessment.comment, assessment.saved_at = comment, at
    assessment.save(update_fields=["comment", "saved_at"])
    return assessment


@transaction.atomic
def finish(assessment: Assessment, *, by: Any, at: datetime) -> Assessment:
    """Say that the assessment is done: every criterion has a level or does not apply, and a reason. It counts from now on."""
    current = Assessment.objects.select_related("application").get(pk=assessment.pk)
    if current.assessor_id == by.pk and current.status == AssessmentStatus.DONE:
        return current
    assessment = _mine(assessment, by)
    if missing := _missing(assessment):
        raise NotComplete(missing)
    assessment.status, assessment.done_at, assessment.saved_at = AssessmentStatus.DONE, at, at
    assessment.save(update_fields=["status", "done_at", "saved_at"])
    filing.note(assessment.application.case, "grants.assessment_done", by=by, at=at)
    return assessment


@transaction.atomic
def reopen(assessment: Assessment, *, by: Any, at: datetime) -> Assessment:
    """Take one's own assessment up again; it counts no longer until it is done."""
    application = locked(assessment.application)
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if assessment.assessor_id != by.pk or assessment.status != AssessmentStatus.DONE:
        raise NotAllowedNow(_("There is no assessment of yours to open."))
    insist(may_assess(by, application))
    assessment.status, assessment.done_at = AssessmentStatus.STARTED, None
    assessment.save(update_fields=["status", "done_at"])
    filing.note(application.case, "grants.assessment_reopened", by=by, at=at)
    return assessment


def _mine(assessment: Assessment, by: Any) -> Assessment:
    """Read again under the application's lock, and mine to change."""
    application = locked(assessment.application)
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    assessment.application = application
    insist(may_change(by, assessment))
    return assessment


def _write(assessment: Assessment, scores: Mapping[str, Given]) -> None:
    asked = set(assessment.application.call.criteria.values_list("key", flat=True))
    if unknown := set(scores) - asked:
        raise NotAllowedNow(_("The call has no such criterion: %s") % ", ".join(sorted(unknown)))
    for given in scores.values():
        if given.level is not None and (given.not_applicable or not 0 <= given.level <= 5):
            raise NotAllowedNow(_("A level is 0 to 5, or the criterion does not apply."))
    Score.objects.bulk_create(
        [
            Score(
                assessment=assessment,
                criterion=key,
                level=given.level,
                not_applicable=given.not_applicable,
                reason=given.reason.strip(),
            )
            for key, given in scores.items()
        ],
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=["level", "not_applicable", "reason"],
    )


def _missing(assessment: Assessment) -> list[str]:
    scores = {score.criterion: score for score in assessment.scores.all()}
    missing = []
    for key in assessment.application.call.criteria.values_list("key", flat=True):
        score, name = scores.get(key), CriterionKey(key).label
        if score is None or (score.level is None and not score.not_applicable):
            missing.append(_("Choose a level for %(criterion)s, or say that it does not apply.") % {"criterion": name})
        elif not score.reason:
            missing.append(_("Write a reason for %(criterion)s.") % {"criterion": name})
    return missing
