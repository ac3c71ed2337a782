"""Classes that become others during the year: merged into one, or split. What they have seen comes along (cases 5 and 7)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from culture.actions.classes import add_class, count_row
from culture.actions.counting import touched
from culture.actions.ground import insist_open, locked_class, user_of
from culture.choices import CancelledBy, CountKind, CountSource, LinkPurpose, VisitStatus
from culture.models import ClassGroup, Fragment, Move, Performance, Visit
from culture.permissions import Speaker, may_speak_for
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day


@transaction.atomic
def merge_classes(
    groups: Sequence[ClassGroup], name: str, *, day: date, by: Speaker, at: datetime, reason: str = ""
) -> ClassGroup:
    """Make one class of several, from a local day. Their official figures and visits stay theirs; the new one carries them live.

    Visits they had ahead of them are cancelled and their classes come first in the next plan: the new class has another size.
    """
    _lock_ahead(groups)
    olds = [locked_class(group) for group in sorted(groups, key=lambda each: each.pk)]
    if len(olds) < 2:
        raise NotAllowedNow(_("Choose at least two classes."), "too_few")
    _insist(olds, by, at, reason)
    counts: dict[int, int] = {}
    for old in olds:
        for part in old.fragments.all():
            counts[part.cohort] = counts.get(part.cohort, 0) + part.live
    new = _new_class(olds[0], name, {cohort: pupils for cohort, pupils in counts.items() if pupils}, day, by, at, reason)
    for old in olds:
        _move(old, {new.pk: {part.cohort: part.live for part in old.fragments.all()}}, day, by, at)
    return _finish(olds, [new], "culture.classes_merged", day, by, at, reason)[0]


@transaction.atomic
def split_class(
    group: ClassGroup, into: Mapping[str, Mapping[int, int]], *, day: date, by: Speaker, at: datetime, reason: str = ""
) -> list[ClassGroup]:
    """Make several classes of one, from a local day. into: name -> pupils per cohort; together exactly the pupils there are."""
    _lock_ahead([group])
    old = locked_class(group)
    _insist([old], by, at, reason)
    if len(into) < 2:
        raise NotAllowedNow(_("Say which two classes it becomes."), "too_few")
    for part in old.fragments.all():
        if sum(counts.get(part.cohort, 0) for counts in into.values()) != part.live:
            raise NotAllowedNow(_("The new classes must together have as many pupils as the old one."), "sum")
    news = [
        _new_class(old, name, {cohort: pupils for cohort, pupils in counts.items() if pupils}, day, by, at, reason)
        for name, counts in into.items()
    ]
    _move(old, {new.pk: dict(counts) for new, counts in zip(news, into.values(), strict=True)}, day, by, at)
    return _finish([old], news, "culture.class_split", day, by, at, reason)


_OPEN = (VisitStatus.WAITING, VisitStatus.PLANNED, VisitStatus.BOOKED)


def _lock_ahead(groups: Sequence[ClassGroup]) -> None:
    """Performances before classes, as everybody takes the locks."""
    theirs = Visit.objects.filter(class_group__in=groups, status__in=_OPEN).values("performance")
    list(Performance.objects.select_for_update(of=("self",)).filter(pk__in=theirs).order_by("pk").values_list("pk"))


def _insist(olds: Sequence[ClassGroup], by: Speaker, at: datetime, reason: str) -> None:
    first = olds[0]
    may_speak_for(by, first.school, LinkPurpose.CLASSES, year=first.year, at=at).or_refuse()
    insist_open(first.year, by, reason)
    if len({(old.school_id, old.year_id) for old in olds}) != 1:
        raise NotAllowedNow(_("Classes of different schools or school years cannot be merged."), "different")
    if any(old.closed_on for old in olds):
        raise NotAllowedNow(_("The class no longer exists: it was merged, split or taken away."), "closed")


def _new_class(
    old: ClassGroup, name: str, counts: dict[int, int], day: date, by: Speaker, at: datetime, reason: str
) -> ClassGroup:
    facts = {each: getattr(old, each) for each in ("adults", "needs", "wheelchairs", "language", "is_adapted")}
    return add_class(
        old.school,
        old.year,
        name,
        counts,
        by=by,
        at=at,
        source=CountSource.CHANGE,
        opened_on=_first_day(old, day),
        reason=reason,
        **facts,
    )


def _first_day(old: ClassGroup, day: date) -> date:
    """Where the old class has official pupils the new one has none: they would be counted twice."""
    if any(part.official is not None for part in old.fragments.all()):
        return max(day, old.year.official_on + timedelta(days=1))
    return day


def _move(old: ClassGroup, into: dict[int, dict[int, int]], day: date, by: Speaker, at: datetime) -> None:
    """Note where the pupils of a class went; none are left in it."""
    targets = {(part.class_group_id, part.cohort): part for part in Fragment.objects.filter(class_group__in=into)}
    for part in old.fragments.all():
        for pk, counts in into.items():
            pupils = counts.get(part.cohort, 0)
            if pupils:
                Move.objects.create(
                    source=part,
                    target=targets[pk, part.cohort],
                    before=part.live,
                    pupils=pupils,
                    day=day,
                    noted_at=at,
                    by=user_of(by),
                )
    for part in old.fragments.all():
        count_row(part, CountKind.LIVE, 0, day, source=CountSource.CHANGE, by=by, at=at)
    old.closed_on = max(day, old.opened_on or day)
    old.save(update_fields=["closed_on"])


def _finish(
    olds: Sequence[ClassGroup], news: list[ClassGroup], verb: str, day: date, by: Speaker, at: datetime, reason: str
) -> list[ClassGroup]:
    ahead = Visit.objects.filter(
        class_group__in=olds,
        status__in=_OPEN,
        day__gte=max(day, local_day(at)),
    )
    for visit in ahead.order_by("performance_id", "pk"):
        visit.status, visit.cancelled_by, visit.priority = VisitStatus.CANCELLED, CancelledBy.MUNICIPALITY, True
        visit.cancel_reason = str(_("The class was merged or split."))
        visit.save(update_fields=["status", "cancelled_by", "priority", "cancel_reason"])
    changes = {"classes": [[old.pk for old in olds], [new.pk for new in news]]}
    filing.note(None, verb, by=user_of(by), at=at, reason=reason, changes=changes)
    touched([*olds, *news], olds[0].year, by=by, at=at, reason=reason)
    return news
