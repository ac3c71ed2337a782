"""The check of what a plan proves: the bound by its prices, and for each refusal a cell for every placement, by addition."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from facilities.rules.allocation.checker import Dated, PlanChecker
from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.principles import STEP
from facilities.rules.allocation.problem import Problem, Section
from facilities.rules.allocation.reasons import Blocked, Reasons, Why


class Checker(PlanChecker):
    """Checks a plan and what it proves."""

    def check_all(self, reasons: Reasons | None = None) -> list[str]:
        self.check()
        self._bound()
        if reasons is not None:
            self._reasons(reasons)
        return self.errors

    def placements(self, section: Section) -> Iterator[tuple[int, str, int, int, list[date], set[frozenset[str]]]]:
        """(wish, hall, weekday, start, dates, sets of leaves free of what stands) of every placement that a wish can have."""
        days = self.within(section.since, section.until)
        for wish, wished in enumerate(section.spaces):
            sets = self.sets_of(section, wished)
            for weekday in range(7):
                for start in range(0, 24 * 60 - section.shortest + 1, STEP):
                    minutes = range(start, start + section.shortest, STEP)
                    if not all(self.suits(section, weekday, minute) for minute in minutes):
                        continue
                    if self.said_no(section.key, wished.hall, weekday, start):
                        continue
                    free = {
                        leaves
                        for leaves in sets
                        if all((leaf, weekday, minute, day) in self.open for leaf in leaves for minute in minutes for day in days)
                    }
                    if free and days:
                        yield wish, wished.hall, weekday, start, days, free

    def _bound(self) -> None:
        level = self.plan.first_binding()
        if level is None or not self.plan.prices:
            return
        proved = level.wished - self._most_by_prices(int(level.of))
        if level.bound is not None and level.bound > max(proved, level.wished - self._most_by_days(int(level.of))):
            self.wrong(f"rung {level.of}: the prices prove {proved}, not {level.bound}")

    def _most_by_days(self, rung: int) -> int:
        return sum(
            self.rungs(section)[: len({each[2] for each in self.placements(section)})].count(rung)
            for section in self.sections.values()
        )

    def _most_by_prices(self, rung: int) -> int:
        prices = {(row.hall, row.weekday, row.starts, row.since, row.leaf): row.price for row in self.plan.prices}
        locked = [each for each in self.plan.passes if each.locked]
        total = sum(price * self._room(place, locked) for place, price in prices.items())
        for section in self.sections.values():
            own = [each for each in locked if each.section == section.key]
            rungs = self.rungs(section)
            least = max(0, sum(each < rung for each in rungs) - len(own))
            most = max(least, sum(each <= rung for each in rungs) - len(own))
            counted = 1_000_000 if rung in rungs else 0
            if most:
                cheapest = self._cheapest(section, prices, {each.weekday for each in own})
                worth = [counted - price for price in sorted(cheapest.values())]
                total += sum(worth[:least]) + sum(max(0, each) for each in worth[least:most]) - counted * least
        return total // 1_000_000

    def _cheapest(self, section: Section, prices: dict[tuple[str, int, int, str, str], int], days: set[int]) -> dict[int, int]:
        cheapest: dict[int, int] = {}
        for wish, hall, weekday, start, _dates, sets in self.placements(section):
            if weekday in days:
                continue
            needs = len(next(iter(sets)))
            leaves = sorted(next(iter(sets))) if section.spaces[wish].space else []
            since = self._segments(hall, section)
            price = sum(
                needs * prices.get((hall, weekday, minute, first, ""), 0)
                + sum(prices.get((hall, weekday, minute, first, leaf), 0) for leaf in leaves)
                for minute in range(start, start + section.shortest, STEP)
                for first in since
            )
            cheapest[weekday] = min(price, cheapest.get(weekday, price))
        return cheapest

    def _segments(self, hall: str, section: Section) -> list[str]:
        """First days of the hall's own stretches of dates in which a section trains."""
        cuts = self._cuts(hall)
        begins, ends = section.since or self.problem.since, section.until or self.problem.until
        return [first.isoformat() for first, last in pairwise(cuts) if begins < last and first < ends]

    def _cuts(self, hall: str) -> list[date]:
        rows: list[Dated] = [row for row in self.problem.openings if row.hall == hall]
        rows += [row for row in self.problem.standing if row.hall == hall]
        rows += [each for each in self.problem.sections if any(wish.hall == hall for wish in each.spaces)]
        ends = {day for row in rows for day in (row.since, row.until) if day is not None}
        ends |= {self.problem.since, self.problem.until}
        return sorted(day for day in ends if self.problem.since <= day <= self.problem.until)

    def _room(self, place: tuple[str, int, int, str, str], locked: list[Pass]) -> int:
        hall, weekday, minute, since, leaf = place
        first = max(day for day in self.dates if day <= date.fromisoformat(since))
        free = {each for each in self.halls[hall].leaves() if (each, weekday, minute, first) in self.open}
        held = 0
        for each in locked:
            section = self.sections[each.section]
            days = (section.since or self.problem.since) <= first < (section.until or self.problem.until)
            if days and (each.hall, each.weekday) == (hall, weekday) and each.starts <= minute < each.ends:
                held += len(each.leaves) if not leaf else leaf in each.leaves
        return (leaf in free if leaf else len(free)) - held

    def _reasons(self, reasons: Reasons) -> None:
        told = Counter([*(each.section for each in reasons.given), *(each.section for each in reasons.refusals)])
        for section in self.sections.values():
            wished = max(section.passes, len(self.passes.get(section.key, ())))
            if told[section.key] != wished:
                self.wrong(f"{section.key}: {told[section.key]} passes are explained, {wished} are wished")
        for refusal in reasons.refusals:
            section = self.sections[refusal.section]
            if refusal.why in (Why.HELD, Why.DAYS, Why.NO_OPTION):
                self._certificate(section, refusal.blocked, refusal.rung)

    def _certificate(self, section: Section, blocked: tuple[Blocked, ...], rung: int) -> None:
        shown = {(each.wish, each.weekday, each.starts): each for each in blocked}
        own = {each.weekday for each in self.passes.get(section.key, ())}
        first_missing = self.rungs(section)[len(self.passes.get(section.key, ())) :][:1]
        rung = first_missing[0] if first_missing else rung
        for wish, hall, weekday, start, days, sets in self.placements(section):
            if weekday in own:
                continue
            proof = shown.get((wish, weekday, start))
            if proof is None or not self._proves(section, proof, hall, (days, len(next(iter(sets)))), rung):
                self.wrong(f"{section.key}: nothing proves that {hall} {weekday} {start} is not to be had")

    def _proves(self, section: Section, proof: Blocked, hall: str, needed: tuple[list[date], int], rung: int) -> bool:
        days, needs = needed
        first = max(day for day in self.dates if day <= date.fromisoformat(proof.since))
        if first not in days or not proof.starts <= proof.at < proof.starts + section.shortest:
            return False
        free = sum((leaf, proof.weekday, proof.at, first) in self.open for leaf in self.halls[hall].leaves())
        held = 0
        for holder in {each.section for each in proof.holders}:
            other = self.sections[holder]
            last = self.rungs(other)[len(self.passes[holder]) - 1 :][:1]
            for each in self.passes[holder]:
                here = (each.hall, each.weekday) == (hall, proof.weekday)
                length = each.ends - each.starts if each.locked else other.shortest
                during = each.starts <= proof.at < each.starts + length
                dates = (other.since or self.problem.since) <= first < (other.until or self.problem.until)
                if here and during and dates and (each.locked or (last and last[0] <= rung)):
                    held += 1 if proof.leaf else len(each.leaves)
                    if proof.leaf and proof.leaf not in each.leaves:
                        return False
        return held >= 1 if proof.leaf else free - held < needs


def errors_in(problem: Problem, plan: Plan, reasons: Reasons | None = None) -> list[str]:
    """What is wrong with a plan, its levels, its bound and its reasons, in words; nothing = it holds.

    Rule FA-30. Source: PLANNING, "checker (own code, rebuilds availability from raw bookings)".
    Words: kontroll, granska, verifiera, checker.
    """
    return Checker(problem, plan).check_all(reasons)
