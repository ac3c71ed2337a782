"""A file into schools and classes: looked at first, then exactly that is written. The file itself is never kept."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from culture.actions.classes import add_class, count_class
from culture.choices import CountKind, CountSource, ImportKind, ImportStatus
from culture.exchange import reading
from culture.exchange.plan import UNIT_FACTS, Change, Plan, plan_classes, plan_units
from culture.models import ClassGroup, School, SchoolImport, SchoolYear
from culture.permissions import may_plan
from culture.rules.class_names import class_key
from records import filing
from records.refusals import FileRefused, NotAllowedNow
from records.values import local_day

MAX_TABLE = 10 * 1024 * 1024


@transaction.atomic
def upload_school_units(content: bytes, *, by: User, at: datetime) -> tuple[SchoolImport, Plan]:
    """Look at what the register's JSON would change; nothing is written yet. FileRefused when it is something else."""
    may_plan(by).or_refuse()
    rows, faults = reading.school_units(content)
    return _keep(ImportKind.SCHOOL_UNITS, rows, faults, by=by, at=at)


@transaction.atomic
def upload_ss12000(
    file: Any, *, year: SchoolYear, by: User, at: datetime, school: School | None = None, official: bool = False
) -> tuple[SchoolImport, Plan]:
    """Count the classes in an SS 12000 file, and look at what would change. file: an upload; only the counts are kept.

    school: whose contact reads it in; an officer may read in all schools at once. official: counts of the measuring date.
    """
    _may(by, school)
    rows, faults = reading.from_ss12000(file, year)
    return _keep(ImportKind.SS12000, rows, faults, by=by, at=at, year=year, school=school, official=official)


@transaction.atomic
def upload_class_list(
    content: bytes, name: str, *, year: SchoolYear, by: User, at: datetime, school: School | None = None, official: bool = False
) -> tuple[SchoolImport, Plan]:
    """Look at what a table of classes (xlsx, ods, csv) would change. One line for each class and grade."""
    _may(by, school)
    if len(content) > MAX_TABLE:
        raise FileRefused(_("The file is too large. It may be at most 10 MB."), "too_large")
    rows, faults = reading.class_list(content, name, year)
    return _keep(ImportKind.CLASSES, rows, faults, by=by, at=at, year=year, school=school, official=official)


def look_again(upload: SchoolImport) -> Plan:
    """What the counts would change now."""
    rows, faults = upload.content["rows"], upload.content["faults"]
    if upload.kind == ImportKind.SCHOOL_UNITS or upload.year is None:
        return plan_units(rows, faults)
    return plan_classes(rows, faults, upload.year, _schools(upload), _kind(upload))


@transaction.atomic
def apply_import(upload: SchoolImport, *, digest: str, by: User, at: datetime, reason: str = "") -> SchoolImport:
    """Write what was looked at, all or nothing. digest: of the plan on the page; another one means that something has moved.

    Rows with faults are left out, as the page said. reason: when figures of the measuring date that were fixed are corrected.
    """
    upload = SchoolImport.objects.select_for_update(of=("self",)).select_related("year", "school").get(pk=upload.pk)
    _may(by, upload.school if upload.kind != ImportKind.SCHOOL_UNITS else None)
    if upload.status != ImportStatus.PREVIEWED:
        raise NotAllowedNow(_("The file has already been imported or thrown away."), "status")
    list(
        School.objects.select_for_update()
        .filter(pk__in=[school.pk for school in _schools(upload)])
        .order_by("pk")
        .values_list("pk")
    )
    plan = look_again(upload)
    if plan.digest != digest:
        raise NotAllowedNow(_("Something has changed since you looked. Look at the new preview and confirm again."), "moved")
    if upload.kind == ImportKind.SCHOOL_UNITS:
        _write_units(plan.changes, at)
    else:
        _write_classes(upload, plan.changes, by=by, at=at, reason=reason)
    upload.status, upload.applied_at, upload.content = ImportStatus.APPLIED, at, {"rows": [], "faults": []}
    upload.new_rows, upload.changed_rows, upload.unchanged_rows = plan.new, plan.changed, plan.unchanged
    upload.save()
    changes = {"kind": [None, upload.kind], "new": [None, plan.new], "changed": [None, plan.changed]}
    filing.note(None, "culture.imported", by=by, at=at, reason=reason, changes=changes)
    return upload


