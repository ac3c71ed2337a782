"""After the decision: what the bank answered, appeals, and decisions that no longer stand."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.choices import AppealOutcome, BankFileKind, EndingKind
from grants.models.application import Application
from grants.models.decision import Decision
from records.models import StoredFile


class BankFile(models.Model):
    """One answer of the bank, taken in once. sha256 and the bank's own id each stand once: the same file changes nothing.

    results: [{"reference", "what", "told"}], one for each line, in the order of the file; told is a key of BankResult.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=BankFileKind.choices)
    message_id = models.CharField(_("the bank's id"), max_length=35)
    sha256 = models.CharField(max_length=64, unique=True)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    results = models.JSONField(default=list)
    taken_in_at = models.DateTimeField(_("taken in"))
    taken_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("answer of the bank")
        verbose_name_plural = _("answers of the bank")
        ordering = ["-taken_in_at"]
        constraints = [models.UniqueConstraint(fields=["kind", "message_id"], name="bank_file_taken_in_once")]
        triggers = [pgtrigger.Protect(name="bank_file_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: Any) -> "AppealQuerySet":
        return self.filter(decision__application__in=Application.objects.for_casework_by(user).values("pk"))

    def pending(self) -> "AppealQuerySet":
        return self.filter(outcome=AppealOutcome.PENDING)


class Appeal(models.Model):
    """An appeal of a decision to the court (laglighetsprövning). Who appealed stands in the court's documents, not here.

    court_number: the court's case number. stayed_on: the court has stopped the decision for now (inhibition).
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    lodged_on = models.DateField(_("came in"))
    in_time = models.BooleanField(_("in time"))
    court = models.CharField(_("court"), max_length=150)
    court_number = models.CharField(_("the court's case number"), max_length=40, blank=True)
    stayed_on = models.DateField(_("stopped by the court"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=AppealOutcome.choices, default=AppealOutcome.PENDING)
    settled_on = models.DateField(_("settled"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["lodged_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="appeal_settled_has_its_day",
                condition=Q(outcome=AppealOutcome.PENDING, settled_on__isnull=True)
                | (~Q(outcome=AppealOutcome.PENDING) & Q(settled_on__isnull=False)),
            )
        ]
        triggers = [pgtrigger.Protect(name="appeal_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.decision}: {self.court_number or self.lodged_on}"


class Ending(models.Model):
    """A published decision stands no longer: a court annulled it, or the association gave the grant back. Never taken away."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="ending")
    kind = models.CharField(_("why"), max_length=9, choices=EndingKind.choices)
    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, null=True, blank=True, related_name="ending")
    reason = models.TextField(_("reason"))
    on = models.DateField(_("day"))
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("end of a decision")
        verbose_name_plural = _("ends of decisions")
        triggers = [pgtrigger.Protect(name="ending_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.decision}: {self.get_kind_display()}"
