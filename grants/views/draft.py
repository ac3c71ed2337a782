"""Writing an application: one section per page, attachments, handing in."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import signed_in
from grants.actions import drafts
from grants.actions.refusals import NotAllowedNow, StalePage
from grants.forms.answers import SectionForm, judged, typed_answers
from grants.forms.applicant import AimsForm, AttachmentsForm
from grants.models import Application, CompletionRequest
from grants.permissions.completeness import AIMS, ATTACHMENTS
from grants.rules.questions import Answer, Section, answer_changes
from grants.views.steps import Step, answers_now, form_of, headings_of, open_request_of, received_at, steps_of
from grants.wording import shown_answer
from records import filing
from records.refusals import FileRefused


@dataclass(frozen=True, slots=True)
class Writing:
    """One page of an application that is being written."""

    application: Application
    request: CompletionRequest | None
    steps: list[Step]
    step: Step

    @property
    def position(self) -> int:
        return self.steps.index(self.step) + 1

    @property
    def next_url(self) -> str:
        following = self.steps[self.position :]
        return following[0].url if following else self.overview_url

    @property
    def overview_url(self) -> str:
        return reverse("grants:application", args=[self.application.pk])

    def context(self, **more: object) -> dict[str, object]:
        return {"writing": self, "application": self.application, "request_open": self.request, **more}


def _writing(request: HttpRequest, pk: int, key: str) -> Writing:
    """The page, if the person may write there now; a 404 for everyone else and every other section."""
    rows = Application.objects.spoken_for_by(request.user).select_related(
        "call__version__scheme", "mended", "association", "case"
    )
    application = get_object_or_404(rows, pk=pk)
    asked = None if application.is_draft else open_request_of(application)
    steps = steps_of(application, asked)
    step = next((step for step in steps if step.key == key), None)
    if step is None:
        raise Http404
    return Writing(application, asked, steps, step)


def _is_closed(writing: Writing) -> bool:
    return not writing.application.is_draft and writing.request is None


@signed_in
@require_http_methods(["GET", "POST"])
def application_section(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    writing = _writing(request, pk, key)
    whole = form_of(writing.application)
    section = next((row for row in whole if row.key == key), None)
    if section is None:
        raise Http404
    if request.method == "POST":
        return _save_section(request, writing, section)
    if _is_closed(writing):
        return redirect(writing.overview_url)
    answers = answers_now(writing.application, writing.request)
    form = SectionForm(section, whole, answers, strict="granska" in request.GET)
    return render(request, "grants/section.html", writing.context(form=form, section=section))


def _save_section(request: HttpRequest, writing: Writing, section: Section) -> HttpResponse:
    typed = typed_answers(section, request.POST)
    by_itself = request.headers.get("X-Autosave") == "yes"
    try:
        application = drafts.save_section(
            writing.application,
            section.key,
            answers=typed,
            edition=_edition(request),
            by=request.user,
            at=received_at(request),
        )
    except NotAllowedNow as refused:
        if by_itself:
            return JsonResponse({"problem": str(refused)}, status=409)
        return _refused_page(request, writing, section, typed, refused)
    now_typed = {**answers_now(application, open_request_of(application)), **typed}
    if by_itself:
        return JsonResponse({"edition": application.edition, **judged(form_of(application), section, now_typed)})
    whole = form_of(application)
    form = SectionForm(section, whole, now_typed)
    if not form.is_valid():
        context = writing.context(form=form, section=section, application=application)
        return render(request, "grants/section.html", context, status=422)
    return redirect(writing.overview_url if request.POST.get("next") == "overview" else writing.next_url)


def _refused_page(
    request: HttpRequest, writing: Writing, section: Section, typed: dict[str, Answer], refused: NotAllowedNow
) -> HttpResponse:
    """The same page with the typed text still in it, why it was not saved, and what someone else has saved (Cases 5 and 6)."""
    whole = form_of(writing.application)
    stale = refused.application if isinstance(refused, StalePage) else None
    now_saved: dict[str, Answer] = {}
    if stale is not None:
        now_saved = answers_now(stale, open_request_of(stale))
    differing = [
        (change.question.label, shown_answer(change.question, change.before))
        for change in answer_changes((section,), now_saved, typed)
    ]
    form = SectionForm(section, whole, {**answers_now(writing.application, writing.request), **typed})
    context = writing.context(form=form, section=section, refused=refused, differing=differing if stale else [])
    if stale is not None:
        context["application"] = stale
    return render(request, "grants/section.html", context, status=409)


def _edition(request: HttpRequest) -> int:
    typed = request.POST.get("edition", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


@signed_in
@require_http_methods(["GET", "POST"])
def application_aims(request: HttpRequest, pk: int) -> HttpResponse:
    writing = _writing(request, pk, AIMS)
    application = writing.application
    offered = [(aim["key"], aim["label"]) for aim in application.call.version.aims]
    form = AimsForm(request.POST or None, offered=offered, initial={"aims": application.aims})
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            drafts.save_section(
                application,
                AIMS,
                answers={},
                aims=form.cleaned_data["aims"],
                edition=_edition(request),
                by=request.user,
                at=received_at(request),
            )
        except NotAllowedNow as reason:
            refused = reason
        else:
            return redirect(writing.next_url)
    if _is_closed(writing) and not refused:
        return redirect(writing.overview_url)
    status = 409 if refused else 422 if form.is_bound else 200
    return render(request, "grants/aims.html", writing.context(form=form, refused=refused), status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def application_attachments(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Application.objects.spoken_for_by(request.user).select_related(
        "call__version__scheme", "mended", "association", "case"
    )
    application = get_object_or_404(rows, pk=pk)
    asked = None if application.is_draft else open_request_of(application)
    headings = headings_of(application, asked)
    form = AttachmentsForm(request.POST or None, request.FILES or None, headings=headings)
    refused = None
    if request.method == "POST":
        form.is_valid()  # the files that will do are kept, whatever is wrong with the others
        try:
            count = _attach(request, application, form)
        except NotAllowedNow as reason:
            refused = reason
        else:
            if count:
                messages.success(request, _("The files are saved."))
            if not form.errors:
                stays = count and request.POST.get("next") == "stay"
                return redirect("grants:application_attachments", pk) if stays else redirect("grants:application", pk)
            headings = headings_of(application, asked)
    status = 409 if refused else 422 if form.errors else 200
    steps = steps_of(application, asked)
    context = {
        "application": application,
        "form": form,
        "rows": [(heading, form[heading.key]) for heading in headings],
        "refused": refused,
        "request_open": asked,
        "total": len(steps),
        "position": next((n for n, step in enumerate(steps, start=1) if step.key == ATTACHMENTS), 1),
        "may_change": application.is_draft or asked is not None,
    }
    return render(request, "grants/attachments.html", context, status=status)


def _attach(request: HttpRequest, application: Application, form: AttachmentsForm) -> int:
    """Store and attach each file that came; a file that cannot be received gets its reason beside its field."""
    count = 0
    at = received_at(request)
    for key, upload in form.uploads():
        try:
            file = filing.store_file(upload, at=at, by=request.user, kind="grants_attachment")
        except FileRefused as refused:
            form.add_error(key, str(refused))
            continue
        drafts.attach(application, key, file=file, by=request.user, at=at)
        count += 1
    return count


@signed_in
@require_POST
def attachment_remove(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    application = get_object_or_404(Application.objects.spoken_for_by(request.user), pk=pk)
    try:
        drafts.detach(application, key, by=request.user, at=received_at(request))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    return redirect("grants:application_attachments", pk)
