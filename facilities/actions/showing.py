"""A proposal shown to those who wished and to the public: a letter with each result, reminders; and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from associations.actions import dossier
from associations.models import Association
from facilities.actions.deciding import refuse_while_deciding
from facilities.actions.proposals import Version, current_step, version_of
from facilities.choices import RoundStatus, RunStatus
from facilities.models import SeasonComment, SeasonRound, SeasonRun, SeasonStep, Section, WishList
from facilities.permissions import may_keep_venues
from facilities.rules.allocation.result import Outcome, differs, outcomes, time_in_short
from facilities.wording import subject_of
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day

REMIND_BEFORE = 3  # days before the last day for comments


@dataclass(frozen=True, slots=True)
class GroupResult:
    """One group in a letter. times: in Swedish. changed: others than in the version shown before; None = nothing was."""

    name: str
    times: tuple[str, ...]
    wished: int
    changed: bool | None


@transaction.atomic
def show_proposal(run: SeasonRun, *, by: Any, at: datetime, on: int | None = None) -> SeasonRound:
    """Show what a proposal is now to associations and the public, and write to everyone who handed in, once for each version.

    Another version, or another proposal, can be shown in its place. on: the number of the version that the officer saw; when
    another has come since, nothing is done. NotAllowedNow when it is not computed, the checker has found something, or the season
    is not at that point.
    """
    may_keep_venues(by).or_refuse()
    refuse_while_deciding(run.season)
    season = _locked(run.season_id)
    run = SeasonRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if season.status not in (RoundStatus.CLOSED, RoundStatus.PROPOSED):
        raise NotAllowedNow(_("A proposal is shown when the wishes are in and nothing is decided."), "status")
    if run.status != RunStatus.DONE:
        raise NotAllowedNow(_("The proposal is not computed yet."), "not_computed")
    step = current_step(run)
    if on is not None and step.number != on:
        raise NotAllowedNow(_("Somebody has changed the proposal meanwhile. Look at it and try again."), "changed")
    if step.errors:
        raise NotAllowedNow(_("The check has found something wrong in the proposal. It cannot be shown."), "errors")
    if season.status == RoundStatus.CLOSED and local_day(at) > season.comments_until:
        raise NotAllowedNow(_("The last day for comments has passed. Change it first."), "late")
    before = season.shown
    if before is not None and before.pk == step.pk:
        return season
    season.status, season.shown = RoundStatus.PROPOSED, step
    season.save(update_fields=["status", "shown"])
    changes = {"season": [season.pk, season.pk], "version": [before.pk if before else None, step.pk]}
    filing.note(None, "facilities.proposal_shown", by=by, at=at, changes=changes)
    _write_results(season, version_of(run, step), before, at=at)
    return season


@transaction.atomic
def take_back_showing(season: SeasonRound, *, reason: str, by: Any, at: datetime) -> SeasonRound:
    """Show no proposal any longer, and tell everyone who handed in why. Comments that came stay."""
    may_keep_venues(by).or_refuse()
    refuse_while_deciding(season)
    row = _locked(season.pk)
    if row.status != RoundStatus.PROPOSED:
        raise NotAllowedNow(_("No proposal is shown."), "status")
    if not reason.strip():
        raise NotAllowedNow(_("Say why: everyone who wished is told."), "no_reason")
    before, row.shown, row.status = row.shown, None, RoundStatus.CLOSED
    row.save(update_fields=["status", "shown"])
    changes = {"season": [row.pk, row.pk], "version": [before.pk if before else None, None]}
    event = filing.note(None, "facilities.proposal_taken_back", by=by, at=at, reason=reason.strip(), changes=changes)
    for association in _who_wished(row):
        _post(row, association, "season_taken_back", str(event.pk), {"reason": reason.strip()}, at=at)
    return row


@transaction.atomic
def remind_to_comment(season: SeasonRound, *, at: datetime) -> int:
    """Write once to those who have not commented yet, that the last day comes. How many have not."""
    commented = SeasonComment.objects.filter(season=season).values("association")
    waiting = _who_wished(season, without=commented)
    for association in waiting:
        _post(season, association, "season_comment_reminder", str(season.pk), {}, at=at)
    return len(waiting)


def keep_comments(*, at: datetime) -> int:
    """Once an hour: remind of the last day for comments, of every proposal that is shown. Harmless twice."""
    today = local_day(at)
    rows = SeasonRound.objects.filter(status=RoundStatus.PROPOSED, comments_until__gte=today)
    soon = [row for row in rows if (row.comments_until - today).days <= REMIND_BEFORE]
    return sum(remind_to_comment(row, at=at) for row in soon)


def is_open_for_comments(season: SeasonRound, at: datetime) -> bool:
    """Whether associations may comment now: a proposal is shown, and the last day has not passed."""
    return season.status == RoundStatus.PROPOSED and local_day(at) <= season.comments_until


def _write_results(season: SeasonRound, version: Version, before: SeasonStep | None, *, at: datetime) -> None:
    earlier = version_of(before.run, before) if before else None
    old = {each.section.key: each for each in outcomes(earlier.problem, earlier.plan)} if earlier else {}
    belongs = dict(Section.objects.filter(wishes__season=season).values_list("pk", "wishes__association"))
    found: dict[int, list[GroupResult]] = {}
    for each in outcomes(version.problem, version.plan):
        association = belongs.get(int(each.section.key))
        if association is not None:
            found.setdefault(association, []).append(_group(version, each, old))
    for row in _who_wished(season):
        groups = found.get(row.pk, [])
        context = {
            "groups": groups,
            "given": sum(len(group.times) for group in groups),
            "wished": sum(group.wished for group in groups),
            "again": before is not None,
            "changed": any(group.changed for group in groups),
            "open": is_open_for_comments(season, at),
        }
        _post(season, row, "season_proposal", str(version.step.pk), context, at=at)


def _group(version: Version, each: Outcome, old: Mapping[str, Outcome]) -> GroupResult:
    times = tuple(time_in_short(version.problem, time) for time in each.passes)
    earlier = old.get(each.section.key)
    changed = differs(earlier.passes if earlier else (), each.passes) if old else None
    return GroupResult(each.section.name, times, each.wished, changed)


def _who_wished(season: SeasonRound, without: Any = None) -> list[Association]:
    rows = Association.objects.filter(pk__in=WishList.objects.handed_in().filter(season=season).values("association"))
    return list((rows if without is None else rows.exclude(pk__in=without)).order_by("pk"))


def _post(
    season: SeasonRound, association: Association, letter: str, once: str, context: Mapping[str, Any], *, at: datetime
) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        subject = subject_of(letter, season.name)
    filing.post_letter(
        None,
        key=f"facilities.{letter}.{once}.{association.pk}",
        to=dossier.addresses(association, at=at),
        addressee=association.name,
        subject=subject,
        template=f"letters/facilities/{letter}.html",
        context={"season": season, "association": association, "site": settings.SITE_URL, **context},
        at=at,
    )


def _locked(pk: int) -> SeasonRound:
    return SeasonRound.objects.select_for_update(of=("self",)).select_related("shown__run").get(pk=pk)
