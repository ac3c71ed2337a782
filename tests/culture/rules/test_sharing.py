from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from culture.rules.sharing import cost_by_pupils

ORE = st.integers(0, 10**8).map(lambda ore: Decimal(ore) / 100)


@given(ORE, st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 500), max_size=6))
def test_shares_of_a_cost_are_the_cost(cost, pupils):
    shares = cost_by_pupils(cost, pupils)
    assert shares.keys() == pupils.keys()
    assert sum(shares.values()) == (cost if pupils else 0)


def test_cost_is_shared_by_the_pupils_who_came():
    assert cost_by_pupils(Decimal(9000), {"municipal": 60, "independent": 30}) == {
        "independent": Decimal(3000),
        "municipal": Decimal(6000),
    }


def test_cost_of_an_empty_performance_is_shared_equally():
    assert cost_by_pupils(Decimal(100), {"a": 0, "b": 0}) == {"a": Decimal(50), "b": Decimal(50)}
