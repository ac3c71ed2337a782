"""The guarantee in figures: of the pupils of a class, how many have been reached in a school year. Counts only, never names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from culture.rules.bounds import Evidence, least_of_cohort, least_reached, most_of_cohort, most_reached
from culture.rules.years import SchoolYear


class Basis(StrEnum):
    """Which pupils are the denominator."""

    OFFICIAL = "official"  # on the measuring day, 15 October
    LIVE = "live"  # today


class VisitState(StrEnum):
    """How far a visit has come. Only confirmed ones count."""

    PLANNED = "planned"
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Fragment:
    """The pupils of one cohort in a class. official, live: their number on each basis; None = the class was not there then."""

    cohort: int
    official: int | None
    live: int | None

    def __post_init__(self) -> None:
        if min(self.official or 0, self.live or 0) < 0:
            raise ValueError("A number of pupils is not negative.")

    def on(self, basis: Basis) -> int | None:
        return self.official if basis is Basis.OFFICIAL else self.live


@dataclass(frozen=True, slots=True)
class Roll:
    """A class in a school year. klass: its id in the register. line: which line of the report ("municipal", "independent").

    mobile: a group whose pupils come and go (hospital school), whose figures say so. declined: the local day on which the school
    said that it takes no part; its pupils stay in the denominator.
    """

    klass: str
    unit: str
    line: str
    fragments: tuple[Fragment, ...]
    mobile: bool = False
    declined: date | None = None

    def __post_init__(self) -> None:
        if len({fragment.cohort for fragment in self.fragments}) != len(self.fragments):
            raise ValueError("A cohort comes twice in a class.")

    def enrolled(self, basis: Basis) -> dict[int, int]:
        """cohort -> pupils, of the cohorts that were there on that basis."""
        return {part.cohort: count for part in self.fragments if (count := part.on(basis)) is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One class at one event. on: local day. cohorts: which of the class the event was for; others of it are not reached.

    split: (cohort, confirmed pupils) when the school told each grade; else total: confirmed pupils together. Neither before it is
    confirmed. absentees_of: key of the visit whose absentees this one was for. catches_up: the earlier school year that it makes
    good; it then counts for no year.
    """

    key: str
    klass: str
    on: date
    state: VisitState
    cohorts: frozenset[int]
    professional: bool = True
    split: tuple[tuple[int, int], ...] = ()
    total: int | None = None
    absentees_of: str | None = None
    catches_up: SchoolYear | None = None

    def __post_init__(self) -> None:
        told = bool(self.split) + (self.total is not None)
        if told != (self.state is VisitState.CONFIRMED):
            raise ValueError("A confirmed visit has numbers, per grade or together, and no other has.")
        if not {cohort for cohort, _ in self.split} <= self.cohorts or not self.cohorts:
            raise ValueError("A visit is confirmed for cohorts that it was for.")

    @property
    def pupils(self) -> int:
        """Confirmed pupils together."""
        return sum(count for _, count in self.split) if self.total is None else self.total


@dataclass(frozen=True, slots=True)
class Count:
    """Pupils. reached: at least, the figure of the guarantee. at_most: if everybody was a new one. surplus: confirmed beyond the
    enrolled, kept apart and lent to nobody."""

    reached: int
    at_most: int
    enrolled: int
    surplus: int = 0

    @property
    def missing(self) -> int:
        return self.enrolled - self.reached

    @property
    def fulfilled(self) -> bool:
        return self.reached == self.enrolled

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.reached + other.reached,
            self.at_most + other.at_most,
            self.enrolled + other.enrolled,
            self.surplus + other.surplus,
        )


NOBODY = Count(0, 0, 0)


@dataclass(frozen=True, slots=True)
class ClassCoverage:
    """A class's figures on one basis. by_cohort: the oldest last; intervals where the school did not tell each grade."""

    roll: Roll
    total: Count
    by_cohort: tuple[tuple[int, Count], ...]

    @property
    def untouched(self) -> tuple[int, ...]:
        """The cohorts of which nobody can have been reached."""
        return tuple(cohort for cohort, count in self.by_cohort if count.enrolled and not count.at_most)

    def of_cohort(self, cohort: int) -> Count:
        return dict(self.by_cohort).get(cohort, NOBODY)


def counts_for_guarantee(visit: Visit, year: SchoolYear) -> bool:
    """Whether a visit counts for a school year: confirmed, professional, held in that year, and not to catch up another.

    Rule C-14. Source: the guarantee's "at least one professional cultural experience per school year"; Cases 4, 9, 26, 40.
    Words: räknas, professionell, bekräftad, läsår, aktivitet, guarantee.
    """
    return visit.state is VisitState.CONFIRMED and visit.professional and visit.on in year and visit.catches_up in (None, year)