@transaction.atomic
def discard_import(upload: SchoolImport, *, by: User, at: datetime) -> SchoolImport:
    """Throw the counts away. Harmless twice."""
    upload = SchoolImport.objects.select_for_update(of=("self",)).select_related("school").get(pk=upload.pk)
    _may(by, upload.school if upload.kind != ImportKind.SCHOOL_UNITS else None)
    if upload.status == ImportStatus.PREVIEWED:
        upload.status, upload.content = ImportStatus.DISCARDED, {"rows": [], "faults": []}
        upload.save(update_fields=["status", "content"])
    return upload


def _keep(
    kind: str,
    rows: reading.Rows,
    faults: reading.Faults,
    *,
    by: User,
    at: datetime,
    year: SchoolYear | None = None,
    school: School | None = None,
    official: bool = False,
) -> tuple[SchoolImport, Plan]:
    faults = [{**fault, "sentence": reading.sentence_of(fault)} for fault in faults]
    upload = SchoolImport(
        kind=kind,
        year=year,
        school=school,
        official=official,
        content={"rows": rows, "faults": faults},
        uploaded_at=at,
        uploaded_by=by,
    )
    plan = look_again(upload)
    upload.new_rows, upload.changed_rows, upload.unchanged_rows = plan.new, plan.changed, plan.unchanged
    upload.save()
    return upload, plan


def _may(by: User, school: School | None) -> None:
    """Officers everything; those who sign in for a school its own classes."""
    if school is not None and School.objects.spoken_for_by(by).filter(pk=school.pk).exists():
        return
    may_plan(by).or_refuse()


def _schools(upload: SchoolImport) -> list[School]:
    if upload.school:
        return [upload.school]
    codes = {row.get("unit") for row in upload.content["rows"]}
    return list(School.objects.filter(code__in=codes).order_by("pk"))


def _kind(upload: SchoolImport) -> str:
    return CountKind.OFFICIAL if upload.official else CountKind.LIVE


def _write_units(changes: Sequence[Change], at: datetime) -> None:
    """New schools in one statement, changed ones in another."""
    known = School.objects.select_for_update().in_bulk([change.key for change in changes], field_name="code")
    examples = {school.name.casefold(): school for school in School.objects.select_for_update().filter(code_is_example=True)}
    new: list[School] = []
    changed: list[School] = []
    for change in changes:
        school = known.get(change.key) or examples.get(change.row["name"].casefold()) or School()
        school.code, school.code_is_example = change.key, False
        for name in UNIT_FACTS:
            if name in change.row:
                setattr(school, name, _as_column(name, change.row[name]))
        school.read_on = local_day(at)
        if school.successor_id and school.status != "closed":
            school.successor = None
        school.closed_for_good = school.closed_for_good and school.status == "closed"
        (changed if school.pk else new).append(school)
    School.objects.bulk_create(new, batch_size=1000)
    School.objects.bulk_update(
        changed, ["code", "code_is_example", *UNIT_FACTS, "read_on", "successor", "closed_for_good"], batch_size=500
    )


def _as_column(name: str, value: Any) -> Any:
    """A value of the register as its column takes it."""
    if name in {"latitude", "longitude"}:
        return Decimal(str(value))
    longest = getattr(School._meta.get_field(name), "max_length", None)
    return value[:longest] if isinstance(value, str) and longest else value


def _write_classes(upload: SchoolImport, changes: Sequence[Change], *, by: User, at: datetime, reason: str) -> None:
    if upload.year is None:
        return
    schools = {school.code: school for school in _schools(upload)}
    source = CountSource.SS12000 if upload.kind == ImportKind.SS12000 else CountSource.FILE
    for change in changes:
        row, counts = change.row, {int(cohort): pupils for cohort, pupils in change.row["counts"].items()}
        school = schools[row["unit"]]
        if change.is_new:
            facts = {name: row[name] for name in ("adults", "is_adapted") if name in row}
            official = counts if upload.official else None
            add_class(
                school, upload.year, row["name"], counts, official=official, by=by, at=at, source=source, reason=reason, **facts
            )
            continue
        group = ClassGroup.objects.get(school=school, year=upload.year, key=class_key(row["name"]))
        kind = _kind(upload)
        for part in group.fragments.all():
            if (part.official if kind == CountKind.OFFICIAL else part.live) and part.cohort not in counts:
                counts[part.cohort] = 0
        count_class(group, counts, kind=kind, by=by, at=at, source=source, reason=reason)
