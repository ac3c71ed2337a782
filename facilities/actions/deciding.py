"""Deciding a season, and undoing that, outside the request: asked for by an officer, done by the worker, tried again safely.

The effect is one transaction (actions.decision): what associations see is all of it or nothing, also when a worker dies. Only how
far it has come is written beside it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from facilities.actions.decision import decide_season, undo_decision
from facilities.choices import RoundStatus, SeasonTask
from facilities.models import SeasonRound, SeasonWork
from facilities.permissions import may_decide_season
from records import filing, work
from records.choices import WORK_MOVES, WorkStatus
from records.refusals import NotAllowedNow, Refused
from records.values import local_day
from records.work import Report


@transaction.atomic
def ask_to_decide(season: SeasonRound, *, seen: int | None, by: Any, at: datetime) -> SeasonWork:
    """Put the decision of the shown proposal in line for the worker. seen: the version that the officer read, a SeasonStep's key.

    The way in asks the worker after commit; a sweep finds what it lost. Asked for twice it is in line once. What has changed when
    the worker comes to it is told then, and nothing is decided.
    """
    may_decide_season(by, season).or_refuse()
    season = SeasonRound.objects.get(pk=season.pk)
    if season.status != RoundStatus.PROPOSED or season.shown_id is None:
        raise NotAllowedNow(
            _("That cannot be done now: the season is %(status)s.") % {"status": season.get_status_display()}, "status"
        )
    if season.shown_id != seen:
        raise NotAllowedNow(_("Another proposal has been shown meanwhile. Read it before you decide."), "changed")
    return _ask(season, SeasonTask.DECIDE, by=by, at=at, step_id=season.shown_id)


@transaction.atomic
def ask_to_undo(season: SeasonRound, *, reason: str, by: Any, at: datetime) -> SeasonWork:
    """As ask_to_decide, for the undoing of a decision. reason: every association that wished reads it."""
    may_decide_season(by, season).or_refuse()
    season = SeasonRound.objects.get(pk=season.pk)
    if season.status != RoundStatus.DECIDED:
        raise NotAllowedNow(
            _("That cannot be done now: the season is %(status)s.") % {"status": season.get_status_display()}, "status"
        )
    if not reason.strip():
        raise NotAllowedNow(_("Say why: every association that wished is told."), "no_reason")
    if local_day(at) >= season.since:
        raise NotAllowedNow(_("The season has begun. Take times back one by one instead."), "begun")
    return _ask(season, SeasonTask.UNDO, by=by, at=at, reason=reason.strip())


@transaction.atomic
def ask_again(failed: SeasonWork, *, by: Any, at: datetime) -> SeasonWork:
    """Put in line anew what came to nothing because something broke. What was refused is read again first."""
    if failed.status != WorkStatus.FAILED or failed.refused:
        raise NotAllowedNow(_("Look at the season first: something has changed."), "status")
    if failed.task == SeasonTask.UNDO:
        return ask_to_undo(failed.season, reason=failed.reason, by=by, at=at)
    return ask_to_decide(failed.season, seen=failed.step_id, by=by, at=at)


@transaction.atomic
def call_off(row: SeasonWork, *, by: Any, at: datetime) -> SeasonWork:
    """Nothing is to come of it: while it waits or goes on, or to put away what came to nothing. Too late once it is done."""
    may_decide_season(by, row.season).or_refuse()
    row = SeasonWork.objects.select_for_update(of=("self",)).select_related("season").get(pk=row.pk)
    if WorkStatus.DROPPED not in WORK_MOVES[row.status]:
        raise NotAllowedNow(_("It is done already."), "status")
    row.status = WorkStatus.DROPPED
    row.save(update_fields=["status"])
    filing.note(row.season.case, "facilities.season_work_called_off", by=by, at=at, changes={"season": [row.season_id, None]})
    return row


def carry_out_work(key: int, *, at: datetime, clock: Callable[[], datetime] = now) -> bool:
    """Decide or undo what waits; True when it was done now. Harmless twice, and for two workers at once.

    What the officer cannot have as things stand is told in a sentence; what breaks, in words for whoever looks after the system.
    """

    def do(row: SeasonWork, report: Report) -> bool:
        try:
            with transaction.atomic():
                result = _done(row, report, at=clock())
                mine = work.held(row)
                if mine is None:
                    raise _CalledOff
                work.finish(mine, at=clock(), result=result)
        except _CalledOff:
            return False
        except Refused as refusal:
            work.fail(row, work.in_words(refusal), at=clock(), refused=True)
            return False
        return True

    return work.carry_out(SeasonWork, key, do, at=at, clock=clock, apart=True)


def work_left(*, at: datetime) -> list[int]:
    """Decisions that the broker has lost, or whose worker has died: put in line again. Oldest first."""
    return work.in_line(SeasonWork, at=at)


def refuse_while_deciding(season: SeasonRound) -> None:
    """NotAllowedNow while the worker decides the season or undoes that: whoever changes it would wait for the end. One query."""
    if SeasonWork.objects.unfinished().filter(season=season).exists():
        raise NotAllowedNow(_("The season is just being decided, or the decision undone. Wait until that is done."), "deciding")


class _CalledOff(Exception):
    """The way out of the transaction."""


def _done(row: SeasonWork, report: Report, *, at: datetime) -> dict[str, int]:
    if row.task == SeasonTask.UNDO:
        undo_decision(row.season, reason=row.reason, by=row.made_by, at=at, report=report)
        return {}
    made = decide_season(row.season, by=row.made_by, at=at, seen=row.step_id, report=report)
    return {"bookings": len(made.bookings), "clashes": len(made.clashes)}


def _ask(season: SeasonRound, task: SeasonTask, *, by: Any, at: datetime, **what: Any) -> SeasonWork:
    try:
        with transaction.atomic():
            row = SeasonWork.objects.create(season=season, task=task, made_by=by, made_at=at, **what)
    except IntegrityError:
        there = SeasonWork.objects.unfinished().filter(season=season, task=task).first()
        if there is None:
            refuse_while_deciding(season)
            raise
        return there
    filing.note(season.case, "facilities.season_work_asked_for", by=by, at=at, changes={"season": [season.pk, season.pk]})
    return row
