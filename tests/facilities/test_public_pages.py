"""What anyone may open: venues, spaces, free times, the tables of a week and a day."""

from datetime import date

import pytest
import time_machine

from facilities import actions
from facilities.choices import UseForm, UseKind
from facilities.models import HoursException, OpeningHours, Space, Venue
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def arena(venue, tree, tariff):
    Venue.objects.filter(pk=venue.pk).update(
        access=["step_free", "hearing_loop"],
        address="Storgatan 1",
        rules_to_accept="Inga klisterbollar.",
        email="hall@example.org",
    )
    Space.objects.filter(name="2").update(kind="meeting", capacity=24)
    return Venue.objects.get(pk=venue.pk)


@pytest.fixture
def elsewhere(db):
    other = actions.add_venue(key="annan", name="Annanhallen", by=None, at=AT)
    actions.add_space(other, "Isen", kind="ice", by=None, at=AT)
    return other


# --- venues ----------------------------------------------------------------------------------------------------------------


def test_venues_are_found_by_name_kind_room_and_accessibility(client, arena, elsewhere):
    for query, found in (
        ({}, {"Hallen", "Annanhallen"}),
        ({"q": "storg"}, {"Hallen"}),
        ({"q": "isen"}, {"Annanhallen"}),
        ({"kind": "ice"}, {"Annanhallen"}),
        ({"kind": "meeting", "people": "20"}, {"Hallen"}),
        ({"kind": "meeting", "people": "25"}, set()),
        ({"access": ["step_free", "hearing_loop"]}, {"Hallen"}),
        ({"access": ["lift"]}, set()),
    ):
        response = client.get(page("venue_list"), query)
        assert {venue.name for venue, _short in response.context["venues"]} == found, query


def test_filter_that_cannot_be_read_is_told_and_shows_all(client, arena):
    response = client.get(page("venue_list"), {"people": "många"})
    assert response.status_code == 422
    assert "Skriv ett heltal" in text(response)
    assert len(response.context["venues"]) == 1


def test_venue_not_in_use_is_nowhere(client, arena, room):
    Venue.objects.update(is_in_use=False)
    assert client.get(page("venue_list")).context["venues"] == []
    for name, arg in (("venue", arena.key), ("week", arena.key), ("space", room.pk), ("space_book", room.pk)):
        assert client.get(page(name, arg)).status_code == 404


def test_venue_page_tells_what_one_needs_before_one_comes(client, arena):
    HoursException.objects.create(venue=arena, day=date(2026, 5, 6), opens=None)
    shown = text(client.get(page("venue", arena.key)))
    for words in (
        "Stegfri entré",
        "Hörslinga",
        "Storgatan 1",
        "hall@example.org",
        "Inga klisterbollar.",
        "1.1.1.1",
        "högst 24 personer",
    ):
        assert words in shown
    assert "Onsdag 6 maj</th><td>stängt" in shown


def test_queries_of_the_lists_do_not_grow(client, arena, elsewhere, django_assert_num_queries):
    for count in (1, 3):
        for number in range(count):
            actions.add_space(elsewhere, f"Sal {count}.{number}", by=None, at=AT)
        for url, queries in ((page("venue_list"), 3), (page("venue", elsewhere.key), 7), (page("day"), 4)):
            with django_assert_num_queries(queries):
                client.get(url)


# --- finding ---------------------------------------------------------------------------------------------------------------


def found(response):
    return [(each.space.name, each.span.starts, [part.space.name for part in each.parts]) for each in response.context["found"]]


def test_first_free_time_of_everything_is_shown_before_anything_is_asked(client, arena, book, room):
    book(room, hours(8, 24, day=-14))
    response = client.get(page("find"))
    first = AT
    assert found(response) == [("1", first, ["1.1", "1.1.1", "1.1.1.1", "1.1.2", "1.2"]), ("2", hours(0, 1, day=-13).starts, [])]
    assert "100 kr" in text(response)


