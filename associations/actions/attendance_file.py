"""Files of attendance: looked at first, then what was read is written. The same file twice changes nothing.

A small file is read and written while the person waits; a large one by the worker (attendance_worker).
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.attendance_plan import Plan
from associations.actions.dossier import in_swedish, note
from associations.choices import FileStatus
from associations.exchange.attendance_table import read_table
from associations.exchange.dak import looks_like_xml, read_dak
from associations.exchange.reading import MAX_BYTES, suffix_of
from associations.exchange.sessions import Reading, ReadSession, packed, unpacked
from associations.models import Association, AttendanceImport
from associations.permissions import may_mark
from records import storage
from records.filing import FileRefused, NotAllowedNow
from records.values import local_day

Tell = Callable[[Reading | None, int, int], None]  # what is read so far, how much of how much is done


def _nobody(reading: Reading | None, done: int, of: int) -> None:
    """Nobody asks how far it has come."""


def upload_attendance(association: Association, *, name: str, file: BinaryIO, by: User, at: datetime) -> AttendanceImport:
    """Read a file and keep what it says until somebody confirms. Nothing is written on any card.

    file: DAK XML, xlsx, ods or csv, by its content. What is kept holds no personal numbers, and the file itself is not kept. An
    earlier file of the association that waits is thrown away. FileRefused when the file as a whole cannot be read.
    """
    may_mark(by, association, local_day(at)).or_refuse()
    upload = AttendanceImport(association=association, file_name=name[:200], uploaded_at=at, uploaded_by=by)
    read_into(upload, file)
    with transaction.atomic():
        replace_unconfirmed(association)
        upload.save()
    return upload


def read_into(upload: AttendanceImport, file: BinaryIO, tell: Tell = _nobody) -> None:
    """Fill in the content and the report of an import from its file. FileRefused as for upload_attendance."""
    association = upload.association
    reading = Reading(number=association.organisation_number, salt=str(association.pk), on=local_day(upload.uploaded_at))
    upload.content = packed(reading, _sessions(upload.file_name, file, reading, tell))
    if not reading.sessions and not reading.removals:
        raise FileRefused(_("The file holds no sessions."), "empty")
    upload.report = reading.report() | {
        "plan": _plan(upload, tell).sums(),
        "digest": hashlib.sha256(upload.content).hexdigest(),
    }


def replace_unconfirmed(association: Association) -> None:
    """Throw away what waits, under the association's lock."""
    Association.objects.select_for_update(of=("self",)).get(pk=association.pk)
    for waiting in association.attendance_imports.unconfirmed().select_for_update(of=("self",)).defer("content"):
        throw_away(waiting)


def throw_away(upload: AttendanceImport) -> None:
    """Of a locked row: its content and its file go, it stands as discarded."""
    drop_file(upload)
    upload.status, upload.content, upload.report, upload.progress = FileStatus.DISCARDED, b"", {}, {}
    upload.save()


def drop_file(upload: AttendanceImport) -> None:
    """Take the stored file from a locked row; its bytes go when the transaction has."""
    if upload.path:
        transaction.on_commit(partial(storage.remove, upload.path), robust=True)
        upload.path = ""


def _sessions(name: str, file: BinaryIO, reading: Reading, tell: Tell) -> Iterator[ReadSession]:
    file.seek(0)
    head = file.read(2_000)
    if looks_like_xml(head):
        return read_dak(file, reading, municipality=settings.MUNICIPALITY["code"], tell=partial(tell, reading))
    suffix = suffix_of(name, head)
    file.seek(0)
    return read_table(file.read(MAX_BYTES + 1), suffix, reading)


def _plan(upload: AttendanceImport, tell: Tell = _nobody) -> Plan:
    groups, people, sessions = unpacked(bytes(upload.content))
    plan = Plan(upload.association, groups, people)
    for number, session in enumerate(sessions()):
        plan.take(session)
        if number % 500 == 0:
            tell(None, 1, 1)
    return plan


def look_at_attendance(upload: AttendanceImport) -> dict[str, Any]:
    """What the kept file would change now: new, changed, unchanged, removed sessions, and rows that find nothing to change."""
    plan = _plan(upload)
    return {**plan.sums(), "notes": [each.as_json() for each in plan.notes]}


@transaction.atomic
def apply_attendance(upload: AttendanceImport, *, by: User, at: datetime) -> AttendanceImport:
    """Write what was read: people, groups and sessions, in batches. Raises NotAllowedNow when it is written or thrown away."""
    upload = _locked(upload)
    may_mark(by, upload.association, local_day(at)).or_refuse()
    with _standing(upload, FileStatus.PREVIEWED):
        _write(upload, by=by, at=at)
    return upload


@transaction.atomic
def apply_confirmed(upload: AttendanceImport, *, at: datetime) -> AttendanceImport:
    """The worker's way: on the word of the person who confirmed. Raises NotAllowedNow when it is written already."""
    upload = _locked(upload)
    with _standing(upload, FileStatus.CONFIRMED):
        if upload.confirmed_by is None:
            raise ValueError("A constraint keeps this from happening.")
        _write(upload, by=upload.confirmed_by, at=at)
    return upload


def _write(upload: AttendanceImport, *, by: User, at: datetime) -> None:
    plan = _plan(upload)
    sums = plan.sums()
    removed = plan.write(by=by, at=at)
    upload.report = {**upload.report, "plan": sums, "found_nothing": [each.as_json() for each in plan.notes]}
    upload.status, upload.applied_at = FileStatus.APPLIED, at
    if sums["new"] or sums["changed"] or sums["removed"]:
        changes = {f"sessions_{name}": [None, sums[name]] for name in ("new", "changed", "removed")}
        note(upload.association, "attendance_imported", at=at, by=by, changes=changes)
    reason = in_swedish("removed_by_file", upload.file_name)
    for session in removed:
        gone: dict[str, list[object]] = {
            "session": [f"{session.group} {session.day:%Y-%m-%d}", None],
            "participations": [session.everyone, None],
            "leaderships": [session.everyone_led, None],
        }
        note(upload.association, "session_removed", at=at, by=by, reason=reason, changes=gone)


@transaction.atomic
def discard_attendance(upload: AttendanceImport, *, by: User, at: datetime) -> AttendanceImport:
    """Throw the file away, read or not. Raises NotAllowedNow when it is written already, or on its way to be."""
    upload = _locked(upload)
    may_mark(by, upload.association, local_day(at)).or_refuse()
    if upload.status == FileStatus.CONFIRMED:
        raise NotAllowedNow(_("The file is being read in and can no longer be thrown away."), "status")
    with _standing(upload, FileStatus.WAITING, FileStatus.READING, FileStatus.PREVIEWED):
        throw_away(upload)
    return upload


def _locked(upload: AttendanceImport) -> AttendanceImport:
    """The association first, then the file, as everywhere."""
    Association.objects.select_for_update(of=("self",)).get(pk=upload.association_id)
    rows = AttendanceImport.objects.select_for_update(of=("self",)).select_related("association__case", "confirmed_by")
    return rows.get(pk=upload.pk)


@contextmanager
def _standing(upload: AttendanceImport, *statuses: str) -> Iterator[None]:
    """A file that waits for the word; afterwards its content is dropped."""
    if upload.status not in statuses:
        raise NotAllowedNow(_("The file has already been imported or thrown away."), "status")
    yield
    upload.content = b""
    upload.save()
