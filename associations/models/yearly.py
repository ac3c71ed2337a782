"""What is asked of an association every year: documents, and a word that the facts still hold."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from associations.choices import DocumentKind, DocumentStatus, YearStep
from associations.models.association import Association
from associations.models.history import tracked
from records.models import StoredFile


class YearlyDocumentQuerySet(models.QuerySet["YearlyDocument"]):
    def current(self) -> "YearlyDocumentQuerySet":
        """What counts now: not replaced by a later one."""
        return self.exclude(status=DocumentStatus.REPLACED)

    def awaiting_review(self) -> "YearlyDocumentQuerySet":
        return self.filter(status=DocumentStatus.HANDED_IN)


@tracked()
class YearlyDocument(models.Model):
    """One of the seven documents for one operating year. A newer one replaces it; the old stays readable."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="documents")
    year = models.PositiveSmallIntegerField(_("operating year"))
    kind = models.CharField(_("document"), max_length=16, choices=DocumentKind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    status = models.CharField(_("status"), max_length=12, choices=DocumentStatus.choices, default=DocumentStatus.HANDED_IN)
    handed_in_at = models.DateTimeField(_("handed in"))
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("what needs to change"), blank=True)

    objects = YearlyDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly document")
        verbose_name_plural = _("yearly documents")
        ordering = ["-year", "kind", "-handed_in_at"]
        constraints = [
            models.UniqueConstraint(
                name="yearly_document_one_current_per_kind",
                fields=["association", "year", "kind"],
                condition=~Q(status=DocumentStatus.REPLACED),
            ),
            models.CheckConstraint(
                name="yearly_document_reviewed_by_somebody",
                condition=Q(status=DocumentStatus.HANDED_IN, reviewed_at=None, reviewed_by=None)
                | Q(status=DocumentStatus.REPLACED)
                | (
                    Q(status__in=[DocumentStatus.ACCEPTED, DocumentStatus.NEEDS_CHANGE])
                    & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="yearly_document_change_is_asked_for_with_a_reason",
                condition=~Q(status=DocumentStatus.NEEDS_CHANGE) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


@tracked()
class YearlyConfirmation(models.Model):
    """The association's word, once a year and step, that what the register says still holds."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="confirmations")
    year = models.PositiveSmallIntegerField(_("year"))
    step = models.CharField(_("step"), max_length=14, choices=YearStep.choices)
    at = models.DateTimeField(_("confirmed"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("yearly confirmation")
        verbose_name_plural = _("yearly confirmations")
        constraints = [models.UniqueConstraint(name="yearly_step_confirmed_once", fields=["association", "year", "step"])]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.year}"
