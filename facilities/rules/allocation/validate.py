"""What is wrong or surprising in a set of principles before anybody is judged by it: gaps, overlaps, rungs nobody reaches.

Every condition is a comparison with a few values, so a finite number of made-up sections stands for all there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from facilities.rules.allocation.conditions import (
    Condition,
    Flag,
    FlagFact,
    Number,
    NumberFact,
    Text,
    TextFact,
    conditions_within,
    holds,
)
from facilities.rules.allocation.principles import DAY, EVERY_DAY, STEP, Effect, Principles, Soft, Window, rung_of

MOST = 60_000  # made-up sections that are tried
PASSES = 7  # a week: one a day
Fact = tuple[NumberFact | TextFact | FlagFact, int | str | bool]


class Wrong(StrEnum):
    """What is remarked on. The first six make a set unusable; the others are shown to who enters it."""

    EMPTY = "empty"  # no class, or no rung at all
    SAME_KEY = "same_key"  # two classes with one key
    UNKNOWN_CLASS = "unknown_class"  # a rung of a class that is not there
    RUNG_TWICE = "rung_twice"  # the same pass of a class on two rungs
    RUNG_ORDER = "rung_order"  # a later pass on an earlier rung than the one before it
    EMPTY_RUNG = "empty_rung"  # a rung without passes or classes
    NO_CLASS = "no_class"  # some sections are of no class
    SHUT = "shut"  # hours of their own leave some sections no time of the week
    ONE_PASS = "one_pass"  # noqa: S105 - no class ever has a second pass
    NO_RUNG = "no_rung"  # some passes of a class are on no rung and never given
    OVERLAP = "overlap"  # some sections fit two classes; the first counts
    NEVER = "never"  # nobody is ever of the class: it is empty, or those before take all
    UNREACHABLE = "unreachable"  # a rung that no pass is ever on
    WINDOW_NEVER = "window_never"  # hours for sections that there are none of
    UNUSED = "unused"  # hours kept for sections that may not train then
    LIMIT_NEVER = "limit_never"  # a limit that never counts
    NO_HOURS = "no_hours"  # equality is looked at, but no hours are attractive
    NOT_COUNTED = "not_counted"  # hours are attractive, but equality is not looked at
    NOT_PROVED = "not_proved"  # too many combinations to try them all


FATAL = frozenset({Wrong.EMPTY, Wrong.SAME_KEY, Wrong.UNKNOWN_CLASS, Wrong.RUNG_TWICE, Wrong.RUNG_ORDER, Wrong.EMPTY_RUNG})


@dataclass(frozen=True, slots=True)
class Remark:
    """what: the class, rung or limit. example: facts of a section that shows it."""

    wrong: Wrong
    what: str
    example: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A section that is not there."""

    numbers: tuple[tuple[NumberFact, int], ...]
    words: tuple[tuple[TextFact, str], ...]
    flags: tuple[tuple[FlagFact, bool], ...]

    def number(self, fact: NumberFact) -> int:
        return dict(self.numbers).get(fact, 0)

    def texts(self, fact: TextFact) -> frozenset[str]:
        return frozenset({word}) if (word := dict(self.words).get(fact)) else frozenset()

    def flag(self, fact: FlagFact) -> bool:
        return dict(self.flags).get(fact, False)

    def shown(self) -> tuple[tuple[str, str], ...]:
        every = (*self.numbers, *self.words, *self.flags)
        return tuple((str(fact), str(value)) for fact, value in every)


def remarks(principles: Principles) -> tuple[Remark, ...]:
    """What is wrong or surprising in the principles, what makes them unusable first.

    Rule FA-34. Source: issue, "sets never seen will be tried": gaps, overlaps and rungs out of reach are told.
    Words: validera, luckor, överlapp, principer, granska.
    """
    found = [*_keys(principles), *_rungs(principles), *_soft(principles)]
    for part, told in (("classes", _classes), ("windows", _windows), ("limits", _limits)):
        made_up = list(_made_up([each.who for each in getattr(principles, part)]))
        found += [Remark(Wrong.NOT_PROVED, part)] if len(made_up) > MOST else told(principles, made_up)
    return tuple(sorted(found, key=lambda remark: list(Wrong).index(remark.wrong)))


