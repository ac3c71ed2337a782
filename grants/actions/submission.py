"""Handing in: once, whatever is clicked, at the instant the request reached the server."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from associations.actions import confirm_joint, prepare_joint
from associations.permissions import is_confirmed
from grants.actions import conflicts
from grants.actions.activity import frozen_activity
from grants.actions.drafts import extension_of, locked
from grants.actions.moves import move
from grants.actions.refusals import CallClosed, NotAllowedNow, NotComplete, StalePage
from grants.actions.register import documents_of, facts_of, standing_of
from grants.choices import ApplicationStatus
from grants.models import Application, Attachment, Call
from grants.permissions.applicant import may_apply_for, may_hand_in, takes_in
from grants.permissions.completeness import missing_attachments, what_is_missing
from grants.rules.questions import Answer, form_from_json, handed_in_answers
from records import filing
from records.values import local_day

LANGUAGE = "sv"  # the municipality writes in Swedish (språklagen 10)


@transaction.atomic
def hand_in(
    application: Application, *, by: Any, at: datetime, edition: int | None = None, without_attachments: bool = False
) -> Application:
    """Press "hand in": where one signs alone it is handed in; where two sign jointly the first press prepares, another
    signatory's hands in.

    Answers with the application; it is still a draft while the second signature is waited for. What is signed is the content:
    a change in between starts over.
    """
    application = locked(application)
    if application.association.needs_two and application.is_draft:
        _check(application, by=by, at=at, edition=edition, without_attachments=without_attachments)
        digest = digest_of(application)
        act = prepare_joint(application.association, key=joint_key(application), by=by, at=at, digest=digest)
        if act.confirmed_at is None:
            if act.prepared_by_id == by.pk:
                return application
            confirm_joint(act, by=by, at=at, digest=digest)
    return _submit(application, by=by, at=at, edition=edition, without_attachments=without_attachments)


def joint_key(application: Application) -> str:
    """The key of the act by two that hands in this application."""
    return f"grants.application.{application.pk}"


def digest_of(application: Application) -> str:
    """Stands for what is signed: answers, aims and the files that are attached."""
    files = application.attachments.filter(replaced_at=None).order_by("key").values_list("key", "file__sha256")
    content = json.dumps([application.answers, application.aims, [list(row) for row in files]], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


@transaction.atomic
def submit(
    application: Application, *, by: Any, at: datetime, edition: int | None = None, without_attachments: bool = False
) -> Application:
    """Hand in a draft: its answers and the register's facts are fixed, it gets a case number, and a receipt is posted.

    at: when the request reached the server; it becomes received_at and is never judged again (Case 4). edition: what the
    person saw on the summary page; StalePage if it has been saved since. without_attachments: the person knows that required
    attachments are missing and hands in all the same (Case 9). A second call answers with the application that was handed in.
    Locks: the application, then its call (shared), then the number series.
    """
    return _submit(locked(application), by=by, at=at, edition=edition, without_attachments=without_attachments)


def _submit(application: Application, *, by: Any, at: datetime, edition: int | None, without_attachments: bool) -> Application:
    """submit, of an application that is locked."""
    if not application.is_draft:
        may_apply_for(by, application.association, at).or_refuse()
        return application
    call = _check(application, by=by, at=at, edition=edition, without_attachments=without_attachments)
    if application.association.needs_two and not is_confirmed(
        application.association, joint_key(application), digest_of(application)
    ):
        raise NotAllowedNow(_("Two signatories must hand in the application together."), "joint")
    _freeze(application, call, local_day(at))
    application.received_at, application.submitted_by = at, by
    _drop_files(application, at=at)
    attached = list(application.attachments.filter(replaced_at=None).select_related("file"))
    missing = missing_attachments(application, filled={attachment.key for attachment in attached})
    application.completed_at = None if missing else at
    receipt = _receipt(application, attached, missing, at=at)
    # From here on the number series is held, and everyone else who hands in waits.
    application.case = filing.open_case(title=str(application), sender=application.association.name, at=at, by=by)
    filing.file_in(application.case, [attachment.file for attachment in attached], at=at, by=by)
    move(application, ApplicationStatus.SUBMITTED, verb="grants.submitted", by=by, at=at)
    conflicts.step_out_linked(application, at=at)
    _post_receipt(application, receipt, at=at)
    return application


def _freeze(application: Application, call: Call, day: date) -> None:
    """Read the answers, and fix what the register says on *day*."""
    application.answers = handed_in_answers(form_from_json(application.version.form), application.answers)
    application.asked = asked_in(application.answers)
    application.facts = facts_of(application.association, day) | frozen_activity(call, application.association, day)
    application.standing = standing_of(application.association, day, call.version.requirements)


def _drop_files(application: Application, *, at: datetime) -> None:
    """Take away files under headings that are not asked for any more (Case 14); the history keeps that they lay there."""
    asked = [row["key"] for row in application.headings()]
    application.attachments.filter(replaced_at=None).exclude(key__in=asked).update(replaced_at=at)


def asked_in(answers: Mapping[str, Answer]) -> Decimal | None:
    """The amount applied for, when the form asks for one and the answers have been read."""
    return Decimal(str(answers["asked"])) if "asked" in answers else None


def _check(application: Application, *, by: Any, at: datetime, edition: int | None, without_attachments: bool) -> Call:
    """Everything that may stand in the way; returns the call, held. The register's documents are put in their places."""
    may_hand_in(by, application, at).or_refuse()
    application.call = call = _shared(application.call)
    if not (answer := takes_in(call, at, extension_of(call, application.association))):
        raise CallClosed(answer.reason, "call_closed")
    if edition is not None and edition != application.edition:
        raise StalePage(application)
    _take_from_register(application, by=by, at=at)
    if missing := what_is_missing(application, without_attachments=without_attachments):
        raise NotComplete(missing)
    return call


