"""Pupils who become pupils of another class during a year: what is proved of them moves along, as far as it can be proved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from culture.rules.coverage import Basis, ClassCoverage, Count, Roll, Visit, counted, evidence_of


@dataclass(frozen=True, slots=True)
class Move:
    """*pupils* of the *of* pupils of a cohort in a class become pupils of another class on a local day.

    A merge is one move from each class, a split one to each. The pupils of the class that no move names stay in it.
    """

    before: str
    after: str
    cohort: int
    pupils: int
    of: int
    on: date

    def __post_init__(self) -> None:
        if not 0 < self.pupils <= self.of or self.before == self.after:
            raise ValueError("Some or all of the pupils of a class move to another.")


@dataclass(frozen=True, slots=True)
class _Span:
    """Between how many and how many of a group's pupils are reached."""

    least: int
    most: int

    def part(self, pupils: int, of: int) -> "_Span":
        """The same for *pupils* of the *of* pupils, whoever they are."""
        return _Span(max(0, self.least - (of - pupils)), min(self.most, pupils))

    def and_also(self, other: "_Span", enrolled: int) -> "_Span":
        """The same pupils, by other visits too."""
        least = min(enrolled, max(self.least, other.least))
        return _Span(least, max(least, min(enrolled, self.most + other.most)))


def check_moves(moves: Iterable[Move]) -> tuple[Move, ...]:
    """The moves in order of day. ValueError when more pupils leave a class than are in it.

    Rule C-44. Source: acceptance Cases 5 and 7.
    Words: flytt, klassbyte, sammanslagning, delning, merge, split.
    """
    ordered = tuple(sorted(moves, key=lambda move: (move.on, move.before, move.after, move.cohort)))
    leaving: dict[tuple[str, int, date], int] = {}
    for move in ordered:
        key = (move.before, move.cohort, move.on)
        leaving[key] = leaving.get(key, 0) + move.pupils
        if leaving[key] > move.of:
            raise ValueError(f"More pupils leave {move.before} than are in it.")
    return ordered


def tied_classes(moves: Iterable[Move]) -> tuple[frozenset[str], ...]:
    """The classes that belong together because pupils moved between them, each group once.

    Rule C-45. Source: acceptance Case 5: grade total 22/44, never 22/88.
    Words: hör ihop, sammanslagning, delning, dubbelräkning.
    """
    groups: list[set[str]] = []
    for move in moves:
        touching = [group for group in groups if {move.before, move.after} & group]
        joined = {move.before, move.after}.union(*touching)
        groups = [group for group in groups if group not in touching] + [joined]
    return tuple(sorted((frozenset(group) for group in groups), key=sorted))


