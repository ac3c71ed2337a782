"""Why, in Swedish that a club can read: the same words on the club's page, the officer's and the public one."""

from collections import Counter

from facilities.rules.allocation.principles import clock, minutes_of
from facilities.rules.allocation.problem import Problem
from facilities.rules.allocation.reasons import Blocked, Given, Reasons, Refusal, Why

DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
LOST = {
    "closed": "när lokalen är stängd",
    "standing": "där något annat redan ligger",
    "principles": "som principerna inte tillåter",
    "people": "där lokalen är för liten",
    "parts": "där lokalen inte har så många delar",
    "dates": "utanför säsongen",
    "officer": "som handläggaren har sagt nej till",
}
MOST = 4  # sections that are named


class Teller:
    """Puts the reasons of one problem into words."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.halls = {hall.key: hall.name for hall in problem.halls}
        self.sections = {section.key: section for section in problem.sections}
        self.classes = {each.key: each.name for each in problem.principles.classes}

    def given(self, each: Given) -> tuple[str, ...]:
        section, time = self.sections[each.section], each.time
        choice = "förstahandsval" if each.choice == 1 else "andrahandsval"
        where = f"{DAYS[time.weekday]} {_at(time.starts)}–{_at(time.ends)} i {self.halls[time.hall]}"
        lines = [
            f"Pass {each.number}: {where}, {choice}, lokal {time.wish + 1} av {max(1, len(section.spaces))} i önskad ordning."
        ]
        if time.locked:
            lines.append("Handläggaren har låst passet.")
        elif each.rung >= 0:
            lines.append(f"Det gavs på steg {each.rung + 1} till {self.classes[each.class_key]}.")
        if each.short:
            lines.append(f"Det är {each.short * 30} minuter kortare än önskat: resten är upptaget eller inte tillåtet.")
        return tuple(lines)

    def refused(self, each: Refusal) -> tuple[str, ...]:
        section = self.sections[each.section]
        begins = f"Pass {each.number} gavs inte."
        match each.why:
            case Why.NO_CLASS:
                return (begins, "Principerna har ingen klass som gruppen hör till.")
            case Why.NO_RUNG:
                return (begins, f"Principerna ger inte så många pass till {self.classes[each.class_key]}.")
            case Why.LIMIT:
                return (begins, f"Principerna ger gruppen högst {minutes_of(self.problem.principles, section)} minuter i veckan.")
            case Why.NO_OPTION:
                return (begins, f"Ingen tid i önskemålet går att få{self._lost(each)}.", *self._elsewhere(each))
            case Why.DAYS:
                days = ", ".join(DAYS[day] for day in each.own_days)
                return (begins, f"Gruppen har redan ett pass alla veckodagar som går: {days}.", *self._elsewhere(each))
            case Why.NOT_PROVED:
                return (
                    begins,
                    "Tiden räcker, men lokalen kunde inte delas så att passet fick plats. Det är inte bevisat omöjligt.",
                )
        return (begins, *self._held(each), *self._elsewhere(each))

    def _held(self, each: Refusal) -> list[str]:
        holders = Counter(holder.section for blocked in each.blocked for holder in blocked.holders)
        rungs = {holder.section: holder.rung for blocked in each.blocked for holder in blocked.holders}
        named = [f"{self._section(key)} (steg {rungs[key] + 1})" for key, _times in sorted(holders.items(), key=_most)[:MOST]]
        rest = f" och {len(holders) - MOST} till" if len(holders) > MOST else ""
        number = len(each.blocked)
        times = "Den enda tid" if number == 1 else f"Alla {number} tider"
        lines = [
            f"Passet står på steg {each.rung + 1}. {times} som går att få enligt önskemålet hålls av grupper på samma steg"
            f" eller tidigare: {', '.join(named)}{rest}."
        ]
        if each.nearest is not None:
            lines.append(self._nearest(each.nearest))
        return lines

    def _nearest(self, each: Blocked) -> str:
        held = sum(holder.amount for holder in each.holders)
        who = ", ".join(self._section(holder.section) for holder in each.holders)
        return (
            f"Närmast är {self._time(each.hall, each.weekday, each.starts)}: klockan {_at(each.at)} finns {_parts(each.room)},"
            f" {held} hålls av {who} och passet behöver {each.needs}."
        )

    def _lost(self, each: Refusal) -> str:
        told = [f"{number} {LOST.get(why, why)}" for why, number in each.lost]
        return f": {', '.join(told)}" if told else ""

    def _elsewhere(self, each: Refusal) -> list[str]:
        times = [self._time(*one) for one in each.elsewhere]
        return [f"Ledigt just nu utanför önskemålet: {'; '.join(times)}."] if times else []

    def _time(self, hall: str, weekday: int, starts: int) -> str:
        return f"{DAYS[weekday]} {_at(starts)} i {self.halls[hall]}"

    def _section(self, key: str) -> str:
        section = self.sections[key]
        return f"{section.club} {section.name}"


def told(problem: Problem, why: Reasons, section: str) -> tuple[tuple[str, ...], ...]:
    """The reasons of a section's passes as Swedish sentences, one group of lines for each wished pass.

    Rule FA-41. Source: issue, "why: rule, rank, what held the time instead, what would have to change ... the same words".
    Words: varför, motivering, klarspråk, avslag.
    """
    teller = Teller(problem)
    return tuple(teller.given(each) if isinstance(each, Given) else teller.refused(each) for each in why.of(section))


def _at(minutes: int) -> str:
    """As the clock is written in Swedish: 18.00."""
    return clock(minutes).replace(":", ".")


def _parts(number: int) -> str:
    return "1 del" if number == 1 else f"{number} delar"


def _most(pair: tuple[str, int]) -> tuple[int, str]:
    return (-pair[1], pair[0])
