"""A calculation tried on the applications of an earlier year: who would gain, who would lose, what it would cost in all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from grants.actions.counting import Counted, category_names, count, count_parts, facts_for
from grants.actions.pots import claims_in, pot_part
from grants.choices import ApplicationStatus
from grants.models import Application, Call, Decision, Scheme
from grants.rules.calculation import Part, PotOutcome


@dataclass(frozen=True, slots=True)
class Tried:
    """One application. before: what it was granted, else what its own rules give; None = neither is known."""

    application: Application
    before: Decimal | None
    was_granted: bool
    after: Counted

    @property
    def difference(self) -> Decimal | None:
        if self.before is None or self.after.amount is None:
            return None
        return self.after.amount - self.before

    @property
    def size(self) -> Decimal:
        """The difference without its sign."""
        return abs(self.difference or Decimal(0))


@dataclass(frozen=True, slots=True)
class Trial:
    """All of them. hidden: applications this person may not see (a conflict of interest): they are in no sum."""

    rows: list[Tried]
    hidden: int
    budget: Decimal | None

    @property
    def gaining(self) -> list[Tried]:
        return [row for row in self.rows if row.difference is not None and row.difference > 0]

    @property
    def losing(self) -> list[Tried]:
        return [row for row in self.rows if row.difference is not None and row.difference < 0]

    @property
    def same(self) -> list[Tried]:
        return [row for row in self.rows if row.difference == 0]

    @property
    def uncounted(self) -> list[Tried]:
        return [row for row in self.rows if row.after.amount is None]

    @property
    def total_before(self) -> Decimal:
        return sum((row.before or Decimal(0) for row in self.rows), Decimal(0))

    @property
    def total_after(self) -> Decimal:
        return sum((row.after.amount or Decimal(0) for row in self.rows), Decimal(0))

    @property
    def left(self) -> Decimal | None:
        """Of the budget, kronor; below 0 = too much."""
        return None if self.budget is None else self.budget - self.total_after


def years_of(scheme: Scheme) -> list[int]:
    """The grant years with applications to try on, the latest first."""
    rows = Application.objects.received().filter(call__version__scheme=scheme)
    return list(rows.order_by("-call__grant_year").values_list("call__grant_year", flat=True).distinct())


def try_on(
    scheme: Scheme, parts: tuple[Part, ...], year: int, *, user: Any, at: datetime, names: Mapping[str, str] | None = None
) -> Trial:
    """The parts, on every application of the scheme's calls of a grant year that *user* may see. Nothing is written.

    names: what the form of these parts calls its questions, which the earlier applications may not have been asked.
    A constant number of queries, but for a calculation with a ceiling for the year, which looks at each one's earlier grants.
    """
    of_year = Application.objects.received().exclude(status=ApplicationStatus.WITHDRAWN)
    of_year = of_year.filter(call__version__scheme=scheme, call__grant_year=year)
    rows = of_year.filter(pk__in=Application.objects.visible_to(user).values("pk"))
    rows = rows.select_related("call__version__scheme", "mended", "association__category", "case")
    rows = rows.prefetch_related("call__late_steps").with_deadline(at)
    applications = list(rows.order_by("association__name", "pk"))
    granted = dict(Decision.objects.latest_of_each().filter(application__in=applications).values_list("application_id", "amount"))
    pots = _pots({application.call for application in applications}, parts)
    categories, names = category_names(parts), names or {}
    tried = []
    for each in applications:
        facts = facts_for(each, parts, categories=categories)
        if each.pk in pots:
            facts = replace(facts, pot=pots[each.pk])
        tried.append(_tried(each, count_parts(each, parts, facts, names), granted))
    budgets = Call.objects.filter(version__scheme=scheme, grant_year=year, budget__isnull=False).values_list("budget", flat=True)
    return Trial(tried, of_year.count() - len(applications), sum((b for b in budgets if b is not None), Decimal(0)) or None)


def _tried(application: Application, after: Counted, granted: Mapping[int, Any]) -> Tried:
    known = application.pk in granted
    before = (granted[application.pk] or Decimal(0)) if known else count(application).amount
    return Tried(application, before, known, after)


def _pots(calls: Iterable[Call], parts: tuple[Part, ...]) -> dict[int, PotOutcome]:
    """What each application would get of its call's pot, when the calculation has one."""
    outcomes: dict[int, PotOutcome] = {}
    if pot_part(parts) is None:
        return outcomes
    for call in calls:
        found = claims_in(call, parts)
        if (pot := found.pot) is not None:
            for application, claim in found.claims.items():
                outcomes[application.pk] = PotOutcome(pot.kronor, pot.claims, pot.rate, claim, pot.shares[application.pk])
    return outcomes
