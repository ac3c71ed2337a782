"""Principles while they are written: ways to order, rows that move, what follows; and what is remarked on."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.allocation.conditions import All, Either, Not, Number, NumberFact, Op, holds
from facilities.rules.allocation.editing import Order, Part, To, Way, laddered, order_of, plain, rearranged, with_classes
from facilities.rules.allocation.principles import (
    Attractive,
    Effect,
    MinuteLimit,
    Principles,
    PriorityClass,
    Rung,
    Soft,
    Window,
    by_class,
    by_need,
)
from facilities.rules.allocation.sentences import example_sentence
from facilities.rules.allocation.validate import Wrong, is_usable, remarks
from tests.facilities.rules.allocation.municipalities import principles_of
from tests.facilities.rules.allocation.seasons import section
from tests.facilities.rules.allocation.test_principles import conditions

YOUNG = PriorityClass("unga", "Unga", Number(NumberFact.AGE_TO, Op.LESS, 16))
ADULT = PriorityClass("vuxna", "Vuxna", Number(NumberFact.AGE_FROM, Op.MORE, 20))
REST = PriorityClass("andra", "Andra", All())
KEYS = ("unga", "vuxna", "andra")
SET = Principles(name="prov", classes=(YOUNG, ADULT, REST), ladder=by_class(KEYS))
orders = (
    st.builds(Order, st.just(Way.BY_CLASS), st.none() | st.integers(1, 7))
    | st.builds(Order, st.just(Way.BY_NEED), st.integers(2, 7))
    | st.tuples(st.integers(1, 7), st.integers(1, 7)).map(lambda two: Order(Way.AT_MOST, max(two), min(two)))
)


@given(orders, st.integers(1, 3))
def test_ladder_of_an_order_is_recognised(order, classes):
    keys = KEYS[:classes]
    found = order_of(laddered(order, keys), keys)
    assert found is not None
    assert laddered(found, keys) == laddered(order, keys)


def test_ladder_with_steps_of_its_own_is_of_no_order():
    huddinge = principles_of("Huddinge")
    assert order_of(huddinge.ladder, [each.key for each in huddinge.classes]) is None
    assert order_of((), KEYS) is None


def test_need_order_without_rounds_and_at_most_without_a_number_are_refused():
    for order in (Order(Way.BY_NEED), Order(Way.AT_MOST), Order(Way.AT_MOST, 1, 2)):
        with pytest.raises(ValueError, match=r"round|fewer"):
            laddered(order, KEYS)


def test_class_that_moves_takes_an_ordered_ladder_along():
    moved = rearranged(SET, Part.CLASSES, 1, To.UP)
    assert [each.key for each in moved.classes] == ["vuxna", "unga", "andra"]
    assert moved.ladder == by_class(("vuxna", "unga", "andra"))


def test_class_that_goes_away_is_on_no_step_of_its_own():
    own = replace(SET, ladder=(Rung(("unga", "vuxna"), 1, 1), Rung(("vuxna",), 2), Rung(("unga", "andra"), 2)))
    left = rearranged(own, Part.CLASSES, 1, To.AWAY)
    assert left.ladder == (Rung(("unga",), 1, 1), Rung(("unga", "andra"), 2))


def test_class_with_a_new_key_keeps_its_steps():
    own = replace(SET, ladder=(Rung(("vuxna", "unga"), 1, 1), Rung(("andra",))))
    named = with_classes(own, (replace(YOUNG, key="barn"), ADULT, REST), {"unga": "barn"})
    assert named.ladder == (Rung(("vuxna", "barn"), 1, 1), Rung(("andra",)))


def test_row_at_the_end_stays_and_a_row_that_is_not_there_is_an_error():
    assert rearranged(SET, Part.CLASSES, 0, To.UP) == SET
    assert rearranged(SET, Part.CLASSES, 2, To.DOWN) == SET
    with pytest.raises(IndexError):
        rearranged(SET, Part.WINDOWS, 0, To.AWAY)


@given(conditions, st.integers(0, 60), st.integers(0, 60), st.booleans())
def test_plain_condition_is_true_of_the_same(condition, youngest, oldest, federation):
    somebody = section("A", ages=(youngest, oldest), federation=federation)
    assert holds(plain(condition), somebody) is holds(condition, somebody)
    assert plain(plain(condition)) == plain(condition)


def test_plain_condition_has_no_group_of_one_and_no_double_no():
    assert plain(All((Either((YOUNG.who,)),))) == YOUNG.who
    assert plain(Not(Not(All()))) == All()


def wrongs(**parts):
    return [(each.wrong, each.what) for each in remarks(replace(SET, **parts)) if each.wrong is not Wrong.OVERLAP]


def window(who, effect, since, until):
    return Window(who, since * 60, until * 60, effect)


def test_set_without_classes_or_steps_cannot_be_used():
    assert wrongs(classes=(), ladder=())[:2] == [(Wrong.EMPTY, "classes"), (Wrong.EMPTY, "ladder")]
    assert not is_usable(replace(SET, ladder=()))


def test_ages_far_apart_do_not_hide_anybody():
    assert Wrong.NEVER not in [wrong for wrong, _what in wrongs()]


def test_second_pass_that_nobody_gets_is_said_once():
    found = wrongs(ladder=by_class(KEYS, 1))
    assert (Wrong.ONE_PASS, "ladder") in found
    assert not [what for wrong, what in found if wrong is Wrong.NO_RUNG]


def test_hours_kept_for_those_who_may_not_train_then_are_told():
    evening = window(YOUNG.who, Effect.KEPT, 17, 20)
    afternoon = window(YOUNG.who, Effect.INSIDE, 14, 17)
    assert (Wrong.UNUSED, "1") in wrongs(windows=(evening, afternoon))
    assert (Wrong.UNUSED, "1") not in wrongs(windows=(evening, replace(afternoon, until=18 * 60)))


def test_hours_that_leave_somebody_no_time_are_told_with_the_example():
    week = tuple(range(7))
    early = replace(window(YOUNG.who, Effect.INSIDE, 8, 17), weekdays=week)
    late = replace(window(Number(NumberFact.AGE_TO, Op.LESS, 10), Effect.INSIDE, 18, 20), weekdays=week)
    shut = [each for each in remarks(replace(SET, windows=(early, late))) if each.wrong is Wrong.SHUT]
    assert shut
    assert example_sentence(shut[0].example) == "den äldsta fyller 9 år"


def test_hours_that_nobody_is_of_are_told():
    nobody = All((YOUNG.who, Number(NumberFact.AGE_FROM, Op.MORE, 20)))
    assert (Wrong.WINDOW_NEVER, "1") in wrongs(windows=(window(nobody, Effect.MAINLY, 17, 20),))


def test_equality_needs_hours_and_hours_need_equality():
    assert (Wrong.NO_HOURS, "equality") in wrongs()
    assert (Wrong.NOT_COUNTED, "attractive") in wrongs(attractive=Attractive(), soft=(Soft.DURATIONS,))
    assert not {Wrong.NO_HOURS, Wrong.NOT_COUNTED} & {wrong for wrong, _what in wrongs(attractive=Attractive())}


def test_limit_under_half_an_hour_never_counts():
    assert (Wrong.LIMIT_NEVER, "1") in wrongs(limits=(MinuteLimit(All(), 20),))


def test_need_order_and_ordered_ladders_are_not_remarked_on():
    assert {wrong for wrong, _what in wrongs(ladder=by_need(KEYS, 2), attractive=Attractive())} == set()


def test_example_is_read_as_a_sentence():
    facts = (("age_to", "20"), ("division", ""), ("sport", "ishockey"), ("federation", "False"))
    assert example_sentence(facts) == (
        "den äldsta fyller 20 år, gruppen tränar ishockey och föreningen inte hör till ett specialidrottsförbund"
    )
    assert example_sentence((("division", ""),)) == ""
