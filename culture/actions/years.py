"""School years: opened, given their dates, and measured on the measuring date."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from culture.actions.counting import recount_year
from culture.choices import CountKind, CountSource
from culture.models import Count, Fragment, SchoolYear
from culture.permissions import may_plan
from culture.rules.years import SchoolYear as Year
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day

TERMS = frozenset({"bus_seats", "buses_a_day", "bus_price", "repeat_price", "empty_seat_price"})


@transaction.atomic
def open_year(first: int, *, by: Any, at: datetime, **dates: date | None) -> SchoolYear:
    """Open a school year. dates: answer_by, list_by, locks_on, official_on (15 October unless said). Harmless twice."""
    if by is not None:
        may_plan(by).or_refuse()
    dates.setdefault("official_on", Year(first).measuring_day)
    year, made = SchoolYear.objects.get_or_create(first=first, defaults=dates)
    if made:
        filing.note(None, "culture.year_opened", by=by, at=at, changes={"year": [None, first]})
    return year


@transaction.atomic
def set_dates(year: SchoolYear, *, by: Any, at: datetime, **dates: date | None) -> SchoolYear:
    """Change the dates of a school year that is not locked."""
    may_plan(by).or_refuse()
    year = SchoolYear.objects.select_for_update().get(pk=year.pk)
    if year.locked_at:
        raise NotAllowedNow(_("The figures of the school year are locked."), "locked")
    changes = {name: [_text(getattr(year, name)), _text(day)] for name, day in dates.items() if getattr(year, name) != day}
    for name, day in dates.items():
        setattr(year, name, day)
    year.save()
    if changes:
        filing.note(None, "culture.year_dated", by=by, at=at, changes={"year": [year.first, year.first], **changes})
    return year


@transaction.atomic
def set_terms(year: SchoolYear, *, by: Any, at: datetime, **terms: int | None) -> SchoolYear:
    """Change what the next plan is weighed by: TERMS; buses_a_day None: any number.

    Whole kronor and numbers, not negative. A plan that is published stays as it is.
    """
    may_plan(by).or_refuse()
    if unknown := set(terms) - TERMS:
        raise ValueError(f"Not terms of a plan: {sorted(unknown)}")
    year = SchoolYear.objects.select_for_update().get(pk=year.pk)
    if year.locked_at:
        raise NotAllowedNow(_("The figures of the school year are locked."), "locked")
    changes = {name: [getattr(year, name), value] for name, value in terms.items() if getattr(year, name) != value}
    for name, value in terms.items():
        setattr(year, name, value)
    year.save(update_fields=sorted(changes))
    if changes:
        filing.note(None, "culture.year_weighed", by=by, at=at, changes={"year": [year.first, year.first], **changes})
    return year


@transaction.atomic
def measure(year: SchoolYear, *, at: datetime) -> int:
    """Take the pupils of the measuring date as the official ones, where no school or officer has stated them. Harmless twice.

    The latest count on or before that day is taken, else the pupils of today. Classes that began later have no official pupils.
    """
    if local_day(at) < year.official_on:
        return 0
    year = SchoolYear.objects.select_for_update().get(pk=year.pk)
    there = Q(class_group__opened_on=None) | Q(class_group__opened_on__lte=year.official_on)
    still = Q(class_group__closed_on=None) | Q(class_group__closed_on__gt=year.official_on)
    rows = list(Fragment.objects.filter(there, still, class_group__year=year, official=None).order_by("pk"))
    counted = dict(
        Count.objects.filter(fragment__in=rows, kind=CountKind.LIVE, day__lte=year.official_on)
        .order_by("fragment_id", "-day", "-pk")
        .distinct("fragment_id")
        .values_list("fragment", "pupils")
    )
    for row in rows:
        row.official = counted.get(row.pk, row.live)
    Fragment.objects.bulk_update(rows, ["official"], batch_size=1000)
    Count.objects.bulk_create(
        Count(
            fragment=row,
            kind=CountKind.OFFICIAL,
            day=year.official_on,
            pupils=row.official or 0,
            source=CountSource.SCHOOL,
            counted_at=at,
        )
        for row in rows
    )
    if rows:
        recount_year(year)
        filing.note(None, "culture.measured", at=at, changes={"year": [year.first, year.first], "grades": [None, len(rows)]})
    return len(rows)


def measure_due(*, at: datetime) -> int:
    """Measure the school years whose measuring date has come and that are not locked. Returns how many grades were counted."""
    years = SchoolYear.objects.filter(locked_at=None, official_on__lte=local_day(at)).order_by("first")
    return sum(measure(year, at=at) for year in years)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
