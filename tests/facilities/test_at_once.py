"""Many at once: real threads, one connection each, the real actions."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import date, timedelta
from functools import partial

import pytest
from django.conf import settings
from django.db import connection, connections

from facilities import actions
from facilities.models import Booking, Occupancy
from facilities.rules.series import Pattern
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT, hours

pytestmark = pytest.mark.django_db(transaction=True)


def _together(*jobs):
    """Run jobs in threads of their own that start at the same time; what each returned or raised, in order."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number, job):
        try:
            barrier.wait()
            results[number] = job()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, job)) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def _contend(clients, slots, attempt):
    """Every client tries every slot, all at the same moment for each slot. Slot -> outcomes; and the waits in seconds."""
    barrier = threading.Barrier(clients)
    outcomes, waits, lock = {slot: [] for slot in range(slots)}, [], threading.Lock()

    def client(number):
        for slot in range(slots):
            barrier.wait(timeout=60)
            begun = time.perf_counter()
            try:
                attempt(number, slot)
                outcome = "won"
            except actions.Taken:
                outcome = "taken"
            except Exception as error:
                outcome = repr(error)
            with lock:
                outcomes[slot].append(outcome)
                waits.append(time.perf_counter() - begun)

    results = _together(*(lambda number=number: client(number) for number in range(clients)))
    assert results == [None] * clients
    return outcomes, sorted(waits)


@pytest.fixture
def clubs(speaker, make_association, tariff):
    """Eight associations with somebody who speaks for each: (wish, user)."""
    found = []
    for number in range(8):
        association = make_association(f"Klubb {number}", f"80240{number:05d}")
        found.append((actions.Wish(association=association), speaker(f"klubb{number}@example.org", association)))
    return found


def _no_two_overlap():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM facilities_occupancy one JOIN facilities_occupancy other ON one.leaf_id = other.leaf_id"
            " AND one.booking_id < other.booking_id AND one.kind <> 2 AND other.kind <> 2 AND one.during && other.during"
        )
        return cursor.fetchone()[0] == 0


@pytest.mark.parametrize(("clients", "slots"), [(2, 1000), (8, 500)])
def test_slot_goes_to_exactly_one_of_those_who_want_it(room, clubs, clients, slots):
    """Case 42."""

    def attempt(number, slot):
        wish, user = clubs[number]
        actions.book(room, hours(slot % 24, slot % 24 + 1, day=slot // 24), wish, by=user, at=AT)

    outcomes, waits = _contend(clients, slots, attempt)
    assert Counter(tuple(sorted(each)) for each in outcomes.values()) == {("taken",) * (clients - 1) + ("won",): slots}
    assert Booking.objects.count() == slots
    assert Occupancy.objects.count() == slots
    assert _no_two_overlap()
    p99, worst = 1000 * waits[len(waits) * 99 // 100], 1000 * waits[-1]
    print(f"\n{clients} clients x {slots} slots: p99 {p99:.0f} ms, worst {worst:.0f} ms")


def test_hall_and_its_parts_are_never_both_held(tree, clubs):
    """Case 43: the hall, a half, a part of it and a part of that; the room beside it is always had."""
    names = ["1", "1.1", "1.1.1", "1.1.1.1", "1", "1.2", "1.1.2", "2"]

    def attempt(number, slot):
        wish, user = clubs[number]
        actions.book(tree[names[(number + slot) % 8]], hours(slot, slot + 1), wish, by=user, at=AT)

    outcomes, _waits = _contend(8, 60, attempt)
    assert set().union(*outcomes.values()) == {"won", "taken"}
    assert Booking.objects.filter(space=tree["2"]).count() == 60
    assert _no_two_overlap()
    held = Counter(Booking.objects.exclude(space=tree["2"]).values_list("starts_at", flat=True))
    assert len(held) == 60  # somebody of the family always gets it


def test_series_and_single_booking_never_share_an_hour(room, clubs):
    """Case 43: 200 rounds; either the whole series stands or the single booking does."""
    (series_wish, series_user), (wish, user) = clubs[:2]

    def attempt(number, slot):
        day = date(2026, 5, 18) + timedelta(days=slot // 20)
        begins = 60 * (slot % 20)
        if number:
            single = hours(slot % 20 - 2, slot % 20 - 1, day=7 + slot // 20)
            actions.book(room, single, wish, by=user, at=AT)
        else:
            pattern = Pattern(day, day + timedelta(days=350), begins, begins + 60, every=10)
            try:
                actions.book_series(room, pattern, series_wish, by=series_user, at=AT)
            except actions.SeriesInTheWay as in_the_way:
                raise actions.Taken([]) from in_the_way

    outcomes, _waits = _contend(2, 200, attempt)
    assert set().union(*outcomes.values()) <= {"won", "taken"}
    assert all("won" in each for each in outcomes.values())
    assert _no_two_overlap()


def test_offer_is_taken_by_one_of_two_who_answer_at_once(room, book, alice, stina, other_association, speaker):
    """Case 47."""
    colleague = speaker("sixten@innebandy.example", other_association)
    for day in range(10):
        booking = book(room, hours(10, 12, day=day))
        entry = actions.wait_for(room, hours(10, 12, day=day), other_association, form="training", by=stina, at=AT)
        actions.cancel(booking, by=alice, at=AT)
        results = _together(*(partial(actions.take_offer, entry, by=user, at=AT) for user in (stina, colleague)))
        assert sorted(type(each) for each in results if isinstance(each, NotAllowedNow)) == [NotAllowedNow]
        assert sum(isinstance(each, Booking) for each in results) == 1


def test_cancelling_and_booking_at_once_leaves_one_booking(room, book, clubs, alice):
    """Case 47."""
    booking = book(room, hours(10, 12))

    def other(number):
        wish, user = clubs[number]
        return lambda: actions.book(room, hours(10, 12), wish, by=user, at=AT)

    results = _together(lambda: actions.cancel(booking, by=alice, at=AT), *(other(number) for number in range(4)))
    assert not [each for each in results if isinstance(each, Exception) and not isinstance(each, actions.Taken)]
    assert Booking.objects.taking_space().count() <= 1
    assert _no_two_overlap()


_HOLDER = """
import django, sys
django.setup()
from django.db import connection, transaction
from facilities import actions
from facilities.actions.ground import lock_ground
from facilities.models import Booking, Space
connection.settings_dict["NAME"] = sys.argv[1]
with transaction.atomic():
    space = Space.objects.get(pk=int(sys.argv[2]))
    lock_ground(space)
    row = Booking.objects.get()
    row.pk = row._state.adding = None
    import uuid
    row.uid = uuid.uuid4()
    row.starts_at, row.ends_at = row.starts_at + (row.ends_at - row.starts_at), row.ends_at + (row.ends_at - row.starts_at)
    row._state.adding = True
    row.save(force_insert=True)
    print("holding", flush=True)
    sys.stdin.read()
"""


def test_killed_process_leaves_the_slot_free_at_once(room, book):
    """Case 42: somebody's process dies between taking the space and being done."""
    book(room, hours(10, 12))
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, connection.settings_dict["NAME"], str(room.pk)],
        cwd=settings.BASE_DIR,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline().strip() == "holding"
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
        begun = time.perf_counter()
        book(room, hours(12, 14))
        assert time.perf_counter() - begun < 5
    finally:
        process.kill()
        process.wait(timeout=10)
