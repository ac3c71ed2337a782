"""Signing in over SAML 2.0, against an identity provider that signs its own answers here."""

import base64
import json
import uuid
import zlib
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from accounts import directories
from accounts.choices import Role
from tests.strict import StrictClient

IDP = "https://idp.karlskoga.example"
US = "http://medspel.example/konto/saml/adfs"
CONTEXT = "http://id.sambi.se/loa/loa3"


def key_and_certificate(name):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def client(settings):
    """A browser at a real host name: SAML accepts no other."""
    settings.ALLOWED_HOSTS = ["medspel.example"]
    return StrictClient(headers={"Host": "medspel.example"})


@pytest.fixture(scope="module")
def idp():
    return key_and_certificate("idp")


@pytest.fixture(autouse=True)
def provider(settings, idp):
    key, certificate = key_and_certificate("medspel")
    said = {
        "id": "adfs",
        "name": "Karlskoga kommun",
        "entity_id": IDP,
        "sso_url": f"{IDP}/sso",
        "certificate": idp[1],
        "uid_claim": "employeeId",
        "groups_claim": "group",
        "roles": {"Kultur": "culture_officer"},
        "second_factor": {"claim": "authn_context", "values": [CONTEXT]},
        "email_domains": ["karlskoga.example"],
        "sp_certificate": certificate,
        "sp_private_key": key,
    }
    settings.DIRECTORIES = directories.by_id(directories.read_saml(json.dumps([said])))
    settings.SOCIALACCOUNT_PROVIDERS = directories.for_allauth(settings.DIRECTORIES)


def answer_to(request_id, idp, *, context=CONTEXT, signed=True, **attributes):
    """What the identity provider would post back, signed with its key."""
    at = datetime.now(UTC)
    now, later = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (at, at + timedelta(minutes=5)))
    statement = "".join(
        f'<saml:Attribute Name="{name}">'
        + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in attributes.items()
    )
    spaces = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
    assertion = f"""<saml:Assertion {spaces} ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{now}">
<saml:Issuer>{IDP}</saml:Issuer><saml:Subject><saml:NameID>x</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData InResponseTo="{request_id}" NotOnOrAfter="{later}" Recipient="{US}/acs/"/>
</saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{now}" NotOnOrAfter="{later}"><saml:AudienceRestriction><saml:Audience>{US}/metadata/</saml:Audience>
</saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_1"><saml:AuthnContext>
<saml:AuthnContextClassRef>{context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>{statement}</saml:AttributeStatement></saml:Assertion>"""
    if signed:
        assertion = OneLogin_Saml2_Utils.add_sign(assertion, *idp).decode()
        assertion = assertion[assertion.index("<saml:Assertion") :]
    return f"""<samlp:Response {spaces} ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{now}" Destination="{US}/acs/"
InResponseTo="{request_id}"><saml:Issuer>{IDP}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""


def come_from(client, idp, *, signed=True, **attributes):
    """Our button, their page, their form posted back to us, and wherever it leads."""
    there = client.post("/konto/saml/adfs/login/?process=login&next=/konto/")
    question = parse_qs(urlsplit(there.headers["Location"]).query)
    xml = zlib.decompress(base64.b64decode(question["SAMLRequest"][0]), -15)
    assert question["Signature"]  # we sign what we ask
    request_id = ElementTree.fromstring(xml).get("ID")  # noqa: S314
    answer = base64.b64encode(answer_to(request_id, idp, signed=signed, **attributes).encode()).decode()
    return client.post("/konto/saml/adfs/acs/", {"SAMLResponse": answer}, follow=True)


DISA = {"employeeId": ["4711"], "displayName": ["Disa Ek"], "mail": ["Disa@karlskoga.example"], "group": ["Kultur", "Alla"]}


def test_our_metadata_names_our_addresses_and_our_certificate(client, db):
    answer = client.get("/konto/saml/adfs/metadata/")

    assert answer.headers["Content-Type"] == "text/xml"
    root = ElementTree.fromstring(answer.content)  # noqa: S314
    assert root.get("entityID") == f"{US}/metadata/"
    service = root.find(".//{*}AssertionConsumerService")
    assert service.get("Location") == f"{US}/acs/"
    assert root.find(".//{*}X509Certificate").text


def test_unknown_provider_is_not_found(client, db):
    assert client.get("/konto/saml/annan/metadata/").status_code == 404


def test_colleague_signs_in_with_name_address_role_and_second_factor(client, db, idp):
    answer = come_from(client, idp, **DISA)

    user = answer.wsgi_request.user
    assert answer.redirect_chain[-1][0] == "/konto/"
    assert (user.name, user.email, user.roles) == ("Disa Ek", "disa@karlskoga.example", {Role.CULTURE_OFFICER})
    account = SocialAccount.objects.get()
    assert account.extra_data == {"roles": ["culture_officer"], "second_factor": True}
    assert "4711" not in account.uid


def test_sign_in_there_with_a_password_only_wants_a_second_factor_here(client, db, idp):
    answer = come_from(client, idp, context="urn:oasis:names:tc:SAML:2.0:ac:classes:Password", **DISA)

    assert answer.redirect_chain[-1][0] == "/konto/tva-steg/"


@pytest.mark.parametrize("case", ["unsigned", "another key", "no number"])
def test_answer_that_cannot_be_trusted_or_names_nobody_is_refused_with_a_page(client, db, idp, case):
    signer = key_and_certificate("thief") if case == "another key" else idp
    told = {key: value for key, value in DISA.items() if case != "no number" or key != "employeeId"}

    answer = come_from(client, signer, signed=case != "unsigned", **told)

    assert answer.status_code == 401
    assert not answer.wsgi_request.user.is_authenticated
    assert not SocialAccount.objects.exists()
