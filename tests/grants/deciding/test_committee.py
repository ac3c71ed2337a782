"""The committee's meetings, its list, its decisions and the minutes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.choices import Role
from grants.actions import conflicts, decisions, meetings
from grants.actions.letters import appeal_until
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import ApplicationStatus, ItemResult, MeetingStatus, Outcome, Route
from grants.models import Decision, DelegationReport, Meeting, Proposal
from records.choices import LetterStatus
from records.models import Letter, Notice
from tests.grants.deciding.conftest import LATER

HELD = LATER + timedelta(days=10)


@pytest.fixture
def listed(propose, meeting, secretary):
    """A proposal on the meeting's list: listed(application)."""

    def do(application, **chosen):
        return meetings.put_on_list(propose(application, committee=True, **chosen), meeting, by=secretary, at=LATER)

    return do


def test_a_case_goes_over_the_list_to_a_decision_of_the_committee(application, listed, secretary, meeting):
    proposal = listed(application)
    decision = meetings.record_result(proposal, result=ItemResult.AS_PROPOSED, by=secretary, at=HELD)
    assert (decision.route, decision.meeting, decision.amount) == (Route.COMMITTEE, meeting, application.asked)
    decisions.publish([decision], by=secretary, at=HELD)
    application.refresh_from_db()
    assert application.status == ApplicationStatus.GRANTED


def test_the_committee_may_grant_another_amount_with_its_own_reasons(application, listed, secretary):
    proposal = listed(application)
    with pytest.raises(NotComplete):
        meetings.record_result(proposal, result=ItemResult.OTHER_AMOUNT, amount=Decimal("9000"), by=secretary, at=HELD)
    with pytest.raises(NotComplete):
        meetings.record_result(proposal, result=ItemResult.OTHER_AMOUNT, reasons="Budgeten.", by=secretary, at=HELD)
    decision = meetings.record_result(
        proposal,
        result=ItemResult.OTHER_AMOUNT,
        amount=Decimal("9000"),
        reasons="Budgeten räcker inte.",
        recused="Anna Andersson (S)",
        by=secretary,
        at=HELD,
    )
    assert (decision.amount, decision.reasons, decision.recused) == (
        Decimal("9000"),
        "Budgeten räcker inte.",
        "Anna Andersson (S)",
    )


def test_the_committee_may_refuse_what_was_proposed(application, listed, secretary):
    decision = meetings.record_result(
        listed(application), result=ItemResult.REFUSED, reasons="Faller utanför.", by=secretary, at=HELD
    )
    assert (decision.outcome, decision.amount) == (Outcome.REFUSE, None)


def test_a_case_referred_back_is_the_officers_again(application, listed, secretary):
    proposal = listed(application)
    assert (
        meetings.record_result(proposal, result=ItemResult.REFERRED_BACK, reasons="Utred hyran.", by=secretary, at=HELD) is None
    )
    application.refresh_from_db()
    proposal.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED
    assert (proposal.result, proposal.result_reason) == (ItemResult.REFERRED_BACK, "Utred hyran.")


def test_a_result_is_not_recorded_before_the_meeting_or_twice(application, listed, secretary):
    proposal = listed(application)
    with pytest.raises(NotAllowedNow):
        meetings.record_result(proposal, result=ItemResult.AS_PROPOSED, by=secretary, at=LATER)
    meetings.record_result(proposal, result=ItemResult.AS_PROPOSED, by=secretary, at=HELD)
    with pytest.raises(NotAllowedNow):
        meetings.record_result(proposal, result=ItemResult.AS_PROPOSED, by=secretary, at=HELD)


def test_only_the_secretary_runs_meetings(application, listed, officer, decision_maker):
    proposal = listed(application)
    for user in (officer, decision_maker):
        with pytest.raises(NotAllowedNow):
            meetings.record_result(proposal, result=ItemResult.AS_PROPOSED, by=user, at=HELD)
        with pytest.raises(NotAllowedNow):
            meetings.plan_meeting(date(2027, 3, 1), by=user, at=LATER)


def test_what_a_delegate_decides_does_not_go_on_the_list(application, propose, meeting, secretary, decision_maker):
    proposal = propose(application)
    assert proposal.route == Route.DELEGATE
    with pytest.raises(NotAllowedNow):
        meetings.put_on_list(proposal, meeting, by=secretary, at=LATER)


def test_an_item_moves_between_meetings_and_off_the_list(application, listed, secretary, meeting):
    proposal = listed(application)
    next_one = meetings.plan_meeting(meeting.held_on + timedelta(days=30), by=secretary, at=LATER)
    assert meetings.put_on_list(proposal, next_one, by=secretary, at=LATER).meeting == next_one
    assert meetings.take_off_list(proposal, by=secretary, at=LATER).meeting is None


def test_there_is_one_meeting_a_day(meeting, secretary):
    with pytest.raises(NotAllowedNow):
        meetings.plan_meeting(meeting.held_on, by=secretary, at=LATER)


def test_committee_members_see_the_list_less_their_own_conflicts(application, propose, listed, person):
    member = person("member@karlskoga.example", Role.COMMITTEE_MEMBER)
    proposal = propose(application, committee=True)
    assert not Proposal.objects.visible_to(member).exists()
    meeting = Meeting.objects.create(held_on=HELD.date() + timedelta(days=5))
    Proposal.objects.filter(pk=proposal.pk).update(meeting=meeting)
    assert Proposal.objects.visible_to(member).get() == proposal
    conflicts.declare(application, reason="Jäv.", by=member, at=LATER)
    assert not Proposal.objects.visible_to(member).exists()


