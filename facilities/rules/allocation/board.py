"""What an officer does to a proposal by hand: the edited problem, what it goes on from, and what stands in the way."""

from dataclasses import dataclass, replace
from enum import StrEnum

from facilities.rules.allocation.locks import Fault, faults_of
from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.problem import Fixed, Problem, Refused


class Act(StrEnum):
    """What is done to a pass."""

    LOCK = "lock"  # it stays where it is
    FREE = "free"  # it may move again
    MOVE = "move"  # to another time or hall, locked there
    ADD = "add"  # a pass more, locked
    REMOVE = "remove"  # taken out, and not given there again
    SPLIT = "split"  # it keeps the first part; the rest is another's, or whose it may be
    SWAP = "swap"  # two passes change places, both locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One act. what: the pass, not for ADD. to: where it goes (MOVE, ADD). at: minute at which it is divided; to: the other
    section's part, or None (SPLIT). other: the pass that it changes with (SWAP)."""

    act: Act
    what: Pass | None = None
    to: Fixed | None = None
    other: Pass | None = None
    at: int = 0


@dataclass(frozen=True, slots=True)
class Edited:
    """The problem that the next version is made from, the plan that it goes on from, and what is against the edit."""

    problem: Problem
    before: Plan
    faults: tuple[Fault, ...]


def edited(problem: Problem, plan: Plan, edit: Edit, *, force: bool = False, push: bool = False) -> Edited:
    """An edit put into the problem. force: what an officer may set aside is set aside. push: passes of others that are not
    locked give way, and get other times where there are any; otherwise they are in the way.

    ValueError when the edit names a pass that the plan has not, or lacks what its act needs.

    Rule FA-69. Source: issue, "locks, moves, splits, swaps, sees at once what a change costs whom"; acceptance Cases 48-50.
    Words: tavla, flytta, byt, dela, lås, ta bort, board.
    """
    gone = tuple(each for each in (edit.what, edit.other) if each is not None)
    if any(each not in plan.passes for each in gone):
        raise ValueError("The plan has no such pass.")
    wanted, refused = _wanted(edit)
    left = plan if edit.act is Act.FREE else replace(plan, passes=tuple(each for each in plan.passes if each not in gone))
    places = {(each.section, each.hall, each.weekday, each.starts) for each in gone}
    kept = tuple(each for each in problem.fixed if (each.section, each.hall, each.weekday, each.starts) not in places)
    allowed = tuple(each for each in problem.refused if not any(_says_no_to(each, one) for one in wanted))
    base = replace(problem, fixed=kept, refused=(*allowed, *refused))
    faults = _faults(base, left, edit, wanted, force=force, push=push)
    return Edited(replace(base, fixed=(*kept, *wanted)), left, faults)


def _wanted(edit: Edit) -> tuple[tuple[Fixed, ...], tuple[Refused, ...]]:
    """What the edit locks, and what it says no to."""
    match edit:
        case Edit(act=Act.LOCK, what=Pass() as what):
            return (_at(what),), ()
        case Edit(act=Act.FREE, what=Pass()):
            return (), ()
        case Edit(act=Act.REMOVE, what=Pass() as what):
            return (), (Refused(what.section, what.hall, what.weekday, what.starts),)
        case Edit(act=Act.MOVE, what=Pass() as what, to=Fixed() as to) if to.section == what.section:
            return (to,), ()
        case Edit(act=Act.ADD, what=None, to=Fixed() as to):
            return (to,), ()
        case Edit(act=Act.SPLIT, what=Pass() as what, to=to, at=at) if what.starts < at < what.ends:
            first = replace(_at(what), ends=at)
            return ((first,) if to is None else (first, to)), ()
        case Edit(act=Act.SWAP, what=Pass() as what, other=Pass() as other) if what.section != other.section:
            return (_placed(what.section, other), _placed(other.section, what)), ()
    raise ValueError("The edit lacks what it needs.")


def _at(what: Pass) -> Fixed:
    return _placed(what.section, what)


def _placed(section: str, where: Pass) -> Fixed:
    return Fixed(section, where.hall, where.weekday, where.starts, where.ends)


def _faults(problem: Problem, left: Plan, edit: Edit, wanted: tuple[Fixed, ...], *, force: bool, push: bool) -> tuple[Fault, ...]:
    if edit.act is Act.LOCK:
        return ()
    others = replace(left, passes=tuple(each for each in left.passes if each.locked or not push or _same(each, wanted)))
    found: set[Fault] = set()
    for one in wanted:
        found |= set(faults_of(problem, others, one, force=force))
    return tuple(fault for fault in Fault if fault in found)


def _same(each: Pass, wanted: tuple[Fixed, ...]) -> bool:
    return any(each.section == one.section for one in wanted)


def _says_no_to(no: Refused, wanted: Fixed) -> bool:
    """A no that was about just this place: setting the pass there takes it back."""
    return (no.section, no.hall, no.weekday, no.starts) == (wanted.section, wanted.hall, wanted.weekday, wanted.starts)
