"""School units: added, changed, followed by another, taking part or not; and whom to write to there."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import invite
from accounts.choices import Role
from culture.actions.ground import clean_words, locked_school
from culture.choices import Organiser, SchoolStatus
from culture.models import ClassGroup, Participation, School, SchoolContact, SchoolYear
from culture.permissions import may_plan
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day

FACTS = frozenset(
    {
        "name",
        "status",
        "organiser",
        "organiser_name",
        "municipality",
        "kinds",
        "grades",
        "street",
        "postcode",
        "town",
        "latitude",
        "longitude",
        "email",
        "phone",
        "hall_capacity",
        "hall_step_free",
        "hall_note",
        "is_example",
        "code_is_example",
        "read_on",
    }
)


@transaction.atomic
def add_school(*, code: str, name: str, by: Any, at: datetime, **facts: Any) -> School:
    """A school unit with its code in the national register. facts: as on the model."""
    if by is not None:
        may_plan(by).or_refuse()
    _only_facts(facts)
    if School.objects.filter(code=code).exists():
        raise NotAllowedNow(_("There is a school with that code already."), "code")
    school = School.objects.create(code=code, name=name, **facts)
    filing.note(None, "culture.school_added", by=by, at=at, changes={"school": [None, school.pk], "code": [None, code]})
    return school


@transaction.atomic
def change_school(school: School, *, by: Any, at: datetime, **facts: Any) -> School:
    """Change facts about a school: what the national register says, or its hall and position, which we keep ourselves."""
    may_plan(by).or_refuse()
    _only_facts(facts)
    school = locked_school(school)
    if facts.get("status", SchoolStatus.CLOSED) != SchoolStatus.CLOSED:
        facts |= {"successor": None, "closed_for_good": False}  # what is open went on as nothing else
    changed = sorted(name for name, value in facts.items() if getattr(school, name) != value)
    for name in changed:
        value = facts[name]
        setattr(school, name, clean_words(value) if name == "hall_note" else value)
    school.save(update_fields=changed)
    if changed:
        filing.note(
            None, "culture.school_changed", by=by, at=at, changes={"school": [school.pk, school.pk], "fields": [None, changed]}
        )
    return school


@transaction.atomic
def follow(school: School, successor: School | None, *, by: Any, at: datetime) -> School:
    """Say which unit a closed one went on as (case 36); None: nothing came after it. Its classes' later years belong there.

    Classes of a school year that both have would be counted twice: refused until one list is empty.
    """
    may_plan(by).or_refuse()
    school = locked_school(school)
    if school.status != SchoolStatus.CLOSED:
        raise NotAllowedNow(_("Only a closed school has a successor."), "not_closed")
    if successor is None:
        school.successor, school.closed_for_good = None, True
    else:
        _insist_no_ring(school, successor)
        school.successor, school.closed_for_good = successor, False
    school.save(update_fields=["successor", "closed_for_good"])
    changes = {"school": [school.pk, school.pk], "successor": [None, successor.code if successor else None]}
    filing.note(None, "culture.school_followed", by=by, at=at, changes=changes)
    return school


@transaction.atomic
def decline(school: School, year: SchoolYear, *, reason: str, by: Any, at: datetime) -> Participation:
    """An independent school takes no part in a school year. Its pupils stay in the count, on its own line (case 20)."""
    may_plan(by).or_refuse()
    school = locked_school(school)
    if school.organiser != Organiser.INDEPENDENT:
        raise NotAllowedNow(_("Only an independent school can decline: the municipality's own schools take part."), "organiser")
    facts = {"declined_on": local_day(at), "reason": clean_words(reason), "noted_by": by}
    row, made = Participation.objects.get_or_create(school=school, year=year, defaults=facts)
    if made:
        changes = {"school": [school.pk, school.pk], "year": [None, year.first]}
        filing.note(None, "culture.declined", by=by, at=at, reason=row.reason, changes=changes)
    return row


@transaction.atomic
def take_part(school: School, year: SchoolYear, *, by: Any, at: datetime) -> None:
    """The school takes part after all. Harmless when it does already."""
    may_plan(by).or_refuse()
    deleted, _each = Participation.objects.filter(school=school, year=year).delete()
    if deleted:
        changes = {"school": [school.pk, school.pk], "year": [year.first, None]}
        filing.note(None, "culture.takes_part", by=by, at=at, changes=changes)


@transaction.atomic
def add_contact(school: School, *, email: str, name: str = "", by: Any, at: datetime, inviting: bool = False) -> SchoolContact:
    """An address at the school that letters go to. inviting: its owner is also asked by letter to sign in for the school."""
    if by is not None:
        may_plan(by).or_refuse()
    school, email = locked_school(school), email.strip().lower()
    contact, made = SchoolContact.objects.get_or_create(
        school=school,
        email=email,
        until=None,
        defaults={"name": clean_words(name, 150), "since": local_day(at), "given_by": by},
    )
    if made:
        changes = {"school": [school.pk, school.pk], "contact": [None, contact.pk]}
        filing.note(None, "culture.contact_added", by=by, at=at, changes=changes)
    if inviting:
        invite(email, by=by, at=at, role=Role.SCHOOL, name=name)
    return contact


@transaction.atomic
def end_contact(contact: SchoolContact, *, by: Any, at: datetime) -> SchoolContact:
    """Letters no longer go to this address, and its owner no longer signs in for the school. Its open links are revoked."""
    may_plan(by).or_refuse()
    contact = SchoolContact.objects.select_for_update().get(pk=contact.pk)
    if contact.until is None:
        contact.until = local_day(at)
        contact.save(update_fields=["until"])
        contact.school.links.open_at(at).filter(email=contact.email).update(revoked_at=at)
        changes = {"school": [contact.school_id, contact.school_id], "contact": [contact.pk, None]}
        filing.note(None, "culture.contact_ended", by=by, at=at, changes=changes)
    return contact


def _insist_no_ring(school: School, successor: School) -> None:
    seen = {school.pk}
    after: School | None = successor
    while after is not None:
        if after.pk in seen:
            raise NotAllowedNow(_("A school cannot be its own successor."), "ring")
        seen.add(after.pk)
        after = after.successor
    shared = ClassGroup.objects.running().filter(school__in=[school, successor]).values_list("year", "school")
    years: dict[int, set[int]] = {}
    for year, unit in shared:
        years.setdefault(year, set()).add(unit)
    if any(len(units) > 1 for units in years.values()):
        raise NotAllowedNow(
            _("Both schools have classes in the same school year, so pupils would be counted twice. Correct the lists first."),
            "double",
        )


def _only_facts(facts: dict[str, Any]) -> None:
    if unknown := set(facts) - FACTS:
        raise ValueError(f"Not facts of a school: {sorted(unknown)}")
