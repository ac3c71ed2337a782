"""An officer, an applicant whose case it is, and a stranger explain who may read what."""

from datetime import UTC, datetime

import pytest
from celery import Celery, current_app
from django.db.models import Q

from accounts import actions as accounts_actions
from accounts.choices import Role
from records import filing, registry
from tests.records.servers import MailServer, Scanner

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def at():
    return AT


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


@pytest.fixture
def person(db):
    def make(email, *roles, name=""):
        user = accounts_actions.add_person(email, name=name, password="kaffe-och-bulle-17", at=AT)
        for role in roles:
            accounts_actions.give_role(user, role=role, limit=None, by=None, at=AT)
        return user

    return make


@pytest.fixture
def officer(person):
    return person("officer@karlskoga.example", Role.OFFICER, name="Olle Handläggare")


@pytest.fixture
def secretary(person):
    return person("secretary@karlskoga.example", Role.COMMITTEE_SECRETARY, name="Sara Sekreterare")


@pytest.fixture
def auditor(person):
    return person("auditor@karlskoga.example", Role.AUDITOR, name="Rut Revisor")


@pytest.fixture
def stranger(person):
    return person("stranger@example.org", name="Stina Främling")


@pytest.fixture
def case(db):
    return filing.open_case(title="Årsbidrag 2027", sender="Karlskoga Dansförening", at=AT)


@pytest.fixture
def applicant(person, case, monkeypatch):
    """Someone to whom a higher room opens the case, and nothing else."""
    user = person("ordforande@dans.example", name="Disa Dans")
    monkeypatch.setattr(registry, "case_openings", [lambda who: Q(pk=case.pk) if who == user else Q(pk__in=[])])
    return user


@pytest.fixture
def post(db):
    """Write a letter: post('grants.receipt.1', case=case)."""

    def write(key, *, case=None, to=("ordforande@dans.example",), **options):
        return filing.post_letter(
            case,
            key=key,
            to=to,
            addressee="Karlskoga Dansförening",
            subject="Kvittens på er ansökan",
            template="letters/plain.html",
            context={"paragraphs": ["Vi har tagit emot er ansökan."]},
            at=AT,
            **options,
        )

    return write


@pytest.fixture
def mail_server(settings):
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def scanner(settings):
    with Scanner() as server:
        settings.CLAMAV_ADDRESS = f"127.0.0.1:{server.port}"
        yield server


@pytest.fixture
def a_broker_that_is_down():
    """Nobody listens on this port; the house's own settings are put back afterwards."""
    with Celery("down", broker="redis://127.0.0.1:1/0", set_as_current=False) as app:
        app.conf.broker_transport_options = {"max_retries": 0}
        house = current_app._get_current_object()
        app.set_current()
        yield app
        house.set_current()
