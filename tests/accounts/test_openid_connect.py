"""Signing in through a broker or the municipality's directory, against a real OpenID Connect server on this machine."""

import json
import re
from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.timezone import now
from oidc_provider_mock import User as Subject
from oidc_provider_mock import run_server_in_thread

from accounts import actions, directories
from accounts.choices import Role
from accounts.models import User
from accounts.providers import HouseOpenIDConnect
from tests.accounts.conftest import PASSWORD
from tests.strict import StrictClient

PERSONAL_NUMBER = "https://id.oidc.se/claim/personalIdentityNumber"
NUMBER = "191212121212"
CLAIMS = {
    "tolvan": {PERSONAL_NUMBER: NUMBER, "name": "Tolvan Skyddad", "email": "stranger@example.org"},
    "tolvan-again": {PERSONAL_NUMBER: "19121212-1212"},
    "short": {PERSONAL_NUMBER: "1212121212"},
    "nameless": {},
    "disa": {"name": "Disa Direktör", "email": "disa@karlskoga.example", "groups": ["Medspel-H", "Alla"], "amr": ["pwd", "mfa"]},
    "password-only": {"name": "Pia", "email": "pia@karlskoga.example", "groups": ["Medspel-H"], "amr": ["pwd"]},
    "thief": {"name": "Tjuv", "email": "stranger@example.org", "email_verified": True, "groups": [], "amr": ["mfa"]},
}


@pytest.fixture(scope="module")
def server():
    with run_server_in_thread(user_claims=[Subject(sub=sub, claims=claims) for sub, claims in CLAIMS.items()]) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(autouse=True)
def providers(settings, server, monkeypatch):
    """A broker of personal numbers and the municipality's directory, as the environment would name them."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    common = {"client_id": "medspel", "secret": "hemlig", "server_url": server}
    said = [
        {"id": "bankid", "name": "BankID", "uid_claim": PERSONAL_NUMBER, "second_factor": True, **common},
        {
            "id": "katalog",
            "name": "Karlskoga kommun",
            "second_factor": {"claim": "amr", "values": ["mfa"]},
            "groups_claim": "groups",
            "roles": {"Medspel-H": "officer", "Medspel-R": "auditor"},
            "email_domains": ["karlskoga.example"],
            **common,
        },
    ]
    settings.DIRECTORIES = directories.by_id(directories.read_oidc(json.dumps(said)))
    settings.SOCIALACCOUNT_PROVIDERS = directories.for_allauth(settings.DIRECTORIES)


def come_from(client, provider, subject, *, process="login", path="/konto/"):
    """The whole way: our button, their page, their redirect back with a code, and wherever it leads."""
    answer = client.post(f"/konto/oidc/{provider}/login/?process={process}&next={path}")
    there = requests.post(answer.headers["Location"], data={"sub": subject}, allow_redirects=False, timeout=30)
    back = urlsplit(there.headers["Location"])
    return client.get(f"{back.path}?{back.query}", follow=True)


def signed_in(answer):
    user = answer.wsgi_request.user
    return user if user.is_authenticated else None


def sign_up(client, **changes):
    form = {"name": "Tolvan Tolvansson", "email": "tolvan@example.org", **changes}
    return client.post("/konto/3rdparty/signup/", form, follow=True)


def test_first_time_with_a_personal_number_asks_for_name_and_address_and_takes_neither(client, db, mailoutbox):
    answer = come_from(client, "bankid", "tolvan")

    assert answer.redirect_chain[-1][0] == "/konto/3rdparty/signup/"
    assert "Skyddad" not in answer.content.decode()
    assert "stranger@example.org" not in answer.content.decode()
    answer = sign_up(client)
    assert answer.redirect_chain[-1][0] == "/konto/confirm-email/"
    code = re.search(r"\d{4}-\d{4}", mailoutbox[0].body).group()
    answer = client.post("/konto/confirm-email/", {"code": code}, follow=True)
    assert signed_in(answer).name == "Tolvan Tolvansson"


@pytest.fixture
def tolvan(person):
    """Someone who has connected BankID to an account of their own."""
    user = person("tolvan@example.org", name="Tolvan Tolvansson")
    client = StrictClient()
    client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    come_from(client, "bankid", "tolvan", process="connect")
    return user


def test_person_is_known_by_the_number_and_never_by_address(client, tolvan, stranger):
    """The broker says the stranger's address for Tolvan: it is the number that decides."""
    assert signed_in(come_from(client, "bankid", "tolvan")) == tolvan
    assert signed_in(come_from(StrictClient(), "bankid", "tolvan-again")) == tolvan


