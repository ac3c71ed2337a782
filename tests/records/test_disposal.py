"""Retention: adopted rules dispose of what is due, once; examples only count."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction

from records import actions, filing, registry
from records.models import Event, RetentionRule, StoredFile
from records.registry import Disposable
from tests.records.servers import EICAR
from tests.records.test_files import PDF_BYTES, on_disk

KIND = "records-quarantined"


@pytest.fixture
def infected(db, scanner, at):
    stored = filing.store_file(SimpleUploadedFile("virus.pdf", PDF_BYTES + EICAR), at=at)
    actions.scan_file(stored.pk, at=at)
    return stored


def adopt(**changes):
    actions.suggest_retention_rules()
    RetentionRule.objects.filter(kind=KIND).update(is_example=False, source="KFN 2026 § 12", **changes)


def counts(at, **options):
    return {result.rule.kind: (result.count, result.done) for result in actions.dispose(at=at, **options)}[KIND]


def test_the_rooms_suggest_rules_that_are_labelled_as_examples(db):
    first = actions.suggest_retention_rules()
    assert first == len(registry.disposables)
    assert actions.suggest_retention_rules() == 0
    assert set(RetentionRule.objects.values_list("is_example", flat=True)) == {True}


def test_an_example_rule_disposes_of_nothing(infected, at, files_root):
    actions.suggest_retention_rules()
    assert counts(at + timedelta(days=40)) == (1, False)
    assert len(on_disk(files_root)) == 1


def test_an_adopted_rule_disposes_of_what_is_due_and_a_second_run_changes_nothing(
    infected, at, files_root, django_capture_on_commit_callbacks
):
    """Case 63. A second run changes 0 rows."""
    adopt()
    assert counts(at + timedelta(days=20)) == (0, True)
    with django_capture_on_commit_callbacks(execute=True):
        assert counts(at + timedelta(days=40), dry_run=True) == (1, False)
        assert counts(at + timedelta(days=40)) == (1, True)
    assert on_disk(files_root) == []
    assert StoredFile.objects.get().disposed_at == at + timedelta(days=40)
    events = Event.objects.count()
    assert counts(at + timedelta(days=41)) == (0, True)
    assert Event.objects.count() == events
    event = Event.objects.get(verb="records.disposed")
    assert (event.changes["count"], event.reason) == ([None, 1], "KFN 2026 § 12")


def test_what_is_kept_is_kept(infected, at):
    adopt(action="keep", months=None)
    assert KIND not in {result.rule.kind for result in actions.dispose(at=at + timedelta(days=4000))}


def test_a_rule_that_disposes_says_after_how_long(db):
    actions.suggest_retention_rules()
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.update(months=None, action="dispose")
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.update(months=12, action="keep")


def test_another_room_disposes_of_its_own_things(db, at, monkeypatch):
    asked = []
    kind = Disposable("grants-draft", "utkast", 6, dispose=lambda older, at: asked.append(older) or 3, count=lambda older: 3)
    monkeypatch.setattr(registry, "disposables", [kind])
    actions.suggest_retention_rules()
    [result] = actions.dispose(at=at, examples=True)
    assert (result.count, result.done) == (3, True)
    assert asked[0].astimezone(at.tzinfo).isoformat() == "2026-05-01T22:00:00+00:00"


def test_the_command_says_what_it_did(infected):
    out = StringIO()
    call_command("dispose", dry_run=True, stdout=out)
    assert f"{KIND}: " in out.getvalue()
