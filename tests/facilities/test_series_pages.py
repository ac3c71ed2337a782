"""Series through the pages: every date with what is against it before anything is held, each left out at will, then booked."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from facilities.models import Booking, HoursException, Series, Venue
from records.models import Letter
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text

pytestmark = pytest.mark.django_db
MONDAYS = {"first": "2026-05-18", "last": "2026-06-08", "begins": "18", "ends": "20", "repeats": "weekly", "use": "training"}
DETAILS = {"title": "Träning F12", "people": "20", "young": "20", "do": "book"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def hand(sign_in, alice, tariff):
    return sign_in(alice)


@pytest.fixture
def address(room):
    def of(**changes):
        query = "&".join(f"{name}={value}" for name, value in {**MONDAYS, **changes}.items() if value is not None)
        return f"{page('series', room.pk)}?{query}"

    return of


def dates(response):
    return [(row.day.day.isoformat(), row.day.is_free, row.skipped) for row in response.context["rows"]]


def send(hand, address, **changes):
    shown = hand.get(address).context
    return hand.post(address, {**DETAILS, "sum": f"{shown['sum']:.2f}", **changes})


def test_dates_stand_with_price_and_sum_before_anything_is_held(hand, address):
    response = hand.get(address())
    assert [row[0] for row in dates(response)] == ["2026-05-18", "2026-05-25", "2026-06-01", "2026-06-08"]
    assert (response.context["times"], response.context["sum"]) == (4, Decimal("400.00"))
    assert "4 tider, tillsammans <strong>400 kr</strong>" in text(response)
    assert Booking.objects.count() == 0


def test_series_is_booked_in_one_press_with_a_receipt_of_all_times(hand, address):
    response = send(hand, address())
    series = Series.objects.get()
    assert response.url == page("series_receipt", series.pk)
    shown = text(hand.get(response.url))
    for words in ("Måndag 18 maj 18.00–20.00", "Måndag 8 juni 18.00–20.00", "400 kr"):
        assert words in shown
    assert set(Booking.objects.values_list("title", "rules_accepted_at")) == {("Träning F12", AT)}
    assert Letter.objects.filter(key__startswith="facilities.series.").count() == 1


def test_pressing_twice_books_once(hand, address):
    first = send(hand, address())
    again = hand.post(address(), {**DETAILS, "sum": "400.00"})
    assert again.url == first.url
    assert Booking.objects.count() == 4


def test_what_is_in_the_way_is_told_per_date_and_can_be_left_out(hand, address, room, book, stina, other_association):
    """Case 35."""
    book(room, hours(17, 18, day=7), by=stina, association=other_association)
    HoursException.objects.create(venue=room.venue, day=date(2026, 6, 1), opens=None)
    response = hand.get(address())
    assert [row[1] for row in dates(response)] == [True, False, False, True]
    for words in ("2 datum går inte att få", "Någon annan har lokalen den tiden.", "Lokalen är stängd den tiden."):
        assert words in text(response)
    refused = send(hand, address())
    assert refused.status_code == 409
    assert Booking.objects.count() == 1
    counted = hand.post(address(), {"do": "skip"})
    assert counted.status_code == 200
    assert (counted.context["times"], counted.context["sum"]) == (2, Decimal("200.00"))
    booked = send(hand, address(), skip=["2026-05-25", "2026-06-01"], sum="200.00")
    assert booked.status_code == 302
    assert Booking.objects.filter(series__isnull=False).count() == 2


def test_taken_between_the_look_and_the_press_books_nothing_and_says_which(hand, address, room, book, stina, other_association):
    shown = hand.get(address()).context["sum"]
    book(room, hours(16, 17), by=stina, association=other_association)
    response = hand.post(address(), {**DETAILS, "sum": f"{shown:.2f}"})
    assert response.status_code == 409
    assert dates(response)[0] == ("2026-05-18", False, False)
    assert Booking.objects.filter(series__isnull=False).count() == 0


def test_public_holidays_are_left_out_when_one_asks_for_it(hand, address):
    """6 June is the national day, 19 June Midsummer Eve."""
    asked = address(first="2026-06-05", last="2026-06-20", weekdays="5", holidays="on")
    assert dates(hand.get(asked)) == [("2026-06-06", True, True), ("2026-06-13", True, False), ("2026-06-20", True, True)]
    asked = address(first="2026-06-05", last="2026-06-20", weekdays="5")
    assert [row[2] for row in dates(hand.get(asked))] == [False, False, False]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"repeats": "fortnightly"}, ["2026-05-18", "2026-06-01"]),
        ({"repeats": "monthly", "last": "2026-08-31"}, ["2026-05-18", "2026-06-15", "2026-07-20", "2026-08-17"]),
        ({"last": "2026-05-24", "weekdays": "1&weekdays=3"}, ["2026-05-19", "2026-05-21"]),
        ({"first": "18/5", "last": "1 juni 2026"}, ["2026-05-18", "2026-05-25", "2026-06-01"]),
    ],
)
def test_patterns_that_people_ask_for(hand, address, changes, expected):
    """Cases 30, 31 and 34."""
    assert [row[0] for row in dates(hand.get(address(**changes)))] == expected


def test_evening_over_midnight_every_week(hand, address):
    """Case 26."""
    send(hand, address(begins="21", ends="24"))
    assert {booking.ends_at.hour for booking in Booking.objects.all()} == {22}
    assert Booking.objects.count() == 4


def test_autumn_keeps_its_hour_on_the_wall(hand, address):
    """Case 20."""
    send(hand, address(first="2026-10-19", last="2026-10-26"))
    assert [booking.starts_at.hour for booking in Booking.objects.order_by("starts_at")] == [16, 17]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"first": "snart"}, "Skriv dagen med dag och månad"),
        ({"last": ""}, "Skriv sista dagen."),
        ({"last": "2026-05-01"}, "Sista dagen måste komma efter den första."),
        ({"last": "2029-01-01"}, "En serie kan vara högst två år lång."),
        ({"ends": "18.00"}, "Sluttiden ska vara efter starttiden."),
        ({"repeats": "ibland"}, "Välj"),
        ({"weekdays": "9"}, "Välj"),
        ({"last": "2028-05-01", "weekdays": "0&weekdays=1&weekdays=2&weekdays=3&weekdays=4"}, "högst 400 tider"),
    ],
)
def test_patterns_that_are_none_are_told(hand, address, changes, sentence):
    response = hand.get(address(**changes))
    assert response.status_code == 422
    assert sentence in text(response)


def test_no_day_in_the_time_says_so(hand, address):
    response = hand.get(address(first="2026-05-19", last="2026-05-20", weekdays="0"))
    assert "Det finns ingen sådan dag under den tiden" in text(response)
    assert hand.post(address(first="2026-05-19", last="2026-05-20", weekdays="0"), {**DETAILS, "sum": "0.00"}).status_code in {
        200,
        409,
    }


def test_details_that_are_wrong_stay_and_are_told(hand, address, room):
    Venue.objects.update(rules_to_accept="Inga klisterbollar.")
    response = send(hand, address(), people="många")
    assert response.status_code == 422
    for words in ("Skriv ett heltal", 'value="många"', "Ni behöver godkänna reglerna"):
        assert words in text(response)


def test_adults_see_the_new_sum_before_they_book(hand, address):
    response = send(hand, address(), young="3")
    assert response.status_code == 409
    assert "Priset är ett annat nu." in text(response)
    assert response.context["sum"] == Decimal("800.00")
    assert send(hand, address(), young="3", sum="800.00").status_code == 302


def test_quota_says_no_to_a_whole_series(hand, address, rules):
    """Case 40."""
    rules(quota=2)
    response = send(hand, address())
    assert response.status_code == 409
    assert Booking.objects.count() == 0


def test_series_of_somebody_else_is_not_found(hand, address, sign_in, stina, stranger):
    series = send(hand, address()).url
    for person in (stina, stranger):
        assert sign_in(person).get(series).status_code == 404


def test_one_who_speaks_for_nobody_is_told_what_to_do(sign_in, stranger, room, tariff, address):
    hand = sign_in(stranger)
    assert "Du företräder ingen förening" in text(hand.get(page("series", room.pk)))
    assert hand.post(address(), {**DETAILS, "sum": "800.00"}).status_code == 409


def test_questions_do_not_grow_with_the_series(hand, address, django_assert_max_num_queries):
    hand.get(address())
    for last in ("2026-05-18", "2027-05-03"):
        with django_assert_max_num_queries(14):
            hand.get(address(last=last))
