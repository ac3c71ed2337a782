"""Letters after commit: rendered once, sent, tried again, looked after by an officer.

At least once, not at most once: a worker that dies between sending and marking leaves a letter that is sent again, since a
decision that never arrives does more harm than one that arrives twice. The Message-ID is made from the letter's key, so a
mail program, or a person who compares, can tell that the two are one.
"""

import hashlib
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from records import pdf, registry, storage
from records.choices import LetterStatus, ScanStatus, SentBy
from records.filing import note
from records.filing.announcing import after_commit
from records.models import Letter, StoredFile
from records.plaintext import to_text
from records.refusals import NotAllowedNow

RESTS = (1, 5, 30, 120, 720)  # minutes of rest after each failed attempt; one more and the letter has failed
QUEUE_PATIENCE = timedelta(minutes=10)  # what the broker has not delivered by then is taken for lost
SWEEP_LIMIT = 500  # letters handed to the broker in one sweep


def render_pdf(letter: Letter) -> bytes:
    """The letter's fixed HTML as PDF/UA-1. Changes nothing."""
    return pdf.to_pdf(letter.html)


def deliver(letter_id: int, *, at: datetime) -> bool:
    """Render and send one letter if it is due; True when it left now. Harmless twice, and for two workers at once.

    The attempt is counted before it is made: a letter that kills its worker comes to rest, and does not kill the next one.
    """
    letter = _claim(letter_id, at=at)
    if letter is None:
        return False
    try:
        _ensure_pdf(letter, at=at)
        return _send(letter, at=at)
    except Exception as error:
        _record_failure(letter, error, at=at)
        return False


@transaction.atomic
def _claim(letter_id: int, *, at: datetime) -> Letter | None:
    letter = Letter.objects.select_for_update(skip_locked=True, of=("self",)).due(at).filter(pk=letter_id).first()
    if letter is None:
        return None
    if letter.attempts > len(RESTS):
        _fail(letter, gettext("The attempts to send the letter were interrupted."), at=at)
        return None
    if not letter.to:
        _fail(letter, gettext("There is no e-mail address. Print the letter and send it by post."), at=at)
        return None
    letter.attempts += 1
    letter.next_attempt_at = at + timedelta(minutes=RESTS[min(letter.attempts, len(RESTS)) - 1])
    letter.save(update_fields=["attempts", "next_attempt_at"])
    return letter


@transaction.atomic
def _ensure_pdf(letter: Letter, *, at: datetime) -> StoredFile:
    """The letter's PDF, made the first time it is asked for and the same ever after."""
    row = Letter.objects.select_for_update(of=("self",)).select_related("pdf").get(pk=letter.pk)
    if row.pdf is None:
        content = render_pdf(row)
        path, sha256 = storage.keep(content)
        try:
            with transaction.atomic():
                row.pdf = StoredFile.objects.create(
                    name=storage.clean_name(row.subject, ".pdf"),
                    kind="records.letter",
                    path=path,
                    content_type="application/pdf",
                    size=len(content),
                    sha256=sha256,
                    scan=ScanStatus.OURS,
                    received_at=at,
                )
                row.save(update_fields=["pdf"])
        except BaseException:
            storage.remove(path)
            raise
    letter.pdf = row.pdf
    return row.pdf


@transaction.atomic
def _send(letter: Letter, *, at: datetime) -> bool:
    """Send under the row's lock. False when someone else took the letter over in the meantime."""
    row = (
        Letter.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("case", "pdf")
        .filter(pk=letter.pk, status=LetterStatus.WAITING, attempts=letter.attempts)
        .first()
    )
    if row is None:
        return False
    _as_email(row).send()
    _mark_sent(row, SentBy.EMAIL, at=at)
    return True


def _as_email(letter: Letter) -> EmailMessage:
    message = EmailMessage(
        subject=letter.subject,
        body=to_text(letter.html, settings.SITE_URL),
        to=letter.to,
        headers={"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"},
    )
    if letter.pdf is not None:
        with storage.open_bytes(letter.pdf.path) as content:
            message.attach(f"{slugify(letter.subject) or 'brev'}.pdf", content.read(), "application/pdf")
    return message


