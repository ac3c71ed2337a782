"""What rows would change: new and changed schools or classes, value by value. Writes nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from culture.choices import CountKind
from culture.exchange.reading import Faults, Rows, sentence_of
from culture.models import ClassGroup, School, SchoolYear
from culture.rules.class_names import class_key
from culture.rules.years import SchoolYear as Year
from culture.rules.years import grade_label

# What the national register decides; hall, contacts and successor are ours and never touched by it.
UNIT_FACTS = (
    "name",
    "status",
    "organiser",
    "organiser_name",
    "municipality",
    "kinds",
    "grades",
    "street",
    "postcode",
    "town",
    "latitude",
    "longitude",
    "email",
    "phone",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value that becomes another. name: of the field, or the label of the grade."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One school or class that would be added or changed. row: what is written, as it was read."""

    key: str
    label: str
    is_new: bool
    cells: tuple[Cell, ...]
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole preview. missing: classes of ours that the file does not have; they stay as they are. digest: of the changes."""

    changes: tuple[Change, ...]
    faults: tuple[tuple[int | None, str, str], ...]
    unchanged: int
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    digest: str

    @property
    def new(self) -> int:
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.new


def plan_units(rows: Rows, faults: Faults) -> Plan:
    """What school units of the register would change. A school of ours with an example code takes the real one. Two queries."""
    known = School.objects.in_bulk([row["code"] for row in rows], field_name="code")
    examples = {school.name.casefold(): school for school in School.objects.filter(code_is_example=True)}
    changes, unchanged = [], 0
    for row in rows:
        school = known.get(row["code"]) or examples.get(row["name"].casefold())
        cells = tuple(
            Cell(name, _shown(getattr(school, name)) if school else "", _shown(row[name]))
            for name in ("code", *UNIT_FACTS)
            if name in row and (school is None or not _same(getattr(school, name), row[name]))
        )
        if school is not None and not cells:
            unchanged += 1
        else:
            changes.append(Change(row["code"], row["name"], school is None, cells, row))
    return _plan(changes, faults, unchanged, (), ())


def plan_classes(rows: Rows, faults: Faults, year: SchoolYear, schools: Sequence[School], kind: str) -> Plan:
    """What counts of classes would change. schools: those that whoever reads the file in may speak for. Two queries."""
    mine = {school.code: school for school in schools}
    groups = ClassGroup.objects.filter(school__in=schools, year=year).running().with_counts().order_by("school", "key")
    known = {(group.school.code, group.key): group for group in groups}
    changes, unchanged, notes, faults = [], 0, [], list(faults)
    seen: set[tuple[str, str]] = set()
    for row in rows:
        place = (row["unit"], class_key(row["name"]))
        if row["unit"] not in mine:
            faults.append({"row": None, "what": row["name"], "sentence": _("The school unit %s is not yours.") % row["unit"]})
            continue
        seen.add(place)
        group = known.get(place)
        cells = tuple(_grade_cells(row, group, year, kind))
        if row.get("ungraded"):
            notes.append(
                _("%(class)s: %(n)s without a grade of their own are counted with the others.")
                % {"class": row["name"], "n": row["ungraded"]}
            )
        if group is not None and not cells:
            unchanged += 1
        else:
            label = f"{mine[row['unit']].name}, {row['name']}"
            changes.append(Change(f"{place[0]} {place[1]}", label, group is None, cells, row))
    units = {row["unit"] for row in rows}
    missing = [f"{group.school.name}, {group.name}" for key, group in known.items() if key not in seen and key[0] in units]
    return _plan(changes, faults, unchanged, tuple(missing), tuple(notes))


def _grade_cells(row: dict[str, Any], group: ClassGroup | None, year: SchoolYear, kind: str) -> list[Cell]:
    """Grades whose number changes. A grade that the file no longer has has nobody in it."""
    have = (
        {part.cohort: part.official if kind == CountKind.OFFICIAL else part.live for part in group.fragments.all()}
        if group
        else {}
    )
    says = {int(cohort): pupils for cohort, pupils in row["counts"].items()}
    says |= {cohort: 0 for cohort, pupils in have.items() if cohort not in says and pupils}
    return [
        Cell(_grade(cohort, year), _shown(have.get(cohort)), _shown(pupils))
        for cohort, pupils in sorted(says.items(), reverse=True)
        if have.get(cohort) != pupils
    ]


def _grade(cohort: int, year: SchoolYear) -> str:
    try:
        return grade_label(cohort, Year(year.first))
    except ValueError:
        return str(cohort)


def _plan(changes: Sequence[Change], faults: Faults, unchanged: int, missing: tuple[str, ...], notes: tuple[str, ...]) -> Plan:
    told = tuple((fault["row"], str(fault["what"]), sentence_of(fault)) for fault in faults)
    digest = hashlib.sha256(repr([(change.key, change.is_new, change.cells) for change in changes]).encode()).hexdigest()
    return Plan(tuple(changes), told, unchanged, missing, notes, digest)


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, Decimal):
        return ours == round(Decimal(str(theirs)), 6)
    return bool(ours == (list(theirs) if isinstance(theirs, tuple | list) else theirs))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float | Decimal):
        return f"{value:.6f}"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return str(value)
