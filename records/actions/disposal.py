"""Retention: what is due goes, by rules that the council has adopted; everything else stays."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from records import registry
from records.choices import RetentionAction, ScanStatus
from records.filing import dispose_files, note
from records.models import RetentionRule, StoredFile
from records.models.file import StoredFileQuerySet
from records.registry import Disposable
from records.values import local_day, months_after, opens_on


@dataclass(frozen=True, slots=True)
class Disposed:
    """What one rule did, or would do."""

    rule: RetentionRule
    count: int
    done: bool


@transaction.atomic
def suggest_retention_rules() -> int:
    """A row for each kind that the rooms can dispose of, labelled as an example until it is adopted. Returns how many."""
    rows = [_suggestion(kind) for kind in registry.disposables]
    known = set(RetentionRule.objects.values_list("kind", flat=True))
    return len(RetentionRule.objects.bulk_create([row for row in rows if row.kind not in known], ignore_conflicts=True))


def _suggestion(kind: Disposable) -> RetentionRule:
    return RetentionRule(
        kind=kind.kind,
        title=str(kind.title),
        action=RetentionAction.KEEP if kind.months is None else RetentionAction.DISPOSE,
        months=kind.months,
        source="Example, not adopted",
        is_example=True,
    )


def dispose(*, at: datetime, dry_run: bool = False, examples: bool = False) -> list[Disposed]:
    """Dispose of what is due, one transaction per kind; a second run finds nothing.

    dry_run: only count. examples: act on rules labelled as examples too (the demonstration does).
    """
    rules = {rule.kind: rule for rule in RetentionRule.objects.filter(action=RetentionAction.DISPOSE)}
    return [
        _dispose_kind(kind, rules[kind.kind], at=at, act=not dry_run and (examples or not rules[kind.kind].is_example))
        for kind in registry.disposables
        if kind.kind in rules
    ]


@transaction.atomic
def _dispose_kind(kind: Disposable, rule: RetentionRule, *, at: datetime, act: bool) -> Disposed:
    older_than = opens_on(months_after(local_day(at), -(rule.months or 0)))
    if not act:
        return Disposed(rule, kind.count(older_than), done=False)
    count = kind.dispose(older_than, at)
    if count:
        note(None, "records.disposed", at=at, reason=rule.source, changes={"kind": [None, rule.kind], "count": [None, count]})
    return Disposed(rule, count, done=True)


# What the records room itself disposes of --------------------------------------------------------------------------------


def count_quarantined(older_than: datetime) -> int:
    return _quarantined(older_than).count()


def dispose_quarantined(older_than: datetime, at: datetime) -> int:
    """The bytes of infected files; their rows stay, so that the register can say what came and what became of it."""
    return dispose_files(_quarantined(older_than), at=at)


def _quarantined(older_than: datetime) -> StoredFileQuerySet:
    return StoredFile.objects.filter(scan=ScanStatus.INFECTED, disposed_at=None, received_at__lt=older_than)
