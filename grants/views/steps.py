"""What the ways in share: the instant a request reached the server, and the steps of an application."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from associations.models import Association
from grants.actions.register import documents_of
from grants.models import Application, CompletionRequest
from grants.permissions.completeness import AIMS, ATTACHMENTS, infected_attachments
from grants.rules.questions import Answer, Form, Progress, form_from_json, is_hidden, progress_of
from records.models import StoredFile
from records.values import local_day


def received_at(request: HttpRequest) -> datetime:
    """When the request reached the server (config.middleware): what deadlines are judged by."""
    return getattr(request, "received_at", None) or now()


def current_association(request: HttpRequest) -> Association | None:
    """The association the person acts for right now."""
    hat = getattr(request, "hat", None)
    if not hat or hat.kind != "association":
        return Association.objects.spoken_for_by(request.user).first()
    return Association.objects.spoken_for_by(request.user).filter(pk=hat.key).first()


@dataclass(frozen=True, slots=True)
class Step:
    """One page of an application."""

    key: str
    title: str
    progress: Progress
    url: str

    @property
    def word(self) -> str:
        return {
            Progress.CANNOT_START: _("cannot start yet"),
            Progress.NOT_STARTED: _("not started"),
            Progress.STARTED: _("started"),
            Progress.DONE: _("done"),
        }[self.progress]

    @property
    def tone(self) -> str:
        return {
            Progress.CANNOT_START: "neutral",
            Progress.NOT_STARTED: "neutral",
            Progress.STARTED: "warning",
            Progress.DONE: "success",
        }[self.progress]


def form_of(application: Application) -> Form:
    return form_from_json(application.version.form)


def open_request_of(application: Application) -> CompletionRequest | None:
    return application.completion_requests.filter(answered_at=None, lapsed_at=None).first()


def answers_now(application: Application, request: CompletionRequest | None = None) -> dict[str, Answer]:
    """What the applicant has typed: in the open completion request when there is one, else in the application."""
    return dict(request.after if request and request.after is not None else application.answers)


def steps_of(application: Application, request: CompletionRequest | None = None) -> list[Step]:
    """The pages of the application, only the opened ones while a completion request is open."""
    form, answers = form_of(application), answers_now(application, request)
    steps = [
        Step(section.key, section.title, progress_of(section, form, answers), _section_url(application, section.key))
        for section in form
        if not is_hidden(section, form, answers)
    ]
    version = application.version
    if version.aims:
        progress = Progress.DONE if application.aims else Progress.NOT_STARTED
        url = reverse("grants:application_aims", args=[application.pk])
        steps.insert(0, Step(AIMS, _("Aims"), progress, url))
    if application.headings(answers):
        url = reverse("grants:application_attachments", args=[application.pk])
        steps.append(Step(ATTACHMENTS, _("Attachments"), _attachment_progress(application, request), url))
    return [step for step in steps if request is None or step.key in request.sections]


def _section_url(application: Application, key: str) -> str:
    return reverse("grants:application_section", args=[application.pk, key])


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading for attachments, with the file that lies there. from_register: taken from the yearly documents."""

    key: str
    label: str
    required: bool
    file: StoredFile | None
    from_register: bool = False

    @property
    def url(self) -> str:
        """Where the file is read; '' while it waits for the virus check, and for ever when it failed it."""
        return self.file.get_absolute_url() if self.file is not None and self.file.is_readable else ""


def headings_of(application: Application, request: CompletionRequest | None = None) -> list[Heading]:
    """The attachments of an application; while it is a draft the register's yearly documents stand in where nothing is put."""
    placed = {row.key: row.file for row in application.attachments.filter(replaced_at=None).select_related("file")}
    rows = application.headings(answers_now(application, request))
    known = {}
    if application.is_draft and any(row.get("yearly_document") for row in rows):
        known = documents_of(application.association, local_day(now()))
    return [_heading(row, placed.get(row["key"]), known.get(row.get("yearly_document") or "")) for row in rows]


def _heading(row: dict[str, object], placed: StoredFile | None, known: StoredFile | None) -> Heading:
    required = bool(row.get("required", True))
    return Heading(
        str(row["key"]), str(row["label"]), required, placed or known, from_register=placed is None and known is not None
    )


def _attachment_progress(application: Application, request: CompletionRequest | None) -> Progress:
    headings = headings_of(application, request)
    if infected_attachments(application):
        return Progress.STARTED
    if all(heading.file for heading in headings if heading.required):
        return Progress.DONE
    return Progress.STARTED if any(heading.file for heading in headings) else Progress.NOT_STARTED
