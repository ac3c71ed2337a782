"""An officer enters the principles of a season with a mouse and a keyboard; every page fits and passes axe."""

from dataclasses import replace

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from facilities import actions
from facilities.actions.wishes import Hours, Place, SectionWish
from facilities.models import PrincipleSet
from facilities.rules.allocation.conditions import All, Either, Flag, FlagFact, Number, NumberFact, Op
from facilities.rules.allocation.principles import Effect
from tests.facilities.pages import page as address
from tests.facilities.test_season_in_a_browser import enter, season  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OLDEST, DISABILITY = "Den äldsta fyller", "För personer med funktionsnedsättning"


def add(page, what, button="Lägg till villkoret"):
    page.get_by_label("Villkor om").last.select_option(label=what)
    page.get_by_role("button", name=button).last.click()


def test_officer_builds_a_small_set_and_publishes_it(enter, page, screens, officer):  # noqa: F811
    enter(officer, address("principles_begin"))
    screens(page, "principles-begin")
    page.get_by_label("Namn").fill("Principer 2027/28")
    page.get_by_label("Ett tomt utkast").check()
    page.get_by_role("button", name="Börja utkastet").click()
    screens(page, "principles-empty")

    page.get_by_role("link", name="Lägg till en klass").click()
    page.get_by_label("Vilka de är").fill("Barn och unga till och med 16 år, och personer med funktionsnedsättning")
    page.get_by_label("Kortnamn").fill("unga")
    add(page, OLDEST)
    page.get_by_label("Tal eller ålder").fill("16")
    add(page, DISABILITY)
    page.get_by_label("Vad ska stämma?").select_option(label="Minst ett av detta stämmer")
    add(page, "Flera villkor tillsammans")
    screens(page, "principles-class")
    page.get_by_role("button", name="Spara").click()
    screens(page, "principles-class-wrong")
    page.locator("[id='who-2']").get_by_role("button", name="Ta bort").last.click()
    page.locator("[id='who-1']").get_by_label("ja").check()
    page.get_by_role("button", name="Visa i ord").click()
    expect(page.get_by_text("den äldsta fyller högst 16 år eller gruppen är för personer")).to_be_visible()
    page.get_by_role("button", name="Spara").click()

    page.get_by_role("link", name="Lägg till en klass").click()
    page.get_by_label("Vilka de är").fill("Alla andra")
    page.keyboard.press("Enter")  # shows in words; nothing is saved by a slip
    assert len(PrincipleSet.objects.get().principles["classes"]) == 1
    page.get_by_role("button", name="Spara").click()

    page.get_by_role("link", name="Välj turordning").click()
    page.get_by_label("Allas första pass").check()
    page.get_by_label("Antal varv").fill("2")
    page.get_by_role("button", name="Visa stegen").click()
    screens(page, "principles-ladder")
    page.get_by_role("button", name="Ändra stegen ett och ett").click()
    screens(page, "principles-ladder-own")
    page.get_by_role("button", name="Spara").click()

    page.get_by_role("link", name="Lägg till egna tider").click()
    add(page, OLDEST)
    page.get_by_label("Hur").select_option(label="färre än eller under")
    page.get_by_label("Tal eller ålder").fill("13")
    page.get_by_label("Timmar", exact=True).fill("15-20")
    page.get_by_label("De får ingen tid utanför").check()
    screens(page, "principles-window")
    page.get_by_role("button", name="Spara").click()
    page.get_by_role("link", name="Ändra det som vägs in sedan").click()
    screens(page, "principles-after")
    page.get_by_label("Några tider är attraktiva").check()
    page.get_by_role("button", name="Spara").click()
    screens(page, "principles-draft")
    page.get_by_role("button", name="Publicera").click()
    expect(page.get_by_text("Principerna är publicerade och ligger fast.")).to_be_visible()
    screens(page, "principles-published")
    page.get_by_role("link", name="Så ser alla dem").click()
    screens(page, "principles-public")

    found = PrincipleSet.objects.get()
    read = found.for_rules()
    assert found.published_at
    young = Either((Number(NumberFact.AGE_TO, Op.AT_MOST, 16), Flag(FlagFact.DISABILITY)))
    assert [(each.key, each.who) for each in read.classes] == [("unga", young), ("alla-andra", All())]
    assert [(rung.classes, rung.first, rung.last) for rung in read.ladder] == [
        (("unga",), 1, 1), (("alla-andra",), 1, 1), (("unga",), 2, None), (("alla-andra",), 2, None),
    ]  # fmt: skip
    assert [(each.since, each.until, each.effect) for each in read.windows] == [(15 * 60, 20 * 60, Effect.INSIDE)]
    assert read.attractive is not None


def test_officer_tries_principles_on_the_wishes_of_a_season(enter, page, screens, season, hall, association, alice, officer):  # noqa: F811
    wishes = actions.begin_wishes(season, association, by=alice, at=now())
    wish = SectionWish(
        name="F12", age_from=11, age_to=12, girls=20, boys=0, passes=2, hours=(Hours(0, 1020, 1140),), places=(Place(hall),)
    )
    for each in (wish, replace(wish, name="Dam", age_from=20, age_to=40, passes=1)):
        actions.save_section(wishes, each, by=alice, at=now())
    actions.hand_in_wishes(wishes, by=alice, at=now())
    enter(officer, address("kept_principles", season.principles_id))
    page.get_by_role("link", name="Pröva dem på en säsongs önskemål").click()
    expect(page.get_by_text("2 grupper önskar 3 pass i veckan")).to_be_visible()
    screens(page, "principles-try")
