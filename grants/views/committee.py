"""The committee's meetings: the list before it, what it decided item by item, the minutes."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.choices import Role
from accounts.permissions import for_roles
from grants.actions import meetings
from grants.actions.counting import remaining
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.calculation_words import shown_lines
from grants.choices import ItemResult, MeetingStatus, Outcome, Route
from grants.forms.deciding import AdjustForm, MeetingForm, ResultForm
from grants.models import Application, Call, Meeting, Proposal
from grants.permissions.deciding import may_adjust, may_run_meetings
from grants.views.doors import DESK, of_handled
from grants.views.proposals import criteria_of
from records.pdf import to_pdf
from records.values import local_day

READERS = (*DESK, Role.COMMITTEE_MEMBER)


@for_roles(*READERS)
@require_http_methods(["GET", "POST"])
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Meetings, planned ones first; the secretary plans new ones here."""
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = meetings.plan_meeting(typed["held_on"], place=typed["place"], by=request.user, at=now())
        except NotAllowedNow as refused:
            form.add_error("held_on", str(refused))
        else:
            messages.success(request, _("The meeting is planned."))
            return redirect("grants:meeting", made.pk)
    rows = list(Meeting.objects.select_related("notice").order_by("-held_on"))
    waiting = Proposal.objects.visible_to(request.user).open().filter(route=Route.COMMITTEE, meeting=None)
    context = {
        "planned": [row for row in reversed(rows) if row.status != MeetingStatus.ADJUSTED],
        "past": [row for row in rows if row.status == MeetingStatus.ADJUSTED],
        "waiting": waiting.select_related("application__association", "application__call").order_by("proposed_at"),
        "form": form,
        "may_run": may_run_meetings(request.user),
    }
    return render(request, "grants/decide/meeting_list.html", context, status=422 if form.errors else 200)


def _meeting(pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.select_related("notice"), pk=pk)


def list_of(meeting: Meeting, user: Any) -> dict[str, Any]:
    """The committee's list as this user may read it: items without conflicts of interest, sums of what is shown."""
    rows = (
        Proposal.objects.visible_to(user)
        .filter(meeting=meeting)
        .select_related(
            "application__call__version__scheme",
            "application__association__category",
            "application__case",
            "proposed_by",
            "decision",
            "replaces",
        )
        .order_by("application__call", "application__case__year", "application__case__number", "pk")
    )
    items: list[dict[str, Any]] = [
        {
            "number": number,
            "proposal": row,
            "application": row.application,
            "lines": shown_lines(row.calculation),
            "criteria": criteria_of(row),
            "decision": getattr(row, "decision", None),
        }
        for number, row in enumerate(rows, start=1)
    ]
    asked = [item["proposal"].amount for item in items if item["proposal"].amount and not item["proposal"].closed_at]
    return {
        "meeting": meeting,
        "items": items,
        "proposed": sum(asked, Decimal(0)),
        "calls": _calls(items),
        "delegated": _reported(meeting, user),
        "claims": _claims(meeting, user),
    }


