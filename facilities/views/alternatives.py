"""When a time is taken: what is free next to it, in other parts, and in other venues."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from facilities.choices import SpaceKind
from facilities.models import Space
from facilities.models.timetable import Standing, Timetable
from facilities.rules.opening import DAY, local_instant
from facilities.rules.spans import Span
from facilities.rules.terms import Fault
from facilities.views.words import book_url
from facilities.wording import FAULTS
from records.values import local_day

ELSEWHERE, LOOKED_AT = 3, 150


@dataclass(frozen=True, slots=True)
class Another:
    """Another time or place that is free."""

    space: Space
    span: Span

    @property
    def url(self) -> str:
        return book_url(self.space.pk, self.span)


@dataclass(frozen=True, slots=True)
class Look:
    """What stands against a time, and what is free instead."""

    faults: tuple[Fault, ...] = ()
    taken_by: tuple[Standing, ...] = ()
    beside: tuple[Another, ...] = ()
    parts: tuple[Another, ...] = ()
    elsewhere: tuple[Another, ...] = ()

    @property
    def is_free(self) -> bool:
        return not self.faults and not self.taken_by

    @property
    def sentences(self) -> list[Any]:
        """What stands against it, in words."""
        taken = [FAULTS[Fault.TAKEN]] if self.taken_by else []
        return [*(FAULTS[fault] for fault in self.faults), *taken]

    @property
    def has_others(self) -> bool:
        return bool(self.beside or self.parts or self.elsewhere)


def look(space: Space, span: Span, *, at: datetime, without: Collection[int] = ()) -> Look:
    """Whether a time can be booked as things stand, and what else there is when it cannot. Nine queries at most."""
    day = local_day(span.starts)
    own = Timetable([space], day, local_day(span.ends), at=at, without=without)
    faults, taken = own.faults(space, span), tuple(own.in_the_way(space, span))
    if not faults and not taken:
        return Look()
    if set(faults) & {Fault.PAST, Fault.TOO_SOON, Fault.TOO_FAR_AHEAD}:
        return Look(faults, taken)
    near = Q(venue=space.venue_id) & (Q(kind=space.kind) | Q(pk__in=space.path) | Q(parent=space.pk))
    others = list(
        Space.objects.bookable()
        .filter(near | Q(kind=space.kind))
        .exclude(Q(pk=space.pk) | Q(kind=SpaceKind.EQUIPMENT))
        .select_related("venue")
        .order_by("venue__name", "path")[:LOOKED_AT]
    )
    timetable = Timetable([space, *others], day, local_day(span.ends), at=at, without=without)
    free = [Another(other, span) for other in others if timetable.is_free(other, span)]
    return Look(
        faults,
        taken,
        _beside(timetable, space, span),
        tuple(each for each in free if each.space.venue_id == space.venue_id),
        tuple(each for each in free if each.space.venue_id != space.venue_id)[:ELSEWHERE],
    )


def _beside(timetable: Timetable, space: Space, span: Span) -> tuple[Another, ...]:
    """The nearest free time before and the nearest after, as long, on the same day."""
    day = local_day(span.starts)
    starts = timetable.free_starts(space, span.length, local_instant(day, 0), local_instant(day, DAY))
    before = max((start for start in starts if start < span.starts), default=None)
    after = min((start for start in starts if start > span.starts), default=None)
    return tuple(Another(space, Span(start, start + span.length)) for start in (before, after) if start)
