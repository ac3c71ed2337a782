"""A proposal as it is read: what it reaches and costs level by level, how far that is proved, and how it stands after edits."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from culture.choices import EditKind
from culture.models import ClassGroup, Performance, PlanEdit, PlanRow, PlanRun, School
from culture.reasons import Names, Why, told


@dataclass(frozen=True, slots=True)
class Level:
    """One thing that a plan is judged by, the first before the second. better: how much better another plan could be at most."""

    name: str
    value: int
    bound: int

    @property
    def proved(self) -> bool:
        return self.value == self.bound

    @property
    def gap(self) -> float:
        """Of the value: 0.01 is one percent."""
        return 0.0 if self.proved else (self.value - self.bound) / max(1, abs(self.value))


@dataclass(slots=True)
class ClassLine:
    """A class in a proposal. reached: pupils with a visit this year, as the proposal stands after edits."""

    group: ClassGroup
    pupils: int
    adults: int
    owed: int
    reached: int = 0
    rows: list[PlanRow] = field(default_factory=list)

    @property
    def unserved(self) -> int:
        return self.pupils - self.reached


@dataclass(slots=True)
class SchoolLine:
    """A school in a proposal; buses: as computed, before edits."""

    school: School
    classes: int = 0
    pupils: int = 0
    unserved: int = 0
    buses: int = 0

    @property
    def share(self) -> float:
        return self.unserved / self.pupils if self.pupils else 0.0


@dataclass(slots=True)
class ShowLine:
    """A performance in a proposal, with the classes that go there. buses: as computed."""

    performance: Performance
    host: School | None
    rows: list[PlanRow] = field(default_factory=list)
    buses: int = 0

    @property
    def people(self) -> int:
        return sum(row.pupils + row.adults for row in self.rows)

    @property
    def empty(self) -> int | None:
        return None if self.performance.seats is None else max(0, self.performance.seats - self.people)


class Proposal:
    """One run read whole: a constant number of queries whatever its size, and the stored texts taken apart once."""

    def __init__(self, run: PlanRun) -> None:
        self.run = run

    @cached_property
    def problem(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run.problem)
        return found

    @cached_property
    def plan(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run.result) if self.run.result else {}
        return found

    @cached_property
    def edits(self) -> list[PlanEdit]:
        """In force. One query."""
        related = ("class_group__school", "performance__offer", "fragment", "by")
        return list(self.run.edits.filter(withdrawn_at=None).select_related(*related).order_by("made_at", "pk"))

    @property
    def edited_since(self) -> int:
        """How many edits were made after it was computed: the levels are those before them."""
        done = self.run.done_at
        return sum(done is not None and edit.made_at > done for edit in self.edits)

    @cached_property
    def rows(self) -> list[PlanRow]:
        related = ("class_group__school", "performance__offer", "performance__space__venue", "performance__host", "host", "visit")
        return list(
            self.run.rows.select_related(*related).order_by("performance__starts_at", "performance_id", "class_group__key")
        )

    @cached_property
    def groups(self) -> dict[str, ClassGroup]:
        keys = [int(klass["key"]) for klass in self.problem["classes"]]
        return {str(pk): group for pk, group in ClassGroup.objects.with_counts().in_bulk(keys).items()}

    @cached_property
    def performances(self) -> dict[str, Performance]:
        keys = [int(each["key"]) for each in self.problem["performances"]]
        found = Performance.objects.with_programme().in_bulk(keys)
        return {str(pk): performance for pk, performance in found.items()}

    @cached_property
    def levels(self) -> list[Level]:
        return [Level(each["name"], each["value"], each["bound"]) for each in self.plan.get("levels", ())]

    @property
    def pupils(self) -> int:
        return sum(line.pupils for line in self.classes)

    @property
    def unserved(self) -> int:
        """Pupils without a visit this year as it stands, edits included."""
        return sum(line.unserved for line in self.classes)

    @property
    def proved(self) -> bool:
        """Whether no plan can leave fewer pupils without a visit than the computed one."""
        return self.run.unserved is not None and self.run.unserved == self.run.bound

    @cached_property
    def classes(self) -> list[ClassLine]:
        """By school and class. Two queries with the rows."""
        reached = self._reached()
        theirs: dict[int, list[PlanRow]] = defaultdict(list)
        for row in self.rows:
            theirs[row.class_group_id].append(row)
        lines = [
            ClassLine(
                group=self.groups[klass["key"]],
                pupils=sum(part["pupils"] for part in klass["parts"]),
                adults=klass["adults"],
                owed=max(0, 1 + klass["missed"] - klass["had"]),
                reached=reached[klass["key"]],
                rows=theirs[int(klass["key"])],
            )
            for klass in self.problem["classes"]
            if klass["key"] in self.groups
        ]
        return sorted(lines, key=lambda line: (line.group.school.name, line.group.key, line.group.pk))

    def _reached(self) -> dict[str, int]:
        """class -> pupils that a visit is for: all its cohorts that go somewhere, or had a visit before."""
        named = {(each["klass"], each["performance"]): frozenset(each["cohorts"]) for each in self.plan.get("bookings", ())}
        for edit in self.edits:
            if edit.kind == EditKind.ALLOW and edit.fragment:
                key = (str(edit.class_group_id), str(edit.performance_id))
                named[key] = named.get(key, frozenset()) | {edit.fragment.cohort}
        shows = {each["key"]: frozenset(each["cohorts"]) for each in self.problem["performances"]}
        going: dict[str, set[int]] = defaultdict(set)
        for row in self.rows:
            key = (str(row.class_group_id), str(row.performance_id))
            going[key[0]] |= named.get(key) or shows.get(key[1], frozenset())
        return {
            klass["key"]: sum(part["pupils"] for part in klass["parts"] if klass["had"] or part["cohort"] in going[klass["key"]])
            for klass in self.problem["classes"]
        }

    @cached_property
    def schools(self) -> list[SchoolLine]:
        """The worst first, then by name."""
        lines: dict[int, SchoolLine] = {}
        by_unit: dict[str, SchoolLine] = {}
        for line in self.classes:
            mine = lines.setdefault(line.group.school_id, SchoolLine(line.group.school))
            by_unit[line.group.school.code] = mine
            mine.classes += 1
            mine.pupils += line.pupils
            mine.unserved += line.unserved
        for each in self.plan.get("buses", ()):
            if each["unit"] in by_unit:
                by_unit[each["unit"]].buses += each["count"]
        return sorted(lines.values(), key=lambda line: (-line.share, line.school.name))

    @cached_property
    def shows(self) -> list[ShowLine]:
        """By time; those that nobody goes to as well."""
        buses: dict[str, int] = defaultdict(int)
        for each in self.plan.get("buses", ()):
            buses[each["performance"]] += each["count"]
        lines = {key: ShowLine(performance, performance.host, buses=buses[key]) for key, performance in self.performances.items()}
        for row in self.rows:
            line = lines.setdefault(str(row.performance_id), ShowLine(row.performance, row.performance.host))
            line.rows.append(row)
            line.host = row.host or line.host
        return sorted(lines.values(), key=lambda line: (line.performance.starts_at, line.performance.pk))

    @property
    def buses(self) -> int:
        return sum(each["count"] for each in self.plan.get("buses", ()))

    @cached_property
    def cost(self) -> dict[str, int]:
        """What the last level is made of, in numbers: buses, art forms met again, empty seats. As computed, before edits."""
        return {"buses": self.buses, "repeats": self._repeats(), "empty": self._empty_seats()}

    def _repeats(self) -> int:
        arts = {each["key"]: each["art"] for each in self.problem["performances"]}
        met = {klass["key"]: list(klass["arts"]) for klass in self.problem["classes"]}
        again = 0
        for booking in self.plan.get("bookings", ()):
            art = arts[booking["performance"]]
            again += art in met[booking["klass"]]
            met[booking["klass"]].append(art)
        return again

    def _empty_seats(self) -> int:
        people: dict[str, int] = defaultdict(int)
        classes = {klass["key"]: klass for klass in self.problem["classes"]}
        for booking in self.plan.get("bookings", ()):
            people[booking["performance"]] += _people(classes[booking["klass"]], booking["cohorts"])
        halls = {school["unit"]: school["hall"] for school in self.problem["schools"]}
        hosts = {each["performance"]: halls.get(each["unit"], 0) for each in self.plan.get("hosts", ())}
        rooms = {each["key"]: each["capacity"]["seats"] for each in self.problem["performances"]}
        rooms |= {key: min(rooms[key], hall) for key, hall in hosts.items() if rooms[key] is not None}
        return sum(max(0, rooms[key] - number) for key, number in people.items() if rooms[key] is not None)

    @cached_property
    def reasons(self) -> list[Why]:
        """Why classes go without, in sentences."""
        return told(self.run.reasons, self.names)

    @cached_property
    def names(self) -> Names:
        events = {str(each.offer_id): str(each.offer) for each in self.performances.values()}
        return Names(
            klass=lambda key: class_name(self.groups[key]) if key in self.groups else key,
            performance=lambda key: show_name(self.performances[key]) if key in self.performances else key,
            event=lambda key: events.get(key, key),
        )


def class_name(group: ClassGroup) -> str:
    return f"{group.name}, {group.school.name}"


def show_name(performance: Performance) -> str:
    return f"{performance.offer.title}, {performance.day:%Y-%m-%d}"


def _people(klass: Mapping[str, Any], cohorts: Iterable[int]) -> int:
    named = set(cohorts)
    return int(sum(part["pupils"] for part in klass["parts"] if not named or part["cohort"] in named) + klass["adults"])
