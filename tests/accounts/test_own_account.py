"""A person's own page: what is theirs, a copy of it, and the way out."""

import json
from datetime import date

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import actions, registry
from accounts.choices import Role
from accounts.models import Invitation, RoleGrant, User
from accounts.registry import Holding
from records import filing
from records.models import Event
from tests.accounts.conftest import PASSWORD


def test_name_and_language_are_changed_and_the_pages_follow(sign_in, stranger):
    client = sign_in(stranger)

    client.post("/konto/", {"name": "  Stina Ström ", "language": "en"})

    assert User.objects.get(pk=stranger.pk).name == "Stina Ström"
    assert "My account" in client.get("/konto/").content.decode()


def test_empty_name_is_refused_and_the_page_keeps_what_was_typed(sign_in, stranger):
    answer = sign_in(stranger).post("/konto/", {"name": "", "language": "en"})

    assert answer.status_code == 422
    assert '<option value="en" selected' in answer.content.decode()
    assert User.objects.get(pk=stranger.pk).name == "Stina Främling"


def test_page_tells_what_i_hold_and_since_when(sign_in, person, monkeypatch):
    held = Holding("kassör, Karlskoga SK", since=date(2025, 3, 1), url="/foreningar/1/")
    monkeypatch.setattr(registry, "holdings", [lambda user: [held]])

    page = sign_in(person("elected@example.org", Role.COMMITTEE_MEMBER)).get("/konto/").content.decode()

    assert "kassör, Karlskoga SK" in page
    assert "sedan 1 mars 2025" in page
    assert "ledamot i nämnden" in page


def test_own_data_is_downloaded_as_json_with_what_the_rooms_add(sign_in, stranger, at, monkeypatch):
    monkeypatch.setattr(registry, "own_data", [lambda user: ("associations", ["Karlskoga SK"])])
    filing.note(None, "accounts.person_added", at=at, by=stranger)

    answer = sign_in(stranger).get("/konto/mina-uppgifter.json")

    told = json.loads(answer.content)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert told["person"]["email"] == "stranger@example.org"
    assert told["associations"] == ["Karlskoga SK"]
    assert [event["what"] for event in told["done"]] == ["accounts.person_added"]
    assert "password" not in answer.content.decode()


def test_person_asks_to_be_erased_and_may_change_their_mind(sign_in, stranger):
    client = sign_in(stranger)

    assert client.get("/konto/radera/").status_code == 200
    client.post("/konto/radera/")
    first = User.objects.get(pk=stranger.pk).erasure_asked_at
    client.post("/konto/radera/")
    assert User.objects.get(pk=stranger.pk).erasure_asked_at == first
    assert "bad" in client.get("/konto/").content.decode()
    client.post("/konto/radera/", {"back": "1"})

    assert User.objects.get(pk=stranger.pk).erasure_asked_at is None
    assert [event.verb for event in Event.objects.filter(by=stranger)] == [
        "accounts.erasure_asked",
        "accounts.erasure_taken_back",
    ]


@pytest.fixture
def leaving(stranger, sign_in, person, at, settings):
    """A person with everything that is personal, and a role."""
    settings.DEMO = True
    actions.give_role(stranger, role=Role.OFFICER, by=None, at=at)
    actions.demonstration_second_factor(stranger, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    SocialAccount.objects.create(user=stranger, provider="bankid", uid="hash")
    EmailAddress.objects.create(user=stranger, email="hemma@example.org")
    actions.invite("hemma@example.org", by=None, at=at, text="Hej Stina")
    sign_in(stranger).get("/konto/")
    return stranger


def test_erased_person_has_no_name_no_address_no_way_in_and_events_show_a_number(leaving, administrator, client, at):
    """Case 63. The user part: pseudonymised, events still show "Användare #123"."""
    event = filing.note(None, "accounts.person_added", at=at, by=leaving)

    actions.pseudonymise(leaving, by=administrator, at=at, reason="Begärt")

    gone = User.objects.get(pk=leaving.pk)
    assert (gone.name, gone.is_active, gone.has_usable_password()) == ("", False, False)
    assert str(Event.objects.get(pk=event.pk).by) == f"Användare #{gone.pk}"
    for kind in (EmailAddress, SocialAccount, Authenticator):
        assert not kind.objects.filter(user=gone).exists()
    assert all(session.get_decoded().get("_auth_user_id") != str(gone.pk) for session in Session.objects.all())
    assert not gone.roles
    assert not client.login(email="stranger@example.org", password=PASSWORD)
    for table in ("accounts_user", "accounts_invitation", "account_emailaddress", "socialaccount_socialaccount"):
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from {table} as row where row::text ~* 'stina|stranger@|hemma@'")  # noqa: S608
            assert cursor.fetchone() == (0,), table


def test_second_erasure_changes_no_row(leaving, administrator, at):
    """Case 63. A second run changes 0 rows."""
    actions.pseudonymise(leaving, by=administrator, at=at)

    with CaptureQueriesContext(connection) as queries:
        actions.pseudonymise(leaving, by=administrator, at=at)

    assert not [query["sql"] for query in queries if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]


def test_someone_who_is_still_needed_is_not_erased(stranger, administrator, at, monkeypatch):
    monkeypatch.setattr(registry, "still_needed", [lambda user: "Är ensam firmatecknare för Karlskoga SK."])

    with pytest.raises(actions.NotAllowed, match="ensam firmatecknare"):
        actions.pseudonymise(stranger, by=administrator, at=at)


def test_last_administrator_is_not_erased(administrator, at):
    with pytest.raises(actions.NotAllowed):
        actions.pseudonymise(administrator, by=administrator, at=at)
    assert User.objects.get(pk=administrator.pk).is_active


def test_administrator_erases_with_a_reason(sign_in, administrator, stranger, settings):
    settings.STAFF_SECOND_FACTOR = False
    client = sign_in(administrator)
    path = reverse("accounts:person_erase", args=[stranger.pk])

    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": ""}).status_code == 422
    client.post(path, {"reason": "Begärt av personen"})

    assert f"Användare #{stranger.pk}" in client.get("/konto/personer/").content.decode()
    assert client.get(reverse("accounts:person", args=[stranger.pk])).status_code == 200
    assert Event.objects.get(verb="accounts.pseudonymised").reason == "Begärt av personen"


def test_database_keeps_an_erased_person_without_name_and_way_in(leaving, at):
    actions.pseudonymise(leaving, by=None, at=at)

    for wrong in ({"name": "Stina"}, {"is_active": True}):
        with pytest.raises(IntegrityError, match="user_pseudonymised"), transaction.atomic():
            User.objects.filter(pk=leaving.pk).update(**wrong)


def test_two_people_cannot_share_an_address_whatever_the_case(stranger):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Stranger@Example.org")


def test_erased_person_keeps_the_roles_as_history(leaving, at):
    actions.pseudonymise(leaving, by=None, at=at)

    assert RoleGrant.objects.get(user=leaving).until == at.date()
    assert not Invitation.objects.filter(email="hemma@example.org").exists()
