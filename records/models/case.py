"""The register: cases with numbers without gaps, and the log of what happened in each."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records import registry


class Series(models.Model):
    """The last number used in one series and local year; its row is the lock."""

    name = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "year"], name="series_once_per_year")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any) -> "CaseQuerySet":
        """What this user may read: what a higher room opens to them, less what is withheld (conflict of interest)."""
        opened = Q(pk__in=[])
        for opens in registry.case_openings:
            opened |= opens(user)
        cases = self.filter(opened)
        for withholds in registry.case_withholdings:
            cases = cases.exclude(withholds(user))
        return cases


class Case(models.Model):
    """One matter in the register (OSL 5:2): date, number, sender, short subject."""

    series = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(_("subject"), max_length=200)
    sender = models.CharField(_("from or to"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-year", "-number"]
        constraints = [models.UniqueConstraint(fields=["series", "year", "number"], name="case_number_once")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """As it is printed: 'KFN 2026-00012'."""
        return f"{self.series} {self.year}-{self.number:05d}"


class Event(models.Model):
    """One thing that happened: who, when, what, why. Never changed, never deleted (database trigger)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", null=True, blank=True)
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.verb
