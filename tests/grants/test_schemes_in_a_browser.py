"""An officer enters a small scheme in a real browser, tries and publishes it; an applicant fills in its form."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate, now
from playwright.sync_api import expect

from grants.actions import calls
from grants.models import Application, Scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_officer_builds_a_scheme_that_an_applicant_fills_in(enter, officer, alice, association, screens):
    page = enter(officer, "/bidrag/bidragsformer/ny/")
    page.get_by_label("Namn", exact=True).fill("Arrangemangsbidrag")
    page.get_by_label("Kortnamn").fill("arrangemang")
    page.get_by_label("en tjänsteperson inom").check()
    page.get_by_role("button", name="Spara").click()
    scheme = Scheme.objects.get()
    form, calculation = (f"/bidrag/bidragsformer/{scheme.pk}/{name}/" for name in ("formular", "utrakning"))
    screens(page, "schemes-form-empty")

    page.get_by_role("link", name="Lägg till ett avsnitt").click()
    page.get_by_label("Rubrik").fill("Arrangemanget")
    page.get_by_role("button", name="Spara").click()
    ask(page, "Ja eller nej", "Kostar det inträde?")
    ask(page, "Kort text", "Vad kostar biljetten?", screens=screens, condition="Kostar det inträde? – Ja")
    ask(page, "Kronor", "Hur mycket söker ni?", tick="Det här är det sökta beloppet")
    ask(page, "Tabell", "Budget", columns=("Post", "Intäkt", "Kostnad"), screens=screens)
    screens(page, "schemes-form")
    page.get_by_role("link", name="Se formuläret som sökande ser det").click()
    screens(page, "schemes-preview")
    page.get_by_label("Nej").first.check()
    page.get_by_role("button", name="Se vad som frågas").click()
    expect(page.locator("dl.answers")).to_contain_text("Vad kostar biljetten?")

    page.goto(page.url.split("/bidrag/")[0] + calculation)
    page.get_by_role("link", name="Lägg till en del").click()
    screens(page, "schemes-part-kinds")
    page.get_by_role("link", name="Steg", exact=True).click()
    page.get_by_label("Vad som räknas").select_option("members")
    for row, (first, last, kronor, each) in enumerate((("10", "50", "4000", ""), ("51", "", "", "20"))):
        step = page.get_by_role("group", name=f"Steg {row + 1}")
        for label, value in zip(("Från", "Till", "Kronor totalt", "Kronor för varje"), (first, last, kronor, each), strict=True):
            step.get_by_label(label).fill(value)
    page.get_by_role("button", name="Titta utan att spara").click()
    expect(page.get_by_text("Mer ger mindre")).to_be_visible()
    screens(page, "schemes-part")
    page.get_by_role("button", name="Spara delen").click()
    screens(page, "schemes-calculation")
    page.get_by_role("link", name="Publicera", exact=True).click()
    page.get_by_label("Jag har sett det som hittades").check()
    screens(page, "schemes-publish")
    page.get_by_role("button", name="Publicera versionen").click()
    expect(page.get_by_text("Version 1 är publicerad")).to_be_visible()
    assert form in page.content()

    today = localdate()
    plan = calls.CallPlan(
        title="Arrangemangsbidrag",
        grant_year=today.year,
        opens_on=today - timedelta(days=1),
        closes_on=today + timedelta(days=30),
    )
    version = scheme.versions.get()
    call = calls.publish_call(calls.plan_call(version, plan, by=officer, at=now()), by=officer, at=now())
    page = enter(alice, f"/bidrag/omgangar/{call.pk}/ansok/")
    page.locator("main form button").first.click()
    page.get_by_role("link", name="Arrangemanget").click()
    hidden = page.get_by_label("Vad kostar biljetten?")
    expect(hidden).to_be_hidden()
    page.get_by_label("Ja", exact=True).check()
    expect(hidden).to_be_visible()
    hidden.fill("100 kr")
    page.get_by_label("Hur mycket söker ni?").fill("5000")
    for name, value in (
        ("Post, rad 1", "Lokal"),
        ("Kostnad, rad 1", "5 000"),
        ("Post, rad 2", "Bidrag"),
        ("Intäkt, rad 2", "4 000"),
    ):
        page.get_by_label(name).fill(value)
    page.get_by_label("Post, rad 3").focus()
    expect(page.locator("output").last).to_have_text("5\u00a0000")
    page.get_by_role("button", name="Spara och fortsätt").click()
    expect(page.get_by_text("Summorna ska vara lika").first).to_be_visible()
    screens(page, "schemes-applicant")
    page.get_by_label("Intäkt, rad 2").fill("5 000")
    page.get_by_role("button", name="Spara och fortsätt").click()
    page.get_by_role("link", name="Granska och lämna in").wait_for()
    assert Application.objects.get().answers["q1"] == "yes"


def ask(page, kind, label, *, tick="", condition="", columns=(), screens=None):
    """Add a question of a kind to the first section."""
    page.get_by_role("link", name="Lägg till en fråga").first.click()
    page.get_by_role("link", name=kind, exact=True).click()
    page.get_by_label("Fråga", exact=True).fill(label)
    if tick:
        page.get_by_label(tick).check()
    if condition:
        page.locator("summary", has_text="Ställs bara när").click()
        page.get_by_role("group", name="Villkor 1").get_by_label("Villkor (").select_option(label=condition)
    for number, heading in enumerate(columns, start=1):
        column = page.get_by_role("group", name=f"Kolumn {number}")
        column.get_by_label("Rubrik").fill(heading)
        if number > 1:
            column.get_by_label("Sort").select_option("amount")
            column.get_by_label("I balansen").select_option("left" if number == 2 else "right")
    if screens:
        screens(page, f"schemes-question-{len(columns)}")
    page.get_by_role("button", name="Spara frågan").click()
