"""Roles with dates: who may do what, since when, given by whom."""

from datetime import date, timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role

_DAYS = Func(F("since"), F("until"), Value("[)"), function="daterange", output_field=DateRangeField())


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def on(self, day: date) -> "RoleGrantQuerySet":
        """Roles in force on *day* (half open: the end date is the first day without)."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def not_over(self, day: date) -> "RoleGrantQuerySet":
        """Roles in force on *day* or later."""
        return self.filter(Q(until=None) | Q(until__gt=day))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class RoleGrant(models.Model):
    """One role of one person, half open in time. Ended by a date, never deleted: decisions rest on it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    delegation_limit = models.DecimalField(_("delegation limit, kronor"), max_digits=12, decimal_places=2, null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("given by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # The directory whose group gives the role (accounts.directories); blank when a person gave it.
    source = models.CharField(max_length=40, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["since", "pk"]
        constraints = [
            # since = until: given and taken back before its first day was over; in force on no day.
            models.CheckConstraint(name="role_grant_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="role_grant_limit_exactly_for_decision_makers",
                condition=Q(role=Role.DECISION_MAKER, delegation_limit__isnull=False, delegation_limit__gt=0)
                | (~Q(role=Role.DECISION_MAKER) & Q(delegation_limit__isnull=True)),
            ),
            ExclusionConstraint(
                name="role_held_once_at_a_time",
                expressions=[("user", RangeOperators.EQUAL), ("role", RangeOperators.EQUAL), (_DAYS, RangeOperators.OVERLAPS)],
            ),
            # Delegation goes to one official, never to an elected person (kommunallagen 6:37-40).
            ExclusionConstraint(
                name="role_elected_never_decides_by_delegation",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Case(When(role=Role.COMMITTEE_MEMBER, then=1), default=2, output_field=models.IntegerField()),
                        RangeOperators.NOT_EQUAL,
                    ),
                    (_DAYS, RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=[Role.COMMITTEE_MEMBER, Role.DECISION_MAKER]),
            ),
        ]
        triggers = [pgtrigger.Protect(name="role_grant_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    @property
    def last_day(self) -> date | None:
        """The last day with the role, as people say it."""
        return self.until - timedelta(days=1) if self.until else None
