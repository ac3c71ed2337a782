"""A pot and those who ask."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.budget import CODES, Asked, FloatingRate, fits, floating_rate, pro_rata, ranked_fill, remaining

D = Decimal
pots = st.decimals(0, 10**7, places=2)
requests = st.lists(st.tuples(st.decimals("0.01", 10**6, places=2), st.none() | st.decimals(0, 5, places=1)), max_size=15).map(
    lambda rows: [Asked(number, amount, score) for number, (amount, score) in enumerate(rows, 1)]
)


def test_a_pot_is_filled_from_the_highest_score_down():
    fill = ranked_fill(D(100), [Asked(1, D(60), D("3.0")), Asked(2, D(40), D("4.0")), Asked(3, D(10), D("2.0"))])
    assert dict(fill.granted) == {2: D(40), 1: D(60)}
    assert list(fill.granted) == [2, 1]
    assert fill.left == 0
    assert (fill.cut, fill.below) == ((3,), ())


def test_a_tie_at_the_cut_stops_the_filling_and_is_shown():
    fill = ranked_fill(D(100), [Asked(1, D(60), D(4)), Asked(2, D(30), D(3)), Asked(3, D(30), D(3)), Asked(4, D(5), D(2))])
    assert dict(fill.granted) == {1: D(60)}
    assert fill.is_tied
    assert (fill.cut, fill.below, fill.left) == ((2, 3), (4,), D(40))


def test_a_tie_that_fits_is_no_trouble():
    fill = ranked_fill(D(120), [Asked(1, D(60), D(4)), Asked(2, D(30), D(3)), Asked(3, D(30), D(3))])
    assert set(fill.granted) == {1, 2, 3}
    assert not fill.is_tied


def test_a_lower_score_never_goes_before_a_higher_one():
    fill = ranked_fill(D(50), [Asked(1, D(60), D(4)), Asked(2, D(10), D(3))])
    assert not fill.granted
    assert (fill.cut, fill.below) == ((1,), (2,))


def test_nobody_without_a_score_is_filled_by_rank():
    fill = ranked_fill(D(100), [Asked(2, D(10)), Asked(1, D(10), D(0))])
    assert (dict(fill.granted), fill.unscored) == ({1: D(10)}, (2,))


@given(pots, requests)
def test_a_filled_pot_is_never_overdrawn_and_nobody_is_lost(pot, asked):
    fill = ranked_fill(pot, asked)
    assert sum(fill.granted.values(), D(0)) + fill.left == pot
    assert fill.left >= 0
    assert sorted([*fill.granted, *fill.cut, *fill.below, *fill.unscored]) == [each.number for each in asked]


@given(pots, requests)
def test_whoever_is_granted_has_a_higher_score_than_whoever_is_not(pot, asked):
    fill = ranked_fill(pot, asked)
    scores = {each.number: each.score for each in asked}
    for lucky in fill.granted:
        assert all(scores[lucky] > scores[other] for other in (*fill.cut, *fill.below))


def test_a_pot_too_small_is_shared_pro_rata_to_the_ore():
    """Case 31."""
    asked = [Asked(1, D(120000)), Asked(2, D(95000)), Asked(3, D(80000)), Asked(4, D(60000))]
    parts = pro_rata(D("250000.00"), asked)
    assert parts == {1: D("84507.04"), 2: D("66901.41"), 3: D("56338.03"), 4: D("42253.52")}
    assert sum(parts.values()) == D("250000.00")


def test_the_odd_ore_goes_to_the_lowest_application_number():
    """Case 32."""
    asked = [Asked(12, D(50000)), Asked(7, D(50000)), Asked(9, D(50000))]
    parts = pro_rata(D("100000.00"), asked)
    assert parts == {7: D("33333.34"), 9: D("33333.33"), 12: D("33333.33")}
    assert pro_rata(D("100000.00"), asked[::-1]) == parts


@given(pots, requests)
def test_nobody_gets_more_than_they_asked_for_and_the_pot_is_used(pot, asked):
    parts = pro_rata(pot, asked)
    assert all(0 <= parts[each.number] <= each.amount for each in asked)
    assert sum(parts.values(), D(0)) == min(pot, sum((each.amount for each in asked), D(0)))


def test_a_floating_rate_leaves_less_than_one_ore_each():
    assert floating_rate(D(100000), 37481) == FloatingRate(D("2.66"), D("300.54"))
    assert floating_rate(D(100000), 0) == FloatingRate(D(0), D(100000))


@given(pots, st.integers(1, 10**6), st.sampled_from([D("0.01"), D("0.0001"), D(1)]))
def test_a_floating_rate_never_overdraws_the_pot(pot, units, step):
    shared = floating_rate(pot, units, step)
    assert shared.rate * units + shared.residual == pot
    assert 0 <= shared.residual < step * units


def test_two_who_approve_cannot_spend_the_same_money():
    """Case 35."""
    budget = D(100000)
    assert fits(D(60000), budget, [])
    second = fits(D(50000), budget, [D(60000)])
    assert not second
    assert second.code == "over_budget"
    assert second.figures["remaining"] == D(40000)
    assert set(second.figures) == set(CODES[second.code])
    assert remaining(budget, [D(60000), D(50000)]) == D(-10000)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="negative"):
        pro_rata(D(-1), [])
    with pytest.raises(ValueError, match="twice"):
        ranked_fill(D(1), [Asked(1, D(1)), Asked(1, D(1))])
    with pytest.raises(ValueError, match="more than 0"):
        Asked(1, D(0))
    with pytest.raises(ValueError, match="step"):
        floating_rate(D(1), 1, D(0))
