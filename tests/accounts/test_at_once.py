"""Two people act at the same moment: real threads on the real database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts import actions
from accounts.choices import Role
from accounts.models import Invitation, RoleGrant
from records.models import Event

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs):
    """Run *jobs* at the same moment, each on a connection of its own; returns what they gave, or the refusal."""
    ready = Barrier(len(jobs))

    def run(job):
        try:
            connection.ensure_connection()
            ready.wait()
            return job()
        except actions.NotAllowed as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_administrators_who_leave_at_the_same_moment_leave_one(person, at):
    grants = [person(f"admin{number}@example.org", Role.ADMINISTRATOR).role_grants.get() for number in range(2)]

    given = at_once(*(lambda grant=grant: actions.end_role(grant, by=None, at=at, reason="Slutar") for grant in grants))

    assert {type(answer) for answer in given} == {RoleGrant, actions.NotAllowed}
    assert RoleGrant.objects.filter(role=Role.ADMINISTRATOR, until=None).count() == 1


def test_invitation_used_by_two_at_the_same_moment_is_used_once(person, at):
    _invitation, token = actions.invite("styrelsen@example.org", by=None, at=at)
    people = [person(f"person{number}@example.org") for number in range(4)]

    given = at_once(*(lambda one=one: actions.use_invitation(token, one, at) for one in people))

    assert sorted(isinstance(answer, Invitation) for answer in given) == [False, False, False, True]
    assert Event.objects.filter(verb="accounts.invitation_accepted").count() == 1


def test_same_role_given_twice_at_the_same_moment_is_given_once(person, at):
    someone = person("someone@example.org")

    given = at_once(*(lambda: actions.give_role(someone, role=Role.AUDITOR, by=None, at=at) for _click in range(4)))

    assert sorted(isinstance(answer, RoleGrant) for answer in given) == [False, False, False, True]


def test_elected_and_deciding_given_at_the_same_moment_is_one_of_them(person, at):
    """Case 38."""
    someone = person("someone@example.org")

    at_once(
        lambda: actions.give_role(someone, role=Role.COMMITTEE_MEMBER, by=None, at=at),
        lambda: actions.give_role(someone, role=Role.DECISION_MAKER, limit=1000, by=None, at=at),
    )

    assert RoleGrant.objects.filter(user=someone).count() == 1


def test_erased_twice_at_the_same_moment_is_noted_once(person, at):
    someone = person("someone@example.org")

    at_once(*(lambda: actions.pseudonymise(someone, by=None, at=at) for _click in range(3)))

    assert Event.objects.filter(verb="accounts.pseudonymised").count() == 1
