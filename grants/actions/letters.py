"""Letters about decisions and money: what goes into them, and to whom."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from grants.actions.submission import recipients
from grants.choices import DecisionKind, Outcome, Route
from grants.models import Application, Decision, Meeting
from records import filing
from records.models import Letter

LANGUAGE = "sv"  # decisions are written in Swedish (språklagen 10)


def stage_decision_letter(decision: Decision, *, at: datetime) -> Letter:
    """Write the letter of a decision that is not published; it takes the place of one written before and waits for publish."""
    earlier = decision.letter
    edition = int(earlier.key.rsplit(".", 1)[1]) + 1 if earlier else 1
    application = decision.application
    with override(LANGUAGE):
        letter = filing.post_letter(
            application.case,
            key=f"grants.decision.{decision.pk}.{edition}",
            to=[person.email for person in recipients(application)],
            addressee=application.association.name,
            subject=subject_of(decision),
            template="letters/grants/decision.html",
            context=decision_context(decision),
            at=at,
            language=LANGUAGE,
            staged=True,
            replaces=earlier.key if earlier else "",
        )
    decision.letter = letter
    decision.save(update_fields=["letter"])
    return letter


def subject_of(decision: Decision) -> str:
    call = decision.application.call
    if decision.kind == DecisionKind.RECTIFICATION:
        return _("Corrected decision: %(call)s") % {"call": call}
    if decision.kind == DecisionKind.NEW:
        return _("New decision: %(call)s") % {"call": call}
    return _("Decision: %(call)s") % {"call": call}


def decision_context(decision: Decision) -> dict[str, Any]:
    """All that the letter and the decision page tell."""
    application = decision.application
    return {
        "decision": decision,
        "application": application,
        "association": application.association,
        "call": application.call,
        "scheme": application.call.version.scheme,
        "is_grant": decision.outcome == Outcome.GRANT,
        "is_dismissal": decision.outcome == Outcome.DISMISS,
        "by_committee": decision.route == Route.COMMITTEE,
        "criteria": (decision.basis or {}).get("criteria", []),
        "appeal_until": appeal_until(decision),
        "replaced": decision.replaces,
    }


def appeal_until(decision: Decision) -> date | None:
    """The last day to appeal, once the minutes that count are on the notice board (Case 44); None before that.

    The committee's decisions: the minutes of its meeting. Delegated ones: the minutes of the meeting they were reported to.
    """
    meeting: Meeting | None = decision.meeting
    if decision.route == Route.DELEGATE:
        report = getattr(decision, "reported", None)
        meeting = report.meeting if report else None
    return meeting.notice.appeal_until if meeting and meeting.notice else None


def post_to_association(
    application: Application, *, key: str, subject: str, template: str, context: Mapping[str, Any], at: datetime
) -> Letter:
    """A letter to whoever handed the application in, kept in its case."""
    people: list[User] = recipients(application)
    return filing.post_letter(
        application.case,
        key=key,
        to=[person.email for person in people],
        addressee=application.association.name,
        subject=subject,
        template=template,
        context={"application": application, "association": application.association, "call": application.call, **context},
        at=at,
        language=LANGUAGE,
    )
