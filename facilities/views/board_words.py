"""What is done to a proposal by hand, in plain words: acts, what is against them, what they cost whom."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.choices import StepKind
from facilities.forms.fields import clock_text
from facilities.rules.allocation.board import Act, Edit
from facilities.rules.allocation.edits import Cost
from facilities.rules.allocation.locks import MAY_BE_SET_ASIDE, Fault
from facilities.rules.allocation.plan import Level, LevelName, Pass
from facilities.rules.allocation.problem import Fixed
from facilities.views.proposal_reading import Read, hours, when
from facilities.views.proposal_words import LevelWords, levels


@dataclass(frozen=True, slots=True)
class FaultWords:
    """What is against an act. may: an officer may set it aside."""

    sentence: str
    may: bool


def fault_words(faults: tuple[Fault, ...]) -> list[FaultWords]:
    words = {
        Fault.TOO_LONG: _("The time is longer than the group wishes."),
        Fault.TOO_SHORT: _("The time is shorter than the group wishes."),
        Fault.OUTSIDE: _("The time or the place is not one that the group has wished."),
        Fault.PRINCIPLES: _("The principles have no class that the group belongs to."),
        Fault.OFF_STEP: _("A time begins and ends on the half hour."),
        Fault.ENOUGH: _("The group has all the times that it wishes."),
        Fault.SAME_DAY: _("The group has another time on the same day."),
        Fault.SAID_NO: _("You have said no to this time for the group."),
        Fault.TAKEN: _("Somebody else has the hall, or a part of it, at that time."),
        Fault.CLOSED: _("The hall is closed at that time."),
    }
    return [FaultWords(words[each], each in MAY_BE_SET_ASIDE) for each in faults]


# Acts -------------------------------------------------------------------------------------------------------------------------


def act_words(read: Read, edit: Edit) -> str:
    """What will be done, as a sentence."""
    what, to, other = edit.what, edit.to, edit.other
    values: dict[str, Any] = {"at": clock_text(edit.at)}
    if what is not None:
        values |= {"who": read.who(what.section), "time": read.time_and_place(what)}
    if to is not None:
        values |= {"to": f"{when(to)}, {read.place(to)}", "next": read.who(to.section)}
    if other is not None:
        values |= {"other": read.who(other.section), "theirs": read.time_and_place(other)}
    sentences = {
        Act.LOCK: _("Lock %(who)s: %(time)s"),
        Act.FREE: _("Unlock %(who)s: %(time)s"),
        Act.MOVE: _("Move %(who)s from %(time)s to %(to)s"),
        Act.ADD: _("Give %(next)s a time: %(to)s"),
        Act.REMOVE: _("Take out %(who)s: %(time)s"),
        Act.SPLIT: _("Divide %(who)s at %(at)s: %(time)s. The rest goes to %(next)s")
        if to
        else _("Divide %(who)s at %(at)s: %(time)s. The rest is left for whoever it suits"),
        Act.SWAP: _("Let %(who)s (%(time)s) and %(other)s (%(theirs)s) change places"),
    }
    return sentences[edit.act] % values


def step_words(read: Read, kind: str, said: dict[str, Any]) -> str:
    """What a version did, from what was stored of it."""
    if kind == StepKind.COMPUTED:
        return _("Computed")
    stored = {name: said.get(name) for name in ("what", "to", "other")}
    edit = Edit(
        act=Act(kind),
        what=_stored_pass(stored["what"]),
        to=Fixed(**stored["to"]) if stored["to"] else None,
        other=_stored_pass(stored["other"]),
        at=said.get("at", 0),
    )
    return act_words(read, edit)


def _stored_pass(row: dict[str, Any] | None) -> Pass | None:
    return Pass(**{**row, "leaves": tuple(row["leaves"])}) if row else None


# Costs ------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CostWords:
    """What a group had and has. verdict: loses, gains or moves, with its tone."""

    section: str
    who: str
    before: list[str]
    after: list[str]
    verdict: str
    tone: str


def cost_words(read: Read, costs: tuple[Cost, ...], other: Read | None = None) -> list[CostWords]:
    """Those who lose first. other: whose names the times after have, when they are of another proposal."""
    found = [
        CostWords(
            each.section,
            read.who(each.section) if each.section in read.sections else (other or read).who(each.section),
            [read.time_and_place(one) for one in each.before],
            [(other or read).time_and_place(one) for one in each.after],
            *_verdict(each),
        )
        for each in costs
    ]
    order = {"danger": 0, "warning": 1, "success": 2}
    return sorted(found, key=lambda each: (order[each.tone], each.who, each.section))


def _verdict(cost: Cost) -> tuple[str, str]:
    if cost.lost:
        return ngettext("loses %(n)s time", "loses %(n)s times", cost.lost) % {"n": cost.lost}, "danger"
    if cost.gained:
        return ngettext("gets %(n)s time more", "gets %(n)s times more", cost.gained) % {"n": cost.gained}, "success"
    before, after = ({(one.hall, one.weekday, one.starts) for one in times} for times in (cost.before, cost.after))
    if before != after:
        return _("is moved"), "warning"
    minutes = sum(one.ends - one.starts for one in cost.after) - sum(one.ends - one.starts for one in cost.before)
    return (_("gets longer"), "success") if minutes > 0 else (_("gets shorter"), "warning")


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A level before and after. better: "first", "second" or "" when they are the same."""

    name: str
    before: str
    after: str
    verdict: str
    tone: str


def level_changes(read: Read, one: tuple[Level, ...], two: tuple[Level, ...], other: Read | None = None) -> list[LevelChange]:
    """Every level of two versions beside each other. Moves are no level of a comparison."""
    first = {each.key: each for each in levels(read.problem, _judged(one))}
    second = {each.key: each for each in levels((other or read).problem, _judged(two))}
    keys = [*first, *(key for key in second if key not in first)]
    return [_change(first.get(key), second.get(key)) for key in keys]


def _judged(plan_levels: tuple[Level, ...]) -> tuple[Level, ...]:
    return tuple(each for each in plan_levels if each.name is not LevelName.MOVED)


def _change(before: LevelWords | None, after: LevelWords | None) -> LevelChange:
    if before is not None and after is not None:
        words = {-1: (_("better"), "success"), 0: ("", "neutral"), 1: (_("worse"), "danger")}
        sign = (after.number > before.number) - (after.number < before.number)
        return LevelChange(after.name, before.value, after.value, *words[sign])
    name = (before or after).name  # type: ignore[union-attr]
    return LevelChange(
        name, before.value if before else "–", after.value if after else "–", _("is counted in only one"), "neutral"
    )


def splits(what: Pass) -> list[tuple[int, str]]:
    """The half hours at which a pass can be divided, with what the two parts become."""
    return [(at, f"{hours(what.starts, at)} / {hours(at, what.ends)}") for at in range(what.starts + 30, what.ends, 30)]
