"""How the venues were used, counted by the database: hours, what was used of them, kronor, people; by what a booking tells."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, DecimalField, F, Func, Max, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Greatest
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan

from associations.choices import Sex
from associations.models.members import MemberCount
from facilities.choices import BookingStatus, UseKind
from facilities.models.booking import Booking
from facilities.models.season import SeasonRound
from facilities.rules.statistics import AgeBand, SexBand, per_head
from records.values import Period, local_day, opens_on

YOUTH_AGE = 25  # years: up to and with this one is a girl or a boy (Karlskoga's tariff: youth 0-25)
_ZERO = Decimal(0)
_NUMBER = DecimalField(max_digits=20, decimal_places=6)
_HOURS = Func(F("ends_at") - F("starts_at"), template="(EXTRACT(EPOCH FROM %(expressions)s) / 3600)", output_field=_NUMBER)
_STANDS = Q(status=BookingStatus.CONFIRMED)
_LATE = Q(status=BookingStatus.CANCELLED, fee__gt=0)
_GIVEN = Greatest(F("full") - F("payable"), Value(_ZERO), output_field=_NUMBER)
_PAID = Case(When(_STANDS, then=F("payable") + F("fee")), default=F("fee"), output_field=_NUMBER)

_GROUP = F("women") + F("men")
_HALF_YOUNG = GreaterThanOrEqual(2 * F("young"), F("people"))

# The same bands as Rules F-70 and F-71 (a test compares).
_AGE = Case(
    When(Q(young=None) | Q(people=None) | Q(people=0) | Q(young__gt=F("people")), then=Value(AgeBand.UNKNOWN.value)),
    When(young=F("people"), then=Value(AgeBand.YOUNG.value)),
    When(young=0, then=Value(AgeBand.ADULT.value)),
    When(_HALF_YOUNG, then=Value(AgeBand.MOSTLY_YOUNG.value)),
    default=Value(AgeBand.MOSTLY_ADULT.value),
    output_field=CharField(),
)
_SEX = Case(
    When(Q(women=None) | Q(men=None) | Q(women=0, men=0), then=Value(SexBand.UNKNOWN.value)),
    When(LessThan(5 * F("women"), 2 * _GROUP), then=Value(SexBand.BOYS.value)),
    When(GreaterThan(5 * F("women"), 3 * _GROUP), then=Value(SexBand.GIRLS.value)),
    default=Value(SexBand.EVEN.value),
    output_field=CharField(),
)
# What figures can be grouped by: name in the address -> what tells one group from another.
GROUPS: dict[str, Any] = {
    "anlaggning": F("space__venue__name"),
    "del": Concat("space__venue__name", Value(", "), "space__name"),
    "lokalslag": F("space__kind"),
    "anvandning": F("kind"),
    "form": F("form"),
    "kategori": Coalesce(F("hirer__name"), Value("")),
    "forening": Coalesce(F("association__name"), Value("")),
    "alder": _AGE,
    "kon": _SEX,
}


@dataclass(frozen=True, slots=True)
class Use:
    """What one group comes to. Hours of the time booked; kronor; people: the largest number known at one time, None = unknown.

    booked = came + absent + late + unnoted. late: cancelled so late that it cost. unnoted: nobody has noted whether they came.
    """

    bookings: int = 0
    booked: Decimal = _ZERO
    came: Decimal = _ZERO
    absent: Decimal = _ZERO
    late: Decimal = _ZERO
    paid: Decimal = _ZERO
    given: Decimal = _ZERO
    people: int | None = None

    @property
    def unnoted(self) -> Decimal:
        return self.booked - self.came - self.absent - self.late

    @property
    def unused(self) -> Decimal:
        """Nobody came, or cancelled too late for anybody else."""
        return self.absent + self.late


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose use is counted: what began in a period of local days; narrowed to a venue, a category of hirer, a kind of use."""

    period: Period[date]
    venue: int | None = None
    hirer: int | None = None
    kind: str = ""


