"""What is asked of whom between assessment and payment, and what the log calls the figures that changed."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Role
from grants.choices import ApplicationStatus, AssessmentStatus, MeetingStatus, Outcome, Route
from grants.models import Application, Conflict, Decision, Instalment, Meeting, PaymentRun, Proposal
from records import registry
from records.registry import Task
from records.values import local_day

LABELS = {
    "amount": gettext_lazy("Amount, kronor"),
    "completed_at": gettext_lazy("Complete"),
    "grants.meeting": gettext_lazy("Meeting"),
    "outcome": gettext_lazy("Decision"),
    "paid_on": gettext_lazy("Paid on"),
    "returned_on": gettext_lazy("Came back on"),
    "pay_again": gettext_lazy("Paid again"),
    "claimed": gettext_lazy("Claimed back"),
    "rule": gettext_lazy("Rule"),
    "run": gettext_lazy("Payment file"),
    "spent": gettext_lazy("Used of the grant, kronor"),
}

CODES = {
    ("grants", "outcome"): dict(Outcome.choices),
    ("grants", "status"): dict(ApplicationStatus.choices),
}


def register() -> None:
    registry.change_words.update(LABELS)
    registry.code_words.update(CODES)
    registry.kronor_fields.update({"amount", "spent"})
    registry.tasks.extend([assessor_tasks, proposing_tasks, deciding_tasks, committee_tasks, paying_tasks])


# The desk -------------------------------------------------------------------------------------------------------------


def assessor_tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """My own unfinished assessments, those nobody has made, and cases where somebody has stepped out."""
    if not user.has_role(Role.OFFICER):
        return []
    tasks = []
    started = user.assessments.filter(status=AssessmentStatus.STARTED, application__in=_assessable(user)).count()
    if started:
        tasks.append(_list_task(_("Finish your assessments (%d)") % started, _("You have begun and not said that you are done.")))
    lacking = Application.objects.filter(pk__in=_lacking(user)).exclude(assessments__assessor=user)
    stepped_out = Conflict.objects.in_force().filter(application__in=lacking.values("pk")).values("application")
    without = lacking.filter(pk__in=stepped_out).count()
    if without:
        title = _("Take over after somebody who stepped out (%d)") % without
        tasks.append(_list_task(title, _("An assessment is missing because of a conflict of interest."), urgent=True))
    fresh = lacking.exclude(pk__in=stepped_out).count()
    if fresh:
        tasks.append(_list_task(_("Assess applications (%d)") % fresh, _("They do not have all their assessments yet.")))
    return tasks


def _assessable(user: Any) -> Any:
    return Application.objects.to_assess_by(user).values("pk")


def _lacking(user: Any) -> Any:
    rows = Application.objects.filter(pk__in=_assessable(user))
    return rows.exclude(pk__in=Application.objects.covered().values("pk")).values("pk")


def _list_task(title: str, why: str, *, urgent: bool = False) -> Task:
    return Task(title, why, reverse("grants:assessment_list"), _("Assess"), urgent=urgent, group=_("Assessment"))


def proposing_tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """Cases that are assessed and wait for a proposal, and decisions that wait to be published."""
    if not user.has_role(Role.OFFICER, Role.COMMITTEE_SECRETARY):
        return []
    tasks = []
    seen = Application.objects.for_casework_by(user)
    if user.has_role(Role.OFFICER):
        ready = seen.covered().filter(status=ApplicationStatus.SUBMITTED, call__criteria__isnull=False).distinct().count()
        if ready:
            url = reverse("grants:assessment_list") + "?ordning=poang"
            title, why = _("Propose decisions (%d)") % ready, _("They have all their assessments.")
            tasks.append(Task(title, why, url, _("Open"), group=_("Decisions")))
    staged = Decision.objects.staged().filter(application__in=seen.values("pk")).count()
    if staged:
        title, why = _("Publish decisions (%d)") % staged, _("They are made, and nobody has been told.")
        tasks.append(Task(title, why, reverse("grants:decision_list"), _("Publish"), group=_("Decisions")))
    return tasks


def deciding_tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """What this delegate may decide now, and what has been paid and was not used."""
    limit = user.delegation_limit(local_day(at)) if user.has_role(Role.DECISION_MAKER) else None
    if limit is None:
        return []
    mine = Proposal.objects.visible_to(user).open().filter(Q(amount=None) | Q(amount__lte=limit), route=Route.DELEGATE)
    rows = mine.exclude(proposed_by=user).select_related("application__association", "application__call")
    return [
        Task(
            title=_("Decide: %s") % row.application.association,
            why=str(row.application.call),
            url=reverse("grants:proposal", args=[row.pk]),
            button=_("Decide"),
            group=_("Decisions"),
        )
        for row in rows.order_by("proposed_at")[:20]
    ]


def committee_tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """The secretary: what is on no list, meetings to note as held, results to write down, minutes to adjust."""
    if not user.has_role(Role.COMMITTEE_SECRETARY):
        return []
    tasks = []
    group = _("The committee")
    unlisted = Proposal.objects.visible_to(user).open().filter(route=Route.COMMITTEE, meeting=None).count()
    if unlisted:
        title, why = _("Put cases on a list (%d)") % unlisted, _("They go to the committee and are on no list.")
        tasks.append(Task(title, why, reverse("grants:meeting_list"), _("Open"), group=group))
    passed = Meeting.objects.filter(held_on__lte=local_day(at)).exclude(status=MeetingStatus.ADJUSTED).order_by("held_on")
    for row in passed:
        title = _("Finish the minutes of %s") % row.held_on.isoformat()
        why = _("Write down the results, then post the notice when the minutes are adjusted.")
        tasks.append(Task(title, why, reverse("grants:meeting", args=[row.pk]), _("Open"), group=group))
    return tasks


def paying_tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """Payments whose day has come, and files to approve."""
    if not user.has_role(Role.OFFICER, Role.DECISION_MAKER):
        return []
    group, tasks = _("Payments"), []
    handled = Application.objects.for_casework_by(user).values("pk")
    due = 0
    if user.has_role(Role.OFFICER):
        due = Instalment.objects.due(local_day(at)).filter(decision__application__in=handled).count()
    if due:
        title, why = _("Pay (%d)") % due, _("Their day has come and nothing holds them back.")
        tasks.append(Task(title, why, reverse("grants:payment_list"), _("Open"), group=group))
    interested = Application.objects.with_interest_of(user).values("pk")
    concerned = PaymentRun.objects.filter(lines__instalment__decision__application__in=interested).values("pk")
    unapproved = PaymentRun.objects.filter(approved_at=None, cancelled_at=None).exclude(made_by=user).exclude(pk__in=concerned)
    for run in unapproved.order_by("number"):
        title, why = _("Approve payment file %s") % run.message_id, _("Somebody else than the one who made it approves it.")
        tasks.append(
            Task(title, why, reverse("grants:payment_run", args=[run.pk]), _("Look at it"), due=run.pays_on, group=group)
        )
    return tasks
