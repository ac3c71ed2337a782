"""School years: when they are counted, answered for and locked."""

from datetime import date
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from associations.models.history import tracked


class SchoolYearQuerySet(models.QuerySet["SchoolYear"]):
    def latest(self, *fields: Any) -> "SchoolYear":
        return super().latest(*(fields or ("first",)))


@tracked()
class SchoolYear(models.Model):
    """One school year, 1 July to 30 June local time. first: the calendar year in which it begins, 2026 for 2026/27.

    official_on: the measuring date, on which pupils are counted for the guarantee. Dates are local days, last days included. The
    numbers about buses are what a plan is weighed by; the defaults are examples until the municipality has its own.
    """

    first = models.PositiveSmallIntegerField(_("begins in"), unique=True)
    official_on = models.DateField(_("measuring date"))
    answer_by = models.DateField(_("schools answer the plan at the latest"), null=True, blank=True)
    list_by = models.DateField(_("schools confirm their classes at the latest"), null=True, blank=True)
    locks_on = models.DateField(_("figures are locked on"), null=True, blank=True)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    bus_seats = models.PositiveSmallIntegerField(_("seats in a bus"), default=53)
    buses_a_day = models.PositiveSmallIntegerField(_("buses a day at most"), null=True, blank=True)
    bus_price = models.PositiveIntegerField(_("price of a bus, kronor"), default=4000)
    repeat_price = models.PositiveIntegerField(_("what an art form met again weighs, kronor"), default=1500)
    empty_seat_price = models.PositiveIntegerField(_("what an empty seat weighs, kronor"), default=20)
    plan_published_at = models.DateTimeField(_("plan published"), null=True, blank=True)

    objects = SchoolYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("school year")
        verbose_name_plural = _("school years")
        ordering = ["-first"]
        constraints = [
            models.CheckConstraint(name="school_year_has_buses_with_seats", condition=Q(bus_seats__gte=1)),
            models.CheckConstraint(name="school_year_is_a_year", condition=Q(first__gte=2000, first__lte=2199)),
            models.CheckConstraint(
                name="school_year_locks_after_its_measuring_date",
                condition=Q(locks_on=None) | Q(locks_on__gt=models.F("official_on")),
            ),
        ]
        triggers = [pgtrigger.Protect(name="school_year_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.first}/{(self.first + 1) % 100:02d}"

    @property
    def starts_on(self) -> date:
        return date(self.first, 7, 1)

    @property
    def ends_on(self) -> date:
        """The last day, included."""
        return date(self.first + 1, 6, 30)
