"""Rules GW-01 to GW-06: an amount shared over groups always sums to itself; what a girl and a boy get."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.whole_support import UNKNOWN, Heads, by_age, by_criterion, by_sex_and_age, gap, per_participation, split_by

D = Decimal
kronor = st.integers(0, 10**9).map(lambda ore: D(ore) / 100)
heads = st.lists(
    st.builds(
        Heads,
        sex=st.sampled_from(["female", "male", "other"]),
        age_from=st.sampled_from([0, 7, 13, 20, 26]),
        age_to=st.sampled_from([6, 12, 19, 25, None]),
        count=st.integers(0, 500),
    ),
    max_size=8,
)


@given(kronor, st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 1000), max_size=6))
def test_parts_sum_to_the_amount(amount, weights):
    assert sum(split_by(amount, weights).values()) == amount


@given(kronor, heads)
def test_every_way_to_share_sums_to_the_amount(amount, members):
    assert sum(by_sex_and_age(amount, members).values()) == amount
    assert sum(by_age(amount, members).values()) == amount


@given(kronor, st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 100), st.one_of(st.none(), st.integers(0, 5).map(D)))))
def test_a_grant_counts_once_however_it_was_assessed(amount, basis):
    assert sum(by_criterion(amount, basis).values()) == amount


def test_cash_follows_the_members():
    members = [Heads("female", 7, 12, 30), Heads("male", 7, 12, 10), Heads("male", 26, None, 60)]

    assert by_sex_and_age(D(1000), members) == {"girls": 300, "boys": 100, "adults": 600}


def test_a_group_that_reaches_past_25_is_adult():
    assert Heads("female", 20, 30, 1).group == "adults"
    assert Heads("female", 20, 25, 1).group == "girls"
    assert Heads("other", 7, 12, 1).group == "other_young"


def test_what_nobody_has_told_is_not_guessed():
    assert by_sex_and_age(D(1000), []) == {UNKNOWN: 1000}


def test_what_earned_a_grant_is_weight_times_level():
    found = by_criterion(D(100), [("democracy", 30, D(5)), ("equality", 20, D("2.5")), ("inclusion", 50, None)])
    assert found == {"democracy": 75, "equality": 25}


@pytest.mark.parametrize(
    ("girls", "boys", "share"), [(D(80), D(100), D("-0.2")), (D(100), D(80), D("0.25")), (None, D(1), None), (D(1), D(0), None)]
)
def test_the_gap_is_told_as_a_share_of_what_a_boy_gets(girls, boys, share):
    assert gap(girls, boys) == share


def test_a_participation_costs_its_share_of_the_money():
    assert per_participation(D("12000.50"), 44) == D("272.74")
    assert per_participation(D(100), 0) is None


@given(kronor, st.integers(1, 10**6))
def test_what_the_participations_cost_together_is_the_amount_within_half_an_ore_each(amount, times):
    assert abs(per_participation(amount, times) * times - amount) <= D("0.005") * times
