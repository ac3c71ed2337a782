"""Why a class cannot be served, so that a person can check it by addition. The shapes are in culture.solving."""

from collections.abc import Iterable, Sequence
from typing import Any

from culture.rules.plan.arcs import Ground, only_blocked
from culture.rules.plan.board import Board
from culture.rules.plan.flow import Shortage, least_need, shortages, together
from culture.rules.plan.mip import mip_of
from culture.rules.plan.model import Goal
from culture.rules.plan.proposal import LevelName, Plan
from culture.rules.plan.solvers import by_cp_sat

Fact = dict[str, Any]
LARGEST = 24  # classes of a set whose packing is searched
TESTS = 60  # solver calls for one set
WORK = 0.3  # deterministic time of each
MOST_WAYS = 6


def reasons_of(board: Board, plan: Plan, search: bool = True) -> list[Fact]:
    """The reasons for every class that gets fewer visits than it is owed. search: also look for packings (L2); takes longer.

    Rule C-72. Source: goal, 'a "no" that a person can check'; acceptance Cases 19 and 33.
    Words: skäl, varför, förklaring, intyg, reasons.
    """
    ground = board.ground
    short = sorted({ground.number[row.klass] for row in plan.unserved})
    without = [klass for klass in short if _lacks_options(board, klass)]
    facts = [_no_option(board, klass) for klass in without]
    left = [klass for klass in short if klass not in set(without) and board.pupils_left(klass)]
    for unit in ("seats", "groups"):
        found = shortages(ground, unit) if left else []
        facts += [_shortage(board, each) for each in found if any(board.pupils_left(klass) for klass, _need in each.needs)]
    for part in together(ground, left):
        facts.append(_packing(board, plan, part, search))
    late = [klass for klass in short if klass not in {*without, *left}]
    return facts + [_catch_up(board, plan, klass) for klass in late]


# L0 -------------------------------------------------------------------------------------------------------------------


def _options(ground: Ground, klass: int, atom: int | None = None) -> list[int]:
    arcs = [ground.arcs[number] for number in ground.of_class[klass]]
    return sorted({arc.show for arc in arcs if atom is None or atom in arc.atoms})


def _lacks_options(board: Board, klass: int) -> bool:
    demand = board.ground.demands[klass]
    return any(
        board.short(klass, atom) and _most_visits(board.ground, klass, atom) < demand.need[atom]
        for atom in range(len(demand.need))
    )


def _most_visits(ground: Ground, klass: int, atom: int | None = None) -> int:
    """One of an event, and one a day."""
    shows = [ground.problem.performances[show] for show in _options(ground, klass, atom)]
    return min(len({each.event for each in shows}), len({each.on for each in shows}))


def _no_option(board: Board, klass: int) -> Fact:
    ground = board.ground
    return {
        "level": "L0",
        "klass": ground.problem.classes[klass].key,
        "short": max(board.short(klass, atom) for atom in range(len(ground.demands[klass].need))),
        "pupils": board.pupils_left(klass),
        "options": len(_options(ground, klass)),
        "most": _most_visits(ground, klass),
        "counts": _counts(ground, klass),
    }


def _counts(ground: Ground, klass: int) -> dict[str, int]:
    return {reason.value: number for reason, number in sorted(ground.counts.get(klass, {}).items())}


# L1 -------------------------------------------------------------------------------------------------------------------


def _shortage(board: Board, shortage: Shortage) -> Fact:
    ground = board.ground
    classes, performances = ground.problem.classes, ground.problem.performances
    held = [klass for klass, _need in shortage.needs]
    return {
        "level": "L1",
        "unit": shortage.unit,
        "classes": [classes[klass].key for klass in held],
        "performances": [performances[show].key for show, _room in shortage.rooms],
        "needs": {classes[klass].key: need for klass, need in shortage.needs},
        "rooms": {performances[show].key: room for show, room in shortage.rooms},
        "needed": sum(need for _klass, need in shortage.needs),
        "room": sum(room for _show, room in shortage.rooms),
        "short": shortage.short,
        **_who(board, held),
        "ways": [
            {"kind": shortage.unit, "number": shortage.short},
            *_dates(ground, shortage),
            *_unblocked(board, [(klass, need) for klass, need in shortage.needs if need >= shortage.short]),
        ],
    }


