"""Moves, cancellations, swaps, offers, closures and new trees at once: real threads, one connection each, the real actions."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from facilities import actions
from facilities.choices import BookingStatus, WaitingStatus
from facilities.models import Booking, Occupancy, Tariff, WaitingEntry
from facilities.rules.pricing import Rate
from facilities.rules.pricing import Tariff as Prices
from tests.facilities.at_once import faults, no_two_overlap, together
from tests.facilities.conftest import AT, hours

pytestmark = pytest.mark.django_db(transaction=True)

HELD = timedelta(minutes=10)


def standing(space, span):
    return Booking.objects.taking_space().on_ground_of(space).in_span(span)


def test_two_halves_cancelled_at_once_are_offered_to_who_waits_for_the_hall(tree, book, clubs, alice):
    """Each half's canceller needs the ground of the other half for the offer: nobody may wait in a ring."""
    (wish, user), (other_wish, other) = clubs[:2]
    for day in range(15):
        one = book(tree["1.1"], hours(10, 12, day=day))
        two = book(tree["1.2"], hours(10, 12, day=day), by=other, association=other_wish.association)
        entry = actions.wait_for(tree["1"], hours(10, 12, day=day), wish.association, form="training", by=user, at=AT)
        results = together(partial(actions.cancel, one, by=alice, at=AT), partial(actions.cancel, two, by=other, at=AT))
        assert faults(results) == []
        entry.refresh_from_db()
        assert entry.status == WaitingStatus.OFFERED


def test_parts_closed_while_others_are_cancelled_never_wait_in_a_ring(tree, book, clubs, alice, officer):
    """Closing a half cancels what the whole hall has booked, which needs the other half too."""
    for day in range(15):
        whole = book(tree["1"], hours(10, 12, day=day))
        close = partial(actions.close, reason="Golvet", by=officer, at=AT, cancelling=True)
        results = together(
            partial(close, tree["1.1"], hours(10, 12, day=day)),
            partial(close, tree["1.2"], hours(10, 12, day=day)),
            partial(actions.cancel, whole, by=alice, at=AT),
        )
        assert faults(results) == []
        assert not standing(tree["1"], hours(10, 12, day=day)).filter(kind="booking").exists()


def test_moving_against_booking_leaves_one_in_the_slot(room, tree, book, clubs, alice):
    for day in range(20):
        booking = book(tree["1"], hours(8, 9, day=day))
        wish, user = clubs[1]
        results = together(
            partial(actions.move, booking, room, hours(10, 12, day=day), by=alice, at=AT),
            partial(actions.book, room, hours(11, 13, day=day), wish, by=user, at=AT),
        )
        assert faults(results) == []
        assert sorted(isinstance(each, actions.Taken) for each in results) == [False, True]
        assert standing(room, hours(10, 13, day=day)).count() == 1
    assert no_two_overlap()


def test_two_who_move_to_each_others_places_at_once_never_wait_in_a_ring(room, tree, book, clubs, alice):
    wish, user = clubs[1]
    for day in range(20):
        one = book(room, hours(10, 12, day=day))
        other = book(tree["1.2"], hours(10, 12, day=day), by=user, association=wish.association)
        results = together(
            partial(actions.move, one, tree["1.2"], hours(12, 14, day=day), by=alice, at=AT),
            partial(actions.move, other, room, hours(12, 14, day=day), by=user, at=AT),
        )
        assert faults(results) == []
        assert all(isinstance(each, Booking) for each in results)


def test_swap_against_cancel_leaves_both_or_one_whole(room, tree, book, clubs, alice, officer):
    wish, user = clubs[1]
    for day in range(20):
        one = book(tree["1"], hours(10, 12, day=day))
        other = book(room, hours(10, 12, day=day), by=user, association=wish.association)
        results = together(partial(actions.swap, one, other, by=officer, at=AT), partial(actions.cancel, one, by=alice, at=AT))
        assert faults(results) == []
        one.refresh_from_db()
        other.refresh_from_db()
        assert other.status == BookingStatus.CONFIRMED
        assert not (one.status == BookingStatus.CONFIRMED and one.space_id == other.space_id)
        assert set(Occupancy.objects.filter(booking=other).values_list("leaf", flat=True)) == set(other.space.takes)
    assert no_two_overlap()


