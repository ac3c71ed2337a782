"""A season's times in use: dates counted, the check, offers, blocks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.season_use import (
    DateUse,
    Share,
    ShareFault,
    Use,
    UseLimits,
    date_use,
    is_underused,
    offer_ends,
    share_faults,
    undivided,
    use_of,
)

AT = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("arrived", "absent", "attendance", "found"),
    [
        (True, False, False, DateUse.USED),
        (False, False, True, DateUse.USED),
        (False, True, True, DateUse.USED),
        (False, True, False, DateUse.EMPTY),
        (False, False, False, DateUse.UNKNOWN),
    ],
)
def test_date_counts_as_used_when_somebody_was_seen(arrived, absent, attendance, found):
    assert date_use(arrived=arrived, absent=absent, attendance=attendance) is found


@given(st.lists(st.sampled_from(DateUse)))
def test_every_date_is_counted_once(dates):
    assert use_of(dates).held == len(dates)


@pytest.mark.parametrize(
    ("use", "under"),
    [
        (Use(used=1, empty=2), True),
        (Use(used=2, empty=1), False),
        (Use(used=3, empty=2), False),  # just 60 percent
        (Use(used=0, empty=2), False),  # too little is known
        (Use(used=0, empty=0, unknown=9), False),
    ],
)
def test_time_is_used_too_little_below_the_share_of_what_is_known(use, under):
    assert is_underused(use, UseLimits(least_percent=60, least_known=3)) is under


@pytest.mark.parametrize(
    ("rest", "ahead", "open_for"),
    [
        (False, timedelta(days=7), timedelta(hours=48)),
        (True, timedelta(days=7), timedelta(days=5)),
        (False, timedelta(hours=12), timedelta(hours=10)),
        (False, timedelta(hours=2), None),
        (False, timedelta(hours=-1), None),
    ],
)
def test_offer_stands_for_a_while_and_ends_before_the_time_begins(rest, ahead, open_for):
    assert offer_ends(AT, AT + ahead, rest=rest) == (AT + open_for if open_for else None)


def test_block_is_divided_within_itself_and_within_what_the_hall_takes():
    shares = [Share("F12", 1020, 1080, 20), Share("P12", 1020, 1080, 20), Share("F12", 1020, 1110, 5), Share("F8", 1080, 1200, 9)]
    found = share_faults(1020, 1140, shares, most=44)
    assert found == (
        (0, ShareFault.TOO_MANY),
        (1, ShareFault.TOO_MANY),
        (2, ShareFault.TWICE),
        (2, ShareFault.TOO_MANY),
        (3, ShareFault.OUTSIDE),
    )
    assert share_faults(1020, 1140, [Share("F12", 1080, 1080, 5)], most=None) == ((0, ShareFault.BACKWARD),)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4)), max_size=6))
def test_undivided_is_what_no_share_covers(rows):
    shares = [Share("x", 30 * first, 30 * (first + length), 1) for first, length in rows]
    covered = {minute for share in shares for minute in range(share.starts, share.ends, 30) if 60 <= minute < 240}
    assert undivided(60, 240, shares) == 180 - 30 * len(covered)
