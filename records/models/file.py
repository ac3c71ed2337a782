"""Files people hand in: typed by content, bounded in size, kept outside the web root."""

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records import registry
from records.choices import READABLE, ScanStatus, Secrecy
from records.models.case import Case, marked_with_ground


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: Any) -> "StoredFileQuerySet":
        """Files of the cases this user may read, and those a higher room opens (registry.file_openings).

        Seeing the row is not reading the bytes: what waits for the virus check or is in quarantine is opened by nobody.
        """
        if not user.is_authenticated:
            return self.none()
        opened = Q(case__in=Case.objects.visible_to(user), internal=False)
        if user.has_perm("records.read_register"):
            opened = Q(case__in=Case.objects.visible_to(user))
        for opens in registry.file_openings:
            opened |= opens(user)
        return self.filter(opened)

    def awaiting_scan(self) -> "StoredFileQuerySet":
        return self.filter(scan=ScanStatus.WAITING, disposed_at=None)


@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["name", "case", "scan", "secrecy", "secrecy_ground", "disposed_at"],
    model_name="StoredFileHistory",
    obj_field=pghistory.ObjForeignKey(related_name="history"),
    append_only=True,
)
class StoredFile(models.Model):
    """One stored file, a document of the register once it belongs to a case; who else may read it the higher room says."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="files")
    name = models.CharField(_("file name"), max_length=200)
    kind = models.SlugField(_("kind of document"), max_length=60, blank=True, db_index=True)  # what retention rules go by
    path = models.CharField(max_length=120, unique=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(_("virus check"), max_length=10, choices=ScanStatus.choices, default=ScanStatus.WAITING)
    internal = models.BooleanField(_("only for those who read the register"), default=False)
    secrecy = models.CharField(_("secrecy"), max_length=10, choices=Secrecy.choices, default=Secrecy.OPEN)
    secrecy_ground = models.CharField(_("section of law"), max_length=60, blank=True)
    received_at = models.DateTimeField(_("received"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    disposed_at = models.DateTimeField(_("disposed of"), null=True, blank=True)  # the bytes are gone, the row stays

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["received_at", "pk"]
        constraints = [marked_with_ground("file_secrecy_names_its_ground")]
        indexes = [models.Index(fields=["received_at"], condition=Q(scan=ScanStatus.WAITING), name="file_awaiting_scan")]
        triggers = [
            pgtrigger.ReadOnly(name="content_stays", fields=["path", "content_type", "size", "sha256", "received_at", "by"]),
            pgtrigger.Protect(
                name="filed_is_never_deleted", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__case__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("records:file", args=[self.pk])

    @property
    def is_readable(self) -> bool:
        """Whether the bytes may be opened at all: checked or said to be unchecked, not in quarantine, not disposed of."""
        return self.scan in READABLE and self.disposed_at is None

    @property
    def is_marked(self) -> bool:
        return self.secrecy == Secrecy.MARKED or bool(self.case and self.case.is_marked)
