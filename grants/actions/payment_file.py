"""A payment run as the file the bank reads, made by the rules and kept among the stored files."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from grants.actions.refusals import NotAllowedNow
from grants.models import PaymentLine
from grants.rules import payment_file as rules
from records import filing
from records.models import StoredFile

CONTENT_TYPE = "application/xml"


def message_id_of(number: int) -> str:
    """The run's id at the bank, unique for ever: 'MEDSPEL-1883-000012'."""
    return f"MEDSPEL-{settings.MUNICIPALITY['code']}-{number:06d}"


def make_file(number: int, lines: Sequence[PaymentLine], *, pays_on: date, by: Any, at: datetime) -> StoredFile:
    """Write, check against the schema and store the file. NotAllowedNow says which payment cannot be made, and why."""
    order = rules.PaymentOrder(message_id_of(number), at, pays_on, _debtor(), tuple(_payment(line) for line in lines))
    try:
        content = rules.payment_file(order, settings.PAYMENTS_VERSION)
    except rules.PaymentFileRefused as refused:
        payee = "" if refused.index is None else f"{lines[refused.index].payee}: "
        raise NotAllowedNow(f"{payee}{sentence(refused.code)}") from refused
    return filing.keep_file(
        content, name=f"{message_id_of(number)}.xml", content_type=CONTENT_TYPE, kind="grants.payment-file", by=by, at=at
    )


def sentence(code: str) -> str:
    """Why there is no file, for the officer."""
    words = {
        "payee_missing": _("The payment has no payee name that a bank accepts."),
        "amount": _("The amount cannot be paid by a bank."),
        "account": _("The account number is wrong."),
        "debtor_account": _("The municipality's own account is wrong or missing in the settings."),
        "debtor_bic": _("The municipality's bank code (BIC) is wrong or missing in the settings."),
        "pays_on_past": _("The day of payment must not have passed."),
    }
    return words.get(code, _("The payment file could not be made (%(code)s).") % {"code": code})


def _debtor() -> rules.Debtor:
    known = settings.PAYMENTS_DEBTOR
    account = rules.Account(known["account_kind"], known["account_number"])
    return rules.Debtor(
        name=settings.MUNICIPALITY["name"],
        organisation_number=settings.MUNICIPALITY["organisation_number"],
        account=account,
        bic=known["bic"],
        sender_id=known["sender_id"],
    )


def _payment(line: PaymentLine) -> rules.Payment:
    application = line.instalment.decision.application
    return rules.Payment(
        end_to_end_id=line.end_to_end_id,
        payee=line.payee,
        account=rules.Account(line.account_kind, line.account_number),
        amount=line.amount,
        message=f"{application.case} {application.call}",
    )
