"""Late applications."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.late import (
    Deadline,
    LateStep,
    TooLate,
    days_late,
    late_percent,
    late_reduction,
    received_basis,
    refused_from,
)
from records.values import closes_after

STEPS = (LateStep(1, 7, Decimal(10)), LateStep(8, 14, Decimal(50)))
LIMIT = closes_after(date(2026, 3, 15))
SPRING = Deadline(LIMIT, STEPS)

instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
days = st.dates(date(2024, 2, 1), date(2028, 11, 30))
amounts = st.decimals(min_value=0, max_value=10**9, places=2)


def at(day: int, *clock: int) -> datetime:
    return datetime(2026, 3, day, *clock, tzinfo=UTC)


def test_a_submit_in_the_last_second_is_in_time():
    """Case 1."""
    assert days_late(at(15, 22, 59, 59), LIMIT) == 0


def test_midnight_is_one_day_late():
    """Case 2."""
    assert days_late(at(15, 22, 59, 59, 999999), LIMIT) == 0
    assert days_late(at(15, 23, 0), LIMIT) == 1


@pytest.mark.parametrize(
    ("day", "last_instant"),
    [
        (date(2026, 8, 25), datetime(2026, 8, 25, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_summer_time_and_new_year_cost_nobody_an_hour(day, last_instant):
    """Case 3."""
    assert days_late(last_instant, closes_after(day)) == 0
    assert days_late(last_instant + timedelta(seconds=1), closes_after(day)) == 1
    assert days_late(last_instant + timedelta(days=1, seconds=1), closes_after(day)) == 2


def test_the_time_of_receipt_decides_and_not_when_the_files_were_checked():
    """Case 4."""
    received, checked = at(15, 22, 59, 58), at(15, 23, 0, 40)
    assert days_late(received, LIMIT) == 0
    assert days_late(checked, LIMIT) == 1
    assert late_reduction(Decimal(5000), received, SPRING) == 0


def test_the_call_says_whether_completeness_or_submission_counts():
    """Case 9."""
    submitted, completed = at(15, 12), at(20, 12)
    assert received_basis(submitted, completed, "submission") == submitted
    assert received_basis(submitted, completed, "completeness") == completed
    assert late_reduction(Decimal(20000), submitted, SPRING) == 0
    assert late_reduction(Decimal(20000), completed, SPRING) == Decimal(2000)
    assert days_late(completed, LIMIT) == 5


def test_lateness_is_not_known_while_something_is_missing():
    assert received_basis(at(15, 12), None, "completeness") is None
    assert received_basis(at(15, 12), None, "submission") == at(15, 12)


def test_what_was_complete_before_it_was_handed_in_counts_from_the_submit():
    assert received_basis(at(16, 12), at(10, 12), "completeness") == at(16, 12)


def test_lateness_is_counted_from_one_of_two_things_only():
    with pytest.raises(ValueError, match="whenever"):
        received_basis(at(15), at(15), "whenever")


@pytest.mark.parametrize(("days", "lost"), [(0, 0), (1, 1000), (7, 1000), (8, 5000), (14, 5000)])
def test_a_late_application_loses_ten_percent_and_then_half(days, lost):
    received = at(15, 12) + timedelta(days=days)
    assert late_reduction(Decimal(10000), received, SPRING) == lost


def test_after_the_last_step_an_application_is_refused_and_not_reduced():
    with pytest.raises(TooLate) as late:
        late_reduction(Decimal(10000), at(15, 12) + timedelta(days=15), SPRING)
    assert (late.value.days, late.value.last_day) == (15, 14)


def test_without_steps_nothing_late_is_considered():
    with pytest.raises(TooLate):
        late_reduction(Decimal(10000), LIMIT, Deadline(LIMIT))


def test_the_reduction_is_rounded_to_ore():
    assert late_reduction(Decimal("33333.35"), LIMIT, SPRING) == Decimal("3333.34")


@given(amounts, instants, days)
def test_the_reduction_is_never_more_than_the_grant(amount, received, day):
    deadline = Deadline(closes_after(day), STEPS)
    if received < refused_from(deadline):
        assert 0 <= late_reduction(amount, received, deadline) <= amount
    else:
        with pytest.raises(TooLate):
            late_reduction(amount, received, deadline)


@given(instants, instants, days)
def test_nobody_gains_by_being_later(one, other, day):
    earlier, later = sorted((one, other))
    assert days_late(earlier, closes_after(day)) <= days_late(later, closes_after(day))


@given(days, st.integers(1, 40))
def test_every_late_day_lasts_from_midnight_to_midnight(day, late):
    limit = closes_after(day)
    assert days_late(closes_after(day + timedelta(days=late)) - timedelta(microseconds=1), limit) == late
    assert days_late(closes_after(day + timedelta(days=late)), limit) == late + 1


def test_a_call_that_closes_at_noon_counts_the_afternoon_as_the_first_day():
    noon = at(15, 11)
    assert days_late(at(15, 10, 59), noon) == 0
    assert days_late(at(15, 11), noon) == 1
    assert days_late(at(16, 8), noon) == 1
    assert days_late(at(17, 8), noon) == 2


@pytest.mark.parametrize(
    "steps",
    [
        (LateStep(2, 7, Decimal(10)),),
        (LateStep(1, 7, Decimal(10)), LateStep(9, 14, Decimal(50))),
        (LateStep(1, 7, Decimal(10)), LateStep(7, 14, Decimal(50))),
    ],
)
def test_steps_with_a_gap_or_an_overlap_cannot_be_made(steps):
    with pytest.raises(ValueError, match="gap or overlap"):
        Deadline(LIMIT, steps)


@pytest.mark.parametrize("step", [(0, 7, 10), (7, 1, 10), (1, 7, 101), (1, 7, -1)])
def test_an_impossible_step_cannot_be_made(step):
    with pytest.raises(ValueError, match="late step"):
        LateStep(step[0], step[1], Decimal(step[2]))


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="negative"):
        late_reduction(Decimal(-1), LIMIT, SPRING)
    with pytest.raises(ValueError, match="time zone"):
        days_late(datetime(2026, 3, 15), LIMIT)  # noqa: DTZ001
    with pytest.raises(ValueError, match="less than 0"):
        late_percent(-1, STEPS)
