"""A season's times in use: which dates were used, what is too little, how long an offer stands, and blocks that are divided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

ANSWER_DAY = timedelta(hours=48)  # to answer an offer of one date
ANSWER_REST = timedelta(days=5)  # to answer an offer of the rest of the season
BEFORE_IT_BEGINS = timedelta(hours=2)  # an offer ends so long before the time, so that somebody else may still come


class DateUse(StrEnum):
    """What is known of one date."""

    USED = "used"  # somebody checked in, or attendance was reported
    EMPTY = "empty"  # noted that nobody came
    UNKNOWN = "unknown"  # nobody has noted anything


@dataclass(frozen=True, slots=True)
class Use:
    """Dates that have been, by what is known of them."""

    used: int = 0
    empty: int = 0
    unknown: int = 0

    @property
    def held(self) -> int:
        return self.used + self.empty + self.unknown

    @property
    def known(self) -> int:
        return self.used + self.empty


@dataclass(frozen=True, slots=True)
class UseLimits:
    """When a time counts as used too little, and how long its association has to answer. The numbers here are examples."""

    least_percent: int = 60  # of the dates that something is known of
    least_known: int = 3  # dates, before anything is said
    answer_days: int = 14


@dataclass(frozen=True, slots=True)
class Share:
    """What a group has of a block, minutes from local midnight."""

    name: str
    starts: int
    ends: int
    people: int


class ShareFault(StrEnum):
    """What is wrong with the division of a block."""

    OUTSIDE = "outside"  # not within the block
    BACKWARD = "backward"  # ends before it begins
    TWICE = "twice"  # the same group at the same time
    TOO_MANY = "too_many"  # more people at one time than the hall takes


def date_use(*, arrived: bool, absent: bool, attendance: bool) -> DateUse:
    """What a date counts as. Attendance that was reported weighs more than a note that nobody came.

    Rule FA-94. Source: issue, "real use (check-in, attendance) against given time".
    Words: nyttjande, användning, incheckning, närvaro, tom tid.
    """
    if arrived or attendance:
        return DateUse.USED
    return DateUse.EMPTY if absent else DateUse.UNKNOWN


def use_of(dates: Iterable[DateUse]) -> Use:
    """The dates of a time, counted.

    Rule FA-95. Source: issue, "real use (check-in, attendance) against given time".
    Words: nyttjande, nyttjandegrad, användning.
    """
    found = list(dates)
    return Use(*(sum(each is kind for each in found) for kind in (DateUse.USED, DateUse.EMPTY, DateUse.UNKNOWN)))


def is_underused(use: Use, limits: UseLimits) -> bool:
    """Whether a time was used on fewer than so many percent of the dates that something is known of, when enough are known.

    What nobody has noted speaks neither for nor against.

    Rule FA-96. Source: issue, "September check and take-back with notice"; the limits are set for each season (UseLimits).
    Words: outnyttjad, septemberkontroll, återtagande, för lite använd.
    """
    return use.known >= max(1, limits.least_known) and 100 * use.used < limits.least_percent * use.known


def offer_ends(at: datetime, begins: datetime, *, rest: bool) -> datetime | None:
    """The instant before which an offer is answered; None when it is too late to offer the time at all.

    Rule FA-97. Source: issue, "offered to the next in order with a time limit"; the lengths are examples.
    Words: svarstid, erbjudande, nästa i tur.
    """
    ends = min(at + (ANSWER_REST if rest else ANSWER_DAY), begins - BEFORE_IT_BEGINS)
    return ends if ends > at else None


def share_faults(starts: int, ends: int, shares: Sequence[Share], *, most: int | None) -> tuple[tuple[int, ShareFault], ...]:
    """(place in the list, what is wrong) of a block [starts, ends) that is divided. most: people that the hall takes.

    Groups may train at the same time in the same block: they share the hall.

    Rule FA-98. Source: issue, "block times that a club divides among its own groups and reports back".
    Words: blocktid, fördela, dela block, egna grupper.
    """
    found, seen = [], set()
    for place, share in enumerate(shares):
        if share.starts >= share.ends:
            found.append((place, ShareFault.BACKWARD))
        elif share.starts < starts or share.ends > ends:
            found.append((place, ShareFault.OUTSIDE))
        if (share.name.casefold(), share.starts) in seen:
            found.append((place, ShareFault.TWICE))
        seen.add((share.name.casefold(), share.starts))
        together = sum(each.people for each in shares if each.starts <= share.starts < each.ends)
        if most is not None and together > most:
            found.append((place, ShareFault.TOO_MANY))
    return tuple(found)


def undivided(starts: int, ends: int, shares: Iterable[Share]) -> int:
    """Minutes of a block that no group has.

    Rule FA-99. Source: issue, "block times that a club divides among its own groups and reports back".
    Words: blocktid, inte fördelad, ledig del av block.
    """
    left, at = 0, starts
    for share in sorted(shares, key=lambda each: (each.starts, each.ends)):
        left += max(0, min(share.starts, ends) - at)
        at = max(at, share.ends)
    return left + max(0, ends - at)
