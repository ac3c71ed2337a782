"""A proposal is shown: who gets which letter, another version, reminders before the last day for comments, taken back."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from facilities import actions
from facilities.choices import RoundStatus
from facilities.models import SeasonRound, SeasonStep
from facilities.rules.allocation.board import Act, Edit
from facilities.rules.allocation.problem import Fixed
from facilities.tasks import keep_rounds
from records.models import Event, Letter
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT
from tests.facilities.test_proposals import closed, run  # noqa: F401 - fixtures
from tests.facilities.test_season_wishes import plan, principles, refused, season  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
FRIDAY = 4


@pytest.fixture
def shown(run, officer):  # noqa: F811
    return actions.show_proposal(run, by=officer, at=AT)


def edited(run, officer):  # noqa: F811
    """F8's Wednesday is moved by hand to a Friday."""
    version = actions.version_of(run)
    what = next(each for each in version.plan.passes if each.weekday == 2)
    to = Fixed(what.section, what.hall, FRIDAY, 20 * 60, 21 * 60)
    edit = Edit(act=Act.MOVE, what=what, to=to)
    return actions.edit_proposal(run, edit, on=version.step.number, by=officer, at=AT, force=True, reason="Ledaren kan fredagar.")


def letters(kind):
    return list(Letter.objects.filter(key__startswith=f"facilities.{kind}.").order_by("pk"))


def test_shown_proposal_is_the_current_version_and_each_association_reads_its_result(shown, run, association):  # noqa: F811
    assert (shown.status, shown.shown) == (RoundStatus.PROPOSED, actions.current_step(run))
    (letter,) = letters("season_proposal")
    assert letter.key == f"facilities.season_proposal.{shown.shown_id}.{association.pk}"
    for words in ("3 av de 4", "onsdag 18.00–19.00 i", "20 juni 2026", "F8", "1 av 2"):
        assert words in letter.html
    assert Event.objects.get(verb="facilities.proposal_shown").changes["version"] == [None, shown.shown_id]


def test_association_that_did_not_hand_in_gets_no_letter(run, officer, other_association):  # noqa: F811
    actions.show_proposal(run, by=officer, at=AT)
    assert not [each for each in letters("season_proposal") if each.key.endswith(f".{other_association.pk}")]


def test_same_version_shown_twice_is_one_letter_and_another_version_says_what_changed(shown, run, officer):  # noqa: F811
    actions.show_proposal(run, by=officer, at=AT)
    assert len(letters("season_proposal")) == 1
    step = edited(run, officer)
    assert actions.show_proposal(run, by=officer, at=AT).shown == step
    _first, second = letters("season_proposal")
    assert "fredag 20.00–21.00" in second.html
    assert "inte desamma" in second.html
    assert second.html.count("ändrad") == 1


def test_proposal_with_errors_or_thrown_away_is_not_shown(run, officer, refused):  # noqa: F811
    step = actions.current_step(run)
    fields = {key: getattr(step, key) for key in ("kind", "plan", "plan_sha256", "reasons", "made_at")}
    broken = SeasonStep.objects.create(run=run, number=1, errors=["two passes hold the same part"], **fields)
    refused("errors", actions.show_proposal, run, by=officer, at=AT)
    SeasonStep.objects.filter(pk=broken.pk).update(undone_at=AT)
    actions.drop_proposal(run, by=officer, at=AT)
    refused("not_computed", actions.show_proposal, run, by=officer, at=AT)


def test_proposal_that_is_not_computed_is_not_shown(closed, officer, refused):  # noqa: F811
    waiting = actions.ask_for_proposal(closed, by=officer, at=AT)
    refused("not_computed", actions.show_proposal, waiting, by=officer, at=AT)


def test_only_officers_show_and_take_back(run, shown, alice, staff, stranger):  # noqa: F811
    for person in (alice, staff, stranger):
        with pytest.raises(NotAllowedNow):
            actions.show_proposal(run, by=person, at=AT)
        with pytest.raises(NotAllowedNow):
            actions.take_back_showing(shown, reason="Fel", by=person, at=AT)


def test_first_showing_comes_before_the_last_day_for_comments_and_a_new_version_may_come_after(run, officer, refused):  # noqa: F811
    after = datetime(2026, 6, 20, 22, 0, tzinfo=UTC)  # midnight in Karlskoga
    refused("late", actions.show_proposal, run, by=officer, at=after)
    actions.show_proposal(run, by=officer, at=datetime(2026, 6, 20, 21, 59, tzinfo=UTC))
    edited(run, officer)
    actions.show_proposal(run, by=officer, at=after)
    assert "Kommentera senast" not in letters("season_proposal")[-1].html


def test_taken_back_proposal_is_shown_to_nobody_and_everyone_is_told_why(shown, run, officer, refused):  # noqa: F811
    refused("no_reason", actions.take_back_showing, shown, reason=" ", by=officer, at=AT)
    row = actions.take_back_showing(shown, reason="Fel öppettider för Hallen.", by=officer, at=AT)
    assert (row.status, row.shown) == (RoundStatus.CLOSED, None)
    (letter,) = letters("season_taken_back")
    assert "Fel öppettider för Hallen." in letter.html
    assert Event.objects.get(verb="facilities.proposal_taken_back").reason == "Fel öppettider för Hallen."
    refused("status", actions.take_back_showing, row, reason="Igen", by=officer, at=AT)
    assert actions.show_proposal(run, by=officer, at=AT).status == RoundStatus.PROPOSED
    assert len(letters("season_proposal")) == 1


@pytest.mark.parametrize(
    ("at", "reminded"),
    [("2026-06-16T21:59:00+00:00", 0), ("2026-06-16T22:00:00+00:00", 1), ("2026-06-20T22:00:00+00:00", 0)],
)
def test_last_days_for_comments_remind_once(shown, at, reminded):
    at = datetime.fromisoformat(at)
    assert actions.keep_comments(at=at) == reminded
    actions.keep_comments(at=at)
    assert len(letters("season_comment_reminder")) == reminded


def test_hourly_task_reminds_of_comments(shown, time_machine):
    time_machine.move_to(datetime(2026, 6, 19, 8, 0, tzinfo=UTC), tick=False)
    assert keep_rounds() == 1
    assert keep_rounds() == 1
    assert len(letters("season_comment_reminder")) == 1


def test_results_in_letters_are_those_of_the_plan(shown, run):  # noqa: F811
    """Every time of the plan stands in the letter, and no other."""
    version = actions.version_of(run)
    (letter,) = letters("season_proposal")
    assert letter.html.count(".00–") == len(version.plan.passes)
    assert SeasonRound.objects.get().shown.plan_sha256 == version.step.plan_sha256
    assert asdict(version.plan.passes[0])["section"]
