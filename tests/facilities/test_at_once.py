"""Many at once: real threads, one connection each, the real actions."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection

from facilities import actions
from facilities.models import Booking, Occupancy
from facilities.rules.series import Pattern
from tests.facilities.at_once import contend, no_two_overlap
from tests.facilities.conftest import AT, hours

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("clients", "slots"), [(2, 100), (8, 50)])
def test_slot_goes_to_exactly_one_of_those_who_want_it(room, clubs, clients, slots):
    """Case 42, a tenth of its size: `./run bench facilities` does 2 clients x 1,000 slots and 8 x 500, in processes."""

    def attempt(number, slot):
        wish, user = clubs[number]
        actions.book(room, hours(slot % 24, slot % 24 + 1, day=slot // 24), wish, by=user, at=AT)

    outcomes, _waits = contend(clients, slots, attempt)
    assert Counter(tuple(sorted(each)) for each in outcomes.values()) == {("taken",) * (clients - 1) + ("won",): slots}
    assert Booking.objects.count() == slots
    assert Occupancy.objects.count() == slots
    assert no_two_overlap()


def test_hall_and_its_parts_are_never_both_held(tree, clubs):
    """Case 43: the hall, a half, a part of it and a part of that; the room beside it is always had."""
    names = ["1", "1.1", "1.1.1", "1.1.1.1", "1", "1.2", "1.1.2", "2"]

    def attempt(number, slot):
        wish, user = clubs[number]
        actions.book(tree[names[(number + slot) % 8]], hours(slot, slot + 1), wish, by=user, at=AT)

    outcomes, _waits = contend(8, 60, attempt)
    assert set().union(*outcomes.values()) == {"won", "taken"}
    assert Booking.objects.filter(space=tree["2"]).count() == 60
    assert no_two_overlap()
    held = Counter(Booking.objects.exclude(space=tree["2"]).values_list("starts_at", flat=True))
    assert len(held) == 60  # somebody of the family always gets it


RELATED = [("1", "1.1.1.1"), ("1.1", "1.1.2"), ("1.1.1", "1.1.1.1"), ("1", "1")]
UNRELATED = [("1.1", "1.2"), ("1.1.1.1", "1.1.2"), ("1.2", "1.1.1"), ("1", "2")]


@pytest.mark.parametrize(("pair", "outcome"), [(each, 1) for each in RELATED] + [(each, 2) for each in UNRELATED])
def test_of_two_spaces_wanted_at_once_both_are_had_just_when_they_share_no_ground(tree, clubs, pair, outcome):
    """Case 43."""

    def attempt(number, slot):
        wish, user = clubs[number]
        actions.book(tree[pair[number]], hours(slot, slot + 1), wish, by=user, at=AT)

    outcomes, _waits = contend(2, 20, attempt)
    assert {each.count("won") for each in outcomes.values()} == {outcome}
    assert set().union(*outcomes.values()) <= {"won", "taken"}


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

    outcomes, _waits = contend(2, 200, attempt)
    assert set().union(*outcomes.values()) <= {"won", "taken"}
    assert all("won" in each for each in outcomes.values())
    assert no_two_overlap()


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
        process.wait(timeout=60)
        begun = time.perf_counter()
        book(room, hours(12, 14))
        assert time.perf_counter() - begun < 5
    finally:
        process.kill()
        process.wait(timeout=60)
