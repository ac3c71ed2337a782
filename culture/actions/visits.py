"""A class's place in a performance: given, asked for, answered, moved, cancelled; the waiting list behind it.

Whoever writes a visit locks the performance first. The database keeps the seats that are taken and refuses one too many.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from culture.actions.counting import touched
from culture.actions.ground import clean_words, insist_open, locked_class, locked_performance, locked_visit, user_of, with_reason
from culture.actions.letters import tell_of_loss, tell_of_moved_visit, tell_of_place
from culture.choices import (
    VISIT_MOVES,
    CancelledBy,
    LinkPurpose,
    OfferStatus,
    PerformanceStatus,
    SchoolAnswer,
    VisitSource,
    VisitStatus,
)
from culture.fitting import fragments_for, is_blocked, unmet_needs
from culture.models import ClassGroup, Fragment, Performance, SchoolYear, Visit, VisitPart
from culture.permissions import Speaker, may_plan, may_speak_for
from culture.rules.seats import Capacity, Party, Waiting, next_in_line, room_for
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day


class Full(NotAllowedNow):
    """There is not room. seats_short, groups_short: how much is missing."""

    def __init__(self, seats_short: int, groups_short: int) -> None:
        if seats_short:
            sentence = _("%(n)s places are missing.") % {"n": seats_short} if seats_short > 1 else _("One place is missing.")
        else:
            sentence = _("There is no room for another class.")
        super().__init__(sentence, "full")
        self.seats_short, self.groups_short = seats_short, groups_short


@transaction.atomic
def give_place(
    group: ClassGroup,
    performance: Performance,
    *,
    by: Any,
    at: datetime,
    told: bool = False,
    cohorts: Collection[int] | None = None,
    pupils: int | None = None,
    adults: int | None = None,
    catch_up_of: Visit | None = None,
    catch_up_year: SchoolYear | None = None,
    reason: str = "",
    source: str = VisitSource.OFFICER,
) -> Visit:
    """An officer gives a class a place. told: the school knows (booked); otherwise it is planned until the plan is published.

    cohorts: grades of the class that come, those of them the offer is not for included when there is a *reason*. catch_up_of: for
    those who were absent from that visit; pupils: how many they are. catch_up_year: makes good for an earlier school year.
    Raises Full with how many places are missing.
    """
    may_plan(by).or_refuse()
    performance = _open(performance)
    group = _class(group)
    insist_open(group.year, by, reason)
    parts = _parts(group, performance, cohorts, allowed=bool(reason.strip()))
    _insist_fits(group, performance, allowed=bool(reason.strip()))
    if catch_up_of is not None and catch_up_of.class_group_id != group.pk:
        raise NotAllowedNow(_("The visit to catch up is another class's."), "catch_up")
    visit = _visit(group, performance, parts, source=source, by=by, at=at, pupils=pupils, adults=adults)
    _leave_queue(visit)
    visit.status = VisitStatus.BOOKED if told else VisitStatus.PLANNED
    visit.catch_up_of, visit.catch_up_year = catch_up_of, catch_up_year
    _save(visit, parts, performance)
    changes = {"visit": [None, visit.pk], "class": [None, group.pk], "performance": [None, performance.pk]}
    filing.note(None, "culture.place_given", by=by, at=at, reason=clean_words(reason), changes=changes)
    touched([group], group.year, by=by, at=at, reason=reason)
    return visit


@transaction.atomic
def ask_for_place(group: ClassGroup, performance: Performance, *, by: Speaker, at: datetime) -> Visit:
    """A school books a free place for a class itself; when it is full the class waits, in the order they came (case 29).

    Returns the visit, booked or waiting; arrival is its number in the queue. Nobody who waits is written to.
    """
    performance = _open(performance)
    group = _class(group)
    may_speak_for(by, group.school, LinkPurpose.ANSWER, year=group.year, at=at).or_refuse()
    insist_open(group.year, by, "")
    if performance.offer.status != OfferStatus.PUBLISHED:
        raise NotAllowedNow(_("The offer is not open for booking."), "not_published")
    if performance.starts_at <= at:
        raise NotAllowedNow(_("The performance has begun or is over."), "past")
    parts = _parts(group, performance, None, allowed=False)
    _insist_fits(group, performance, allowed=False)
    _insist_new(group, performance)
    visit = _visit(group, performance, parts, source=VisitSource.SCHOOL, by=user_of(by), at=at)
    last = performance.visits.aggregate(last=Max("arrival"))["last"] or 0
    visit.arrival = last + 1
    if _room(performance, visit).fits and not performance.visits.waiting().exists():
        visit.status = VisitStatus.BOOKED
        visit.answer, visit.answered_at = SchoolAnswer.YES, at
    else:
        visit.status = VisitStatus.WAITING
    _save(visit, parts, performance)
    verb = "culture.place_booked" if visit.status == VisitStatus.BOOKED else "culture.place_waited_for"
    changes = {"visit": [None, visit.pk], "class": [None, group.pk], "arrival": [None, visit.arrival]}
    filing.note(None, verb, by=user_of(by), at=at, changes=changes)
    touched([group], group.year, by=by, at=at)
    return visit


@transaction.atomic
def answer_visit(visit: Visit, answer: str, *, by: Speaker, at: datetime, reason: str = "") -> Visit:
    """The school answers within its time: coming, cannot come (with a reason), or asks for another time (with what suits).

    A no gives the place to the next who waits. After the last day to answer only an officer changes it.
    """
    visit = locked_visit(visit)
    group = visit.class_group
    may_speak_for(by, group.school, LinkPurpose.ANSWER, year=group.year, at=at).or_refuse()
    if visit.status != VisitStatus.BOOKED:
        raise NotAllowedNow(_("The visit no longer waits for an answer."), "status")
    if not may_plan(by):
        _insist_in_time(visit, at)
    reason = clean_words(reason)
    if answer in {SchoolAnswer.NO, SchoolAnswer.CHANGE} and not reason:
        raise NotAllowedNow(_("Say why, so that we can find something that suits."), "no_reason")
    if (visit.answer, visit.answer_reason) == (answer, reason):
        return visit
    before = visit.answer
    visit.answer, visit.answered_at, visit.answer_reason = answer, at, reason
    visit.save(update_fields=["answer", "answered_at", "answer_reason"])
    changes = {"visit": [visit.pk, visit.pk], "answer": [before, answer]}
    filing.note(None, "culture.visit_answered", by=user_of(by), at=at, reason=reason, changes=changes)
    if answer == SchoolAnswer.NO:
        _cancel(visit, CancelledBy.SCHOOL, reason, by=by, at=at)
    return visit


@transaction.atomic
def cancel_visit(visit: Visit, *, reason: str, by: Speaker, at: datetime) -> Visit:
    """Take a class's place away, or leave the waiting list. What the municipality cancels goes first in its next plan.

    A school that had been told of the place is told why it is gone.
    """
    visit = locked_visit(visit)
    group = visit.class_group
    may_speak_for(by, group.school, LinkPurpose.ANSWER, year=group.year, at=at).or_refuse()
    if VisitStatus.CANCELLED not in VISIT_MOVES[visit.status] or visit.status == VisitStatus.CONFIRMED:
        raise NotAllowedNow(_("The visit can no longer be cancelled. Correct what was said about it instead."), "status")
    if visit.status == VisitStatus.WAITING:
        return _cancel(visit, CancelledBy.SCHOOL, clean_words(reason), by=by, at=at)
    officer = bool(may_plan(by))
    if not officer:
        _insist_in_time(visit, at)
    insist_open(group.year, by, reason)
    by_whom = CancelledBy.MUNICIPALITY if officer else CancelledBy.SCHOOL
    visit.priority, told = officer, officer and visit.status == VisitStatus.BOOKED
    visit = _cancel(visit, by_whom, with_reason(reason), by=by, at=at)
    if told:
        tell_of_loss(visit, at=at)
    return visit


@transaction.atomic
def move_visit(visit: Visit, performance: Performance, *, by: Any, at: datetime, reason: str = "", told: bool = False) -> Visit:
    """Take a class to another performance, seats checked; its school is told, unless *told* in another letter. All or nothing."""
    may_plan(by).or_refuse()
    left_pk = Visit.objects.only("performance").get(pk=visit.pk).performance_id
    first, second = sorted([left_pk, performance.pk])
    list(Performance.objects.select_for_update(of=("self",)).filter(pk__in=[first, second]).order_by("pk").values_list("pk"))
    visit = locked_visit(visit)
    if visit.status not in {VisitStatus.PLANNED, VisitStatus.BOOKED}:
        raise NotAllowedNow(_("Only a visit that is planned or booked can be moved."), "status")
    left, performance = visit.performance, _open(performance)
    insist_open(visit.class_group.year, by, reason)
    _insist_fits(visit.class_group, performance, allowed=bool(reason.strip()))
    parts = _parts(visit.class_group, performance, None, allowed=bool(reason.strip()))
    visit.performance, visit.offer, visit.day = performance, performance.offer, performance.day
    visit.answer, visit.answered_at, visit.answer_reason, visit.arrival = SchoolAnswer.NONE, None, "", None
    visit.pupils = sum(part.live for part in parts)
    visit.seats = visit.pupils + visit.adults
    _insist_room(performance, visit)
    visit.parts.all().delete()
    _save(visit, parts, performance)
    changes = {"visit": [visit.pk, visit.pk], "performance": [left.pk, performance.pk]}
    filing.note(None, "culture.visit_moved", by=by, at=at, reason=clean_words(reason), changes=changes)
    if visit.status == VisitStatus.BOOKED and not told:
        tell_of_moved_visit(visit, at=at)
    touched([visit.class_group], visit.class_group.year, by=by, at=at, reason=reason)
    give_to_next(left, at=at)
    return visit


def _cancel(visit: Visit, by_whom: str, reason: str, *, by: Speaker, at: datetime) -> Visit:
    had = visit.status in {VisitStatus.PLANNED, VisitStatus.BOOKED}
    visit.status, visit.cancelled_by, visit.cancel_reason = VisitStatus.CANCELLED, by_whom, reason
    visit.save(update_fields=["status", "cancelled_by", "cancel_reason", "priority"])
    changes = {"visit": [visit.pk, None], "by_whom": [None, by_whom]}
    filing.note(None, "culture.visit_cancelled", by=user_of(by), at=at, reason=reason, changes=changes)
    touched([visit.class_group], visit.class_group.year, by=by, at=at, reason=reason)
    if had:
        give_to_next(visit.performance, at=at)
    return visit


def give_to_next(performance: Performance, *, at: datetime) -> list[Visit]:
    """Book those in the waiting list that now fit, by number, and write to their schools. Under the performance's lock."""
    if performance.starts_at <= at or performance.status != PerformanceStatus.PLANNED:
        return []
    waiting = {
        visit.arrival: visit for visit in performance.visits.waiting().select_related("class_group__school", "class_group__year")
    }
    if not waiting:
        return []
    queue = [Waiting(number or 0, str(visit.pk), _party(visit)) for number, visit in waiting.items()]
    given = []
    for place in next_in_line(_capacity(performance), _taken(performance), queue):
        visit = waiting[place.arrival]
        visit.status, visit.source, visit.performance = VisitStatus.BOOKED, VisitSource.QUEUE, performance
        try:
            with transaction.atomic():
                visit.save(update_fields=["status", "source"])
        except IntegrityError:  # it has got something else that day, or has seen it elsewhere
            continue
        filing.note(None, "culture.place_came_free", at=at, changes={"visit": [visit.pk, visit.pk]})
        tell_of_place(visit, at=at)
        given.append(visit)
    for visit in given:
        touched([visit.class_group], visit.class_group.year, by=None, at=at)
    return given


