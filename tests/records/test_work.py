"""Work of minutes: taken by one worker, followed, given up in words, swept up. Tried on a room's own rows."""

import threading
from datetime import date, timedelta

import pytest
from django.db import transaction

from culture.models import PlanRun, SchoolYear
from records import work
from records.models import Event
from records.refusals import NotAllowedNow
from tests.facilities.at_once import PATIENCE, together
from tests.records.conftest import AT

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def run(db):
    year = SchoolYear.objects.create(first=2026, official_on=date(2026, 10, 15))
    return PlanRun.objects.create(year=year, seed=1, problem="{}", problem_sha256="0", made_at=AT)


def finished(row, _report):
    with transaction.atomic():
        mine = work.held(row)
        if mine is None:
            return False
        work.finish(mine, at=AT, result="klart", verdict={"ok": True})
        return True


def carry_out(run, do, **more):
    return work.carry_out(PlanRun, run.pk, do, at=AT, clock=lambda: AT, **more)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_do_it_once(run):
    done = []

    def do(row, report):
        done.append(row.attempts)
        return finished(row, report)

    results = together(*(lambda: carry_out(run, do) for _ in range(8)))

    assert sorted(results) == [False] * 7 + [True]
    assert done == [1]
    run.refresh_from_db()
    assert (run.status, run.attempts, run.done_at, run.heartbeat_at) == ("done", 1, AT, None)


def test_done_is_not_done_again(run):
    assert carry_out(run, finished)
    assert not carry_out(run, finished)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ZeroDivisionError("nothing to divide"), "ZeroDivisionError: nothing to divide"),
        (NotAllowedNow("Någon hann före."), "Någon hann före."),
    ],
)
def test_what_went_wrong_is_said_and_nothing_of_it_is_kept(run, error, words):
    def broken(row, _report):
        with transaction.atomic():
            PlanRun.objects.filter(pk=row.pk).update(name="Halv")
            raise error

    assert not carry_out(run, broken)
    run.refresh_from_db()
    assert (run.status, run.error, run.name, run.heartbeat_at) == ("failed", words, "", None)
    assert Event.objects.filter(verb="culture.plan_failed").count() == 1


def test_work_that_is_called_off_meanwhile_keeps_no_result(run):
    def called_off(row, report):
        PlanRun.objects.filter(pk=row.pk).update(status="dropped")
        return finished(row, report)

    assert not carry_out(run, called_off)
    run.refresh_from_db()
    assert (run.status, run.result) == ("dropped", "")


def test_worker_that_was_taken_for_dead_neither_tells_nor_finishes_nor_fails_what_another_does(run):
    first = work.claim(PlanRun, run.pk, at=AT)
    assert work.in_line(PlanRun, at=AT + work.SILENT) == []
    assert work.in_line(PlanRun, at=LATER) == [run.pk]
    second = work.claim(PlanRun, run.pk, at=LATER)

    assert (first.attempts, second.attempts) == (1, 2)
    assert not work.beat(first, {"done": 9}, at=LATER)
    assert not work.fail(first, "Trött", at=LATER)
    with transaction.atomic():
        assert work.held(first) is None
        assert work.held(second) == second
    assert work.beat(second, {"done": 1}, at=LATER)
    run.refresh_from_db()
    assert (run.status, run.progress, run.heartbeat_at) == ("running", {"done": 1}, LATER)


def test_sign_of_life_keeps_the_work(run):
    row = work.claim(PlanRun, run.pk, at=AT)
    work.beat(row, {}, at=LATER)
    assert work.in_line(PlanRun, at=LATER + work.SILENT) == []


def test_work_that_kills_its_worker_is_given_up(run):
    for attempt in range(1, work.MOST_ATTEMPTS + 1):
        at = AT + attempt * timedelta(hours=1)
        assert work.claim(PlanRun, run.pk, at=at)
        left = work.in_line(PlanRun, at=at + timedelta(minutes=30))
        assert left == ([run.pk] if attempt < work.MOST_ATTEMPTS else [])
    run.refresh_from_db()
    assert (run.status, run.error) == ("failed", "Beräkningen avbröts flera gånger.")


@pytest.mark.django_db(transaction=True)
def test_progress_of_one_long_transaction_is_read_by_others_while_it_goes_on(run):
    seen, read = [], threading.Event()

    def look():
        while not read.is_set():
            progress = PlanRun.objects.values_list("progress", flat=True).get(pk=run.pk)
            if progress.get("done"):
                seen.append(progress)
                read.set()

    def do(row, report):
        with transaction.atomic():
            SchoolYear.objects.update(bus_seats=40)
            report("hall", 2, 3)
            assert read.wait(PATIENCE)
            return finished(row, report)

    results = together(lambda: carry_out(run, do, apart=True), look)

    assert results[0] is True
    assert seen == [{"level": "hall", "done": 2, "of": 3}]
    run.refresh_from_db()
    assert (run.status, SchoolYear.objects.get().bus_seats) == ("done", 40)
