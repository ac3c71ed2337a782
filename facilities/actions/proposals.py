"""Proposals of a season: asked for, computed by the worker, edited version by version, undone, shown to those who wished."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from facilities import problem as problems
from facilities import solving
from facilities.choices import RUN_MOVES, RoundStatus, RunStatus, StepKind
from facilities.models import SeasonRound, SeasonRun, SeasonStep
from facilities.permissions import may_keep_venues
from facilities.rules.allocation.board import Edit, Edited, edited
from facilities.rules.allocation.locks import Fault, LockImpossible
from facilities.rules.allocation.plan import Plan
from facilities.rules.allocation.problem import Fixed, Problem, Refused, digest
from facilities.rules.allocation.reasons import Reasons
from facilities.rules.allocation.stored import from_text, to_text
from records import filing, work
from records.refusals import NotAllowedNow

Solver = Callable[[Problem, solving.Report], solving.Solved]


@dataclass(frozen=True, slots=True)
class Version:
    """A step as the rules read it. problem: with the locks and noes of just this version."""

    step: SeasonStep
    problem: Problem
    plan: Plan
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Trial:
    """What an edit would make: the next version, unsaved, and what is against it. solved None: it cannot be made."""

    edited: Edited
    solved: solving.Solved | None
    faults: tuple[Fault, ...]


class EditRefused(NotAllowedNow):
    """Something is against an edit. faults: all of it, what an officer may set aside first."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(_("That cannot be done in this proposal."), faults[0].value)
        self.faults = faults


# The worker -------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_proposal(season: SeasonRound, *, by: Any, at: datetime, name: str = "", base: SeasonRun | None = None) -> SeasonRun:
    """Freeze the problem as it stands and put it in line for the worker. base: a proposal whose locks and noes the new one obeys.

    The way in asks the worker after commit; a sweep finds what it lost. NotAllowedNow before wishes are in or after the decision.
    """
    may_keep_venues(by).or_refuse()
    season = SeasonRound.objects.select_related("principles").get(pk=season.pk)
    if season.status not in (RoundStatus.CLOSED, RoundStatus.PROPOSED):
        raise NotAllowedNow(_("A proposal is computed when the wishes are in and nothing is decided."), "status")
    problem = problems.build(season, at=at)
    if not problem.sections or not problem.openings:
        raise NotAllowedNow(_("There are no wishes, or no open halls, to make a proposal of."), "empty")
    if base is not None:
        problem = _obeying(problem, version_of(base))
    run = SeasonRun.objects.create(
        season=season,
        name=name.strip()[:100],
        problem=to_text(problem),
        problem_sha256=digest(problem),
        made_at=at,
        made_by=by,
    )
    changes = {"run": [None, run.pk], "groups": [None, len(problem.sections)]}
    filing.note(None, "facilities.proposal_asked_for", by=by, at=at, changes=changes)
    return run


def compute_proposal(run_id: int, *, at: datetime, clock: Callable[[], datetime] = now, solve: Solver = solving.solve) -> bool:
    """Compute one waiting proposal; True when it was done now. Harmless twice, and for two workers at once.

    Progress is written as it goes, outside any transaction. A proposal that kills its worker fails after a few attempts.
    """

    def compute(run: SeasonRun, report: solving.Report) -> bool:
        return _finish(run, solve(from_text(Problem, run.problem), report), at=clock())

    return work.carry_out(SeasonRun, run_id, compute, at=at, clock=clock)


def proposals_to_compute(*, at: datetime) -> list[int]:
    """Proposals that the broker has lost, or whose worker has died: put in line again. Oldest first."""
    return work.in_line(SeasonRun, at=at)


@transaction.atomic
def drop_proposal(run: SeasonRun, *, by: Any, at: datetime) -> SeasonRun:
    """Throw a proposal away. One that is being computed is given up; one that is shown stays."""
    may_keep_venues(by).or_refuse()
    run = _locked(run)
    if RunStatus.DROPPED not in RUN_MOVES[run.status]:
        raise NotAllowedNow(_("The proposal is thrown away already."), "status")
    if run.season.shown is not None and run.season.shown.run_id == run.pk:
        raise NotAllowedNow(_("Associations read this proposal. Show another one first."), "shown")
    run.status = RunStatus.DROPPED
    run.save(update_fields=["status"])
    filing.note(None, "facilities.proposal_dropped", by=by, at=at, changes={"run": [run.pk, None]})
    return run


# Versions ---------------------------------------------------------------------------------------------------------------------


def current_step(run: SeasonRun) -> SeasonStep:
    """What a computed proposal proposes now. One query. NotAllowedNow when it is not computed."""
    step = run.steps.standing().first()
    if step is None:
        raise NotAllowedNow(_("The proposal is not computed yet."), "not_computed")
    return step


def version_of(run: SeasonRun, step: SeasonStep | None = None) -> Version:
    """A version of a proposal as the rules read it; the current one unless another is named."""
    step = step or current_step(run)
    base = _read(Problem, run.problem)
    return Version(step, _with_said(base, step), _read(Plan, step.plan), _read(Reasons, step.reasons))


def try_edit(version: Version, edit: Edit, *, force: bool = False, push: bool = False) -> Trial:
    """What an edit would make of a version, and whom it would cost what. Holds nothing, writes nothing."""
    what = edited(version.problem, version.plan, edit, force=force, push=push)
    if what.faults:
        return Trial(what, None, what.faults)
    try:
        return Trial(what, solving.solve_again(what.problem, what.before, since=version.plan), ())
    except LockImpossible:
        return Trial(what, None, (Fault.TAKEN,))


