"""DAK 2.1 and 2.2 ("Digitalt aktivitetskort"): XML from club systems, read as a stream in flat memory.

No tree is built: lxml calls us for each tag. The file is read twice, because the registers of people stand after the sessions.
It is fed line by line, so that every row that is left out can be told with its line. A DOCTYPE is refused before anything of it
is used: there are no entities, and nothing outside the file is ever fetched.
"""

import codecs
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _
from lxml import etree

from associations.exchange.dak_session import RawMark, RawSession, SessionReader
from associations.exchange.sessions import MOST_MARKS, MOST_PEOPLE, MOST_SESSIONS, Reading, ReadSession
from records.refusals import FileRefused

NAMESPACES = ("http://aktivitetskort.net.umea.se/importSchema.xsd", "http://sverigesforeningssystem.se/importSchema.xsd")
MAX_BYTES = 60_000_000
DEEPEST = 30  # elements inside each other
LONGEST_TEXT = 1_000  # characters of one element that are read
MOST_NAMES = 500  # different tags that are remembered
CHUNK = 65_536
BATCH = 100  # lines

_NOT_DAK = _("This is not a DAK file. Save the attendance as DAK (XML) in your club system and choose that file.")
_DOCTYPE = _("The file holds a DOCTYPE. That is not allowed in DAK, and we do not read such files.")
_ELSEWHERE = _("The file is made for the municipality %(code)s. Choose ours in your club system and save the file again.")
_LEAVES = frozenset(
    {
        *("StartTid", "StoppTid", "StoppDatum", "SlutDatum", "Aktivitet", "Lokal", "NamnPaaKort", "Typ", "Metod"),
        *("Handikapp", "Naervarande", "TillfaelligLedare", "Foernamn", "Efternamn", "Personnummer", "Kon"),
    }
)
_REGISTERS = frozenset({"DeltagarRegister", "LedarRegister"})


