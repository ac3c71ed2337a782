"""The yearly documents: handed in, looked at."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.dossier import case_of, locked, note, post
from associations.choices import DOCUMENT_TRANSITIONS, DocumentStatus
from associations.models import Association, YearlyDocument
from associations.permissions import may_change, may_handle
from records import filing
from records.filing import NotAllowedNow
from records.values import local_day


def hand_in_document(association: Association, *, kind: str, year: int, upload: Any, by: User, at: datetime) -> YearlyDocument:
    """Hand in one of the seven documents for an operating year; the one handed in before is replaced and stays readable.

    FileRefused (a sentence) when the file is too large, empty or of a kind that cannot be received: nothing is written then.
    """
    may_change(by, association, local_day(at)).or_refuse()
    file = filing.store_file(upload, at=at, by=by, kind=f"association_{kind}")  # slow: before the lock
    return _hand_in(association, kind=kind, year=year, file=file, by=by, at=at)


@transaction.atomic
def _hand_in(association: Association, *, kind: str, year: int, file: Any, by: User, at: datetime) -> YearlyDocument:
    association = locked(association)
    association.documents.current().filter(kind=kind, year=year).update(status=DocumentStatus.REPLACED)
    document = YearlyDocument.objects.create(
        association=association, kind=kind, year=year, file=file, handed_in_at=at, handed_in_by=by
    )
    filing.file_in(case_of(association, at=at, by=by), [file], at=at, by=by)
    note(association, "document_handed_in", at=at, by=by, changes={"document": [None, kind], "year": [None, year]})
    return document


@transaction.atomic
def accept_document(document: YearlyDocument, *, by: User, at: datetime) -> YearlyDocument:
    """The document will do."""
    return _review(document, DocumentStatus.ACCEPTED, "document_accepted", reason="", by=by, at=at)


@transaction.atomic
def ask_for_change(document: YearlyDocument, *, reason: str, by: User, at: datetime) -> YearlyDocument:
    """Ask the association for a better document; the letter says why."""
    if not reason.strip():
        raise NotAllowedNow(_("Say what needs to change, so that the association can do it."), "reason")
    document = _review(document, DocumentStatus.NEEDS_CHANGE, "document_sent_back", reason=reason.strip(), by=by, at=at)
    post(
        document.association,
        "document_needs_change",
        key=f"{document.pk}.{at:%Y%m%d%H%M%S}",
        subject="document_needs_change",
        at=at,
        context={"document": document, "reason": reason},
    )
    return document


def _review(document: YearlyDocument, to: str, verb: str, *, reason: str, by: User, at: datetime) -> YearlyDocument:
    association = locked(document.association)
    may_handle(by, association, local_day(at)).or_refuse()
    document = YearlyDocument.objects.select_for_update(of=("self",)).select_related("association", "file").get(pk=document.pk)
    if to not in DOCUMENT_TRANSITIONS[document.status]:
        raise NotAllowedNow(_("The document has been replaced by a newer one, or is already dealt with."), "status")
    document.association = association
    document.status, document.reason, document.reviewed_at, document.reviewed_by = to, reason, at, by
    document.save()
    note(
        association,
        verb,
        at=at,
        by=by,
        reason=reason,
        changes={"document": [None, document.kind], "year": [None, document.year]},
    )
    return document