def test_personal_number_is_stored_nowhere_in_clear(client, tolvan):
    come_from(client, "bankid", "tolvan")

    account = SocialAccount.objects.get()
    assert account.extra_data == {"roles": [], "second_factor": True}
    assert len(account.uid) == 64
    assert not SocialToken.objects.exists()
    assert not SocialApp.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'select count(*) from "{table}" as row where row::text like %s', [f"%{NUMBER}%"])  # noqa: S608
            assert cursor.fetchone() == (0,), table
    assert all(NUMBER not in json.dumps(session.get_decoded(), default=str) for session in Session.objects.all())


@pytest.mark.parametrize("subject", ["short", "nameless"])
def test_missing_or_malformed_number_is_refused_with_a_page(client, db, subject):
    answer = come_from(client, "bankid", subject)

    assert signed_in(answer) is None
    assert answer.status_code == 401
    assert not SocialAccount.objects.exists()


def test_stranger_with_my_address_does_not_get_into_my_account(client, stranger):
    answer = come_from(client, "katalog", "thief")

    assert signed_in(answer) is None
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1


def test_colleague_from_the_directory_is_let_straight_in_with_the_role_of_the_group(client, db):
    answer = come_from(client, "katalog", "disa")

    user = signed_in(answer)
    assert answer.redirect_chain[-1][0] == "/konto/"  # no set-up: the directory asked for a second factor
    assert (user.name, user.email, user.roles) == ("Disa Direktör", "disa@karlskoga.example", {Role.OFFICER})
    assert EmailAddress.objects.get(user=user).verified
    assert user.role_grants.get().source == "katalog"


def test_colleague_who_used_only_a_password_there_sets_up_a_second_factor_here(client, db):
    answer = come_from(client, "katalog", "password-only")

    assert answer.redirect_chain[-1][0] == "/konto/tva-steg/"


def test_second_factor_of_the_directory_is_not_asked_for_again_here(client, db, settings):
    settings.DEMO = True
    user = signed_in(come_from(client, "katalog", "disa"))
    actions.demonstration_second_factor(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert Authenticator.objects.filter(user=user).exists()

    assert signed_in(come_from(StrictClient(), "katalog", "disa")) == user


def test_role_ends_when_the_group_is_lost_and_roles_given_by_people_stay(client, db, administrator, settings):
    user = signed_in(come_from(client, "katalog", "disa"))
    at = now()  # the sign-in above gave its role today, not on the day of the other tests
    actions.give_role(user, role=Role.CULTURE_OFFICER, by=administrator, at=at)
    katalog = settings.DIRECTORIES["katalog"]

    actions.take_roles_from_directory(user, directory=katalog, roles=frozenset({"auditor"}), at=at)

    assert User.objects.get(pk=user.pk).roles == {Role.CULTURE_OFFICER, Role.AUDITOR}


def test_group_cannot_make_a_decision_maker_of_an_elected_person(person, at, settings):
    """Case 38."""
    decider = person("decider@example.org", Role.DECISION_MAKER)

    actions.take_roles_from_directory(
        decider, directory=settings.DIRECTORIES["katalog"], roles=frozenset({"committee_member", "auditor"}), at=at
    )

    assert User.objects.get(pk=decider.pk).roles == {Role.DECISION_MAKER, Role.AUDITOR}


def test_answer_about_somebody_else_is_refused(rf, db):
    request = rf.get("/")
    app = SocialApp(provider="openid_connect", provider_id="katalog", client_id="medspel", name="Katalog")
    request.user, request.session = AnonymousUser(), {}

    with pytest.raises(ImmediateHttpResponse):
        HouseOpenIDConnect(request, app=app).claims({"id_token": {"sub": "disa"}, "userinfo": {"sub": "thief"}})


def test_cancelled_sign_in_is_a_page_and_not_an_error(client, db, server):
    answer = client.post("/konto/oidc/bankid/login/")
    there = requests.post(answer.headers["Location"], data={"action": "deny"}, allow_redirects=False, timeout=30)
    back = urlsplit(there.headers["Location"])

    answer = client.get(f"{back.path}?{back.query}", follow=True)

    assert answer.status_code == 401
    assert signed_in(answer) is None