@pytest.mark.parametrize("day", ["18/5", "2026-05-18", "18 maj 2026", "18.5.2026"])
@pytest.mark.parametrize(("begins", "ends"), [("18", "20"), ("18.00", "20.00"), ("18:00", "20:00"), ("kl. 18", "2000")])
def test_days_and_times_are_read_as_people_write_them(client, arena, day, begins, ends):
    asked = {"day": day, "last_day": day, "begins": begins, "ends": ends, "length": "90", "kind": "meeting"}
    assert found(client.get(page("find"), asked)) == [("2", hours(16, 18).starts, [])]


def test_day_without_a_year_is_the_next_one(client, arena):
    response = client.get(page("find"), {"day": "4/12", "last_day": "4/12", "kind": "meeting"})
    assert found(response)[0][1].date() == date(2026, 12, 3)  # midnight on the wall
    response = client.get(page("find"), {"day": "3/5", "last_day": "3/5", "kind": "meeting"})
    assert found(response)[0][1].year == 2027


def test_time_of_day_finds_the_first_start_that_ends_in_time(client, arena, book, tree):
    book(tree["2"], hours(16, 17))
    asked = {"day": "18/5", "last_day": "18/5", "begins": "18", "ends": "20", "kind": "meeting"}
    assert found(client.get(page("find"), {**asked, "length": "60"})) == [("2", hours(17, 18).starts, [])]
    assert found(client.get(page("find"), {**asked, "length": "90"})) == []


def test_only_the_weekdays_that_are_asked_for(client, arena):
    response = client.get(page("find"), {"day": "18/5", "last_day": "31/5", "begins": "18", "weekday": "3", "kind": "meeting"})
    assert [each[1].date().isoformat() for each in found(response)] == ["2026-05-21", "2026-05-28"]


def test_hall_whose_part_is_taken_is_not_free_but_its_other_parts_are(client, arena, book, tree):
    book(tree["1.1.1.1"], hours(16, 18))
    response = client.get(page("find"), {"day": "18/5", "last_day": "18/5", "begins": "18", "ends": "19", "kind": "other"})
    assert [each[0] for each in found(response)] == ["1.1.2", "1.2"]


def test_price_is_the_associations_own_and_the_full_one_for_strangers(client, sign_in, alice, arena):
    asked = {"kind": "meeting", "day": "18/5"}
    assert "100 kr" in text(client.get(page("find"), asked))
    mine = client.get(page("find"), asked)
    assert mine.context["association"] is None
    mine = sign_in(alice).get(page("find"), asked)
    assert "50 kr" in text(mine)
    assert "Priset gäller Karlskoga Handboll" in text(mine)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"day": "sen"}, "Skriv dagen med dag och månad"),
        ({"day": "2026-05-03"}, "Den dagen har passerat."),
        ({"day": "18/5", "last_day": "17/5 2026"}, "Sista dagen måste komma efter den första."),
        ({"day": "18/5", "last_day": "2026-12-01"}, "Leta högst två månader i taget."),
        ({"begins": "klockan sju"}, "Skriv klockslaget med siffror"),
        ({"begins": "20", "ends": "18"}, "Sluttiden ska vara efter starttiden."),
        ({"begins": "18", "ends": "18.30", "length": "60"}, "Bokningen ryms inte mellan de tiderna."),
        ({"length": "7"}, "Välj"),
        ({"weekday": "9"}, "Välj"),
        ({"venue": "atlantis"}, "Välj"),
        ({"kind": "moon"}, "Välj"),
    ],
)
def test_questions_that_cannot_be_read_are_told_beside_their_field(client, arena, asked, sentence):
    response = client.get(page("find"), asked)
    assert response.status_code == 422
    assert sentence in text(response)


def test_nothing_found_says_what_to_do(client, arena):
    OpeningHours.objects.all().delete()
    shown = text(client.get(page("find"), {"begins": "18"}))
    assert "Ingen ledig tid passar" in shown
    assert "Visa alla tider på dygnet" in shown
    assert "Ingen lokal har allt det ni vill ha." in text(client.get(page("find"), {"people": "99999", "kind": "meeting"}))


