"""When a venue or a space is open, and what it asks of a booking. The nearest level that says something decides."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models.history import tracked
from facilities.models.place import Space, Venue
from facilities.rules import opening, terms

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
    (opening.HOLIDAY, _("Public holiday")),
]


class OfPlaceQuerySet(models.QuerySet[Any]):
    """Rows that a venue or a space has."""

    def heard_by(self, space: Space) -> Self:
        """Those of the space, of the spaces above it and of its venue."""
        return self.filter(Q(space__in=space.path) | Q(venue=space.venue_id))


def of_one_place(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(venue__isnull=False, space__isnull=True) | Q(venue__isnull=True, space__isnull=False),
    )


def real_minutes(name: str) -> models.CheckConstraint:
    """Open within the day, closed at most at midnight of the day after; opens empty: closed."""
    within = Q(opens__isnull=False, opens__lt=opening.DAY, closes__gt=F("opens"), closes__lte=2 * opening.DAY)
    return models.CheckConstraint(name=name, condition=Q(opens__isnull=True) | within)


class OfPlace(models.Model):
    """Belongs to a venue, or to one space of it."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    space = models.ForeignKey(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


@tracked()
class OpeningHours(OfPlace):
    """Ordinary hours of one kind of day in one season. Minutes from local midnight; opens empty: closed that day."""

    weekday = models.PositiveSmallIntegerField(_("day"), choices=WEEKDAYS)
    opens = models.PositiveSmallIntegerField(_("opens"), null=True, blank=True)
    closes = models.PositiveSmallIntegerField(_("closes"), default=opening.DAY)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = OfPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["since", "weekday", "opens"]
        constraints = [
            of_one_place("hours_of_one_place"),
            real_minutes("hours_are_real"),
            models.CheckConstraint(name="hours_on_a_day", condition=Q(weekday__lte=opening.HOLIDAY)),
            models.CheckConstraint(name="hours_end_after_they_begin", condition=Q(until=None) | Q(until__gt=F("since"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens}-{self.closes}"

    def for_rules(self) -> opening.Hours:
        return opening.Hours(self.weekday, self.opens, self.closes, self.since, self.until)


@tracked()
class HoursException(OfPlace):
    """What holds on one day; an overriding one replaces the ordinary hours, another can only add to them."""

    day = models.DateField(_("day"))
    opens = models.PositiveSmallIntegerField(_("opens"), null=True, blank=True)
    closes = models.PositiveSmallIntegerField(_("closes"), default=opening.DAY)
    overrides = models.BooleanField(_("instead of the ordinary hours"), default=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = OfPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception from the opening hours")
        verbose_name_plural = _("exceptions from the opening hours")
        ordering = ["day", "opens"]
        constraints = [of_one_place("hours_exception_of_one_place"), real_minutes("hours_exception_is_real")]

    def __str__(self) -> str:
        return f"{self.day}: {self.opens}-{self.closes}"

    def for_rules(self) -> opening.HoursException:
        return opening.HoursException(self.day, self.opens, self.closes, self.overrides)


class BookingRulesQuerySet(OfPlaceQuerySet):
    def in_force(self, day: date) -> "BookingRulesQuerySet":
        """The version of each place that holds for uses beginning on a day."""
        begun = self.filter(Q(since=None) | Q(since__lte=day))
        return begun.order_by("venue_id", "space_id", F("since").desc(nulls_last=True)).distinct("venue_id", "space_id")


@tracked()
class BookingRules(OfPlace):
    """What a venue or a space asks of a booking. Lengths, grid and buffers in minutes; empty = no limit.

    since: this version holds for uses that begin on this local day or later, until the next; empty = from the beginning. A series
    is judged by the version that holds on its first day.
    """

    since = models.DateField(_("from"), null=True, blank=True)

    before = models.PositiveSmallIntegerField(_("minutes to set up"), default=0)
    after = models.PositiveSmallIntegerField(_("minutes to clean"), default=0)
    shortest = models.PositiveSmallIntegerField(_("shortest booking, minutes"), default=15)
    longest = models.PositiveSmallIntegerField(_("longest booking, minutes"), null=True, blank=True)
    grid = models.PositiveSmallIntegerField(_("begins every so many minutes"), default=15)
    days_before = models.PositiveSmallIntegerField(_("days ahead, at least"), default=0)
    days_ahead = models.PositiveSmallIntegerField(_("days ahead, fewer than"), null=True, blank=True)
    quota = models.PositiveSmallIntegerField(_("coming bookings per hirer"), null=True, blank=True)
    minimum_age = models.PositiveSmallIntegerField(_("age of the person responsible"), null=True, blank=True)
    cancel_hours = models.PositiveSmallIntegerField(_("can be cancelled until so many hours before"), null=True, blank=True)
    needs_approval = models.BooleanField(_("a person answers each request"), default=False)
    answer_days = models.PositiveSmallIntegerField(_("answered within so many working days"), default=3)

    objects = BookingRulesQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking rules")
        verbose_name_plural = _("booking rules")
        constraints = [
            of_one_place("booking_rules_of_one_place"),
            models.UniqueConstraint(
                name="booking_rules_once_per_venue", fields=["venue", "since"], condition=~Q(venue=None), nulls_distinct=False
            ),
            models.UniqueConstraint(
                name="booking_rules_once_per_space", fields=["space", "since"], condition=~Q(space=None), nulls_distinct=False
            ),
            models.CheckConstraint(
                name="booking_rules_have_lengths",
                condition=Q(shortest__gte=1, grid__gte=1) & (Q(longest=None) | Q(longest__gte=1)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.space or self.venue)

    def for_rules(self, capacity: int | None) -> terms.Terms:
        return terms.Terms(
            shortest=self.shortest,
            longest=self.longest,
            grid=self.grid,
            days_before=self.days_before,
            days_ahead=self.days_ahead,
            quota=self.quota,
            capacity=capacity,
            minimum_age=self.minimum_age,
            cancel_hours=self.cancel_hours,
        )
