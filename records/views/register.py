"""The register and the case page."""

from collections.abc import Iterator
from typing import Any

from defusedcsv import csv
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from records import filing
from records.forms.register import GroundForm, ReasonForm, RegisterFilter
from records.models import Case
from records.models.case import CaseQuerySet
from records.permissions import needs, opens_to
from records.reading import story_of
from records.refusals import NotAllowedNow
from records.views.doors import case_or_refusal

PAGE = 50  # cases on a page


@needs("records.read_register")
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    form = RegisterFilter(request.GET)
    found = form.narrowed(Case.objects.visible_to(request.user))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "records/case_list.html", {"form": form, "page": page})


@needs("records.read_register")
@require_safe
def case_table(request: HttpRequest) -> HttpResponse:
    """The same cases as a csv file: semicolons and a byte order mark, as Excel in Sweden wants; formulas are made harmless."""
    found = RegisterFilter(request.GET).narrowed(Case.objects.visible_to(request.user))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="diarium-{localtime(now()):%Y-%m-%d}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";")
    writer.writerow([_("Case number"), _("Opened"), _("From or to"), _("Subject"), _("Closed"), _("Secrecy")])
    writer.writerows(_rows(found))
    return response


def _rows(found: CaseQuerySet) -> Iterator[list[str]]:
    """A marked case keeps its number and its day; who and what is left to whoever asks to see it."""
    for case in found.iterator(chunk_size=2000):
        who, what = ("", _("Marked as secret")) if case.is_marked else (case.sender, case.title)
        closed = f"{localtime(case.closed_at):%Y-%m-%d}" if case.closed_at else ""
        yield [case.reference, f"{localtime(case.opened_at):%Y-%m-%d}", who, what, closed, case.secrecy_ground]


@opens_to("signed in")
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    found = case_or_refusal(request, reference)
    story = story_of(found, request.user)
    return render(request, "records/case.html", {"case": found, "facts": _facts(found), "story": story})


def _facts(case: Case) -> list[tuple[str, str]]:
    facts = [
        (_("Case number"), case.reference),
        (_("Opened"), date_format(localtime(case.opened_at), "DATE_FORMAT")),
        (_("From or to"), case.sender or "–"),
    ]
    if case.closed_at:
        facts.append((_("Closed"), date_format(localtime(case.closed_at), "DATE_FORMAT")))
    if case.is_marked:
        facts.append((_("Secrecy"), f"{_('Marked as secret')}, {case.secrecy_ground}"))
    return facts


@needs("records.keep_register")
@require_http_methods(["GET", "POST"])
def case_close(request: HttpRequest, reference: str) -> HttpResponseBase:
    found = case_or_refusal(request, reference)
    form = ReasonForm(request.POST or None, required=False)
    if request.method == "POST" and form.is_valid():
        return _done(
            request,
            found,
            lambda: filing.close_case(found, at=now(), by=request.user, reason=form.cleaned_data["reason"]),
            _("The case is closed."),
        )
    words = {"title": _("Close the case"), "lead": f"{found.reference} {found.title}", "button": _("Close the case")}
    return _confirm(request, found, form, words)


@needs("records.keep_register")
@require_http_methods(["GET", "POST"])
def case_reopen(request: HttpRequest, reference: str) -> HttpResponseBase:
    found = case_or_refusal(request, reference)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _done(
            request,
            found,
            lambda: filing.reopen_case(found, at=now(), by=request.user, reason=form.cleaned_data["reason"]),
            _("The case is open again."),
        )
    words = {"title": _("Take the case up again"), "lead": f"{found.reference} {found.title}", "button": _("Take it up again")}
    return _confirm(request, found, form, words)


@needs("records.keep_register")
@require_http_methods(["GET", "POST"])
def case_secrecy(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Set the mark, or take it away when it is set."""
    found = case_or_refusal(request, reference)
    form = ReasonForm(request.POST or None) if found.is_marked else GroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        written = form.cleaned_data
        if found.is_marked:
            return _done(
                request,
                found,
                lambda: filing.lift_secrecy(found, reason=written["reason"], at=now(), by=request.user),
                _("The mark of secrecy is taken away."),
            )
        return _done(
            request,
            found,
            lambda: filing.mark_secret(found, ground=written["ground"], at=now(), by=request.user),
            _("The mark of secrecy is set."),
        )
    verb = _("Take the mark away") if found.is_marked else _("Set the mark")
    title = _("Take away the mark of secrecy") if found.is_marked else _("Mark the case as secret")
    return _confirm(request, found, form, {"title": title, "lead": f"{found.reference} {found.title}", "button": verb})


def _done(request: HttpRequest, case: Case, act: Any, words: str) -> HttpResponseBase:
    try:
        act()
    except NotAllowedNow as moved_on:
        messages.warning(request, str(moved_on))
    else:
        messages.success(request, words)
    return redirect(case)


def _confirm(request: HttpRequest, case: Case, form: Any, words: dict[str, str]) -> HttpResponse:
    page = {"form": form, "cancel_url": case.get_absolute_url(), **words}
    return render(request, "confirm.html", page, status=422 if form.errors else 200)
