"""What the start page asks of those who hire, and what it tells them: offers, swaps, held times, and the week that comes."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from associations.models import Association
from facilities.choices import BookingStatus, TimeOfferStatus, UseKind, WaitingStatus
from facilities.models import Booking, SwapProposal, TimeOffer, UseNotice, WaitingEntry
from facilities.views.words import clock, day_words, span_words
from records import registry
from records.registry import Card, Task
from records.values import local_day

AHEAD, SHOWN = timedelta(days=7), 5


def register() -> None:
    """Called once, by AppConfig.ready."""
    registry.tasks.append(tasks)
    registry.cards.append(cards)


def tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """What is asked of the association one acts for: offers, swaps and notices to answer, times held and not
    booked. Six queries."""
    if not hat or hat.kind != "association":
        return []
    association = Association.objects.spoken_for_by(user).filter(pk=hat.key).first()
    if association is None:
        return []
    waiting = [*_offers(association, at), *_holds(user, association, at), *_swaps(association, at)]
    return [*waiting, *_season_offers(association, at), *_notices(association, at)]


def _offers(association: Association, at: datetime) -> list[Task]:
    rows = WaitingEntry.objects.filter(association=association, status=WaitingStatus.OFFERED, offered_until__gt=at)
    return [
        Task(
            title=_("Answer the offer: %(space)s") % {"space": row.space},
            why=_("%(when)s has come free. It is kept for you until %(day)s at %(clock)s.")
            % {
                "when": capfirst(_when(row.span)),
                "day": day_words(local_day(row.offered_until or at)),
                "clock": clock(row.offered_until or at),
            },
            url=reverse("facilities:waiting_offer", args=[row.pk]),
            button=_("Look and answer"),
            due=local_day(row.offered_until or at),
            urgent=True,
        )
        for row in rows.select_related("space__venue").order_by("offered_until")
    ]


def _season_offers(association: Association, at: datetime) -> list[Task]:
    rows = TimeOffer.objects.filter(section__wishes__association=association, status=TimeOfferStatus.OFFERED, open_until__gt=at)
    return [
        Task(
            title=_("A time has come free for %(group)s") % {"group": row.section},
            why=_("%(hall)s. It is kept for you until %(day)s at %(clock)s.")
            % {"hall": row.time.hall, "day": day_words(local_day(row.open_until)), "clock": clock(row.open_until)},
            url=reverse("facilities:season_offer", args=[row.pk]),
            button=_("Look and answer"),
            due=local_day(row.open_until),
        )
        for row in rows.select_related("section", "time__hall__venue").order_by("open_until")
    ]


def _notices(association: Association, at: datetime) -> list[Task]:
    rows = UseNotice.objects.open().filter(time__association=association, answered_at=None, answer_by__gte=local_day(at))
    return [
        Task(
            title=_("A season time is used too little"),
            why=_("Answer, or give the time back. Otherwise it may be taken back."),
            url=reverse("facilities:season_notice", args=[row.pk]),
            button=_("Read and answer"),
            due=row.answer_by,
        )
        for row in rows.order_by("answer_by", "pk")
    ]


def _holds(user: Any, association: Association, at: datetime) -> list[Task]:
    """Times that this person holds while the form is filled; an offer is a hold too, and stands above."""
    rows = Booking.objects.filter(association=association, booked_by=user, status=BookingStatus.HELD, held_until__gt=at)
    rows = rows.filter(kind=UseKind.BOOKING)
    return [
        Task(
            title=_("Go on with the booking: %(space)s") % {"space": row.space},
            why=_("%(when)s is held for you until %(clock)s.")
            % {"when": capfirst(_when(row.span)), "clock": clock(row.held_until or at)},
            url=reverse("facilities:booking_fill", args=[row.pk]),
            button=_("Go on"),
            urgent=True,
        )
        for row in rows.filter(waited_for=None).select_related("space__venue").order_by("held_until")
    ]


def _swaps(association: Association, at: datetime) -> list[Task]:
    rows = SwapProposal.objects.open_at(at).filter(theirs__association=association).with_both()
    return [
        Task(
            title=_("Answer: %(name)s wants to swap times") % {"name": row.ours.association},
            why=_("Your %(theirs)s for their %(ours)s.") % {"theirs": _when(row.theirs.span), "ours": _when(row.ours.span)},
            url=reverse("facilities:swap", args=[row.pk]),
            button=_("Look and answer"),
            due=local_day(row.open_until),
        )
        for row in rows.order_by("open_until")
        if row.is_as_proposed
    ]


def cards(user: Any, hat: Any, at: datetime) -> list[Card]:
    """The association's bookings of the next seven days. Two queries."""
    if not hat or hat.kind != "association":
        return []
    association = Association.objects.spoken_for_by(user).filter(pk=hat.key).first()
    if association is None:
        return []
    coming = Booking.objects.filter(
        association=association,
        status__in=(BookingStatus.CONFIRMED, BookingStatus.REQUESTED),
        ends_at__gt=at,
        starts_at__lt=at + AHEAD,
    )
    rows = list(coming.select_related("space__venue").order_by("starts_at", "pk")[: SHOWN + 1])
    if not rows:
        return []
    lines = [f"{capfirst(_when(row.span))}: {row.space}{_waits(row)}." for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines.append(_("And more."))
    return [Card(_("Your times the next seven days"), tuple(lines), reverse("facilities:booking_list"), _("All our bookings"))]


def _waits(row: Booking) -> str:
    return f" ({_('waiting for an answer')})" if row.status == BookingStatus.REQUESTED else ""


def _when(span: Any) -> str:
    return f"{day_words(local_day(span.starts))} {span_words(span)}"
