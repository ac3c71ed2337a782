"""The outbox, and one letter: its text, its PDF, and what to do when it could not be delivered."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from records import actions, files
from records.choices import LetterStatus
from records.forms.letters import RetryForm
from records.models import Letter
from records.permissions import needs, opens_to
from records.preview import as_part_of_page
from records.refusals import NotAllowedNow
from records.views.doors import of_case_or_refusal

PAGE = 50  # letters on a page


@needs("records.read_register")
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What has not left: failed first, then what waits; how many are kept back until they are released."""
    mine = Letter.objects.visible_to(request.user)
    rows = mine.in_outbox().defer("html").select_related("case").order_by("status", "posted_at", "pk")
    counts = mine.aggregate(
        failed=Count("pk", filter=Q(status=LetterStatus.FAILED)), staged=Count("pk", filter=Q(status=LetterStatus.STAGED))
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "records/outbox.html", {"page": page, **counts})


@opens_to("signed in")
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    found = _letter(request, pk)
    return _page(request, found, RetryForm.of(found))


def _page(request: HttpRequest, found: Letter, form: RetryForm) -> HttpResponse:
    text = "" if found.private else as_part_of_page(found.html)
    page = {"letter": found, "text": text, "form": form}
    return render(request, "records/letter.html", page, status=422 if form.errors else 200)


@opens_to("signed in")
@require_safe
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF as it was sent; before that, as it would be sent now."""
    found = _letter(request, pk)
    if found.private:
        raise PermissionDenied
    if found.pdf is not None:
        return files.serve(found.pdf, request)
    name = {"Content-Disposition": f'attachment; filename="{found.pk}.pdf"', **files.HEADERS}
    return HttpResponse(actions.render_pdf(found), content_type="application/pdf", headers=name)


@needs("records.keep_register")
@require_http_methods(["POST"])
def letter_retry(request: HttpRequest, pk: int) -> HttpResponse:
    found = _letter(request, pk)
    form = RetryForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        actions.retry_letter(found, to=form.cleaned_data["to"], at=now(), by=request.user)
    except NotAllowedNow as moved_on:
        messages.warning(request, str(moved_on))
    else:
        messages.success(request, _("The letter is on its way again."))
    return redirect("records:outbox")


@needs("records.keep_register")
@require_POST
def outbox_retry(request: HttpRequest) -> HttpResponse:
    """Try every failed letter that has an address once more: after a night when the mail server was down."""
    failed = Letter.objects.visible_to(request.user).filter(status=LetterStatus.FAILED).exclude(to=[])
    tried = 0
    for found in failed.defer("html"):
        try:
            actions.retry_letter(found, at=now(), by=request.user)
        except NotAllowedNow:
            continue
        tried += 1
    words = ngettext("%(n)s letter is on its way again.", "%(n)s letters are on their way again.", tried)
    messages.success(request, words % {"n": tried})
    return redirect("records:outbox")


@needs("records.keep_register")
@require_POST
def letter_posted(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.mark_posted_on_paper(_letter(request, pk), at=now(), by=request.user)
    except NotAllowedNow as moved_on:
        messages.warning(request, str(moved_on))
    else:
        messages.success(request, _("The letter is noted as sent by ordinary post."))
    return redirect("records:outbox")


def _letter(request: HttpRequest, pk: int) -> Letter:
    seen = Letter.objects.visible_to(request.user).select_related("case", "pdf", "pdf__case")
    found: Letter = of_case_or_refusal(request, seen, pk)
    return found
