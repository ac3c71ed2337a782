"""A proposal as a club, the public and the officer read it: every page fits a phone and a desk and passes axe."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate, now
from playwright.sync_api import expect

from facilities import actions
from facilities.models import SeasonComment, Section
from facilities.rules.allocation.principles import Attractive
from tests.facilities.pages import page as address
from tests.facilities.test_proposals import wish_of
from tests.facilities.test_season_wishes import PRINCIPLES
from tests.strict import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enter(live_server, page):
    """Sign in and open a page; nobody: as the public."""

    def open_as(user, path):
        page.context.clear_cookies()
        if user is not None:
            client = Client()
            client.force_login(user, BACKEND)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}
            page.context.add_cookies([cookie])
        page.goto(live_server.url + path)
        return page

    return open_as


@pytest.fixture
def shown(officer, hall, room, association, other_association, alice, stina):
    """Two clubs in a hall with parts and a room; the room's one hour is wished by three."""
    today, at = localdate(), now()
    principles = actions.write_principles(replace(PRINCIPLES, attractive=Attractive()), by=officer, at=at, is_example=True)
    plan = actions.RoundPlan(
        name="Säsongen",
        halls=(hall, room),
        principles=principles,
        since=today + timedelta(days=200),
        until=today + timedelta(days=500),
        opens_on=today,
        wishes_until=today + timedelta(days=30),
        proposed_on=today + timedelta(days=60),
        comments_until=today + timedelta(days=90),
        decided_on=today + timedelta(days=120),
    )
    season = actions.open_round(actions.plan_round(plan, by=officer, at=at), by=officer, at=at)
    hour = {"since": 18 * 60, "until": 19 * 60}
    ours = [
        replace(wish_of(hall, "F12", passes=2, days=(0, 2), parts=1), sport="Handboll"),
        replace(wish_of(room, "P14", passes=2, days=(1, 3), **hour), girls=0, boys=18, sport="Handboll"),
    ]
    theirs = [
        replace(wish_of(room, "Flickor 10", days=(1, 3), **hour), sport="Innebandy"),
        replace(wish_of(room, "Damer A-lag", days=(1, 3), **hour), age_from=19, age_to=34, girls=16, sport="Innebandy"),
    ]
    for club, by, wishes in ((association, alice, ours), (other_association, stina, theirs)):
        listed = actions.begin_wishes(season, club, by=by, at=at)
        for wish in wishes:
            actions.save_section(listed, wish, by=by, at=at)
        actions.hand_in_wishes(listed, by=by, at=at)
    run = actions.ask_for_proposal(actions.close_round(season, by=officer, at=at), by=officer, at=at, name="Första förslaget")
    actions.compute_proposal(run.pk, at=at)
    return actions.show_proposal(run, by=officer, at=at)


def test_public_reads_who_gets_which_time_and_why(enter, page, screens, shown, hall, association):
    refused = next(
        each.section for each in actions.version_of(shown.shown.run, shown.shown).reasons.refusals if each.why == "held"
    )
    page.set_viewport_size({"width": 320, "height": 640})
    enter(None, address("season_round", shown.pk))
    page.get_by_role("link", name="Vem får vilken tid").click()
    screens(page, "result")
    page.get_by_role("link", name=association.name).click()
    screens(page, "result-association")
    for name, path in (
        ("result-hall", address("result_hall", shown.pk, hall.pk)),
        ("result-rules", address("result_rules", shown.pk)),
        ("result-fairness", address("result_fairness", shown.pk)),
        ("result-why", address("result_why", shown.pk, refused)),
    ):
        enter(None, path)
        for details in page.locator("main details").all():
            details.locator("summary").first.click()
        screens(page, name)


def test_club_reads_comments_and_the_officer_answers(enter, page, screens, shown, alice, officer):
    page.set_viewport_size({"width": 320, "height": 640})
    enter(alice, address("season_round", shown.pk))
    page.get_by_role("link", name="Så blev det för oss").click()
    screens(page, "result-ours")
    section = Section.objects.get(name="P14")
    page.locator(f"main a[href$='grupp={section.pk}']").click()
    page.get_by_label("Er synpunkt").fill("Vi behöver två tider i veckan.")
    screens(page, "comment-new")
    page.get_by_role("button", name="Skicka synpunkten").click()
    expect(page.get_by_text("Vi behöver två tider i veckan.")).to_be_visible()
    screens(page, "result-ours-commented")
    comment = SeasonComment.objects.get()
    assert comment.section == section
    enter(alice, address("comment_withdraw", comment.pk))
    screens(page, "comment-withdraw")

    page.set_viewport_size({"width": 1280, "height": 900})
    enter(officer, address("kept_comments", shown.pk))
    screens(page, "comment-list")
    page.get_by_role("link", name="Karlskoga Handboll, P14").click()
    screens(page, "comment-answer")
    page.get_by_label("Ditt svar").fill("Lokalen räcker inte. Vi söker en annan.")
    page.get_by_role("button", name="Skicka svaret").click()
    expect(page.get_by_text("Svaret är skickat")).to_be_visible()
    enter(officer, address("proposal_take_back", shown.pk))
    screens(page, "result-take-back")
    page.get_by_label("Varför?").fill("Fel öppettider.")
    page.get_by_role("button", name="Dra tillbaka och skriv till alla").click()
    enter(officer, address("proposal", shown.shown.run_id))
    screens(page, "proposal-to-show")
    page.get_by_role("button", name="Visa för föreningar och allmänhet").click()
    expect(page.get_by_text("Förslaget visas.")).to_be_visible()
    enter(officer, address("proposal", shown.shown.run_id))
    screens(page, "proposal-shown")
