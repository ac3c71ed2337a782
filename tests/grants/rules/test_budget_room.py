"""Rules GB-01 to GB-05: a pot shared one way and another, and who gains by it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.budget_room import Entry, Method, Scenario, differences, share, weight_moved
from grants.rules.scoring import Criterion

D = Decimal
CRITERIA = tuple(
    Criterion(key, D(weight)) for key, weight in {"democracy": 30, "inclusion": 30, "public_health": 20, "equality": 20}.items()
)
KEYS = [criterion.key for criterion in CRITERIA]


def levels(*given_levels):
    return dict(zip(KEYS, given_levels, strict=True))


ROOM = [
    Entry(1, D(120000), (levels(4, 3, 5, 2),), units=100),  # 3,50
    Entry(2, D(95000), (levels(5, 4, 4, 3),), units=50),  # 4,10
    Entry(3, D(80000), (levels(2, 2, 5, 5),), units=50),  # 3,20
    Entry(4, D(60000), (), units=0),
]

kronor = st.integers(1, 5_000_000).map(lambda ore: D(ore) / 100)
level = st.one_of(st.none(), st.integers(0, 5))
entries = st.lists(
    st.tuples(kronor, st.lists(st.tuples(level, level, level, level), max_size=3), st.integers(0, 300)), max_size=12
).map(
    lambda rows: [
        Entry(at, asked, tuple(levels(*each) for each in marks), units) for at, (asked, marks, units) in enumerate(rows)
    ]
)
scenarios = st.builds(
    Scenario,
    method=st.sampled_from(Method),
    pot=st.integers(0, 20_000_000).map(lambda ore: D(ore) / 100),
    criteria=st.sampled_from([CRITERIA, ()]),
    cap=st.one_of(st.none(), kronor),
    least=st.one_of(st.just(D(0)), kronor),
)


@given(entries, scenarios)
def test_shares_and_what_is_left_are_the_pot_and_nobody_gets_more_than_they_asked_for(room, scenario):
    found = share(room, scenario)
    asked = {entry.number: entry.asked for entry in room}

    assert sum(found.granted.values()) + found.left == scenario.pot
    assert found.left >= 0
    assert all(0 < amount <= min(asked[number], scenario.cap or amount) for number, amount in found.granted.items())
    if scenario.method is not Method.RANKED:
        assert all(amount >= scenario.least for amount in found.granted.values())


@given(entries, scenarios)
def test_nobody_is_forgotten_and_nobody_is_in_two_places(room, scenario):
    found = share(room, scenario)
    places = [*found.granted, *found.cut, *found.below, *found.unscored, *found.barred, *found.useless]
    assert len(places) == len(set(places))
    if scenario.method is Method.RANKED:
        assert sorted(places) == [entry.number for entry in room]


@given(entries, scenarios, st.randoms(use_true_random=False))
def test_the_order_they_come_in_changes_nothing(room, scenario, random):
    mixed = list(room)
    random.shuffle(mixed)
    one, other = share(room, scenario), share(mixed, scenario)
    assert dict(one.granted) == dict(other.granted)
    assert (one.left, set(one.cut), set(one.useless)) == (other.left, set(other.cut), set(other.useless))


@given(st.sampled_from(KEYS), st.integers(0, 100))
def test_moved_weights_are_still_a_hundred_percent(key, to):
    moved = weight_moved(CRITERIA, key, to)
    assert sum(criterion.weight for criterion in moved) == 100
    assert next(criterion.weight for criterion in moved if criterion.key == key) == to


@given(entries, scenarios, scenarios)
def test_differences_sum_to_the_difference_of_what_is_given_out(room, one, other):
    before, after = share(room, one).granted, share(room, other).granted
    rows = differences(before, after)
    assert sum(row.change for row in rows) == sum(after.values()) - sum(before.values())
    assert all(row.change for row in rows)


def test_a_ranking_goes_from_the_highest_score_and_stops_where_somebody_does_not_fit():
    found = share(ROOM, Scenario(Method.RANKED, D(200000), CRITERIA))

    assert found.granted == {2: 95000}
    assert (found.cut, found.below, found.unscored) == ((1,), (3,), (4,))
    assert found.scores == {1: D("3.50"), 2: D("4.10"), 3: D("3.20"), 4: None}


def test_another_weight_changes_who_is_first():
    equality = weight_moved(CRITERIA, "equality", 100)
    found = share(ROOM, Scenario(Method.RANKED, D(100000), equality))

    assert found.granted == {3: 80000}
    rows = differences(share(ROOM, Scenario(Method.RANKED, D(100000), CRITERIA)).granted, found.granted)
    assert [(row.number, row.change) for row in rows] == [(3, 80000), (2, -95000)]


def test_a_tie_at_the_cut_stops_and_is_shown():
    room = [Entry(1, D(60), (levels(3, 3, 3, 3),)), Entry(2, D(60), (levels(3, 3, 3, 3),))]

    found = share(room, Scenario(Method.RANKED, D(100), CRITERIA))

    assert found.is_tied
    assert found.granted == {}
    assert found.left == 100


def test_the_same_to_all_in_proportion_sums_to_the_pot():
    """Case 31."""
    room = [Entry(number, D(asked)) for number, asked in enumerate([120000, 95000, 80000, 60000], start=1)]

    found = share(room, Scenario(Method.PRO_RATA, D("250000.00")))

    assert list(found.granted.values()) == [D("84507.04"), D("66901.41"), D("56338.03"), D("42253.52")]


def test_who_would_get_less_than_is_of_use_leaves_it_to_the_others():
    room = [Entry(1, D(1000)), Entry(2, D(1000)), Entry(3, D(8000))]

    found = share(room, Scenario(Method.PRO_RATA, D(5000), least=D(600)))

    assert found.granted == {3: 5000}
    assert found.useless == (1, 2), "equals leave together"


def test_one_rate_for_all_units_tells_the_rate_and_what_is_left():
    room = [Entry(1, D(10**6), units=3), Entry(2, D(10**6), units=4)]

    found = share(room, Scenario(Method.FLOATING, D(100)))

    assert (found.rate, found.left) == (D("14.28"), D("0.04"))
    assert found.granted == {1: D("42.84"), 2: D("57.12")}


def test_who_asked_for_less_than_the_rate_gives_gets_that_and_the_rest_raises_the_rate():
    room = [Entry(1, D(10), units=5), Entry(2, D(1000), units=5)]

    found = share(room, Scenario(Method.FLOATING, D(100)))

    assert found.granted == {1: 10, 2: 90}


def test_below_the_lowest_level_is_in_no_scenario():
    """Case 24."""
    criteria = (Criterion("democracy", D(30), threshold=2), *CRITERIA[1:])
    room = [Entry(1, D(10), (levels(1, 5, 5, 5),)), Entry(2, D(10), (levels(2, 0, 0, 0),))]

    for method in Method:
        found = share(room, Scenario(method, D(100), criteria))
        assert found.barred == (1,)
        assert 1 not in found.granted


@pytest.mark.parametrize("wrong", [{"cap": D(0)}, {"least": D(-1)}, {"pot": D(-1)}])
def test_a_scenario_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"cap|pot"):
        share(ROOM, Scenario(**{"method": Method.RANKED, "pot": D(1), "criteria": CRITERIA} | wrong))


@pytest.mark.parametrize(("key", "to"), [("democracy", 101), ("unknown", 10)])
def test_a_weight_that_cannot_be_moved_is_refused(key, to):
    with pytest.raises(ValueError, match="moved"):
        weight_moved(CRITERIA, key, to)
