"""Where the bytes of files live: under FILES_ROOT, outside the web root, at paths that say nothing."""

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from records.filetypes import FileType, recognise
from records.refusals import FileRefused

NAME_LENGTH = 120  # characters, extension included
CHUNK = 65_536  # bytes


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that are safe on disk, and what is known about them."""

    name: str
    path: str  # relative to FILES_ROOT
    type: FileType
    size: int  # bytes
    sha256: str  # hexadecimal


def receive(upload: Any, *, allowed: Collection[FileType], max_size: int) -> Received:
    """Stream *upload* to disk, counting as it comes; look at what it is; keep it or remove it.

    max_size: bytes. Memory is bounded by one chunk. FileRefused: "too_large", "empty", "type", "macros"; nothing is left on disk.
    """
    relative = _new_path()
    path = settings.FILES_ROOT / relative
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        size, sha256 = _write(upload.chunks(), path, max_size)
        kind = _kind(path, allowed)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(clean_name(str(upload.name or ""), kind.extension), relative, kind, size, sha256)


def look_at(upload: Any, *, allowed: Collection[FileType], max_size: int) -> FileType:
    """The checks of receive, for a form that wants to say what is wrong before anything is saved; the upload stays as it is."""
    if upload.size > max_size:
        raise _too_large(max_size)
    if hasattr(upload, "temporary_file_path"):
        return _kind(Path(upload.temporary_file_path()), allowed)
    with NamedTemporaryFile() as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        upload.seek(0)
        return _kind(Path(copy.name), allowed)


def _kind(path: Path, allowed: Collection[FileType]) -> FileType:
    kind = recognise(path)
    if kind is None or kind not in allowed:
        names = ", ".join(sorted(each.name for each in allowed))
        sentence = _("Files of this kind cannot be received. Choose one of these kinds: %(names)s.")
        raise FileRefused(sentence % {"names": names}, "type")
    return kind


def _too_large(max_size: int) -> FileRefused:
    return FileRefused(
        _("The file is too large. It may be at most %(limit)s MB.") % {"limit": max_size // 1_000_000}, "too_large"
    )


def _write(chunks: Iterable[bytes], path: Path, max_size: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with path.open("xb") as file:
        path.chmod(0o600)
        for chunk in chunks:
            size += len(chunk)
            if size > max_size:
                raise _too_large(max_size)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise FileRefused(_("The file is empty."), "empty")
    return size, digest.hexdigest()


def keep(content: bytes) -> tuple[str, str]:
    """Write bytes that we made ourselves (a letter as PDF). Returns the path and the sha256."""
    relative = _new_path()
    path = settings.FILES_ROOT / relative
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return relative, hashlib.sha256(content).hexdigest()


def hold(file: BinaryIO, *, max_size: int) -> str:
    """Stream *file* to disk for a worker that will read it once and remove it. Returns the path; whoever asks owns it
    (registry.path_owners). FileRefused: "too_large", "empty"; nothing is left on disk."""
    relative = _new_path()
    path = settings.FILES_ROOT / relative
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.seek(0)
    try:
        _write(iter(partial(file.read, CHUNK), b""), path, max_size)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return relative


def open_bytes(relative: str) -> BinaryIO:
    return (settings.FILES_ROOT / relative).open("rb")


def remove(relative: str) -> None:
    """Remove the bytes; harmless when they are gone."""
    (settings.FILES_ROOT / relative).unlink(missing_ok=True)


def clean_name(name: str, extension: str) -> str:
    """A name that is safe to show and to save: no folders, no control or direction characters, the extension of what it is."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    plain = "".join(char for char in last if unicodedata.category(char)[0] != "C" and char not in '<>:"|?*;')
    stem = re.sub(r"\s+", " ", plain).strip(" .")
    if stem.lower().endswith((extension, ".jpeg" if extension == ".jpg" else extension)):
        stem = stem[: stem.rindex(".")].strip(" .")
    return (stem[: NAME_LENGTH - len(extension)] or "fil") + extension


def _new_path() -> str:
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"
