"""Follow-up reports: saved, handed in, looked at, returned or approved; and reminded of, once each (Case 48)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.actions.drafts import locked
from grants.actions.ledger import entitled, net_paid, planned
from grants.actions.letters import LANGUAGE, post_to_association
from grants.actions.refusals import NotAllowedNow, NotComplete, insist
from grants.actions.report_plan import count_again, plan_of
from grants.choices import InstalmentStatus, ReportStatus
from grants.models import Application, Decision, Instalment, Reminder, Report
from grants.permissions.applicant import may_apply_for
from grants.permissions.paying import may_hand_in, may_review_report
from grants.rules.reminders import due_reminder
from records import filing
from records.values import local_day

# What the association answers: key of the answer, whether it must be there. The labels stand in the form.
QUESTIONS = {"done": True, "effect": True, "girls": False, "boys": False, "others": False}


@transaction.atomic
def save(
    report: Report, *, answers: Mapping[str, str], spent: Decimal | None = None, explanation: str = "", by: Any, at: datetime
) -> Report:
    """Keep what is typed so far; nothing is refused for being unfinished."""
    application, report = _locked(report)
    insist(may_apply_for(by, application.association, at))
    insist(may_hand_in(report))
    _write(report, answers, spent, explanation)
    report.save(update_fields=["answers", "spent", "explanation"])
    return report


@transaction.atomic
def hand_in(
    report: Report, *, answers: Mapping[str, str], spent: Decimal | None, explanation: str = "", by: Any, at: datetime
) -> Report:
    """Hand in the report. Pressed twice it is handed in once. spent: kronor used of the grant."""
    application, report = _locked(report)
    insist(may_apply_for(by, application.association, at))
    if report.status == ReportStatus.HANDED_IN:
        return report
    insist(may_hand_in(report))
    _write(report, answers, spent, explanation)
    if missing := _missing(report, application.granted or Decimal(0)):
        raise NotComplete(list(missing.values()), list(missing))
    report.status, report.handed_in_at, report.handed_in_by = ReportStatus.HANDED_IN, at, by
    report.save()
    filing.note(application.case, "grants.report_handed_in", by=by, at=at, changes={"spent": [None, str(report.spent)]})
    return report


@transaction.atomic
def review(report: Report, *, approved: bool, reason: str = "", by: Any, at: datetime) -> Report:
    """Approve the report, or return it with what is missing; the association is told by letter.

    When less was used than was granted, or a loss guarantee counted on the report gives less, planned payments beyond it are held
    back. A delegate decides on a claim for the rest, or a new decision is proposed.
    """
    application, report = _locked(report)
    insist(may_review_report(by, report))
    if not approved and not reason.strip():
        raise NotComplete([_("Write what the association needs to add.")])
    report.status = ReportStatus.APPROVED if approved else ReportStatus.RETURNED
    report.reviewed_at, report.reviewed_by, report.review_reason = at, by, reason.strip()
    report.save()
    verb = "grants.report_approved" if approved else "grants.report_returned"
    filing.note(application.case, verb, by=by, at=at, reason=reason.strip())
    if approved:
        _hold_what_is_not_needed(application)
    with override(LANGUAGE):
        post_to_association(
            application,
            key=f"grants.report.{report.pk}.{at.isoformat()}",
            subject=_("Your report is approved") if approved else _("Your report needs to be completed"),
            template="letters/grants/report_reviewed.html",
            context={"report": report, "approved": approved},
            at=at,
        )
    return report


def remind(*, at: datetime) -> int:
    """Send the reminders that are due now: each once, whatever happens to the job. Returns how many were sent."""
    return sum(_remind_one(pk, at=at) for pk in Report.objects.asked_for().order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _remind_one(pk: int, *, at: datetime) -> int:
    rows = Report.objects.asked_for().select_for_update(of=("self",), skip_locked=True)
    report = rows.select_related("application__call", "application__association", "application__case").filter(pk=pk).first()
    if report is None:
        return 0
    application = report.application
    told = Decision.objects.filter(application=application, published_at__isnull=False).order_by("number").first()
    sent = list(report.reminders.values_list("day", flat=True))
    since = local_day(told.published_at) if told and told.published_at else None
    offset = due_reminder(report.due_on, local_day(at), sent, known_since=since)
    if offset is None:
        return 0
    Reminder.objects.create(report=report, day=offset, sent_at=at)
    late = offset > 0
    with override(LANGUAGE):
        subject = _("Your follow-up report is late") if late else _("Reminder: your follow-up report")
        post_to_association(
            application,
            key=f"grants.reminder.{report.pk}.{offset}",
            subject=subject,
            template="letters/grants/report_reminder.html",
            context={"report": report, "late": late},
            at=at,
        )
    filing.note(application.case, "grants.report_reminded", at=at, changes={"day": [None, offset]})
    return 1


def _hold_what_is_not_needed(application: Application) -> None:
    decision = Decision.objects.in_force().filter(application=application).first()
    if decision is None:
        return
    again = count_again(application)
    keeps = entitled(decision) if again is None or again.amount is None else min(entitled(decision), again.amount)
    beyond = net_paid(application) + planned(application) - keeps
    if beyond <= 0:
        return
    rows = Instalment.objects.filter(decision__application=application, status=InstalmentStatus.PLANNED, held_reason="")
    rows.update(held_reason=_("Less was used than was granted. Decide on what remains."))


def _write(report: Report, answers: Mapping[str, str], spent: Decimal | None, explanation: str) -> None:
    if unknown := set(answers) - set(QUESTIONS) - {row.field for row in plan_of(report)}:
        raise NotAllowedNow(_("The report has no such question: %s") % ", ".join(sorted(unknown)))
    report.answers = {**report.answers, **{key: value.strip() for key, value in answers.items()}}
    report.spent, report.explanation = spent, explanation.strip()


def _missing(report: Report, granted: Decimal) -> dict[str, str]:
    """Which answers cannot be handed in as they are: the answer and what to do about it."""
    missing = {}
    if not report.answers.get("done"):
        missing["done"] = _("Write what you have done.")
    if not report.answers.get("effect"):
        missing["effect"] = _("Write what it has led to.")
    if report.spent is None or report.spent < 0:
        missing["spent"] = _("Say how much of the grant you have used.")
    elif report.spent > granted:
        missing["spent"] = _("You cannot have used more of the grant than you were given.")
    elif report.spent < granted and not report.explanation:
        missing["explanation"] = _("Write why something of the grant is left.")
    for row in plan_of(report):
        if row.needed and row.actual is None:
            missing[row.field] = _("Say what this came to: %s. Write 0 if it was nothing.") % row.label
    return missing


def _locked(report: Report) -> tuple[Application, Report]:
    application = locked(report.application)
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    report.application = application
    return application, report
