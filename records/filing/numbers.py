"""Numbers without gaps: of cases, and of what other rooms number."""

from django.db import transaction

from records.models import Series


@transaction.atomic
def next_number(series: str, year: int, *, how_many: int = 1) -> int:
    """The next number of a series and local year, from 1; the first of *how_many* that follow each other.

    The series row is locked until the caller's transaction ends, and a rollback gives the numbers back: take them last, and do
    slow work elsewhere. series: at most 10 characters.
    """
    Series.objects.bulk_create([Series(name=series, year=year)], ignore_conflicts=True)
    row = Series.objects.select_for_update().get(name=series, year=year)
    first = row.last_number + 1
    row.last_number += how_many
    row.save(update_fields=["last_number"])
    return first
