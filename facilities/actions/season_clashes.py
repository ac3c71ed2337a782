"""Days of a season's times that could not be booked: booked after all, or settled in another way; and codes from a day on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from associations.actions import dossier
from facilities.actions.ground import lock_ground
from facilities.actions.season_bookings import book_day
from facilities.choices import BookingStatus, TimeStatus
from facilities.models import Booking, SeasonClash, SeasonTime, Space
from facilities.permissions import may_keep_bookings, may_settle
from facilities.wording import subject_of
from records import filing
from records.refusals import NotAllowedNow
from records.values import opens_on


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of some days. left: those that still cannot be had, with what is in the way now."""

    booked: tuple[SeasonClash, ...]
    left: tuple[SeasonClash, ...]


@transaction.atomic
def book_clashes(clashes: Iterable[SeasonClash], *, by: Any, at: datetime) -> Settled:
    """Book days that are free now, in their series; the others stay open with what is in the way now. One letter a club.

    NotAllowedNow when one of them is settled already, or its time is no longer given.
    """
    rows = _locked(clashes, by=by)
    booked, left = [], []
    for row in rows:
        day = book_day(row.hold, row.day, by=by, at=at)
        if day.why:
            row.why, row.booking_id = day.why, day.booking
            row.save(update_fields=["why", "booking"])
            left.append(row)
            continue
        with translation.override(settings.LANGUAGE_CODE):
            row.note = gettext("Booked after all.")
        row.settled_at, row.settled_by = at, by
        row.save(update_fields=["settled_at", "settled_by", "note"])
        booked.append(row)
    _noted(booked, by=by, at=at)
    _tell(booked, "", at=at)
    return Settled(tuple(booked), tuple(left))


@transaction.atomic
def settle_clashes(clashes: Iterable[SeasonClash], *, note: str, by: Any, at: datetime) -> Settled:
    """Note how days were settled without a booking in their series: another hall, given up. One letter a club says so."""
    if not note.strip():
        raise NotAllowedNow(_("Say in a sentence how it is settled. The association reads it."), "no_note")
    rows = _locked(clashes, by=by)
    for row in rows:
        row.settled_at, row.settled_by, row.note = at, by, note.strip()[:300]
    SeasonClash.objects.bulk_update(rows, ["settled_at", "settled_by", "note"])
    _noted(rows, by=by, at=at)
    _tell(rows, note.strip(), at=at)
    return Settled((), ())


@transaction.atomic
def give_code_from(time: SeasonTime, code: str, *, since: date, by: Any, at: datetime) -> int:
    """Note the code that opens for a weekly time from a day on; days before it, and those that have begun, keep what they have.

    Empty: no code from that day on. How many bookings. The log does not hold the code.
    """
    may_keep_bookings(by).or_refuse()
    row = SeasonTime.objects.select_for_update(of=("self",)).get(pk=time.pk)
    coming = Booking.objects.filter(
        series__season_hold__time=row, status=BookingStatus.CONFIRMED, starts_at__gte=max(opens_on(since), at)
    )
    count = coming.update(access_code=code.strip()[:40])
    if not count:
        raise NotAllowedNow(_("No day of the time comes after that."), "none")
    filing.note(None, "facilities.season_code_given", by=by, at=at, changes={"time": [row.pk, row.pk], "bookings": [None, count]})
    return count


def _locked(clashes: Iterable[SeasonClash], *, by: Any) -> list[SeasonClash]:
    """The days as they are now: their ground first, then their rows."""
    keys = [each.pk for each in clashes]
    if not keys:
        raise NotAllowedNow(_("Choose at least one day."), "none")
    spaces = Space.objects.filter(pk__in=SeasonClash.objects.filter(pk__in=keys).values("hold__space"))
    lock_ground(*spaces)
    related = (
        "hold__time__association__category",
        "hold__time__section",
        "hold__time__season",
        "hold__space__venue",
        "hold__series",
    )
    rows = list(SeasonClash.objects.select_for_update(of=("self",)).select_related(*related).filter(pk__in=keys).order_by("pk"))
    if len(rows) != len(keys) or any(row.settled_at for row in rows):
        raise NotAllowedNow(_("Somebody has just settled one of the days. Look at the page again."), "settled")
    if any(row.hold.time.status != TimeStatus.STANDING for row in rows):
        raise NotAllowedNow(_("The time is given back or taken back."), "status")
    for row in {each.hold.time.association_id: each for each in rows}.values():
        may_settle(by, row).or_refuse()
    return rows


def _noted(rows: Sequence[SeasonClash], *, by: Any, at: datetime) -> None:
    if rows:
        days = [row.day.isoformat() for row in rows]
        case = rows[0].hold.time.season.case
        filing.note(case, "facilities.season_clash_settled", by=by, at=at, changes={"days": [None, days]})


def _tell(rows: Sequence[SeasonClash], note: str, *, at: datetime) -> None:
    """note empty: they are booked."""
    for association in {row.hold.time.association for row in rows}:
        own = sorted((row for row in rows if row.hold.time.association == association), key=lambda row: (row.day, row.pk))
        season = own[0].hold.time.season
        with translation.override(settings.LANGUAGE_CODE):
            subject = subject_of("season_clash", season.name)
        filing.post_letter(
            season.case,
            key=f"facilities.season_clash.{own[0].pk}",
            to=dossier.addresses(association, at=at),
            addressee=association.name,
            subject=subject,
            template="letters/facilities/season_clash.html",
            context={"season": season, "rows": own, "note": note, "site": settings.SITE_URL},
            at=at,
        )
