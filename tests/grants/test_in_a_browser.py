"""The pages in a real browser: what the script adds, and how they look on a phone and on a desk."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from time import monotonic

import pytest
from django.utils.timezone import localdate, now
from playwright.sync_api import expect

from grants.actions import calls, completion, drafts, karlskoga, schemes, submission
from grants.actions import karlskoga_texts as texts
from grants.models import Application

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_call(scheme, officer):
    """A call with Karlskoga's own words that is open today."""
    today = localdate()
    terms = schemes.Terms(
        valid_from=date(today.year, 1, 1),
        form=texts.EXTRA_FORM,
        parts=karlskoga.EXAMPLE_PARTS,
        attachments=texts.EXTRA_ATTACHMENTS,
        aims=texts.EXTRA_AIMS,
        requirements=karlskoga.BASIC_REQUIREMENTS,
        calculation_is_example=True,
    )
    version = schemes.write_version(scheme, terms, by=officer, at=now())
    plan = replace(
        karlskoga.entries(today.year)[0].calls[0],
        title="Extra stöd",
        opens_on=today - timedelta(days=10),
        closes_on=today + timedelta(days=20),
        categories=[],
        budget=Decimal(500_000),
        pays_on=None,
    )
    return calls.publish_call(calls.plan_call(version, plan, by=officer, at=now()), by=officer, at=now())


@pytest.fixture
def draft(open_call, association, alice):
    draft = drafts.start(open_call, association, by=alice, at=now())
    answers = {
        "name": "Öppen scen",
        "what": "Vi öppnar scenen för alla som vill prova teater, en kväll i veckan.",
        "asked": "tolv tusen",
    }
    for section in open_call.version.form:
        draft = drafts.save_section(draft, section["key"], answers=answers, edition=draft.edition, by=alice, at=now())
    return draft


@pytest.fixture
def handed_in(open_call, other_association, stranger):
    """Handed in complete but for its attachment."""
    draft = drafts.start(open_call, other_association, by=stranger, at=now())
    answers = {
        "name": "Sång för nyanlända",
        "what": "Körövningar där man lär sig svenska genom att sjunga.",
        "who": "Ungefär 30 personer, hälften kvinnor.",
        "begins": "1/2 2027",
        "ends": "31 maj 2027",
        "not_ordinary": "Vi har aldrig gjort det förut.",
        "aims_how": "Deltagarna lär känna körens medlemmar.",
        "follow_up": "Vi frågar deltagarna efter halva tiden.",
        "together": "no",
        "asked": "45 000 kr",
        "cost": "60 000",
        "democratic": "yes",
        "true": "yes",
    }
    for section in open_call.version.form:
        draft = drafts.save_section(draft, section["key"], answers=answers, edition=draft.edition, by=stranger, at=now())
    draft = drafts.save_section(draft, "aims", answers={}, aims=["integration"], edition=draft.edition, by=stranger, at=now())
    return submission.submit(draft, by=stranger, at=now(), without_attachments=True)


def test_text_is_saved_while_it_is_written(enter, alice, draft):
    page = enter(alice, f"/bidrag/ansokningar/{draft.pk}/avsnitt/effort/")
    page.get_by_label("Vad ska ni göra?").fill("Vi öppnar scenen för alla.")
    page.get_by_label("Vad heter insatsen?").focus()
    expect(page.locator("#saved")).to_contain_text("Sparat kl.")
    assert Application.objects.get(pk=draft.pk).answers["what"] == "Vi öppnar scenen för alla."
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # the line says already that something is saved
        page.get_by_label("Vad heter insatsen?").fill("Scen för alla")
        page.get_by_label("Vad ska ni göra?").focus()
    assert Application.objects.get(pk=draft.pk).answers["name"] == "Scen för alla"


