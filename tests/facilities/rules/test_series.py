"""Series and opening hours on the calendar of the wall."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.opening import HOLIDAY, Hours, HoursException, hours_of_day, is_open, local_instant, open_spans
from facilities.rules.series import Pattern, Repeats, clashes_within, occurrences, same_day_last_year, series_days
from facilities.rules.space_tree import smallest_parts
from facilities.rules.spans import Span, overlaps
from facilities.rules.terms import Fault, Terms, answer_by, faults_of, may_still_cancel, within_quota


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def weekly(first, last, starts=10, ends=12, **more):
    return Pattern(first, last, starts * 60, ends * 60, **more)


def test_series_stays_at_its_hour_on_the_wall_when_the_clock_changes():
    """Case 20."""
    spring = occurrences(weekly(date(2026, 3, 23), date(2026, 3, 30)))
    assert [each.span.starts for each in spring] == [utc(2026, 3, 23, 9), utc(2026, 3, 30, 8)]
    autumn = occurrences(weekly(date(2026, 10, 19), date(2026, 10, 26), 18, 20))
    assert [each.span.starts for each in autumn] == [utc(2026, 10, 19, 16), utc(2026, 10, 26, 17)]


def test_booking_across_midnight_is_one():
    """Case 25."""
    night = occurrences(weekly(date(2026, 9, 7), date(2026, 9, 7), 22, 26))[0].span
    day = date(2026, 9, 8)
    assert overlaps(night, Span(local_instant(day, 60), local_instant(day, 180)))
    assert not overlaps(night, Span(local_instant(day, 120), local_instant(day, 180)))


def test_series_may_end_at_midnight():
    """Case 26."""
    found = occurrences(weekly(date(2024, 1, 1), date(2024, 1, 15), 21, 24))
    assert [each.span.ends for each in found] == [local_instant(date(2024, 1, day), 0) for day in (2, 9, 16)]


def test_leap_day_is_a_day_of_a_series_and_has_a_day_last_year():
    """Case 29."""
    days = series_days(weekly(date(2028, 2, 15), date(2028, 3, 14)))
    assert days == tuple(date(2028, *day) for day in ((2, 15), (2, 22), (2, 29), (3, 7), (3, 14)))
    assert same_day_last_year(date(2028, 2, 29)) == date(2027, 2, 28)


def test_fifth_monday_of_the_month_is_the_last():
    """Case 30."""
    first = date(2014, 9, 29)
    days = series_days(weekly(first, first + timedelta(days=100), repeats=Repeats.MONTHLY))
    assert days == (first, date(2014, 10, 27), date(2014, 11, 24), date(2014, 12, 29))


@pytest.mark.parametrize(("every", "days", "count"), [(1, 7, 3), (1, 14, 5), (1, 28, 9), (2, 28, 5), (2, 42, 7)])
def test_mondays_and_tuesdays(every, days, count):
    """Case 31."""
    first = date(2023, 10, 2)
    pattern = weekly(first, first + timedelta(days=days), every=every, weekdays=frozenset({0, 1}))
    assert len(series_days(pattern)) == count


def test_series_that_never_moves_on_is_refused():
    """Case 31."""
    with pytest.raises(ValueError, match="repeats"):
        weekly(date(2023, 10, 2), date(2023, 10, 9), every=0)


def test_closing_every_day_but_thursday_leaves_thursdays_whole():
    """Case 32."""
    first, last = date(2026, 3, 16), date(2026, 4, 12)  # over the change to summer time
    others = frozenset(range(7)) - {3}
    closed = [each.span for each in occurrences(weekly(first, last, 0, 24, weekdays=others))]
    every = [Hours(weekday, 0) for weekday in range(7)]
    left = open_spans(first, last + timedelta(days=1), every, reserved=closed)
    thursdays = [first + timedelta(days=3 + 7 * week) for week in range(4)]
    inside = [span for span in left if span.starts >= local_instant(first, 0) and span.ends <= local_instant(last, 1440)]
    assert inside == [Span(local_instant(day, 0), local_instant(day, 1440)) for day in thursdays]


def test_time_on_a_swedish_wall_does_not_depend_on_who_looks():
    """Case 33: what is picked is a day and minutes, never a browser's instant."""
    assert local_instant(date(2026, 7, 1), 15 * 60) == utc(2026, 7, 1, 13)


def test_first_weekday_only():
    """Case 34."""
    pattern = weekly(date(2024, 1, 1), date(2024, 1, 1), weekdays=frozenset({0, 2}))
    assert series_days(pattern) == (date(2024, 1, 1),)


@pytest.mark.parametrize(
    ("exceptions", "open_days"),
    [
        ([HoursException(date(2026, 4, 6), None)], 3),
        ([HoursException(date(2026, 4, 7), None)], 4),
        ([HoursException(date(2026, 4, 6), None, overrides=False)], 4),
        ([HoursException(date(2026, 4, 6), 0)], 4),
    ],
)
def test_only_an_overriding_closed_day_takes_a_date_from_a_series(exceptions, open_days):
    """Case 35."""
    hours = [Hours(weekday, 0) for weekday in range(7)]
    opening = open_spans(date(2026, 3, 30), date(2026, 4, 21), hours, exceptions)
    mondays = occurrences(weekly(date(2026, 3, 30), date(2026, 4, 20), 18, 20))
    assert sum(is_open(each.span, opening) for each in mondays) == open_days