def _leave_queue(visit: Visit) -> None:
    """A class that is given a place by hand has waited: its row in the queue becomes the visit, keeping its number."""
    waits = visit.performance.visits.waiting().filter(class_group=visit.class_group).first()
    if waits is not None:
        waits.parts.all().delete()
        visit.pk, visit.arrival, visit._state.adding = waits.pk, waits.arrival, False


def _open(performance: Performance) -> Performance:
    performance = locked_performance(performance)
    if performance.status != PerformanceStatus.PLANNED:
        raise NotAllowedNow(_("The performance is cancelled."), "cancelled")
    return performance


def _class(group: ClassGroup) -> ClassGroup:
    group = locked_class(group)
    if group.closed_on:
        raise NotAllowedNow(_("The class no longer exists: it was merged, split or taken away."), "closed")
    return group


def _parts(group: ClassGroup, performance: Performance, cohorts: Collection[int] | None, *, allowed: bool) -> list[Fragment]:
    """The grades that come. Those that the offer is not for only when an officer allows them, named."""
    fitting = fragments_for(group, performance.offer)
    if cohorts is None:
        if not fitting:
            raise NotAllowedNow(_("The offer is not for the grades of the class."), "grade")
        return fitting
    chosen = [part for part in group.fragments.all() if part.cohort in cohorts and part.live]
    if not chosen:
        raise NotAllowedNow(_("Choose at least one grade of the class."), "no_grade")
    if not allowed and any(part not in fitting for part in chosen):
        raise NotAllowedNow(_("The offer is not for that grade. Say why it may come all the same."), "grade")
    return chosen


