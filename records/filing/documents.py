"""Documents: received, typed by content, checked for viruses by the worker, put into a case."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from records import registry, storage
from records.choices import ScanStatus
from records.filetypes import DOCUMENTS, FileType
from records.filing.announcing import after_commit
from records.filing.cases import note
from records.models import Case, StoredFile


def store_file(
    upload: Any,
    *,
    at: datetime,
    by: Any = None,
    allowed: Collection[FileType] = DOCUMENTS,
    max_size: int | None = None,
    kind: str = "",
    case: Case | None = None,
    internal: bool = False,
) -> StoredFile:
    """Receive one uploaded file. FileRefused (code, Swedish sentence) when it is too large, empty or of a kind not allowed.

    upload: a Django upload or anything with name and chunks(). max_size: bytes, at most settings.FILE_MAX_SIZE. kind: the slug
    that retention rules go by. The bytes are streamed to disk in bounded memory before the database is touched; a rollback of the
    caller's transaction leaves them for the sweep to remove. With a scanner configured the file waits in quarantine until clean.
    """
    received = storage.receive(upload, allowed=allowed, max_size=min(max_size or settings.FILE_MAX_SIZE, settings.FILE_MAX_SIZE))
    with transaction.atomic():
        stored = StoredFile.objects.create(
            case=case,
            kind=kind,
            name=received.name,
            path=received.path,
            content_type=received.type.content_type,
            size=received.size,
            sha256=received.sha256,
            scan=ScanStatus.WAITING if settings.CLAMAV_ADDRESS else ScanStatus.UNSCANNED,
            internal=internal,
            received_at=at,
            by=by,
        )
        if stored.scan == ScanStatus.WAITING:
            after_commit(registry.after_storing, [stored.pk])
    return stored


def keep_file(content: bytes, *, name: str, content_type: str, kind: str, at: datetime, by: Any = None) -> StoredFile:
    """Keep a file that we made ourselves (a payment file); only a view of the room that made it hands it out."""
    path, sha256 = storage.keep(content)
    return StoredFile.objects.create(
        kind=kind,
        name=name,
        path=path,
        content_type=content_type,
        size=len(content),
        sha256=sha256,
        scan=ScanStatus.OURS,
        internal=True,
        received_at=at,
        by=by,
    )


@transaction.atomic
def file_in(case: Case, documents: Iterable[StoredFile], *, at: datetime, by: Any = None) -> None:
    """Put documents into a case: from now on they are register documents and can no longer be deleted."""
    pks = [document.pk for document in documents]
    count = StoredFile.objects.filter(pk__in=pks, case=None).update(case=case)
    if count:
        note(case, "records.documents_filed", by=by, at=at, changes={"documents": [None, count]})


def dispose_files(documents: Iterable[StoredFile], *, at: datetime) -> int:
    """Remove the bytes of files whose time is over, after commit; the rows stay and say when. Returns how many went."""
    with transaction.atomic():
        pks = [document.pk for document in documents]
        files = StoredFile.objects.select_for_update(of=("self",)).filter(pk__in=pks, disposed_at=None)
        paths = {file.pk: file.path for file in files}
        StoredFile.objects.filter(pk__in=paths).update(disposed_at=at)
        for path in paths.values():
            transaction.on_commit(partial(storage.remove, path))
    return len(paths)
