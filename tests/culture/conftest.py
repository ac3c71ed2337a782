"""A school year, two schools with classes, an offer and a performance, and the people.

planner plans culture; teacher signs in for Alby school, other_teacher for Berga; a stranger. The school year is 2026/27, AT is in
September before the measuring date, AFTER in March when visits have taken place. cohort(5) is the autumn in which year 5 began.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.actions import add_person, give_role
from accounts.choices import Role
from culture import actions
from culture.models import ClassGroup, Offer, School, Visit

AT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
AFTER = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)
FIRST = 2026


def cohort(grade):
    """The autumn in which the pupils of a grade (0 = F) of 2026/27 began school."""
    return FIRST - grade


def noon(year, month, day, hour=10):
    return datetime(year, month, day, hour, 0, tzinfo=UTC)


@pytest.fixture
def person(db):
    def make(email, *roles, name=""):
        user = add_person(email, name=name or email.split("@")[0].title(), password="kaffe-och-bulle-17", at=AT)
        for role in roles:
            give_role(user, role=role, limit=None, by=None, at=AT - timedelta(days=365))
        return user

    return make


@pytest.fixture
def planner(person):
    return person("kultur@karlskoga.example", Role.CULTURE_OFFICER, name="Karin Kultur")


@pytest.fixture
def year(db):
    return actions.open_year(FIRST, by=None, at=AT, answer_by=date(2026, 11, 30), list_by=date(2026, 10, 10))


@pytest.fixture
def make_school(year):
    def make(name, code, **facts):
        facts.setdefault("grades", list(range(10)))
        return actions.add_school(code=code, name=name, by=None, at=AT, **facts)

    return make


@pytest.fixture
def alby(make_school):
    return make_school("Albyskolan", "10000001", email="alby@skola.example", hall_capacity=120, hall_step_free=True)


@pytest.fixture
def berga(make_school):
    return make_school("Bergaskolan", "10000002", email="berga@skola.example")


@pytest.fixture
def teacher_of(person):
    def make(school, email):
        user = person(email, Role.SCHOOL)
        actions.add_contact(school, email=email, by=None, at=AT - timedelta(days=30))
        return user

    return make


@pytest.fixture
def teacher(teacher_of, alby):
    return teacher_of(alby, "lara@alby.example")


@pytest.fixture
def rector(teacher_of, alby):
    return teacher_of(alby, "rektor@alby.example")


@pytest.fixture
def other_teacher(teacher_of, berga):
    return teacher_of(berga, "lara@berga.example")


@pytest.fixture
def stranger(person):
    return person("frammande@example.org")


@pytest.fixture
def add_class(year):
    """add_class(school, "5A", {5: 24}) -> a class with 24 pupils of year 5, officially too unless official=False."""

    def make(school, name, counts, *, official=True, at=AT, **facts):
        by_cohort = {cohort(grade): pupils for grade, pupils in counts.items()}
        return actions.add_class(school, year, name, by_cohort, official=by_cohort if official else None, by=None, at=at, **facts)

    return make


@pytest.fixture
def producer(db):
    producer = actions.add_producer("Teater Exempel", by=None, at=AT)
    actions.note_tax(producer, approved=True, seen_on=date(2026, 8, 20), by=None, at=AT)
    actions.add_evidence(
        producer, kind="grant", text="Statligt verksamhetsbidrag 2026", seen_on=date(2026, 8, 20), by=None, at=AT
    )
    actions.sign_agreement(producer, signed_on=date(2026, 8, 25), first=date(2026, 8, 25), by=None, at=AT)
    return producer


@pytest.fixture
def add_offer(producer):
    """add_offer("Trollet", [5]) -> a published offer with room for 60 people."""

    def make(title, grades, *, publish=True, by=producer, **facts):
        facts = {"art_form": "theatre", "seats": 60, "agreement": by.agreements.first(), **facts}
        offer = actions.add_offer(by, title, by=None, at=AT, grades=grades, **facts)
        return actions.publish_offer(offer, by=None, at=AT) if publish else offer

    return make


@pytest.fixture
def offer(add_offer):
    return add_offer("Trollet", [5])


@pytest.fixture
def plan(planner, year):
    """plan(offer, day) -> a performance at ten o'clock, elsewhere unless said."""

    def make(offer, day=date(2027, 2, 10), **facts):
        starts = noon(day.year, day.month, day.day)
        facts.setdefault("place", "Teatern")
        return actions.plan_performance(offer, starts, starts + timedelta(hours=1), by=planner, at=AT, **facts)

    return make


@pytest.fixture
def performance(plan, offer):
    return plan(offer)


@pytest.fixture
def visit(planner):
    """visit(group, performance) -> a booked visit that the school has been told of."""

    def make(group, performance, *, at=AT, **more):
        return actions.give_place(group, performance, by=planner, at=at, told=True, **more)

    return make


@pytest.fixture
def came(planner):
    """came(visit, 22) -> confirmed by an officer in March."""

    def make(visit, pupils, *, by=None, at=AFTER, **more):
        return actions.confirm_visit(visit, pupils, by=by or planner, at=at, **more)

    return make


@pytest.fixture
def reached():
    """reached(group) -> (reached, pupils) of the stored official figures."""

    def read(group):
        row = ClassGroup.objects.select_related("coverage").get(pk=group.pk).coverage
        return row.reached, row.official

    return read


@pytest.fixture
def live():
    """live(group) -> (reached, pupils) of the stored figures of today."""

    def read(group):
        row = ClassGroup.objects.select_related("coverage").get(pk=group.pk).coverage
        return row.live_reached, row.live

    return read


__all__ = ["AFTER", "AT", "FIRST", "Offer", "School", "Visit", "cohort", "noon"]
