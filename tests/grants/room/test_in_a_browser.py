"""The budget room, the register and the open data as people meet them: on a phone and on a desk, in a real browser."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from grants.actions import budget_room
from tests.grants.deciding.conftest import LATER
from tests.strict import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enter(live_server, page):
    """Sign in and open a page: enter(officer, "/bidrag/"); None = a stranger."""

    def open_as(user, path):
        page.context.clear_cookies()
        if user:
            client = Client()
            client.force_login(user, BACKEND)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}
            page.context.add_cookies([cookie])
        page.goto(live_server.url + path)
        return page

    return open_as


def test_an_officer_tries_a_weight_saves_it_and_puts_two_scenarios_side_by_side(enter, screens, officer, call, competing):
    competing("Alfa", "Beta", "Gamma")
    choice = budget_room.Choice(method="pro_rata", pot=Decimal(200_000))
    budget_room.save_scenario(call, choice, name="I proportion", by=officer, at=LATER)

    page = enter(officer, reverse("grants:budget_room", args=[call.pk]))
    page.get_by_label("Vikt för jämställdhet").fill("60")
    page.get_by_label("Vikt för demokrati").fill("10")
    page.get_by_label("Vikt för inkludering").fill("10")
    page.get_by_role("button", name="Räkna").click()
    expect(page.get_by_role("heading", name="Så blir det")).to_be_visible()
    screens(page, "budget-room")
    page.get_by_label("Scenariots namn").fill("Jämställdhet först")
    page.get_by_role("button", name="Spara", exact=True).click()
    page.get_by_role("button", name="Jämför").click()

    expect(page.get_by_role("columnheader", name="Jämställdhet först")).to_be_visible()
    screens(page, "scenarios")


def test_anyone_reads_the_register_and_takes_the_data(enter, screens, competing, publish):
    made = competing("Beta", "Gamma")
    for application in made.values():
        publish(application)

    page = enter(None, reverse("grants:granted_list"))
    screens(page, "granted")
    page.get_by_role("link", name="Öppna data").first.click()

    expect(page.get_by_role("heading", name="De senaste ändringarna")).to_be_visible()
    screens(page, "open-data")