def evidence_of(visits: Sequence[Visit]) -> tuple[Evidence, ...]:
    """What confirmed visits of one class prove. A visit for the absentees of another adds up with it.

    visits: those that count (C-14). Per grade where the school told each grade, else for the grades together. An absentees' visit
    whose first visit is not among them stands for itself.

    Rule C-15. Source: acceptance Cases 2, 26 and 28.
    Words: frånvarande, omtag, uppföljningsbesök, absentees.
    """
    known = {visit.key for visit in visits}
    chains: dict[str, list[Visit]] = {visit.key: [visit] for visit in visits if visit.absentees_of not in known}
    for visit in visits:
        if visit.absentees_of in known:
            chains.setdefault(_first(visit, visits), []).append(visit)
    found: list[Evidence] = []
    for key in sorted(chains):
        found += _evidence(chains[key])
    return tuple(found)


def class_coverage(roll: Roll, visits: Iterable[Visit], basis: Basis, year: SchoolYear) -> ClassCoverage:
    """How far the guarantee holds for one class in a school year. visits: of this class, all of them.

    reached is never above the enrolled of the basis: two pupils who came in March are in the live figures alone.

    Rule C-16. Source: acceptance Cases 1, 2, 4, 12, 13, 22, 23, 28, 39.
    Words: täckning, garanti, nådda, klass, coverage.
    """
    proof = evidence_of([visit for visit in visits if visit.klass == roll.klass and counts_for_guarantee(visit, year)])
    return counted(roll, roll.enrolled(basis), proof)


def counted(roll: Roll, enrolled: Mapping[int, int], proof: Sequence[Evidence]) -> ClassCoverage:
    """The figures of a class from what is proved. enrolled: cohort -> pupils.

    Rule C-17. Source: acceptance, "rules assumed"; Cases 1, 13 and 28.
    Words: täckning, räkna, överskott, surplus.
    """
    proof = [each for each in proof if each.cohorts & enrolled.keys()]
    by_cohort = tuple(
        (
            cohort,
            Count(
                least_of_cohort(enrolled, proof, cohort),
                most_of_cohort(enrolled, proof, cohort),
                count,
                sum(_surplus(enrolled, each) for each in proof if each.cohorts == {cohort}),
            ),
        )
        for cohort, count in sorted(enrolled.items(), reverse=True)
    )
    surplus = sum(_surplus(enrolled, each) for each in proof)
    total = Count(least_reached(enrolled, proof), most_reached(enrolled, proof), sum(enrolled.values()), surplus)
    return ClassCoverage(roll, total, by_cohort)


def furthest_state(visits: Iterable[Visit], cohort: int) -> VisitState | None:
    """How far any professional visit of a cohort has come; None when nothing stands (what is cancelled stands for nothing).

    Rule C-18. Source: acceptance, "rules assumed": planned, booked, confirmed and cancelled are different states; Case 9.
    Words: läge, planerad, bokad, bekräftad, inställd, state.
    """
    order = (VisitState.PLANNED, VisitState.BOOKED, VisitState.CONFIRMED)
    reached = [
        order.index(visit.state) for visit in visits if cohort in visit.cohorts and visit.professional and visit.state in order
    ]
    return order[max(reached)] if reached else None


def expected_coverage(roll: Roll, visits: Iterable[Visit], basis: Basis, year: SchoolYear) -> ClassCoverage:
    """What the figures become if everything planned and booked takes place and everybody comes. Never shown as reached.

    Rule C-19. Source: acceptance, "rules assumed": only confirmed visits count, what is planned is told apart.
    Words: prognos, planerat, väntat, expected.
    """
    enrolled = roll.enrolled(basis)
    ours = [visit for visit in visits if visit.klass == roll.klass]
    proof = list(evidence_of([visit for visit in ours if counts_for_guarantee(visit, year)]))
    for visit in ours:
        coming = visit.state in (VisitState.PLANNED, VisitState.BOOKED) and visit.professional
        if coming and visit.on in year and visit.catches_up in (None, year):
            proof += [Evidence(frozenset({cohort}), enrolled[cohort]) for cohort in visit.cohorts if cohort in enrolled]
    return counted(roll, enrolled, proof)


def _first(visit: Visit, visits: Sequence[Visit]) -> str:
    """The key of the visit that a chain of absentees' visits begins with. ValueError when the chain bites its tail."""
    by_key = {each.key: each for each in visits}
    seen: set[str] = set()
    while visit.absentees_of in by_key:
        if visit.key in seen:
            raise ValueError("Two visits are for each other's absentees.")
        seen.add(visit.key)
        visit = by_key[visit.absentees_of]
    return visit.key


def _evidence(chain: Sequence[Visit]) -> list[Evidence]:
    if all(visit.total is None for visit in chain):
        sums: dict[int, int] = {}
        for visit in chain:
            for cohort, count in visit.split:
                sums[cohort] = sums.get(cohort, 0) + count
        return [Evidence(frozenset({cohort}), count) for cohort, count in sorted(sums.items())]
    cohorts = frozenset().union(*(visit.cohorts for visit in chain))
    return [Evidence(cohorts, sum(visit.pupils for visit in chain))]


def _surplus(enrolled: Mapping[int, int], each: Evidence) -> int:
    return max(0, each.count - sum(enrolled.get(cohort, 0) for cohort in each.cohorts))
