"""Proposals of a plan: asked for, computed by the worker, edited, compared; published in publishing.py."""

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from culture import problem as problems
from culture import solving
from culture.actions.ground import clean_words, locked_performance
from culture.choices import RUN_MOVES, EditKind, RunStatus
from culture.fitting import fragments_for, unmet_needs
from culture.frozen import frozen, thawed
from culture.models import ClassGroup, Fragment, Performance, PlanEdit, PlanRow, PlanRun, SchoolYear
from culture.permissions import may_plan
from culture.rules.plan.problem import digest
from culture.rules.seats import Capacity, Party, room_for
from records import filing, work
from records.refusals import NotAllowedNow

Solver = Callable[[Any, solving.Report], solving.Solved]


@transaction.atomic
def ask_for_plan(
    year: SchoolYear, *, by: Any, at: datetime, base: PlanRun | None = None, name: str = "", seed: int | None = None
) -> PlanRun:
    """Freeze the problem as it stands and put it in line for the worker. base: the proposal whose edits the new one obeys.

    What is published, booked or planned by hand stands. The way in asks the worker after commit; a sweep finds what it lost.
    """
    may_plan(by).or_refuse()
    if year.locked_at:
        raise NotAllowedNow(_("The figures of the school year are locked."), "locked")
    if base is not None and base.year_id != year.pk:
        raise NotAllowedNow(_("The proposal is for another school year."), "year")
    seed = secrets.randbelow(2**31) if seed is None else seed
    problem = problems.build(year, at=at, seed=seed, base=base)
    if not problem.classes or not problem.performances:
        raise NotAllowedNow(_("There are no classes, or no performances ahead, to plan with."), "empty")
    run = PlanRun.objects.create(
        year=year,
        base=base,
        name=clean_words(name, 100),
        seed=seed,
        problem=frozen(problem),
        problem_sha256=digest(problem),
        made_at=at,
        made_by=by,
    )
    if base is not None:
        _carry_on(base, run)
    changes = {"run": [None, run.pk], "classes": [None, len(problem.classes)]}
    filing.note(None, "culture.plan_asked_for", by=by, at=at, changes=changes)
    return run


def compute_plan(run_id: int, *, at: datetime, clock: Callable[[], datetime] = now, solve: Solver = solving.solve) -> bool:
    """Compute one waiting proposal; True when it was done now. Harmless twice, and for two workers at once.

    Progress is written as it goes, outside any transaction. A proposal that kills its worker fails after a few attempts.
    """

    def compute(run: PlanRun, report: solving.Report) -> bool:
        return _finish(run, solve(thawed(run.problem), report), at=clock())

    return work.carry_out(PlanRun, run_id, compute, at=at, clock=clock)


def runs_to_compute(*, at: datetime) -> list[int]:
    """Proposals that the broker has lost, or whose worker has died: put in line again. Oldest first."""
    return work.in_line(PlanRun, at=at)


@transaction.atomic
def drop_plan(run: PlanRun, *, by: Any, at: datetime) -> PlanRun:
    """Throw a proposal away. One that is being computed is given up: its result is not kept."""
    may_plan(by).or_refuse()
    run = _locked(run)
    if RunStatus.DROPPED not in RUN_MOVES[run.status]:
        raise NotAllowedNow(_("A published plan cannot be thrown away."), "published")
    run.status = RunStatus.DROPPED
    run.save(update_fields=["status"])
    filing.note(None, "culture.plan_dropped", by=by, at=at, changes={"run": [run.pk, None]})
    return run


# Edits ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def edit_plan(
    run: PlanRun,
    kind: str,
    group: ClassGroup,
    performance: Performance,
    *,
    by: Any,
    at: datetime,
    fragment: Fragment | None = None,
    reason: str = "",
) -> PlanEdit:
    """Say where a class goes, does not go, or which part of it may go. The proposal changes at once; the next one obeys.

    place: refused when it does not fit in the proposal (room, day, event, grade, access). allow: named grade, with a reason.
    """
    may_plan(by).or_refuse()
    run = _editable(run)
    if group.year_id != run.year_id or performance.year_id != run.year_id:
        raise NotAllowedNow(_("The class and the performance are of different school years."), "year")
    reason = clean_words(reason, 200)
    if kind == EditKind.ALLOW and not reason:
        raise NotAllowedNow(_("The offer is not for that grade. Say why it may come all the same."), "no_reason")
    if kind == EditKind.PLACE:
        _place(run, group, performance)
    elif kind == EditKind.FORBID:
        _take_away(run, group, performance)
    opposite = EditKind.FORBID if kind == EditKind.PLACE else EditKind.PLACE
    if kind != EditKind.ALLOW:
        run.edits.filter(kind=opposite, class_group=group, performance=performance, withdrawn_at=None).update(withdrawn_at=at)
    try:
        with transaction.atomic():
            edit = PlanEdit.objects.create(
                run=run,
                kind=kind,
                class_group=group,
                performance=performance,
                fragment=fragment,
                reason=reason,
                made_at=at,
                by=by,
            )
    except IntegrityError as there:
        raise NotAllowedNow(_("That is said already."), "there") from there
    changes = {
        "run": [run.pk, run.pk],
        "class": [group.pk, group.pk],
        "performance": [None, performance.pk],
        "edit": [None, kind],
    }
    filing.note(None, "culture.plan_edited", by=by, at=at, reason=reason, changes=changes)
    return edit


