"""Staff have a second factor; everybody else may."""

import time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import actions
from accounts.adapters import MFAAdapter
from accounts.choices import STAFF, Role
from records.models import Event
from tests.accounts.conftest import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now():
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


@pytest.fixture
def demonstration(settings):
    settings.DEMO = True


@pytest.mark.parametrize("role", sorted(STAFF))
def test_staff_without_a_second_factor_are_sent_to_set_one_up(sign_in, person, role):
    client = sign_in(person("someone@karlskoga.example", role))

    for path in ("/", "/konto/", "/konto/personer/"):
        assert client.get(path).headers["Location"] == "/konto/tva-steg/"
    assert client.get("/konto/tva-steg/").status_code == 200


def test_while_setting_up_one_may_sign_out_and_change_language(sign_in, officer):
    client = sign_in(officer)

    assert client.get("/konto/2fa/").status_code == 200
    assert client.post("/sprak/", {"language": "en"}).status_code == 302
    assert client.get("/konto/email/").status_code != 302 or "tva-steg" not in client.get("/konto/email/").headers["Location"]
    assert client.post("/konto/logout/").headers["Location"] == "/"


@pytest.mark.parametrize("role", sorted(set(Role) - STAFF))
def test_other_roles_and_volunteers_sign_in_with_one_step(sign_in, person, stranger, role):
    assert sign_in(stranger).get("/konto/").status_code == 200
    assert sign_in(person("someone@example.org", role)).get("/konto/").status_code == 200


def test_fragment_moves_the_whole_page_to_the_set_up(sign_in, officer):
    answer = sign_in(officer).get("/konto/", headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == "/konto/tva-steg/"


def test_officer_sets_up_an_app_and_is_let_in(sign_in, officer):
    client = sign_in(officer)
    client.post("/konto/reauthenticate/?next=/konto/2fa/totp/activate/", {"password": PASSWORD})
    page = client.get("/konto/2fa/totp/activate/")
    code = format_hotp_value(hotp_value(page.context["form"].secret, int(time.time()) // 30))

    client.post("/konto/2fa/totp/activate/", {"code": code})

    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert client.get("/konto/").status_code == 200


def test_demonstration_account_signs_in_with_the_code_that_the_command_shows(client, officer, demonstration):
    actions.demonstration_second_factor(officer, SECRET)
    actions.demonstration_second_factor(officer, SECRET)
    client.post("/konto/login/?next=/konto/", {"login": officer.email, "password": PASSWORD})
    shown = StringIO()
    call_command("code", officer.email, stdout=shown)

    answer = client.post("/konto/2fa/authenticate/", {"code": shown.getvalue().split()[0]}, follow=True)

    assert answer.redirect_chain[-1][0] == "/konto/"
    assert Authenticator.objects.count() == 1


def test_known_secrets_exist_only_in_the_demonstration(officer):
    with pytest.raises(actions.NotAllowed):
        actions.demonstration_second_factor(officer, SECRET)
    with pytest.raises(CommandError):
        call_command("code", officer.email)


def test_secrets_are_not_stored_in_clear(officer, demonstration, settings):
    stored = actions.demonstration_second_factor(officer, SECRET).data["secret"]
    assert SECRET not in stored

    settings.SECOND_FACTOR_KEYS = ["bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleSE=", *settings.SECOND_FACTOR_KEYS]
    assert MFAAdapter().decrypt(stored) == SECRET


def test_staff_cannot_remove_their_last_second_factor(sign_in, officer, demonstration):
    actions.demonstration_second_factor(officer, SECRET)
    client = sign_in(officer)
    client.post("/konto/2fa/reauthenticate/?next=/konto/2fa/totp/deactivate/", {"code": code_now()})

    client.post("/konto/2fa/totp/deactivate/")

    assert Authenticator.objects.filter(user=officer).exists()


def test_lost_phone_is_reset_by_an_administrator_and_the_person_is_signed_out(
    sign_in, officer, administrator, demonstration, settings
):
    actions.demonstration_second_factor(officer, SECRET)
    phone = sign_in(officer)
    settings.STAFF_SECOND_FACTOR = False

    answer = sign_in(administrator).post(reverse("accounts:second_factor_reset", args=[officer.pk]), {"reason": "Tappad telefon"})

    assert answer.status_code == 302
    assert not Authenticator.objects.filter(user=officer).exists()
    assert phone.get("/konto/").headers["Location"].startswith("/konto/login/")
    assert Event.objects.get(verb="accounts.second_factor_reset").reason == "Tappad telefon"
