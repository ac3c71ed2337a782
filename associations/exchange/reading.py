"""From the bytes of a file to rows: bounded in size, rows and columns; nothing in the file is run."""

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook
from tablib import Dataset

from records.refusals import FileRefused

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 150 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
_OTHER_KINDS = (b"%PDF", b"{\\rtf", b"<!DOCTYPE", b"<html")
_DAMAGED = _("The file is damaged and cannot be read. Save it again and choose the new one.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file under its headings, and the number that each row has in the file (headings are row 1)."""

    rows: Dataset
    numbers: list[int]


def read(content: bytes, suffix: str) -> Sheet:
    """The rows of a file with its first row as headings; empty rows are left out. FileRefused when it cannot be read."""
    if len(content) > MAX_BYTES:
        raise FileRefused(_("The file is too large. It may be at most 10 MB."), "too_large")
    if not content:
        raise FileRefused(_("The file is empty."), "empty")
    everything = enumerate(_csv(content) if suffix == "csv" else _book(content), start=1)
    rows = [(number, row) for number, row in everything if any(str(cell).strip() for cell in row if cell is not None)]
    if len(rows) < 2:
        raise FileRefused(_("The file has no rows under its headings."), "empty")
    if len(rows) - 1 > MAX_ROWS:
        raise FileRefused(_("The file has too many rows. Divide it: at most 20 000 in each."), "too_many")
    return Sheet(_dataset([row for _number, row in rows]), [number for number, _row in rows[1:]])


def suffix_of(name: str, content: bytes) -> str:
    """What the file is, by its content, whatever it is called. FileRefused when it is none of the kinds."""
    if content.startswith(b"PK\x03\x04"):
        return "ods" if b"opendocument.spreadsheet" in content[:200] else "xlsx"
    if b"\x00" in content[:2000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(_("This is not a table. Choose a file of the kind xlsx, ods or csv."), "type")
    if content.startswith((b"%PDF", b"{\\rtf", b"<!DOCTYPE", b"<html")) or name.lower().endswith(
        (".pdf", ".doc", ".docx", ".xls")
    ):
        raise FileRefused(_("This is not a table. Choose a file of the kind xlsx, ods or csv."), "type")
    return "csv"


def _book(content: bytes) -> list[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise FileRefused(_("The file is too large when it is unpacked."), "too_large")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        if sheet.total_height > MAX_ROWS + 1_000 or sheet.total_width > 1_000:
            raise FileRefused(_("The file has too many rows. Divide it: at most 20 000 in each."), "too_many")
        return sheet.to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError, IndexError) as broken:
        raise FileRefused(
            _("The file is damaged and cannot be read. Save it again and choose the new one."), "broken"
        ) from broken


def _csv(content: bytes) -> list[list[Any]]:
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error as broken:
        raise FileRefused(
            _("The file is damaged and cannot be read. Save it again and choose the new one."), "broken"
        ) from broken


def _decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else what Swedish Windows writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _dataset(rows: list[list[Any]]) -> Dataset:
    headings = [str(cell or "").strip() for cell in rows[0]]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MAX_COLUMNS:
        raise FileRefused(_("The file has too many columns."), "too_many")
    named = [heading for heading in headings if heading]
    if len(named) != len(set(named)):
        raise FileRefused(_("Two columns in the file have the same heading."), "headings")
    width = len(headings)
    dataset = Dataset(headers=[heading or f"#{place}" for place, heading in enumerate(headings, start=1)])
    for row in rows[1:]:
        dataset.append([*row[:width], *[""] * (width - len(row))])
    return dataset
