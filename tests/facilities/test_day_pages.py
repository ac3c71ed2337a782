"""The desk and the day's list: what waits, who comes, who came and who did not."""

from datetime import timedelta

import pytest
import time_machine

from facilities import actions
from facilities.choices import UseKind
from facilities.models import Booking
from facilities.rules.pricing import NoShow, Rate, Share, Tariff
from facilities.tasks import sweep
from tests.facilities.conftest import AT, DAY, hours
from tests.facilities.pages import page, text_of

pytestmark = pytest.mark.django_db
BEGUN = DAY + timedelta(hours=10, minutes=10)  # ten minutes into hours(10, 12)


@pytest.fixture
def now():
    """now(instant): the clock stands there."""
    travellers = []

    def stop_at(instant):
        travellers.append(time_machine.travel(instant, tick=False))
        travellers[-1].start()

    stop_at(AT)
    yield stop_at
    for traveller in reversed(travellers):
        traveller.stop()


@pytest.fixture
def dear(tariff):
    """A tariff in which nobody coming costs 500 kr."""
    rules = Tariff(
        rates=(Rate(kronor=100),), shares=(Share("youth", "", 50),), reference="private", no_show=NoShow.GREATER, no_show_fee=500
    )
    return actions.publish_tariff(actions.Plan(name="Dyr", valid_from=AT.date(), rules=rules), by=None, at=AT)


# --- the day's list ----------------------------------------------------------------------------------------------------------


def test_list_says_who_where_when_how_many_and_the_code(now, sign_in, staff, room, book, venue, officer):
    actions.give_code(book(room, hours(10, 12), title="P12", people=24), "4711#", by=officer, at=AT)
    actions.take_for(room, hours(13, 14), UseKind.OWN, title="Simskola", by=officer, at=AT)
    now(BEGUN)
    text = text_of(sign_in(staff).get(page("day_list", venue.key)))
    for words in (
        "12.00–14.00",
        "Karlskoga Handboll",
        "2 · P12 · 24 personer",
        "Kod eller nyckel: 4711#",
        "Kommunen",
        "Simskola",
    ):
        assert words in text
    assert text.count("De kom") == 1 + 2  # one button, and two boxes for a pencil


def test_times_that_are_cancelled_or_of_another_day_are_not_there(now, sign_in, staff, room, book, venue, alice):
    actions.cancel(book(room, hours(10, 12), title="Borta"), by=alice, at=AT)
    book(room, hours(10, 12, day=1), title="I morgon")
    overnight = book(room, hours(20, 24), title="Över midnatt")
    client = sign_in(staff)
    text = text_of(client.get(page("day_list", venue.key, day="2026-05-18")))
    assert "Borta" not in text
    assert "I morgon" not in text
    assert "Över midnatt" in text
    assert "Över midnatt" in text_of(client.get(page("day_list", venue.key, day="2026-05-19")))
    assert overnight.ends_at > overnight.starts_at


def test_closed_space_is_said_above_the_list(now, sign_in, staff, room, venue, officer):
    actions.close(room, hours(8, 20), reason="Golvet läggs om", by=officer, at=AT)
    text = text_of(sign_in(staff).get(page("day_list", venue.key, day="2026-05-18")))
    assert "Stängt: 2" in text
    assert "Golvet läggs om" in text


@pytest.mark.parametrize("day", ["i morgon", "2026-13-40", ""])
def test_day_that_cannot_be_read_is_today(now, sign_in, staff, venue, day):
    assert "måndag 4 maj" in text_of(sign_in(staff).get(page("day_list", venue.key, day=day)))


def test_days_lead_to_each_other(now, sign_in, staff, venue):
    response = sign_in(staff).get(page("day_list", venue.key, day="2026-05-31"))
    for day in ("2026-05-30", "2026-06-01"):
        assert f"?day={day}" in response.content.decode()
    assert page("day_list", venue.key) in sign_in(staff).get(page("today")).content.decode()


def test_arrival_is_noted_with_one_press_and_undone(now, sign_in, staff, room, book, venue):
    booking = book(room, hours(10, 12))
    now(BEGUN)
    client = sign_in(staff)
    for _twice in range(2):
        response = client.post(page("note_arrival", booking.pk))
    assert response.url == page("day_list", venue.key) + f"?day=2026-05-18#b{booking.pk}"
    booking.refresh_from_db()
    assert booking.arrived_at == BEGUN
    assert "Noterat: de kom." in text_of(client.get(response.url))
    client.post(page("note_undo", booking.pk))
    booking.refresh_from_db()
    assert booking.arrived_at is None


def test_what_an_absence_costs_is_shown_before_it_is_noted(now, dear, sign_in, staff, room, book, venue):
    booking = book(room, hours(10, 12))
    now(BEGUN)
    client = sign_in(staff)
    shown = text_of(client.get(page("note_absence", booking.pk)))
    assert "Det kostar 400 kr till enligt taxan." in shown
    assert "F-52" in shown
    booking.refresh_from_db()
    assert booking.absent_at is None
    client.post(page("note_absence", booking.pk))
    text = text_of(client.get(page("day_list", venue.key)))
    assert "Kom inte" in text
    assert "Kostar 400 kr till." in text
    client.post(page("note_undo", booking.pk))
    booking.refresh_from_db()
    assert (booking.absent_at, booking.fee) == (None, 0)


