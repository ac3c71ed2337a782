"""SS 12000 into counts: classes with pupils per year of schooling. Persons pass through, one at a time, and none is kept."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST_LETTERS = 2_000_000  # of one person, group or organisation
CHUNK = 65_536
CLASS = "klass"
# School types that are compulsory school, in SS 12000 and in the register of school units -> whether it is adapted.
SCHOOL_TYPES: dict[str, bool] = {
    "FKLASS": False,
    "FSK": False,
    "GR": False,
    "GRS": True,
    "GRAN": True,
    "TR": True,
    "SP": False,
    "SAM": False,
}
PRESCHOOL = frozenset({"FKLASS", "FSK"})
LISTS = ("organisations", "persons", "groups")


class NotSS12000(ValueError):
    """The text is no SS 12000 JSON. Says where, never what stood there."""


@dataclass(frozen=True, slots=True)
class ClassCount:
    """A class as it was counted. unit: eight-figure code. pupils: (year of schooling, number), the first year is 0.

    ungraded: how many of them had no year of their own and were counted in the class's commonest.
    """

    unit: str
    name: str
    pupils: tuple[tuple[int, int], ...]
    is_adapted: bool
    ungraded: int = 0

    @property
    def total(self) -> int:
        return sum(number for _index, number in self.pupils)


@dataclass(frozen=True, slots=True)
class Fault:
    """A class that could not be counted. code: unknown_unit, no_pupils, no_grade. klass: its name; nothing of its pupils."""

    code: str
    klass: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What the file held: classes in order of unit and name, and those that could not be counted."""

    classes: tuple[ClassCount, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    organisation: str
    school_type: str
    members: frozenset[str]


def count_classes(read: Callable[[int], str], ten_years: bool = False) -> Counted:
    """Classes with counts from SS 12000 JSON: an object with the lists organisations, persons and groups, in any order.

    read: gives at most so many letters of the text, '' at its end; the text is never held whole. Of a person only the key and the
    enrolments are looked at, and only until the classes are counted: not the name, not the number, not the marking. A protected
    identity is a membership like any other, also one whose person is left out of the file. ten_years: from 2028/29 grade 1 is
    the first year. Raises NotSS12000, which tells a place and not a content.

    Rule C-85. Source: SS 12000 (SIS), person, group, enrolment; acceptance Cases 23 and 24.
    Words: ss12000, import, elever, räkna, klass, skyddad identitet, sekretessmarkering.
    """
    units: dict[str, str] = {}
    years: dict[str, dict[str, tuple[int, str]]] = {}  # person -> organisation -> (year of schooling, school type)
    groups: list[_Group] = []
    for name, thing in _each(read):
        if name == "organisations":
            units[_text(thing.get("id"))] = _text(thing.get("schoolUnitCode"))
        elif name == "persons":
            years[_text(thing.get("id"))] = _enrolments(thing, ten_years)
        elif (group := _group(thing)) is not None:
            groups.append(group)
    return _counted(groups, units, years)


def _counted(groups: list[_Group], units: Mapping[str, str], years: Mapping[str, Mapping[str, tuple[int, str]]]) -> Counted:
    classes, faults = [], []
    for group in groups:
        unit = units.get(group.organisation, "")
        if not (len(unit) == 8 and unit.isdecimal()):
            faults.append(Fault("unknown_unit", group.name))
            continue
        found = [years.get(member, {}).get(group.organisation) for member in group.members]
        counts = Counter(year for year, _type in (each for each in found if each))
        ungraded = sum(each is None for each in found)
        if not group.members:
            faults.append(Fault("no_pupils", group.name))
        elif not counts and group.school_type not in PRESCHOOL:
            faults.append(Fault("no_grade", group.name))
        else:
            commonest = min(counts, key=lambda year: (-counts[year], year)) if counts else 0
            counts[commonest] += ungraded
            adapted = SCHOOL_TYPES[group.school_type]
            classes.append(ClassCount(unit, group.name, tuple(sorted(counts.items())), adapted, ungraded if counts else 0))
    return Counted(
        tuple(sorted(classes, key=lambda each: (each.unit, each.name))), tuple(sorted(faults, key=lambda each: each.klass))
    )


def _enrolments(person: Mapping[str, Any], ten_years: bool) -> dict[str, tuple[int, str]]:
    """organisation -> (year of schooling, school type), of the enrolments in compulsory school that hold."""
    found: dict[str, tuple[int, str]] = {}
    for enrolment in _list(person.get("enrolments")):
        kind = _text(enrolment.get("schoolType")).upper()
        if kind not in SCHOOL_TYPES or enrolment.get("cancelled") is True:
            continue
        year = 0 if kind in PRESCHOOL else enrolment.get("schoolYear")
        if not isinstance(year, int | float) or isinstance(year, bool) or not 0 <= year <= 10:
            continue
        index = int(year) - ten_years if kind not in PRESCHOOL else 0
        found[_reference(enrolment.get("enroledAt"))] = (max(0, index), kind)
    return found


def _group(thing: Mapping[str, Any]) -> _Group | None:
    """A class of compulsory school; None for other kinds of groups."""
    kind = _text(thing.get("schoolType")).upper()
    if _text(thing.get("groupType")).casefold() != CLASS or kind not in SCHOOL_TYPES:
        return None
    members = frozenset(_reference(each.get("person")) for each in _list(thing.get("groupMemberships")))
    return _Group(
        " ".join(_text(thing.get("displayName")).split())[:40], _reference(thing.get("organisation")), kind, members - {""}
    )


def _each(read: Callable[[int], str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(list, object) for each object of the lists, decoded one at a time."""
    text = _Reader(read)
    text.expect("{")
    while not text.accept("}"):
        name = text.value()
        text.expect(":")
        if name in LISTS:
            text.expect("[")
            while not text.accept("]"):
                thing = text.value()
                if isinstance(thing, dict):
                    yield str(name), thing
                text.accept(",")
        else:
            text.value()
        text.accept(",")


class _Reader:
    """JSON from a stream, a value at a time: what has been given out is forgotten."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self.read, self.text, self.ended, self.decoder = read, "", False, json.JSONDecoder()

    def accept(self, mark: str) -> bool:
        """Take *mark* if it comes next."""
        self._skip()
        if self.text.startswith(mark):
            self.text = self.text[len(mark) :]
            return True
        return False

    def expect(self, mark: str) -> None:
        if not self.accept(mark):
            raise NotSS12000(f"A {mark!r} was expected.")

    def value(self) -> Any:
        """The next whole value."""
        self._skip()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text)
            except ValueError:
                end = -1
            if end >= 0 and (end < len(self.text) or self.ended):
                self.text = self.text[end:]
                return value
            if self.ended or len(self.text) > MOST_LETTERS:
                raise NotSS12000("A value is broken off or too long.") from None
            self._more()

    def _skip(self) -> None:
        self.text = self.text.lstrip(" \t\r\n\ufeff")
        while not self.text and not self.ended:
            self._more()
            self.text = self.text.lstrip(" \t\r\n\ufeff")

    def _more(self) -> None:
        more = self.read(CHUNK)
        self.ended = not more
        self.text += more


def _reference(value: Any) -> str:
    return _text(value.get("id")) if isinstance(value, dict) else ""


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
