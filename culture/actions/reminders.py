"""What schools are reminded of, by letters with links: each once, however often the job runs."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from culture.actions.letters import LANGUAGE, tell
from culture.choices import LinkPurpose, MessageKind, SchoolAnswer, VisitSource, VisitStatus
from culture.models import ClassGroup, ListConfirmation, Message, School, SchoolYear, Visit
from culture.rules.reminders import WINDOWS, is_due
from records import filing
from records.values import closes_after, local_day

CONFIRM_FOR = timedelta(days=90)  # how long a link to confirm a visit works
_SUBJECTS: dict[str, str | Promise] = {
    MessageKind.BEFORE: gettext_lazy("Reminder: %(offer)s on %(day)s"),
    MessageKind.CONFIRM: gettext_lazy("How many came to %(offer)s?"),
    MessageKind.CONFIRM_AGAIN: gettext_lazy("We do not know how many came to %(offer)s"),
}


def remind(*, at: datetime) -> int:
    """Send the letters that are due now. Harmless twice. Returns how many schools were written to."""
    return (
        _remind_of_lists(at)
        + _remind_to_answer(at)
        + _remind_of_visits(MessageKind.BEFORE, at)
        + _remind_of_visits(MessageKind.CONFIRM, at)
        + _remind_of_visits(MessageKind.CONFIRM_AGAIN, at)
    )


def _remind_of_lists(at: datetime) -> int:
    """Schools with classes, or that had some the year before, that have not confirmed their list."""
    sent = 0
    for year in SchoolYear.objects.filter(locked_at=None).exclude(list_by=None):
        if year.list_by is None or not is_due("classes", year.list_by, local_day(at)):
            continue
        confirmed = ListConfirmation.objects.filter(year=year, school=OuterRef("pk"))
        has = ClassGroup.objects.filter(school=OuterRef("pk"), year__first__in=[year.first, year.first - 1])
        told = Message.objects.filter(kind=MessageKind.CLASSES, year=year, school=OuterRef("pk"))
        schools = School.objects.counted().filter(Exists(has), ~Exists(confirmed), ~Exists(told)).order_by("pk")
        for school in schools:
            with translation.override(LANGUAGE):
                subject = _("Check the list of classes for %(year)s") % {"year": year}
            sent += _send(
                MessageKind.CLASSES, school, f"year.{year.first}", subject, year, at, LinkPurpose.CLASSES, last_day=year.list_by
            )
    return sent


def _remind_to_answer(at: datetime) -> int:
    """Schools with visits of the published plan that they have not answered about."""
    sent = 0
    for year in SchoolYear.objects.filter(locked_at=None).exclude(answer_by=None):
        if year.answer_by is None or not is_due("answer", year.answer_by, local_day(at)):
            continue
        visits = Visit.objects.unanswered().filter(class_group__year=year, source=VisitSource.PLAN)
        for school, theirs in _by_school(visits.with_all(), MessageKind.ANSWER, year):
            with translation.override(LANGUAGE):
                subject = _("Please answer about the culture plan for %(year)s") % {"year": year}
            sent += _send(
                MessageKind.ANSWER,
                school,
                f"year.{year.first}",
                subject,
                year,
                at,
                LinkPurpose.ANSWER,
                visits=theirs,
                last_day=year.answer_by,
                until=closes_after(year.answer_by),
            )
    return sent


def _remind_of_visits(kind: str, at: datetime) -> int:
    """One letter to each school for each performance: before it, and after it until its visits are confirmed."""
    first, last = WINDOWS[kind]
    today = local_day(at)
    days = (today - timedelta(days=last), today - timedelta(days=first))
    told = Message.objects.filter(kind=kind, performance=OuterRef("performance"), school=OuterRef("class_group__school"))
    visits = Visit.objects.filter(~Exists(told), status=VisitStatus.BOOKED, day__range=days, class_group__year__locked_at=None)
    over = {} if kind == MessageKind.BEFORE else {"performance__ends_at__lte": at}
    visits = visits.exclude(answer=SchoolAnswer.NO).filter(**over)
    groups: dict[tuple[int, int], list[Visit]] = {}
    for visit in visits.with_all().order_by("performance_id", "class_group__key"):
        groups.setdefault((visit.performance_id, visit.class_group.school_id), []).append(visit)
    sent = 0
    for (_performance, _school), theirs in sorted(groups.items()):
        performance = theirs[0].performance
        with translation.override(LANGUAGE):
            subject = str(_SUBJECTS[kind]) % {"offer": performance.offer, "day": f"{performance.day:%Y-%m-%d}"}
        confirming = kind != MessageKind.BEFORE
        sent += _send(
            kind,
            theirs[0].class_group.school,
            f"performance.{performance.pk}",
            subject,
            theirs[0].class_group.year,
            at,
            LinkPurpose.CONFIRM if confirming else LinkPurpose.ANSWER,
            visits=theirs,
            until=at + CONFIRM_FOR if confirming else performance.starts_at,
        )
    return sent


def _by_school(visits: Iterable[Visit], kind: str, year: SchoolYear) -> list[tuple[School, list[Visit]]]:
    told = set(Message.objects.filter(kind=kind, year=year).values_list("school", flat=True))
    found: dict[int, list[Visit]] = {}
    for visit in visits:
        if visit.class_group.school_id not in told:
            found.setdefault(visit.class_group.school_id, []).append(visit)
    return [(theirs[0].class_group.school, theirs) for _pk, theirs in sorted(found.items())]


@transaction.atomic
def _send(
    kind: str,
    school: School,
    key: str,
    subject: str,
    year: SchoolYear,
    at: datetime,
    purpose: str,
    *,
    visits: Sequence[Visit] = (),
    last_day: object = None,
    until: datetime | None = None,
) -> int:
    message = tell(
        kind,
        school,
        key,
        subject,
        at=at,
        year=year,
        purpose=purpose,
        performance=visits[0].performance if visits and key.startswith("performance") else None,
        expires_at=until,
        context={"visits": visits, "last_day": last_day},
    )
    if message is None:
        return 0
    changes = {"school": [school.pk, school.pk], "kind": [None, kind]}
    filing.note(None, "culture.reminded", at=at, changes=changes)
    return 1