def use_by(group: str, chosen: Chosen) -> dict[str, Use]:
    """The figures of each group, the one with most hours first. group: a key of GROUPS. One query."""
    grouped: Any = _rows(chosen).annotate(group=GROUPS[group]).values("group")
    rows = grouped.annotate(**_figures()).order_by("-booked", "group")
    return {row.pop("group"): Use(**row) for row in rows}


def use_in_all(chosen: Chosen) -> Use:
    """The figures of everything. One query."""
    return Use(**_rows(chosen).aggregate(**_figures()))


def given_to_associations(period: Period[date]) -> dict[int, tuple[Decimal, Decimal]]:
    """Association key -> (hours booked, the municipality's subsidy in kronor) of everything they booked. One query."""
    figures = _figures()
    rows: Any = _rows(Chosen(period)).filter(association__isnull=False).values("association")
    rows = rows.annotate(hours=figures["booked"], kronor=figures["given"]).order_by("association")
    return {row["association"]: (row["hours"], row["kronor"]) for row in rows}


def first_year() -> int | None:
    """The local year of the first booking; None before there is any. One query."""
    first = Booking.objects.order_by("starts_at").values_list("starts_at", flat=True).first()
    return local_day(first).year if first else None


def _rows(chosen: Chosen) -> QuerySet[Booking]:
    """What was booked and stood, or was cancelled too late; closed time is no use. Each use counts once, where it begins."""
    narrowed = {"space__venue": chosen.venue, "hirer": chosen.hirer, "kind": chosen.kind}
    rows = Booking.objects.filter(_STANDS | _LATE, starts_at__gte=opens_on(chosen.period.since))
    if chosen.period.until:
        rows = rows.filter(starts_at__lt=opens_on(chosen.period.until))
    return rows.exclude(kind=UseKind.CLOSURE).filter(**{name: value for name, value in narrowed.items() if value})


def _figures() -> dict[str, Any]:
    """What each field of Use is, as the database counts it."""

    def hours(which: Q | None = None) -> Coalesce:
        return Coalesce(Sum(_HOURS, filter=which), Value(_ZERO), output_field=_NUMBER)

    return {
        "bookings": Count("pk"),
        "booked": hours(),
        "came": hours(_STANDS & Q(arrived_at__isnull=False)),
        "absent": hours(_STANDS & Q(absent_at__isnull=False)),
        "late": hours(_LATE),
        "paid": Coalesce(Sum(_PAID), Value(_ZERO), output_field=_NUMBER),
        "given": Coalesce(Sum(_GIVEN, filter=_STANDS), Value(_ZERO), output_field=_NUMBER),
        "people": Max("people"),
    }


# Girls and boys ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shared:
    """An amount shared between girls and boys; unknown: of groups that did not tell."""

    girls: Decimal = _ZERO
    boys: Decimal = _ZERO
    unknown: Decimal = _ZERO

    @property
    def total(self) -> Decimal:
        return self.girls + self.boys + self.unknown


@dataclass(frozen=True, slots=True)
class YouthSupport:
    """What youth activity in the venues got: hall hours and the municipality's subsidy in kronor; and per head.

    girls, boys: members up to YOUTH_AGE, as last reported.
    """

    hours: Shared = field(default_factory=Shared)
    kronor: Shared = field(default_factory=Shared)
    girls: int = 0
    boys: int = 0

    @property
    def hours_per_head(self) -> tuple[Decimal | None, Decimal | None]:
        """(per girl, per boy); None where there is nobody to share with."""
        return per_head(self.hours.girls, self.girls), per_head(self.hours.boys, self.boys)

    @property
    def kronor_per_head(self) -> tuple[Decimal | None, Decimal | None]:
        return per_head(self.kronor.girls, self.girls), per_head(self.kronor.boys, self.boys)


