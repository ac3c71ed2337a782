"""Locks and edits, what they cost whom, and the reasons; seasons large enough for the search and its windows."""

from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.data.seasons import season as made_up
from benchmarks.data.seasons import with_last_season
from facilities.rules.allocation import engine
from facilities.rules.allocation.check_proofs import errors_in
from facilities.rules.allocation.edits import costs_of, replanned
from facilities.rules.allocation.engine import Effort, proposed
from facilities.rules.allocation.locks import LockImpossible
from facilities.rules.allocation.named import Answer, could_have_more
from facilities.rules.allocation.plan import plan_bytes
from facilities.rules.allocation.problem import Fixed, Refused, Standing, Wished
from facilities.rules.allocation.reasons import Why, reasons
from facilities.rules.allocation.told import told
from tests.facilities.rules.allocation.seasons import hall, season, section, times

QUICK = Effort(rung_sweeps=1, soft_sweeps=0, rung_limit=0.01, nodes=40)


@cache
def crowded():
    """Three halls, more wishes than there is time, and last season's times."""
    plain = made_up("small")
    halls = tuple(each for each in plain.halls if each.key != "H002")
    sections = tuple(
        replace(each, spaces=tuple(wish for wish in each.spaces if wish.hall != "H002") or (Wished("H000", 1),))
        for each in plain.sections
    )
    problem = replace(
        plain,
        halls=halls,
        openings=tuple(each for each in plain.openings if each.hall != "H002"),
        standing=tuple(each for each in plain.standing if each.hall != "H002"),
        sections=sections,
    )
    return with_last_season(problem, proposed(problem, QUICK).passes)


@cache
def plan_of_crowded():
    return proposed(crowded(), QUICK)


def test_plan_of_a_crowded_season_holds_and_every_refusal_is_certified():
    problem, plan = crowded(), plan_of_crowded()
    why = reasons(problem, plan)
    assert errors_in(problem, plan, why) == []
    assert len(why.refusals) > 3
    assert all(refusal.certified for refusal in why.refusals)


def test_plan_of_a_crowded_season_is_the_same_bytes_in_any_order():
    problem, random = crowded(), Random(5)
    mixed = replace(
        problem,
        halls=tuple(random.sample(problem.halls, len(problem.halls))),
        sections=tuple(random.sample(problem.sections, len(problem.sections))),
        openings=tuple(random.sample(problem.openings, len(problem.openings))),
    )
    assert plan_bytes(proposed(mixed, QUICK)) == plan_bytes(plan_of_crowded())


def test_the_checker_finds_what_is_wrong():
    problem, plan = crowded(), plan_of_crowded()
    first = plan.passes[0]
    other = next(each for each in plan.passes if each.section != first.section)
    moved = replace(other, hall=first.hall, leaves=first.leaves, weekday=first.weekday, starts=first.starts, ends=first.ends)
    twice = replace(plan, passes=tuple(sorted({*plan.passes, moved} - {other})))
    assert any("held by" in error for error in errors_in(problem, twice))
    gone = replace(plan, passes=plan.passes[1:])
    assert any("is told" in error for error in errors_in(problem, gone))
    why = reasons(problem, plan)
    held = next(refusal for refusal in why.refusals if refusal.why is Why.HELD)
    forged = replace(why, refusals=tuple(replace(each, blocked=()) if each == held else each for each in why.refusals))
    assert any("nothing proves" in error for error in errors_in(problem, plan, forged))


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.data())
def test_edit_is_obeyed_and_the_plan_still_holds(data):
    problem, plan = crowded(), plan_of_crowded()
    each = data.draw(st.sampled_from(plan.passes))
    kind = data.draw(st.sampled_from(("lock", "refuse", "close")))
    if kind == "lock":
        edited = replace(problem, fixed=(Fixed(each.section, each.hall, each.weekday, each.starts, each.ends),))
    elif kind == "refuse":
        edited = replace(problem, refused=(Refused(each.section, each.hall, each.weekday),))
    else:
        match = Standing(hall=each.hall, space=each.hall, weekday=each.weekday, starts=each.starts, ends=each.ends, label="Match")
        edited = replace(problem, standing=(*problem.standing, match))
    after = replanned(edited, plan)
    assert errors_in(edited, after, reasons(edited, after)) == []
    assert plan_bytes(replanned(edited, plan)) == plan_bytes(after)
    if kind == "lock":
        assert {cost.lost for cost in costs_of(plan, after)} <= {0}


def test_edit_that_changes_nothing_moves_nobody():
    assert costs_of(plan_of_crowded(), replanned(crowded(), plan_of_crowded())) == ()


def test_one_pass_moves_when_its_time_is_closed_and_another_is_free():
    problem = season(section("A", (0, 18, 20)), section("B", (0, 18, 20)))
    plan = proposed(problem)
    first = next(each for each in plan.passes if each.starts == 18 * 60)
    late = Standing(hall="H", space="H", weekday=0, starts=18 * 60, ends=18 * 60 + 30, label="Match")
    open_longer = replace(
        problem,
        standing=(late,),
        sections=tuple(
            replace(each, suits=(*each.suits, replace(each.suits[0], starts=20 * 60, ends=22 * 60))) for each in problem.sections
        ),
    )
    after = replanned(open_longer, plan)
    assert [cost.section for cost in costs_of(plan, after)] == [first.section]
    assert len(after.passes) == 2


def test_locks_in_each_others_way_are_told():
    problem = season(section("A", (0, 18, 20)), section("B", (0, 18, 20)))
    both = replace(problem, fixed=(Fixed("A", "H", 0, 1080, 1140), Fixed("B", "H", 0, 1110, 1170)))
    with pytest.raises(LockImpossible) as told:
        proposed(both)
    assert [each.section for each in told.value.locks] == ["B"]


