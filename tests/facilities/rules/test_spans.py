"""Half-open time: what overlaps, what covers, what is left."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.buffers import Use, around, collide
from facilities.rules.spans import Span, covers, merged, overlaps, without

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def hours(starts, ends):
    return Span(MIDNIGHT + timedelta(hours=starts), MIDNIGHT + timedelta(hours=ends))


def minutes(count):
    return timedelta(minutes=count)


spans = st.tuples(st.integers(0, 200), st.integers(1, 50)).map(lambda pair: hours(pair[0], pair[0] + pair[1]))


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (8, 9, False),
        (8, 10, False),
        (8, 11, True),
        (8, 14, True),
        (11, 13, True),
        (10, 14, True),
        (8, 16, True),
        (10, 16, True),
        (13, 16, True),
        (14, 16, False),
        (15, 16, False),
    ],
)
def test_probe_overlaps_what_it_shares_an_instant_with(starts, ends, expected):
    """Case 1."""
    assert overlaps(hours(10, 14), hours(starts, ends)) is expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (8, 9, False),
        (8, 10, False),
        (8, 11, False),
        (8, 14, True),
        (11, 13, False),
        (10, 14, True),
        (8, 16, True),
        (10, 16, True),
        (13, 16, False),
        (14, 16, False),
    ],
)
def test_opening_covers_a_booking_only_when_all_of_it_is_inside(starts, ends, expected):
    """Case 2."""
    assert covers(hours(starts, ends), hours(10, 14)) is expected


@pytest.mark.parametrize(("starts", "ends"), [(10, 10), (11, 10)])
def test_time_that_does_not_go_forwards_is_no_time(starts, ends):
    """Case 4."""
    with pytest.raises(ValueError, match="end after"):
        hours(starts, ends)


def test_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        Span(datetime(2026, 1, 1, 10), datetime(2026, 1, 1, 11))  # noqa: DTZ001


def test_two_that_touch_stand_beside_each_other_in_either_order():
    """Case 3."""
    assert not collide(Use(hours(10, 12)), Use(hours(12, 14)))
    assert not collide(Use(hours(12, 14)), Use(hours(10, 12)))


@pytest.mark.parametrize(("closure", "refused"), [(False, True), (True, False)])
def test_buffer_before_keeps_bookings_away_but_not_closures(closure, refused):
    """Case 5."""
    assert collide(Use(hours(10, 11), before=minutes(1)), Use(hours(9, 10), closure=closure)) is refused
    assert collide(Use(hours(10, 11), after=minutes(1)), Use(hours(11, 12), closure=closure)) is refused


def test_buffers_overlap_only_each_other():
    """Case 6."""
    existing = Use(hours(14, 15), minutes(60), minutes(60))
    assert not collide(Use(hours(10, 13), minutes(60), minutes(60)), existing)
    assert collide(Use(Span(hours(10, 13).starts, hours(10, 13).ends + minutes(15)), minutes(60), minutes(60)), existing)


def test_buffer_of_half_an_hour_needs_half_an_hour():
    """Case 7."""
    assert collide(Use(hours(8, 12), before=minutes(30)), Use(hours(7, 8)))
    assert collide(Use(hours(10, 13), after=minutes(30)), Use(hours(13, 14)))


def test_two_closures_may_lie_over_each_other():
    assert not collide(Use(hours(8, 12), closure=True), Use(hours(9, 10), closure=True))
    assert around(Use(hours(8, 12), minutes(30), closure=True)) == hours(8, 12)


@given(spans, spans, st.integers(0, 5), st.integers(0, 5))
def test_collision_goes_both_ways(one, other, before, after):
    first, second = Use(one, minutes(60 * before), minutes(60 * after)), Use(other, minutes(60 * after))
    assert collide(first, second) == collide(second, first)
    assert collide(first, second) or not overlaps(one, other)


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8))
def test_what_is_left_is_exactly_what_is_not_taken(opening, taken):
    left = without(opening, taken)
    for hour in range(260):
        instant = hours(hour, hour + 1)
        is_left = any(covers(span, instant) for span in left)
        wanted = any(covers(span, instant) for span in merged(opening)) and not any(overlaps(span, instant) for span in taken)
        assert is_left == wanted
    assert list(left) == sorted(left)


@given(st.lists(spans, max_size=10))
def test_merged_stretches_lie_apart(several):
    joined = merged(several)
    assert all(one.ends < other.starts for one, other in pairwise(joined))
    assert all(any(covers(whole, span) for whole in joined) for span in several)
