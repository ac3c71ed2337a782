"""Money back: claimed by decision, repaid in parts, set off only by a decision, waived when too small to ask for (Case 51)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from associations.choices import AccountKind
from grants.actions.drafts import locked
from grants.actions.ledger import balance_of, entitled, net_paid, outstanding
from grants.actions.letters import LANGUAGE, post_to_association
from grants.actions.refusals import NotAllowedNow, NotComplete, insist
from grants.choices import ReclaimStatus
from grants.models import Application, Decision, Reclaim, Repayment
from grants.permissions.paying import may_claim, may_note_repayment
from grants.rules import reclaim as rules
from records import filing
from records.values import kronor_text, local_day


def to_claim(decision: Decision) -> Decimal:
    """What has been paid beyond what the association may keep and is not claimed yet; kronor."""
    application = decision.application
    return max(Decimal(0), rules.to_repay(net_paid(application), entitled(decision)) - outstanding(application))


def most_to_claim(decision: Decision) -> Decimal:
    """What has been paid and is not claimed already; kronor. Never below 0."""
    application = decision.application
    return max(Decimal(0), net_paid(application) - outstanding(application))


@transaction.atomic
def claim_back(
    decision: Decision, *, reason: str, by: Any, at: datetime, amount: Decimal | None = None, due_on: date | None = None
) -> Reclaim:
    """A delegate claims money back on a published decision: what was not used, or used for something else.

    amount: kronor, never more than what has been paid and is not already claimed; None = what is unused. A claim below the
    limit is waived by rule at once, and that is logged.
    """
    application = locked(decision.application)
    decision = Decision.objects.get(pk=decision.pk)
    decision.application = application
    insist(may_claim(by, decision))
    if not reason.strip():
        raise NotComplete([_("Write why the money is to be paid back.")])
    amount = to_claim(decision) if amount is None else amount
    most = most_to_claim(decision)
    if amount <= 0 or amount > most:
        left = {"most": kronor_text(most)}
        raise NotAllowedNow(_("At most %(most)s kr can be claimed back: what has been paid and is not already claimed.") % left)
    return make_claim(decision, amount, reason=reason.strip(), due_on=due_on, by=by, at=at, is_decision=True)


def make_claim(
    decision: Decision,
    amount: Decimal,
    *,
    reason: str,
    by: Any,
    at: datetime,
    due_on: date | None = None,
    is_decision: bool = False,
) -> Reclaim:
    """Write the claim and its letter, under the application's lock; waived by rule below the limit."""
    application = decision.application
    waived = rules.is_waived(amount, settings.GRANTS_CLAIM_LIMIT)
    reclaim = Reclaim.objects.create(
        decision=decision,
        association=application.association,
        amount=amount,
        reason=reason,
        is_decision=is_decision,
        status=ReclaimStatus.WAIVED if waived else ReclaimStatus.OPEN,
        due_on=due_on or local_day(at) + timedelta(days=settings.GRANTS_CLAIM_DAYS),
        claimed_at=at,
        claimed_by=by,
    )
    changes = {"amount": [None, str(amount)], "rule": [None, waived.rule]}
    if waived:
        filing.note(application.case, "grants.claim_waived", by=by, at=at, changes=changes)
        return reclaim
    filing.note(application.case, "grants.claimed_back", by=by, at=at, changes=changes)
    with override(LANGUAGE):
        post_to_association(
            application,
            key=f"grants.claim.{reclaim.pk}",
            subject=_("Repayment of a grant: %(call)s") % {"call": application.call},
            template="letters/grants/claim.html",
            context={"reclaim": reclaim, "decision": decision, "debtor": pay_to()},
            at=at,
        )
    return reclaim


@transaction.atomic
def note_repayment(reclaim: Reclaim, *, amount: Decimal, on: date, by: Any, at: datetime) -> Reclaim:
    """Money came in on a claim. More than what is left is refused: too much is returned, not booked here."""
    reclaim = locked_claim(reclaim)
    insist(may_note_repayment(by, reclaim))
    if reclaim.status not in {ReclaimStatus.OPEN, ReclaimStatus.PARTLY_PAID}:
        raise NotAllowedNow(_("The claim is %(status)s.") % {"status": reclaim.get_status_display()})
    left = balance_of(reclaim)
    if amount <= 0 or amount > left:
        raise NotAllowedNow(_("The claim has %(left)s kr left. Enter at most that.") % {"left": kronor_text(left)})
    if on > local_day(at):
        raise NotAllowedNow(_("The day must not be in the future."))
    Repayment.objects.create(reclaim=reclaim, amount=amount, on=on, noted_by=by)
    changes = {"amount": [None, str(amount)]}
    filing.note(reclaim.decision.application.case, "grants.repaid", by=by, at=at, changes=changes)
    return refresh_state(reclaim)


@transaction.atomic
def waive(reclaim: Reclaim, *, reason: str, by: Any, at: datetime) -> Reclaim:
    """A delegate gives up what is left of a claim, with the reason."""
    reclaim = locked_claim(reclaim)
    insist(may_claim(by, reclaim.decision))
    if not reason.strip():
        raise NotComplete([_("Write why the claim is given up.")])
    if reclaim.status not in {ReclaimStatus.OPEN, ReclaimStatus.PARTLY_PAID}:
        raise NotAllowedNow(_("The claim is %(status)s.") % {"status": reclaim.get_status_display()})
    reclaim.status = ReclaimStatus.WAIVED
    reclaim.save(update_fields=["status"])
    changes = {"amount": [str(balance_of(reclaim)), None]}
    filing.note(reclaim.decision.application.case, "grants.claim_given_up", by=by, at=at, reason=reason.strip(), changes=changes)
    return reclaim


def pay_to() -> dict[str, str]:
    """The municipality's own account, as people read it."""
    known = settings.PAYMENTS_DEBTOR
    return {"account_name": str(AccountKind(known["account_kind"]).label), "account_number": known["account_number"]}


def refresh_state(reclaim: Reclaim) -> Reclaim:
    """Open, partly paid or settled, as its repayments say."""
    amounts = list(reclaim.repayments.values_list("amount", flat=True))
    reclaim.status = ReclaimStatus(rules.claim_state(reclaim.amount, amounts))
    reclaim.save(update_fields=["status"])
    return reclaim


def replace_unsettled(application: Application, *, by: Any, at: datetime, only: QuerySet[Reclaim] | None = None) -> None:
    """A new decision counts anew: what is left of earlier claims on this grant is no longer asked for as such.

    only: those of them that are counted anew; None = all.
    """
    replaced = Reclaim.objects.unsettled().filter(decision__application=application) if only is None else only
    for reclaim in replaced.select_for_update(of=("self",)):
        reclaim.status = ReclaimStatus.REPLACED
        reclaim.save(update_fields=["status"])
        changes = {"amount": [str(balance_of(reclaim)), None]}
        filing.note(application.case, "grants.claim_replaced", by=by, at=at, changes=changes)


def locked_claim(reclaim: Reclaim) -> Reclaim:
    """The application first, then the claim, as everywhere."""
    application = locked(reclaim.decision.application)
    reclaim = Reclaim.objects.select_for_update(of=("self",)).select_related("decision", "association").get(pk=reclaim.pk)
    reclaim.decision.application = application
    return reclaim
