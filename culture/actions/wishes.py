"""What schools ask for in their answers, met or not: another time, or something instead of what came to nothing."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from culture.actions.ground import locked_visit, with_reason
from culture.actions.letters import LANGUAGE, tell
from culture.actions.visits import give_place, move_visit
from culture.choices import LinkPurpose, MessageKind, SchoolAnswer, VisitStatus
from culture.models import Performance, Visit
from culture.permissions import may_plan
from records import filing
from records.refusals import NotAllowedNow


@transaction.atomic
def grant_change(visit: Visit, performance: Performance, *, by: Any, at: datetime, reason: str = "") -> Visit:
    """The class goes to another performance, seats checked, and the school is written to and answers again."""
    asked_at = Visit.objects.only("answered_at").get(pk=visit.pk).answered_at or at
    moved = move_visit(visit, performance, by=by, at=at, reason=reason, told=True)
    _tell(moved, "change_granted", gettext_lazy("Another time: %(offer)s"), asked_at, at=at)
    return moved


@transaction.atomic
def refuse_change(visit: Visit, *, reason: str, by: Any, at: datetime) -> Visit:
    """The time stands, and why. The school is written to, and answers again: coming, or not."""
    may_plan(by).or_refuse()
    visit = locked_visit(visit)
    if visit.status != VisitStatus.BOOKED or visit.answer != SchoolAnswer.CHANGE:
        raise NotAllowedNow(_("The school no longer asks for another time."), "status")
    reason = with_reason(reason, _("Say why the time stands. The school gets to read it."))
    asked_at = visit.answered_at or at
    visit.answer, visit.answered_at, visit.answer_reason = SchoolAnswer.NONE, None, ""
    visit.save(update_fields=["answer", "answered_at", "answer_reason"])
    changes = {"visit": [visit.pk, visit.pk], "answer": [SchoolAnswer.CHANGE, SchoolAnswer.NONE]}
    filing.note(None, "culture.change_refused", by=by, at=at, reason=reason, changes=changes)
    _tell(visit, "change_refused", gettext_lazy("The time stands: %(offer)s"), asked_at, at=at, reason=reason)
    return visit


@transaction.atomic
def give_instead(visit: Visit, performance: Performance, *, by: Any, at: datetime) -> Visit:
    """A class whose visit came to nothing is given another one, and the school is written to."""
    if visit.status not in {VisitStatus.CANCELLED, VisitStatus.MISSED}:
        raise NotAllowedNow(_("The class still has that visit."), "status")
    new = give_place(visit.class_group, performance, by=by, at=at, told=True)
    _tell(new, "given_instead", gettext_lazy("A new visit: %(offer)s"), at, at=at)
    return new


def _tell(visit: Visit, kind: str, subject: str | Promise, asked_at: datetime, *, at: datetime, reason: str = "") -> None:
    """Once for each time that the school has asked. kind: which words the letter has."""
    with translation.override(LANGUAGE):
        words = str(subject) % {"offer": visit.performance.offer}
    tell(
        MessageKind.ANSWER,
        visit.class_group.school,
        f"{kind}.{visit.pk}.{asked_at:%Y%m%d%H%M%S%f}",
        words,
        at=at,
        year=visit.class_group.year,
        visit=visit,
        performance=visit.performance,
        purpose=LinkPurpose.ANSWER,
        context={"kind": kind, "visits": [visit], "performance": visit.performance, "reason": reason},
    )
