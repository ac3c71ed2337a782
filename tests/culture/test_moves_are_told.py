"""What the municipality changes after a school has been told, the school is told again: once for each change."""

from datetime import date, timedelta

from culture import actions
from culture.models import Message
from records.models import Letter
from tests.culture.conftest import AT, noon


def test_moved_performance_is_told_to_each_school_once_for_each_move(add_class, alby, berga, offer, plan, visit, planner):
    performance = plan(offer)
    for name in ("5A", "5C"):
        visit(add_class(alby, name, {5: 12}), performance)
    actions.give_place(add_class(berga, "5B", {5: 12}), performance, by=planner, at=AT)  # planned: not told yet

    for day in (12, 15):
        starts = noon(2027, 2, day)
        actions.move_performance(performance, starts, starts + timedelta(hours=1), by=planner, at=AT)

    letters = Letter.objects.order_by("pk")
    assert [(letter.addressee, letter.subject) for letter in letters] == [("Albyskolan", "Ny tid: Trollet")] * 2
    assert "15 februari 2027" in letters[1].html
    assert "5A" in letters[1].html
    assert "5C" in letters[1].html


def test_class_that_is_moved_or_loses_its_place_is_told_with_the_reason(add_class, alby, offer, plan, visit, planner):
    booked = visit(add_class(alby, "5A", {5: 12}), plan(offer))
    actions.move_visit(booked, plan(offer, date(2027, 2, 17)), by=planner, at=AT)
    actions.cancel_visit(booked, reason="Skådespelaren är sjuk.", by=planner, at=AT)

    moved, lost = Letter.objects.order_by("pk")
    assert "17 februari 2027" in moved.html
    assert "Skådespelaren är sjuk." in lost.html
    assert list(Message.objects.order_by("pk").values_list("kind", flat=True)) == ["moved", "lost"]


def test_school_that_says_no_itself_is_not_written_to(add_class, alby, offer, plan, visit, teacher):
    booked = visit(add_class(alby, "5A", {5: 12}), plan(offer))
    actions.cancel_visit(booked, reason="Krock", by=teacher, at=AT)
    assert not Letter.objects.exists()
