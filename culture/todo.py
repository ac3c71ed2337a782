"""What is asked of a school and of those who plan culture now, as tasks of the start page."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from culture import matrix, publishing
from culture.choices import RunStatus, SchoolAnswer, VisitSource
from culture.models import ClassGroup, ListConfirmation, PlanRun, School, SchoolYear, Visit
from culture.permissions import may_plan
from culture.rules.reminders import is_due
from records.registry import Task


def tasks_of_school(school: School, at: datetime) -> list[Task]:
    """Visits to confirm, visits to answer about, the list of classes. Five queries."""
    url, today = _page("school_home"), localdate(at)
    if not url:
        return []
    visits = Visit.objects.filter(class_group__school=school, class_group__year__locked_at=None)
    found = []
    if number := visits.to_confirm(at).count():
        why = ngettext("One visit has taken place.", "%(n)s visits have taken place.", number) % {"n": number}
        why += " " + _("Until it is confirmed it does not count for the pupils.")
        found.append(Task(_("Confirm how many came"), why, url, _("Confirm"), urgent=True))
    year = SchoolYear.objects.filter(first__lte=today.year, locked_at=None).order_by("-first").first()
    if year is None:
        return found
    waiting = visits.unanswered().filter(class_group__year=year, source=VisitSource.PLAN)
    if year.answer_by and today <= year.answer_by and (number := waiting.count()):
        why = ngettext("One visit is planned for your classes.", "%(n)s visits are planned for your classes.", number)
        found.append(Task(_("Answer about the culture plan"), why % {"n": number}, url, _("Answer"), due=year.answer_by))
    return found + _list_task(school, year, today, url)


def _list_task(school: School, year: SchoolYear, today: date, url: str) -> list[Task]:
    if not year.list_by or not is_due("classes", year.list_by, today):
        return []
    if ListConfirmation.objects.filter(school=school, year=year).exists():
        return []
    number = ClassGroup.objects.running().filter(school=school, year=year).count()
    why = ngettext("One class is in the list.", "%(n)s classes are in the list.", number) % {"n": number}
    return [
        Task(_("Confirm the list of classes for %(year)s") % {"year": year}, why, url, _("Look at the list"), due=year.list_by)
    ]


def tasks_of_planner(user: Any, at: datetime) -> list[Task]:
    """What waits for those who plan culture, each a link to where it is done. Seven queries at most, none for others."""
    if not may_plan(user) or not (desk := _page("desk")):
        return []
    today, group = localdate(at), _("The culture guarantee")
    found = []
    for count, title, why, page in _queues(today, at):
        if number := count():
            found.append(Task(title, why(number) % {"n": number}, _page(page) or desk, _("Open"), group=group))
    return found


def _queues(today: date, at: datetime) -> list[tuple[Callable[[], int], str, Callable[[int], str], str]]:
    """(how many, title, why, the page where it is done)."""
    asked = Visit.objects.filter(answer=SchoolAnswer.CHANGE, status="booked", day__gte=today)
    late = Visit.objects.to_confirm(at).filter(class_group__year__locked_at=None)
    return [
        (
            lambda: len(publishing.warnings(today)),
            _("Papers that no longer hold"),
            lambda n: ngettext("One offer with booked visits.", "%(n)s offers with booked visits.", n),
            "offer_list",
        ),
        (
            asked.count,
            _("Schools ask for other times"),
            lambda n: ngettext("One visit.", "%(n)s visits.", n),
            "answers",
        ),
        (
            PlanRun.objects.filter(status=RunStatus.DONE, year__locked_at=None).filter(_newer_than_the_plan).count,
            _("A proposal of a plan is ready"),
            lambda n: ngettext("One proposal is waiting.", "%(n)s proposals are waiting.", n),
            "plan_list",
        ),
        (
            late.count,
            _("Visits that nobody has confirmed"),
            lambda n: ngettext("One visit.", "%(n)s visits.", n),
            "visit_list",
        ),
        (
            matrix.unmapped().count,
            _("Closed schools without a successor"),
            lambda n: ngettext("One school's figures follow nobody.", "The figures of %(n)s schools follow nobody.", n),
            "kept_schools",
        ),
    ]


# A proposal that was asked for before another plan was published can no longer be published.
_newer_than_the_plan = Q(year__plan_published_at=None) | Q(made_at__gt=F("year__plan_published_at"))


def _page(name: str) -> str:
    try:
        return reverse(f"culture:{name}")
    except NoReverseMatch:
        return ""