def _insist_fits(group: ClassGroup, performance: Performance, *, allowed: bool) -> None:
    """Needs and days; an officer who says why may set them aside."""
    if group.year_id != performance.year_id:
        raise NotAllowedNow(_("The class and the performance are of different school years."), "year")
    if allowed:
        return
    if unmet_needs(group, performance):
        raise NotAllowedNow(_("The performance does not have the accessibility that the class needs."), "access")
    if is_blocked(group, performance.day):
        raise NotAllowedNow(_("The school has said that the day does not suit."), "blocked")


def _insist_new(group: ClassGroup, performance: Performance) -> None:
    """The same class twice at the same event, or in the same queue, is refused (case 44)."""
    theirs = Visit.objects.filter(class_group=group)
    if theirs.taking_seats().filter(offer=performance.offer_id).exists():
        raise NotAllowedNow(_("The class already goes to this, or has been there."), "same_event")
    if theirs.filter(performance=performance, status=VisitStatus.WAITING).exists():
        raise NotAllowedNow(_("The class is in the waiting list already."), "waiting")


def _insist_in_time(visit: Visit, at: datetime) -> None:
    """A school answers until its last day, and for a place that came later until the day before the visit."""
    last = visit.class_group.year.answer_by
    today = local_day(at)
    if visit.performance.starts_at <= at:
        raise NotAllowedNow(_("The performance has begun or is over."), "past")
    if last is not None and today > last and visit.source == VisitSource.PLAN:
        raise NotAllowedNow(_("The last day to answer has passed. Contact the municipality."), "late")