def test_lock_takes_time_from_an_earlier_rung_and_the_cost_is_shown():
    problem = season(section("Y", (0, 18, 19)), section("X", (0, 18, 19), ages=(30, 50)))
    plan = proposed(problem)
    after = replanned(replace(problem, fixed=(Fixed("X", "H", 0, 1080, 1140),)), plan)
    assert [(cost.section, cost.lost, cost.gained) for cost in costs_of(plan, after)] == [("X", 0, 1), ("Y", 1, 0)]


def test_refusal_tells_what_holds_the_time_and_what_could_be_wished_instead():
    problem = season(section("Y", (0, 18, 19)), section("X", (0, 18, 19), ages=(30, 50)))
    (refusal,) = reasons(problem, proposed(problem)).refusals
    blocked = refusal.nearest
    assert (blocked.hall, blocked.weekday, blocked.at, blocked.room, blocked.needs) == ("H", 0, 18 * 60, 1, 1)
    assert [(holder.section, holder.rung) for holder in blocked.holders] == [("Y", 0)]
    assert refusal.elsewhere[0] == ("H", 0, 16 * 60)


def test_reasons_are_told_in_swedish():
    problem = season(section("Y", (0, 18, 19)), section("X", (0, 18, 19), ages=(30, 50), longest=90))
    why = reasons(problem, proposed(problem))
    assert told(problem, why, "Y") == (
        (
            "Pass 1: måndag 18.00–19.00 i Hall H, förstahandsval, lokal 1 av 1 i önskad ordning.",
            "Det gavs på steg 1 till Ungdomar under 20 år.",
        ),
    )
    ((begins, held, nearest, elsewhere),) = told(problem, why, "X")
    assert begins == "Pass 1 gavs inte."
    assert held == (
        "Passet står på steg 2. Den enda tid som går att få enligt önskemålet hålls av grupper på samma steg eller tidigare: "
        "Klubb Y Y (steg 1)."
    )
    assert "finns 1 del, 1 hålls av Klubb Y Y och passet behöver 1." in nearest
    assert elsewhere.startswith("Ledigt just nu utanför önskemålet: måndag 16.00 i Hall H")


def test_every_wished_pass_of_a_crowded_season_is_told():
    problem = crowded()
    why = reasons(problem, plan_of_crowded())
    for each in problem.sections:
        lines = told(problem, why, each.key)
        assert len(lines) == each.passes
        assert all(line.endswith(".") for pass_ in lines for line in pass_)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"passes": 2}, Why.DAYS),
        ({"spaces": (Wished("H", 9),)}, Why.NO_OPTION),
        ({"spaces": ()}, Why.NO_OPTION),
    ],
)
def test_pass_that_no_placement_could_be_says_why(facts, why):
    problem = season(section("A", (0, 18, 20), **facts))
    refusals = reasons(problem, proposed(problem)).refusals
    assert [refusal.why for refusal in refusals] == [why]
    assert errors_in(problem, proposed(problem), reasons(problem, proposed(problem))) == []


def test_named_section_is_told_whether_it_could_have_more():
    problem = season(section("Y", (0, 18, 19)), section("Z", (0, 18, 19)), section("X", (0, 18, 19), ages=(30, 50)))
    plan = proposed(problem)
    refused = next(each.section for each in reasons(problem, plan).refusals if each.section != "X")
    assert could_have_more(problem, plan, refused) is Answer.NOT_WITHOUT_TAKING
    assert could_have_more(problem, plan, plan.passes[0].section) is Answer.HAS_ALL
    wider = replace(
        problem, sections=tuple(replace(each, suits=(replace(each.suits[0], ends=20 * 60),)) for each in problem.sections)
    )
    assert could_have_more(wider, plan, refused) is Answer.COULD
    assert could_have_more(wider, plan, refused, limit=0.0) in {Answer.NOT_PROVED, Answer.COULD}


def test_half_of_a_hall_that_is_divided_otherwise_is_not_promised():
    """Counting says two of four quarters are free all evening; no half is, and the parts are what is verified."""
    quarters = hall("H", "ABCD")
    halves = replace(
        quarters,
        spaces=(
            quarters.spaces[0],
            *(replace(quarters.spaces[1], key=f"H{n}", parent="H") for n in "12"),
            *(replace(each, parent="H1" if each.key in {"HA", "HB"} else "H2") for each in quarters.spaces[1:]),
        ),
    )
    one = {"spaces": (Wished("H", 1),), "shortest": 120, "longest": 120}
    problem = season(
        section("A", (0, 17, 19), **one),
        section("B", (0, 17, 19), **one),
        section("C", (0, 18, 20), spaces=(Wished("H", 2),), shortest=120, longest=120),
        section("D", (0, 18, 20), spaces=(Wished("H", space="HA"),), shortest=120, longest=120),
        halls=(halves,),
    )
    plan = proposed(problem)
    assert errors_in(problem, plan, reasons(problem, plan)) == []


def test_search_and_whole_window_agree_on_what_is_given(monkeypatch):
    problem = season(
        *(section(f"S{n}", *((day, 17, 20) for day in range(1 + n % 2)), passes=1 + n % 2, longest=90) for n in range(7))
    )
    whole = proposed(problem)
    monkeypatch.setattr(engine, "TINY", 0)
    searched = proposed(problem)
    assert errors_in(problem, searched, reasons(problem, searched)) == []
    assert searched.vector()[:2] == whole.vector()[:2]
    assert times(searched, "S0")
