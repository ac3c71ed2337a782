"""What the sessions of a file would do to an association's cards; and then just that."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from django.db import connection
from django.db.models import QuerySet
from psycopg.types.json import Jsonb

from accounts.models import User
from associations.actions.attendance_people import Matcher, with_own_ids
from associations.exchange.sessions import NO_GROUP, REMOVE, UPDATE, Note, ReadGroup, ReadPerson, ReadSession
from associations.models import ActivityGroup, ActivitySession, Association, GroupPlace, Participant
from associations.rules.attendance import Anonymous, Marks, marked

BATCH = 1_000
Key = tuple[int, object]  # group index in the file, and the session's code or (day, time)
State = tuple[date, time, int, str, str, str, Marks, tuple[Anonymous, ...]]  # what a session says, people by index in the file
_OLD = 1_000_000_000  # added to the key of a person who is marked here but is not in the file


class Plan:
    """Takes the sessions one after another; knows at each moment what the cards would be."""

    def __init__(self, association: Association, groups: Sequence[ReadGroup], people: Sequence[ReadPerson]) -> None:
        self.association, self.groups, self.people = association, groups, with_own_ids(people)
        self.notes: list[Note] = []
        self.looked_everywhere = False
        self._match_groups()
        self._match_people()
        self._load()

    def _match_groups(self) -> None:
        known = list(self.association.groups.all())
        numbers = {group.number: group for group in known if group.number}
        names = {group.name.casefold(): group for group in sorted(known, key=lambda each: (each.closed_on is None, each.pk))}
        self.group_rows: list[ActivityGroup | None] = [
            numbers.get(group.number) if group.number else names.get(group.name.casefold()) for group in self.groups
        ]

    def _match_people(self) -> None:
        match = Matcher(list(self.association.participants.all()))
        self.person_rows: list[Participant | None] = [match(person) for person in self.people]
        # Two in the file may be one person here, once with a personal number and once without.
        first: dict[int, int] = {}
        self.same = list(range(len(self.people)))
        for index, row in enumerate(self.person_rows):
            if row is not None:
                self.same[index] = first.setdefault(row.pk, index)
        self.index_of = first

    def _load(self) -> None:
        """The sessions that are there, in the groups of the file."""
        self.rows: dict[Key, ActivitySession] = {}
        self.before: dict[Key, State] = {}
        self.now: dict[Key, State | None] = {}
        self.by_code: dict[str, set[Key]] = {}
        places = {row.pk: index for index, row in enumerate(self.group_rows) if row is not None}
        self._keep(ActivitySession.objects.filter(group__in=places), places)

    def _keep(self, rows: QuerySet[ActivitySession], places: dict[int, int]) -> None:
        for row in rows.order_by("-pk").iterator(5_000):
            row.group = self.group_rows[places[row.group_id]]  # type: ignore[assignment]
            group, state = places[row.group_id], self._state_of(row)
            keys: list[Key] = [(group, (row.day, row.starts))]
            if row.code:
                keys.append((group, row.code))
                self.by_code.setdefault(row.code, set()).add((group, row.code))
            for key in keys:
                self.rows[key], self.before[key] = row, state

    def _load_other_groups(self) -> None:
        """The sessions of a club system in groups that the file does not name, once."""
        self.looked_everywhere = True
        known = {row.pk for row in self.group_rows if row is not None}
        others = list(self.association.groups.exclude(pk__in=known))
        places = {row.pk: len(self.group_rows) + index for index, row in enumerate(others)}
        self.group_rows += others
        self._keep(ActivitySession.objects.filter(group__in=places).exclude(code=""), places)

    def _state_of(self, row: ActivitySession) -> State:
        marks = Marks(*(frozenset(self._index(key) for key in keys) for keys in (row.present, row.leaders, row.disabled)))
        nameless = tuple(sorted(Anonymous(*each) for each in row.anonymous))
        return row.day, row.starts, row.minutes, row.kind, row.activity, row.place, marks, nameless

    def _index(self, key: int) -> int:
        return self.index_of.get(key, key + _OLD)

    # taking -------------------------------------------------------------------------------------------------------------

    def take(self, session: ReadSession) -> None:
        """One session of the file, after those before it."""
        key = self._named_by_code(session) if session.group == NO_GROUP else self._key(session)
        if key is None:
            return
        standing = self._standing(key)
        if session.method == REMOVE:
            if standing is None:
                self._note(session, "nothing_to_remove", refused=False)
                return
            if standing[0] != session.day:
                self._note(session, "removed_other_day", refused=False, day=standing[0].isoformat())
            self.now[key] = None
        elif session.method == UPDATE:
            if standing is None:
                self._note(session, "update_of_unknown", refused=True)
            else:
                self.now[key] = (*standing[:6], self._marked(standing[6], session), standing[7])
        else:
            marks, nameless = self._marked(Marks(), session), self._nameless(session)
            kept = (session.activity, session.place)
            self.now[key] = (session.day, session.starts, session.minutes, session.kind, *kept, marks, nameless)

    def _named_by_code(self, session: ReadSession) -> Key | None:
        """The session with that code on any card; with several, the one on that day. None, and noted, when nobody can know."""
        if not self.looked_everywhere:
            self._load_other_groups()
        found = [(key, state) for key in sorted(self.by_code.get(session.code, ())) if (state := self._standing(key))]
        if len(found) > 1:
            found = [each for each in found if each[1][0] == session.day] or found
        if len(found) == 1:
            return found[0][0]
        self._note(session, "removed_which" if found else "nothing_to_remove", refused=bool(found))
        return None

    def _standing(self, key: Key) -> State | None:
        """What the session says so far in the file."""
        return self.now[key] if key in self.now else self.before.get(key)

    def _key(self, session: ReadSession) -> Key:
        """By its code; a session that was marked here at the same time, and has no code yet, is the same one."""
        at: Key = (session.group, (session.day, session.starts))
        key: Key = (session.group, session.code) if session.code else at
        if session.code:
            self.by_code.setdefault(session.code, set()).add(key)
        if session.code and key not in self.before and at in self.rows and not self.rows[at].code:
            self.rows[key], self.before[key] = self.rows.pop(at), self.before.pop(at)
        return key

    def _marked(self, before: Marks, session: ReadSession) -> Marks:
        named = [each for each in session.marks if not self.people[each.person].protected]
        changes = {self.same[each.person]: each.mark for each in named}
        return marked(before, changes, {self.same[each.person]: each.disabled for each in named})

    def _nameless(self, session: ReadSession) -> tuple[Anonymous, ...]:
        found: Counter[tuple[int, str, bool, bool]] = Counter()
        for each in session.marks:
            person = self.people[each.person]
            if person.protected and each.mark != "away":
                found[person.born, person.sex, each.mark == "leader", each.disabled] += 1
        return tuple(
            sorted(Anonymous(born, sex, number, leads, special) for (born, sex, leads, special), number in found.items())
        )

    def _note(self, session: ReadSession, code: str, *, refused: bool, **figures: str) -> None:
        if len(self.notes) < BATCH:
            self.notes.append(Note(session.line, session.path, code, dict(figures), refused))

    def sums(self) -> dict[str, int]:
        """How many sessions are new, changed, unchanged and removed, and how many people are new."""
        kinds = Counter(self._kind(key, state) for key, state in self.now.items())
        people = sum(row is None and not person.protected for row, person in zip(self.person_rows, self.people, strict=True))
        return {name: kinds[name] for name in ("new", "changed", "unchanged", "removed", "nothing")} | {"people": people}

    def _kind(self, key: Key, state: State | None) -> str:
        before = self.before.get(key)
        if state is None:
            return "removed" if before else "nothing"
        return "new" if before is None else "unchanged" if before == state else "changed"

    # writing ------------------------------------------------------------------------------------------------------------

    def write(self, *, by: User, at: datetime) -> list[ActivitySession]:
        """Write it all; the sessions that were removed, as they were."""
        self._write_people()
        self._write_groups()
        kinds = {key: self._kind(key, state) for key, state in self.now.items()}
        gone = [self.rows[key] for key, kind in kinds.items() if kind == "removed"]
        ActivitySession.objects.filter(pk__in=[row.pk for row in gone]).delete()
        new, changed = ([key for key, kind in kinds.items() if kind == wanted] for wanted in ("new", "changed"))
        fields = ["day", "starts", "minutes", "kind", "activity", "place", "present", "leaders", "disabled", "anonymous"]
        places = _Places()
        for keys in _batches(new):
            rows = [self._row(key, ActivitySession(version=0), by=by, at=at) for key in keys]
            _copy_in(rows)
            places.add(rows)
        for keys in _batches(changed):
            rows = [self._row(key, self.rows[key], by=by, at=at) for key in keys]
            ActivitySession.objects.bulk_update(rows, [*fields, "version", "saved_at", "saved_by"])
            places.add(rows)
        places.write(set(self.association.groups.running().values_list("pk", flat=True)))
        return gone

    def _row(self, key: Key, row: ActivitySession, *, by: User, at: datetime) -> ActivitySession:
        state = self.now[key]
        if state is None:
            raise ValueError("A session that is removed is not written.")
        group = self.group_rows[key[0]]
        row.association, row.group = self.association, group  # type: ignore[assignment]
        if isinstance(key[1], str) and not row.code:
            row.code = key[1]
        row.day, row.starts, row.minutes, row.kind, row.activity, row.place, marks, nameless = state
        row.present, row.leaders, row.disabled = (self._keys(each) for each in (marks.present, marks.leaders, marks.disabled))
        row.anonymous = [list(each) for each in nameless]
        row.version, row.saved_at, row.saved_by = row.version + 1, at, by
        return row

    def _keys(self, indexes: Iterable[int]) -> list[int]:
        return sorted(index - _OLD if index >= _OLD else self._person(index).pk for index in indexes)

    def _person(self, index: int) -> Participant:
        row = self.person_rows[self.same[index]]
        if row is None:
            raise ValueError("Everybody who is marked has a row by now.")
        return row

    def _write_people(self) -> None:
        new, changed = [], []
        for index, person in enumerate(self.people):
            row = self.person_rows[index]
            if person.protected or self.same[index] != index:
                continue
            if row is None:
                row = self.person_rows[index] = Participant(association=self.association)
                new.append(row)
            elif self._says_other(row, person):
                changed.append(row)
            else:
                continue
            row.name, row.birth_year, row.sex = person.name, person.born, person.sex or row.sex
            row.identity, row.external = person.identity or row.identity, person.external or row.external
            row.lives_here = row.lives_here if person.lives_here is None else person.lives_here
        Participant.objects.bulk_create(new, batch_size=BATCH)
        fields = ["name", "birth_year", "sex", "identity", "external", "lives_here"]
        Participant.objects.bulk_update(changed, fields, batch_size=BATCH)

    @staticmethod
    def _says_other(row: Participant, person: ReadPerson) -> bool:
        told = (person.name, person.born, person.sex or row.sex, person.identity or row.identity, person.external or row.external)
        here = row.lives_here if person.lives_here is None else person.lives_here
        return (row.name, row.birth_year, row.sex, row.identity, row.external, row.lives_here) != (*told, here)

    def _write_groups(self) -> None:
        used = {key[0] for key in self.now}
        for index, group in enumerate(self.groups):
            row = self.group_rows[index]
            if row is None and index in used:
                row = self.group_rows[index] = ActivityGroup(association=self.association, number=group.number)
            elif row is None or not group.number:
                continue
            if (row.name, row.activity, row.place) != (group.name, group.activity, group.place):
                row.name, row.activity, row.place = group.name, group.activity, group.place
                row.save()


_COLUMNS = (
    *("association_id", "group_id", "day", "starts", "minutes", "kind", "activity", "place"),
    *("present", "leaders", "disabled", "anonymous", "code", "version", "saved_at", "saved_by_id"),
)
_COPY = f"COPY associations_activitysession ({', '.join(_COLUMNS)}) FROM STDIN"


def _copy_in(rows: Iterable[ActivitySession]) -> None:
    """New sessions, ten times as fast as INSERT; triggers and constraints look at each of them all the same."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            values = {name: getattr(row, name) for name in _COLUMNS} | {"anonymous": Jsonb(row.anonymous)}
            copy.write_row(list(values.values()))


class _Places:
    """Who is marked in a file stands on the card from then on."""

    def __init__(self) -> None:
        self.leads: set[tuple[int, int]] = set()
        self.takes_part: set[tuple[int, int]] = set()

    def add(self, sessions: Iterable[ActivitySession]) -> None:
        for row in sessions:
            self.leads.update((row.group_id, person) for person in row.leaders)
            self.takes_part.update((row.group_id, person) for person in row.present)

    def write(self, running: set[int]) -> None:
        rows = [
            GroupPlace(group_id=group, participant_id=person, leads=(group, person) in self.leads)
            for group, person in sorted(self.leads | self.takes_part)
            if group in running
        ]
        GroupPlace.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def _batches(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """So many at a time: a large file is never in memory as rows all at once."""
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
