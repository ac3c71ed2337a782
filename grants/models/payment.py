"""Money out and back: instalments, payment runs, follow-up reports, claims."""

from datetime import date
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from associations.models import Association, BankAccount
from grants.choices import ApplicationStatus, InstalmentStatus, PaymentLineStatus, ReclaimStatus, ReportStatus
from grants.models.application import Application
from grants.models.decision import Decision, Meeting
from records.models import StoredFile

_on_its_way = pgtrigger.Q(old__status__in=["in_run", "paid"])


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> "ReportQuerySet":
        """The association's own, and for casework those of applications the user may handle."""
        return self.filter(application__in=Application.objects.visible_to(user).values("pk"))

    def asked_for(self) -> "ReportQuerySet":
        """Those the association still has to hand in, or hand in again."""
        waiting = [ReportStatus.WAITING, ReportStatus.RETURNED]
        return self.filter(status__in=waiting, application__status=ApplicationStatus.GRANTED)


class Report(models.Model):
    """The follow-up report on one grant."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="report")
    due_on = models.DateField(_("due"))
    status = models.CharField(max_length=10, choices=ReportStatus.choices, default=ReportStatus.WAITING)
    answers = models.JSONField(default=dict, blank=True)
    spent = models.DecimalField(_("used of the grant"), max_digits=12, decimal_places=2, null=True, blank=True)
    explanation = models.TextField(_("why something is left"), blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    review_reason = models.TextField(blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up report")
        verbose_name_plural = _("follow-up reports")
        constraints = [
            models.CheckConstraint(
                name="report_handed_in_has_its_time",
                condition=Q(status=ReportStatus.WAITING) | Q(handed_in_at__isnull=False, spent__isnull=False),
            ),
            models.CheckConstraint(name="report_spent_not_negative", condition=Q(spent=None) | Q(spent__gte=0)),
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


class InstalmentQuerySet(models.QuerySet["Instalment"]):
    def visible_to(self, user: Any) -> "InstalmentQuerySet":
        return self.filter(decision__application__in=Application.objects.visible_to(user).values("pk"))

    def planned(self) -> "InstalmentQuerySet":
        return self.filter(status=InstalmentStatus.PLANNED)

    def due(self, day: date) -> "InstalmentQuerySet":
        """Planned, their day has come and nothing holds them back."""
        waits = Q(needs_report=True) & ~Q(decision__application__report__status=ReportStatus.APPROVED)
        return self.planned().filter(due_on__lte=day, held_reason="").exclude(waits)


class Instalment(models.Model):
    """A part of a grant to be paid on a day; the parts of a decision sum to its amount less what is set off."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    due_on = models.DateField(_("paid out"))
    needs_report = models.BooleanField(_("needs an approved report"), default=False)
    status = models.CharField(max_length=10, choices=InstalmentStatus.choices, default=InstalmentStatus.PLANNED)
    held_reason = models.TextField(_("held back because"), blank=True)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["due_on", "decision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="instalment_number_once"),
            models.CheckConstraint(name="instalment_is_money", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="instalment_held_is_not_on_its_way",
                condition=Q(held_reason="") | Q(status__in=[InstalmentStatus.PLANNED, InstalmentStatus.CANCELLED]),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="instalment_on_its_way_keeps_its_amount",
                operation=pgtrigger.Update,
                condition=_on_its_way & pgtrigger.Q(old__amount__df=pgtrigger.F("new__amount")),
            ),
            pgtrigger.Protect(name="instalment_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.number}"


class PaymentRun(models.Model):
    """One payment file to the bank. Its content is fixed when it is made; it cannot run twice.

    One person makes it, another approves it (setting PAYMENT_NEEDS_TWO), and only then may the file be fetched.
    """

    number = models.PositiveIntegerField(unique=True)
    message_id = models.CharField(max_length=35, unique=True)
    pays_on = models.DateField(_("pays on"))
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    lines_count = models.PositiveIntegerField()
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("payment run")
        verbose_name_plural = _("payment runs")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="payment_run_approved_has_who_and_when",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="payment_run_stopped_has_who_and_when",
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="payment_run_approved_or_stopped", condition=Q(approved_at__isnull=True) | Q(cancelled_at__isnull=True)
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="payment_run_content_is_fixed", exclude=["approved_at", "approved_by", "cancelled_at", "cancelled_by"]
            ),
            pgtrigger.Protect(
                name="payment_run_is_settled_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__approved_at__isnull=False) | pgtrigger.Q(old__cancelled_at__isnull=False),
            ),
            pgtrigger.Protect(name="payment_run_is_never_deleted", operation=pgtrigger.Delete),
        ]

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
    status = models.CharField(max_length=9, choices=PaymentLineStatus.choices, default=PaymentLineStatus.SENT)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    returned_on = models.DateField(_("came back on"), null=True, blank=True)
    bank_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["instalment"],
                condition=Q(status__in=[PaymentLineStatus.SENT, PaymentLineStatus.PAID]),
                name="instalment_paid_once",
            ),
            models.CheckConstraint(name="payment_is_money", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payment_has_a_payee", condition=~Q(payee="")),
            models.CheckConstraint(
                name="payment_paid_has_its_day",
                condition=Q(status__in=[PaymentLineStatus.PAID, PaymentLineStatus.RETURNED], paid_on__isnull=False)
                | (~Q(status__in=[PaymentLineStatus.PAID, PaymentLineStatus.RETURNED]) & Q(paid_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="payment_returned_has_its_day",
                condition=Q(status=PaymentLineStatus.RETURNED, returned_on__isnull=False)
                | (~Q(status=PaymentLineStatus.RETURNED) & Q(returned_on__isnull=True)),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="payment_is_fixed", exclude=["status", "paid_on", "returned_on", "bank_reason"]),
            pgtrigger.Protect(name="payment_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.end_to_end_id

    @property
    def account_text(self) -> str:
        """As people write it: 'bank giro 5050-1055'."""
        return str(BankAccount(kind=self.account_kind, number=self.account_number))


class ReclaimQuerySet(models.QuerySet["Reclaim"]):
    def visible_to(self, user: Any) -> "ReclaimQuerySet":
        return self.filter(decision__application__in=Application.objects.visible_to(user).values("pk"))

    def unsettled(self) -> "ReclaimQuerySet":
        return self.filter(status__in=[ReclaimStatus.OPEN, ReclaimStatus.PARTLY_PAID])

    def unreported(self) -> "ReclaimQuerySet":
        """Claims decided by a delegate that no meeting has been told of yet (Case 39)."""
        return self.filter(is_decision=True, reported=None)

    def with_balance(self) -> "ReclaimQuerySet":
        """Adds `repaid` and `balance`, kronor."""
        zero = Value(Decimal(0), models.DecimalField(max_digits=12, decimal_places=2))
        return self.annotate(repaid=Coalesce(Sum("repayments__amount"), zero)).annotate(balance=F("amount") - F("repaid"))


class Reclaim(models.Model):
    """Money to be paid back, by decision; settled by repayments, set-off (only by decision) or waived by rule.

    is_decision: a delegate's decision of its own, to be reported to the committee; otherwise it follows from *decision*, which
    lowered a grant that was already paid.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reclaims")
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="reclaims")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    reason = models.TextField(_("reason"))
    status = models.CharField(max_length=12, choices=ReclaimStatus.choices, default=ReclaimStatus.OPEN)
    is_decision = models.BooleanField(default=False)
    due_on = models.DateField(_("pay back by"))
    claimed_at = models.DateTimeField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ReclaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("repayment claim")
        verbose_name_plural = _("repayment claims")
        ordering = ["claimed_at"]
        constraints = [models.CheckConstraint(name="reclaim_is_money", condition=Q(amount__gt=0))]
        triggers = [
            pgtrigger.ReadOnly(name="reclaim_is_fixed", exclude=["status", "due_on"]),
            pgtrigger.Protect(name="reclaim_is_never_deleted", operation=pgtrigger.Delete),
        ]

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
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(name="repayment_is_money", condition=Q(amount__gt=0))]
        triggers = [pgtrigger.Protect(name="repayment_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.reclaim}: {self.amount}"


class DelegationReport(models.Model):
    """A delegate's decision, or claim, was reported to this meeting; once only (Case 39)."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="reported")
    reclaim = models.OneToOneField(Reclaim, on_delete=models.PROTECT, null=True, blank=True, related_name="reported")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="reported_decisions")
    reported_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reported decision")
        verbose_name_plural = _("reported decisions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="delegation_report_of_one_thing",
                condition=Q(decision__isnull=False, reclaim__isnull=True) | Q(decision__isnull=True, reclaim__isnull=False),
            )
        ]
        triggers = [pgtrigger.Protect(name="delegation_report_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.decision or self.reclaim} → {self.meeting}"
