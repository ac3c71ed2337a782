"""A test that commits leaves an empty database, in which the models are known as after migrating."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils.timezone import now

from accounts.actions import add_person

pytestmark = pytest.mark.django_db(transaction=True)
KNOWN = (ContentType, Permission)


@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_has_committed_the_next_one_does_not_find(time):
    found = {model: model.objects.count() for model in apps.get_models(include_auto_created=True)}
    assert {model for model, rows in found.items() if rows} == set(KNOWN)
    assert found[ContentType] == len({model._meta.label for model in apps.get_models()})
    add_person("anna@example.org", name="Anna", password="kaffe-och-bulle-17", at=now())
