"""A season is decided: the proposal that is shown becomes weekly times, and each of them bookings. And the decision is undone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from associations.actions import dossier
from associations.models import Association
from facilities.actions.ground import lock_ground
from facilities.actions.proposals import Version, version_of
from facilities.actions.season_bookings import Booked, book_locked
from facilities.actions.season_days import SeasonDay, Weekly, expected, weekly
from facilities.choices import ROUND_MOVES, TAKES_SPACE, BookingStatus, RoundStatus, TimeOfferStatus, TimeStatus
from facilities.models import Booking, SeasonClash, SeasonHold, SeasonRound, SeasonTime, Section, Space, TimeOffer, WishList
from facilities.permissions import may_decide_season
from facilities.rules.allocation.following import series_of
from facilities.wording import subject_of
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day
from records.work import Report, silently


@dataclass(frozen=True, slots=True)
class Given:
    """A weekly time that the decision gives, and the spaces that it takes. time: unsaved until it is decided."""

    time: SeasonTime
    spaces: tuple[Space, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What deciding now would make. clashes: the days that could not be booked, in order of day."""

    given: tuple[Given, ...]
    bookings: int
    clashes: tuple[tuple[Weekly, SeasonDay], ...]


@dataclass(frozen=True, slots=True)
class GroupGiven:
    """One group in a letter. lost: days that could not be booked, (day, in which space)."""

    name: str
    wished: int
    times: tuple[SeasonTime, ...]
    lost: tuple[SeasonClash, ...]


def foresee(season: SeasonRound, *, at: datetime) -> Foreseen:
    """What deciding the shown proposal would make now. Holds nothing. A few queries for each space, however many times."""
    given = _given(season, _shown(season), at=at)
    rows = _rows(given)
    days = expected(rows, at)
    clashes = [(row, day) for row, found in zip(rows, days, strict=True) for day in found if day.why]
    total = sum(map(len, days))
    return Foreseen(given, total - len(clashes), tuple(sorted(clashes, key=lambda each: each[1].day)))


@transaction.atomic
def decide_season(season: SeasonRound, *, by: Any, at: datetime, seen: int | None = None, report: Report = silently) -> Booked:
    """Decide the shown proposal: its times are booked every week, each day that cannot be had is told, and every association that
    wished gets a letter. All of it or nothing. Seconds for a large season: the worker does it (actions.deciding).

    seen: the version that the officer read (a SeasonStep's key); another that is shown meanwhile is not decided. The order of
    locks is the ground's: venues, parts, then the season's row, so two who decide at once follow each other.
    """
    may_decide_season(by, season).or_refuse()
    report("reads", 0, 1)
    version = _shown(season)
    given = _given(season, version, at=at)
    ground = {space.pk: space for each in given for space in each.spaces}
    fresh = {space.pk: space for space in lock_ground(*ground.values())} if ground else {}
    row = _moved(season, RoundStatus.DECIDED)
    if row.shown_id != version.step.pk or (seen is not None and seen != version.step.pk):
        raise NotAllowedNow(_("Another proposal has been shown meanwhile. Read it before you decide."), "changed")
    SeasonTime.objects.bulk_create(each.time for each in given)
    made = book_locked(_rows(given, fresh), by=by, at=at, report=report)
    report("letters", 0, 1)
    row.case = row.case or filing.open_case(title=_title(row), at=at, by=by)
    row.decided_at, row.decided_by = at, by
    row.save(update_fields=["status", "case", "decided_at", "decided_by"])
    changes = {
        "season": [row.pk, row.pk],
        "version": [None, version.step.plan_sha256],
        "times": [None, len(given)],
        "bookings": [None, len(made.bookings)],
        "clashes": [None, len(made.clashes)],
    }
    event = filing.note(row.case, "facilities.season_decided", by=by, at=at, changes=changes)
    _write_decision(row, event.pk, at=at)
    return made


@transaction.atomic
def undo_decision(season: SeasonRound, *, reason: str, by: Any, at: datetime, report: Report = silently) -> SeasonRound:
    """Undo a decision until the season has begun: its bookings are cancelled and their codes taken away, nothing else is touched.

    The proposal is shown again. What was given stays in the history as taken back before it began. Times that come free are
    offered to nobody: the season is to be decided anew.
    """
    may_decide_season(by, season).or_refuse()
    if not reason.strip():
        raise NotAllowedNow(_("Say why: every association that wished is told."), "no_reason")
    spaces = list(Space.objects.filter(pk__in=SeasonHold.objects.filter(time__season=season).values("space")))
    if spaces:
        lock_ground(*spaces, alone=True)
    row = _moved(season, RoundStatus.PROPOSED)
    if local_day(at) >= row.since:
        raise NotAllowedNow(_("The season has begun. Take times back one by one instead."), "begun")
    report("cancels", 0, 1)
    times = row.times.standing()
    bookings = Booking.objects.filter(series__season_hold__time__in=times, status__in=TAKES_SPACE)
    cancelled = bookings.update(status=BookingStatus.CANCELLED, cancelled_at=at, held_until=None, access_code="")
    TimeOffer.objects.filter(time__season=row, status=TimeOfferStatus.OFFERED).update(status=TimeOfferStatus.WITHDRAWN)
    with translation.override(settings.LANGUAGE_CODE):
        note = gettext("The decision was undone.")
    open_clashes = SeasonClash.objects.open().filter(hold__time__season=row)
    open_clashes.update(settled_at=at, settled_by=by, note=note)
    times.update(status=TimeStatus.TAKEN_BACK, ended_on=row.since, reason=reason.strip()[:300])
    row.decided_at = row.decided_by = None
    row.save(update_fields=["status", "decided_at", "decided_by"])
    changes = {"season": [row.pk, row.pk], "bookings": [cancelled, None]}
    event = filing.note(row.case, "facilities.season_undone", by=by, at=at, reason=reason.strip(), changes=changes)
    report("letters", 0, 1)
    told = {"reason": reason.strip()}
    _post(row, [(each, told) for each in _who_wished(row)], "season_undone", event.pk, at=at)
    return row


