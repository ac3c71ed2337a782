"""The officer's proposal with its calculation, and the page where it is reviewed and decided."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.choices import Role
from accounts.permissions import for_roles
from grants.actions import decisions, meetings, proposals
from grants.actions.counting import Counted, count, remaining
from grants.actions.ledger import balance_of
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.actions.report_plan import count_again
from grants.calculation_words import shown_lines
from grants.choices import DECIDED, CriterionKey, Outcome, Route
from grants.forms.assessment import ReasonForm
from grants.forms.deciding import DecideForm, MeetingChoiceForm, ProposalForm
from grants.models import Application, Conflict, Decision, Meeting, Proposal, Reclaim, aggregate_of
from grants.permissions.deciding import may_decide, may_propose, may_review, may_take_back
from grants.views.doors import DESK, handled, of_handled


@for_roles(Role.OFFICER)
@require_http_methods(["GET", "POST"])
def proposal_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose: what the rules give, line by line; what is left of the budget; reasons for the letter."""
    application = handled(request, pk)
    standing = Proposal.objects.open().filter(application=application).first()
    if standing is not None:
        return redirect("grants:proposal", standing.pk)
    again = count_again(application)
    counted, aggregate = again or count(application), aggregate_of(application)
    new = application.status in DECIDED
    owed = _owed(application)
    initial = {"outcome": _outcome_by(counted), "amount": counted.amount or None, "set_off": owed}
    form = ProposalForm(aggregate, request.POST or None, owed=owed, new=new, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = proposals.propose(application, form.draft(), by=request.user, at=now())
        except NotComplete as refused:
            form.add_error(None, list(refused.missing))
        except NotAllowedNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The proposal is made."))
            return redirect("grants:proposal", made.pk)
    shown = Application.objects.showing_aggregate_to(request.user).filter(pk=application.pk).exists()
    context = {
        "application": application,
        "form": form,
        "counted": counted,
        "lines": shown_lines(counted.lines),
        "aggregate": aggregate if shown else None,
        "new": new,
        "report": application.report if again else None,
        "owed": owed,
        "answer": may_propose(request.user, application),
        "budget": budget_of(application),
    }
    return render(request, "grants/decide/proposal_write.html", context, status=422 if form.errors else 200)


def _outcome_by(counted: Counted) -> str:
    if counted.too_late:
        return Outcome.DISMISS
    return Outcome.REFUSE if counted.amount == 0 else Outcome.GRANT


@for_roles(*DESK)
@require_GET
def case_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the case stands between proposal and decision: straight to the page that matters now."""
    application = handled(request, pk)
    standing = Proposal.objects.open().filter(application=application).first()
    if standing is not None:
        return redirect("grants:proposal", standing.pk)
    latest = Decision.objects.latest_of_each().filter(application=application).first()
    if latest is not None:
        return redirect("grants:decision", latest.pk)
    if request.user.has_role(Role.OFFICER):  # type: ignore[union-attr]
        return redirect("grants:proposal_write", application.pk)
    return render(request, "grants/decide/case_undecided.html", {"application": application})


def budget_of(application: Application) -> dict[str, Any]:
    """The call's budget and what is left of it before this application, in kronor; empty when the call has none."""
    call = application.call
    left = remaining(call, besides=application)
    return {} if left is None else {"total": call.budget, "left": left, "committed": (call.budget or 0) - left}


def _owed(application: Application) -> Decimal:
    """What the association has to pay back on other grants."""
    claims = Reclaim.objects.unsettled().filter(association=application.association_id)
    return sum((balance_of(claim) for claim in claims.exclude(decision__application=application)), Decimal(0))


@for_roles(*DESK, Role.COMMITTEE_MEMBER)
@require_http_methods(["GET"])
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: everything the one who decides needs, and the press that decides."""
    found = _proposal(request, pk)
    return _page(request, found)


def _proposal(request: HttpRequest, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(request.user).select_related(
        "application__call__version__scheme",
        "application__association__category",
        "application__case",
        "meeting",
        "proposed_by",
        "reviewed_by",
        "replaces",
    )
    found: Proposal = of_handled(request, rows, pk)
    return found


def _page(request: HttpRequest, found: Proposal, status: int = 200, **forms: Any) -> HttpResponse:
    at = now()
    user: Any = request.user
    application = found.application
    is_open = found.closed_at is None
    planned = list(Meeting.objects.upcoming(localdate()))
    context = {
        "proposal": found,
        "application": application,
        "lines": shown_lines(found.calculation),
        "criteria": criteria_of(found),
        "stepped_out": Conflict.objects.in_force().filter(application=application).select_related("user"),
        "budget": budget_of(application),
        "decision": getattr(found, "decision", None),
        "by_committee": found.route == Route.COMMITTEE,
        "may_decide": may_decide(user, found, found.amount, at) if is_open else None,
        "may_review": is_open and not found.reviewed_at and may_review(user, found),
        "may_take_back": is_open and may_take_back(user, found),
        "may_list": is_open and found.route == Route.COMMITTEE and user.roles & {Role.OFFICER, Role.COMMITTEE_SECRETARY},
        "meeting_form": MeetingChoiceForm(planned, initial={"meeting": found.meeting_id}),
        "meetings": planned,
        "decide_form": forms.get("decide_form") or DecideForm(initial=_as_proposed(found)),
        "back_form": forms.get("back_form") or ReasonForm(label=_("What needs to be done before a decision?")),
    }
    return render(request, "grants/decide/proposal.html", context, status=status)


def criteria_of(found: Any) -> list[dict[str, Any]]:
    """The basis of a proposal or decision, criterion by criterion, in words."""
    return [{**row, "name": CriterionKey(row["key"]).label} for row in (found.basis or {}).get("criteria", [])]


def _as_proposed(found: Proposal) -> dict[str, Any]:
    return {"outcome": found.outcome, "amount": found.amount, "reasons": found.reasons, "override_reason": found.override_reason}


@for_roles(Role.DECISION_MAKER)
@require_POST
def proposal_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide: the proposal as it stands, or the form that departs from it."""
    found = _proposal(request, pk)
    form = DecideForm(request.POST)
    typed: dict[str, Any] = {}
    if "as_proposed" not in request.POST:
        if not form.is_valid():
            return _page(request, found, 422, decide_form=form)
        ruling = form.ruling()
        typed = {
            "outcome": ruling.outcome,
            "amount": ruling.amount,
            "reasons": ruling.reasons,
            "override_reason": ruling.override_reason,
        }
    try:
        decision = decisions.decide(found, by=request.user, at=now(), **typed)
    except NotAllowedNow as refused:
        if typed:
            form.add_error(None, str(refused))
            return _page(request, found, 409, decide_form=form)
        messages.warning(request, str(refused))
        return redirect("grants:proposal", found.pk)
    messages.success(request, _("Decided. The decision waits to be published."))
    return redirect("grants:decision", decision.pk)


@for_roles(Role.OFFICER, Role.DECISION_MAKER)
@require_POST
def proposal_review(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proposal(request, pk)
    try:
        proposals.review(found, by=request.user, at=now())
        messages.success(request, _("You have reviewed the proposal."))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    return redirect("grants:proposal", found.pk)


@for_roles(Role.OFFICER, Role.DECISION_MAKER)
@require_POST
def proposal_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the officer, with what needs to be done."""
    found = _proposal(request, pk)
    form = ReasonForm(request.POST, label=_("What needs to be done before a decision?"))
    if not form.is_valid():
        return _page(request, found, 422, back_form=form)
    try:
        proposals.take_back(found, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, _("The proposal is taken back. The case is open again."))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    return redirect("grants:decision_list")


@for_roles(Role.OFFICER, Role.COMMITTEE_SECRETARY)
@require_POST
def proposal_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a proposal on a meeting's list, or take it off."""
    found = _proposal(request, pk)
    form = MeetingChoiceForm(list(Meeting.objects.upcoming(localdate())), request.POST)
    try:
        if "off" in request.POST:
            meetings.take_off_list(found, by=request.user, at=now())
            messages.success(request, _("The case is taken off the list."))
        elif form.is_valid():
            meetings.put_on_list(found, form.cleaned_data["meeting"], by=request.user, at=now())
            messages.success(request, _("The case is on the list."))
        else:
            messages.warning(request, _("Choose a meeting that is still to come."))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    return redirect("grants:proposal", found.pk)