def _calls(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Per call: the budget, what is left before the meeting and what the proposals on the list would take."""
    calls = {item["application"].call_id: item["application"].call for item in items}
    return [_call_row(call, items) for call in calls.values()]


def _call_row(call: Call, items: list[dict[str, Any]]) -> dict[str, Any]:
    mine = [item["proposal"] for item in items if item["application"].call_id == call.pk]
    proposed = sum((row.amount for row in mine if row.amount and not row.closed_at), Decimal(0))
    left = remaining(call)
    return {"call": call, "left": left, "proposed": proposed, "after": None if left is None else left - proposed}


def _reported(meeting: Meeting, user: Any) -> list[Any]:
    """Delegated decisions on this list: those reported, and for the next planned meeting those that wait (Case 39)."""
    withheld = set(_withheld(user))
    rows: list[Any] = []
    if meeting.status != MeetingStatus.PLANNED:
        reports = meeting.reported_decisions.filter(decision__isnull=False)
        related = (
            "decision__application__association",
            "decision__application__call",
            "decision__application__case",
            "decision__decided_by",
        )
        rows = [report.decision for report in reports.select_related(*related)]
    elif _is_next(meeting):
        rows = list(meetings.to_be_reported(meeting))
    return [row for row in rows if row.application_id not in withheld]


def _claims(meeting: Meeting, user: Any) -> list[Any]:
    withheld = set(_withheld(user))
    rows: list[Any] = []
    if meeting.status != MeetingStatus.PLANNED:
        reports = meeting.reported_decisions.filter(reclaim__isnull=False)
        related = ("reclaim__decision__application__case", "reclaim__association", "reclaim__claimed_by")
        rows = [report.reclaim for report in reports.select_related(*related)]
    elif _is_next(meeting):
        rows = list(meetings.claims_to_be_reported(meeting))
    return [row for row in rows if row.decision.application_id not in withheld]


def _withheld(user: Any) -> Any:
    return Application.objects.received().withheld_from(user).values_list("pk", flat=True)


def _is_next(meeting: Meeting) -> bool:
    """The first meeting that has not been held: what delegates have decided is reported to it."""
    first = Meeting.objects.filter(status=MeetingStatus.PLANNED).order_by("held_on").first()
    return first is not None and first.pk == meeting.pk


@for_roles(*READERS)
@require_GET
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _meeting(pk))


def _page(
    request: HttpRequest, found: Meeting, status: int = 200, adjust_form: Any = None, result_form: Any = None
) -> HttpResponse:
    at = now()
    listed = list_of(found, request.user)
    may_run = may_run_meetings(request.user)
    recording = bool(may_run) and found.held_on <= localdate() and found.status != MeetingStatus.ADJUSTED
    for item in listed["items"]:
        item["form"] = _result_form(item["proposal"], result_form) if recording and not item["proposal"].closed_at else None
    context = {
        **listed,
        "may_run": may_run,
        "may_hold": may_run and found.status == MeetingStatus.PLANNED and found.held_on <= local_day(at),
        "may_adjust": may_adjust(request.user, found),
        "open_items": [item for item in listed["items"] if not item["proposal"].closed_at],
        "adjust_form": adjust_form or AdjustForm(initial={"on": local_day(at)}),
    }
    return render(request, "grants/decide/meeting.html", context, status=status)


def _result_form(row: Proposal, bound: ResultForm | None) -> ResultForm:
    if bound is not None and bound.prefix == f"item-{row.pk}":
        return bound
    return ResultForm(grants=row.outcome == Outcome.GRANT, prefix=f"item-{row.pk}", initial={"result": ItemResult.AS_PROPOSED})


@for_roles(*READERS)
@require_GET
def meeting_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as a document: figures, budget and reasons of every item, and what delegates have decided."""
    found = _meeting(pk)
    context = {**list_of(found, request.user), "municipality": settings.MUNICIPALITY, "letter_at": now()}
    subject = _("List of items %(day)s") % {"day": found.held_on.isoformat()}
    html = render_to_string("letters/grants/meeting_list.html", {**context, "subject": subject})
    answer = HttpResponse(to_pdf(html), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="foredragningslista-{found.held_on.isoformat()}.pdf"'
    return answer


@for_roles(Role.COMMITTEE_SECRETARY)
@require_POST
def meeting_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the committee did with one item."""
    rows = Proposal.objects.visible_to(request.user).filter(meeting__isnull=False).select_related("meeting", "application")
    item: Proposal = of_handled(request, rows, pk)
    form = ResultForm(request.POST, grants=item.outcome == Outcome.GRANT, prefix=f"item-{item.pk}")
    meeting = _meeting(item.meeting_id or 0)
    if not form.is_valid():
        return _page(request, meeting, 422, result_form=form)
    typed = form.cleaned_data
    try:
        meetings.record_result(
            item,
            result=typed["result"],
            amount=typed["amount"],
            reasons=typed["reasons"],
            recused=typed["recused"],
            by=request.user,
            at=now(),
        )
    except NotComplete as refused:
        form.add_error(None, list(refused.missing))
        return _page(request, meeting, 422, result_form=form)
    except NotAllowedNow as refused:
        form.add_error(None, str(refused))
        return _page(request, meeting, 409, result_form=form)
    messages.success(request, _("%(name)s: noted.") % {"name": item.application.association})
    return redirect("grants:meeting", meeting.pk)


@for_roles(Role.COMMITTEE_SECRETARY)
@require_POST
def meeting_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting has been held: what delegates have decided was reported to it."""
    found = _meeting(pk)
    try:
        meetings.hold(found, by=request.user, at=now())
        messages.success(request, _("The meeting is noted as held, and delegated decisions as reported."))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    return redirect("grants:meeting", found.pk)


@for_roles(Role.COMMITTEE_SECRETARY)
@require_POST
def meeting_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes are adjusted: a notice goes up, and the last day to appeal is known (Case 44)."""
    found = _meeting(pk)
    form = AdjustForm(request.POST)
    if not form.is_valid():
        return _page(request, found, 422, adjust_form=form)
    try:
        adjusted = meetings.adjust_minutes(found, on=form.cleaned_data["on"], by=request.user, at=now())
    except NotAllowedNow as refused:
        form.add_error(None, str(refused))
        return _page(request, found, 409, adjust_form=form)
    last = adjusted.notice.appeal_until if adjusted.notice else None
    day = {"day": date_format(last, "j F Y") if last else ""}
    messages.success(request, _("The notice is on the board. Last day to appeal: %(day)s.") % day)
    return redirect("grants:meeting", found.pk)
