"""What a proposal gives, read by group, by association and by hall: what the letters and the public pages say."""

from collections.abc import Iterable
from dataclasses import dataclass

from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.principles import class_of, clock
from facilities.rules.allocation.problem import Problem, Section, lot
from facilities.rules.allocation.told import DAYS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one group wished and was given. class_key: "" = the principles have no class for it. passes: in the week's order."""

    section: Section
    class_key: str
    class_name: str
    passes: tuple[Pass, ...]

    @property
    def wished(self) -> int:
        return self.section.passes

    @property
    def given(self) -> int:
        return len(self.passes)

    @property
    def refused(self) -> int:
        return max(0, self.wished - self.given)

    @property
    def minutes(self) -> int:
        """A week."""
        return sum(each.ends - each.starts for each in self.passes)


@dataclass(frozen=True, slots=True, order=True)
class Draw:
    """A group's place in the lot, from 1. digest: SHA-256 of "seed|key", hexadecimal: the lowest goes first."""

    digest: str
    section: str
    place: int = 0


def outcomes(problem: Problem, plan: Plan) -> tuple[Outcome, ...]:
    """What every group wished and was given, by the name of its association and its own.

    Rule FA-70. Source: issue, "the whole result is public, by hall and by association, with the same words".
    Words: resultat, utfall, fördelning, så blev det.
    """
    passes: dict[str, list[Pass]] = {}
    for each in plan.passes:
        passes.setdefault(each.section, []).append(each)
    found = []
    for section in sorted(problem.sections, key=lambda each: (each.club.casefold(), each.name.casefold(), each.key)):
        own = class_of(problem.principles, section)
        times = sorted(passes.get(section.key, ()), key=lambda each: (each.weekday, each.starts, each.hall))
        found.append(Outcome(section, own.key if own else "", own.name if own else "", tuple(times)))
    return tuple(found)


def time_in_short(problem: Problem, each: Pass) -> str:
    """A weekly time in a line, in Swedish: "måndag 17.00–18.30 i Hallen".

    Rule FA-73. Source: issue, "a letter to every association with its own result in short".
    Words: tid, pass, kort, brev.
    """
    hall = next(hall.name for hall in problem.halls if hall.key == each.hall)
    return f"{DAYS[each.weekday]} {clock(each.starts)}–{clock(each.ends)} i {hall}".replace(":", ".", 2)


def differs(before: Iterable[Pass], after: Iterable[Pass]) -> bool:
    """Whether a group's times are others than they were; another part of the same hall is no difference.

    Rule FA-71. Source: issue, "a comment may lead to an edit": which version was commented, which is shown now.
    Words: ändring, skillnad, version, synpunkt.
    """

    def shown(rows: Iterable[Pass]) -> list[tuple[str, str, int, int, int]]:
        return sorted((each.section, each.hall, each.weekday, each.starts, each.ends) for each in rows)

    return shown(before) != shown(after)


def drawn(problem: Problem) -> tuple[Draw, ...]:
    """Every group in the order of the lot, so that anybody can draw it again.

    Rule FA-72. Source: PLANNING, "a lot a person can follow (SHA-256 of a published seed and the section)".
    Words: lott, lottning, frö, sha-256, kontrollera.
    """
    order = sorted(Draw(lot(problem.seed, section.key), section.key) for section in problem.sections)
    return tuple(Draw(each.digest, each.section, place) for place, each in enumerate(order, 1))
