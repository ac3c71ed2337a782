"""Large files of attendance: kept by the request, read and written by the worker, in steps that may be begun again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import User
from associations.actions.attendance_file import (
    apply_attendance,
    apply_confirmed,
    drop_file,
    read_into,
    replace_unconfirmed,
    upload_attendance,
)
from associations.choices import FileStatus
from associations.exchange.dak import MAX_BYTES, look_at_head, looks_like_xml
from associations.exchange.reading import MAX_BYTES as MAX_TABLE_BYTES
from associations.exchange.reading import suffix_of
from associations.exchange.sessions import Reading
from associations.models import Association, AttendanceImport
from associations.permissions import may_mark
from records import storage
from records.filing import FileRefused, NotAllowedNow
from records.values import local_day

SILENT = timedelta(minutes=5)  # a worker that has said nothing for so long is taken for dead
MOST_ATTEMPTS = 3
PULSE = timedelta(seconds=1)
Clock = Callable[[], datetime]


class _GivenUp(Exception):
    """The file was thrown away, or another worker has taken over."""


def hand_in_attendance(association: Association, *, name: str, file: BinaryIO, by: User, at: datetime) -> AttendanceImport:
    """Take in a file: read at once when it is small, otherwise kept for the worker (status WAITING; the way in asks for it).

    What can be told from its size and its first lines is refused at once: FileRefused, and nothing is kept.
    """
    may_mark(by, association, local_day(at)).or_refuse()
    size = file.seek(0, 2)
    if size <= settings.ATTENDANCE_AT_ONCE:
        return upload_attendance(association, name=name, file=file, by=by, at=at)
    largest = _look_at_head(name, file)
    if size > largest:
        told = _("The file is too large. It may be at most %(limit)s MB.") % {"limit": largest // 1_000_000}
        raise FileRefused(told, "too_large")
    path = storage.hold(file, max_size=largest)
    upload = AttendanceImport(
        association=association,
        file_name=name[:200],
        content=b"",
        path=path,
        status=FileStatus.WAITING,
        uploaded_at=at,
        uploaded_by=by,
    )
    try:
        with transaction.atomic():
            replace_unconfirmed(association)
            upload.save()
    except BaseException:
        storage.remove(path)
        raise
    return upload


def _look_at_head(name: str, file: BinaryIO) -> int:
    """How many bytes such a file may have. FileRefused when its first lines say that it is nothing for us."""
    file.seek(0)
    head = file.read(2_000)
    if not looks_like_xml(head):
        suffix_of(name, head)
        return MAX_TABLE_BYTES
    look_at_head(file, municipality=settings.MUNICIPALITY["code"])
    return MAX_BYTES


def confirm_attendance(upload: AttendanceImport, *, by: User, at: datetime) -> AttendanceImport:
    """The word that the file is to be written: at once when it is little, otherwise by the worker (status CONFIRMED)."""
    plan = AttendanceImport.objects.values_list("report", flat=True).get(pk=upload.pk).get("plan", {})
    if sum(plan.get(each, 0) for each in ("new", "changed", "removed")) <= settings.ATTENDANCE_WRITTEN_AT_ONCE:
        return apply_attendance(upload, by=by, at=at)
    with transaction.atomic():
        upload = AttendanceImport.objects.select_for_update(of=("self",)).select_related("association").get(pk=upload.pk)
        may_mark(by, upload.association, local_day(at)).or_refuse()
        if upload.status != FileStatus.PREVIEWED:
            raise NotAllowedNow(_("The file has already been imported or thrown away."), "status")
        upload.status, upload.confirmed_by, upload.attempts, upload.heartbeat_at = FileStatus.CONFIRMED, by, 0, None
        upload.save(update_fields=["status", "confirmed_by", "attempts", "heartbeat_at"])
    return upload


def read_attendance(key: int, *, at: datetime, clock: Clock = now) -> bool:
    """Read one waiting file; True when it was done now. Harmless twice, and for two workers at once.

    Progress is written as it goes, outside any transaction; a file thrown away meanwhile is left. The stored file is removed when
    it has been read, or could not be.
    """
    upload = _claim(key, at=at)
    if upload is None:
        return False
    try:
        with storage.open_bytes(upload.path) as file:
            read_into(upload, file, _Pulse(upload, clock))
    except _GivenUp:
        return False
    except FileNotFoundError:
        return _settle(upload, FileRefused(_("The file is no longer here. Choose it again."), "gone"))
    except FileRefused as refused:
        return _settle(upload, refused)
    return _settle(upload)


def write_attendance(key: int, *, at: datetime) -> bool:
    """Write one confirmed file, all or nothing; True when it was done now. Harmless twice, and for two workers at once."""
    waiting = AttendanceImport.objects.filter(pk=key, status=FileStatus.CONFIRMED, attempts__lt=MOST_ATTEMPTS)
    if not waiting.update(attempts=F("attempts") + 1, heartbeat_at=at):
        return False
    try:
        apply_confirmed(AttendanceImport.objects.defer("content").get(pk=key), at=at)
    except NotAllowedNow:
        return False
    return True


def attendance_in_line(*, at: datetime) -> tuple[list[int], list[int]]:
    """Files to read and files to write that the broker has lost, or whose worker has died. Oldest first."""
    silent = Q(heartbeat_at__lt=at - SILENT)
    dead = AttendanceImport.objects.filter(silent, status__in=[FileStatus.READING, FileStatus.CONFIRMED])
    for upload in dead.filter(attempts__gte=MOST_ATTEMPTS).select_related("uploaded_by").defer("content"):
        why = FileRefused(_("It was broken off several times. Try again, or ask the municipality."), "broken_off")
        _settle(upload, why)
    dead.filter(status=FileStatus.READING).update(status=FileStatus.WAITING, heartbeat_at=None)
    rows = AttendanceImport.objects.order_by("uploaded_at", "pk").values_list("pk", flat=True)
    to_write = rows.filter(silent | Q(heartbeat_at=None), status=FileStatus.CONFIRMED)
    return list(rows.filter(status=FileStatus.WAITING)), list(to_write)


@transaction.atomic
def _claim(key: int, *, at: datetime) -> AttendanceImport | None:
    rows = AttendanceImport.objects.select_for_update(skip_locked=True, of=("self",))
    rows = rows.select_related("association", "uploaded_by")
    upload = rows.filter(pk=key, status=FileStatus.WAITING).first()
    if upload is not None:
        upload.status, upload.attempts, upload.heartbeat_at = FileStatus.READING, upload.attempts + 1, at
        upload.save(update_fields=["status", "attempts", "heartbeat_at"])
    return upload


@transaction.atomic
def _settle(upload: AttendanceImport, why: FileRefused | None = None) -> bool:
    """Store what was read, or why it could not be. False when the file is no longer this worker's."""
    row = AttendanceImport.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if (row.status, row.attempts) != (upload.status, upload.attempts):
        return False
    drop_file(row)
    row.heartbeat_at = None
    if why is None:
        row.status, row.content, row.report = FileStatus.PREVIEWED, upload.content, upload.report
    else:
        with override(upload.uploaded_by.language):
            row.error = str(why)[:300]
        row.status, row.content, row.report = FileStatus.FAILED, b"", {}
    row.save()
    return why is None


class _Pulse:
    """Tells the row how far the reading has come, at most once a second; stops a reading that nobody wants any more."""

    def __init__(self, upload: AttendanceImport, clock: Clock) -> None:
        self.mine = AttendanceImport.objects.filter(pk=upload.pk, status=FileStatus.READING, attempts=upload.attempts)
        self.clock, self.told_at = clock, upload.heartbeat_at

    def __call__(self, reading: Reading | None, done: int, of: int) -> None:
        at = self.clock()
        if self.told_at is not None and at - self.told_at < PULSE:
            return
        self.told_at = at
        told: dict[str, object] = {"heartbeat_at": at}
        if reading is not None:
            told["progress"] = {
                "done": done,
                "of": of,
                "sessions": reading.sessions,
                "participations": reading.participations,
                "refused": sum(note.refused for note in reading.notes) + reading.more_refused,
            }
        if not self.mine.update(**told):
            raise _GivenUp
