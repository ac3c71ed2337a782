"""How long each kind of thing is kept: what the council has adopted, and examples until it has."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.choices import RetentionAction


class RetentionRule(models.Model):
    """What happens to one kind of thing, and when. Only adopted rules dispose of anything."""

    kind = models.SlugField(_("kind"), max_length=60, unique=True)
    title = models.CharField(_("what it is"), max_length=150)
    action = models.CharField(_("what happens"), max_length=10, choices=RetentionAction.choices)
    months = models.PositiveSmallIntegerField(_("after how many months"), null=True, blank=True)
    source = models.CharField(_("decided where"), max_length=200)
    is_example = models.BooleanField(_("example, not adopted"), default=True)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["kind"]
        constraints = [
            models.CheckConstraint(
                name="retention_months_only_when_disposed",
                condition=Q(action=RetentionAction.KEEP, months__isnull=True)
                | Q(action=RetentionAction.DISPOSE, months__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title
