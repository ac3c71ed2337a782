"""Many at once: real threads with a connection each, released at the same moment."""

import threading
import time

from django.db import connection, connections

from facilities import actions
from records.refusals import NotAllowedNow

PATIENCE = 120  # seconds: a test that hangs longer than this has failed


def together(*jobs):
    """Run jobs in threads of their own that start at the same time; what each returned or raised, in order."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number, job):
        try:
            barrier.wait(PATIENCE)
            results[number] = job()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, job)) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return results


def faults(results):
    """What went wrong of what was returned or raised: all but answers that a person can read."""
    return [repr(each) for each in results if isinstance(each, Exception) and not isinstance(each, NotAllowedNow)]


def contend(clients, slots, attempt):
    """Every client tries every slot, all at the same moment for each slot. Slot -> outcomes; and the waits in seconds."""
    barrier = threading.Barrier(clients)
    outcomes, waits, lock = {slot: [] for slot in range(slots)}, [], threading.Lock()

    def client(number):
        for slot in range(slots):
            barrier.wait(PATIENCE)
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

    results = together(*(lambda number=number: client(number) for number in range(clients)))
    assert results == [None] * clients
    return outcomes, sorted(waits)


def no_two_overlap():
    """Whether no two uses lie over each other, by the bookings themselves and the tree of spaces, not by the guarded table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM facilities_booking one JOIN facilities_space one_space ON one_space.id = one.space_id"
            " JOIN facilities_booking other ON other.id > one.id"
            " AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at"
            " JOIN facilities_space other_space ON other_space.id = other.space_id AND other_space.takes && one_space.takes"
            " WHERE one.status = ANY(%(taking)s) AND other.status = ANY(%(taking)s)"
            " AND NOT (one.kind = 'closure' AND other.kind = 'closure')",
            {"taking": ["held", "requested", "confirmed"]},
        )
        return cursor.fetchone()[0] == 0
