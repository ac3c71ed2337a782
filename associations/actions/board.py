"""The board."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.dossier import StalePage, locked, note
from associations.choices import REACHABLE_ROLES, BoardRole
from associations.models import Association, BoardMember
from associations.permissions import may_change
from records.filing import NotAllowedNow
from records.values import local_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One row of the board as somebody typed it. pk: of the row it changes, None for a new one. until: first day without."""

    name: str
    role: str
    since: date
    until: date | None = None
    sex: str = ""
    birth_year: int | None = None
    email: str = ""
    phone: str = ""
    pk: int | None = None


def fingerprint(board: Iterable[BoardMember]) -> str:
    """What the board looks like now; a page carries it so that an old page is noticed."""
    rows = sorted((row.pk, row.name, str(row.role), str(row.since), str(row.until), row.email, row.phone) for row in board)
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


@transaction.atomic
def set_board(association: Association, *, seats: Sequence[Seat], seen: str, by: User, at: datetime) -> list[BoardMember]:
    """Make the running board be *seats*: rows that are not among them end today. seen: fingerprint of the board on the page."""
    association, day = locked(association), local_day(at)
    may_change(by, association, day).or_refuse()
    running = {row.pk: row for row in association.board.not_over(day)}
    if fingerprint(running.values()) != seen:
        raise StalePage
    _check(seats, known=set(running))
    kept = {seat.pk for seat in seats if seat.pk}
    for pk in set(running) - kept:
        _end(running[pk], day)
    rows = []
    for seat in sorted(seats, key=_chairs_last):
        row = running[seat.pk] if seat.pk else BoardMember(association=association)
        for field in ("name", "role", "since", "until", "sex", "birth_year"):
            setattr(row, field, getattr(seat, field))
        row.email, row.phone = (seat.email, seat.phone) if seat.role in REACHABLE_ROLES else ("", "")
        row.save()
        rows.append(row)
    note(association, "board_set", at=at, by=by, changes={"board": [len(running), len(rows)]})
    return rows


def _chairs_last(seat: Seat) -> tuple[bool, date]:
    """The order of writing: whoever leaves the chair has left it before the next one takes it."""
    return seat.role == BoardRole.CHAIR, seat.since


def _end(row: BoardMember, day: date) -> None:
    if row.since < day:
        row.until = day
        row.save(update_fields=["until"])
    else:
        row.delete()  # never in office


def _check(seats: Sequence[Seat], *, known: set[int]) -> None:
    if any(seat.pk and seat.pk not in known for seat in seats):
        raise StalePage
    if any(seat.until and seat.until <= seat.since for seat in seats):
        raise NotAllowedNow(_("A term must end after it begins."), "term")
    chairs = [seat for seat in seats if seat.role == BoardRole.CHAIR]
    for first in chairs:
        for other in chairs:
            if first is not other and _overlap(first, other):
                raise NotAllowedNow(_("There can be only one chair at a time. Check the roles and the dates."), "two_chairs")


def _overlap(one: Seat, other: Seat) -> bool:
    return (other.until is None or one.since < other.until) and (one.until is None or other.since < one.until)
