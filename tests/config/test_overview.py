"""The cards under the tasks: what stands, for an association and for those who handle applications."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from accounts.actions import add_person, give_role
from accounts.choices import Role
from accounts.hats import Hat
from associations.choices import AssociationStatus, MandateKind
from associations.models import Association, Category, Mandate
from config import overview
from grants.models import Meeting

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def anna(db):
    return add_person("anna@bofors.example", name="Anna Berg", password="kaffe-och-bulle-17", at=AT)


@pytest.fixture
def bofors(anna):
    category = Category.objects.get_or_create(key="culture", defaults={"name": "Kulturförening"})[0]
    association = Association.objects.create(
        name="Bofors SK",
        organisation_number="8575001238",
        category=category,
        status=AssociationStatus.REGISTERED,
        registered_on=date(2020, 1, 1),
    )
    Mandate.objects.create(association=association, user=anna, kind=MandateKind.SIGNATORY, since=date(2024, 1, 1))
    return association


def hat_of(association):
    return Hat("association", str(association.pk), str(association), "/")


def test_an_association_sees_how_many_requirements_it_meets(anna, bofors):
    (card,) = overview.cards(anna, hat_of(bofors), AT)
    assert card.title == "Krav för bidrag"
    assert card.lines[0].endswith("uppfyllda.")
    assert card.url == f"/foreningar/{bofors.pk}/krav/"


def test_a_hat_that_is_not_ones_own_shows_nothing(bofors):
    stranger = add_person("stina@example.org", name="Stina", password="kaffe-och-bulle-17", at=AT)
    assert overview.cards(stranger, hat_of(bofors), AT) == []


def test_one_who_handles_applications_sees_the_next_meeting(anna):
    give_role(anna, role=Role.OFFICER, limit=None, by=None, at=AT)
    Meeting.objects.create(held_on=date(2026, 12, 8), place="Stadshuset")
    with time_machine.travel(AT, tick=False):  # the year is written when it is another than today's
        (card,) = overview.cards(anna, None, AT)
    assert card.lines == ("Tisdag 8\u00a0december", "Stadshuset")


def test_one_without_hat_and_role_sees_no_cards(anna, django_assert_num_queries):
    with django_assert_num_queries(1):  # the roles
        assert overview.cards(anna, None, AT) == []
