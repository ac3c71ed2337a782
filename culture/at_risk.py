"""Pupils whom nothing reaches, nor anything booked or planned: which classes, how many, and why."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from culture.choices import CancelledBy, VisitStatus
from culture.models import ClassCoverage, ClassGroup, FragmentCoverage, Participation, SchoolYear, Visit
from culture.rules.years import SchoolYear as Year
from culture.rules.years import grade_label


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One class. pupils: who have nothing. whys: the reasons that are known, the heaviest first. visit: to offer another for."""

    group: ClassGroup
    pupils: int
    of: int
    whys: tuple[str, ...]
    visit: int | None = None


def classes_at_risk(year: SchoolYear) -> list[AtRisk]:
    """The classes with pupils at risk, the most pupils first. Six queries."""
    at_risk = ClassCoverage.objects.annotate(left=F("official") - F("reached") - F("booked") - F("planned"))
    rows = {row.class_group_id: row for row in at_risk.filter(year=year, left__gt=0, class_group__closed_on=None)}
    groups = ClassGroup.objects.filter(pk__in=rows).with_counts()
    visits: dict[int, list[Visit]] = defaultdict(list)
    for visit in Visit.objects.filter(class_group__in=rows).select_related("offer").order_by("-day", "-pk"):
        visits[visit.class_group_id].append(visit)
    declined = dict(Participation.objects.filter(year=year).values_list("school", "declined_on"))
    grades = _grades_without(rows, year)
    found = [
        AtRisk(
            group=group,
            pupils=rows[group.pk].left,
            of=rows[group.pk].official,
            whys=tuple(_whys(group, visits[group.pk], declined.get(group.school_id), grades[group.pk])),
            visit=_to_replace(visits[group.pk]),
        )
        for group in groups
    ]
    return sorted(found, key=lambda each: (-each.pupils, each.group.school.name, each.group.key))


def _grades_without(rows: Iterable[int], year: SchoolYear) -> dict[int, list[str]]:
    """class -> its grades that nothing is for, when other grades of it have something."""
    parts = FragmentCoverage.objects.filter(fragment__class_group__in=rows, official__gt=0).select_related("fragment")
    every: dict[int, list[FragmentCoverage]] = defaultdict(list)
    for part in parts.order_by("-fragment__cohort"):
        every[part.fragment.class_group_id].append(part)
    found: dict[int, list[str]] = defaultdict(list)
    for pk, theirs in every.items():
        without = [part for part in theirs if not part.upper and not part.booked and not part.planned]
        if 0 < len(without) < len(theirs):
            found[pk] = [grade_label(part.fragment.cohort, Year(year.first)) for part in without]
    return found


def _whys(group: ClassGroup, visits: list[Visit], declined: date | None, grades: list[str]) -> list[str]:
    found: list[str] = []
    if declined:
        found.append(_("The school declined to take part on %(day)s.") % {"day": declined.isoformat()})
    if grades:
        found.append(_("Nothing is for grade %(grades)s of the class.") % {"grades": ", ".join(grades)})
    found += [sentence for visit in visits if (sentence := _of_visit(visit))]
    return found or [_("Nothing has been planned for the class.")]


def _of_visit(visit: Visit) -> str:
    """What a visit of the class says about why pupils are without; '' when it says nothing."""
    values = {"what": visit.offer, "day": visit.day.isoformat(), "why": visit.cancel_reason or visit.answer_reason}
    if visit.status == VisitStatus.WAITING:
        return _("Waits as number %(n)s for %(what)s.") % {**values, "n": visit.arrival}
    if visit.status == VisitStatus.MISSED:
        return _("Did not come to %(what)s on %(day)s.") % values
    if visit.status == VisitStatus.CONFIRMED and not visit.offer.is_professional:
        return _("%(what)s on %(day)s is not professional, so it does not count.") % values
    if visit.status == VisitStatus.CONFIRMED and visit.attended is not None and visit.attended < visit.pupils:
        absent = visit.pupils - visit.attended
        words = ngettext("One was absent from %(what)s on %(day)s.", "%(n)s were absent from %(what)s on %(day)s.", absent)
        return words % {**values, "n": absent}
    if visit.status != VisitStatus.CANCELLED:
        return ""
    sentences = {
        CancelledBy.SCHOOL: _("The school said no to %(what)s on %(day)s: %(why)s"),
        CancelledBy.MUNICIPALITY: _("The municipality took away %(what)s on %(day)s: %(why)s"),
        CancelledBy.PERFORMANCE: _("%(what)s on %(day)s was cancelled: %(why)s"),
    }
    return sentences[CancelledBy(visit.cancelled_by)] % values


def _to_replace(visits: list[Visit]) -> int | None:
    """The latest visit that came to nothing: where another one is offered from."""
    return next((visit.pk for visit in visits if visit.status in (VisitStatus.CANCELLED, VisitStatus.MISSED)), None)
