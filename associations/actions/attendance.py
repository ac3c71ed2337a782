"""Attendance cards: marks at a session, corrections, and what becomes of it all in the end."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.dossier import note
from associations.attending import marks_of, persons_of, session_of
from associations.choices import FileStatus, SessionKind
from associations.models import ActivityGroup, ActivitySession, Association, AttendanceImport, GroupPlace, Participant
from associations.models.activity import ActivitySessionQuerySet
from associations.permissions import may_mark
from associations.rules.attendance import Anonymous, Marks, anonymised, marked
from records.filing import NotAllowedNow
from records.values import local_day

OLDEST = timedelta(days=2 * 366)  # further back nobody marks by hand
MOST_NAMELESS = 200


@transaction.atomic
def mark(
    group: ActivityGroup,
    *,
    day: date,
    starts: time,
    minutes: int,
    changes: Mapping[int, str],
    by: User,
    at: datetime,
    first: Mapping[int, str] | None = None,
    disabled: Mapping[int, bool] | None = None,
    anonymous: Sequence[Anonymous] | None = None,
    kind: str = SessionKind.TRAINING,
) -> ActivitySession:
    """Mark who was there: the session is made the first time, and afterwards only the marks that are carried change.

    changes: person -> "present", "leader" or "away"; first: the whole card instead, used when the session is new: what is
    prefilled on one phone never undoes what was marked on another. Two leaders at once both have their way (A-55); the same marks
    sent twice change nothing, so a phone may send again what it does not know arrived. anonymous: people who are only numbers;
    None = as before. Raises NotAllowedNow: nobody, day, minutes, people. Locks the group.
    """
    group = ActivityGroup.objects.select_for_update(of=("self",)).select_related("association").get(pk=group.pk)
    may_mark(by, group.association, local_day(at)).or_refuse()
    _check_day(day, at)
    _check_people(group.association, {*changes, *(first or {}), *(disabled or {})})
    session = group.sessions.filter(day=day, starts=starts).order_by("pk").first()
    if session is None and first is not None:
        changes = first
    before = marks_of(session) if session else Marks()
    after = marked(before, changes, disabled)
    nameless = _nameless(session, anonymous)
    if session is None:
        if not (after.present or after.leaders or nameless):
            raise NotAllowedNow(_("Mark at least one person before you save."), "nobody")
        session = ActivitySession(association=group.association, group=group, day=day, starts=starts, kind=kind, version=0)
    elif (after, nameless, minutes) == (before, list(map(list, session.anonymous)), session.minutes):
        return session
    elif session.saved_at and local_day(session.saved_at) < local_day(at):
        _note_correction(session, before, after, by=by, at=at)
    session.minutes, session.anonymous = _length(minutes), nameless
    _write(session, after, by=by, at=at)
    return session


def _check_day(day: date, at: datetime) -> None:
    today = local_day(at)
    if day > today:
        raise NotAllowedNow(_("You can mark attendance from the day of the session on."), "day")
    if day < today - OLDEST:
        raise NotAllowedNow(_("The session is too long ago to be marked."), "day")


def _length(minutes: int) -> int:
    if not 1 <= minutes <= 1440:
        raise NotAllowedNow(_("A session lasts at least a minute and at most a day."), "minutes")
    return minutes


def _check_people(association: Association, people: set[int]) -> None:
    if people and association.participants.filter(pk__in=people).count() != len(people):
        raise NotAllowedNow(_("Somebody on the card does not belong to the association any more. Open the card again."), "people")


def _nameless(session: ActivitySession | None, anonymous: Sequence[Anonymous] | None) -> list[list[object]]:
    if anonymous is None:
        return [list(each) for each in session.anonymous] if session else []
    if sum(each.number for each in anonymous) > MOST_NAMELESS:
        raise NotAllowedNow(_("That is more people than can be right."), "people")
    return [list(each) for each in anonymous if each.number > 0]


def _write(session: ActivitySession, marks: Marks, *, by: User, at: datetime) -> None:
    session.present, session.leaders, session.disabled = sorted(marks.present), sorted(marks.leaders), sorted(marks.disabled)
    session.version += 1
    session.saved_at, session.saved_by = at, by
    session.save()


def _note_correction(session: ActivitySession, before: Marks, after: Marks, *, by: User, at: datetime) -> None:
    """A card that is changed on a later day leaves a line in the log: how many, never who."""
    changes = {
        "session": [None, f"{session.group} {session.day:%Y-%m-%d}"],
        "participations": [len(before.present), len(after.present)],
        "leaderships": [len(before.leaders), len(after.leaders)],
    }
    note(session.association, "session_corrected", at=at, by=by, changes=changes)


@transaction.atomic
def change_session(
    session: ActivitySession, *, day: date, starts: time, minutes: int, kind: str, by: User, at: datetime
) -> ActivitySession:
    """Another day, time, length or kind. Raises NotAllowedNow: taken (the group has a session then), day, minutes."""
    group = ActivityGroup.objects.select_for_update(of=("self",)).select_related("association__case").get(pk=session.group_id)
    may_mark(by, group.association, local_day(at)).or_refuse()
    _check_day(day, at)
    session = group.sessions.get(pk=session.pk)
    if group.sessions.filter(day=day, starts=starts).exclude(pk=session.pk).exists():
        raise NotAllowedNow(_("The group already has a session at that time."), "taken")
    was = f"{session.day:%Y-%m-%d} {session.starts:%H.%M}"
    session.day, session.starts, session.minutes, session.kind = day, starts, _length(minutes), kind
    changes = {"session": [was, f"{day:%Y-%m-%d} {starts:%H.%M}"]}
    note(group.association, "session_corrected", at=at, by=by, changes=changes)
    _write(session, marks_of(session), by=by, at=at)
    return session


@transaction.atomic
def remove_session(session: ActivitySession, *, reason: str, by: User, at: datetime) -> None:
    """Take away a session that was never held. A second call finds nothing to do."""
    group = ActivityGroup.objects.select_for_update(of=("self",)).select_related("association__case").get(pk=session.group_id)
    may_mark(by, group.association, local_day(at)).or_refuse()
    if not reason.strip():
        raise NotAllowedNow(_("Write why the session is taken away."), "reason")
    if ActivitySession.objects.filter(pk=session.pk).delete()[0]:
        changes = {"session": [f"{group} {session.day:%Y-%m-%d}", None]}
        note(group.association, "session_removed", at=at, by=by, reason=reason.strip(), changes=changes)


# what becomes of it ------------------------------------------------------------------------------------------------------


def count_old_attendance(older_than: datetime) -> int:
    return _with_names(older_than).count()


def forget_attendance(older_than: datetime, at: datetime) -> int:
    """Make sessions before *older_than* into numbers by birth year and sex, and forget people who are on no card any more.

    What is counted from them stays the same, except caps on a person. Files that nobody confirmed are dropped too. Returns how
    many sessions lost their names; harmless twice.
    """
    sessions = list(_with_names(older_than).select_related("group"))
    for association in {session.association_id for session in sessions}:
        persons = persons_of(association)
        for session in sessions:
            if session.association_id == association:
                session.anonymous = [list(each) for each in anonymised(session_of(session), persons)]
                session.present, session.leaders, session.disabled = [], [], []
    ActivitySession.objects.bulk_update(sessions, ["anonymous", "present", "leaders", "disabled"], batch_size=1_000)
    _forget_people({session.association_id for session in sessions})
    waiting = AttendanceImport.objects.filter(status=FileStatus.PREVIEWED, uploaded_at__lt=at - timedelta(days=7))
    waiting.update(status=FileStatus.DISCARDED, content=b"", report={})
    return len(sessions)


def _with_names(older_than: datetime) -> ActivitySessionQuerySet:
    sessions = ActivitySession.objects.filter(day__lt=local_day(older_than))
    return sessions.exclude(present__len=0, leaders__len=0)


_STILL_MARKED = """
SELECT DISTINCT unnest(present || leaders) FROM associations_activitysession WHERE association_id = ANY(%s)
"""


def _forget_people(associations: set[int]) -> None:
    """Delete people who stand on no card and at no session."""
    with connection.cursor() as cursor:
        cursor.execute(_STILL_MARKED, [list(associations)])
        marked_still = {row[0] for row in cursor.fetchall()}
    placed = set(GroupPlace.objects.filter(group__association__in=associations).values_list("participant", flat=True))
    everyone = set(Participant.objects.filter(association__in=associations).values_list("pk", flat=True))
    Participant.objects.filter(pk__in=everyone - placed - marked_still).delete()
