"""The stored figures: written again in the transaction of what they rest on, and sealed in versions once the year is locked."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext_lazy as _

from culture import matrix, standing
from culture.actions.ground import clean_words, insist_open, is_locked, user_of
from culture.models import (
    ClassCoverage,
    ClassGroup,
    CoverageLine,
    CoverageVersion,
    FragmentCoverage,
    Participation,
    SchoolCoverage,
    SchoolYear,
)
from culture.models.coverage import Figures
from culture.permissions import Speaker, may_plan
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day

BATCH = 1000  # classes counted at a time


def recount(keys: Iterable[int]) -> int:
    """Count these classes again, and those that pupils moved to or from, and store the figures. Returns how many classes.

    The classes' rows are locked first, in order: two who confirm visits of the same class wait for each other, so the stored
    figures are always those of the rows. Within the caller's transaction.
    """
    wanted = sorted(standing.tied_with(keys))
    list(ClassGroup.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True))
    found = standing.of_classes(wanted)
    _write(list(found.values()))
    by_year: dict[int, set[int]] = {}
    for each in found.values():
        by_year.setdefault(each.group.year_id, set()).add(each.group.school_id)
    for year, schools in sorted(by_year.items()):
        sum_schools(SchoolYear(pk=year), schools)
    return len(found)


@transaction.atomic
def recount_year(year: SchoolYear) -> int:
    """Count every class of a school year again, in batches."""
    keys = list(ClassGroup.objects.filter(year=year).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(keys), BATCH):
        _write(list(standing.of_classes(keys[first : first + BATCH]).values()))
    sum_schools(year, set(ClassGroup.objects.filter(year=year).values_list("school", flat=True)))
    return len(keys)


def differences(year: SchoolYear) -> list[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    """Classes whose stored figures are not what a recount gives: (class, stored, counted). Empty when all is well."""
    keys = list(ClassGroup.objects.filter(year=year).order_by("pk").values_list("pk", flat=True))
    wrong: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = []
    for first in range(0, len(keys), BATCH):
        batch = keys[first : first + BATCH]
        stored = {row.class_group_id: row.numbers for row in ClassCoverage.objects.filter(class_group__in=batch)}
        parts = {row.fragment_id: row.numbers for row in FragmentCoverage.objects.filter(fragment__class_group__in=batch)}
        for pk, found in standing.of_classes(batch).items():
            pairs = [(stored.get(pk), found.total.numbers)]
            pairs += [(parts.get(part.pk), found.of(part).numbers) for part in found.group.fragments.all()]
            wrong += [(pk, was or (), now) for was, now in pairs if was != now]
    stored_sums = {row.school_id: row for row in SchoolCoverage.objects.filter(year=year)}
    for school, (whole, grades) in matrix.sums_of(year, stored_sums).items():
        row = stored_sums[school]
        if (row.whole, row.grades) != (json.dumps(whole), json.dumps(grades)):
            wrong.append((0, tuple(json.loads(row.whole)), tuple(whole)))
    return wrong


def touched(groups: Sequence[ClassGroup], year: SchoolYear, *, by: Speaker | None, at: datetime, reason: str = "") -> None:
    """After a change: the figures of the classes are counted again; in a locked year they become a new version."""
    recount(group.pk for group in groups)
    if is_locked(year):
        _seal(year, by=by, at=at, reason=clean_words(reason))


@transaction.atomic
def lock_year(year: SchoolYear, *, by: Any, at: datetime) -> CoverageVersion:
    """Lock the figures of a school year as version 1. From now on only an officer changes them, with a reason each time."""
    if by is not None:
        may_plan(by).or_refuse()
    year = SchoolYear.objects.select_for_update().get(pk=year.pk)
    if year.locked_at:
        raise NotAllowedNow(_("The school year is locked already."), "locked")
    recount_year(year)
    year.locked_at = at
    year.save(update_fields=["locked_at"])
    filing.note(None, "culture.year_locked", by=user_of(by), at=at, changes={"year": [None, year.first]})
    return _seal(year, by=by, at=at, reason="")


def lock_due(*, at: datetime) -> int:
    """Lock the school years whose day has come; harmless twice. Returns how many."""
    from_today = SchoolYear.objects.filter(locked_at=None, locks_on__lte=local_day(at)).order_by("first")
    return len([lock_year(year, by=None, at=at) for year in from_today])


def _seal(year: SchoolYear, *, by: Speaker | None, at: datetime, reason: str) -> CoverageVersion:
    SchoolYear.objects.select_for_update().get(pk=year.pk)
    last = CoverageVersion.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0
    version = CoverageVersion.objects.create(year=year, number=last + 1, reason=reason, made_at=at, by=user_of(by))
    _copy(version)
    if last:
        changes = {"year": [year.first, year.first], "version": [last, last + 1]}
        filing.note(None, "culture.version_made", by=user_of(by), at=at, reason=reason, changes=changes)
    return version


def _copy(version: CoverageVersion) -> None:
    """The figures as they stand now, school by school and grade by grade. Four queries, whatever the number of schools."""
    sums = {f"sum_of_{name}": Sum(name) for name in Figures.NUMBERS}
    declined = dict(Participation.objects.filter(year=version.year).values_list("school", "declined_on"))
    grades = FragmentCoverage.objects.filter(year=version.year).values("school", "grade").annotate(n=Count("pk"), **sums)
    wholes = ClassCoverage.objects.filter(year=version.year).values("school").annotate(n=Count("pk"), **sums)
    rows: list[Any] = [*grades.order_by("school", "grade"), *wholes.order_by("school")]
    CoverageLine.objects.bulk_create(
        (
            CoverageLine(
                version=version,
                school_id=row["school"],
                grade=row.get("grade"),
                classes=row["n"],
                declined_on=declined.get(row["school"]),
                **{name: row[f"sum_of_{name}"] for name in Figures.NUMBERS},
            )
            for row in rows
        ),
        batch_size=BATCH,
    )


def sum_schools(year: SchoolYear, schools: Iterable[int]) -> None:
    """Sum the schools' rows again. Their rows are locked first, in order, so that nobody sums what another is about to change."""
    keys = sorted(schools)
    SchoolCoverage.objects.bulk_create(
        [SchoolCoverage(school_id=key, year_id=year.pk) for key in keys], ignore_conflicts=True, batch_size=BATCH
    )
    rows = list(SchoolCoverage.objects.select_for_update().filter(year=year, school__in=keys).order_by("school"))
    sums = matrix.sums_of(year, keys)
    for row in rows:
        whole, grades = sums[row.school_id]
        row.whole, row.grades = json.dumps(whole), json.dumps(grades)
    SchoolCoverage.objects.bulk_update(rows, ["whole", "grades"], batch_size=BATCH)


def _write(found: Sequence[standing.Standing]) -> None:
    classes, fragments = [], []
    for each in found:
        place = {"year_id": each.group.year_id, "school_id": each.group.school_id}
        numbers = dict(zip(Figures.NUMBERS, each.total.numbers, strict=True))
        classes.append(ClassCoverage(class_group=each.group, **place, **numbers))
        for part in each.group.fragments.all():
            numbers = dict(zip(Figures.NUMBERS, each.of(part).numbers, strict=True))
            fragments.append(FragmentCoverage(fragment=part, grade=part.grade, **place, **numbers))
    changed = [*Figures.NUMBERS, "year", "school"]
    ClassCoverage.objects.bulk_create(
        classes, update_conflicts=True, unique_fields=["class_group"], update_fields=changed, batch_size=BATCH
    )
    FragmentCoverage.objects.bulk_create(
        fragments, update_conflicts=True, unique_fields=["fragment"], update_fields=[*changed, "grade"], batch_size=BATCH
    )


def insist_open_year(group: ClassGroup, by: Speaker, reason: str) -> None:
    """Refuses changes of a class whose school year is locked, except by an officer who says why."""
    insist_open(group.year, by, reason)
