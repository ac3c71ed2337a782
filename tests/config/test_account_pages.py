"""The pages that guard an account, walked in a real browser with a phone's passkey and an app's codes."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils.timezone import now

from accounts import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "kaffe-och-bulle-17"


@pytest.fixture
def anna(transactional_db):
    return actions.add_person("anna@bofors.example", name="Anna Berg", password=PASSWORD, at=now())


@pytest.fixture
def phone(page):
    """A virtual authenticator: says yes, as a thumb would."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def log_in(page, base):
    page.goto(base + "/konto/login/")
    page.get_by_label("E-postadress").fill("anna@bofors.example")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.get_by_role("heading", name="Det här behöver du göra").wait_for()


def confirm(page):
    """Give the password once more, when the page asks."""
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Fortsätt").click()


def log_out(page):
    page.get_by_role("button", name="Anna Berg").click()
    page.get_by_role("button", name="Logga ut").click()
    page.get_by_text("Du är utloggad.").wait_for()


def test_codes_from_an_app_are_turned_on_and_asked_for(live_server, page, anna, screens):
    log_in(page, live_server.url)
    page.goto(live_server.url + "/konto/2fa/totp/activate/")
    screens(page, "account-confirm")
    confirm(page)
    page.get_by_role("heading", name="Slå på koder från en app").wait_for()
    screens(page, "account-app")
    assert page.get_by_role("img", name=re.compile("QR-kod")).evaluate("image => image.naturalWidth") > 0
    secret = page.locator(".key").inner_text()
    page.get_by_label("Kod").fill("000000")
    page.get_by_role("button", name="Slå på").click()
    page.get_by_role("link", name="Koden stämmer inte. Kontrollera siffrorna och försök igen.").wait_for()
    page.get_by_label("Kod").fill(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))
    page.get_by_role("button", name="Slå på").click()
    page.goto(live_server.url + "/konto/2fa/")
    screens(page, "account-two-steps")
    page.goto(live_server.url + "/konto/2fa/recovery-codes/")
    screens(page, "account-recovery-codes")


def test_a_passkey_is_added_used_and_removed(live_server, page, anna, phone, screens):
    base = live_server.url.replace("127.0.0.1", "localhost")
    log_in(page, base)
    page.goto(base + "/konto/2fa/webauthn/add/")
    confirm(page)
    page.get_by_label("Passnyckelns namn").fill("Min mobil")
    assert page.get_by_label("Logga in med bara den här passnyckeln, utan lösenord").is_checked()
    screens(page, "account-passkey-add")
    page.get_by_role("button", name="Lägg till passnyckeln").click()
    page.get_by_text("Passnyckeln är tillagd.").wait_for()
    page.goto(base + "/konto/2fa/webauthn/")
    page.get_by_role("link", name="Byt namn Min mobil").wait_for()
    screens(page, "account-passkeys")
    log_out(page)
    page.goto(base + "/konto/login/")
    page.get_by_role("button", name="Logga in med passnyckel").click()
    page.get_by_role("heading", name="Det här behöver du göra").wait_for()


def test_a_passkey_that_fails_is_told_on_the_page(live_server, page, anna, phone, axe):
    base = live_server.url.replace("127.0.0.1", "localhost")
    page.goto(base + "/konto/login/")
    page.get_by_role("button", name="Logga in med passnyckel").click()
    page.get_by_text("Passnyckeln godtogs inte.").wait_for()
    axe(page)
