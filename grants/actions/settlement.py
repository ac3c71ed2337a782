"""The money follows the decision: what is still owed is planned, set off or claimed back, when a decision is published."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from grants.actions.instalment_plan import parts_of
from grants.actions.ledger import balance_of, entitled, net_paid
from grants.actions.reclaims import make_claim, refresh_state, replace_unsettled
from grants.choices import InstalmentStatus
from grants.models import Decision, Instalment, Reclaim, Repayment, Report
from records import filing
from records.values import local_day


def settle(decision: Decision, *, by: Any, at: datetime) -> None:
    """Make the money follow a decision that was just published, under its application's lock.

    What an earlier decision planned is cancelled and its unsettled claims are replaced. What the grant still owes is planned,
    less what is set off against the association's other claims; what was paid too much is claimed back (Case 43).
    """
    application = decision.application
    planned = Instalment.objects.filter(decision__application=application, status=InstalmentStatus.PLANNED)
    planned.update(status=InstalmentStatus.CANCELLED)
    replace_unsettled(application, by=by, at=at)
    paid = net_paid(application)
    owed = entitled(decision) - paid
    if owed > 0:
        owed -= _set_off(decision, owed, by=by, at=at)
        _plan(decision, owed, first_time=paid == 0, day=local_day(at))
    elif owed < 0:
        make_claim(decision, -owed, reason=decision.reasons, by=by, at=at)
    if decision.amount and application.call.report_due_on:
        Report.objects.get_or_create(application=application, defaults={"due_on": application.call.report_due_on})


def _plan(decision: Decision, owed: Decimal, *, first_time: bool, day: date) -> None:
    if owed <= 0:
        return
    Instalment.objects.bulk_create(
        Instalment(
            decision=decision,
            number=part.number,
            amount=part.amount,
            due_on=part.due_on,
            needs_report=part.needs_report,
        )
        for part in parts_of(decision.application.call, owed, first_time=first_time, day=day)
    )


def _set_off(decision: Decision, owed: Decimal, *, by: Any, at: datetime) -> Decimal:
    """Settle the association's other claims, oldest first, with the part of the grant that the decision says (Case 51)."""
    application, left = decision.application, min(decision.set_off, owed)
    claims = Reclaim.objects.unsettled().filter(association=application.association_id)
    others = claims.exclude(decision__application=application).select_related("decision__application__case")
    for reclaim in others.select_for_update(of=("self",)).order_by("pk"):
        amount = min(left, balance_of(reclaim))
        if amount <= 0:
            break
        Repayment.objects.create(reclaim=reclaim, amount=amount, on=local_day(at), set_off_by=decision, noted_by=by)
        refresh_state(reclaim)
        changes = {"amount": [None, str(amount)]}
        filing.note(reclaim.decision.application.case, "grants.set_off", by=by, at=at, changes=changes)
        left -= amount
    return min(decision.set_off, owed) - left
