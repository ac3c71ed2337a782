"""An invitation brings one person in, once."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from accounts import actions
from accounts.choices import Role
from accounts.models import Invitation, User
from records.models import Event, Letter
from tests.accounts.conftest import PASSWORD


@pytest.fixture
def invited(administrator):
    """(invitation, token) to somebody who has no account yet, valid now."""
    return actions.invite("ny@karlskoga.example", by=administrator, at=now(), role=Role.AUDITOR, text="Välkommen, Ny!")


def test_invitation_is_a_letter_with_the_link_and_the_table_holds_no_token(invited, administrator):
    invitation, token = invited
    letter = Letter.objects.get(key=f"accounts.invitation.{invitation.pk}")

    assert letter.to == ["ny@karlskoga.example"]
    assert f"http://127.0.0.1:8000/konto/inbjudan/{token}/" in letter.html
    assert "Välkommen, Ny!" in letter.html
    assert token not in str(Invitation.objects.values().get())


def test_letter_is_written_in_the_language_of_the_invitee(db, person, at):
    person("known@example.org", language="en")

    known, _token = actions.invite("Known@example.org", by=None, at=at, language="sv")
    unknown, _token = actions.invite("unknown@example.org", by=None, at=at, language="en")

    assert (known.language, unknown.language) == ("en", "en")
    assert "Open this link to accept" in Letter.objects.get(key=f"accounts.invitation.{known.pk}").html


def test_someone_without_an_account_signs_up_without_a_code_and_continues(client, invited):
    invitation, token = invited
    path = f"/konto/inbjudan/{token}/"
    page = client.get(path)
    assert f"/konto/signup/?next={path}" in page.content.decode()

    answer = client.post(
        f"/konto/signup/?next={path}",
        {"name": "Ny Revisor", "email": invitation.email, "password1": PASSWORD, "next": path},
        follow=True,
    )

    assert answer.redirect_chain[-1][0] == path  # no code: the letter has shown that the address is theirs
    answer = client.post(path)
    assert answer.headers["Location"] == "/"
    user = User.objects.get(email=invitation.email)
    assert user.has_role(Role.AUDITOR)
    assert Event.objects.filter(verb="accounts.invitation_accepted", by=user).exists()


def test_signing_up_with_another_address_than_the_invited_wants_its_own_code(client, invited, mailoutbox):
    client.get(f"/konto/inbjudan/{invited[1]}/")

    client.post("/konto/signup/", {"name": "Annan", "email": "annan@example.org", "password1": PASSWORD})

    assert re.search(r"\d{4}-\d{4}", mailoutbox[0].body)
    assert not User.objects.get(email="annan@example.org").verified_emails


def test_role_is_given_only_to_the_invited_address(sign_in, stranger, invited):
    answer = sign_in(stranger).post(f"/konto/inbjudan/{invited[1]}/")

    assert answer.status_code == 410
    assert "ny@karlskoga.example" in answer.content.decode()
    assert not User.objects.get(pk=stranger.pk).roles


def test_invitation_without_a_role_is_for_whoever_holds_the_link(stranger, at):
    _invitation, token = actions.invite("styrelsen@example.org", by=None, at=at)

    assert actions.use_invitation(token, stranger, at).accepted_by == stranger


@pytest.mark.parametrize("token", ["wrong", "x" * 43])
def test_wrong_token_is_refused_with_a_sentence(client, db, token):
    answer = client.get(f"/konto/inbjudan/{token}/")

    assert answer.status_code == 410
    assert "Länken fungerar inte" in answer.content.decode()


def test_old_invitation_is_refused_with_a_sentence(client, administrator, stranger):
    _invitation, token = actions.invite(stranger.email, by=administrator, at=now() - timedelta(days=14))

    assert "för gammal" in client.get(f"/konto/inbjudan/{token}/").content.decode()
    with pytest.raises(actions.InvitationRefused, match="gammal"):
        actions.use_invitation(token, stranger, now())


def test_invitation_lasts_until_the_very_end(stranger, at):
    _invitation, token = actions.invite(stranger.email, by=None, at=at)

    with pytest.raises(actions.InvitationRefused):
        actions.invitation_with(token, at=at + timedelta(days=14))
    assert actions.invitation_with(token, at=at + timedelta(days=14) - timedelta(microseconds=1))


def test_withdrawn_invitation_is_refused(client, administrator, invited):
    actions.withdraw_invitation(invited[0], by=administrator, at=now())

    assert "återkallats" in client.get(f"/konto/inbjudan/{invited[1]}/").content.decode()


def test_invitation_is_used_once_and_a_second_click_changes_nothing(sign_in, stranger, person, at):
    _invitation, token = actions.invite(stranger.email, by=None, at=now())
    first = actions.use_invitation(token, stranger, now())
    again = actions.use_invitation(token, stranger, now())

    assert again.accepted_at == first.accepted_at
    assert Event.objects.filter(verb="accounts.invitation_accepted").count() == 1
    with pytest.raises(actions.InvitationRefused):
        actions.use_invitation(token, person("other@example.org"), now())
    assert sign_in(stranger).get(f"/konto/inbjudan/{token}/").headers["Location"] == "/"


def test_delegation_is_not_given_by_invitation(administrator, at):
    with pytest.raises(actions.NotAllowed):
        actions.invite("chef@karlskoga.example", by=administrator, at=at, role=Role.DECISION_MAKER)


def test_link_of_another_room_leads_to_that_rooms_page(client, db, at):
    """An invitation that a room sent is accepted on the room's page, which gives what it is for."""
    _invitation, token = actions.invite("ordf@example.org", by=None, at=now(), page="accounts:invitation")
    Invitation.objects.update(page="accounts:hat_switch")

    with pytest.raises(Exception, match="hat_switch"):
        client.get(f"/konto/inbjudan/{token}/")


def test_database_keeps_an_answer_whole(invited, stranger):
    for wrong in ({"accepted_at": now()}, {"accepted_by": stranger}):
        with pytest.raises(IntegrityError, match="invitation_accepted_by_somebody"), transaction.atomic():
            Invitation.objects.update(**wrong)
    with pytest.raises(IntegrityError, match="accepted_or_withdrawn"), transaction.atomic():
        Invitation.objects.update(accepted_at=now(), accepted_by=stranger, withdrawn_at=now())
    with pytest.raises(IntegrityError, match="invitation_lasts"), transaction.atomic():
        Invitation.objects.update(expires_at=invited[0].invited_at)


def test_administrator_invites_lists_and_withdraws(sign_in, administrator, settings):
    settings.STAFF_SECOND_FACTOR = False
    client = sign_in(administrator)
    form = {"email": "Ny@Karlskoga.example", "name": "Ny", "role": Role.OFFICER, "language": "sv", "text": ""}

    assert client.post("/konto/inbjudningar/ny/", {**form, "email": "inte en adress"}).status_code == 422
    assert client.post("/konto/inbjudningar/ny/", form).headers["Location"] == "/konto/inbjudningar/"
    assert "ny@karlskoga.example" in client.get("/konto/inbjudningar/").content.decode()
    sent = Invitation.objects.get()
    client.post(f"/konto/inbjudningar/{sent.pk}/dra-tillbaka/")

    assert Invitation.objects.get().withdrawn_at


def test_strangers_and_officers_see_no_invitations(client, sign_in, officer, stranger, settings):
    settings.STAFF_SECOND_FACTOR = False
    assert client.get("/konto/inbjudningar/").headers["Location"].startswith("/konto/login/")
    for somebody in (officer, stranger):
        assert sign_in(somebody).get("/konto/inbjudningar/").status_code == 403
