"""What an association wishes of a season: begun, copied from the last, filled in group by group, handed in, taken back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.choices import RoundStatus
from facilities.models import SeasonRound, Section, Space, SuitableHours, WishedSpace, WishList
from facilities.permissions import may_book_for
from facilities.rules.allocation.principles import STEP
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day

MOST_SECTIONS = 200  # of one association in one season


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a weekday, minutes from midnight. choice: 1 best, 2 good enough."""

    weekday: int
    starts: int
    ends: int
    choice: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """A space that is accepted. parts: any so many of its smallest parts; 0 = all of it."""

    space: Space
    parts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionWish:
    """One group and what it wishes. places: in the order of the wish."""

    name: str
    age_from: int
    age_to: int
    girls: int
    boys: int
    passes: int = 1
    shortest: int = 60
    longest: int = 60
    sport: str = ""
    division: str = ""
    disability: bool = False
    is_block: bool = False
    since: date | None = None
    until: date | None = None
    hours: tuple[Hours, ...] = ()
    places: tuple[Place, ...] = ()


@transaction.atomic
def begin_wishes(season: SeasonRound, association: Association, *, by: Any, at: datetime) -> WishList:
    """The association's list, begun now or before. NotAllowedNow when the season is not open for wishes."""
    may_book_for(by, association, at).or_refuse()
    _insist_open(season, at)
    wishes, made = WishList.objects.get_or_create(season=season, association=association, defaults={"made_at": at})
    if made:
        filing.note(None, "facilities.wishes_begun", by=by, at=at, changes={"wishes": [None, wishes.pk]})
    return wishes


@transaction.atomic
def copy_last_season(wishes: WishList, *, by: Any, at: datetime) -> int:
    """Copy the groups of the association's last season that are not in the list yet, by name. How many were copied.

    Ages are the years that somebody turns, so they stay; dates do not come along, and halls only when they are in this season.
    """
    row = _open_list(wishes, by=by, at=at)
    before = last_list(row)
    if before is None:
        raise NotAllowedNow(_("There are no wishes of an earlier season to copy."), "nothing")
    there = set(row.sections.values_list("name", flat=True))
    halls = set(row.season.halls.values_list("pk", flat=True))
    copied = 0
    for old in before.sections.prefetch_related("suits", "spaces__space").order_by("order", "pk"):
        if old.name in there:
            continue
        wish = _wish_of(old)
        kept = tuple(place for place in wish.places if place.space.path[0] in halls)
        _write(row, Section(wishes=row, order=len(there) + copied, before=old), wish, kept)
        copied += 1
    filing.note(None, "facilities.wishes_copied", by=by, at=at, changes={"wishes": [before.pk, row.pk], "groups": [0, copied]})
    return copied


@transaction.atomic
def save_section(wishes: WishList, wish: SectionWish, *, by: Any, at: datetime, section: Section | None = None) -> Section:
    """Write one group into the list, or write it again. NotAllowedNow with what does not hold together."""
    row = _open_list(wishes, by=by, at=at)
    _insist_sound(wish)
    halls = set(row.season.halls.values_list("pk", flat=True))
    if any(place.space.path[0] not in halls for place in wish.places):
        raise NotAllowedNow(_("Choose among the halls of the season."), "halls")
    if section is None and row.sections.count() >= MOST_SECTIONS:
        raise NotAllowedNow(_("There are very many groups in the list. Contact the municipality."), "many")
    kept = row.sections.get(pk=section.pk) if section else Section(wishes=row, order=row.sections.count())
    try:
        with transaction.atomic():
            saved = _write(row, kept, wish, wish.places)
    except IntegrityError as there:
        raise NotAllowedNow(_("There is a group with that name already. Give this one another name."), "name") from there
    filing.note(None, "facilities.section_saved", by=by, at=at, changes={"section": [None, saved.pk]})
    return saved


@transaction.atomic
def remove_section(section: Section, *, by: Any, at: datetime) -> None:
    """Take one group out of the list."""
    _open_list(section.wishes, by=by, at=at)
    filing.note(None, "facilities.section_removed", by=by, at=at, changes={"section": [section.pk, None]})
    section.delete()


@transaction.atomic
def hand_in_wishes(wishes: WishList, *, by: Any, at: datetime, message: str = "") -> WishList:
    """Hand the list in. Pressed twice it is handed in once. NotAllowedNow when it is empty or a group lacks what it needs."""
    may_book_for(by, wishes.association, at).or_refuse()
    row = _locked(wishes)
    if row.handed_in_at:
        return row
    _insist_open(row.season, at)
    sections = list(row.sections.prefetch_related("suits", "spaces"))
    if not sections:
        raise NotAllowedNow(_("There are no groups in the list yet."), "empty")
    if lacking := [section.name for section in sections if not section.suits.all() or not section.spaces.all()]:
        raise NotAllowedNow(_("Say when and where for: %(groups)s.") % {"groups": ", ".join(lacking)}, "incomplete")
    row.message, row.handed_in_at, row.handed_in_by = message, at, by
    row.save(update_fields=["message", "handed_in_at", "handed_in_by"])
    filing.note(None, "facilities.wishes_handed_in", by=by, at=at, changes={"wishes": [row.pk, row.pk]})
    return row


