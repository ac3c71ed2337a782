"""The officers' list and case: everything about an application up to and including completion."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Func, Value
from django.db.models.functions import Collate, Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.choices import Role
from accounts.models import User
from accounts.permissions import for_roles, needs
from associations.models import Association
from grants import double_funding
from grants.actions.assignment import assign
from grants.actions.completion import ask_completion, sections_of
from grants.actions.extension import extend
from grants.actions.refusals import NotAllowedNow
from grants.forms.casework import INCOMPLETE, LATE, AssignForm, CaseworkFilter, CompletionForm, ExtensionForm
from grants.models import Application, Call, Extension
from grants.models.application import CASEWORK, ApplicationQuerySet
from grants.permissions.casework import may_ask_completion, may_handle
from grants.views.doors import handled
from grants.views.steps import form_of, headings_of, received_at
from grants.views.story import requests_shown
from records.reading import story_of
from records.spreadsheets import FORMATS, download

PER_PAGE = 50
# what one may sort by in the address -> columns
_SWEDISH = Collate(Func(Lower("association__name"), Value("åäö"), Value("{|}"), function="translate"), "C")
SORTS: dict[str, tuple[Any, ...]] = {
    "received": ("received_at", "pk"),
    "-received": ("-received_at", "-pk"),
    "association": (_SWEDISH.asc(), "pk"),
    "-association": (_SWEDISH.desc(), "-pk"),
    "asked": (F("asked").asc(nulls_last=True), "pk"),
    "-asked": (F("asked").desc(nulls_last=True), "-pk"),
    "case": ("case__year", "case__number"),
    "-case": ("-case__year", "-case__number"),
}


@for_roles(*CASEWORK)
@require_GET
def casework_list(request: HttpRequest) -> HttpResponse:
    """What has come in. Filters, search and order live in the address; csv and xlsx of the same rows."""
    at = received_at(request)
    form = CaseworkFilter(request.GET)
    found = _filtered(Application.objects.for_casework_by(request.user).with_deadline(at), form, request.user)
    order = request.GET.get("sort", "-received")
    found = found.order_by(*SORTS.get(order, SORTS["-received"]))
    found = found.select_related("call", "association", "case", "handler").prefetch_related("call__late_steps")
    if (kind := request.GET.get("format")) in FORMATS:
        return download(str(kind), name=str(_("applications")), headings=_headings(), rows=_rows(found, at))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    for field in form.fields.values():
        field.required = True  # a filter is never called optional
    context = {
        "form": form,
        "page": page,
        "rows": [(application, application.lateness(at)) for application in page],
        "order": order if order in SORTS else "-received",
        "columns": _columns(order),
    }
    return render(request, "grants/casework_list.html", context)


def _filtered(found: ApplicationQuerySet, form: CaseworkFilter, user: Any) -> ApplicationQuerySet:
    """Only what the filters ask for; a filter that cannot be read is passed over."""
    form.is_valid()
    asked = form.cleaned_data
    if words := asked.get("q"):
        found = found.matching(words)
    if call := asked.get("call"):
        found = found.filter(call=call)
    if status := asked.get("status"):
        found = found.filter(status=status)
    if handler := asked.get("handler"):
        found = found.filter(handler=user if handler == "me" else None)
    if asked.get("state") == LATE:
        found = found.late()
    if asked.get("state") == INCOMPLETE:
        found = found.filter(completed_at=None)
    return found


def _columns(order: str) -> list[dict[str, Any]]:
    """The sortable headings: where each leads, and how the list is sorted now."""
    titles = {
        "association": _("Association"),
        "case": _("Case number"),
        "received": _("Received"),
        "asked": _("Applied for"),
    }
    columns = []
    for key, title in titles.items():
        now = "ascending" if order == key else "descending" if order == f"-{key}" else ""
        columns.append({"key": key, "title": title, "now": now, "next": f"-{key}" if now == "ascending" else key})
    return columns


def _headings() -> list[str]:
    return [
        _("Case number"),
        _("Association"),
        _("Organisation number"),
        _("Call"),
        _("Received"),
        _("Complete"),
        _("Days late"),
        _("Applied for"),
        _("Granted"),
        _("Status"),
        _("Handled by"),
    ]


def _rows(found: ApplicationQuerySet, at: datetime) -> Iterator[list[Any]]:
    for row in found:
        yield [
            row.case.reference if row.case else "",
            row.association.name,
            row.association.number_with_hyphen,
            row.call.title,
            row.received_at,
            row.completed_at,
            row.lateness(at).days,
            row.asked,
            row.granted,
            str(row.get_status_display()),
            str(row.handler) if row.handler else "",
        ]


@for_roles(*CASEWORK)
@require_GET
def casework_application(request: HttpRequest, pk: int) -> HttpResponse:
    """One application as the officers see it."""
    at = received_at(request)
    rows = Application.objects.for_casework_by(request.user).with_deadline(at)
    rows = rows.select_related("submitted_by", "handler").prefetch_related("call__late_steps", "completion_requests")
    found = handled(request, pk, rows)
    context = {
        "application": found,
        "lateness": found.lateness(at),
        "headings": headings_of(found),
        "requests": requests_shown(list(found.completion_requests.all()), form_of(found)),
        "extension": Extension.objects.filter(call=found.call, association=found.association).first(),
        "events": story_of(found.case, request.user).events if found.case else [],
        "may_ask": may_ask_completion(found),
        "may_handle": may_handle(request.user, found),
        "doubles": double_funding.beside(found, request.user),
        "assign_form": AssignForm(officers=_officers(), initial={"handler": found.handler_id}),
        "others": Application.objects.for_casework_by(request.user)
        .filter(association=found.association)
        .exclude(pk=found.pk)
        .select_related("call", "case")
        .order_by("-received_at")[:10],
    }
    return render(request, "grants/casework_application.html", context)


def _officers() -> Any:
    return User.objects.holding(Role.OFFICER, localdate()).order_by("name")


@needs("grants.handle")
@require_POST
def casework_assign(request: HttpRequest, pk: int) -> HttpResponse:
    found = handled(request, pk)
    form = AssignForm(request.POST, officers=_officers())
    if form.is_valid():
        try:
            assign(found, form.cleaned_data["handler"], by=request.user, at=received_at(request))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("Saved."))
    return redirect("grants:casework_application", pk)


@needs("grants.handle")
@require_http_methods(["GET", "POST"])
def completion_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Open parts of the application for the association until a day."""
    found = handled(request, pk)
    offered = sections_of(found)
    form = CompletionForm(request.POST or None, offered=offered)
    refused: NotAllowedNow | None = None
    if request.method == "POST" and form.is_valid():
        try:
            ask_completion(found, **form.cleaned_data, by=request.user, at=received_at(request))
        except NotAllowedNow as reason:
            refused = reason
        else:
            messages.success(request, _("The association has been asked to complete the application, by letter."))
            return redirect("grants:casework_application", pk)
    context = {"application": found, "form": form, "refused": refused, "may_ask": may_ask_completion(found)}
    status = 409 if refused else 422 if form.is_bound else 200
    return render(request, "grants/completion_ask.html", context, status=status)


