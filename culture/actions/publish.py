"""A proposal becomes bookings: all in one transaction, seats checked again, nothing lost that stood; each school told once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from culture.actions.counting import recount
from culture.actions.letters import LANGUAGE, tell
from culture.actions.performances import put_host
from culture.choices import EditKind, LinkPurpose, MessageKind, PerformanceStatus, RunStatus, VisitSource, VisitStatus
from culture.fitting import fragments_for
from culture.models import ClassGroup, Fragment, Performance, PlanRow, PlanRun, School, SchoolYear, Visit, VisitPart
from culture.permissions import may_plan
from records import filing
from records.refusals import NotAllowedNow
from records.values import closes_after


@dataclass(frozen=True, slots=True)
class Trouble:
    """A line of the proposal that no longer holds, and why."""

    row: PlanRow
    sentence: str | Promise


class NoLongerHolds(NotAllowedNow):
    """Something has changed since the proposal was computed. troubles: what; nothing was published."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        super().__init__(
            gettext_lazy(
                "Something has changed since the proposal was computed. Make a new one, or edit the lines that do not hold."
            ),
            "moved",
        )
        self.troubles = tuple(troubles)


@transaction.atomic
def publish_plan(run: PlanRun, *, by: Any, at: datetime) -> list[Visit]:
    """Book every line of a proposal, and tell the schools. All or nothing; raises NoLongerHolds with the lines that do not hold.

    What was planned by hand is told with the rest. What was booked before stands untouched. Returns the visits that are told now.
    """
    may_plan(by).or_refuse()
    year = SchoolYear.objects.select_for_update().get(pk=run.year_id)
    run = PlanRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    _insist_current(run, year)
    rows = list(run.rows.select_related("class_group__school", "host", "visit").order_by("performance_id", "class_group_id"))
    performances = _lock_performances(rows)
    groups = _lock_classes(rows)
    new = [row for row in rows if not row.fixed]
    _set_hosts(new, performances)
    going = _going(run, new, performances, groups)
    if troubles := _troubles(new, performances, groups, going):
        raise NoLongerHolds(troubles)
    visits = _book(new, performances, groups, going, by=by, at=at)
    told = visits + _tell_planned(rows, at)
    run.status, run.published_at, run.published_by = RunStatus.PUBLISHED, at, by
    run.save(update_fields=["status", "published_at", "published_by"])
    year.plan_published_at = at
    year.save(update_fields=["plan_published_at"])
    changes = {"run": [run.pk, run.pk], "visits": [None, len(told)]}
    filing.note(None, "culture.plan_published", by=by, at=at, changes=changes)
    recount(visit.class_group_id for visit in told)
    _write_to_schools(run, year, [visit.pk for visit in told], at=at)
    return told


def _insist_current(run: PlanRun, year: SchoolYear) -> None:
    if run.status != RunStatus.DONE:
        raise NotAllowedNow(_("Only a proposal that is computed and not published can be published."), "status")
    if year.locked_at:
        raise NotAllowedNow(_("The figures of the school year are locked."), "locked")
    if not run.verdict.get("ok"):
        raise NotAllowedNow(_("The check of the proposal found faults in it. It cannot be published."), "verdict")
    if year.plan_published_at and year.plan_published_at > run.made_at:
        raise NotAllowedNow(_("Another plan has been published since this proposal was asked for. Make a new one."), "older")


def _lock_performances(rows: Sequence[PlanRow]) -> dict[int, Performance]:
    wanted = sorted({row.performance_id for row in rows})
    locked = Performance.objects.select_for_update(of=("self",)).filter(pk__in=wanted).select_related("offer", "host", "year")
    return {performance.pk: performance for performance in locked.order_by("pk")}


def _lock_classes(rows: Sequence[PlanRow]) -> dict[int, ClassGroup]:
    wanted = sorted({row.class_group_id for row in rows})
    locked = ClassGroup.objects.select_for_update(of=("self",)).filter(pk__in=wanted).with_counts().order_by("pk")
    return {group.pk: group for group in locked}


def _set_hosts(rows: Sequence[PlanRow], performances: dict[int, Performance]) -> None:
    for row in rows:
        performance = performances[row.performance_id]
        if row.host and performance.host_id != row.host_id and performance.status == PerformanceStatus.PLANNED:
            if performance.host_id and performance.groups_taken:
                continue  # told of as a trouble: somebody has a place there at another school
            put_host(performance, row.host)


