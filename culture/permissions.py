"""Who may do what with the culture guarantee: yes, or no with the reason a person can read.

A school acts through somebody who signs in for it, or through a link in a letter: both are a Speaker.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from culture.choices import LinkPurpose
from culture.models import School, SchoolYear, SignedLink, Visit
from records.refusals import YES, Answer, no

Speaker = User | SignedLink

# What a link for one purpose also opens: whoever answers the plan may see and say which days do not suit.
_OPENS: dict[str, frozenset[str]] = {
    LinkPurpose.ANSWER: frozenset({LinkPurpose.ANSWER}),
    LinkPurpose.CONFIRM: frozenset({LinkPurpose.CONFIRM}),
    LinkPurpose.CLASSES: frozenset({LinkPurpose.CLASSES}),
    LinkPurpose.EVALUATE: frozenset({LinkPurpose.EVALUATE}),
}


def may_plan(user: Any) -> Answer:
    """Culture officers: schools, programme, plan, corrections."""
    if isinstance(user, User) and user.has_perm("culture.plan"):
        return YES
    return no(_("Only those who plan culture may do this."))


def may_read(user: Any) -> Answer:
    return YES if user.has_perm("culture.read") else no(_("Only the municipality may see this."))


def may_speak_for(
    by: Speaker, school: School, purpose: str, *, year: SchoolYear, at: datetime, visit: Visit | None = None
) -> Answer:
    """Whether somebody may do this for the school: officers, those who sign in for it, and a link made for just this."""
    if isinstance(by, SignedLink):
        return _opened_by(by, school, purpose, year, at, visit)
    if may_plan(by) or School.objects.spoken_for_by(by).filter(pk=school.pk).exists():
        return YES
    return no(_("You do not speak for this school."))


def _opened_by(link: SignedLink, school: School, purpose: str, year: SchoolYear, at: datetime, visit: Visit | None) -> Answer:
    if refusal := link.refusal(at):
        return no(refusal)
    of_one_visit = link.visit_id is not None
    right = link.school_id == school.pk and link.year_id == year.pk and purpose in _OPENS[link.purpose]
    if not right or (of_one_visit and (visit is None or link.visit_id != visit.pk)):
        return no(_("This link does not open that."))
    return YES
