"""An association with members and a grant in force."""

from datetime import date

import pytest

from associations.models import AgeBand, Area, Association, MemberFigures
from associations.models.members import MemberCount
from tests.grants.deciding.conftest import *  # noqa: F403 - from a handed-in application to a published decision
from tests.grants.deciding.conftest import LATER


@pytest.fixture
def members(officer):
    """Confirmed figures: members(association, girls=30, boys=10, adults=20)."""
    child = AgeBand.objects.create(key="test-child", first_age=7, last_age=25, in_use=False)
    adult = AgeBand.objects.create(key="test-adult", first_age=26, last_age=None, in_use=False)

    def make(association, girls, boys, adults=0, year=2026):
        figures = MemberFigures.objects.create(
            association=association,
            year=year,
            as_of=date(year, 1, 1),
            reported_at=LATER,
            reported_by=officer,
            confirmed_at=LATER,
            confirmed_by=officer,
        )
        for band, sex, count in ((child, "female", girls), (child, "male", boys), (adult, "male", adults)):
            MemberCount.objects.create(figures=figures, age_band=band, sex=sex, lives_here=True, count=count)

    return make


@pytest.fixture
def supported(application, publish, members, association):
    """Teaterboden in the north with 30 girls and 10 boys got 12 000,50 kr for 2027."""
    Association.objects.filter(pk=association.pk).update(area=Area.objects.create(key="norr", name="Norra Karlskoga"))
    members(association, girls=30, boys=10)
    return publish(application)
