"""A club wishes for a season on a phone, and the officer who prepares it: every page fits and passes axe."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate, now
from playwright.sync_api import expect

from facilities import actions
from facilities.models import WishList
from tests.facilities.pages import page as address
from tests.facilities.test_season_wishes import PRINCIPLES
from tests.strict import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enter(live_server, page):
    """Sign in and open a page."""

    def open_as(user, path):
        client = Client()
        client.force_login(user, BACKEND)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}
        page.context.add_cookies([cookie])
        page.goto(live_server.url + path)
        return page

    return open_as


@pytest.fixture
def season(officer, hall):
    today = localdate()
    days = {
        "since": today + timedelta(days=200),
        "until": today + timedelta(days=500),
        "opens_on": today,
        "wishes_until": today + timedelta(days=30),
        "proposed_on": today + timedelta(days=60),
        "comments_until": today + timedelta(days=90),
        "decided_on": today + timedelta(days=120),
    }
    principles = actions.write_principles(PRINCIPLES, by=officer, at=now(), is_example=True)
    plan = actions.RoundPlan(name="Säsongen", halls=(hall,), principles=principles, **days)
    return actions.open_round(actions.plan_round(plan, by=officer, at=now()), by=officer, at=now())


def test_club_wishes_on_a_phone_and_the_officer_follows(enter, page, screens, season, association, alice, officer):
    page.set_viewport_size({"width": 320, "height": 640})
    enter(alice, address("season_list"))
    screens(page, "season-list")
    page.get_by_role("link", name="Säsongen", exact=True).click()
    screens(page, "season")
    page.get_by_role("button", name="Våra önskemål").click()
    page.get_by_role("link", name="Lägg till en grupp").click()
    for label, text in (("Gruppens namn", "F12"), ("Yngst", "11"), ("Äldst", "12"), ("Flickor och kvinnor", "20")):
        page.get_by_label(label).fill(text)
    page.get_by_label("Pojkar och män").fill("0")
    page.get_by_label("Första valet").select_option(index=1)
    page.get_by_label("Måndag: passar bäst").fill("17-19")
    screens(page, "season-section")
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_role("heading", name="F12")).to_be_visible()
    screens(page, "season-wishes")
    page.get_by_role("button", name="Lämna in våra önskemål").click()
    expect(page.get_by_text("Inlämnad", exact=False).first).to_be_visible()

    wishes = WishList.objects.get()
    assert wishes.handed_in_at
    page.set_viewport_size({"width": 1280, "height": 900})
    enter(officer, address("kept_seasons"))
    screens(page, "season-kept-list")
    for name, path in (
        ("season-kept", address("kept_season", season.pk)),
        ("season-kept-edit", address("kept_season_edit", season.pk)),
        ("season-kept-wishes", address("kept_wishes", wishes.pk)),
        ("season-kept-principles", address("kept_principles", season.principles_id)),
        ("season-kept-principles-new", address("kept_principles_new")),
    ):
        enter(officer, path)
        screens(page, name)