def test_public_holiday_has_hours_of_its_own():
    hours = [*(Hours(weekday, 8 * 60, 22 * 60) for weekday in range(7)), Hours(HOLIDAY, 10 * 60, 16 * 60)]
    assert hours_of_day(date(2026, 4, 6), hours) == ((600, 960),)
    assert hours_of_day(date(2026, 4, 5), hours) == ((600, 960),)
    assert hours_of_day(date(2026, 4, 12), hours) == ((480, 1320),)
    assert hours_of_day(date(2026, 4, 6), [*hours[:7], Hours(HOLIDAY, None)]) == ()


def test_hours_belong_to_their_season():
    summer = Hours(0, 6 * 60, 24 * 60, since=date(2026, 6, 1), until=date(2026, 9, 1))
    assert hours_of_day(date(2026, 8, 31), [summer]) == ((360, 1440),)
    assert hours_of_day(date(2026, 9, 7), [summer]) == ()


def test_time_that_the_clock_jumps_over_is_told():
    night = occurrences(Pattern(date(2026, 3, 29), date(2026, 3, 29), 150, 180))
    assert night[0].span is None or night[0].span.length > timedelta(0)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 80), st.integers(1, 4), st.sets(st.integers(0, 6)))
def test_series_keeps_its_weekdays_and_its_hour(first, days, every, weekdays):
    pattern = weekly(first, first + timedelta(days=days), 18, 20, every=every, weekdays=frozenset(weekdays))
    found = occurrences(pattern)
    assert {each.day.weekday() for each in found} <= (weekdays or {first.weekday()})
    assert not clashes_within([each.span for each in found])
    assert all(each.span.length == timedelta(hours=2) for each in found)


def test_series_of_too_many_days_is_a_mistake():
    with pytest.raises(ValueError, match="at most"):
        series_days(weekly(date(2026, 1, 1), date(2030, 1, 1), weekdays=frozenset(range(7))))


@pytest.mark.parametrize(("seconds", "allowed"), [(1, True), (-1, False)])
def test_cancel_until_twelve_hours_before(seconds, allowed):
    """Case 41."""
    starts = utc(2026, 5, 5, 18)
    at = starts - timedelta(hours=12, seconds=seconds)
    assert may_still_cancel(starts, at, 12) is allowed
    assert not may_still_cancel(starts, starts + timedelta(hours=1), None)


def test_quota_is_full_at_its_number():
    """Case 40."""
    assert within_quota(0, 1, 1)
    assert not within_quota(1, 1, 1)
    assert within_quota(1000, 1, None)


def test_answer_is_promised_in_working_days():
    assert answer_by(utc(2026, 4, 1, 10), 3) == date(2026, 4, 8)  # Wednesday before Easter
    assert answer_by(utc(2026, 5, 4, 10), 3) == date(2026, 5, 7)


@pytest.mark.parametrize(
    ("starts", "ends", "fault"),
    [
        ((10, 0), (12, 30), Fault.TOO_LONG),
        ((10, 0), (10, 30), Fault.TOO_SHORT),
        ((10, 0), (11, 15), Fault.OFF_GRID),
        ((10, 15), (11, 15), Fault.OFF_GRID),
    ],
)
def test_length_and_grid_are_kept(starts, ends, fault):
    opens = utc(2026, 5, 4, 8)
    span = Span(utc(2026, 5, 4, *starts), utc(2026, 5, 4, *ends))
    assert faults_of(span, opens, Terms(shortest=60, longest=120, grid=30), utc(2026, 5, 1)) == (fault,)


def test_past_closed_and_crowded_are_all_told():
    span = Span(utc(2026, 5, 4, 10), utc(2026, 5, 4, 11))
    found = faults_of(span, None, Terms(capacity=20, minimum_age=18), utc(2026, 5, 5), people=21, age=17)
    assert found == (Fault.PAST, Fault.CLOSED, Fault.TOO_MANY_PEOPLE, Fault.TOO_YOUNG)


TREE = {1: None, 11: 1, 12: 1, 111: 11, 112: 11, 1111: 111, 2: None}


def test_whole_blocking_table_of_a_divided_hall():
    """Case 15."""
    units = {"u1": 1, "u2": 11, "u3": 12, "u4": 111, "u5": 112, "u6": 1111, "u7": 2, "u8": 1}
    parts = smallest_parts(TREE)
    blocks = {
        name: {other for other in units if other != name and set(parts[units[other]]) & set(parts[space])}
        for name, space in units.items()
    }
    assert blocks == {
        "u1": {"u2", "u3", "u4", "u5", "u6", "u8"},
        "u2": {"u1", "u4", "u5", "u6", "u8"},
        "u3": {"u1", "u8"},
        "u4": {"u1", "u2", "u6", "u8"},
        "u5": {"u1", "u2", "u8"},
        "u6": {"u1", "u2", "u4", "u8"},
        "u7": set(),
        "u8": {"u1", "u2", "u3", "u4", "u5", "u6"},
    }


def test_equipment_follows_the_space():
    """Case 16."""
    parts = smallest_parts({11: None, 90: None}, [(11, 90)])
    assert set(parts[11]) & set(parts[90])
    assert smallest_parts({11: None, 90: None})[11] == (11,)


@pytest.mark.parametrize("ring", [{1: 2, 2: 1}, {1: 1}, {1: 2, 2: 1, 3: 1}, {1: 7}])
def test_space_is_no_part_of_itself(ring):
    with pytest.raises(ValueError, match="space"):
        smallest_parts(ring)
