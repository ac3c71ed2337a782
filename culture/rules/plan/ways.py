"""How far it is from a school to a performance, and whether a class walks there or goes by bus."""

from math import asin, cos, radians, sin, sqrt

from culture.rules.plan.problem import Klass, Performance, Position, Problem

EARTH = 6_371_009  # metres, mean radius


def metres_between(one: Position, other: Position) -> int:
    """As the crow flies, in whole metres.

    Rule C-50. Source: goal: walking limit 1.5 km for F-3, 2.5 km for 4-9; the great circle where nobody has measured.
    Words: avstånd, fågelvägen, meter, distance.
    """
    north, south = radians(one.latitude), radians(other.latitude)
    across = sin((south - north) / 2) ** 2
    along = sin(radians(other.longitude - one.longitude) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(min(1.0, across + cos(north) * cos(south) * along))))


def distances_of(problem: Problem) -> dict[tuple[str, str], int]:
    """(unit, performance) -> metres where it is known: measured, else as the crow flies. Touring performances have none.

    Rule C-51. Source: goal: measured distances before the great circle.
    Words: avstånd, uppmätt, distances.
    """
    found = {
        (school.unit, each.key): metres_between(school.position, each.position)
        for each in problem.performances
        if each.position is not None and not each.touring
        for school in problem.schools
        if school.position is not None
    }
    return found | {(unit, performance): metres for unit, performance, metres in problem.distances}


def goes_by_bus(klass: Klass, performance: Performance, metres: int | None) -> bool:
    """Whether a class needs a bus. metres: None = not known, and then a bus is counted: one too many is found out in time.

    Rule C-52. Source: goal: walking limit 1.5 km for F-3, 2.5 km for 4-9; a touring performance comes to the school.
    Words: buss, gångavstånd, promenad, bus, walk.
    """
    return not performance.touring and (metres is None or metres > klass.walks)
