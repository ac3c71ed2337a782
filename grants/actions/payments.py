"""Money out: instalments of a published decision, held back or released, put in a file that cannot run twice."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from associations.models import BankAccount
from grants.actions.drafts import locked
from grants.actions.payment_file import make_file, message_id_of
from grants.actions.refusals import NotAllowedNow, NotComplete, insist
from grants.choices import InstalmentStatus, PaymentLineStatus
from grants.models import Application, Instalment, PaymentLine, PaymentRun
from grants.permissions.paying import may_approve_run, may_be_paid, may_pay, may_put_in_run
from records import filing
from records.values import local_day

ZERO = Decimal(0)


@transaction.atomic
def hold(instalment: Instalment, *, reason: str, by: Any, at: datetime) -> Instalment:
    """Keep an instalment back, during an inquiry for instance, until it is released."""
    insist(may_pay(by))
    if not reason.strip():
        raise NotComplete([_("Write why the payment is held back.")])
    application, instalment = _locked(instalment)
    if instalment.status != InstalmentStatus.PLANNED:
        raise NotAllowedNow(_("Only a planned payment can be held back."))
    instalment.held_reason = reason.strip()
    instalment.save(update_fields=["held_reason"])
    filing.note(application.case, "grants.payment_held", by=by, at=at, reason=reason.strip())
    return instalment


@transaction.atomic
def release(instalment: Instalment, *, reason: str = "", by: Any, at: datetime) -> Instalment:
    """Let an instalment that was held back go into the next file."""
    insist(may_pay(by))
    application, instalment = _locked(instalment)
    if not instalment.held_reason:
        return instalment
    instalment.held_reason = ""
    instalment.save(update_fields=["held_reason"])
    filing.note(application.case, "grants.payment_released", by=by, at=at, reason=reason.strip())
    return instalment


@transaction.atomic
def make_run(instalments: Iterable[Instalment], *, pays_on: date, by: Any, at: datetime) -> PaymentRun:
    """Put instalments that may be paid into one file to the bank. All of them, or none with the reason.

    Each is read under its lock, so that two runs made at once cannot hold the same instalment; the database refuses the rest
    (constraint instalment_paid_once). The amounts, payees and accounts are fixed from here.
    """
    insist(may_pay(by))
    wanted = {instalment.pk for instalment in instalments}
    rows = Instalment.objects.select_for_update(of=("self",)).select_related("decision__application__association")
    chosen = list(rows.filter(pk__in=wanted).order_by("pk"))
    if not chosen or len(chosen) != len(wanted):
        raise NotComplete([_("Choose at least one payment.")])
    if pays_on < local_day(at):
        raise NotAllowedNow(_("The day of payment must not have passed."))
    for instalment in chosen:
        insist(may_be_paid(instalment, pays_on))
    insist(may_put_in_run(by, chosen))
    number = _next_number()
    lines = [_line(instalment, number) for instalment in chosen]
    run = PaymentRun.objects.create(
        number=number,
        message_id=message_id_of(number),
        pays_on=pays_on,
        total=sum((line.amount for line in lines), ZERO),
        lines_count=len(lines),
        file=make_file(number, lines, pays_on=pays_on, by=by, at=at),
        made_at=at,
        made_by=by,
    )
    for line in lines:
        line.run = run
    PaymentLine.objects.bulk_create(lines)
    Instalment.objects.filter(pk__in=wanted).update(status=InstalmentStatus.IN_RUN)
    for instalment in chosen:
        changes = {"run": [None, run.message_id], "amount": [None, str(instalment.amount)]}
        filing.note(instalment.decision.application.case, "grants.payment_in_run", by=by, at=at, changes=changes)
    return run


@transaction.atomic
def approve_run(run: PaymentRun, *, by: Any, at: datetime) -> PaymentRun:
    """The second person has checked the file; now it may be fetched and sent to the bank."""
    run = PaymentRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    insist(may_approve_run(by, run))
    run.approved_at, run.approved_by = at, by
    run.save(update_fields=["approved_at", "approved_by"])
    filing.note(None, "grants.run_approved", by=by, at=at, changes={"run": [None, run.message_id]})
    return run


@transaction.atomic
def stop_run(run: PaymentRun, *, reason: str, by: Any, at: datetime) -> PaymentRun:
    """Stop a file that is not approved: its payments are planned again, the file and its number stay."""
    insist(may_pay(by))
    run = PaymentRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.approved_at is not None:
        raise NotAllowedNow(_("The payment file is already approved."))
    if run.cancelled_at is not None:
        return run
    run.cancelled_at, run.cancelled_by = at, by
    run.save(update_fields=["cancelled_at", "cancelled_by"])
    _open_again(run.lines.all(), PaymentLineStatus.CANCELLED, bank_reason="", held_reason="")
    filing.note(None, "grants.run_stopped", by=by, at=at, reason=reason.strip(), changes={"run": [run.message_id, None]})
    return run


@transaction.atomic
def note_fetched(run: PaymentRun, *, by: Any, at: datetime) -> None:
    """The file was fetched; each time is logged."""
    filing.note(None, "grants.run_fetched", by=by, at=at, changes={"run": [None, run.message_id]})


@transaction.atomic
def mark_paid(lines: Iterable[PaymentLine], *, on: date, by: Any, at: datetime) -> int:
    """The bank has paid these. Returns how many were marked now; those already answered are left as they are."""
    insist(may_pay(by))
    rows = _sent(lines)
    for line in rows:
        line.status, line.paid_on = PaymentLineStatus.PAID, on
        line.save(update_fields=["status", "paid_on"])
        Instalment.objects.filter(pk=line.instalment_id).update(status=InstalmentStatus.PAID)
        changes = {"amount": [None, str(line.amount)], "paid_on": [None, on.isoformat()]}
        filing.note(line.instalment.decision.application.case, "grants.paid", by=by, at=at, changes=changes)
    return len(rows)


@transaction.atomic
def mark_rejected(line: PaymentLine, *, reason: str, by: Any, at: datetime) -> PaymentLine:
    """The bank would not pay this one; the others are untouched. It is held back until somebody has looked at the account."""
    insist(may_pay(by))
    if not reason.strip():
        raise NotComplete([_("Write what the bank answered.")])
    rows = _sent([line])
    if not rows:
        raise NotAllowedNow(_("The bank's answer to this payment is already noted."))
    held = _("Rejected by the bank: %(reason)s") % {"reason": reason.strip()}
    _open_again(PaymentLine.objects.filter(pk=line.pk), PaymentLineStatus.REJECTED, bank_reason=reason.strip(), held_reason=held)
    application = rows[0].instalment.decision.application
    filing.note(application.case, "grants.payment_rejected", by=by, at=at, reason=reason.strip())
    return PaymentLine.objects.get(pk=line.pk)


def payable_account(instalment: Instalment) -> BankAccount | None:
    """The verified account, in the association's name, that money to it goes to today."""
    return BankAccount.objects.payable().filter(association=instalment.decision.application.association_id).first()


