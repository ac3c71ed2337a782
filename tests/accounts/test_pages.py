"""The pages of this room in a real browser: they fit a phone and a desk, axe finds nothing, passkeys work."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils.timezone import now

from accounts import actions, hats, registry
from accounts.choices import Role
from accounts.hats import Hat
from accounts.models import Invitation, User
from accounts.registry import Holding
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def enter(live_server, page, sign_in):
    """enter(user) -> the browser is signed in as *user*."""

    def entered(user):
        page.context.clear_cookies()
        cookie = sign_in(user).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    return entered


@pytest.fixture
def town(transactional_db, person, settings, monkeypatch):
    """People enough to look at."""
    settings.STAFF_SECOND_FACTOR = False
    admin = person("admin@karlskoga.example", Role.ADMINISTRATOR, name="Ada Administratör")
    decider = person("disa.direktor@karlskoga.example", Role.DECISION_MAKER, Role.OFFICER, name="Disa Direktör-Andersson")
    person("olle@karlskoga.example", Role.OFFICER, name="Olle Handläggare")
    volunteer = person("stina.a.mycket.lang.adress@karlskogaskidklubb.example", name="Stina Skidåkare")
    actions.invite("skolan@braten.example", by=admin, at=now(), role=Role.SCHOOL)
    _used, token = actions.invite("disa@karlskoga.example", by=admin, at=now() - timedelta(days=3))
    actions.use_invitation(token, decider, now() - timedelta(days=2))
    actions.withdraw_invitation(actions.invite("fel@example.org", by=admin, at=now())[0], by=admin, at=now())
    actions.ask_for_erasure(volunteer, at=now())
    held = Holding("Kassör, Karlskoga Skidklubb", since=date(2025, 3, 1), url="/")
    monkeypatch.setattr(registry, "holdings", [lambda user: [held] if user == volunteer else []])
    worn = [Hat("association", "1", "Karlskoga Skidklubb", "/"), Hat("association", "2", "Kören Klang", "/")]
    monkeypatch.setattr(hats, "providers", [lambda user: worn if user == volunteer else []])
    return {"admin": admin, "decider": decider, "volunteer": volunteer}


def test_administrators_pages_fit_and_are_accessible(live_server, page, screens, enter, town):
    enter(town["admin"])
    decider = town["decider"]
    grant = decider.role_grants.get(role=Role.DECISION_MAKER)
    pages = {
        "people": reverse("accounts:people"),
        "people-none": reverse("accounts:people") + "?q=ingen",
        "person": reverse("accounts:person", args=[decider.pk]),
        "person-erasure": reverse("accounts:person", args=[town["volunteer"].pk]),
        "role-give": reverse("accounts:role_give", args=[decider.pk]),
        "role-end": reverse("accounts:role_end", args=[grant.pk]),
        "limit-change": reverse("accounts:limit_change", args=[grant.pk]),
        "person-erase": reverse("accounts:person_erase", args=[decider.pk]),
        "invitations": reverse("accounts:invitation_list"),
        "invitation-new": reverse("accounts:invitation_new"),
    }
    for name, path in pages.items():
        page.goto(live_server.url + path)
        screens(page, f"accounts-{name}")

    page.goto(live_server.url + pages["role-give"])
    page.get_by_label("Roll").select_option("decision_maker")
    page.get_by_role("button", name="Ge rollen").click()
    screens(page, "accounts-role-give-wrong")


def test_persons_own_pages_fit_and_are_accessible(live_server, page, screens, enter, town):
    enter(town["volunteer"])
    for name, path in {"profile": "/konto/", "erasure": "/konto/radera/", "second-factor": "/konto/tva-steg/"}.items():
        page.goto(live_server.url + path)
        screens(page, f"accounts-{name}")
    assert page.get_by_label("Du företräder").count() <= 1


def test_invitation_pages_fit_and_are_accessible(live_server, page, screens, enter, town):
    _invitation, token = actions.invite("ny@example.org", by=town["admin"], at=now(), role=Role.AUDITOR, text="Hej!\nVälkommen.")
    page.goto(f"{live_server.url}/konto/inbjudan/{token}/")
    screens(page, "accounts-invitation-stranger")
    enter(town["volunteer"])
    page.reload()
    screens(page, "accounts-invitation-signed-in")
    page.get_by_role("button", name="Tacka ja").click()
    screens(page, "accounts-invitation-refused")
    assert "ny@example.org" in page.inner_text("main")
    assert Invitation.objects.get(email="ny@example.org").accepted_at is None


def test_text_typed_when_the_session_ran_out_is_sent_after_signing_in_again(live_server, page, screens, enter, town):
    enter(town["volunteer"])
    page.goto(f"{live_server.url}/konto/")
    page.get_by_label("Namn").fill("Stina Skidåkare den andra")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Spara", exact=True).click()

    page.get_by_label("E-post").fill(town["volunteer"].email)
    page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/konto/")
    page.get_by_text("Läs det du skrev").click()
    screens(page, "accounts-kept-text")
    page.get_by_role("button", name="Skicka nu").click()

    page.get_by_text("Dina uppgifter är sparade.").wait_for()
    assert User.objects.get(pk=town["volunteer"].pk).name == "Stina Skidåkare den andra"


def test_officer_creates_a_passkey_and_signs_in_with_it(live_server, page, person, settings, transactional_db):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    officer = person("olle@karlskoga.example", Role.OFFICER, name="Olle Handläggare")
    _put_a_key_into(page)
    page.goto(f"{live_server.url}/konto/login/")
    page.get_by_label("E-post").fill(officer.email)
    page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.wait_for_url("**/konto/tva-steg/")
    page.get_by_role("link", name="Skapa en passnyckel").click()
    page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/webauthn/add/**")
    page.locator("main form button").first.click()
    page.wait_for_url("**/recovery-codes/**")

    page.context.clear_cookies()
    page.goto(f"{live_server.url}/konto/login/?next=/konto/")
    page.get_by_role("button", name="passnyckel").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/konto/")

    assert "Olle Handläggare" in page.inner_text("header")


def test_volunteer_signs_up_with_a_passkey_and_no_password(live_server, page, settings, transactional_db, mailoutbox):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    _put_a_key_into(page)
    page.goto(f"{live_server.url}/konto/signup/passkey/?next=/konto/")
    page.get_by_label("Namn").fill("Nora Nyström")
    page.get_by_label("E-post").fill("nora@example.org")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/confirm-email/")
    page.get_by_label("Kod").fill(re.search(r"\d{4}-\d{4}", mailoutbox[0].body).group())
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/webauthn/signup/**")
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/konto/")

    user = User.objects.get(email="nora@example.org")
    assert not user.has_usable_password()
    assert "Nora Nyström" in page.inner_text("header")


def _put_a_key_into(page):
    """A security key that says yes, as a phone's finger print would."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
