"""Decisions: made by one person or recorded from the committee, kept back, published together, never edited after that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grants.actions.counting import committed
from grants.actions.drafts import locked
from grants.actions.letters import stage_decision_letter
from grants.actions.moves import move
from grants.actions.proposals import locked_proposal
from grants.actions.refusals import NotAllowedNow, NotComplete, insist
from grants.actions.settlement import settle
from grants.choices import ApplicationStatus, DecisionKind, Outcome, Route
from grants.models import Application, Call, Decision, Meeting, Proposal
from grants.permissions.deciding import may_change_staged, may_decide, may_publish, may_rectify
from grants.rules import budget
from records import filing
from records.values import kronor_text

STATUS_OF = {
    Outcome.GRANT: ApplicationStatus.GRANTED,
    Outcome.REFUSE: ApplicationStatus.REFUSED,
    Outcome.DISMISS: ApplicationStatus.DISMISSED,
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided. amount: kronor, only for a grant. override_reason: why it departs from what was proposed or the rules."""

    outcome: str
    amount: Decimal | None
    reasons: str
    override_reason: str = ""
    set_off: Decimal = Decimal(0)
    recused: str = ""


@transaction.atomic
def decide(
    proposal: Proposal,
    *,
    by: Any,
    at: datetime,
    outcome: str = "",
    amount: Decimal | None = None,
    reasons: str = "",
    override_reason: str = "",
) -> Decision:
    """A delegate decides, as proposed or otherwise with a reason, within limit and budget. Waits to be published.

    Locks the call, so that two who decide at once cannot together pass the budget (Case 35).
    """
    call = lock_call(proposal.application)
    application, proposal = locked_proposal(proposal)
    outcome = outcome or proposal.outcome
    amount = (amount if amount is not None else proposal.amount) if outcome == Outcome.GRANT else None
    insist(may_decide(by, proposal, amount, at))
    as_proposed = (outcome, amount) == (proposal.outcome, proposal.amount)
    if not as_proposed and not override_reason.strip():
        raise NotComplete([_("You depart from the proposal. Write why.")])
    ruling = Ruling(
        outcome=outcome,
        amount=amount,
        reasons=reasons.strip() or proposal.reasons,
        override_reason=override_reason.strip() or proposal.override_reason,
        set_off=proposal.set_off if amount is not None and proposal.set_off <= amount else Decimal(0),
    )
    return record(application, proposal, ruling, call=call, meeting=None, by=by, at=at)


def record(
    application: Application,
    proposal: Proposal,
    ruling: Ruling,
    *,
    call: Call,
    meeting: Meeting | None,
    by: Any,
    at: datetime,
) -> Decision:
    """Write the decision on a locked proposal, with its letter kept back. Within the budget of the locked call."""
    within_budget(call, application, ruling.amount)
    proposal.closed_at = at
    proposal.save(update_fields=["closed_at", "result", "result_reason"])
    decision = Decision(
        application=application,
        proposal=proposal,
        number=_next_number(application),
        kind=DecisionKind.NEW if proposal.replaces else DecisionKind.ORIGINAL,
        replaces=proposal.replaces,
        calculation=proposal.calculation,
        basis=proposal.basis,
        route=Route.COMMITTEE if meeting else Route.DELEGATE,
        meeting=meeting,
        decided_at=at,
        decided_by=by,
    )
    return _write(decision, ruling, verb="grants.decided", by=by, at=at)


@transaction.atomic
def change(decision: Decision, ruling: Ruling, *, by: Any, at: datetime) -> Decision:
    """Change a decision that is not published; the old letter is discarded, so that only one ever leaves (Case 42)."""
    call = lock_call(decision.application)
    application, decision = _locked_decision(decision)
    insist(may_change_staged(by, decision))
    if decision.route == Route.DELEGATE and decision.proposal is not None:
        insist(may_decide(by, decision.proposal, ruling.amount, at))
    within_budget(call, application, ruling.amount)
    return _write(decision, ruling, verb="grants.decision_changed", by=by, at=at)


@transaction.atomic
def undo(decision: Decision, *, reason: str, by: Any, at: datetime) -> Proposal | None:
    """Take a decision that is not published away; its letter is discarded and its proposal is open again."""
    call = lock_call(decision.application)
    application, decision = _locked_decision(decision)
    insist(may_change_staged(by, decision))
    if not reason.strip():
        raise NotComplete([_("Write why the decision is taken away.")])
    if decision.replaces is not None:
        within_budget(call, application, decision.replaces.amount)
    letter, proposal = decision.letter, decision.proposal
    decision.delete()
    if letter is not None:
        filing.discard_letter(letter.key, by=by, at=at)
    if proposal is not None:
        proposal.closed_at, proposal.result, proposal.result_reason = None, "", ""
        proposal.save(update_fields=["closed_at", "result", "result_reason"])
    filing.note(application.case, "grants.decision_undone", by=by, at=at, reason=reason.strip())
    return proposal


