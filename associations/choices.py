"""Words of the association register."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssociationStatus(models.TextChoices):
    APPLIED = "applied", _("waiting for approval")
    REGISTERED = "registered", _("registered")
    REFUSED = "refused", _("refused")
    RESTING = "resting", _("resting")
    DISSOLVED = "dissolved", _("dissolved")


class MandateKind(models.TextChoices):
    SIGNATORY = "signatory", _("signatory")
    APPLICANT = "applicant", _("may apply and report")
    LEADER = "leader", _("reports attendance")
