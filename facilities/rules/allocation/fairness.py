"""Who got how much of a season: by sex, age, area, sport and class, in passes and time for each hundred members."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from facilities.rules.allocation.plan import Pass
from facilities.rules.allocation.principles import Principles
from facilities.rules.allocation.problem import Section
from facilities.rules.allocation.result import Outcome
from facilities.rules.statistics import hidden_cells
from records.values import ORE, rounded

HUNDRED = 100


class By(StrEnum):
    """What groups are told apart by."""

    ALL = "all"
    SEX = "sex"
    AGE = "age"
    AREA = "area"
    SPORT = "sport"
    CLASS = "class"


class AgeGroup(StrEnum):
    """By the age that the oldest turns."""

    CHILDREN = "children"  # to 12
    YOUTH = "youth"  # 13-20
    ADULTS = "adults"  # 21-64
    OLDER = "older"  # 65 and on


_UP_TO = ((AgeGroup.CHILDREN, 12), (AgeGroup.YOUTH, 20), (AgeGroup.ADULTS, 64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What groups of a kind wished and got a week. girls, boys: members. minutes: of the passes given; attractive: of those."""

    key: str
    groups: int = 0
    girls: int = 0
    boys: int = 0
    wished: int = 0
    given: int = 0
    minutes: int = 0
    attractive: int = 0

    @property
    def members(self) -> int:
        return self.girls + self.boys

    @property
    def met(self) -> Decimal | None:
        """The share of the wished passes that is given, 0-1; None when none is wished."""
        return Decimal(self.given) / self.wished if self.wished else None

    @property
    def passes_per_hundred(self) -> Decimal | None:
        return self._per_hundred(Fraction(self.given))

    @property
    def hours_per_hundred(self) -> Decimal | None:
        return self._per_hundred(Fraction(self.minutes, 60))

    @property
    def attractive_per_hundred(self) -> Decimal | None:
        return self._per_hundred(Fraction(self.attractive, 60))

    def _per_hundred(self, amount: Fraction) -> Decimal | None:
        """To two decimals, half up; None when there is nobody."""
        if not self.members:
            return None
        exact = HUNDRED * amount / self.members
        return rounded(Decimal(exact.numerator) / exact.denominator, ORE)


@dataclass(frozen=True, slots=True)
class Beside:
    """A part of this season beside the same part of the one before; before None: there was none."""

    now: Part
    before: Part | None


def attractive_minutes(principles: Principles, each: Pass) -> int:
    """Minutes of a pass that lie in the hours that the principles call attractive; 0 when they name none.

    Rule FA-74. Source: issue, "attractive time girls beside boys"; PLANNING, "equality of attractive time".
    Words: attraktiv tid, bästa tiden, jämställdhet.
    """
    hours = principles.attractive
    if hours is None or each.weekday not in hours.weekdays:
        return 0
    return max(0, min(each.ends, hours.until) - max(each.starts, hours.since))


def age_group(section: Section) -> AgeGroup:
    """The ages that a group is counted among: by the oldest, so that a group is in one of them only.

    Rule FA-75. Source: Lerum and Huddinge, groups to 20 years first; Hudiksvall and Göteborg, children before 20.00.
    Words: ålder, åldersgrupp, barn, unga, vuxna.
    """
    return next((name for name, last in _UP_TO if section.ages[1] <= last), AgeGroup.OLDER)


def parts_by(by: By, principles: Principles, rows: Iterable[Outcome]) -> tuple[Part, ...]:
    """What groups of each kind wished and got; the parts sum to the whole. In order of the key, "" (nothing told) last.

    Rule FA-76. Source: issue, "passes and hours per member for girls, boys and mixed, ages, areas, sports, priority class".
    Words: rättvisa, jämställdhet, fördelning, per medlem, statistik.
    """
    found: dict[str, Part] = {}
    for row in rows:
        key = _KEYS[by](row)
        old, section = found.get(key) or Part(key=key), row.section
        found[key] = Part(
            key=key,
            groups=old.groups + 1,
            girls=old.girls + section.girls,
            boys=old.boys + section.boys,
            wished=old.wished + row.wished,
            given=old.given + row.given,
            minutes=old.minutes + row.minutes,
            attractive=old.attractive + sum(attractive_minutes(principles, each) for each in row.passes),
        )
    return tuple(sorted(found.values(), key=lambda part: (not part.key, part.key)))


def shown_parts(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts that a public page may show: those with five members or more, and never all but one of a whole.

    Rule FA-77. Source: SCB, "Handbok i statistisk röjandekontroll": cells of fewer than five (Rule F-75).
    Words: små tal, dölj, färre än fem, sekretess.
    """
    hidden = hidden_cells([part.members for part in parts])
    return tuple(part for place, part in enumerate(parts) if place not in hidden)


def beside(now: Iterable[Part], before: Iterable[Part]) -> tuple[Beside, ...]:
    """This season's parts, each with the same part of the season before.

    Rule FA-78. Source: issue, "this season beside the previous decided one".
    Words: jämför, förra säsongen, utveckling.
    """
    old = {part.key: part for part in before}
    return tuple(Beside(part, old.get(part.key)) for part in now)


def season_hours(minutes: int, since: date, until: date) -> int:
    """Whole hours that so many minutes a week come to in a season, rounded down. since, until: half open; not negative.

    Rule FA-79. Source: DOMAIN, "asking for more than needed out of fear"; issue, "over-asking beside last year's real use".
    Words: överbokning, säsongens timmar, önskat, använt.
    """
    if minutes < 0 or until < since:
        raise ValueError("A season does not end before it begins, and nobody has less than no time.")
    return minutes * (until - since).days // (7 * 60)


_KEYS: dict[By, Callable[[Outcome], str]] = {
    By.ALL: lambda _row: "all",
    By.SEX: lambda row: row.section.sex,
    By.AGE: lambda row: age_group(row.section).value,
    By.AREA: lambda row: row.section.area,
    By.SPORT: lambda row: row.section.sport.strip().capitalize(),
    By.CLASS: lambda row: row.class_name,
}
