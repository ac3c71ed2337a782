"""Venues: 1,000 spaces in three-level halls with 300,000 coming bookings; finding, booking, and many who want the same slot."""

import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http import HTTPStatus
from itertools import count, cycle, islice
from multiprocessing import get_context
from statistics import median
from typing import Any

import time_machine
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import add_person
from associations.choices import AssociationStatus, MandateKind
from associations.models import Association, Category, Mandate
from benchmarks.floors import bookings as floor
from benchmarks.harness import RUNS, Bench, Figures
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
CONTENDED = ((2, 1000), (8, 500))  # clients, slots
PATIENCE = 120  # seconds that one client waits for the others before the figures are given up
_COLUMNS = (
    "uid, kind, status, space_id, starts_at, ends_at, before, after, association_id, hirer_name, from_elsewhere, title, form,"
    ' booked_by_id, on_behalf, reason, made_at, access_code, lines, payable, "full", vat, fee_lines, fee'
)


def measure(bench: Bench) -> Figures:
    """Times are of the wall, medians; *_cpu_ms is this process's own, *_floor_ms the database alone doing the same in SQL."""
    spaces, days, wanted = (140, 60, 5_000) if bench.small else (1_000, 500, 300_000)
    logging.disable(logging.INFO)
    user, association = _people()
    bench.say(f"building {spaces} spaces")
    halls = _halls(spaces)
    bench.say(f"writing {wanted} bookings over {days} days")
    written = _bookings(bench, halls, days, wanted, user, association)
    bench.say("looking through them")
    figures: Figures = {"spaces": spaces, "bookings": written, "rows_not_as_the_rules_say": _not_as_the_rules_say()}
    every = list(Space.objects.select_related("venue"))[:spaces]
    bench.say("finding")
    with time_machine.travel(AT):  # pages look at the clock
        figures |= _finding(every)
    bench.say("booking")
    free_days = (FIRST_DAY + timedelta(days=number) for number in count(days))
    client = _Client(actions.Wish(association=association), user)
    figures |= _booking(bench, every, client, free_days)
    figures["contended"] = [
        _contended(bench, every[-1], client, clients, slots // (20 if bench.small else 1), free_days)
        for clients, slots in CONTENDED
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
    """Halls of seven spaces: a whole, two halves, four quarters; open 08-22. Only the first *count* spaces are used."""
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
    """One-hour bookings at random: at most one in a hall at a time, so none collide.

    One statement, with every trigger and constraint on: the database itself writes, and checks, what they take.
    """
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
    with transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy(f"COPY facilities_booking ({_COLUMNS}) FROM STDIN") as copy:
            for row in rows():
                copy.write_row(row)
                written += 1
        bench.say("the database writes what they take")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return written


def _not_as_the_rules_say() -> int:
    """Bookings whose rows in the space-time table are not exactly the smallest parts of their space, at their time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM facilities_booking booking JOIN facilities_space space ON space.id = space_id LEFT JOIN ("
            " SELECT booking_id, array_agg(leaf_id ORDER BY leaf_id) AS parts, array_agg(DISTINCT during) AS times,"
            " bool_and(kind = booking_id + 2) AS are_whole FROM facilities_occupancy GROUP BY booking_id"
            ") AS taken ON taken.booking_id = booking.id"
            " WHERE (parts, times, are_whole) IS DISTINCT FROM (takes, ARRAY[tstzrange(starts_at, ends_at)], true)"
        )
        (wrong,) = cursor.fetchone()
    return int(wrong)


def _cost(name: str, work: Callable[[], object], plain: Callable[[], object], runs: int = RUNS) -> Figures:
    """The medians of both, in turns, after one run that is not counted: {name}_ms, {name}_cpu_ms, {name}_floor_ms."""
    wall, cpu, floors = [], [], []
    for _run in range(runs + 1):
        begun, spent = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - spent)
        begun = time.perf_counter()
        plain()
        floors.append(time.perf_counter() - begun)
    figures = {"ms": wall, "cpu_ms": cpu, "floor_ms": floors}
    return {f"{name}_{unit}": median(times[1:]) * 1000 for unit, times in figures.items()}


def _finding(every: list[Space]) -> Figures:
    since = local_instant(FIRST_DAY, 480)
    until = since + timedelta(days=14)
    hall, space = every[:7], every[0]
    span = Span(since + 5 * HOUR, since + 6 * HOUR)
    week = Span(local_instant(FIRST_DAY, 0), local_instant(FIRST_DAY + timedelta(days=7), 0))

    def find(hours: int) -> object:
        return first_free_times(every, hours * HOUR, since, until, at=AT)

    days = f"day={FIRST_DAY}&last_day={FIRST_DAY + timedelta(days=13)}"
    view = _Page(f"{reverse('facilities:week', args=[space.venue.key])}?day={FIRST_DAY}")
    search = _Page(f"{reverse('facilities:find')}?{days}&length=60")
    return {
        **_cost("first_free_time", lambda: find(1), lambda: floor.first_free(since, until)),
        **_cost("first_free_ten_hours", lambda: find(10), lambda: floor.first_free(since, until, hours=10)),
        **_cost("find_page", search.get, lambda: floor.first_free(since, until)),
        "find_page_queries": search.queries(),
        **_cost("week_view", view.get, lambda: floor.taken_in(hall, week), runs=20),
        "week_view_queries": view.queries(),
        **_cost(
            "conflict_check",
            lambda: conflicts(space, [ground_of(space, span).use(span)], AT),
            lambda: floor.is_taken(space, [span]),
            runs=50,
        ),
    }


class _Page:
    """A page as the server makes it for anybody, middleware and template included."""

    def __init__(self, url: str) -> None:
        self.url, self.client = url, Client(raise_request_exception=True)

    def get(self) -> None:
        answer = self.client.get(self.url)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{self.url} answered {answer.status_code}.")

    def queries(self) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.get()
        return len(asked)


def _hours(days: Iterator[date]) -> Iterator[Span]:
    """Every opening hour of fresh days; those who share *days* never meet."""
    for day in days:
        for hour in range(14):
            yield _hour(day, hour)


def _hour(day: date, hour: int) -> Span:
    starts = local_instant(day, 480 + 60 * hour)
    return Span(starts, starts + HOUR)


class _Client:
    """Books as a person does, or in plain SQL."""

    def __init__(self, wish: actions.Wish, user: Any) -> None:
        self.wish, self.user = wish, user

    def book(self, space: Space, span: Span) -> bool:
        try:
            actions.book(space, span, self.wish, by=self.user, at=AT)
        except actions.Taken:
            return False
        return True

    def book_plainly(self, space: Space, span: Span) -> bool:
        return floor.book(space, [span], self.user, self.wish.association)


def _booking(bench: Bench, every: list[Space], client: _Client, days: Iterator[date]) -> Figures:
    times = 50 if bench.small else 400
    wishes, plain_wishes = (zip(cycle(every), _hours(days), strict=False) for _way in range(2))
    cost = _cost("book", lambda: client.book(*next(wishes)), lambda: client.book_plainly(*next(plain_wishes)), runs=times)
    begun = time.perf_counter()
    for space, span in islice(wishes, times):
        client.book(space, span)
    per_second = times / (time.perf_counter() - begun)
    halls = iter(every[::7])  # another whole hall each time
    first = next(days)

    def series() -> None:
        pattern = Pattern(first, first + timedelta(weeks=39), 1080, 1140)
        actions.book_series(next(halls), pattern, client.wish, by=client.user, at=AT)

    def plain_series() -> None:
        floor.book(next(halls), floor.weeks(_hour(first, 10), 40), client.user, client.wish.association)

    return {**cost, "bookings_per_s": per_second, **_cost("series_40_weeks", series, plain_series)}


def _contended(bench: Bench, space: Space, client: _Client, clients: int, slots: int, days: Iterator[date]) -> Figures:
    """Everybody, each in a process with a connection of its own, wants every slot, at the same moment."""
    bench.say(f"{clients} clients x {slots} slots")
    before = Booking.objects.filter(space=space).count()
    outcomes = _everybody(clients, client.book, space, list(islice(_hours(days), slots + 1)))
    rows = Booking.objects.filter(space=space).count() - before - 1
    plainly = _everybody(clients, client.book_plainly, space, list(islice(_hours(days), slots + 1)))
    won = Counter(slot for slot, outcome, _wait in outcomes if outcome is True)
    waits = sorted(wait for _slot, _outcome, wait in outcomes)
    return {
        "clients": clients,
        "slots": slots,
        "won_by_none": slots - len(won),
        "won_by_one": sum(times == 1 for times in won.values()),
        "won_by_more": sum(times > 1 for times in won.values()),
        "errors": sum(isinstance(outcome, str) for _slot, outcome, _wait in outcomes),
        "rows": rows,
        "p99_wait_ms": waits[len(waits) * 99 // 100] * 1000,
        "worst_wait_ms": waits[-1] * 1000,
        "worst_wait_floor_ms": max(wait for _slot, _outcome, wait in plainly) * 1000,
    }


Outcome = tuple[int, bool | str, float]  # slot; won, lost, or the error; seconds


def _everybody(clients: int, attempt: Callable[[Space, Span], bool], space: Space, spans: list[Span]) -> list[Outcome]:
    """What each client met in each slot. One more slot comes first, to warm the processes, and is not told of."""
    connections.close_all()
    context = get_context("fork")
    gate, results = context.Barrier(clients), context.SimpleQueue()

    def one_client() -> None:
        found: list[Outcome] = []
        for slot, span in enumerate(spans):
            gate.wait(PATIENCE)
            begun = time.perf_counter()
            found.append((slot, _outcome(attempt, space, span), time.perf_counter() - begun))
        results.put(found[1:])

    people = [context.Process(target=one_client) for _client in range(clients)]
    for each in people:
        each.start()
    outcomes = [outcome for _client in range(clients) for outcome in results.get()]
    for each in people:
        each.join()
    return outcomes


def _outcome(attempt: Callable[[Space, Span], bool], space: Space, span: Span) -> bool | str:
    try:
        return attempt(space, span)
    except Exception as error:  # counted, and shown as a figure
        return repr(error)