def _troubles(
    rows: Sequence[PlanRow],
    performances: dict[int, Performance],
    groups: dict[int, ClassGroup],
    going: dict[int, list[Fragment]],
) -> list[Trouble]:
    """Lines that cannot be booked now, in the order of the proposal. Seats are counted with the pupils of today."""
    found = []
    left_seats = {pk: each.seats_left for pk, each in performances.items()}
    left_groups = {pk: each.groups_left for pk, each in performances.items()}
    busy = _busy(groups)
    for row in rows:
        performance, group = performances[row.performance_id], groups[row.class_group_id]
        people = sum(part.live for part in going[row.pk]) + group.adults
        seats, places = left_seats[performance.pk], left_groups[performance.pk]
        sentence: str | Promise = ""
        if performance.status != PerformanceStatus.PLANNED:
            sentence = _("The performance is cancelled.")
        elif group.closed_on or people == group.adults:
            sentence = _("The class no longer exists: it was merged, split or taken away.")
        elif (group.pk, "event", performance.offer_id) in busy:
            sentence = _("The class already goes to this, or has been there.")
        elif (group.pk, "day", performance.day) in busy:
            sentence = _("The class goes to something else that day.")
        elif row.host_id and performance.host_id != row.host_id:
            sentence = _("The performance is given at another school.")
        elif (seats is not None and seats < people) or (places is not None and places < 1):
            sentence = _("There is no longer room for the class.")
        if sentence:
            found.append(Trouble(row, sentence))
            continue
        busy |= {(group.pk, "event", performance.offer_id), (group.pk, "day", performance.day)}
        left_seats[performance.pk] = None if seats is None else seats - people
        left_groups[performance.pk] = None if places is None else places - 1
    return found


def _busy(groups: dict[int, ClassGroup]) -> set[tuple[int, str, Any]]:
    """What the classes have already: (class, "event", offer) and (class, "day", day)."""
    found: set[tuple[int, str, Any]] = set()
    rows = Visit.objects.taking_seats().filter(class_group__in=groups)
    for klass, offer, day, catching_up in rows.values_list("class_group", "offer", "day", "catch_up_of"):
        found.add((klass, "day", day))
        if catching_up is None:
            found.add((klass, "event", offer))
    return found


def _going(
    run: PlanRun, rows: Sequence[PlanRow], performances: dict[int, Performance], groups: dict[int, ClassGroup]
) -> dict[int, list[Fragment]]:
    """line -> the grades that go: those the offer is for, or those that an officer allowed by name. One query."""
    said = run.edits.filter(kind=EditKind.ALLOW, withdrawn_at=None)
    allowed: dict[tuple[int, int], set[int | None]] = {}
    for group, performance, fragment in said.values_list("class_group", "performance", "fragment"):
        allowed.setdefault((group, performance), set()).add(fragment)
    found = {}
    for row in rows:
        named = allowed.get((row.class_group_id, row.performance_id), set())
        parts = [part for part in groups[row.class_group_id].fragments.all() if part.pk in named and part.live]
        found[row.pk] = parts or fragments_for(groups[row.class_group_id], performances[row.performance_id].offer)
    return found


def _book(
    rows: Sequence[PlanRow],
    performances: dict[int, Performance],
    groups: dict[int, ClassGroup],
    going: dict[int, list[Fragment]],
    *,
    by: Any,
    at: datetime,
) -> list[Visit]:
    visits, parts = [], []
    for row in rows:
        performance, group = performances[row.performance_id], groups[row.class_group_id]
        coming = going[row.pk]
        pupils = sum(part.live for part in coming)
        visit = Visit(
            class_group=group,
            performance=performance,
            offer=performance.offer,
            day=performance.day,
            status=VisitStatus.BOOKED,
            source=VisitSource.PLAN,
            pupils=pupils,
            adults=group.adults,
            seats=pupils + group.adults,
            made_at=at,
            made_by=by,
        )
        visits.append(visit)
        parts += [(visit, part) for part in coming]
    try:
        with transaction.atomic():
            Visit.objects.bulk_create(visits, batch_size=500)
    except IntegrityError as refused:  # the database has the last word
        raise NoLongerHolds(()) from refused
    VisitPart.objects.bulk_create(
        (
            VisitPart(visit=visit, fragment=part, pupils=part.live, off_grade=part.grade not in visit.offer.grades)
            for visit, part in parts
        ),
        batch_size=1000,
    )
    for row, visit in zip(rows, visits, strict=True):
        row.visit = visit
    PlanRow.objects.bulk_update(rows, ["visit"], batch_size=1000)
    return visits


def _tell_planned(rows: Sequence[PlanRow], at: datetime) -> list[Visit]:
    """What officers planned by hand, and schools have not been told of, is booked with the rest."""
    planned = [row.visit for row in rows if row.fixed and row.visit and row.visit.status == VisitStatus.PLANNED]
    for visit in planned:
        visit.status = VisitStatus.BOOKED
    Visit.objects.bulk_update(planned, ["status"], batch_size=500)
    return planned


def _write_to_schools(run: PlanRun, year: SchoolYear, keys: Sequence[int], *, at: datetime) -> None:
    by_school: dict[int, list[Visit]] = {}
    for visit in Visit.objects.with_all().filter(pk__in=keys).order_by("class_group__key", "day"):
        by_school.setdefault(visit.class_group.school_id, []).append(visit)
    schools = School.objects.in_bulk(by_school)
    with translation.override(LANGUAGE):
        subject = _("The culture plan for %(year)s") % {"year": year}
    for pk, visits in sorted(by_school.items()):
        tell(
            MessageKind.PUBLISHED,
            schools[pk],
            f"run.{run.pk}",
            subject,
            at=at,
            year=year,
            purpose=LinkPurpose.ANSWER,
            expires_at=closes_after(year.answer_by) if year.answer_by and closes_after(year.answer_by) > at else None,
            context={"visits": visits, "last_day": year.answer_by},
        )