class Carried:
    """Reads what is proved of a class's pupils also in the classes that they were in before, or are in after."""

    def __init__(self, rolls: Mapping[str, Roll], visits: Mapping[str, Sequence[Visit]], moves: Sequence[Move]) -> None:
        self.rolls, self.visits = rolls, visits
        self.out: dict[tuple[str, int], list[Move]] = {}
        self.into: dict[tuple[str, int], list[Move]] = {}
        for move in moves:
            self.out.setdefault((move.before, move.cohort), []).append(move)
            self.into.setdefault((move.after, move.cohort), []).append(move)

    def row(self, roll: Roll, basis: Basis) -> ClassCoverage:
        """The class's figures with what was carried to it, on a basis."""
        enrolled = roll.enrolled(basis)
        own = self._own(roll, enrolled)
        carried = self._later if basis is Basis.OFFICIAL else self._earlier
        spans = {cohort: carried(roll.klass, cohort, count, None) for cohort, count in enrolled.items()}
        by_cohort = tuple(
            (cohort, Count(spans[cohort].least, spans[cohort].most, count.enrolled, count.surplus))
            for cohort, count in own.by_cohort
        )
        least = max(self._as_a_whole(roll, own, basis), sum(span.least for span in spans.values()))
        most = max(least, min(own.total.enrolled, sum(span.most for span in spans.values())))
        return ClassCoverage(roll, Count(least, most, own.total.enrolled, own.total.surplus), by_cohort)

    def _as_a_whole(self, roll: Roll, own: ClassCoverage, basis: Basis) -> int:
        """What the class's own visits prove of its pupils together, whoever left or came being taken to have been there."""
        cohorts = {fragment.cohort for fragment in roll.fragments}
        out = [move for cohort in cohorts for move in self.out.get((roll.klass, cohort), ())]
        into = [move for cohort in cohorts for move in self.into.get((roll.klass, cohort), ())]
        if not (out or into):
            return own.total.reached
        days = [move.on for move in (*out, *into)]
        before, after = self._own(roll, _most(roll), until=min(days)), self._own(roll, _most(roll), since=max(days))
        if basis is Basis.OFFICIAL:
            least = max(before.total.reached, after.total.reached - sum(move.pupils for move in into))
        else:
            least = max(after.total.reached, before.total.reached - sum(move.pupils for move in out))
        return min(own.total.enrolled, least)

    def _earlier(self, klass: str, cohort: int, number: int, until: date | None) -> _Span:
        """What is proved of *number* pupils in a class by visits until a day (None = all), here and where they were before."""
        day = max((day for day in self._days(klass, cohort) if until is None or day < until), default=None)
        span = self._own_span(klass, cohort, number, day, until)
        if day is None:
            return span
        there = self._number_before(klass, cohort, day)
        stay = there - sum(move.pupils for move in self._on(self.out, klass, cohort, day))
        parts = [self._earlier(klass, cohort, there, day).part(stay, there)] if stay > 0 else []
        for move in self._on(self.into, klass, cohort, day):
            parts.append(self._earlier(move.before, cohort, move.of, day).part(move.pupils, move.of))
        return span.and_also(_together(parts), number)

    def _later(self, klass: str, cohort: int, number: int, since: date | None) -> _Span:
        """What is proved of *number* pupils in a class by visits after a day (None = all), here and where they are later."""
        day = min((day for day in self._days(klass, cohort) if since is None or day > since), default=None)
        span = self._own_span(klass, cohort, number, since, day)
        if day is None:
            return span
        leaving = self._on(self.out, klass, cohort, day)
        stay = (leaving[0].of if leaving else number) - sum(move.pupils for move in leaving)
        parts = []
        for there, pupils in ((klass, stay), *((move.after, move.pupils) for move in leaving)):
            if pupils > 0:
                after = max(pupils, self._number_after(there, cohort, day))
                parts.append(self._later(there, cohort, after, day).part(pupils, after))
        return span.and_also(_together(parts), number)

    def _days(self, klass: str, cohort: int) -> set[date]:
        """The days on which pupils of a cohort left or came to a class."""
        return {move.on for moves in (self.out, self.into) for move in moves.get((klass, cohort), ())}

    @staticmethod
    def _on(moves: Mapping[tuple[str, int], Sequence[Move]], klass: str, cohort: int, day: date) -> list[Move]:
        return [move for move in moves.get((klass, cohort), ()) if move.on == day]

    def _number_before(self, klass: str, cohort: int, day: date) -> int:
        leaving = self._on(self.out, klass, cohort, day)
        if leaving:
            return leaving[0].of
        earlier = [each for each in self._days(klass, cohort) if each < day]
        if earlier:
            return self._number_after(klass, cohort, max(earlier))
        roll = self.rolls.get(klass)
        return roll.enrolled(Basis.OFFICIAL).get(cohort, 0) if roll else 0

    def _number_after(self, klass: str, cohort: int, day: date) -> int:
        """How many of a cohort are in a class when the moves of a day are made; never fewer than are said to be there."""
        came = sum(move.pupils for move in self._on(self.into, klass, cohort, day))
        left = sum(move.pupils for move in self._on(self.out, klass, cohort, day))
        number = self._number_before(klass, cohort, day) - left + came
        if any(each > day for each in self._days(klass, cohort)):
            return number
        roll = self.rolls.get(klass)
        return max(number, roll.enrolled(Basis.LIVE).get(cohort, 0) if roll else 0)

    def _own_span(self, klass: str, cohort: int, number: int, since: date | None, until: date | None) -> _Span:
        roll = self.rolls.get(klass)
        if roll is None:
            return _Span(0, 0)
        count = self._own(roll, {**_most(roll), cohort: number}, since, until).of_cohort(cohort)
        return _Span(count.reached, count.at_most)

    def _own(
        self, roll: Roll, enrolled: Mapping[int, int], since: date | None = None, until: date | None = None
    ) -> ClassCoverage:
        """By a class's own visits after a day and until a day: a visit on the day of a move was made by the class before it."""
        ours = [
            visit
            for visit in self.visits.get(roll.klass, ())
            if (since is None or visit.on > since) and (until is None or visit.on <= until)
        ]
        return counted(roll, enrolled, evidence_of(ours))


def _most(roll: Roll) -> dict[int, int]:
    """cohort -> pupils, on whichever basis there are more."""
    return {part.cohort: max(part.official or 0, part.live or 0) for part in roll.fragments}


def _together(parts: Sequence[_Span]) -> _Span:
    return _Span(sum(part.least for part in parts), sum(part.most for part in parts))
