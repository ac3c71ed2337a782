"""Alice signs for Teaterboden, Bosse beside her; Olle and Oona keep the register; Stina is a stranger."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions import add_person, give_role
from accounts.choices import Role
from associations import actions, setup
from associations.choices import BoardRole, MandateKind, MandateSource, Sex, Signing
from associations.models import AgeBand, Association, Category, Mandate

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@pytest.fixture
def at():
    return AT


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def karlskoga(db):
    """The municipality's categories, age bands and requirements."""
    setup.karlskoga(AT)


@pytest.fixture
def person(db):
    """Make a person: person("anna@example.org", Role.OFFICER)."""

    def make(email, *roles, name=""):
        user = add_person(email, name=name or email.split("@")[0].title(), password="kaffe-och-bulle-17", at=AT)
        for role in roles:
            give_role(user, role=role, by=None, at=AT)
        return user

    return make


@pytest.fixture
def officer(person):
    return person("olle@karlskoga.example", Role.OFFICER, name="Olle Handläggare")


@pytest.fixture
def other_officer(person):
    return person("oona@karlskoga.example", Role.OFFICER, name="Oona Handläggare")


@pytest.fixture
def alice(person):
    return person("alice@teaterboden.example", name="Alice Andersson")


@pytest.fixture
def bosse(person):
    return person("bosse@teaterboden.example", name="Bosse Berg")


@pytest.fixture
def stranger(person):
    return person("stina@example.org", name="Stina Främling")


@pytest.fixture
def register(karlskoga, officer):
    """Register and approve an association: register("Teaterboden", "8024001235", by=alice)."""

    def make(name, number, by, category="kultur", **facts):
        association = actions.register_association(
            name=name,
            organisation_number=number,
            by=by,
            at=AT,
            facts={"category": Category.objects.get(key=category), "email": f"{number}@example.org", **facts},
        )
        return actions.approve(association, by=officer, at=AT)

    return make


@pytest.fixture
def association(register, alice):
    return register("Teaterboden", "8024001235", by=alice)


@pytest.fixture
def sign_for():
    """Give a second person a mandate."""

    def give(user, association, kind=MandateKind.SIGNATORY):
        return Mandate.objects.create(
            association=association, user=user, kind=kind, since=AT.date(), source=MandateSource.INVITED
        )

    return give


@pytest.fixture
def two_sign(association, bosse, sign_for):
    """Teaterboden, where Alice and Bosse sign jointly."""
    sign_for(bosse, association)
    Association.objects.filter(pk=association.pk).update(signing=Signing.TWO_JOINTLY)
    association.refresh_from_db()
    return association


@pytest.fixture
def pdf():
    """A new upload that is a PDF: pdf("arsberattelse.pdf")."""
    return lambda name="document.pdf": SimpleUploadedFile(name, PDF, content_type="application/pdf")


@pytest.fixture
def seats():
    """A complete board."""
    since = date(2026, 3, 1)
    return [
        actions.Seat(name="Alice Andersson", role=BoardRole.CHAIR, since=since, email="alice@teaterboden.example"),
        actions.Seat(name="Bosse Berg", role=BoardRole.TREASURER, since=since),
        actions.Seat(name="Cilla Ceder", role=BoardRole.SECRETARY, since=since),
    ]


@pytest.fixture
def counts(karlskoga):
    """Twelve members, ten of them in Karlskoga."""
    band = AgeBand.objects.get(key="7-15")
    older = AgeBand.objects.get(key="26-64")
    return {(band.pk, Sex.FEMALE, True): 6, (band.pk, Sex.MALE, True): 4, (older.pk, Sex.OTHER, False): 2}
