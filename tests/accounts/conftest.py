"""Three people explain the permissions: an administrator, an officer, a stranger."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.cache import cache

from accounts import actions
from accounts.choices import Role
from tests.strict import StrictClient

PASSWORD = "kaffe-och-bulle-17"
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def the_real_thing(settings):
    """Second factors are demanded here; rate limits start from nothing."""
    settings.STAFF_SECOND_FACTOR = True
    cache.clear()


@pytest.fixture
def sign_in():
    """sign_in(user) -> a client signed in as *user*, who has shown no second factor in this session."""

    def signed_in(user):
        client = StrictClient()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def at():
    return AT


@pytest.fixture
def person(db):
    """Make a person: person("anna@example.org", Role.OFFICER)."""

    def make(email, *roles, name="", **fields):
        user = actions.add_person(email, name=name or email.split("@")[0].title(), password=PASSWORD, at=AT, **fields)
        for role in roles:
            limit = Decimal("50000") if role == Role.DECISION_MAKER else None
            actions.give_role(user, role=role, limit=limit, by=None, at=AT)
        return user

    return make


@pytest.fixture
def administrator(person):
    return person("admin@karlskoga.example", Role.ADMINISTRATOR, name="Ada Administratör")


@pytest.fixture
def officer(person):
    return person("officer@karlskoga.example", Role.OFFICER, name="Olle Handläggare")


@pytest.fixture
def stranger(person):
    return person("stranger@example.org", name="Stina Främling")
