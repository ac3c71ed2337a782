"""The whole life of a grant on one page: words, and the table of transitions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CriterionKey(models.TextChoices):
    """The four purposes of Karlskoga's support, in the municipality's own order."""

    DEMOCRACY = "democracy", _("democracy")
    INCLUSION = "inclusion", _("inclusion")
    PUBLIC_HEALTH = "public_health", _("public health")
    EQUALITY = "equality", _("equality")


class DecidedBy(models.TextChoices):
    DELEGATION = "delegation", _("a delegate within the limit, else the committee")
    COMMITTEE = "committee", _("always the committee")


class CallStatus(models.TextChoices):
    DRAFT = "draft", _("being prepared")
    PUBLISHED = "published", _("published")
    CLOSED = "closed", _("closed by an officer")


class LateCountsFrom(models.TextChoices):
    COMPLETENESS = "completeness", _("the day the application is complete")
    SUBMISSION = "submission", _("the day the application is handed in")


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("handed in")
    COMPLETING = "completing", _("waiting for more information")
    PROPOSED = "proposed", _("waiting for a decision")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    DISMISSED = "dismissed", _("not considered")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ENDED = "ended", _("no longer stands")


_S = ApplicationStatus

# from -> to. A decided application moves again only by a new decision that names the old (Case 43).
APPLICATION_TRANSITIONS: dict[str, frozenset[str]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED}),
    _S.SUBMITTED: frozenset({_S.COMPLETING, _S.PROPOSED, _S.WITHDRAWN, _S.DISMISSED}),
    _S.COMPLETING: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.PROPOSED: frozenset({_S.SUBMITTED, _S.GRANTED, _S.REFUSED, _S.DISMISSED, _S.WITHDRAWN}),
    _S.GRANTED: frozenset({_S.GRANTED, _S.REFUSED, _S.ENDED}),
    _S.REFUSED: frozenset({_S.GRANTED, _S.REFUSED, _S.ENDED}),
    _S.DISMISSED: frozenset({_S.SUBMITTED, _S.GRANTED, _S.REFUSED, _S.ENDED}),
    _S.ENDED: frozenset({_S.GRANTED, _S.REFUSED}),
    _S.WITHDRAWN: frozenset(),
}

# The case is in the municipality's hands: it has a number and a time of receipt.
RECEIVED = frozenset(set(_S) - {_S.DRAFT})
DECIDED = frozenset({_S.GRANTED, _S.REFUSED, _S.DISMISSED, _S.ENDED})
# Assessments may be written and changed: nothing is proposed yet (Case 29).
ASSESSED_IN = frozenset({_S.SUBMITTED, _S.COMPLETING})


class ConflictSource(models.TextChoices):
    DECLARED = "declared", _("declared by the person")
    REGISTER = "register", _("found in the association register")


class AssessmentStatus(models.TextChoices):
    STARTED = "started", _("started")
    DONE = "done", _("done")
    VOIDED = "voided", _("does not count (conflict of interest)")


class Outcome(models.TextChoices):
    GRANT = "grant", _("grant")
    REFUSE = "refuse", _("refuse")
    DISMISS = "dismiss", _("not consider")


class Route(models.TextChoices):
    DELEGATE = "delegate", _("delegate")
    COMMITTEE = "committee", _("committee")


class DecisionKind(models.TextChoices):
    ORIGINAL = "original", _("decision")
    RECTIFICATION = "rectification", _("correction of a slip")
    NEW = "new", _("new decision")


class ItemResult(models.TextChoices):
    """What the committee did with one item on its list."""

    AS_PROPOSED = "as_proposed", _("as proposed")
    OTHER_AMOUNT = "other_amount", _("another amount")
    REFUSED = "refused", _("refused")
    REFERRED_BACK = "referred_back", _("referred back")


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    ADJUSTED = "adjusted", _("minutes adjusted")


class InstalmentStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    IN_RUN = "in_run", _("in a payment file")
    PAID = "paid", _("paid")
    CANCELLED = "cancelled", _("cancelled")


class PaymentLineStatus(models.TextChoices):
    SENT = "sent", _("in the file to the bank")
    PAID = "paid", _("paid")
    REJECTED = "rejected", _("rejected by the bank")
    RETURNED = "returned", _("came back from the bank")
    CANCELLED = "cancelled", _("taken out before it was sent")


class ReportStatus(models.TextChoices):
    WAITING = "waiting", _("not handed in")
    HANDED_IN = "handed_in", _("handed in")
    RETURNED = "returned", _("needs to be completed")
    APPROVED = "approved", _("approved")


class ReclaimStatus(models.TextChoices):
    OPEN = "open", _("to be paid back")
    PARTLY_PAID = "partly_paid", _("partly paid back")
    SETTLED = "settled", _("settled")
    WAIVED = "waived", _("waived")
    REPLACED = "replaced", _("replaced by a new decision")


class ChangeWord(models.TextChoices):
    """What happened to a grant in open data, in words."""

    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    REMOVED = "removed", _("removed")


class ShareMethod(models.TextChoices):
    """How a pot is shared in the budget room: the same values as grants.rules.budget_room.Method."""

    RANKED = "ranked", _("by rank, each in full")
    PRO_RATA = "pro_rata", _("in proportion to what is asked for")
    FLOATING = "floating", _("the same kronor for every member")


class ShareUnit(models.TextChoices):
    """What a floating rate counts."""

    MEMBERS = "members", _("active members")
    YOUNG = "young", _("members up to 25 years")


class BankFileKind(models.TextChoices):
    STATUS = "pain.002", _("payment status (pain.002)")
    ADVICE = "camt.054", _("debit and credit advice (camt.054)")


class BankResult(models.TextChoices):
    """What one line of the bank's file led to."""

    PAID = "paid", _("noted as paid")
    REJECTED = "rejected", _("noted as rejected; held back until somebody has looked at the account")
    RETURNED = "returned", _("noted as come back")
    ACCEPTED = "accepted", _("accepted by the bank, not paid yet")
    KNOWN = "known", _("was noted already")
    UNKNOWN = "unknown", _("no payment of ours has this reference")
    AMOUNT = "amount", _("the amount is not the one we asked for: nothing was noted")
    UNSENT = "unsent", _("the payment file is not approved: nothing was noted")


class AppealOutcome(models.TextChoices):
    PENDING = "pending", _("not settled")
    REJECTED = "rejected", _("the decision stands")
    DISMISSED = "dismissed", _("not tried by the court")
    WITHDRAWN = "withdrawn", _("the appeal was taken back")
    ANNULLED = "annulled", _("the decision was annulled")


class EndingKind(models.TextChoices):
    ANNULLED = "annulled", _("annulled by a court")
    RENOUNCED = "renounced", _("given back by the association")
