"""What a file is, by its content: libmagic for the simple kinds, a look inside for office documents."""

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import magic
from django.utils.translation import gettext_lazy as _

from records.refusals import FileRefused


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file we receive. name: as people call it."""

    name: str
    content_type: str
    extension: str


PDF = FileType("PDF", "application/pdf", ".pdf")
PNG = FileType("PNG", "image/png", ".png")
JPEG = FileType("JPEG", "image/jpeg", ".jpg")
WEBP = FileType("WebP", "image/webp", ".webp")
DOCX = FileType("Word (docx)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")
XLSX = FileType("Excel (xlsx)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
ODT = FileType("OpenDocument (odt)", "application/vnd.oasis.opendocument.text", ".odt")
ODS = FileType("OpenDocument (ods)", "application/vnd.oasis.opendocument.spreadsheet", ".ods")

IMAGES = frozenset({PNG, JPEG, WEBP})
TABLES = frozenset({XLSX, ODS})
DOCUMENTS = frozenset({PDF, DOCX, XLSX, ODT, ODS}) | IMAGES

_SIMPLE = {kind.content_type: kind for kind in (PDF, PNG, JPEG, WEBP)}
_OOXML = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}
_ODF = {kind.content_type.encode(): kind for kind in (ODT, ODS)}
_PART_LIMIT = 1_000_000  # bytes read of any part, and of the archive's directory: a bomb stays closed


def recognise(path: Path) -> FileType | None:
    """The kind of the file at *path*, or None when it is none that we know. FileRefused for office files with macros."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    kind = _SIMPLE.get(magic.from_file(str(path), mime=True))
    return None if kind is PDF and not head.startswith(b"%PDF-") else kind


def _office(path: Path) -> FileType | None:
    if _directory_size(path) > _PART_LIMIT:
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            declared = _part(archive, "[Content_Types].xml") if "[Content_Types].xml" in names else b""
            mimetype = _part(archive, "mimetype") if names and names[0] == "mimetype" else b""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return None
    if _has_macros(names, declared):
        raise FileRefused(_("The file holds macros. Save it without macros, or as a PDF, and choose it again."), "macros")
    return _ODF.get(mimetype.strip()) or next((kind for part, kind in _OOXML.items() if part in declared), None)


def _has_macros(names: list[str], declared: bytes) -> bool:
    return (
        b"macroenabled" in declared.lower()
        or any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names)
        or any(name.startswith(("Basic/", "Scripts/")) for name in names)
    )


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PART_LIMIT)


def _directory_size(path: Path) -> int:
    """Bytes of the archive's central directory, read before zipfile makes an object of every entry."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(-min(size, 65_557), os.SEEK_END)
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
