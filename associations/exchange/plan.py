"""What a file would change: new, changed and unchanged rows, cell by cell, and every row that cannot be read."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.results import Result, RowResult

from associations.exchange.reading import read
from associations.exchange.resource import NUMBER, RegisterResource
from records.refusals import FileRefused


@dataclass(frozen=True, slots=True)
class Cell:
    """One value that becomes another."""

    heading: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row that would be added or changed. row: in the file, headings are row 1."""

    row: int
    number: str
    name: str
    is_new: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that cannot be read."""

    row: int
    heading: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole preview. digest: of everything that would be written; the same digest means the same changes."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    unchanged: int
    unknown_headings: tuple[str, ...]
    digest: str

    @property
    def new(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.new


def plan(content: bytes, suffix: str, day: date) -> Plan:
    """What the file would change. Writes nothing. FileRefused when the file as a whole cannot be read."""
    return planned(content, suffix, RegisterResource(day), dry_run=True)[0]


def planned(content: bytes, suffix: str, resource: RegisterResource, *, dry_run: bool) -> tuple[Plan, Result]:
    """The plan, and import-export's own result; without dry_run the rows are written, in batches, once there are no faults."""
    sheet = read(content, suffix)
    dataset = sheet.rows
    known = {field.column_name for field in resource.fields.values()}
    if NUMBER not in (dataset.headers or []):
        raise FileRefused(_("The file has no column with the heading %(heading)s.") % {"heading": NUMBER}, "headings")
    result = resource.import_data(dataset, dry_run=dry_run, raise_errors=not dry_run, use_transactions=False)
    if result.base_errors:
        raise result.base_errors[0].error
    rows = list(zip(sheet.numbers, result.rows, strict=True))
    faults = _faults(resource, rows)
    changes = tuple(_change(resource, number, row) for number, row in rows if _writes(row))
    digest = hashlib.sha256(repr(changes).encode()).hexdigest()
    unchanged = sum(row.import_type == RowResult.IMPORT_TYPE_SKIP for row in result.rows)
    unknown = tuple(heading for heading in dataset.headers if heading not in known)
    return Plan(changes, faults, unchanged, unknown, digest), result


def _writes(row: RowResult) -> bool:
    return row.import_type in {RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE}


def _change(resource: RegisterResource, number: int, row: RowResult) -> Change:
    instance: Any = row.instance
    headings = resource.headings()
    cells = tuple(
        Cell(headings[name], resource.shown(name, old), resource.shown(name, new))
        for name, (old, new) in instance.changed.items()
        if resource.shown(name, old) != resource.shown(name, new)
    )
    is_new = row.import_type == RowResult.IMPORT_TYPE_NEW
    return Change(number, resource.shown("organisation_number", instance.organisation_number), instance.name, is_new, cells)


def _faults(resource: RegisterResource, rows: list[tuple[int, RowResult]]) -> tuple[Fault, ...]:
    headings = resource.headings()
    found = []
    for number, row in rows:
        if row.validation_error is not None:
            found += [
                Fault(number, headings.get(name, ""), str(sentence))
                for name, sentences in _dict(row.validation_error).items()
                for sentence in sentences
            ]
        found += [Fault(number, "", _("The row cannot be read.")) for _error in row.errors]
    return tuple(found)


def _dict(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
