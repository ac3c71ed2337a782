"""What the house forgets of people by itself, and what the register says of them."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

import accounts.registry
from accounts import actions
from accounts.apps import erasures_asked_for
from accounts.choices import Role
from accounts.models import Invitation, User
from accounts.registry import Holding
from accounts.wording import VERBS
from records import registry
from records.models import Letter


@pytest.fixture
def older_than(at):
    return at - timedelta(days=730)


def last_seen(user, moment):
    User.objects.filter(pk=user.pk).update(last_login=moment, created_at=moment)


def disposable(kind):
    return next(one for one in registry.disposables if one.kind == kind)


def test_people_who_have_gone_silent_are_pseudonymised_and_a_second_run_changes_nobody(person, at, older_than):
    """Case 63."""
    silent, seen = person("silent@example.org"), person("seen@example.org")
    last_seen(silent, older_than - timedelta(days=1))
    last_seen(seen, older_than)
    rule = disposable("accounts-person")

    assert rule.count(older_than) == 1
    assert rule.dispose(older_than, at) == 1
    assert rule.dispose(older_than, at) == 0
    assert str(User.objects.get(pk=silent.pk)) == f"Användare #{silent.pk}"
    assert User.objects.get(pk=seen.pk).name == "Seen"


def test_people_with_a_role_or_something_in_a_room_are_not_forgotten(person, at, older_than, monkeypatch):
    officer, treasurer = person("officer@example.org", Role.OFFICER), person("treasurer@example.org")
    for someone in (officer, treasurer):
        last_seen(someone, older_than - timedelta(days=900))
    held = [Holding("kassör", since=date(2020, 1, 1))]
    monkeypatch.setattr(accounts.registry, "holdings", [lambda user: held if user == treasurer else []])

    assert disposable("accounts-person").dispose(older_than, at) == 0


def test_addresses_in_old_invitations_are_forgotten_once(db, at, older_than):
    actions.invite("old@example.org", by=None, at=older_than - timedelta(days=15))
    actions.invite("new@example.org", by=None, at=at)
    rule = disposable("accounts-invitation")

    assert rule.count(older_than) == 1
    assert rule.dispose(older_than, at) == 1
    assert rule.dispose(older_than, at) == 0
    assert [invitation.email.partition("@")[2] for invitation in Invitation.objects.all()] == ["example.org", "erased.invalid"]


def test_administrator_is_asked_to_erase_those_who_want_it(administrator, stranger, person, at):
    assert erasures_asked_for(administrator, None, at) == []
    actions.ask_for_erasure(stranger, at=at)
    assert [task.title for task in erasures_asked_for(administrator, None, at)] == ["En person ber om att bli raderad"]
    actions.ask_for_erasure(person("another@example.org"), at=at)

    assert [task.title for task in erasures_asked_for(administrator, None, at)] == ["2 personer ber om att bli raderade"]
    assert erasures_asked_for(stranger, None, at) == []


def test_every_verb_that_is_noted_has_words():
    noted = {
        verb
        for path in Path("accounts/actions").glob("*.py")
        for verb in re.findall(r'"(accounts\.[a-z_]+)"', path.read_text())
        if not verb.startswith("accounts.invitation.")
    }
    assert noted <= set(VERBS) == {verb for verb in registry.verb_words if verb.startswith("accounts.")}


def test_letters_stay_as_public_records(stranger, at):
    """What was sent is a public record with a retention rule of its own; erasing a person does not reach into it."""
    actions.invite(stranger.email, by=None, at=at)

    actions.pseudonymise(stranger, by=None, at=at)

    assert Letter.objects.get().to == ["stranger@example.org"]
