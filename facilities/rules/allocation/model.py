"""The problem as the search sees it: cells of half hours with free parts, and for each section the placements it may have.

A cell is (hall, weekday, date segment, half hour); its capacity is the number of free leaves. A wish for one particular part also
takes cells of its leaves. Placements are at the shortest length; longer ones are made afterwards (stretch).
"""

from dataclasses import dataclass, field
from itertools import pairwise

from facilities.rules.allocation.conditions import holds
from facilities.rules.allocation.principles import STEP, Attractive, Effect, Principles, class_of, minutes_of, rung_of
from facilities.rules.allocation.problem import Hall, Opening, Problem, Section, Standing, Wished, lot

SLOTS = 48
DAYS = 7


class Placement:
    """A section at a time in a hall. Slots count half hours from midnight. cost: among preferences. kept: as last season."""

    __slots__ = (
        "away",
        "cells",
        "cost",
        "day",
        "hall",
        "index",
        "kept",
        "length",
        "locked",
        "named",
        "q",
        "section",
        "start",
        "wish",
    )

    def __init__(self, section: int, wish: int, hall: int, day: int, start: int, length: int, q: int) -> None:
        self.section, self.wish, self.hall, self.day, self.start, self.length, self.q = section, wish, hall, day, start, length, q
        self.cost = 0
        self.cells: tuple[int, ...] = ()
        self.named: tuple[int, ...] = ()
        self.kept = self.away = self.locked = False
        self.index = -1


@dataclass(slots=True)
class HallGrid:
    """A hall's cells. cuts: the first day of each date segment and the end of the last. sets: leaf masks by wish."""

    hall: Hall
    leaves: tuple[str, ...]
    cuts: tuple[int, ...]  # ordinals
    base: int
    leaf_base: int = -1  # where the cells of single leaves begin; -1 = nobody wishes a particular part
    as_mask: dict[str, int] = field(default_factory=dict)  # the leaves of each space
    people: dict[str, int | None] = field(default_factory=dict)

    @property
    def segments(self) -> int:
        return len(self.cuts) - 1

    def row(self, day: int, segment: int) -> int:
        return self.base + (day * self.segments + segment) * SLOTS

    def leaf_row(self, leaf: int, day: int, segment: int) -> int:
        return self.leaf_base + ((leaf * DAYS + day) * self.segments + segment) * SLOTS


@dataclass(slots=True)
class Group:
    """A section as the search sees it. rungs: of its passes, the first first. hours: by weekday, by slot: 0 = not wished or not
    allowed, else 1 + 2 x (second choice) + 4 x (outside "mainly")."""

    section: Section
    class_index: int  # -1 = in no class
    rungs: tuple[int, ...]
    most_slots: int
    shortest: int
    longest: int
    draw: int  # its place in the lot
    hours: dict[int, list[int]] = field(default_factory=dict)
    placements: list[Placement] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)  # why placements of the wish are none
    last: int = 0  # how many of last season's times count for stability

    @property
    def wanted(self) -> int:
        return len(self.rungs)


@dataclass(slots=True)
class Model:
    problem: Problem
    grids: list[HallGrid]
    groups: list[Group]
    capacity: list[int]
    masks: list[int]  # per hall cell the leaves that are open and free of what stands
    placements: list[Placement]
    halls: dict[str, int]
    by_key: dict[str, int]

    def cells(self, grid: HallGrid, section: Section, day: int, start: int, end: int) -> tuple[int, ...]:
        """The hall's cells of a stretch of a weekday in all the segments of a section's dates."""
        if section.since is None and section.until is None and len(grid.cuts) == 2:
            row = grid.base + day * SLOTS
            return tuple(range(row + start, row + end))
        return tuple(
            cell
            for segment in segments_of(self.problem, grid, section)
            for cell in range(grid.row(day, segment) + start, grid.row(day, segment) + end)
        )

    def leaf_cells(self, grid: HallGrid, section: Section, leaves: int, day: int, start: int, end: int) -> tuple[int, ...]:
        return tuple(
            grid.leaf_row(leaf, day, segment) + slot
            for leaf in range(len(grid.leaves)) if leaves >> leaf & 1
            for segment in segments_of(self.problem, grid, section)
            for slot in range(start, end)
        )  # fmt: skip


