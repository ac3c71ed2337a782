"""Roles have dates, one holder and a trail."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from accounts import actions
from accounts.choices import Role
from accounts.models import RoleGrant, User
from records.models import Event


def test_role_is_in_force_from_its_first_day_until_the_day_before_its_end(stranger, at):
    grant = actions.give_role(
        stranger, role=Role.AUDITOR, by=None, at=at, since=date(2026, 12, 1), until=date(2026, 12, 31), reason="Revision"
    )

    def in_force(day):
        return RoleGrant.objects.on(day).filter(pk=grant.pk).exists()

    assert [in_force(date(2026, 11, 30)), in_force(date(2026, 12, 1))] == [False, True]
    assert [in_force(date(2026, 12, 30)), in_force(date(2026, 12, 31))] == [True, False]


def test_giving_a_role_is_noted_without_personal_data(stranger, administrator, at):
    actions.give_role(stranger, role=Role.OFFICER, by=administrator, at=at, reason="Vikariat")

    event = Event.objects.get(verb="accounts.role_given", by=administrator)
    assert (event.case, event.reason) == (None, "Vikariat")
    assert event.changes["user"] == [None, stranger.pk]
    assert "Stina" not in str(event.changes)


def test_same_role_is_not_given_twice_for_the_same_time(officer, at):
    with pytest.raises(actions.NotAllowed, match=r"already holds|har redan"):
        actions.give_role(officer, role=Role.OFFICER, by=None, at=at)
    with pytest.raises(IntegrityError, match="role_held_once_at_a_time"), transaction.atomic():
        RoleGrant.objects.create(user=officer, role=Role.OFFICER, since=date(2027, 1, 1))


def test_delegation_to_an_elected_person_is_refused(person, at):
    """Case 38. Delegation goes to one official: never to a politician, never to a politician and an official jointly."""
    politician = person("elected@example.org", Role.COMMITTEE_MEMBER)
    decider = person("decider@example.org", Role.DECISION_MAKER)

    with pytest.raises(actions.NotAllowed):
        actions.give_role(politician, role=Role.DECISION_MAKER, limit=Decimal(100), by=None, at=at)
    with pytest.raises(actions.NotAllowed):
        actions.give_role(decider, role=Role.COMMITTEE_MEMBER, by=None, at=at)


def test_database_refuses_delegation_to_an_elected_person(person):
    """Case 38. The database itself keeps the two apart, whatever code writes."""
    politician = person("elected@example.org", Role.COMMITTEE_MEMBER)
    grants = RoleGrant.objects.filter(user=politician)

    with pytest.raises(IntegrityError, match="role_elected_never_decides_by_delegation"), transaction.atomic():
        RoleGrant.objects.create(user=politician, role=Role.DECISION_MAKER, delegation_limit=1, since=date(2027, 1, 1))
    RoleGrant.objects.create(
        user=politician, role=Role.DECISION_MAKER, delegation_limit=1, since=date(2020, 1, 1), until=date(2021, 1, 1)
    )
    with pytest.raises(IntegrityError, match="role_elected_never_decides_by_delegation"), transaction.atomic():
        grants.filter(role=Role.DECISION_MAKER).update(until=None)


def test_a_delegation_names_one_official_and_cannot_be_shared():
    """Case 38. There is no way to say "two jointly": a delegation is one row with one person."""
    assert RoleGrant._meta.get_field("user").many_to_one
    assert not RoleGrant._meta.get_field("user").null


def test_former_politician_may_become_a_decision_maker(person, at):
    politician = person("elected@example.org", Role.COMMITTEE_MEMBER)
    actions.end_role(politician.role_grants.get(), by=None, at=at, reason="Avgår")

    grant = actions.give_role(politician, role=Role.DECISION_MAKER, limit=Decimal(20000), by=None, at=at)

    assert grant.delegation_limit == Decimal(20000)


def test_decision_maker_needs_a_limit_and_nobody_else_has_one(stranger, at):
    with pytest.raises(actions.NotAllowed):
        actions.give_role(stranger, role=Role.DECISION_MAKER, by=None, at=at)
    with pytest.raises(actions.NotAllowed):
        actions.give_role(stranger, role=Role.OFFICER, limit=Decimal(5), by=None, at=at)
    with pytest.raises(IntegrityError, match="role_grant_limit_exactly"), transaction.atomic():
        RoleGrant.objects.create(user=stranger, role=Role.DECISION_MAKER, since=at.date())
    with pytest.raises(IntegrityError, match="role_grant_limit_exactly"), transaction.atomic():
        RoleGrant.objects.create(user=stranger, role=Role.OFFICER, since=at.date(), delegation_limit=5)


def test_role_cannot_end_before_it_begins(officer):
    with pytest.raises(IntegrityError, match="role_grant_ends_after_it_begins"), transaction.atomic():
        officer.role_grants.update(until=date(2020, 1, 1))


def test_changed_limit_ends_the_old_grant_and_keeps_it_readable(person, at):
    decider = person("decider@example.org", Role.DECISION_MAKER)

    later = at + timedelta(days=30)
    actions.change_limit(decider.role_grants.get(), limit=Decimal(80000), by=None, at=later, reason="Ny delegationsordning")

    assert decider.delegation_limit(at.date()) == Decimal(50000)
    assert decider.delegation_limit(later.date()) == Decimal(80000)


def test_last_administrator_cannot_be_removed(administrator, person, at):
    grant = administrator.role_grants.get()
    with pytest.raises(actions.NotAllowed):
        actions.end_role(grant, by=administrator, at=at, reason="Slutar")

    person("second@example.org", Role.ADMINISTRATOR)
    actions.end_role(grant, by=administrator, at=at, reason="Slutar")

    assert not User.objects.get(pk=administrator.pk).has_role(Role.ADMINISTRATOR)


def test_an_administrator_whose_own_role_ends_does_not_count_as_remaining(administrator, person, at):
    substitute = person("second@example.org")
    actions.give_role(substitute, role=Role.ADMINISTRATOR, by=None, at=at, until=at.date() + timedelta(days=30))

    with pytest.raises(actions.NotAllowed):
        actions.end_role(administrator.role_grants.get(), by=None, at=at, reason="Slutar")


def test_every_change_of_a_role_keeps_the_row_as_it_was(officer, at):
    grant = officer.role_grants.get()
    RoleGrant.objects.filter(pk=grant.pk).update(reason="ändrad förbi koden")

    assert list(grant.events.order_by("pgh_id").values_list("pgh_label", "reason")) == [
        ("insert", ""),
        ("update", "ändrad förbi koden"),
    ]


def test_neither_people_nor_roles_can_be_deleted(officer):
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        RoleGrant.objects.filter(user=officer)._raw_delete("default")
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        User.objects.filter(pk=officer.pk)._raw_delete("default")
