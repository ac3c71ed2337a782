"""The committee: its meetings, the list before it, what it decided, and the minutes on the notice board."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.actions.decisions import Ruling, lock_call, record
from grants.actions.letters import LANGUAGE, stage_decision_letter
from grants.actions.proposals import close_without_decision, locked_proposal
from grants.actions.refusals import NotAllowedNow, NotComplete, insist
from grants.choices import ItemResult, MeetingStatus, Outcome
from grants.models import Decision, DelegationReport, Meeting, Proposal, Reclaim
from grants.permissions.deciding import may_adjust, may_list, may_record, may_run_meetings
from grants.rules.delegation import DelegatedDecision, to_report
from records import filing
from records.choices import NoticeKind
from records.values import local_day


@transaction.atomic
def plan_meeting(held_on: date, *, place: str = "", by: Any, at: datetime) -> Meeting:
    """Put a meeting in the calendar; one a day."""
    insist(may_run_meetings(by))
    if Meeting.objects.filter(held_on=held_on).exists():
        raise NotAllowedNow(_("There is already a meeting that day."))
    meeting = Meeting.objects.create(held_on=held_on, place=place.strip())
    filing.note(None, "grants.meeting_planned", by=by, at=at, changes={"meeting": [None, held_on.isoformat()]})
    return meeting


@transaction.atomic
def put_on_list(proposal: Proposal, meeting: Meeting, *, by: Any, at: datetime) -> Proposal:
    """Put a proposal that goes to the committee on a meeting's list; on another list before, it moves."""
    meeting = _locked(meeting)
    application, proposal = locked_proposal(proposal)
    insist(may_list(by, proposal, meeting))
    if proposal.meeting_id == meeting.pk:
        return proposal
    before = proposal.meeting.held_on.isoformat() if proposal.meeting else None
    proposal.meeting = meeting
    proposal.save(update_fields=["meeting"])
    changes = {"meeting": [before, meeting.held_on.isoformat()]}
    filing.note(application.case, "grants.put_on_list", by=by, at=at, changes=changes)
    return proposal


@transaction.atomic
def take_off_list(proposal: Proposal, *, by: Any, at: datetime) -> Proposal:
    """Take an item without a result off the list; the proposal stays open."""
    application, proposal = locked_proposal(proposal)
    insist(may_run_meetings(by))
    if proposal.meeting is None:
        return proposal
    changes = {"meeting": [proposal.meeting.held_on.isoformat(), None]}
    proposal.meeting = None
    proposal.save(update_fields=["meeting"])
    filing.note(application.case, "grants.taken_off_list", by=by, at=at, changes=changes)
    return proposal


@transaction.atomic
def record_result(
    proposal: Proposal,
    *,
    result: str,
    amount: Decimal | None = None,
    reasons: str = "",
    recused: str = "",
    by: Any,
    at: datetime,
) -> Decision | None:
    """Write down what the committee did with one item. A decision that waits to be published; None when it was referred back.

    reasons: the committee's own, needed when it departs from the proposal or refers the case back. recused: members who left
    the room.
    """
    call = lock_call(proposal.application)
    application, proposal = locked_proposal(proposal)
    insist(may_record(by, proposal, local_day(at)))
    if result != ItemResult.AS_PROPOSED and not reasons.strip():
        raise NotComplete([_("Write the committee's reasons.")])
    proposal.result, proposal.result_reason = result, reasons.strip()
    if result == ItemResult.REFERRED_BACK:
        close_without_decision(application, proposal, verb="grants.referred_back", reason=reasons.strip(), by=by, at=at)
        return None
    ruling = _ruling(proposal, result, amount, reasons.strip())
    return record(
        application, proposal, replace(ruling, recused=recused.strip()), call=call, meeting=proposal.meeting, by=by, at=at
    )


@transaction.atomic
def report_delegated(meeting: Meeting, *, by: Any, at: datetime) -> list[DelegationReport]:
    """Report to the meeting every published delegated decision that no meeting has been told of (Case 39). Harmless twice."""
    insist(may_run_meetings(by))
    meeting = _locked(meeting)
    if meeting.status == MeetingStatus.ADJUSTED:
        raise NotAllowedNow(_("The minutes are adjusted, so nothing can be added to them."))
    decided, claimed = to_be_reported(meeting), claims_to_be_reported(meeting)
    reports = [DelegationReport(decision=row, meeting=meeting, reported_at=at) for row in decided]
    reports += [DelegationReport(reclaim=row, meeting=meeting, reported_at=at) for row in claimed]
    DelegationReport.objects.bulk_create(reports)
    changes = {"meeting": [None, meeting.held_on.isoformat()]}
    for case in [row.application.case for row in decided] + [row.decision.application.case for row in claimed]:
        filing.note(case, "grants.reported_to_committee", by=by, at=at, changes=changes)
    return reports


