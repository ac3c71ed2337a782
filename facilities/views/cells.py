"""What each cell of a table says and where it leads: by text, by pattern and by colour."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from facilities.choices import BookingStatus
from facilities.models import Space
from facilities.models.timetable import Standing, Timetable
from facilities.rules.free_time import shortest_length
from facilities.rules.spans import Span
from facilities.views.stretches import State, Stretch
from facilities.views.words import Reader, book_url, clock, span_words, who

SOFT_HYPHEN = "\u00ad"  # where a long word may be divided in a narrow column


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. state: how it looks. text: what stands in it. full: what a screen reader says. span: how many slots it covers.

    note: who has it, as far as this reader may know. aside: of a day that a phone leaves out. edge: a day begins here.
    """

    state: str
    text: str
    full: str
    span: int = 1
    url: str = ""
    note: str = ""
    aside: bool = False
    edge: bool = False


class Cells:
    """Makes the cells of one table for one reader. length: of the booking that is looked for; None = the shortest."""

    def __init__(self, timetable: Timetable, reader: Reader, length: timedelta | None) -> None:
        self.timetable, self.reader, self.length = timetable, reader, length
        self._clock = cache(clock)
        self._lengths: dict[int, timedelta] = {}

    def of(self, space: Space, day: str, stretch: Stretch, *, aside: bool = False, edge: bool = False) -> Cell:
        """day: the day in words, as a screen reader says it."""
        if stretch.state is State.FREE and stretch.start is not None:
            return self._free(space, day, stretch.start, aside=aside, edge=edge)
        if stretch.uses:
            return self._taken(space, stretch, aside=aside, edge=edge)
        text, full = _EMPTY[stretch.state]()
        return Cell(stretch.state, text, full, stretch.slots, aside=aside, edge=edge)

    def _free(self, space: Space, day: str, start: datetime, *, aside: bool, edge: bool) -> Cell:
        at = self._clock(start)
        full = _("Book %(space)s, %(day)s %(at)s") % {"space": space, "day": day, "at": at}
        return Cell("free", at, full, 1, book_url(space.pk, Span(start, start + self._length(space))), aside=aside, edge=edge)

    def _length(self, space: Space) -> timedelta:
        if space.pk not in self._lengths:
            wanted = self.timetable.places[space.pk].wanted(self.length)
            self._lengths[space.pk] = shortest_length(wanted) or wanted.shortest
        return self._lengths[space.pk]

    def _taken(self, space: Space, stretch: Stretch, *, aside: bool, edge: bool) -> Cell:
        """Several uses beside each other (of the halves of a hall) are told together. A taken time leads to what is free."""
        first = stretch.uses[0]
        state, word = self._state(first)
        url = reverse("facilities:booking", args=[first.pk]) if state == "ours" else ""
        if stretch.state is State.PARTLY:
            state, word, url = "partly", _("Partly taken"), ""
        if state in {"taken", "partly"} and first.span.starts > self.timetable.at:
            url = book_url(space.pk, first.span)
        note = ", ".join(dict.fromkeys(filter(None, (who(use, self.reader) for use in stretch.uses))))
        times = ", ".join(dict.fromkeys(span_words(use.span) for use in stretch.uses))
        full = f"{word} {times} {note}".replace(SOFT_HYPHEN, "").strip()
        return Cell(state, word, full, stretch.slots, url, note, aside, edge)

    def _state(self, use: Standing) -> tuple[str, str]:
        if use.use.closure:
            return "closure", pgettext("a venue", "Closed")
        if self.reader.owns(use):
            return "ours", _("Held for you") if use.status == BookingStatus.HELD else _("Your booking")
        return "taken", _("Taken")


_EMPTY: dict[State, Callable[[], tuple[str, str]]] = {
    State.CLOSED: lambda: (pgettext("a venue", "Closed"), pgettext("a venue", "Closed")),
    State.PAST: lambda: (_("Passed"), _("The time has passed")),
    State.NOT_YET: lambda: ("–", _("Cannot be booked so soon, or so far ahead")),
    State.NO_ROOM: lambda: ("–", _("Free, but too short for a booking")),
    State.NO_TIME: lambda: ("–", _("The clock goes forward over this time")),
}
