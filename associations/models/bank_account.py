"""Where money to an association goes. A row is never edited: a new one replaces it, and only verified ones are paid to."""

from collections.abc import Callable

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.choices import AccountKind
from associations.models.association import Association
from associations.models.history import tracked
from associations.rules.numbers import bank_giro_text, iban_text, plus_giro_text
from records.models import StoredFile


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    def current(self) -> "BankAccountQuerySet":
        """The account each association has named last."""
        return self.filter(replaced_at=None)

    def payable(self) -> "BankAccountQuerySet":
        """Accounts that money may be sent to: current and verified."""
        return self.current().filter(verified_at__isnull=False)

    def awaiting_verification(self) -> "BankAccountQuerySet":
        """Entered, confirmed by a second signatory where that is needed, neither verified nor refused."""
        return self.current().filter(verified_at=None, refused_at=None)


@tracked()
class BankAccount(models.Model):
    """One bank giro, plus giro or IBAN of an association."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="bank_accounts")
    kind = models.CharField(_("kind"), max_length=8, choices=AccountKind.choices)
    number = models.CharField(_("number"), max_length=34)  # digits, or an IBAN without spaces
    holder = models.CharField(_("account holder"), max_length=150)
    evidence = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proof of the account")
    )
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    refused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="bank_account_one_current_per_association", fields=["association"], condition=Q(replaced_at=None)
            ),
            models.CheckConstraint(
                name="bank_account_number_is_of_its_kind",
                condition=Q(kind=AccountKind.BANKGIRO, number__regex=r"^[0-9]{7,8}$")
                | Q(kind=AccountKind.PLUSGIRO, number__regex=r"^[0-9]{2,8}$")
                | Q(kind=AccountKind.IBAN, number__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"),
            ),
            models.CheckConstraint(
                name="bank_account_verified_by_another_than_who_entered_it",
                condition=Q(verified_at=None, verified_by=None)
                | (Q(verified_at__isnull=False, verified_by__isnull=False) & ~Q(verified_by=F("entered_by"))),
            ),
            models.CheckConstraint(
                name="bank_account_refused_with_a_reason",
                condition=Q(refused_at=None, refused_by=None, reason="")
                | (Q(refused_at__isnull=False, refused_by__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="bank_account_verified_or_refused_not_both", condition=Q(verified_at=None) | Q(refused_at=None)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="bank_account_is_never_edited",
                operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "association_id", "kind", "number", "holder", "entered_at", "entered_by_id"
                ),
            ),
            pgtrigger.Protect(name="bank_account_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.formatted}"

    @property
    def joint_key(self) -> str:
        """The key of the act by two that this account needs where two sign jointly."""
        return f"associations.bank_account.{self.pk}"

    @property
    def formatted(self) -> str:
        """As people write it: '5050-1055', '28 65 43-4', 'SE35 5000 0000 0549 1000 0003'."""
        return _AS_TEXT[self.kind](self.number)


_AS_TEXT: dict[str, Callable[[str], str]] = {
    AccountKind.BANKGIRO: bank_giro_text,
    AccountKind.PLUSGIRO: plus_giro_text,
    AccountKind.IBAN: iban_text,
}