def segments_of(problem: Problem, grid: HallGrid, section: Section) -> range:
    """The date segments of a hall in which a section trains.

    Rule FA-58. Source: PLANNING, "model at hall level, not part level".
    Words: modell, hall, cell, model.
    """
    if section.since is None and section.until is None:
        return range(grid.segments)
    since, until = (section.since or problem.since).toordinal(), (section.until or problem.until).toordinal()
    inside = [place for place, (begins, ends) in enumerate(pairwise(grid.cuts)) if since < ends and begins < until]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def leaf_sets(grid: HallGrid, wished: Wished, size: int) -> tuple[list[int], list[int]]:
    """(masks of leaves that meet a wish and take so many people, masks that meet it but are too small).

    Parts of the tree with exactly so many leaves; where the tree has none, leaves beside each other.

    Rule FA-59. Source: PLANNING, "model at hall level, not part level".
    Words: modell, hall, cell, model.
    """
    people, as_mask = grid.people, grid.as_mask
    q = wished.parts or len(grid.leaves)
    if wished.space:
        found = [(as_mask[wished.space], people[wished.space])]
    else:
        found = [(mask, people[key]) for key, mask in as_mask.items() if mask.bit_count() == q]
    if not found and q <= len(grid.leaves):
        for first in range(len(grid.leaves) - q + 1):
            each = [people[leaf] for leaf in grid.leaves[first : first + q]]
            room = None if None in each else sum(one for one in each if one is not None)
            found.append((((1 << q) - 1) << first, room))
    fits = [mask for mask, room in found if room is None or size <= room]
    return list(dict.fromkeys(fits)), [mask for mask, room in found if room is not None and size > room]


def compiled(problem: Problem) -> Model:
    """The model of a canonical problem.

    Rule FA-22. Source: PLANNING, "model at hall level, not part level".
    Words: modell, celler, kandidater.
    """
    grids, size = _grids(problem)
    model = Model(problem, grids, [], [0] * size, [0] * size, [], {grid.hall.key: at for at, grid in enumerate(grids)}, {})
    _open(model)
    _stand(model)
    for cell, mask in enumerate(model.masks):
        if model.capacity[cell] == 0:
            model.capacity[cell] = mask.bit_count()
    draws = {key: at for at, key in enumerate(sorted((s.key for s in problem.sections), key=lambda key: lot(problem.seed, key)))}
    no = _refusals(problem)
    for number, section in enumerate(problem.sections):
        group = _group(problem, section, draws[section.key])
        model.groups.append(group)
        model.by_key[section.key] = number
        if group.wanted:
            _place(model, number, group, no.get(section.key, []))
    return model


def _grids(problem: Problem) -> tuple[list[HallGrid], int]:
    ends: dict[str, set[int]] = {hall.key: {problem.since.toordinal(), problem.until.toordinal()} for hall in problem.halls}
    named = {wish.hall for section in problem.sections for wish in section.spaces if wish.space}
    rows: tuple[Opening | Standing, ...] = (*problem.openings, *problem.standing)
    for row in rows:
        ends[row.hall] |= {day.toordinal() for day in (row.since, row.until) if day is not None}
    for section in problem.sections:
        days = {day.toordinal() for day in (section.since, section.until) if day is not None}
        for key in {wish.hall for wish in section.spaces} if days else ():
            ends[key] |= days
    named |= {fixed.hall for fixed in problem.fixed if fixed.space}
    grids, at = [], 0
    for hall in problem.halls:
        cuts = tuple(sorted(day for day in ends[hall.key] if problem.since.toordinal() <= day <= problem.until.toordinal()))
        grid = HallGrid(hall, hall.leaves(), cuts, at)
        order = {leaf: place for place, leaf in enumerate(grid.leaves)}
        grid.people = {space.key: space.people for space in hall.spaces}
        grid.as_mask = {key: sum(1 << order[leaf] for leaf in hall.leaves_of(key)) for key in grid.people}
        at += DAYS * grid.segments * SLOTS
        if hall.key in named:
            grid.leaf_base = at
            at += len(grid.leaves) * DAYS * grid.segments * SLOTS
        grids.append(grid)
    return grids, at


