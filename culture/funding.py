"""The figures that the report of Skapande skola asks for: per organiser pupils, grades, art forms and kronor."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch

from culture.choices import ArtForm, Organiser, VisitStatus
from culture.models import Attendance, Offer, School, SchoolYear, Visit
from culture.rules.sharing import cost_by_pupils
from culture.rules.years import SchoolYear as Year
from culture.rules.years import grade_label


@dataclass(slots=True)
class Row:
    """One offer for one organiser. grades: label -> visits by pupils; a class that did not tell each grade stands as '1–3'."""

    organiser: str
    offer: Offer
    schools: set[int] = field(default_factory=set)
    performances: set[int] = field(default_factory=set)
    visits: int = 0
    pupils: int = 0
    grades: dict[str, int] = field(default_factory=dict)
    cost: Decimal = Decimal(0)

    @property
    def per_pupil(self) -> Decimal | None:
        return (self.cost / self.pupils).quantize(Decimal("0.01")) if self.pupils else None


@dataclass(slots=True)
class OrganiserFigures:
    """All professional offers for one organiser, together."""

    name: str
    kind: str
    rows: list[Row]

    @property
    def kind_label(self) -> str:
        return str(Organiser(self.kind).label)

    @property
    def pupils(self) -> int:
        return sum(row.pupils for row in self.rows)

    @property
    def visits(self) -> int:
        return sum(row.visits for row in self.rows)

    @property
    def schools(self) -> int:
        return len(set().union(*(row.schools for row in self.rows)))

    @property
    def cost(self) -> Decimal:
        return sum((row.cost for row in self.rows), Decimal(0))

    @property
    def grades(self) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for row in self.rows:
            for label, pupils in row.grades.items():
                found[label] += pupils
        return dict(sorted(found.items(), key=lambda each: _order(each[0])))

    @property
    def arts(self) -> list[tuple[str, int]]:
        """(art form, visits by pupils), the most first."""
        found: dict[str, int] = defaultdict(int)
        for row in self.rows:
            found[row.offer.art_form] += row.pupils
        ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
        return [(str(ArtForm(art).label), pupils) for art, pupils in ordered]


def organiser_of(school: School) -> str:
    """Who answers for the school: by name where it is known."""
    return school.organiser_name or str(Organiser(school.organiser).label)


def by_organiser(year: SchoolYear) -> list[OrganiserFigures]:
    """Confirmed visits to professional offers in a school year, by organiser and offer. Four queries."""
    rows: dict[tuple[str, int], Row] = {}
    came: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    kinds: dict[str, str] = {}
    shown = {}
    for visit in _visits(year):
        school, show = visit.class_group.school, visit.performance
        name = organiser_of(school)
        kinds.setdefault(name, school.organiser)
        row = rows.setdefault((name, visit.offer_id), Row(name, visit.performance.offer))
        grades = _grades(visit, Year(year.first))
        row.schools.add(school.pk)
        row.performances.add(show.pk)
        row.visits += 1
        row.pupils += sum(grades.values())
        for label, pupils in grades.items():
            row.grades[label] = row.grades.get(label, 0) + pupils
        came[show.pk][name] += sum(grades.values())
        shown[show.pk] = show
    for pk, by_name in came.items():
        for name, kronor in cost_by_pupils(shown[pk].offer.cost, by_name).items():
            rows[name, shown[pk].offer_id].cost += kronor
    return [
        OrganiserFigures(name, kinds[name], _of(name, rows.values()))
        for name in sorted(kinds, key=lambda n: (_kind(kinds[n]), n))
    ]


def _of(name: str, rows: Iterable[Row]) -> list[Row]:
    return sorted((row for row in rows if row.organiser == name), key=lambda row: (row.offer.title, row.offer.pk))


def _kind(organiser: str) -> int:
    return list(Organiser.values).index(organiser)


def _visits(year: SchoolYear) -> Iterable[Visit]:
    latest = Attendance.objects.order_by("visit_id", "-number").distinct("visit_id").prefetch_related("parts__fragment")
    visits = Visit.objects.filter(status=VisitStatus.CONFIRMED, performance__year=year, offer__is_professional=True)
    related = ("class_group__school", "performance__offer__producer")
    prefetched = visits.select_related(*related).prefetch_related(
        "parts__fragment", Prefetch("attendances", latest, to_attr="latest")
    )
    return prefetched.order_by("pk")


def _grades(visit: Visit, year: Year) -> dict[str, int]:
    """Pupils who came by grade, each at most as many as the class has. Not told by grade: all under '1–3'."""
    parts = sorted(visit.parts.all(), key=lambda part: -part.fragment.cohort)
    has = {part.fragment.cohort: max(part.fragment.live, part.fragment.official or 0) for part in parts}
    said = {each.fragment.cohort: each.pupils for row in visit.latest for each in row.parts.all()}  # type: ignore[attr-defined]
    if said:
        return {grade_label(cohort, year): min(pupils, has.get(cohort, 0)) for cohort, pupils in said.items()}
    labels = [grade_label(cohort, year) for cohort in has]
    label = labels[0] if len(labels) == 1 else f"{labels[0]}–{labels[-1]}" if labels else "–"
    return {label: min(visit.attended or 0, sum(has.values()))}


def _order(label: str) -> tuple[int, str]:
    first = label.split("–", 1)[0]
    return (int(first) if first.isdecimal() else 0, label)
