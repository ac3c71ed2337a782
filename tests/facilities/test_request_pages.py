"""Requests answered and closed times, through their pages."""

from datetime import date, timedelta

import pytest
import time_machine

from facilities import actions
from facilities.choices import BookingStatus, UseKind
from facilities.models import Booking
from facilities.rules.series import Pattern
from records.models import Letter
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def asks(rules):
    rules(needs_approval=True, answer_days=3)


# --- requests ----------------------------------------------------------------------------------------------------------------


def test_overdue_requests_come_first_with_the_working_days_counted(sign_in, staff, asks, room, book):
    book(room, hours(10, 12), title="Fräsch", at=AT)
    book(room, hours(12, 14), title="Sen", at=AT - timedelta(days=10))
    book(room, hours(14, 16), title="I dag", at=AT - timedelta(days=6))
    text = text_of(sign_in(staff).get(page("request_list")))
    assert "Ett svar är försenat." in text
    places = [text.index(words) for words in ("2 arbetsdagar försenad", "Svara i dag", "3 arbetsdagar kvar")]
    assert places == sorted(places)
    assert text.index("· Sen ·") < text.index("· I dag ·") < text.index("· Fräsch ·")


def test_request_is_approved_with_one_press(sign_in, staff, asks, room, book):
    request = book(room, hours(10, 12))
    client = sign_in(staff)
    response = client.post(page("request_approve", request.pk), follow=True)
    request.refresh_from_db()
    assert request.status == BookingStatus.CONFIRMED
    assert "Inga förfrågningar väntar på svar" in text_of(response)
    again = client.post(page("request_approve", request.pk), follow=True)
    assert "redan" in text_of(again)


def test_refusal_needs_a_reason_that_reaches_the_letter(sign_in, staff, asks, room, book):
    request = book(room, hours(10, 12))
    client, url = sign_in(staff), page("request_refuse", request.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "  "}).status_code == 422
    assert client.post(url, {"reason": "Golvet läggs om"}).status_code == 302
    request.refresh_from_db()
    assert request.status == BookingStatus.REFUSED
    assert "Golvet läggs om" in Letter.objects.get(key=f"facilities.refused.{request.pk}").html
    assert client.post(url, {"reason": "Igen"}).status_code == 422


def test_series_is_one_row_and_answered_at_once(sign_in, staff, asks, room, association, tariff, alice):
    mondays = Pattern(date(2026, 5, 18), date(2026, 6, 8), 18 * 60, 20 * 60)
    tuesdays = Pattern(date(2026, 5, 19), date(2026, 6, 9), 18 * 60, 20 * 60)
    wish = actions.Wish(association=association)
    first, second = (actions.book_series(room, each, wish, by=alice, at=AT) for each in (mondays, tuesdays))
    client = sign_in(staff)
    text = text_of(client.get(page("request_list")))
    assert text.count("4 tider:") == 2
    assert text.count("Godkänn alla") == 2
    client.post(page("request_series_approve", first[0].series_id))
    url = page("request_series_refuse", second[0].series_id)
    assert client.get(url).status_code == 200
    client.post(url, {"reason": "Skolan har hallen"})
    counted = {status: Booking.objects.filter(status=status).count() for status in ("confirmed", "refused")}
    assert counted == {"confirmed": 4, "refused": 4}
    assert client.post(url, {"reason": "Igen"}).status_code == 422


def test_requests_are_filtered_by_venue_and_cost_the_same_queries(sign_in, staff, asks, room, book, django_assert_num_queries):
    elsewhere = actions.add_venue(key="annan", name="Annan hall", by=None, at=AT)
    client, url = sign_in(staff), page("request_list")
    book(room, hours(10, 12))
    client.get(url)
    with django_assert_num_queries(6):
        client.get(url)
    for start in (12, 14):
        book(room, hours(start, start + 1))
    with django_assert_num_queries(6):
        client.get(url)
    assert "Inga förfrågningar" in text_of(client.get(page("request_list", venue=elsewhere.key)))


# --- closed times ------------------------------------------------------------------------------------------------------------


def closing(*spaces, **more):
    return {
        "spaces": [str(space.pk) for space in spaces],
        "first": "18 maj 2026",
        "starts": "10",
        "last": "2026-05-18",
        "ends": "22.00",
        "reason": "Vattenskada",
        **more,
    }


