"""Proposals: what the officer puts before the one who decides, with its calculation, reasons and figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import RoleGrant
from grants.actions.counting import Counted, count, remaining
from grants.actions.drafts import locked
from grants.actions.moves import move
from grants.actions.refusals import NotAllowedNow, NotComplete, insist
from grants.actions.report_plan import count_again, report_basis
from grants.choices import ApplicationStatus, DecidedBy, Outcome, Route
from grants.models import Aggregate, Application, Decision, Proposal, aggregate_of
from grants.permissions.deciding import may_propose, may_review, may_take_back
from grants.rules import delegation
from records import filing
from records.values import kronor_text, local_day


@dataclass(frozen=True, slots=True)
class Draft:
    """What the officer has chosen. amount: kronor, only for a grant. override_reason: why it departs from the rules.

    set_off: the part of the grant that settles the association's claims. criterion_reasons: criterion -> text for the
    letter; those left out take the assessors' own words. committee: put before the committee though a delegate could decide.
    """

    outcome: str
    amount: Decimal | None = None
    reasons: str = ""
    override_reason: str = ""
    set_off: Decimal = Decimal(0)
    criterion_reasons: Mapping[str, str] | None = None
    committee: bool = False


@transaction.atomic
def propose(application: Application, draft: Draft, *, by: Any, at: datetime) -> Proposal:
    """Propose a decision; for a decided application a new decision that replaces the one in force (Case 43).

    A loss guarantee is then counted on the approved report.
    """
    application = locked(application)
    insist(may_propose(by, application))
    if application.proposals.open().exists():
        raise NotAllowedNow(_("There is already an open proposal. Take it back first."))
    replaces = _to_be_replaced(application)
    again = count_again(application)
    counted, aggregate = again or count(application), aggregate_of(application)
    if missing := what_stops(application, draft, counted, aggregate):
        raise NotComplete(missing)
    amount = draft.amount if draft.outcome == Outcome.GRANT else None
    proposal = Proposal.objects.create(
        application=application,
        replaces=replaces,
        outcome=draft.outcome,
        amount=amount,
        rule_amount=counted.amount,
        set_off=draft.set_off if amount else Decimal(0),
        calculation=counted.lines,
        basis=basis_of(application, aggregate, draft.criterion_reasons or {})
        | ({"report": report_basis(application)} if again else {}),
        reasons=draft.reasons.strip(),
        override_reason=draft.override_reason.strip(),
        route=Route.COMMITTEE if draft.committee else route_for(application, amount, local_day(at)),
        proposed_at=at,
        proposed_by=by,
    )
    changes = {"outcome": [None, proposal.outcome], "amount": [None, str(amount) if amount else None]}
    if replaces is None:
        move(application, ApplicationStatus.PROPOSED, verb="grants.proposed", by=by, at=at)
    else:
        filing.note(application.case, "grants.new_decision_proposed", by=by, at=at, changes=changes)
    return proposal


def what_stops(application: Application, draft: Draft, counted: Counted, aggregate: Aggregate) -> list[str]:
    """What must be mended before this can be proposed, one sentence each."""
    missing = [] if draft.reasons.strip() else [_("Write the reasons for the decision.")]
    if draft.outcome != Outcome.GRANT:
        return missing
    if draft.amount is None or draft.amount <= 0:
        return [*missing, _("Say how much is to be granted.")]
    if not aggregate.is_covered:
        figures = {"done": aggregate.assessed, "needed": aggregate.needed}
        missing.append(_("%(done)s of %(needed)s assessments are done. All must be before a grant is proposed.") % figures)
    if not 0 <= draft.set_off <= draft.amount:
        missing.append(_("What is set off must not be more than the grant."))
    departures = why_override(application, draft.amount, counted, aggregate)
    if departures and not draft.override_reason.strip():
        missing += [_("%(departure)s Write why.") % {"departure": departure} for departure in departures]
    return missing


def why_override(application: Application, amount: Decimal, counted: Counted, aggregate: Aggregate) -> list[str]:
    """In what this grant departs from the rules, so that it needs a reason of its own (Case 24, 36)."""
    departures = []
    for criterion in aggregate.below:
        figures = {"criterion": criterion.name, "level": criterion.level, "threshold": criterion.threshold}
        departures.append(_("The level for %(criterion)s is %(level)s, below the lowest level %(threshold)s.") % figures)
    if counted.too_late:
        departures.append(_("The application came too late to be considered."))
    elif counted.amount is None:
        departures.append(counted.missing)
    elif amount != counted.amount:
        departures.append(_("The rules give %(amount)s kr.") % {"amount": kronor_text(counted.amount)})
    if application.asked is not None and amount > application.asked:
        departures.append(
            _("The amount is above what was applied for, %(asked)s kr.") % {"asked": kronor_text(application.asked)}
        )
    return departures


@transaction.atomic
def review(proposal: Proposal, *, by: Any, at: datetime) -> Proposal:
    """A second pair of eyes has looked at the proposal; the decision is still one person's (Case 38)."""
    application, proposal = locked_proposal(proposal)
    insist(may_review(by, proposal))
    if proposal.reviewed_at is None:
        proposal.reviewed_at, proposal.reviewed_by = at, by
        proposal.save(update_fields=["reviewed_at", "reviewed_by"])
        filing.note(application.case, "grants.proposal_reviewed", by=by, at=at)
    return proposal


