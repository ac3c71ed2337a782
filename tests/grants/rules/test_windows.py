"""When a call is open."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.late import Deadline, LateStep
from grants.rules.windows import CallState, Window, call_state, deadline_of, extended
from records.values import closes_after, opens_on

STEPS = (LateStep(1, 7, Decimal(10)), LateStep(8, 14, Decimal(50)))
OPENS, CLOSES = opens_on(date(2026, 6, 1)), closes_after(date(2026, 10, 1))
YEARLY = Window(OPENS, CLOSES, STEPS)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OPENS - TICK, CallState.NOT_YET_OPEN),
        (OPENS, CallState.OPEN),
        (CLOSES - TICK, CallState.OPEN),
        (CLOSES, CallState.LATE),
        (closes_after(date(2026, 10, 15)) - TICK, CallState.LATE),
        (closes_after(date(2026, 10, 15)), CallState.CLOSED),
    ],
)
def test_a_call_opens_closes_and_is_late_for_a_while(at, state):
    assert call_state(YEARLY, at) == state


def test_without_late_steps_a_call_closes_at_once():
    assert call_state(Window(OPENS, CLOSES), CLOSES) == CallState.CLOSED


def test_an_extension_lets_one_applicant_in_and_nobody_else():
    """Case 5."""
    window = Window(OPENS, CLOSES)
    hers = extended(window, closes_after(date(2026, 10, 8)))
    afterwards = datetime(2026, 10, 5, 12, tzinfo=UTC)
    assert call_state(hers, afterwards) == CallState.OPEN
    assert call_state(window, afterwards) == CallState.CLOSED
    assert call_state(hers, closes_after(date(2026, 10, 8))) == CallState.CLOSED


def test_late_days_count_from_the_extended_day():
    hers = extended(YEARLY, closes_after(date(2026, 10, 8)))
    assert call_state(hers, closes_after(date(2026, 10, 8))) == CallState.LATE
    assert deadline_of(hers) == Deadline(closes_after(date(2026, 10, 8)), STEPS)


def test_an_extension_never_shortens_the_time():
    assert extended(YEARLY, OPENS) == YEARLY
    assert extended(YEARLY, None) == YEARLY


def test_a_call_that_an_officer_closed_takes_in_nothing():
    """Case 6."""
    closed_at = datetime(2026, 9, 1, 8, tzinfo=UTC)
    window = Window(OPENS, CLOSES, STEPS, closed_at=closed_at)
    assert call_state(window, closed_at - TICK) == CallState.OPEN
    assert call_state(window, closed_at) == CallState.CLOSED
    assert call_state(window, CLOSES) == CallState.CLOSED


def test_closing_by_hand_does_not_take_back_an_extension():
    window = Window(OPENS, CLOSES, STEPS, closed_at=CLOSES)
    hers = extended(window, closes_after(date(2026, 10, 8)))
    assert call_state(hers, CLOSES) == CallState.OPEN


def test_a_continuous_fund_is_not_open_before_its_opening_day():
    """Case 10."""
    fund = Window(OPENS)
    assert call_state(fund, OPENS - TICK) == CallState.NOT_YET_OPEN
    assert call_state(fund, OPENS) == CallState.OPEN
    assert call_state(fund, OPENS + timedelta(days=3650)) == CallState.OPEN
    assert deadline_of(fund) is None
    assert extended(fund, CLOSES) == fund


def test_an_impossible_window_cannot_be_made():
    with pytest.raises(ValueError, match="after it opens"):
        Window(CLOSES, OPENS)
    with pytest.raises(ValueError, match="time zone"):
        Window(datetime(2026, 6, 1))  # noqa: DTZ001


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_an_extension_never_closes_a_door_that_was_open(at, until):
    before, after = call_state(YEARLY, at), call_state(extended(YEARLY, closes_after(until)), at)
    order = [CallState.CLOSED, CallState.LATE, CallState.OPEN]
    assert before == after or order.index(after) > order.index(before)
