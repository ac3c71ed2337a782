"""Conflicts of interest: found or declared, and then the person takes no part and what they did does not count."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import RoleGrant, User
from associations.models import BoardMember
from grants.actions.drafts import locked
from grants.actions.moves import move
from grants.actions.refusals import NotAllowedNow, NotComplete, insist
from grants.choices import ApplicationStatus, AssessmentStatus, ConflictSource
from grants.models import Application, Conflict, Proposal
from grants.models.application import CASEWORK
from grants.permissions.assessing import may_step_back_in
from records import filing
from records.values import local_day

_TAKES_PART = (*CASEWORK, Role.COMMITTEE_MEMBER)


@transaction.atomic
def find_for(application: Application, *, at: datetime) -> list[Conflict]:
    """Note who handles grants and also sits on the applicant's board or holds its mandate. Harmless twice; returns the new ones.

    A conflict that somebody has lifted is not found again.
    """
    return step_out_linked(locked(application), at=at)


def step_out_linked(application: Application, *, at: datetime) -> list[Conflict]:
    """find_for, of an application that is locked."""
    day = local_day(at)
    seats = BoardMember.objects.in_office(day).filter(association=application.association, user__isnull=False)
    mandates = application.association.mandates.in_force(day)
    staff = RoleGrant.objects.on(day).filter(role__in=_TAKES_PART).values("user")
    linked = User.objects.filter(Q(pk__in=seats.values("user")) | Q(pk__in=mandates.values("user")), pk__in=staff)
    known = application.conflicts.values("user")
    return [
        _step_out(application, user, ConflictSource.REGISTER, reason="", at=at)
        for user in linked.exclude(pk__in=known).order_by("pk")
    ]


@transaction.atomic
def declare(application: Application, *, reason: str, by: Any, at: datetime) -> Conflict:
    """Step out of a case oneself. Said twice, it is one conflict."""
    if not reason.strip():
        raise NotComplete([_("Say in a few words why you have a conflict of interest.")])
    application = locked(application)
    if not by.has_role(*_TAKES_PART):
        raise NotAllowedNow(_("Only those who handle grants declare a conflict of interest."))
    if standing := application.conflicts.in_force().filter(user=by).first():
        return standing
    return _step_out(application, by, ConflictSource.DECLARED, reason=reason.strip(), at=at)


@transaction.atomic
def step_back_in(conflict: Conflict, *, reason: str, by: Any, at: datetime) -> Conflict:
    """Somebody else lets the person back into the case, with a reason. What was voided must be assessed anew."""
    application = locked(conflict.application)
    conflict = Conflict.objects.select_for_update(of=("self",)).select_related("application", "user").get(pk=conflict.pk)
    insist(may_step_back_in(by, conflict))
    if not reason.strip():
        raise NotComplete([_("Say why there is no conflict of interest.")])
    conflict.lifted_at, conflict.lifted_by, conflict.lift_reason = at, by, reason.strip()
    conflict.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    voided = application.assessments.filter(assessor=conflict.user, status=AssessmentStatus.VOIDED)
    voided.update(status=AssessmentStatus.STARTED, done_at=None)
    filing.note(application.case, "grants.conflict_lifted", by=by, at=at, changes={"conflict": [conflict.pk, None]})
    return conflict


def _step_out(application: Application, user: Any, source: ConflictSource, *, reason: str, at: datetime) -> Conflict:
    """The reason stays on the conflict, out of the log: it may tell about a family."""
    conflict = Conflict.objects.create(application=application, user=user, source=source, reason=reason, declared_at=at)
    verb = "grants.conflict_declared" if source == ConflictSource.DECLARED else "grants.conflict_found"
    by = user if source == ConflictSource.DECLARED else None
    filing.note(application.case, verb, by=by, at=at, changes={"conflict": [None, conflict.pk]})
    mine = application.assessments.filter(assessor=user).exclude(status=AssessmentStatus.VOIDED)
    counted = mine.filter(status=AssessmentStatus.DONE).exists()
    if mine.update(status=AssessmentStatus.VOIDED):
        filing.note(application.case, "grants.assessment_voided", at=at)
    proposal = application.proposals.open().first()
    if proposal and (counted or proposal.proposed_by_id == user.pk):
        _back_to_the_officer(application, proposal, at=at)
    return conflict


def _back_to_the_officer(application: Application, proposal: Proposal, *, at: datetime) -> None:
    """A proposal that leans on somebody with an interest is taken back; the case is assessed and proposed again (Case 26)."""
    proposal.closed_at = at
    proposal.save(update_fields=["closed_at"])
    if application.status == ApplicationStatus.PROPOSED:
        move(application, ApplicationStatus.SUBMITTED, verb="grants.proposal_taken_back", by=None, at=at)
    else:
        filing.note(application.case, "grants.proposal_taken_back", at=at)