def looks_like_xml(content: bytes) -> bool:
    """Whether the beginning of a file is XML, in any of the encodings that occur."""
    return bool(re.match(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<\x00?[?!A-Za-z]", content[:200]))


def read_dak(file: BinaryIO, reading: Reading, *, municipality: str) -> Iterator[ReadSession]:
    """The sessions of a DAK file, one after another; people, groups, notes and sums are gathered in *reading*.

    file: can be read from the beginning twice. FileRefused when the file as a whole cannot be read: not DAK, damaged (with the
    line), with a DOCTYPE, too large, made for another municipality.
    """
    if file.seek(0, io.SEEK_END) > MAX_BYTES:
        raise FileRefused(_("The file is too large. It may be at most 60 MB."), "too_large")
    encoding = _encoding(file)
    register = _Register(reading)
    for _nothing in _parse(file, encoding, register):
        pass
    if not register.root:
        raise FileRefused(_NOT_DAK, "not_dak")
    sessions = _Sessions(SessionReader(reading, register.found), municipality)
    yield from _parse(file, encoding, sessions)
    if sessions.unread:
        reading.note(sessions.unread_line, "BorttagnaSammankomster", "removed_list", refused=False, number=sessions.unread)


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


def _lines(file: BinaryIO, encoding: str | None) -> Iterator[bytes]:
    """The file line by line (long lines in pieces), as UTF-8 when we know better than the file what it is written in."""
    file.seek(0)
    if encoding is None or encoding == "utf-8":
        first = file.readline(CHUNK)
        yield first.removeprefix(codecs.BOM_UTF8)
        while line := file.readline(CHUNK):
            yield line
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    kept = ""
    while chunk := file.read(CHUNK):
        *whole, kept = (kept + decoder.decode(chunk).removeprefix("\ufeff")).split("\n")
        yield from (f"{text}\n".encode() for text in whole)
        if len(kept) > CHUNK:
            yield kept.encode()
            kept = ""
    yield kept.encode()


def _parse(file: BinaryIO, encoding: str | None, target: "_Target") -> Iterator[ReadSession]:
    parser = etree.XMLParser(
        target=target,
        encoding=None if encoding is None else "utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    lines = _lines(file, encoding)
    ended = True
    try:
        while batch := list(islice(lines, BATCH)):
            passed_over = b"".join(batch)
            if target.passes_over(passed_over):
                parser.feed(passed_over)
                target.line += passed_over.count(b"\n")
                continue
            for line in batch:
                target.line += ended
                ended = line.endswith(b"\n")
                parser.feed(line)
            if target.ready:
                yield from target.ready
                target.ready.clear()
        parser.close()
    except (etree.LxmlError, ValueError, LookupError, OverflowError) as broken:
        if not target.root:
            raise FileRefused(_NOT_DAK, "not_dak") from broken
        told = _("The file is damaged at line %(line)s and cannot be read. Save it again in your club system.")
        raise FileRefused(told % {"line": max(target.line, 1)}, "broken") from broken
    yield from target.ready


class _Target:
    """What lxml calls for each tag. ready: sessions that wait to be taken."""

    def __init__(self) -> None:
        self.line = 0
        self.root = False
        self.stack: list[str] = []
        self.text = ""
        self.names: dict[str, str] = {}
        self.ready: list[ReadSession] = []

    def start(self, tag: str, attributes: Any) -> None:
        name = self.names.get(tag) or self._named(tag)
        if len(self.stack) >= DEEPEST:
            raise FileRefused(_NOT_DAK, "too_deep")
        self.stack.append(name)
        self.text = ""
        self.begun(name, attributes)

    def _named(self, tag: str) -> str:
        """The name of a tag without its namespace, remembered; the first one must be that of a DAK file."""
        namespace, _brace, name = tag[1:].rpartition("}") if tag[:1] == "{" else ("", "", tag)
        if not self.root and (name != "Aktivitetskort" or namespace not in NAMESPACES):
            raise FileRefused(_NOT_DAK, "not_dak")
        self.root = True
        if len(self.names) < MOST_NAMES:
            self.names[tag] = name
        return name

    def data(self, text: str) -> None:
        if not self.text:
            self.text = text[:LONGEST_TEXT]
        elif len(self.text) < LONGEST_TEXT:
            self.text += text[:LONGEST_TEXT]

    def end(self, tag: str) -> None:
        self.ended(self.stack.pop(), self.text)
        self.text = ""

    def passes_over(self, lines: bytes) -> bool:
        """Whether nothing of these whole lines is wanted, so that nobody needs to know which line is which."""
        return False

    def doctype(self, *said: object) -> None:
        raise FileRefused(_DOCTYPE, "doctype")

    def comment(self, text: str) -> None:
        """Comments mean nothing."""

    def pi(self, *said: str | None) -> None:
        """Nor do instructions to other programs."""

    def close(self) -> None:
        """The file has ended."""

    def begun(self, name: str, attributes: Any) -> None:
        raise NotImplementedError

    def ended(self, name: str, text: str) -> None:
        raise NotImplementedError


class _Register(_Target):
    """The first reading: who the ids stand for. found: (Deltagare or Ledare, id) -> index, or the note of why not."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading
        self.found: dict[tuple[str, str], int | Any] = {}
        self.person: dict[str, str] | None = None
        self.begun_at = self.depth = 0
        self.inside = False

    def passes_over(self, lines: bytes) -> bool:
        return self.root and not self.inside and b"Register" not in lines and lines.endswith(b"\n")

    def start(self, tag: str, attributes: Any) -> None:
        """As for every target, but nearly all of the file lies outside the registers and is passed over."""
        name = self.names.get(tag) or self._named(tag)
        if self.inside:
            super().start(tag, attributes)
        elif self.depth >= DEEPEST:
            raise FileRefused(_NOT_DAK, "too_deep")
        elif name in _REGISTERS:
            self.inside = True
            self.stack.append(name)
        else:
            self.depth += 1

    def data(self, text: str) -> None:
        if self.inside:
            super().data(text)

    def end(self, tag: str) -> None:
        if not self.inside:
            self.depth -= 1
            return
        super().end(tag)
        self.inside = bool(self.stack)

    def begun(self, name: str, attributes: Any) -> None:
        if name in ("Deltagare", "Ledare") and len(self.stack) == 2:
            self.person = {"id": attributes.get("id", "").strip()}
            self.begun_at = self.line

    def ended(self, name: str, text: str) -> None:
        if self.person is None:
            return
        if name in _LEAVES:
            self.person[name] = text.strip()
        elif name in ("Deltagare", "Ledare"):
            self._finish(name, self.person)
            self.person = None

    def _finish(self, kind: str, person: dict[str, str]) -> None:
        path = f"{'DeltagarRegister' if kind == 'Deltagare' else 'LedarRegister'}/{kind}[{person['id']}]"
        if not person["id"]:
            self.reading.note(self.begun_at, path, "id_missing")
            return
        if (kind, person["id"]) in self.found:
            self.reading.note(self.begun_at, path, "id_twice", refused=False)
            return
        if len(self.found) >= MOST_PEOPLE:
            raise FileRefused(_("The file has too many people. Divide it by group or by period."), "too_many")
        notes = len(self.reading.notes)
        index = self.reading.person(
            self.begun_at,
            path,
            name=f"{person.get('Foernamn', '')} {person.get('Efternamn', '')}".strip(),
            number=person.get("Personnummer", ""),
            external=person["id"],
            sex={"K": "female", "F": "female", "M": "male", "P": "male"}.get(person.get("Kon", "")[:1].upper(), ""),
        )
        known = self.reading.notes[-1] if len(self.reading.notes) > notes else None
        self.found[kind, person["id"]] = index if index is not None else known


class _Sessions(_Target):
    """The second reading: cards and their sessions."""

    def __init__(self, reader: SessionReader, municipality: str) -> None:
        super().__init__()
        self.reader, self.municipality = reader, municipality
        self.card: dict[str, str] = {}
        self.session: RawSession | None = None
        self.mark: RawMark | None = None
        self.unread = self.unread_line = 0
        self.seen = 0

    def begun(self, name: str, attributes: Any) -> None:
        inside = self.stack[-2] if len(self.stack) > 1 else ""
        if name == "Kommun" and inside == "Aktivitetskort":
            code = attributes.get("kommunID", "").strip()
            if code and code.lstrip("0") != self.municipality.lstrip("0"):
                raise FileRefused(_ELSEWHERE % {"code": code[:10]}, "elsewhere")
        elif name == "Foerening":
            self.reader.association(self.line, attributes)
        elif name == "Naervarokort":
            self.card = {"number": attributes.get("NaervarokortNummer", "").strip()}
        elif name == "Sammankomst" and inside == "Sammankomster":
            self.seen += 1
            if self.seen > MOST_SESSIONS:
                raise FileRefused(_("The file has too many sessions. Divide it by group or by period."), "too_many")
            self.session = RawSession(
                self.line, attributes.get("kod", "").strip(), attributes.get("Datum", "").strip(), self.card
            )
        elif self.session is not None and name in ("Deltagare", "Ledare"):
            self.mark = RawMark(self.line, name, attributes.get("id", "").strip(), attributes.get("tillfaelligLedare", ""))
        elif name == "Sammankomst" and inside == "BorttagnaSammankomster":
            self.unread, self.unread_line = self.unread + 1, self.unread_line or self.line

    def ended(self, name: str, text: str) -> None:
        if name in _LEAVES:
            self._leaf(name, text.strip())
        elif self.mark is not None and name in ("Deltagare", "Ledare"):
            if self.session is not None and len(self.session.marks) <= MOST_MARKS:
                self.session.marks.append(self.mark)
            self.mark = None
        elif self.session is not None and name == "Sammankomst":
            found = self.reader.session(self.session)
            if found is not None:
                self.ready.append(found)
            self.session = None
        elif name == "Naervarokort":
            self.card = {}

    def _leaf(self, name: str, text: str) -> None:
        if self.mark is not None:
            if name == "Naervarande":
                self.mark.present = text
            elif name == "Handikapp":
                self.mark.disabled = text
            elif name == "TillfaelligLedare":
                self.mark.leads = text
        elif self.session is not None:
            self.session.said[name] = text
        elif self.stack and self.stack[-1] == "Naervarokort":
            self.card[name] = text
