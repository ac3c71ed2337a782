"""Handing in: the summary page, the press, the second signature; and answering a completion request."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import signed_in
from grants.actions import drafts
from grants.actions.completion import answer_completion
from grants.actions.refusals import NotAllowedNow, NotComplete, StalePage
from grants.actions.register import facts_of
from grants.actions.submission import hand_in
from grants.forms.applicant import HandInForm
from grants.models import Application
from grants.permissions.applicant import may_hand_in, takes_in
from grants.permissions.completeness import AIMS, ATTACHMENTS, Gap, gaps
from grants.rules.questions import answer_changes
from grants.views.steps import answers_now, form_of, headings_of, open_request_of, received_at
from grants.wording import fact_rows, shown_answer
from records.values import local_day


def _found(request: HttpRequest, pk: int) -> Application:
    rows = Application.objects.spoken_for_by(request.user).select_related(
        "call__version__scheme", "association__category", "association__activity", "case"
    )
    return get_object_or_404(rows.prefetch_related("call__late_steps"), pk=pk)


@signed_in
@require_http_methods(["GET", "POST"])
def application_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything on one page before it is handed in; handing it in once however often one presses."""
    draft = _found(request, pk)
    if not draft.is_draft:
        return redirect("grants:application", pk)
    if request.method == "GET":
        return _summary(request, draft)
    form = HandInForm(request.POST)
    if not form.is_valid():
        return _summary(request, draft, form=form, status=422)
    try:
        handed_in = hand_in(
            draft,
            by=request.user,
            at=received_at(request),
            edition=form.cleaned_data["edition"],
            without_attachments=form.cleaned_data["without_attachments"],
        )
    except NotComplete:
        return _summary(request, draft, status=422, strict=True)
    except StalePage:
        messages.warning(request, _("The application was changed while you were reading. Read it again before you hand it in."))
        return _summary(request, _found(request, pk), status=409)
    except NotAllowedNow as refused:
        return _summary(request, draft, refused=refused, status=409)
    if handed_in.is_draft:
        messages.success(request, _("You have signed. Another signatory must now hand in the application together with you."))
    else:
        messages.success(request, _("The application is handed in. A receipt is on its way to you by e-mail."))
    return redirect("grants:application", pk)


def _summary(
    request: HttpRequest,
    draft: Application,
    *,
    form: HandInForm | None = None,
    refused: NotAllowedNow | None = None,
    status: int = 200,
    strict: bool = False,
) -> HttpResponse:
    at = received_at(request)
    headings = headings_of(draft)
    found = gaps(draft, filled={heading.key for heading in headings if heading.file})
    context: dict[str, Any] = {
        "application": draft,
        "headings": headings,
        "facts": fact_rows(facts_of(draft.association, local_day(at))),
        "gaps": [(gap.sentence, _gap_url(draft, gap)) for gap in found if gap.blocks],
        "missing_attachments": [gap.sentence for gap in found if not gap.blocks],
        "lateness": draft.lateness(at),
        "open": takes_in(draft.call, at, drafts.extension_of(draft.call, draft.association)),
        "may": may_hand_in(request.user, draft, at),
        "form": form or HandInForm(initial={"edition": draft.edition}),
        "refused": refused,
        "strict": strict,
    }
    return render(request, "grants/application_submit.html", context, status=status)


def _gap_url(draft: Application, gap: Gap) -> str:
    if gap.section == AIMS:
        return reverse("grants:application_aims", args=[draft.pk])
    if gap.section == ATTACHMENTS:
        return reverse("grants:application_attachments", args=[draft.pk])
    return reverse("grants:application_section", args=[draft.pk, gap.section]) + f"?granska#id_q-{gap.question}"


@signed_in
@require_http_methods(["GET", "POST"])
def completion_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What has been changed since the municipality asked, before it is sent back."""
    found = _found(request, pk)
    asked = open_request_of(found)
    if asked is None:
        return redirect("grants:application", pk)
    refused: NotAllowedNow | None = None
    if request.method == "POST":
        try:
            answer_completion(found, by=request.user, at=received_at(request))
        except NotAllowedNow as reason:
            refused = reason
        else:
            messages.success(request, _("Your answer is sent. The application is locked again."))
            return redirect("grants:application", pk)
    answers = answers_now(found, asked)
    changes = answer_changes(form_of(found), asked.before, answers)
    context = {
        "application": found,
        "request_open": asked,
        "changes": [
            (row.question.label, shown_answer(row.question, row.before), shown_answer(row.question, row.after)) for row in changes
        ],
        "headings": headings_of(found, asked) if ATTACHMENTS in asked.sections else [],
        "refused": refused,
        "missing": refused.missing if isinstance(refused, NotComplete) else (),
    }
    return render(request, "grants/completion_answer.html", context, status=409 if refused else 200)
