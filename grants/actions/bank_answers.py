"""The bank's answers taken in: each payment noted once, what cannot be noted told, the same file twice changes nothing."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grants.actions import payments
from grants.actions.drafts import locked
from grants.actions.refusals import NotAllowedNow, NotComplete, insist
from grants.actions.returned import settle_returned
from grants.choices import BankResult, PaymentLineStatus
from grants.models import Application, BankFile, PaymentLine, PaymentRun
from grants.permissions.paying import may_pay
from grants.rules.bank_answers import AnswerRefused, BankAnswer, BankLine, Happened, read_answer
from records import filing

CONTENT_TYPE = "application/xml"


@transaction.atomic
def take_in(content: bytes, *, name: str, by: Any, at: datetime) -> tuple[BankFile, bool]:
    """Take in one file: (its row, whether it was new). NotComplete says why a file is not read at all.

    A file that tells of a case in which the person has an interest is left to a colleague, whole.
    """
    insist(may_pay(by))
    sha256 = hashlib.sha256(content).hexdigest()
    if (known := BankFile.objects.filter(sha256=sha256).first()) is not None:
        return known, False
    try:
        answer = read_answer(content)
    except AnswerRefused as refused:
        raise NotComplete([sentence(refused)]) from refused
    if (known := BankFile.objects.filter(kind=answer.kind, message_id=answer.id).first()) is not None:
        return known, False
    lines = _matched(answer)
    _insist_no_interest(by, lines)
    results = [_note(told, lines.get(told.reference), by=by, at=at) for told in _each_payment(answer)]
    stored = filing.keep_file(
        content, name=name[:100] or "bank.xml", content_type=CONTENT_TYPE, kind="grants.bank-answer", by=by, at=at
    )
    row = BankFile.objects.create(
        kind=answer.kind,
        message_id=answer.id,
        sha256=sha256,
        file=stored,
        results=results,
        taken_in_at=at,
        taken_in_by=by,
    )
    filing.note(
        None, "grants.bank_file_taken_in", by=by, at=at, changes={"file": [None, answer.id], "lines": [None, len(results)]}
    )
    return row, True


def sentence(refused: AnswerRefused) -> str:
    """Why a file is not taken in, for the officer."""
    words = {
        "too_large": _("The file is larger than any answer of a bank."),
        "hostile": _("The file carries a document type or entities, which no bank sends. It was not read."),
        "not_xml": _("The file is not XML that can be read."),
        "unknown": _("The file is neither pain.002 nor camt.054."),
        "no_id": _("The file has no id of its own."),
        "too_many": _("The file holds more lines than can be taken in at once."),
        "amount": _("An amount in the file cannot be read."),
        "day": _("A day in the file cannot be read."),
    }
    text = words[refused.code]
    return text if refused.line is None else _("Line %(line)s: %(text)s") % {"line": refused.line, "text": text}


def _each_payment(answer: BankAnswer) -> list[BankLine]:
    """The lines of a file; what is said of a whole file of ours is said of each of its payments."""
    found: list[BankLine] = []
    for line in answer.lines:
        if line.reference:
            found.append(line)
            continue
        run = PaymentRun.objects.filter(message_id=answer.about).first()
        references = run.lines.order_by("pk").values_list("end_to_end_id", flat=True) if run else [answer.about]
        found += [BankLine(each, line.happened, None, line.on, line.reason, line.line) for each in references]
    return found


def _matched(answer: BankAnswer) -> dict[str, PaymentLine]:
    wanted = [line.reference for line in _each_payment(answer)]
    rows = PaymentLine.objects.filter(end_to_end_id__in=wanted).select_related("run", "instalment__decision__application")
    return {row.end_to_end_id: row for row in rows}


def _insist_no_interest(by: Any, lines: dict[str, PaymentLine]) -> None:
    concerned = [line.instalment.decision.application_id for line in lines.values()]
    if Application.objects.with_interest_of(by).filter(pk__in=concerned).exists():
        raise NotAllowedNow(_("You have a conflict of interest in one of the payments. A colleague takes in the file."))


def _note(told: BankLine, line: PaymentLine | None, *, by: Any, at: datetime) -> dict[str, Any]:
    result = _result(told, line, by=by, at=at)
    return {
        "reference": told.reference,
        "what": told.happened.value,
        "told": result.value,
        "line": told.line,
        "amount": None if told.amount is None else str(told.amount),
        "reason": told.reason,
        "application": line.instalment.decision.application_id if line and result is not BankResult.UNKNOWN else None,
    }


def _result(told: BankLine, line: PaymentLine | None, *, by: Any, at: datetime) -> BankResult:
    if line is None:
        return BankResult.UNKNOWN
    if line.run.approved_at is None:
        return BankResult.UNSENT
    if told.amount is not None and told.amount != line.amount:
        return BankResult.AMOUNT
    if told.happened is Happened.RETURNED:
        return BankResult.RETURNED if _came_back(line, told, by=by, at=at) else BankResult.KNOWN
    line.refresh_from_db(fields=["status"])
    if line.status != PaymentLineStatus.SENT:
        return BankResult.KNOWN
    if told.happened is Happened.ACCEPTED:
        return BankResult.ACCEPTED
    if told.happened is Happened.REJECTED:
        payments.mark_rejected(line, reason=told.reason or _("no reason given"), by=by, at=at)
        return BankResult.REJECTED
    payments.mark_paid([line], on=told.on or line.run.pays_on, by=by, at=at)
    return BankResult.PAID


def _came_back(line: PaymentLine, told: BankLine, *, by: Any, at: datetime) -> bool:
    """A payment that left came back: noted, and the grant settled by what it is today. False when it was known already."""
    application = locked(line.instalment.decision.application)
    row = PaymentLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if row.status not in {PaymentLineStatus.PAID, PaymentLineStatus.SENT}:
        return False
    on = told.on or row.run.pays_on
    row.status, row.paid_on, row.returned_on = PaymentLineStatus.RETURNED, row.paid_on or on, on
    row.bank_reason = told.reason
    row.save(update_fields=["status", "paid_on", "returned_on", "bank_reason"])
    settle_returned(application, row, reason=told.reason, on=on, by=by, at=at)
    return True


def counted(results: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    """What a file led to: (words, how many), those that need somebody first."""
    order = [BankResult.UNKNOWN, BankResult.AMOUNT, BankResult.UNSENT, BankResult.RETURNED, BankResult.REJECTED]
    order += [BankResult.PAID, BankResult.ACCEPTED, BankResult.KNOWN]
    numbers = {result: sum(row["told"] == result for row in results) for result in order}
    return [(str(result.label), number) for result, number in numbers.items() if number]
