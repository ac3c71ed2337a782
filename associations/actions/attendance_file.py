"""A file of attendance: read and looked at first, then what was read is written. The same file twice changes nothing."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.attendance_plan import Plan
from associations.actions.dossier import note
from associations.choices import ImportStatus
from associations.exchange.attendance_table import read_table
from associations.exchange.dak import looks_like_xml, read_dak
from associations.exchange.reading import MAX_BYTES, suffix_of
from associations.exchange.sessions import Reading, ReadSession, packed, unpacked
from associations.models import Association, AttendanceImport
from associations.permissions import may_mark
from records.filing import FileRefused, NotAllowedNow
from records.values import local_day


def upload_attendance(association: Association, *, name: str, file: BinaryIO, by: User, at: datetime) -> AttendanceImport:
    """Read a file and keep what it says until somebody confirms. Nothing is written on any card.

    file: DAK XML, xlsx, ods or csv, by its content. What is kept holds no personal numbers, and the file itself is not kept. An
    earlier file of the association that waits is thrown away. FileRefused when the file as a whole cannot be read.
    """
    may_mark(by, association, local_day(at)).or_refuse()
    reading = Reading(number=association.organisation_number, salt=str(association.pk), on=local_day(at))
    content = packed(reading, _sessions(name, file, reading))
    if not reading.sessions:
        raise FileRefused(_("The file holds no sessions."), "empty")
    with transaction.atomic():
        Association.objects.select_for_update(of=("self",)).get(pk=association.pk)
        waiting = association.attendance_imports.filter(status=ImportStatus.PREVIEWED)
        waiting.update(status=ImportStatus.DISCARDED, content=b"", report={})
        upload = AttendanceImport(
            association=association,
            file_name=name[:200],
            content=content,
            uploaded_at=at,
            uploaded_by=by,
            report=reading.report(),
        )
        upload.report |= {"plan": _plan(upload).sums(), "digest": hashlib.sha256(content).hexdigest()}
        upload.save()
    return upload


def _sessions(name: str, file: BinaryIO, reading: Reading) -> Iterator[ReadSession]:
    file.seek(0)
    head = file.read(2_000)
    if looks_like_xml(head):
        return read_dak(file, reading, municipality=settings.MUNICIPALITY["code"])
    suffix = suffix_of(name, head)
    file.seek(0)
    return read_table(file.read(MAX_BYTES + 1), suffix, reading)


def _plan(upload: AttendanceImport) -> Plan:
    groups, people, sessions = unpacked(bytes(upload.content))
    plan = Plan(upload.association, groups, people)
    for session in sessions():
        plan.take(session)
    return plan


def look_at_attendance(upload: AttendanceImport) -> dict[str, Any]:
    """What the kept file would change now: new, changed, unchanged, removed sessions, and rows that find nothing to change."""
    plan = _plan(upload)
    return {**plan.sums(), "notes": [each.as_json() for each in plan.notes]}


@transaction.atomic
def apply_attendance(upload: AttendanceImport, *, by: User, at: datetime) -> AttendanceImport:
    """Write what was read: people, groups and sessions, in batches. Raises NotAllowedNow when it is written or thrown away."""
    Association.objects.select_for_update(of=("self",)).get(pk=upload.association_id)
    upload = AttendanceImport.objects.select_for_update(of=("self",)).select_related("association__case").get(pk=upload.pk)
    may_mark(by, upload.association, local_day(at)).or_refuse()
    with _waiting(upload):
        plan = _plan(upload)
        sums = plan.sums()
        plan.write(by=by, at=at)
        upload.report = {**upload.report, "plan": sums, "found_nothing": [each.as_json() for each in plan.notes]}
        upload.status, upload.applied_at = ImportStatus.APPLIED, at
    if sums["new"] or sums["changed"] or sums["removed"]:
        changes = {f"sessions_{name}": [None, sums[name]] for name in ("new", "changed", "removed")}
        note(upload.association, "attendance_imported", at=at, by=by, changes=changes)
    return upload


@transaction.atomic
def discard_attendance(upload: AttendanceImport, *, by: User, at: datetime) -> AttendanceImport:
    """Throw the file away. Raises NotAllowedNow when it is written already."""
    upload = AttendanceImport.objects.select_for_update(of=("self",)).select_related("association").get(pk=upload.pk)
    may_mark(by, upload.association, local_day(at)).or_refuse()
    with _waiting(upload):
        upload.status, upload.report = ImportStatus.DISCARDED, {}
    return upload


@contextmanager
def _waiting(upload: AttendanceImport) -> Iterator[None]:
    """A file that waits for the word; afterwards its content is dropped."""
    if upload.status != ImportStatus.PREVIEWED:
        raise NotAllowedNow(_("The file has already been imported or thrown away."), "status")
    yield
    upload.content = b""
    upload.save()
