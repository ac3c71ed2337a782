"""Which sessions and participations of an association's attendance are paid for, and why the others are not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar

from associations.rules.attendance import Attendance, Person, Session
from grants.rules.calculation import FactMissing, Facts
from grants.rules.counted import Cell, Counted, Rejected
from grants.rules.part import PartRefused, line_of
from records.lines import Line, written

NO_LIMIT = 1_000_000
Group = tuple[int, str, bool]  # age, sex, disability: participations that pay alike


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityCounting:
    """What counts of the attendance; the parts after it pay for what it counted. Its own line is 0 kr.

    age_from, age_to: the year one turns, both included; age_to None = and older. disability_any_age: nobody who is marked as
    having a disability is too old. minutes: the shortest session. least, most: participants besides leaders; more than most are
    there but not paid for. per_leader: most participants for each leader. leaders: how many must be there. leader_age_from: who
    is younger does not count as a leader. leaders_count_from, leaders_count_to: leaders of these ages are participants too (None
    = no leaders are). per_day, per_week, per_week_and_activity, per_year: how many times one person is paid for. only_at_home:
    those who live in the municipality. try_outs: how many times somebody who is not a member counts; None = as a member.
    since, until: the rule holds from that day up to, not including, that day.

    Rule G-91. Source: scheme data, for instance state LOK support from July 2023: ages 7-25, 45 minutes, at least 3 participants,
    at most 20 for each leader, no upper age with a disability, one participation per person and day; Cases 53-55.
    Words: aktivitetsstöd, LOK, bidragsgrundande, deltagartillfälle, sammankomst, ålder, gruppstorlek, minuter, villkor.
    """

    kind: ClassVar[str] = "activity_counting"
    rule: ClassVar[str] = "G-91"
    age_from: int = 0
    age_to: int | None = None
    disability_any_age: bool = False
    minutes: int = 0
    least: int = 1
    most: int | None = None
    per_leader: int | None = None
    leaders: int = 0
    leader_age_from: int = 0
    leaders_count_from: int | None = None
    leaders_count_to: int | None = None
    per_day: int | None = None
    per_week: int | None = None
    per_week_and_activity: int | None = None
    per_year: int | None = None
    only_at_home: bool = False
    try_outs: int | None = None
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        for name, first, last in (
            ("age_to", self.age_from, self.age_to),
            ("leaders_count_to", self.leaders_count_from or 0, self.leaders_count_to),
        ):
            if first < 0 or (last is not None and last < first):
                raise PartRefused(name, "band")
        if self.most is not None and self.most < self.least:
            raise PartRefused("most", "band")
        if self.since and self.until and self.until <= self.since:
            raise PartRefused("until", "band")
        for name in ("minutes", "least", "leaders", "leader_age_from", "try_outs"):
            if (getattr(self, name) or 0) < 0:
                raise PartRefused(name, "negative")
        for name in ("per_leader", "per_day", "per_week", "per_week_and_activity", "per_year"):
            if (value := getattr(self, name)) is not None and value < 1:
                raise PartRefused(name, "not_positive")

    @property
    def key(self) -> str:
        """The parameters in one word: what was frozen by the same rule is found by it."""
        return ",".join(f"{each.name}={value}" for each in fields(self) if (value := getattr(self, each.name)) != each.default)

    def prepared(self, facts: Facts) -> Facts:
        """The facts with this part's count in them: the frozen one, else counted now."""
        if (frozen := facts.counted.get(self.key)) is not None:
            return replace(facts, counting=frozen)
        if facts.attendance is None:
            raise FactMissing("attendance")
        return replace(facts, counting=count_activity(self, facts.attendance))

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        counted = facts.counting
        if counted is None:
            raise FactMissing("attendance")
        inputs: dict[str, Decimal | int | str] = {
            "held": counted.held,
            "sessions": counted.sessions,
            "participations": counted.participations,
            "left_out": sum(marks for _reason, marks in counted.left_out),
        }
        reasons = Counter(each.reason for each in counted.rejected)
        less = "".join(f" − {written(number)}" for _reason, number in sorted(reasons.items()))
        how = f"{written(counted.held)}{less} = {written(counted.sessions)}" if less else written(counted.held)
        return line_of(self, "activity_counted", inputs, how, Decimal(0))


def count_activity(rule: ActivityCounting, attendance: Attendance) -> Counted:
    """The figures that *rule* counts of *attendance*, with a reason for each session and mark that is left out.

    Sessions are taken in order of time; whom a cap leaves out is counted the first time. A session needs `least` people who may
    count, whether or not they were counted earlier that day; over `most` the last on the card are left out. Anonymous people are
    never the same twice, so no cap on a person touches them. Takes about a microsecond a mark.

    Rule G-92. Source: scheme data as in G-91; Uddevalla: once per day and association; Cases 53-55.
    Words: räkna närvaro, aktivitetsstöd, underkänd sammankomst, avvisad, tak per dag, deltagartillfällen.
    """
    return _Count(rule, attendance).done()


