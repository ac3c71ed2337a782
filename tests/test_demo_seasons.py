"""The seasons of the demonstration, played alone: thirteen associations, their wishes, and a proposal that has to say no."""

from datetime import UTC, date, datetime
from random import Random

import pytest

from associations import setup
from config.demo import register
from config.demo.cast import enter_staff
from config.demo.names import ASSOCIATIONS
from config.demo.season_wishes import BEGUN_ONLY, WISHES
from config.demo.seasons import keep_seasons
from config.demo.stage import Stage, at
from facilities import actions, problem
from facilities.actions.karlskoga import enter_venues
from facilities.choices import BookingStatus, RoundStatus, TimeOfferStatus
from facilities.models import PrincipleSet, SeasonRound, TimeOffer, UseNotice, WishList
from facilities.rules.allocation.check_proofs import errors_in
from facilities.rules.allocation.engine import proposed
from facilities.rules.allocation.reasons import Why, reasons
from facilities.rules.allocation.trial import tried

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def stage(db, settings):
    settings.DEMO = True
    stage = Stage(today=TODAY, dice=Random(1), say=lambda line: None)
    enter_staff(stage)
    setup.karlskoga(at(date(2025, 1, 7)))
    clubs = {wanted.club for wanted in WISHES}
    for number, row in enumerate(ASSOCIATIONS):
        if row[0] in clubs:
            register._found(stage, number)
    enter_venues(by=stage.staff["handlaggare"], at=at(date(2025, 3, 3), 9))
    return stage


@pytest.fixture
def seasons(stage):
    keep_seasons(stage)
    closed, opened, *_running = SeasonRound.objects.order_by("-since")
    return closed, opened


def test_one_season_waits_for_a_proposal_and_one_is_open_for_wishes(seasons, stage):
    closed, opened = seasons
    assert (closed.status, opened.status) == (RoundStatus.CLOSED, RoundStatus.OPEN)
    assert closed.principles.is_example
    assert closed.principles.published_at
    assert PrincipleSet.objects.filter(published_at=None).count() == 1
    lists = WishList.objects.filter(season=closed)
    assert lists.exclude(handed_in_at=None).count() == 12
    assert [str(each.association) for each in lists.filter(handed_in_at=None)] == [BEGUN_ONLY]
    football = stage.troupe("Möckelns IF")
    assert actions.begin_wishes(opened, football.association, by=football.chair, at=NOW)


def test_one_season_runs_with_a_comment_a_notice_and_a_date_that_is_offered_to_the_next(seasons):
    running = SeasonRound.objects.get(status=RoundStatus.DECIDED)
    assert running.comments.get().answer
    assert UseNotice.objects.get().time.season == running
    offer = TimeOffer.objects.get()
    assert offer.status == TimeOfferStatus.OFFERED
    assert offer.section.name in {"Seniorgympa", "Dansgympa"}
    assert offer.given.holds.get().series.bookings.get().status == BookingStatus.HELD


def test_more_is_wished_than_there_is_room_for_and_whoever_gets_less_is_told_why(seasons):
    closed, _opened = seasons
    built = problem.build(closed, at=NOW)
    plan = proposed(built)
    why = reasons(built, plan)
    assert errors_in(built, plan, why) == []
    trial = tried(built, built.principles)
    held = [each for each in why.refusals if each.why is Why.HELD]
    assert trial.total.groups == 40
    assert len(plan.passes) < trial.total.possible <= trial.total.wished
    assert 5 <= len(held) <= 20
