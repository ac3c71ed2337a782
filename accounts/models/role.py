"""Roles with dates: who may do what, since when, given by whom."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def on(self, day: date) -> "RoleGrantQuerySet":
        """Roles in force on *day* (half open: the end date is the first day without)."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class RoleGrant(models.Model):
    """One role of one person, half open in time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    delegation_limit = models.DecimalField(_("delegation limit, kronor"), max_digits=12, decimal_places=2, null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(name="role_grant_ends_after_it_begins", condition=Q(until=None) | Q(until__gt=F("since"))),
            models.CheckConstraint(
                name="role_grant_limit_only_for_decision_makers",
                condition=Q(delegation_limit=None) | Q(role=Role.DECISION_MAKER, delegation_limit__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
