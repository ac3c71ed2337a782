"""Many at once: real threads, one connection each, the real actions."""

import threading
from collections import Counter
from functools import partial

import pytest
from django.db import connections

from culture import actions
from culture.models import Attendance, ClassCoverage, Performance, Visit
from records.models import Event, Letter
from records.refusals import NotAllowedNow
from tests.culture.conftest import AFTER, AT

pytestmark = pytest.mark.django_db(transaction=True)


def _together(*jobs):
    """Run jobs in threads of their own that start at the same time; what each returned or raised, in order."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number, job):
        try:
            barrier.wait(timeout=60)
            results[number] = job()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def test_last_places_go_to_exactly_one_of_fifty(make_school, teacher_of, add_class, add_offer, plan, visit, alby):
    """Case 29: 60 seats, 40 taken, fifty ask for twenty at the same moment."""
    performance = plan(add_offer("Stor", [5], seats=60))
    visit(add_class(alby, "5X", {5: 38}), performance)
    asking = []
    for number in range(50):
        school = make_school(f"Skola {number}", f"2000{number:04d}", email=f"s{number}@skola.example")
        teacher = teacher_of(school, f"larare{number}@skola.example")
        asking.append((add_class(school, "5A", {5: 18}), teacher))
    letters = Letter.objects.count()

    def ask(group, teacher):
        return lambda: actions.ask_for_place(group, performance, by=teacher, at=AT)

    results = _together(*(ask(group, teacher) for group, teacher in asking))

    assert Counter(result.status for result in results) == {"booked": 1, "waiting": 49}
    performance.refresh_from_db()
    assert (performance.seats_taken, performance.groups_taken) == (60, 2)
    assert sorted(Visit.objects.exclude(arrival=None).values_list("arrival", flat=True)) == list(range(1, 51))
    assert next(result for result in results if result.status == "booked").arrival == 1
    assert Letter.objects.count() == letters, "nobody who waits is told that they are booked"


def test_place_given_back_goes_to_the_first_who_waits_and_to_one_alone(
    make_school, teacher_of, add_class, add_offer, plan, alby, planner
):
    performance = plan(add_offer("Liten", [5], seats=40))
    booked = []
    for number in range(2):
        school = make_school(f"Skola {number}", f"2000{number:04d}", email=f"s{number}@skola.example")
        teacher = teacher_of(school, f"larare{number}@skola.example")
        booked.append((actions.ask_for_place(add_class(school, "5A", {5: 18}), performance, by=teacher, at=AT), teacher))
    waiting = []
    for number in range(2, 5):
        school = make_school(f"Skola {number}", f"2000{number:04d}", email=f"s{number}@skola.example")
        teacher = teacher_of(school, f"larare{number}@skola.example")
        waiting.append(actions.ask_for_place(add_class(school, "5A", {5: 18}), performance, by=teacher, at=AT))
    assert {each.status for each in waiting} == {"waiting"}

    def give_up(visit, teacher):
        return lambda: actions.answer_visit(visit, "no", reason="Vi har prov.", by=teacher, at=AT)

    results = _together(*(give_up(visit, teacher) for visit, teacher in booked))

    assert not [result for result in results if isinstance(result, Exception)]
    statuses = list(
        Visit.objects.filter(pk__in=[each.pk for each in waiting]).order_by("arrival").values_list("status", flat=True)
    )
    assert statuses == ["booked", "booked", "waiting"]
    assert Performance.objects.get().seats_taken == 40
    assert Letter.objects.filter(key__startswith="culture.offered").count() == 2


def test_confirming_at_the_same_second_is_one_confirmation(add_class, alby, performance, visit, teacher, rector):
    """Case 11: two people, the same number, the same moment; twenty times."""
    group = add_class(alby, "5A", {5: 25})
    booked = visit(group, performance)

    def confirm(by):
        return lambda: actions.confirm_visit(booked, 25, by=by, at=AFTER)

    results = _together(*(confirm(by) for by in (teacher, rector) * 10))

    assert sorted(result.again for result in results) == [False] + [True] * 19
    assert Attendance.objects.count() == 1
    assert Event.objects.filter(verb="culture.visit_confirmed").count() == 1


def test_stored_figures_are_those_of_the_rows_whoever_confirms_at_once(add_class, alby, add_offer, plan, visit, teacher, planner):
    """Case 45: two visits of one class, confirmed at the same moment."""
    for number in range(5):
        group = add_class(alby, f"5{'ABCDE'[number]}", {5: 25})
        visits = [visit(group, plan(add_offer(f"Verk {number} {n}", [5]), _day(number, n))) for n in range(2)]
        _together(
            *((lambda v=v, n=n: actions.confirm_visit(v, n, by=teacher, at=AFTER)) for v, n in zip(visits, (20, 23), strict=True))
        )
        assert ClassCoverage.objects.get(class_group=group).reached == 23
    assert actions.differences(group.year) == []


def test_merging_while_a_place_is_given_never_loses_either(add_class, alby, add_offer, plan, planner):
    for number in range(5):
        a, b = add_class(alby, f"6A{number}", {5: 24}), add_class(alby, f"6B{number}", {5: 20})
        performance = plan(add_offer(f"Verk {number}", [5]), _day(number, 0))
        day = performance.day.replace(month=1, day=10)
        results = _together(
            partial(actions.give_place, a, performance, by=planner, at=AT),
            partial(actions.merge_classes, [a, b], f"6AB{number}", day=day, by=planner, at=AT),
        )
        unexpected = [each for each in results if isinstance(each, Exception) and not isinstance(each, NotAllowedNow)]
        assert unexpected == []
        performance.refresh_from_db()
        taken = sum(Visit.objects.filter(performance=performance).taking_seats().values_list("seats", flat=True))
        assert performance.seats_taken == taken
        assert not Visit.objects.taking_seats().exclude(class_group__closed_on=None).exists()
    assert actions.differences(a.year) == []


def _day(number, n):
    return AFTER.date().replace(month=2, day=1 + 5 * number + n)
