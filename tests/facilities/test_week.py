"""When spaces are open and taken: what the pages of a day and a week are made from."""

from datetime import date, timedelta

from facilities import actions
from facilities.models import HoursException, SpaceEquipment
from facilities.models.timetable import Timetable
from facilities.rules.terms import Fault
from tests.facilities.conftest import AT, DAY, hours

MONDAY = DAY.date()


def week(spaces, at=AT, first=MONDAY):
    return Timetable(spaces, first, first + timedelta(days=6), at=at)


def taken(spaces, **when):
    times = week(spaces, **when)
    return {space.name: [use.pk for use in times.standing_on(space)] for space in spaces}


def test_part_is_taken_by_the_hall_and_by_what_it_is_divided_into(tree, book):
    hall = book(tree["1"], hours(10, 12))
    corner = book(tree["1.1.1.1"], hours(12, 14))
    assert taken(list(tree.values())) == {
        "1": [hall.pk, corner.pk],
        "1.1": [hall.pk, corner.pk],
        "1.1.1": [hall.pk, corner.pk],
        "1.1.1.1": [hall.pk, corner.pk],
        "1.1.2": [hall.pk],
        "1.2": [hall.pk],
        "2": [],
    }


def test_equipment_that_is_lent_out_takes_the_space_it_follows(venue, tree, book):
    curtain = actions.add_space(venue, "R", kind="equipment", by=None, at=AT)
    SpaceEquipment.objects.create(space=tree["2"], equipment=curtain)
    lent = book(curtain, hours(10, 12))
    tree["2"].refresh_from_db()
    assert taken([tree["2"]]) == {"2": [lent.pk]}


def test_hold_is_in_the_way_until_the_very_instant_it_runs_out(room, tariff, association, alice):
    actions.hold(room, hours(10, 12), actions.Wish(association=association), by=alice, at=AT)
    times = week([room], AT + timedelta(minutes=10) - timedelta(microseconds=1))
    assert [(use.status, use.kind) for use in times.standing_on(room)] == [("held", "booking")]
    assert times.in_the_way(room, hours(11, 12))
    assert not week([room], AT + timedelta(minutes=10)).standing_on(room)


def test_what_is_shown_as_free_is_what_can_be_booked(room, book, rules, officer):
    """Every quarter of a day, with buffers, a closure and a booking: free in the week view = the booking is made."""
    book(room, hours(8, 9))
    rules(before=30, after=45)
    book(room, hours(14, 15))
    actions.close(room, hours(20, 21), reason="Golvet", by=officer, at=AT)
    times = week([room])
    assert len(times.standing) == 3  # read now, before the loop books and cancels
    for quarter in range(4 * 23):
        span = hours(quarter / 4, quarter / 4 + 1)
        try:
            booking = book(room, span)
        except actions.Taken:
            assert times.in_the_way(room, span)
        else:
            assert not times.in_the_way(room, span)
            actions.cancel(booking, by=officer, at=AT, reason="prov", without_fee=True)


def test_booking_just_outside_the_week_still_keeps_its_distance(room, book, rules):
    book(room, hours(7 * 24 - 2, 7 * 24))
    rules(after=60)
    times = week([room])
    assert times.in_the_way(room, hours(7 * 24 - 3, 7 * 24 - 2))
    assert not times.in_the_way(room, hours(7 * 24 - 4, 7 * 24 - 3))


def test_closed_day_is_closed_in_the_week(venue, room):
    HoursException.objects.create(venue=venue, day=date(2026, 5, 20), opens=None)
    times = week([room])
    assert times.faults(room, hours(10, 11)) == ()
    assert times.faults(room, hours(10, 11, day=2)) == (Fault.CLOSED,)


def test_week_costs_the_same_with_one_space_and_with_all(tree, book, django_assert_num_queries):
    for number in range(3):
        book(tree["1.1.2"], hours(10 + number, 11 + number))
    for spaces in (1, 7):
        with django_assert_num_queries(2):
            taken(list(tree.values())[:spaces])


def test_week_before_the_first_booking_is_empty(tree):
    assert set(map(len, taken(list(tree.values()), at=DAY - timedelta(days=30), first=MONDAY - timedelta(days=8)).values())) == {
        0
    }
