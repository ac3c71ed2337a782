"""Who is written to when a proposal is published: told before it is done."""

from dataclasses import dataclass

from django.utils.timezone import localdate

from culture.choices import VisitStatus
from culture.models import PlanRun, School, SchoolContact


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The letter that a school gets. visits: that it is told of. addresses: empty when the letter has to be printed."""

    school: School
    visits: int
    addresses: tuple[str, ...]


def letters_of(run: PlanRun) -> list[Outgoing]:
    """A letter to each school with something new to it, planned by hand included, by name. Two queries."""
    visits: dict[int, int] = {}
    schools: dict[int, School] = {}
    for row in run.rows.select_related("class_group__school", "visit"):
        if not row.fixed or (row.visit and row.visit.status == VisitStatus.PLANNED):
            school = row.class_group.school
            schools[school.pk] = school
            visits[school.pk] = visits.get(school.pk, 0) + 1
    contacts: dict[int, list[str]] = {}
    for contact in SchoolContact.objects.on(localdate()).filter(school__in=visits).order_by("pk"):
        contacts.setdefault(contact.school_id, []).append(contact.email)
    return [
        Outgoing(school, visits[pk], tuple(contacts.get(pk) or [school.email] * bool(school.email)))
        for pk, school in sorted(schools.items(), key=lambda each: each[1].name)
    ]
