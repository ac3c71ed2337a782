"""The whole life of a letter and of a file, on one page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterStatus(models.TextChoices):
    STAGED = "staged", _("not yet released")
    WAITING = "waiting", _("waiting to be sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DISCARDED = "discarded", _("discarded")


class ScanStatus(models.TextChoices):
    WAITING = "waiting", _("waiting for the virus check")
    CLEAN = "clean", _("clean")
    INFECTED = "infected", _("quarantined")
