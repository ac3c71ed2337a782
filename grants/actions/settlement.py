"""The money follows the decision: what is still owed is planned, set off or claimed back, when a decision is published."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from grants.actions.ledger import balance_of, entitled, net_paid
from grants.actions.reclaims import make_claim, refresh_state, replace_unsettled
from grants.choices import InstalmentStatus
from grants.models import Decision, Instalment, Reclaim, Repayment, Report
from grants.rules import instalments as rules
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
        make_claim(decision, -owed, reason=decision.reasons, due_on=None, by=by, at=at)
    if decision.amount and application.call.report_due_on:
        Report.objects.get_or_create(application=application, defaults={"due_on": application.call.report_due_on})


def _plan(decision: Decision, owed: Decimal, *, first_time: bool, day: date) -> None:
    """Instalments by the call's shares; what is left of a grant that has been paid in part comes all at once."""
    if owed <= 0:
        return
    call = decision.application.call
    shares = [Decimal(str(share)) for share in call.instalment_shares] if first_time else []
    try:
        parts = rules.instalments(owed, shares or [Decimal(100)])
    except ValueError:  # too small to be divided
        parts = (owed,)
    first = max(call.pays_on or day, day)
    later = max(call.report_due_on or first, first)
    Instalment.objects.bulk_create(
        Instalment(
            decision=decision,
            number=number,
            amount=amount,
            due_on=later if number > 1 else first,
            needs_report=number > 1 and call.report_due_on is not None,
        )
        for number, amount in enumerate(parts, start=1)
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
