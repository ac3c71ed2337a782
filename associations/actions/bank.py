"""Where money goes: entered by the association, verified by an officer who did not enter it. Never edited, only replaced."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.dossier import case_of, locked, note, post
from associations.actions.joint import prepare_joint
from associations.models import Association, BankAccount
from associations.permissions import is_confirmed, may_handle, may_keep, signs
from records import filing
from records.filing import NotAllowedNow
from records.values import local_day


def add_bank_account(
    association: Association, *, kind: str, number: str, holder: str, by: User, at: datetime, evidence: Any = None
) -> BankAccount:
    """Name a new account; the one before is replaced, and nothing is paid until an officer has verified the new one.

    number: normalised (associations.rules.numbers). evidence: an upload, FileRefused when it cannot be received. Where two sign
    jointly the account waits for the second signatory before it can be verified.
    """
    _may_add(association, by, at)
    file = filing.store_file(evidence, at=at, by=by, kind="association_account", internal=True) if evidence else None
    return _add(association, kind=kind, number=number, holder=holder, file=file, by=by, at=at)


def _may_add(association: Association, by: User, at: datetime) -> None:
    if not may_keep(by):
        signs(by, association, local_day(at)).or_refuse()


@transaction.atomic
def _add(association: Association, *, kind: str, number: str, holder: str, file: Any, by: User, at: datetime) -> BankAccount:
    association = locked(association)
    current = association.bank_accounts.current().select_for_update().first()
    if current and (current.kind, current.number, current.holder) == (kind, number, holder) and not current.refused_at:
        return current  # a double click, or nothing new
    association.bank_accounts.current().update(replaced_at=at)
    account = BankAccount.objects.create(
        association=association, kind=kind, number=number, holder=holder, evidence=file, entered_at=at, entered_by=by
    )
    if file:
        filing.file_in(case_of(association, at=at, by=by), [file], at=at, by=by)
    note(association, "account_entered", at=at, by=by, changes={"account_kind": [None, kind]})
    if association.needs_two and signs(by, association, local_day(at)):
        prepare_joint(association, key=account.joint_key, by=by, at=at)
    post(association, "account_entered", key=str(account.pk), subject="account_entered", at=at, context={"account": account})
    return account


def waits_for_second(account: BankAccount) -> bool:
    """Whether a second signatory has to confirm before the account can be verified. At most two queries.

    An account that an officer entered from a signed paper has no act by two to wait for.
    """
    return (
        not is_confirmed(account.association, account.joint_key)
        and account.association.joint_acts.filter(key=account.joint_key).exists()
    )


@transaction.atomic
def verify_bank_account(account: BankAccount, *, by: User, at: datetime) -> BankAccount:
    """Say that the account is the association's own: from now on it may be paid to. Never by the one who entered it."""
    account = _under_lock(account)
    _may_judge(account, by, at)
    if waits_for_second(account):
        raise NotAllowedNow(_("A second signatory of the association has to confirm the account first."), "needs_two")
    account.verified_at, account.verified_by = at, by
    account.save(update_fields=["verified_at", "verified_by"])
    note(account.association, "account_verified", at=at, by=by)
    _tell(account, "account_verified", at=at)
    return account


@transaction.atomic
def refuse_bank_account(account: BankAccount, *, reason: str, by: User, at: datetime) -> BankAccount:
    """Say that the account cannot be verified, and why; the association enters another."""
    if not reason.strip():
        raise NotAllowedNow(_("Say why, so that the association can put it right."), "reason")
    account = _under_lock(account)
    _may_judge(account, by, at)
    account.refused_at, account.refused_by, account.reason = at, by, reason.strip()
    account.save(update_fields=["refused_at", "refused_by", "reason"])
    note(account.association, "account_refused", at=at, by=by, reason=reason)
    _tell(account, "account_refused", at=at)
    return account


def _under_lock(account: BankAccount) -> BankAccount:
    association = locked(account.association)
    account = BankAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    account.association = association
    return account


def _may_judge(account: BankAccount, by: User, at: datetime) -> None:
    may_handle(by, account.association, local_day(at)).or_refuse()
    if account.entered_by_id == by.pk:
        raise NotAllowedNow(_("You entered this account yourself, so a colleague has to verify it."), "own")
    if account.replaced_at or account.verified_at or account.refused_at:
        raise NotAllowedNow(_("The account has been replaced or is already dealt with."), "status")


def _tell(account: BankAccount, letter: str, *, at: datetime) -> None:
    post(account.association, letter, key=str(account.pk), subject=letter, at=at, context={"account": account})
