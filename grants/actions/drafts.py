"""A draft: started once, saved as it is typed, never overwritten by a page that is older than what it would replace."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from associations.models import Association
from grants.actions.refusals import AlreadyApplied, CallClosed, NotAllowedNow, StalePage
from grants.choices import ApplicationStatus
from grants.models import Application, Attachment, Call, CompletionRequest, Extension
from grants.permissions.applicant import may_apply_for, takes_in
from grants.permissions.completeness import AIMS, ATTACHMENTS, missing_attachments
from grants.rules.questions import Answer, copied_answers, form_from_json
from records import filing
from records.models import StoredFile


def start(call: Call, association: Association, *, by: Any, at: datetime, copy_from: Application | None = None) -> Application:
    """Begin an application, on request with the answers of an earlier one that still fit.

    Pressed twice it answers with the draft that was begun. AlreadyApplied when the association has as many as it may have;
    two sessions racing are settled by the constraint application_once_per_call (Case 12).
    """
    for _attempt in range(call.max_per_association + 1):
        try:
            return _start(call, association, by=by, at=at, copy_from=copy_from)
        except IntegrityError:
            continue  # someone else took the same ordinal between our look and our write: look again
    raise AlreadyApplied(_standing(call, association)[0])


@transaction.atomic
def _start(call: Call, association: Association, *, by: Any, at: datetime, copy_from: Application | None) -> Application:
    call = Call.objects.select_related("version", "mended").get(pk=call.pk)
    may_apply_for(by, association, at).or_refuse()
    if call.categories and (association.category is None or association.category.key not in call.categories):
        raise NotAllowedNow(_("This call is for other kinds of associations."))
    if not (answer := takes_in(call, at, extension_of(call, association))):
        raise CallClosed(answer.reason)
    standing = _standing(call, association)
    if draft := next((row for row in standing if row.is_draft), None):
        return draft
    taken = {row.ordinal for row in standing}
    free = next((n for n in range(1, call.max_per_association + 1) if n not in taken), None)
    if free is None:
        raise AlreadyApplied(standing[0])
    answers, aims = _copied(call, association, copy_from)
    return Application.objects.create(
        call=call,
        mended=call.mended,
        association=association,
        ordinal=free,
        answers=answers,
        aims=aims,
        created_at=at,
        created_by=by,
        saved_at=at,
    )


def _standing(call: Call, association: Association) -> list[Application]:
    rows = Application.objects.filter(call=call, association=association).exclude(status=ApplicationStatus.WITHDRAWN)
    return list(rows.order_by("ordinal"))


def _copied(call: Call, association: Association, source: Application | None) -> tuple[dict[str, Answer], list[str]]:
    if source is None or source.association_id != association.pk:
        return {}, []
    old, new = source.version, call.form_version
    answers = copied_answers(form_from_json(old.form), form_from_json(new.form), source.answers)
    offered = {aim["key"] for aim in new.aims}
    return answers, [aim for aim in source.aims if aim in offered]


def extension_of(call: Call, association: Association) -> Extension | None:
    return Extension.objects.filter(call=call, association=association).first()


@transaction.atomic
def save_section(
    application: Application,
    section: str,
    *,
    answers: Mapping[str, Answer],
    edition: int,
    by: Any,
    at: datetime,
    aims: list[str] | None = None,
) -> Application:
    """Save one section as it is typed; nothing is refused for being unfinished or wrong.

    edition: the application's edition when the page was opened. StalePage when the section was saved by another page since,
    and differently; CallClosed when the time is over. While a completion request is open, its sections are kept in the request.
    """
    application = locked(application)
    request = _writable(application, section, by=by, at=at)
    kept: dict[str, Answer] = dict((request.after if request and request.after is not None else application.answers) or {})
    typed = {key: value for key, value in answers.items() if key in _keys(application, section)}
    changed = any(kept.get(key, "") != value for key, value in typed.items())
    if aims is not None and section == AIMS:
        changed = changed or application.aims != aims
    if not changed:
        return application
    if application.section_editions.get(section, 0) > edition:
        raise StalePage(application)
    kept.update(typed)
    application.edition += 1
    application.section_editions[section] = application.edition
    application.saved_at = at
    if request is not None:
        request.after = kept
        request.save(update_fields=["after"])
    else:
        application.answers = kept
    if aims is not None and section == AIMS:
        application.aims = aims
    application.save(update_fields=["answers", "aims", "edition", "section_editions", "saved_at"])
    return application


def locked(application: Application) -> Application:
    """Read again under the lock, with what every action looks at."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("call__version__scheme", "association", "case")
    return rows.get(pk=application.pk)


