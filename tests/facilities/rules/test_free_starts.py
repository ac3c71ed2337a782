"""Every free time of a day, and times as people type them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.buffers import Use, around, collide
from facilities.rules.free_starts import ends_after, free_starts, span_on_the_wall
from facilities.rules.free_time import Wanted, first_free_beside
from facilities.rules.spans import Span

MIDNIGHT = datetime(2026, 5, 18, tzinfo=UTC)


def at(hours):
    return MIDNIGHT + timedelta(hours=hours)


def span(starts, ends):
    return Span(at(starts), at(ends))


def walls(uses):
    return [wall for use in uses for wall in ((around(use), False), *(() if use.closure else ((use.span, True),)))]


def wanted(**minutes):
    defaults = {"shortest": 60, "grid": 30, **minutes}
    return Wanted(**{name: timedelta(minutes=value) for name, value in defaults.items()})


def test_free_times_lie_between_what_is_taken():
    found = free_starts([span(8, 14)], walls([Use(span(10, 11)), Use(span(12.5, 13))]), wanted(), at(0), at(24))
    assert found == (at(8), at(8.5), at(9), at(11), at(11.5), at(13))


def test_buffer_of_ones_own_needs_room_but_may_lie_in_closed_time():
    found = free_starts([span(8, 11)], walls([Use(span(10, 11))]), wanted(before=30, after=30), at(0), at(24))
    assert found == (at(8), at(8.5))


def test_closure_keeps_nobodys_buffer_away():
    found = free_starts([span(8, 11)], walls([Use(span(10, 11), closure=True)]), wanted(after=60), at(0), at(24))
    assert found == (at(8), at(8.5), at(9))


def test_length_that_fits_no_grid_is_never_free():
    """Case 39."""
    assert free_starts([span(0, 24)], [], wanted(shortest=140, grid=120, longest=200), at(0), at(24)) == ()


def test_grid_counts_from_the_moment_the_space_opens():
    """Case 38."""
    found = free_starts([span(9, 19)], walls([Use(span(13, 16))]), wanted(grid=120), at(9.01), at(24))
    assert found == (at(11), at(17))


uses = st.lists(
    st.builds(
        lambda start, length, before, after, closure: Use(
            span(start / 4, (start + length) / 4), timedelta(minutes=before), timedelta(minutes=after), closure
        ),
        st.integers(0, 90),
        st.integers(1, 16),
        st.sampled_from([0, 15, 60]),
        st.sampled_from([0, 30]),
        st.booleans(),
    ),
    max_size=8,
)


@given(uses, st.sampled_from([15, 30, 45]), st.sampled_from([15, 60, 90]), st.sampled_from([0, 30]), st.sampled_from([0, 15]))
def test_every_free_time_can_be_booked_and_no_other_can(taken, grid, shortest, before, after):
    want = wanted(grid=grid, shortest=shortest, before=before, after=after)
    opening = [span(6, 13), span(15, 22)]
    found = free_starts(opening, walls(taken), want, at(0), at(24))
    length = timedelta(minutes=-(-shortest // grid) * grid)
    on_grid = [
        each.starts + step * timedelta(minutes=grid)
        for each in opening
        for step in range((each.length - length) // timedelta(minutes=grid) + 1)
    ]
    bookable = [
        start
        for start in on_grid
        if not any(collide(Use(Span(start, start + length), want.before, want.after), use) for use in taken)
    ]
    assert list(found) == bookable
    assert first_free_beside(opening, walls(taken), want, at(0), at(24)).at == (bookable[0] if bookable else None)


@pytest.mark.parametrize(
    ("starts", "ends", "expected"), [(1080, 1200, 1200), (1320, 120, 1560), (1320, 1440, 1440), (1320, 0, 1440)]
)
def test_end_before_the_beginning_is_the_next_day(starts, ends, expected):
    """Case 25."""
    assert ends_after(starts, ends) == expected


@pytest.mark.parametrize(("starts", "ends"), [(600, 600), (1080, 1020), (600, 540)])
def test_end_that_is_the_beginning_or_a_slip_is_refused(starts, ends):
    """Case 4."""
    with pytest.raises(ValueError, match="end after"):
        ends_after(starts, ends)


def test_time_that_the_clock_never_shows_is_refused():
    """Case 20: the clock goes from 2 to 3 on 29 March 2026."""
    for starts, ends in ((150, 240), (60, 150)):
        with pytest.raises(ValueError, match="never shows"):
            span_on_the_wall(date(2026, 3, 29), starts, ends)
    night = span_on_the_wall(date(2026, 3, 29), 60, 240)
    assert night.length == timedelta(hours=2)
    assert span_on_the_wall(date(2026, 10, 24), 22 * 60, 28 * 60).length == timedelta(hours=7)
