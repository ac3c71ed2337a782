"""What a school is asked on its own page, one by one: the list of classes, and each visit that waits for an answer."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from culture.choices import SchoolAnswer, VisitStatus
from culture.models import ClassGroup, ListConfirmation, Visit
from culture.views.voices import Voice
from records.registry import Task
from records.values import local_day

LIST_ASKED = 45  # days before the last one


def asked_of(voice: Voice, visits: list[Visit], at: datetime) -> list[Task]:
    """visits: those that the school has been told of. Three queries."""
    return [*_classes(voice, at), *_answers(voice, visits, at)]


def _classes(voice: Voice, at: datetime) -> list[Task]:
    """The list of classes is confirmed each autumn; again when it has changed since."""
    year = voice.year
    if year.locked_at or (year.list_by and (year.list_by - local_day(at)).days > LIST_ASKED):
        return []
    groups = ClassGroup.objects.filter(school=voice.school, year=year).running().prefetch_related("fragments")
    counted = [group.pupils for group in groups]
    latest = ListConfirmation.objects.filter(school=voice.school, year=year).first()
    if latest and (latest.classes, latest.pupils) == (len(counted), sum(counted)):
        return []
    why = _("The list of classes has changed since you confirmed it.") if latest else _("We plan the year's visits from it.")
    return [Task(_("Check your classes and confirm them"), why, voice.address("classes"), _("See the classes"), due=year.list_by)]


def _answers(voice: Voice, visits: list[Visit], at: datetime) -> list[Task]:
    last = voice.year.answer_by
    if last is None or last < local_day(at):
        return []
    waiting = [
        visit
        for visit in visits
        if visit.status == VisitStatus.BOOKED and visit.answer == SchoolAnswer.NONE and visit.performance.starts_at > at
    ]
    return [
        Task(
            _("%(class)s: can you come to %(what)s?") % {"class": visit.class_group, "what": visit.performance.offer},
            _("The visit is on %(day)s.") % {"day": date_format(visit.day, "l j F")},
            voice.address("answer", visit.pk),
            _("Answer"),
            due=last,
        )
        for visit in waiting
    ]
