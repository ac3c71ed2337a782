"""Venues: 1,000 spaces in three-level halls with 300,000 coming bookings; finding, booking, and many who want the same slot."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from accounts.actions import add_person
from associations.choices import AssociationStatus, MandateKind
from associations.models import Association, Category, Mandate
from benchmarks.harness import Bench, Figures
from facilities import actions
from facilities.actions.ground import conflicts, ground_of
from facilities.models import Booking, OpeningHours, Space, Venue
from facilities.models.free_time import first_free_times
from facilities.rules.opening import local_instant
from facilities.rules.pricing import Rate, Tariff
from facilities.rules.series import Pattern
from facilities.rules.spans import Span

FIRST_DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_COLUMNS = (
    "uid, kind, status, space_id, starts_at, ends_at, before, after, association_id, hirer_name, from_elsewhere, title, form,"
    ' booked_by_id, on_behalf, reason, made_at, access_code, lines, payable, "full", vat, fee_lines, fee'
)


def measure(bench: Bench) -> Figures:
    spaces, days, wanted = (140, 60, 5_000) if bench.small else (1_000, 500, 300_000)
    user, association = _people()
    bench.say(f"building {spaces} spaces")
    places = _halls(spaces)
    bench.say(f"writing {wanted} bookings over {days} days")
    written = _bookings(bench, places, days, wanted, user, association)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    every = list(Space.objects.select_related("venue"))
    wish = actions.Wish(association=association)
    bench.say("finding")
    figures: Figures = {"spaces": len(every), "bookings": written, **_finding(bench, every)}
    bench.say("booking")
    figures |= _booking(bench, every, wish, user, days)
    figures["contended"] = [
        _contended(bench, every[0], wish, user, clients, slots // (20 if bench.small else 1), days + 10 + 60 * number)
        for number, (clients, slots) in enumerate(((2, 1000), (8, 500)))
    ]
    return figures


def _people() -> tuple[Any, Association]:
    user = add_person("bench@example.org", name="Bench", password="kaffe-och-bulle-17", at=AT)  # noqa: S106 - nobody's
    category = Category.objects.get_or_create(key="bench", defaults={"name": "Bench"})[0]
    association = Association.objects.create(
        name="Bench",
        organisation_number="8024001239",
        category=category,
        status=AssociationStatus.REGISTERED,
        registered_on=date(2020, 1, 1),
    )
    Mandate.objects.create(user=user, association=association, kind=MandateKind.LEADER, since=date(2020, 1, 1))
    plan = actions.Plan(name="Bench", valid_from=date(2020, 1, 1), rules=Tariff(rates=(Rate(kronor=Decimal(100)),)))
    actions.publish_tariff(plan, by=None, at=AT)
    return user, association


def _halls(count: int) -> list[list[Space]]:
    """Halls of seven spaces: a whole, two halves, four quarters; open 08-22."""
    halls = []
    for number in range(-(-count // 7)):
        venue = Venue.objects.create(key=f"hall-{number}", name=f"Hall {number}")
        OpeningHours.objects.bulk_create(
            OpeningHours(venue=venue, weekday=weekday, opens=480, closes=1320, since=date(2020, 1, 1)) for weekday in range(7)
        )
        whole = Space.objects.create(venue=venue, name="1")
        halves = [Space.objects.create(venue=venue, name=f"1.{n}", parent=whole) for n in (1, 2)]
        quarters = [Space.objects.create(venue=venue, name=f"{half.name}.{n}", parent=half) for half in halves for n in (1, 2)]
        halls.append([whole, *halves, *quarters][: count - 7 * number])
    return halls


def _bookings(bench: Bench, halls: list[list[Space]], days: int, wanted: int, user: Any, association: Association) -> int:
    """One-hour bookings at random: at most one in a hall at a time, so none collide. The database writes what they take."""
    share = wanted / (len(halls) * days * 14)

    def rows() -> Iterator[tuple[Any, ...]]:
        for day in range(days):
            opens = local_instant(FIRST_DAY + timedelta(days=day), 480)
            for hall in halls:
                for hour in range(14):
                    if bench.random.random() < share:
                        starts = opens + hour * HOUR
                        space = bench.random.choice(hall)
                        yield (
                            uuid.UUID(int=bench.random.getrandbits(128)), "booking", "confirmed", space.pk, starts, starts + HOUR,
                            0, 0, association.pk, "", False, "", "training", user.pk, False, "", AT, "", "[]", 0, 0, 0, "[]", 0,
                        )  # fmt: skip

    written = 0
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY facilities_booking ({_COLUMNS}) FROM STDIN") as copy,
    ):
        for row in rows():
            copy.write_row(row)
            written += 1
    return written


def _finding(bench: Bench, every: list[Space]) -> Figures:
    since = local_instant(FIRST_DAY, 480)
    until = since + timedelta(days=14)
    space = every[0]
    span = Span(since + 5 * HOUR, since + 6 * HOUR)
    return {
        "first_free_time_ms": bench.median_ms(lambda: first_free_times(every, HOUR, since, until, at=AT)),
        "first_free_time_floor_ms": bench.median_ms(lambda: _plain_first_free(since, until)),
        "conflict_check_ms": bench.median_ms(lambda: conflicts(space, [ground_of(space, span).use(span)], AT), runs=50),
        "conflict_check_floor_ms": bench.median_ms(lambda: _plain_conflict(space, span), runs=50),
    }


def _plain_first_free(since: datetime, until: datetime) -> None:
    """The floor: the earliest free stretch of every space by range aggregates, grid and buffers left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT space.id, (SELECT min(lower(free)) FROM unnest(tstzmultirange(tstzrange(%s, %s)) - coalesce("
            "(SELECT range_agg(during) FROM unnest(space.takes) part JOIN facilities_occupancy o ON o.leaf_id = part"
            " AND o.during && tstzrange(%s, %s) AND o.kind <> 2), '{}')) AS free WHERE upper(free) - lower(free) >= '1 hour')"
            " FROM facilities_space space",
            [since, until, since, until],
        )
        cursor.fetchall()


def _plain_conflict(space: Space, span: Span) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM facilities_occupancy WHERE leaf_id = ANY(%s) AND during && tstzrange(%s, %s) LIMIT 1",
            [space.takes, span.starts, span.ends],
        )
        cursor.fetchall()


def _booking(bench: Bench, every: list[Space], wish: actions.Wish, user: Any, days: int) -> Figures:
    """After the last of the seeded days, so that everything is free."""
    count = 50 if bench.small else 400
    opens = local_instant(FIRST_DAY + timedelta(days=days + 1), 480)
    begun = time.perf_counter()
    for number in range(count):
        starts = opens + timedelta(days=number // 14, hours=number % 14)
        actions.book(every[number % len(every)], Span(starts, starts + HOUR), wish, by=user, at=AT)
    seconds = time.perf_counter() - begun
    first = FIRST_DAY + timedelta(days=days + 400)
    turn = iter(range(100))

    def series() -> None:
        space = every[7 * next(turn)]  # another hall each time
        actions.book_series(space, Pattern(first, first + timedelta(weeks=39), 1080, 1140), wish, by=user, at=AT)

    return {
        "book_ms": seconds / count * 1000,
        "bookings_per_s": count / seconds,
        "series_40_weeks_ms": bench.median_ms(series),
    }


def _contended(
    bench: Bench, space: Space, wish: actions.Wish, user: Any, clients: int, slots: int, after: int
) -> dict[str, object]:
    """Everybody wants every slot, at the same moment."""
    bench.say(f"{clients} clients x {slots} slots")
    before = Booking.objects.filter(space=space).count()
    barrier, lock = threading.Barrier(clients), threading.Lock()
    won: Counter[int] = Counter()
    waits: list[float] = []
    errors: list[Exception] = []

    def try_all(_client: int) -> None:
        for slot in range(slots):
            starts = local_instant(FIRST_DAY + timedelta(days=after + slot // 14), 480 + 60 * (slot % 14))
            barrier.wait()
            begun = time.perf_counter()
            outcome = _attempt(lambda: actions.book(space, Span(starts, starts + HOUR), wish, by=user, at=AT))  # noqa: B023
            with lock:
                waits.append(time.perf_counter() - begun)
                won[slot] += outcome is None
                if isinstance(outcome, Exception) and not isinstance(outcome, actions.Taken):
                    errors.append(outcome)

    bench.at_once(clients, try_all, range(clients))
    return {
        "clients": clients,
        "slots": slots,
        "won_by_none": sum(won[slot] == 0 for slot in range(slots)),
        "won_by_one": sum(won[slot] == 1 for slot in range(slots)),
        "won_by_more": sum(won[slot] > 1 for slot in range(slots)),
        "errors": len(errors),
        "worst_wait_ms": max(waits) * 1000,
        "p99_wait_ms": sorted(waits)[len(waits) * 99 // 100] * 1000,
        "rows": Booking.objects.filter(space=space).count() - before,
    }


def _attempt(work: Callable[[], object]) -> Exception | None:
    try:
        work()
    except Exception as error:  # counted by the caller
        return error
    return None
