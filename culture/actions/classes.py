"""Classes: added, counted, named, closed, carried over to the next year; the list confirmed by the school each autumn."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from culture.actions.counting import touched
from culture.actions.ground import MOST_PUPILS, clean_words, insist_open, locked_class, locked_school, said_by, user_of
from culture.choices import CountKind, CountSource, LinkPurpose
from culture.models import BlockedDays, ClassGroup, Count, Fragment, ListConfirmation, School, SchoolYear
from culture.permissions import Speaker, may_plan, may_speak_for
from culture.rules.class_names import class_key, next_name
from culture.rules.years import LAST_INDEX
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day

FACTS = frozenset({"adults", "needs", "wheelchairs", "language", "is_adapted"})


@transaction.atomic
def add_class(
    school: School,
    year: SchoolYear,
    name: str,
    counts: Mapping[int, int],
    *,
    by: Speaker | None,
    at: datetime,
    official: Mapping[int, int] | None = None,
    source: str = CountSource.SCHOOL,
    opened_on: date | None = None,
    reason: str = "",
    **facts: Any,
) -> ClassGroup:
    """A class with pupils per cohort (the autumn they began school). official: those of the measuring date, when known.

    opened_on: since when it exists; from the beginning of the year unless said. facts: adults, needs, wheelchairs, language,
    is_adapted. "5 a" when there is a "5A" is the same class: refused (case 44).
    """
    if by is not None:
        may_speak_for(by, school, LinkPurpose.CLASSES, year=year, at=at).or_refuse()
        insist_open(year, by, reason)
    school = locked_school(school)
    name, key = _named(name)
    _insist_free(school, year, key)
    group = ClassGroup.objects.create(
        school=school, year=year, name=name, key=key, opened_on=opened_on or year.starts_on, **_facts(facts)
    )
    _insist_cohorts(year, {*counts, *(official or {})})
    for cohort in sorted({*counts, *(official or {})}, reverse=True):
        fragment = Fragment.objects.create(class_group=group, cohort=cohort, grade=year.first - cohort)
        _count(fragment, CountKind.LIVE, counts.get(cohort, 0), local_day(at), source=source, by=by, at=at)
        if official is not None:
            _count(fragment, CountKind.OFFICIAL, official.get(cohort, 0), year.official_on, source=source, by=by, at=at)
    changes = {"school": [school.pk, school.pk], "class": [None, group.pk], "pupils": [None, sum(counts.values())]}
    filing.note(None, "culture.class_added", by=user_of(by), at=at, reason=reason, changes=changes)
    _join_to_last_year(group, {*counts, *(official or {})})
    touched([group], year, by=by, at=at, reason=reason)
    return group


@transaction.atomic
def count_class(
    group: ClassGroup,
    counts: Mapping[int, int],
    *,
    by: Speaker | None,
    at: datetime,
    kind: str = CountKind.LIVE,
    day: date | None = None,
    source: str = CountSource.SCHOOL,
    reason: str = "",
) -> ClassGroup:
    """Say how many pupils there are, per cohort: today's, or those of the measuring date. Cohorts not named stay as they are.

    Official figures that were stated before are changed only by an officer, with a reason: the guarantee is counted on them.
    """
    group = locked_class(group)
    if by is not None:
        may_speak_for(by, group.school, LinkPurpose.CLASSES, year=group.year, at=at).or_refuse()
        insist_open(group.year, by, reason)
    _insist_running(group)
    _insist_cohorts(group.year, set(counts))
    known = {part.cohort: part for part in group.fragments.all()}
    changes: dict[str, list[int | None]] = {}
    for cohort, pupils in sorted(counts.items(), reverse=True):
        part = known.get(cohort) or Fragment.objects.create(class_group=group, cohort=cohort, grade=group.year.first - cohort)
        before = part.official if kind == CountKind.OFFICIAL else part.live
        if before == pupils and cohort in known:
            continue
        if kind == CountKind.OFFICIAL and before is not None:
            _insist_correction(by, reason)
        on = group.year.official_on if kind == CountKind.OFFICIAL else day or local_day(at)
        _count(part, kind, pupils, on, source=source, by=by, at=at)
        changes[str(cohort)] = [before, pupils]
    if changes:
        facts = {"class": [group.pk, group.pk], "kind": [None, kind], **changes}
        filing.note(None, "culture.class_counted", by=user_of(by), at=at, reason=reason, changes=facts)
        touched([group], group.year, by=by, at=at, reason=reason)
    return group


@transaction.atomic
def change_class(group: ClassGroup, *, by: Speaker, at: datetime, name: str = "", **facts: Any) -> ClassGroup:
    """Give a class another name, or say what it needs: of the class as a whole, never of a pupil."""
    group = locked_class(group)
    may_speak_for(by, group.school, LinkPurpose.CLASSES, year=group.year, at=at).or_refuse()
    _insist_running(group)
    if name:
        name, key = _named(name)
        if key != group.key:
            _insist_free(group.school, group.year, key)
        facts |= {"name": name, "key": key}
    changed = sorted(each for each, value in _facts(facts, {"name", "key"}).items() if getattr(group, each) != value)
    for each in changed:
        setattr(group, each, facts[each])
    group.save(update_fields=changed)
    if changed:
        changes = {"class": [group.pk, group.pk], "fields": [None, changed]}
        filing.note(None, "culture.class_changed", by=user_of(by), at=at, changes=changes)
    return group


@transaction.atomic
def remove_class(group: ClassGroup, *, reason: str, by: Speaker, at: datetime) -> ClassGroup:
    """Take away a class that was entered by mistake: it has no pupils any more, officially either. One with visits stays."""
    group = locked_class(group)
    may_speak_for(by, group.school, LinkPurpose.CLASSES, year=group.year, at=at).or_refuse()
    insist_open(group.year, by, reason)
    _insist_running(group)
    if group.visits.taking_seats().exists():
        raise NotAllowedNow(_("The class has visits. Cancel them first, or merge it with another class."), "visits")
    if any(part.official for part in group.fragments.all()):
        _insist_correction(by, reason)
    for part in group.fragments.all():
        for kind in CountKind.values:
            if part.live if kind == CountKind.LIVE else part.official:
                _count(part, kind, 0, local_day(at), source=CountSource.SCHOOL, by=by, at=at)
    group.closed_on = max(local_day(at), group.opened_on or local_day(at))
    group.save(update_fields=["closed_on"])
    reason = clean_words(reason)
    filing.note(None, "culture.class_removed", by=user_of(by), at=at, reason=reason, changes={"class": [group.pk, None]})
    touched([group], group.year, by=by, at=at, reason=reason)
    return group


@transaction.atomic
def confirm_list(school: School, year: SchoolYear, *, by: Speaker, at: datetime) -> ListConfirmation:
    """The school says that its list of classes is right. Said twice without changes between: one confirmation."""
    may_speak_for(by, school, LinkPurpose.CLASSES, year=year, at=at).or_refuse()
    school = locked_school(school)
    groups = list(ClassGroup.objects.filter(school=school, year=year).running().with_counts())
    if not groups:
        raise NotAllowedNow(_("There are no classes in the list. Add the school's classes first."), "empty")
    pupils = sum(group.pupils for group in groups)
    latest = ListConfirmation.objects.filter(school=school, year=year).first()
    if latest and (latest.classes, latest.pupils) == (len(groups), pupils):
        return latest
    row = ListConfirmation.objects.create(
        school=school, year=year, classes=len(groups), pupils=pupils, confirmed_at=at, **said_by(by)
    )
    changes = {"school": [school.pk, school.pk], "year": [None, year.first], "pupils": [None, pupils]}
    filing.note(None, "culture.list_confirmed", by=user_of(by), at=at, changes=changes)
    return row


@transaction.atomic
def block_days(
    school: School,
    first: date,
    last: date,
    *,
    year: SchoolYear,
    by: Speaker,
    at: datetime,
    group: ClassGroup | None = None,
    reason: str = "",
) -> BlockedDays:
    """Say on which days (last included) the school, or one of its classes, cannot come. The next plan leaves them out."""
    may_speak_for(by, school, LinkPurpose.ANSWER, year=year, at=at).or_refuse()
    if last < first:
        raise NotAllowedNow(_("The last day comes before the first."), "backwards")
    if group is not None and group.school_id != school.pk:
        raise NotAllowedNow(_("The class is not of this school."), "class")
    row = BlockedDays.objects.create(
        school=school, class_group=group, first=first, last=last, reason=clean_words(reason, 150), said_at=at, by=user_of(by)
    )
    changes = {"school": [school.pk, school.pk], "days": [None, [first.isoformat(), last.isoformat()]]}
    filing.note(None, "culture.days_blocked", by=user_of(by), at=at, changes=changes)
    return row


@transaction.atomic
def unblock_days(row: BlockedDays, *, year: SchoolYear, by: Speaker, at: datetime) -> None:
    """The days suit after all."""
    may_speak_for(by, row.school, LinkPurpose.ANSWER, year=year, at=at).or_refuse()
    changes = {"school": [row.school_id, row.school_id], "days": [[row.first.isoformat(), row.last.isoformat()], None]}
    filing.note(None, "culture.days_unblocked", by=user_of(by), at=at, changes=changes)
    row.delete()


@transaction.atomic
def carry_over(school: School, before: SchoolYear, year: SchoolYear, *, by: Any, at: datetime) -> list[ClassGroup]:
    """Next year's classes as a proposal: last year's, one year older, under their next names. Those there already stay.

    A school that came after a closed one takes over its classes too. Pupils who have done their last year leave the list; the
    school corrects the rest when it confirms the list.
    """
    if by is not None:
        may_plan(by).or_refuse()
    school = locked_school(school)
    there = set(ClassGroup.objects.filter(school=school, year=year).values_list("key", flat=True))
    made = []
    theirs = ClassGroup.objects.filter(school__in=_line_of(school), year=before)
    for old in theirs.running().with_counts().order_by("school_id", "key"):
        top = max(school.grades or [LAST_INDEX])
        counts = {part.cohort: part.live for part in old.fragments.all() if part.live and year.first - part.cohort <= top}
        name = next_name(old.name)
        if not counts or class_key(name) in there:
            continue
        facts = {each: getattr(old, each) for each in FACTS}
        group = add_class(school, year, name, counts, by=by, at=at, source=CountSource.CHANGE, **facts)
        if group.previous_id != old.pk:
            group.previous = old
            group.save(update_fields=["previous"])
        there.add(group.key)
        made.append(group)
    return made


def _join_to_last_year(group: ClassGroup, cohorts: set[int]) -> None:
    """Find the class that the same pupils were last year, by name and grade, so that what they have met comes along.

    Also at a closed school that this one came after (case 36). None when no class fits: nothing is guessed.
    """
    last_year = ClassGroup.objects.filter(
        school__in=_line_of(group.school), year__first=group.year.first - 1, fragments__cohort__in=cohorts, following=None
    )
    for old in last_year.distinct().order_by("school_id", "key"):
        if class_key(next_name(old.name)) == group.key:
            group.previous = old
            group.save(update_fields=["previous"])
            return


def _line_of(school: School) -> list[int]:
    """The school, and the closed ones that went on as it, over however many steps."""
    line, ask = [school.pk], [school.pk]
    while ask:
        ask = list(School.objects.filter(successor__in=ask).exclude(pk__in=line).order_by("pk").values_list("pk", flat=True))
        line += ask
    return line


def count_row(part: Fragment, kind: str, pupils: int, day: date, *, source: str, by: Speaker | None, at: datetime) -> None:
    """One dated count; the number in force on the grade follows. For the other actions of the room."""
    _count(part, kind, pupils, day, source=source, by=by, at=at)


def _count(part: Fragment, kind: str, pupils: int, day: date, *, source: str, by: Speaker | None, at: datetime) -> None:
    if not 0 <= pupils <= MOST_PUPILS:
        raise NotAllowedNow(_("A class cannot have that many pupils."), "pupils")
    Count.objects.create(fragment=part, kind=kind, day=day, pupils=pupils, source=source, counted_at=at, by=user_of(by))
    if kind == CountKind.OFFICIAL:
        part.official = pupils
    else:
        part.live = pupils
    part.save(update_fields=["official", "live"])


def _named(name: str) -> tuple[str, str]:
    name = " ".join(clean_words(name, 40).split())
    try:
        return name, class_key(name)
    except ValueError:
        raise NotAllowedNow(_("Write the name of the class, for example 5A."), "name") from None


def _insist_free(school: School, year: SchoolYear, key: str) -> None:
    there = ClassGroup.objects.filter(school=school, year=year, key=key).first()
    if there:
        raise NotAllowedNow(_("The school has the class %(name)s already.") % {"name": there.name}, "same_class")


def _insist_running(group: ClassGroup) -> None:
    if group.closed_on:
        raise NotAllowedNow(_("The class no longer exists: it was merged, split or taken away."), "closed")


def _insist_cohorts(year: SchoolYear, cohorts: set[int]) -> None:
    if not cohorts:
        raise NotAllowedNow(_("Say how many pupils there are in at least one grade."), "no_grade")
    if outside := sorted(cohort for cohort in cohorts if not 0 <= year.first - cohort <= LAST_INDEX):
        sentence = ngettext_lazy(
            "A grade is not in compulsory school that year.", "Some grades are not in compulsory school that year.", len(outside)
        )
        raise NotAllowedNow(sentence, "grade")


def _insist_correction(by: Speaker | None, reason: str) -> None:
    """What is official is corrected by an officer, who says why; a file or the clock does not correct it."""
    if by is None or not may_plan(by) or not reason.strip():
        raise NotAllowedNow(
            _("The figures of the measuring date are fixed. An officer can correct them, with a reason."), "official"
        )


def _facts(facts: dict[str, Any], more: set[str] | None = None) -> dict[str, Any]:
    if unknown := set(facts) - FACTS - (more or set()):
        raise ValueError(f"Not facts of a class: {sorted(unknown)}")
    return facts