def test_time_that_has_not_begun_has_no_buttons_and_is_refused_in_words(now, sign_in, staff, room, book, venue):
    booking = book(room, hours(10, 12))
    client = sign_in(staff)
    assert page("note_arrival", booking.pk) not in client.get(page("day_list", venue.key, day="2026-05-18")).content.decode()
    response = client.post(page("note_arrival", booking.pk), follow=True)
    assert "Tiden har inte börjat än." in text_of(response)


def test_auditor_reads_the_list_without_buttons_or_codes(now, sign_in, person, room, book, venue, officer):
    booking = actions.give_code(book(room, hours(10, 12)), "4711#", by=officer, at=AT)
    now(BEGUN)
    found = sign_in(person("revisor@karlskoga.example", "auditor")).get(page("day_list", venue.key)).content.decode()
    assert "Karlskoga Handboll" in found
    assert page("note_arrival", booking.pk) not in found
    assert "4711" not in found


def test_faults_of_the_venue_stand_under_the_list(now, sign_in, staff, venue, room, alice):
    actions.report_fault(venue, "Lampan är trasig", space=room, is_danger=True, by=alice, at=AT)
    text = text_of(sign_in(staff).get(page("day_list", venue.key)))
    assert "Lampan är trasig" in text
    assert "Fara" in text


@pytest.mark.parametrize(("name", "queries"), [("day_list", 7), ("desk", 11), ("today", 6)])
def test_lists_cost_the_same_number_of_queries_with_one_and_three_rows(
    now, sign_in, staff, room, hall, book, venue, rules, name, queries, django_assert_num_queries
):
    client = sign_in(staff)
    url = page(name, venue.key, day="2026-05-18") if name == "day_list" else page(name)
    rules(needs_approval=True)
    book(room, hours(8, 9))
    client.get(url)
    with django_assert_num_queries(queries):
        client.get(url)
    for start in (9, 10):
        book(room, hours(start, start + 1))
        book(hall, hours(start, start + 1))
    with django_assert_num_queries(queries):
        client.get(url)


# --- the desk ----------------------------------------------------------------------------------------------------------------


def test_desk_says_what_waits_most_urgent_first(now, sign_in, officer, room, book, rules, venue, alice):
    rules(needs_approval=True)
    book(room, hours(10, 12))
    actions.report_fault(venue, "Målet står löst", is_danger=True, by=alice, at=AT)
    client = sign_in(officer)
    text = text_of(client.get(page("desk")))
    assert text.index("1 fel som inte är åtgärdat") < text.index("1 förfrågan att svara på")
    assert "Den äldsta har 3 arbetsdagar kvar." in text
    now(AT + timedelta(days=4))
    assert "Den äldsta är en arbetsdag försenad." in text_of(sign_in(officer).get(page("desk")))


def test_desk_of_somebody_who_only_reads_has_no_tasks(now, sign_in, person, room, book, rules):
    rules(needs_approval=True)
    book(room, hours(10, 12))
    text = text_of(sign_in(person("revisor@karlskoga.example", "auditor")).get(page("desk")))
    assert "att svara på" not in text
    assert "Boka åt någon" not in text
    assert "Taxor" in text


def test_desk_asks_for_the_notes_of_yesterday(now, sign_in, staff, room, book, venue):
    booking = book(room, hours(10, 12))
    now(booking.ends_at + timedelta(days=1))
    client = sign_in(staff)
    response = client.get(page("desk"))
    assert "1 tid i går utan notering" in text_of(response)
    client.post(page("note_arrival", booking.pk))
    assert "utan notering" not in text_of(client.get(page("desk")))


def test_desk_shows_today_by_venue(now, sign_in, staff, room, book, venue):
    book(room, hours(10, 12))
    book(room, hours(14, 15))
    now(DAY + timedelta(hours=5))
    text = text_of(sign_in(staff).get(page("desk")))
    assert "Hallen 2 tider, 12.00–17.00" in text


def test_start_page_tells_the_staff_what_waits(now, sign_in, staff, officer, alice, room, book, rules):
    rules(needs_approval=True)
    book(room, hours(10, 12))
    for person, told in ((staff, True), (officer, True), (alice, False)):
        assert ("1 förfrågan att svara på" in text_of(sign_in(person).get("/"))) is told


# --- the worker --------------------------------------------------------------------------------------------------------------


def test_sweep_takes_away_what_ran_out_and_is_harmless_twice(now, room, association, alice, tariff):
    actions.hold(room, hours(10, 12), actions.Wish(association=association), by=alice, at=AT)
    now(AT + timedelta(minutes=11))
    assert sweep() == 1
    assert sweep() == 0
    assert Booking.objects.get().status == "lapsed"
