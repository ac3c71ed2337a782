"""What-if rows of the budget room. Nothing that decides or pays reads them."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.choices import ShareMethod
from grants.models.application import Application
from grants.models.scheme import Call


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def in_room(self, call: Call) -> "ScenarioQuerySet":
        """Those of a call, oldest first."""
        return self.filter(call=call).select_related("made_by").order_by("made_at", "pk")


class Scenario(models.Model):
    """One way to share a call's pot, as it came out when it was saved. A scenario changes no budget and no decision.

    choices: what was entered, as JSON: pot, cap, least, unit, weights. result: application key -> kronor, with the rate, what is
    left, the tie at the cut. basis: a digest of the applications and scores it rests on; another digest today says that they have
    changed since.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="scenarios")
    name = models.CharField(_("name"), max_length=80)
    method = models.CharField(_("how it is shared"), max_length=8, choices=ShareMethod.choices)
    pot = models.DecimalField(_("pot"), max_digits=14, decimal_places=2)
    choices = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    basis = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(fields=["call", "name"], name="scenario_name_once_per_call"),
            models.CheckConstraint(name="scenario_pot_not_negative", condition=Q(pot__gte=0)),
        ]
        triggers = [pgtrigger.Protect(name="scenario_is_kept_as_it_came_out", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name


def in_room(call: Call) -> Any:
    """The applications that share a call's pot: received, neither decided nor withdrawn, by case number."""
    rows = Application.objects.received().undecided().filter(call=call)
    return rows.order_by("case__year", "case__number", "pk")
