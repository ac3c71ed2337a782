"""What a school says about a visit: so many came, or nobody did. Said twice it is one; said differently it is a correction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from culture.actions.counting import touched
from culture.actions.ground import MOST_PUPILS, AskFirst, clean_words, insist_open, locked_visit, said_by, user_of
from culture.choices import LinkPurpose, VisitStatus
from culture.models import Attendance, AttendancePart, Visit
from culture.permissions import Speaker, may_speak_for
from records import filing
from records.refusals import NotAllowedNow

SAYABLE = (VisitStatus.BOOKED, VisitStatus.CONFIRMED, VisitStatus.MISSED)


@dataclass(frozen=True, slots=True)
class Said:
    """A confirmation. again: it had been said before, in the same numbers, so nothing was written (case 11)."""

    visit: Visit
    attendance: Attendance
    again: bool = False


@transaction.atomic
def confirm_visit(
    visit: Visit,
    pupils: int | Mapping[int, int],
    *,
    by: Speaker,
    at: datetime,
    adults: int | None = None,
    absent: int | None = None,
    guests: bool = False,
    remark: str = "",
    reason: str = "",
) -> Said:
    """So many pupils came: together, or per cohort. Raises AskFirst when that is more than the class has, unless *guests*.

    absent: how many of those enrolled were absent; stated, they can be caught up by a visit of their own. Other numbers than
    before are a correction: the earlier row stays, the figures follow (case 12).
    """
    visit = locked_visit(visit)
    year = visit.class_group.year
    may_speak_for(by, visit.class_group.school, LinkPurpose.CONFIRM, year=year, at=at, visit=visit).or_refuse()
    _insist_sayable(visit, at)
    split = dict(pupils) if isinstance(pupils, Mapping) else {}
    total = sum(split.values()) if split else int(pupils) if isinstance(pupils, int) else 0
    _insist_numbers(visit, total, split, adults, absent)
    if (latest := _latest(visit)) and visit.status == VisitStatus.CONFIRMED and _same(latest, total, split, adults, absent):
        return Said(visit, latest, again=True)
    insist_open(year, by, reason)
    surplus = _surplus(visit, total, split)
    if surplus and not guests:
        raise AskFirst(
            gettext_lazy("%(said)s came, but the class has %(has)s pupils. Were there guests, or is a number wrong?")
            % {"said": total, "has": total - surplus},
            "more_than_enrolled",
        )
    row = write_attendance(
        visit,
        pupils=total,
        split=split,
        adults=adults,
        absent=absent,
        surplus=surplus,
        remark=remark,
        reason=reason,
        by=by,
        at=at,
    )
    visit.status, visit.attended, visit.surplus = VisitStatus.CONFIRMED, total, surplus
    visit.save(update_fields=["status", "attended", "surplus"])
    touched([visit.class_group], year, by=by, at=at, reason=reason)
    return Said(visit, row)


@transaction.atomic
def miss_visit(visit: Visit, *, reason: str, by: Speaker, at: datetime) -> Said:
    """The class did not come, and why. It can be corrected later; the next plan owes the class a visit."""
    visit = locked_visit(visit)
    year = visit.class_group.year
    may_speak_for(by, visit.class_group.school, LinkPurpose.CONFIRM, year=year, at=at, visit=visit).or_refuse()
    _insist_sayable(visit, at)
    latest = _latest(visit)
    if visit.status == VisitStatus.MISSED and latest:
        return Said(visit, latest, again=True)
    insist_open(year, by, reason)
    if not reason.strip():
        raise NotAllowedNow(_("Say in a few words why the class did not come. Name nobody."), "no_reason")
    row = write_attendance(visit, pupils=0, missed=True, reason=reason, by=by, at=at)
    visit.status, visit.attended, visit.surplus = VisitStatus.MISSED, None, 0
    visit.save(update_fields=["status", "attended", "surplus"])
    touched([visit.class_group], year, by=by, at=at, reason=reason)
    return Said(visit, row)


def write_attendance(
    visit: Visit,
    *,
    pupils: int,
    by: Any,
    at: datetime,
    split: Mapping[int, int] | None = None,
    adults: int | None = None,
    absent: int | None = None,
    surplus: int = 0,
    missed: bool = False,
    remark: str = "",
    reason: str = "",
) -> Attendance:
    """The next row of what was said, and the log's line with old and new. Under the visit's lock."""
    latest = _latest(visit)
    reason = clean_words(reason)
    row = Attendance.objects.create(
        visit=visit,
        number=latest.number + 1 if latest else 1,
        pupils=pupils,
        adults=adults,
        absent=absent,
        surplus=surplus,
        missed=missed,
        remark=clean_words(remark),
        reason=reason,
        said_at=at,
        **said_by(by),
    )
    for part in visit.parts.all():
        came = (split or {}).get(part.fragment.cohort)
        if came is not None:
            AttendancePart.objects.create(attendance=row, fragment=part.fragment, pupils=came)
        part.attended = came
        part.save(update_fields=["attended"])
    changes: dict[str, Any] = {"visit": [visit.pk, visit.pk], "pupils": [latest.pupils if latest else None, pupils]}
    if row.link_id:
        changes["link"] = [None, row.link_id]
    verb = "culture.attendance_corrected" if latest else "culture.visit_missed" if missed else "culture.visit_confirmed"
    filing.note(None, verb, by=user_of(by), at=at, reason=reason, changes=changes)
    return row


def _latest(visit: Visit) -> Attendance | None:
    return visit.attendances.prefetch_related("parts__fragment").order_by("-number").first()


def _same(latest: Attendance, total: int, split: Mapping[int, int], adults: int | None, absent: int | None) -> bool:
    said = {part.fragment.cohort: part.pupils for part in latest.parts.all()}
    kept = (adults is None or adults == latest.adults) and (absent is None or absent == latest.absent)
    return kept and latest.pupils == total and (not split or said == dict(split))


def _surplus(visit: Visit, total: int, split: Mapping[int, int]) -> int:
    """How many more than the class has: by grade when it was divided, else of its grades together."""
    parts = list(visit.parts.all())
    has = {part.fragment.cohort: max(part.fragment.live, part.fragment.official or 0) for part in parts}
    if visit.catch_up_of_id and (absent := _absent_from(visit)) is not None:
        return max(0, total - absent)
    if split:
        return sum(max(0, came - has.get(cohort, 0)) for cohort, came in split.items())
    return max(0, total - sum(has.values()))


def _absent_from(visit: Visit) -> int | None:
    """How many a catch-up visit is for: those who were absent from the first one."""
    first = visit.catch_up_of
    if first is None or first.attended is None:
        return None
    latest = first.attendances.order_by("-number").first()
    if latest and latest.absent is not None:
        return latest.absent
    has = sum(max(part.fragment.live, part.fragment.official or 0) for part in first.parts.select_related("fragment"))
    return max(0, has - first.attended)


def _insist_sayable(visit: Visit, at: datetime) -> None:
    if visit.status == VisitStatus.CANCELLED:
        raise NotAllowedNow(_("The visit is cancelled."), "cancelled")
    if visit.status not in SAYABLE:
        raise NotAllowedNow(_("The visit is not booked."), "not_booked")
    if visit.performance.starts_at > at:
        raise NotAllowedNow(_("The visit has not taken place yet."), "not_begun")


def _insist_numbers(visit: Visit, total: int, split: Mapping[int, int], adults: int | None, absent: int | None) -> None:
    numbers = [total, adults or 0, absent or 0, *split.values()]
    if min(numbers) < 0 or max(numbers) > MOST_PUPILS:
        raise NotAllowedNow(_("Write how many pupils came, in figures."), "number")
    if total == 0:
        raise NotAllowedNow(_("If nobody came, say that the visit was missed, and why."), "nobody")
    cohorts = {part.fragment.cohort for part in visit.parts.all()}
    if split and set(split) != cohorts:
        raise NotAllowedNow(_("Write a number for each grade that the visit was for."), "grades")
