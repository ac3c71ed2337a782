"""The parts of activity support that pay: per participation, per session, per leader.

They pay for what the ActivityCounting before them counted; a pot (GS-31) can be shared over what they give.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from associations.rules.finding import Finding
from grants.rules.activity_count import ActivityCounting
from grants.rules.calculation import FactMissing, Facts, Part
from grants.rules.counted import Counted
from grants.rules.part import PartRefused, check_amount, check_band, line_of
from records.lines import Line, written
from records.values import rounded

SEXES = ("", "female", "male", "other")
WHO = ("", "disability", "others")
OLDEST = 120
LARGEST = 200  # participants in a session, as far as gaps are looked for

# Every label a line here can carry, with the names of its inputs.
ACTIVITY_LABELS: Mapping[str, tuple[str, ...]] = {
    "activity_counted": ("held", "sessions", "participations", "left_out"),
    "per_participation": ("participations", "kronor", "age_from", "age_to", "sex", "who"),
    "per_session": ("sessions", "kronor", "size_from", "size_to"),
    "per_leader": ("led", "kronor", "more_led", "more"),
}

# What rate_findings can say.
CODES: Mapping[str, tuple[str, ...]] = {
    "ages_without_rate": ("age_from", "age_to"),
    "ages_with_two_rates": ("age_from", "age_to", "times"),
    "sizes_without_amount": ("size_from", "size_to"),
    "sizes_with_two_amounts": ("size_from", "size_to", "times"),
    "nothing_is_counted": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PerParticipation:
    """So many kronor for each participation of an age band. sex: a key, "" = everyone. who: "disability" (marked as having one),
    "others" (not marked), "" = everyone.

    Rule G-93. Source: scheme data, for instance state LOK support 2017-21: 7 kr; Laholm 2024: 7 kr (7-12, 19-25), 11 kr (13-18);
    Gotland: 3.85 kr.
    Words: deltagartillfälle, per deltagare, aktivitetsstöd, LOK, krona per tillfälle, ålder.
    """

    kind: ClassVar[str] = "per_participation"
    rule: ClassVar[str] = "G-93"
    kronor: Decimal
    age_from: int = 0
    age_to: int | None = None
    sex: str = ""
    who: str = ""

    def __post_init__(self) -> None:
        check_amount("kronor", self.kronor)
        check_band(self.age_from, self.age_to)
        if self.sex not in SEXES:
            raise PartRefused("sex", "unknown_word")
        if self.who not in WHO:
            raise PartRefused("who", "unknown_word")

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        number = sum(
            cell.number
            for cell in _counting(facts).cells
            if cell.age >= self.age_from
            and (self.age_to is None or cell.age <= self.age_to)
            and self.sex in ("", cell.sex)
            and (not self.who or (self.who == "disability") == cell.disability)
        )
        amount = rounded(number * self.kronor)
        inputs: dict[str, Decimal | int | str] = {
            "participations": number,
            "kronor": self.kronor,
            "age_from": self.age_from,
            "age_to": "" if self.age_to is None else self.age_to,
            "sex": self.sex,
            "who": self.who,
        }
        arithmetic = f"{written(number)} × {written(self.kronor)} = {written(amount)}"
        return line_of(self, "per_participation", inputs, arithmetic, amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerSession:
    """So many kronor for each session that counts, of a size in participations (both included; size_to None = and more).

    Rule G-94. Source: scheme data, for instance Gotland: 33 kr per session; Fagersta: 75 kr, disability association 100 kr.
    Words: sammankomst, per tillfälle, grundbelopp, aktivitetsstöd, trappa, gruppstorlek.
    """

    kind: ClassVar[str] = "per_session"
    rule: ClassVar[str] = "G-94"
    kronor: Decimal
    size_from: int = 0
    size_to: int | None = None

    def __post_init__(self) -> None:
        check_amount("kronor", self.kronor)
        if self.size_from < 0 or (self.size_to is not None and self.size_to < self.size_from):
            raise PartRefused("size_to", "band")

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        counted = _counting(facts)
        number = sum(
            sessions
            for size, sessions in counted.sizes
            if size >= self.size_from and (self.size_to is None or size <= self.size_to)
        )
        amount = rounded(number * self.kronor)
        inputs: dict[str, Decimal | int | str] = {
            "sessions": number,
            "kronor": self.kronor,
            "size_from": self.size_from,
            "size_to": "" if self.size_to is None else self.size_to,
        }
        return line_of(self, "per_session", inputs, f"{written(number)} × {written(self.kronor)} = {written(amount)}", amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerLeader:
    """Leader support: so many kronor for each session that counts and has a leader, *more* besides when it has two or more.

    Rule G-95. Source: scheme data, for instance state LOK support 2017-21: leader 21 kr, 5 kr more if two or more.
    Words: ledare, ledarstöd, två ledare, aktivitetsstöd, LOK.
    """

    kind: ClassVar[str] = "per_leader"
    rule: ClassVar[str] = "G-95"
    kronor: Decimal
    more: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        check_amount("kronor", self.kronor)
        check_amount("more", self.more)

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        counted = _counting(facts)
        led, two = counted.one_leader + counted.more_leaders, counted.more_leaders
        amount = rounded(led * self.kronor + two * self.more)
        inputs: dict[str, Decimal | int | str] = {"led": led, "kronor": self.kronor, "more_led": two, "more": self.more}
        arithmetic = f"{written(led)} × {written(self.kronor)} + {written(two)} × {written(self.more)} = {written(amount)}"
        return line_of(self, "per_leader", inputs, arithmetic, amount)


def rate_findings(parts: Sequence[Part]) -> tuple[Finding, ...]:
    """What the entered numbers leave out or pay twice: ages that count without a rate, ages with two, sizes likewise.

    Extra rates for one sex or for a disability are meant to come on top, so they neither fill a gap nor make an overlap.

    Rule G-97. Source: Ljungby's steps leave exactly 75 undefined; the officer who enters a rule is shown its gaps.
    Words: glapp, överlapp, lucka, trappsteg, kontroll, belopp saknas, aktivitetsstöd.
    """
    found: list[Finding] = []
    counting: ActivityCounting | None = None
    rates: list[PerParticipation] = []
    amounts: list[PerSession] = []
    for part in (*parts, None):
        if part is None or isinstance(part, ActivityCounting):
            if counting is not None:
                found += [*_age_findings(counting, rates), *_size_findings(counting, amounts)]
            elif rates or amounts:
                found.append(Finding(rule="G-97", met=False, code="nothing_is_counted"))
            counting, rates, amounts = part, [], []
        elif isinstance(part, PerParticipation) and not part.sex and not part.who:
            rates.append(part)
        elif isinstance(part, PerSession):
            amounts.append(part)
    return tuple(found)


def _age_findings(counting: ActivityCounting, rates: list[PerParticipation]) -> list[Finding]:
    last = OLDEST if counting.age_to is None else counting.age_to
    bands = [(rate.age_from, rate.age_to) for rate in rates]
    return _findings(counting.age_from, last, OLDEST, bands, ("ages_without_rate", "ages_with_two_rates"), "age")


def _size_findings(counting: ActivityCounting, amounts: list[PerSession]) -> list[Finding]:
    """Between the first and the last step only: a scheme may well pay nothing for small sessions."""
    bands = [(amount.size_from, amount.size_to) for amount in amounts]
    first = max([counting.least, 1, min((low for low, _high in bands), default=0)])
    last = counting.most or max((LARGEST if high is None else high for _low, high in bands), default=0)
    return _findings(first, last, LARGEST, bands, ("sizes_without_amount", "sizes_with_two_amounts"), "size")


def _findings(
    first: int, last: int, end: int, bands: Sequence[tuple[int, int | None]], codes: tuple[str, str], name: str
) -> list[Finding]:
    """Runs of numbers in no band, and in more than one; nothing when there are no bands at all."""
    if not bands:
        return []
    times = [sum(low <= number and (high is None or number <= high) for low, high in bands) for number in range(first, last + 1)]
    found, start = [], 0
    for place in range(1, len(times) + 1):
        if place < len(times) and times[place] == times[start]:
            continue
        if times[start] != 1:
            upto = first + place - 1
            figures: dict[str, int | str] = {f"{name}_from": first + start, f"{name}_to": "" if upto >= end else upto}
            if times[start]:
                figures["times"] = times[start]
            found.append(Finding(rule="G-97", met=False, code=codes[bool(times[start])], figures=figures))
        start = place
    return found


def _counting(facts: Facts) -> Counted:
    if facts.counting is None:
        raise FactMissing("attendance")
    return facts.counting