def test_offer_is_taken_by_one_of_two_who_answer_at_once(room, book, alice, stina, other_association, speaker):
    """Case 47."""
    colleague = speaker("sixten@innebandy.example", other_association)
    for day in range(10):
        booking = book(room, hours(10, 12, day=day))
        entry = actions.wait_for(room, hours(10, 12, day=day), other_association, form="training", by=stina, at=AT)
        actions.cancel(booking, by=alice, at=AT)
        results = together(*(partial(actions.take_offer, entry, by=user, at=AT) for user in (stina, colleague)))
        assert faults(results) == []
        assert sum(isinstance(each, Booking) for each in results) == 1


def test_offer_taken_the_moment_it_runs_out_is_had_by_them_or_by_the_next(room, book, clubs, alice):
    """Both with their own clock: one says it is still open, the sweep says it is over."""
    for day in range(10):
        booking = book(room, hours(10, 12, day=day))
        for wish, user in clubs[1:3]:
            actions.wait_for(room, hours(10, 12, day=day), wish.association, form="training", by=user, at=AT)
        actions.cancel(booking, by=alice, at=AT)
        first = WaitingEntry.objects.get(status=WaitingStatus.OFFERED)
        last = first.offered_until
        results = together(
            partial(actions.take_offer, first, by=clubs[1][1], at=last - timedelta(microseconds=1)),
            partial(actions.pass_on, first, at=last),
        )
        assert faults(results) == []
        (held,) = standing(room, hours(10, 12, day=day))
        took = isinstance(results[0], Booking)
        assert held.association == (clubs[1] if took else clubs[2])[0].association
        assert held.status == (BookingStatus.CONFIRMED if took else BookingStatus.HELD)
        for entry in WaitingEntry.objects.filter(status__in=[WaitingStatus.WAITING, WaitingStatus.OFFERED]):
            actions.stop_waiting(entry, by=entry.asked_by, at=AT)


def test_cancelling_and_booking_at_once_leaves_one_booking(room, book, clubs, alice):
    """Case 47."""
    for day in range(10):
        booking = book(room, hours(10, 12, day=day))
        others = [partial(actions.book, room, hours(10, 12, day=day), wish, by=user, at=AT) for wish, user in clubs[:4]]
        results = together(partial(actions.cancel, booking, by=alice, at=AT), *others)
        assert faults(results) == []
        assert standing(room, hours(10, 12, day=day)).count() <= 1
    assert no_two_overlap()


def test_hall_is_divided_in_another_way_while_others_book(tree, clubs, officer):
    """The room beside becomes a part of the hall, and a whole again, while everybody books both."""
    (wish, user), (other_wish, other) = clubs[:2]

    def divide():
        for turn in range(20):
            actions.make_part_of(tree["2"], None if turn % 2 else tree["1.2"], by=officer, at=AT)

    def book_all(space, wish, user):
        outcomes = []
        for hour in range(40):
            span = hours(hour % 20, hour % 20 + 1, day=hour // 20)
            try:
                outcomes.append(actions.book(space, span, wish, by=user, at=AT))
            except actions.Taken as taken:
                outcomes.append(taken)
        return outcomes

    results = together(divide, partial(book_all, tree["1"], wish, user), partial(book_all, tree["2"], other_wish, other))
    divided, *booked = results
    assert faults([each for each in booked if isinstance(each, Exception)]) == []
    assert divided is None or isinstance(divided, actions.Taken), divided
    for booking in Booking.objects.taking_space().select_related("space"):
        assert set(Occupancy.objects.filter(booking=booking).values_list("leaf", flat=True)) == set(booking.space.takes)
    assert no_two_overlap()


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1)])
def test_hold_and_the_next_at_the_very_instant_it_runs_out(room, tariff, clubs, late):
    """The one who holds books it at the last moment, another wants it at the next: one of them gets it, never both."""
    (wish, user), (other_wish, other) = clubs[:2]
    for day in range(10):
        held = actions.hold(room, hours(10, 12, day=day), wish, by=user, at=AT)
        results = together(
            partial(actions.book, room, hours(10, 12, day=day), wish, by=user, at=AT + HELD - late, held=held),
            partial(actions.book, room, hours(10, 12, day=day), other_wish, by=other, at=AT + HELD),
        )
        assert faults(results) == []
        assert sorted(isinstance(each, actions.Taken) for each in results) == [False, True]
        assert standing(room, hours(10, 12, day=day)).get().status == BookingStatus.CONFIRMED
    assert no_two_overlap()


