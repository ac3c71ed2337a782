"""Municipalities to plan for: schools, classes and performances of any number, drawn from a seed. Nothing in them is real."""

from datetime import date, timedelta
from random import Random

from culture.rules.plan.problem import Klass, Part, Performance, Position, Problem, School, Terms
from culture.rules.seats import Capacity

AUTUMN = 2026
ARTS = ("theatre", "dance", "music", "film", "art", "literature", "circus", "craft", "heritage")
KILOMETRE = 1 / 111.2  # degrees of latitude
FIRST_DAY = date(2027, 1, 18)
WEEKS = 18
NEEDS = ("step_free", "calm")


def municipality(dice: Random, schools: int, classes: int, performances: int, *, spare: float = 1.5, seed: int = 0) -> Problem:
    """A problem of that size. spare: seats offered for each that is needed."""
    width = 2.0 + 0.9 * schools**0.5  # kilometres; a larger town is wider
    units = [_school(dice, number, width) for number in range(schools)]
    groups = [_class(dice, number, units) for number in range(classes)]
    seats = sum(group.pupils + group.adults for group in groups)
    wanted = [sum(group.pupils for group in groups if group.parts[0].cohort == AUTUMN - grade) + 1 for grade in range(10)]
    shows = _performances(dice, performances, width, spare * seats / performances, wanted)
    groups = [_with_past(dice, group, shows) for group in groups]
    return Problem(schools=tuple(units), classes=tuple(groups), performances=tuple(shows), terms=Terms(), seed=seed)


def _place(dice: Random, width: float) -> Position:
    """Thicker towards the middle."""
    return Position(59.3 + dice.gauss(0, width / 2) * KILOMETRE, 14.5 + dice.gauss(0, width / 2) * 2 * KILOMETRE)


def _school(dice: Random, number: int, width: float) -> School:
    return School(unit=f"{10_000_000 + number}", position=_place(dice, width), hall=dice.choice((0, 0, 60, 90, 120)))


def _class(dice: Random, number: int, units: list[School]) -> Klass:
    """Schools have grades F-6 or 7-9, every third all of them."""
    unit = number % len(units)
    turn = number // len(units)
    grades = (range(10), range(7), range(7), range(7, 10))[unit % 4]
    grade = grades[turn % len(grades)]
    letter = "ABCDEFGHIJ"[turn // len(grades) % 10]
    return Klass(
        key=f"c{number:05}",
        unit=units[unit].unit,
        name=f"{grade or 'F'}{letter}{turn // len(grades) // 10 or ''}",
        parts=(Part(AUTUMN - grade, dice.randint(17, 28)),),
        adults=2,
        missed=int(dice.random() < 0.04),
        last_visit=FIRST_DAY - timedelta(days=dice.randint(60, 500)) if dice.random() < 0.9 else None,
        needs=frozenset({dice.choice(NEEDS)}) if dice.random() < 0.03 else frozenset(),
        walks=1500 if grade <= 3 else 2500,
    )


def _performances(dice: Random, wanted: int, width: float, seats: float, pupils: list[int]) -> list[Performance]:
    """Events with one to six times each, at one of some venues or touring."""
    venues = [_place(dice, width / 2) for _ in range(max(2, wanted // 25))]
    shows: list[Performance] = []
    given = [0.0] * 10  # seats for each pupil by grade, so that the programme reaches them all alike
    while len(shows) < wanted:
        event, touring = f"e{len(shows):04}", dice.random() < 0.12
        poorest = min(range(10), key=lambda grade: given[grade])
        first = max(0, poorest - dice.randint(0, 2))
        grades = range(first, min(10, max(poorest + 1, first + dice.choice((1, 2, 2, 3, 3)))))
        room = max(40, round(dice.choice((0.5, 0.8, 1, 1, 1.5)) * seats / 10) * 10)
        offers = frozenset(need for need in NEEDS if dice.random() < 0.8)
        art, venue = dice.choice(ARTS), dice.choice(venues)
        times = min(dice.randint(1, 6), wanted - len(shows))
        for grade in grades:
            given[grade] += times * (30 if touring else room) / sum(pupils[each] for each in grades)
        for _time in range(times):
            shows.append(
                Performance(
                    key=f"p{len(shows):04}",
                    event=event,
                    art=art,
                    on=FIRST_DAY + timedelta(days=7 * dice.randrange(WEEKS) + dice.randrange(5)),
                    cohorts=frozenset(AUTUMN - grade for grade in grades),
                    capacity=Capacity(None, 3)
                    if not touring and dice.random() < 0.1
                    else Capacity(min(room, 90) if touring else room),
                    touring=touring,
                    position=None if touring else venue,
                    offers=offers,
                )
            )
    return shows


def _with_past(dice: Random, group: Klass, shows: list[Performance]) -> Klass:
    """What its pupils have met, and days on which the class cannot go."""
    seen = frozenset(show.event for show in dice.sample(shows, min(len(shows), 2)))
    days = {FIRST_DAY + timedelta(days=7 * dice.randrange(WEEKS) + each) for each in range(dice.choice((0, 0, 1, 3)))}
    arts = frozenset(dice.sample(ARTS, dice.randint(0, 4)))
    return Klass(
        **{
            name: getattr(group, name)
            for name in ("key", "unit", "name", "parts", "adults", "missed", "last_visit", "needs", "walks")
        },
        seen=seen,
        arts=arts,
        blocked=frozenset(days),
    )