def _shared(call: Call) -> Call:
    """The call as it is now, held against closing until we are done, but not against others who hand in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM grants_call WHERE id = %s FOR SHARE", [call.pk])
    return Call.objects.select_related("version__scheme").prefetch_related("late_steps").get(pk=call.pk)


def _take_from_register(application: Application, *, by: Any, at: datetime) -> None:
    """Fix the register's yearly documents as attachments where the applicant has put nothing else."""
    headings = [row for row in application.version.attachments if row.get("yearly_document")]
    if not headings:
        return
    known = documents_of(application.association, local_day(at))
    filled = set(application.attachments.filter(replaced_at=None).values_list("key", flat=True))
    Attachment.objects.bulk_create(
        Attachment(application=application, key=row["key"], file=known[row["yearly_document"]], added_at=at, added_by=by)
        for row in headings
        if row["key"] not in filled and row["yearly_document"] in known
    )


def _receipt(application: Application, attached: Sequence[Attachment], missing: list[str], *, at: datetime) -> dict[str, Any]:
    """What the receipt tells: what was handed in, when, and whether it was in time."""
    labels = {row["key"]: row["label"] for row in application.headings()}
    with override(LANGUAGE):
        return {
            "application": application,
            "lateness": application.lateness(at),
            "missing": missing,
            "sections": application.shown_sections(),
            "attachments": [(labels[row.key], row.file.name) for row in attached],
        }


def _post_receipt(application: Application, receipt: Mapping[str, Any], *, at: datetime) -> None:
    with override(LANGUAGE):
        filing.post_letter(
            application.case,
            key=f"grants.receipt.{application.pk}",
            to=recipients(application),
            addressee=application.association.name,
            subject=_("Receipt: %s") % application.call,
            template="letters/grants/receipt.html",
            context=receipt,
            at=at,
            language=LANGUAGE,
        )


def recipients(application: Application) -> list[str]:
    """Addresses for letters about an application: the person who handed it in (else who began it), while they have an account,
    and the association's own, which is there when that person has moved on."""
    person = application.submitted_by or application.created_by
    own = [person.email] if person.is_active else []
    return list(dict.fromkeys(filter(None, [*own, application.association.email])))