@transaction.atomic
def publish(decisions: Iterable[Decision], *, by: Any, at: datetime) -> list[Decision]:
    """Publish all of them or none: statuses, letters, instalments, claims. Those published before are skipped (Case 41).

    Letters leave after commit, one by one: a letter that fails stays in the outbox and changes nothing here.
    """
    wanted = [decision.pk for decision in decisions]
    rows = Decision.objects.filter(pk__in=wanted, published_at=None).select_related("application")
    published = [_publish_one(decision, by=by, at=at) for decision in rows.order_by("application_id", "number")]
    done = [decision for decision in published if decision is not None]
    filing.release_letters([decision.letter.key for decision in done if decision.letter], by=by, at=at)
    told = Decision.objects.filter(pk__in=[decision.pk for decision in done]).select_related("letter", "application")
    return list(told.order_by("application_id", "number"))


@transaction.atomic
def rectify(decision: Decision, *, reasons: str, amount: Decimal | None = None, by: Any, at: datetime) -> Decision:
    """Correct a slip of the pen or of the arithmetic: a decision of its own that names the old one (Case 43), to be published."""
    call = lock_call(decision.application)
    application, decision = _locked_decision(decision)
    amount = (amount if amount is not None else decision.amount) if decision.outcome == Outcome.GRANT else None
    insist(may_rectify(by, decision, amount, at))
    if not reasons.strip():
        raise NotComplete([_("Write what was wrong and how it is corrected.")])
    within_budget(call, application, amount)
    correction = Decision(
        application=application,
        number=_next_number(application),
        kind=DecisionKind.RECTIFICATION,
        replaces=decision,
        calculation=decision.calculation,
        basis=decision.basis,
        route=Route.DELEGATE,
        decided_at=at,
        decided_by=by,
    )
    ruling = Ruling(decision.outcome, amount, reasons.strip(), decision.override_reason)
    return _write(correction, ruling, verb="grants.rectified", by=by, at=at)


def lock_call(application: Application) -> Call:
    """The call's row is the lock on its budget: taken before the application's."""
    return Call.objects.select_for_update(of=("self",)).get(pk=application.call_id)


def within_budget(call: Call, application: Application, amount: Decimal | None) -> None:
    """NotAllowedNow, with what is left, when *amount* does not fit (Case 35). The call must be locked."""
    if call.budget is None or amount is None:
        return
    finding = budget.fits(amount, call.budget, committed(call, besides=application))
    if not finding:
        left = kronor_text(Decimal(str(finding.figures["remaining"])))
        raise NotAllowedNow(_("The budget of the call is not enough: remaining %(left)s kr.") % {"left": left})


def _write(decision: Decision, ruling: Ruling, *, verb: str, by: Any, at: datetime) -> Decision:
    before = [decision.outcome or None, str(decision.amount) if decision.amount else None]
    decision.outcome, decision.amount = ruling.outcome, ruling.amount
    decision.set_off, decision.reasons = ruling.set_off, ruling.reasons
    decision.override_reason, decision.recused = ruling.override_reason, ruling.recused[:300]
    decision.decided_at = at
    decision.save()
    stage_decision_letter(decision, at=at)
    changes = {
        "outcome": [before[0], decision.outcome],
        "amount": [before[1], str(decision.amount) if decision.amount else None],
        "decision": [None, decision.number],
    }
    filing.note(decision.application.case, verb, by=by, at=at, changes=changes)
    return decision


def _publish_one(decision: Decision, *, by: Any, at: datetime) -> Decision | None:
    application, decision = _locked_decision(decision)
    if decision.published_at is not None:
        return None
    insist(may_publish(by, decision))
    decision.published_at = at
    decision.save(update_fields=["published_at"])
    application.granted = decision.amount
    move(application, STATUS_OF[Outcome(decision.outcome)], verb="grants.published", by=by, at=at)
    settle(decision, by=by, at=at)
    return decision


def _locked_decision(decision: Decision) -> tuple[Application, Decision]:
    application = locked(decision.application)
    rows = Decision.objects.select_for_update(of=("self",)).select_related("letter", "meeting", "replaces", "proposal")
    decision = rows.get(pk=decision.pk)
    decision.application = application
    return application, decision


def _next_number(application: Application) -> int:
    latest = application.decisions.order_by("-number").values_list("number", flat=True).first()
    return (latest or 0) + 1
