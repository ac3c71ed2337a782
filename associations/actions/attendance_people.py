"""Who is who: people of a file of attendance and the people the association has already."""

from collections.abc import Sequence

from associations.exchange.sessions import ReadPerson
from associations.models import Participant


class Matcher:
    """Finds the person here that one in the file is: by personal number, else by the club system's id, else by name and year."""

    def __init__(self, rows: Sequence[Participant]) -> None:
        self.identities = {row.identity: row for row in rows if row.identity}
        self.externals = {row.external: row for row in rows if row.external and not row.identity}
        self.names = {(row.name.casefold(), row.birth_year): row for row in rows}

    def __call__(self, person: ReadPerson) -> Participant | None:
        if person.protected:
            return None
        named = self.names.get((person.name.casefold(), person.born))
        if person.identity:
            found = self.identities.get(person.identity) or self.externals.get(person.external)
            return found or (named if named is not None and not named.identity and not person.external else None)
        found = self.externals.get(person.external)
        if found is None and named is not None and (not person.external or named.external in ("", person.external)):
            found = named
        return found


def with_own_ids(people: Sequence[ReadPerson]) -> list[ReadPerson]:
    """An id that stands for two people without personal numbers is the first one's."""
    taken: set[str] = set()
    found = []
    for person in people:
        if person.external and not person.identity:
            person = person._replace(external="" if person.external in taken else person.external)
            taken.add(person.external)
        found.append(person)
    return found
