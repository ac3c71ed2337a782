"""What is asked of people after the money: reports to hand in, reports to review, money to pay back."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role
from grants.actions.ledger import balance_of
from grants.choices import ReportStatus
from grants.models import Application, Reclaim, Report
from records.registry import Task
from records.values import kronor_text, local_day

AHEAD = timedelta(days=60)  # a report is mentioned this long before it is due


def report_tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """For the association the person acts for: reports that are due, and claims to pay back."""
    if not hat or hat.kind != "association":
        return []
    own = Application.objects.spoken_for_by(user).filter(association=hat.key).values("pk")
    day = local_day(at)
    due = Report.objects.asked_for().filter(application__in=own, due_on__lte=day + AHEAD).select_related("application__call")
    return [_report_task(report, day) for report in due] + _claim_tasks(own, day)


def _report_task(report: Report, day: Any) -> Task:
    returned = report.status == ReportStatus.RETURNED
    why = report.review_reason if returned else _("Tell us what you did with the grant, and how much of it you used.")
    return Task(
        title=_("Report on %s") % report.application.call,
        why=why,
        url=reverse("grants:report", args=[report.pk]),
        button=_("Add what is missing") if returned else _("Write the report"),
        due=report.due_on,
        urgent=returned or report.due_on < day,
    )


def _claim_tasks(own: Any, day: Any) -> list[Task]:
    claims = Reclaim.objects.unsettled().filter(decision__application__in=own).select_related("decision__application__call")
    return [
        Task(
            title=_("Pay back %(amount)s kr") % {"amount": kronor_text(balance_of(claim))},
            why=claim.reason,
            url=reverse("grants:application", args=[claim.decision.application_id]),
            button=_("Read more"),
            due=claim.due_on,
            urgent=claim.due_on < day,
        )
        for claim in claims
    ]


def review_tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """For officers: reports that wait to be reviewed."""
    if not user.has_role(Role.OFFICER):
        return []
    handled = Application.objects.for_casework_by(user).values("pk")
    waiting = Report.objects.filter(application__in=handled, status=ReportStatus.HANDED_IN).count()
    if not waiting:
        return []
    title = ngettext("Review %(n)s follow-up report", "Review %(n)s follow-up reports", waiting) % {"n": waiting}
    why = _("The associations have told us what they did with their grants.")
    return [Task(title=title, why=why, url=reverse("grants:report_queue"), button=_("Review"))]


TASKS = (report_tasks, review_tasks)
