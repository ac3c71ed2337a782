"""Follow-up reports and the reminders about them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grants.actions import decisions, reports
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.actions.report_plan import count_again
from grants.choices import InstalmentStatus, Outcome, ReportStatus
from grants.models import Instalment, Reminder, Report
from records.models import Letter
from tests.grants.deciding.conftest import LATER

DUE = date(2027, 9, 1)
ANSWERS = {"done": "Öppet hus i åtta veckor.", "effect": "Tjugo nya medlemmar."}


def noon(day):
    return datetime(day.year, day.month, day.day, 10, 0, tzinfo=UTC)


@pytest.fixture
def granted(publish_call, plan, hand_in, association, alice, publish):
    application = hand_in(publish_call(replace(plan, report_due_on=DUE)), association, alice, asked="50 000")
    publish(application)
    return application


@pytest.fixture
def report(granted):
    return granted.report


def reminders():
    return list(Letter.objects.filter(key__startswith="grants.reminder.").order_by("pk").values_list("posted_at", flat=True))


def test_a_published_grant_asks_for_a_report_on_the_calls_day(report):
    assert (report.due_on, report.status) == (DUE, ReportStatus.WAITING)


def test_reminders_go_out_once_each_even_if_the_job_runs_twice_a_day(report):
    """Case 48. Reminder -14/-3/+1/+14 d sent once each even if job runs twice."""
    day = DUE - timedelta(days=20)
    while day <= DUE + timedelta(days=30):
        reports.remind(at=noon(day))
        reports.remind(at=noon(day))
        day += timedelta(days=1)
    assert [at.date() for at in reminders()] == [DUE + timedelta(days=offset) for offset in (-14, -3, 1, 14)]


def test_a_reminder_goes_out_a_day_late_when_the_job_was_down(report):
    """Case 48. Or was down a day."""
    skipped = {DUE - timedelta(days=14), DUE + timedelta(days=1)}
    day = DUE - timedelta(days=20)
    while day <= DUE + timedelta(days=30):
        if day not in skipped:
            reports.remind(at=noon(day))
        day += timedelta(days=1)
    assert [at.date() for at in reminders()] == [DUE + timedelta(days=offset) for offset in (-13, -3, 2, 14)]


def test_nobody_is_reminded_of_what_is_handed_in_or_no_longer_asked_for(report, granted, alice, propose, decision_maker):
    reports.hand_in(report, answers=ANSWERS, spent=Decimal(50000), by=alice, at=LATER)
    assert reports.remind(at=noon(DUE)) == 0
    Report.objects.update(status=ReportStatus.WAITING)
    new = decisions.decide(propose(granted, outcome=Outcome.REFUSE), by=decision_maker, at=LATER)
    decisions.publish([new], by=decision_maker, at=LATER)
    assert reports.remind(at=noon(DUE)) == 0


def test_the_database_sends_each_reminder_once(report):
    reports.remind(at=noon(DUE))
    with pytest.raises(IntegrityError, match="reminder_once_per_day"), transaction.atomic():
        Reminder.objects.create(report=report, day=-3, sent_at=LATER)


def test_a_report_says_what_was_done_what_it_led_to_and_what_was_used(report, alice):
    with pytest.raises(NotComplete) as refused:
        reports.hand_in(report, answers={}, spent=None, by=alice, at=LATER)
    assert len(refused.value.missing) == 3
    with pytest.raises(NotComplete):
        reports.hand_in(report, answers=ANSWERS, spent=Decimal(50001), by=alice, at=LATER)
    with pytest.raises(NotComplete):
        reports.hand_in(report, answers=ANSWERS, spent=Decimal(40000), by=alice, at=LATER)
    handed_in = reports.hand_in(
        report, answers=ANSWERS, spent=Decimal(40000), explanation="Hyran blev lägre.", by=alice, at=LATER
    )
    assert handed_in.status == ReportStatus.HANDED_IN


def test_what_is_typed_is_kept_before_it_is_handed_in(report, alice):
    reports.save(report, answers={"done": "Öppet hus"}, by=alice, at=LATER)
    reports.save(report, answers={"effect": "Nya medlemmar"}, spent=Decimal(1), by=alice, at=LATER)
    report.refresh_from_db()
    assert report.answers == {"done": "Öppet hus", "effect": "Nya medlemmar"}


def test_handing_in_twice_is_once_and_nobody_else_hands_in(report, alice, stranger, officer):
    for user in (stranger, officer):
        with pytest.raises(NotAllowedNow):
            reports.hand_in(report, answers=ANSWERS, spent=Decimal(50000), by=user, at=LATER)
    reports.hand_in(report, answers=ANSWERS, spent=Decimal(50000), by=alice, at=LATER)
    reports.hand_in(report, answers={"done": "Annat"}, spent=Decimal(1), by=alice, at=LATER)
    report.refresh_from_db()
    assert (report.answers["done"], report.spent) == (ANSWERS["done"], Decimal(50000))


def test_a_returned_report_is_mended_and_handed_in_again(report, alice, officer):
    reports.hand_in(report, answers=ANSWERS, spent=Decimal(50000), by=alice, at=LATER)
    with pytest.raises(NotComplete):
        reports.review(report, approved=False, by=officer, at=LATER)
    reports.review(report, approved=False, reason="Skriv hur många ni nådde.", by=officer, at=LATER)
    assert Report.objects.asked_for().get() == report
    reports.hand_in(report, answers={"effect": "Vi nådde tjugo."}, spent=Decimal(50000), by=alice, at=LATER)
    done = reports.review(report, approved=True, by=officer, at=LATER + timedelta(hours=1))
    assert (done.status, done.answers["done"]) == (ReportStatus.APPROVED, ANSWERS["done"])
    assert Letter.objects.filter(key__startswith="grants.report.").count() == 2


def test_what_was_not_used_is_not_paid_out_before_somebody_decides(report, granted, alice, officer):
    reports.hand_in(report, answers=ANSWERS, spent=Decimal(30000), explanation="Inställt.", by=alice, at=LATER)
    reports.review(report, approved=True, by=officer, at=LATER)
    assert count_again(granted) is None  # only a loss guarantee is counted on the report
    held = Instalment.objects.get(decision__application=granted)
    assert held.status == InstalmentStatus.PLANNED
    assert held.held_reason


def test_the_database_refuses_a_report_that_was_handed_in_without_figures(report):
    with pytest.raises(IntegrityError, match="report_handed_in_has_its_time"), transaction.atomic():
        Report.objects.update(status=ReportStatus.HANDED_IN, handed_in_at=LATER)