def youth_support(associations: Collection[int], period: Period[date]) -> dict[int, YouthSupport]:
    """For each association (by key) what its youth activity got in the venues, by the sex of each group.

    A booking is youth activity when at least half are under 25, or, where nobody told, when it is priced as youth. Time cancelled
    late counts: it was kept for them. Two queries, however many associations.
    """
    heads = _heads(associations, period)
    rows = _youth_rows(associations, period)
    return {
        row["association"]: YouthSupport(
            hours=Shared(row["hours_girls"], row["hours"] - row["hours_unknown"] - row["hours_girls"], row["hours_unknown"]),
            kronor=Shared(row["given_girls"], row["given"] - row["given_unknown"] - row["given_girls"], row["given_unknown"]),
            girls=heads.get((row["association"], Sex.FEMALE), 0),
            boys=heads.get((row["association"], Sex.MALE), 0),
        )
        for row in rows
    }


def summed(supports: Mapping[int, YouthSupport]) -> YouthSupport:
    """Several associations as one: per head of all their girls and boys."""
    every = supports.values()

    def shared(of: list[Shared]) -> Shared:
        return Shared(
            sum((each.girls for each in of), _ZERO),
            sum((each.boys for each in of), _ZERO),
            sum((each.unknown for each in of), _ZERO),
        )

    return YouthSupport(
        hours=shared([each.hours for each in every]),
        kronor=shared([each.kronor for each in every]),
        girls=sum(each.girls for each in every),
        boys=sum(each.boys for each in every),
    )


def _youth_rows(associations: Collection[int], period: Period[date]) -> Any:
    told = Q(people__gt=0, young__isnull=False)
    youth = (told & Q(_HALF_YOUNG)) | (~told & Q(hirer__for_youth=True))
    known = Q(women__isnull=False, men__isnull=False) & ~Q(women=0, men=0)
    share = Case(When(known, then=Cast("women", _NUMBER) / _GROUP), default=Value(_ZERO), output_field=_NUMBER)
    zero = Value(_ZERO)

    def summing(what: Any, which: Q | None = None) -> Coalesce:
        return Coalesce(Sum(what, filter=which, output_field=_NUMBER), zero, output_field=_NUMBER)

    return (
        _rows(Chosen(period))
        .filter(youth, association__in=associations)
        .values("association")
        .annotate(
            hours=summing(_HOURS),
            hours_girls=summing(_HOURS * share),
            hours_unknown=summing(_HOURS, ~known),
            given=summing(_GIVEN, _STANDS),
            given_girls=summing(_GIVEN * share, _STANDS),
            given_unknown=summing(_GIVEN, _STANDS & ~known),
        )
        .order_by("association")
    )


def _heads(associations: Collection[int], period: Period[date]) -> dict[tuple[int, str], int]:
    """(association, sex) -> members up to YOUTH_AGE in the latest confirmed figures of the period's last year or before."""
    last_year = (period.until - timedelta(days=1)).year if period.until else 9999
    latest = (
        MemberCount.objects.filter(figures__association__in=associations, figures__confirmed_at__isnull=False)
        .filter(figures__year__lte=last_year, age_band__last_age__lte=YOUTH_AGE)
        .values("figures__association", "figures__year", "sex")
        .annotate(members=Sum("count"))
        .order_by("figures__year")
    )
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for row in latest:
        found[(row["figures__association"], row["sex"])] = (row["figures__year"], row["members"])
    return {key: members for key, (_year, members) in found.items()}


@dataclass(frozen=True, slots=True)
class Used:
    """Whole hours that an association had, and how many of a hundred were not noted as unused."""

    hours: int
    used_percent: int


def used_before(season: SeasonRound, associations: Collection[int]) -> dict[int, Used]:
    """association -> what it had in the halls of a season during the year before it begins. One query."""
    rows = (
        _rows(Chosen(Period(season.since - timedelta(days=365), season.since)))
        .filter(_STANDS, association__in=associations, space__path__0__in=season.halls.values("pk"))
        .values("association")
        .annotate(
            hours=Sum(_HOURS), unused=Coalesce(Sum(_HOURS, filter=Q(absent_at__isnull=False)), Value(_ZERO), output_field=_NUMBER)
        )
        .order_by()
    )
    return {row["association"]: Used(int(row["hours"]), int(100 * (row["hours"] - row["unused"]) / row["hours"])) for row in rows}
