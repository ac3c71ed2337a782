"""Faults in venues: reported by those who hire and by staff, followed until they are mended."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.choices import FAULT_MOVES, FaultStatus
from facilities.models.booking import Booking
from facilities.models.place import Space, Venue
from records.models import StoredFile


class FaultReportQuerySet(models.QuerySet["FaultReport"]):
    def visible_to(self, user: Any) -> "FaultReportQuerySet":
        """All for the municipality's staff, else what one has reported oneself."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.has_perm("facilities.read_bookings") else self.filter(reported_by=user)

    def not_mended(self) -> "FaultReportQuerySet":
        return self.exclude(status=FaultStatus.DONE)

    def most_urgent_first(self) -> "FaultReportQuerySet":
        return self.order_by("-is_danger", "reported_at", "pk")


class FaultReport(models.Model):
    """Something that is broken. space: empty = the venue as such. closure: what keeps the space closed meanwhile."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="faults", verbose_name=_("venue"))
    space = models.ForeignKey(
        Space, on_delete=models.PROTECT, null=True, blank=True, related_name="faults", verbose_name=_("space")
    )
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="faults")
    what = models.TextField(_("what is broken"), max_length=2000)
    is_danger = models.BooleanField(_("somebody can be hurt"), default=False)
    photo = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("reported"))
    status = models.CharField(_("status"), max_length=10, choices=FaultStatus.choices, default=FaultStatus.OPEN)
    done_at = models.DateTimeField(_("mended"), null=True, blank=True)
    closure = models.OneToOneField(Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="closes_for_fault")

    objects = FaultReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("fault")
        verbose_name_plural = _("faults")
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(fields=["reported_at"], condition=~Q(status=FaultStatus.DONE), name="fault_not_mended"),
            models.Index(fields=["reported_by", "reported_at"], name="fault_of_person"),
        ]
        constraints = [
            models.CheckConstraint(name="fault_says_what", condition=~Q(what="")),
            models.CheckConstraint(
                name="fault_mended_has_its_time",
                condition=Q(status=FaultStatus.DONE, done_at__isnull=False)
                | (~Q(status=FaultStatus.DONE) & Q(done_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="fault_mended_after_it_was_reported", condition=Q(done_at=None) | Q(done_at__gte=F("reported_at"))
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="fault_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in FAULT_MOVES.items() for new in sorted(moves)],
            ),
            pgtrigger.Protect(name="fault_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.space or self.venue}: {self.what[:60]}"


class FaultNote(models.Model):
    """One step in what became of a fault. text: an answer to whoever reported it; may be empty."""

    fault = models.ForeignKey(FaultReport, on_delete=models.PROTECT, related_name="notes")
    status = models.CharField(max_length=10, choices=FaultStatus.choices)
    text = models.TextField(_("answer to whoever reported it"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["at", "pk"]
        triggers = [pgtrigger.Protect(name="fault_note_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.at:%Y-%m-%d}"
