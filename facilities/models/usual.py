"""What people usually book: the hires that a new tariff is tried on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from facilities.choices import BookingStatus, UseForm, UseKind
from facilities.models.booking import Booking
from facilities.models.place import Space
from facilities.models.tariff import HirerCategory, Tariff
from facilities.rules.opening import local_instant
from facilities.rules.pricing import Hire
from facilities.rules.spans import Span
from records.values import STOCKHOLM

A_YEAR = timedelta(days=365)
MOST_SEEN = 500  # kinds of hires that are looked through


@dataclass(frozen=True, slots=True)
class Usual:
    """A kind of hire. weekday: 0-6; hour: local; times: how often it was booked in a year, 0 for an example."""

    group: str
    hirer: str  # key
    hirer_name: str
    form: str
    weekday: int
    hour: int
    length: timedelta
    times: int

    def hire_from(self, day: date) -> Hire:
        """The same kind of hire on its first weekday on or after *day*."""
        there = day + timedelta(days=(self.weekday - day.weekday()) % 7)
        starts = local_instant(there, self.hour * 60)
        return Hire(span=Span(starts, starts + self.length), group=self.group, hirer=self.hirer, form=self.form)


def usual_hires(most: int, *, at: datetime) -> list[Usual]:
    """The commonest of the last year, each space group and category of hirer once; examples when nothing was booked.

    At most four queries.
    """
    chosen: dict[tuple[str, str], Usual] = {}
    for hire in _counted(at):
        chosen.setdefault((hire.group, hire.hirer), hire)
        if len(chosen) == most:
            break
    return list(chosen.values()) or _examples(most)


def _counted(at: datetime) -> Iterator[Usual]:
    used = Booking.objects.filter(
        kind=UseKind.BOOKING,
        status=BookingStatus.CONFIRMED,
        starts_at__gte=at - A_YEAR,
        starts_at__lt=at + A_YEAR,
        from_elsewhere=False,
    )
    rows = (
        used.annotate(
            weekday=ExtractIsoWeekDay("starts_at", tzinfo=STOCKHOLM),
            hour=ExtractHour("starts_at", tzinfo=STOCKHOLM),
            length=F("ends_at") - F("starts_at"),
        )
        .values_list("space__price_group", "hirer__key", "hirer__name", "form", "weekday", "hour", "length")
        .annotate(times=Count("pk"))
        .order_by("-times", "space__price_group", "hirer__key", "weekday", "hour", "length", "form")
    )
    for group, key, name, form, weekday, hour, length, times in rows[:MOST_SEEN]:
        yield Usual(group, key or "", name or "", form, weekday - 1, hour, length, times)


def _examples(most: int) -> list[Usual]:
    groups = list(Space.objects.exclude(price_group="").order_by("price_group").values_list("price_group", flat=True).distinct())
    first = HirerCategory.objects.order_by("order").first()
    latest = Tariff.objects.select_related("reference").order_by("-valid_from").first()
    hirers = [hirer for hirer in (first, latest.reference if latest else None) if hirer]
    found = [
        Usual(group, hirer.key, hirer.name, UseForm.TRAINING, 1, 18, timedelta(hours=2), 0)
        for group in groups
        for hirer in hirers
    ]
    return found[:most]
