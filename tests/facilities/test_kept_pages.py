"""Bookings as staff keep them: found, exported, opened, given a code, moved, cancelled, swapped, waited for."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from facilities import actions
from facilities.choices import BookingStatus
from facilities.models import Booking
from facilities.rules.series import Pattern
from records.models import Event, Letter
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


# --- the list ----------------------------------------------------------------------------------------------------------------


def test_bookings_are_found_by_who_what_where_when_and_number(sign_in, staff, tree, book, stina, other_association):
    one = book(tree["2"], hours(10, 12), title="P12")
    book(tree["1"], hours(10, 12, day=3), title="F14", by=stina, association=other_association)
    client = sign_in(staff)

    def found(**query):
        text = text_of(client.get(page("kept_list", **query)))
        return ("P12" in text, "F14" in text)

    assert found() == (True, True)
    assert found(q="handboll") == (True, False)
    assert found(q="f14") == (False, True)
    assert found(q=one.pk) == (True, False)
    assert found(first="2026-05-19") == (False, True)
    assert found(last="18 maj 2026") == (True, False)
    assert found(status="cancelled") == (False, False)
    assert found(venue="finns-inte") == (True, True)


def test_list_begins_today_and_what_is_over_is_asked_for(sign_in, staff, room, book):
    book(room, hours(10, 12), title="Gammal")
    with time_machine.travel(hours(0, 1, day=2).starts, tick=False):
        client = sign_in(staff)
        assert "Gammal" not in text_of(client.get(page("kept_list")))
        assert "Gammal" in text_of(client.get(page("kept_list", first="2026-05-01")))


def test_list_is_downloaded_and_no_text_becomes_a_formula(sign_in, officer, room, book):
    book(room, hours(10, 12), title="=SUMMA(A1:A9)", people=24)
    client = sign_in(officer)
    csv = client.get(page("kept_list", format="csv")).content.decode("utf-8-sig")
    assert "'=SUMMA" in csv
    assert "2026-05-18 12:00" in csv
    rows = CalamineWorkbook.from_filelike(io.BytesIO(client.get(page("kept_list", format="xlsx")).content))
    header, row = rows.get_sheet_by_index(0).to_python()
    assert dict(zip(header, row, strict=True))["Personer"] == 24


def test_list_costs_the_same_queries_with_one_and_three_rows(sign_in, staff, room, book, django_assert_num_queries):
    client, url = sign_in(staff), page("kept_list")
    book(room, hours(8, 9))
    client.get(url)
    with django_assert_num_queries(7):
        client.get(url)
    for start in (9, 10):
        book(room, hours(start, start + 1))
    with django_assert_num_queries(7):
        client.get(url)


# --- one booking -------------------------------------------------------------------------------------------------------------


def test_booking_shows_its_facts_its_price_line_by_line_and_what_has_happened(sign_in, officer, room, book):
    booking = book(room, hours(10, 12), title="P12", people=24, young=20)
    text = text_of(sign_in(officer).get(page("kept_booking", booking.pk)))
    for words in ("Karlskoga Handboll", "P12", "24", "F-42", "F-45", "100 kr", "Bokad av Alice Andersson", "4 maj"):
        assert words in text


def test_code_is_kept_on_the_booking_and_not_in_the_log(sign_in, staff, room, book):
    booking = book(room, hours(10, 12))
    client = sign_in(staff)
    client.post(page("kept_code", booking.pk), {"code": " Nyckel 12 "})
    booking.refresh_from_db()
    assert booking.access_code == "Nyckel 12"
    assert not Event.objects.filter(changes__icontains="Nyckel").exists()
    assert not Event.objects.filter(reason__icontains="Nyckel").exists()


def test_booking_is_moved_and_what_is_in_the_way_is_shown(sign_in, staff, tree, book):
    booking, other = book(tree["2"], hours(10, 12)), book(tree["1"], hours(14, 16), title="I vägen")
    client, url = sign_in(staff), page("kept_move", booking.pk)
    assert 'value="12.00"' in client.get(url).content.decode()
    wanted = {"space": tree["1.1"].pk, "day": "2026-05-18", "starts": "17", "ends": "18", "reason": "Golvet"}
    taken = client.post(url, wanted)
    assert taken.status_code == 409
    assert "I vägen" in text_of(taken)
    assert client.post(url, {**wanted, "starts": "19", "ends": "20"}).status_code == 302
    booking.refresh_from_db()
    assert (booking.space, booking.starts_at) == (tree["1.1"], hours(17, 18).starts)
    assert Letter.objects.filter(key__startswith=f"facilities.moved.{booking.pk}.").exists()
    assert other.pk != booking.pk


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ends": "9.00"}, "Sluttiden ska vara efter starttiden."),
        ({"day": "1 maj 2026"}, "Tiden har redan börjat eller passerat."),
        ({"reason": ""}, "Varför flyttas den?"),
        ({"space": "999999"}, "Välj"),
    ],
)
def test_move_that_cannot_be_is_said_in_words(sign_in, staff, room, book, typed, words):
    booking = book(room, hours(10, 12))
    wanted = {"space": room.pk, "day": "2026-05-19", "starts": "10", "ends": "12", "reason": "Golvet", **typed}
    response = sign_in(staff).post(page("kept_move", booking.pk), wanted)
    assert response.status_code == 422
    assert words in text_of(response)


def test_cancelling_says_what_it_costs_and_can_cost_nothing(sign_in, staff, room, book):
    late, forgiven = book(room, hours(10, 12)), book(room, hours(12, 14))
    with time_machine.travel(late.starts_at - timedelta(hours=20), tick=False):
        client = sign_in(staff)
        assert "Enligt taxan: 100 kr nu" in text_of(client.get(page("kept_cancel", late.pk)))
        assert client.post(page("kept_cancel", late.pk), {"fee": "tariff", "reason": ""}).status_code == 422
        client.post(page("kept_cancel", late.pk), {"fee": "tariff", "reason": "Ringde sent"})
        client.post(page("kept_cancel", forgiven.pk), {"fee": "nothing", "reason": "Snöstorm"})
        again = client.post(page("kept_cancel", late.pk), {"fee": "tariff", "reason": "Igen"})
    late.refresh_from_db()
    forgiven.refresh_from_db()
    assert (late.status, late.fee, forgiven.fee) == (BookingStatus.CANCELLED, Decimal(100), 0)
    assert "Snöstorm" in Letter.objects.get(key=f"facilities.cancelled.{forgiven.pk}").html
    assert again.status_code == 422


def test_rest_of_a_series_is_cancelled_without_a_fee(sign_in, staff, room, association, tariff, alice):
    pattern = Pattern(date(2026, 5, 18), date(2026, 6, 8), 18 * 60, 20 * 60)
    series = actions.book_series(room, pattern, actions.Wish(association=association), by=alice, at=AT)
    client = sign_in(staff)
    assert "En tid i en serie, 4 återstår." in text_of(client.get(page("kept_booking", series[1].pk)))
    client.post(page("kept_cancel", series[1].pk), {"fee": "nothing", "rest": "on", "reason": "Hallen säljs"})
    assert [each.status for each in Booking.objects.order_by("starts_at")] == ["confirmed"] + ["cancelled"] * 3


def test_two_bookings_change_places_by_number_and_it_is_seen(sign_in, staff, tree, book, stina, other_association):
    one = book(tree["2"], hours(10, 12))
    other = book(tree["1"], hours(14, 16), by=stina, association=other_association)
    client, url = sign_in(staff), page("kept_swap", one.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"other": "999999", "reason": "Byte"}).status_code == 422
    assert client.post(url, {"other": one.pk, "reason": "Byte"}).status_code == 422
    assert client.post(url, {"other": other.pk, "reason": "Lagen vill byta"}).status_code == 302
    one.refresh_from_db()
    assert one.space == tree["1"]
    text = text_of(client.get(page("kept_waiting")))
    assert "Lagen vill byta" in text
    assert "Karlskoga Innebandy" in text


def test_who_waits_and_what_is_offered_until_when(
    sign_in, staff, room, book, stina, other_association, alice, django_assert_num_queries
):
    booking = book(room, hours(10, 12))
    client, url = sign_in(staff), page("kept_waiting")
    actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
    assert "Karlskoga Innebandy" in text_of(client.get(url))
    with django_assert_num_queries(8):
        client.get(url)
    for start in (14, 16):
        actions.wait_for(room, hours(start, start + 1), other_association, form="training", by=stina, at=AT)
    with django_assert_num_queries(8):
        client.get(url)
    actions.cancel(booking, by=alice, at=AT)
    assert "till 5 maj kl. 10.00" in text_of(client.get(url))
