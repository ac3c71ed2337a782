"""Attendance as a table (xlsx, ods, csv): one row for each person who was there; rows of the same group, day and time are a
session. The same readers as DAK: the same people, notes and sums."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from associations.choices import SessionKind
from associations.exchange.reading import read
from associations.exchange.sessions import ADD, LEADER, MOST_MARKS, PRESENT, Reading, ReadMark, ReadSession
from associations.exchange.values import plain
from associations.rules.attendance import session_minutes
from records.refusals import FileRefused
from records.values import parse_clock, parse_day

DAY, STARTS, STOPS, GROUP, NAME = "Datum", "Start", "Slut", "Grupp", "Namn"
NUMBER, BORN, SEX, ROLE = "Personnummer", "Födelseår", "Kön", "Roll"
ACTIVITY, PLACE, DISABLED, HERE = "Aktivitet", "Lokal", "Funktionsnedsättning", "Bor i kommunen"
HEADINGS = (DAY, STARTS, STOPS, GROUP, ACTIVITY, PLACE, NAME, NUMBER, BORN, SEX, ROLE, DISABLED, HERE)
NEEDED = (DAY, STARTS, STOPS, GROUP, NAME)
EXAMPLE = (
    *("2026-03-02", "18.00", "19.00", "Flickor 12", "Fotboll", "Nobelstadion"),
    *("Exempel Exempelsson", "", "2014", "flicka", "deltagare", "nej", "ja"),
)
_YES, _NO = {"ja", "j", "yes", "1", "true", "x"}, {"", "nej", "n", "no", "0", "false"}
_SEXES = {"flicka": "female", "kvinna": "female", "k": "female", "f": "female", "pojke": "male", "man": "male", "m": "male"}
_SEXES |= {"p": "male", "annat": "other", "": ""}
_ROLES = {"": PRESENT, "deltagare": PRESENT, "ledare": LEADER}


class _Left(Exception):
    """The row is left out. args: heading, code."""

    def __init__(self, heading: str, code: str, value: str = "") -> None:
        super().__init__(code)
        self.heading, self.code, self.value = heading, code, value


def read_table(content: bytes, suffix: str, reading: Reading) -> Iterator[ReadSession]:
    """The sessions of a table, in the order they first occur. FileRefused when the file as a whole cannot be read."""
    sheet = read(content, suffix)
    headings = {heading.casefold(): place for place, heading in enumerate(sheet.rows.headers or ())}
    for needed in NEEDED:
        if needed.casefold() not in headings:
            raise FileRefused(_("The file has no column with the heading %(heading)s.") % {"heading": needed}, "headings")
    table = _Table(reading, {heading: headings[heading.casefold()] for heading in HEADINGS if heading.casefold() in headings})
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        table.row(number, row)
    yield from table.sessions.values()


class _Table:
    """Rows gathered into sessions."""

    def __init__(self, reading: Reading, places: dict[str, int]) -> None:
        self.reading, self.places = reading, places
        self.sessions: dict[tuple[int, date, time], ReadSession] = {}

    def row(self, number: int, row: Sequence[Any]) -> None:
        self.cells = {heading: row[place] for heading, place in self.places.items() if place < len(row)}
        try:
            self._row(number)
        except _Left as left:
            self.reading.note(number, left.heading, left.code, value=left.value[:40])

    def _row(self, number: int) -> None:
        day, starts, stops = (
            _day(self.cells.get(DAY)),
            _clock(STARTS, self.cells.get(STARTS)),
            _clock(STOPS, self.cells.get(STOPS)),
        )
        if day > self.reading.on:
            raise _Left(DAY, "ahead")
        group = self._text(GROUP)
        if not group:
            raise _Left(GROUP, "cell_empty")
        try:
            minutes = session_minutes(starts, stops, None)
        except ValueError:
            raise _Left(STOPS, "times", str(self.cells.get(STOPS))) from None
        role, special = self._word(ROLE, _ROLES), self._yes(DISABLED)
        person = self._person(number)
        if person is None:
            return
        activity, place = self._text(ACTIVITY)[:150], self._text(PLACE)[:150]
        index = self.reading.group("", group, activity or group, place)
        session = self._session(number, index, day, starts, minutes, activity, place)
        self._mark(number, session, ReadMark(person, role, bool(special)))

    def _session(self, number: int, group: int, day: date, starts: time, minutes: int, activity: str, place: str) -> ReadSession:
        key = (group, day, starts)
        if key not in self.sessions:
            of_group = self.reading.groups[group]
            activity = "" if activity == of_group.activity else activity
            place = "" if place == of_group.place else place
            path = f"{of_group.name} {day} {starts:%H.%M}"[:300]
            self.sessions[key] = ReadSession(
                number, path, group, "", day, starts, minutes, SessionKind.TRAINING, activity, place, ADD, []
            )
            self.reading.sessions += 1
        elif self.sessions[key].minutes != minutes:
            raise _Left(STOPS, "another_length")
        return self.sessions[key]

    def _mark(self, number: int, session: ReadSession, mark: ReadMark) -> None:
        if mark.mark == LEADER:
            self.reading.leaderships += 1
        else:
            self.reading.participations += 1
        protected = self.reading.people[mark.person].protected
        if not protected and any(each.person == mark.person for each in session.marks):
            self.reading.note(number, NAME, "person_twice", refused=False)
        elif len(session.marks) >= MOST_MARKS:
            raise _Left(GROUP, "too_many_marks", str(MOST_MARKS))
        else:
            session.marks.append(mark)

    def _person(self, number: int) -> int | None:
        name = self._text(NAME)
        if not name:
            raise _Left(NAME, "cell_empty")
        identity, born = self._text(NUMBER), self._text(BORN)
        if not identity:
            if not (born.isdigit() and 1900 <= int(born) <= self.reading.on.year):
                raise _Left(BORN if BORN in self.places else NUMBER, "born_unreadable", born)
            identity = f"{born}0101"  # only the year is kept
        sex = self._word(SEX, _SEXES)
        here = self._yes(HERE) if self._text(HERE) else None
        return self.reading.person(number, NUMBER, name=name, number=identity, external="", sex=sex, lives_here=here)

    def _text(self, heading: str) -> str:
        return plain(self.cells.get(heading)).replace("\x00", "")[:200]

    def _word(self, heading: str, words: dict[str, str]) -> str:
        said = self._text(heading)
        if said.casefold() not in words:
            raise _Left(heading, "word_unknown", said)
        return words[said.casefold()]

    def _yes(self, heading: str) -> bool:
        value = self.cells.get(heading)
        said = self._text(heading).casefold()
        if isinstance(value, bool):
            return value
        if said not in _YES | _NO:
            raise _Left(heading, "word_unknown", said)
        return said in _YES


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return _believable(value.date())
    if isinstance(value, date):
        return _believable(value)
    try:
        return _believable(parse_day(plain(value)))
    except ValueError:
        raise _Left(DAY, "day", plain(value)) from None


def _believable(day: date) -> date:
    if not 1990 <= day.year <= 2099:
        raise _Left(DAY, "day", day.isoformat())
    return day


def _clock(heading: str, value: Any) -> time:
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        if 0 <= minutes < 1440:
            return time(minutes // 60, minutes % 60)
    try:
        return parse_clock(plain(value))
    except ValueError:
        raise _Left(heading, "clock", plain(value)) from None