def _line(instalment: Instalment, number: int) -> PaymentLine:
    account = payable_account(instalment)
    if account is None:
        raise NotAllowedNow(_("The association has no verified account."))
    return PaymentLine(
        instalment=instalment,
        end_to_end_id=f"{message_id_of(number)}-{instalment.pk}",
        payee=account.holder,
        account_kind=account.kind,
        account_number=account.number,
        amount=instalment.amount,
    )


def _next_number() -> int:
    """The next run's number; whoever else makes a run waits here until this one is made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('grants.payment_run'))")
    latest = PaymentRun.objects.order_by("-number").values_list("number", flat=True).first()
    return (latest or 0) + 1


def _sent(lines: Iterable[PaymentLine]) -> list[PaymentLine]:
    """Lines of approved runs that wait for the bank's answer, locked in order."""
    rows = PaymentLine.objects.select_for_update(of=("self",)).select_related("instalment__decision__application__case")
    wanted = [line.pk for line in lines]
    return list(rows.filter(pk__in=wanted, status=PaymentLineStatus.SENT, run__approved_at__isnull=False).order_by("pk"))


def _open_again(lines: QuerySet[PaymentLine], status: str, *, bank_reason: str, held_reason: str) -> None:
    """The instalments of these lines can go into a new file."""
    held = list(lines.filter(status=PaymentLineStatus.SENT).values_list("instalment", flat=True))
    lines.filter(status=PaymentLineStatus.SENT).update(status=status, bank_reason=bank_reason[:200])
    Instalment.objects.filter(pk__in=held).update(status=InstalmentStatus.PLANNED, held_reason=held_reason)


def _locked(instalment: Instalment) -> tuple[Application, Instalment]:
    application = locked(instalment.decision.application)
    rows = Instalment.objects.select_for_update(of=("self",)).select_related("decision")
    return application, rows.get(pk=instalment.pk)