@transaction.atomic
def take_back(proposal: Proposal, *, reason: str, by: Any, at: datetime) -> Application:
    """The officer takes the proposal back, or the one who decides sends it back; the case can be assessed again."""
    application, proposal = locked_proposal(proposal)
    insist(may_take_back(by, proposal))
    close_without_decision(application, proposal, verb="grants.proposal_taken_back", reason=reason, by=by, at=at)
    return application


def close_without_decision(
    application: Application, proposal: Proposal, *, verb: str, reason: str, by: Any, at: datetime
) -> None:
    """Close a locked proposal; an undecided application goes back to being handed in."""
    proposal.closed_at = at
    proposal.save(update_fields=["closed_at", "result", "result_reason"])
    if application.status == ApplicationStatus.PROPOSED:
        move(application, ApplicationStatus.SUBMITTED, verb=verb, by=by, at=at, reason=reason)
    else:
        filing.note(application.case, verb, by=by, at=at, reason=reason)


def locked_proposal(proposal: Proposal) -> tuple[Application, Proposal]:
    """The application first, then the proposal, both read again under their locks; NotAllowedNow when it is no longer open."""
    application = locked(proposal.application)
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("meeting", "replaces")
    proposal = rows.get(pk=proposal.pk)
    proposal.application = application
    if proposal.closed_at is not None:
        raise NotAllowedNow(_("The proposal is no longer open."))
    return application, proposal


def route_for(application: Application, amount: Decimal | None, day: date) -> str:
    """Who decides: a delegate when the scheme allows it and somebody's limit is enough, otherwise the committee."""
    delegates = application.call.version.scheme.decided_by == DecidedBy.DELEGATION
    limits = RoleGrant.objects.on(day).filter(role=Role.DECISION_MAKER).values_list("delegation_limit", flat=True)
    enough = any(delegation.may_decide(amount or Decimal(0), limit, scheme_delegates=delegates) for limit in limits)
    return Route.DELEGATE if enough else Route.COMMITTEE


def basis_of(application: Application, aggregate: Aggregate, reasons: Mapping[str, str]) -> dict[str, Any]:
    """The figures a decision rests on, as JSON: scores, who stepped out, the budget as it was."""
    left = remaining(application.call, besides=application)
    return {
        "assessed": aggregate.assessed,
        "needed": aggregate.needed,
        "score": _text(aggregate.summary.mean),
        "median": _text(aggregate.summary.median),
        "spread": _text(aggregate.summary.spread),
        "criteria": [
            {
                "key": criterion.key,
                "weight": criterion.weight,
                "level": _text(criterion.level),
                "anchor": criterion.anchor,
                "threshold": criterion.threshold,
                "below": criterion.below,
                "reason": reasons.get(criterion.key, "").strip() or " ".join(dict.fromkeys(criterion.reasons)),
            }
            for criterion in aggregate.criteria
        ],
        "stepped_out": list(application.conflicts.in_force().order_by("pk").values_list("user", flat=True)),
        "budget": _text(application.call.budget),
        "remaining": _text(left),
    }


def _to_be_replaced(application: Application) -> Decision | None:
    """The published decision in force; refused while a later one waits to be published."""
    latest = Decision.objects.latest_of_each().filter(application=application).first()
    if latest is not None and latest.published_at is None:
        raise NotAllowedNow(_("A decision is waiting to be published."))
    return latest


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
