"""Rules GC-01 to GC-02: assessors beside each other. Rules GD-01 to GD-02: the same thing applied for twice."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from grants.rules.calibration import Given, is_apart, standings
from grants.rules.double_funding import Sought, alike, signs

D = Decimal
TEXT = "Öppen scen varje torsdag där ungdomar prövar teater, musik och berättande tillsammans med professionella ledare"


def test_an_assessor_is_compared_on_shared_applications_only():
    given_scores = [Given(1, 10, D(4)), Given(2, 10, D(3)), Given(1, 11, D(1)), Given(3, 10, None)]

    one, two = standings(given_scores)

    assert (one.count, one.mean, one.shared, one.difference) == (2, D("2.50"), 1, D("1.00"))
    assert (two.count, two.shared, two.difference) == (1, 1, D("-1.00"))


def test_one_who_shares_nothing_is_compared_with_nobody():
    (only,) = standings([Given(1, 10, D(4))])
    assert (only.shared, only.difference) == (0, None)


@given(
    st.lists(
        st.builds(
            Given, st.integers(1, 4), st.integers(1, 5), st.one_of(st.none(), st.integers(0, 500).map(lambda n: D(n) / 100))
        ),
        unique_by=lambda each: (each.assessor, each.application),
    )
)
def test_nobodys_score_is_changed_and_two_who_share_everything_mirror_each_other(given_scores):
    found = {each.assessor: each for each in standings(given_scores)}
    for assessor, each in found.items():
        mine = [row.score for row in given_scores if row.assessor == assessor and row.score is not None]
        assert each.count == len(mine)
        assert abs(each.mean * len(mine) - sum(mine)) <= D("0.005") * len(mine)
    if len(found) == 2 and all(each.shared == each.count for each in found.values()):
        one, two = found.values()
        assert abs(one.difference + two.difference) <= D("0.01")


def test_scores_a_whole_point_apart_are_worth_talking_about():
    assert is_apart([D("3.5"), D("2.5")], D(1))
    assert not is_apart([D("3.5"), D("2.51")], D(1))
    assert not is_apart([D("3.5")], D(1))


def test_the_same_text_is_alike_whatever_the_order_and_short_texts_say_nothing():
    assert alike(TEXT, " ".join(reversed(TEXT.split()))) == 1
    assert alike("Öppen scen", "Öppen scen") == 0
    assert alike(TEXT, "Fotbollsskola sommartid dagligen flickor tjejer matcher planen tränare nybörjare anläggning") == 0


@given(st.text(), st.text())
def test_likeness_is_the_same_both_ways_and_at_most_one(one, other):
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1


def test_the_same_text_or_amount_in_another_scheme_is_a_sign():
    one = Sought("extra", 2027, D(50000), TEXT, frozenset({"integration"}))

    assert signs(one, Sought("summer", 2027, D(50000), TEXT)) == ("same_text", "same_amount")
    assert signs(one, Sought("summer", 2028, D(10), TEXT)) == ("same_text",)
    assert signs(one, Sought("summer", 2027, D(10), "", frozenset({"integration"}))) == ("same_aim",)
    assert signs(one, Sought("summer", 2027, D(10), "")) == ()


def test_yearly_support_sought_every_year_is_no_sign():
    one = Sought("yearly", 2026, D(50000), TEXT)
    assert signs(one, Sought("yearly", 2027, D(50000), TEXT)) == ()
    assert signs(one, Sought("yearly", 2026, D(50000), TEXT)) == ("same_text", "same_amount")
