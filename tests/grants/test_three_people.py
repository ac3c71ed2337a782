"""The whole story in a real browser, as three people: the association applies, an officer assesses and proposes, the
committee's secretary records and publishes, and the association reads its decision. Every page it meets passes axe and
fits at 320 and 1280 px."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from grants.actions import schemes
from grants.choices import ApplicationStatus, CriterionKey
from grants.models import Application
from tests.grants.conftest import FORM, PLANNED
from tests.strict import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_today(scheme, officer, plan, publish_call):
    """A call that grants what is asked for, open since last week."""
    terms = schemes.Terms(valid_from=date(2026, 1, 1), form=FORM, parts=[{"kind": "requested_up_to"}, {"kind": "late_reduction"}])
    version = schemes.write_version(scheme, terms, by=officer, at=PLANNED)
    today = localdate()
    window = replace(plan, opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=20), pays_on=None)
    return publish_call(window, version=version)


@pytest.fixture
def go(live_server, page, screens):
    """Open a page as somebody, and look at it: go(alice, "/bidrag/", "story-calls")."""

    def open_as(user, path, name):
        client = Client()
        client.force_login(user, BACKEND)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}
        page.context.add_cookies([cookie])
        page.goto(live_server.url + path)
        screens(page, name)
        return page

    return open_as


def test_three_people_take_an_application_from_draft_to_a_decision_that_is_read(
    go, page, screens, open_today, association, alice, officer, secretary
):
    application = _alice_applies(go, page, screens, open_today, alice)
    _the_officer_assesses_and_proposes(go, page, screens, application, officer)
    _the_secretary_records_and_publishes(go, page, screens, application, officer, secretary)
    _alice_reads_the_decision(go, page, application, alice)


def _alice_applies(go, page, screens, call, alice):
    go(alice, "/bidrag/", "story-calls")
    go(alice, f"/bidrag/omgangar/{call.pk}/ansok/", "story-start")
    page.locator("main form button[type=submit]").first.click()
    application = Application.objects.get()
    screens(page, "story-draft")
    go(alice, f"/bidrag/ansokningar/{application.pk}/avsnitt/activity/", "story-section")
    page.locator("textarea[name$=plan]").fill("Vi öppnar scenen för alla som vill prova, en kväll i veckan.")
    page.locator("main form button[type=submit]").first.click()
    go(alice, f"/bidrag/ansokningar/{application.pk}/avsnitt/budget/", "story-budget")
    page.locator("input[name$=asked]").fill("12 000,50 kr")
    page.locator("main form button[type=submit]").first.click()
    go(alice, f"/bidrag/ansokningar/{application.pk}/lamna-in/", "story-hand-in")
    page.get_by_role("button", name="Lämna in ansökan").click()
    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED
    screens(page, "story-receipt")
    return application


def _the_officer_assesses_and_proposes(go, page, screens, application, officer):
    go(officer, "/bidrag/handlaggning/", "story-casework")
    go(officer, f"/bidrag/handlaggning/{application.pk}/", "story-case")
    go(officer, f"/bidrag/bedomning/{application.pk}/", "story-assessment")
    for key in CriterionKey.values:
        page.locator(f"input[name=q-{key}-level][value='4']").check()
        page.locator(f"textarea[name=q-{key}-reason]").fill("Föreningen visar hur, med exempel.")
    page.get_by_role("button", name="Min bedömning är klar").click()
    go(officer, f"/bidrag/handlaggning/{application.pk}/foresla/", "story-propose")
    page.locator("input[name=outcome][value=grant]").check()
    page.locator("input[name=amount]").fill("12 000,50")
    page.locator("textarea[name=reasons]").fill("Verksamheten öppnar för nya grupper.")
    page.locator("input[name=committee]").check()
    page.locator("main form button[type=submit]").first.click()
    assert application.proposals.count() == 1
    screens(page, "story-proposal")


def _the_secretary_records_and_publishes(go, page, screens, application, officer, secretary):
    go(secretary, "/bidrag/namnden/", "story-meetings")
    page.locator("input[name=held_on]").fill(localdate().isoformat())
    page.locator("main form button[type=submit]").first.click()
    proposal = application.proposals.get()
    go(secretary, f"/bidrag/forslag/{proposal.pk}/", "story-on-the-list")
    page.get_by_role("button", name="Sätt upp på listan").click()
    proposal.refresh_from_db()
    go(secretary, f"/bidrag/namnden/{proposal.meeting_id}/", "story-agenda")
    page.locator("form[action$='/hallet/'] button").click()
    screens(page, "story-minutes")
    page.locator("form[action$='/resultat/'] button[type=submit]").click()
    go(secretary, f"/bidrag/namnden/{proposal.meeting_id}/", "story-recorded")
    page.locator("input[name=on]").fill(localdate().isoformat())
    page.locator("form[action$='/justera/'] button").click()
    go(secretary, "/bidrag/beslut/", "story-decisions")
    page.locator("form[action$='/publicera/'] button[type=submit]").click()
    application.refresh_from_db()
    assert application.status == ApplicationStatus.GRANTED


def _alice_reads_the_decision(go, page, application, alice):
    go(alice, f"/bidrag/ansokningar/{application.pk}/", "story-decided")
    assert "12\xa0000,50" in page.locator("main").inner_text()
    decision = application.decisions.get()
    go(alice, f"/bidrag/beviljade/{decision.pk}/", "story-public")
    go(alice, f"/arenden/{application.case.reference.replace(' ', '%20')}/", "story-case-page")
    go(alice, "/anslagstavla/", "story-notice-board")
