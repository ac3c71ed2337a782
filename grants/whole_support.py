"""The whole support of each association in a year: cash by decisions in force, hall time by bookings, members as reported,
attendance by cards.

Everything is read from what anyone may read (published grants) or from counts; no case that is not decided is in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from associations.attended import Attended, attended, summed
from associations.choices import Sex
from associations.models import Association
from associations.models.members import MemberCount
from facilities.models.usage import YouthSupport, given_to_associations, youth_support
from facilities.rules.statistics import FEWEST, per_head
from grants.models import Decision
from grants.rules import whole_support as rules
from records.values import ORE, Period, rounded

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Support:
    """One association's support in one year. Kronor and hours. criteria: cash by what earned it (Rule GW-04)."""

    association: Association
    cash: Decimal = ZERO
    hall: Decimal = ZERO
    hours: Decimal = ZERO
    heads: tuple[rules.Heads, ...] = ()
    criteria: Mapping[str, Decimal] = field(default_factory=dict)
    youth: YouthSupport = field(default_factory=YouthSupport)
    cards: Attended = field(default_factory=Attended)

    @property
    def per_participation(self) -> Decimal | None:
        return rules.per_participation(self.total, self.cards.reach.times)

    @property
    def total(self) -> Decimal:
        return self.cash + self.hall

    def members(self, group: str) -> int:
        return sum(each.count for each in self.heads if each.group == group)


@dataclass(frozen=True, slots=True)
class Each:
    """An amount that reached girls, boys and others, and what it comes to for each girl and boy."""

    girls: Decimal
    boys: Decimal
    rest: Decimal
    girls_counted: int
    boys_counted: int

    @property
    def per_girl(self) -> Decimal | None:
        return per_head(self.girls, self.girls_counted)

    @property
    def per_boy(self) -> Decimal | None:
        return per_head(self.boys, self.boys_counted)

    @property
    def gap(self) -> Decimal | None:
        return rules.gap(self.per_girl, self.per_boy)


def supports(year: int, *, today: date, only: int | None = None) -> list[Support]:
    """Every association with any support that year, the one with most first. Nine queries, however many they are.

    today: nothing that is booked later counts yet. only: the key of one association.
    """
    period = Period(date(year, 1, 1), min(date(year + 1, 1, 1), max(today, date(year, 1, 2))))
    cash, criteria = _cash(year)
    halls = given_to_associations(period)
    keys = {*cash, *(key for key, (hours, kronor) in halls.items() if hours or kronor)}
    if only is not None:
        keys &= {only}
    named = {row.pk: row for row in Association.objects.filter(pk__in=keys).select_related("category", "area")}
    heads, youth, cards = _heads(keys, year), youth_support(keys, period), attended(keys, period)
    found = [
        Support(
            association=association,
            cash=cash.get(key, ZERO),
            hall=rounded(halls.get(key, (ZERO, ZERO))[1], ORE),
            hours=rounded(halls.get(key, (ZERO, ZERO))[0], ORE),
            heads=heads.get(key, ()),
            criteria=criteria.get(key, {}),
            youth=youth.get(key, YouthSupport()),
            cards=cards.get(key, Attended()),
        )
        for key, association in named.items()
    ]
    return sorted(found, key=lambda each: (-each.total, each.association.name))


def years_of(association: Association, years: Iterable[int], *, today: date) -> list[tuple[int, Support]]:
    """One association over years, the newest first. A constant number of queries for each year."""
    found = []
    for year in years:
        mine = supports(year, today=today, only=association.pk)
        found.append((year, mine[0] if mine else Support(association)))
    return found


def cash_each(rows: Sequence[Support]) -> Each:
    """Cash by members up to 25 (Rule GW-02): each association's money over its own members."""
    parts = [rules.by_sex_and_age(row.cash, row.heads) for row in rows]
    girls = sum((part.get("girls", ZERO) for part in parts), ZERO)
    boys = sum((part.get("boys", ZERO) for part in parts), ZERO)
    return _each(girls, boys, sum((row.cash for row in rows), ZERO) - girls - boys, rows)


def hall_each(rows: Sequence[Support]) -> Each:
    """Subsidised hall time in kronor, by the sex of the groups that used it."""
    girls = rounded(sum((row.youth.kronor.girls for row in rows), ZERO), ORE)
    boys = rounded(sum((row.youth.kronor.boys for row in rows), ZERO), ORE)
    return _each(girls, boys, sum((row.hall for row in rows), ZERO) - girls - boys, rows)


def hours_each(rows: Sequence[Support]) -> Each:
    girls = rounded(sum((row.youth.hours.girls for row in rows), ZERO), ORE)
    boys = rounded(sum((row.youth.hours.boys for row in rows), ZERO), ORE)
    return _each(girls, boys, sum((row.hours for row in rows), ZERO) - girls - boys, rows)


