"""A proposal that two associations change times with each other: one asks, the other says yes or no."""

from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.choices import SWAP_MOVES, SWAP_TONES, BookingStatus, SwapStatus
from facilities.models.booking import Booking


def place_of(booking: Booking) -> list[object]:
    """Where and when a booking stands, as a proposal remembers it."""
    return [booking.space_id, booking.starts_at.isoformat(), booking.ends_at.isoformat()]


class SwapProposalQuerySet(models.QuerySet["SwapProposal"]):
    def visible_to(self, user: Any) -> "SwapProposalQuerySet":
        """Those of both associations."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("facilities.read_bookings"):
            return self.all()
        theirs = Association.objects.spoken_for_by(user).values("pk")
        return self.filter(Q(ours__association__in=theirs) | Q(theirs__association__in=theirs))

    def open_at(self, at: datetime) -> "SwapProposalQuerySet":
        """Those that can still be answered: in time, and both bookings stand."""
        standing = {"ours__status": BookingStatus.CONFIRMED, "theirs__status": BookingStatus.CONFIRMED}
        return self.filter(status=SwapStatus.PROPOSED, open_until__gt=at, **standing)

    def ran_out(self, at: datetime) -> "SwapProposalQuerySet":
        return self.filter(status=SwapStatus.PROPOSED, open_until__lte=at)

    def with_both(self) -> "SwapProposalQuerySet":
        return self.select_related(
            "ours__space__venue", "ours__association", "theirs__space__venue", "theirs__association", "proposed_by"
        )


class SwapProposal(models.Model):
    """*ours* for *theirs*. places: where and when both stood when it was proposed; what has moved since is no longer agreed."""

    ours = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="swaps_proposed", verbose_name=_("our time"))
    theirs = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="swaps_asked", verbose_name=_("their time"))
    message = models.CharField(_("message"), max_length=300, blank=True)
    places = models.JSONField(default=list)
    status = models.CharField(_("status"), max_length=10, choices=SwapStatus.choices, default=SwapStatus.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("proposed"))
    open_until = models.DateTimeField(_("answered before"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SwapProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal to swap times")
        verbose_name_plural = _("proposals to swap times")
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["open_until"], condition=Q(status=SwapStatus.PROPOSED), name="swap_open")]
        constraints = [
            models.CheckConstraint(name="swap_of_two_bookings", condition=~Q(ours=F("theirs"))),
            models.CheckConstraint(name="swap_is_open_for_a_while", condition=Q(open_until__gt=F("made_at"))),
            models.CheckConstraint(
                name="swap_answered_has_its_time",
                condition=Q(status=SwapStatus.PROPOSED, answered_at__isnull=True)
                | (~Q(status=SwapStatus.PROPOSED) & Q(answered_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="swap_proposed_once", fields=["ours", "theirs"], condition=Q(status=SwapStatus.PROPOSED)
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="swap_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in SWAP_MOVES.items() for new in sorted(moves)],
            ),
            pgtrigger.Protect(name="swap_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.ours} – {self.theirs}"

    @property
    def is_as_proposed(self) -> bool:
        """Whether both times still stand where they stood when it was proposed."""
        return bool([place_of(self.ours), place_of(self.theirs)] == self.places)

    @property
    def tone(self) -> str:
        return SWAP_TONES[self.status]