def test_finding_asks_as_much_of_one_space_as_of_many(client, arena, elsewhere, django_assert_num_queries):
    for count in (1, 3):
        for number in range(count):
            actions.add_space(elsewhere, f"Sal {count}.{number}", by=None, at=AT)
        client.get(page("find"))  # the tariff is read once and kept
        with django_assert_num_queries(5):
            client.get(page("find"), {"day": "18/5", "last_day": "18/5"})
        with django_assert_num_queries(5):
            client.get(page("find"), {"day": "18/5", "last_day": "18/5", "begins": "18", "ends": "20"})


# --- the tables ------------------------------------------------------------------------------------------------------------


def cells(response, state=None):
    rows = response.context.get("rows") or response.context["lines"]
    return [cell for row in rows for cell in row.cells if state is None or cell.state == state]


def test_week_shows_every_day_with_the_parts_of_a_hall_as_columns(client, arena, tree):
    response = client.get(page("week", arena.key), {"day": "18/5", "space": tree["1"].pk})
    assert response.context["columns"] == ["Hela", "1", "2"]
    assert [head.day.isoformat() for head in response.context["shown"]] == [f"2026-05-{day}" for day in range(18, 25)]
    assert len(cells(response, "free")) == 7 * 3 * 48


def test_free_cell_is_a_link_with_its_full_text(client, arena, room):
    response = client.get(page("week", arena.key), {"day": "18/5", "space": room.pk, "length": "60"})
    link = f'href="{page("space_book", room.pk)}?day=2026-05-19&amp;begins=18.00&amp;ends=19.00"'
    assert f'{link} aria-label="Boka Hallen, 2, tisdag 19 maj 18.00"' in text(response)


def test_taken_time_says_only_that_it_is_taken_to_a_stranger(client, sign_in, stina, alice, arena, room, book):
    booking = book(room, hours(16, 18), title="Träning F12")
    public, other, own = (
        text(each.get(page("week", arena.key), {"day": "18/5", "space": room.pk}))
        for each in (client, sign_in(stina), sign_in(alice))
    )
    assert "Upptaget 18.00–20.00" in public
    for words in ("Karlskoga Handboll", "Träning F12", "Alice"):
        assert words not in public
    assert "Upptaget 18.00–20.00 Karlskoga Handboll" in other
    assert "Träning F12" not in other
    assert f'href="{page("booking", booking.pk)}" aria-label="Er bokning 18.00–20.00 Träning F12"' in own


def test_what_the_public_is_invited_to_is_told_to_everybody(client, arena, room, book, officer):
    book(room, hours(16, 18), title="Seriefinal", form=UseForm.MATCH)
    actions.take_for(room, hours(18, 19), UseKind.OWN, title="Personalfest", by=officer, at=AT)
    actions.close(room, hours(6, 10), reason="Golvet slipas", by=officer, at=AT)
    shown = text(client.get(page("week", arena.key), {"day": "18/5", "space": room.pk}))
    assert "Seriefinal" in shown
    assert "Golvet slipas" in shown
    assert "Personalfest" not in shown


def test_held_time_of_somebody_is_taken_without_a_name_and_mine_is_mine(client, sign_in, alice, stina, arena, room, association):
    actions.hold(room, hours(16, 18), actions.Wish(association=association), by=alice, at=AT)
    address, asked = page("week", arena.key), {"day": "18/5", "space": room.pk}
    assert "Karlskoga Handboll" not in text(sign_in(stina).get(address, asked))
    assert "Hålls åt er" in text(sign_in(alice).get(address, asked))


def test_hall_with_a_part_taken_is_partly_taken(client, arena, tree, book):
    book(tree["1.1"], hours(16, 18))
    response = client.get(page("week", arena.key), {"day": "18/5", "space": tree["1"].pk})
    assert [cell.full for cell in cells(response, "partly")] == ["Delvis upptaget 18.00–20.00"]
    assert [cell.span for cell in cells(response, "taken")] == [4]


def test_time_over_midnight_stands_on_both_days(client, arena, room, book):
    """Case 25."""
    book(room, hours(20, 24))  # 22.00-02.00 on the wall
    response = client.get(page("week", arena.key), {"day": "18/5", "space": room.pk})
    assert [cell.span for cell in cells(response, "taken")] == [4, 4]


