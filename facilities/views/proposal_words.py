"""A season's proposal in plain words: how far it has come, what each level means, what the independent check found."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.models import SeasonRun
from facilities.rules.allocation.plan import Level, LevelName
from facilities.rules.allocation.problem import Problem
from facilities.rules.allocation.reasons import Reasons
from facilities.rules.allocation.sentences import published
from records.models import Work


def progress(run: SeasonRun) -> dict[str, Any]:
    """How far a computation has come."""
    words = {
        "start": _("Puts every group where it fits"),
        "windows": _("Looks for more times, hall by hall"),
        "wishes": _("Looks for better times, hall by hall"),
        "parts": _("Shares the halls into parts"),
        "bounds": _("Works out what no proposal can be better than"),
        "reasons": _("Writes down why each time is given or not"),
        "check": _("Checks the proposal"),
    }
    return how_far(run, words, _("Computes"))


def how_far(work: Work, words: Mapping[str, str], begins: str) -> dict[str, Any]:
    """What the worker does now, in words, and how far it has come. begins: until it has said. known: it has said of how much."""
    done, of = work.progress.get("done", 0), work.progress.get("of", 0)
    return {"what": words.get(work.progress.get("level", ""), begins), "done": done, "of": of, "known": of > 1}


# Levels -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LevelWords:
    """A level as it is read. key: the same in two proposals of the same principles. best: what no proposal can be better than."""

    key: tuple[str, str]
    name: str
    value: str
    best: str
    verdict: str
    tone: str
    number: int = 0


def levels(problem: Problem, plan_levels: tuple[Level, ...]) -> list[LevelWords]:
    """Each level in order; a level above always goes before those below. Moves only when there are any."""
    names = _names(problem)
    shown = [each for each in plan_levels if each.name is not LevelName.MOVED or each.value]
    return [_level(each, names) for each in shown]


def _names(problem: Problem) -> Callable[[Level], str]:
    classes = {each.key: each.name for each in problem.principles.classes}
    steps = [each.sentence.rstrip(".") for each in published(problem.principles) if each.part == "ladder"]

    def name(level: Level) -> str:
        words = {
            LevelName.MOVED: _("Times that had to move"),
            LevelName.LOCAL: _("Times outside the group's own area"),
            LevelName.EQUALITY: _("Difference in attractive time between girls and boys"),
            LevelName.STABILITY: _("Times of last season that are not kept"),
        }
        if level.name is LevelName.RUNG:
            return _("Step %(what)s") % {"what": steps[int(level.of)]}
        if level.name is LevelName.PREFERENCES:
            return _("Second choices and later halls: %(who)s") % {"who": classes.get(level.of, level.of)}
        if level.name is LevelName.DURATIONS:
            return _("Shorter than wished: %(who)s") % {"who": classes.get(level.of, level.of)}
        return words[level.name]

    return name


def _level(level: Level, names: Callable[[Level], str]) -> LevelWords:
    value, best = _value(level, level.value), "–" if level.bound is None else _value(level, level.bound)
    verdict, tone = _verdict(level)
    return LevelWords((level.name, level.of), names(level), value, best, verdict, tone, level.value)


def _value(level: Level, value: int) -> str:
    match level.name:
        case LevelName.RUNG:
            return _("%(given)s of %(wished)s") % {"given": level.wished - value, "wished": level.wished}
        case LevelName.DURATIONS:
            return ngettext("%(n)s half hour", "%(n)s half hours", value) % {"n": value}
        case LevelName.MOVED | LevelName.STABILITY | LevelName.LOCAL:
            return ngettext("%(n)s time", "%(n)s times", value) % {"n": value}
        case LevelName.PREFERENCES | LevelName.EQUALITY:
            return ngettext("%(n)s point", "%(n)s points", value) % {"n": value}


def _verdict(level: Level) -> tuple[str, str]:
    """(words, tone): proved, or what another proposal could do at most."""
    if level.name is LevelName.RUNG:
        if not level.value:
            return _("all are given"), "success"
        if level.bound is None:
            return _("not worked out"), "neutral"
        most = {"given": level.wished - level.value, "most": level.wished - level.bound}
        if level.proved:
            return _("%(given)s of at most %(most)s, proved best") % most, "success"
        return _("%(given)s of at most %(most)s") % most, "waiting"
    if level.bound is None:
        return _("not worked out"), "neutral"
    if level.proved:
        return _("proved best"), "success"
    return _("at best %(n)s") % {"n": _value(level, level.bound)}, "waiting"


@dataclass(frozen=True, slots=True)
class Counts:
    """What a version gives, in figures. certified: refusals for which it is shown that every time is held by those before."""

    wished: int
    given: int
    groups: int
    without: int
    first_choice: int
    first_place: int
    refused: int
    certified: int


def counts(problem: Problem, reasons: Reasons) -> Counts:
    have = {each.section for each in reasons.given}
    return Counts(
        wished=sum(each.passes for each in problem.sections),
        given=len(reasons.given),
        groups=len(problem.sections),
        without=sum(each.key not in have for each in problem.sections),
        first_choice=sum(each.choice == 1 for each in reasons.given),
        first_place=sum(each.time.wish == 0 for each in reasons.given),
        refused=len(reasons.refusals),
        certified=sum(each.certified for each in reasons.refusals),
    )


# The independent check --------------------------------------------------------------------------------------------------------


def faults(errors: list[str], who: Callable[[str], str]) -> list[str]:
    """What the check found, with the names of what it is about; a fault without words of its own is told as it was found."""
    return [_fault(each, who) for each in errors]


def _fault(error: str, who: Callable[[str], str]) -> str:
    for pattern, words in _checks():
        found = re.fullmatch(pattern, error)
        if found:
            named = found.groupdict()
            return words % {**named, "who": who(named["key"].split(" ")[0])} if "key" in named else words % named
    return error


def _checks() -> list[tuple[str, str]]:
    return [
        (r"(?P<key>\S+)( \S+)*: \S+ is closed or stands for something else at .*", _("%(who)s: the hall is closed or taken.")),
        (r"(?P<key>\S+)( \S+)*: \S+ is held by .* too", _("%(who)s: somebody else has the same time.")),
        (r"(?P<key>\S+)( \S+)*: too short.*", _("%(who)s: a time is too short, too long or not on the half hour.")),
        (r"(?P<key>\S+)( \S+)*: outside what suits.*", _("%(who)s: a time is outside what suits or what the principles allow.")),
        (r"(?P<key>\S+)( \S+)*: .* is not what was wished", _("%(who)s: a place is not one that was wished.")),
        (r"(?P<key>\S+)( \S+)*: the officer has said no", _("%(who)s: a time that the officer has said no to.")),
        (r"(?P<key>\S+): two passes on a day", _("%(who)s: two times on the same day.")),
        (r"(?P<key>\S+): more passes than wished", _("%(who)s: more times than wished.")),
        (r"(?P<key>\S+): more minutes.*", _("%(who)s: more minutes a week than the principles give.")),
        (r"(?P<key>\S+): a pass without a rung", _("%(who)s: a time that no step of the principles gives.")),
        (r"(?P<key>\S+): a locked pass is not there", _("%(who)s: a locked time is not there.")),
        (r"(?P<key>\S+)( \S+)*: a half hour more is free", _("%(who)s: a time could have been half an hour longer.")),
        (r"(?P<key>\S+): nothing proves.*", _("%(who)s: it is not shown why a time was not to be had.")),
        (r"(?P<key>\S+): \d+ passes are explained.*", _("%(who)s: not every time has its reason.")),
        (r"\S+ \S+: (?P<told>-?\d+) is told, (?P<counted>-?\d+) is counted",
         _("A level says %(told)s, but %(counted)s is counted.")),
    ]  # fmt: skip
