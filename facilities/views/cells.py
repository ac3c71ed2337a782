"""What each cell of a table says and where it leads: by text, by pattern and by colour."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from facilities.choices import BookingStatus
from facilities.models import Space
from facilities.models.timetable import Standing, Timetable
from facilities.rules.free_time import shortest_length
from facilities.views.stretches import State, Stretch
from facilities.views.words import Reader, book_url, span_words, who

SOFT_HYPHEN = "\u00ad"  # where a long word may be divided in a narrow column
_AT = "\0"  # where the time goes in a sentence that is said for every slot of a column
Column = Iterator[tuple[int, "Cell"]]


@dataclass(slots=True)  # not frozen: a page makes a thousand of them
class Cell:
    """One cell. look: its classes. text: what stands in it. full: what a screen reader says. span: how many slots it covers.

    note: who has it, as far as this reader may know.
    """

    state: str
    look: str
    text: str
    full: str
    span: int = 1
    url: str = ""
    note: str = ""


class Cells:
    """Makes the cells of one table for one reader. length: of the booking that is looked for; None = the shortest."""

    def __init__(self, timetable: Timetable, reader: Reader, length: timedelta | None) -> None:
        self.timetable, self.reader, self.length = timetable, reader, length
        self._wall = cache(_wall)
        self._lengths: dict[int, timedelta] = {}

    def column(self, space: Space, day: str, found: Iterable[Stretch], *, aside: bool = False, edge: bool = False) -> Column:
        """The cells of one space in one day, each with the number of its first slot.

        day: in words, as a screen reader says it. aside: a phone leaves it out. edge: a day begins here.
        """
        more = f"{' aside' if aside else ''}{' edge' if edge else ''}"
        said = _("Book %(space)s, %(day)s %(at)s") % {"space": space, "day": day, "at": _AT}
        address, length = reverse("facilities:space_book", args=[space.pk]), self._length(space)
        for stretch in found:
            if stretch.start is not None:
                begins, ends = self._wall(stretch.start), self._wall(stretch.start + length)
                url = f"{address}?day={begins[0]}&begins={begins[1]}&ends={ends[1]}"
                yield stretch.first, Cell("free", f"slot slot--free{more}", begins[1], said.replace(_AT, begins[1]), 1, url)
            elif stretch.uses:
                yield stretch.first, self._taken(space, stretch, more)
            else:
                text, full = _EMPTY[stretch.state]()
                yield stretch.first, Cell(stretch.state, f"slot slot--{stretch.state}{more}", text, full, stretch.slots)

    def _length(self, space: Space) -> timedelta:
        if space.pk not in self._lengths:
            wanted = self.timetable.places[space.pk].wanted(self.length)
            self._lengths[space.pk] = shortest_length(wanted) or wanted.shortest
        return self._lengths[space.pk]

    def _taken(self, space: Space, stretch: Stretch, more: str) -> Cell:
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
        return Cell(state, f"slot slot--{state}{more}", word, full, stretch.slots, url, note)

    def _state(self, use: Standing) -> tuple[str, str]:
        if use.use.closure:
            return "closure", pgettext("a venue", "Closed")
        if self.reader.owns(use):
            return "ours", _("Held for you") if use.status == BookingStatus.HELD else _("Your booking")
        return "taken", _("Taken")


def _wall(at: datetime) -> tuple[str, str]:
    """The day and the time that the clock on the wall shows, as an address carries them."""
    local = localtime(at)
    return f"{local:%Y-%m-%d}", f"{local:%H.%M}"


_EMPTY: dict[State, Callable[[], tuple[str, str]]] = {
    State.CLOSED: lambda: (pgettext("a venue", "Closed"), pgettext("a venue", "Closed")),
    State.PAST: lambda: (_("Passed"), _("The time has passed")),
    State.NOT_YET: lambda: ("–", _("Cannot be booked so soon, or so far ahead")),
    State.NO_ROOM: lambda: ("–", _("Free, but too short for a booking")),
    State.NO_TIME: lambda: ("–", _("The clock goes forward over this time")),
}