def test_week_of_the_change_of_the_clock_has_a_time_that_does_not_exist(client, arena, room):
    response = client.get(page("week", arena.key), {"day": "2027-03-28", "space": room.pk})
    assert [cell.full for cell in cells(response, "no_time")] == ["Klockan ställs fram förbi den här tiden"]
    response = client.get(page("week", arena.key), {"day": "2026-10-25", "space": room.pk})
    assert response.status_code == 200


def test_open_past_midnight_is_shown_where_the_evening_is(client, arena, room, book):
    OpeningHours.objects.all().delete()
    OpeningHours.objects.create(venue=arena, weekday=5, opens=18 * 60, closes=26 * 60, since=date(2026, 1, 1))
    response = client.get(page("week", arena.key), {"day": "18/5", "space": room.pk})
    assert [row.label for row in response.context["rows"]][-1] == "01.30"
    assert len(cells(response, "free")) == 16


def test_what_is_passed_closed_or_too_far_ahead_is_told(client, arena, room, rules):
    rules(days_ahead=7)
    OpeningHours.objects.all().delete()
    OpeningHours.objects.create(venue=arena, weekday=0, opens=8 * 60, closes=20 * 60, since=date(2026, 1, 1))
    now = client.get(page("week", arena.key), {"space": room.pk})
    assert {cell.state for cell in cells(now)} == {"past", "free", "closed"}
    later = client.get(page("week", arena.key), {"space": room.pk, "day": "18/5"})
    assert {cell.full for cell in cells(later, "not_yet")} == {"Går inte att boka så snart, eller så långt fram"}


def test_week_of_a_closed_venue_says_so(client, arena):
    OpeningHours.objects.all().delete()
    assert "Stängt hela veckan" in text(client.get(page("week", arena.key)))


@pytest.mark.parametrize(
    "asked",
    [{"day": "om en stund"}, {"space": "-1"}, {"space": "hallen"}, {"length": "1"}, {"day": "2199-01-01"}, {"day": "1900-01-01"}],
)
def test_odd_questions_of_the_week_are_no_error_of_ours(client, arena, asked):
    assert client.get(page("week", arena.key), asked).status_code in {200, 422}
    assert client.get(page("day"), asked).status_code in {200, 422}


def test_space_of_another_venue_does_not_show_in_the_week(client, arena, elsewhere):
    ice = elsewhere.spaces.get()
    assert client.get(page("week", arena.key), {"space": ice.pk}).context["chosen"].venue == arena


def test_week_asks_the_same_of_an_empty_and_a_full_hall(client, arena, tree, book, django_assert_num_queries):
    for count in (0, 3):
        for number in range(count):
            book(tree["1.1.2"], hours(8 + 2 * number, 9 + 2 * number))
        with django_assert_num_queries(4):
            client.get(page("week", arena.key), {"day": "18/5", "space": tree["1"].pk})


def test_day_shows_all_venues_and_today_begins_with_this_hour(client, arena, elsewhere, book, room):
    OpeningHours.objects.create(venue=elsewhere, weekday=0, opens=8 * 60, closes=20 * 60, since=date(2026, 1, 1))
    book(room, hours(16, 18), title="Träning")
    response = client.get(page("day"), {"day": "18/5"})
    assert response.context["hours"][0] == "00.00"
    assert {line.space.venue.name for line in response.context["lines"]} == {"Hallen", "Annanhallen"}
    assert "Upptaget 18.00–20.00" in text(response)
    assert client.get(page("day")).context["hours"][0] == "10.00"


def test_swedish_order_and_pages_of_many_venues(client, db):
    for number, name in enumerate(("Öhallen", "Åhallen", "Ahallen")):
        actions.add_venue(key=f"v{number}", name=name, by=None, at=AT)
    assert [venue.name for venue, _short in client.get(page("venue_list")).context["venues"]] == ["Ahallen", "Åhallen", "Öhallen"]
