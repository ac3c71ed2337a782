"""What was typed is not lost when a session runs out in the middle of a form."""

from datetime import timedelta

import html5lib
import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from accounts import actions, tasks
from accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.strict import StrictClient

LONG = 'Vi vill ordna en lägerhelg för alla i "åttan".\r\nDen kostar <b>mycket</b> & är rolig.'


def fields_of(page):
    """The hidden fields that the page would send, as a browser reads them, less the forgery token."""
    form = html5lib.parse(page.content.decode(), namespaceHTMLElements=False).find(".//main//form")
    hidden = [(field.get("name"), field.get("value")) for field in form.iter("input") if field.get("type") == "hidden"]
    return [(name, value.replace("\n", "\r\n")) for name, value in hidden if name != "csrfmiddlewaretoken"]


def sign_in_again(client, path, email="stranger@example.org"):
    return client.post(f"/konto/login/?next={path}", {"login": email, "password": PASSWORD, "next": path}, follow=True)


def test_typed_text_survives_an_expired_session_and_is_sent_after_signing_in_again(client, stranger):
    answer = client.post("/konto/", {"name": LONG, "language": "en", "csrfmiddlewaretoken": "x"})
    assert answer.headers["Location"] == "/konto/login/?next=/konto/"
    assert "Du hade blivit utloggad" in client.get("/konto/login/?next=/konto/").content.decode()

    page = sign_in_again(client, "/konto/")

    text = page.content.decode()
    assert "Vi sparade det du skrev" in text
    assert "<b>mycket</b>" not in text
    assert "&lt;b&gt;mycket&lt;/b&gt;" in text
    assert fields_of(page) == [("name", LONG), ("language", "en")]
    answer = client.post("/konto/", {"name": "Kort namn", "language": "en"})
    assert answer.headers["Location"] == "/konto/"
    assert User.objects.get(pk=stranger.pk).name == "Kort namn"
    assert "kept" not in client.get("/konto/").context


def test_passwords_codes_tokens_and_files_are_never_kept(client, stranger):
    client.post(
        "/konto/",
        {
            "name": "Stina",
            "password1": "hemligt-hemligt",
            "oldpassword": "hemligt",
            "code": "123456",
            "csrfmiddlewaretoken": "abc",
            "file": SimpleUploadedFile("budget.pdf", b"%PDF-"),
        },
    )

    page = sign_in_again(client, "/konto/")

    assert fields_of(page) == [("name", "Stina")]
    assert "Filer sparades inte" in page.content.decode()
    assert "hemligt" not in str(dict(client.session))


def test_text_is_kept_for_an_hour(client, stranger):
    with time_machine.travel(now(), tick=False) as clock:
        client.post("/konto/", {"name": "Stina"})
        clock.shift(timedelta(minutes=59, seconds=59))
        assert "kept" in sign_in_again(client, "/konto/").context
        clock.shift(timedelta(seconds=1))
        assert "kept" not in client.get("/konto/").context


def test_session_is_as_long_as_any_other_after_signing_in(client, stranger):
    client.post("/konto/", {"name": "Stina"})
    assert client.session.get_expiry_age() == 3600

    client.post("/konto/login/", {"login": stranger.email, "password": PASSWORD, "remember": "on"})

    assert client.session.get_expiry_age() > 3600


def test_text_is_kept_in_that_browser_only(client, stranger):
    client.post("/konto/", {"name": "Stina"})

    assert "kept" not in sign_in_again(StrictClient(), "/konto/").context


def test_somebody_who_may_not_open_the_page_does_not_read_the_text(client, stranger):
    client.post("/konto/personer/1/ge-roll/", {"reason": "Hemligt skäl till rollen"})

    page = sign_in_again(client, "/konto/personer/1/ge-roll/")

    assert page.status_code == 403
    assert "Hemligt skäl" not in page.content.decode()


