"""Files people hand in: typed by content, bounded in size, kept outside the web root."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.choices import ScanStatus


class StoredFile(models.Model):
    """One stored file; who may read it is decided by the thing it is attached to."""

    name = models.CharField(_("file name"), max_length=200)
    path = models.CharField(max_length=120, unique=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=10, choices=ScanStatus.choices, default=ScanStatus.WAITING)
    received_at = models.DateTimeField(_("received"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name
