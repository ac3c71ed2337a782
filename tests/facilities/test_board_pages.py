"""A season's proposals as an officer meets them: asked for, read, looked at on the board, edited with the costs shown first."""

# ruff: noqa: F811 - fixtures that stand in other files

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from facilities import actions
from facilities.choices import RunStatus
from facilities.models import SeasonRun, SeasonStep
from facilities.rules.allocation.board import Act, Edit
from facilities.rules.allocation.conditions import Number, NumberFact, Op
from facilities.rules.allocation.principles import MinuteLimit
from facilities.rules.series import Pattern
from facilities.views import proposal_words
from tests.facilities.conftest import AT
from tests.facilities.pages import page, text_of
from tests.facilities.test_proposals import EIGHTEEN, closed, passes, run, wish_of  # noqa: F401 - fixtures
from tests.facilities.test_season_wishes import PRINCIPLES, plan, principles, season  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
MONDAY, WEDNESDAY, FRIDAY = 0, 2, 4


@pytest.fixture(autouse=True)
def then(settings):
    settings.SESSION_COOKIE_AGE = 10**9
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def desk(sign_in, officer):
    return sign_in(officer)


@pytest.fixture
def read(run):
    """What the run proposes now, by the names of groups."""

    def look():
        version = actions.version_of(run)
        names = {section.key: section.name for section in version.problem.sections}
        return {(names[each.section], each.weekday): each for each in version.plan.passes}

    return look


# --- asked for and followed ---------------------------------------------------------------------------------------------------


