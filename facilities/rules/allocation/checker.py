"""An independent check of a plan: availability is built again from the raw rows, everything is counted again, by code of its own.

Nothing of the search is used here: no model, no state, no cells.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from math import gcd

from facilities.rules.allocation.conditions import holds
from facilities.rules.allocation.plan import Level, LevelName, Pass, Plan
from facilities.rules.allocation.principles import STEP, class_of, minutes_of, rung_of
from facilities.rules.allocation.problem import Hall, Opening, Problem, Section, Standing, Wished, canonical, digest, lot

Dated = Opening | Standing | Section
Spot = tuple[str, int, int, date]  # leaf, weekday, minute, first day of the stretch of dates


class PlanChecker:
    """Checks the passes and levels of one plan of one problem."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = canonical(problem), plan
        self.halls = {hall.key: hall for hall in problem.halls}
        self.leaf_hall = {leaf: hall.key for hall in problem.halls for leaf in hall.leaves()}
        self.sections = {section.key: section for section in problem.sections}
        self.dates = self._dates()
        self.open: set[Spot] = set()
        self._open()
        self.errors: list[str] = []
        self.passes: dict[str, list[Pass]] = {}
        for each in plan.passes:
            self.passes.setdefault(each.section, []).append(each)
        self.taken: dict[Spot, str] = {}

    def check(self) -> list[str]:
        """Everything that is wrong, in words; nothing = the plan holds."""
        for each in self.plan.passes:
            self._pass(each)
        for key, passes in self.passes.items():
            self._section(self.sections[key], passes)
        self._locks()
        self._levels()
        self._lot()
        for each in self.plan.passes:
            self._no_half_hour_more(each)
        if self.plan.problem != digest(self.problem) or list(self.plan.passes) != sorted(self.plan.passes):
            self.wrong("the plan is of another problem, or not in order")
        return self.errors

    def wrong(self, text: str) -> None:
        self.errors.append(text)

    # -- what there is --------------------------------------------------------------------------------------------------

    def _dates(self) -> list[date]:
        ends = {self.problem.since, self.problem.until}
        rows: tuple[Dated, ...] = (*self.problem.openings, *self.problem.standing, *self.problem.sections)
        for row in rows:
            ends |= {day for day in (row.since, row.until) if day is not None}
        return sorted(day for day in ends if self.problem.since <= day <= self.problem.until)

    def within(self, since: date | None, until: date | None) -> list[date]:
        begins, ends = since or self.problem.since, until or self.problem.until
        return [first for first, last in pairwise(self.dates) if begins < last and first < ends]

    def _open(self) -> None:
        for row in self.problem.openings:
            for first in self.within(row.since, row.until):
                for minute in range(row.opens, row.closes, STEP):
                    self.open |= {(leaf, row.weekday, minute, first) for leaf in self.halls[row.hall].leaves()}
        for stands in self.problem.standing:
            for first in self.within(stands.since, stands.until):
                for minute in range(stands.starts, stands.ends, STEP):
                    gone = self.halls[stands.hall].leaves_of(stands.space)
                    self.open -= {(leaf, stands.weekday, minute, first) for leaf in gone}

    def _spots(self, each: Pass, starts: int, ends: int) -> Iterator[Spot]:
        section = self.sections[each.section]
        for first in self.within(section.since, section.until):
            for minute in range(starts, ends, STEP):
                for leaf in each.leaves:
                    yield (leaf, each.weekday, minute, first)

    # -- the passes -----------------------------------------------------------------------------------------------------

    def _pass(self, each: Pass) -> None:
        section, name = self.sections[each.section], f"{each.section} {each.weekday} {each.starts}"
        for spot in self._spots(each, each.starts, each.ends):
            if spot not in self.open:
                self.wrong(f"{name}: {spot[0]} is closed or stands for something else at {spot[2]}")
            if spot in self.taken:
                self.wrong(f"{name}: {spot[0]} is held by {self.taken[spot]} too")
            self.taken[spot] = each.section
        if each.locked:
            return
        if not section.shortest <= each.ends - each.starts <= section.longest or each.starts % STEP:
            self.wrong(f"{name}: too short, too long or off the half hour")
        if not all(self.suits(section, each.weekday, minute) for minute in range(each.starts, each.ends, STEP)):
            self.wrong(f"{name}: outside what suits the section or what the principles allow")
        if each.wish >= len(section.spaces) or frozenset(each.leaves) not in self.sets_of(section, section.spaces[each.wish]):
            self.wrong(f"{name}: {each.leaves} is not what was wished")
        if self.said_no(section.key, each.hall, each.weekday, each.starts):
            self.wrong(f"{name}: the officer has said no")

    def sets_of(self, section: Section, wished: Wished) -> set[frozenset[str]]:
        hall = self.halls[wished.hall]
        people = {space.key: space.people for space in hall.spaces}
        if wished.space:
            found = {hall.leaves_of(wished.space): people[wished.space]}
        else:
            found = self._any_sets(hall, wished.parts or len(hall.leaves()), people)
        return {leaves for leaves, room in found.items() if room is None or section.size <= room}

    @staticmethod
    def _any_sets(hall: Hall, number: int, people: dict[str, int | None]) -> dict[frozenset[str], int | None]:
        found: dict[frozenset[str], int | None] = {}
        for space in hall.spaces:
            leaves = hall.leaves_of(space.key)
            if len(leaves) == number:
                room = people[space.key]
                found[leaves] = None if leaves in found and found[leaves] is None else room
        if not found:
            order = hall.leaves()
            for at in range(len(order) - number + 1):
                rooms = [people[leaf] for leaf in order[at : at + number]]
                known = [each for each in rooms if each is not None]
                found[frozenset(order[at : at + number])] = sum(known) if len(known) == len(rooms) else None
        return found

    def suits(self, section: Section, weekday: int, minute: int) -> int:
        """0 = not wished or not allowed; else 1 or 2 for the choice."""
        choices = [each.choice for each in section.suits if each.weekday == weekday and each.starts <= minute < each.ends]
        for window in self.problem.principles.windows:
            inside = window.since <= minute < window.until
            if weekday in window.weekdays and (
                (window.effect == "inside" and holds(window.who, section) and not inside)
                or (window.effect == "kept" and not holds(window.who, section) and inside)
            ):
                return 0
        return min(choices, default=0)

    def said_no(self, key: str, hall: str, weekday: int, starts: int) -> bool:
        return any(
            row.section == key and row.hall in (None, hall) and row.weekday in (None, weekday) and row.starts in (None, starts)
            for row in self.problem.refused
        )

    def _section(self, section: Section, passes: list[Pass]) -> None:
        locked = sum(each.locked for each in passes)
        if len({each.weekday for each in passes}) < len(passes):
            self.wrong(f"{section.key}: two passes on a day")
        if len(passes) > max(section.passes, locked):
            self.wrong(f"{section.key}: more passes than wished")
        limit = minutes_of(self.problem.principles, section)
        if limit is not None and locked < len(passes) and sum(each.ends - each.starts for each in passes) > limit:
            self.wrong(f"{section.key}: more minutes than the principles give")
        own = class_of(self.problem.principles, section)
        if locked < len(passes) and (own is None or rung_of(self.problem.principles, own.key, len(passes)) is None):
            self.wrong(f"{section.key}: a pass without a rung")

    def _locks(self) -> None:
        for row in self.problem.fixed:
            if not any(
                each.locked and (each.hall, each.weekday, each.starts, each.ends) == (row.hall, row.weekday, row.starts, row.ends)
                for each in self.passes.get(row.section, ())
            ):
                self.wrong(f"{row.section}: a locked pass is not there")

    def _no_half_hour_more(self, each: Pass) -> None:
        section = self.sections[each.section]
        limit = minutes_of(self.problem.principles, section)
        total = sum(one.ends - one.starts for one in self.passes[each.section])
        if each.locked or each.ends - each.starts >= section.longest or (limit is not None and total + STEP > limit):
            return
        if each.ends >= 24 * 60 or not self.suits(section, each.weekday, each.ends):
            return
        if all(spot in self.open and spot not in self.taken for spot in self._spots(each, each.ends, each.ends + STEP)):
            self.wrong(f"{each.section} {each.weekday}: a half hour more is free")

    # -- the levels -----------------------------------------------------------------------------------------------------

    def _levels(self) -> None:
        for level in self.plan.levels:
            if level.name is not LevelName.MOVED and level.value != self._value(level):
                self.wrong(f"{level.name} {level.of}: {level.value} is told, {self._value(level)} is counted")
            if level.bound is not None and level.bound > level.value:
                self.wrong(f"{level.name} {level.of}: better than its bound")

    def rungs(self, section: Section) -> list[int]:
        own = class_of(self.problem.principles, section)
        limit = minutes_of(self.problem.principles, section)
        most = section.passes if limit is None else min(section.passes, limit // section.shortest)
        found: list[int] = []
        for number in range(1, most + 1):
            rung = None if own is None else rung_of(self.problem.principles, own.key, number)
            if rung is None or (found and rung < found[-1]):
                break
            found.append(rung)
        return found

    def _value(self, level: Level) -> int:
        principles = self.problem.principles
        sections = self.sections.values()
        of_class = [each for each in sections if (own := class_of(principles, each)) is not None and own.key == level.of]
        match level.name:
            case LevelName.RUNG:
                return sum(self.rungs(each)[len(self.passes.get(each.key, ())) :].count(int(level.of)) for each in sections)
            case LevelName.PREFERENCES:
                return sum(self._cost(section, each) for section in of_class for each in self.passes.get(section.key, ()))
            case LevelName.DURATIONS:
                return sum(
                    section.passes * (section.longest - section.shortest) // STEP
                    - sum((each.ends - each.starts - section.shortest) // STEP for each in self.passes.get(section.key, ()))
                    for section in of_class
                )
            case LevelName.LOCAL:
                areas = ((self.sections[each.section].area, self.halls[each.hall].area) for each in self.plan.passes)
                return sum(bool(own and hall and own != hall) for own, hall in areas)
            case LevelName.EQUALITY:
                return self._inequality()
            case LevelName.STABILITY:
                kept = sum(
                    any((t.hall, t.weekday, t.starts) == (p.hall, p.weekday, p.starts) for t in self.sections[p.section].last)
                    for p in self.plan.passes
                )
                return sum(min(len(each.last), each.passes) for each in sections) - kept
        return level.value

    def _cost(self, section: Section, each: Pass) -> int:
        weights, minutes = self.problem.principles.weights, range(each.starts, each.starts + section.shortest, STEP)
        second = any(self.suits(section, each.weekday, minute) == 2 for minute in minutes)
        outside = any(
            window.effect == "mainly"
            and each.weekday in window.weekdays
            and holds(window.who, section)
            and any(self.suits(section, each.weekday, m) and not window.since <= m < window.until for m in minutes)
            for window in self.problem.principles.windows
        )
        return each.wish * weights.next_space + second * weights.second_choice + outside * weights.not_mainly

    def _inequality(self) -> int:
        hours, slots = self.problem.principles.attractive, Counter[str]()
        members = Counter({"girls": 0, "boys": 0})
        for section in self.sections.values():
            sex = "mixed" if section.girls and section.boys else "girls" if section.girls else "boys"
            members[sex] += section.girls + section.boys
            for each in self.passes.get(section.key, ()):
                if hours is not None and each.weekday in hours.weekdays:
                    slots[sex] += sum(hours.since <= minute < hours.until for minute in range(each.starts, each.ends, STEP))
        if not (members["girls"] and members["boys"]):
            return 0
        share = gcd(members["girls"], members["boys"])
        return abs(slots["girls"] * members["boys"] - slots["boys"] * members["girls"]) // share

    def _lot(self) -> None:
        order = sorted(self.sections, key=lambda key: lot(self.problem.seed, key))
        if self.plan.lot != tuple((key, len(self.passes.get(key, ()))) for key in order):
            self.wrong("the lot is another")
