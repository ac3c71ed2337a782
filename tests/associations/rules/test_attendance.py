"""Attendance: half-years, lengths of sessions, marks from two phones, and what is left when names go."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.rules.attendance import (
    Anonymous,
    Half,
    Marks,
    Person,
    Session,
    anonymised,
    by_age_and_sex,
    half_applied_for,
    half_of,
    marked,
    overlapping,
    session_minutes,
)

people = st.frozensets(st.integers(1, 9))
changes = st.dictionaries(st.integers(1, 9), st.sampled_from(["present", "leader", "away"]))
marks = st.builds(lambda there, led: Marks(there - led, led, frozenset()), people, people)


def test_a_half_year_begins_in_january_and_in_july():
    assert half_of(date(2026, 6, 30)) == Half(2026, 1)
    assert half_of(date(2026, 7, 1)) == Half(2026, 2)
    assert (Half(2026, 2).first, Half(2026, 2).last) == (date(2026, 7, 1), date(2026, 12, 31))
    assert Half(2026, 1).before == Half(2025, 2)
    assert Half(2026, 2).after == Half(2027, 1)


@pytest.mark.parametrize(
    ("closes", "half"),
    [(date(2026, 8, 25), Half(2026, 1)), (date(2027, 2, 25), Half(2026, 2)), (date(2026, 7, 1), Half(2026, 1))],
)
def test_a_call_pays_for_the_half_year_that_has_ended(closes, half):
    assert half_applied_for(closes) == half


def test_a_session_past_midnight_lasts_as_long_as_it_lasts():
    assert session_minutes(time(23, 30), time(0, 30), None) == 60, "without a last date, as in files from the wild"
    assert session_minutes(time(23, 30), time(0, 30), 1) == 60, "DAK 2.2, StoppDatum"
    assert session_minutes(time(18), time(19, 30), 0) == 90


@pytest.mark.parametrize(
    ("starts", "stops", "days"), [(time(18), time(18), None), (time(18), time(17), 0), (time(8), time(9), 1)]
)
def test_a_session_without_length_backwards_or_of_days_is_refused(starts, stops, days):
    with pytest.raises(ValueError, match="at most a day"):
        session_minutes(starts, stops, days)


@given(marks, changes, changes)
def test_two_leaders_who_mark_different_people_both_have_their_way(before, one, other):
    other = {person: mark for person, mark in other.items() if person not in one}
    assert marked(marked(before, one), other) == marked(marked(before, other), one)


@given(marks, changes)
def test_the_same_marks_twice_change_nothing(before, change):
    after = marked(before, change)
    assert marked(after, change) == after
    assert not after.present & after.leaders, "nobody is participant and leader at once"


def test_who_is_not_there_is_not_marked_as_having_a_disability():
    after = marked(Marks(frozenset({1, 2})), {1: "away"}, {1: True, 2: True})
    assert after.disabled == frozenset({2})


def session(key, day, starts, minutes, present=(), leaders=(), **more):
    return Session(key, day, starts, minutes, present, leaders, **more)


def test_somebody_in_two_places_at_once_is_found():
    day = date(2026, 3, 2)
    rows = [session(1, day, 18 * 60, 90, (7, 8)), session(2, day, 19 * 60, 60, (7,)), session(3, day, 20 * 60, 60, (7,))]
    assert overlapping(rows) == {2: 1}, "the third begins when the second has ended"


def test_figures_are_the_same_when_names_are_gone():
    persons = {1: Person(2015, "female"), 2: Person(2012, "male"), 3: Person(1980, "female")}
    before = session(1, date(2026, 3, 2), 1080, 60, (1, 2), (3,), disabled=(2,), anonymous=(Anonymous(2015, "female", 1),))
    after = before._replace(present=(), leaders=(), disabled=(), anonymous=anonymised(before, persons))
    bands = [(7, 12), (13, 25), (26, None)]
    assert by_age_and_sex([after], {}, bands) == by_age_and_sex([before], persons, bands) == {(0, "female"): 2, (1, "male"): 1}
    assert anonymised(after, {}) == after.anonymous
