"""What follows a decision: weekly times as series of bookings, and who is next when a time is given back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from facilities.rules.allocation.locks import faults_of
from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.principles import STEP, class_of, rung_of
from facilities.rules.allocation.problem import Fixed, Hall, Problem, Section, lot
from facilities.rules.series import Pattern


@dataclass(frozen=True, slots=True)
class Series:
    """The bookings of a pass: one for each week of the section's part of the season. space: the space with just these leaves; ""
    when the parts are no space of their own, and each leaf is booked."""

    section: str
    hall: str
    space: str
    leaves: tuple[str, ...]
    pattern: Pattern


@dataclass(frozen=True, slots=True, order=True)
class Next:
    """A section that is offered a time that came free. rung: of the pass that it would be; draw: its lot."""

    rung: int
    draw: str
    section: str


def series_of(problem: Problem, plan: Plan) -> tuple[Series, ...]:
    """The weekly bookings that a decided plan makes, in the order of its passes.

    Rule FA-39. Source: issue, "bookings generated into the space-time table with every conflict reported, none lost"; Case 54.
    Words: bokningar, skapa bokningar, generera, beslut.
    """
    halls = {hall.key: hall for hall in problem.halls}
    sections = {section.key: section for section in problem.sections}
    found = []
    for each in plan.passes:
        section, hall = sections[each.section], halls[each.hall]
        since = max(section.since or problem.since, problem.since)
        until = min(section.until or problem.until, problem.until)
        first = _first(since, each.weekday)
        if first >= until:
            continue
        space = _space_of(hall, each)
        last = date.fromordinal(until.toordinal() - 1)
        found.append(Series(each.section, each.hall, space, each.leaves, Pattern(first, last, each.starts, each.ends)))
    return tuple(found)


def next_in_order(problem: Problem, plan: Plan, released: Pass, passed: Iterable[str] = ()) -> tuple[Next, ...]:
    """Who is offered a time that is given back, in order: the rung of the pass it would be, then the lot.

    Only sections that wish that time and lack a pass; passed: those that have said no or not answered.

    Rule FA-40. Source: issue, "release in one press, offered to the next in order"; acceptance Case 61.
    Words: släpp, återlämna, erbjud, nästa i kö.
    """
    left = replace(plan, passes=tuple(each for each in plan.passes if each != released))
    space = _space_of(next(hall for hall in problem.halls if hall.key == released.hall), released)
    found = []
    for section in problem.sections:
        own = class_of(problem.principles, section)
        number = len(left.of(section.key)) + 1
        rung = None if own is None else rung_of(problem.principles, own.key, number)
        if rung is None or section.key in {released.section, *passed}:
            continue
        if any(not faults_of(problem, left, each) for each in _within(section, released, space)):
            found.append(Next(rung, lot(problem.seed, section.key), section.key))
    return tuple(sorted(found))


def time_within(problem: Problem, plan: Plan, released: Pass, section: str) -> tuple[int, int] | None:
    """(starts, ends) of what a section gets of a time that came free: as early and as long as its wish allows; None = nothing.

    Rule FA-100. Source: issue, "release in one press, offered to the next in order"; Case 58, a section gets its longest time.
    Words: släppt tid, erbjud, längd, nästa i kö.
    """
    left = replace(plan, passes=tuple(each for each in plan.passes if each != released))
    space = _space_of(next(hall for hall in problem.halls if hall.key == released.hall), released)
    wished = next(each for each in problem.sections if each.key == section)
    for each in _within(wished, released, space):
        if not faults_of(problem, left, each):
            lengths = range(min(wished.longest, released.ends - each.starts), wished.shortest - STEP, -STEP)
            longer = (replace(each, ends=each.starts + length) for length in lengths)
            best = next(one for one in longer if not faults_of(problem, left, one))
            return best.starts, best.ends
    return None


def _within(section: Section, released: Pass, space: str) -> list[Fixed]:
    """The shortest passes of a section that lie within the time that came free."""
    starts = range(released.starts, released.ends - section.shortest + 1, STEP)
    return [Fixed(section.key, released.hall, released.weekday, start, start + section.shortest, space) for start in starts]


def _space_of(hall: Hall, each: Pass) -> str:
    return next((space.key for space in hall.spaces if hall.leaves_of(space.key) == frozenset(each.leaves)), "")


def _first(since: date, weekday: int) -> date:
    return date.fromordinal(since.toordinal() + (weekday - since.weekday()) % 7)
