"""Who may propose, review, decide, record what the committee decided, and publish."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.choices import Role
from associations.rules.finding import Finding
from grants.choices import ApplicationStatus, MeetingStatus, Outcome, Route
from grants.models import Application, Decision, Meeting, Proposal
from grants.permissions.answer import YES, Answer, no
from grants.permissions.assessing import without_interest
from grants.rules import delegation
from records.values import kronor_text, local_day

PROPOSED_FROM = frozenset(
    {
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.GRANTED,
        ApplicationStatus.REFUSED,
        ApplicationStatus.DISMISSED,
        ApplicationStatus.ENDED,
    }
)


def may_propose(user: Any, application: Application) -> Answer:
    """An officer, on a case that is handed in and complete enough, or on a decided one for a new decision (Case 43)."""
    if not user.has_role(Role.OFFICER):
        return no(_("Only officers propose decisions."))
    if application.status not in PROPOSED_FROM:
        return no(
            _("The application is %(status)s, so nothing can be proposed now.") % {"status": application.get_status_display()}
        )
    return without_interest(user, application)


def may_review(user: Any, proposal: Proposal) -> Answer:
    """A second pair of eyes: looks, but does not decide (Case 38)."""
    if proposal.closed_at is not None:
        return no(_("The proposal is no longer open."))
    if user.pk == proposal.proposed_by_id:
        return no(_("Somebody else than the one who proposed must review."))
    if not user.has_role(Role.OFFICER, Role.DECISION_MAKER):
        return no(_("Only officers review proposals."))
    return without_interest(user, proposal.application)


def may_take_back(user: Any, proposal: Proposal) -> Answer:
    """The officer who proposed, another officer, or the one who was to decide and sends it back."""
    if not user.has_role(Role.OFFICER, Role.DECISION_MAKER):
        return no(_("Only officers and decision-makers take back proposals."))
    return without_interest(user, proposal.application)


def may_decide(user: Any, proposal: Proposal, amount: Decimal | None, at: datetime) -> Answer:
    """One person, by delegation, within the limit, and not the one who proposed."""
    limit = user.delegation_limit(local_day(at))
    finding = delegation.may_decide(amount or Decimal(0), limit, scheme_delegates=proposal.route == Route.DELEGATE)
    if not finding:
        return no(_sentence(finding))
    if user.pk == proposal.proposed_by_id and not _may_decide_own(proposal):
        return no(_("You proposed this decision yourself. Somebody else decides."))
    return without_interest(user, proposal.application)


def _may_decide_own(proposal: Proposal) -> bool:
    return settings.GRANTS_PROPOSER_MAY_DECIDE and proposal.reviewed_at is not None


def _sentence(finding: Finding) -> str:
    if finding.code == "scheme_not_delegated":
        return _("The committee decides in this case.")
    if finding.code == "no_delegation":
        return _("You have no delegation to decide on grants.")
    limit = kronor_text(Decimal(str(finding.figures["limit"])))
    return _("Your delegation goes up to %(limit)s kr. The committee decides on more.") % {"limit": limit}


def may_run_meetings(user: Any) -> Answer:
    if not user.has_role(Role.COMMITTEE_SECRETARY):
        return no(_("Only the committee secretary does this."))
    return YES


def may_list(user: Any, proposal: Proposal, meeting: Meeting) -> Answer:
    """The secretary, or the officer, for a case that goes to the committee and a meeting that is still to come."""
    if not user.has_role(Role.COMMITTEE_SECRETARY, Role.OFFICER):
        return no(_("Only officers and the committee secretary put cases on the list."))
    if proposal.route != Route.COMMITTEE:
        return no(_("A delegate decides in this case. It does not go to the committee."))
    if meeting.status != MeetingStatus.PLANNED:
        return no(_("The meeting has already been held."))
    return without_interest(user, proposal.application)


def may_record(user: Any, proposal: Proposal, day: date) -> Answer:
    """The secretary, for an item on the list of a meeting that has been held."""
    if not (answer := may_run_meetings(user)):
        return answer
    if proposal.closed_at is not None:
        return no(_("The result of this item is already recorded."))
    meeting = proposal.meeting
    if meeting is None:
        return no(_("The case is not on the list of a meeting."))
    if meeting.held_on > day:
        return no(_("The meeting has not been held yet."))
    if meeting.status == MeetingStatus.ADJUSTED:
        return no(_("The minutes are adjusted, so nothing can be added to them."))
    return without_interest(user, proposal.application)


def may_adjust(user: Any, meeting: Meeting) -> Answer:
    if not (answer := may_run_meetings(user)):
        return answer
    if meeting.status != MeetingStatus.HELD:
        return no(_("Only minutes of a meeting that has been held, and that are not yet adjusted, can be adjusted."))
    return YES


def may_publish(user: Any, decision: Decision) -> Answer:
    """The one who decided, an officer, or the secretary. A published decision is not published again."""
    if not user.has_role(Role.OFFICER, Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY):
        return no(_("Only officers, decision-makers and the secretary publish decisions."))
    return without_interest(user, decision.application)


def may_change_staged(user: Any, decision: Decision) -> Answer:
    """The delegate who decided, or the secretary who recorded it, until it is published (Case 42, 43)."""
    if decision.published_at is not None:
        return no(_("The decision is published and cannot be changed. Correct a slip, or propose a new decision."))
    if user.pk != decision.decided_by_id:
        return no(_("Only the person who decided can change the decision."))
    return without_interest(user, decision.application)


def may_rectify(user: Any, decision: Decision, amount: Decimal | None, at: datetime) -> Answer:
    """A slip in a published decision in force is corrected by a delegate (förvaltningslagen 36)."""
    if decision.published_at is None:
        return no(_("The decision is not published yet. Change it instead."))
    if Decision.objects.filter(replaces=decision).exists():
        return no(_("A later decision has replaced this one."))
    limit = user.delegation_limit(local_day(at))
    more = decision.outcome == Outcome.GRANT and amount is not None and amount > (decision.amount or 0)
    finding = delegation.may_decide(amount if more and amount else Decimal(0), limit, scheme_delegates=True)
    if not finding:
        return no(_sentence(finding))
    return without_interest(user, decision.application)
