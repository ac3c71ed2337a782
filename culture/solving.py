"""The solver behind one function: a problem in, a checked plan with its reasons out. Knows no rows.

The reasons of a plan
=====================

`Solved.reasons` is a list of plain dicts (JSON). Classes, performances and events are named by their keys in the problem,
days are ISO dates. Every class that gets fewer visits than it is owed is named in at least one of them; first the L0, then
the L1, the L2.

L0: the class has fewer possible performances than it is owed visits. Each performance counts once, under the first reason that
holds, in the order of `culture.rules.plan.arcs.Reason`; `options` and the counts add up to all performances. `most`: visits that
the options allow, one to each event and one a day; below what the class is owed.

    {"level": "L0", "klass": key, "short": visits, "pupils": n, "options": n, "most": n,
     "counts": {reason: n, ...}}

    reason: "grade" not for all its grades · "seen" has been to the event · "access" lacks what the class needs · "blocked" a day
    on which it cannot go · "refused" the school or the officer has said no · "hall" a touring performance that its school cannot
    house · "elsewhere" a touring performance that is at another school · "small" the class is larger than the whole performance ·
    "full" what stands leaves too little room · "same_day", "same_event" it is booked to something else that day, to the event
    already · "no_bus" too few buses that day

L1: these classes can only use these performances, and those have too few seats (unit "seats") or places for groups ("groups").
needed - room = short, by addition: `needs` of each class, `rooms` of each performance. Each way alone makes room by this count.

    {"level": "L1", "unit": "seats" | "groups", "classes": [key, ...], "performances": [key, ...], "needs": {klass: n},
     "rooms": {performance: n}, "needed": n, "room": n, "short": n, "unserved": [key, ...], "pupils": n,
     "counts": {klass: {reason: n}},
     "ways": [{"kind": "seats", "number": n} | {"kind": "groups", "number": n}
              | {"kind": "date", "event": key, "performance": key of the one to repeat, "number": its room}
              | {"kind": "unblock", "klass": key, "performance": key, "on": "2027-03-12"}]}

    unserved: those of the classes that this plan leaves out; pupils: theirs without a visit.

L2: there are seats enough, but whole classes do not fit into them. proved True: not all of `classes` can go, and all but any
one of them can (how "search"; the solver has shown it), or it follows by counting how many classes at most fit into each
performance (how "addition": the sum of `most` is smaller than the number of classes). proved False: it was not settled in the
time given, and nobody may say "impossible": `bound` is how many pupils any plan must leave out at least.

    {"level": "L2", "proved": true, "how": "addition" | "search", "classes": [key, ...], "performances": [key, ...],
     "most": {performance: n}, "fit": n, "unserved": [key, ...], "pupils": n, "counts": {...}, "ways": as in L1}
    {"level": "L2", "proved": false, "how": "", "classes": [key, ...], "performances": [key, ...], "most": {}, "fit": null,
     "unserved": [key, ...], "pupils": n, "bound": n, "counts": {...}, "ways": []}

A class that is served this year but owed more visits (earlier years to catch up) than it gets, though it has options enough:

    {"level": "L2", "proved": bool, "how": "catch_up", "classes": [key], "performances": [key, ...], "most": {}, "fit": null,
     "unserved": [key], "pupils": n, "short": visits, "counts": {...}, "ways": []}

`verdict` is {"ok": bool, "faults": [{"fault": code, "about": [keys], "found": n, "allowed": n}, ...], "levels": [{"name",
"value", "bound", "proved"}, ...]}: what the independent checker found (no faults = ok)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from culture.rules.plan.check import faults_of
from culture.rules.plan.explain import reasons_of
from culture.rules.plan.flow import fewest_pupils
from culture.rules.plan.planner import make_plan
from culture.rules.plan.problem import Booking, Host, Problem
from culture.rules.plan.proposal import LevelName, plan_bytes, plan_digest

Report = Callable[[str, int, int], None]  # level, how far, of how much


@dataclass(frozen=True, slots=True)
class Solved:
    """What is stored of a plan. text: canonical JSON; bound: no plan leaves fewer pupils; verdict: {"ok": …, "faults": […]}."""

    text: str
    sha256: str
    bookings: tuple[Booking, ...]
    hosts: tuple[Host, ...]
    pupils_unserved: int
    bound: int
    reasons: list[dict[str, Any]]
    verdict: dict[str, Any]


def solve(problem: Problem, report: Report) -> Solved:
    """The plan of a problem, checked, with its reasons. The same problem gives the same bytes."""
    made = make_plan(problem, report)
    report("reasons", 0, 1)
    reasons = reasons_of(made.board, made.plan)
    report("check", 0, 1)
    faults = faults_of(problem, made.plan)
    return Solved(
        text=plan_bytes(made.plan).decode(),
        sha256=plan_digest(made.plan),
        bookings=made.plan.bookings,
        hosts=made.plan.hosts,
        pupils_unserved=made.plan.pupils_unserved,
        bound=fewest_pupils(made.ground, made.plan.level(LevelName.UNSERVED).bound),
        reasons=reasons,
        verdict={
            "ok": not faults,
            "faults": [{**asdict(fault), "about": list(fault.about)} for fault in faults],
            "levels": [
                {"name": level.name.value, "value": level.value, "bound": level.bound, "proved": level.proved}
                for level in made.plan.levels
            ],
        },
    )