class _Count:
    """One count while it runs."""

    def __init__(self, rule: ActivityCounting, attendance: Attendance) -> None:
        self.rule, self.attendance = rule, attendance
        self.first = max(attendance.first, rule.since) if rule.since else attendance.first
        self.until = min(attendance.until, rule.until) if rule.until else attendance.until
        self.year = 0
        self.groups: dict[int, Group | str] = {}  # person -> how they pay this year, or why not
        self.cells: dict[Group, int] = {}
        self.sizes: dict[int, int] = {}
        self.left_out: dict[str, int] = {}
        self.rejected: list[Rejected] = []
        self.held = self.one = self.more = self.minutes = 0
        self.caps = _Caps(rule)

    def done(self) -> Counted:
        for session in self.attendance.sessions:
            if session.day >= self.until:
                break
            if session.day >= self.first:
                self.held += 1
                self._count(session)
            elif self.rule.per_year is not None and session.day.year == self.first.year:
                self._count(session, only_caps=True)
        return Counted(
            first=self.first,
            until=max(self.first, self.until),
            held=self.held,
            cells=tuple(Cell(*group, count) for group, count in sorted(self.cells.items())),
            sizes=tuple(sorted(self.sizes.items())),
            one_leader=self.one,
            more_leaders=self.more,
            minutes=self.minutes,
            left_out=tuple(sorted(self.left_out.items())),
            rejected=tuple(self.rejected),
        )

    def _count(self, session: Session, *, only_caps: bool = False) -> None:
        rule, year = self.rule, session.day.year
        if year != self.year:
            self.year, self.groups = year, {}
        if session.minutes < rule.minutes:
            return self._reject(session, "too_short", session.minutes, rule.minutes, only_caps)
        leaders = self._leaders(session)
        if leaders < rule.leaders:
            return self._reject(session, "no_leader", leaders, rule.leaders, only_caps)
        out: dict[str, int] = {}
        fit = list(self._fit(session, out))
        nameless = list(self._nameless(session, out))
        there = len(fit) + sum(number for _group, number in nameless)
        if there < rule.least:
            return self._reject(session, "too_few", there, rule.least, only_caps)
        paid = self._paid(session, fit, nameless, self._room(leaders), out)
        if only_caps:
            return None
        size = sum(number for _group, number in paid)
        if not size:
            return self._reject(session, "all_counted_already", there, 1, only_caps)
        for group, number in paid:
            self.cells[group] = self.cells.get(group, 0) + number
        for reason, number in out.items():
            self.left_out[reason] = self.left_out.get(reason, 0) + number
        self.sizes[size] = self.sizes.get(size, 0) + 1
        self.minutes += session.minutes
        self.one += leaders == 1
        self.more += leaders > 1
        return None

    def _reject(self, session: Session, reason: str, found: int, needed: int, only_caps: bool) -> None:
        if not only_caps:
            self.rejected.append(Rejected(session.day, session.starts, session.group, reason, found, needed))

    def _room(self, leaders: int) -> int:
        """How many participants are paid for with so many leaders."""
        most = NO_LIMIT if self.rule.most is None else self.rule.most
        return most if self.rule.per_leader is None else min(most, self.rule.per_leader * leaders)

    def _leaders(self, session: Session) -> int:
        youngest, persons, year = self.rule.leader_age_from, self.attendance.persons, session.day.year
        named = sum(year - persons[key].born >= youngest for key in session.leaders) if youngest else len(session.leaders)
        if not session.anonymous:
            return named
        return named + sum(each.number for each in session.anonymous if each.leader and year - each.born >= youngest)

    def _fit(self, session: Session, out: dict[str, int]) -> Iterator[tuple[int, Group]]:
        """(person, how they pay) of the participants who may count, in the order of the card."""
        groups, special = self.groups, session.disabled
        for key in session.present:
            group = groups.get(key)
            if group is None:
                group = groups[key] = self._group(self.attendance.persons[key], disability=False)
            if special and key in special:
                group = self._group(self.attendance.persons[key], disability=True)
            if isinstance(group, str):
                out[group] = out.get(group, 0) + 1
            else:
                yield key, group

    def _group(self, person: Person, *, disability: bool) -> Group | str:
        age = self.year - person.born
        if (reason := self._age_reason(age, disability=disability)) is not None:
            return reason
        if self.rule.only_at_home and not person.at_home:
            return "elsewhere"
        return age, person.sex, disability

    def _age_reason(self, age: int, *, disability: bool) -> str | None:
        if age < self.rule.age_from:
            return "too_young"
        if self.rule.age_to is None or age <= self.rule.age_to or (disability and self.rule.disability_any_age):
            return None
        return "too_old"

    def _nameless(self, session: Session, out: dict[str, int]) -> Iterator[tuple[Group, int]]:
        for each in session.anonymous:
            if each.leader and not self._leads_and_counts(self.year - each.born):
                continue
            if (reason := self._age_reason(self.year - each.born, disability=each.disability)) is not None:
                if not each.leader:
                    out[reason] = out.get(reason, 0) + each.number
            elif not each.leader:
                yield (self.year - each.born, each.sex, each.disability), each.number

    def _leads_and_counts(self, age: int) -> bool:
        first, last = self.rule.leaders_count_from, self.rule.leaders_count_to
        return first is not None and age >= first and (last is None or age <= last)

    def _paid(
        self, session: Session, fit: list[tuple[int, Group]], nameless: list[tuple[Group, int]], room: int, out: dict[str, int]
    ) -> list[tuple[Group, int]]:
        """(how they pay, how many): those within the room and the caps; then the leaders who count as participants."""
        paid: list[tuple[Group, int]] = []
        for key, group in fit:
            reason = "over_size" if not room else self.caps.reason(session, key, self.attendance.persons)
            if reason is None:
                paid.append((group, 1))
                room -= 1
            else:
                out[reason] = out.get(reason, 0) + 1
        for group, number in nameless:
            counted = min(number, room)
            room -= counted
            if counted:
                paid.append((group, counted))
            if counted < number:
                out["over_size"] = out.get("over_size", 0) + number - counted
        if self.rule.leaders_count_from is not None:
            paid += self._leaders_paid(session, out)
        return paid

    def _leaders_paid(self, session: Session, out: dict[str, int]) -> Iterable[tuple[Group, int]]:
        persons = self.attendance.persons
        for key in session.leaders:
            person = persons[key]
            if not self._leads_and_counts(self.year - person.born) or (self.rule.only_at_home and not person.at_home):
                continue
            if (reason := self.caps.reason(session, key, persons)) is None:
                yield (self.year - person.born, person.sex, key in session.disabled), 1
            else:
                out[reason] = out.get(reason, 0) + 1
        for each in session.anonymous:
            if each.leader and self._leads_and_counts(self.year - each.born):
                yield (self.year - each.born, each.sex, each.disability), each.number