@transaction.atomic
def lock_place(run: PlanRun, row: PlanRow, *, by: Any, at: datetime) -> PlanEdit:
    """Keep a class where the proposal has it: the next one obeys. Harmless twice."""
    may_plan(by).or_refuse()
    run = _editable(run)
    row = PlanRow.objects.select_for_update(of=("self",)).get(pk=row.pk, run=run)
    said = {"kind": EditKind.PLACE, "class_group_id": row.class_group_id, "performance_id": row.performance_id}
    there = run.edits.filter(**said, withdrawn_at=None).first()
    if there is not None:
        return there
    row.edited = True
    row.save(update_fields=["edited"])
    edit = PlanEdit.objects.create(run=run, **said, made_at=at, by=by)
    changes = {"run": [run.pk, run.pk], "class": [row.class_group_id, row.class_group_id], "edit": [None, EditKind.PLACE]}
    filing.note(None, "culture.plan_edited", by=by, at=at, changes=changes)
    return edit


@transaction.atomic
def take_back_edit(edit: PlanEdit, *, by: Any, at: datetime) -> PlanEdit:
    """The next proposal is free again in this. A place given by hand leaves the proposal, one that it had itself stays in it.

    What was taken out stays out until the next one.
    """
    may_plan(by).or_refuse()
    run = _editable(edit.run)
    edit = PlanEdit.objects.select_for_update(of=("self",)).get(pk=edit.pk)
    if edit.withdrawn_at is None:
        edit.withdrawn_at = at
        edit.save(update_fields=["withdrawn_at"])
        if edit.kind == EditKind.PLACE:
            _free(run, edit)
        changes = {"run": [run.pk, run.pk], "edit": [edit.kind, None]}
        filing.note(None, "culture.plan_edited", by=by, at=at, changes=changes)
    return edit


def compare(one: PlanRun, other: PlanRun) -> tuple[list[PlanRow], list[PlanRow]]:
    """What differs between two proposals: (lines only in the first, lines only in the other). Two queries."""
    sides = []
    for run in (one, other):
        rows = run.rows.select_related("class_group__school", "performance__offer").order_by("class_group", "performance")
        sides.append({(row.class_group_id, row.performance_id): row for row in rows})
    first, second = sides
    return (
        [row for key, row in first.items() if key not in second],
        [row for key, row in second.items() if key not in first],
    )


def _place(run: PlanRun, group: ClassGroup, performance: Performance) -> None:
    performance = locked_performance(performance)
    group = ClassGroup.objects.with_counts().get(pk=group.pk)
    theirs = run.rows.filter(class_group=group).select_related("performance")
    allowed = set(
        run.edits.filter(kind=EditKind.ALLOW, class_group=group, performance=performance, withdrawn_at=None).values_list(
            "fragment__cohort", flat=True
        )
    )
    parts = [part for part in group.fragments.all() if part.live and part.cohort in allowed] or fragments_for(
        group, performance.offer
    )
    if not parts:
        raise NotAllowedNow(_("The offer is not for the grades of the class."), "grade")
    if any(row.performance_id == performance.pk for row in theirs):
        raise NotAllowedNow(_("The class goes there already in the proposal."), "there")
    if any(row.performance.offer_id == performance.offer_id for row in theirs):
        raise NotAllowedNow(_("The class already goes to this, or has been there."), "same_event")
    if any(row.performance.day == performance.day for row in theirs):
        raise NotAllowedNow(_("The class goes to something else that day."), "same_day")
    if unmet_needs(group, performance):
        raise NotAllowedNow(_("The performance does not have the accessibility that the class needs."), "access")
    taken = [Party(row.pupils, row.adults) for row in run.rows.filter(performance=performance)]
    party = Party(sum(part.live for part in parts), group.adults)
    room = room_for(Capacity(performance.seats, performance.groups), taken, party)
    if not room.fits:
        raise NotAllowedNow(_("There is no room for the class there in this proposal."), "full")
    host = run.rows.filter(performance=performance).exclude(host=None).first()
    if performance.is_touring and host and host.host_id != group.school_id:
        raise NotAllowedNow(_("The performance is given at another school in this proposal."), "host")
    PlanRow.objects.create(
        run=run,
        class_group=group,
        performance=performance,
        host=group.school if performance.is_touring else None,
        pupils=party.pupils,
        adults=party.adults,
        edited=True,
    )


