"""A made-up season: halls in areas, clubs, sections and their wishes, more than there is room for. Seeded; no real club."""

from dataclasses import replace
from datetime import date
from random import Random

from facilities.rules.allocation.conditions import All, Flag, FlagFact, Number, NumberFact, Op, Text, TextFact
from facilities.rules.allocation.plan import Pass
from facilities.rules.allocation.principles import (
    Attractive,
    Effect,
    MinuteLimit,
    Principles,
    PriorityClass,
    Rung,
    Window,
)
from facilities.rules.allocation.problem import Hall, Opening, Problem, Section, Space, Standing, Suits, Time, Wished

SINCE, UNTIL = date(2027, 8, 30), date(2028, 5, 1)
SIZES = {"a": (12, 60, 250), "b": (150, 600, 3_000), "small": (3, 8, 48), "middle": (6, 24, 120)}  # halls, clubs, sections
A_AREA = 3  # halls in an area
DIVISIONS = ("elit", "division 1", "division 2", "division 3", "")
_YOUNG = Number(NumberFact.AGE_TO, Op.AT_MOST, 20)
PRINCIPLES = Principles(
    name="Riktmärke",
    classes=(
        PriorityClass("P1", "Barn och unga i specialförbund", All((_YOUNG, Flag(FlagFact.FEDERATION)))),
        PriorityClass("P2", "Andra barn och unga", _YOUNG),
        PriorityClass("P3", "Vuxna i seriespel", Text(TextFact.DIVISION, DIVISIONS[:4])),
        PriorityClass("P4", "Andra föreningar", Text(TextFact.KIND, ("association",))),
        PriorityClass("P5", "Privata", All()),
    ),
    ladder=(
        Rung(("P1",), 1, 1),
        Rung(("P2",), 1, 1),
        Rung(("P3",), 1, 1),
        Rung(("P1",), 2, 2),
        Rung(("P2", "P3"), 2, 2),
        Rung(("P4",), 1, 1),
        Rung(("P1",), 3, None),
        Rung(("P2", "P3"), 3, None),
        Rung(("P4",), 2, None),
        Rung(("P5",), 1, None),
    ),
    windows=(
        Window(Number(NumberFact.AGE_TO, Op.LESS, 16), 0, 20 * 60, Effect.INSIDE),
        Window(Number(NumberFact.AGE_FROM, Op.AT_LEAST, 21), 20 * 60, 24 * 60, Effect.MAINLY),
    ),
    limits=(MinuteLimit(Text(TextFact.DIVISION, ("division 3",)), 240),),
    attractive=Attractive(),
)


def season(size: str, seed: int = 20261123) -> Problem:
    """The problem of a size: "a", "b" or "small"."""
    halls, clubs, sections = SIZES[size]
    random = Random(f"{seed} {size}")  # noqa: S311 - data, not secrets
    built = [_hall(random, number) for number in range(halls)]
    openings = [
        Opening(hall=hall.key, weekday=day, opens=16 * 60 if day < 5 else 9 * 60, closes=22 * 60 if day < 5 else 18 * 60)
        for hall in built
        for day in range(7)
    ]
    standing = []
    for hall in built:
        standing.append(_standing(hall, hall.key, 5, 12, 17, "Matcher"))
        if random.random() < 0.4:
            day = random.randrange(5)
            standing.append(_standing(hall, hall.key, day, 16, 18, "Ledarledd spontanidrott"))
    return Problem(
        since=SINCE,
        until=UNTIL,
        principles=PRINCIPLES,
        halls=tuple(built),
        openings=tuple(openings),
        standing=tuple(standing),
        sections=tuple(_section(random, number, clubs, built) for number in range(sections)),
        seed=f"lott {seed}",
    )


def with_last_season(problem: Problem, passes: tuple[Pass, ...], seed: int = 20261123) -> Problem:
    """The problem with *passes* as last season's times of most sections, some of them gone or an hour off."""
    random = Random(f"{seed} last")  # noqa: S311
    held: dict[str, list[Time]] = {}
    for each in passes:
        chance = random.random()
        if chance < 0.75:
            shift = 60 if chance < 0.1 and each.ends <= 21 * 60 else 0
            held.setdefault(each.section, []).append(Time(each.hall, each.weekday, each.starts + shift, each.ends + shift))
    return replace(
        problem, sections=tuple(replace(section, last=tuple(held.get(section.key, ()))) for section in problem.sections)
    )