def test_button_without_a_page_of_its_own_is_pressed_again(client, stranger):
    client.post("/konto/byt/", {"hat": "association:1"})

    page = sign_in_again(client, "/konto/byt/")

    assert page.status_code == 200
    assert fields_of(page) == [("hat", "association:1")]


def test_text_can_be_thrown_away(client, stranger):
    client.post("/konto/", {"name": "Stina"})
    sign_in_again(client, "/konto/")

    answer = client.post("/konto/sparad-text/slang/", {"path": "/konto/"}, follow=True)

    assert answer.redirect_chain == [("/konto/", 302)]
    assert "kept" not in answer.context
    assert client.post("/konto/sparad-text/slang/", {"path": "//evil.example/"}).headers["Location"] == "/"


def test_enormous_text_is_not_kept_but_the_person_is_led_back(client, stranger):
    client.post("/konto/", {"name": "x" * 400_000})

    page = sign_in_again(client, "/konto/")

    assert fields_of(page) == []


def test_at_most_three_forms_are_kept(client, stranger):
    for number in range(5):
        client.post(f"/konto/?sida={number}", {"name": "Stina"})

    assert [entry["path"] for entry in client.session["kept_text"]] == ["/konto/?sida=4", "/konto/?sida=3", "/konto/?sida=2"]


def test_fragment_of_an_expired_session_moves_the_page_and_keeps_the_text_for_it(client, stranger):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/konto/?a=1"}

    answer = client.post("/konto/byt/", {"text": "skrivet i ett fält"}, headers=headers)

    assert answer.headers["HX-Redirect"] == "/konto/login/?next=/konto/%3Fa%3D1"
    assert fields_of(sign_in_again(client, "/konto/?a=1")) == [("text", "skrivet i ett fält")]


def test_address_that_fills_our_store_is_no_longer_kept_for(client, stranger, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "keep_text": "2/h/ip"}
    for _time in range(3):
        client = StrictClient()
        assert client.post("/konto/", {"name": "Stina"}).status_code == 302

    assert "kept_text" not in client.session


def test_kept_text_is_gone_from_the_store_when_its_hour_is_over(client, stranger):
    client.post("/konto/", {"name": "Stina"})
    assert actions.clear_sessions(at=now() + timedelta(minutes=59)) == 0

    with time_machine.travel(now() + timedelta(hours=1, seconds=1)):
        tasks.tidy()

    assert not Session.objects.exists()


@pytest.fixture
def careful(stranger):
    """A browser that is held to forgery tokens, signed in."""
    client = StrictClient(enforce_csrf_checks=True)
    client.force_login(stranger)
    return client


def test_stale_page_of_ours_may_be_sent_once_more(careful):
    answer = careful.post("/konto/", {"name": LONG, "csrfmiddlewaretoken": "gammal"}, headers={"Origin": "http://testserver"})

    assert answer.status_code == 403
    assert "varit öppen" in answer.content.decode()
    assert fields_of(answer) == [("name", LONG)]
    token = answer.context["csrf_token"]
    answer = careful.post(
        "/konto/", {"name": "Stina", "language": "sv", "csrfmiddlewaretoken": token}, headers={"Origin": "http://testserver"}
    )
    assert answer.headers["Location"] == "/konto/"


@pytest.mark.parametrize("origin", ["https://evil.example", ""])
def test_form_from_somewhere_else_is_not_shown_back(careful, origin):
    answer = careful.post("/konto/", {"name": LONG}, headers={"Origin": origin} if origin else {})

    assert answer.status_code == 403
    assert "lägerhelg" not in answer.content.decode()
    assert "kept_text" not in careful.session


def test_stale_page_of_someone_signed_out_is_kept_until_they_are_in(stranger):
    client = StrictClient(enforce_csrf_checks=True)

    answer = client.post("/konto/", {"name": LONG}, headers={"Origin": "http://testserver"}, follow=True)

    assert answer.redirect_chain[-1][0] == "/konto/login/?next=/konto/"
    assert client.session["kept_text"][0]["fields"] == [["name", LONG]]
