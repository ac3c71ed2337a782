"""What schools answer: within a date, with reasons, and what happens to the place."""

from datetime import date

import pytest

from culture import actions
from culture.models import Visit
from records.refusals import NotAllowedNow
from tests.culture.conftest import AFTER, noon

IN_TIME, LATE = noon(2026, 11, 26), noon(2026, 12, 1)


@pytest.fixture
def booked(add_class, alby, performance, visit):
    return visit(add_class(alby, "5A", {5: 25}), performance, source="plan")


def test_no_gives_the_place_back_and_says_why(booked, teacher, performance):
    actions.answer_visit(booked, "no", reason="Prao hela veckan.", by=teacher, at=IN_TIME)

    booked.refresh_from_db()
    performance.refresh_from_db()
    assert (booked.status, booked.cancelled_by, booked.priority) == ("cancelled", "school", False)
    assert booked.answer_reason == "Prao hela veckan."
    assert performance.seats_taken == 0


def test_no_takes_a_reason(booked, teacher):
    with pytest.raises(NotAllowedNow) as refused:
        actions.answer_visit(booked, "no", by=teacher, at=IN_TIME)
    assert refused.value.code == "no_reason"


def test_last_day_to_answer_is_included_and_then_it_is_the_municipalitys(booked, teacher, planner):
    """answer_by is 30 November."""
    assert actions.answer_visit(booked, "yes", by=teacher, at=noon(2026, 11, 30, 22)).answer == "yes"
    with pytest.raises(NotAllowedNow) as refused:
        actions.answer_visit(booked, "no", reason="Prao.", by=teacher, at=LATE)
    assert refused.value.code == "late"

    actions.answer_visit(booked, "no", reason="Skolan ringde.", by=planner, at=LATE)
    assert Visit.objects.get().status == "cancelled"


def test_wish_for_another_time_keeps_the_place_meanwhile(booked, teacher, performance):
    actions.answer_visit(booked, "change", reason="Hellre en tisdag.", by=teacher, at=IN_TIME)

    booked.refresh_from_db()
    performance.refresh_from_db()
    assert (booked.status, booked.answer, performance.seats_taken) == ("booked", "change", 27)


def test_visit_is_moved_with_its_seats(booked, offer, plan, planner, performance):
    other = plan(offer, date(2027, 3, 9))

    actions.move_visit(booked, other, by=planner, at=IN_TIME)

    booked.refresh_from_db()
    performance.refresh_from_db()
    other.refresh_from_db()
    assert (booked.day, booked.answer) == (date(2027, 3, 9), "none")
    assert (performance.seats_taken, other.seats_taken) == (0, 27)
    assert booked.parts.count() == 1


def test_visit_stays_where_it_is_when_there_is_no_room(booked, add_offer, plan, planner, performance):
    small = plan(add_offer("Liten", [5], seats=20), date(2027, 3, 9))

    with pytest.raises(actions.Full) as refused:
        actions.move_visit(booked, small, by=planner, at=IN_TIME)

    performance.refresh_from_db()
    assert (refused.value.seats_short, performance.seats_taken) == (7, 27)
    assert booked.parts.count() == 1


def test_school_is_not_told_of_what_is_only_planned(add_class, alby, performance, planner, teacher):
    actions.give_place(add_class(alby, "5A", {5: 25}), performance, by=planner, at=IN_TIME)

    assert not Visit.objects.visible_to(teacher).exists()
    assert Visit.objects.visible_to(planner).exists()


def test_municipalitys_cancellation_puts_the_class_first_next_time(booked, planner):
    actions.cancel_visit(booked, reason="Lokalen behövs.", by=planner, at=IN_TIME)

    booked.refresh_from_db()
    assert (booked.cancelled_by, booked.priority) == ("municipality", True)


def test_class_that_waits_can_leave_the_queue(add_class, alby, performance, visit, teacher):
    visit(add_class(alby, "5A", {5: 56}), performance)
    waiting = actions.ask_for_place(add_class(alby, "5B", {5: 20}), performance, by=teacher, at=IN_TIME)
    assert (waiting.status, waiting.arrival) == ("waiting", 1)
    with pytest.raises(NotAllowedNow) as refused:
        actions.ask_for_place(waiting.class_group, performance, by=teacher, at=IN_TIME)
    assert refused.value.code == "waiting"

    actions.cancel_visit(waiting, reason="", by=teacher, at=IN_TIME)

    waiting.refresh_from_db()
    assert waiting.status == "cancelled"


def test_small_class_is_offered_what_the_large_one_before_it_cannot_use(add_class, alby, performance, visit, teacher, planner):
    """The large one keeps its number."""
    first = visit(add_class(alby, "5A", {5: 38}), performance)
    second = visit(add_class(alby, "5B", {5: 18}), performance)
    large = actions.ask_for_place(add_class(alby, "5C", {5: 38}), performance, by=teacher, at=IN_TIME)
    small = actions.ask_for_place(add_class(alby, "5D", {5: 10}), performance, by=teacher, at=IN_TIME)

    actions.cancel_visit(second, reason="Krock.", by=planner, at=IN_TIME)
    large.refresh_from_db()
    small.refresh_from_db()
    assert (large.status, small.status) == ("waiting", "booked")

    actions.cancel_visit(first, reason="Krock.", by=planner, at=IN_TIME)
    large.refresh_from_db()
    assert large.status == "booked"


def test_nothing_is_given_to_those_who_wait_once_it_has_begun(add_class, alby, performance, visit, teacher, planner):
    booked = visit(add_class(alby, "5A", {5: 56}), performance)
    waiting = actions.ask_for_place(add_class(alby, "5B", {5: 20}), performance, by=teacher, at=IN_TIME)

    actions.cancel_visit(booked, reason="Kom inte.", by=planner, at=AFTER)

    waiting.refresh_from_db()
    assert waiting.status == "waiting"
