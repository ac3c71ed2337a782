"""A file into the register: looked at first, then exactly that is written."""

import hashlib
from datetime import datetime

import pghistory
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.dossier import in_swedish
from associations.choices import ImportStatus
from associations.exchange.plan import Plan, plan, planned
from associations.exchange.reading import suffix_of
from associations.exchange.resource import RegisterResource
from associations.models import RegisterImport
from associations.permissions import may_keep
from records import filing
from records.filing import NotAllowedNow
from records.values import local_day


@transaction.atomic
def upload_register(*, name: str, content: bytes, by: User, at: datetime) -> tuple[RegisterImport, Plan]:
    """Keep a file and look at what it would change; nothing is written into the register. FileRefused when it cannot be read."""
    may_keep(by).or_refuse()
    suffix = suffix_of(name, content)
    found = plan(content, suffix, local_day(at))
    upload = RegisterImport.objects.create(
        file_name=name[:200],
        suffix=suffix,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        uploaded_at=at,
        uploaded_by=by,
        new_rows=found.new,
        changed_rows=found.changed,
        unchanged_rows=found.unchanged,
    )
    return upload, found


def look_again(upload: RegisterImport, *, at: datetime) -> Plan:
    """What the kept file would change now."""
    return plan(bytes(upload.content), upload.suffix, local_day(at))


@transaction.atomic
def apply_import(upload: RegisterImport, *, digest: str, by: User, at: datetime) -> RegisterImport:
    """Write what was previewed, all or nothing. digest: of the plan on the page; another one means that something has moved.

    Rows are written in batches (5,000 in about two seconds); the row history notes every change, the log the import as a case
    of its own and one line in each association's case that exists.
    """
    may_keep(by).or_refuse()
    upload = RegisterImport.objects.select_for_update().get(pk=upload.pk)
    if upload.status != ImportStatus.PREVIEWED:
        raise NotAllowedNow(_("The file has already been imported or thrown away."), "status")
    content = bytes(upload.content)
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise NotAllowedNow(_("The kept file is not the one that was uploaded. Upload it again."), "content")
    looked_at = look_again(upload, at=at)
    if looked_at.faults:
        raise NotAllowedNow(_("Some rows cannot be read. Correct the file and upload it again."), "faults")
    if looked_at.digest != digest:
        raise _moved()
    with pghistory.context(register_import=upload.pk):
        resource = RegisterResource(local_day(at), lock=True, at=at)
        written, result = planned(content, upload.suffix, resource, dry_run=False)
    if written.digest != digest:
        raise _moved()  # changed between the look and the lock: everything is rolled back
    upload.status, upload.applied_at, upload.content = ImportStatus.APPLIED, at, b""
    upload.new_rows, upload.changed_rows, upload.unchanged_rows = written.new, written.changed, written.unchanged
    upload.save()
    _log(upload, [row.instance for row in result.rows if row.instance is not None], by=by, at=at)
    return upload


def _moved() -> NotAllowedNow:
    return NotAllowedNow(_("The register has changed since you looked. Look at the new preview and confirm again."), "moved")


def _log(upload: RegisterImport, instances: list[object], *, by: User, at: datetime) -> None:
    case = filing.open_case(title=in_swedish("import", upload.file_name), at=at, by=by)
    changes = {
        "file": [None, upload.sha256],
        "new": [None, upload.new_rows],
        "changed": [None, upload.changed_rows],
        "unchanged": [None, upload.unchanged_rows],
    }
    filing.note(case, "associations.imported", by=by, at=at, changes=changes)
    for each in instances:
        if getattr(each, "changed", None) and getattr(each, "case_id", None):
            fields = sorted(each.changed)  # type: ignore[attr-defined]
            filing.note(each.case, "associations.facts_imported", by=by, at=at, changes={"fields": [None, fields]})  # type: ignore[attr-defined]
    filing.close_case(case, at=at, by=by)


@transaction.atomic
def discard_import(upload: RegisterImport, *, by: User, at: datetime) -> RegisterImport:
    """Throw the kept file away."""
    may_keep(by).or_refuse()
    upload = RegisterImport.objects.select_for_update().get(pk=upload.pk)
    if upload.status == ImportStatus.PREVIEWED:
        upload.status, upload.content = ImportStatus.DISCARDED, b""
        upload.save(update_fields=["status", "content"])
    return upload