def test_what_would_be_cancelled_is_shown_before_anything_is(sign_in, officer, room, book, venue, alice):
    booking = book(room, hours(10, 12), title="Träning")
    client, url = sign_in(officer), page("closure_new", venue.key)
    assert client.get(url).status_code == 200
    shown = client.post(url, closing(room))
    assert shown.status_code == 409
    text = text_of(shown)
    assert "En bokning ligger där." in text
    assert "Karlskoga Handboll" in text
    assert f'name="seen" value="{booking.pk}"' in shown.content.decode()
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    done = client.post(url, closing(room, seen=[booking.pk]), follow=True)
    assert "En bokning är avbokad" in text_of(done)
    booking.refresh_from_db()
    assert (booking.status, booking.fee) == (BookingStatus.CANCELLED, 0)
    assert "Vattenskada" in Letter.objects.get(key=f"facilities.cancelled.{booking.pk}").html


def test_booking_that_came_in_between_is_shown_and_not_cancelled(sign_in, officer, room, book, venue):
    first = book(room, hours(10, 12))
    client, url = sign_in(officer), page("closure_new", venue.key)
    second = book(room, hours(14, 16))
    shown = client.post(url, closing(room, seen=[first.pk]))
    assert shown.status_code == 409
    assert "Något har bokats sedan du tittade." in text_of(shown)
    assert set(Booking.objects.values_list("status", flat=True)) == {BookingStatus.CONFIRMED}
    assert client.post(url, closing(room, seen=[first.pk, second.pk])).status_code == 302


def test_looking_again_cancels_nothing(sign_in, officer, room, book, venue):
    booking = book(room, hours(10, 12))
    shown = sign_in(officer).post(page("closure_new", venue.key), closing(room, seen=[booking.pk], again="1"))
    assert shown.status_code == 409
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED


def test_what_has_been_used_already_today_is_not_cancelled(sign_in, officer, room, book, venue):
    used = book(room, hours(2, 3))
    with time_machine.travel(hours(10, 11).starts, tick=False):
        response = sign_in(officer).post(page("closure_new", venue.key), closing(room, starts="00.00", ends="24.00"))
    assert response.status_code == 302
    used.refresh_from_db()
    assert used.status == BookingStatus.CONFIRMED
    assert Booking.objects.get(kind=UseKind.CLOSURE).starts_at > hours(10, 11).starts


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"spaces": []}, "Välj minst en lokal."),
        ({"reason": ""}, "Varför?"),
        ({"ends": "9"}, "Sluttiden ska vara efter starttiden."),
        ({"first": "4 maj 2026", "last": "4 maj 2026", "starts": "8", "ends": "9"}, "Tiden har redan passerat."),
        ({"starts": "tio"}, "Skriv klockslaget med siffror"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(sign_in, officer, room, venue, typed, words):
    response = sign_in(officer).post(page("closure_new", venue.key), closing(room, **typed))
    assert response.status_code == 422
    assert words in text_of(response)
    assert not Booking.objects.exists()
    if "reason" not in typed:
        assert "Vattenskada" in response.content.decode()


def test_closed_times_are_listed_and_opened_again(sign_in, officer, tree, venue):
    actions.close_all([tree["1"], tree["2"]], hours(8, 20), reason="Golvet", by=officer, at=AT)
    client = sign_in(officer)
    assert text_of(client.get(page("closure_list"))).count("Golvet") == 2
    closure = Booking.objects.filter(space=tree["2"]).get()
    response = client.post(page("closure_end", closure.pk), follow=True)
    assert text_of(response).count("Golvet") == 1
    again = client.post(page("closure_end", closure.pk), follow=True)
    assert "Lokalen är inte stängd" in text_of(again)


def test_closed_times_cost_the_same_queries(sign_in, officer, tree, venue, django_assert_num_queries):
    client, url = sign_in(officer), page("closure_list")
    actions.close(tree["1"], hours(8, 9), reason="Golvet", by=officer, at=AT)
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)
    for start in (10, 12):
        actions.close(tree["2"], hours(start, start + 1), reason="Golvet", by=officer, at=AT)
    with django_assert_num_queries(7):
        client.get(url)
