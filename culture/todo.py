"""What is asked of a school now: on its own page, on the start page, and in the order of the days."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from culture.choices import SchoolAnswer, VisitStatus
from culture.models import ClassGroup, ListConfirmation, School, SchoolYear, Visit
from records.registry import Task
from records.values import local_day

Address = Callable[..., str]


def of_school(school: School, year: SchoolYear, at: datetime, address: Address) -> list[Task]:
    """Tasks of a school in a year. address: page and arguments -> where it is done. Three queries."""
    visits = list(
        Visit.objects.filter(class_group__school=school, class_group__year=year, status=VisitStatus.BOOKED)
        .select_related("class_group", "performance__offer")
        .order_by("day", "class_group__key")
    )
    return [*_classes(school, year, at, address), *_answers(visits, year, at, address), *_confirmations(visits, at, address)]


def _classes(school: School, year: SchoolYear, at: datetime, address: Address) -> list[Task]:
    """The list of classes is confirmed each autumn, once; again when it has changed since."""
    day = local_day(at)
    if year.locked_at or (year.list_by and (year.list_by - day).days > 45):
        return []
    groups = ClassGroup.objects.filter(school=school, year=year).running().prefetch_related("fragments")
    counted = [sum(part.live for part in group.fragments.all()) for group in groups]
    latest = ListConfirmation.objects.filter(school=school, year=year).first()
    if latest and (latest.classes, latest.pupils) == (len(counted), sum(counted)):
        return []
    why = _("The list of classes has changed since you confirmed it.") if latest else _("We plan the year's visits from it.")
    return [Task(_("Check your classes and confirm them"), why, address("classes"), _("See the classes"), due=year.list_by)]


def _answers(visits: list[Visit], year: SchoolYear, at: datetime, address: Address) -> list[Task]:
    day = local_day(at)
    if year.answer_by is None or year.answer_by < day:
        return []
    open_ones = [visit for visit in visits if visit.answer == SchoolAnswer.NONE and visit.performance.starts_at > at]
    return [
        Task(
            _("%(class)s: can you come to %(what)s?") % {"class": visit.class_group, "what": visit.performance.offer},
            _day_sentence(visit.day),
            address("answer", visit.pk),
            _("Answer"),
            due=year.answer_by,
        )
        for visit in open_ones
    ]


def _confirmations(visits: list[Visit], at: datetime, address: Address) -> list[Task]:
    over = [visit for visit in visits if visit.performance.ends_at <= at]
    return [
        Task(
            _("%(class)s: confirm the visit to %(what)s") % {"class": visit.class_group, "what": visit.performance.offer},
            ngettext("%(n)s pupil was expected.", "%(n)s pupils were expected.", visit.pupils) % {"n": visit.pupils},
            address("visit", visit.pk),
            _("Confirm the visit"),
            urgent=(local_day(at) - visit.day).days > 7,
        )
        for visit in over
    ]


def _day_sentence(day: date) -> str:
    return _("The visit is on %(day)s.") % {"day": day.isoformat()}
