"""Booking one time through the pages: chosen, held, filled in, priced, booked; and everything that can go wrong on the way."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from facilities import actions
from facilities.choices import BookingStatus
from facilities.models import Booking, OpeningHours, Space, Venue, WaitingEntry
from records.models import Letter
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text, typed

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TIME = typed(hours(10, 12))
DETAILS = {"title": "Träning F12", "use": "training", "people": "20", "young": "20", "women": "12", "men": "8"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def hand(sign_in, alice, tariff):
    """Alice at her keyboard."""
    return sign_in(alice)


@pytest.fixture
def held(hand, room):
    hand.post(page("space_book", room.pk), TIME)
    return Booking.objects.get()


def fill(hand, booking, **changes):
    return hand.post(page("booking_fill", booking.pk), {**DETAILS, **changes})


# --- the whole way ---------------------------------------------------------------------------------------------------------


def test_time_is_chosen_held_filled_in_priced_and_booked(hand, room):
    chosen = hand.get(page("space_book", room.pk), TIME)
    assert "Måndag 18 maj 12.00–14.00" in text(chosen)
    assert "100 kr" in text(chosen)
    step = hand.post(page("space_book", room.pk), TIME)
    held = Booking.objects.get()
    assert (step.url, held.status) == (page("booking_fill", held.pk), BookingStatus.HELD)
    assert "Hålls åt er till kl. 10.10 (10 minuter kvar)" in text(hand.get(step.url))
    step = fill(hand, held)
    assert step.url == page("booking_confirm", held.pk)
    shown = text(hand.get(step.url))
    for words in ("100 kr", "F-42", "F-45", "fullt pris 200 kr", "flickor och kvinnor 12", "regel F-50"):
        assert words in shown
    step = hand.post(step.url)
    assert step.url == page("booking_receipt", held.pk)
    assert "Tiden är er" in text(hand.get(step.url))
    held.refresh_from_db()
    assert (held.status, held.payable, held.rules_accepted_at) == (BookingStatus.CONFIRMED, Decimal("100.00"), AT)
    assert Letter.objects.get().key == f"facilities.booked.{held.pk}"


def test_pressing_twice_anywhere_is_one_booking(hand, room):
    steps = [hand.post(page("space_book", room.pk), TIME).url for _press in range(2)]
    assert len(set(steps)) == 1
    held = Booking.objects.get()
    for _press in range(2):
        assert fill(hand, held).url == page("booking_confirm", held.pk)
    for _press in range(2):
        assert hand.post(page("booking_confirm", held.pk)).url == page("booking_receipt", held.pk)
    assert fill(hand, held).url == page("booking_receipt", held.pk)
    assert (Booking.objects.count(), Letter.objects.count()) == (1, 1)


def test_opening_a_page_holds_nothing(hand, client, room):
    for each in (hand, client):
        assert each.get(page("space_book", room.pk), TIME).status_code == 200
    assert Booking.objects.count() == 0


def test_request_tells_the_day_it_is_answered(hand, room, rules):
    rules(needs_approval=True, answer_days=3)
    hand.post(page("space_book", room.pk), TIME)
    held = Booking.objects.get()
    fill(hand, held)
    assert "inom 3 arbetsdagar" in text(hand.get(page("booking_confirm", held.pk)))
    hand.post(page("booking_confirm", held.pk))
    shown = text(hand.get(page("booking_receipt", held.pk)))
    assert "Ni får svar senast <strong>torsdag 7 maj</strong>, inom 3 arbetsdagar." in shown


def test_adults_see_their_price_before_they_book(hand, held):
    fill(hand, held, young="3")
    assert "200 kr" in text(hand.get(page("booking_confirm", held.pk)))


# --- who -------------------------------------------------------------------------------------------------------------------


def test_stranger_sees_the_full_price_and_comes_back_after_signing_in(client, room, tariff):
    shown = text(client.get(page("space_book", room.pk), TIME))
    assert "200 kr" in shown
    assert "Logga in för att boka" in shown
    step = client.post(page("space_book", room.pk), TIME)
    assert step.url.startswith(reverse("account_login"))
    assert "day%3D2026-05-18" in step.url
    assert Booking.objects.count() == 0


def test_one_who_speaks_for_nobody_is_told_what_to_do(sign_in, stranger, room, tariff):
    hand = sign_in(stranger)
    assert "Du företräder ingen förening" in text(hand.get(page("space_book", room.pk), TIME))
    assert hand.post(page("space_book", room.pk), TIME).status_code == 409
    assert Booking.objects.count() == 0


def test_what_one_holds_is_found_by_nobody_else(held, sign_in, stina, stranger, officer):
    for person in (stina, stranger, officer):
        hand = sign_in(person)
        for name in ("booking_fill", "booking_confirm"):
            assert hand.get(page(name, held.pk)).status_code == 404
            assert hand.post(page(name, held.pk), DETAILS).status_code == 404
        assert hand.post(page("booking_let_go", held.pk)).status_code == 404
    for person in (stina, stranger):
        assert sign_in(person).get(page("booking", held.pk)).status_code == 404
    held.refresh_from_db()
    assert held.status == BookingStatus.HELD


def test_session_that_ran_out_loses_nothing_that_was_typed(held, client, hand, alice):
    address = page("booking_fill", held.pk)
    response = client.post(address, DETAILS)
    assert response.status_code == 302
    client.force_login(alice)
    shown = text(client.get(address))
    assert "Träning F12" in shown


# --- bad input -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": ""}, "Skriv en dag."),
        ({"day": "31/2"}, "Skriv dagen med dag och månad"),
        ({"begins": "kvart i tre"}, "Skriv klockslaget med siffror"),
        ({"begins": "25.00"}, "Skriv klockslaget med siffror"),
        ({"ends": ""}, "Skriv när det slutar."),
        ({"ends": "12.00"}, "Sluttiden ska vara efter starttiden."),
        ({"ends": "11.00"}, "Sluttiden ska vara efter starttiden."),
        ({"day": "2027-03-28", "begins": "02.30", "ends": "04.00"}, "klockan ställs fram"),
    ],
)
def test_times_that_are_no_times_are_told_and_hold_nothing(hand, room, changes, sentence):
    """Case 4."""
    for response in (
        hand.get(page("space_book", room.pk), {**TIME, **changes}),
        hand.post(page("space_book", room.pk), {**TIME, **changes}),
    ):
        assert response.status_code == 422
        assert sentence in text(response)
    assert Booking.objects.count() == 0


@pytest.mark.parametrize(
    ("rule", "changes", "sentence"),
    [
        ({}, {"day": "2026-05-01"}, "Tiden har redan börjat eller passerat."),
        ({"shortest": 180}, {}, "kortare än"),
        ({"longest": 60}, {}, "längre än"),
        ({"grid": 60}, {"begins": "12.30", "ends": "13.30"}, "dela"),
        ({"days_before": 30}, {}, "senare dag"),
        ({"days_ahead": 7}, {}, "Den dagen går inte att boka än."),
    ],
)
def test_terms_that_say_no_say_it_in_a_sentence(hand, room, rules, rule, changes, sentence):
    rules(**rule)
    time = {**TIME, **changes}
    assert sentence in text(hand.get(page("space_book", room.pk), time))
    response = hand.post(page("space_book", room.pk), time)
    assert response.status_code == 409
    assert sentence in text(response)
    assert Booking.objects.count() == 0


def test_times_over_midnight_are_booked_as_they_are_meant(hand, room):
    """Case 25."""
    response = hand.get(page("space_book", room.pk), {"day": "18/5", "begins": "22", "ends": "2"})
    assert "Måndag 18 maj 22.00–tisdag 19 maj 02.00" in text(response)
    hand.post(page("space_book", room.pk), {"day": "18/5", "begins": "22", "ends": "2"})
    assert Booking.objects.get().span == hours(20, 24)


def test_until_midnight_is_written_24(hand, room):
    hand.post(page("space_book", room.pk), {"day": "18/5", "begins": "22", "ends": "24.00"})
    assert Booking.objects.get().span == hours(20, 22)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Skriv vad ni ska göra."),
        ({"title": "x" * 151}, "150"),
        ({"title": "Anna 19850709-9805"}, "Ta bort personnumret"),
        ({"people": ""}, "Skriv hur många som deltar."),
        ({"people": "många"}, "Skriv ett heltal"),
        ({"people": "-3"}, "1"),
        ({"young": "21"}, "De kan inte vara fler än alla som deltar."),
        ({"women": "12", "men": "9"}, "kan inte vara fler än alla som deltar."),
        ({"people": "25", "young": ""}, "Här får högst 24 personer plats."),
        ({"use": "krig"}, "Välj"),
    ],
)
def test_details_that_are_wrong_are_told_beside_their_field_and_stay(hand, held, room, changes, sentence):
    Space.objects.filter(pk=room.pk).update(capacity=24)
    response = fill(hand, held, **changes)
    assert response.status_code == 422
    assert sentence in text(response)
    assert f'value="{changes.get("title", "Träning F12")[:140]}' in text(response)
    held.refresh_from_db()
    assert held.title == ""


def test_rules_are_accepted_and_somebody_old_enough_is_responsible(hand, room, rules):
    rules(minimum_age=18)
    Venue.objects.update(rules_to_accept="Inga klisterbollar.")
    hand.post(page("space_book", room.pk), TIME)
    held = Booking.objects.get()
    shown = text(hand.get(page("booking_fill", held.pk)))
    assert "Inga klisterbollar." in shown
    response = fill(hand, held)
    assert response.status_code == 422
    assert "Ni behöver godkänna reglerna för att boka." in text(response)
    assert "Någon som är 18 år eller äldre måste ansvara på plats." in text(response)
    assert fill(hand, held, accepts="on", of_age="on").status_code == 302


def test_nobody_books_past_the_form(hand, held):
    assert hand.get(page("booking_confirm", held.pk)).url == page("booking_fill", held.pk)
    assert hand.post(page("booking_confirm", held.pk)).url == page("booking_fill", held.pk)
    held.refresh_from_db()
    assert held.status == BookingStatus.HELD


def test_fourth_time_at_once_shows_the_three_that_are_held(hand, room):
    for start in (0, 2, 4):
        hand.post(page("space_book", room.pk), typed(hours(start, start + 1)))
    response = hand.post(page("space_book", room.pk), TIME)
    assert response.status_code == 409
    assert text(response).count("Fortsätt med den") == 3
    hand.post(page("booking_let_go", Booking.objects.first().pk))
    assert hand.post(page("space_book", room.pk), TIME).status_code == 302


def test_gap_in_the_tariff_is_told_and_never_free_of_charge(sign_in, alice, room):
    hand = sign_in(alice)
    assert "inget pris för den tiden än" in text(hand.get(page("space_book", room.pk), TIME))
    assert hand.post(page("space_book", room.pk), TIME).status_code == 409


# --- taken meanwhile, run out meanwhile ------------------------------------------------------------------------------------


def test_taken_meanwhile_shows_what_is_free_next_to_it(hand, tree, book, stina, other_association):
    Space.objects.filter(name__in=("1.1", "1.2", "1")).update(kind="gym")
    shown = text(hand.get(page("space_book", tree["1.1"].pk), TIME))
    assert "Håll tiden och fortsätt" in shown
    book(tree["1.1.2"], hours(10, 12), by=stina, association=other_association)
    response = hand.post(page("space_book", tree["1.1"].pk), TIME)
    assert response.status_code == 409
    shown = text(response)
    assert "Någon annan har lokalen den tiden." in shown
    there = response.context["look"]
    assert [each.span for each in there.beside] == [hours(8, 10), hours(12, 14)]
    assert [each.space.name for each in there.parts] == ["1.1.1", "1.2"]
    assert page("waiting_join", tree["1.1"].pk) in shown


def test_same_time_in_another_venue_is_told(hand, room, book, stina, other_association):
    other = actions.add_venue(key="annan", name="Annan", by=None, at=AT)
    actions.add_space(other, "Sal", by=None, at=AT)
    book(room, hours(10, 12), by=stina, association=other_association)
    look = hand.get(page("space_book", room.pk), TIME).context["look"]
    assert look.elsewhere == ()  # it has no opening hours
    OpeningHours.objects.create(venue=other, weekday=0, opens=0, closes=1440, since=date(2026, 1, 1))
    look = hand.get(page("space_book", room.pk), TIME).context["look"]
    assert [each.space.name for each in look.elsewhere] == ["Sal"]


def test_hold_that_ran_out_goes_on_while_nobody_wants_the_time(hand, held, clock):
    clock.move_to(AT + 11 * MINUTE)
    assert "ingen har tagit tiden" in text(hand.get(page("booking_fill", held.pk)))
    assert fill(hand, held).url == page("booking_confirm", held.pk)
    assert "10 minuter kvar" in text(hand.get(page("booking_confirm", held.pk)))
    assert hand.post(page("booking_confirm", held.pk)).url == page("booking_receipt", held.pk)


def test_hold_that_somebody_took_over_tells_what_is_free_instead(hand, held, clock, room, book, stina, other_association):
    late = AT + 11 * MINUTE
    clock.move_to(late)
    book(room, hours(11, 13), by=stina, association=other_association, at=late)
    for response in (hand.get(page("booking_fill", held.pk)), fill(hand, held), hand.post(page("booking_confirm", held.pk))):
        assert response.status_code in {200, 409}
        assert "Tiden hålls inte längre" in text(response)
        assert "går inte längre att få" in text(response)
    assert not Booking.objects.filter(association=held.association, status=BookingStatus.CONFIRMED).exists()


def test_hold_that_was_swept_is_held_again_by_one_press(hand, held, clock, room):
    clock.move_to(AT + 11 * MINUTE)
    actions.sweep(AT + 11 * MINUTE)
    shown = text(hand.get(page("booking_confirm", held.pk)))
    assert "fortfarande ledig" in shown
    again = hand.post(page("space_book", room.pk), TIME)
    assert again.url != page("booking_fill", held.pk)
    assert hand.get(again.url).status_code == 200


def test_time_that_is_let_go_is_free_at_once(hand, held, room, book, stina, other_association):
    response = hand.post(page("booking_let_go", held.pk))
    assert response.url.startswith(page("week", room.venue.key))
    book(room, hours(10, 12), by=stina, association=other_association)


def test_terms_that_became_stricter_while_the_form_was_filled_are_kept(hand, held, rules):
    fill(hand, held)
    rules(days_ahead=2)
    response = hand.post(page("booking_confirm", held.pk))
    assert response.status_code == 409
    assert "Den dagen går inte att boka än." in text(response)


def test_time_that_began_while_the_form_was_filled_is_not_booked(hand, room, clock):
    soon = {"day": "2026-05-04", "begins": "10.00", "ends": "11.00"}
    hand.post(page("space_book", room.pk), soon)
    held = Booking.objects.get()
    fill(hand, held)
    clock.move_to(AT + MINUTE)
    response = hand.post(page("booking_confirm", held.pk))
    assert response.status_code == 409
    assert "Tiden har redan börjat" in text(response)


def test_offer_is_not_booked_through_the_back_door(hand, sign_in, room, book, stina, other_association, alice):
    standing = book(room, hours(10, 12))
    entry = actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
    actions.cancel(standing, by=alice, at=AT)
    entry = WaitingEntry.objects.get(pk=entry.pk)
    assert sign_in(stina).get(page("booking_fill", entry.booking_id)).status_code == 404
    assert sign_in(stina).get(page("booking", entry.booking_id)).url == page("waiting_offer", entry.pk)


def test_browser_in_another_country_books_the_time_on_the_swedish_wall(hand, room):
    """Case 33."""
    hand.cookies["timezone"] = "America/Chicago"
    hand.post(page("space_book", room.pk), {"day": "2026-07-01", "begins": "15", "ends": "16"})
    assert Booking.objects.get().starts_at == datetime(2026, 7, 1, 13, 0, tzinfo=UTC)


def test_queries_of_the_way_do_not_grow_with_what_stands(
    hand, room, book, stina, other_association, django_assert_max_num_queries
):
    for number in range(3):
        book(room, hours(14 + number, 15 + number), by=stina, association=other_association)
    hand.get(page("space_book", room.pk), TIME)
    with django_assert_max_num_queries(12):
        hand.get(page("space_book", room.pk), TIME)
    with django_assert_max_num_queries(16):
        hand.get(page("space_book", room.pk), typed(hours(14, 15)))