@transaction.atomic
def take_back_wishes(wishes: WishList, *, by: Any, at: datetime) -> WishList:
    """Open the list again to change it, until the last day. It no longer counts until it is handed in again."""
    may_book_for(by, wishes.association, at).or_refuse()
    row = _locked(wishes)
    _insist_open(row.season, at)
    if row.handed_in_at is None:
        return row
    row.handed_in_at = row.handed_in_by = None
    row.save(update_fields=["handed_in_at", "handed_in_by"])
    filing.note(None, "facilities.wishes_taken_back", by=by, at=at, changes={"wishes": [row.pk, row.pk]})
    return row


def last_list(wishes: WishList) -> WishList | None:
    """What the association handed in for the latest season before this one. One query."""
    earlier = WishList.objects.handed_in().filter(association=wishes.association_id, season__since__lt=wishes.season.since)
    return earlier.order_by("-season__since", "-pk").first()


def is_open_for_wishes(season: SeasonRound, at: datetime) -> bool:
    """Whether wishes may be written and handed in now: the status says so, and the last day has not passed."""
    return season.status == RoundStatus.OPEN and local_day(at) <= season.wishes_until


def _wish_of(section: Section) -> SectionWish:
    return SectionWish(
        name=section.name,
        age_from=section.age_from,
        age_to=section.age_to,
        girls=section.girls,
        boys=section.boys,
        passes=section.passes,
        shortest=section.shortest,
        longest=section.longest,
        sport=section.sport,
        division=section.division,
        disability=section.disability,
        is_block=section.is_block,
        hours=tuple(Hours(each.weekday, each.starts, each.ends, each.choice) for each in section.suits.all()),
        places=tuple(Place(each.space, each.parts) for each in section.spaces.all()),
    )


def _write(wishes: WishList, section: Section, wish: SectionWish, places: tuple[Place, ...]) -> Section:
    for name in ("name", "age_from", "age_to", "girls", "boys", "passes", "shortest", "longest", "sport", "division"):
        setattr(section, name, getattr(wish, name))
    section.disability, section.is_block = wish.disability, wish.is_block
    section.since, section.until = wish.since, wish.until
    section.save()
    section.suits.all().delete()
    section.spaces.all().delete()
    SuitableHours.objects.bulk_create(
        SuitableHours(section=section, weekday=each.weekday, starts=each.starts, ends=each.ends, choice=each.choice)
        for each in wish.hours
    )
    WishedSpace.objects.bulk_create(
        WishedSpace(section=section, space=place.space, parts=place.parts, order=number) for number, place in enumerate(places)
    )
    return section


def _insist_sound(wish: SectionWish) -> None:
    """What the database would refuse, in words; and a length that fits no stretch of hours."""
    if wish.age_from > wish.age_to:
        raise NotAllowedNow(_("The youngest cannot be older than the oldest."), "ages")
    if wish.girls + wish.boys < 1:
        raise NotAllowedNow(_("Say how many are in the group."), "members")
    if wish.shortest > wish.longest:
        raise NotAllowedNow(_("The shortest time cannot be longer than the longest."), "lengths")
    for hours in wish.hours:
        if hours.starts >= hours.ends or hours.starts % STEP or hours.ends % STEP:
            raise NotAllowedNow(_("Hours begin before they end, on the hour or the half hour."), "hours")
    if wish.hours and all(hours.ends - hours.starts < wish.shortest for hours in wish.hours):
        raise NotAllowedNow(_("None of the hours that suit is as long as the shortest time."), "too_short")
    if wish.since and wish.until and wish.since >= wish.until:
        raise NotAllowedNow(_("The last day has to come after the first."), "days")


def _insist_open(season: SeasonRound, at: datetime) -> None:
    fresh = SeasonRound.objects.get(pk=season.pk)
    if not is_open_for_wishes(fresh, at):
        raise NotAllowedNow(_("The season is not open for wishes."), "closed")


def _locked(wishes: WishList) -> WishList:
    rows = WishList.objects.select_for_update(of=("self",)).select_related("season", "association")
    return rows.get(pk=wishes.pk)


def _open_list(wishes: WishList, *, by: Any, at: datetime) -> WishList:
    """The list under its lock, when this person may write in it now."""
    may_book_for(by, wishes.association, at).or_refuse()
    row = _locked(wishes)
    _insist_open(row.season, at)
    if row.handed_in_at:
        raise NotAllowedNow(_("The wishes are handed in. Open them again to change them."), "handed_in")
    return row
