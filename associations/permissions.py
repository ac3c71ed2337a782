"""Who may do what with an association: yes, or no with the reason a person can read."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from associations.choices import IN_REGISTER, AssociationStatus, MandateKind
from associations.models import Association, JointAct
from records.refusals import YES, Answer, no

__all__ = [
    "KEPT_BY_OFFICERS",
    "is_confirmed",
    "may_change",
    "may_confirm",
    "may_handle",
    "may_keep",
    "may_mark",
    "may_report",
    "may_sign",
    "signs",
    "speaks_for",
]

_OVER = frozenset({AssociationStatus.REFUSED, AssociationStatus.DISSOLVED})

# Facts that an association cannot change by itself: they are checked against papers.
KEPT_BY_OFFICERS = frozenset(
    {
        "name",
        "organisation_number",
        "category",
        "kind",
        "signing",
        "registered_on",
        "statutes_approved_on",
        "statutes_approved_by",
    }
)


def speaks_for(user: Any, association: Association, day: date, *kinds: str) -> Answer:
    """Whether this user holds a mandate for the association on *day* (of one of *kinds*, if any are named). One query."""
    mandates = association.mandates.in_force(day).filter(user=user)
    if kinds:
        mandates = mandates.filter(kind__in=kinds)
    return YES if mandates.exists() else no(_("You need a mandate for this. Ask one of the association's signatories."))


def signs(user: Any, association: Association, day: date) -> Answer:
    """Whether this user is a signatory of an association that still runs, approved or not yet. One query."""
    if association.status in _OVER:
        return no(_("The association is no longer in the register."))
    if speaks_for(user, association, day, MandateKind.SIGNATORY):
        return YES
    return no(_("Only a signatory may do this. Ask one of the association's signatories."))


def may_sign(user: Any, association: Association, day: date) -> Answer:
    """Whether this user may bind the association, alone or as one of two (association.needs_two). One query."""
    if association.status == AssociationStatus.APPLIED:
        return no(_("The association is waiting for approval. You can do this as soon as it is registered."))
    return signs(user, association, day)


def may_report(user: Any, association: Association, day: date) -> Answer:
    """Whether this user may tell the municipality things: signatories and those who apply and report. One query."""
    if association.status in _OVER:
        return no(_("The association is no longer in the register."))
    return speaks_for(user, association, day, MandateKind.SIGNATORY, MandateKind.APPLICANT)


def may_mark(user: Any, association: Association, day: date) -> Answer:
    """Whether this user may keep attendance cards: everyone who holds a mandate, leaders too. Officers never do. One query."""
    if association.status in _OVER:
        return no(_("The association is no longer in the register."))
    return speaks_for(user, association, day)


def may_keep(user: Any) -> Answer:
    """Whether this user keeps the register. One query a request."""
    return YES if user.has_perm("associations.keep_register") else no(_("Only an officer may do this."))


def may_handle(user: Any, association: Association, day: date) -> Answer:
    """Whether this officer may decide about the association: nobody does about one they belong to. Two queries."""
    if not (answer := may_keep(user)):
        return answer
    if speaks_for(user, association, day) or association.board.in_office(day).filter(user=user).exists():
        return no(_("You belong to this association, so a colleague has to do this."))
    return YES


def may_change(user: Any, association: Association, day: date) -> Answer:
    """Whether this user may change the facts: those who report for the association, and officers. At most two queries."""
    return YES if may_keep(user) else may_report(user, association, day)


def may_confirm(user: Any, act: JointAct, day: date) -> Answer:
    """Whether this user may confirm what another signatory prepared. One query."""
    if act.confirmed_at:
        return no(_("This is already confirmed."))
    if act.prepared_by_id == user.pk:
        return no(_("You prepared this yourself, so another signatory has to confirm it."))
    return signs(user, act.association, day)


def is_confirmed(association: Association, key: str, digest: str = "") -> bool:
    """Whether an act may take effect: one signs alone, or two have signed just this. No query where one signs alone."""
    if not association.needs_two:
        return True
    return association.joint_acts.filter(key=key, digest=digest, confirmed_at__isnull=False).exists()


def in_register(association: Association) -> bool:
    return association.status in IN_REGISTER
