"""A season's round: prepared, opened with an invitation to every association, closed on its day."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from associations.actions import dossier
from associations.choices import AssociationStatus
from associations.models import Association
from facilities.actions.deciding import refuse_while_deciding
from facilities.choices import ROUND_MOVES, RoundStatus
from facilities.models import PrincipleSet, SeasonRound, Space
from facilities.permissions import may_keep_venues
from facilities.rules.allocation.conditions import NotUnderstood
from facilities.rules.allocation.principles import Principles, principles_from_json, principles_to_json
from facilities.rules.allocation.validate import is_usable
from facilities.wording import subject_of
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day

REMIND_BEFORE = 7  # days before the last day for wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """What an officer says of a season. since, until: half open; the other days are the last on which something may be done."""

    name: str
    since: date
    until: date
    opens_on: date
    wishes_until: date
    proposed_on: date
    comments_until: date
    decided_on: date
    checked_on: date | None = None
    halls: tuple[Space, ...] = ()
    principles: PrincipleSet | None = None


@transaction.atomic
def write_principles(
    principles: Principles,
    *,
    by: Any,
    at: datetime,
    source: str = "",
    is_example: bool = False,
    draft: PrincipleSet | None = None,
    seen: str = "",
) -> PrincipleSet:
    """Write a set of principles, or write a draft again. NotAllowedNow when it is published, or is not understood.

    seen: the draft's version when its page was shown; when somebody has written in it since, nothing is written over.
    """
    may_keep_venues(by).or_refuse()
    data = principles_to_json(principles)
    try:
        principles_from_json(data)
    except NotUnderstood as reason:
        raise NotAllowedNow(str(reason), "principles") from reason
    row = PrincipleSet.objects.select_for_update().get(pk=draft.pk) if draft else PrincipleSet()
    if row.published_at:
        raise NotAllowedNow(_("These principles are published. Write a new version instead."), "published")
    if seen and row.pk and seen != row.version:
        raise NotAllowedNow(_("Somebody has changed these principles since you opened the page. Open it again."), "moved")
    row.name, row.principles, row.source, row.is_example = principles.name, data, source, is_example
    row.save()
    filing.note(None, "facilities.principles_written", by=by, at=at, changes={"principles": [None, row.pk]})
    return row


@transaction.atomic
def publish_principles(principles: PrincipleSet, *, by: Any, at: datetime) -> PrincipleSet:
    """Publish a set, which then stands. Published twice it is published once. NotAllowedNow when no plan can be made by it."""
    may_keep_venues(by).or_refuse()
    row = PrincipleSet.objects.select_for_update().get(pk=principles.pk)
    if row.published_at:
        return row
    if not is_usable(row.for_rules()):
        raise NotAllowedNow(_("These principles cannot be used yet. Correct what is marked first."), "principles")
    row.published_at = at
    row.save(update_fields=["published_at"])
    filing.note(None, "facilities.principles_published", by=by, at=at, changes={"principles": [row.pk, row.pk]})
    return row


@transaction.atomic
def plan_round(plan: RoundPlan, *, by: Any, at: datetime, season: SeasonRound | None = None) -> SeasonRound:
    """Prepare a season, or change one. Once it is open its principles stand: associations wished knowing them."""
    may_keep_venues(by).or_refuse()
    if season:
        refuse_while_deciding(season)
    row = _locked(season) if season else SeasonRound()
    if row.pk and row.status != RoundStatus.PLANNED and plan.principles != row.principles:
        raise NotAllowedNow(_("The season is open. Its principles stand."), "principles")
    for name in (
        "name",
        "since",
        "until",
        "opens_on",
        "wishes_until",
        "proposed_on",
        "comments_until",
        "decided_on",
        "checked_on",
    ):
        setattr(row, name, getattr(plan, name))
    row.principles = plan.principles
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as wrong:
        raise NotAllowedNow(_("The days do not come in order. Check them against each other."), "days") from wrong
    row.halls.set(plan.halls)
    filing.note(None, "facilities.season_planned", by=by, at=at, changes={"season": [None, row.pk]})
    return row


@transaction.atomic
def open_round(season: SeasonRound, *, by: Any, at: datetime, seed: str = "") -> SeasonRound:
    """Publish the principles and the seed of the lot, and write to every association. From now on it may be wished."""
    may_keep_venues(by).or_refuse()
    row = _moved(season, RoundStatus.OPEN)
    if row.principles is None:
        raise NotAllowedNow(_("Choose the principles first: associations are to know them before they wish."), "principles")
    if not row.halls.exists():
        raise NotAllowedNow(_("Choose the halls of the season first."), "halls")
    if local_day(at) > row.wishes_until:
        raise NotAllowedNow(_("The last day for wishes has passed. Change it first."), "late")
    row.principles = publish_principles(row.principles, by=by, at=at)
    row.seed = row.seed or seed or secrets.token_hex(8)
    row.save(update_fields=["status", "seed"])
    filing.note(None, "facilities.season_opened", by=by, at=at, changes={"season": [row.pk, row.pk]})
    _tell(row, "season_invitation", _registered(), at=at)
    return row


@transaction.atomic
def close_round(season: SeasonRound, *, by: Any = None, at: datetime) -> SeasonRound:
    """No more wishes. by None: the day has passed. Lists that were never handed in do not count."""
    if by is not None:
        may_keep_venues(by).or_refuse()
    row = _moved(season, RoundStatus.CLOSED)
    row.save(update_fields=["status"])
    filing.note(None, "facilities.season_closed", by=by, at=at, changes={"season": [row.pk, row.pk]})
    return row


def keep_rounds(*, at: datetime) -> int:
    """Once an hour: close what is past its day, remind those who have not answered. Harmless twice; how many were acted on."""
    today, done = local_day(at), 0
    for row in SeasonRound.objects.past_their_day(today):
        close_round(row, at=at)
        done += 1
    for row in SeasonRound.objects.filter(status=RoundStatus.OPEN, wishes_until__gte=today):
        if (row.wishes_until - today).days <= REMIND_BEFORE:
            done += remind_to_wish(row, at=at)
    return done


@transaction.atomic
def remind_to_wish(season: SeasonRound, *, at: datetime) -> int:
    """Write once to those who had times or a list and have not handed in. How many."""
    waiting = unanswered(season)
    _tell(season, "season_reminder", waiting, at=at)
    return len(waiting)


def unanswered(season: SeasonRound) -> list[Association]:
    """Associations that have begun a list, or handed one in the season before, and have not handed one in now. Two queries."""
    before = SeasonRound.objects.filter(since__lt=season.since).order_by("-since").first()
    lists = season.wish_lists.model.objects
    begun = lists.filter(season=season, handed_in_at=None).values("association")
    had = lists.filter(season=before).handed_in().values("association") if before else begun.none()
    answered = lists.filter(season=season).handed_in().values("association")
    rows = Association.objects.filter(status=AssociationStatus.REGISTERED).exclude(pk__in=answered)
    return list((rows.filter(pk__in=begun) | rows.filter(pk__in=had)).distinct().order_by("pk"))


def _registered() -> Sequence[Association]:
    return list(Association.objects.filter(status=AssociationStatus.REGISTERED).order_by("pk"))


def _tell(season: SeasonRound, letter: str, associations: Iterable[Association], *, at: datetime) -> None:
    """A letter to each association, once for a round however often it is asked for."""
    for association in associations:
        with translation.override(settings.LANGUAGE_CODE):
            subject = subject_of(letter, season.name)
        filing.post_letter(
            None,
            key=f"facilities.{letter}.{season.pk}.{association.pk}",
            to=dossier.addresses(association, at=at),
            addressee=association.name,
            subject=subject,
            template=f"letters/facilities/{letter}.html",
            context={"season": season, "association": association, "site": settings.SITE_URL},
            at=at,
        )


def _locked(season: SeasonRound) -> SeasonRound:
    return SeasonRound.objects.select_for_update(of=("self",)).select_related("principles").get(pk=season.pk)


def _moved(season: SeasonRound, to: RoundStatus) -> SeasonRound:
    row = _locked(season)
    if to not in ROUND_MOVES[row.status]:
        raise NotAllowedNow(
            _("That cannot be done now: the season is %(status)s.") % {"status": row.get_status_display()}, "status"
        )
    row.status = to
    return row
