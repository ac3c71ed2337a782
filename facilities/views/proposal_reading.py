"""A version of a season's proposal as pages read it: who is where, in the words of the page."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role
from accounts.permissions import Request, for_roles
from facilities import actions
from facilities.choices import RunStatus, UseKind
from facilities.forms.fields import clock_text
from facilities.models import SeasonRun, SeasonStep, Space
from facilities.models.hours import WEEKDAYS
from facilities.rules.allocation.plan import Pass
from facilities.rules.allocation.problem import Fixed, Hall, Section, Standing, Wished

allocators = for_roles(Role.OFFICER, Role.AUDITOR)  # who reads proposals before they are shown; officers change them
_DAYS: dict[int, Any] = dict(WEEKDAYS)
_USES: dict[str, Any] = dict(UseKind.choices)
HEAVY = ("plan", "reasons", "fixed", "refused")  # megabytes, in a big municipality


def run_or_404(request: Request, pk: int) -> SeasonRun:
    """A proposal with its season, without its frozen problem. One query."""
    return get_object_or_404(
        SeasonRun.objects.visible_to(request.user).select_related("season", "season__shown", "made_by").defer("problem"), pk=pk
    )


def read_or_404(request: Request, pk: int, number: int | None = None) -> "Read":
    """A proposal that is computed, in its current version or the one that is named. Two queries."""
    runs = SeasonRun.objects.visible_to(request.user).filter(status=RunStatus.DONE)
    run = get_object_or_404(runs.select_related("season", "season__shown", "made_by"), pk=pk)
    steps = run.steps.filter(number=number) if number is not None else run.steps.standing()
    step = steps.select_related("by").first()
    if step is None:
        raise Http404
    return Read(run, step)


def weekday_name(weekday: int) -> str:
    return capfirst(str(_DAYS[weekday]))


def hours(starts: int, ends: int) -> str:
    return f"{clock_text(starts)}–{clock_text(ends)}"


def when(place: Pass | Fixed) -> str:
    """'måndag 17.00–18.30', as it stands in a sentence."""
    return f"{_DAYS[place.weekday]} {hours(place.starts, place.ends)}"


class Read:
    """One version of a proposal, with its names. No queries but for the names of parts: one, when they are asked for."""

    def __init__(self, run: SeasonRun, step: SeasonStep) -> None:
        self.run, self.step = run, step
        self.version = actions.version_of(run, step)
        self.problem, self.plan = self.version.problem, self.version.plan
        self.sections = {each.key: each for each in self.problem.sections}
        self.halls = {each.key: each for each in self.problem.halls}
        self.by_section: dict[str, list[Pass]] = defaultdict(list)
        for each in self.plan.passes:
            self.by_section[each.section].append(each)

    @cached_property
    def parts(self) -> dict[str, str]:
        """The names of spaces by their keys."""
        keys = [int(space.key) for hall in self.problem.halls for space in hall.spaces if space.key.isdecimal()]
        return {str(pk): name for pk, name in Space.objects.filter(pk__in=keys).values_list("pk", "name")}

    def section_or_404(self, key: str) -> Section:
        if key not in self.sections:
            raise Http404
        return self.sections[key]

    def pass_on(self, section: str, weekday: int) -> Pass | None:
        """A group has at most one pass on a weekday."""
        return next((each for each in self.by_section.get(section, ()) if each.weekday == weekday), None)

    def who(self, key: str) -> str:
        section = self.sections.get(key)
        return f"{section.club} {section.name}" if section else key

    def hall_name(self, key: str) -> str:
        return self.halls[key].name if key in self.halls else key

    def part_name(self, hall: Hall, space: str) -> str:
        """'Halva 1' of 'B-hallen, halva 1'; the whole is called so."""
        if space == hall.spaces[0].key:
            return _("All of it")
        whole, name = self.parts.get(hall.spaces[0].key, ""), self.parts.get(space, space)
        return capfirst(name.removeprefix(whole).strip(" ,.–-") or name)

    def leaves_words(self, hall: Hall, leaves: Iterable[str]) -> str:
        """What a pass takes of a hall; '' when it takes all, and when there are no parts."""
        taken = frozenset(leaves)
        if len(taken) == len(hall.leaves()):
            return ""
        space = next((each.key for each in hall.spaces if hall.leaves_of(each.key) == taken), None)
        if space is not None:
            return self.part_name(hall, space)
        return ", ".join(self.part_name(hall, each) for each in hall.leaves() if each in taken)

    def where(self, each: Pass) -> str:
        """'B-hallen, halva 1'."""
        hall = self.halls[each.hall]
        parts = self.leaves_words(hall, each.leaves)
        return f"{hall.name}, {parts}" if parts else hall.name

    def place(self, to: Fixed) -> str:
        """Where something is set by hand: the part when it is named."""
        hall = self.halls[to.hall]
        return f"{hall.name}, {self.part_name(hall, to.space)}" if to.space else hall.name

    def time_and_place(self, each: Pass) -> str:
        return f"{when(each)}, {self.where(each)}"

    def wished(self, each: Wished) -> str:
        """A place that a group accepts, in words."""
        hall = self.halls[each.hall]
        if each.space:
            return f"{hall.name}, {self.part_name(hall, each.space)}"
        if each.parts and each.parts < len(hall.leaves()):
            return f"{hall.name}, {ngettext('%(n)s part', '%(n)s parts', each.parts) % {'n': each.parts}}"
        return hall.name

    def lacks(self, key: str) -> int:
        """Passes that a group wishes and has not."""
        return max(0, self.sections[key].passes - len(self.by_section.get(key, ())))

    def standing_words(self, row: Standing) -> str:
        return capfirst(str(_USES.get(row.label, row.label)))


def may_edit(request: Request, run: SeasonRun) -> bool:
    """Whether this reader may change the proposal: officers, while nothing is decided."""
    return run.status == RunStatus.DONE and run.season.status != "decided" and request.user.has_perm("facilities.keep_venues")
