"""Files after commit: checked for viruses, kept from everybody until they are clean; bytes that nobody owns are removed."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from records import clamav, registry, storage
from records.choices import ScanStatus
from records.filing import note, post_letter
from records.models import StoredFile

log = logging.getLogger(__name__)

SWEEP_LIMIT = 200  # files handed to the worker in one sweep
ORPHAN_AGE = timedelta(days=1)  # an upload that never got its row is gone after this


@transaction.atomic
def scan_file(file_id: int, *, at: datetime) -> ScanStatus | None:
    """Check one waiting file; returns what it became, None when it is not waiting or the scanner gave no verdict.

    An infected file is opened by nobody from now on: whoever handed it in gets a letter (registry.file_infected).
    """
    file = (
        StoredFile.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("case", "by")
        .awaiting_scan()
        .filter(pk=file_id)
        .first()
    )
    if file is None:
        return None
    try:
        virus = _virus_in(file)
    except clamav.ScannerError as error:
        log.warning("The virus scanner gave no verdict on file %s: %s", file.pk, error)
        return None
    if virus is None:
        return _set(file, ScanStatus.UNSCANNED)
    if not virus:
        return _set(file, ScanStatus.CLEAN)
    _set(file, ScanStatus.INFECTED)
    note(file.case, "records.file_infected", at=at, changes={"file": [None, file.pk], "virus": [None, virus[:100]]})
    told = [tell(file, at) for tell in registry.file_infected]
    if not any(told):
        _tell_sender(file, at=at)
    return ScanStatus.INFECTED


def _virus_in(file: StoredFile) -> str | None:
    """The virus found, '' for none, None when no scanner is configured any more."""
    if not settings.CLAMAV_ADDRESS:
        return None
    with storage.open_bytes(file.path) as content:
        return clamav.found_in(content, settings.CLAMAV_ADDRESS)


def _set(file: StoredFile, scan: ScanStatus) -> ScanStatus:
    file.scan = scan
    file.save(update_fields=["scan"])
    return scan


def _tell_sender(file: StoredFile, *, at: datetime) -> None:
    if file.by is None or not file.by.email:
        return
    language = getattr(file.by, "language", settings.LANGUAGE_CODE)
    with override(language):
        subject = gettext("We could not receive your file")
    post_letter(
        file.case,
        key=f"records.infected.{file.pk}",
        to=[file.by.email],
        addressee=str(file.by),
        subject=subject,
        template="letters/records/file_infected.html",
        context={"file": file},
        at=at,
        language=language,
    )


def files_to_scan() -> list[int]:
    """Keys of waiting files, oldest first; none while the scanner is down, so that the worker does not knock in vain."""
    if settings.CLAMAV_ADDRESS and not clamav.is_up(settings.CLAMAV_ADDRESS):
        return []
    return list(StoredFile.objects.awaiting_scan().order_by("received_at", "pk").values_list("pk", flat=True)[:SWEEP_LIMIT])


def remove_orphans(*, at: datetime) -> int:
    """Remove bytes that have no row (an upload whose transaction was rolled back). Returns how many files."""
    removed = 0
    for folder in sorted(Path(settings.FILES_ROOT).glob("[0-9a-f][0-9a-f]")):
        old = {f"{folder.name}/{path.name}" for path in folder.iterdir() if path.stat().st_mtime < (at - ORPHAN_AGE).timestamp()}
        owned = set(StoredFile.objects.filter(path__in=old).values_list("path", flat=True))
        owned.update(*(owns(old) for owns in registry.path_owners))
        for relative in old - owned:
            storage.remove(relative)
            removed += 1
    return removed
