"""How the guarantee stands for classes, by the rules: from rows to the rules' dataclasses, a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from culture.choices import VisitStatus
from culture.models import Attendance, ClassGroup, Fragment, Move, Visit, VisitPart
from culture.rules import coverage
from culture.rules.bounds import Evidence
from culture.rules.carry import carried_at_least
from culture.rules.coverage import Basis, Count, VisitState
from culture.rules.years import SchoolYear

_STATES = {
    VisitStatus.PLANNED: VisitState.PLANNED,
    VisitStatus.BOOKED: VisitState.BOOKED,
    VisitStatus.CONFIRMED: VisitState.CONFIRMED,
}
_TOLD = (VisitState.BOOKED, VisitState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Line:
    """The stored numbers of a class or of one of its grades, in the order of models.coverage.Figures.NUMBERS."""

    official: Count
    live: Count
    planned: int
    booked: int

    @property
    def numbers(self) -> tuple[int, ...]:
        official, live = self.official, self.live
        return (official.enrolled, official.reached, official.at_most, live.enrolled, live.reached, self.planned, self.booked)


@dataclass(frozen=True, slots=True)
class Standing:
    """One class with its figures: as a whole, and by grade (fragment key -> line)."""

    group: ClassGroup
    total: Line
    by_fragment: dict[int, Line]


def of_classes(keys: Iterable[int]) -> dict[int, Standing]:
    """The figures of some classes as a recount from the raw rows gives them. Six queries, whatever their number.

    Classes that pupils moved here from are counted too, because what they saw comes along (cases 5 and 7).
    """
    groups, moves = _with_sources(set(keys))
    visits = visits_of(groups)
    carried: dict[int, int] = {}  # target fragment -> pupils proved reached before they came
    found: dict[int, Standing] = {}
    for group in _sources_first(groups, moves):
        found[group.pk] = standing = _stand(group, visits[group.pk], carried)
        for move in (move for move in moves if move.source_id in standing.by_fragment):
            reached = standing.by_fragment[move.source_id].live.reached
            carried[move.target_id] = carried.get(move.target_id, 0) + carried_at_least(reached, move.before, move.pupils)
    wanted = set(keys)
    return {pk: standing for pk, standing in found.items() if pk in wanted}


def visits_of(groups: Iterable[ClassGroup]) -> dict[int, list[coverage.Visit]]:
    """The visits of some classes as the rules see them: those that stand. Four queries."""
    pks = [group.pk for group in groups]
    latest = Attendance.objects.order_by("visit_id", "-number").distinct("visit_id").prefetch_related("parts__fragment")
    rows = (
        Visit.objects.filter(class_group__in=pks, status__in=list(_STATES))
        .select_related("offer", "catch_up_year")
        .prefetch_related(
            Prefetch("parts", VisitPart.objects.select_related("fragment")),
            Prefetch("attendances", latest, to_attr="latest"),
        )
        .order_by("day", "pk")
    )
    found: dict[int, list[coverage.Visit]] = defaultdict(list)
    for row in rows:
        found[row.class_group_id].append(for_rules(row))
    return found


def for_rules(row: Visit) -> coverage.Visit:
    """One visit for the rules. From prefetched rows: parts with fragments, and latest (the attendance in force)."""
    state = _STATES[VisitStatus(row.status)]
    split: tuple[tuple[int, int], ...] = ()
    if state is VisitState.CONFIRMED and (said := getattr(row, "latest", None)):
        split = tuple(sorted((part.fragment.cohort, part.pupils) for part in said[0].parts.all()))
    return coverage.Visit(
        key=str(row.pk),
        klass=str(row.class_group_id),
        on=row.day,
        state=state,
        cohorts=frozenset(part.fragment.cohort for part in row.parts.all()),
        professional=row.offer.is_professional,
        split=split,
        total=None if split or state is not VisitState.CONFIRMED else row.attended,
        absentees_of=str(row.catch_up_of_id) if row.catch_up_of_id else None,
        catches_up=SchoolYear(row.catch_up_year.first) if row.catch_up_year else None,
    )


def roll_of(group: ClassGroup) -> coverage.Roll:
    """The class as the rules see it. Before the measuring date the pupils of today stand in for those of that day."""
    return coverage.Roll(
        klass=str(group.pk),
        unit=group.school.code,
        line=group.school.organiser,
        fragments=tuple(
            coverage.Fragment(part.cohort, official_of(part, group), None if group.closed_on else part.live)
            for part in group.fragments.all()
        ),
        mobile=group.school.is_mobile,
    )


def official_of(part: Fragment, group: ClassGroup) -> int | None:
    """Pupils on the measuring date; until they are counted, those of today, if the class was there then. None: it was not."""
    if part.official is not None:
        return part.official
    measured_on = group.year.official_on
    if group.closed_on and group.closed_on <= measured_on:
        return None
    if group.opened_on and group.opened_on > measured_on:
        return None
    return part.live


def _stand(group: ClassGroup, visits: Sequence[coverage.Visit], carried: dict[int, int]) -> Standing:
    roll, year = roll_of(group), SchoolYear(group.year.first)
    came_along = [Evidence(frozenset({part.cohort}), carried[part.pk]) for part in group.fragments.all() if carried.get(part.pk)]
    official = coverage.class_coverage(roll, visits, Basis.OFFICIAL, year)
    proof = coverage.evidence_of([visit for visit in visits if coverage.counts_for_guarantee(visit, year)])
    live = coverage.counted(roll, roll.enrolled(Basis.LIVE), [*proof, *came_along])
    booked = coverage.expected_coverage(roll, [visit for visit in visits if visit.state in _TOLD], Basis.OFFICIAL, year)
    planned = coverage.expected_coverage(roll, visits, Basis.OFFICIAL, year)

    def line(cohort: int | None) -> Line:
        now, later, last, today = (
            each.total if cohort is None else each.of_cohort(cohort) for each in (official, booked, planned, live)
        )
        return Line(now, today, max(0, last.reached - later.reached), max(0, later.reached - now.reached))

    return Standing(group, line(None), {part.pk: line(part.cohort) for part in group.fragments.all()})


def _with_sources(keys: set[int]) -> tuple[list[ClassGroup], list[Move]]:
    """The classes, those that pupils came to them from (however far back), and the moves between. One query for each step."""
    moves: list[Move] = []
    known, ask = set(keys), set(keys)
    while ask:
        step = list(Move.objects.filter(target__class_group__in=ask).select_related("source", "target").order_by("day", "pk"))
        moves += step
        ask = {move.source.class_group_id for move in step} - known
        known |= ask
    groups = ClassGroup.objects.filter(pk__in=known).with_counts().order_by("pk")
    return list(groups), moves


def _sources_first(groups: Sequence[ClassGroup], moves: Sequence[Move]) -> list[ClassGroup]:
    """In an order where each class comes after those that pupils moved to it from."""
    after: dict[int, set[int]] = defaultdict(set)
    for move in moves:
        after[move.target.class_group_id].add(move.source.class_group_id)
    done: list[ClassGroup] = []
    left = {group.pk: group for group in groups}
    while left:
        ready = [pk for pk in left if not (after[pk] & left.keys())]
        for pk in ready or list(left):
            done.append(left.pop(pk))
    return done


def followers(keys: Iterable[int]) -> set[int]:
    """The classes that pupils of these moved on to, however far. One query for each step."""
    known, ask = set(keys), set(keys)
    while ask:
        step = set(Move.objects.filter(Q(source__class_group__in=ask)).values_list("target__class_group", flat=True))
        ask = step - known
        known |= ask
    return known
