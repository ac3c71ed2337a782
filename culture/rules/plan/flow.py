"""How many pupils any plan must leave out, counted in seats alone; and where the seats are too few."""

from collections import defaultdict
from dataclasses import dataclass

from ortools.graph.python import max_flow

from culture.rules.plan.arcs import Ground

PLENTY = 10**7


@dataclass(frozen=True, slots=True)
class Shortage:
    """Classes that can only use these performances, which have too little room. unit: seats or groups. short > 0."""

    unit: str
    needs: tuple[tuple[int, int], ...]  # (class, what it needs)
    rooms: tuple[tuple[int, int], ...]  # (performance, room it has left)

    @property
    def short(self) -> int:
        return sum(need for _class, need in self.needs) - sum(room for _show, room in self.rooms)


def room_of(ground: Ground, show: int, unit: str) -> int | None:
    """Room left at a performance beside what stands, in seats or in groups; None = it has no such limit.

    Of a touring performance without a host, that of the largest hall among the schools that could go.

    Rule C-62. Source: goal, L1: "these 4 classes (120 seats) can only use these 2 performances (100 seats)".
    Words: platser kvar, rum, room.
    """
    room = ground.shows[show]
    if unit == "groups":
        return room.groups
    if not ground.problem.performances[show].touring:
        return room.seats
    halls = [room.hosts[ground.unit(ground.arcs[number])] for number in ground.of_show[show]]
    largest = max(halls, default=0)
    return largest if room.seats is None else min(room.seats, largest)


def shortages(ground: Ground, unit: str) -> list[Shortage]:
    """Where there is too little room for a first visit of every class that can go anywhere: Hall's condition by maximum flow.

    Each is a connected set; together they are all that is short. Only whole classes that go nowhere else yet are counted.

    Rule C-63. Source: goal, L1: max-flow/min-cut (Hall); acceptance Case 33.
    Words: brist, platser saknas, snitt, hall, shortage.
    """
    wanting = [klass for klass in range(len(ground.demands)) if _whole_and_open(ground, klass) and ground.of_class[klass]]
    shows = sorted({ground.arcs[number].show for klass in wanting for number in ground.of_class[klass]})
    needs = {klass: least_need(ground, klass, unit) for klass in wanting}
    flow = max_flow.SimpleMaxFlow()
    node_of_class = {klass: 2 + index for index, klass in enumerate(wanting)}
    node_of_show = {show: 2 + len(wanting) + index for index, show in enumerate(shows)}
    for klass in wanting:
        flow.add_arc_with_capacity(0, node_of_class[klass], needs[klass])
        for show in sorted({ground.arcs[number].show for number in ground.of_class[klass]}):
            flow.add_arc_with_capacity(node_of_class[klass], node_of_show[show], PLENTY)
    for show in shows:
        room = room_of(ground, show, unit)
        flow.add_arc_with_capacity(node_of_show[show], 1, PLENTY if room is None else room)
    if not wanting or flow.solve(0, 1) != flow.OPTIMAL or flow.optimal_flow() == sum(needs.values()):
        return []
    inside = set(flow.get_source_side_min_cut())
    held = [klass for klass in wanting if node_of_class[klass] in inside]
    return [_shortage(ground, unit, part, needs) for part in together(ground, held)]


def least_need(ground: Ground, klass: int, unit: str) -> int:
    """What the first visit of a class takes at least: its seats, or one place among the groups.

    Rule C-64. Source: goal, L1.
    Words: behov, platser, need.
    """
    return 1 if unit == "groups" else min(ground.arcs[number].seats for number in ground.of_class[klass])


def fewest_unserved(ground: Ground, weighed: bool = True) -> int:
    """A value that no plan can have fewer of at the first level: those without any option, and what the shortages leave out.

    A shortage of so many seats leaves out classes with so many seats at least; the cheapest are taken, in parts of pupils.
    weighed: by 1 + years missed; else plain pupils.

    Rule C-65. Source: goal: coverage proved, or its bound.
    Words: undre gräns, utan besök, bound.
    """
    lost = sum(
        _weight(ground, klass, weighed) * demand.pupils[atom]
        for klass, demand in enumerate(ground.demands)
        for atom in range(len(demand.need))
        if demand.open[atom] and demand.need[atom] and not _has_arc(ground, klass, atom)
    )
    units = ("seats", "groups")
    return lost + max(sum(_left_out(ground, each, weighed) for each in shortages(ground, unit)) for unit in units)


def fewest_pupils(ground: Ground, level: int) -> int:
    """How many pupils any plan leaves without a visit. level: what no plan can have less of at the first level.

    Rule C-74. Source: goal: coverage proved, or its bound.
    Words: undre gräns, elever utan besök, bound.
    """
    pupils: dict[int, int] = defaultdict(int)
    for klass, demand in enumerate(ground.demands):
        pupils[_weight(ground, klass, True)] += sum(demand.pupils[atom] for atom, is_open in enumerate(demand.open) if is_open)
    fewest = 0
    for weight in sorted(pupils, reverse=True):  # a level so high with as few pupils as can be: the heaviest first
        part = min(pupils[weight], -(-level // weight))
        fewest, level = fewest + part, max(0, level - part * weight)
    return max(fewest, fewest_unserved(ground, weighed=False))


def _weight(ground: Ground, klass: int, weighed: bool) -> int:
    return 1 + ground.problem.classes[klass].missed if weighed else 1


def _left_out(ground: Ground, shortage: Shortage, weighed: bool) -> int:
    """The least worth of classes that give back so much room: fractions of classes, rounded up at the end."""
    worth = sorted(
        (_weight(ground, klass, weighed) * ground.problem.classes[klass].pupils / need, need) for klass, need in shortage.needs
    )
    short, left = shortage.short, 0.0
    for each, need in worth:
        part = min(need, short)
        left += each * part
        short -= part
    return -int(-(left - 1e-6) // 1) if left > 1e-6 else 0


def _whole_and_open(ground: Ground, klass: int) -> bool:
    demand = ground.demands[klass]
    return len(demand.need) == 1 and demand.open[0] and bool(demand.need[0])


def _has_arc(ground: Ground, klass: int, atom: int) -> bool:
    return any(atom in ground.arcs[number].atoms for number in ground.of_class[klass])


def _shortage(ground: Ground, unit: str, classes: list[int], needs: dict[int, int]) -> Shortage:
    shows = sorted({ground.arcs[number].show for klass in classes for number in ground.of_class[klass]})
    rooms = tuple((show, room_of(ground, show, unit) or 0) for show in shows)
    return Shortage(unit, tuple((klass, needs[klass]) for klass in classes), rooms)


def together(ground: Ground, classes: list[int]) -> list[list[int]]:
    """Classes that share a performance, directly or through others, in sets.

    Rule C-73. Source: goal, L1: small sets that a person can check.
    Words: hör ihop, grupper, together.
    """
    of_show: dict[int, list[int]] = defaultdict(list)
    for klass in classes:
        for number in ground.of_class[klass]:
            of_show[ground.arcs[number].show].append(klass)
    parts: list[list[int]] = []
    seen: set[int] = set()
    looked: set[int] = set()
    for first in classes:
        if first in seen:
            continue
        seen.add(first)
        part, ahead = [first], [first]
        while ahead:
            shows = {ground.arcs[number].show for number in ground.of_class[ahead.pop()]} - looked
            looked |= shows
            for klass in sorted({klass for show in shows for klass in of_show[show]} - seen):
                seen.add(klass)
                part.append(klass)
                ahead.append(klass)
        parts.append(sorted(part))
    return parts
