"""Money out and back: instalments, payment runs, follow-up reports, claims."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from grants.choices import InstalmentStatus, PaymentLineStatus, ReclaimStatus, ReportStatus
from grants.models.application import Application
from grants.models.decision import Decision
from records.models import StoredFile


class Report(models.Model):
    """The follow-up report on one grant."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="report")
    due_on = models.DateField(_("due"))
    status = models.CharField(max_length=10, choices=ReportStatus.choices, default=ReportStatus.WAITING)
    answers = models.JSONField(default=dict, blank=True)
    spent = models.DecimalField(_("used of the grant"), max_digits=12, decimal_places=2, null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    review_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("follow-up report")
        verbose_name_plural = _("follow-up reports")
        constraints = [
            models.CheckConstraint(
                name="report_handed_in_has_its_time", condition=Q(status=ReportStatus.WAITING) | Q(handed_in_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.due_on}"


class Reminder(models.Model):
    """A reminder that was sent, by its day relative to the due date (Case 48: once each, whatever happens)."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="reminders")
    day = models.SmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "day"], name="reminder_once_per_day")]

    def __str__(self) -> str:
        return f"{self.report}: {self.day:+d}"


class Instalment(models.Model):
    """A part of a grant to be paid on a day; the parts of a decision sum to its amount."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    due_on = models.DateField(_("paid out"))
    needs_report = models.BooleanField(_("needs an approved report"), default=False)
    status = models.CharField(max_length=10, choices=InstalmentStatus.choices, default=InstalmentStatus.PLANNED)
    held_reason = models.TextField(_("held back because"), blank=True)

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["due_on", "decision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="instalment_number_once"),
            models.CheckConstraint(name="instalment_is_money", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.number}"


class PaymentRun(models.Model):
    """One payment file to the bank. Its content is fixed when it is made; it cannot run twice."""

    number = models.PositiveIntegerField(unique=True)
    message_id = models.CharField(max_length=35, unique=True)
    pays_on = models.DateField(_("pays on"))
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    lines_count = models.PositiveIntegerField()
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("payment run")
        verbose_name_plural = _("payment runs")
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.message_id


class PaymentLine(models.Model):
    """One payment in a file: to whom, which account, how much, and what the bank answered."""

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="lines")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="lines")
    end_to_end_id = models.CharField(max_length=35, unique=True)
    payee = models.CharField(_("payee"), max_length=140)
    account_kind = models.CharField(max_length=10)
    account_number = models.CharField(_("account"), max_length=34)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    status = models.CharField(max_length=8, choices=PaymentLineStatus.choices, default=PaymentLineStatus.SENT)
    bank_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["instalment"], condition=~Q(status=PaymentLineStatus.REJECTED), name="instalment_paid_once"
            ),
            models.CheckConstraint(name="payment_is_money", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.end_to_end_id


class Reclaim(models.Model):
    """Money to be paid back, by decision; settled by repayments, set-off (only by decision) or waived by rule."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reclaims")
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="reclaims")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    reason = models.TextField(_("reason"))
    status = models.CharField(max_length=12, choices=ReclaimStatus.choices, default=ReclaimStatus.OPEN)
    due_on = models.DateField(_("pay back by"))
    claimed_at = models.DateTimeField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("repayment claim")
        verbose_name_plural = _("repayment claims")
        constraints = [models.CheckConstraint(name="reclaim_is_money", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.association}: {self.amount}"


class Repayment(models.Model):
    """Money that came back on a claim, or was set off against a later grant by that grant's decision."""

    reclaim = models.ForeignKey(Reclaim, on_delete=models.PROTECT, related_name="repayments")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    on = models.DateField(_("date"))
    set_off_by = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="set_offs")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("repayment")
        verbose_name_plural = _("repayments")
        constraints = [models.CheckConstraint(name="repayment_is_money", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.reclaim}: {self.amount}"
