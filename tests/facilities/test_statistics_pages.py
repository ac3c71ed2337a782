"""The pages of statistics: figures beside last year's, filters in the address, files; and what anyone may read."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.choices import Role
from facilities import actions
from facilities.choices import UseKind
from facilities.models import Booking
from facilities.models.usage import GROUPS
from facilities.views.use_words import GROUP_WORDS
from tests.facilities.conftest import hours

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_june():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def used(tree, book, alice, stina, other_association, staff):
    """3 h of handball, used; 4 h of innebandy, of which 1 h not used; 2 h of handball the year before."""
    girls = {"people": 20, "young": 20, "women": 18, "men": 2}
    came = book(tree["1.1"], hours(10, 13), **girls)
    others = {"by": stina, "association": other_association, "people": 3, "young": 0, "women": 0, "men": 3}
    also, absent = book(tree["2"], hours(10, 13), **others), book(tree["2"], hours(14, 15), **others)
    for booking in (came, also):
        actions.note_arrival(booking, by=staff, at=booking.ends_at)
    actions.note_absence(absent, by=staff, at=absent.ends_at)
    earlier = book(tree["1.2"], hours(16, 18), **girls)
    year = timedelta(days=365)
    Booking.objects.filter(pk=earlier.pk).update(starts_at=earlier.starts_at - year, ends_at=earlier.ends_at - year)


def page(name="statistics", *args):
    return reverse(f"facilities:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def test_figures_stand_beside_last_years(used, officer, sign_in):
    text = text_of(sign_in(officer).get(page()))
    for words in (
        "1 januari 2026 – 14 juni 2026",
        "2 förra året (+250 %)",
        "86 %",
        "Hallen har mest: 7 timmar",
        "86 av 100 noterade timmar",
    ):
        assert words in text, words
    assert "Ungdom får mest av subventionen: 150 kr" in text
    assert "Grupper med mest flickor har 3 timmar, grupper med mest pojkar 4" in text


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_each_grouping_has_a_page_and_a_file(used, officer, sign_in, group):
    client = sign_in(officer)
    assert client.get(page(), {"grupp": group}).status_code == 200
    response = client.get(page("statistics_table", "xlsx"), {"grupp": group})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == str(GROUP_WORDS[group])
    assert sum(row[2] for row in rows[1:]) == 7


def test_filters_live_in_the_address(used, officer, sign_in, venue):
    client = sign_in(officer)
    youth = text_of(client.get(page(), {"grupp": "forening", "kategori": Booking.objects.first().hirer_id}))
    assert "Karlskoga Handboll har mest: 3 timmar" in youth
    none = text_of(client.get(page(), {"fran": "2026-01-01", "till": "2026-02-01", "anlaggning": venue.pk}))
    assert "Ingenting var bokat" in none
    assert "7" in text_of(client.get(page(), {"slag": UseKind.BOOKING}))


def test_period_that_has_not_come_is_said_in_words(officer, sign_in, db):
    text = text_of(sign_in(officer).get(page(), {"fran": "2026-07-01"}))
    assert "Ingen dag i den perioden har passerat" in text
    assert sign_in(officer).get(page("statistics_table", "csv"), {"fran": "2026-07-01"}).status_code == 404


def test_day_that_is_none_is_told_beside_its_field(officer, sign_in, db):
    response = sign_in(officer).get(page(), {"fran": "i går", "till": "31/12 2026"})
    assert response.status_code == 422
    assert 'value="i går"' in response.content.decode()


def test_leap_day_is_compared_with_the_28th(officer, sign_in, room, book):
    """Case 29."""
    booking = book(room, hours(10, 12))
    starts = datetime(2027, 2, 28, 10, tzinfo=UTC)
    Booking.objects.filter(pk=booking.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=2))
    with time_machine.travel(datetime(2028, 3, 5, 8, tzinfo=UTC), tick=False):
        text = text_of(sign_in(officer).get(page(), {"fran": "2028-02-29", "till": "2028-02-29"}))
    assert "2 förra året" in text


def test_new_years_day_shows_the_year_that_was(officer, sign_in, client, db):
    with time_machine.travel(datetime(2027, 1, 1, 8, tzinfo=UTC), tick=False):
        assert "1 januari 2026 – 31 december 2026" in text_of(sign_in(officer).get(page()))
        assert "Lokalerna 2026" in text_of(client.get(page("statistics_public")))


def test_statistics_are_for_those_who_keep_bookings(used, person, staff, alice, stranger, sign_in):
    auditor = person("auditor@karlskoga.example", Role.AUDITOR)
    statuses = [sign_in(user).get(page()).status_code for user in (auditor, staff, alice, stranger)]
    assert statuses == [200, 200, 403, 403]
    offered = [reverse("facilities:bill_list") in sign_in(user).get(page()).content.decode() for user in (auditor, staff)]
    assert offered == [True, False]


@pytest.mark.parametrize("more", [0, 3])
def test_queries_do_not_grow_with_the_bookings(used, room, book, officer, client, sign_in, django_assert_max_num_queries, more):
    for number in range(more):
        book(room, hours(number, number + 1, day=2 + number))
    office = sign_in(officer)
    with django_assert_max_num_queries(16):
        office.get(page())
    with django_assert_max_num_queries(6):
        client.get(page("statistics_public"))


# --- anyone ----------------------------------------------------------------------------------------------------------------


def test_anyone_reads_the_use_of_each_venue(used, client):
    text = text_of(client.get(page("statistics_public")))
    for words in ("Lokalerna 2026", "Hallen har mest: 7 timmar", "86 %"):
        assert words in text, words
    for word in ("Handboll", "Innebandy", "kr "):
        assert word not in text, word
    assert "Hallen har mest: 2 timmar" in text_of(client.get(page("statistics_public"), {"ar": "2025"}))


def test_groups_of_fewer_than_five_are_not_shown_to_anyone(used, client):
    """Three men and twenty girls: neither is shown, because the sum would tell the one."""
    text = text_of(client.get(page("statistics_public")))
    assert "Grupper med färre än fem personer visas inte" in text
    for words in ("Mest pojkar och män", "Mest flickor och kvinnor", "Ingen under 25", "Alla under 25"):
        assert words not in text, words


def test_groups_of_five_or_more_are_shown_to_anyone(used, client):
    Booking.objects.filter(people=3).update(people=12)
    text = text_of(client.get(page("statistics_public")))
    assert "visas inte" not in text
    assert "Mest pojkar och män" in text


@pytest.mark.parametrize("year", ["abcd", "1800", "9999", "", "20266"])
def test_odd_years_are_read_as_near_as_can_be(used, client, year):
    assert client.get(page("statistics_public"), {"ar": year}).status_code == 200


def test_public_file_has_hours_and_no_kronor(used, client):
    text = client.get(page("statistics_public_table", "csv")).content.decode("utf-8-sig")
    assert text.splitlines() == [
        "Anläggning;Bokningar;Bokade timmar;Använda timmar;Timmar då ingen kom;Timmar sent avbokade;Timmar inte noterade",
        "Hallen;3;7,00;6,00;1,00;0,00;0,00",
    ]
