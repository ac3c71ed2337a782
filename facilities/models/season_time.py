"""What a season's decision gave: weekly times, the bookings that they became, what was in the way, and times offered anew."""

from datetime import date, timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from associations.models.history import tracked
from facilities.choices import TIME_MOVES, TIME_OFFER_MOVES, TimeOfferStatus, TimeStatus
from facilities.models.booking import Booking, Series
from facilities.models.hours import WEEKDAYS
from facilities.models.place import Space
from facilities.models.season import SeasonRound
from facilities.models.section import Section

_DAY = 24 * 60


class SeasonTimeQuerySet(models.QuerySet["SeasonTime"]):
    def visible_to(self, user: Any) -> "SeasonTimeQuerySet":
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("facilities.read_bookings"):
            return self.all()
        return self.filter(association__in=Association.objects.spoken_for_by(user).values("pk"))

    def standing(self) -> "SeasonTimeQuerySet":
        return self.filter(status=TimeStatus.STANDING)


@tracked()
class SeasonTime(models.Model):
    """A weekly time of a season. section: the group that it is for; empty = a block that the association divides itself.

    since, until: half open local days. starts, ends: minutes from local midnight. hall: the whole hall; what is taken of it is
    in its holds. ended_on: the first day on which it no longer holds, when it was given or taken back.
    """

    season = models.ForeignKey(SeasonRound, on_delete=models.PROTECT, related_name="times", verbose_name=_("season"))
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="season_times")
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="times", verbose_name=_("group")
    )
    hall = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="season_times", verbose_name=_("hall"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    starts = models.PositiveSmallIntegerField(_("begins"))
    ends = models.PositiveSmallIntegerField(_("ends"))
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    status = models.CharField(_("status"), max_length=10, choices=TimeStatus.choices, default=TimeStatus.STANDING)
    ended_on = models.DateField(_("given back from"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("decided"))
    before = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="after", verbose_name=_("came free from")
    )

    objects = SeasonTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("season time")
        verbose_name_plural = _("season times")
        ordering = ["weekday", "starts", "pk"]
        constraints = [
            models.CheckConstraint(
                name="season_time_of_a_weekday", condition=Q(weekday__lte=6, starts__lt=F("ends"), ends__lte=_DAY)
            ),
            models.CheckConstraint(name="season_time_begins_before_it_ends", condition=Q(since__lt=F("until"))),
            models.CheckConstraint(
                name="season_time_ended_has_its_day",
                condition=Q(status__in=[TimeStatus.STANDING, TimeStatus.OFFERED], ended_on=None)
                | (~Q(status__in=[TimeStatus.STANDING, TimeStatus.OFFERED]) & Q(ended_on__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="season_time_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in TIME_MOVES.items() for new in sorted(moves)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.association}: {self.get_weekday_display()} {self.starts}-{self.ends}"

    @property
    def last_day(self) -> date:
        """The last day of its weeks, as people say it."""
        return self.until - timedelta(days=1)


class SeasonHold(models.Model):
    """A space that a season's time takes, and the series of bookings in it. Several when the parts are no space of their own."""

    time = models.ForeignKey(SeasonTime, on_delete=models.PROTECT, related_name="holds")
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", verbose_name=_("space"))
    series = models.OneToOneField(Series, on_delete=models.PROTECT, null=True, blank=True, related_name="season_hold")

    class Meta:
        verbose_name = _("space of a season time")
        verbose_name_plural = _("spaces of a season time")
        ordering = ["time", "pk"]
        constraints = [models.UniqueConstraint(name="season_hold_of_a_space_once", fields=["time", "space"])]

    def __str__(self) -> str:
        return f"{self.time}, {self.space}"


class SeasonClashQuerySet(models.QuerySet["SeasonClash"]):
    def open(self) -> "SeasonClashQuerySet":
        """Those that somebody has to settle: of a time that is given or taken back nobody has to."""
        return self.filter(settled_at=None, hold__time__status=TimeStatus.STANDING)


class SeasonClash(models.Model):
    """A day on which a season's time got no booking, and why: none is lost, each is settled by somebody.

    why: "overlapping" another use (booking), else the code of the fault in the terms of the space, or "no_such_time".
    """

    hold = models.ForeignKey(SeasonHold, on_delete=models.PROTECT, related_name="clashes")
    day = models.DateField(_("day"))
    why = models.CharField(_("why"), max_length=30)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("found"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("how it was settled"), max_length=300, blank=True)

    objects = SeasonClashQuerySet.as_manager()

    class Meta:
        verbose_name = _("day that could not be booked")
        verbose_name_plural = _("days that could not be booked")
        ordering = ["day", "pk"]
        constraints = [models.UniqueConstraint(name="season_clash_once_a_day", fields=["hold", "day"])]

    def __str__(self) -> str:
        return f"{self.hold}, {self.day}"


class TimeOfferQuerySet(models.QuerySet["TimeOffer"]):
    def visible_to(self, user: Any) -> "TimeOfferQuerySet":
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("facilities.read_bookings"):
            return self.all()
        return self.filter(section__wishes__association__in=Association.objects.spoken_for_by(user).values("pk"))

    def ran_out(self, at: Any) -> "TimeOfferQuerySet":
        return self.filter(status=TimeOfferStatus.OFFERED, open_until__lte=at)


@tracked()
class TimeOffer(models.Model):
    """A season's time that came free, offered to the next group in order. day: only that date; empty = the rest of the season.

    rung, draw: what put the group in its place (Rule FA-40); order: from 1. given: the time that is held for the group meanwhile,
    and that stands when the offer is taken; empty when nothing of it could be held.
    """

    time = models.ForeignKey(SeasonTime, on_delete=models.PROTECT, related_name="offers", verbose_name=_("time"))
    day = models.DateField(_("day"), null=True, blank=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="offers", verbose_name=_("group"))
    rung = models.PositiveSmallIntegerField(_("step"))
    draw = models.CharField(_("lot"), max_length=64)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    given = models.OneToOneField(SeasonTime, on_delete=models.PROTECT, null=True, blank=True, related_name="offered_as")
    status = models.CharField(_("status"), max_length=10, choices=TimeOfferStatus.choices, default=TimeOfferStatus.OFFERED)
    offered_at = models.DateTimeField(_("offered"))
    open_until = models.DateTimeField(_("answered before"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = TimeOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of a season time")
        verbose_name_plural = _("offers of season times")
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="time_offered_once_to_a_group", fields=["time", "day", "section"], nulls_distinct=False),
            models.UniqueConstraint(
                name="time_offered_to_one_at_a_time",
                fields=["time", "day"],
                condition=Q(status__in=[TimeOfferStatus.OFFERED, TimeOfferStatus.TAKEN]),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="time_offer_is_open_for_a_while", condition=Q(open_until__gt=F("offered_at"))),
            models.CheckConstraint(
                name="time_offer_taken_is_given", condition=~Q(status=TimeOfferStatus.TAKEN) | Q(given__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="time_offer_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in TIME_OFFER_MOVES.items() for new in sorted(moves)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.time} -> {self.section}"