def _hall(random: Random, number: int) -> Hall:
    key = f"H{number:03}"
    shape = random.choice(("quarters", "thirds", "halves", "halves", "quarters"))
    parts: list[Space] = [Space(key)]
    if shape == "quarters":
        for half in "AB":
            parts += [Space(f"{key}{half}", key), Space(f"{key}{half}1", f"{key}{half}"), Space(f"{key}{half}2", f"{key}{half}")]
    else:
        parts += [Space(f"{key}{part}", key) for part in "ABC"[: 3 if shape == "thirds" else 2]]
    return Hall(key=key, name=f"Hall {number + 1}", spaces=tuple(parts), area=f"Område {number // A_AREA + 1}")


def _standing(hall: Hall, space: str, day: int, starts: int, ends: int, label: str) -> Standing:
    return Standing(hall=hall.key, space=space, weekday=day, starts=starts * 60, ends=ends * 60, label=label)


def _section(random: Random, number: int, clubs: int, halls: list[Hall]) -> Section:
    kind = random.choices(("child", "youth", "adult", "private"), (30, 38, 26, 6))[0]
    youngest = {"child": random.randint(6, 11), "youth": random.randint(12, 17), "adult": 21, "private": 30}[kind]
    oldest = youngest + random.randint(1, 3) if kind in {"child", "youth"} else 65
    members, girls = random.randint(10, 28), random.choice((0, 1, 0.5))
    club = number % clubs
    area = club % (len(halls) // A_AREA)
    near = [hall for hall in halls if hall.area == f"Område {area + 1}"]
    other = halls[(area * A_AREA + A_AREA + random.randrange(A_AREA)) % len(halls)]
    chosen = random.sample(near, random.randint(1, min(2, len(near)))) + ([other] if random.random() < 0.3 else [])
    shortest = {"child": 60, "youth": 90, "adult": 90, "private": 60}[kind] if random.random() < 0.8 else 60
    division = random.choice(DIVISIONS) if kind == "adult" else ""
    passes = {"child": 1, "youth": 2, "adult": 2, "private": 1}[kind] + random.choice(
        (0, 0, 0, 1, 1) if kind != "private" else (0, 1)
    )
    part_season = random.random() < 0.05
    return Section(
        key=f"S{number:04}",
        club=f"Förening {club + 1}",
        name=f"Grupp {number + 1}",
        ages=(youngest, min(oldest, 20) if kind == "youth" else oldest),
        girls=round(members * girls),
        boys=members - round(members * girls),
        passes=passes,
        shortest=shortest,
        longest=shortest + random.choice((0, 30, 30, 60)),
        suits=_suits(random, kind, passes),
        spaces=tuple(_wished(random, hall, kind) for hall in dict.fromkeys(chosen)),
        since=date(2027, 10, 4) if part_season else None,
        until=date(2028, 3, 6) if part_season else None,
        months=5 if part_season else 8,
        division=division,
        kind="private" if kind == "private" else "association",
        area=f"Område {area + 1}",
        federation=kind != "private" and random.random() < 0.75,
        disability=random.random() < 0.03,
    )


def _suits(random: Random, kind: str, passes: int) -> tuple[Suits, ...]:
    starts, ends = {"child": (16, 19), "youth": (17, 20), "adult": (18, 21), "private": (19, 22)}[kind]
    days = sorted(random.sample(range(5), min(5, passes + random.randint(0, 1))))
    suits = [Suits(day, starts * 60, ends * 60) for day in days]
    if random.random() < 0.7:
        suits += [Suits(day, ends * 60, ends * 60 + 60, 2) for day in days[:2]]
    if random.random() < 0.3:
        suits.append(Suits(random.choice((5, 6)), 10 * 60, 12 * 60, 2))
    return tuple(suits)


def _wished(random: Random, hall: Hall, kind: str) -> Wished:
    leaves = len(hall.leaves())
    if random.random() < 0.04:
        return Wished(hall.key, space=hall.leaves()[0])
    share = random.choices((1, 2, 4), {"child": (5, 4, 2), "youth": (2, 4, 4)}.get(kind, (2, 3, 5)))[0]
    parts = {4: {1: 1, 2: 2, 4: 4}, 3: {1: 1, 2: 1, 4: 3}, 2: {1: 1, 2: 1, 4: 2}}[leaves][share]
    return Wished(hall.key, parts)
