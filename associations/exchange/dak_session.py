"""One session of a DAK file: from what it says to what we keep, or a note of why not."""

import re
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from associations.choices import SessionKind
from associations.exchange.sessions import (
    ADD,
    AWAY,
    LEADER,
    MOST_MARKS,
    NO_GROUP,
    PRESENT,
    REMOVE,
    UPDATE,
    Note,
    Reading,
    ReadMark,
    ReadSession,
)
from associations.rules.attendance import session_minutes
from associations.rules.numbers import NumberRefused, organisation_number

KINDS = {
    "Traening": SessionKind.TRAINING,
    "Match": SessionKind.MATCH,
    "Moete": SessionKind.MEETING,
    "Oevrigt": SessionKind.OTHER,
    "Taevling": SessionKind.MATCH,
}
_KINDS = {name.casefold(): kind for name, kind in KINDS.items()}
_METHODS = {"add": ADD, "update": UPDATE, "remove": REMOVE, "": ADD}
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.][0-9]{2}(?:[.,][0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*|Z|[+-][0-9]{2}:?[0-9]{2})?")
_YES = {"true", "1", "ja", "sant"}
_NO = {"false", "0", "nej", "falskt", ""}


@dataclass(slots=True)
class RawMark:
    """A mark as the file says it."""

    line: int
    kind: str
    id: str
    leads: str = ""
    present: str = ""
    disabled: str = ""


@dataclass(slots=True)
class RawSession:
    """A session as the file says it."""

    line: int
    code: str
    day: str
    card: dict[str, str]
    removed: bool = False  # stands in a list of removed sessions, in its card or beside the cards
    said: dict[str, str] = field(default_factory=dict)
    marks: list[RawMark] = field(default_factory=list)


class _Left(Exception):
    """The session is left out. args: the code of the note and its figures."""

    def __init__(self, code: str, **figures: Any) -> None:
        super().__init__(code)
        self.code, self.figures = code, figures


class SessionReader:
    """Reads one session after another. people: (Deltagare or Ledare, id) -> index, or the note of why they are left out."""

    def __init__(self, reading: Reading, people: dict[tuple[str, str], int | Note | None]) -> None:
        self.reading, self.people = reading, people
        self.of, self.ours = "", True
        self.codes: dict[tuple[str, str], tuple[int, str, object]] = {}

    def association(self, line: int, attributes: Any) -> None:
        """A Foerening begins: is it the one whose attendance this is?"""
        self.of = attributes.get("foereningsID", "").strip()[:50]
        path = f"Foerening[{self.of}]"
        number = attributes.get("organisationsnummer", "").strip()
        self.ours = True
        if number:
            try:
                self.ours = organisation_number(number) == self.reading.number
            except NumberRefused:
                self.reading.note(line, path, "number_unreadable", refused=False)
        if not self.ours:
            self.reading.note(line, path, "another_association", name=attributes.get("foereningsNamn", "")[:80])
        elif not self.of:
            self.reading.note(line, path, "association_id_missing", refused=False)

    def session(self, raw: RawSession) -> ReadSession | None:
        """The session, or None when it is left out; then that is noted."""
        self._sum(raw)
        if not self.ours:
            return None
        where = f"/Naervarokort[{raw.card.get('number', '')}]" if raw.card or not raw.removed else "/BorttagnaSammankomster"
        path = f"Foerening[{self.of}]{where}/Sammankomst[{raw.code}]"
        try:
            found = self._removed(raw, path) if raw.removed and not raw.card else self._read(raw, path)
        except _Left as left:
            self.reading.note(raw.line, path, left.code, **left.figures)
            return None
        return None if self._is_repeated(raw, path, found) else found

    def _sum(self, raw: RawSession) -> None:
        """What the file holds, as the format asks it to be told."""
        if raw.removed:
            self.reading.removals += 1
            return
        self.reading.sessions += 1
        for mark in raw.marks:
            if mark.present.casefold() in _YES:
                if mark.kind == "Ledare":
                    self.reading.leaderships += 1
                else:
                    self.reading.participations += 1

    def _read(self, raw: RawSession, path: str) -> ReadSession:
        if not 3 <= len(raw.code) <= 50:
            raise _Left("code_length")
        number = raw.card.get("number", "")
        if not re.fullmatch(r"-?[0-9]{1,18}", number):
            raise _Left("card_number", value=number[:30])
        method = REMOVE if raw.removed else _METHODS.get(raw.said.get("Metod", "").casefold())
        if method is None:
            raise _Left("method", value=raw.said["Metod"][:30])
        day = _day(raw.day)
        if day > self.reading.on and method != REMOVE:
            raise _Left("ahead")
        starts, minutes = self._times(raw, day, path, method)
        activity, place = raw.said.get("Aktivitet", "")[:150], raw.said.get("Lokal", "")[:150]
        of_card, at = raw.card.get("Aktivitet", "")[:150], raw.card.get("Lokal", "")[:150]
        name = raw.card.get("NamnPaaKort", "") or of_card or number
        group = self.reading.group(f"{self.of}/{number}", name, of_card or activity or name, at)
        return ReadSession(
            line=raw.line,
            path=path[:300],
            group=group,
            code=raw.code,
            day=day,
            starts=starts,
            minutes=minutes,
            kind=self._kind(raw, path),
            activity="" if activity == of_card else activity,
            place="" if place == at else place,
            method=method,
            marks=[] if method == REMOVE else self._marks(raw, path),
        )

    def _removed(self, raw: RawSession, path: str) -> ReadSession:
        """One that is named by its code and its last registered day, and by no card."""
        if not 3 <= len(raw.code) <= 50:
            raise _Left("code_length")
        kind, nothing = str(SessionKind.OTHER), ""
        return ReadSession(
            raw.line, path[:300], NO_GROUP, raw.code, _day(raw.day), time(0), 1, kind, nothing, nothing, REMOVE, []
        )

    def _times(self, raw: RawSession, day: date, path: str, method: str) -> tuple[time, int]:
        try:
            starts, stops = _clock(raw.said.get("StartTid", "")), _clock(raw.said.get("StoppTid", ""))
            last = raw.said.get("StoppDatum") or raw.said.get("SlutDatum")
            days = None if not last else (_day(last) - day).days
            return starts, session_minutes(starts, stops, days or None)
        except ValueError:
            if method == ADD:
                raise _Left("times", starts=raw.said.get("StartTid", "")[:20], stops=raw.said.get("StoppTid", "")[:20]) from None
        return time(0), 1  # Update and Remove find their session by its code

    def _kind(self, raw: RawSession, path: str) -> str:
        said = raw.said.get("Typ", "")
        kind = _KINDS.get(said.casefold())
        if kind is None:
            self.reading.note(raw.line, path, "kind_unknown", refused=False, value=said[:30])
        return str(kind or SessionKind.OTHER)

    def _marks(self, raw: RawSession, path: str) -> list[ReadMark]:
        if len(raw.marks) > MOST_MARKS:
            raise _Left("too_many_marks", most=MOST_MARKS)
        found: dict[int, ReadMark] = {}
        nameless: list[ReadMark] = []
        for mark in raw.marks:
            read = self._mark(mark, path)
            if read is None:
                continue
            if self.reading.people[read.person].protected:
                nameless.append(read)
            elif read.person not in found:
                found[read.person] = read
            else:
                where = f"{path}/{mark.kind}[{mark.id}]"
                both = PRESENT if found[read.person].mark == LEADER or read.mark == LEADER else ""
                self.reading.note(mark.line, where, "in_both_lists" if both else "person_twice", refused=False)
                found[read.person] = _stronger(found[read.person], read)
        return [*found.values(), *nameless]

    def _mark(self, mark: RawMark, path: str) -> ReadMark | None:
        person = self.people.get((mark.kind, mark.id))
        if not isinstance(person, int):
            self._of_nobody(mark, path, person)
            return None
        present = mark.present.casefold()
        if not present or (present not in _YES and present not in _NO):
            where, value = f"{path}/{mark.kind}[{mark.id}]", mark.present[:30]
            self.reading.note(mark.line, where, "present_unreadable" if present else "present_missing", value=value)
            return None
        leads = mark.kind == "Ledare" or mark.leads.strip().casefold() in _YES
        word = AWAY if present in _NO else LEADER if leads else PRESENT
        return ReadMark(person, word, word != AWAY and mark.disabled.casefold() in _YES)

    def _of_nobody(self, mark: RawMark, path: str, left_out: Note | None) -> None:
        if left_out is not None:
            left_out.figures["marks"] = left_out.figures.get("marks", 0) + 1
        elif (mark.kind, mark.id) not in self.people:
            self.reading.note(mark.line, f"{path}/{mark.kind}[{mark.id}]", "not_in_register")

    def _is_repeated(self, raw: RawSession, path: str, found: ReadSession) -> bool:
        """The same code a second time on a card, both times to be added: the first holds."""
        if found.group == NO_GROUP:
            return False
        key = (raw.card.get("number", "") + "/" + self.of, raw.code)
        content = hash((found.day, found.starts, found.minutes, tuple(found.marks)))
        before = self.codes.get(key)
        self.codes[key] = (raw.line, found.method, content)
        if before is None or (before[1], found.method) != (ADD, ADD):
            return False
        self.codes[key] = before
        same = before[2] == content
        self.reading.note(raw.line, path, "code_twice_same" if same else "code_twice", refused=not same, first=before[0])
        return True


def _stronger(one: ReadMark, other: ReadMark) -> ReadMark:
    """Somebody who leads leads; somebody who was there was there."""
    order = (LEADER, PRESENT, AWAY)
    best = min(one, other, key=lambda mark: order.index(mark.mark))
    return best._replace(disabled=best.mark != AWAY and (one.disabled or other.disabled))


def _day(text: str) -> date:
    match = _DAY.fullmatch(text.strip())
    try:
        found = date.fromisoformat(match[1]) if match else None
    except ValueError:
        found = None
    if found is None or not 1990 <= found.year <= 2099:
        raise _Left("day", value=text[:30])
    return found


def _clock(text: str) -> time:
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return time(int(match[1]) % 24 if match[1] == "24" else int(match[1]), int(match[2]))
