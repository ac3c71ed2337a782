"""Why a group was given a time or not: the rule, the step, the certificate in numbers, what would have to change."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.forms.fields import clock_text as hour_text
from facilities.rules.allocation.principles import PriorityClass, class_of
from facilities.rules.allocation.problem import Section
from facilities.rules.allocation.reasons import Blocked, Given, Refusal, Why
from facilities.rules.allocation.sentences import published
from facilities.rules.allocation.told import DAYS, told
from facilities.views.result_reading import Result


@dataclass(frozen=True, slots=True)
class Held:
    """A time of the wish that was not to be had. at: the half hour that shows it. room - held < needs."""

    when: str
    at: str
    room: int
    held: int
    needs: int
    holders: tuple[tuple[str, int, int, int, bool], ...]  # (who, section, parts, step, locked)


@dataclass(frozen=True, slots=True)
class ShownWhy:
    """One wished time. lines: as they are told; held: the certificate; change: what would have to be otherwise."""

    number: int
    is_given: bool
    lines: tuple[str, ...]
    certified: bool = False
    held: tuple[Held, ...] = ()
    change: str = ""


@dataclass(frozen=True, slots=True)
class ShownRule:
    """The priority class of a group, and the steps of the order on which its times stand: (number, sentence)."""

    name: str
    sentence: str
    formal: str
    steps: tuple[tuple[int, str], ...]


def rule_of(result: Result, section: Section) -> ShownRule | None:
    """None: the principles have no class for the group."""
    principles = result.problem.principles
    own = class_of(principles, section)
    if own is None:
        return None
    lines = published(principles)
    classes = [line for line in lines if line.part == "classes"]
    ladder = [line for line in lines if line.part == "ladder"]
    line = classes[principles.classes.index(own)]
    steps = tuple(
        (number, each.sentence.removeprefix(f"{number}. "))
        for number, (rung, each) in enumerate(zip(principles.ladder, ladder, strict=True), 1)
        if _concerns(rung.classes, own, rung.first, section.passes)
    )
    return ShownRule(own.name, line.sentence, line.formal, steps)


def _concerns(classes: tuple[str, ...], own: PriorityClass, first: int, wished: int) -> bool:
    return own.key in classes and first <= wished


def whys(result: Result, section: Section) -> list[ShownWhy]:
    """Each wished time of a group in order, in the same words everywhere."""
    found = result.reading.why.get(section.key, ())
    lines = told(result.problem, result.reading.reasons, section.key)
    return [_shown(result, each, each_lines) for each, each_lines in zip(found, lines, strict=True)]


def _shown(result: Result, each: Given | Refusal, lines: tuple[str, ...]) -> ShownWhy:
    if isinstance(each, Given):
        return ShownWhy(each.number, True, lines)
    held = tuple(_held(result, blocked) for blocked in each.blocked)
    return ShownWhy(each.number, False, lines, each.why is Why.HELD, held, _change(result, each))


def _held(result: Result, each: Blocked) -> Held:
    hall = result.halls[each.hall].name
    return Held(
        when=f"{DAYS[each.weekday]} {hour_text(each.starts)}, {hall}",
        at=hour_text(each.at),
        room=each.room,
        held=sum(holder.amount for holder in each.holders),
        needs=each.needs,
        holders=tuple(
            (result.who(holder.section), int(holder.section), holder.amount, holder.rung + 1, holder.locked)
            for holder in each.holders
        ),
    )


def _change(result: Result, each: Refusal) -> str:
    match each.why:
        case Why.NO_CLASS | Why.NO_RUNG | Why.LIMIT:
            return _("The principles would have to be others. They stand for the whole season, for everybody.")
        case Why.NO_OPTION:
            return _("The wish would have to be for other hours, or other halls.")
        case Why.DAYS:
            return _("The group would have to be able to train on more days of the week.")
        case Why.NOT_PROVED:
            return _("An officer can try to move others by hand. Write a comment.")
    nearest = each.nearest
    if nearest is None:
        return ""
    lacks = nearest.needs - (nearest.room - sum(holder.amount for holder in nearest.holders))
    names = ", ".join(result.who(holder.section) for holder in nearest.holders)
    where = {"when": f"{DAYS[nearest.weekday]} {hour_text(nearest.at)}", "hall": result.halls[nearest.hall].name}
    if not names:
        return _("The hall would have to have room %(when)s in %(hall)s.") % where
    return ngettext(
        "%(n)s part more would have to be free %(when)s in %(hall)s, so that %(who)s trained at another time.",
        "%(n)s parts more would have to be free %(when)s in %(hall)s, so that %(who)s trained at another time.",
        lacks,
    ) % {**where, "n": lacks, "who": names}
