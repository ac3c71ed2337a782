"""Venues, pictures, spaces, opening hours and rules, through the pages of those who keep them."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from facilities import actions
from facilities.models import BookingRules, HoursException, OpeningHours, Space, SpaceEquipment, Venue, VenuePicture
from records.models import Event
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def client_of_officer(sign_in, officer):
    return sign_in(officer)


def png(size=(1200, 900)):
    drawn = BytesIO()
    Image.new("RGBA", size, (0, 80, 160, 128)).save(drawn, "PNG")
    return SimpleUploadedFile("hallen.png", drawn.getvalue(), content_type="image/png")


# --- venues ------------------------------------------------------------------------------------------------------------------

VENUE = {
    "name": "Sporthallen på Näset",
    "description": "Två planer.",
    "address": "Hallgatan 1",
    "latitude": "59,327512",
    "longitude": "14,523311°",
    "access": ["step_free", "hearing_loop"],
    "access_note": "",
    "email": "hallen@karlskoga.example",
    "phone": "0586-610 00",
    "rules_to_accept": "Inga skor med svarta sulor.",
    "is_in_use": "on",
}


def test_venue_is_added_and_described(client_of_officer):
    assert client_of_officer.get(page("venue_new")).status_code == 200
    response = client_of_officer.post(page("venue_new"), VENUE)
    venue = Venue.objects.get()
    assert response.url == page("kept_venue", "sporthallen-pa-naset")
    assert (venue.latitude, venue.longitude) == (Decimal("59.327512"), Decimal("14.523311"))
    text = text_of(client_of_officer.get(response.url))
    for words in ("Stegfri entré", "Hallgatan 1", "Anläggningen har inga lokaler än", "Anläggningen har inga öppettider"):
        assert words in text
    assert client_of_officer.post(page("venue_new"), VENUE).status_code == 422


def test_only_what_was_changed_is_written_and_the_log_names_it(client_of_officer, venue):
    same = {"name": "Hallen", "is_in_use": "on", "phone": "0586-1"}
    Venue.objects.update(description="Skrivet av en kollega")
    client_of_officer.post(page("venue_edit", venue.key), {**same, "description": "Skrivet av en kollega"})
    venue.refresh_from_db()
    assert (venue.phone, venue.description) == ("0586-1", "Skrivet av en kollega")
    assert Event.objects.get(verb="facilities.venue_changed").changes["fields"] == [None, ["phone"]]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Namn"),
        ({"latitude": "norr"}, "Skriv grader med decimaler"),
        ({"latitude": "95"}, "Skriv grader med decimaler"),
        ({"longitude": ""}, "Skriv både latitud och longitud"),
        ({"email": "inte en adress"}, "e-post"),
        ({"access": ["flygplan"]}, "flygplan"),
    ],
)
def test_what_is_wrong_with_a_venue_is_said(client_of_officer, venue, wrong, words):
    response = client_of_officer.post(page("venue_edit", venue.key), {**VENUE, **wrong})
    assert response.status_code == 422
    assert words in text_of(response)
    assert Venue.objects.get().name == "Hallen"


def test_venue_list_costs_the_same_queries(client_of_officer, venue, tree, django_assert_num_queries):
    for url, queries in ((page("kept_venues"), 5), (page("kept_venue", venue.key), 14)):
        client_of_officer.get(url)
        with django_assert_num_queries(queries):
            client_of_officer.get(url)
    for number in range(2):
        other = actions.add_venue(key=f"h{number}", name=f"Hall {number}", by=None, at=AT)
        actions.add_space(other, "Sal", by=None, at=AT)
        actions.add_space(venue, f"Ny {number}", by=None, at=AT)
    for url, queries in ((page("kept_venues"), 5), (page("kept_venue", venue.key), 14)):
        with django_assert_num_queries(queries):
            client_of_officer.get(url)


# --- pictures ----------------------------------------------------------------------------------------------------------------


def test_picture_is_drawn_again_shown_to_everybody_described_and_taken_away(client_of_officer, client, venue):
    url = page("picture_add", venue.key)
    assert client_of_officer.get(url).status_code == 200
    client_of_officer.post(url, {"picture": png((3000, 2000)), "alt": "Hallen sedd från läktaren"})
    picture = VenuePicture.objects.get()
    shown = client.get(page("venue_picture", picture.pk))
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    with Image.open(BytesIO(b"".join(shown.streaming_content))) as drawn:
        assert drawn.size == (1600, 1067)
    assert 'alt="Hallen sedd från läktaren"' in client_of_officer.get(page("kept_venue", venue.key)).content.decode()
    edit = page("picture_edit", picture.pk)
    assert client_of_officer.get(edit).status_code == 200
    client_of_officer.post(edit, {"alt": "Planen", "order": "3"})
    picture.refresh_from_db()
    assert (picture.alt, picture.order) == ("Planen", 3)
    client_of_officer.post(page("picture_remove", picture.pk))
    assert client.get(page("venue_picture", picture.pk)).status_code == 404


@pytest.mark.parametrize("content", [b"%PDF-1.7 hej", b"\x89PNG\r\n\x1a\n trasig", b""])
def test_file_that_is_no_picture_is_refused_in_words(client_of_officer, venue, content):
    upload = SimpleUploadedFile("bild.png", content, content_type="image/png")
    response = client_of_officer.post(page("picture_add", venue.key), {"picture": upload, "alt": "Hallen"})
    assert response.status_code == 422
    assert not VenuePicture.objects.exists()


def test_picture_says_what_it_shows(client_of_officer, venue):
    assert client_of_officer.post(page("picture_add", venue.key), {"picture": png(), "alt": ""}).status_code == 422


# --- spaces ------------------------------------------------------------------------------------------------------------------


def test_space_is_added_as_a_part_and_begins_as_its_whole(client_of_officer, venue, room):
    Space.objects.filter(pk=room.pk).update(kind="ice", price_group="is")
    url = page("space_new", venue.key, part_of=room.pk)
    text = client_of_officer.get(url).content.decode()
    assert 'value="ice" selected' in text
    assert 'value="is" selected' in text
    form = {
        "name": "2, halva",
        "parent": room.pk,
        "kind": "ice",
        "price_group": "is",
        "capacity": "30",
        "order": "1",
        "is_bookable": "on",
    }
    client_of_officer.post(url, form)
    half = Space.objects.get(name="2, halva")
    assert (half.parent, half.capacity) == (room, 30)
    assert client_of_officer.post(url, form).status_code == 422


def test_space_is_described(client_of_officer, room):
    form = {"name": "Stora salen", "kind": "dance", "price_group": "", "capacity": "", "order": "2"}
    client_of_officer.post(page("space_edit", room.pk), form)
    room.refresh_from_db()
    assert (room.name, room.kind, room.is_bookable) == ("Stora salen", "dance", False)
    assert client_of_officer.post(page("space_edit", room.pk), {**form, "name": "1.1"}).status_code == 422


def test_space_moves_in_the_tree_or_shows_what_would_collide(client_of_officer, tree, book):
    url = page("space_move", tree["2"].pk)
    options = client_of_officer.get(url).content.decode()
    assert f'value="{tree["1.2"].pk}"' in options
    booking = book(tree["1"], hours(10, 12), title="Hela hallen")
    book(tree["2"], hours(11, 13), title="Salen")
    refused = client_of_officer.post(url, {"parent": tree["1.2"].pk})
    assert refused.status_code == 409
    assert "Ingenting är ändrat" in text_of(refused)
    assert "Salen" in text_of(refused)
    actions.cancel(booking, by=booking.booked_by, at=AT)
    assert client_of_officer.post(url, {"parent": tree["1.2"].pk}).status_code == 302
    assert Space.objects.get(pk=tree["2"].pk).parent == tree["1.2"]
    ring = client_of_officer.post(page("space_move", tree["1"].pk), {"parent": tree["1.1.2"].pk})
    assert ring.status_code == 422


def test_equipment_follows_and_what_would_collide_is_shown(client_of_officer, venue, tree, book):
    piano = actions.add_space(venue, "Flygel", kind="equipment", by=None, at=AT)
    client_of_officer.post(page("space_equipment", tree["1.2"].pk), {"things": [piano.pk]})
    assert SpaceEquipment.objects.get().equipment == piano
    assert "Flygel" in text_of(client_of_officer.get(page("kept_venue", venue.key)))
    book(tree["1.2"], hours(10, 12))
    book(tree["2"], hours(11, 13), title="Salen")
    refused = client_of_officer.post(page("space_equipment", tree["2"].pk), {"things": [piano.pk]})
    assert refused.status_code == 409
    assert "Salen" in text_of(refused)


def test_space_is_taken_away_when_it_was_never_used(client_of_officer, room, tree, book):
    book(tree["1.2"], hours(10, 12))
    assert client_of_officer.post(page("space_remove", room.pk)).status_code == 302
    assert not Space.objects.filter(pk=room.pk).exists()
    refused = client_of_officer.post(page("space_remove", tree["1.2"].pk))
    assert "har använts" in text_of(refused)


# --- hours -------------------------------------------------------------------------------------------------------------------

SEASON = {"since": "2026-06-01", "last": "31 augusti 2026", "day0": "10–15", "day1": "8.30-12, 13-16", "day7": "stängt"}


def test_season_is_written_read_and_changed(client_of_officer, venue):
    url = page("season", venue.key)
    first = client_of_officer.get(url).content.decode()
    assert 'value="00.00–24.00"' in first
    assert client_of_officer.post(url, SEASON).url == page("hours", venue.key)
    rows = OpeningHours.objects.filter(since=date(2026, 6, 1)).values_list("weekday", "opens", "closes", "until")
    assert set(rows) == {
        (0, 600, 900, date(2026, 9, 1)),
        (1, 510, 720, date(2026, 9, 1)),
        (1, 780, 960, date(2026, 9, 1)),
        (7, None, 1440, date(2026, 9, 1)),
    }
    text = text_of(client_of_officer.get(page("hours", venue.key)))
    assert "1 juni 2026 – 31 augusti 2026" in text
    assert "08.30–12.00, 13.00–16.00" in text
    changed = page("season", venue.key, season="2026-06-01", until="2026-09-01")
    assert 'value="08.30–12.00, 13.00–16.00"' in client_of_officer.get(changed).content.decode()
    client_of_officer.post(changed, {**SEASON, "day0": "9-15"})
    assert OpeningHours.objects.get(since=date(2026, 6, 1), weekday=0).opens == 540
    client_of_officer.post(changed, {**SEASON, "remove": "1"})
    assert not OpeningHours.objects.filter(until=date(2026, 9, 1)).exists()
    assert client_of_officer.get(changed).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day0": "åtta till tio"}, "Skriv tiderna så här"),
        ({"day0": "8-25"}, "Skriv tiderna så här"),
        ({"last": "2026-05-01"}, "Sista dagen får inte"),
        ({"since": ""}, "Från dag"),
    ],
)
def test_hours_that_cannot_be_read_are_said_beside_the_day(client_of_officer, venue, wrong, words):
    response = client_of_officer.post(page("season", venue.key), {**SEASON, **wrong})
    assert response.status_code == 422
    assert words in text_of(response)
    assert OpeningHours.objects.count() == 7


def test_hours_past_midnight_and_all_day(client_of_officer, venue):
    client_of_officer.post(page("season", venue.key), {"since": "2026-06-01", "day4": "18-02", "day5": "0-24"})
    rows = OpeningHours.objects.filter(since=date(2026, 6, 1)).order_by("weekday").values_list("weekday", "opens", "closes")
    assert list(rows) == [(4, 1080, 1560), (5, 0, 1440)]
    assert "18.00–02.00" in text_of(client_of_officer.get(page("hours", venue.key)))


def test_bookings_left_outside_are_shown_before_the_hours_are_saved(client_of_officer, venue, room, book):
    book(room, hours(18, 19), title="Kvällen")
    url, shorter = page("season", venue.key), {"since": "2026-05-11", "day0": "8-16"}
    shown = client_of_officer.post(url, shorter)
    assert shown.status_code == 409
    assert "Kvällen" in text_of(shown)
    assert not OpeningHours.objects.filter(since=date(2026, 5, 11)).exists()
    assert client_of_officer.post(url, {**shorter, "anyway": "1"}).status_code == 302
    assert OpeningHours.objects.filter(since=date(2026, 5, 11)).exists()


def test_space_has_hours_of_its_own(client_of_officer, venue, room):
    assert "Inga egna tider" in text_of(client_of_officer.get(page("space_hours", room.pk)))
    client_of_officer.post(page("space_season", room.pk), {"since": "2026-01-01", "day0": "18-22"})
    assert OpeningHours.objects.get(space=room).opens == 1080
    assert "egna" in text_of(client_of_officer.get(page("kept_venue", venue.key)))


def test_other_hours_on_some_days_and_taken_away_again(client_of_officer, venue, room, book):
    url = page("exception", venue.key)
    assert client_of_officer.get(url).status_code == 200
    week = {"first": "2026-06-22", "last": "2026-06-26", "how": "closed", "reason": "Städvecka"}
    client_of_officer.post(url, week)
    assert HoursException.objects.filter(opens=None).count() == 5
    text = text_of(client_of_officer.get(page("hours", venue.key)))
    assert text.count("Städvecka") == 5
    client_of_officer.post(page("exception_remove", venue.key), {"day": "2026-06-24"})
    assert HoursException.objects.count() == 4
    client_of_officer.post(url, {**week, "how": "added", "hours": "22-23", "last": ""})
    assert HoursException.objects.get(day=date(2026, 6, 22)).overrides is False
    book(room, hours(10, 12), title="Står kvar")
    shown = client_of_officer.post(url, {**week, "first": "2026-05-18", "last": ""})
    assert shown.status_code == 409
    assert "Står kvar" in text_of(shown)
    assert client_of_officer.post(page("exception_remove", venue.key), {"day": "x"}).status_code == 404


@pytest.mark.parametrize("wrong", [{"how": "instead"}, {"how": ""}, {"last": "2026-06-01"}, {"last": "2027-06-01"}])
def test_other_hours_that_say_nothing_are_refused(client_of_officer, venue, wrong):
    form = {"first": "2026-06-22", "last": "2026-06-26", "how": "closed", **wrong}
    assert client_of_officer.post(page("exception", venue.key), form).status_code == 422
    assert not HoursException.objects.exists()


# --- rules -------------------------------------------------------------------------------------------------------------------

RULES = {"shortest": "60", "longest": "120", "grid": "30", "before": "0", "after": "15", "days_before": "1", "answer_days": "3"}


def test_rules_have_versions_by_day(client_of_officer, venue):
    url = page("rules", venue.key)
    assert client_of_officer.get(url).status_code == 200
    client_of_officer.post(url, {**RULES, "since": ""})
    first = BookingRules.objects.get()
    assert (first.since, first.longest, first.after, first.needs_approval, first.quota) == (None, 120, 15, False, None)
    again = page("rules", venue.key, version=first.pk)
    assert 'value="120"' in client_of_officer.get(again).content.decode()
    client_of_officer.post(again, {**RULES, "since": "2026-09-01", "longest": "", "needs_approval": "on", "quota": "2"})
    assert BookingRules.objects.count() == 2
    text = text_of(client_of_officer.get(page("hours", venue.key)))
    for words in ("60–120 min", "Från 1 september 2026", "efter svar inom 3 arbetsdagar", "Från början Gäller nu"):
        assert words in text
    later = BookingRules.objects.get(since=date(2026, 9, 1))
    client_of_officer.post(page("rules", venue.key, version=later.pk), {**RULES, "since": "2026-09-01", "remove": "1"})
    assert BookingRules.objects.get() == first


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"longest": "30"}, "Den längsta bokningen får inte vara kortare"),
        ({"shortest": "140", "longest": "200", "grid": "120"}, "Ingen längd passar"),
        ({"grid": "0"}, "1"),
        ({"shortest": "en timme"}, "Skriv ett heltal"),
    ],
)
def test_rules_by_which_nothing_could_be_booked_are_refused(client_of_officer, venue, wrong, words):
    """Case 39."""
    response = client_of_officer.post(page("rules", venue.key), {**RULES, **wrong})
    assert response.status_code == 422
    assert words in text_of(response)
    assert not BookingRules.objects.exists()


def test_rules_of_a_space_are_kept_beside_it(client_of_officer, room):
    client_of_officer.post(page("space_rules", room.pk), {**RULES, "since": ""})
    assert BookingRules.objects.get().space == room
    assert "60–120 min" in text_of(client_of_officer.get(page("space_hours", room.pk)))