def message_id(letter: Letter) -> str:
    """The same for every attempt at the same letter."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}.letter@{domain}>"


@transaction.atomic
def _record_failure(letter: Letter, error: Exception, *, at: datetime) -> None:
    row = Letter.objects.select_for_update(of=("self",)).select_related("case").get(pk=letter.pk)
    if row.status != LetterStatus.WAITING:
        return
    with override(settings.LANGUAGE_CODE):
        words = _in_words(error)[:1000]
    if _is_final(error) or row.attempts > len(RESTS):
        _fail(row, words, at=at)
    else:
        row.error, row.queued_at = words, None
        row.save(update_fields=["error", "queued_at"])


def _in_words(error: Exception) -> str:
    """What an officer reads in the outbox; with what the mail server said, for whoever looks into it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        sentence = gettext("The mail server turned %(address)s away: %(answer)s")
        return "\n".join(
            sentence % {"address": address, "answer": f"{code} {answer.decode(errors='replace')}"}
            for address, (code, answer) in error.recipients.items()
        )
    if isinstance(error, OSError):  # smtplib's own errors too: the way there is broken, the letter is not
        return gettext("The mail server could not be reached or did not accept the letter: %(error)s") % {"error": error}
    return gettext("The letter could not be made or sent: %(error)s") % {"error": f"{type(error).__name__}: {error}"}


def _is_final(error: Exception) -> bool:
    """Whether trying again later is of no use: the receiving server said no for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _fail(letter: Letter, words: str, *, at: datetime) -> None:
    letter.status, letter.error, letter.next_attempt_at = LetterStatus.FAILED, words, None
    letter.save(update_fields=["status", "error", "next_attempt_at"])
    note(letter.case, "records.letter_failed", at=at, changes={"letter": [None, letter.pk]})


def _mark_sent(letter: Letter, way: SentBy, *, at: datetime, by: Any = None) -> None:
    letter.status, letter.sent_at, letter.sent_by = LetterStatus.SENT, at, way
    letter.next_attempt_at, letter.error = None, ""
    letter.save(update_fields=["status", "sent_at", "sent_by", "next_attempt_at", "error"])
    note(letter.case, "records.letter_sent", by=by, at=at, changes={"letter": [None, letter.pk]})


# The outbox ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def retry_letter(letter: Letter, *, at: datetime, by: Any, to: Sequence[str] | None = None) -> Letter:
    """Try a failed letter again from the beginning, to another address if one is given; notes 'records.letter_retried'."""
    row = _in_outbox(letter)
    if row.status != LetterStatus.FAILED:
        raise NotAllowedNow(_("The letter is already on its way."), "waiting")
    if to is not None:
        row.to = list(to)
    row.status, row.attempts, row.next_attempt_at, row.queued_at = LetterStatus.WAITING, 0, None, at
    row.save(update_fields=["to", "status", "attempts", "next_attempt_at", "queued_at"])
    note(row.case, "records.letter_retried", by=by, at=at, changes={"letter": [None, row.pk]})
    after_commit(registry.after_posting, [row.pk])
    return row


@transaction.atomic
def mark_posted_on_paper(letter: Letter, *, at: datetime, by: Any) -> Letter:
    """Someone printed a failed letter and put it in the post; notes 'records.letter_sent'."""
    row = _in_outbox(letter)
    if row.status != LetterStatus.FAILED:
        raise NotAllowedNow(_("The letter is on its way by e-mail."), "waiting")
    _mark_sent(row, SentBy.POST, at=at, by=by)
    return row


def pdf_of(letter: Letter, *, at: datetime) -> StoredFile:
    """The letter's PDF, made now if the worker has not come to it yet."""
    return _ensure_pdf(letter, at=at)


def _in_outbox(letter: Letter) -> Letter:
    row = Letter.objects.select_for_update(of=("self",)).select_related("case").get(pk=letter.pk)
    if row.status not in {LetterStatus.WAITING, LetterStatus.FAILED}:
        raise NotAllowedNow(_("The letter is no longer in the outbox."), "gone")
    return row


@transaction.atomic
def letters_to_queue(*, at: datetime) -> list[int]:
    """Keys of due letters that the broker has lost or never got, oldest first, marked as handed over now."""
    lost = Letter.objects.due(at).exclude(queued_at__gt=at - QUEUE_PATIENCE).select_for_update(skip_locked=True, of=("self",))
    pks = list(lost.order_by("posted_at", "pk").values_list("pk", flat=True)[:SWEEP_LIMIT])
    Letter.objects.filter(pk__in=pks).update(queued_at=at)
    return pks
