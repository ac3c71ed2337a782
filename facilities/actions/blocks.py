"""Blocks: a time that an association divides among its own groups, and reports how."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.season_bookings import YOUNG
from facilities.choices import TAKES_SPACE, TimeStatus
from facilities.models import BlockShare, Booking, SeasonRound, SeasonTime
from facilities.permissions import may_book_for
from facilities.rules.season_use import Share, ShareFault, share_faults
from records import filing
from records.refusals import NotAllowedNow


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShare:
    """What a group has of a block. starts, ends: minutes from local midnight; ages: what its youngest and oldest turn."""

    name: str
    starts: int
    ends: int
    age_from: int
    age_to: int
    girls: int
    boys: int

    @property
    def people(self) -> int:
        return self.girls + self.boys


class NotDivided(NotAllowedNow):
    """The division does not hold together. faults: (place in the list, what is wrong)."""

    def __init__(self, faults: Sequence[tuple[int, ShareFault]]) -> None:
        super().__init__(_("The block cannot be divided like that."), faults[0][1].value)
        self.faults = tuple(faults)


@transaction.atomic
def divide_block(time: SeasonTime, shares: Sequence[GroupShare], *, by: Any, at: datetime) -> list[BlockShare]:
    """Report how a block is divided, or divide it anew. Its coming bookings tell who comes: the figures follow.

    NotDivided with what does not hold together; NotAllowedNow when the time is no block, or is given back.
    """
    may_book_for(by, time.association, at).or_refuse()
    time = SeasonTime.objects.select_for_update(of=("self",)).select_related("association", "section", "hall").get(pk=time.pk)
    if time.status != TimeStatus.STANDING:
        raise NotAllowedNow(_("The time is given back already."), "ended")
    if not is_block(time):
        raise NotAllowedNow(_("The time is for one group, and is not divided."), "no_block")
    if not shares:
        raise NotAllowedNow(_("Say which groups share the block."), "empty")
    plain = [Share(each.name, each.starts, each.ends, each.people) for each in shares]
    if faults := share_faults(time.starts, time.ends, plain, most=time.hall.capacity):
        raise NotDivided(faults)
    before = time.shares.count()
    time.shares.all().delete()
    rows = BlockShare.objects.bulk_create(
        BlockShare(
            time=time,
            name=each.name,
            starts=each.starts,
            ends=each.ends,
            age_from=each.age_from,
            age_to=each.age_to,
            girls=each.girls,
            boys=each.boys,
            made_at=at,
            by=by,
        )
        for each in shares
    )
    _tell_bookings(time, shares, at)
    changes = {"time": [time.pk, time.pk], "groups": [before, len(rows)]}
    filing.note(None, "facilities.block_divided", by=by, at=at, changes=changes)
    return rows


def is_block(time: SeasonTime) -> bool:
    """Whether the association divides the time among its groups itself."""
    return time.section is None or time.section.is_block


def undivided_blocks(season: SeasonRound) -> list[SeasonTime]:
    """Standing blocks that nobody has divided yet. One query."""
    rows = season.times.filter(status=TimeStatus.STANDING, shares=None).select_related("association", "section", "hall__venue")
    return [row for row in rows.order_by("association__name", "weekday", "starts") if is_block(row)]


def _tell_bookings(time: SeasonTime, shares: Sequence[GroupShare], at: datetime) -> None:
    """People, girls and boys of the block's coming bookings: everybody who comes in some part of it."""
    girls, boys = sum(each.girls for each in shares), sum(each.boys for each in shares)
    young = sum(each.people for each in shares if each.age_to < YOUNG)
    names = ", ".join(dict.fromkeys(each.name for each in shares))
    coming = Booking.objects.filter(series__season_hold__time=time, status__in=TAKES_SPACE, starts_at__gt=at)
    coming.update(people=girls + boys, young=young, women=girls, men=boys, title=names[:150])
