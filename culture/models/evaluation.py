"""What those who were there thought: a few questions, nobody's name, never shown for fewer than five."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from culture.choices import Who
from culture.models.performance import Performance
from culture.models.programme import Offer

FEWEST_SHOWN = 5  # answers of a kind before anything of them is shown


class Evaluation(models.Model):
    """One anonymous answer about an offer. It knows the performance and the local day, not the class, the person or the hour.

    liked, suited, again: 1 (not at all) to 4 (very much). again: would do it again; suited: fitted the age.
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="evaluations")
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="evaluations")
    who = models.CharField(_("who"), max_length=10, choices=Who.choices)
    liked = models.PositiveSmallIntegerField(_("liked it"))
    suited = models.PositiveSmallIntegerField(_("suited the age"), null=True, blank=True)
    again = models.PositiveSmallIntegerField(_("would do it again"), null=True, blank=True)
    words = models.TextField(_("in own words"), blank=True)
    said_on = models.DateField(_("day"))

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["said_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="evaluation_answers_are_one_to_four",
                condition=Q(liked__gte=1, liked__lte=4)
                & (Q(suited=None) | Q(suited__gte=1, suited__lte=4))
                & (Q(again=None) | Q(again__gte=1, again__lte=4)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.offer}: {self.liked}"
