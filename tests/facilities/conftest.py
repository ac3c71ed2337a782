"""A hall over its parts, a tariff of 100 kr an hour, and the people who use it.

Three people explain the permissions: alice (speaks for `association`), stina (speaks for `other_association`), and a stranger;
beside them an officer. The hall is open day and night, on a grid of 15 minutes. AT is a Monday morning in May.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.actions import add_person, give_role
from accounts.choices import Role
from associations.choices import AssociationStatus, MandateKind
from associations.models import Association, Category, Mandate
from facilities import actions
from facilities.models import BookingRules, HirerCategory, OpeningHours, Space
from facilities.rules.pricing import CancelStep, Rate, Share, Tariff
from facilities.rules.spans import Span

AT = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
DAY = datetime(2026, 5, 18, 0, 0, tzinfo=UTC)  # a Monday two weeks later; 02.00 on the wall


@pytest.fixture
def at():
    return AT


def hours(starts, ends, day=0):
    """A stretch in UTC hours of DAY, or of days after it; quarters as decimals."""
    return Span(DAY + timedelta(days=day, hours=starts), DAY + timedelta(days=day, hours=ends))


@pytest.fixture
def person(db):
    def make(email, *roles, name=""):
        user = add_person(email, name=name or email.split("@")[0].title(), password="kaffe-och-bulle-17", at=AT)
        for role in roles:
            give_role(user, role=role, limit=None, by=None, at=AT - timedelta(days=30))
        return user

    return make


@pytest.fixture
def officer(person):
    return person("officer@karlskoga.example", Role.OFFICER, name="Olle Handläggare")


@pytest.fixture
def staff(person):
    return person("staff@karlskoga.example", Role.VENUE_STAFF, name="Vera Vaktmästare")


@pytest.fixture
def youth(db):
    return Category.objects.get_or_create(key="youth", defaults={"name": "Barn- och ungdomsförening"})[0]


@pytest.fixture
def make_association(youth):
    def make(name, number):
        return Association.objects.create(
            name=name,
            organisation_number=number,
            category=youth,
            status=AssociationStatus.REGISTERED,
            registered_on=date(2020, 1, 1),
        )

    return make


@pytest.fixture
def association(make_association):
    return make_association("Karlskoga Handboll", "8024001239")


@pytest.fixture
def other_association(make_association):
    return make_association("Karlskoga Innebandy", "8024005677")


@pytest.fixture
def speaker(person):
    """Someone who may act for an association: speaker("anna@example.org", association)."""

    def make(email, association, kind=MandateKind.LEADER, name=""):
        user = person(email, name=name)
        Mandate.objects.create(user=user, association=association, kind=kind, since=date(2026, 1, 1))
        return user

    return make


@pytest.fixture
def alice(speaker, association):
    return speaker("alice@handboll.example", association, name="Alice Andersson")


@pytest.fixture
def stina(speaker, other_association):
    return speaker("stina@innebandy.example", other_association, name="Stina Berg")


@pytest.fixture
def stranger(person):
    return person("stranger@example.org", name="Frank Främling")


@pytest.fixture
def tariff(db):
    """100 kr an hour, youth pays half, 2 days' notice, minimum 0."""
    HirerCategory.objects.create(key="youth", name="Ungdom", association_categories=["youth"], for_youth=True)
    HirerCategory.objects.create(key="private", name="Privat")
    rules = Tariff(
        rates=(Rate(kronor=Decimal(100)),),
        shares=(Share("youth", "", Decimal(50)),),
        cancel_steps=(CancelStep(1, Decimal(100)),),
        reference="private",
    )
    return actions.publish_tariff(actions.Plan(name="Taxa 2026", valid_from=date(2026, 1, 1), rules=rules), by=None, at=AT)


@pytest.fixture
def venue(db):
    venue = actions.add_venue(key="hallen", name="Hallen", by=None, at=AT)
    OpeningHours.objects.bulk_create(
        OpeningHours(venue=venue, weekday=weekday, opens=0, closes=1440, since=date(2026, 1, 1)) for weekday in range(7)
    )
    return venue


@pytest.fixture
def tree(venue):
    """1 > (1.1 > (1.1.1 > 1.1.1.1, 1.1.2), 1.2), and 2 beside it; by name."""
    spaces = {}
    for name in ("1", "1.1", "1.1.1", "1.1.1.1", "1.1.2", "1.2", "2"):
        spaces[name] = actions.add_space(venue, name, parent=spaces.get(name.rpartition(".")[0]), by=None, at=AT)
    return {space.name: space for space in Space.objects.select_related("venue")}


@pytest.fixture
def hall(tree):
    return tree["1"]


@pytest.fixture
def room(tree):
    """A whole of its own, without parts."""
    return tree["2"]


@pytest.fixture
def rules(venue):
    """Set what the venue asks: rules(before=30, quota=1)."""

    def set_rules(**fields):
        return BookingRules.objects.update_or_create(venue=venue, defaults=fields)[0]

    return set_rules


@pytest.fixture
def book(tariff, association, alice):
    """Book for alice's association: book(space, hours(10, 12))."""

    def make(space, span, *, by=alice, association=association, at=AT, **wish):
        return actions.book(space, span, actions.Wish(association=association, **wish), by=by, at=at)

    return make


@pytest.fixture
def clubs(speaker, make_association, tariff):
    """Eight associations with somebody who speaks for each: (wish, user)."""
    found = []
    for number in range(8):
        association = make_association(f"Klubb {number}", f"80240{number:05d}")
        found.append((actions.Wish(association=association), speaker(f"klubb{number}@example.org", association)))
    return found