def _shown(season: SeasonRound) -> Version:
    row = SeasonRound.objects.select_related("shown__run").get(pk=season.pk)
    if row.shown is None:
        raise NotAllowedNow(_("No proposal is shown. Show one first, so that associations can comment on it."), "not_shown")
    return version_of(row.shown.run, row.shown)


def _given(season: SeasonRound, version: Version, *, at: datetime) -> tuple[Given, ...]:
    """The weekly times of a plan as rows, unsaved. Two queries."""
    series = series_of(version.problem, version.plan)
    keys = {int(key) for each in series for key in (each.hall, *_keys(each.space, each.leaves))}
    spaces = Space.objects.select_related("venue").in_bulk(keys)
    wanted = {int(each.section) for each in series}
    sections = Section.objects.select_related("wishes__association__category").in_bulk(wanted)
    if spaces.keys() != keys or sections.keys() != wanted:
        raise NotAllowedNow(_("A group or a hall of the proposal is no longer there. Make a new proposal."), "gone")
    wished, begins = {each.key: each for each in version.problem.sections}, version.problem.since
    found = []
    for each in series:
        section, pattern = sections[int(each.section)], each.pattern
        time = SeasonTime(
            season=season,
            association=section.wishes.association,
            section=section,
            hall=spaces[int(each.hall)],
            weekday=pattern.first.weekday(),
            starts=pattern.starts,
            ends=pattern.ends,
            since=max(wished[each.section].since or begins, begins),
            until=pattern.last + timedelta(days=1),
            made_at=at,
        )
        found.append(Given(time, tuple(spaces[int(key)] for key in _keys(each.space, each.leaves))))
    return tuple(found)


def _keys(space: str, leaves: Sequence[str]) -> Sequence[str]:
    return [space] if space else leaves


def _rows(given: Iterable[Given], fresh: dict[int, Space] | None = None) -> list[Weekly]:
    """fresh: the spaces as they are under the locks."""
    known = fresh or {}
    return [row for each in given for row in weekly(each.time, [known.get(space.pk, space) for space in each.spaces])]


def _write_decision(season: SeasonRound, number: int, *, at: datetime) -> None:
    """A letter to every association that wished, also to those who got nothing. number: of the decision."""
    groups = _groups(season)
    told = []
    for association in _who_wished(season):
        found = groups.get(association.pk, [])
        context = {
            "groups": found,
            "given": sum(len(group.times) for group in found),
            "wished": sum(group.wished for group in found),
            "lost": sum(len(group.lost) for group in found),
        }
        told.append((association, context))
    _post(season, told, "season_decision", number, at=at)


def _groups(season: SeasonRound) -> dict[int, list[GroupGiven]]:
    """Association -> its groups with what they got. Three queries."""
    times: dict[int | None, list[SeasonTime]] = {}
    for time in season.times.standing().select_related("hall__venue"):
        times.setdefault(time.section_id, []).append(time)
    lost: dict[int | None, list[SeasonClash]] = {}
    clashes = SeasonClash.objects.filter(hold__time__in=season.times.standing()).select_related(
        "hold__space__venue", "hold__time"
    )
    for clash in clashes:
        lost.setdefault(clash.hold.time.section_id, []).append(clash)
    sections = Section.objects.filter(wishes__season=season, wishes__handed_in_at__isnull=False).select_related("wishes")
    ordered = sections.order_by("wishes__association", "order", "pk")
    return {
        association: [
            GroupGiven(each.name, each.passes, tuple(times.get(each.pk, ())), tuple(lost.get(each.pk, ()))) for each in rows
        ]
        for association, rows in groupby(ordered, key=lambda each: each.wishes.association_id)
    }


def _who_wished(season: SeasonRound) -> list[Association]:
    wished = WishList.objects.handed_in().filter(season=season).values("association")
    return list(Association.objects.filter(pk__in=wished).order_by("pk"))


def _post(
    season: SeasonRound, told: Sequence[tuple[Association, dict[str, Any]]], letter: str, number: int, *, at: datetime
) -> None:
    addresses = dossier.addresses_of([association for association, _context in told], at=at)
    with translation.override(settings.LANGUAGE_CODE):
        subject = subject_of(letter, season.name)
    drafts = [
        filing.Draft(
            key=f"facilities.{letter}.{number}.{association.pk}",
            to=addresses[association.pk],
            addressee=association.name,
            subject=subject,
            template=f"letters/facilities/{letter}.html",
            context={"season": season, "association": association, "site": settings.SITE_URL, **context},
        )
        for association, context in told
    ]
    filing.post_letters(season.case, drafts, at=at)


def _title(season: SeasonRound) -> str:
    """Of the case and of its letters; the register is kept in Swedish."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("Times for the season %(season)s") % {"season": season.name}


def _moved(season: SeasonRound, to: RoundStatus) -> SeasonRound:
    related = ("principles", "case", "shown")
    row = SeasonRound.objects.select_for_update(of=("self",)).select_related(*related).get(pk=season.pk)
    if to not in ROUND_MOVES[row.status] or (to == RoundStatus.PROPOSED) != (row.status == RoundStatus.DECIDED):
        raise NotAllowedNow(
            _("That cannot be done now: the season is %(status)s.") % {"status": row.get_status_display()}, "status"
        )
    row.status = to
    return row