@transaction.atomic
def edit_proposal(
    run: SeasonRun,
    edit: Edit,
    *,
    on: int,
    by: Any,
    at: datetime,
    force: bool = False,
    push: bool = False,
    reason: str = "",
    at_no_cost: bool = False,
) -> SeasonStep:
    """Make the next version of a proposal. on: the number of the version that the officer saw; when another has come since,
    nothing is done. EditRefused with what is against it. What an officer sets aside (force) is told in a reason. at_no_cost:
    only when nobody's times change; else NotAllowedNow "costs", so that the officer sees first whom."""
    may_keep_venues(by).or_refuse()
    run = _editable(run)
    version = version_of(run)
    if version.step.number != on:
        raise NotAllowedNow(_("Somebody has changed the proposal meanwhile. Look at it and try again."), "changed")
    if force and not reason.strip():
        raise NotAllowedNow(_("You set a rule aside. Say why."), "no_reason")
    trial = try_edit(version, edit, force=force, push=push)
    if trial.solved is None:
        raise EditRefused(trial.faults)
    if at_no_cost and trial.solved.costs:
        raise NotAllowedNow(_("That changes the times of others. Look first at what it costs whom."), "costs")
    step = SeasonStep.objects.create(
        run=run,
        number=_next_number(run),
        kind=StepKind(edit.act.value),
        said=_said(edit),
        reason=reason.strip()[:200],
        fixed=[asdict(each) for each in trial.edited.problem.fixed],
        refused=[asdict(each) for each in trial.edited.problem.refused],
        costs=[list(each) for each in trial.solved.costs],
        made_at=at,
        by=by,
        **_stored(trial.solved),
    )
    changes = {"run": [run.pk, run.pk], "edit": [None, step.kind], "costs": [0, len(step.costs)]}
    filing.note(None, "facilities.proposal_edited", by=by, at=at, reason=step.reason, changes=changes)
    return step


@transaction.atomic
def undo_edit(run: SeasonRun, *, on: int, by: Any, at: datetime) -> SeasonStep:
    """Take the latest edit back: the version before it is the proposal again. NotAllowedNow when there is none."""
    may_keep_venues(by).or_refuse()
    run = _editable(run)
    step = current_step(run)
    if step.number != on:
        raise NotAllowedNow(_("Somebody has changed the proposal meanwhile. Look at it and try again."), "changed")
    if step.number == 0:
        raise NotAllowedNow(_("There is nothing to undo."), "nothing")
    step.undone_at = at
    step.save(update_fields=["undone_at"])
    filing.note(
        None, "facilities.proposal_edit_undone", by=by, at=at, changes={"run": [run.pk, run.pk], "edit": [step.kind, None]}
    )
    return current_step(run)


@lru_cache(maxsize=6)
def _read(kind: Any, text: str) -> Any:
    """What is stored, as the rules have it. It never changes, so one who looks from page to page waits for it once."""
    return from_text(kind, text)


def _obeying(problem: Problem, version: Version) -> Problem:
    """Locks and noes of a version that still say something about groups and halls that are there."""
    sections = {each.key for each in problem.sections}
    halls = {each.key for each in problem.halls}
    fixed = tuple(each for each in version.problem.fixed if each.section in sections and each.hall in halls)
    refused = tuple(each for each in version.problem.refused if each.section in sections)
    return replace(problem, fixed=fixed, refused=refused)


def _with_said(base: Problem, step: SeasonStep) -> Problem:
    if step.number == 0:
        return base
    return replace(
        base,
        fixed=tuple(Fixed(**each) for each in step.fixed),
        refused=tuple(Refused(**each) for each in step.refused),
    )


def _said(edit: Edit) -> dict[str, Any]:
    shown = {"what": edit.what, "to": edit.to, "other": edit.other}
    return {name: asdict(each) for name, each in shown.items() if each is not None} | ({"at": edit.at} if edit.at else {})


def _stored(solved: solving.Solved) -> dict[str, Any]:
    return {
        "plan": solved.plan_text,
        "plan_sha256": solved.sha256,
        "reasons": solved.reasons_text,
        "errors": list(solved.errors),
    }


def _next_number(run: SeasonRun) -> int:
    return 1 + (run.steps.order_by("-number").values_list("number", flat=True).first() or 0)


@transaction.atomic
def _finish(run: SeasonRun, solved: solving.Solved, *, at: datetime) -> bool:
    """Store what came out. False when the proposal was thrown away meanwhile."""
    row = work.held(run)
    if row is None:
        return False
    work.finish(row, at=at)
    SeasonStep.objects.create(run=row, number=0, kind=StepKind.COMPUTED, made_at=at, **_stored(solved))
    changes = {"run": [row.pk, row.pk], "times": [0, len(solved.plan.passes)]}
    filing.note(None, "facilities.proposal_computed", at=at, changes=changes)
    return True


def _locked(run: SeasonRun) -> SeasonRun:
    return SeasonRun.objects.select_for_update(of=("self",)).select_related("season").get(pk=run.pk)


def _editable(run: SeasonRun) -> SeasonRun:
    run = _locked(run)
    if run.status != RunStatus.DONE or run.season.status == RoundStatus.DECIDED:
        raise NotAllowedNow(_("Only a proposal that is computed and not decided can be edited."), "status")
    return run
