"""Who registers and follows appeals, and notes that a grant was given back."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Role
from grants.choices import ApplicationStatus
from grants.models import Decision
from grants.permissions.answer import Answer, no
from grants.permissions.assessing import without_interest

KEEPERS = (Role.OFFICER, Role.COMMITTEE_SECRETARY, Role.DECISION_MAKER)


def may_register_appeal(user: Any, decision: Decision) -> Answer:
    """Of a published decision, by those who keep the cases."""
    if not user.has_role(*KEEPERS):
        return no(_("Only officers and the committee secretary register appeals."))
    if decision.published_at is None:
        return no(_("The decision is not published, so nobody can have appealed it."))
    return without_interest(user, decision.application)


def may_follow_appeal(user: Any, decision: Decision) -> Answer:
    return may_register_appeal(user, decision)


def may_note_renounced(user: Any, decision: Decision) -> Answer:
    """An officer, of a grant that stands."""
    if not user.has_role(Role.OFFICER, Role.DECISION_MAKER):
        return no(_("Only officers note that a grant was given back."))
    if decision.application.status != ApplicationStatus.GRANTED or decision.published_at is None or not decision.amount:
        return no(_("There is no grant to give back."))
    return without_interest(user, decision.application)