def _free(run: PlanRun, edit: PlanEdit) -> None:
    rows = run.rows.filter(class_group=edit.class_group_id, performance=edit.performance_id, edited=True)
    if _computed(run, edit.class_group_id, edit.performance_id):
        rows.update(edited=False)
    else:
        rows.filter(fixed=False).delete()


def _computed(run: PlanRun, group: int, performance: int) -> bool:
    """Whether the computation put the class there, not the officer."""
    bookings = json.loads(run.result)["bookings"]
    return any((int(each["klass"]), int(each["performance"])) == (group, performance) for each in bookings)


def _carry_on(base: PlanRun, run: PlanRun) -> None:
    """What was said about the proposal before is said about the new one too: shown there, and can be taken back there."""
    said = base.edits.filter(withdrawn_at=None).order_by("made_at", "pk")
    PlanEdit.objects.bulk_create(
        PlanEdit(
            run=run,
            kind=edit.kind,
            class_group_id=edit.class_group_id,
            performance_id=edit.performance_id,
            fragment_id=edit.fragment_id,
            reason=edit.reason,
            made_at=edit.made_at,
            by_id=edit.by_id,
        )
        for edit in said
    )


def _take_away(run: PlanRun, group: ClassGroup, performance: Performance) -> None:
    row = run.rows.filter(class_group=group, performance=performance).first()
    if row is not None and row.fixed:
        raise NotAllowedNow(_("That visit is booked already. Cancel the visit instead."), "fixed")
    if row is not None:
        row.delete()


# The worker -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def _finish(run: PlanRun, solved: solving.Solved, *, at: datetime) -> bool:
    """Store what came out. False when the proposal was thrown away meanwhile."""
    row = work.held(run)
    if row is None:
        return False
    work.finish(
        row,
        at=at,
        result=solved.text,
        result_sha256=solved.sha256,
        reasons=solved.reasons,
        verdict=solved.verdict,
        unserved=solved.pupils_unserved,
        bound=solved.bound,
        progress={**row.progress, "done": row.progress.get("of", 1)},
    )
    _write_rows(row, solved)
    filing.note(None, "culture.plan_computed", at=at, changes={"run": [row.pk, row.pk], "unserved": [None, row.unserved]})
    return True


def _write_rows(run: PlanRun, solved: solving.Solved) -> None:
    given = json.loads(run.problem)
    classes = {each["key"]: each for each in given["classes"]}
    fixed = {(each["klass"], each["performance"]) for each in given["fixed"]}
    schools = {school.code: school for school in problems.schools_by_code(each["unit"] for each in given["schools"])}
    hosts = {host.performance: schools[host.unit] for host in solved.hosts}
    edits = (
        set(run.base.edits.filter(kind=EditKind.PLACE, withdrawn_at=None).values_list("class_group", "performance"))
        if run.base
        else set()
    )
    visits = problems.visits_by_place(run.year)
    rows = []
    for booking in solved.bookings:
        key = (int(booking.klass), int(booking.performance))
        klass = classes[booking.klass]
        rows.append(
            PlanRow(
                run=run,
                class_group_id=key[0],
                performance_id=key[1],
                host=hosts.get(booking.performance),
                pupils=_pupils(klass, booking.cohorts),
                adults=klass["adults"],
                fixed=key in visits and (booking.klass, booking.performance) in fixed,
                edited=key in edits,
                visit_id=visits.get(key),
            )
        )
    PlanRow.objects.bulk_create(rows, batch_size=1000)


def _pupils(klass: dict[str, Any], cohorts: tuple[int, ...]) -> int:
    return sum(part["pupils"] for part in klass["parts"] if not cohorts or part["cohort"] in cohorts)


def _locked(run: PlanRun) -> PlanRun:
    return PlanRun.objects.select_for_update(of=("self",)).select_related("year", "base").get(pk=run.pk)


def _editable(run: PlanRun) -> PlanRun:
    run = _locked(run)
    if run.status != RunStatus.DONE:
        raise NotAllowedNow(_("Only a proposal that is computed and not published can be edited."), "status")
    return run
