"""What every action of the room shares: rows read again under their locks, remarks without personal numbers, who did it."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.rules.numbers import contains_personal_number
from culture.models import ClassGroup, Performance, School, SchoolYear, SignedLink, Visit
from culture.permissions import Speaker, may_plan
from culture.rules import years
from culture.rules.remarks import looks_like_personal_number
from records.refusals import NotAllowedNow

MOST_PUPILS = 2000  # in one grade of one class: more is a slip of the finger


class AskFirst(NotAllowedNow):
    """The numbers look wrong: the same again with the answer "yes" is accepted. code says which question it is."""


def clean_words(text: str, limit: int = 1000) -> str:
    """What somebody typed, trimmed. Refuses a personal identity number: nothing is stored, and the sentence says what to do."""
    if contains_personal_number(text) or looks_like_personal_number(text):
        raise NotAllowedNow(
            _(
                "This looks like a personal identity number. Take it away: no pupil is named here. Write how many it is about, "
                "and tell the school's own staff who it is."
            ),
            "personal_number",
        )
    return text.strip()[:limit]


def with_reason(reason: str, sentence: Any = None) -> str:
    """The reason, cleaned; refuses an empty one."""
    if not (kept := clean_words(reason)):
        raise NotAllowedNow(sentence or _("Say why."), "no_reason")
    return kept


def user_of(by: Any) -> User | None:
    """The person behind an act, for the log; None when it was a link (the link is then in the changes)."""
    return by if isinstance(by, User) else None


def said_by(by: Speaker | None) -> dict[str, Any]:
    """The columns by and link of a row that somebody said."""
    return {"by": user_of(by), "link": by if isinstance(by, SignedLink) else None}


def year_of(moment: date | datetime) -> SchoolYear:
    """The school year of a day or an instant. NotAllowedNow when nobody has opened it yet."""
    found = years.school_year_at(moment) if isinstance(moment, datetime) else years.school_year_of(moment)
    year = SchoolYear.objects.filter(first=found.start).first()
    if year is None:
        raise NotAllowedNow(_("The school year %(year)s is not opened yet.") % {"year": found}, "no_year")
    return year


def locked_class(group: ClassGroup) -> ClassGroup:
    return ClassGroup.objects.select_for_update(of=("self",)).select_related("school", "year").get(pk=group.pk)


def locked_school(school: School) -> School:
    return School.objects.select_for_update(of=("self",)).get(pk=school.pk)


def locked_performance(performance: Performance) -> Performance:
    related = ("offer__producer", "year", "host", "space__venue", "booking")
    return Performance.objects.select_for_update(of=("self",)).select_related(*related).get(pk=performance.pk)


def locked_visit(visit: Visit) -> Visit:
    """The visit as it is now, its performance locked before it: everybody takes the locks in that order."""
    where = Visit.objects.only("performance").get(pk=visit.pk)
    performance = locked_performance(Performance(pk=where.performance_id))
    row = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("class_group__school", "class_group__year")
        .prefetch_related("parts__fragment")
        .get(pk=visit.pk)
    )
    if row.performance_id != performance.pk:
        raise NotAllowedNow(_("Somebody has just changed the visit. Open the page again."), "moved")
    row.performance = performance
    return row


def is_locked(year: SchoolYear) -> bool:
    return year.locked_at is not None


def insist_open(year: SchoolYear, by: Speaker, reason: str) -> None:
    """Refuses changes of a locked school year, except by an officer who says why."""
    if not is_locked(year):
        return
    if not may_plan(by):
        raise NotAllowedNow(
            _("The figures of the school year are locked. Contact the municipality if something is wrong."), "locked"
        )
    with_reason(reason, _("The figures of the school year are locked. Say why they are changed: it becomes a new version."))
