"""From a held time to a booking, and changes that happen as they were shown or not at all."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from facilities import actions
from facilities.choices import BookingStatus
from facilities.models import Booking, HirerCategory, Occupancy
from facilities.rules.pricing import CancelStep, Rate, Tariff
from facilities.rules.series import Pattern
from facilities.rules.terms import Fault
from records.models import Letter
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT, hours

MINUTE = timedelta(minutes=1)


@pytest.fixture
def wish(association, tariff):
    return actions.Wish(association=association)


@pytest.fixture
def filled(association):
    return actions.Wish(association=association, title="Träning F12", form="training", people=20, young=20, accepted_at=AT)


@pytest.fixture
def held(room, wish, alice):
    return actions.hold(room, hours(10, 12), wish, by=alice, at=AT)


def test_held_time_is_filled_in_and_booked_at_the_price_that_was_shown(held, filled, alice):
    shown = actions.fill_in(held, filled, by=alice, at=AT + MINUTE)
    booked = actions.confirm(held, by=alice, at=AT + 2 * MINUTE)
    assert (booked.pk, booked.status, booked.title) == (held.pk, BookingStatus.CONFIRMED, "Träning F12")
    assert (booked.payable, booked.lines) == (shown.payable, shown.lines)
    assert Letter.objects.get().key == f"facilities.booked.{held.pk}"


def test_pressing_twice_is_one_booking(held, filled, alice):
    actions.fill_in(held, filled, by=alice, at=AT)
    for _press in range(2):
        assert actions.confirm(held, by=alice, at=AT).pk == held.pk
    assert (Booking.objects.count(), Letter.objects.count()) == (1, 1)


def test_price_follows_what_the_time_is_for(held, filled, association, alice):
    adults = actions.Wish(association=association, people=20, young=3, accepted_at=AT)
    assert actions.fill_in(held, adults, by=alice, at=AT).payable == Decimal("200.00")
    assert actions.fill_in(held, filled, by=alice, at=AT).payable == Decimal("100.00")


def test_nothing_is_booked_before_it_is_said_what_it_is_for(held, alice):
    with pytest.raises(NotAllowedNow) as refused:
        actions.confirm(held, by=alice, at=AT)
    assert refused.value.code == "not_filled"


def test_hold_that_ran_out_is_still_theirs_while_nobody_wants_it(held, filled, alice):
    late = AT + 11 * MINUTE
    again = actions.fill_in(held, filled, by=alice, at=late)
    assert again.held_until == late + 10 * MINUTE
    assert actions.confirm(held, by=alice, at=late + 20 * MINUTE).status == BookingStatus.CONFIRMED


def test_hold_that_somebody_has_taken_over_is_over(held, filled, room, other_association, stina, alice):
    late = AT + 11 * MINUTE
    actions.book(room, hours(11, 13), actions.Wish(association=other_association), by=stina, at=late)
    for act in (lambda: actions.fill_in(held, filled, by=alice, at=late), lambda: actions.confirm(held, by=alice, at=late)):
        with pytest.raises(actions.HoldOver), transaction.atomic():
            act()
    assert Occupancy.objects.filter(booking=held).count() == 0


def test_nobody_fills_in_what_another_holds(held, filled, stina):
    with pytest.raises(NotAllowedNow) as refused:
        actions.fill_in(held, filled, by=stina, at=AT)
    assert refused.value.code == "not_allowed"


def test_offer_from_the_waiting_list_is_not_booked_by_this_way(room, book, stina, alice, other_association):
    standing = book(room, hours(10, 12))
    entry = actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
    actions.cancel(standing, by=alice, at=AT)
    entry.refresh_from_db()
    with pytest.raises(actions.HoldOver):
        actions.confirm(entry.booking, by=stina, at=AT)


@pytest.mark.parametrize(
    ("capacity", "rule", "age", "fault"),
    [(10, {}, 30, Fault.TOO_MANY_PEOPLE), (None, {"minimum_age": 18}, 17, Fault.TOO_YOUNG)],
)
def test_terms_judge_what_is_filled_in(room, rules, wish, association, alice, capacity, rule, age, fault):
    rules(**rule)
    room.capacity = capacity
    room.save()
    held = actions.hold(room, hours(10, 12), wish, by=alice, at=AT)
    many = actions.Wish(association=association, people=20, age=age, accepted_at=AT)
    with pytest.raises(actions.NotPossible) as refused:
        actions.fill_in(held, many, by=alice, at=AT)
    assert refused.value.faults == (fault,)


def test_hold_counts_once_in_the_quota(room, rules, wish, filled, alice):
    """Case 40."""
    rules(quota=1)
    held = actions.hold(room, hours(10, 12), wish, by=alice, at=AT)
    actions.fill_in(held, filled, by=alice, at=AT)
    assert actions.confirm(held, by=alice, at=AT).status == BookingStatus.CONFIRMED
    with pytest.raises(actions.NotPossible) as refused:
        actions.hold(room, hours(14, 16), wish, by=alice, at=AT)
    assert refused.value.faults == (Fault.QUOTA,)


def test_request_says_by_when_it_is_answered(room, rules, held, filled, alice):
    rules(needs_approval=True, answer_days=3)
    actions.fill_in(held, filled, by=alice, at=AT)
    asked = actions.confirm(held, by=alice, at=AT)
    assert (asked.status, asked.answer_by.isoformat()) == (BookingStatus.REQUESTED, "2026-05-07")


# --- as it was shown -------------------------------------------------------------------------------------------------------


def test_cancelling_costs_what_the_page_said(room, book, alice):
    booking = book(room, hours(10, 12))
    late = booking.starts_at - timedelta(hours=20)
    (cost,) = actions.cancelling([booking], by=alice, at=late)
    assert (bool(cost.may), cost.percent, cost.kronor, cost.line.rule) == (True, 100, Decimal("100.00"), "F-51")
    with pytest.raises(actions.NotAsShown), transaction.atomic():
        actions.cancel_as_shown([booking], seen=actions.edition([booking]), fee=Decimal(0), by=alice, at=late)
    (done,) = actions.cancel_as_shown([booking], seen=actions.edition([booking]), fee=cost.kronor, by=alice, at=late)
    assert (done.status, done.fee) == (BookingStatus.CANCELLED, Decimal("100.00"))


def test_booking_that_moved_meanwhile_is_not_cancelled_unseen(room, book, alice):
    booking = book(room, hours(10, 12))
    seen = actions.edition([booking])
    actions.move(booking, room, hours(14, 16), by=alice, at=AT)
    with pytest.raises(actions.NotAsShown):
        actions.cancel_as_shown([booking], seen=seen, fee=Decimal(0), by=alice, at=AT)


@pytest.fixture
def dearer_tomorrow(db):
    """From 19 May an hour costs 300 and cancelling on the day before costs half."""
    HirerCategory.objects.get_or_create(key="private", defaults={"name": "Privat"})
    rules = Tariff(rates=(Rate(kronor=Decimal(300)),), cancel_steps=(CancelStep(1, Decimal(50)),), reference="private")
    actions.publish_tariff(actions.Plan(name="Ny", valid_from=date(2026, 5, 19), rules=rules), by=None, at=AT)


def test_moving_costs_what_the_page_said(room, book, alice, dearer_tomorrow):
    booking = book(room, hours(10, 12))
    late = booking.starts_at - timedelta(hours=20)
    there = hours(10, 12, day=1)
    change = actions.moving(booking, room, there, at=late)
    assert (change.price, change.fee, change.total) == (Decimal("600.00"), Decimal("100.00"), Decimal("700.00"))
    seen = actions.edition([booking])
    with pytest.raises(actions.NotAsShown), transaction.atomic():
        actions.move_as_shown(booking, room, there, seen=seen, total=Decimal(100), by=alice, at=late)
    moved = actions.move_as_shown(booking, room, there, seen=seen, total=change.total, by=alice, at=late)
    assert moved.span == there


def test_giving_back_a_part_costs_what_the_page_said(room, book, alice):
    booking = book(room, hours(10, 12))
    late = booking.starts_at - timedelta(hours=20)
    change = actions.shortening(booking, hours(10, 11), at=late)
    shorter = actions.shorten_as_shown(
        booking, hours(10, 11), seen=actions.edition([booking]), total=change.total, by=alice, at=late
    )
    assert (shorter.payable, shorter.fee) == (change.price, change.fee) == (Decimal("50.00"), Decimal("50.00"))


def test_costs_of_a_long_series_are_few_questions(room, wish, alice, django_assert_max_num_queries):
    long = Pattern(date(2026, 5, 18), date(2027, 3, 1), 18 * 60, 20 * 60)
    booked = actions.book_series(room, long, wish, by=alice, at=AT)
    with django_assert_max_num_queries(8):
        costs = actions.cancelling(actions.rest_of(booked[1]), by=alice, at=AT)
    assert len(costs) == len(booked) - 1


# --- no back doors ---------------------------------------------------------------------------------------------------------


def test_booking_does_not_move_in_where_each_request_is_answered(tree, rules, book, alice, officer):
    booking = book(tree["2"], hours(10, 12))
    rules(needs_approval=True)
    with pytest.raises(NotAllowedNow) as refused, transaction.atomic():
        actions.move(booking, tree["1"], hours(10, 12), by=alice, at=AT)
    assert refused.value.code == "needs_approval"
    assert actions.move(booking, tree["1"], hours(10, 12), by=officer, at=AT).space == tree["1"]


def test_booking_does_not_move_past_the_quota(tree, rules, book, alice):
    """Case 40."""
    rules(quota=1)
    book(tree["1"], hours(10, 12))
    booking = book(tree["2"], hours(10, 12))
    with pytest.raises(actions.NotPossible) as refused, transaction.atomic():
        actions.move(booking, tree["1"], hours(14, 16), by=alice, at=AT)
    assert refused.value.faults == (Fault.QUOTA,)
    assert actions.move(booking, tree["2"], hours(14, 16), by=alice, at=AT).span == hours(14, 16)


def test_code_of_the_old_door_does_not_come_along(room, book, staff, alice):
    booking = actions.give_code(book(room, hours(10, 12)), "4711#", by=staff, at=AT)
    assert actions.move(booking, room, hours(14, 16), by=alice, at=AT).access_code == ""
