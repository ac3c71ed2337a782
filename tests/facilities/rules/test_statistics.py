"""Figures of use: bands, last year, cells too small to show."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.statistics import (
    FEWEST,
    AgeBand,
    SexBand,
    age_band,
    change,
    hidden_cells,
    per_head,
    same_period_last_year,
    sex_band,
    used_share,
)
from records.values import Period


@pytest.mark.parametrize(
    ("young", "people", "band"),
    [
        (10, 10, AgeBand.YOUNG),
        (5, 10, AgeBand.MOSTLY_YOUNG),
        (4, 10, AgeBand.MOSTLY_ADULT),
        (0, 10, AgeBand.ADULT),
        (None, 10, AgeBand.UNKNOWN),
        (3, None, AgeBand.UNKNOWN),
        (0, 0, AgeBand.UNKNOWN),
        (11, 10, AgeBand.UNKNOWN),
    ],
)
def test_group_is_as_young_as_its_share_under_25(young, people, band):
    assert age_band(young, people) is band


@pytest.mark.parametrize(
    ("women", "men", "band"),
    [
        (6, 4, SexBand.EVEN),
        (4, 6, SexBand.EVEN),
        (7, 4, SexBand.GIRLS),
        (3, 7, SexBand.BOYS),
        (10, 0, SexBand.GIRLS),
        (0, 0, SexBand.UNKNOWN),
        (None, 4, SexBand.UNKNOWN),
    ],
)
def test_group_is_even_between_forty_and_sixty_percent(women, men, band):
    assert sex_band(women, men) is band


def test_used_share_leaves_out_what_nobody_has_noted():
    assert used_share(Decimal(68), Decimal(21)).quantize(Decimal("0.01")) == Decimal("0.76")
    assert used_share(Decimal(0), Decimal(0)) is None


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        (date(2028, 2, 29), date(2028, 3, 1), (date(2027, 2, 28), date(2027, 3, 1))),
        (date(2028, 1, 1), date(2028, 3, 1), (date(2027, 1, 1), date(2027, 3, 1))),
        (date(2029, 2, 1), date(2029, 3, 1), (date(2028, 2, 1), date(2028, 2, 29))),
        (date(2026, 1, 1), date(2027, 1, 1), (date(2025, 1, 1), date(2026, 1, 1))),
    ],
)
def test_same_period_last_year_knows_leap_days(since, until, before):
    """Case 29. "Same period last year" of 2028-02-29 -> 2027-02-28."""
    found = same_period_last_year(Period(since, until))
    assert (found.since, found.until) == before


def test_period_without_end_is_not_compared():
    with pytest.raises(ValueError, match="end"):
        same_period_last_year(Period(date(2026, 1, 1)))


def test_change_is_told_against_something():
    assert change(Decimal(125), Decimal(100)) == Decimal("0.25")
    assert change(Decimal(5), Decimal(0)) is None


@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        ((40, 25, 12), set()),
        ((40, 4, 12), {1, 2}),  # the sum would tell the one
        ((40, 4, 3), {1, 2}),
        ((40, None, 0), {0, 1}),
        ((0, 0), set()),
        ((3,), {0}),
        ((5, 5), set()),
    ],
)
def test_cells_of_fewer_than_five_are_not_shown(people, hidden):
    assert hidden_cells(people) == hidden


@given(st.lists(st.none() | st.integers(0, 60), max_size=8))
def test_no_small_cell_is_shown_and_none_can_be_told_from_the_sum(people):
    hidden = hidden_cells(people)
    shown = [count for index, count in enumerate(people) if index not in hidden]
    assert all(count is not None and (count == 0 or count >= FEWEST) for count in shown)
    assert len(hidden) != 1 or not any(shown)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 800))
def test_last_years_period_is_as_long_but_for_a_leap_day(since, days):
    found = same_period_last_year(Period(since, since + timedelta(days=days)))
    assert abs((found.until - found.since).days - days) <= 1


def test_per_head():
    assert (per_head(Decimal(1000), 3), per_head(Decimal(1000), 0)) == (Decimal("333.33"), None)
