"""After a decision: appeals registered and followed, and decisions that stand no longer, with the money that goes with them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.actions.decisions import lock_call
from grants.actions.drafts import locked
from grants.actions.ledger import net_paid
from grants.actions.letters import LANGUAGE, appeal_until, post_to_association
from grants.actions.moves import move
from grants.actions.reclaims import make_claim, replace_unsettled
from grants.actions.refusals import NotAllowedNow, NotComplete, insist
from grants.choices import AppealOutcome, ApplicationStatus, EndingKind, InstalmentStatus
from grants.models import Appeal, Application, Decision, Ending, Instalment
from grants.permissions.aftermath import may_follow_appeal, may_note_renounced, may_register_appeal
from grants.rules.appeals import is_in_time
from records import filing
from records.values import local_day


@dataclass(frozen=True, slots=True)
class Lodged:
    """An appeal as it came in. court: where it is tried."""

    lodged_on: date
    court: str
    court_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """What the court has done since. outcome PENDING: it is not settled."""

    outcome: str
    settled_on: date | None = None
    stayed_on: date | None = None
    court_number: str = ""
    note: str = ""


@transaction.atomic
def register_appeal(decision: Decision, lodged: Lodged, *, by: Any, at: datetime) -> Appeal:
    """An appeal came in (Case 44). Too late, or before the notice, it is registered all the same: the court tries it."""
    application, decision = _locked(decision)
    insist(may_register_appeal(by, decision))
    if not local_day(decision.decided_at) <= lodged.lodged_on <= local_day(at):
        raise NotAllowedNow(_("An appeal comes in after the decision and cannot be in the future."))
    appeal = Appeal.objects.create(
        decision=decision,
        lodged_on=lodged.lodged_on,
        in_time=is_in_time(lodged.lodged_on, appeal_until(decision)),
        court=lodged.court.strip(),
        court_number=lodged.court_number.strip(),
        note=lodged.note.strip(),
        registered_at=at,
        registered_by=by,
    )
    changes = {"appeal": [None, appeal.pk], "lodged_on": [None, lodged.lodged_on.isoformat()]}
    filing.note(application.case, "grants.appealed", by=by, at=at, changes=changes)
    return appeal


@transaction.atomic
def follow_appeal(appeal: Appeal, followed: Followed, *, by: Any, at: datetime) -> Appeal:
    """What the court said. When it annuls the decision the grant ends: nothing more is paid, and what is paid is claimed."""
    lock_call(appeal.decision.application)
    application, decision = _locked(appeal.decision)
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    insist(may_follow_appeal(by, decision))
    if appeal.outcome != AppealOutcome.PENDING:
        raise NotAllowedNow(_("The appeal is settled and can no longer be changed."))
    _check(appeal, followed, local_day(at))
    appeal.outcome, appeal.settled_on = followed.outcome, followed.settled_on
    appeal.stayed_on = followed.stayed_on
    appeal.court_number = followed.court_number.strip() or appeal.court_number
    appeal.note = followed.note.strip() or appeal.note
    appeal.save()
    changes = {"appeal": [appeal.pk, appeal.pk], "outcome": [AppealOutcome.PENDING, appeal.outcome]}
    filing.note(application.case, "grants.appeal_followed", by=by, at=at, changes=changes)
    if followed.stayed_on:
        _hold_planned(application, _("The court has stopped the decision for now."))
    if appeal.outcome == AppealOutcome.ANNULLED:
        reason = _("The decision was annulled by %(court)s, case %(number)s.") % {
            "court": appeal.court,
            "number": appeal.court_number or "–",
        }
        day = appeal.settled_on or local_day(at)
        end = Ending(decision=decision, kind=EndingKind.ANNULLED, appeal=appeal, reason=reason, on=day, noted_at=at, noted_by=by)
        _end(application, decision, end, verb="grants.decision_annulled")
    return appeal


@transaction.atomic
def note_renounced(decision: Decision, *, reason: str, on: date, by: Any, at: datetime) -> Ending:
    """The association gave the grant back: it ends, nothing more is paid, and what was paid is claimed."""
    lock_call(decision.application)
    application, decision = _locked(decision)
    insist(may_note_renounced(by, decision))
    if not reason.strip():
        raise NotComplete([_("Write how the association told us, and why.")])
    if on > local_day(at):
        raise NotAllowedNow(_("The day must not be in the future."))
    end = Ending(decision=decision, kind=EndingKind.RENOUNCED, reason=reason.strip(), on=on, noted_at=at, noted_by=by)
    _end(application, decision, end, verb="grants.grant_renounced")
    return end


def _check(appeal: Appeal, followed: Followed, today: date) -> None:
    is_settled = followed.outcome != AppealOutcome.PENDING
    if is_settled != (followed.settled_on is not None):
        raise NotComplete([_("Say both how the appeal was settled and on which day, or neither.")])
    for day in (followed.settled_on, followed.stayed_on):
        if day is not None and not appeal.lodged_on <= day <= today:
            raise NotAllowedNow(_("The day must lie between the day of the appeal and today."))


def _end(application: Application, decision: Decision, ending: Ending, *, verb: str) -> None:
    """Under the locks of the call and the application. The budget gets the money back at once."""
    by, at = ending.noted_by, ending.noted_at
    if not Decision.objects.in_force().filter(pk=decision.pk).exists():
        raise NotAllowedNow(_("The decision is not in force, so it cannot end."))
    planned = Instalment.objects.filter(decision__application=application, status=InstalmentStatus.PLANNED)
    planned.update(status=InstalmentStatus.CANCELLED)
    replace_unsettled(application, by=by, at=at)
    paid = net_paid(application)
    ending.save()
    application.granted = None
    application.proposals.filter(closed_at=None).update(closed_at=at)
    move(application, ApplicationStatus.ENDED, verb=verb, by=by, at=at, reason=ending.reason)
    if paid > Decimal(0):
        make_claim(decision, paid, reason=ending.reason, by=by, at=at)
    with override(LANGUAGE):
        post_to_association(
            application,
            key=f"grants.ended.{decision.pk}",
            subject=_("Your grant no longer stands: %(call)s") % {"call": application.call},
            template="letters/grants/ended.html",
            context={"decision": decision, "ending": ending, "paid": paid},
            at=at,
        )


def _hold_planned(application: Application, reason: str) -> None:
    rows = Instalment.objects.filter(decision__application=application, status=InstalmentStatus.PLANNED, held_reason="")
    rows.update(held_reason=reason)


def _locked(decision: Decision) -> tuple[Application, Decision]:
    application = locked(decision.application)
    rows = Decision.objects.select_for_update(of=("self",)).select_related("meeting__notice")
    decision = rows.get(pk=decision.pk)
    decision.application = application
    return application, decision
