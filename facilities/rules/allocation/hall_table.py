"""A hall's week as an officer looks at it: who has which part when, what is free, and where one more pass could be set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.principles import DAY, STEP
from facilities.rules.allocation.problem import Fixed, Hall, Problem, Section, Standing

SLOTS = DAY // STEP
Holder = Pass | Standing


@dataclass(frozen=True, slots=True)
class Stretch:
    """A rectangle of a hall's weekday. lane: the first of its rows of parts; lanes: how many. holders: more than one only when
    they hold it at different times of the season; none: free, or closed."""

    lane: int
    lanes: int
    starts: int
    ends: int
    holders: tuple[Holder, ...]
    open: bool


def lanes_of(hall: Hall) -> tuple[str, ...]:
    """The smallest parts of a hall, so that the parts of a part lie beside each other.

    Rule FA-90. Source: issue, "the board: halls and weeks, gaps are visible".
    Words: tavla, delar, rader, board.
    """
    below: dict[str | None, list[str]] = {}
    for space in hall.spaces:
        below.setdefault(space.parent, []).append(space.key)
    found: list[str] = []
    left = list(reversed(below[None]))
    while left:
        key = left.pop()
        left += reversed(below.get(key, []))
        if key not in below:
            found.append(key)
    return tuple(found)


def hall_day(problem: Problem, plan: Plan, hall: Hall, weekday: int, starts: int = 0, ends: int = DAY) -> tuple[Stretch, ...]:
    """A hall's weekday between two minutes as stretches that cover it, by lane and time.

    Rule FA-91. Source: issue, "the board: halls and weeks, gaps are visible".
    Words: tavla, vecka, ledigt, board.
    """
    lanes = lanes_of(hall)
    held = _held(problem, plan, hall, weekday)
    open_ = _open(problem, hall.key, weekday)
    found: list[Stretch] = []
    above: dict[tuple[int, int, tuple[Holder, ...], bool], int] = {}
    for lane, leaf in enumerate(lanes):
        row = {}
        for holders, is_open, first, last in _stretches(held[leaf], open_, starts // STEP, ends // STEP):
            key = (first * STEP, last * STEP, holders, is_open)
            at = above.get(key)
            if at is None:
                row[key] = len(found)
                found.append(Stretch(lane, 1, first * STEP, last * STEP, holders, is_open))
            else:
                row[key] = at
                found[at] = Stretch(found[at].lane, found[at].lanes + 1, first * STEP, last * STEP, holders, is_open)
        above = row
    return tuple(sorted(found, key=lambda each: (each.lane, each.starts)))


def _held(problem: Problem, plan: Plan, hall: Hall, weekday: int) -> dict[str, list[tuple[Holder, ...]]]:
    """Part -> who holds it each half hour."""
    held: dict[str, list[tuple[Holder, ...]]] = {leaf: [()] * SLOTS for leaf in hall.leaves()}
    rows: list[tuple[Holder, Iterable[str]]] = [
        (each, hall.leaves_of(each.space)) for each in problem.standing if (each.hall, each.weekday) == (hall.key, weekday)
    ]
    rows += [(each, each.leaves) for each in plan.passes if (each.hall, each.weekday) == (hall.key, weekday)]
    for holder, leaves in rows:
        for leaf in leaves:
            for slot in range(holder.starts // STEP, holder.ends // STEP):
                held[leaf][slot] += (holder,)
    return held


def _open(problem: Problem, hall: str, weekday: int) -> list[bool]:
    open_ = [False] * SLOTS
    for row in problem.openings:
        if (row.hall, row.weekday) == (hall, weekday):
            for slot in range(row.opens // STEP, row.closes // STEP):
                open_[slot] = True
    return open_


def _stretches(
    held: Sequence[tuple[Holder, ...]], open_: Sequence[bool], first: int, last: int
) -> Iterable[tuple[tuple[Holder, ...], bool, int, int]]:
    for (holders, is_open), slots in groupby(range(first, last), key=lambda slot: (held[slot], open_[slot] or bool(held[slot]))):
        listed = list(slots)
        yield holders, is_open, listed[0], listed[-1] + 1


# Where one more could be set --------------------------------------------------------------------------------------------------


class Room(StrEnum):
    """What a section meets at a time: room, others who may give way, or what cannot."""

    FREE = "free"
    OTHERS = "others"  # passes that are not locked have it
    LOCKED = "locked"
    STANDING = "standing"
    SAME_DAY = "same_day"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Choice:
    """A time that a pass could be set at. wished: within what the section wishes. holders: who has it, when room is OTHERS."""

    to: Fixed
    room: Room
    wished: bool
    holders: tuple[Pass, ...] = ()


def choices_of(problem: Problem, plan: Plan, section: Section, hall: Hall, length: int, *, space: str = "") -> tuple[Choice, ...]:
    """Every time of a hall's week that a pass of so many minutes could be set at, and what it meets there. plan: without the pass
    that is moved. Says what Rule FA-26 says of hours, days and what is taken, without asking it for each time.

    Rule FA-92. Source: issue, "moves; sees at once what a change costs whom"; acceptance Case 50.
    Words: flytta, ledigt, tavla, upptaget.
    """
    own = {each.weekday for each in plan.passes if each.section == section.key}
    found = []
    for weekday in range(7):
        open_ = _open(problem, hall.key, weekday)
        if any(open_):
            day = _Day(problem, plan, section, hall, weekday, space)
            for slot in range(SLOTS - length // STEP + 1):
                starts, ends = slot * STEP, slot * STEP + length
                to = Fixed(section.key, hall.key, weekday, starts, ends, space)
                if not any(open_[slot : ends // STEP]):
                    continue
                room, holders = day.room(starts, ends)
                room = Room.SAME_DAY if weekday in own else room
                room = room if all(open_[slot : ends // STEP]) else Room.CLOSED
                holders = holders if room is Room.OTHERS else ()
                found.append(Choice(to, room, suits(section, to), holders))
    return tuple(found)


class _Day:
    """What takes a hall's weekday from a section, by half hour."""

    def __init__(self, problem: Problem, plan: Plan, section: Section, hall: Hall, weekday: int, space: str) -> None:
        parts = next((each.parts for each in section.spaces if (each.hall, each.space) == (hall.key, "")), 0)
        self.leaves = hall.leaves_of(space or hall.spaces[0].key)
        self.needs = len(self.leaves) if space else parts or len(self.leaves)
        dates = {each.key: each for each in problem.sections}
        self.held = {
            leaf: [tuple(one for one in holders if _meets(problem, section, one, dates)) for holders in slots]
            for leaf, slots in _held(problem, plan, hall, weekday).items()
            if leaf in self.leaves
        }

    def room(self, starts: int, ends: int) -> tuple[Room, tuple[Pass, ...]]:
        slots = range(starts // STEP, ends // STEP)
        if self._is_room(slots, ()):
            return Room.FREE, ()
        passes = {one for row in self.held.values() for slot in slots for one in row[slot] if isinstance(one, Pass)}
        free_to_go = {one for one in passes if not one.locked}
        if self._is_room(slots, free_to_go):
            return Room.OTHERS, tuple(sorted(free_to_go))
        return (Room.LOCKED if self._is_room(slots, passes) else Room.STANDING), ()

    def _is_room(self, slots: range, without: Iterable[Pass]) -> bool:
        gone = set(without)
        return all(
            sum(not any(one not in gone for one in row[slot]) for row in self.held.values()) >= self.needs for slot in slots
        )


def _meets(problem: Problem, section: Section, holder: Holder, sections: dict[str, Section]) -> bool:
    """Whether a holder has the time while the section trains; what stands always does."""
    if isinstance(holder, Standing):
        return True
    theirs = sections[holder.section]
    begins, ends = section.since or problem.since, section.until or problem.until
    return begins < (theirs.until or problem.until) and (theirs.since or problem.since) < ends


def suits(section: Section, to: Fixed) -> bool:
    """Whether a time is within what a section wishes: hours, hall and length.

    Rule FA-93. Source: acceptance Cases 48 and 49.
    Words: passar, önskemål, inom.
    """
    minutes = {minute for each in section.suits if each.weekday == to.weekday for minute in range(each.starts, each.ends, STEP)}
    fits = set(range(to.starts, to.ends, STEP)) <= minutes and any(each.hall == to.hall for each in section.spaces)
    return fits and section.shortest <= to.ends - to.starts <= section.longest