def test_a_delegated_decision_is_reported_to_the_next_meeting_and_only_once(application, publish, meeting, secretary):
    """Case 39. Delegated decisions appear automatically on the next list "anmälan av delegationsbeslut"; once only."""
    decision = publish(application)
    assert meetings.to_be_reported(meeting) == [decision]
    meetings.hold(meeting, by=secretary, at=HELD)
    assert DelegationReport.objects.get().decision == decision
    next_one = meetings.plan_meeting(meeting.held_on + timedelta(days=30), by=secretary, at=HELD)
    assert meetings.to_be_reported(next_one) == []
    assert meetings.report_delegated(next_one, by=secretary, at=HELD) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        DelegationReport.objects.create(decision=decision, meeting=next_one, reported_at=HELD)


def test_a_decision_of_the_committee_is_not_reported_to_it(application, listed, secretary, meeting):
    decision = meetings.record_result(listed(application), result=ItemResult.AS_PROPOSED, by=secretary, at=HELD)
    decisions.publish([decision], by=secretary, at=HELD)
    assert meetings.to_be_reported(meeting) == []


def test_a_report_to_the_committee_is_neither_changed_nor_deleted(application, publish, meeting, secretary):
    publish(application)
    meetings.hold(meeting, by=secretary, at=HELD)
    for statement in ("UPDATE grants_delegationreport SET reported_at = now()", "DELETE FROM grants_delegationreport"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_meeting_is_not_held_before_its_day_and_holding_it_twice_is_harmless(meeting, secretary):
    with pytest.raises(NotAllowedNow):
        meetings.hold(meeting, by=secretary, at=LATER)
    meetings.hold(meeting, by=secretary, at=HELD)
    assert meetings.hold(meeting, by=secretary, at=HELD).status == MeetingStatus.HELD


def test_minutes_are_adjusted_when_every_item_has_a_result(application, listed, secretary, meeting):
    proposal = listed(application)
    meetings.hold(meeting, by=secretary, at=HELD)
    with pytest.raises(NotAllowedNow):
        meetings.adjust_minutes(meeting, on=HELD.date(), by=secretary, at=HELD)
    meetings.record_result(proposal, result=ItemResult.AS_PROPOSED, by=secretary, at=HELD)
    adjusted = meetings.adjust_minutes(meeting, on=HELD.date(), by=secretary, at=HELD)
    assert (adjusted.status, adjusted.notice.minutes_adjusted_on) == (MeetingStatus.ADJUSTED, HELD.date())
    with pytest.raises(NotAllowedNow):
        meetings.adjust_minutes(meeting, on=HELD.date(), by=secretary, at=HELD)


@pytest.mark.parametrize(
    ("posted", "last_day"),
    [
        (date(2026, 3, 17), date(2026, 4, 7)),
        (date(2026, 3, 13), date(2026, 4, 7)),
        (date(2026, 5, 29), date(2026, 6, 22)),
        (date(2026, 12, 3), date(2026, 12, 28)),
    ],
)
def test_the_last_day_to_appeal_is_three_weeks_after_the_notice(posted, last_day, secretary, db):
    """Case 44. Notice Tue 17 March: Tue 7 April. Good Friday, Midsummer Eve and Christmas Eve move to the next weekday."""
    at = datetime(posted.year, posted.month, posted.day, 9, 0, tzinfo=UTC)
    meeting = meetings.plan_meeting(posted - timedelta(days=3), by=secretary, at=at - timedelta(days=30))
    meetings.hold(meeting, by=secretary, at=at)
    adjusted = meetings.adjust_minutes(meeting, on=posted, by=secretary, at=at)
    assert adjusted.notice.appeal_until == last_day


def test_a_delegated_decision_is_appealed_from_the_notice_of_the_minutes_it_was_reported_in(
    application, publish, meeting, secretary
):
    """Case 44. Delegated: counted from the notice of the minutes where it was reported."""
    decision = publish(application)
    assert appeal_until(decision) is None
    meetings.hold(meeting, by=secretary, at=HELD)
    decision = Decision.objects.get()
    assert appeal_until(decision) is None
    adjusted = meetings.adjust_minutes(meeting, on=HELD.date(), by=secretary, at=HELD)
    assert appeal_until(Decision.objects.get()) == adjusted.notice.appeal_until == HELD.date() + timedelta(days=21)


def test_letters_that_wait_learn_the_last_day_to_appeal(application, listed, secretary, meeting):
    """Case 44. A letter written before the minutes were adjusted is written again with the day in it; one letter leaves."""
    decision = meetings.record_result(listed(application), result=ItemResult.AS_PROPOSED, by=secretary, at=HELD)
    meetings.hold(meeting, by=secretary, at=HELD)
    meetings.adjust_minutes(meeting, on=HELD.date(), by=secretary, at=HELD)
    decision.refresh_from_db()
    decisions.publish([decision], by=secretary, at=HELD)
    letters = Letter.objects.filter(key__startswith="grants.decision.").order_by("pk")
    assert [letter.status == LetterStatus.DISCARDED for letter in letters] == [True, False]
    assert "1 december 2026" in letters[1].html  # 10 November + 3 weeks


def test_the_notice_stands_on_the_board(meeting, secretary):
    meetings.hold(meeting, by=secretary, at=HELD)
    meetings.adjust_minutes(meeting, on=HELD.date(), by=secretary, at=HELD)
    assert Notice.objects.on_the_board().get().meeting == meeting
    with pytest.raises(IntegrityError, match="meeting_adjusted_has_its_date_and_notice"), transaction.atomic():
        Meeting.objects.update(notice=None)
