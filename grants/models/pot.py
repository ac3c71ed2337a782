"""A pot that was shared out over the applications of a call: what each claimed and got, kept as it was."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.models.application import Application
from grants.models.scheme import Call
from grants.rules.calculation import PotOutcome


class PotQuerySet(models.QuerySet["Pot"]):
    def outcome_for(self, application: Application) -> PotOutcome | None:
        """What the last sharing of its call's pot gives an application; None when it took no part in it."""
        pot = self.filter(call=application.call_id).order_by("pk").last()
        row = pot.shares.get(str(application.pk)) if pot else None
        if pot is None or row is None:
            return None
        return PotOutcome(pot.kronor, pot.claims, pot.rate, Decimal(row[0]), Decimal(row[1]))


class Pot(models.Model):
    """One sharing. A new one does not change the old; the last one counts.

    claims: what everybody's claims come to. rate: kronor for each krona of claim. residual: kronor that stay. shares: application
    -> [claim, share] as texts. The shares and the residual sum to the pot (Rule GS-32).
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="pots")
    kronor = models.DecimalField(_("the pot, kronor"), max_digits=14, decimal_places=2)
    claims = models.DecimalField(max_digits=16, decimal_places=2)
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=6)
    residual = models.DecimalField(_("left in the pot"), max_digits=14, decimal_places=2)
    shares = models.JSONField()
    shared_at = models.DateTimeField()
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PotQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared pot")
        verbose_name_plural = _("shared pots")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="pot_is_not_negative", condition=models.Q(kronor__gte=0, residual__gte=0, residual__lte=models.F("kronor"))
            )
        ]
        triggers = [pgtrigger.Protect(name="shared_pot_is_kept", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.call}: {self.kronor}"
