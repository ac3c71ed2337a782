"""The settings of sign-in providers: what they mean, and what is said when they are wrong."""

import json
import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.apps import AccountsConfig
from accounts.directories import Directory, DirectoryRefused, by_id, for_allauth, read_oidc, read_saml

OIDC = {"id": "bankid", "name": "BankID", "client_id": "a", "secret": "b", "server_url": "https://broker.example/"}
SAML = {"id": "adfs", "name": "ADFS", "entity_id": "urn:x", "metadata_url": "https://idp.example/m", "uid_claim": "employeeId"}
PERSONAL_NUMBER = "https://id.oidc.se/claim/personalIdentityNumber"


def refused(read, text):
    with pytest.raises(DirectoryRefused) as refusal:
        read(text)
    return str(refusal.value)


def test_nothing_in_the_environment_is_no_directory():
    assert read_oidc("") == read_saml("  ") == []


def test_provider_is_handed_to_allauth_as_it_wants_it():
    apps = for_allauth(by_id(read_oidc(json.dumps([OIDC]))))["openid_connect"]["APPS"]

    assert apps == [
        {
            "provider_id": "bankid",
            "name": "BankID",
            "client_id": "a",
            "secret": "b",
            "settings": {"server_url": "https://broker.example", "scope": ["openid", "profile", "email"], "verified_email": []},
        }
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret": ""}, "OIDC_PROVIDERS, entry 1: secret is missing."),
        ({"sekret": "x"}, "entry 1: sekret is not a known key"),
        ({"id": "Bank ID"}, "id must be small letters"),
        ({"name": "x" * 41}, "name is longer than 40"),
        ({"server_url": "http://broker.example"}, "must begin with https://"),
        ({"takes": ["address"]}, "takes may hold email and name"),
        ({"uid_claim": PERSONAL_NUMBER, "takes": ["name"]}, "nothing may be taken from a provider of personal numbers"),
        ({"roles": {"G": "officer"}}, "needs groups_claim"),
        ({"groups_claim": "g", "roles": {"G": "decision_maker"}}, "decision_maker cannot come from a group"),
        ({"second_factor": "yes"}, "second_factor is true, false or"),
    ],
)
def test_wrong_setting_says_where_and_what(changes, words):
    assert words in refused(read_oidc, json.dumps([{**OIDC, **changes}]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[{]", "OIDC_PROVIDERS is not JSON: .* at line 1, column 3"),
        ('{"id": "x"}', "must be a list of objects"),
        ("[1]", "must be a list of objects"),
    ],
)
def test_text_that_is_not_a_list_of_objects_says_so(text, words):
    assert re.search(words, refused(read_oidc, text))


def test_saml_wants_metadata_or_address_and_certificate():
    without = {key: value for key, value in SAML.items() if key != "metadata_url"}

    assert read_saml(json.dumps([SAML]))[0].app["settings"]["idp"]["metadata_url"] == "https://idp.example/m"
    assert "metadata_url, or both sso_url and certificate" in refused(read_saml, json.dumps([without]))
    assert "belong together" in refused(read_saml, json.dumps([{**SAML, "sp_certificate": "x"}]))


def test_two_providers_cannot_share_an_id():
    with pytest.raises(DirectoryRefused, match="give each its own"):
        by_id([*read_oidc(json.dumps([OIDC])), *read_saml(json.dumps([{**SAML, "id": "bankid"}]))])


def test_role_that_does_not_exist_stops_the_start(settings):
    entry = {**OIDC, "groups_claim": "g", "roles": {"G": "boss"}}
    settings.DIRECTORIES = by_id(read_oidc(json.dumps([entry])))

    with pytest.raises(ImproperlyConfigured, match="boss"):
        AccountsConfig.create("accounts").ready()


def test_same_personal_number_hashes_the_same_everywhere_and_other_numbers_do_not():
    one, other = (Directory(id=name, name=name, kind="oidc", uid_claim=PERSONAL_NUMBER) for name in ("one", "other"))
    plain = Directory(id="one", name="one", kind="oidc", uid_claim="sub")

    assert one.hashed_uid("19121212-1212", "key") == other.hashed_uid("191212121212", "key")
    assert one.hashed_uid("191212121212", "another key") != one.hashed_uid("191212121212", "key")
    assert plain.hashed_uid("191212121212", "key") != one.hashed_uid("191212121212", "key")
