"""What the documents promise."""

import re
from pathlib import Path

from django.urls import resolve

from accounts.directories import read_oidc, read_saml

HOUSE = Path(__file__).parents[2]
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "TERM", "PATH", "LC_ALL", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def test_every_setting_from_the_environment_is_explained():
    code = [*HOUSE.glob("config/**/*.py"), *HOUSE.glob("*/settings.py"), HOUSE / "run"]
    read = set()
    for path in code:
        read |= set(re.findall(r'(?:environ(?:\.get|\.setdefault)?[\[(]|_flag\(|_list\()\s*"([A-Z][A-Z_]+)"', path.read_text()))
    explained = set(re.findall(r"`([A-Z][A-Z_]+)`", (HOUSE / "docs/operation.md").read_text()))
    assert read - explained - NOT_SETTINGS == set()


def test_links_in_the_documents_lead_somewhere():
    broken = []
    for document in [HOUSE / "README.md", HOUSE / "CHANGELOG.md", *HOUSE.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text()):
            if not (document.parent / target).exists() and not target.endswith(".png"):
                broken.append(f"{document.relative_to(HOUSE)}: {target}")
    assert broken == []


def test_the_licence_is_the_whole_licence():
    text = (HOUSE / "LICENSE").read_text()
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "15. Applicable Law" in text
    assert text.rstrip().endswith("EUPL version.")


def test_the_examples_of_sign_in_are_accepted():
    text = (HOUSE / "docs/sign-in.md").read_text()
    openid, saml = text.split("## SAML")
    for example in re.findall(r"```json\n(.*?)```", openid, re.S):
        assert read_oidc(example)
    for example in re.findall(r"```json\n(.*?)```", saml, re.S):
        assert read_saml(example)
    for name, route in {
        "openid_connect_callback": "/konto/oidc/directory/login/callback/",
        "saml_metadata": "/konto/saml/adfs/metadata/",
    }.items():
        assert resolve(route).view_name == name
        assert route in text
