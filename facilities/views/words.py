"""Times and places in words, and the addresses that carry a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from facilities.choices import PUBLIC_FORMS, BookingStatus, UseKind
from facilities.forms.fields import length_in_words
from facilities.models.timetable import Standing
from facilities.rules.spans import Span


def clock(at: datetime) -> str:
    """'18.00' on the wall."""
    return f"{localtime(at):%H.%M}"


def day_words(day: date) -> str:
    """'tisdag 1 december'."""
    return date_format(day, "l j F")


def span_words(span: Span) -> str:
    """'18.00–20.00', or with the day when it ends on another: '22.00–onsdag 2 december 02.00'."""
    starts, ends = localtime(span.starts), localtime(span.ends)
    same = ends.date() == starts.date() or (ends.date() == starts.date() + timedelta(days=1) and f"{ends:%H%M}" == "0000")
    if same:
        return f"{starts:%H.%M}–{'24.00' if ends.date() != starts.date() else f'{ends:%H.%M}'}"
    return f"{starts:%H.%M}–{day_words(ends.date())} {ends:%H.%M}"


def left_words(until: datetime | None, at: datetime) -> str:
    """How long is left, in whole minutes begun: '10 minuter'; '' when nothing is."""
    if until is None or until <= at:
        return ""
    minutes = -(-(until - at) // timedelta(minutes=1))
    return length_in_words(minutes)


@lru_cache(maxsize=20_000)
def time_query(span: Span) -> str:
    """The time as questions of an address: day, begins and ends as the clock on the wall shows them."""
    starts, ends = localtime(span.starts), localtime(span.ends)
    return f"day={starts:%Y-%m-%d}&begins={starts:%H.%M}&ends={ends:%H.%M}"


def book_url(space: int, span: Span, **more: Any) -> str:
    """Where a time of a space is booked, or waited for when it is taken."""
    extra = f"&{urlencode(more)}" if more else ""
    return f"{_book_path(space)}?{time_query(span)}{extra}"


@lru_cache(maxsize=10_000)
def _book_path(space: int) -> str:
    """A week has hundreds of links to a few spaces."""
    return reverse("facilities:space_book", args=[space])


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: names of associations are for those who have signed in, persons are for nobody. mine: what one speaks for."""

    signed_in: bool = False
    user: int | None = None
    mine: frozenset[int] = frozenset()

    def owns(self, use: Standing) -> bool:
        return use.association in self.mine if use.association else self.signed_in and use.booked_by == self.user


def who(use: Standing, reader: Reader) -> str:
    """What this reader may know of a use beside that it stands; '' when nothing."""
    if use.kind == UseKind.CLOSURE:
        return use.title
    if reader.owns(use) or use.kind == UseKind.PERFORMANCE:
        return use.title or use.name
    if use.kind == UseKind.OWN:
        return _("The municipality's own activity")
    if use.status != BookingStatus.CONFIRMED:
        return ""
    if use.form in PUBLIC_FORMS and use.title:
        return use.title
    return use.name if reader.signed_in else ""


def with_changes(query: Mapping[str, Any], **changes: Any) -> str:
    """The questions of an address with some of them changed; None takes one away."""
    kept = {name: value for name, value in query.items() if name not in changes}
    return urlencode({**kept, **{name: value for name, value in changes.items() if value is not None}})
