"""Proposals: asked for, computed once, edited, compared, published whole or not at all; and planned again."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from culture import actions
from culture.models import Message, Performance, PlanRow, PlanRun, Visit
from culture.problem import build
from culture.solving import solve
from culture.tasks import sweep_plans
from records.models import Event, Letter
from records.refusals import NotAllowedNow
from tests.culture.conftest import AT, cohort, noon
from tests.culture.first_fit import first_fit

AUTUMN = noon(2026, 10, 20)
LATER = noon(2026, 10, 21)


@pytest.fixture
def propose(planner, year):
    """propose() -> a computed proposal."""

    def make(*, at=AUTUMN, base=None, solve=first_fit, seed=7):
        run = actions.ask_for_plan(year, by=planner, at=at, base=base, seed=seed)
        actions.compute_plan(run.pk, at=at, clock=lambda: at, solve=solve)
        return PlanRun.objects.get(pk=run.pk)

    return make


@pytest.fixture
def town(add_class, alby, berga, add_offer, plan):
    """Three classes of year 5 and two performances of different events on different days, sixty seats each."""
    classes = [add_class(alby, "5A", {5: 24}), add_class(alby, "5B", {5: 22}), add_class(berga, "5A", {5: 20})]
    performances = [plan(add_offer("Trollet", [5]), date(2027, 2, 10)), plan(add_offer("Dansen", [5]), date(2027, 3, 2))]
    return classes, performances


def _places(run):
    return {(row.class_group.name, row.class_group.school.name, row.performance.offer.title) for row in run.rows.all()}


def test_proposal_is_computed_from_a_frozen_problem_once(town, propose, planner):
    run = propose()

    assert run.status == "done"
    assert (run.unserved, run.bound, run.verdict["ok"]) == (0, 0, True)
    assert run.progress == {"level": "unserved", "done": 3, "of": 3}
    assert _places(run) == {
        ("5A", "Albyskolan", "Trollet"),
        ("5B", "Albyskolan", "Trollet"),
        ("5A", "Bergaskolan", "Dansen"),
    }
    assert actions.compute_plan(run.pk, at=LATER, solve=first_fit) is False
    assert not Visit.objects.exists(), "a proposal books nothing"
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        PlanRun.objects.filter(pk=run.pk).update(problem="{}")


def test_same_problem_and_seed_give_the_same_bytes(town, propose):
    one, other = propose(), propose()

    assert (one.problem, one.result, one.result_sha256) == (other.problem, other.result, other.result_sha256)


def test_broken_computation_says_why_and_leaves_nothing(town, propose):
    def broken(_problem, _report):
        raise ZeroDivisionError("nothing to divide")

    run = propose(solve=broken)

    assert (run.status, run.error) == ("failed", "ZeroDivisionError: nothing to divide")
    assert not run.rows.exists()


def test_proposal_whose_worker_died_is_taken_up_again_and_then_given_up(town, planner, year):
    run = actions.ask_for_plan(year, by=planner, at=AUTUMN, seed=7)
    assert actions.runs_to_compute(at=AUTUMN) == [run.pk]

    for attempt in range(1, 4):
        PlanRun.objects.filter(pk=run.pk).update(status="running", attempts=attempt, heartbeat_at=AUTUMN)
        assert actions.runs_to_compute(at=AUTUMN + timedelta(minutes=19)) == []
        assert actions.runs_to_compute(at=AUTUMN + timedelta(minutes=21)) == ([run.pk] if attempt < 3 else [])

    run.refresh_from_db()
    assert (run.status, run.error) == ("failed", "Beräkningen avbröts flera gånger.")
    sweep_plans()


def test_proposal_that_is_thrown_away_meanwhile_keeps_no_result(town, planner, year):
    run = actions.ask_for_plan(year, by=planner, at=AUTUMN, seed=7)

    def dropped_meanwhile(problem, report):
        actions.drop_plan(run, by=planner, at=AUTUMN)
        return first_fit(problem, report)

    assert actions.compute_plan(run.pk, at=AUTUMN, solve=dropped_meanwhile) is False
    run.refresh_from_db()
    assert (run.status, run.result) == ("dropped", "")


def test_publishing_books_everything_and_tells_each_school_once(town, propose, planner, year):
    _classes, _performances = town
    run = propose()

    told = actions.publish_plan(run, by=planner, at=LATER)

    assert len(told) == 3
    rows = Visit.objects.order_by("pk")
    assert {(row.status, row.source, row.answer) for row in rows} == {("booked", "plan", "none")}
    assert sorted(Performance.objects.values_list("seats_taken", flat=True)) == [22, 50]
    letters = Letter.objects.filter(key__startswith="culture.published")
    assert sorted(letter.addressee for letter in letters) == ["Albyskolan", "Bergaskolan"]
    assert "30 november 2026" in letters[0].html
    assert actions.differences(year) == []
    year.refresh_from_db()
    run.refresh_from_db()
    assert (run.status, year.plan_published_at) == ("published", LATER)
    assert {row.visit_id for row in run.rows.all()} == {row.pk for row in rows}
    with pytest.raises(NotAllowedNow):
        actions.publish_plan(run, by=planner, at=LATER)
    assert Message.objects.filter(kind="published").count() == 2


def test_publishing_is_all_or_nothing(town, propose, planner, visit, add_class, alby):
    """Somebody took seats meanwhile."""
    _classes, performances = town
    run = propose()
    visit(add_class(alby, "5X", {5: 28}), performances[0], at=LATER)

    with pytest.raises(actions.NoLongerHolds) as refused:
        actions.publish_plan(run, by=planner, at=LATER)

    assert [(trouble.row.class_group.name, str(trouble.sentence)) for trouble in refused.value.troubles] == [
        ("5B", "Det finns inte längre plats för klassen.")
    ]
    assert Visit.objects.count() == 1
    assert not Message.objects.exists()


def test_class_that_grew_is_counted_as_it_is_when_published(town, propose, planner, teacher):
    classes, _performances = town
    run = propose()
    actions.count_class(classes[0], {cohort(5): 40}, by=teacher, at=LATER)

    with pytest.raises(actions.NoLongerHolds):
        actions.publish_plan(run, by=planner, at=LATER)
    assert not Visit.objects.exists()


def test_what_has_changed_since_is_told_line_by_line(town, propose, planner, visit, add_offer, plan):
    classes, performances = town
    run = propose()
    actions.cancel_performance(performances[1], reason="Sjuk.", by=planner, at=LATER)
    visit(classes[0], plan(add_offer("Annat", [5]), date(2027, 2, 10)), at=LATER)
    actions.merge_classes([*classes[1:2], classes[0]], "5AB", day=date(2026, 10, 22), by=planner, at=LATER)

    with pytest.raises(actions.NoLongerHolds) as refused:
        actions.publish_plan(run, by=planner, at=LATER)

    assert len(refused.value.troubles) == 3


def test_planning_again_keeps_what_is_published(town, propose, planner, add_class, alby, add_offer, plan):
    _classes, _performances = town
    actions.publish_plan(propose(), by=planner, at=LATER)
    before = set(Visit.objects.values_list("pk", "class_group", "performance"))
    add_class(alby, "5N", {5: 15})
    plan(add_offer("Ny", [5]), date(2027, 4, 6))

    again = propose(at=noon(2026, 10, 22))
    told = actions.publish_plan(again, by=planner, at=noon(2026, 10, 23))

    assert before < set(Visit.objects.values_list("pk", "class_group", "performance"))
    assert [visit.class_group.name for visit in told] == ["5N"]
    assert again.rows.filter(fixed=True).count() == 3


def test_classes_of_a_cancelled_performance_are_offered_others(town, propose, planner, add_offer, plan):
    """Case 9: the replanner offers alternatives."""
    classes, performances = town
    actions.publish_plan(propose(), by=planner, at=LATER)
    actions.cancel_performance(performances[0], reason="Sjuk.", by=planner, at=noon(2026, 10, 22))
    plan(add_offer("Ersättaren", [5]), date(2027, 4, 6))

    again = propose(at=noon(2026, 10, 23))

    assert {title for _name, _school, title in _places(again)} == {"Dansen", "Ersättaren"}
    assert set(again.rows.values_list("class_group", flat=True)) == {group.pk for group in classes}


def test_proposal_made_before_another_was_published_is_too_old(town, propose, planner):
    first, second = propose(), propose()
    actions.publish_plan(second, by=planner, at=LATER)

    with pytest.raises(NotAllowedNow) as refused:
        actions.publish_plan(first, by=planner, at=LATER)

    assert refused.value.code == "older"


def test_what_was_planned_by_hand_is_told_with_the_plan(town, propose, planner):
    classes, performances = town
    mine = actions.give_place(classes[2], performances[0], by=planner, at=AUTUMN)
    run = propose()

    told = actions.publish_plan(run, by=planner, at=LATER)

    mine.refresh_from_db()
    assert mine.status == "booked"
    assert mine.pk in {visit.pk for visit in told}


def test_officer_edits_the_proposal_and_the_next_one_obeys(town, propose, planner):
    classes, performances = town
    run = propose()

    actions.edit_plan(run, "forbid", classes[0], performances[0], by=planner, at=LATER)
    actions.edit_plan(run, "place", classes[0], performances[1], by=planner, at=LATER)
    assert ("5A", "Albyskolan", "Dansen") in _places(run)
    again = propose(base=run, at=noon(2026, 10, 22))

    assert ("5A", "Albyskolan", "Dansen") in _places(again)
    assert ("5A", "Albyskolan", "Trollet") not in _places(again)
    assert again.rows.get(class_group=classes[0]).edited
    assert Event.objects.filter(verb="culture.plan_edited").count() == 2


def test_edited_proposal_is_published_as_it_is(town, propose, planner):
    classes, performances = town
    run = propose()
    actions.edit_plan(run, "forbid", classes[0], performances[0], by=planner, at=LATER)

    actions.publish_plan(run, by=planner, at=LATER)

    assert not Visit.objects.filter(class_group=classes[0]).exists()


@pytest.mark.parametrize(
    ("number", "title", "code"),
    [(0, "Trollet", "there"), (0, "Samma dag", "same_day"), (2, "Full", "full"), (0, "För åk 7", "grade")],
)
def test_place_that_does_not_fit_is_refused(town, propose, planner, add_offer, plan, number, title, code):
    classes, _performances = town
    plan(add_offer("Samma dag", [5]), date(2027, 2, 10))
    plan(add_offer("Full", [5], seats=10), date(2027, 5, 4))
    plan(add_offer("För åk 7", [7]), date(2027, 5, 5))
    run = propose()

    with pytest.raises(NotAllowedNow) as refused:
        actions.edit_plan(run, "place", classes[number], Performance.objects.get(offer__title=title), by=planner, at=LATER)

    assert refused.value.code == code


def test_edit_can_be_taken_back(town, propose, planner):
    classes, performances = town
    run = propose()
    actions.edit_plan(run, "forbid", classes[0], performances[0], by=planner, at=LATER)
    edit = actions.edit_plan(run, "place", classes[0], performances[1], by=planner, at=LATER)

    actions.take_back_edit(edit, by=planner, at=LATER)

    assert not run.rows.filter(class_group=classes[0]).exists()
    assert run.edits.filter(withdrawn_at=None).count() == 1


def test_part_of_a_class_goes_only_when_it_is_allowed_with_a_reason(add_class, alby, add_offer, plan, propose, planner, year):
    group = add_class(alby, "4-6", {4: 8, 5: 7, 6: 6})
    performance = plan(add_offer("Bara femman", [5]))
    run = propose()
    assert not run.rows.exists()

    five = group.fragments.get(cohort=cohort(5))
    with pytest.raises(NotAllowedNow):
        actions.edit_plan(run, "allow", group, performance, fragment=five, by=planner, at=LATER)
    actions.edit_plan(run, "allow", group, performance, fragment=five, reason="Femman kan gå själv.", by=planner, at=LATER)

    problem = build(year, at=LATER, seed=7, base=run)
    assert [booking.cohorts for booking in problem.allowed] == [(cohort(5),)]


def test_two_proposals_are_compared_line_by_line(town, propose, planner):
    classes, performances = town
    one = propose()
    other = propose()
    actions.edit_plan(other, "forbid", classes[0], performances[0], by=planner, at=LATER)
    actions.edit_plan(other, "place", classes[0], performances[1], by=planner, at=LATER)

    gone, new = actions.compare(one, other)

    assert [(row.class_group.name, row.performance.offer.title) for row in gone] == [("5A", "Trollet")]
    assert [(row.class_group.name, row.performance.offer.title) for row in new] == [("5A", "Dansen")]


def test_booked_visit_is_not_taken_out_by_an_edit(town, propose, planner):
    _classes, _performances = town
    actions.publish_plan(propose(), by=planner, at=LATER)
    again = propose(at=noon(2026, 10, 22))
    row = PlanRow.objects.filter(run=again, fixed=True).first()

    with pytest.raises(NotAllowedNow) as refused:
        actions.edit_plan(again, "forbid", row.class_group, row.performance, by=planner, at=LATER)

    assert refused.value.code == "fixed"


def test_nothing_to_plan_is_said(planner, year):
    with pytest.raises(NotAllowedNow) as refused:
        actions.ask_for_plan(year, by=planner, at=AT)
    assert refused.value.code == "empty"


def test_school_does_not_plan(town, teacher, year):
    with pytest.raises(NotAllowedNow):
        actions.ask_for_plan(year, by=teacher, at=AT)
    assert not PlanRun.objects.visible_to(teacher).exists()


def test_what_was_said_follows_from_proposal_to_proposal(town, propose, planner):
    classes, performances = town
    first = propose()
    actions.edit_plan(first, "forbid", classes[0], performances[0], by=planner, at=LATER)
    second = propose(base=first, at=noon(2026, 10, 22))
    actions.edit_plan(second, "forbid", classes[1], performances[0], by=planner, at=noon(2026, 10, 22))

    third = propose(base=second, at=noon(2026, 10, 23))

    assert [edit.class_group_id for edit in third.edits.filter(withdrawn_at=None)] == [classes[0].pk, classes[1].pk]
    assert not third.rows.filter(class_group__in=classes[:2], performance=performances[0]).exists()


def test_place_is_kept_and_let_go_again(town, propose, planner):
    run = propose()
    row = run.rows.first()

    edit = actions.lock_place(run, row, by=planner, at=LATER)
    assert actions.lock_place(run, row, by=planner, at=LATER) == edit
    again = propose(base=run, at=noon(2026, 10, 22))
    assert again.rows.get(class_group=row.class_group, performance=row.performance).edited

    actions.take_back_edit(again.edits.get(), by=planner, at=noon(2026, 10, 22))
    assert again.rows.get(class_group=row.class_group, performance=row.performance).edited is False


def test_part_of_a_class_that_was_allowed_is_what_is_booked(add_class, alby, add_offer, plan, propose, planner):
    group = add_class(alby, "4-6", {4: 8, 5: 7, 6: 6})
    performance = plan(add_offer("Bara femman", [5]))
    run = propose()
    six = group.fragments.get(cohort=cohort(6))
    actions.edit_plan(run, "allow", group, performance, fragment=six, reason="Sexan följer med.", by=planner, at=LATER)
    actions.edit_plan(run, "place", group, performance, by=planner, at=LATER)

    (visit,) = actions.publish_plan(run, by=planner, at=LATER)

    assert [(part.fragment, part.off_grade) for part in visit.parts.all()] == [(six, True)]


def test_the_planner_itself_computes_a_checked_plan_that_can_be_published(town, propose, planner):
    run = propose(solve=solve)

    told = actions.publish_plan(run, by=planner, at=LATER)

    assert (run.status, run.unserved, run.bound, run.reasons) == ("done", 0, 0, [])
    assert run.verdict["ok"]
    assert {level["name"]: level["proved"] for level in run.verdict["levels"]}["cost"]
    assert len(told) == 3


def test_the_planner_says_why_a_class_has_no_place_and_gives_the_next_proposal_other_ways(
    town, propose, planner, add_class, alby
):
    """Case 9: planned again after a cancellation; what is published stays."""
    _classes, performances = town
    actions.publish_plan(propose(solve=solve), by=planner, at=LATER)
    before = set(Visit.objects.filter(performance=performances[1]).values_list("class_group", flat=True))
    actions.cancel_performance(performances[0], reason="Sjuk.", by=planner, at=noon(2026, 10, 22))

    again = propose(solve=solve, at=noon(2026, 10, 23))

    assert before <= set(again.rows.filter(performance=performances[1]).values_list("class_group", flat=True))
    assert again.verdict["ok"]
    assert {reason["level"] for reason in again.reasons} <= {"L0", "L1", "L2"}
    assert bool(again.reasons) == bool(again.unserved)
