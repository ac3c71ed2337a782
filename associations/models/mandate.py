"""Who may act for an association."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from associations.choices import MandateKind
from associations.models.association import Association


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, day: date) -> "MandateQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Mandate(models.Model):
    """One person's right to act for one association, half open in time."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="mandates")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandates")
    kind = models.CharField(_("kind"), max_length=12, choices=MandateKind.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")

    def __str__(self) -> str:
        return f"{self.user} – {self.association}"
