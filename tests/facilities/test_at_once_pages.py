"""Two requests at once through the pages: one is served, the other gets a page in plain words, nobody an error."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.urls import reverse
from django.utils.timezone import localtime

from facilities import actions
from facilities.choices import BookingStatus
from facilities.models import Booking, WaitingEntry
from records.models import Letter
from tests.facilities.at_once import no_two_overlap, together
from tests.facilities.conftest import AT, hours

pytestmark = pytest.mark.django_db(transaction=True)
DETAILS = {"title": "Träning F12", "use": "training", "people": "20", "young": "20", "women": "12", "men": "8"}
ROUNDS = 5


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


def url(name, *args):
    return reverse(f"facilities:{name}", args=args)


def typed(span):
    starts, ends = localtime(span.starts), localtime(span.ends)
    return {"day": f"{starts:%Y-%m-%d}", "begins": f"{starts:%H.%M}", "ends": f"{ends:%H.%M}"}


def answers(*requests):
    """The answers of requests made at the same moment; what a page is worth the strict client has judged."""
    found = together(*requests)
    assert not [each for each in found if isinstance(each, Exception)], found
    return found


def statuses(found):
    return sorted(answer.status_code for answer in found)


@pytest.fixture
def hands(sign_in, clubs):
    """Somebody of each club at a keyboard of their own."""
    return [sign_in(user) for _wish, user in clubs]


def test_slot_that_many_press_for_is_held_by_one_and_the_others_see_what_is_free_instead(hands, room):
    for day in range(ROUNDS):
        time = typed(hours(10, 12, day=day))
        found = answers(*(partial(hand.post, url("space_book", room.pk), time) for hand in hands))
        assert statuses(found) == [302] + [409] * (len(hands) - 1)
    assert Booking.objects.filter(status=BookingStatus.HELD).count() == ROUNDS
    assert no_two_overlap()


def test_pressing_twice_at_once_is_one_hold_one_booking_and_one_letter(hands, clubs, sign_in, room):
    """Two windows of the same person, at every step of the way."""
    windows = [hands[0], sign_in(clubs[0][1])]
    for day in range(ROUNDS):
        time = typed(hours(10, 12, day=day))
        steps = answers(*(partial(window.post, url("space_book", room.pk), time) for window in windows))
        held = Booking.objects.get(status=BookingStatus.HELD)
        assert {step.url for step in steps} == {url("booking_fill", held.pk)}
        steps = answers(*(partial(window.post, url("booking_fill", held.pk), DETAILS) for window in windows))
        assert {step.url for step in steps} == {url("booking_confirm", held.pk)}
        steps = answers(*(partial(window.post, url("booking_confirm", held.pk)) for window in windows))
        assert {step.url for step in steps} == {url("booking_receipt", held.pk)}
        assert Letter.objects.filter(key=f"facilities.booked.{held.pk}").count() == 1
    assert Booking.objects.count() == ROUNDS


def test_booking_and_letting_go_at_once_does_one_of_the_two(hands, clubs, sign_in, room):
    windows = [hands[0], sign_in(clubs[0][1])]
    for day in range(ROUNDS):
        held = actions.hold(room, hours(10, 12, day=day), clubs[0][0], by=clubs[0][1], at=AT)
        windows[0].post(url("booking_fill", held.pk), DETAILS)
        booked, let_go = answers(
            partial(windows[0].post, url("booking_confirm", held.pk)), partial(windows[1].post, url("booking_let_go", held.pk))
        )
        held.refresh_from_db()
        assert let_go.status_code == 302
        assert (booked.status_code, held.status) in {
            (302, BookingStatus.CONFIRMED),
            (409, BookingStatus.LAPSED),
            (200, BookingStatus.LAPSED),  # it was let go before the page looked
        }


def test_hold_that_ran_out_is_booked_by_the_one_who_held_it_or_held_by_another(hands, clubs, room, clock):
    """At the very instant: one presses Book, the other asks for the time."""
    for day in range(ROUNDS):
        clock.move_to(AT)
        held = actions.hold(room, hours(10, 12, day=day), clubs[0][0], by=clubs[0][1], at=AT)
        hands[0].post(url("booking_fill", held.pk), DETAILS)
        clock.move_to(AT + timedelta(minutes=10))
        booked, other = answers(
            partial(hands[0].post, url("booking_confirm", held.pk)),
            partial(hands[1].post, url("space_book", room.pk), typed(hours(10, 12, day=day))),
        )
        held.refresh_from_db()
        if held.status == BookingStatus.CONFIRMED:
            assert (booked.status_code, other.status_code) == (302, 409)
        else:
            assert booked.status_code in {200, 409}
            assert other.status_code == 302
    assert no_two_overlap()


def test_offer_that_two_of_a_club_take_at_once_is_one_booking(hands, clubs, speaker, sign_in, room, book, alice):
    wish, user = clubs[0]
    colleague = sign_in(speaker("kollega@example.org", wish.association))
    for day in range(ROUNDS):
        booking = book(room, hours(10, 12, day=day))
        entry = actions.wait_for(room, hours(10, 12, day=day), wish.association, form="training", by=user, at=AT)
        actions.cancel(booking, by=alice, at=AT)
        found = answers(*(partial(hand.post, url("waiting_offer", entry.pk)) for hand in (hands[0], colleague)))
        assert statuses(found) in ([302, 302], [302, 409])
        entry.refresh_from_db()
        assert Letter.objects.filter(key=f"facilities.booked.{entry.booking_id}").count() == 1
    assert WaitingEntry.objects.filter(status="taken").count() == ROUNDS


def test_cancelling_twice_at_once_costs_once(sign_in, room, book, alice):
    windows = [sign_in(alice), sign_in(alice)]
    for day in range(ROUNDS):
        booking = book(room, hours(10, 12, day=day), at=AT)
        page = windows[0].get(url("booking_cancel", booking.pk))
        shown = {name: page.context["form"].initial[name] for name in ("seen", "total")}
        found = answers(*(partial(window.post, url("booking_cancel", booking.pk), shown) for window in windows))
        assert statuses(found) == [302, 302]
        assert Letter.objects.filter(key=f"facilities.cancelled.{booking.pk}").count() == 1


def test_week_is_shown_while_everybody_books(hands, clubs, room, client):
    """Readers never wait for those who book, and see each time free or taken."""
    wish, user = clubs[0]
    page = partial(client.get, url("week", room.venue.key), {"day": "2026-05-18", "space": room.pk})

    def read():
        return [page().status_code for _look in range(5)]

    def book_all():
        for hour in range(8):
            actions.book(room, hours(hour + 6, hour + 7), wish, by=user, at=AT)

    seen, booked = together(read, book_all)
    assert (seen, booked) == ([200] * 5, None)
