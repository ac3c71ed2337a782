"""What a season is allocated from: halls, their hours, what stands already, sections and their wishes. Frozen and canonical."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from typing import Any

from facilities.rules.allocation.conditions import FlagFact, NumberFact, TextFact
from facilities.rules.allocation.principles import DAY, STEP, Principles


@dataclass(frozen=True, slots=True, order=True)
class Space:
    """A hall or a part of one. parent: None for the whole hall. people: how many it takes; None = any number."""

    key: str
    parent: str | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A hall as a tree of spaces; the first is the whole hall. Leaves are in the order in which they lie beside each other."""

    key: str
    name: str
    spaces: tuple[Space, ...]
    area: str = ""

    def leaves(self) -> tuple[str, ...]:
        parents = {space.parent for space in self.spaces}
        return tuple(space.key for space in self.spaces if space.key not in parents)

    def leaves_of(self, key: str) -> frozenset[str]:
        """The leaves that a space of the hall takes."""
        parents = {space.key: space.parent for space in self.spaces}
        found = set()
        for leaf in self.leaves():
            above: str | None = leaf
            for _ in self.spaces:  # so that a ring ends too
                if above == key:
                    found.add(leaf)
                above = parents.get(above) if above is not None else None
        return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Opening:
    """When a hall is open on a weekday, minutes from midnight. since, until: half open days; "" of the season = its ends."""

    hall: str
    weekday: int
    opens: int
    closes: int
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Standing:
    """What already stands: led drop-in, public time, matches, closures, buffers, published bookings. space: of the hall."""

    hall: str
    space: str
    weekday: int
    starts: int
    ends: int
    label: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class Suits:
    """Hours of a weekday that suit a section. choice: 1 or 2. Hours that touch are one stretch."""

    weekday: int
    starts: int
    ends: int
    choice: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Wished:
    """A place that a section accepts. space: that part and no other; otherwise *parts* leaves of the hall, 0 = all of it."""

    hall: str
    parts: int = 0
    space: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Time:
    """A weekly time in a hall, minutes from midnight."""

    hall: str
    weekday: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group that trains together.

    ages: the years that its youngest and oldest turn. girls, boys: members. shortest, longest: minutes of a pass. suits, spaces:
    in the order of the wish. since, until: half open days, None = the season's. last: its times of the season before.
    used_percent: real use of them; -1 = had none. months: of the season; marks: what else the municipality tells apart.
    """

    key: str
    club: str
    name: str
    ages: tuple[int, int] = (0, 99)
    girls: int = 0
    boys: int = 0
    passes: int = 1
    shortest: int = 60
    longest: int = 60
    suits: tuple[Suits, ...] = ()
    spaces: tuple[Wished, ...] = ()
    since: date | None = None
    until: date | None = None
    last: tuple[Time, ...] = ()
    used_percent: int = -1
    months: int = 10
    division: str = ""
    sport: str = ""
    kind: str = "association"
    area: str = ""
    marks: tuple[str, ...] = ()
    federation: bool = True
    disability: bool = False
    indoor: bool = True
    local: bool = True

    @property
    def size(self) -> int:
        return self.girls + self.boys

    @property
    def sex(self) -> str:
        return "mixed" if self.girls and self.boys else "girls" if self.girls else "boys"

    def number(self, fact: NumberFact) -> int:
        match fact:
            case NumberFact.AGE_FROM:
                return self.ages[0]
            case NumberFact.AGE_TO:
                return self.ages[1]
            case NumberFact.SIZE:
                return self.size
            case NumberFact.GIRLS:
                return 100 * self.girls // self.size if self.size else 0
            case NumberFact.MONTHS:
                return self.months
            case NumberFact.PASSES:
                return self.passes
            case NumberFact.USED:
                return self.used_percent

    def texts(self, fact: TextFact) -> frozenset[str]:
        if fact is TextFact.MARK:
            return frozenset(self.marks)
        word: str = getattr(self, fact.value)
        return frozenset({word})

    def flag(self, fact: FlagFact) -> bool:
        if fact is FlagFact.HAD_TIME:
            return bool(self.last)
        value: bool = getattr(self, fact.value)
        return value


@dataclass(frozen=True, slots=True, order=True)
class Fixed:
    """A pass that the officer has locked. space: the part, "" = any."""

    section: str
    hall: str
    weekday: int
    starts: int
    ends: int
    space: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """What the officer has said no to: a section in a hall, on a weekday, from a time; None = any."""

    section: str
    hall: str | None = None
    weekday: int | None = None
    starts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """All that a plan depends on: the same problem gives the same plan, byte for byte, in whatever order its rows come.

    since, until: the season, half open. seed: published before the lot is drawn.
    """

    since: date
    until: date
    principles: Principles
    halls: tuple[Hall, ...]
    openings: tuple[Opening, ...]
    sections: tuple[Section, ...]
    standing: tuple[Standing, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    refused: tuple[Refused, ...] = ()
    seed: str = ""


def canonical(problem: Problem) -> Problem:
    """The same problem with its rows in one order; the order of a section's spaces is kept, it is a wish.

    ValueError when something comes twice, names what is not there, or is not on the half hour.

    Rule FA-15. Source: issue, "recomputed from the same wishes is the same byte for byte"; shuffled rows change nothing.
    Words: ordning, kanonisk, samma indata.
    """
    sections = [
        replace(each, suits=tuple(sorted(set(each.suits))), last=tuple(sorted(set(each.last))), marks=tuple(sorted(each.marks)))
        for each in problem.sections
    ]
    ordered = replace(
        problem,
        halls=tuple(sorted(problem.halls, key=lambda hall: hall.key)),
        openings=tuple(sorted(set(problem.openings), key=_dated)),
        sections=tuple(sorted(sections, key=lambda section: section.key)),
        standing=tuple(sorted(set(problem.standing), key=_dated)),
        fixed=tuple(sorted(set(problem.fixed))),
        refused=tuple(sorted(set(problem.refused), key=_with_none)),
    )
    _check(ordered)
    return ordered


def digest(problem: Problem) -> str:
    """SHA-256 of the canonical problem, hexadecimal: what a plan says that it was made from.

    Rule FA-16. Source: house convention: the same input gives the same bytes.
    Words: kontrollsumma, sha-256, indata.
    """
    return hashlib.sha256(canonical_bytes(canonical(problem))).hexdigest()


def canonical_bytes(thing: Any) -> bytes:
    """A frozen dataclass as JSON in one way only: keys and sets in order, no spaces, UTF-8.

    Rule FA-17. Source: house convention: the same input gives the same bytes.
    Words: json, byte, kanonisk form.
    """
    return json.dumps(_plain(thing), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def lot(seed: str, key: str) -> str:
    """A section's lot: SHA-256 of "seed|key", hexadecimal. The lowest goes first when all else is equal.

    Rule FA-18. Source: PLANNING, "a lot a person can follow (SHA-256 of a published seed and the section)".
    Words: lottning, lott, lika.
    """
    return hashlib.sha256(f"{seed}|{key}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((_plain(each) for each in value), key=str)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        named = {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.compare}
        return {"is": type(value).__name__, **named}
    return value


def _dated(row: Opening | Standing) -> tuple[str, ...]:
    return tuple(str(_plain(getattr(row, each.name))).zfill(6) for each in fields(row))


def _with_none(row: Refused) -> tuple[str, ...]:
    return (row.section, row.hall or "", *(str(-1 if each is None else each).zfill(5) for each in (row.weekday, row.starts)))


def _check(problem: Problem) -> None:
    if problem.since >= problem.until:
        raise ValueError("A season begins before it ends.")
    halls = _once("hall", (hall.key for hall in problem.halls))
    sections = _once("section", (section.key for section in problem.sections))
    spaces = {hall.key: _spaces_of(hall) for hall in problem.halls}
    named = [(row.hall, "") for row in problem.openings] + [(row.hall, row.space) for row in problem.standing]
    named += [(wish.hall, wish.space) for section in problem.sections for wish in section.spaces]
    named += [(row.hall, row.space) for row in problem.fixed]
    for hall, space in named:
        if hall not in halls or (space and space not in spaces[hall]):
            raise ValueError(f"Unknown space: {hall} {space}".rstrip())
    for key in (*(row.section for row in problem.fixed), *(row.section for row in problem.refused)):
        if key not in sections:
            raise ValueError(f"Unknown section: {key}")
    for opens in problem.openings:
        _hours(opens.hall, opens.weekday, opens.opens, opens.closes)
    for stands in problem.standing:
        _hours(stands.label, stands.weekday, stands.starts, stands.ends)
    for fixed in problem.fixed:
        _hours(fixed.section, fixed.weekday, fixed.starts, fixed.ends)
    for section in problem.sections:
        _check_section(section)


def _check_section(section: Section) -> None:
    for suits in section.suits:
        _hours(section.key, suits.weekday, suits.starts, suits.ends)
        if suits.choice not in (1, 2):
            raise ValueError(f"{section.key}: a choice is the first or the second.")
    if not STEP <= section.shortest <= section.longest <= DAY or section.shortest % STEP or section.longest % STEP:
        raise ValueError(f"{section.key}: a pass is some half hours, the shortest no longer than the longest.")
    if section.passes < 1 or min(section.girls, section.boys) < 0 or any(wish.parts < 0 for wish in section.spaces):
        raise ValueError(f"{section.key}: no number is negative, and there is a pass.")


def _hours(what: str, weekday: int, starts: int, ends: int) -> None:
    if not (0 <= weekday <= 6 and 0 <= starts < ends <= DAY) or starts % STEP or ends % STEP:
        raise ValueError(f"{what}: hours are on the half hour of a weekday 0-6, from 0 to {DAY} minutes.")


def _spaces_of(hall: Hall) -> set[str]:
    keys = _once("space", (space.key for space in hall.spaces))
    roots = [space for space in hall.spaces if space.parent is None]
    if len(roots) != 1 or hall.spaces[0] != roots[0]:
        raise ValueError(f"{hall.key}: the first space is the whole hall, and the only whole.")
    if any(space.parent not in keys for space in hall.spaces[1:]) or hall.leaves_of(roots[0].key) != set(hall.leaves()):
        raise ValueError(f"{hall.key}: every part is a part of the hall.")
    return keys


def _once(what: str, keys: Iterable[str]) -> set[str]:
    listed = list(keys)
    if len(set(listed)) != len(listed):
        raise ValueError(f"A {what} comes twice.")
    return set(listed)
