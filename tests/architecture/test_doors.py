"""Every page states who may open it, and opening a page changes nothing."""

from collections import Counter

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import now

from accounts import actions
from accounts.choices import Role
from tests.architecture.doors import BUILT_BY_OTHERS, EVERYONE, Door, doors

NOT_STATE = {"django_session"}  # who sits at the door, not what is in the house


def test_every_page_says_who_may_open_it():
    """Case 65."""
    unclassified = [f"{door.name} ({door.route})" for door in doors() if not door.opens_to]
    assert unclassified == []


def test_our_own_pages_say_it_with_a_decorator():
    """Case 65."""
    ours = [
        door
        for door in doors()
        if door.view.__module__.split(".")[0] in {"config", "accounts", "records", "associations", "grants"}
    ]
    assert [door.name for door in ours if not door.stated] == []


def test_the_table_of_other_peoples_pages_names_no_page_of_ours():
    stated = {door.name for door in doors() if door.stated}
    assert stated & set(BUILT_BY_OTHERS) == set()


def test_names_of_pages_are_unique():
    names = Counter(door.name for door in doors() if door.name not in BUILT_BY_OTHERS and not door.name.startswith("admin:"))
    assert [name for name, times in names.items() if times > 1] == []


def test_only_pages_open_to_everyone_do_without_signing_in():
    """Case 65."""
    wrong = [
        door.name
        for door in doors()
        if not door.name.startswith("admin:") and door.asks_for_sign_in == (door.opens_to == EVERYONE)
    ]
    assert wrong == []


def _without_arguments() -> list[Door]:
    return [door for door in doors() if (not door.takes_arguments and ":" in door.name) or door.name in {"home"}]


def _rows_changed() -> dict[str, int]:
    """Rows written in this transaction, by table, as PostgreSQL itself counts them."""
    with connection.cursor() as cursor:
        cursor.execute("select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables")
        return {table: rows for table, rows in cursor.fetchall() if rows and table not in NOT_STATE}


@pytest.fixture
def everybody(db):
    """Somebody of each role, and somebody of none."""
    at = now()
    people = {}
    for role in (None, *Role):
        email = f"{role or 'nobody'}@example.org"
        people[role] = actions.add_person(email, name=str(role or "nobody"), password="kaffe-och-bulle-17", at=at)
        if role:
            actions.give_role(people[role], role=role, limit=1000 if role == Role.DECISION_MAKER else None, by=None, at=at)
    return people


def test_get_never_changes_state(everybody, sign_in):
    """Case 65."""
    written = {}
    for role, user in everybody.items():
        client = sign_in(user)
        for door in _without_arguments():
            before = _rows_changed()
            response = client.get(reverse(door.name))
            assert response.status_code < 500, f"{door.name} fails for {role}"
            changed = {
                table: rows - before.get(table, 0) for table, rows in _rows_changed().items() if rows != before.get(table, 0)
            }
            if changed:
                written[f"{door.name} as {role}"] = changed
    assert written == {}


def test_stranger_is_sent_to_sign_in_from_every_page_that_is_not_public(client, db):
    """Case 65."""
    for door in _without_arguments():
        if door.opens_to != EVERYONE and not door.name.startswith("admin:"):
            response = client.get(reverse(door.name))
            assert response.status_code in {302, 405}, door.name
            if response.status_code == 302:
                assert response["Location"].startswith(reverse("account_login")), door.name
