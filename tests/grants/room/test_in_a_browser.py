"""The budget room, the register and the open data as people meet them: on a phone and on a desk, in a real browser."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from grants.actions import budget_room
from grants.models import Decision
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


def test_two_who_press_at_once_cannot_together_decide_more_than_the_budget(
    live_server,
    new_context,
    screens,
    publish_call,
    plan,
    hand_in,
    make_association,
    give_mandate,
    person,
    propose,
    decision_maker,
):
    """Case 35. 60 000 and 50 000 kr with 100 000 left: one decides, the other reads what is left."""
    call = publish_call(replace(plan, budget=Decimal(100_000)))
    pages = []
    pressing = (("60 000", decision_maker), ("50 000", person("vice@k.example", "decision_maker")))
    for number, (asked, user) in enumerate(pressing):
        association = make_association(f"Förening {number}", f"80270000{number:02d}")
        chair = person(f"chair{number}@forening.example")
        give_mandate(chair, association)
        proposal = propose(hand_in(call, association, chair, asked=asked))
        client = Client()
        client.force_login(user, BACKEND)
        context = new_context()
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}
        context.add_cookies([cookie])
        opened = context.new_page()
        opened.goto(live_server.url + reverse("grants:proposal", args=[proposal.pk]))
        pages.append(opened)

    for opened in pages:  # the script only asks for it: neither waits for the other
        opened.evaluate("setTimeout(() => document.querySelector('button[name=as_proposed]').click(), 50)")
    for opened in pages:
        opened.get_by_text("Beslutat. Beslutet väntar").or_(opened.get_by_text("Budgeten för omgången räcker inte")).wait_for()

    decided = [opened for opened in pages if opened.get_by_text("Beslutat. Beslutet väntar").count()]
    (refused,) = [opened for opened in pages if opened not in decided]
    assert len(decided) == Decision.objects.count() == 1
    left = {Decimal(60_000): "40", Decimal(50_000): "50"}[Decision.objects.get().amount]
    expect(refused.get_by_text("Budgeten för omgången räcker inte")).to_contain_text(f"{left}\xa0000 kr återstår")
    screens(refused, "decide-too-late")


def test_anyone_reads_the_register_and_takes_the_data(enter, screens, competing, publish):
    made = competing("Beta", "Gamma")
    for application in made.values():
        publish(application)

    page = enter(None, reverse("grants:granted_list"))
    screens(page, "granted")
    page.get_by_role("link", name="Öppna data").first.click()

    expect(page.get_by_role("heading", name="De senaste ändringarna")).to_be_visible()
    screens(page, "open-data")