def _open(model: Model) -> None:
    for row in model.problem.openings:
        grid = model.grids[model.halls[row.hall]]
        for segment in _dated(model.problem, grid, row.since, row.until):
            at = grid.row(row.weekday, segment)
            for slot in range(row.opens // STEP, row.closes // STEP):
                model.masks[at + slot] = (1 << len(grid.leaves)) - 1


def _stand(model: Model) -> None:
    for row in model.problem.standing:
        grid = model.grids[model.halls[row.hall]]
        taken = sum(1 << at for at, leaf in enumerate(grid.leaves) if leaf in grid.hall.leaves_of(row.space))
        for segment in _dated(model.problem, grid, row.since, row.until):
            at = grid.row(row.weekday, segment)
            for slot in range(row.starts // STEP, row.ends // STEP):
                model.masks[at + slot] &= ~taken
    for grid in model.grids:
        if grid.leaf_base < 0:
            continue
        for leaf in range(len(grid.leaves)):
            for day in range(DAYS):
                for segment in range(grid.segments):
                    at, to = grid.row(day, segment), grid.leaf_row(leaf, day, segment)
                    for slot in range(SLOTS):
                        model.capacity[to + slot] = model.masks[at + slot] >> leaf & 1


def _dated(problem: Problem, grid: HallGrid, since: object, until: object) -> list[int]:
    begins = since.toordinal() if hasattr(since, "toordinal") else problem.since.toordinal()
    ends = until.toordinal() if hasattr(until, "toordinal") else problem.until.toordinal()
    return [place for place, (first, last) in enumerate(pairwise(grid.cuts)) if begins < last and first < ends]


def _refusals(problem: Problem) -> dict[str, list[tuple[str | None, int | None, int | None]]]:
    found: dict[str, list[tuple[str | None, int | None, int | None]]] = {}
    for row in problem.refused:
        found.setdefault(row.section, []).append((row.hall, row.weekday, row.starts))
    return found


def _group(problem: Problem, section: Section, draw: int) -> Group:
    principles = problem.principles
    own = class_of(principles, section)
    limit = minutes_of(principles, section)
    shortest, longest = section.shortest // STEP, section.longest // STEP
    most = SLOTS * DAYS if limit is None else limit // STEP
    rungs: list[int] = []
    while own is not None and len(rungs) < min(section.passes, most // shortest):
        rung = rung_of(principles, own.key, len(rungs) + 1)
        if rung is None or (rungs and rung < rungs[-1]):
            break
        rungs.append(rung)
    index = -1 if own is None else principles.classes.index(own)
    group = Group(section, index, tuple(rungs), most, shortest, longest, draw)
    group.last = min(len(section.last), section.passes)
    group.hours = {day: hours for day in range(DAYS) if any(hours := _hours(principles, section, day))}
    return group


def _hours(principles: Principles, section: Section, day: int) -> list[int]:
    hours = [0] * SLOTS
    for suits in sorted(section.suits, key=lambda each: -each.choice):
        if suits.weekday == day:
            for slot in range(suits.starts // STEP, suits.ends // STEP):
                hours[slot] = 1 + 2 * (suits.choice - 1)
    if any(hours):
        for window in principles.windows:
            if day in window.weekdays:
                _through(window.effect, holds(window.who, section), range(window.since // STEP, window.until // STEP), hours)
    return hours


def _through(effect: Effect, is_for: bool, window: range, hours: list[int]) -> None:
    """Take away from the hours what a window does not allow (a negative hour is wished and shut out by the principles)."""
    for slot in range(SLOTS):
        if not hours[slot]:
            continue
        if effect is Effect.MAINLY and is_for and slot not in window and hours[slot] > 0:
            hours[slot] |= 4
        elif (effect is Effect.INSIDE and is_for and slot not in window) or (
            effect is Effect.KEPT and not is_for and slot in window
        ):
            hours[slot] = -1


def _place(model: Model, number: int, group: Group, no: list[tuple[str | None, int | None, int | None]]) -> None:
    """Write down every placement that a section may have, and count why the others of its wish are none."""
    section, problem = group.section, model.problem
    last = {(time.hall, time.weekday, time.starts) for time in section.last}
    for wish, wished in enumerate(section.spaces):
        at = model.halls[wished.hall]
        grid = model.grids[at]
        sets, too_small = leaf_sets(grid, wished, section.size)
        q = (sets or too_small or [0])[0].bit_count()
        rows = list(segments_of(problem, grid, section))
        for day, hours in group.hours.items():
            for start in range(SLOTS - group.shortest + 1):
                window = hours[start : start + group.shortest]
                if 0 in window:
                    continue
                why = _why_none(model, grid, window, sets, bool(too_small), (rows, day, start, group.shortest))
                if why is None and any(
                    hall in (None, wished.hall) and weekday in (None, day) and starts in (None, start * STEP)
                    for hall, weekday, starts in no
                ):
                    why = "officer"
                if why is not None:
                    group.lost[why] = group.lost.get(why, 0) + 1
                    continue
                new = Placement(number, wish, at, day, start, group.shortest, q)
                new.cells = model.cells(grid, section, day, start, start + group.shortest)
                if wished.space:
                    new.named = model.leaf_cells(grid, section, sets[0], day, start, start + group.shortest)
                weights = problem.principles.weights
                second, outside = any(each & 2 for each in window), any(each & 4 for each in window)
                new.cost = wish * weights.next_space + second * weights.second_choice + outside * weights.not_mainly
                new.kept = (wished.hall, day, start * STEP) in last
                new.away = bool(section.area) and bool(grid.hall.area) and section.area != grid.hall.area
                new.index = len(model.placements)
                model.placements.append(new)
                group.placements.append(new)


def _why_none(
    model: Model, grid: HallGrid, window: list[int], sets: list[int], too_small: bool, where: tuple[list[int], int, int, int]
) -> str | None:
    rows, day, start, length = where
    if min(window) < 0:
        return "principles"
    if not rows:
        return "dates"
    if not sets:
        return "people" if too_small else "parts"
    free = (1 << len(grid.leaves)) - 1
    for segment in rows:
        at = grid.row(day, segment)
        for slot in range(start, start + length):
            mask = model.masks[at + slot]
            if not mask:
                return "standing" if _is_open(model, grid, day, segment, slot) else "closed"
            free &= mask
    return None if any(free & each == each for each in sets) else "standing"


def _is_open(model: Model, grid: HallGrid, day: int, segment: int, slot: int) -> bool:
    begins, ends = grid.cuts[segment], grid.cuts[segment + 1]
    for row in model.problem.openings:
        if row.hall == grid.hall.key and row.weekday == day and row.opens <= slot * STEP < row.closes:
            since = (row.since or model.problem.since).toordinal()
            until = (row.until or model.problem.until).toordinal()
            if since < ends and begins < until:
                return True
    return False


def attractive_slots(attractive: Attractive | None, day: int, start: int, end: int) -> int:
    """How many half hours of a stretch are attractive.

    Rule FA-60. Source: PLANNING, "model at hall level, not part level".
    Words: modell, hall, cell, model.
    """
    if attractive is None or day not in attractive.weekdays:
        return 0
    return max(0, min(end, attractive.until // STEP) - max(start, attractive.since // STEP))
