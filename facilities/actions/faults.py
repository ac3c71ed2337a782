"""Faults: reported, followed, answered; the space can be closed meanwhile."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.actions.letters import tell_reporter
from facilities.actions.photos import plain_photo
from facilities.actions.staff import close, open_again
from facilities.choices import FAULT_MOVES, BookingStatus, FaultStatus
from facilities.models import Booking, FaultNote, FaultReport, Space, Venue
from facilities.permissions import may_keep_bookings
from facilities.rules.spans import Span
from records import filing
from records.filetypes import IMAGES
from records.models import StoredFile
from records.refusals import NotAllowedNow

MOST_A_DAY = 10  # reports by one person who does not work here
PHOTO = "facilities-fault-photo"  # the kind of file, for retention


@transaction.atomic
def report_fault(
    venue: Venue,
    what: str,
    *,
    by: Any,
    at: datetime,
    space: Space | None = None,
    booking: Booking | None = None,
    is_danger: bool = False,
    upload: Any = None,
) -> FaultReport:
    """Tell the municipality that something is broken. upload: a photograph, drawn again without place and camera.

    FileRefused when the photograph cannot be read; NotAllowedNow when there is no text, or when somebody reports without end.
    """
    if not what.strip():
        raise NotAllowedNow(_("Say what is broken."), "no_text")
    if space is not None and space.venue_id != venue.pk:
        raise NotAllowedNow(_("Choose a space of the venue."), "space")
    today = FaultReport.objects.filter(reported_by=by, reported_at__gt=at - timedelta(days=1)).count()
    if today >= MOST_A_DAY and not may_keep_bookings(by):
        raise NotAllowedNow(_("You have reported many faults today. Telephone the municipality instead."), "too_many")
    photo = filing.store_file(plain_photo(upload), at=at, by=by, allowed=IMAGES, kind=PHOTO) if upload else None
    fault = FaultReport.objects.create(
        venue=venue,
        space=space,
        booking=booking,
        what=what.strip(),
        is_danger=is_danger,
        photo=photo,
        reported_by=by,
        reported_at=at,
    )
    FaultNote.objects.create(fault=fault, status=FaultStatus.OPEN, by=by, at=at)
    filing.note(None, "facilities.fault_reported", by=by, at=at, changes={"fault": [None, fault.pk]})
    return fault


@transaction.atomic
def follow_fault(fault: FaultReport, *, to: str, answer: str, by: Any, at: datetime) -> FaultReport:
    """Write what happens with a fault; to: its status afterwards, the same is allowed when there is something to say.

    The reporter gets the answer by letter, and one when it is mended. A space that was closed for the fault is opened when it is
    mended.
    """
    may_keep_bookings(by).or_refuse()
    fault = _locked(fault)
    answer = answer.strip()
    if to != fault.status and to not in FAULT_MOVES[fault.status]:
        raise NotAllowedNow(_("Somebody has followed the fault further meanwhile. Open the page again."), "moved_on")
    if to == fault.status and not answer:
        raise NotAllowedNow(_("Write something, or choose what has changed."), "nothing")
    before, fault.status = fault.status, to
    fault.done_at = at if to == FaultStatus.DONE else None
    fault.save(update_fields=["status", "done_at"])
    step = FaultNote.objects.create(fault=fault, status=to, text=answer, by=by, at=at)
    changes = {"fault": [fault.pk, fault.pk], "status": [before, to]}
    filing.note(None, "facilities.fault_followed", by=by, at=at, changes=changes)
    closure = fault.closure
    if to == FaultStatus.DONE and closure and closure.status == BookingStatus.CONFIRMED and closure.ends_at > at:
        open_again(closure, by=by, at=at)
    if by != fault.reported_by and (answer or to == FaultStatus.DONE):
        tell_reporter(fault, step, at=at)
    return fault


@transaction.atomic
def close_for_fault(
    fault: FaultReport, space: Space, span: Span, *, by: Any, at: datetime, seen: Collection[int] = ()
) -> list[Booking]:
    """Close the space while the fault is mended; the cancelled bookings. Raises Taken when something there was not *seen*."""
    fault = _locked(fault)
    if fault.status == FaultStatus.DONE:
        raise NotAllowedNow(_("The fault is mended already."), "done")
    if fault.closure and fault.closure.status == BookingStatus.CONFIRMED and fault.closure.ends_at > at:
        raise NotAllowedNow(_("The space is closed for this fault already."), "closed")
    reason = str(_("Something is broken: %(what)s") % {"what": fault.what})[:150]
    fault.closure, cancelled = close(space, span, reason=reason, by=by, at=at, cancelling=True, seen=seen)
    fault.save(update_fields=["closure"])
    return cancelled


def count_old_photos(older_than: datetime) -> int:
    return int(_old_photos(older_than).count())


def dispose_of_photos(older_than: datetime, at: datetime) -> int:
    """The bytes of photographs of faults that were mended long ago; what was reported and answered stays."""
    return filing.dispose_files(_old_photos(older_than), at=at)


def _old_photos(older_than: datetime) -> Any:
    mended = FaultReport.objects.filter(done_at__lt=older_than).exclude(photo=None).values("photo")
    return StoredFile.objects.filter(pk__in=mended, disposed_at=None)


def _locked(fault: FaultReport) -> FaultReport:
    related = ("venue", "space__venue", "reported_by", "closure__space")
    return FaultReport.objects.select_for_update(of=("self",)).select_related(*related).get(pk=fault.pk)