@needs("grants.handle")
@require_GET
def extension_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has been given a later last day in a call, and the associations it can be given to."""
    call = get_object_or_404(Call.objects.announced(), pk=pk)
    words = request.GET.get("q", "")
    associations = Association.objects.none()
    if words:
        associations = Association.objects.visible_to(request.user).filter(name__icontains=words).order_by("name")[:20]
    extensions = Extension.objects.filter(call=call).select_related("association", "given_by").order_by("association__name")
    return render(
        request, "grants/extension_list.html", {"call": call, "extensions": extensions, "associations": associations, "q": words}
    )


@needs("grants.handle")
@require_http_methods(["GET", "POST"])
def extension_give(request: HttpRequest, pk: int, association: int) -> HttpResponse:
    call = get_object_or_404(Call.objects.announced(), pk=pk)
    whom = get_object_or_404(Association.objects.visible_to(request.user), pk=association)
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            extension = extend(call, whom, **form.cleaned_data, by=request.user, at=received_at(request))
        except NotAllowedNow as refused:
            form.add_error("closes_on", str(refused))
        else:
            messages.success(request, _("%(name)s has until %(day)s.") % {"name": whom, "day": extension.closes_on})
            return redirect("grants:extension_list", pk)
    context = {"call": call, "association": whom, "form": form}
    return render(request, "grants/extension_give.html", context, status=422 if form.is_bound else 200)
