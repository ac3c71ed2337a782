"""Letters about decisions and money: what goes into them, and to whom."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from associations.models import BankAccount
from grants.actions.instalment_plan import Part, parts_of
from grants.actions.submission import recipients
from grants.calculation_words import ShownLine, shown_lines
from grants.choices import CriterionKey, DecisionKind, Outcome, Route
from grants.models import Application, Decision, Meeting
from records import filing
from records.models import Letter
from records.values import local_day

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
            to=recipients(application),
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
    application, basis = decision.application, decision.basis or {}
    call = application.call
    return {
        "decision": decision,
        "application": application,
        "association": application.association,
        "call": call,
        "is_grant": decision.outcome == Outcome.GRANT,
        "is_dismissal": decision.outcome == Outcome.DISMISS,
        "annuls": decision.outcome != Outcome.GRANT and decision.replaces is not None and bool(decision.replaces.amount),
        "by_committee": decision.route == Route.COMMITTEE,
        "replaced": decision.replaces,
        "is_correction": decision.kind == DecisionKind.RECTIFICATION,
        "criteria": [
            {**row, "name": CriterionKey(row["key"]).label, "level": _number(row["level"])} for row in basis.get("criteria", [])
        ],
        "score": _number(basis.get("score")),
        "lines": calculation_rows(decision),
        "counted": decision.outcome == Outcome.GRANT and bool(decision.calculation),
        "parts": parts_to_come(decision),
        "account": BankAccount.objects.current().filter(association=application.association_id).first(),
        "contact": decision.proposal.proposed_by if decision.proposal else decision.decided_by,
        "appeal_until": appeal_until(decision),
        "court": settings.MUNICIPALITY["court"],
        "site": settings.SITE_URL,
        "pays_on_known": call.pays_on is not None and call.pays_on >= local_day(decision.decided_at),
    }


def calculation_rows(decision: Decision) -> list[ShownLine]:
    """The lines of the calculation, and one more when the decision departs from them, so that they sum to the amount."""
    lines = shown_lines(decision.calculation)
    total = sum((line.amount for line in lines), Decimal(0))
    if decision.amount is not None and decision.amount != total:
        text = _("Departure from the rules, see the reasons")
        lines.append(ShownLine("–", text, "", decision.amount - total))
    return lines


def parts_to_come(decision: Decision) -> list[Part]:
    """The instalments of a first grant; what a later decision changes is settled when it is published."""
    left = (decision.amount or Decimal(0)) - decision.set_off
    if decision.replaces is not None or left <= 0:
        return []
    return parts_of(decision.application.call, left, first_time=True, day=local_day(decision.decided_at))


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


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
    """A letter to the association and whoever handed the application in, kept in its case."""
    return filing.post_letter(
        application.case,
        key=key,
        to=recipients(application),
        addressee=application.association.name,
        subject=subject,
        template=template,
        context={
            "application": application,
            "association": application.association,
            "call": application.call,
            "site": settings.SITE_URL,
            **context,
        },
        at=at,
        language=LANGUAGE,
    )
