"""The first reservable time: every row of the tables."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.buffers import Use, collide
from facilities.rules.free_time import Wanted, first_free, shortest_length
from facilities.rules.opening import Hours, HoursException, is_open, open_spans
from facilities.rules.spans import Span, covers, without
from facilities.rules.terms import Terms, earliest_start, latest_start

DAY = datetime(2026, 1, 1, tzinfo=UTC)
FAR = DAY + timedelta(days=100)


def clock(hour, minute=0, day=1):
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def minutes(count):
    return timedelta(minutes=count)


def between(starts, ends):
    return Span(starts, ends)


def wanted(shortest=30, grid=30, before=0, after=0, longest=None):
    return Wanted(minutes(shortest), minutes(grid), longest and minutes(longest), minutes(before), minutes(after))


@pytest.mark.parametrize(
    ("before", "after", "first", "second", "expected"),
    [
        (0, 0, {}, {}, clock(2)),
        (30, 0, {}, {}, clock(2, 30)),
        (120, 0, {}, {}, clock(7)),
        (0, 30, {}, {}, clock(2)),
        (0, 120, {}, {}, clock(5)),
        (30, 30, {}, {}, clock(2, 30)),
        (60, 60, {}, {}, clock(6)),
        (30, 90, {}, {}, clock(5, 30)),
        (30, 0, {}, {"before": minutes(30)}, clock(2, 30)),
        (30, 0, {}, {"before": minutes(90)}, clock(5, 30)),
        (60, 0, {}, {"before": minutes(60)}, clock(6)),
        (60, 0, {"after": minutes(60)}, {}, clock(3)),
    ],
)
def test_first_free_between_bookings_with_buffers(before, after, first, second, expected):
    """Case 9."""
    uses = [Use(between(clock(1), clock(2)), **first), Use(between(clock(4), clock(5)), **second)]
    found = first_free([between(clock(2), clock(9))], uses, wanted(before=before, after=after), DAY, FAR)
    assert found.at == expected


def test_buffers_may_lie_in_closed_time():
    """Case 10."""
    opening = [between(clock(10), clock(12))]
    assert first_free(opening, [], wanted(before=60, after=60), DAY, FAR).at == clock(10)


def test_gap_of_exactly_the_shortest_length_is_not_enough_beside_buffers():
    """Case 11."""
    uses = [
        Use(between(clock(17), clock(18))),
        Use(between(clock(18, 30), clock(19, 30))),
        Use(between(clock(20), clock(21)), minutes(15), minutes(30)),
    ]
    ask = wanted(shortest=30, grid=15, before=15, after=15)
    assert first_free([between(clock(17), clock(22))], uses, ask, clock(8), FAR).at == clock(21, 30)


@pytest.mark.parametrize(("since", "expected"), [(10, 10), (11, 11), (12, 14)])
def test_buffers_of_a_closure_are_ignored(since, expected):
    """Case 12."""
    closure = Use(between(clock(12), clock(14)), minutes(300), minutes(300), closure=True)
    ask = wanted(shortest=60, grid=30, before=60, after=60)
    assert first_free([between(clock(10), clock(16))], [closure], ask, clock(since), FAR).at == clock(expected)


WINTER = [  # local time is an hour ahead of UTC
    HoursException(date(2026, 1, 12), 13 * 60, 14 * 60),
    HoursException(date(2026, 1, 20), 17 * 60, 45 * 60),
]


def local(day, hour, minute=0):
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("terms", "shortest", "expected"),
    [
        (Terms(days_before=19), 30, local(20, 17)),
        (Terms(days_before=20), 30, local(21, 0)),
        (Terms(days_ahead=12), 30, local(12, 13)),
        (Terms(days_ahead=11), 30, None),
        (Terms(), 120, local(20, 17)),
    ],
)
def test_lead_time_and_horizon_count_local_days(terms, shortest, expected):
    """Case 36."""
    at = local(1, 0)
    opening = open_spans(date(2026, 1, 1), date(2026, 2, 1), [], WINTER)
    found = first_free(opening, [], wanted(shortest, 30), earliest_start(terms, at), latest_start(terms, at) or FAR)
    assert found.at == expected
    if expected is None:
        assert is_open(opening[0], opening)  # none to have, and yet the space is not closed


@pytest.mark.parametrize(
    ("shortest", "round_ends", "expected", "closed"),
    [
        (15, 16, local(16, 0), False),
        (61, 16, None, False),
        (15, 17, None, True),
        (15, None, local(15, 12), False),
    ],
)
def test_undecided_round_keeps_its_days(shortest, round_ends, expected, closed):
    """Case 37."""
    hours = [HoursException(date(2026, 1, 15), 12 * 60, 25 * 60)]
    reserved = [between(local(14, 0), local(round_ends, 0))] if round_ends else []
    opening = open_spans(date(2026, 1, 1), date(2026, 2, 1), [], hours, reserved)
    found = first_free(opening, [], wanted(shortest, 15), DAY, FAR)
    assert (found.at, found.closed) == (expected, closed)


@pytest.mark.parametrize(("since", "expected"), [((9, 0), 9), ((9, 1), 11), ((11, 1), 17)])
def test_grid_counts_from_the_opening(since, expected):
    """Case 38."""
    uses = [Use(between(clock(13), clock(16)))]
    ask = wanted(shortest=60, grid=120)
    assert first_free([between(clock(9), clock(19))], uses, ask, clock(*since), FAR).at == clock(expected)


def test_start_is_never_before_now_not_by_a_microsecond():
    """Case 38."""
    now = clock(10) + timedelta(microseconds=1)
    assert first_free([between(clock(10), clock(12))], [], wanted(15, 15), now, FAR).at == clock(10, 15)


def test_no_length_fits_the_grid_so_there_is_never_a_time_but_it_is_not_closed():
    """Case 39."""
    ask = wanted(shortest=140, longest=200, grid=120)
    assert shortest_length(ask) is None
    found = first_free([between(clock(9), clock(19))], [], ask, DAY, FAR)
    assert (found.at, found.closed) == (None, False)


def test_touching_hours_are_one_and_apart_hours_are_two():
    """Case 49."""
    day = date(2026, 1, 5)
    together = [Hours(0, 10 * 60, 14 * 60), Hours(0, 14 * 60, 16 * 60)]
    apart = [Hours(0, 10 * 60, 14 * 60), Hours(0, 15 * 60, 16 * 60)]
    assert is_open(between(local(5, 13), local(5, 15)), open_spans(day, day + timedelta(1), together))
    assert not is_open(between(local(5, 13, 30), local(5, 15, 30)), open_spans(day, day + timedelta(1), apart))


bookings = st.lists(
    st.builds(
        lambda start, length, before, after, closure: Use(
            between(DAY + minutes(15 * start), DAY + minutes(15 * (start + length))), minutes(before), minutes(after), closure
        ),
        st.integers(0, 120),
        st.integers(1, 16),
        st.sampled_from([0, 15, 60]),
        st.sampled_from([0, 15, 60]),
        st.booleans(),
    ),
    max_size=12,
)


@given(bookings, st.sampled_from([15, 30, 60]), st.sampled_from([0, 30]), st.sampled_from([0, 45]))
def test_first_free_is_free_and_nothing_before_it_is(uses, length, before, after):
    """Against a search that tries every start."""
    opening = without([between(clock(6), clock(22)), between(clock(6, day=2), clock(22, day=2))], [])
    ask = wanted(shortest=length, grid=15, before=before, after=after)
    tries = [span.starts + minutes(step * 15) for span in opening for step in range(64)]
    free = [
        at
        for at in tries
        if any(covers(span, between(at, at + minutes(length))) for span in opening)
        and not any(collide(Use(between(at, at + minutes(length)), minutes(before), minutes(after)), use) for use in uses)
    ]
    assert first_free(opening, uses, ask, DAY, FAR).at == (free[0] if free else None)
