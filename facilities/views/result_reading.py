"""A season's proposal that is shown, or what was decided, as associations and the public read it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst

from facilities import actions
from facilities.choices import RoundStatus
from facilities.forms.keep_fields import hours_text
from facilities.models import SeasonRound, SeasonStep, Section, Space
from facilities.models.hours import WEEKDAYS
from facilities.rules.allocation.plan import Pass
from facilities.rules.allocation.problem import Problem
from facilities.rules.allocation.reasons import Given, Reasons, Refusal
from facilities.rules.allocation.result import Outcome, outcomes

SHOWN = (RoundStatus.PROPOSED, RoundStatus.DECIDED)
KEPT = 3  # versions that a process remembers: they are read much and never change
_HEAVY = ("shown__plan", "shown__reasons", "shown__fixed", "shown__refused", "shown__run__problem")
_DAYS = dict(WEEKDAYS)


@dataclass(frozen=True, slots=True)
class Reading:
    """A version of a proposal, read by group and by hall. Nothing in it changes."""

    problem: Problem
    reasons: Reasons
    rows: tuple[Outcome, ...]
    by_key: dict[str, Outcome]
    by_hall: dict[str, list[Pass]]
    why: dict[str, tuple[Given | Refusal, ...]]


class Result:
    """A season with the version of it that is shown. Names of parts and associations are asked for when they are needed."""

    def __init__(self, season: SeasonRound, step: SeasonStep) -> None:
        self.season, self.step = season, step
        self.reading = reading_of(step)
        self.problem = self.reading.problem
        self.halls = {hall.key: hall for hall in self.problem.halls}
        self.ladder = self.problem.principles.ladder

    @cached_property
    def parts(self) -> dict[str, str]:
        """The names of spaces by their keys. One query."""
        keys = [int(space.key) for hall in self.problem.halls for space in hall.spaces]
        return {str(pk): name for pk, name in Space.objects.filter(pk__in=keys).values_list("pk", "name")}

    @cached_property
    def belongs(self) -> dict[str, int]:
        """Group -> association. One query."""
        rows = Section.objects.filter(wishes__season=self.season)
        return {str(pk): association for pk, association in rows.values_list("pk", "wishes__association")}

    def outcome_or_404(self, section: int) -> Outcome:
        found = self.reading.by_key.get(str(section))
        if found is None:
            raise Http404
        return found

    def of(self, association: int) -> list[Outcome]:
        return [row for row in self.reading.rows if self.belongs.get(row.section.key) == association]

    def who(self, key: str) -> str:
        section = self.reading.by_key[key].section
        return f"{section.club} {section.name}"

    def when(self, each: Pass) -> str:
        """'Måndag 17.00–18.30'."""
        return f"{capfirst(str(_DAYS[each.weekday]))} {self.hours(each)}"

    def hours(self, each: Pass) -> str:
        """'17.00–18.30'."""
        return hours_text([(each.starts, each.ends)])

    def part(self, each: Pass) -> str:
        """What a time takes of a hall: 'Halva A', '' when it takes all."""
        hall, taken = self.halls[each.hall], frozenset(each.leaves)
        if len(taken) == len(hall.leaves()):
            return ""
        whole = next((space.key for space in hall.spaces if hall.leaves_of(space.key) == taken), None)
        return ", ".join(self.parts.get(key, key) for key in ([whole] if whole else sorted(taken)))

    def where(self, each: Pass) -> str:
        """'Hallen, halva A'."""
        part = self.part(each)
        return f"{self.halls[each.hall].name}, {part}" if part else self.halls[each.hall].name

    def times(self, row: Outcome) -> list[str]:
        return [f"{self.when(each)}, {self.where(each)}" for each in row.passes]


def result_or_404(pk: int) -> Result:
    """The season that is proposed or decided; before that there is nothing to read. One query, and one when it is first read."""
    season = get_object_or_404(_shown_seasons(), pk=pk)
    if season.shown is None:
        raise Http404
    return Result(season, season.shown)


def decided_before(season: SeasonRound) -> Result | None:
    """The latest season before this one that was decided. As many queries as result_or_404."""
    earlier = _shown_seasons().filter(status=RoundStatus.DECIDED, since__lt=season.since).order_by("-since", "-pk").first()
    return Result(earlier, earlier.shown) if earlier and earlier.shown else None


def reading_of(step: SeasonStep) -> Reading:
    return _read(step.pk, step.plan_sha256, step.run.problem_sha256, step.made_at)


def _shown_seasons() -> QuerySet[SeasonRound]:
    return SeasonRound.objects.filter(status__in=SHOWN).select_related("principles", "shown__run").defer(*_HEAVY)


@lru_cache(maxsize=KEPT)
def _read(step: int, plan: str, problem: str, made: datetime) -> Reading:
    """The digests tell the versions of one database from those of another that had the same keys."""
    found = SeasonStep.objects.select_related("run").get(pk=step)
    version = actions.version_of(found.run, found)
    rows = outcomes(version.problem, version.plan)
    by_hall: dict[str, list[Pass]] = defaultdict(list)
    for each in sorted(version.plan.passes, key=lambda each: (each.weekday, each.starts, each.leaves)):
        by_hall[each.hall].append(each)
    why: dict[str, list[Given | Refusal]] = defaultdict(list)
    reasons: tuple[Given | Refusal, ...] = (*version.reasons.given, *version.reasons.refusals)
    for reason in reasons:
        why[reason.section].append(reason)
    return Reading(
        version.problem,
        version.reasons,
        rows,
        {row.section.key: row for row in rows},
        dict(by_hall),
        {key: tuple(found) for key, found in why.items()},
    )
