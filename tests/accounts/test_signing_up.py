"""A person signs up, shows that the address is theirs, and nobody learns who else has an account."""

import re

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from tests.accounts.conftest import PASSWORD

FORM = {"name": "Nora Nyström", "email": "nora@example.org", "password1": PASSWORD}


def code_in(message):
    return re.search(r"\d{4}-\d{4}", message.body).group()


def test_person_signs_up_with_a_code_by_mail_and_is_in(client, db, mailoutbox):
    answer = client.post("/konto/signup/?next=/konto/", FORM, follow=True)
    assert answer.redirect_chain[-1][0] == "/konto/confirm-email/"
    assert not answer.wsgi_request.user.is_authenticated

    answer = client.post("/konto/confirm-email/", {"code": code_in(mailoutbox[0])}, follow=True)

    assert answer.redirect_chain[-1][0] == "/konto/"
    user = answer.wsgi_request.user
    assert (user.name, user.language, user.email) == ("Nora Nyström", "sv", "nora@example.org")
    assert EmailAddress.objects.get(user=user).verified


def test_language_of_the_page_is_kept_with_the_new_account(client, db):
    client.post("/sprak/", {"language": "en"})
    client.post("/konto/signup/", FORM)

    assert User.objects.get().language == "en"


def test_wrong_code_is_refused_and_after_three_the_sign_up_starts_again(client, db, mailoutbox):
    client.post("/konto/signup/", FORM)
    for _attempt in range(3):
        answer = client.post("/konto/confirm-email/", {"code": "0000-0000"})

    assert answer.status_code == 302
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_name_is_asked_for(client, db):
    answer = client.post("/konto/signup/", {**FORM, "name": ""})

    assert "name" in answer.context["form"].errors
    assert not User.objects.exists()


def test_signing_up_with_an_address_that_has_an_account_looks_the_same(client, stranger, mailoutbox):
    new = client.post("/konto/signup/", FORM, follow=True)
    client.session.flush()
    known = type(client)().post("/konto/signup/", {**FORM, "email": stranger.email}, follow=True)

    assert [step[0] for step in known.redirect_chain] == [step[0] for step in new.redirect_chain]
    assert User.objects.filter(email=stranger.email).count() == 1
    assert not re.search(r"\d{4}-\d{4}", mailoutbox[-1].body)  # a letter that tells the holder; no code for the visitor


def test_failed_sign_in_says_the_same_whether_the_account_exists_or_not(client, stranger):
    said = [
        client.post("/konto/login/", {"login": email, "password": "fel-losenord-99"}).context["form"].non_field_errors()
        for email in (stranger.email, "nobody@example.org")
    ]

    assert said[0] == said[1]
    assert said[0]


@pytest.mark.parametrize("email", ["stranger@example.org", "nobody@example.org"])
def test_forgotten_password_leads_to_the_same_page_for_everyone(client, stranger, email):
    answer = client.post("/konto/password/reset/", {"email": email}, follow=True)

    assert answer.redirect_chain[-1][0] == "/konto/password/reset/confirm/"


@pytest.mark.parametrize("email", ["stranger@example.org", "nobody@example.org"])
def test_asking_for_a_code_leads_to_the_same_page_for_everyone(client, stranger, email, mailoutbox):
    answer = client.post("/konto/login/code/", {"email": email}, follow=True)

    assert answer.redirect_chain[-1][0] == "/konto/login/code/confirm/"
    assert len(mailoutbox) == 1


def test_password_is_guessed_five_times_and_no_more(client, stranger):
    for _attempt in range(5):
        client.post("/konto/login/", {"login": stranger.email, "password": "fel-losenord-99"})

    answer = client.post("/konto/login/", {"login": stranger.email, "password": PASSWORD})

    assert not answer.wsgi_request.user.is_authenticated


def test_short_and_common_passwords_are_refused(client, db):
    for password in ("kort", "password1234"):
        answer = client.post("/konto/signup/", {**FORM, "password1": password})
        assert "password1" in answer.context["form"].errors
    assert not User.objects.exists()


def test_passkey_pages_are_open(client, db):
    assert client.get("/konto/signup/passkey/").status_code == 200
    assert client.get("/konto/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"}).json()["request_options"][
        "publicKey"
    ]["challenge"]


def test_sign_in_with_a_code_by_mail(client, stranger, mailoutbox):
    client.post("/konto/login/code/", {"email": stranger.email})

    answer = client.post("/konto/login/code/confirm/", {"code": code_in(mailoutbox[0])}, follow=True)

    assert answer.wsgi_request.user == stranger


def test_post_office_that_does_not_answer_is_said_on_the_page(client, db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    answer = client.post("/konto/signup/", FORM, follow=True)

    assert answer.status_code == 200
    assert "kunde inte skickas" in answer.content.decode()
