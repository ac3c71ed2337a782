"""What a file of attendance says, whatever kind it is of: people, sessions with their marks, and a note for each row that is
left out. Never a personal number: it is made into a keyed hash where it is read."""

import hashlib
import hmac
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple

from django.conf import settings

from associations.rules.identity import IdentityRefused, identity, masked

MOST_NOTES = 1_000  # rows told of one by one; the rest are told as a number
MOST_PEOPLE = 100_000
MOST_SESSIONS = 200_000
MOST_MARKS = 2_000  # in one session

NO_GROUP = -1  # a session that is to be removed, and is named by its code alone

PRESENT, LEADER, AWAY = "present", "leader", "away"
ADD, UPDATE, REMOVE = "Add", "Update", "Remove"


@dataclass(slots=True)
class Note:
    """One row of the file that was left out (refused), or taken in with a remark. code: in attendance_words.NOTES."""

    line: int
    path: str
    code: str
    figures: dict[str, Any]
    refused: bool

    def as_json(self) -> list[Any]:
        return [self.line, self.path, self.code, self.figures, self.refused]


class ReadPerson(NamedTuple):
    """Somebody in the file. identity: keyed hash, "" without a personal number. protected: counted as a number only."""

    name: str
    born: int
    sex: str
    identity: str
    external: str
    protected: bool = False
    lives_here: bool | None = None


class ReadMark(NamedTuple):
    """person: index among the people of the file."""

    person: int
    mark: str
    disabled: bool


class ReadGroup(NamedTuple):
    """number: "" when the file knows groups by name only."""

    number: str
    name: str
    activity: str
    place: str


class ReadSession(NamedTuple):
    """One session of the file. group: index among its groups, or NO_GROUP. activity, place: "" when they are the group's."""

    line: int
    path: str
    group: int
    code: str
    day: date
    starts: time
    minutes: int
    kind: str
    activity: str
    place: str
    method: str
    marks: list[ReadMark]


@dataclass(slots=True)
class Reading:
    """What has been read so far. number: the association's organisation number. on: the day of the import."""

    number: str
    salt: str  # makes the hashes of one association useless in another
    on: date
    people: list[ReadPerson] = field(default_factory=list)
    groups: list[ReadGroup] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    more_refused: int = 0
    more_remarks: int = 0
    sessions: int = 0
    removals: int = 0  # in a list of removed sessions beside the cards
    participations: int = 0
    leaderships: int = 0
    _person_at: dict[object, int] = field(default_factory=dict)
    _group_at: dict[str, int] = field(default_factory=dict)

    def note(self, line: int, path: str, code: str, *, refused: bool = True, **figures: Any) -> Note:
        """Remember a row that is left out (or a remark). Bounded: after so many they are only counted."""
        shown = {name: masked(value) if isinstance(value, str) else value for name, value in figures.items()}
        note = Note(line, masked(path)[:300], code, shown, refused)
        if len(self.notes) < MOST_NOTES:
            self.notes.append(note)
        elif refused:
            self.more_refused += 1
        else:
            self.more_remarks += 1
        return note

    def person(self, line: int, path: str, *, name: str, number: str, external: str, sex: str = "", **more: Any) -> int | None:
        """The index of a person, the same for the same personal number; None when they cannot be read, and then it is noted."""
        try:
            found = identity(number, self.on)
        except IdentityRefused as refused:
            self.note(line, path, refused.code)
            return None
        if found.doubtful:
            self.note(line, path, "identity_doubtful", refused=False)
        protected = is_protected(name)
        person = ReadPerson(
            name="" if protected else (masked(name)[:150] or "–"),
            born=found.born,
            sex=found.sex or sex,
            identity="" if protected else self._hashed(found.number),
            external="" if protected else self._external(external),
            protected=protected,
            **more,
        )
        key: object = (
            (person.identity or (person.external, person.name, person.born)) if not protected else ("protected", external)
        )
        if key not in self._person_at:
            self._person_at[key] = len(self.people)
            self.people.append(person)
        return self._person_at[key]

    def group(self, number: str, name: str, activity: str, place: str) -> int:
        key = number or f"name:{name.casefold()}"
        if key not in self._group_at:
            self._group_at[key] = len(self.groups)
            self.groups.append(ReadGroup(number[:120], name[:150], activity[:150], place[:150]))
        return self._group_at[key]

    def _hashed(self, number: str) -> str:
        if not number or not settings.ATTENDANCE_KEEPS_IDENTITY:
            return ""
        secret = f"attendance:{settings.PERSON_HASH_KEY}".encode()
        return hmac.new(secret, f"{self.salt}:{number}".encode(), hashlib.sha256).hexdigest()

    def _external(self, external: str) -> str:
        """A club system's id; one that is itself a personal number is hashed too."""
        if masked(external) == external:
            return external[:50]
        return hmac.new(settings.PERSON_HASH_KEY.encode(), external.encode(), hashlib.sha256).hexdigest()[:50]

    def report(self) -> dict[str, Any]:
        """What is told of the file, as JSON."""
        return {
            "sessions": self.sessions,
            "participations": self.participations,
            "leaderships": self.leaderships,
            "notes": [note.as_json() for note in self.notes],
            "more_refused": self.more_refused,
            "more_remarks": self.more_remarks,
        }


def is_protected(name: str) -> bool:
    """Whether a file says, where the name should be, that the person has a protected identity."""
    said = name.casefold()
    return "skyddad" in said or "sekretess" in said


def packed(reading: Reading, sessions: Iterable[ReadSession]) -> bytes:
    """The sessions as they are read, then groups and people, packed: only what is written here is kept until the word."""
    packer = zlib.compressobj(6)
    parts = []
    for each in sessions:
        row = [*each[:4], each.day.isoformat(), each.starts.isoformat(), *each[6:11], [list(mark) for mark in each.marks]]
        parts.append(packer.compress(json.dumps(row, ensure_ascii=False).encode() + b"\n"))
    last = {"groups": reading.groups, "people": reading.people}
    parts.append(packer.compress(json.dumps(last, ensure_ascii=False).encode()))
    parts.append(packer.flush())
    return b"".join(parts)


def unpacked(content: bytes) -> tuple[list[ReadGroup], list[ReadPerson], Callable[[], Iterator[ReadSession]]]:
    """Groups, people, and a function that reads the sessions again."""
    rows = zlib.decompress(content).splitlines()
    last = json.loads(rows.pop())

    def sessions() -> Iterator[ReadSession]:
        for row in rows:
            line, path, group, code, day, starts, *rest, marks = json.loads(row)
            found = [ReadMark(*mark) for mark in marks]
            yield ReadSession._make([line, path, group, code, date.fromisoformat(day), time.fromisoformat(starts), *rest, found])

    groups = [ReadGroup(*group) for group in last["groups"]]
    return groups, [ReadPerson(*person) for person in last["people"]], sessions
