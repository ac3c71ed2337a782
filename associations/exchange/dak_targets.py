"""What the parser of DAK files calls for each tag: one reading for the people, one for the cards and their sessions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from associations.exchange.dak_session import RawMark, RawSession, SessionReader
from associations.exchange.sessions import MOST_MARKS, MOST_PEOPLE, MOST_SESSIONS, Reading, ReadSession
from records.refusals import FileRefused

NAMESPACES = ("http://aktivitetskort.net.umea.se/importSchema.xsd", "http://sverigesforeningssystem.se/importSchema.xsd")
DEEPEST = 30  # elements inside each other
LONGEST_TEXT = 1_000  # characters of one element that are read
MOST_NAMES = 500  # different tags that are remembered

NOT_DAK = _("This is not a DAK file. Save the attendance as DAK (XML) in your club system and choose that file.")
_DOCTYPE = _("The file holds a DOCTYPE. That is not allowed in DAK, and we do not read such files.")
_ELSEWHERE = _("The file is made for the municipality %(code)s. Choose ours in your club system and save the file again.")
_LEAVES = frozenset(
    {
        *("StartTid", "StoppTid", "StoppDatum", "SlutDatum", "Aktivitet", "Lokal", "NamnPaaKort", "Typ", "Metod"),
        *("Handikapp", "Naervarande", "TillfaelligLedare", "Foernamn", "Efternamn", "Personnummer", "Kon"),
    }
)
_LISTS = frozenset({"Sammankomster", "BorttagnaSammankomster"})
_REGISTERS = frozenset({"DeltagarRegister", "LedarRegister"})


class Target:
    """What expat calls for each tag. ready: sessions that wait to be taken."""

    def __init__(self, municipality: str) -> None:
        self.municipality = municipality
        self.root = False
        self.stack: list[str] = []
        self.text = ""
        self.names: dict[str, str] = {}
        self.ready: list[ReadSession] = []

    def listen(self, parser: Any) -> None:
        """Be called by *parser*, which separates a namespace from its name by a brace."""
        self.parser = parser
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.doctype
        parser.StartElementHandler = self.start
        self.listen_inside(yes=True)

    def listen_inside(self, *, yes: bool) -> None:
        """Whether the ends of tags and what stands in them are of interest too."""
        self.parser.EndElementHandler = self.end if yes else None
        self.parser.CharacterDataHandler = self.data if yes else None

    @property
    def line(self) -> int:
        return int(self.parser.CurrentLineNumber)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self.names.get(tag) or self.named(tag)
        if len(self.stack) >= DEEPEST:
            raise FileRefused(NOT_DAK, "too_deep")
        self.stack.append(name)
        self.text = ""
        if name not in _LEAVES:
            self.begun(name, attributes)

    def named(self, tag: str) -> str:
        """The name of a tag without its namespace, remembered; the first one must be that of a DAK file."""
        namespace, _brace, name = tag.rpartition("}")
        if not self.root and (name != "Aktivitetskort" or namespace not in NAMESPACES):
            raise FileRefused(NOT_DAK, "not_dak")
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

    def doctype(self, *said: object) -> None:
        raise FileRefused(_DOCTYPE, "doctype")

    def begun(self, name: str, attributes: Any) -> None:
        """An element begins. Already here a file that is made for somebody else is refused."""
        if name == "Kommun" and len(self.stack) == 2:
            code = attributes.get("kommunID", "").strip()
            if code and code.lstrip("0") != self.municipality.lstrip("0"):
                raise FileRefused(_ELSEWHERE % {"code": code[:10]}, "elsewhere")

    def ended(self, name: str, text: str) -> None:
        """An element has ended. text: what stands in it."""


class Register(Target):
    """The first reading: who the ids stand for. found: (Deltagare or Ledare, id) -> index, or the note of why not."""

    def __init__(self, reading: Reading, municipality: str) -> None:
        super().__init__(municipality)
        self.reading = reading
        self.found: dict[tuple[str, str], int | Any] = {}
        self.person: dict[str, str] | None = None
        self.begun_at = self.depth = 0
        self.inside = False

    def listen(self, parser: Any) -> None:
        super().listen(parser)
        self._listen_outside()

    def _listen_outside(self) -> None:
        self.inside = False
        self.listen_inside(yes=False)
        self.parser.EndElementHandler = self._out

    def _out(self, tag: str) -> None:
        self.depth -= 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """As for every target, but nearly all of the file lies outside the registers and is passed over."""
        if self.inside:
            super().start(tag, attributes)
        elif (self.names.get(tag) or self.named(tag)) in _REGISTERS:
            self.inside = True
            self.stack.append(self.named(tag))
            self.listen_inside(yes=True)
        elif self.depth >= DEEPEST:
            raise FileRefused(NOT_DAK, "too_deep")
        else:
            self.depth += 1

    def end(self, tag: str) -> None:
        super().end(tag)
        if not self.stack:
            self._listen_outside()

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


class Sessions(Target):
    """The second reading: cards and their sessions."""

    def __init__(self, reader: SessionReader, municipality: str) -> None:
        super().__init__(municipality)
        self.reader = reader
        self.card: dict[str, str] = {}
        self.session: RawSession | None = None
        self.mark: RawMark | None = None
        self.seen = 0

    def begun(self, name: str, attributes: Any) -> None:
        super().begun(name, attributes)
        inside = self.stack[-2] if len(self.stack) > 1 else ""
        if name == "Foerening":
            self.reader.association(self.line, attributes)
        elif name == "Naervarokort":
            self.card = {"number": attributes.get("NaervarokortNummer", "").strip()}
        elif name == "Sammankomst" and inside in _LISTS:
            self.seen += 1
            if self.seen > MOST_SESSIONS:
                raise FileRefused(_("The file has too many sessions. Divide it by group or by period."), "too_many")
            code, day = attributes.get("kod", "").strip(), attributes.get("Datum", "").strip()
            self.session = RawSession(self.line, code, day, self.card, removed=inside != "Sammankomster")
        elif self.session is not None and name in ("Deltagare", "Ledare"):
            self.mark = RawMark(self.line, name, attributes.get("id", "").strip(), attributes.get("tillfaelligLedare", ""))

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