def is_usable(principles: Principles) -> bool:
    """Whether a plan can be made by the principles at all.

    Rule FA-35. Source: issue, "sets never seen will be tried".
    Words: giltig, användbar, principer.
    """
    return not any(remark.wrong in FATAL for remark in remarks(principles))


def _keys(principles: Principles) -> Iterator[Remark]:
    for part, rows in (("classes", principles.classes), ("ladder", principles.ladder)):
        if not rows:
            yield Remark(Wrong.EMPTY, part)
    keys = [each.key for each in principles.classes]
    for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        yield Remark(Wrong.SAME_KEY, key)


def _rungs(principles: Principles) -> Iterator[Remark]:
    keys = {each.key for each in principles.classes}
    for place, rung in enumerate(principles.ladder, 1):
        if not rung.classes or rung.first < 1 or (rung.last is not None and rung.last < rung.first):
            yield Remark(Wrong.EMPTY_RUNG, str(place))
        for key in rung.classes:
            if key not in keys:
                yield Remark(Wrong.UNKNOWN_CLASS, f"{place}: {key}")
        if all(rung_of(principles, key, number) != place - 1 for key in rung.classes for number in range(1, PASSES + 1)):
            yield Remark(Wrong.UNREACHABLE, str(place))
    once = bool(principles.ladder) and all(rung.last == 1 for rung in principles.ladder)
    if once:
        yield Remark(Wrong.ONE_PASS, "ladder")
    for key in sorted(keys):
        yield from (each for each in _rungs_of(principles, key) if not (once and each == Remark(Wrong.NO_RUNG, f"{key} 2")))


def _rungs_of(principles: Principles, key: str) -> Iterator[Remark]:
    before = -1
    for number in range(1, PASSES + 1):
        places = [place for place, rung in enumerate(principles.ladder) if rung.has(key, number)]
        if len(places) > 1:
            yield Remark(Wrong.RUNG_TWICE, f"{key} {number}")
        if not places:
            yield Remark(Wrong.NO_RUNG, f"{key} {number}")
            return
        if places[0] < before:
            yield Remark(Wrong.RUNG_ORDER, f"{key} {number}")
        before = places[0]


def _classes(principles: Principles, made_up: list[MadeUp]) -> Iterator[Remark]:
    reached, overlaps, gap = set[str](), dict[tuple[str, str], MadeUp](), None
    for each in made_up:
        fits = [one.key for one in principles.classes if holds(one.who, each)]
        if not fits:
            gap = gap or each
            continue
        reached.add(fits[0])
        for other in fits[1:]:
            overlaps.setdefault((fits[0], other), each)
    if gap is not None and principles.classes:
        yield Remark(Wrong.NO_CLASS, "", gap.shown())
    for each_class in principles.classes:
        if each_class.key not in reached:
            yield Remark(Wrong.NEVER, each_class.key)
    for place, rung in enumerate(principles.ladder, 1):
        if rung.classes and not set(rung.classes) & reached:
            yield Remark(Wrong.UNREACHABLE, str(place))
    for (first, other), example in overlaps.items():
        yield Remark(Wrong.OVERLAP, f"{first} {other}", example.shown())


def _windows(principles: Principles, made_up: list[MadeUp]) -> Iterator[Remark]:
    """Sections are told apart only by which windows are for them: few ways, however many sections are made up."""
    windows = principles.windows
    ways = {tuple(holds(window.who, each) for window in windows): each for each in made_up}
    hours = {way: _hours_left(windows, way) for way in ways}
    for way, each in ways.items():
        if windows and not hours[way]:
            yield Remark(Wrong.SHUT, "", each.shown())
    for place, window in enumerate(windows):
        fits = [way for way in ways if way[place]]
        if not fits:
            yield Remark(Wrong.WINDOW_NEVER, str(place + 1))
        elif window.effect is Effect.KEPT and not any(hours[way] & _hours_of(window) for way in fits):
            yield Remark(Wrong.UNUSED, str(place + 1))


