"""Principles tried on wishes by counting."""

from dataclasses import replace

from facilities.rules.allocation.principles import Effect, MinuteLimit, Window, by_class
from facilities.rules.allocation.trial import Less, tried
from tests.facilities.rules.allocation.seasons import ADULTS, YOUTH, YOUTH_FIRST, season, section

WEEK = tuple((day, 17, 20) for day in range(5))
YOUNG = section("A", *WEEK, passes=3)
OLD = section("B", *WEEK, ages=(21, 60), passes=2)


def row(trial, key):
    return next(each for each in trial.groups if each.name == key)


def test_each_group_falls_in_its_class_and_each_class_is_counted():
    trial = tried(season(YOUNG, OLD, section("C", *WEEK)), YOUTH_FIRST)
    assert [(each.class_key, each.name) for each in trial.groups] == [("ungdom", "A"), ("ungdom", "C"), ("vuxna", "B")]
    assert [(each.name, each.groups, each.wished, each.possible) for each in trial.classes] == [
        ("Ungdomar under 20 år", 2, 4, 4),
        ("Vuxna", 1, 2, 2),
    ]
    assert [(each.groups, each.passes, each.so_far) for each in trial.steps] == [(2, 4, 4), (1, 2, 6)]
    assert (trial.total.groups, trial.total.wished) == (3, 6)


def test_group_of_no_class_comes_first_and_gets_nothing():
    only = replace(YOUTH_FIRST, classes=(YOUTH,), ladder=by_class(("ungdom",)))
    trial = tried(season(YOUNG, OLD), only)
    assert (trial.groups[0].name, trial.groups[0].less, trial.groups[0].possible) == ("B", Less.CLASS, 0)
    assert [each.name for each in trial.classes] == ["Ungdomar under 20 år", ""]


def test_order_and_limit_make_it_less():
    once = replace(YOUTH_FIRST, ladder=by_class(("ungdom", "vuxna"), 1))
    assert (row(tried(season(YOUNG), once), "A").allowed, row(tried(season(YOUNG), once), "A").less) == (1, Less.ORDER)
    limited = replace(YOUTH_FIRST, limits=(MinuteLimit(YOUTH.who, 120),))
    assert (row(tried(season(YOUNG), limited), "A").allowed, row(tried(season(YOUNG), limited), "A").less) == (2, Less.ORDER)


def test_hours_of_others_make_it_less_and_are_counted():
    kept = replace(YOUTH_FIRST, windows=(Window(YOUTH.who, 17 * 60, 20 * 60, Effect.KEPT, (0, 1, 2, 3)),))
    found = row(tried(season(OLD), kept), "B")
    assert (found.allowed, found.possible, found.less) == (2, 1, Less.HOURS)
    assert found.shut == 4 * 5  # five beginnings of an hour on each of four days


def test_principles_without_classes_are_tried_too():
    empty = replace(YOUTH_FIRST, classes=(), ladder=())
    trial = tried(season(YOUNG), empty)
    assert (trial.total.possible, trial.steps, [each.name for each in trial.classes]) == (0, (), [""])


def test_season_with_other_principles_is_tried_by_those_asked_for():
    adults_first = replace(YOUTH_FIRST, classes=(ADULTS, YOUTH), ladder=by_class(("vuxna", "ungdom")))
    assert row(tried(season(YOUNG), adults_first), "A").class_key == "vuxna"
