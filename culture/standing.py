"""How the guarantee stands for classes, by the rules: from rows to the rules' dataclasses, a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from culture.choices import VisitStatus
from culture.models import Attendance, ClassGroup, Fragment, Move, Participation, Visit, VisitPart
from culture.rules import coverage, report
from culture.rules import moves as moving
from culture.rules.coverage import NOBODY, Basis, ClassCoverage, Count, VisitState
from culture.rules.years import SchoolYear

_STATES = {
    VisitStatus.PLANNED: VisitState.PLANNED,
    VisitStatus.BOOKED: VisitState.BOOKED,
    VisitStatus.CONFIRMED: VisitState.CONFIRMED,
}
_TOLD = (VisitState.BOOKED, VisitState.CONFIRMED)


@dataclass(slots=True)
class Line:
    """The stored numbers of a class or of one of its grades. extra, live_extra: what is proved beyond it, of tied classes."""

    official: Count = NOBODY
    live: Count = NOBODY
    extra: int = 0
    live_extra: int = 0
    planned: int = 0
    booked: int = 0

    @property
    def numbers(self) -> tuple[int, ...]:
        """In the order of models.coverage.Figures.NUMBERS."""
        official, live = self.official, self.live
        return (
            official.enrolled,
            official.reached,
            self.extra,
            official.at_most,
            live.enrolled,
            live.reached,
            self.live_extra,
            self.planned,
            self.booked,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """One class with its figures: as a whole, and by cohort."""

    group: ClassGroup
    total: Line
    by_cohort: dict[int, Line]

    def of(self, part: Fragment) -> Line:
        return self.by_cohort[part.cohort]


def of_classes(keys: Iterable[int]) -> dict[int, Standing]:
    """The figures of some classes, and of all that pupils moved between, as a recount from the raw rows gives them.

    Seven queries, whatever their number, and two for each step of merging and splitting.
    """
    groups, moves = _with_tied(set(keys))
    visits = visits_of(groups)
    rolls = {str(group.pk): roll_of(group) for group in groups}
    found = {group.pk: Standing(group, Line(), {part.cohort: Line() for part in group.fragments.all()}) for group in groups}
    for first in {group.year.first for group in groups}:
        here = [group for group in groups if group.year.first == first]
        _count_year(here, [rolls[str(group.pk)] for group in here], visits, moves, SchoolYear(first), found)
    return found


def visits_of(groups: Iterable[ClassGroup]) -> dict[int, list[coverage.Visit]]:
    """The visits of some classes as the rules see them: those that stand. Five queries."""
    latest = Attendance.objects.order_by("visit_id", "-number").distinct("visit_id").prefetch_related("parts__fragment")
    rows = (
        Visit.objects.filter(class_group__in=[group.pk for group in groups], status__in=list(_STATES))
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
    """The class as the rules see it. From prefetched fragments and, where it matters, participation of its school."""
    declined = next((row.declined_on for row in group.school.participation.all() if row.year_id == group.year_id), None)
    return coverage.Roll(
        klass=str(group.pk),
        unit=group.school.code,
        line=group.school.organiser,
        fragments=tuple(
            coverage.Fragment(part.cohort, official_of(part, group), None if group.closed_on else part.live)
            for part in group.fragments.all()
        ),
        mobile=group.school.is_mobile,
        declined=declined,
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


def _count_year(
    groups: Sequence[ClassGroup],
    rolls: Sequence[coverage.Roll],
    visits: dict[int, list[coverage.Visit]],
    moves: Sequence[moving.Move],
    year: SchoolYear,
    found: dict[int, Standing],
) -> None:
    every = [visit for group in groups for visit in visits[group.pk]]
    names = {roll.klass for roll in rolls}
    ours = [move for move in moves if move.before in names]
    for basis, count, extra in ((Basis.OFFICIAL, "official", "extra"), (Basis.LIVE, "live", "live_extra")):
        figures = report.coverage(rolls, every, ours, basis, year)
        for row in figures.rows:
            standing = found[int(row.roll.klass)]
            setattr(standing.total, count, row.total)
            for cohort, of_cohort in row.by_cohort:
                setattr(standing.by_cohort[cohort], count, of_cohort)
        for tied in figures.tied:
            _put_extra(tied, figures, found, extra)
    for group, roll in zip(groups, rolls, strict=True):
        _expect(found[group.pk], roll, visits[group.pk], year)


def _put_extra(tied: report.Tied, figures: report.Coverage, found: dict[int, Standing], name: str) -> None:
    """What tied classes prove together beyond each by itself stands on the first of them, so that sums come out right."""
    rows = [row for row in figures.rows if row.roll.klass in tied.classes]
    if not rows:
        return
    first = found[int(rows[0].roll.klass)]
    setattr(first.total, name, max(0, tied.total.reached - sum(row.total.reached for row in rows)))
    for cohort, together in tied.by_cohort:
        there = [row for row in rows if any(each == cohort for each, _count in row.by_cohort)]
        if there:
            more = together.reached - sum(row.of_cohort(cohort).reached for row in there)
            setattr(found[int(there[0].roll.klass)].by_cohort[cohort], name, max(0, more))


def _expect(standing: Standing, roll: coverage.Roll, visits: Sequence[coverage.Visit], year: SchoolYear) -> None:
    """How many more pupils if what is booked, and then what is planned, takes place."""
    basis = Basis.OFFICIAL if standing.total.official.enrolled and not standing.group.closed_on else Basis.LIVE
    told = [visit for visit in visits if visit.state in _TOLD]
    now = coverage.class_coverage(roll, visits, basis, year)
    booked = coverage.expected_coverage(roll, told, basis, year)
    planned = coverage.expected_coverage(roll, visits, basis, year)

    def put(line: Line, reached: Count, after: Count, last: Count) -> None:
        line.booked = max(0, after.reached - reached.reached)
        line.planned = max(0, last.reached - after.reached)

    put(standing.total, now.total, booked.total, planned.total)
    for cohort, line in standing.by_cohort.items():
        put(line, *(_of(each, cohort) for each in (now, booked, planned)))


def _of(figures: ClassCoverage, cohort: int) -> Count:
    return figures.of_cohort(cohort)


def _with_tied(keys: set[int]) -> tuple[list[ClassGroup], list[moving.Move]]:
    """The classes, all that pupils moved between them and others in any number of steps, and the moves."""
    moves = _moves_among(keys)
    known = keys | {pk for move in moves.values() for pk in (move.source.class_group_id, move.target.class_group_id)}
    participation = Prefetch("school__participation", Participation.objects.all())
    groups = ClassGroup.objects.filter(pk__in=known).with_counts().prefetch_related(participation).order_by("pk")
    return list(groups), [_move(move) for move in moves.values()]


def moves_between(groups: Iterable[ClassGroup]) -> list[moving.Move]:
    """The moves of pupils from or to these classes, as the rules see them."""
    return [_move(move) for move in _moves_among({group.pk for group in groups}).values()]


def _move(move: Move) -> moving.Move:
    return moving.Move(
        before=str(move.source.class_group_id),
        after=str(move.target.class_group_id),
        cohort=move.source.cohort,
        pupils=move.pupils,
        of=move.before,
        on=move.day,
    )


def _moves_among(keys: set[int]) -> dict[int, Move]:
    moves: dict[int, Move] = {}
    known, ask = set(keys), set(keys)
    while ask:
        touching = Q(source__class_group__in=ask) | Q(target__class_group__in=ask)
        step = {move.pk: move for move in Move.objects.filter(touching).select_related("source", "target").order_by("pk")}
        moves |= step
        ask = {pk for move in step.values() for pk in (move.source.class_group_id, move.target.class_group_id)} - known
        known |= ask
    return moves


def tied_with(keys: Iterable[int]) -> set[int]:
    """The classes whose figures hang together with these: pupils moved between them. One query for each step."""
    wanted = set(keys)
    moves = _moves_among(wanted).values()
    return wanted | {pk for move in moves for pk in (move.source.class_group_id, move.target.class_group_id)}