def _hours_left(windows: tuple[Window, ...], way: tuple[bool, ...]) -> set[tuple[int, int]]:
    """The half hours of a week in which those whom *way* tells may train, as (weekday, minutes)."""
    left = {(day, minutes) for day in EVERY_DAY for minutes in range(0, DAY, STEP)}
    for window, is_for in zip(windows, way, strict=True):
        inside = _hours_of(window)
        if window.effect is Effect.KEPT and not is_for:
            left -= inside
        if window.effect is Effect.INSIDE and is_for:
            left = {hour for hour in left if hour[0] not in window.weekdays or hour in inside}
    return left


def _hours_of(window: Window) -> set[tuple[int, int]]:
    return {(day, minutes) for day in window.weekdays for minutes in range(window.since, window.until, STEP)}


def _soft(principles: Principles) -> Iterator[Remark]:
    counted = Soft.EQUALITY in principles.soft
    if counted and principles.attractive is None:
        yield Remark(Wrong.NO_HOURS, str(Soft.EQUALITY))
    if not counted and principles.attractive is not None:
        yield Remark(Wrong.NOT_COUNTED, "attractive")


def _limits(principles: Principles, made_up: list[MadeUp]) -> Iterator[Remark]:
    counts = {next((place for place, limit in enumerate(principles.limits) if holds(limit.who, each)), None) for each in made_up}
    for place, limit in enumerate(principles.limits):
        if place not in counts or limit.minutes < STEP:
            yield Remark(Wrong.LIMIT_NEVER, str(place + 1))


def _made_up(conditions: list[Condition]) -> Iterator[MadeUp]:
    """A section for each way in which the comparisons can come out, at most MOST + 1."""
    numbers: dict[NumberFact, set[int]] = {}
    words: dict[TextFact, set[str]] = {}
    flags: set[FlagFact] = set()
    for each in (one for condition in conditions for one in conditions_within(condition)):
        match each:
            case Number(fact, _op, value):
                numbers.setdefault(fact, set()).update({value - 1, value, value + 1})
            case Text(fact, among):
                words.setdefault(fact, {""} if fact is not TextFact.SEX else {"girls", "boys", "mixed"}).update(among)
            case Flag(fact, _value):
                flags.add(fact)
    if ages := [numbers[fact] for fact in (NumberFact.AGE_FROM, NumberFact.AGE_TO) if fact in numbers]:
        shared = set[int]().union(*ages)  # so that there is an oldest for every youngest
        numbers.update({fact: shared for fact in (NumberFact.AGE_FROM, NumberFact.AGE_TO) if fact in numbers})
    axes: list[list[Fact]] = [[(fact, value) for value in sorted(values)] for fact, values in sorted(numbers.items())]
    axes += [[(fact, word) for word in sorted(among)] for fact, among in sorted(words.items())]
    axes += [[(fact, value) for value in (False, True)] for fact in sorted(flags)]
    tried = 0
    for chosen in product(*axes):
        known = dict(chosen)
        youngest, oldest = known.get(NumberFact.AGE_FROM), known.get(NumberFact.AGE_TO)
        if isinstance(youngest, int) and isinstance(oldest, int) and youngest > oldest:
            continue
        yield MadeUp(
            tuple((fact, value) for fact, value in chosen if isinstance(fact, NumberFact) and isinstance(value, int)),
            tuple((fact, value) for fact, value in chosen if isinstance(fact, TextFact) and isinstance(value, str)),
            tuple((fact, value) for fact, value in chosen if isinstance(fact, FlagFact) and isinstance(value, bool)),
        )
        tried += 1
        if tried > MOST:
            return
