"""A payment that came back from the bank: the grant is settled by what it is today, and the log says how."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.actions.ledger import balance_of, claimed_by_delegate, entitled, net_paid, planned
from grants.actions.letters import LANGUAGE, post_to_association
from grants.actions.reclaims import make_claim, replace_unsettled
from grants.choices import InstalmentStatus, ReclaimStatus
from grants.models import Application, Decision, Instalment, PaymentLine, Reclaim
from grants.rules.reclaim import AfterReturn, after_return
from records import filing
from records.values import kronor_text, local_day


def settle_returned(application: Application, line: PaymentLine, *, reason: str, on: date, by: Any, at: datetime) -> str:
    """Settle a grant whose payment *line* came back, under the application's lock (Rule GP-02); what was done, as a sentence.

    The instalment waits again, held back until somebody has looked at the account, when the grant is what it was. Otherwise it is
    cancelled, and what the grant is today decides what waits instead and what is still claimed back. A delegate's claims stand.
    """
    instalment = Instalment.objects.select_related("decision").get(pk=line.instalment_id)
    Instalment.objects.filter(pk=instalment.pk).update(status=InstalmentStatus.CANCELLED, held_reason="")
    decision = _standing(application)
    may_keep, comes_in = _may_keep(decision)
    told = after_return(may_keep, comes_in, net_paid(application), planned(application))
    with override(LANGUAGE):
        sentence = _sentence(told, line.amount, entitled(decision), reason)
        _plan(told.pay, decision, instalment, held=sentence, day=local_day(at))
        claims = _claim(told.claim, decision, line, by=by, at=at)
    changes = {
        "amount": [str(line.amount), None],
        "returned_on": [None, on.isoformat()],
        "pay_again": [None, str(told.pay)],
        **({"claimed": [str(claims), str(told.claim)]} if claims != told.claim else {}),
    }
    filing.note(application.case, "grants.payment_returned", by=by, at=at, reason=sentence, changes=changes)
    return sentence


def _standing(application: Application) -> Decision:
    """The last published decision, in force or ended: what the money is counted by."""
    rows = Decision.objects.filter(application=application, published_at__isnull=False).order_by("-published_at", "-pk")
    return rows.exclude(replaced_by__published_at__isnull=False)[0]


def _may_keep(decision: Decision) -> tuple[Decimal, Decimal]:
    taken, comes_in = claimed_by_delegate(decision)
    return max(Decimal(0), min(entitled(decision), (decision.amount or Decimal(0)) - taken)), comes_in


def _sentence(told: AfterReturn, returned: Decimal, grant: Decimal, reason: str) -> str:
    back = _("Came back from the bank: %(reason)s.") % {"reason": reason.rstrip(".") or _("no reason given")}
    figures = {"grant": kronor_text(grant), "pay": kronor_text(told.pay), "returned": kronor_text(returned)}
    if told.pay == returned:
        return back
    if told.pay:
        rest = _("The grant is now %(grant)s kr, so %(pay)s kr is paid again, not %(returned)s kr.") % figures
    elif told.claim:
        claim = {**figures, "claim": kronor_text(told.claim)}
        rest = _("The grant is now %(grant)s kr. Nothing is paid again, and %(claim)s kr is still to be paid back.") % claim
    else:
        rest = _("The grant is now %(grant)s kr, so nothing is paid again.") % figures
    return f"{back} {rest}"


def _plan(pay: Decimal, decision: Decision, instalment: Instalment, *, held: str, day: date) -> None:
    if pay == instalment.amount and decision.pk == instalment.decision_id:
        Instalment.objects.filter(pk=instalment.pk).update(status=InstalmentStatus.PLANNED, held_reason=held)
        return
    Instalment.objects.filter(pk=instalment.pk).update(held_reason=held)
    if pay:
        last = decision.instalments.aggregate(last=Max("number"))["last"] or 0
        Instalment.objects.create(decision=decision, number=last + 1, amount=pay, due_on=day, held_reason=held)


def _claim(claim: Decimal, decision: Decision, line: PaymentLine, *, by: Any, at: datetime) -> Decimal:
    """Let the claims that followed from a lowered grant be *claim* in all. What they were, kronor."""
    application = decision.application
    followed = Reclaim.objects.unsettled().filter(decision__application=application, is_decision=False)
    before = sum((balance_of(each) for each in followed), Decimal(0))
    if before == claim:
        return before
    replace_unsettled(application, by=by, at=at, only=followed)
    made = None
    if claim:
        reason = _("A payment came back from the bank, so the claim is counted anew. It takes the place of the earlier one.")
        made = make_claim(decision, claim, reason=reason, by=by, at=at)
    if before and (made is None or made.status == ReclaimStatus.WAIVED):
        post_to_association(
            application,
            key=f"grants.claim_dropped.{line.pk}",
            subject=_("You have nothing to pay back: %(call)s") % {"call": application.call},
            template="letters/grants/claim_dropped.html",
            context={"amount": before, "decision": decision},
            at=at,
        )
    return before