def test_text_is_kept_in_the_browser_while_the_server_cannot_be_reached(enter, alice, draft):
    watched = enter(alice, f"/bidrag/ansokningar/{draft.pk}/avsnitt/effort/")
    page = watched.context.new_page()  # its console complains of the network, as it should
    page.goto(watched.url)
    page.route("**/avsnitt/effort/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    field = page.get_by_label("Vad ska ni göra?")
    field.fill("Skrivet utan nät")
    page.get_by_label("Vad heter insatsen?").focus()
    expect(page.locator("#saved")).to_contain_text("Inte sparat än")
    page.unroute("**/avsnitt/effort/")
    page.reload()
    page.get_by_role("button", name="Lägg tillbaka texten").click()
    assert field.input_value() == "Skrivet utan nät"
    page.get_by_role("button", name="Spara och fortsätt").click()
    page.get_by_role("heading", name="Skillnaden").wait_for()
    assert Application.objects.get(pk=draft.pk).answers["what"] == "Skrivet utan nät"


def test_what_is_ticked_while_a_save_is_on_its_way_is_saved_when_one_goes_on(enter, alice, draft):
    page = enter(alice, f"/bidrag/ansokningar/{draft.pk}/avsnitt/effort/")
    answers = []

    def hold_the_answer(route):
        if route.request.headers.get("x-autosave"):
            answers.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/avsnitt/effort/", hold_the_answer)
    page.get_by_label("Vad ska ni göra?").fill("Skrivet först")
    page.get_by_label("Vad heter insatsen?").focus()
    until = monotonic() + 30
    while not answers:
        assert monotonic() < until, "nothing was saved"
        page.title()  # lets the browser's events come
    page.get_by_label("Vad heter insatsen?").fill("Skrivet sist")
    page.get_by_role("button", name="Spara och fortsätt").click()
    route, answer = answers[0]
    route.fulfill(response=answer)
    page.get_by_role("heading", name="Skillnaden").wait_for()
    saved = Application.objects.get(pk=draft.pk).answers
    assert (saved["what"], saved["name"]) == ("Skrivet först", "Skrivet sist")


def test_two_tabs_do_not_overwrite_each_other(enter, alice, draft):
    page = enter(alice, f"/bidrag/ansokningar/{draft.pk}/avsnitt/effort/")
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("Vad ska ni göra?").fill("Den första fliken")
    page.get_by_label("Vad heter insatsen?").focus()
    expect(page.locator("#saved")).to_contain_text("Sparat kl.")
    other.get_by_label("Vad ska ni göra?").fill("Den andra fliken")
    other.get_by_label("Vad heter insatsen?").focus()
    expect(other.locator("#saved")).to_contain_text("Någon har sparat")
    other.get_by_role("button", name="Spara och fortsätt").click()
    expect(other.get_by_text("Den första fliken")).to_be_visible()
    assert other.get_by_label("Vad ska ni göra?").input_value() == "Den andra fliken"


def test_a_question_that_depends_on_another_is_shown_when_it_is_asked(enter, alice, draft):
    page = enter(alice, f"/bidrag/ansokningar/{draft.pk}/avsnitt/difference/")
    hidden = page.get_by_label("Med vem, och vem gör vad?")
    expect(hidden).to_be_hidden()
    page.get_by_label("Ja", exact=True).check()
    expect(hidden).to_be_visible()
    page.get_by_label("Nej", exact=True).check()
    expect(hidden).to_be_hidden()


def test_the_applicants_pages_fit_a_phone_and_a_desk(enter, alice, draft, screens):
    page = enter(alice, "/bidrag/")
    screens(page, "grants-calls")
    for path, name in (
        (f"/bidrag/omgangar/{draft.call_id}/", "grants-call"),
        ("/bidrag/ansokningar/", "grants-applications"),
        (f"/bidrag/omgangar/{draft.call_id}/ansok/", "grants-start"),
        (f"/bidrag/ansokningar/{draft.pk}/", "grants-draft"),
        (f"/bidrag/ansokningar/{draft.pk}/avsnitt/effort/", "grants-section"),
        (f"/bidrag/ansokningar/{draft.pk}/avsnitt/budget/", "grants-section-error"),
        (f"/bidrag/ansokningar/{draft.pk}/syften/", "grants-aims"),
        (f"/bidrag/ansokningar/{draft.pk}/bilagor/", "grants-attachments"),
        (f"/bidrag/ansokningar/{draft.pk}/lamna-in/", "grants-summary"),
        (f"/bidrag/ansokningar/{draft.pk}/kasta/", "grants-discard"),
    ):
        page.goto(page.url.split("/bidrag/")[0] + path)
        screens(page, name)


def test_the_pages_of_a_received_application_fit_a_phone_and_a_desk(enter, stranger, officer, handed_in, screens):
    due = localdate() + timedelta(days=14)
    completion.ask_completion(
        handed_in, sections=["budget", "attachments"], message="Skriv vad pengarna ska gå till.", due_on=due, by=officer, at=now()
    )
    page = enter(stranger, f"/bidrag/ansokningar/{handed_in.pk}/")
    screens(page, "grants-completing")
    for path in ("avsnitt/budget/", "bilagor/", "svara/", "ta-tillbaka/"):
        page.goto(f"{page.url.split('/bidrag/')[0]}/bidrag/ansokningar/{handed_in.pk}/{path}")
        screens(page, f"grants-completing-{path.strip('/').replace('/', '-')}")


def test_the_officers_pages_fit_a_phone_and_a_desk(enter, officer, handed_in, draft, screens):
    page = enter(officer, "/bidrag/handlaggning/")
    screens(page, "grants-casework-list")
    call = handed_in.call
    for path, name in (
        (f"handlaggning/{handed_in.pk}/", "grants-casework-application"),
        (f"handlaggning/{handed_in.pk}/begar-komplettering/", "grants-completion-ask"),
        (f"omgangar/{call.pk}/anstand/?q=teater", "grants-extensions"),
        (f"omgangar/{call.pk}/anstand/{draft.association_id}/", "grants-extension"),
        ("bidragsformer/", "grants-schemes"),
        ("bidragsformer/ny/", "grants-scheme-new"),
        (f"bidragsformer/{call.version.scheme_id}/villkor/", "grants-terms"),
        (f"bidragsformer/{call.version.scheme_id}/ny-omgang/", "grants-call-new"),
        (f"omgangar/{call.pk}/hantera/", "grants-call-manage"),
        (f"omgangar/{call.pk}/stang/", "grants-call-close"),
    ):
        page.goto(f"{page.url.split('/bidrag/')[0]}/bidrag/{path}")
        screens(page, name)
