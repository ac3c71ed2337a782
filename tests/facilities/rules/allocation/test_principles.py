"""Principles as data: five municipalities' sets, what they give, what is refused, and the Swedish beside the meaning."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.allocation.check_proofs import errors_in
from facilities.rules.allocation.conditions import (
    All,
    Either,
    Flag,
    FlagFact,
    Not,
    NotUnderstood,
    Number,
    NumberFact,
    Op,
    Text,
    TextFact,
    condition_from_json,
    condition_to_json,
)
from facilities.rules.allocation.engine import proposed
from facilities.rules.allocation.principles import (
    Principles,
    PriorityClass,
    Rung,
    at_most_before,
    by_class,
    by_need,
    class_of,
    principles_from_json,
    principles_to_json,
)
from facilities.rules.allocation.problem import Standing, Wished
from facilities.rules.allocation.reasons import Why, reasons
from facilities.rules.allocation.sentences import published
from facilities.rules.allocation.validate import Wrong, is_usable, remarks
from tests.facilities.rules.allocation.municipalities import SETS, principles_of
from tests.facilities.rules.allocation.seasons import hall, season, section, suits, times


def planned(name, *sections, **facts):
    problem = season(*sections, principles=principles_of(name), **facts)
    plan = proposed(problem)
    assert errors_in(problem, plan, reasons(problem, plan)) == []
    return problem, plan


@pytest.mark.parametrize("name", SETS)
def test_sets_of_municipalities_can_be_used_and_come_back_as_they_were(name):
    principles = principles_of(name)
    assert is_usable(principles)
    assert {remark.wrong for remark in remarks(principles)} <= {Wrong.OVERLAP, Wrong.NO_HOURS}
    assert principles_from_json(principles_to_json(principles)) == principles


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({}, "P1"),
        ({"federation": False}, "P2"),
        ({"months": 5}, "P3"),
        ({"ages": (21, 70)}, "P4"),
        ({"kind": "private"}, "P5"),
    ],
)
def test_lerum_puts_a_section_in_its_class(facts, key):
    assert class_of(principles_of("Lerum"), section("A", (0, 17, 18), **facts)).key == key


def test_gothenburg_keeps_weekdays_between_five_and_eight_for_children():
    children = section("B", (0, 17, 18), ages=(9, 11))
    adults = section("V", (0, 17, 21), (5, 17, 18), ages=(21, 60))
    _problem, plan = planned("Göteborg", children, replace(adults, passes=2))
    assert times(plan, "B") == [(0, 17, 18)]
    assert times(plan, "V")[0][1] >= 20
    assert times(plan, "V")[1] == (5, 17, 18)


def test_hudiksvall_lets_nobody_under_sixteen_train_after_eight():
    young = section("U", (0, 19.5, 21), ages=(12, 15))
    problem, plan = planned("Hudiksvall", young)
    assert plan.passes == ()
    (refusal,) = reasons(problem, plan).refusals
    assert (refusal.why, refusal.lost) == (Why.NO_OPTION, (("principles", 2),))
    assert refusal.elsewhere[0][2] <= 19 * 60  # a time it could have if it wished it


def test_karlskrona_gives_everyone_some_time_before_anybody_gets_more():
    young = section("U", (0, 18, 19), (1, 18, 19), passes=2)
    adults = section("V", (0, 18, 19), ages=(30, 50))
    _problem, plan = planned("Karlskrona", young, adults)
    assert times(plan, "U") == [(1, 18, 19)]
    assert times(plan, "V") == [(0, 18, 19)]


def test_lerum_gives_a_class_all_it_wishes_before_the_next():
    young = section("U", (0, 18, 19), (1, 18, 19), passes=2)
    adults = section("V", (0, 18, 19), ages=(30, 50))
    _problem, plan = planned("Lerum", young, adults)
    assert times(plan, "U") == [(0, 18, 19), (1, 18, 19)]
    assert times(plan, "V") == []


def test_huddinge_lays_in_what_stands_first_and_counts_minutes_by_division():
    week = [(day, 18, 21) for day in range(5)]
    team = section("T", *week, ages=(21, 35), division="division 3", passes=3, shortest=60, longest=90)
    problem, plan = planned(
        "Huddinge", team, standing=(Standing(hall="H", space="H", weekday=0, starts=960, ends=1320, label="Spontanidrott"),)
    )
    assert sum(ends - starts for _day, starts, ends in times(plan, "T")) == 2  # 120 minutes
    assert 0 not in {day for day, *_ in times(plan, "T")}
    assert [refusal.why for refusal in reasons(problem, plan).refusals] == [Why.LIMIT]


def test_huddinge_puts_seniors_mainly_after_nine():
    seniors = section("S", (0, 17, 22), ages=(21, 60))
    _problem, plan = planned("Huddinge", seniors)
    assert times(plan, "S") == [(0, 21, 22)]


def test_huddinge_shares_attractive_time_between_girls_and_boys():
    halves = hall("H", "AB")
    wish = {"passes": 1, "spaces": (Wished("H", 1),)}
    groups = [
        section(f"{sex}{n}", (0, 17, 18), girls=10 * (sex == "F"), boys=10 * (sex == "P"), **wish) for sex in "FP" for n in "12"
    ]
    _problem, plan = planned("Huddinge", *groups, halls=(halves,))
    assert sorted(each.section[0] for each in plan.passes) == ["F", "P"]


def test_local_area_goes_first_where_the_principles_say_so():
    north, south = hall("N", area="norr"), hall("S", area="söder")
    group = section("A", (0, 18, 19), area="söder", spaces=(Wished("N"), Wished("S")))
    _problem, plan = planned("Karlskrona", group, halls=(north, south))
    assert [each.hall for each in plan.passes] == ["S"]


def test_nobody_has_more_than_two_before_everyone_has_one():
    ladder = at_most_before(by_class(("A", "B")), most=2, everyone=1)
    order = [(rung.classes[0], rung.first, rung.last) for rung in ladder]
    assert order == [("A", 1, 1), ("A", 2, 2), ("B", 1, 1), ("A", 3, None), ("B", 2, 2), ("B", 3, None)]


def test_everyone_gets_some_time_is_an_order_of_rungs():
    ladder = at_most_before(by_class(("A", "B")), most=1, everyone=1)
    assert [(rung.classes[0], rung.first) for rung in ladder] == [("A", 1), ("B", 1), ("A", 2), ("B", 2)]
    assert [(rung.classes[0], rung.first) for rung in by_need(("A", "B"), 2)] == [("A", 1), ("B", 1), ("A", 2), ("B", 2)]


def test_published_principles_are_swedish_beside_their_meaning():
    lines = published(principles_of("Lerum"))
    assert lines[3].sentence == "Andra föreningar är de grupper där den som söker är en förening."
    assert lines[3].formal == "P4: kind in (association)"
    assert "den äldsta fyller högst 20 år" in lines[0].sentence
    assert lines[5].sentence.startswith("1. Alla pass till Förening i specialförbund")
    kept = next(line for line in published(principles_of("Göteborg")) if line.part == "windows")
    assert kept.sentence == (
        "Tiden vardagar 17.00–20.00 är bara för grupper där den yngsta fyller minst 7 år och den äldsta fyller högst 16 år."
    )


def _set(*classes, ladder):
    return Principles(name="prov", classes=classes, ladder=ladder)


A = PriorityClass("A", "A", Number(NumberFact.AGE_TO, Op.LESS, 20))
REST = PriorityClass("R", "Alla andra", All())


@pytest.mark.parametrize(
    ("principles", "wrong", "what"),
    [
        (_set(A, ladder=(Rung(("A",)),)), Wrong.NO_CLASS, ""),
        (_set(A, REST, ladder=(Rung(("A",)),)), Wrong.NO_RUNG, "R 1"),
        (_set(A, REST, ladder=(Rung(("A", "R"), 1, 2),)), Wrong.NO_RUNG, "A 3"),
        (_set(A, REST, ladder=(Rung(("A",)), Rung(("A",), 2), Rung(("R",)))), Wrong.RUNG_TWICE, "A 2"),
        (_set(A, REST, ladder=(Rung(("A",), 2), Rung(("A",), 1, 1), Rung(("R",)))), Wrong.RUNG_ORDER, "A 2"),
        (_set(REST, A, ladder=(Rung(("A",)), Rung(("R",)))), Wrong.NEVER, "A"),
        (_set(REST, A, ladder=(Rung(("A",)), Rung(("R",)))), Wrong.UNREACHABLE, "1"),
        (_set(A, REST, ladder=(Rung(("A", "R")), Rung(("X",)))), Wrong.UNKNOWN_CLASS, "2: X"),
        (_set(A, REST, ladder=(Rung(("A", "R")), Rung(("R",), 8))), Wrong.UNREACHABLE, "2"),
        (_set(A, A, REST, ladder=(Rung(("A", "R")),)), Wrong.SAME_KEY, "A"),
        (_set(A, REST, ladder=(Rung(("A", "R"), 2, 1),)), Wrong.EMPTY_RUNG, "1"),
        (_set(A, REST, ladder=(Rung(("A", "R")),)), Wrong.OVERLAP, "A R"),
    ],
)
def test_gaps_overlaps_and_rungs_out_of_reach_are_told(principles, wrong, what):
    assert (wrong, what) in [(remark.wrong, remark.what) for remark in remarks(principles)]


def test_gap_is_shown_by_somebody_who_falls_into_it():
    gap = next(each for each in remarks(_set(A, ladder=(Rung(("A",)),))) if each.wrong is Wrong.NO_CLASS)
    assert gap.example == (("age_to", "20"),)


@pytest.mark.parametrize(
    "data",
    [
        {"fact": "age_to", "is": "<", "value": "20"},
        {"fact": "age_to", "is": "__import__", "value": 1},
        {"fact": "salary", "is": "<", "value": 1},
        {"fact": "sex", "is": "in", "value": []},
        {"fact": "federation", "is": "=", "value": 1},
        {"all": {}},
        {"eval": "1"},
        "age_to < 20",
    ],
)
def test_what_is_not_of_the_language_is_refused_and_never_guessed(data):
    with pytest.raises(NotUnderstood):
        condition_from_json(data)


def test_principles_with_unknown_words_are_refused():
    with pytest.raises(NotUnderstood, match="unknown words"):
        principles_from_json({**SETS["Lerum"], "bonus": 1})
    with pytest.raises(NotUnderstood, match=r"classes\[0\]\.who"):
        principles_from_json({**SETS["Lerum"], "classes": [{"key": "A", "name": "A", "who": {"if": 1}}]})


conditions = st.recursive(
    st.builds(Number, st.sampled_from(NumberFact), st.sampled_from(Op), st.integers(-1, 100))
    | st.builds(Text, st.sampled_from(TextFact), st.lists(st.text(max_size=5), min_size=1, max_size=3).map(tuple))
    | st.builds(Flag, st.sampled_from(FlagFact), st.booleans()),
    lambda inner: (
        st.builds(All, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Either, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=8,
)


@given(conditions)
def test_condition_comes_back_from_json_as_it_was(condition):
    assert condition_from_json(condition_to_json(condition)) == condition


def test_part_of_a_season_leaves_the_rest_to_others():
    autumn = section("H", (0, 18, 19), until=date(2027, 12, 20))
    spring = section("V", (0, 18, 19), since=date(2027, 12, 20))
    _problem, plan = planned("Lerum", autumn, spring)
    assert times(plan, "H") == times(plan, "V") == [(0, 18, 19)]


def test_pass_may_end_at_midnight():
    late = section("M", (0, 23, 24), ages=(21, 60))
    problem = season(late, openings=())
    assert proposed(problem).passes == ()
    from_open = replace(problem, openings=tuple(each for each in season(late).openings))
    midnight = replace(from_open, openings=tuple(replace(each, closes=24 * 60) for each in from_open.openings))
    assert times(proposed(midnight), "M") == [(0, 23, 24)]


def test_second_choice_costs_and_first_choice_is_kept():
    group = section("A", (0, 18, 19))
    group = replace(group, suits=(*suits((0, 17, 18), choice=2), *group.suits))
    _problem, plan = planned("Lerum", group)
    assert times(plan, "A") == [(0, 18, 19)]
