"""An officer decides a season, meets a day that cannot be booked and settles it; the club reads its times on a phone."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now
from playwright.sync_api import expect

from facilities import actions
from facilities.choices import RoundStatus
from facilities.models import SeasonClash, SeasonRound, SeasonTime, SeasonWork
from facilities.rules.series import Pattern
from tests.facilities.pages import page as address
from tests.facilities.test_proposals import wish_of
from tests.facilities.test_season_in_a_browser import enter, season  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def proposed(season, hall, association, alice, officer, staff, tariff):  # noqa: F811
    """F12 may have Mondays; the second Monday is taken by the municipality."""
    wishes = actions.begin_wishes(season, association, by=alice, at=now())
    actions.save_section(wishes, wish_of(hall, "F12"), by=alice, at=now())
    actions.hand_in_wishes(wishes, by=alice, at=now())
    actions.close_round(season, by=officer, at=now())
    run = actions.ask_for_proposal(season, by=officer, at=now())
    assert actions.compute_proposal(run.pk, at=now())
    SeasonRound.objects.filter(pk=season.pk).update(status=RoundStatus.PROPOSED, shown=run.steps.get())
    monday = season.since + timedelta(days=-season.since.weekday() % 7 + 7)
    actions.take_series_for(hall, Pattern(monday, monday, 17 * 60, 19 * 60), title="Luciakonsert", by=staff, at=now())
    return SeasonRound.objects.get(pk=season.pk)


def test_officer_decides_and_settles_and_the_club_reads(enter, page, screens, proposed, officer, alice):  # noqa: F811
    page.set_viewport_size({"width": 1280, "height": 900})
    enter(officer, address("kept_season", proposed.pk))
    page.get_by_role("link", name="Besluta").click()
    expect(page.get_by_role("heading", name="Det här händer")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Kommunen")).to_be_visible()
    screens(page, "season-decide")
    page.get_by_role("button", name="Besluta och boka").click()
    expect(page.get_by_text("Det står i kö")).to_be_visible()
    screens(page, "season-work-waiting")
    progress = {"level": "halls", "done": 3, "of": 12}
    SeasonWork.objects.update(status="running", progress=progress, heartbeat_at=now(), attempts=1)
    expect(page.get_by_text("lokal för lokal: 3 av 12")).to_be_visible()  # it renews itself
    screens(page, "season-work")
    enter(officer, address("kept_season", proposed.pk))
    page.get_by_role("link", name="Se hur långt det har kommit").click()
    SeasonWork.objects.update(status="failed", error="OperationalError: no space left on device", done_at=now())
    expect(page.get_by_text("Inget har ändrats, och ingen har fått brev.")).to_be_visible()
    screens(page, "season-work-failed")
    page.get_by_role("button", name="Försök igen").click()
    expect(page.get_by_text("Det står i kö")).to_be_visible()
    work = SeasonWork.objects.latest("pk")
    assert actions.carry_out_work(work.pk, at=now())
    expect(page.get_by_text("1 dag kunde inte bokas")).to_be_visible()
    screens(page, "season-work-done")
    page.get_by_role("link", name="Till dagarna att lösa").click()
    screens(page, "season-decision")

    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Notera som löst").click()
    expect(page.get_by_text("Skriv i en mening hur det är löst").first).to_be_visible()
    screens(page, "season-decision-wrong")
    expect(page.get_by_role("checkbox").first).to_be_checked()
    page.get_by_label("Hur det är löst").fill("Ni får Lilla hallen den dagen.")
    page.get_by_role("button", name="Notera som löst").click()
    expect(page.get_by_text("Ingen: varje dag är bokad eller löst.")).to_be_visible()
    assert not SeasonClash.objects.open().exists()

    enter(officer, address("kept_season_time", SeasonTime.objects.get().pk))
    screens(page, "season-time")
    enter(officer, address("season_undo", proposed.pk))
    screens(page, "season-undo")

    page.set_viewport_size({"width": 320, "height": 640})
    enter(alice, address("season_round", proposed.pk))
    page.get_by_role("link", name="Våra tider").first.click()
    expect(page.get_by_text("Ni får Lilla hallen den dagen.")).to_be_visible()
    screens(page, "season-own-times")
    page.get_by_role("link", name="Måndag 17.00").first.click()
    expect(page.get_by_role("heading", name="Dagar som inte kunde bokas")).to_be_visible()
    screens(page, "season-own-time")
    assert localdate() < proposed.since
