"""Producers: entered, F-tax looked up, evidence of being professional kept, agreements signed."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from culture.actions.ground import clean_words
from culture.models import Agreement, Evidence, Producer, TaxCheck
from culture.permissions import may_plan
from records import filing
from records.models import StoredFile
from records.refusals import NotAllowedNow

FACTS = frozenset({"organisation_number", "association", "email", "phone", "website", "is_own", "is_example"})


@transaction.atomic
def add_producer(name: str, *, by: Any, at: datetime, **facts: Any) -> Producer:
    """Somebody who plays, teaches or shows. facts: as on the model."""
    _may(by)
    name = _free_name(name)
    producer = Producer.objects.create(name=name, **_facts(facts))
    filing.note(None, "culture.producer_added", by=by, at=at, changes={"producer": [None, producer.pk]})
    return producer


@transaction.atomic
def change_producer(producer: Producer, *, by: Any, at: datetime, **facts: Any) -> Producer:
    _may(by)
    producer = Producer.objects.select_for_update(of=("self",)).get(pk=producer.pk)
    if "name" in facts:
        facts["name"] = _free_name(facts["name"], producer)
    changed = sorted(name for name, value in _facts(facts, {"name"}).items() if getattr(producer, name) != value)
    for name in changed:
        setattr(producer, name, facts[name])
    producer.save(update_fields=changed)
    if changed:
        changes = {"producer": [producer.pk, producer.pk], "fields": [None, changed]}
        filing.note(None, "culture.producer_changed", by=by, at=at, changes=changes)
    return producer


@transaction.atomic
def note_tax(
    producer: Producer, *, approved: bool, seen_on: date, by: Any, at: datetime, valid_until: date | None = None
) -> TaxCheck:
    """Note that somebody looked up whether the producer is approved for F-tax. The latest look counts."""
    _may(by)
    row = TaxCheck.objects.create(
        producer=producer, approved=approved, seen_on=seen_on, valid_until=valid_until, noted_at=at, by=by
    )
    changes = {"producer": [producer.pk, producer.pk], "approved": [None, approved]}
    filing.note(None, "culture.tax_noted", by=by, at=at, changes=changes)
    return row


@transaction.atomic
def add_evidence(
    producer: Producer, *, kind: str, text: str, seen_on: date, by: Any, at: datetime, file: StoredFile | None = None
) -> Evidence:
    """Keep what shows that the producer is professional."""
    _may(by)
    row = Evidence.objects.create(producer=producer, kind=kind, text=clean_words(text, 300), seen_on=seen_on, file=file, by=by)
    changes = {"producer": [producer.pk, producer.pk], "evidence": [None, row.pk]}
    filing.note(None, "culture.evidence_added", by=by, at=at, changes=changes)
    return row


@transaction.atomic
def sign_agreement(
    producer: Producer,
    *,
    signed_on: date,
    first: date,
    by: Any,
    at: datetime,
    last: date | None = None,
    about: str = "",
    file: StoredFile | None = None,
) -> Agreement:
    """Note a contract with a producer. last: its last day, included."""
    _may(by)
    if last is not None and last < first:
        raise NotAllowedNow(_("The last day comes before the first."), "backwards")
    row = Agreement.objects.create(
        producer=producer, signed_on=signed_on, first=first, last=last, about=clean_words(about, 300), file=file, by=by
    )
    changes = {"producer": [producer.pk, producer.pk], "agreement": [None, row.pk]}
    filing.note(None, "culture.agreement_signed", by=by, at=at, changes=changes)
    return row


def _may(by: Any) -> None:
    if by is not None:
        may_plan(by).or_refuse()


def _free_name(name: str, producer: Producer | None = None) -> str:
    name = clean_words(name, 150)
    if Producer.objects.filter(name__iexact=name).exclude(pk=producer.pk if producer else 0).exists():
        raise NotAllowedNow(_("There is a producer with that name already."), "name")
    return name


def _facts(facts: dict[str, Any], more: set[str] | None = None) -> dict[str, Any]:
    if unknown := set(facts) - FACTS - (more or set()):
        raise ValueError(f"Not facts of a producer: {sorted(unknown)}")
    return facts
