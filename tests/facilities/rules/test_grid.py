"""The grid on the wall, over the nights when the clock changes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.free_starts import free_starts
from facilities.rules.free_time import Wanted, first_free_beside
from facilities.rules.grid import is_on_grid, next_on_grid
from facilities.rules.opening import Hours, local_instant, open_spans
from facilities.rules.spans import Span
from facilities.rules.terms import Terms, faults_of
from records.values import STOCKHOLM

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
ALWAYS = [Hours(weekday, 0) for weekday in range(7)]


def opening(day):
    """As an action reads it for a use on this day."""
    return open_spans(day, day + timedelta(days=1), ALWAYS)


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
@pytest.mark.parametrize("grid", [30, 60, 90, 120, 240])
def test_slots_are_at_the_same_times_on_the_wall_before_and_after_the_clock_changes(change, grid):
    for days in range(-2, 4):
        day = change + timedelta(days=days)
        (stretch,) = opening(day)
        starts = local_instant(day, 720)
        span = Span(starts, local_instant(day, 720 + grid))
        assert faults_of(span, stretch.starts, Terms(grid=grid, shortest=grid), starts) == ()
        between = Span(local_instant(day, 725), local_instant(day, 725 + grid))
        assert "off_grid" in faults_of(between, stretch.starts, Terms(grid=grid, shortest=grid), starts)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_day_of_two_hour_slots_when_the_clock_changes(day):
    starts = free_starts(
        opening(day), [], Wanted(timedelta(hours=2), timedelta(hours=2)), local_instant(day, 0), local_instant(day, 1440)
    )
    shown = [at.astimezone(STOCKHOLM).hour for at in starts]
    skipped = [2] if day == SPRING else []
    assert shown == [hour for hour in range(0, 24, 2) if hour not in skipped]


moments = st.integers(min_value=-5 * 96, max_value=5 * 96).map(lambda quarters: timedelta(minutes=15 * quarters))


@given(st.sampled_from([SPRING, AUTUMN]), moments, st.sampled_from([15, 20, 45, 60, 75, 90, 120, 180, 1440]))
def test_next_on_grid_is_on_it_and_the_first(day, later, grid):
    origin, step = local_instant(day - timedelta(days=6), 0), timedelta(minutes=grid)
    at = local_instant(day, 180) + later
    found = next_on_grid(at, origin, step)
    assert found >= at
    assert is_on_grid(found, origin, step)
    quarter = at
    while quarter < found:
        again = quarter.astimezone(STOCKHOLM).fold
        assert not is_on_grid(quarter, origin, step) or again
        quarter += timedelta(minutes=5)


@given(st.sampled_from([SPRING, AUTUMN]), moments, st.sampled_from([30, 60, 90, 120]))
def test_what_is_found_free_is_not_refused_as_off_the_grid(day, later, grid):
    since = local_instant(day, 180) + later
    first = day + timedelta(days=-6)
    stretches = open_spans(first, day + timedelta(days=8), ALWAYS)
    length = timedelta(minutes=grid)
    found = first_free_beside(stretches, [], Wanted(length, length), since, since + timedelta(days=1)).at
    opens_at = opening(found.astimezone(STOCKHOLM).date())[0].starts
    assert is_on_grid(found, opens_at, length)
