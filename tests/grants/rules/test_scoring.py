"""From levels to a score."""

from decimal import Decimal
from statistics import mean, median, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.scoring import Criterion, Summary, below_threshold, check_weights, ranking_key, summary, weighted_score

D = Decimal
KEYS = ("democracy", "inclusion", "public_health", "equality")
CRITERIA = tuple(Criterion(key, D(weight)) for key, weight in zip(KEYS, (30, 30, 20, 20), strict=True))


def levels(*given):
    return dict(zip(KEYS, given, strict=True))


some_levels = st.tuples(*[st.none() | st.integers(0, 5)] * 4)
scores = st.lists(st.decimals(0, 5, places=2), min_size=2, max_size=9)


@pytest.mark.parametrize(("given", "score"), [((4, 3, 5, 2), "3.50"), ((5, 4, 4, 3), "4.10"), ((2, 2, 5, 5), "3.20")])
def test_a_score_is_the_weighted_mean_of_the_levels(given, score):
    """Case 21."""
    assert str(weighted_score(CRITERIA, levels(*given))) == score


def test_three_assessors_give_a_mean_a_median_and_a_spread():
    """Case 21."""
    assert summary([D("3.50"), D("4.10"), D("3.20")]) == Summary(3, D("3.60"), D("3.50"), D("0.46"))


def test_not_applicable_is_left_out_and_not_counted_as_nothing():
    """Case 22."""
    assert weighted_score(CRITERIA, levels(4, 3, None, 2)) == D("3.13")


def test_nothing_applicable_is_no_score_and_sorts_last():
    """Case 22."""
    assert weighted_score(CRITERIA, levels(None, None, None, None)) is None
    assert weighted_score(CRITERIA, levels(0, 0, 0, 0)) == 0
    ranked = sorted([(None, 1), (D(0), 2), (D("3.5"), 4), (D("3.5"), 3)], key=lambda pair: ranking_key(*pair))
    assert [number for _, number in ranked] == [3, 4, 2, 1]


def test_a_score_below_the_threshold_is_pointed_out_however_high_the_rest():
    """Case 24."""
    criteria = (Criterion("democracy", D(30), threshold=2), *CRITERIA[1:])
    assert weighted_score(criteria, levels(1, 5, 5, 5)) == D("3.80")
    assert below_threshold(criteria, [levels(1, 5, 5, 5)]) == ("democracy",)
    assert below_threshold(criteria, [levels(2, 0, 0, 0)]) == ()


def test_several_assessors_are_below_the_threshold_together():
    criteria = (Criterion("democracy", D(30), threshold=2), *CRITERIA[1:])
    assert below_threshold(criteria, [levels(1, 5, 5, 5), levels(3, 5, 5, 5)]) == ()
    assert below_threshold(criteria, [levels(1, 5, 5, 5), levels(2, 5, 5, 5)]) == ("democracy",)
    assert below_threshold(criteria, [levels(None, 5, 5, 5)]) == ()
    assert below_threshold(criteria, []) == ()


def test_nobody_has_assessed_yet():
    assert summary([]) == Summary(0, None, None, None)
    assert summary([None]) == Summary(0, None, None, None)
    assert summary([None, D("4.10")]) == Summary(1, D("4.10"), D("4.10"), None)


@pytest.mark.parametrize("weights", [(30, 30, 20, 19), (30, 30, 20, 21), ()])
def test_weights_must_sum_to_a_hundred(weights):
    with pytest.raises(ValueError, match="not 100"):
        check_weights([Criterion(key, D(weight)) for key, weight in zip(KEYS, weights, strict=False)])


def test_a_criterion_cannot_come_twice():
    with pytest.raises(ValueError, match="twice"):
        check_weights([Criterion("democracy", D(50)), Criterion("democracy", D(50))])


@pytest.mark.parametrize(
    "given",
    [
        {},
        {**levels(1, 2, 3, 4), "surprise": 5},
        levels(6, 1, 1, 1),
        levels(-1, 1, 1, 1),
        {"democracy": 3, "inclusion": 3, "equality": 3},
    ],
)
def test_an_incomplete_or_impossible_assessment_has_no_score(given):
    with pytest.raises(ValueError, match="level"):
        weighted_score(CRITERIA, given)


@pytest.mark.parametrize(("weight", "threshold"), [(101, None), (-1, None), (50, 6), (50, -1)])
def test_an_impossible_criterion_cannot_be_made(weight, threshold):
    with pytest.raises(ValueError, match=r"weight|threshold"):
        Criterion("democracy", D(weight), threshold)


@given(some_levels)
def test_a_score_lies_between_the_lowest_and_the_highest_level(given):
    score = weighted_score(CRITERIA, levels(*given))
    applicable = [level for level in given if level is not None]
    assert (score is None) == (not applicable)
    assert score is None or min(applicable) <= score <= max(applicable)


@given(st.integers(0, 5), st.sets(st.integers(0, 3), max_size=3))
def test_the_same_level_everywhere_is_the_score_whatever_is_left_out(level, left_out):
    given = [None if index in left_out else level for index in range(4)]
    assert weighted_score(CRITERIA, levels(*given)) == level


@given(some_levels, st.integers(0, 3))
def test_a_higher_level_never_lowers_the_score(given, index):
    if given[index] is not None and given[index] < 5:
        raised = [*given[:index], given[index] + 1, *given[index + 1 :]]
        assert weighted_score(CRITERIA, levels(*raised)) >= weighted_score(CRITERIA, levels(*given))


@given(scores)
def test_the_figures_are_those_of_any_textbook(given):
    figures = summary(given)
    assert abs(figures.mean - mean(given)) <= D("0.005")
    assert abs(figures.median - median(given)) <= D("0.005")
    assert abs(figures.spread - stdev(given)) <= D("0.0050001")


@given(scores, st.randoms())
def test_the_order_of_the_assessors_does_not_matter(given, random):
    shuffled = list(given)
    random.shuffle(shuffled)
    assert summary(given) == summary(shuffled)
