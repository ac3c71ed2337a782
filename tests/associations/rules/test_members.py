"""Members in figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.rules.members import BandsDoNotFit, MemberCount, age_in, members_between

FIGURES = (
    MemberCount(0, 6, 4, "girl"),
    MemberCount(7, 20, 30, "girl"),
    MemberCount(7, 20, 25, "boy"),
    MemberCount(7, 20, 5, "boy", at_home=False),
    MemberCount(21, 25, 6, "boy"),
    MemberCount(26, None, 12, "girl"),
)


def test_whole_bands_are_added_up():
    assert members_between(FIGURES, 7, 25) == 66
    assert members_between(FIGURES, 7, None) == 78
    assert members_between(FIGURES, 0, None) == 82


def test_members_can_be_counted_by_sex_and_home():
    assert members_between(FIGURES, 7, 25, sex="girl") == 30
    assert members_between(FIGURES, 7, 25, sex="boy", only_at_home=True) == 31


def test_a_band_that_is_cut_is_never_guessed():
    with pytest.raises(BandsDoNotFit) as cut:
        members_between(FIGURES, 7, 19)
    assert (cut.value.band.age_from, cut.value.band.age_to) == (7, 20)
    with pytest.raises(BandsDoNotFit):
        members_between(FIGURES, 7, 30)


def test_an_empty_band_may_be_cut():
    assert members_between([MemberCount(7, 20, 0), MemberCount(21, None, 3)], 7, 19) == 0


@given(st.lists(st.integers(0, 50), min_size=100, max_size=100), st.integers(0, 99), st.integers(0, 99))
def test_with_one_band_per_year_every_member_is_counted_once(by_age, age_from, age_to):
    counts = [MemberCount(age, age, count) for age, count in enumerate(by_age)]
    if age_from <= age_to:
        inside = members_between(counts, age_from, age_to)
        below = members_between(counts, 0, age_from - 1) if age_from else 0
        assert below + inside + members_between(counts, age_to + 1, None) == sum(by_age)


@pytest.mark.parametrize(("band"), [(-1, 6, 1), (7, 6, 1), (7, 20, -1)])
def test_an_impossible_band_cannot_be_made(band):
    with pytest.raises(ValueError, match="age band"):
        MemberCount(*band)


def test_age_is_the_year_one_turns():
    """Case 53."""
    assert age_in(2026, 2019) == 7
    assert age_in(2026, 2001) == 25
    assert age_in(2026, 2000) == 26


def test_nobody_has_an_age_before_birth():
    with pytest.raises(ValueError, match="born"):
        age_in(2026, 2027)
