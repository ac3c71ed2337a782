"""DAK 2.1 and 2.2 ("Digitalt aktivitetskort"): XML from club systems, read as a stream in flat memory.

No tree is built: expat calls us for each tag, and knows its line. The file is read twice, because the registers of people stand
after the sessions. A DOCTYPE is refused before anything of it is used: there are no entities, and nothing outside the file is
ever fetched. A tag without end is refused before it fills the memory.
"""

import codecs
import io
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat  # no DOCTYPE passes, so there are no entities to expand

from django.utils.translation import gettext_lazy as _

from associations.exchange.dak_session import SessionReader
from associations.exchange.dak_targets import NOT_DAK, Register, Sessions, Target
from associations.exchange.sessions import Reading, ReadSession
from records.refusals import FileRefused

MAX_BYTES = 60_000_000
CHUNK = 65_536
LONGEST_TAG = 1_000_000  # bytes of one tag or comment


def _nobody(done: int, of: int) -> None:
    """Nobody asks how far it has come."""


def looks_like_xml(content: bytes) -> bool:
    """Whether the beginning of a file is XML, in any of the encodings that occur."""
    return bool(re.match(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<\x00?[?!A-Za-z]", content[:200]))


def look_at_head(file: BinaryIO, *, municipality: str) -> None:
    """FileRefused when the first lines of a file say that it is nothing for us: not DAK, a DOCTYPE, another municipality."""
    file.seek(0)
    head = io.BytesIO(file.read(CHUNK))
    target = Target(municipality)
    for _nothing in _parse(head, _encoding(head), target, whole=False):
        pass
    if not target.root:
        raise FileRefused(NOT_DAK, "not_dak")


def read_dak(
    file: BinaryIO, reading: Reading, *, municipality: str, tell: Callable[[int, int], None] = _nobody
) -> Iterator[ReadSession]:
    """The sessions of a DAK file, one after another; people, groups, notes and sums are gathered in *reading*.

    file: can be read from the beginning twice. tell: called now and then with (bytes read, bytes to read). FileRefused when the
    file as a whole cannot be read: not DAK, damaged (with the line), with a DOCTYPE, too large, made for another municipality.
    """
    size = file.seek(0, io.SEEK_END)
    if size > MAX_BYTES:
        raise FileRefused(_("The file is too large. It may be at most 60 MB."), "too_large")
    encoding = _encoding(file)
    register = Register(reading, municipality)
    for _nothing in _parse(file, encoding, register, tell=lambda: tell(file.tell(), 2 * size)):
        pass
    if not register.root:
        raise FileRefused(NOT_DAK, "not_dak")
    sessions = Sessions(SessionReader(reading, register.found), municipality)
    yield from _parse(file, encoding, sessions, tell=lambda: tell(size + file.tell(), 2 * size))


def _encoding(file: BinaryIO) -> str | None:
    """What to read the bytes as, whatever the file says of itself; None = as it says. Files from the wild are wrong about it."""
    file.seek(0)
    head = file.read(200)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in head:
        return "utf-16-le" if head[1:2] == b"\x00" or head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    said = re.search(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", head)
    if said and said[1].lower() not in {b"utf-8", b"utf-16", b"unicode"}:
        return None
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _chunks(file: BinaryIO, encoding: str | None) -> Iterator[bytes]:
    """The file in pieces, as UTF-8 when we know better than the file what it is written in."""
    file.seek(0)
    if encoding is None or encoding == "utf-8":
        yield file.read(CHUNK).removeprefix(codecs.BOM_UTF8)
        while chunk := file.read(CHUNK):
            yield chunk
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    yield decoder.decode(file.read(CHUNK)).removeprefix("\ufeff").encode()
    while chunk := file.read(CHUNK):
        yield decoder.decode(chunk).encode()


def _parse(
    file: BinaryIO, encoding: str | None, target: Target, *, whole: bool = True, tell: Callable[[], None] = lambda: None
) -> Iterator[ReadSession]:
    parser = expat.ParserCreate(None if encoding is None else "utf-8", namespace_separator="}")
    target.listen(parser)
    fed = 0
    try:
        for chunk in _chunks(file, encoding):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TAG:
                raise FileRefused(NOT_DAK, "too_long")
            if target.ready:
                yield from target.ready
                target.ready.clear()
            tell()
        if whole:
            parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as broken:
        if not target.root:
            raise FileRefused(NOT_DAK, "not_dak") from broken
        told = _("The file is damaged at line %(line)s and cannot be read. Save it again in your club system.")
        raise FileRefused(told % {"line": max(parser.ErrorLineNumber, 1)}, "broken") from broken
    yield from target.ready
