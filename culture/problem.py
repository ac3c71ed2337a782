"""The problem that a plan solves, frozen from the rows: a constant number of queries whatever the size of the municipality."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from culture import fitting
from culture.choices import CancelledBy, ClassNeed, EditKind, OfferStatus, VisitStatus
from culture.models import (
    BlockedDays,
    ClassCoverage,
    ClassGroup,
    Participation,
    Performance,
    PlanEdit,
    PlanRun,
    School,
    SchoolYear,
    Visit,
)
from culture.rules.coverage import Count
from culture.rules.need import Past, YearRecord, need_of, past_year
from culture.rules.plan import problem as rules
from culture.rules.seats import Capacity
from culture.rules.years import SchoolYear as Year
from facilities.choices import AccessFact

WALK_YOUNG, WALK_OLD = 1500, 2500  # metres; grade 3 and below, grade 4 and above
OLDEST_YOUNG = 3


@dataclass(slots=True)
class _Past:
    """What the pupils of a class have met, in this school year and in the classes they were before."""

    records: list[YearRecord] = field(default_factory=list)
    events: set[str] = field(default_factory=set)
    arts: set[str] = field(default_factory=set)
    last: date | None = None
    had: bool = False
    caught_up: int = 0
    first_in_line: bool = False


def build(year: SchoolYear, *, at: datetime, seed: int, base: PlanRun | None = None) -> rules.Problem:
    """Everything that a plan for a school year depends on, as it stands now. base: the proposal whose edits are obeyed.

    Classes of schools that take no part are left out, and performances that have begun. What is booked or planned stands.
    """
    groups = _groups(year)
    performances = _performances(year, at)
    edits = list(base.edits.filter(withdrawn_at=None).select_related("fragment")) if base else []
    standing = _standing_visits(year, at)
    shown, planned = {performance.pk for performance in performances}, {group.pk for group in groups}
    visits = [
        visit
        for visit in standing
        if visit.performance_id in shown and visit.class_group_id in planned and visit.catch_up_of_id is None
    ]
    kept = {visit.pk for visit in visits}
    aside = [visit for visit in standing if visit.pk not in kept]  # also of schools that have declined: they keep their seats
    past = _past_of(groups, year)
    blocked = _blocked(groups, {performance.day for performance in performances}, aside)
    rooms = _rooms(performances, visits, aside, groups)
    languages = sorted({group.language for group in groups if group.language})
    schools = {group.school_id: group.school for group in groups}
    for performance in performances:
        if performance.host:
            schools[performance.host_id or 0] = performance.host
    problem = rules.Problem(
        schools=tuple(_school(school) for _pk, school in sorted(schools.items())),
        classes=tuple(_class(group, past[group.pk], blocked[group.pk]) for group in groups),
        performances=tuple(_performance(each, rooms[each.pk], year, languages) for each in performances),
        fixed=(*_fixed(visits, groups), *_placed(edits, visits, groups, performances)),
        hosts=tuple(rules.Host(str(each.pk), each.host.code) for each in performances if each.host),
        refused=_refused(year, groups, performances, edits),
        allowed=_allowed(edits, groups, performances),
        terms=rules.Terms(
            bus_seats=year.bus_seats,
            buses_a_day=year.buses_a_day,
            bus_price=year.bus_price,
            repeat_price=year.repeat_price,
            empty_seat_price=year.empty_seat_price,
        ),
        seed=seed,
    )
    return rules.canonical(problem)


def _groups(year: SchoolYear) -> list[ClassGroup]:
    declined = Participation.objects.filter(year=year).values("school")
    groups = ClassGroup.objects.running().filter(year=year).exclude(school__in=declined).with_counts().order_by("pk")
    return [group for group in groups if group.pupils]


def _performances(year: SchoolYear, at: datetime) -> list[Performance]:
    """Professional ones ahead: of published offers, and those that somebody has a place at already."""
    wanted = Q(offer__status=OfferStatus.PUBLISHED) | Q(groups_taken__gt=0)
    rows = Performance.objects.standing().in_year(year).filter(wanted, offer__is_professional=True, starts_at__gt=at)
    return list(rows.with_programme().order_by("pk"))


def _standing_visits(year: SchoolYear, at: datetime) -> list[Visit]:
    rows = Visit.objects.filter(
        performance__starts_at__gt=at, status__in=[VisitStatus.PLANNED, VisitStatus.BOOKED], class_group__year=year
    )
    return list(rows.prefetch_related("parts__fragment").order_by("pk"))


def _past_of(groups: Sequence[ClassGroup], year: SchoolYear) -> dict[int, _Past]:
    """What each class brings along, its earlier classes included. Three queries and one for each earlier school year."""
    chains = _chains(groups)
    now_of = {old: pk for pk, chain in chains.items() for old in chain}
    found: dict[int, _Past] = {group.pk: _Past() for group in groups}
    confirmed = Visit.objects.filter(class_group__in=now_of, status=VisitStatus.CONFIRMED).select_related(
        "offer", "catch_up_year"
    )
    made_good: set[tuple[int, int]] = set()
    for visit in confirmed.order_by("day", "pk"):
        pk = now_of[visit.class_group_id]
        past = found[pk]
        past.events.add(str(visit.offer_id))
        if visit.offer.is_professional:
            past.arts.add(visit.offer.art_form)
            past.last = visit.day
            if visit.catch_up_year:
                made_good.add((pk, visit.catch_up_year.first))
                past.caught_up += visit.class_group_id == pk
    for row in ClassCoverage.objects.filter(class_group__in=now_of).select_related("year"):
        pk = now_of[row.class_group_id]
        count = Count(row.reached, max(row.reached, row.upper), row.official)
        if row.class_group_id == pk:
            now = Count(max(row.reached, row.live_reached), max(row.upper, row.live_reached), max(row.official, row.live))
            found[pk].had = past_year(YearRecord(Year(year.first), now)) in {Past.FULFILLED, Past.PARTLY} and bool(now.reached)
        elif row.official:
            record = YearRecord(Year(row.year.first), count, made_good=(pk, row.year.first) in made_good)
            found[pk].records.append(record)
    lost = Visit.objects.filter(class_group__in=chains, priority=True, class_group__year=year)
    for pk in lost.values_list("class_group", flat=True):
        found[pk].first_in_line = True
    return found


def _chains(groups: Sequence[ClassGroup]) -> dict[int, list[int]]:
    """class -> itself, and the classes that its pupils were in earlier school years."""
    chains = {group.pk: [group.pk] for group in groups}
    ahead: dict[int, int] = {group.previous_id: group.pk for group in groups if group.previous_id}
    while ahead:
        earlier = dict(ClassGroup.objects.filter(pk__in=ahead).values_list("pk", "previous"))
        following: dict[int, int] = {}
        for pk, before in earlier.items():
            chains[ahead[pk]].append(pk)
            if before:
                following[before] = ahead[pk]
        ahead = following
    return chains


def _rooms(
    performances: Sequence[Performance], visits: Sequence[Visit], aside: Sequence[Visit], groups: Sequence[ClassGroup]
) -> dict[int, Capacity]:
    """Room at each performance for whole classes: less those who catch up, and never less than what stands takes today."""
    people = {group.pk: group.pupils + group.adults for group in groups}
    left_seats: dict[int, int] = defaultdict(int)
    left_groups: dict[int, int] = defaultdict(int)
    for visit in aside:
        left_seats[visit.performance_id] += visit.seats
        left_groups[visit.performance_id] += 1
    stand: dict[int, list[int]] = defaultdict(list)
    for visit in visits:
        stand[visit.performance_id].append(people.get(visit.class_group_id, visit.seats))
    return {
        each.pk: Capacity(
            None if each.seats is None else max(sum(stand[each.pk]), each.seats - left_seats[each.pk]),
            None if each.groups is None else max(len(stand[each.pk]), each.groups - left_groups[each.pk]),
        )
        for each in performances
    }


def _blocked(groups: Sequence[ClassGroup], days: Iterable[date], aside: Sequence[Visit]) -> dict[int, frozenset[date]]:
    """class -> those of the performances' days on which it cannot come, or goes to something that is no plan's. One query."""
    wanted = sorted(days)
    of_class: dict[int, set[date]] = defaultdict(set)
    for visit in aside:
        of_class[visit.class_group_id].add(visit.day)
    of_school: dict[int, set[date]] = defaultdict(set)
    if wanted:
        rows = BlockedDays.objects.filter(
            school__in={group.school_id for group in groups}, first__lte=wanted[-1], last__gte=wanted[0]
        )
        for row in rows:
            inside = {day for day in wanted if row.first <= day <= row.last}
            if row.class_group_id:
                of_class[row.class_group_id] |= inside
            else:
                of_school[row.school_id] |= inside
    return {group.pk: frozenset(of_class[group.pk] | of_school[group.school_id]) for group in groups}


def _fixed(visits: Sequence[Visit], groups: Sequence[ClassGroup]) -> list[rules.Booking]:
    known = {group.pk: group for group in groups}
    return [
        rules.Booking(str(visit.class_group_id), str(visit.performance_id), _named(visit, known[visit.class_group_id]))
        for visit in visits
        if visit.class_group_id in known
    ]


def _named(visit: Visit, group: ClassGroup) -> tuple[int, ...]:
    """The cohorts that go, when it is not the whole class."""
    going = {part.fragment.cohort for part in visit.parts.all()}
    every = {part.cohort for part in group.fragments.all() if part.live}
    return () if going >= every else tuple(sorted(going))


def _placed(
    edits: Sequence[PlanEdit], visits: Sequence[Visit], groups: Sequence[ClassGroup], performances: Sequence[Performance]
) -> list[rules.Booking]:
    """Where the officer has put classes in the proposal before, besides what stands."""
    there = {(visit.class_group_id, visit.performance_id) for visit in visits}
    known = {group.pk for group in groups}
    shown = {performance.pk for performance in performances}
    allowed: dict[tuple[int, int], set[int]] = defaultdict(set)
    for edit in edits:
        if edit.kind == EditKind.ALLOW and edit.fragment:
            allowed[edit.class_group_id, edit.performance_id].add(edit.fragment.cohort)
    return [
        rules.Booking(str(edit.class_group_id), str(edit.performance_id), tuple(sorted(allowed[key])))
        for edit in edits
        if edit.kind == EditKind.PLACE
        and (key := (edit.class_group_id, edit.performance_id)) not in there
        and edit.class_group_id in known
        and edit.performance_id in shown
    ]


def _allowed(
    edits: Sequence[PlanEdit], groups: Sequence[ClassGroup], performances: Sequence[Performance]
) -> tuple[rules.Booking, ...]:
    known = {group.pk for group in groups}
    shown = {performance.pk for performance in performances}
    named: dict[tuple[int, int], set[int]] = defaultdict(set)
    for edit in edits:
        if edit.kind == EditKind.ALLOW and edit.fragment and edit.class_group_id in known and edit.performance_id in shown:
            named[edit.class_group_id, edit.performance_id].add(edit.fragment.cohort)
    return tuple(
        rules.Booking(str(klass), str(performance), tuple(sorted(cohorts)))
        for (klass, performance), cohorts in sorted(named.items())
    )


def _refused(
    year: SchoolYear, groups: Sequence[ClassGroup], performances: Sequence[Performance], edits: Sequence[PlanEdit]
) -> frozenset[tuple[str, str]]:
    """What a school or the officer has said no to, and touring performances whose hall a class cannot get into."""
    known = {group.pk for group in groups}
    shown = {performance.pk for performance in performances}
    said_no = Visit.objects.filter(class_group__in=known, performance__in=shown, cancelled_by=CancelledBy.SCHOOL)
    pairs = set(said_no.values_list("class_group", "performance"))
    pairs |= {(edit.class_group_id, edit.performance_id) for edit in edits if edit.kind == EditKind.FORBID}
    touring = [performance.pk for performance in performances if performance.is_touring]
    for group in groups:
        if ClassNeed.STEP_FREE in fitting.needs_of(group) and not group.school.hall_step_free:
            pairs |= {(group.pk, performance) for performance in touring}
    return frozenset((str(klass), str(performance)) for klass, performance in pairs if klass in known and performance in shown)


def _school(school: School) -> rules.School:
    return rules.School(unit=school.code, position=_place(school.latitude, school.longitude), hall=school.hall_capacity or 0)


def _class(group: ClassGroup, past: _Past, blocked: frozenset[date]) -> rules.Klass:
    """A class as the plan sees it. One whose visit the municipality cancelled stands as if it had waited longest."""
    need = need_of(past.records, past.had, past.caught_up)
    grades = [part.grade for part in group.fragments.all() if part.live]
    return rules.Klass(
        key=str(group.pk),
        unit=group.school.code,
        name=group.name,
        parts=tuple(rules.Part(part.cohort, part.live) for part in group.fragments.all() if part.live),
        adults=group.adults,
        missed=len(need.missed),
        had=need.had,
        last_visit=None if past.first_in_line else past.last,
        blocked=blocked,
        needs=fitting.needs_of(group),
        seen=frozenset(past.events),
        arts=frozenset(past.arts),
        walks=WALK_YOUNG if min(grades) <= OLDEST_YOUNG else WALK_OLD,
    )


def _performance(performance: Performance, room: Capacity, year: SchoolYear, languages: Sequence[str]) -> rules.Performance:
    touring = performance.is_touring
    offers = fitting.offered_by(performance.offer, languages) if touring else fitting.offered_at(performance, languages)
    return rules.Performance(
        key=str(performance.pk),
        event=str(performance.offer_id),
        art=performance.offer.art_form,
        on=performance.day,
        cohorts=frozenset(year.first - grade for grade in performance.offer.grades),
        capacity=room,
        touring=touring,
        offers=offers | ({str(AccessFact.STEP_FREE)} if touring else set()),
        position=None if touring else _where(performance),
    )


def _where(performance: Performance) -> rules.Position | None:
    if performance.space and performance.space.venue.latitude is not None:
        return _place(performance.space.venue.latitude, performance.space.venue.longitude)
    return _place(performance.latitude, performance.longitude)


def _place(latitude: Decimal | None, longitude: Decimal | None) -> rules.Position | None:
    return None if latitude is None or longitude is None else rules.Position(float(latitude), float(longitude))


def schools_by_code(codes: Iterable[str]) -> list[School]:
    return list(School.objects.filter(code__in=list(codes)))


def visits_by_place(year: SchoolYear) -> dict[tuple[int, int], int]:
    """(class, performance) -> the visit that stands there. One query."""
    rows = Visit.objects.taking_seats().filter(class_group__year=year, catch_up_of=None)
    return {(klass, performance): pk for klass, performance, pk in rows.values_list("class_group", "performance", "pk")}
