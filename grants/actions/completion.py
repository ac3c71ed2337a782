"""Asking for more: sections opened again until a day, answered or lapsed (Case 20)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.actions.drafts import locked, note_completeness, open_request
from grants.actions.letters import LANGUAGE, post_to_association
from grants.actions.moves import move
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.actions.submission import asked_in
from grants.choices import ApplicationStatus
from grants.models import Application, CompletionRequest
from grants.permissions.applicant import may_apply_for
from grants.permissions.casework import may_ask_completion, may_handle
from grants.permissions.completeness import AIMS, ATTACHMENTS, what_is_missing
from grants.rules.questions import form_from_json, handed_in_answers
from records import filing
from records.values import closes_after


@transaction.atomic
def ask_completion(
    application: Application,
    *,
    sections: Sequence[str],
    message: str,
    due_on: date,
    by: Any,
    at: datetime,
    was_incomplete: bool = False,
) -> CompletionRequest:
    """Open *sections* for the applicant until the end of *due_on*, and write to them.

    was_incomplete: something that was required is missing or cannot be used, so the application is not complete until it is
    answered; where lateness is counted from completeness that may cost (Case 9).
    """
    application = locked(application)
    may_handle(by, application).or_refuse()
    may_ask_completion(application).or_refuse()
    due_at = closes_after(due_on)
    if due_at <= at:
        raise NotAllowedNow(_("The last day to answer must not have passed."))
    request = CompletionRequest.objects.create(
        application=application,
        sections=list(sections),
        message=message,
        due_on=due_on,
        due_at=due_at,
        asked_at=at,
        asked_by=by,
        before=application.answers,
    )
    if was_incomplete and application.completed_at is not None:
        before, application.completed_at = application.completed_at, None
        changes = {"completed_at": [before.isoformat(), None]}
        filing.note(application.case, "grants.found_incomplete", by=by, at=at, reason=message, changes=changes)
    move(application, ApplicationStatus.COMPLETING, verb="grants.completion_asked", by=by, at=at, reason=message)
    with override(LANGUAGE):
        opened = [title for key, title in sections_of(application) if key in sections]
        post_to_association(
            application,
            key=f"grants.completion.{request.pk}",
            subject=_("Complete your application: %s") % application.call,
            template="letters/grants/completion.html",
            context={"request": request, "opened": opened, "was_incomplete": was_incomplete},
            at=at,
        )
    return request


def sections_of(application: Application) -> list[tuple[str, str]]:
    """The parts that can be opened: key and title."""
    version = application.version
    parts = [(section.key, section.title) for section in form_from_json(version.form)]
    if version.aims:
        parts.insert(0, (AIMS, _("Aims")))
    return [*parts, (ATTACHMENTS, _("Attachments"))] if application.headings() else parts


@transaction.atomic
def answer_completion(application: Application, *, by: Any, at: datetime) -> Application:
    """Take what was typed into the application and lock it again. Pressed twice it changes nothing the second time.

    at: when the request reached the server. The application becomes complete at that instant, if nothing is missing now.
    """
    application = locked(application)
    may_apply_for(by, application.association, at).or_refuse()
    request = open_request(application)
    if request is None:
        return application
    if at >= request.due_at:
        raise NotAllowedNow(_("The time to complete the application is over."))
    if request.after is not None:
        form = form_from_json(application.version.form)
        application.answers = handed_in_answers(form, request.after)
        application.asked = asked_in(application.answers)
    if missing := what_is_missing(application, without_attachments=ATTACHMENTS not in request.sections):
        raise NotComplete(missing)
    request.after, request.answered_at = application.answers, at
    request.save(update_fields=["after", "answered_at"])
    move(application, ApplicationStatus.SUBMITTED, verb="grants.completed", by=by, at=at)
    note_completeness(application, at=at)
    return application


@transaction.atomic
def lapse_completion(request: CompletionRequest, *, at: datetime) -> bool:
    """Close a request nobody answered in time; the application is as it was. False when there was nothing to do."""
    application = locked(request.application)
    row = open_request(application)
    if row is None or row.pk != request.pk or at < row.due_at:
        return False
    row.lapsed_at = at
    row.save(update_fields=["lapsed_at"])
    move(application, ApplicationStatus.SUBMITTED, verb="grants.completion_lapsed", by=None, at=at)
    return True
