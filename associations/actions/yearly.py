"""The yearly facts: the association's word that what the register says still holds."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.dossier import locked, note
from associations.choices import YearStep
from associations.models import Association, YearlyConfirmation
from associations.permissions import may_change
from records.filing import NotAllowedNow
from records.values import local_day


@transaction.atomic
def confirm_step(association: Association, *, year: int, step: str, by: User, at: datetime) -> YearlyConfirmation:
    """Confirm one step of the year's facts as it stands now. Twice is once, with the later day."""
    association = locked(association)
    may_change(by, association, local_day(at)).or_refuse()
    if step == YearStep.MEMBERS and not association.member_figures.confirmed().filter(year=year).exists():
        raise NotAllowedNow(_("Fill in the number of members first."), "members")
    if step == YearStep.BOARD and not association.board.in_office(local_day(at)).exists():
        raise NotAllowedNow(_("Fill in the board first."), "board")
    confirmation = confirmed_in(association, year, step, by=by, at=at)
    note(association, "step_confirmed", at=at, by=by, changes={"step": [None, step], "year": [None, year]})
    return confirmation


def confirmed_in(association: Association, year: int, step: str, *, by: User, at: datetime) -> YearlyConfirmation:
    """The row itself, written or written again in one question; the caller holds the association's lock."""
    rows = YearlyConfirmation.objects.bulk_create(
        [YearlyConfirmation(association=association, year=year, step=step, at=at, by=by)],
        update_conflicts=True,
        unique_fields=["association", "year", "step"],
        update_fields=["at", "by"],
    )
    return rows[0]
