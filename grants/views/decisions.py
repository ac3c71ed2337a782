"""Decisions: what is to be decided, what waits to be published, one decision with its letter."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.choices import Role
from accounts.permissions import for_roles
from grants.actions import decisions
from grants.actions.letters import appeal_until, decision_context
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import Outcome, Route
from grants.forms.assessment import ReasonForm
from grants.forms.deciding import DecideForm, RectifyForm
from grants.models import Application, Decision, Proposal
from grants.permissions.aftermath import may_note_renounced
from grants.permissions.deciding import may_change_staged, may_publish, may_rectify
from grants.permissions.paying import may_claim
from grants.views.doors import DESK, of_handled

PAGE_SIZE = 50
_ALONG = (
    "application__call",
    "application__association",
    "application__case",
    "decided_by",
    "letter",
    "meeting__notice",
    "replaces",
    "proposal__proposed_by",
    "reported__meeting__notice",
    "ending",
)


@for_roles(*DESK)
@require_GET
def decision_list(request: HttpRequest) -> HttpResponse:
    """Three lists: to be decided, to be published with one press, published."""
    user: Any = request.user
    handled = Decision.objects.filter(application__in=Application.objects.for_casework_by(user).values("pk"))
    open_ones = (
        Proposal.objects.visible_to(user)
        .open()
        .select_related("application__call", "application__association", "application__case", "meeting", "proposed_by")
    )
    at = now()
    proposals = list(open_ones.order_by("proposed_at"))
    published = handled.filter(published_at__isnull=False).select_related(*_ALONG).order_by("-published_at", "-pk")
    context = {
        "to_decide": [(row, may_decide_shown(user, row, at)) for row in proposals if row.route == Route.DELEGATE],
        "to_committee": [row for row in proposals if row.route == Route.COMMITTEE],
        "staged": handled.staged().select_related(*_ALONG).order_by("application__call", "decided_at"),
        "published": Paginator(published, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_publish": user.has_role(Role.OFFICER, Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY),
    }
    return render(request, "grants/decide/decision_list.html", context)


def may_decide_shown(user: Any, proposal: Proposal, at: Any) -> bool:
    """Whether the list says "decide" to this user: a quick look, the action asks again."""
    limit = _limit(user, at)
    within = limit is not None and (proposal.amount is None or proposal.amount <= limit)
    return within and proposal.proposed_by_id != user.pk


def _limit(user: Any, at: Any) -> Any:
    if not hasattr(user, "_limit_today"):
        user._limit_today = user.delegation_limit(at.date())
    return user._limit_today


@for_roles(Role.OFFICER, Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY)
@require_POST
def decision_publish(request: HttpRequest) -> HttpResponse:
    """Publish those that were ticked, all together or none (Case 41)."""
    wanted = [int(pk) for pk in request.POST.getlist("decision") if pk.isdigit()]
    rows = Decision.objects.visible_to(request.user).filter(pk__in=wanted)
    try:
        done = decisions.publish(rows, by=request.user, at=now())
    except NotAllowedNow as refused:
        messages.error(request, str(refused))
        return redirect("grants:decision_list")
    if not done:
        messages.warning(request, _("Tick the decisions that you want to publish."))
    else:
        counted = {"count": len(done)}
        messages.success(request, _("Published: %(count)s. Each association gets its letter now.") % counted)
    return redirect("grants:decision_list")


def _decision(request: HttpRequest, pk: int) -> Decision:
    """A decision the user handles: published or not."""
    handled = Application.objects.for_casework_by(request.user).values("pk")
    found: Decision = of_handled(request, Decision.objects.filter(application__in=handled).select_related(*_ALONG), pk)
    return found


@for_roles(*DESK)
@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    found = _decision(request, pk)
    user: Any = request.user
    later = Decision.objects.filter(replaces=found).first()
    context = {
        **decision_context(found),
        "later": later,
        "appeal_until": appeal_until(found),
        "appealed": found.appeals.pending().first(),
        "may_change": may_change_staged(user, found),
        "may_publish": found.published_at is None and may_publish(user, found),
        "may_rectify": may_rectify(user, found, found.amount, now()),
        "may_claim": later is None and may_claim(user, found),
        "may_end": later is None and bool(may_note_renounced(user, found)),
        "instalments": found.instalments.order_by("number"),
        "claims": found.reclaims.with_balance(),
    }
    return render(request, "grants/decide/decision.html", context)


@for_roles(Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY)
@require_http_methods(["GET", "POST"])
def decision_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a decision that is not published; its letter is written anew (Case 42)."""
    found = _decision(request, pk)
    if not (answer := may_change_staged(request.user, found)):
        messages.warning(request, str(answer.reason))
        return redirect("grants:decision", found.pk)
    form = DecideForm(request.POST or None, initial=DecideForm.of(found))
    if request.method == "POST" and form.is_valid():
        try:
            decisions.change(found, form.ruling(found.set_off), by=request.user, at=now())
        except NotAllowedNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The decision is changed, and its letter is written anew."))
            return redirect("grants:decision", found.pk)
    context = {"decision": found, "application": found.application, "form": form, "grant": Outcome.GRANT}
    return render(request, "grants/decide/decision_change.html", context, status=422 if form.errors else 200)


@for_roles(Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY)
@require_http_methods(["GET", "POST"])
def decision_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a decision that is not published; the proposal is open again."""
    found = _decision(request, pk)
    form = ReasonForm(request.POST or None, label=_("Why is the decision taken away?"))
    if request.method == "POST" and form.is_valid():
        try:
            decisions.undo(found, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except NotAllowedNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The decision is taken away. Nobody was told of it."))
            return redirect("grants:decision_list")
    context = {"decision": found, "application": found.application, "form": form}
    return render(request, "grants/decide/decision_undo.html", context, status=422 if form.errors else 200)


@for_roles(Role.DECISION_MAKER)
@require_http_methods(["GET", "POST"])
def decision_rectify(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a slip in a published decision, by a decision that names it (Case 43)."""
    found = _decision(request, pk)
    form = RectifyForm(request.POST or None, initial={"amount": found.amount})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = decisions.rectify(found, reasons=typed["reasons"], amount=typed["amount"], by=request.user, at=now())
        except (NotAllowedNow, NotComplete) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The correction is decided and waits to be published."))
            return redirect("grants:decision", made.pk)
    if found.outcome != Outcome.GRANT:
        del form.fields["amount"]
    context = {"decision": found, "application": found.application, "form": form}
    return render(request, "grants/decide/decision_rectify.html", context, status=422 if form.errors else 200)