def _keys(application: Application, section: str) -> set[str]:
    form = form_from_json(application.version.form)
    return {question.key for row in form if row.key == section for question in row.questions}


def _writable(application: Application, section: str, *, by: Any, at: datetime) -> CompletionRequest | None:
    """The completion request the section is written in, None for a draft; otherwise refused with the reason."""
    may_apply_for(by, application.association, at).or_refuse()
    if application.is_draft:
        if not (answer := takes_in(application.call, at, extension_of(application.call, application.association))):
            raise CallClosed(answer.reason)
        return None
    request = open_request(application)
    if request is None:
        raise NotAllowedNow(_("The application is handed in and can no longer be changed."))
    if section not in request.sections:
        raise NotAllowedNow(_("This part is not open for changes. Only what you were asked to complete is."))
    if at >= request.due_at:
        raise NotAllowedNow(_("The time to complete the application is over."))
    return request


def open_request(application: Application) -> CompletionRequest | None:
    return application.completion_requests.select_for_update().filter(answered_at=None, lapsed_at=None).first()


def _answers_now(application: Application) -> Mapping[str, Answer]:
    """What the applicant has typed: in the open completion request when there is one, else in the application."""
    request = None if application.is_draft else open_request(application)
    answers: Mapping[str, Answer] = application.answers
    return request.after if request is not None and request.after is not None else answers


@transaction.atomic
def attach(application: Application, key: str, *, file: StoredFile, by: Any, at: datetime) -> Attachment:
    """Put a stored file under a heading. One that lay there is replaced, and kept in the history."""
    application = locked(application)
    if key not in {row["key"] for row in application.headings(_answers_now(application))}:
        raise NotAllowedNow(_("There is no such attachment in this application."))
    if not _is_supplement(application, key):
        _writable(application, ATTACHMENTS, by=by, at=at)
    elif not (answer := may_apply_for(by, application.association, at)):
        raise NotAllowedNow(answer.reason)
    application.attachments.filter(key=key, replaced_at=None).update(replaced_at=at)
    attachment = Attachment.objects.create(application=application, key=key, file=file, added_at=at, added_by=by)
    if application.case is not None:
        filing.file_in(application.case, [file], at=at, by=by)
        filing.note(application.case, "grants.attached", by=by, at=at, changes={"attachment": [None, key]})
        if application.status == ApplicationStatus.SUBMITTED:
            note_completeness(application, at=at)
    return attachment


def note_completeness(application: Application, *, at: datetime) -> None:
    """Write down the instant when nothing is missing any more, of a locked application; lateness may hang on it (Case 9)."""
    if application.completed_at is None and not missing_attachments(application):
        application.completed_at = at
        application.save(update_fields=["completed_at"])
        filing.note(application.case, "grants.became_complete", at=at, changes={"completed_at": [None, at.isoformat()]})


def _is_supplement(application: Application, key: str) -> bool:
    """Handed in without a required attachment: it may be added afterwards without being asked for (Case 9)."""
    if application.status != ApplicationStatus.SUBMITTED:
        return False
    return not application.attachments.filter(key=key, replaced_at=None).exists()


@transaction.atomic
def detach(application: Application, key: str, *, by: Any, at: datetime) -> None:
    """Take away the file under a heading; the history keeps that it lay there."""
    application = locked(application)
    _writable(application, ATTACHMENTS, by=by, at=at)
    application.attachments.filter(key=key, replaced_at=None).update(replaced_at=at)


@transaction.atomic
def discard(application: Application, *, by: Any, at: datetime) -> None:
    """Throw away a draft that was never handed in."""
    application = locked(application)
    if not application.is_draft:
        raise NotAllowedNow(_("The application is handed in and can no longer be thrown away. You can withdraw it."))
    may_apply_for(by, application.association, at).or_refuse()
    filing.note(None, "grants.draft_discarded", by=by, at=at, changes={"application": [application.pk, None]})
    application.delete()