def test_hold_that_ran_out_is_filled_in_and_confirmed_or_taken_by_the_next(room, tariff, clubs):
    (wish, user), (other_wish, other) = clubs[:2]

    def go_on(held):
        filled = actions.fill_in(held, actions.Wish(association=wish.association, accepted_at=AT), by=user, at=AT + HELD)
        return actions.confirm(filled, by=user, at=AT + HELD)

    for day in range(10):
        held = actions.hold(room, hours(10, 12, day=day), wish, by=user, at=AT)
        results = together(
            partial(go_on, held), partial(actions.book, room, hours(10, 12, day=day), other_wish, by=other, at=AT + HELD)
        )
        assert faults(results) == []
        assert standing(room, hours(10, 12, day=day)).count() == 1
    assert no_two_overlap()


def test_nobody_holds_more_times_than_they_may_by_asking_for_all_at_once(tree, tariff, association, alice):
    wish, apart = actions.Wish(association=association), ("1.1.1.1", "1.1.2", "1.2", "2")
    jobs = [partial(actions.hold, tree[name], hours(8 + n, 9 + n), wish, by=alice, at=AT) for name in apart for n in range(2)]
    results = together(*jobs)
    assert faults(results) == []
    assert Booking.objects.filter(status=BookingStatus.HELD).count() == 3


def test_nobody_passes_the_quota_by_asking_for_all_at_once(room, book, rules, tariff, association, alice):
    rules(quota=2)
    wish = actions.Wish(association=association)
    results = together(*(partial(actions.book, room, hours(n, n + 1), wish, by=alice, at=AT) for n in range(6)))
    assert faults(results) == []
    assert Booking.objects.taking_space().count() == 2


def test_tariff_is_published_while_everybody_books(tree, tariff, clubs, officer):
    """Each booking has the price of one version, whole; after it is published all have the new one."""
    new = actions.Plan(name="Taxa maj", valid_from=date(2026, 5, 10), rules=Prices(rates=(Rate(kronor=Decimal(900)),)))

    def book_all(number):
        wish, user = clubs[number]
        space = tree[["1.1.1.1", "1.1.2", "1.2", "2"][number]]
        return [actions.book(space, hours(n, n + 1), wish, by=user, at=AT) for n in range(20)]

    *booked, published = together(
        *(partial(book_all, number) for number in range(4)), partial(actions.publish_tariff, new, by=officer, at=AT)
    )
    assert faults([*booked, published]) == []
    prices = {tariff.pk: Decimal("50.00"), published.pk: Decimal("900.00")}
    for bookings in booked:
        versions = [booking.tariff_id for booking in bookings]
        assert versions == sorted(versions)
        assert [booking.payable for booking in bookings] == [prices[version] for version in versions]
    late = actions.book(tree["2"], hours(22, 23), clubs[0][0], by=clubs[0][1], at=AT)
    assert late.tariff_id == published.pk


def test_two_tariffs_for_the_same_day_are_published_by_one_of_two(tariff, officer):
    rules = Prices(rates=(Rate(kronor=Decimal(1)),))
    plans = [actions.Plan(name=name, valid_from=date(2027, 1, 1), rules=rules) for name in ("A", "B", "C")]
    results = together(*(partial(actions.publish_tariff, plan, by=officer, at=AT) for plan in plans))
    assert faults(results) == []
    assert Tariff.objects.published().filter(valid_from=date(2027, 1, 1)).count() == 1


def test_sweep_and_bookings_over_lapsed_holds_never_wait_in_a_ring(room, tariff, clubs):
    later = AT + HELD
    for day in range(5):
        for number, (wish, user) in enumerate(clubs[:3]):
            actions.hold(room, hours(8 + number, 9 + number, day=day), wish, by=user, at=AT)
        wish, user = clubs[4]
        results = together(
            partial(actions.sweep, later),
            partial(actions.book, room, hours(8, 11, day=day), wish, by=user, at=later),
            partial(actions.sweep, later),
        )
        assert faults(results) == []
        assert standing(room, hours(8, 11, day=day)).count() == 1