def with_cards(rows: Sequence[Support], *, exact: bool) -> list[Support]:
    """Those that have marked attendance. exact: those of fewer than five people too, for officers; others never count them."""
    marked = [row for row in rows if row.cards.reach.times]
    return marked if exact else [row for row in marked if row.cards.reach.people >= FEWEST]


def participations_each(rows: Sequence[Support], *, exact: bool) -> Each | None:
    """Participations by girls and boys up to 25, each per member; None when nothing is marked or too few would be told of."""
    every = summed(row.cards for row in rows)
    girls, boys = every.young(Sex.FEMALE, to=rules.YOUNG_TO), every.young(Sex.MALE, to=rules.YOUNG_TO)
    rest = every.reach.people - girls.people - boys.people
    if not every.reach.times or (not exact and any(0 < people < FEWEST for people in (girls.people, boys.people, rest))):
        return None
    return _each(Decimal(girls.times), Decimal(boys.times), Decimal(every.reach.times - girls.times - boys.times), rows)


def all_each(cash: Each, hall: Each) -> Each:
    return Each(cash.girls + hall.girls, cash.boys + hall.boys, cash.rest + hall.rest, cash.girls_counted, cash.boys_counted)


def by_key(rows: Sequence[Support], name: str) -> list[tuple[str, Decimal, Decimal]]:
    """(name, cash, hall) by the association's 'category' or 'area', most first; '' = not stated."""
    sums: dict[str, list[Decimal]] = {}
    for row in rows:
        known = getattr(row.association, name)
        pair = sums.setdefault(str(known) if known else "", [ZERO, ZERO])
        pair[0] += row.cash
        pair[1] += row.hall
    return sorted(((key, cash, hall) for key, (cash, hall) in sums.items()), key=lambda each: (-each[1] - each[2], each[0]))


def by_age(rows: Sequence[Support]) -> list[tuple[tuple[int, int | None], Decimal]]:
    """Cash by age group (Rule GW-03), youngest first; (-1, None) = members not reported."""
    sums: dict[tuple[int, int | None], Decimal] = {}
    for row in rows:
        for band, part in rules.by_age(row.cash, row.heads).items():
            sums[band] = sums.get(band, ZERO) + part
    return sorted(sums.items(), key=lambda item: (item[0][0] < 0, item[0][0]))


def by_criterion(rows: Sequence[Support]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for row in rows:
        for key, part in row.criteria.items():
            sums[key] = sums.get(key, ZERO) + part
    return sums


def _each(girls: Decimal, boys: Decimal, rest: Decimal, rows: Sequence[Support]) -> Each:
    return Each(girls, boys, max(rest, ZERO), sum(row.members("girls") for row in rows), sum(row.members("boys") for row in rows))


def _cash(year: int) -> tuple[dict[int, Decimal], dict[int, dict[str, Decimal]]]:
    """(association -> kronor, association -> criterion -> kronor). One query."""
    rows = Decision.objects.open_grants().filter(application__call__grant_year=year)
    cash: dict[int, Decimal] = {}
    criteria: dict[int, dict[str, Decimal]] = {}
    for key, granted, basis in rows.values_list("application__association", "amount", "basis"):
        amount = granted or ZERO
        cash[key] = cash.get(key, ZERO) + amount
        mine = criteria.setdefault(key, {})
        for name, part in rules.by_criterion(amount, _levels(basis)).items():
            mine[name] = mine.get(name, ZERO) + part
    return cash, criteria


def _levels(basis: Mapping[str, Any] | None) -> list[tuple[str, int, Decimal | None]]:
    found = (basis or {}).get("criteria", [])
    return [(row["key"], row["weight"], Decimal(row["level"]) if row["level"] is not None else None) for row in found]


def _heads(associations: Iterable[int], year: int) -> dict[int, tuple[rules.Heads, ...]]:
    """Members in the latest confirmed figures of the year or before. One query."""
    rows = (
        MemberCount.objects.filter(figures__association__in=associations, figures__confirmed_at__isnull=False)
        .filter(figures__year__lte=year)
        .values_list("figures__association", "figures__year", "sex", "age_band__first_age", "age_band__last_age")
        .annotate(members=Sum("count"))
        .order_by("figures__association", "figures__year", "sex", "age_band__first_age")
    )
    latest: dict[int, tuple[int, list[rules.Heads]]] = {}
    for key, counted, sex, first, last, members in rows:
        if key not in latest or latest[key][0] != counted:
            latest[key] = (counted, [])
        latest[key][1].append(rules.Heads(sex, first, last, members))
    return {key: tuple(heads) for key, (_year, heads) in latest.items()}