def _visit(
    group: ClassGroup,
    performance: Performance,
    parts: Sequence[Fragment],
    *,
    source: str,
    by: Any,
    at: datetime,
    pupils: int | None = None,
    adults: int | None = None,
) -> Visit:
    coming = sum(part.live for part in parts) if pupils is None else pupils
    grown = group.adults if adults is None else adults
    return Visit(
        class_group=group,
        performance=performance,
        offer=performance.offer,
        day=performance.day,
        source=source,
        pupils=coming,
        adults=grown,
        seats=coming + grown,
        made_at=at,
        made_by=by,
    )


def _save(visit: Visit, parts: Sequence[Fragment], performance: Performance) -> None:
    """Write a visit and its grades; what the database refuses becomes a sentence."""
    if visit.status != VisitStatus.WAITING:
        _insist_room(performance, visit)
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError as refused:
        raise _in_words(refused) from refused
    VisitPart.objects.bulk_create(
        VisitPart(
            visit=visit,
            fragment=part,
            pupils=part.live,
            off_grade=part.grade not in performance.offer.grades,
        )
        for part in parts
    )


def _in_words(refused: IntegrityError) -> NotAllowedNow:
    constraint = getattr(getattr(refused.__cause__, "diag", None), "constraint_name", "") or ""
    sentences = {
        "visit_once_per_event": (_("The class already goes to this, or has been there."), "same_event"),
        "visit_once_a_day": (_("The class goes to something else that day."), "same_day"),
        "visit_waits_once": (_("The class is in the waiting list already."), "waiting"),
    }
    if constraint in sentences:
        return NotAllowedNow(*sentences[constraint])
    if constraint.startswith("performance_"):
        return Full(0, 0)
    raise refused


def _insist_room(performance: Performance, visit: Visit) -> None:
    room = _room(performance, visit)
    if not room.fits:
        raise Full(room.seats_short, room.groups_short)


def _room(performance: Performance, visit: Visit) -> Any:
    return room_for(_capacity(performance), _taken(performance, without=visit.pk), _party(visit))


def _capacity(performance: Performance) -> Capacity:
    return Capacity(performance.seats, performance.groups)


def _taken(performance: Performance, without: int | None = None) -> list[Party]:
    rows = performance.visits.taking_seats().exclude(pk=without or 0).order_by("pk").values_list("pupils", "adults")
    return [Party(pupils, adults) for pupils, adults in rows]


def _party(visit: Visit) -> Party:
    return Party(visit.pupils, visit.adults)
