"""What classes and teachers thought: told through a link, by nobody in particular."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from culture.actions.ground import clean_words, locked_performance
from culture.actions.links import make_link
from culture.choices import LinkPurpose, VisitStatus, Who
from culture.models import Evaluation, SignedLink, Visit
from culture.permissions import Speaker, may_speak_for
from records.refusals import NotAllowedNow
from records.values import local_day

OPEN_FOR = timedelta(days=60)


@transaction.atomic
def evaluation_link(visit: Visit, *, by: Speaker, at: datetime) -> tuple[SignedLink, str]:
    """A link that a teacher shares with the class after a confirmed visit. Returns the row and its token."""
    group = visit.class_group
    may_speak_for(by, group.school, LinkPurpose.CONFIRM, year=group.year, at=at, visit=visit).or_refuse()
    if visit.status != VisitStatus.CONFIRMED:
        raise NotAllowedNow(_("Confirm the visit first."), "not_confirmed")
    return make_link(group.school, group.year, LinkPurpose.EVALUATE, at=at, visit=visit, expires_at=at + OPEN_FOR)


@transaction.atomic
def evaluate(
    link: SignedLink,
    who: str,
    *,
    liked: int,
    at: datetime,
    suited: int | None = None,
    again: int | None = None,
    words: str = "",
) -> Evaluation:
    """One answer, 1 to 4 each. Kept without the link, the class, the person and the hour: nothing leads back to who said it.

    No more answers are taken than there were people at the performance.
    """
    if refusal := link.refusal(at):
        raise NotAllowedNow(refusal, "old")
    if link.purpose != LinkPurpose.EVALUATE or link.visit is None or who not in Who.values:
        raise NotAllowedNow(_("This link does not open that."), "purpose")
    if not all(1 <= answer <= 4 for answer in (liked, suited or 1, again or 1)):
        raise NotAllowedNow(_("Choose one of the answers."), "answer")
    performance = locked_performance(link.visit.performance)
    if Evaluation.objects.filter(performance=performance).count() >= max(performance.seats_taken, 1):
        raise NotAllowedNow(_("As many as were there have answered already. Thank you!"), "enough")
    return Evaluation.objects.create(
        offer=performance.offer,
        performance=performance,
        who=who,
        liked=liked,
        suited=suited,
        again=again,
        words=clean_words(words, 500),
        said_on=local_day(at),
    )
