"""Members in figures."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.dossier import StalePage, locked, note
from associations.actions.yearly import confirmed_in
from associations.choices import YearStep
from associations.models import AgeBand, Association, MemberCount, MemberFigures
from associations.permissions import may_change
from records.filing import NotAllowedNow
from records.values import local_day

Cell = tuple[int, str, bool]  # age band id, sex, lives in the municipality


@transaction.atomic
def report_members(
    association: Association,
    *,
    year: int,
    counts: Mapping[Cell, int],
    active: int,
    as_of: date,
    by: User,
    at: datetime,
    version: int = 0,
    confirm: bool = True,
) -> MemberFigures:
    """Say how many members the association has. version: of the figures on the page, 0 when there were none; StalePage otherwise.

    confirm: the figures are this year's answer; without it they are kept as a draft.
    """
    association = locked(association)
    may_change(by, association, local_day(at)).or_refuse()
    figures = association.member_figures.filter(year=year).first()
    if (figures.version if figures else 0) != version:
        raise StalePage
    total = sum(counts.values())
    if active > total:
        raise NotAllowedNow(_("More members are active than there are members. Check the figures."), "active")
    if confirm and not total:
        raise NotAllowedNow(_("Fill in at least one figure before you confirm."), "empty")
    figures = figures or MemberFigures(association=association, year=year, version=0)
    figures.as_of, figures.active, figures.version = as_of, active, figures.version + 1
    figures.reported_at, figures.reported_by = at, by
    figures.confirmed_at, figures.confirmed_by = (at, by) if confirm else (None, None)
    figures.save()
    _write(figures, counts)
    if confirm:
        confirmed_in(association, year, YearStep.MEMBERS, by=by, at=at)
    note(
        association,
        "members_reported" if confirm else "members_drafted",
        at=at,
        by=by,
        changes={"year": [None, year], "members": [None, total]},
    )
    return figures


def _write(figures: MemberFigures, counts: Mapping[Cell, int]) -> None:
    """Make the cells be *counts*: one statement; cells that were and are no longer become 0."""
    cells = {**dict.fromkeys(figures.as_cells(), 0), **counts}
    MemberCount.objects.bulk_create(
        [
            MemberCount(figures=figures, age_band_id=band, sex=sex, lives_here=here, count=count)
            for (band, sex, here), count in cells.items()
        ],
        update_conflicts=True,
        unique_fields=["figures", "age_band", "sex", "lives_here"],
        update_fields=["count"],
    )


@transaction.atomic
def carry_over_members(association: Association, *, year: int, by: User, at: datetime) -> MemberFigures:
    """Start the year's figures, as a draft, from the newest earlier ones. NotAllowedNow when there are none or it is begun."""
    earlier = association.member_figures.filter(year__lt=year).order_by("-year").first()
    if earlier is None:
        raise NotAllowedNow(_("There are no figures from an earlier year."), "nothing")
    if association.member_figures.filter(year=year).exists():
        raise NotAllowedNow(_("This year's figures are already begun."), "begun")
    bands = set(AgeBand.objects.filter(in_use=True).values_list("pk", flat=True))
    counts = {cell: count for cell, count in earlier.as_cells().items() if cell[0] in bands}
    active = min(earlier.active, sum(counts.values()))
    return report_members(association, year=year, counts=counts, active=active, as_of=local_day(at), by=by, at=at, confirm=False)
