"""Instalments and the reminders about the report they wait for."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.instalments import CODES, InstalmentFacts, instalments, may_be_paid
from grants.rules.reminders import OFFSETS, due_reminder, is_overdue

D = Decimal
DUE = date(2027, 1, 31)
SECOND = InstalmentFacts(
    due_on=date(2026, 6, 1),
    needs_report=True,
    report_approved=True,
    decision_published=True,
    account_verified=True,
    held_back=False,
)


def test_instalments_sum_to_the_grant():
    """Case 46."""
    parts = instalments(D("33333.33"), [D(40), D(40), D(20)])
    assert parts == (D("13333.33"), D("13333.33"), D("6666.67"))


@given(st.decimals("1", 10**7, places=2), st.sampled_from([(100,), (50, 50), (40, 40, 20), ("33.4", "33.3", "33.3")]))
def test_however_it_is_divided_the_parts_sum_to_the_grant(award, percents):
    assert sum(instalments(award, [D(percent) for percent in percents])) == award


@pytest.mark.parametrize(
    ("award", "percents"), [("0", [100]), ("100", [50, 49]), ("100", [150, -50]), ("100", []), ("0.01", [50, 50])]
)
def test_an_impossible_plan_is_refused(award, percents):
    with pytest.raises(ValueError, match=r"instalments|grant"):
        instalments(D(award), [D(percent) for percent in percents])


def test_the_second_instalment_waits_for_an_approved_report():
    """Case 48."""
    assert may_be_paid(SECOND, date(2026, 6, 1))
    blocked = may_be_paid(replace(SECOND, report_approved=False), date(2026, 6, 1))
    assert not blocked
    assert blocked.code == "report_not_approved"
    assert may_be_paid(replace(SECOND, report_approved=False, needs_report=False), date(2026, 6, 1))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"decision_published": False}, "not_published"),
        ({"held_back": True}, "held_back"),
        ({"account_verified": False}, "account_not_verified"),
        ({"due_on": date(2026, 6, 2)}, "not_due_yet"),
    ],
)
def test_a_payment_that_must_wait_says_for_what(changed, code):
    finding = may_be_paid(replace(SECOND, **changed), date(2026, 6, 1))
    assert (finding.met, finding.code) == (False, code)
    assert set(finding.figures) == set(CODES[code])


def run_the_job(days):
    """What is sent, and when, if the job runs on these days."""
    sent = {}
    for day in days:
        offset = due_reminder(DUE, day, sent)
        if offset is not None:
            sent[offset] = day
    return sent


YEAR = [date(2026, 12, 1) + timedelta(days=number) for number in range(120)]


def test_each_reminder_goes_out_once_on_its_day():
    """Case 48."""
    assert run_the_job(YEAR) == {offset: DUE + timedelta(days=offset) for offset in OFFSETS}


def test_a_job_that_runs_twice_a_day_reminds_once():
    """Case 48."""
    assert run_the_job([day for day in YEAR for _ in range(2)]) == run_the_job(YEAR)


@pytest.mark.parametrize("offset", OFFSETS)
def test_a_job_that_was_down_a_day_reminds_the_day_after(offset):
    """Case 48."""
    missed = DUE + timedelta(days=offset)
    sent = run_the_job([day for day in YEAR if day != missed])
    assert set(sent) == set(OFFSETS)
    assert sent[offset] == missed + timedelta(days=1)


def test_after_a_long_stop_only_the_newest_reminder_goes_out():
    assert run_the_job([DUE + timedelta(days=30)]) == {14: DUE + timedelta(days=30)}


def test_nobody_is_reminded_of_what_they_had_not_been_told():
    told = DUE - timedelta(days=5)
    assert due_reminder(DUE, told, set(), known_since=told) is None
    assert due_reminder(DUE, DUE - timedelta(days=3), set(), known_since=told) == -3


@given(st.lists(st.sampled_from(YEAR)).map(sorted))
def test_however_the_job_stumbles_no_reminder_is_sent_twice_or_early(days):
    for offset, day in run_the_job(days).items():
        assert day >= DUE + timedelta(days=offset)


def test_a_report_is_overdue_the_day_after():
    assert not is_overdue(DUE, DUE)
    assert is_overdue(DUE, DUE + timedelta(days=1))