def test_officer_asks_for_a_proposal_and_follows_it(desk, closed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as asked:
        answer = desk.post(page("proposal_ask", closed.pk), {"name": "Första försöket"})
    run = SeasonRun.objects.get()
    assert len(asked) == 1
    assert answer["Location"] == page("proposal", run.pk)
    waiting = desk.get(answer["Location"]).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in waiting
    SeasonRun.objects.filter(pk=run.pk).update(status="running", progress={"level": "windows", "done": 1, "of": 3})
    piece = desk.get(answer["Location"], headers={"hx-request": "true"})
    assert "Letar fler tider, lokal för lokal: 1 av 3" in " ".join(piece.content.decode().replace("\u00a0", " ").split())
    assert "<html" not in piece.content.decode()
    SeasonRun.objects.filter(pk=run.pk).update(status="waiting")
    actions.compute_proposal(run.pk, at=AT, clock=lambda: AT)
    assert desk.get(answer["Location"], headers={"hx-request": "true"})["HX-Refresh"] == "true"
    words = text_of(desk.get(answer["Location"]))
    assert "3 av 4 önskade tider i veckan får plats. Varje grupp får minst en." in words
    assert "Första försöket" in text_of(desk.get(page("kept_season", closed.pk)))


def test_proposal_says_its_levels_their_bounds_and_that_it_is_checked(desk, run):
    words = text_of(desk.get(page("proposal", run.pk)))
    assert "Steg 1. Första passet i veckan till Barn och unga 7–20 år 3 av 3" in words
    assert "0 av högst 0, bevisat bäst" in words
    assert "1 tid får inte plats. För alla är det visat varför" in words
    assert "Det hittade inga fel." in words
    assert "Pass 2 gavs inte." in words


def test_faults_that_the_check_finds_are_told_with_names(run):
    who = {"12": "Klubben F12"}.get
    told = proposal_words.faults(
        [
            "12: two passes on a day",
            "12 0 1080: 5 is held by 7 too",
            "rung 1: 3 is told, 4 is counted",
            "12 1: a half hour more is free",
            "something new",
        ],
        who,
    )
    assert told == [
        "Klubben F12: två tider samma dag.",
        "Klubben F12: någon annan har samma tid.",
        "En nivå säger 3, men räknas till 4.",
        "Klubben F12: en tid hade kunnat vara en halvtimme längre.",
        "something new",
    ]


def test_proposal_that_failed_says_why_and_is_thrown_away(desk, closed, officer):
    run = actions.ask_for_proposal(closed, by=officer, at=AT)
    actions.compute_proposal(run.pk, at=AT, clock=lambda: AT, solve=lambda problem, report: 1 / 0)
    assert "ZeroDivisionError" in text_of(desk.get(page("proposal", run.pk)))
    assert "Släng" in text_of(desk.get(page("proposal_drop", run.pk)))
    desk.post(page("proposal_drop", run.pk))
    run.refresh_from_db()
    assert run.status == RunStatus.DROPPED
    assert "1 förslag har slängts" in text_of(desk.get(page("kept_season", closed.pk)))


def test_season_without_wishes_says_so(desk, season, officer):
    actions.close_round(season, by=officer, at=AT)
    answer = desk.post(page("proposal_ask", season.pk), {}, follow=True)
    assert "Det finns inga önskemål" in text_of(answer)
    assert not SeasonRun.objects.exists()


# --- doors --------------------------------------------------------------------------------------------------------------------


def addresses(run, what):
    one = [run.pk, what.section, what.weekday]
    looks = [
        page("proposal", run.pk),
        page("proposal_versions", run.pk),
        f"{page('proposal_compare')}?one={run.pk}.0&other={run.pk}",
        page("board", run.pk),
        page("board", run.pk, weekday=0),
        page("board_lacking", run.pk),
        page("board_group", run.pk, what.section),
        page("board_pass", *one),
    ]
    changes = [
        page("proposal_drop", run.pk),
        page("board_add", run.pk, what.section),
        page("board_move", *one),
        page("board_swap", *one),
        page("board_split", *one),
        f"{page('board_try', run.pk)}?act=lock&section={what.section}&weekday={what.weekday}",
    ]
    return looks, changes


def test_officers_change_auditors_read_and_others_meet_a_closed_door(sign_in, officer, staff, alice, person, run, read):
    looks, changes = addresses(run, read()["F12", MONDAY])
    auditor = person("auditor@karlskoga.example", Role.AUDITOR)
    for user, may_look, may_change in (
        (officer, True, True),
        (auditor, True, False),
        (staff, False, False),
        (alice, False, False),
    ):
        client = sign_in(user)
        for address in looks:
            assert (client.get(address).status_code == 200) is may_look, (user, address)
        for address in changes:
            assert (client.get(address).status_code == 200) is may_change, (user, address)
        if not may_change:
            act = {"act": "lock", "on": 0}
            what = read()["F12", MONDAY]
            for address in (
                page("board_lock", run.pk, what.section, 0),
                page("proposal_undo", run.pk),
                page("board_try", run.pk),
            ):
                assert client.post(address, act).status_code in (403, 404)
    assert SeasonStep.objects.count() == 1


def test_season_tells_of_proposals_only_those_who_read_them(sign_in, officer, staff, run):
    address = page("kept_season", run.season_id)
    assert page("proposal", run.pk) in sign_in(officer).get(address).content.decode()
    assert page("proposal", run.pk) not in sign_in(staff).get(address).content.decode()


def test_auditor_sees_no_buttons(sign_in, person, run, read):
    client = sign_in(person("auditor@karlskoga.example", Role.AUDITOR))
    what = read()["F12", MONDAY]
    assert "<form" not in main(client.get(page("board_pass", run.pk, what.section, what.weekday)))
    assert "Titta på tavlan" in main(client.get(page("proposal", run.pk)))


def main(response):
    return unescape(response.content.decode().split("<main", 1)[-1].split("</main>")[0])


# --- the board ----------------------------------------------------------------------------------------------------------------


def test_board_shows_who_is_where_what_is_free_and_what_is_locked(desk, run, read, officer):
    actions.edit_proposal(run, Edit(act=Act.LOCK, what=read()["F8", WEDNESDAY]), on=0, by=officer, at=AT)
    for address in (page("board", run.pk), page("board", run.pk, weekday=WEDNESDAY)):
        words = main(desk.get(address))
        assert "Onsdag 18.00–19.00, Karlskoga Handboll F8, Hallen, 1, låst" in words
        assert "Ledigt 19.00–24.00" in words
    other_day = main(desk.get(page("board", run.pk, weekday=FRIDAY)))
    assert "F8" not in other_day


def test_standing_use_is_seen_and_parts_have_their_own_rows(desk, closed, hall, tree, officer, staff):
    pattern = Pattern(date(2026, 9, 8), date(2026, 12, 15), 17 * 60, 18 * 60)
    actions.take_series_for(tree["1.2"], pattern, title="Skolidrott", by=staff, at=AT)
    run = actions.ask_for_proposal(closed, by=officer, at=AT)
    actions.compute_proposal(run.pk, at=AT, clock=lambda: AT)
    words = text_of(desk.get(page("board", run.pk, weekday=1)))
    assert "Kommunens egen användning" in words
    assert 'scope="row"' in main(desk.get(page("board", run.pk)))


def test_gap_tells_who_could_have_it(desk, plan, hall, association, alice, officer):
    """Principles give an hour a week: the second time that F6 wishes can only be given by hand."""
    an_hour = replace(PRINCIPLES, limits=(MinuteLimit(Number(NumberFact.AGE_TO, Op.AT_MOST, 20), 60),))
    principles = actions.write_principles(an_hour, by=officer, at=AT)
    season = actions.open_round(actions.plan_round(replace(plan, principles=principles), by=officer, at=AT), by=officer, at=AT)
    wishes = actions.begin_wishes(season, association, by=alice, at=AT)
    for name, days in (("F6", (MONDAY, WEDNESDAY)), ("F5", (1, 3))):
        actions.save_section(wishes, wish_of(hall, name, passes=2, days=days, until=EIGHTEEN), by=alice, at=AT)
    actions.hand_in_wishes(wishes, by=alice, at=AT)
    run = actions.ask_for_proposal(actions.close_round(season, by=officer, at=AT), by=officer, at=AT)
    actions.compute_proposal(run.pk, at=AT, clock=lambda: AT)
    (day,) = {MONDAY, WEDNESDAY} - {weekday for name, weekday, _starts in passes(run) if name == "F6"}
    answer = desk.get(page("board_lacking", run.pk, hall=hall.pk, day=day, starts=0, ends=1440))
    assert "1 grupp kan få tid i luckan" in text_of(answer)
    assert text_of(answer).index("Karlskoga Handboll F6") < text_of(answer).index("Karlskoga Handboll F5")
    found = re.search(r'href="([^"]*prova[^"]*)"', main(answer)).group(1)
    assert "Ge Karlskoga Handboll F6 en tid" in text_of(desk.get(found))
    assert "2 önskade tider får inte plats." in text_of(desk.get(page("board_lacking", run.pk)))


@pytest.mark.parametrize("groups", [1, 4])
def test_pages_cost_the_same_however_many_groups(
    desk,
    season,
    hall,
    association,
    alice,
    officer,
    groups,
):
    wishes = actions.begin_wishes(season, association, by=alice, at=AT)
    for number in range(groups):
        wish = wish_of(hall, f"F{number}", passes=2, days=(number % 5,), since=17 * 60, until=19 * 60)
        actions.save_section(wishes, wish, by=alice, at=AT)
    actions.hand_in_wishes(wishes, by=alice, at=AT)
    run = actions.ask_for_proposal(actions.close_round(season, by=officer, at=AT), by=officer, at=AT)
    actions.compute_proposal(run.pk, at=AT, clock=lambda: AT)
    what = actions.version_of(run).plan.passes[0]
    looks, changes = addresses(run, what)
    desk.get(looks[0])
    counted = []
    for address in (*looks, *changes):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200, address
        counted.append(len(queries))
    assert counted == [7, 7, 8, 7, 7, 6, 6, 6, 5, 7, 7, 6, 6, 6]
