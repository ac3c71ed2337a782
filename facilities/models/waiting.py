"""The waiting list: who wants a time that is taken, in the order they asked."""

from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.choices import WAITING_MOVES, UseForm, WaitingStatus
from facilities.models.booking import Booking
from facilities.models.place import Space
from facilities.rules.spans import Span


class WaitingEntryQuerySet(models.QuerySet["WaitingEntry"]):
    def visible_to(self, user: Any) -> "WaitingEntryQuerySet":
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("facilities.read_bookings"):
            return self.all()
        return self.filter(association__in=Association.objects.spoken_for_by(user).values("pk"))

    def waiting_for(self, space: Space, span: Span) -> "WaitingEntryQuerySet":
        """Those whose wish lies within a time that has come free on the same ground, first come first."""
        return self.filter(
            status=WaitingStatus.WAITING,
            space__takes__overlap=space.takes,
            starts_at__lt=span.ends,
            ends_at__gt=span.starts,
        ).order_by("made_at", "pk")

    def ran_out(self, at: datetime) -> "WaitingEntryQuerySet":
        return self.filter(status=WaitingStatus.OFFERED, offered_until__lte=at)


class WaitingEntry(models.Model):
    """One association waits for one time. booking: the hold that an offer keeps for them."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="waiting", verbose_name=_("space"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="waiting")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("what for"), max_length=150, blank=True)
    form = models.CharField(_("form of use"), max_length=15, choices=UseForm.choices)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    made_at = models.DateTimeField(_("asked"))
    status = models.CharField(max_length=10, choices=WaitingStatus.choices, default=WaitingStatus.WAITING)
    offered_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="waited_for")

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in a waiting list")
        verbose_name_plural = _("places in waiting lists")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(name="waiting_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="waiting_offer_has_its_end_and_its_hold",
                condition=Q(status=WaitingStatus.OFFERED, offered_until__isnull=False, booking__isnull=False)
                | ~Q(status=WaitingStatus.OFFERED),
            ),
            models.UniqueConstraint(
                name="waiting_once_for_a_time",
                fields=["space", "association", "starts_at", "ends_at"],
                condition=Q(status__in=[WaitingStatus.WAITING, WaitingStatus.OFFERED]),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="waiting_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in WAITING_MOVES.items() for new in sorted(moves)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.association}: {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)
