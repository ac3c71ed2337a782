"""Proposals of a season: frozen, computed, edited version by version, undone; what stands is seen by the problem."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from facilities import actions
from facilities import problem as problems
from facilities.actions.wishes import Hours, Place, SectionWish
from facilities.choices import RunStatus, StepKind
from facilities.models import SeasonRun, SeasonStep
from facilities.rules.allocation.board import Act, Edit
from facilities.rules.allocation.problem import Fixed
from facilities.rules.series import Pattern
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT
from tests.facilities.test_season_wishes import plan, principles, refused, season  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
EIGHTEEN = 18 * 60


def wish_of(hall, name, *, girls=20, passes=1, days=(0,), since=17 * 60, until=19 * 60, parts=0, shortest=60, longest=60):
    return SectionWish(
        name=name,
        age_from=11,
        age_to=12,
        girls=girls,
        boys=0,
        passes=passes,
        shortest=shortest,
        longest=longest,
        hours=tuple(Hours(day, since, until) for day in days),
        places=(Place(hall, parts),),
    )


@pytest.fixture
def closed(season, hall, association, alice, officer):  # noqa: F811
    """Two groups that can both have Monday, and one that wishes two passes and can have one."""
    wishes = actions.begin_wishes(season, association, by=alice, at=AT)
    for wish in (
        wish_of(hall, "F12"),
        wish_of(hall, "F10"),
        wish_of(hall, "F8", passes=2, days=(0, 2), since=EIGHTEEN, until=19 * 60),
    ):
        actions.save_section(wishes, wish, by=alice, at=AT)
    actions.hand_in_wishes(wishes, by=alice, at=AT)
    return actions.close_round(season, by=officer, at=AT)


@pytest.fixture
def run(closed, officer):
    run = actions.ask_for_proposal(closed, by=officer, at=AT)
    assert actions.compute_proposal(run.pk, at=AT, clock=lambda: AT)
    run.refresh_from_db()
    return run


def passes(run):
    version = actions.version_of(run)
    names = {section.key: section.name for section in version.problem.sections}
    return sorted((names[each.section], each.weekday, each.starts) for each in version.plan.passes)


def test_proposal_is_computed_checked_and_explained_once(run):
    step = run.steps.get()
    version = actions.version_of(run)
    assert (run.status, step.number, step.kind, step.errors) == (RunStatus.DONE, 0, StepKind.COMPUTED, [])
    assert sorted(name for name, _day, _starts in passes(run)) == ["F10", "F12", "F8"]
    assert [each.certified for each in version.reasons.refusals] == [True]
    assert not actions.compute_proposal(run.pk, at=AT)


def test_same_wishes_give_the_same_proposal_byte_for_byte(run, closed, officer):
    other = actions.ask_for_proposal(closed, by=officer, at=AT + timedelta(days=1))
    actions.compute_proposal(other.pk, at=AT)
    assert other.problem_sha256 == run.problem_sha256
    assert actions.current_step(other).plan == actions.current_step(run).plan


def test_move_is_a_new_version_and_undo_brings_the_old_one_back(run, officer):
    before = actions.version_of(run)
    what = next(each for each in before.plan.passes if each.weekday == 2)
    to = Fixed(what.section, what.hall, 0, EIGHTEEN, EIGHTEEN + 60)
    edit = Edit(act=Act.MOVE, what=what, to=to)
    with pytest.raises(actions.EditRefused):
        actions.edit_proposal(run, edit, on=0, by=officer, at=AT)
    trial = actions.try_edit(before, edit, push=True)
    step = actions.edit_proposal(run, edit, on=0, by=officer, at=AT, push=True)
    assert (step.number, step.plan_sha256, step.errors) == (1, trial.solved.sha256, [])
    assert [key for key, _before, _after in step.costs if key != what.section]
    assert ("F8", 0, EIGHTEEN) in passes(run)
    assert actions.undo_edit(run, on=1, by=officer, at=AT).number == 0
    assert actions.version_of(run).plan == before.plan
    again = actions.edit_proposal(run, Edit(act=Act.LOCK, what=what), on=0, by=officer, at=AT)
    assert (again.number, again.costs) == (2, [])


def test_edit_on_a_version_that_has_changed_is_refused(run, officer, refused):  # noqa: F811
    what = actions.version_of(run).plan.passes[0]
    actions.edit_proposal(run, Edit(act=Act.LOCK, what=what), on=0, by=officer, at=AT)
    refused("changed", actions.edit_proposal, run, Edit(act=Act.LOCK, what=what), on=0, by=officer, at=AT)
    refused("changed", actions.undo_edit, run, on=0, by=officer, at=AT)


def test_what_an_officer_sets_aside_needs_a_reason(run, officer, refused):  # noqa: F811
    what = actions.version_of(run).plan.passes[0]
    edit = Edit(act=Act.MOVE, what=what, to=Fixed(what.section, what.hall, 4, 20 * 60, 21 * 60))
    refused("outside", actions.edit_proposal, run, edit, on=0, by=officer, at=AT)
    refused("no_reason", actions.edit_proposal, run, edit, on=0, by=officer, at=AT, force=True)
    step = actions.edit_proposal(run, edit, on=0, by=officer, at=AT, force=True, reason="Ledaren kan bara fredagar.")
    assert (step.reason, step.errors) == ("Ledaren kan bara fredagar.", [])


def test_pass_is_divided_taken_out_and_swapped(run, officer):
    version = actions.version_of(run)
    first, second = [each for each in version.plan.passes if each.weekday == 0]
    swapped = actions.edit_proposal(run, Edit(act=Act.SWAP, what=first, other=second), on=0, by=officer, at=AT)
    plan_now = actions.version_of(run).plan
    assert plan_now.of(first.section)[0].starts == second.starts
    assert swapped.errors == []
    halved = Edit(act=Act.SPLIT, what=plan_now.of(first.section)[0], at=plan_now.of(first.section)[0].starts + 30)
    step = actions.edit_proposal(run, halved, on=1, by=officer, at=AT, force=True, reason="Halva passet räcker.")
    (kept,) = actions.version_of(run).plan.of(first.section)
    assert (kept.ends - kept.starts, step.errors) == (30, [])
    removed = actions.edit_proposal(run, Edit(act=Act.REMOVE, what=kept), on=2, by=officer, at=AT)
    assert kept not in actions.version_of(run).plan.passes
    assert removed.errors == []


def test_new_proposal_obeys_the_locks_of_the_one_before(run, closed, officer):
    what = actions.version_of(run).plan.passes[0]
    edit = Edit(act=Act.MOVE, what=what, to=Fixed(what.section, what.hall, 4, 20 * 60, 21 * 60))
    actions.edit_proposal(run, edit, on=0, by=officer, at=AT, force=True, reason="Ledaren kan bara fredagar.")
    other = actions.ask_for_proposal(closed, by=officer, at=AT, base=run)
    actions.compute_proposal(other.pk, at=AT)
    (moved,) = actions.version_of(other).plan.of(what.section)
    assert (moved.weekday, moved.starts, moved.locked) == (4, 20 * 60, True)


def test_use_that_comes_again_every_week_stands_and_a_single_one_does_not(closed, hall, officer, staff):
    pattern = Pattern(date(2026, 9, 7), date(2026, 12, 14), 17 * 60, 18 * 60)
    actions.take_series_for(hall, pattern, title="Skolidrott", by=staff, at=AT)
    actions.take_series_for(hall, replace(pattern, first=date(2026, 9, 2), last=date(2026, 9, 2)), title="Prov", by=staff, at=AT)
    (stands,) = problems.build(closed, at=AT).standing
    assert (stands.weekday, stands.starts, stands.since, stands.until) == (0, 17 * 60, date(2026, 9, 7), date(2026, 12, 15))


def test_proposal_is_not_asked_for_before_the_wishes_are_in_nor_by_others(season, closed, officer, alice, refused):  # noqa: F811
    with pytest.raises(NotAllowedNow):
        actions.ask_for_proposal(closed, by=alice, at=AT)


def test_worker_that_dies_is_followed_by_another_and_then_given_up(closed, officer):
    run = actions.ask_for_proposal(closed, by=officer, at=AT)
    for attempt in range(3):
        SeasonRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, heartbeat_at=AT, attempts=attempt + 1)
        waiting = actions.proposals_to_compute(at=AT + timedelta(hours=1))
        assert waiting == ([run.pk] if attempt < 2 else [])
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert run.error


def test_failure_is_told_and_thrown_away(closed, officer):
    run = actions.ask_for_proposal(closed, by=officer, at=AT)

    def broken(_problem, _report):
        raise RuntimeError("no memory")

    assert not actions.compute_proposal(run.pk, at=AT, clock=lambda: AT, solve=broken)
    run.refresh_from_db()
    assert (run.status, run.error) == (RunStatus.FAILED, "RuntimeError: no memory")
    assert actions.drop_proposal(run, by=officer, at=AT).status == RunStatus.DROPPED


def test_versions_and_the_problem_stay_as_they_are(run):
    for rows, change in (
        (SeasonStep.objects.filter(run=run), {"plan": "{}"}),
        (SeasonRun.objects.filter(pk=run.pk), {"problem": "{}"}),
        (SeasonStep.objects.filter(run=run, number=0), {"undone_at": AT}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