@transaction.atomic
def hold(meeting: Meeting, *, by: Any, at: datetime) -> Meeting:
    """The meeting has been held: delegated decisions were reported to it, and results can no longer be expected later."""
    insist(may_run_meetings(by))
    meeting = _locked(meeting)
    if meeting.status != MeetingStatus.PLANNED:
        return meeting
    if meeting.held_on > local_day(at):
        raise NotAllowedNow(_("The meeting has not been held yet."))
    report_delegated(meeting, by=by, at=at)
    meeting.status = MeetingStatus.HELD
    meeting.save(update_fields=["status"])
    filing.note(None, "grants.meeting_held", by=by, at=at, changes={"meeting": [None, meeting.held_on.isoformat()]})
    return meeting


@transaction.atomic
def adjust_minutes(meeting: Meeting, *, on: date, by: Any, at: datetime) -> Meeting:
    """The minutes are adjusted: a notice goes up on the board now, and the last day to appeal follows from it (Case 44).

    Letters that wait to be published are written again, with that day in them.
    """
    meeting = _locked(meeting)
    insist(may_adjust(by, meeting))
    if not meeting.held_on <= on <= local_day(at):
        raise NotAllowedNow(_("The minutes are adjusted on the day of the meeting or later, not in the future."))
    if meeting.proposals.open().exists():
        raise NotAllowedNow(_("Every item on the list needs a result before the minutes are adjusted."))
    with override(LANGUAGE):
        title = _("Adjusted minutes: %(committee)s %(date)s") % {
            "committee": settings.MUNICIPALITY["committee"],
            "date": meeting.held_on.isoformat(),
        }
    meeting.notice = filing.post_notice(
        kind=NoticeKind.MINUTES,
        title=title,
        committee=settings.MUNICIPALITY["committee"],
        meeting_on=meeting.held_on,
        minutes_adjusted_on=on,
        minutes_kept_at=settings.MUNICIPALITY["department"],
        contact=settings.MUNICIPALITY["email"],
        by=by,
        at=at,
    )
    meeting.status, meeting.minutes_adjusted_on = MeetingStatus.ADJUSTED, on
    meeting.save(update_fields=["notice", "status", "minutes_adjusted_on"])
    for decision in meeting.decisions.staged().select_related("letter", "meeting__notice", "application"):
        stage_decision_letter(decision, at=at)
    return meeting


def to_be_reported(meeting: Meeting) -> list[Decision]:
    """The delegated decisions that belong on the meeting's list, in the order they were decided."""
    rows = {row.pk: row for row in _unreported()}
    decided = [DelegatedDecision(row.pk, local_day(row.decided_at), reported=False) for row in rows.values()]
    return [rows[number] for number in to_report(decided, meeting.held_on)]


def _unreported() -> QuerySet[Decision]:
    rows = Decision.objects.unreported()
    return rows.select_related("application__case", "application__association", "application__call", "decided_by")


def claims_to_be_reported(meeting: Meeting) -> list[Reclaim]:
    """The repayment claims that delegates have decided on and that belong on the meeting's list."""
    rows = Reclaim.objects.unreported().select_related("decision__application__case", "association", "claimed_by")
    return [row for row in rows.order_by("claimed_at", "pk") if local_day(row.claimed_at) <= meeting.held_on]


def _ruling(proposal: Proposal, result: str, amount: Decimal | None, reasons: str) -> Ruling:
    if result == ItemResult.REFUSED:
        return Ruling(Outcome.REFUSE, None, reasons)
    if result == ItemResult.OTHER_AMOUNT:
        if amount is None or amount <= 0:
            raise NotComplete([_("Say how much the committee granted.")])
        return Ruling(Outcome.GRANT, amount, reasons, override_reason=reasons, set_off=min(proposal.set_off, amount))
    return Ruling(
        proposal.outcome, proposal.amount, proposal.reasons, override_reason=proposal.override_reason, set_off=proposal.set_off
    )


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update().get(pk=meeting.pk)
