"""Principles tried on the wishes of a season by counting alone: who is in which class, and how much each may get at most."""

from dataclasses import dataclass, replace
from enum import StrEnum

from facilities.rules.allocation.model import Group, compiled
from facilities.rules.allocation.principles import Principles
from facilities.rules.allocation.problem import Problem, canonical


class Less(StrEnum):
    """Why a group may get fewer passes than it wishes, whoever else there is."""

    CLASS = "class"  # it is in no class
    ORDER = "order"  # further passes of its class are on no step, or over its limit of minutes
    HOURS = "hours"  # on too few weekdays there is a time that it wishes and the principles let it have


@dataclass(frozen=True, slots=True)
class TriedGroup:
    """class_key "": none. Passes a week: wished; allowed by order and limit; possible: on so many weekdays there is a time too.

    shut: how many of its wished times the principles' hours take away.
    """

    club: str
    name: str
    class_key: str
    wished: int
    allowed: int
    possible: int
    shut: int
    less: Less | None


@dataclass(frozen=True, slots=True)
class Count:
    """Of a class: how many groups, and their passes a week."""

    name: str
    groups: int
    wished: int
    allowed: int
    possible: int


@dataclass(frozen=True, slots=True)
class StepCount:
    """A step of the ladder: groups that have passes on it, those passes, and all passes on it and the steps before."""

    groups: int
    passes: int
    so_far: int


@dataclass(frozen=True, slots=True)
class Trial:
    """groups: in order of class, those of none first. classes: every class in order; then those of none, if there are any."""

    groups: tuple[TriedGroup, ...]
    classes: tuple[Count, ...]
    steps: tuple[StepCount, ...]

    @property
    def total(self) -> Count:
        return _count("", self.groups)


def tried(problem: Problem, principles: Principles) -> Trial:
    """The principles on a season's wishes. Nothing is allocated: each number is what a group may have if it were alone.

    Cost: the model of the season, without any search.

    Rule FA-88. Source: issue, "the officer chooses and sees both"; what principles do is seen before they are published.
    Words: pröva principer, klass, antal, trial.
    """
    model = compiled(canonical(replace(problem, principles=principles)))
    groups = tuple(_tried(each, principles) for each in model.groups)
    order = {each.key: place for place, each in enumerate(principles.classes)}
    rungs = [each.rungs for each in model.groups]
    steps, so_far = [], 0
    for place in range(len(principles.ladder)):
        passes = sum(each.count(place) for each in rungs)
        so_far += passes
        steps.append(StepCount(sum(place in each for each in rungs), passes, so_far))
    classes = [_count(each.name, [one for one in groups if one.class_key == each.key]) for each in principles.classes]
    if nobody := [one for one in groups if not one.class_key]:
        classes.append(_count("", nobody))
    ordered = sorted(groups, key=lambda each: (order.get(each.class_key, -1), each.club, each.name))
    return Trial(tuple(ordered), tuple(classes), tuple(steps))


def _tried(group: Group, principles: Principles) -> TriedGroup:
    section = group.section
    key = principles.classes[group.class_index].key if group.class_index >= 0 else ""
    possible = min(group.wanted, len({each.day for each in group.placements}))
    less = Less.CLASS if not key else Less.ORDER if group.wanted < section.passes else None
    if possible < group.wanted:
        less = Less.HOURS
    shut = group.lost.get("principles", 0)
    return TriedGroup(section.club, section.name, key, section.passes, group.wanted, possible, shut, less)


def _count(name: str, groups: "tuple[TriedGroup, ...] | list[TriedGroup]") -> Count:
    return Count(
        name,
        len(groups),
        sum(each.wished for each in groups),
        sum(each.allowed for each in groups),
        sum(each.possible for each in groups),
    )