def _who(board: Board, held: Iterable[int]) -> Fact:
    classes = board.ground.problem.classes
    out = [klass for klass in held if board.pupils_left(klass)]
    return {
        "unserved": [classes[klass].key for klass in out],
        "pupils": sum(board.pupils_left(klass) for klass in out),
        "counts": {classes[klass].key: _counts(board.ground, klass) for klass in out},
    }


def _dates(ground: Ground, shortage: Shortage) -> list[Fact]:
    """Events of which one more performance, as large as the one named, would make room."""
    ways: dict[str, Fact] = {}
    for show, _room in shortage.rooms:
        each = ground.problem.performances[show]
        whole = each.capacity.groups if shortage.unit == "groups" else each.capacity.seats
        if whole is not None and whole >= shortage.short and each.event not in ways:
            ways[each.event] = {"kind": "date", "event": each.event, "performance": each.key, "number": whole}
    return list(ways.values())[:MOST_WAYS]


def _unblocked(board: Board, wanted: Sequence[tuple[int, int]]) -> list[Fact]:
    """Days that a class could open, with room for it in this plan."""
    ground = board.ground
    ways: list[Fact] = []
    for klass, _need in wanted:
        for show in only_blocked(ground, klass):
            each = ground.problem.performances[show]
            if _room_now(board, klass, show) and len(ways) < MOST_WAYS:
                key = ground.problem.classes[klass].key
                ways.append({"kind": "unblock", "klass": key, "performance": each.key, "on": each.on.isoformat()})
    return ways


def _room_now(board: Board, klass: int, show: int) -> bool:
    ground = board.ground
    seats, groups = board.seats[show], board.groups[show]
    need = ground.problem.classes[klass].pupils + ground.problem.classes[klass].adults
    if (seats is not None and seats < need) or groups == 0:
        return False
    unit = ground.problem.classes[klass].unit
    return not ground.problem.performances[show].touring or (
        board.host[show] in {None, unit} and board.hall_left(show, unit) >= need
    )


# L2 -------------------------------------------------------------------------------------------------------------------


def _packing(board: Board, plan: Plan, left: Sequence[int], search: bool) -> Fact:
    """The set that these classes are left out with: by counting if that is enough, else by search, else not proved."""
    ground = board.ground
    closed = _closed(board, left)
    most = _most(ground, closed)
    if sum(most.values()) < len(closed):
        return _packed(board, closed, "addition", most, sum(most.values()))
    found = _smallest(board, left) if search else []
    if found:
        return _packed(board, found, "search", _most(ground, found), len(found) - 1)
    fact = _packed(board, left, "", {}, None)
    return {**fact, "proved": False, "bound": plan.level(LevelName.UNSERVED).bound, "ways": []}


def _packed(board: Board, held: Sequence[int], how: str, most: dict[int, int], fit: int | None) -> Fact:
    ground = board.ground
    shows = sorted({show for klass in held for show in _options(ground, klass)})
    key = ground.problem.performances
    return {
        "level": "L2",
        "proved": True,
        "how": how,
        "classes": [ground.problem.classes[klass].key for klass in held],
        "performances": [key[show].key for show in shows],
        "most": {key[show].key: number for show, number in most.items()},
        "fit": fit,
        **_who(board, held),
        "ways": _ways_to_pack(board, [klass for klass in held if board.pupils_left(klass)]),
    }


def _closed(board: Board, left: Sequence[int]) -> list[int]:
    """Those left out, and those that sit at their performances and have nowhere else to go."""
    ground = board.ground
    shows = {show for klass in left for show in _options(ground, klass)}
    there = {ground.arcs[number].klass for show in shows for number in ground.of_show[show] if number in board.chosen}
    return sorted({*left, *(klass for klass in there if shows.issuperset(_options(ground, klass)))} - _divided(ground))


