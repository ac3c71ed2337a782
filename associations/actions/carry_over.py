"""Everything as last year, with one press."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from associations.actions.dossier import locked
from associations.actions.members import carry_over_members
from associations.actions.yearly import confirm_step
from associations.choices import YearStep
from associations.models import Association
from associations.permissions import may_change
from records.values import local_day


@transaction.atomic
def carry_over_year(association: Association, *, year: int, by: User, at: datetime) -> list[str]:
    """Confirm the steps that stand unchanged and are complete; begin the members from last year's figures, as a draft.

    Returns the steps that were done now. Documents and a missing account cannot be carried over.
    """
    association, day = locked(association), local_day(at)
    may_change(by, association, day).or_refuse()
    confirmed = set(association.confirmations.filter(year=year).values_list("step", flat=True))
    complete = {
        YearStep.CONTACT: bool(association.email),
        YearStep.BOARD: association.board.in_office(day).exists(),
        YearStep.RECORD_CHECKS: association.meets_children is False or association.record_checks.running().exists(),
    }
    done: list[str] = []
    for step, ready in complete.items():
        if ready and step not in confirmed:
            confirm_step(association, year=year, step=step, by=by, at=at)
            done.append(step)
    begun = association.member_figures.filter(year=year).exists()
    if not begun and association.member_figures.filter(year__lt=year).exists():
        carry_over_members(association, year=year, by=by, at=at)
        done.append(YearStep.MEMBERS)
    return done