class _Caps:
    """How many times each person has been counted in the day, week, year and as one who tries out."""

    def __init__(self, rule: ActivityCounting) -> None:
        self.rule = rule
        self.day: date | None = None
        self.period = (0, 0)  # year, and ISO year and week in one number
        self.today: dict[object, int] = {}
        self.week: dict[object, int] = {}
        self.year: dict[object, int] = {}
        self.tried: dict[object, int] = {}
        limits = (rule.per_day, rule.per_week, rule.per_week_and_activity, rule.per_year, rule.try_outs)
        self.none = all(limit is None for limit in limits)
        self.only_day = rule.per_day is not None and all(limit is None for limit in limits[1:])

    def reason(self, session: Session, key: int, persons: Mapping[int, Person]) -> str | None:
        """Why the person is not counted at this session; None when they are, and then that is remembered."""
        if self.none:
            return None
        if session.day != self.day:
            self._turn(session.day)
        if self.only_day:
            times = self.today.get(key, 0)
            if times >= (self.rule.per_day or 0):
                return "already_that_day"
            self.today[key] = times + 1
            return None
        return self._all(session, key, persons)

    def _turn(self, day: date) -> None:
        week = day.isocalendar()
        period = (day.year, week.year * 100 + week.week)
        if period[0] != self.period[0]:
            self.year = {}
        if period[1] != self.period[1]:
            self.week = {}
        self.day, self.period, self.today = day, period, {}

    def _all(self, session: Session, key: int, persons: Mapping[int, Person]) -> str | None:
        rule = self.rule
        checks: tuple[tuple[int | None, dict[object, int], object, str], ...] = (
            (rule.per_day, self.today, key, "already_that_day"),
            (rule.per_week, self.week, key, "already_that_week"),
            (rule.per_week_and_activity, self.week, (key, session.activity), "already_that_week"),
            (rule.per_year, self.year, key, "already_that_year"),
            (None if persons[key].member else rule.try_outs, self.tried, key, "tried_out"),
        )
        for limit, seen, who, reason in checks:
            if limit is not None and seen.get(who, 0) >= limit:
                return reason
        for limit, seen, who, _reason in checks:
            if limit is not None:
                seen[who] = seen.get(who, 0) + 1
        return None
