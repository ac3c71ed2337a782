"""Real use against given time: what each season time was used for, the notice, its answer, and taking back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from associations.actions import dossier
from associations.models import ActivitySession
from facilities.actions.following import end_time
from facilities.actions.ground import locked
from facilities.choices import BookingStatus, TimeStatus, UseKind
from facilities.models import Booking, SeasonRound, SeasonTime, UseNotice
from facilities.permissions import may_book_for, may_keep_venues
from facilities.rules.season_use import DateUse, Use, UseLimits, date_use, use_of
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day

EARLY = timedelta(minutes=30)  # so long before a time begins a leader may check in


def use_of_times(times: Iterable[SeasonTime], *, at: datetime) -> dict[int, Use]:
    """time key -> what is known of its dates until now. Two queries, however many times.

    A date counts as used when staff or a leader noted arrival, or a session of the association overlaps it.
    """
    keys = [time.pk for time in times]
    rows = Booking.objects.filter(series__season_hold__time__in=keys, status=BookingStatus.CONFIRMED, ends_at__lte=at)
    rows = rows.select_related("series__season_hold").order_by("starts_at", "pk")
    found: dict[int, dict[date, DateUse]] = defaultdict(dict)
    bookings = list(rows)
    present = _sessions(bookings)
    for booking in bookings:
        if booking.series is None or booking.association_id is None:
            continue
        day = local_day(booking.starts_at)
        use = date_use(
            arrived=booking.arrived_at is not None,
            absent=booking.absent_at is not None,
            attendance=_overlaps(present.get((booking.association_id, day), ()), booking),
        )
        of_time = found[booking.series.season_hold.time_id]
        if day not in of_time or of_time[day] is not DateUse.USED:
            of_time[day] = use
    return {key: use_of(found[key].values()) for key in keys}


@transaction.atomic
def check_in(booking: Booking, *, by: Any, at: datetime) -> Booking:
    """A leader is there: from half an hour before the time begins until it ends. Harmless twice.

    A note by staff that nobody came stands; they take it back themselves.
    """
    booking = locked(booking)
    if booking.association is None or booking.kind not in (UseKind.SEASON, UseKind.BOOKING):
        raise NotAllowedNow(_("Only an association checks in."), "kind")
    may_book_for(by, booking.association, at).or_refuse()
    if booking.status != BookingStatus.CONFIRMED:
        raise NotAllowedNow(_("The booking no longer stands."), "not_booked")
    if booking.arrived_at or booking.absent_at:
        return booking
    if not is_time_to_check_in(booking, at):
        raise NotAllowedNow(_("You can check in from half an hour before the time begins until it ends."), "not_now")
    booking.arrived_at = at
    booking.save(update_fields=["arrived_at"])
    filing.note(None, "facilities.checked_in", by=by, at=at, changes={"booking": [booking.pk, booking.pk]})
    return booking


def is_time_to_check_in(booking: Booking, at: datetime) -> bool:
    """From half an hour before the time begins until it ends, and nobody has noted anything yet."""
    return booking.starts_at - EARLY <= at < booking.ends_at and booking.arrived_at is None and booking.absent_at is None


@transaction.atomic
def set_use_limits(season: SeasonRound, limits: UseLimits, *, by: Any, at: datetime) -> SeasonRound:
    """Say when a time of this season counts as used too little, and how long one has to answer. Notices that are sent stand."""
    may_keep_venues(by).or_refuse()
    row = SeasonRound.objects.select_for_update(of=("self",)).get(pk=season.pk)
    before = row.use_limits
    row.use_percent, row.use_dates, row.answer_days = limits.least_percent, limits.least_known, limits.answer_days
    row.use_is_example = False
    row.save(update_fields=["use_percent", "use_dates", "answer_days", "use_is_example"])
    changes = {"limits": [[*astuple(before)], [*astuple(limits)]], "season": [row.pk, row.pk]}
    filing.note(None, "facilities.use_limits_set", by=by, at=at, changes=changes)
    return row


@transaction.atomic
def send_notice(time: SeasonTime, reason: str, *, by: Any, at: datetime) -> UseNotice:
    """Tell the association that the time is used too little and may be taken back, and by when it answers."""
    may_keep_venues(by).or_refuse()
    time = _locked(time)
    if time.status != TimeStatus.STANDING:
        raise NotAllowedNow(_("The time is given back already."), "ended")
    if not reason.strip():
        raise NotAllowedNow(_("Say why, so that the association can answer."), "no_reason")
    use = use_of_times([time], at=at)[time.pk]
    try:
        with transaction.atomic():
            notice = UseNotice.objects.create(
                time=time,
                held=use.held,
                used=use.used,
                reason=reason.strip()[:1000],
                made_at=at,
                made_by=by,
                answer_by=local_day(at) + timedelta(days=time.season.answer_days),
            )
    except IntegrityError as there:
        raise NotAllowedNow(_("The association has a notice about this time already."), "there") from there
    changes = {"notice": [None, notice.pk], "time": [time.pk, time.pk]}
    filing.note(None, "facilities.use_notice_sent", by=by, at=at, reason=notice.reason, changes=changes)
    with translation.override(settings.LANGUAGE_CODE):
        subject = gettext("Your time may be taken back")
    _write("use_notice", notice, subject, at=at)
    return notice


@transaction.atomic
def answer_notice(notice: UseNotice, text: str, *, by: Any, at: datetime) -> UseNotice:
    """The association answers, or writes its answer again until the last day."""
    may_book_for(by, notice.time.association, at).or_refuse()
    row = _locked_notice(notice)
    if row.settled_at or local_day(at) > row.answer_by:
        raise NotAllowedNow(_("The last day to answer has passed."), "late")
    if not text.strip():
        raise NotAllowedNow(_("Write your answer."), "empty")
    row.answer, row.answered_at, row.answered_by = text.strip()[:2000], at, by
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    filing.note(None, "facilities.use_notice_answered", by=by, at=at, changes={"notice": [row.pk, row.pk]})
    return row


@transaction.atomic
def keep_after_notice(notice: UseNotice, grounds: str, *, by: Any, at: datetime) -> UseNotice:
    """The association keeps its time. Harmless twice."""
    row = _settling(notice, grounds, by=by, at=at)
    return row if row.settled_at else _settle(row, grounds, taken_back=False, by=by, at=at)


@transaction.atomic
def take_back(notice: UseNotice, grounds: str, *, since: date, by: Any, at: datetime) -> UseNotice:
    """Take the time back from a day on: it is offered to the next in order. Only after an answer, or its last day.

    Harmless twice. NotAllowedNow for an officer who acts for the association (conflict of interest).
    """
    row = _settling(notice, grounds, by=by, at=at)
    if row.settled_at:
        return row
    if row.answered_at is None and local_day(at) <= row.answer_by:
        raise NotAllowedNow(_("The association may still answer."), "may_answer")
    end_time(row.time, TimeStatus.TAKEN_BACK, since=since, by=by, at=at, reason=grounds)
    row.time.refresh_from_db(fields=["status", "ended_on"])  # the letter says from when
    return _settle(row, grounds, taken_back=True, by=by, at=at)


def notices_of(season: SeasonRound) -> dict[int, UseNotice]:
    """time key -> its latest notice. One query."""
    rows = UseNotice.objects.filter(time__season=season).order_by("made_at", "pk")
    return {row.time_id: row for row in rows}


def _settling(notice: UseNotice, grounds: str, *, by: Any, at: datetime) -> UseNotice:
    may_keep_venues(by).or_refuse()
    row = _locked_notice(notice)
    if may_book_for(by, row.time.association, at):
        raise NotAllowedNow(_("You act for this association yourself. A colleague has to answer."), "conflict")
    if not grounds.strip():
        raise NotAllowedNow(_("Say why."), "no_grounds")
    return row


def _settle(row: UseNotice, grounds: str, *, taken_back: bool, by: Any, at: datetime) -> UseNotice:
    row.settled_at, row.settled_by, row.taken_back, row.grounds = at, by, taken_back, grounds.strip()[:1000]
    row.save(update_fields=["settled_at", "settled_by", "taken_back", "grounds"])
    verb = "facilities.time_taken_back" if taken_back else "facilities.time_kept"
    filing.note(None, verb, by=by, at=at, reason=row.grounds, changes={"notice": [row.pk, row.pk]})
    with translation.override(settings.LANGUAGE_CODE):
        subject = gettext("Your time is taken back") if taken_back else gettext("You keep your time")
    _write("use_settled", row, subject, at=at)
    return row


def _write(letter: str, notice: UseNotice, subject: str, *, at: datetime) -> None:
    association = notice.time.association
    filing.post_letter(
        None,
        key=f"facilities.{letter}.{notice.pk}",
        to=dossier.addresses(association, at=at),
        addressee=association.name,
        subject=subject,
        template=f"letters/facilities/{letter}.html",
        context={"notice": notice, "time": notice.time, "site": settings.SITE_URL},
        at=at,
    )


def _sessions(bookings: Iterable[Booking]) -> dict[tuple[int, date], list[tuple[int, int]]]:
    """(association, local day) -> minutes from midnight of its sessions. One query."""
    rows = list(bookings)
    if not rows:
        return {}
    found: dict[tuple[int, date], list[tuple[int, int]]] = defaultdict(list)
    sessions = ActivitySession.objects.filter(
        association__in={row.association_id for row in rows if row.association_id},
        day__gte=local_day(rows[0].starts_at),
        day__lte=local_day(rows[-1].starts_at),
    )
    for association, day, starts, minutes in sessions.values_list("association", "day", "starts", "minutes"):
        begins = starts.hour * 60 + starts.minute
        found[association, day].append((begins, begins + minutes))
    return found


def _overlaps(sessions: Iterable[tuple[int, int]], booking: Booking) -> bool:
    starts, ends = localtime(booking.starts_at), localtime(booking.ends_at)
    begins = starts.hour * 60 + starts.minute
    until = begins + (ends - starts).seconds // 60
    return any(begun < until and begins < over for begun, over in sessions)


def _locked(time: SeasonTime) -> SeasonTime:
    return (
        SeasonTime.objects.select_for_update(of=("self",))
        .select_related("association", "section", "hall", "season")
        .get(pk=time.pk)
    )


def _locked_notice(notice: UseNotice) -> UseNotice:
    rows = UseNotice.objects.select_for_update(of=("self",))
    return rows.select_related("time__association", "time__section", "time__hall").get(pk=notice.pk)
