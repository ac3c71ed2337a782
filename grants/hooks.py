"""What grants tells the rooms below when the house starts: who may read which case and file, links, words, tasks, disposal."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Role
from associations import registry as attendance
from associations.models import Category
from associations.registry import Link
from grants import hooks_follow_up, log_words
from grants.actions.activity import calls_about
from grants.actions.quarantine import tell_of_virus
from grants.actions.retention import count_old_drafts, dispose_of_drafts
from grants.actions.submission import joint_key
from grants.choices import ApplicationStatus
from grants.models import Application, Attachment, Call, CompletionRequest
from grants.models.application import CASEWORK
from grants.permissions.assessing import interest_sentence
from records import registry
from records.registry import CaseLink, Disposable, Task
from records.values import local_day

SOON = timedelta(days=14)  # a call is closing soon

VERBS = {
    "grants.scheme_added": gettext_lazy("A scheme was added"),
    "grants.scheme_described": gettext_lazy("A scheme was described"),
    "grants.version_written": gettext_lazy("The terms of a scheme were written"),
    "grants.version_published": gettext_lazy("A version of a scheme was published"),
    "grants.scheme_read_in": gettext_lazy("A scheme was read in from a file"),
    "grants.form_mended": gettext_lazy("A call got a mended form"),
    "grants.pot_shared": gettext_lazy("The pot of a call was shared out"),
    "grants.call_planned": gettext_lazy("A call was planned"),
    "grants.call_changed": gettext_lazy("A call was changed"),
    "grants.call_published": gettext_lazy("A call was published"),
    "grants.call_closed": gettext_lazy("A call was closed"),
    "grants.extended": gettext_lazy("An association was given an extension"),
    "grants.draft_discarded": gettext_lazy("A draft was thrown away"),
    "grants.drafts_disposed": gettext_lazy("Old drafts were disposed of"),
    "grants.submitted": gettext_lazy("The application was handed in"),
    "grants.attached": gettext_lazy("An attachment was added"),
    "grants.became_complete": gettext_lazy("The application became complete"),
    "grants.found_incomplete": gettext_lazy("The application was found to be incomplete"),
    "grants.completion_asked": gettext_lazy("The association was asked to complete the application"),
    "grants.completed": gettext_lazy("The association completed the application"),
    "grants.completion_lapsed": gettext_lazy("The time to complete the application ran out"),
    "grants.withdrawn": gettext_lazy("The association withdrew the application"),
    "grants.assigned": gettext_lazy("An officer took on the application"),
}
INTERNAL = {"grants.assigned"}


def register() -> None:
    registry.case_openings.append(own_cases)
    registry.case_withholdings.append(withheld_cases)
    registry.case_refusals.append(why_withheld)
    registry.file_openings.append(own_files)
    registry.file_infected.append(file_infected)
    registry.case_links.append(links)
    registry.tasks.extend([association_tasks, officer_tasks])
    registry.tasks.extend(hooks_follow_up.TASKS)
    registry.verb_words.update({**VERBS, **log_words.OPEN_WORDS, **log_words.INTERNAL_WORDS})
    registry.internal_verbs.update(INTERNAL, log_words.INTERNAL_WORDS)
    attendance.half_year_links.append(half_year_links)
    registry.disposables.append(
        Disposable("grants.draft", gettext_lazy("Drafts that were never handed in"), 12, dispose_of_drafts, count_old_drafts)
    )


def half_year_links(association: Any, half: Any, user: Any) -> list[Link]:
    """The support that is counted from the attendance of a half-year, when some call is about it. One query."""
    if not calls_about(half, localdate()):
        return []
    url = reverse("grants:activity_support", args=[association.pk, half.year, half.number])
    return [Link(_("Activity support, counted line by line"), url)]


# Who may read what --------------------------------------------------------------------------------------------------


def own_cases(user: Any) -> Q:
    return Q(pk__in=Application.objects.spoken_for_by(user).received().values("case"))


def withheld_cases(user: Any) -> Q:
    """A conflict of interest, or a blind phase: for those who work with grants, not for the applicant."""
    if not user.has_role(*CASEWORK):
        return Q(pk__in=[])
    return Q(pk__in=Application.objects.withheld_from(user).received().values("case"))


def why_withheld(case: Any, user: Any) -> str:
    """A conflict of interest is said to the one who has it (Case 25); a blind phase is not, and strangers have neither."""
    if not user.is_authenticated or not user.has_role(*CASEWORK, Role.COMMITTEE_MEMBER):
        return ""
    concerned = Application.objects.received().with_interest_of(user).filter(case=case).exists()
    return interest_sentence() if concerned else ""


def own_files(user: Any) -> Q:
    return Q(pk__in=Attachment.objects.filter(application__in=Application.objects.spoken_for_by(user)).values("file"))


def links(case: Any, user: Any) -> list[CaseLink]:
    """The application of a case, where this reader meets it."""
    own = Application.objects.spoken_for_by(user).filter(case=case).select_related("call").first()
    found = own or Application.objects.for_casework_by(user).filter(case=case).select_related("call").first()
    if found is None:
        return []
    page = "grants:application" if own else "grants:casework_application"
    label = _("Application: %s") % found.call
    return [CaseLink(label, reverse(page, args=[found.pk]), status=capfirst(found.get_status_display()))]


def file_infected(file: Any, at: datetime) -> bool:
    """The applicant is told by letter that a file was quarantined (Case 17)."""
    return tell_of_virus(file, at=at)


# Tasks --------------------------------------------------------------------------------------------------------------


def association_tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """For whom the person acts right now: completions to answer, signatures, drafts, calls that close soon."""
    if not hat or hat.kind != "association":
        return []
    own = Application.objects.spoken_for_by(user).filter(association=hat.key).select_related("call", "association")
    drafts = list(own.filter(status=ApplicationStatus.DRAFT).prefetch_related("call__late_steps"))
    started = {draft.call_id for draft in drafts} | set(own.received().values_list("call", flat=True))
    tasks = [_completion_task(row) for row in _open_requests(own, at)]
    tasks += [task for draft in drafts if (task := _draft_task(draft, user, at))]
    return tasks + _call_tasks(hat.key, started, at)


def _open_requests(own: Any, at: datetime) -> Any:
    rows = CompletionRequest.objects.filter(application__in=own, answered_at=None, lapsed_at=None, due_at__gt=at)
    return rows.select_related("application__call")


def _completion_task(row: CompletionRequest) -> Task:
    return Task(
        title=_("Complete the application: %s") % row.application.call,
        why=row.message,
        url=reverse("grants:application", args=[row.application_id]),
        button=_("Add what is missing"),
        due=row.due_on,
        urgent=True,
    )


def _draft_task(draft: Application, user: Any, at: datetime) -> Task | None:
    """A draft in a call that still takes it in; or one that another signatory has signed."""
    ends = draft.call.window(draft.extended_until())
    if ends.closed_at is not None or at < ends.opens_at:
        return None
    lateness = draft.lateness(at)
    if lateness.percent is None:
        return None
    due = local_day(ends.closes_at - timedelta(microseconds=1)) if ends.closes_at else None
    act = draft.association.joint_acts.filter(key=joint_key(draft), confirmed_at=None).first()
    if act is not None:
        if act.prepared_by_id == user.pk:
            return None
        url = reverse("grants:application_submit", args=[draft.pk])
        why = _("%s has signed. The application is handed in when you sign too.") % act.prepared_by
        return Task(_("Sign the application: %s") % draft.call, why, url, _("Read and sign"), due=due, urgent=True)
    why = _("You have begun but not handed in.") if not lateness.days else lateness.sentence
    url = reverse("grants:application", args=[draft.pk])
    return Task(_("Go on with the application: %s") % draft.call, why, url, _("Go on"), due=due, urgent=bool(lateness.days))


def _call_tasks(association: Any, started: set[int], at: datetime) -> list[Task]:
    """Calls that close within two weeks and that the association has not begun to apply in."""
    category = Category.objects.filter(associations=association).values_list("key", flat=True).first()
    calls = Call.objects.open_at(at).filter(closes_at__gt=at, closes_at__lte=at + SOON).exclude(pk__in=started)
    return [
        Task(
            title=_("Apply: %s") % call,
            why=_("The call closes soon."),
            url=reverse("grants:application_start", args=[call.pk]),
            button=_("Apply"),
            due=call.closes_on,
        )
        for call in calls.for_category(category or "").order_by("closes_at")
    ]


def officer_tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """New applications nobody has taken on, and completion requests that ran out."""
    if not user.has_perm("grants.handle"):
        return []
    seen = Application.objects.for_casework_by(user)
    tasks = [
        Task(
            title=_("Read what was not completed: %s") % row.application.association,
            why=_("%(call)s: the time to complete ran out on %(day)s.") % {"call": row.application.call, "day": row.due_on},
            url=reverse("grants:casework_application", args=[row.application_id]),
            button=_("Open"),
            group=_("Applications"),
        )
        for row in _lapsed(seen, user)
    ]
    new = seen.filter(status=ApplicationStatus.SUBMITTED, handler=None).count()
    if new:
        tasks.append(
            Task(
                title=_("Take on new applications (%d)") % new,
                why=_("Nobody handles them yet."),
                url=reverse("grants:casework_list") + "?handler=nobody&status=submitted&sort=received",
                button=_("Open"),
                group=_("Applications"),
            )
        )
    return tasks


def _lapsed(seen: Any, user: Any) -> Any:
    """The last request lapsed and nothing has happened since; the handler's own, or nobody's."""
    waiting = seen.filter(status=ApplicationStatus.SUBMITTED).filter(Q(handler=None) | Q(handler=user))
    rows = CompletionRequest.objects.filter(application__in=waiting, lapsed_at__isnull=False)
    later = CompletionRequest.objects.filter(application__in=waiting, answered_at__isnull=False).values("application")
    return rows.exclude(application__in=later).select_related("application__call", "application__association")[:20]
