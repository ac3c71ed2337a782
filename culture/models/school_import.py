"""A file that somebody wants to read in: what was looked at is what is written."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from culture.choices import ImportKind, ImportStatus
from culture.models.school import School
from culture.models.year import SchoolYear


class SchoolImport(models.Model):
    """Counts and facts read from one file, between preview and confirmation. The file itself is never kept: it may name pupils.

    content: what would be written, counts only. digest: of what would change; the same digest means the same changes.
    """

    kind = models.CharField(_("kind"), max_length=15, choices=ImportKind.choices)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="imports")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, null=True, blank=True, related_name="imports")
    official = models.BooleanField(_("counts of the measuring date"), default=False)
    content = models.JSONField()
    status = models.CharField(_("status"), max_length=10, choices=ImportStatus.choices, default=ImportStatus.PREVIEWED)
    uploaded_at = models.DateTimeField(_("uploaded"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(_("imported"), null=True, blank=True)
    new_rows = models.PositiveIntegerField(default=0)
    changed_rows = models.PositiveIntegerField(default=0)
    unchanged_rows = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("import of schools or classes")
        verbose_name_plural = _("imports of schools or classes")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="school_import_applied_has_its_time",
                condition=Q(status=ImportStatus.APPLIED, applied_at__isnull=False)
                | (~Q(status=ImportStatus.APPLIED) & Q(applied_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="school_import_of_classes_is_for_a_year",
                condition=Q(kind=ImportKind.SCHOOL_UNITS) | Q(year__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.uploaded_at:%Y-%m-%d}"
