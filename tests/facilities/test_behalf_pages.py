"""Staff book for somebody else and for the municipality itself, through the pages."""

from datetime import date

import pytest
import time_machine

from facilities import actions
from facilities.choices import BookingStatus, UseKind
from facilities.models import Booking, HirerCategory
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def typed(room, association, tariff):
    """What is typed for an association; typed(day="…") changes some of it."""

    def form(**more):
        return {
            "association": association.pk,
            "hirer_name": "",
            "hirer": "",
            "form": "training",
            "title": "Extra träning",
            "people": "20",
            "young": "18",
            "space": room.pk,
            "day": "18 maj 2026",
            "starts": "12",
            "ends": "14.00",
            "every": "1",
            "reason": "Ringde kundtjänst",
            **more,
        }

    return form


def test_price_is_shown_before_anything_is_booked(sign_in, staff, typed):
    client, url = sign_in(staff), page("behalf_book")
    assert client.get(url).status_code == 200
    shown = client.post(url, typed())
    assert shown.status_code == 200
    text = text_of(shown)
    assert "Det här kan bokas" in text
    assert "F-45" in text
    assert not Booking.objects.exists()
    done = client.post(url, typed(book="1"))
    booking = Booking.objects.get()
    assert done.url == page("kept_booking", booking.pk)
    facts = booking.on_behalf, booking.reason, booking.people, booking.payable, booking.booked_by
    assert facts == (True, "Ringde kundtjänst", 20, 100, staff)


def test_somebody_who_is_no_association_pays_as_what_is_chosen(sign_in, staff, typed):
    private = HirerCategory.objects.get(key="private")
    person = typed(association="", hirer_name="Anna Andersson", hirer=private.pk, from_elsewhere="on", book="1")
    sign_in(staff).post(page("behalf_book"), person)
    booking = Booking.objects.get()
    assert (booking.hirer_name, booking.hirer, booking.from_elsewhere, booking.payable) == ("Anna Andersson", private, True, 200)


def test_what_is_in_the_way_is_shown_with_who_has_it(sign_in, staff, typed, room, book, stina, other_association):
    book(room, hours(11, 13), title="Match", by=stina, association=other_association)
    response = sign_in(staff).post(page("behalf_book"), typed(book="1"))
    assert response.status_code == 409
    text = text_of(response)
    assert "Det här är i vägen" in text
    assert "Karlskoga Innebandy" in text
    assert Booking.objects.count() == 1


def test_staff_set_the_terms_aside_but_open_no_closed_hall(sign_in, staff, typed, rules, venue):
    rules(shortest=240, days_before=60)
    assert "Det här kan bokas" in text_of(sign_in(staff).post(page("behalf_book"), typed()))
    actions.add_exceptions(venue, [date(2026, 5, 18)], [], by=None, at=AT)
    response = sign_in(staff).post(page("behalf_book"), typed())
    assert response.status_code == 409
    assert "stängd" in text_of(response)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"association": ""}, "Välj en förening, eller skriv vem som hyr."),
        ({"hirer_name": "Anna"}, "Lämna tomt när en förening hyr."),
        ({"young": "30"}, "De under 25 räknas in i antalet personer."),
        ({"reason": ""}, "Varför bokar du åt någon annan?"),
        ({"day": "32 maj"}, "Skriv datumet"),
        ({"until": "1 maj 2026"}, "Sista dagen får inte"),
        ({"until": "2030-12-31", "weekdays": ["0", "1", "2"]}, "högst 400 tider"),
        ({"until": "2026-05-19", "weekdays": ["5"]}, "Det finns ingen sådan dag"),
        ({"space": "x"}, "Välj"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(sign_in, staff, typed, wrong, words):
    response = sign_in(staff).post(page("behalf_book"), typed(**wrong, book="1"))
    assert response.status_code == 422
    assert words in text_of(response)
    assert not Booking.objects.exists()


def test_day_without_a_price_is_said_in_words(sign_in, staff, room, association):
    wish = {"association": association.pk, "form": "training", "space": room.pk, "day": "2026-05-18", "starts": "12"}
    response = sign_in(staff).post(page("behalf_book"), {**wish, "ends": "14", "every": "1", "reason": "Ringde"})
    assert response.status_code == 422
    assert "inget pris" in text_of(response)


def test_series_shows_each_date_and_those_ticked_are_skipped(sign_in, staff, typed, room, book):
    book(room, hours(11, 12, day=7), title="I vägen")
    client, url = sign_in(staff), page("behalf_book")
    shown = client.post(url, typed(until="2026-06-08", book="1"))
    assert shown.status_code == 409
    page_text = shown.content.decode()
    assert page_text.count('name="skip"') == 4
    assert 'name="skip" value="2026-05-25" checked' in page_text
    again = client.post(url, typed(until="2026-06-08", skip=["2026-05-25"]))
    assert "Boka 3 tider" in text_of(again)
    client.post(url, typed(until="2026-06-08", skip=["2026-05-25"], book="1"))
    assert Booking.objects.filter(series__isnull=False, status=BookingStatus.CONFIRMED).count() == 3


def test_municipality_uses_its_own_hall_once_and_every_week(sign_in, staff, room):
    client, url = sign_in(staff), page("own_use")
    assert client.get(url).status_code == 200
    once = {"title": "Simskola", "space": room.pk, "day": "2026-05-18", "starts": "9", "ends": "11", "every": "1", "reason": ""}
    assert "Det här kan bokas" in text_of(client.post(url, once))
    client.post(url, {**once, "book": "1"})
    client.post(url, {**once, "day": "2026-05-19", "until": "2026-06-02", "every": "2", "book": "1"})
    taken = Booking.objects.order_by("starts_at")
    assert [(each.kind, each.payable) for each in taken] == [(UseKind.OWN, 0)] * 3
    assert client.post(url, {**once, "book": "1"}).status_code == 409
    assert client.post(url, {**once, "title": ""}).status_code == 422


def test_place_and_time_of_a_calendar_are_typed_already(sign_in, staff, room):
    text = sign_in(staff).get(page("behalf_book", space=room.pk, day="2026-05-18", starts="12.00", ends="14.00")).content.decode()
    for value in ('value="2026-05-18"', 'value="12.00"', f'value="{room.pk}" selected'):
        assert value in text


def test_form_costs_the_same_queries_however_many_spaces(sign_in, staff, venue, tree, django_assert_num_queries):
    client, url = sign_in(staff), page("behalf_book")
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)
    for number in range(3):
        actions.add_space(venue, f"Ny {number}", by=None, at=AT)
    with django_assert_num_queries(7):
        client.get(url)
