"""The last acceptance cases of bookings, and that every case of this scope is a test by name."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from facilities import actions
from facilities.models import Booking
from facilities.rules.series import Pattern
from facilities.rules.terms import Fault
from tests.facilities.conftest import AT, hours

# The acceptance cases of bookings; the season's engine has its own (50, 56, 58, 59), and numbers that are missing are no cases.
IN_SCOPE = {*range(1, 8), 9, 10, 11, 12, 15, 16, 17, 18, 20, 25, 26, *range(29, 44), 45, 47, 48, 49, 54, 55, 61, 62}


def test_every_case_of_bookings_is_a_test_by_name():
    named = set()
    for path in Path(__file__).parent.rglob("test_*.py"):
        for told in re.findall(r"Cases? ([\d, and-]+)", path.read_text()):
            for begins, ends in re.findall(r"(\d+)(?:-(\d+))?", told):
                named |= set(range(int(begins), int(ends or begins) + 1))
    assert IN_SCOPE - named == set()


@pytest.mark.parametrize(
    ("rule", "span", "fault"),
    [
        ({"longest": 60}, hours(10, 12.5), Fault.TOO_LONG),
        ({"shortest": 60}, hours(10, 10.5), Fault.TOO_SHORT),
        ({"grid": 30}, hours(10, 11.25), Fault.OFF_GRID),
        ({"days_before": 30}, hours(10, 12), Fault.TOO_SOON),
        ({"days_ahead": 7}, hours(10, 12), Fault.TOO_FAR_AHEAD),
    ],
)
def test_staff_may_set_aside_what_a_hirer_may_not(room, book, rules, officer, association, tariff, rule, span, fault):
    """Case 48: each passes with force."""
    rules(**rule)
    with pytest.raises(actions.NotPossible) as refused, transaction.atomic():
        book(room, span)
    assert refused.value.faults == (fault,)
    wish = actions.Wish(association=association, on_behalf=True, reason="Cup")
    assert actions.book(room, span, wish, by=officer, at=AT).span == span


def _mondays(starts=12 * 60):
    return Pattern(date(2026, 6, 1), date(2026, 6, 15), starts, 14 * 60)


def test_three_mondays_are_three_bookings(room, association, alice, tariff):
    """Case 54."""
    booked = actions.book_series(room, _mondays(), actions.Wish(association=association), by=alice, at=AT)
    assert [each.starts_at.date().isoformat() for each in booked] == ["2026-06-01", "2026-06-08", "2026-06-15"]


def test_monday_that_is_taken_is_told_and_the_others_are_made(room, book, association, alice, tariff):
    """Case 54."""
    standing = book(room, hours(10, 12, day=14))
    wish = actions.Wish(association=association)
    days = actions.plan_series(room, _mondays(), wish, at=AT)
    assert [[each.booking for each in day.conflicts] for day in days] == [[standing.pk], [], []]
    assert len(actions.book_series(room, _mondays(), wish, by=alice, at=AT, skip=[date(2026, 6, 1)])) == 2


def test_series_off_the_grid_is_refused(room, rules, association, alice, tariff):
    """Case 54."""
    rules(grid=30)
    wish = actions.Wish(association=association)
    days = actions.plan_series(room, _mondays(12 * 60 + 1), wish, at=AT)
    assert {day.faults for day in days} == {(Fault.OFF_GRID,)}
    with pytest.raises(actions.SeriesInTheWay):
        actions.book_series(room, _mondays(12 * 60 + 1), wish, by=alice, at=AT)


def test_series_booked_again_makes_nothing_twice(room, association, alice, tariff):
    """Case 54."""
    wish = actions.Wish(association=association)
    actions.book_series(room, _mondays(), wish, by=alice, at=AT)
    with pytest.raises(actions.SeriesInTheWay) as refused, transaction.atomic():
        actions.book_series(room, _mondays(), wish, by=alice, at=AT)
    assert not any(day.is_free for day in refused.value.days)
    assert Booking.objects.count() == 3