def _divided(ground: Ground) -> set[int]:
    return {klass for klass, demand in enumerate(ground.demands) if len(demand.need) > 1 or not demand.open[0]}


def _most(ground: Ground, held: Sequence[int]) -> dict[int, int]:
    """How many of these classes fit into each performance at most: the smallest first, beside what stands."""
    inside, most = set(held), {}
    for show in sorted({show for klass in held for show in _options(ground, klass)}):
        classes = {ground.arcs[number].klass for number in ground.of_show[show]} & inside
        room, number = ground.shows[show], 0
        seats = room.seats
        if ground.problem.performances[show].touring:
            hall = max(room.hosts.get(ground.problem.classes[klass].unit, 0) for klass in classes)
            seats = hall if seats is None else min(seats, hall)
        for need in sorted(least_need(ground, klass, "seats") for klass in classes):
            if (seats is not None and seats < need) or (room.groups is not None and number >= room.groups):
                break
            number, seats = number + 1, None if seats is None else seats - need
        most[show] = number
    return most


def _ways_to_pack(board: Board, out: Sequence[int]) -> list[Fact]:
    """For the smallest of those left out: seats at the performance that lacks least, one more date, or a day it could open."""
    if not out:
        return []
    ground = board.ground
    klass = min(out, key=lambda each: (least_need(ground, each, "seats"), each))
    need = least_need(ground, klass, "seats")
    lacks = [(need - (board.seats[show] or 0), show) for show in _options(ground, klass) if board.seats[show] is not None]
    lacks = [(number, show) for number, show in lacks if number > 0 and board.groups[show] != 0]
    ways: list[Fact] = []
    performances = ground.problem.performances
    if lacks:
        number, show = min(lacks)
        ways.append({"kind": "seats", "number": number, "performance": performances[show].key})
    for show in _options(ground, klass)[:1]:
        each = performances[show]
        whole = each.capacity.groups if each.capacity.seats is None else each.capacity.seats
        ways.append({"kind": "date", "event": each.event, "performance": each.key, "number": whole})
    return ways + _unblocked(board, [(klass, need)])


def _smallest(board: Board, left: Sequence[int]) -> list[int]:
    """A set that cannot all go, though all but any one of them can; [] = not settled."""
    ground = board.ground
    held = [klass for klass in _grown(board, left) if klass not in _divided(ground)]
    if not held or len(held) > LARGEST or not _cannot(ground, held):
        return []
    for klass in list(held)[:TESTS]:
        fewer = [each for each in held if each != klass]
        if fewer and _cannot(ground, fewer):
            held = fewer
    return held


def _grown(board: Board, left: Sequence[int]) -> list[int]:
    ground = board.ground
    shows = {show for klass in left for show in _options(ground, klass)}
    there = {ground.arcs[number].klass for show in shows for number in ground.of_show[show] if number in board.chosen}
    return sorted({*left, *there})


def _cannot(ground: Ground, held: Sequence[int]) -> bool:
    """Whether it is proved that not all of them can go, though nobody else but those that stand does."""
    mip = mip_of(Board(ground), [number for klass in held for number in ground.of_class[klass]], (), with_cost=False)
    goal = Goal(0, [(mip.outs[klass, 0], 1) for klass in held])
    return by_cp_sat(mip, goal, ground.problem.seed, WORK).bound > 0


def _catch_up(board: Board, plan: Plan, klass: int) -> Fact:
    fact = _packed(board, [klass], "catch_up", {}, None)
    key = board.ground.problem.classes[klass].key
    return {
        **fact,
        "proved": plan.level(LevelName.OWED).proved,
        "short": max(board.short(klass, atom) for atom in range(len(board.visits[klass]))),
        "unserved": [key],
        "counts": {key: _counts(board.ground, klass)},
        "ways": [],
    }
