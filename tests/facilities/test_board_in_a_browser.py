"""An officer proposes, locks, moves with what it costs shown first, and takes it back: every page fits and passes axe."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now
from playwright.sync_api import expect

from facilities import actions
from facilities.models import OpeningHours, SeasonRun, SeasonStep, Space
from tests.facilities.pages import page as address
from tests.facilities.test_proposals import wish_of
from tests.facilities.test_season_in_a_browser import enter  # noqa: F401 - fixture
from tests.facilities.test_season_wishes import PRINCIPLES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIVE, SEVEN = 17 * 60, 19 * 60
DAYS = {0: "Måndag", 2: "Onsdag"}


@pytest.fixture
def season(officer, venue, association, other_association, alice, stina):
    """Two halls, one in halves, open 16-22; five groups of two associations wish more than there is on Monday."""
    OpeningHours.objects.update(opens=16 * 60, closes=22 * 60)
    halls = [actions.add_space(venue, name, by=None, at=now()) for name in ("A-hallen", "B-hallen")]
    for half in ("A-hallen, halva 1", "A-hallen, halva 2"):
        actions.add_space(venue, half, parent=halls[0], by=None, at=now())
    halls = list(Space.objects.filter(parent=None).select_related("venue").order_by("pk"))
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
    plan = actions.RoundPlan(name="Säsongen 2027/28", halls=tuple(halls), principles=principles, **days)
    season = actions.open_round(actions.plan_round(plan, by=officer, at=now()), by=officer, at=now())
    for club, who, names in ((association, alice, ("F12", "F10", "F8")), (other_association, stina, ("P12", "P10"))):
        wishes = actions.begin_wishes(season, club, by=who, at=now())
        for at, name in enumerate(names):
            hall, parts = (halls[0], 1) if at % 2 else (halls[1], 0)
            wish = wish_of(hall, name, passes=1 + at % 2, days=(0, 2), since=FIVE, until=SEVEN, parts=parts)
            actions.save_section(wishes, wish, by=who, at=now())
        actions.hand_in_wishes(wishes, by=who, at=now())
    return actions.close_round(season, by=officer, at=now())


def day_of(run, group):
    """The weekday on which a group has its first time. The lot decides who has Monday: no test can know it before."""
    version = actions.version_of(run)
    key = next(section.key for section in version.problem.sections if section.name == group)
    return min(each.weekday for each in version.plan.passes if each.section == key)


def test_officer_proposes_locks_moves_with_its_cost_and_takes_it_back(enter, page, screens, season, officer):  # noqa: F811
    enter(officer, address("kept_season", season.pk))
    screens(page, "board-season")
    page.get_by_label("Vad förslaget ska heta").fill("Första försöket")
    page.get_by_role("button", name="Föreslå tider").click()
    expect(page.get_by_text("Förslaget står i kö")).to_be_visible()
    run = SeasonRun.objects.get()
    screens(page, "board-progress")
    actions.compute_proposal(run.pk, at=now())
    expect(page.get_by_role("heading", name="Hur bra är det?")).to_be_visible()
    screens(page, "board-proposal")

    page.get_by_role("link", name="Titta på tavlan och ändra").click()
    screens(page, "board-hall")
    page.get_by_role("link", name=DAYS[day_of(run, "F12")], exact=True).first.click()
    screens(page, "board-day")
    page.get_by_role("link", name="Karlskoga Handboll F12").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Lås", exact=True).click()
    expect(page.get_by_text("Låst: Karlskoga Handboll F12")).to_be_visible()
    screens(page, "board-pass")

    enter(officer, address("board", run.pk, weekday=day_of(run, "P12")))
    page.get_by_role("link", name="Karlskoga Innebandy P12").first.click()
    page.get_by_role("link", name="Flytta").click()
    screens(page, "board-move")
    page.get_by_role("link", name="20.00").first.click()
    expect(page.get_by_text("Tiden eller platsen är inte en som gruppen har önskat.")).to_be_visible()
    screens(page, "board-against")
    page.get_by_label("Gör det ändå, och säg varför").check()
    page.get_by_role("button", name="Se vad det kostar då").click()
    expect(page.get_by_role("table", name="Vems tider som ändras")).to_be_visible()
    screens(page, "board-costs")
    page.get_by_role("button", name="Gör det").click()
    page.get_by_label("Varför").fill("Ledaren kan bara sent.")
    page.get_by_role("button", name="Gör det").click()
    expect(page.get_by_text("Version 2: Flytta Karlskoga Innebandy P12")).to_be_visible()
    screens(page, "board-changed")

    page.get_by_role("link", name="Versioner").click()
    screens(page, "board-versions")
    page.get_by_role("link", name="Vad version 2 ändrade").click()
    screens(page, "board-compare")
    enter(officer, address("proposal_versions", run.pk))
    page.get_by_role("button", name="Ta tillbaka").click()
    expect(page.get_by_text("Ångrat.")).to_be_visible()
    assert SeasonStep.objects.get(run=run, number=2).undone_at

    what = actions.version_of(run).plan.passes[0]
    one = [run.pk, what.section, what.weekday]
    for name, path in (
        ("board-swap", address("board_swap", *one)),
        ("board-split", address("board_split", *one)),
        ("board-lacking", address("board_lacking", run.pk)),
        ("board-group", address("board_group", run.pk, what.section)),
        ("board-drop", address("proposal_drop", run.pk)),
    ):
        enter(officer, path)
        screens(page, name)


def test_board_is_a_list_by_day_on_a_phone(enter, page, season, officer):  # noqa: F811
    run = actions.ask_for_proposal(season, by=officer, at=now())
    actions.compute_proposal(run.pk, at=now())
    page.set_viewport_size({"width": 320, "height": 640})
    enter(officer, address("board", run.pk))
    expect(page.get_by_role("table")).to_have_count(0)
    expect(page.get_by_role("heading", name="Måndag", exact=True)).to_be_visible()
    page.get_by_role("link", name="Ledigt").first.click()
    expect(page.get_by_role("heading", name="Grupper som saknar tider")).to_be_visible()
