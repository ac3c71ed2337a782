"""What the municipality notes: criminal-record extracts shown, dialogue meetings attended, dispensations."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations import wording
from associations.actions.dossier import case_of, locked, note, post
from associations.models import Association, Attendance, DialogueMeeting, Dispensation, RecordCheck
from associations.permissions import may_change, may_handle, may_keep
from associations.rules.standing import may_be_dispensed
from associations.standing import requirements_on
from records.filing import NotAllowedNow
from records.values import Period, local_day, months_after


@transaction.atomic
def list_person(association: Association, *, person: str, role: str, by: User, at: datetime) -> RecordCheck:
    """Say that somebody meets children in the association, and has to show an extract. The same name again changes the role."""
    association = locked(association)
    may_change(by, association, local_day(at)).or_refuse()
    check = association.record_checks.running().filter(person__iexact=person).first()
    check = check or RecordCheck(association=association, person=person)
    check.role = role
    check.save()
    note(association, "person_listed", at=at, by=by, changes={"role": [None, role]})
    return check


@transaction.atomic
def note_record_check(check: RecordCheck, *, shown_on: date, by: User, at: datetime) -> RecordCheck:
    """Note that the person has shown an extract. Only that: never the paper, never what it said."""
    association, day = locked(check.association), local_day(at)
    may_handle(by, association, day).or_refuse()
    check = RecordCheck.objects.select_for_update().get(pk=check.pk)
    if shown_on > day:
        raise NotAllowedNow(_("The day cannot be in the future."), "future")
    if check.shown_on and shown_on < check.shown_on:
        raise NotAllowedNow(_("A later extract is already noted."), "older")
    check.shown_on, check.checked_by = shown_on, by
    check.next_due = months_after(shown_on, requirements_on(day).record_months)
    check.save()
    note(association, "record_check_noted", at=at, by=by, changes={"shown_on": [None, str(shown_on)]})
    return check


@transaction.atomic
def end_record_check(check: RecordCheck, *, by: User, at: datetime) -> RecordCheck:
    """The person no longer meets children in the association."""
    association = locked(check.association)
    may_change(by, association, local_day(at)).or_refuse()
    check = RecordCheck.objects.select_for_update().get(pk=check.pk)
    if check.ended_on is None:
        check.ended_on = local_day(at)
        check.save(update_fields=["ended_on"])
        note(association, "person_left", at=at, by=by)
    return check


@transaction.atomic
def call_dialogue_meeting(*, title: str, held_on: date, place: str = "", by: User, at: datetime) -> DialogueMeeting:
    """Set the day of a dialogue meeting."""
    may_keep(by).or_refuse()
    return DialogueMeeting.objects.create(title=title, held_on=held_on, place=place)


@transaction.atomic
def attend_dialogue(meeting: DialogueMeeting, *, associations: Iterable[Association], by: User, at: datetime) -> int:
    """Note which associations were present. Those already noted stay as they are; returns how many are new."""
    may_keep(by).or_refuse()
    if meeting.held_on > local_day(at):
        raise NotAllowedNow(_("The meeting has not been held yet."), "future")
    new = 0
    present = set(meeting.attendances.values_list("association_id", flat=True))
    for association in associations:
        if association.pk not in present:
            Attendance.objects.create(meeting=meeting, association=association, noted_at=at, noted_by=by)
            note(locked(association), "attended", at=at, by=by, changes={"meeting": [None, str(meeting.held_on)]})
            new += 1
    return new


@transaction.atomic
def correct_attendance(meeting: DialogueMeeting, *, association: Association, by: User, at: datetime) -> None:
    """The association was not present after all."""
    may_keep(by).or_refuse()
    gone, _rows = meeting.attendances.filter(association=association).delete()
    if gone:
        note(locked(association), "attendance_corrected", at=at, by=by, changes={"meeting": [str(meeting.held_on), None]})


@transaction.atomic
def grant_dispensation(
    association: Association, *, rule: str, since: date, until: date, reason: str, by: User, at: datetime
) -> Dispensation:
    """Let a requirement rest for a time. until: the first day without. The rules say which ones and how long (A-20)."""
    association, day = locked(association), local_day(at)
    may_handle(by, association, day).or_refuse()
    if not reason.strip():
        raise NotAllowedNow(_("Give the reason for the dispensation."), "reason")
    if until <= since:
        raise NotAllowedNow(_("The dispensation must end after it begins."), "period")
    if not (finding := may_be_dispensed(rule, Period(since, until), requirements_on(day))):
        raise NotAllowedNow(wording.sentence(finding), finding.code)
    if association.dispensations.filter(rule=rule, since__lt=until, until__gt=since).exists():
        raise NotAllowedNow(_("There is already a dispensation from this requirement during that time."), "overlap")
    dispensation = Dispensation.objects.create(
        association=association,
        rule=rule,
        since=since,
        until=until,
        reason=reason.strip(),
        decided_at=at,
        decided_by=by,
        case=case_of(association, at=at, by=by),
    )
    changes = {"requirement": [None, rule], "last_day": [None, str(until - timedelta(days=1))]}
    note(association, "dispensation_granted", at=at, by=by, reason=reason, changes=changes)
    post(
        association,
        "dispensation",
        key=str(dispensation.pk),
        subject="dispensation",
        at=at,
        context={"dispensation": dispensation, "requirement": wording.title(rule)},
    )
    return dispensation
