"""Who may do what with a space and a booking: yes, or no with the reason a person can read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from associations.choices import AssociationStatus
from associations.models import Association
from associations.permissions import speaks_for
from facilities.choices import HIRED, TAKES_SPACE, UseKind
from facilities.models import Booking, SeasonClash, SeasonComment, SeasonRound, WaitingEntry
from facilities.rules.terms import may_still_cancel
from records.refusals import YES, Answer, no
from records.values import local_day


def may_keep_bookings(user: Any) -> Answer:
    """Officers and venue staff. One query a request."""
    if user.has_perm("facilities.keep_bookings"):
        return YES
    return no(_("Only the municipality's staff may do this."))


def may_answer(user: Any, booking: Booking, at: datetime) -> Answer:
    """Whether this person may say yes or no to a request: staff, but nobody to their own association (conflict of interest)."""
    if not (answer := may_keep_bookings(user)):
        return answer
    if booking.association and speaks_for(user, booking.association, local_day(at)):
        return no(_("You act for this association yourself. A colleague has to answer."))
    return YES


# When venue staff need to know who a private hirer is: so long before a time, and so long after it.
AROUND_THE_DAY, AFTER_THE_DAY = timedelta(days=7), timedelta(days=2)


def may_read_all(user: Any) -> bool:
    """Whether this person reads bookings for the municipality; on the staff's own pages, which say what each of them is told."""
    return bool(user.has_perm("facilities.read_bookings"))


def reads_hirers(user: Any) -> bool:
    """Whether this reader is told the names of private persons who hire, whenever: officers and auditors, who bill and audit."""
    return bool(user.has_perm("facilities.read_bills"))


def sees_hirer(user: Any, booking: Booking, at: datetime) -> bool:
    """Whether this reader is told who the private hirer of a booking is. Associations are no secret.

    Venue staff sign in with one step, often on a telephone: they are told around the day only.
    """
    if reads_hirers(user):
        return True
    return bool(may_keep_bookings(user)) and booking.starts_at - AROUND_THE_DAY <= at < booking.ends_at + AFTER_THE_DAY


def may_read_code(user: Any, booking: Booking, at: datetime) -> bool:
    """Whether this reader is told the code or key: those who give it, venue staff around the day only."""
    return bool(may_keep_bookings(user)) and sees_hirer(user, booking, at)


def may_take_for(user: Any, kind: str) -> Answer:
    """Who takes a time for the municipality itself: those who keep bookings; for culture performances also who plans them."""
    if kind == UseKind.PERFORMANCE and user.has_perm("facilities.hold_for_culture"):
        return YES
    return may_keep_bookings(user)


def may_keep_venues(user: Any) -> Answer:
    return YES if user.has_perm("facilities.keep_venues") else no(_("Only an officer may do this."))


def may_answer_comment(user: Any, comment: SeasonComment, at: datetime) -> Answer:
    """Whether this person may answer what an association says of a proposal: officers, but nobody their own association."""
    if not (answer := may_keep_venues(user)):
        return answer
    if speaks_for(user, comment.association, local_day(at)):
        return no(_("You act for this association yourself. A colleague has to answer."))
    return YES


def may_decide_season(user: Any, season: SeasonRound) -> Answer:
    """Whether this person may decide a season, or undo that: an officer, but nobody with a part in it (conflict of interest)."""
    if not (answer := may_keep_venues(user)):
        return answer
    if Association.objects.with_link_to(user).filter(wish_lists__season=season).exists():
        return no(_("You act for an association that has wished, or sit on its board. A colleague has to decide."))
    return YES


def may_settle(user: Any, clash: SeasonClash) -> Answer:
    """Whether this person may settle a day that could not be booked: staff, but nobody for their own association."""
    if not (answer := may_keep_bookings(user)):
        return answer
    if Association.objects.with_link_to(user).filter(season_times__holds__clashes=clash).exists():
        return no(_("You act for this association yourself. A colleague has to answer."))
    return YES


def may_bill(user: Any) -> Answer:
    return YES if user.has_perm("facilities.bill") else no(_("Only an officer may do this."))


def may_book_for(user: Any, association: Association, at: datetime) -> Answer:
    """Whether this person may book for the association: anyone with a mandate, once it is registered. One query."""
    if association.status != AssociationStatus.REGISTERED:
        return no(_("The association has to be registered before it can book."))
    return speaks_for(user, association, local_day(at))


def may_change(user: Any, booking: Booking, at: datetime) -> Answer:
    """Whether this person may move, shorten or cancel the booking at all; the terms of the space come on top."""
    if booking.status not in TAKES_SPACE:
        return no(_("The booking no longer stands."))
    if may_keep_bookings(user):
        return YES
    if booking.kind not in HIRED:
        return may_take_for(user, booking.kind)
    if booking.starts_at <= at:
        return no(_("The time has already begun or passed."))
    if booking.association:
        return speaks_for(user, booking.association, local_day(at))
    return YES if booking.booked_by_id == user.pk else no(_("Only the one who booked may do this."))


def may_cancel(user: Any, booking: Booking, cancel_hours: int | None, at: datetime) -> Answer:
    """Whether this person may cancel now; staff may also when it is too late for the hirer."""
    if not (answer := may_change(user, booking, at)):
        return answer
    if may_take_for(user, booking.kind) or may_still_cancel(booking.starts_at, at, cancel_hours):
        return YES
    return no(_("It is too late to cancel here. Contact the municipality."))


def may_cancel_each(user: Any, bookings: Sequence[tuple[Booking, int | None]], at: datetime) -> list[Answer]:
    """As may_cancel for the times of one hirer, each with its space's cancel_hours. At most two queries, however many."""
    first = may_change(user, bookings[0][0], at)
    late = no(_("It is too late to cancel here. Contact the municipality."))
    keeps = bool(may_keep_bookings(user))
    in_time = (keeps or may_still_cancel(booking.starts_at, at, hours) for booking, hours in bookings)
    return [first if not first else YES if fine else late for fine in in_time]


def may_answer_offer(user: Any, entry: WaitingEntry, at: datetime) -> Answer:
    """Whether this person may take or leave what is offered to the association."""
    return may_book_for(user, entry.association, at)


def may_answer_for(user: Any, booking: Booking, at: datetime) -> Answer:
    """Whether this person may answer for whoever has the booking, also when it can no longer be changed."""
    if may_keep_bookings(user):
        return YES
    if booking.association:
        return speaks_for(user, booking.association, local_day(at))
    return YES if booking.booked_by_id == user.pk else no(_("Only the one who booked may do this."))
