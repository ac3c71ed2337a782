"""What the public reads of a season: results by group, the lot that anybody can draw again, and who got how much."""

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.allocation import fairness, result
from facilities.rules.allocation.engine import proposed
from facilities.rules.allocation.fairness import AgeGroup, By, Part
from facilities.rules.allocation.plan import Pass
from facilities.rules.allocation.principles import Attractive
from tests.facilities.rules.allocation.seasons import YOUTH_FIRST, season, section

ATTRACTIVE = replace(YOUTH_FIRST, attractive=Attractive(17 * 60, 20 * 60, (0, 1)))


def outcome(key="a", times=(), **facts):
    return result.Outcome(section(key, **facts), "ungdom", "Ungdomar", tuple(times))


def pass_(day, starts, ends, section="a"):
    return Pass(section, day, int(starts * 60), int(ends * 60), "H", ("H",), 0)


@pytest.fixture(scope="module")
def crowded():
    """Two youth groups want the same hour, one gets it; an adult group has another."""
    problem = season(
        section("a", (0, 18, 19), girls=20, boys=0),
        section("b", (0, 18, 19), girls=0, boys=10),
        section("c", (1, 20, 22), (2, 20, 22), ages=(30, 40), girls=8, boys=8, passes=2, shortest=60, longest=120),
    )
    return problem, proposed(problem)


def test_every_group_has_its_outcome_and_the_passes_are_those_of_the_plan(crowded):
    problem, plan = crowded
    rows = result.outcomes(problem, plan)
    assert [row.section.key for row in rows] == ["a", "b", "c"]
    assert sorted(each for row in rows for each in row.passes) == sorted(plan.passes)
    assert sorted((row.given, row.refused) for row in rows[:2]) == [(0, 1), (1, 0)]
    assert (rows[2].class_name, rows[2].minutes, rows[2].refused) == ("Vuxna", 240, 0)


def test_time_is_told_in_a_line(crowded):
    problem, _plan = crowded
    assert result.time_in_short(problem, pass_(0, 18, 19.5)) == "måndag 18.00–19.30 i Hall H"


def test_another_part_of_the_hall_is_no_difference_but_another_time_is():
    before = pass_(0, 18, 19)
    assert not result.differs([before], [replace(before, leaves=("HA",), locked=True)])
    assert result.differs([before], [replace(before, starts=17 * 60)])
    assert result.differs([before], [])


def test_lot_is_drawn_again_with_nothing_but_the_seed(crowded):
    problem, _plan = crowded
    order = result.drawn(problem)
    by_hand = sorted((hashlib.sha256(f"lott|{key}".encode()).hexdigest(), key) for key in "abc")
    assert [(draw.digest, draw.section) for draw in order] == by_hand
    assert [draw.place for draw in order] == [1, 2, 3]


@pytest.mark.parametrize(
    ("day", "starts", "ends", "minutes"),
    [(0, 16, 17, 0), (0, 16.5, 18, 60), (1, 17, 20, 180), (0, 19.5, 21, 30), (0, 20, 21, 0), (2, 18, 19, 0)],
)
def test_attractive_minutes_are_those_within_the_hours_and_the_days(day, starts, ends, minutes):
    assert fairness.attractive_minutes(ATTRACTIVE, pass_(day, starts, ends)) == minutes
    assert fairness.attractive_minutes(YOUTH_FIRST, pass_(day, starts, ends)) == 0


@pytest.mark.parametrize(
    ("oldest", "group"),
    [(12, AgeGroup.CHILDREN), (13, AgeGroup.YOUTH), (20, AgeGroup.YOUTH), (21, AgeGroup.ADULTS), (65, AgeGroup.OLDER)],
)
def test_group_is_counted_among_the_ages_of_its_oldest(oldest, group):
    assert fairness.age_group(section("a", ages=(7, oldest))) == group


def test_passes_and_hours_are_told_for_each_hundred_members():
    rows = [
        outcome("a", [pass_(0, 18, 19.5)], girls=30, boys=0, passes=2),
        outcome("b", [pass_(1, 20, 21, "b")], girls=10, boys=0),
        outcome("c", [], girls=0, boys=15),
    ]
    girls, boys = fairness.parts_by(By.SEX, ATTRACTIVE, rows)[::-1]
    girls, boys = (girls, boys) if girls.key == "girls" else (boys, girls)
    assert (girls.groups, girls.members, girls.met) == (2, 40, Decimal(2) / 3)
    assert girls.passes_per_hundred == Decimal("5.00")
    assert girls.hours_per_hundred == Decimal("6.25")
    assert girls.attractive_per_hundred == Decimal("3.75")
    assert (boys.met, boys.hours_per_hundred) == (0, Decimal("0.00"))


def test_nobody_and_no_wish_have_no_share():
    empty = Part(key="x")
    assert (empty.met, empty.hours_per_hundred) == (None, None)


def test_groups_without_a_sport_stand_last_and_the_same_sport_is_written_in_one_way():
    rows = [outcome("a", sport=""), outcome("b", sport="handboll"), outcome("c", sport="Handboll ")]
    assert [(part.key, part.groups) for part in fairness.parts_by(By.SPORT, ATTRACTIVE, rows)] == [("Handboll", 2), ("", 1)]


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 80), st.sampled_from(["", "Dans", "Golf"])), max_size=8
    )
)
def test_parts_sum_to_the_whole_whatever_they_are_told_apart_by(groups):
    rows = [
        outcome(str(at), [pass_(at % 7, 18, 19, str(at))], girls=girls, boys=boys, ages=(0, oldest), sport=sport)
        for at, (girls, boys, oldest, sport) in enumerate(groups)
    ]
    whole = fairness.parts_by(By.ALL, ATTRACTIVE, rows)
    for by in By:
        parts = fairness.parts_by(by, ATTRACTIVE, rows)
        for name in ("groups", "girls", "boys", "wished", "given", "minutes", "attractive"):
            assert sum(getattr(part, name) for part in parts) == sum(getattr(part, name) for part in whole)
        shown = fairness.shown_parts(parts)
        assert all(part.members == 0 or part.members >= 5 for part in shown)
        assert len(parts) - len(shown) != 1 or len(parts) == 1 or not any(part.members for part in shown)


def test_season_stands_beside_the_one_before_and_what_is_new_stands_alone():
    now, old = (Part(key="girls", given=3), Part(key="mixed")), (Part(key="girls", given=2), Part(key="boys"))
    assert [(row.now.key, row.before and row.before.given) for row in fairness.beside(now, old)] == [
        ("girls", 2),
        ("mixed", None),
    ]


def test_minutes_a_week_are_hours_of_a_season():
    assert fairness.season_hours(90, date(2026, 8, 31), date(2026, 9, 28)) == 6
    with pytest.raises(ValueError, match="does not end"):
        fairness.season_hours(90, date(2026, 9, 1), date(2026, 8, 1))
