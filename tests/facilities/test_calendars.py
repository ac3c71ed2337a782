"""Calendars to subscribe to: what they show to whom, secret addresses, what programs fetch again."""

from datetime import UTC, date, timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.urls import reverse
from icalendar import Calendar

from associations.models import Mandate
from facilities import actions
from facilities.actions import feeds
from facilities.models import CalendarFeed
from facilities.rules.series import Pattern
from facilities.rules.spans import Span
from records.models import Event
from records.refusals import NotAllowedNow
from tests.facilities.at_once import together
from tests.facilities.conftest import AT, hours


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def feed(association, alice):
    return feeds.make_feed(association, by=alice, at=AT)


def path_of(feed):
    return reverse("facilities:calendar_feed", args=[feed.uid, feed.token])


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return Calendar.from_ical(response.content).events


def told(client, path):
    return [(str(event["summary"]), str(event["status"]), int(event["sequence"])) for event in read(client, path)]


# --- what they show --------------------------------------------------------------------------------------------------------


def test_association_subscribes_to_its_times(client, feed, room, book, stina, other_association):
    booking = book(room, hours(10, 12), title="Träning P10")
    book(room, hours(14, 16), by=stina, association=other_association)
    (event,) = read(client, path_of(feed))
    assert (event["summary"], event["uid"], event["location"]) == ("Träning P10 – 2", str(booking.uid), "Hallen, 2")
    assert (event.start.astimezone(UTC), event.end.astimezone(UTC)) == (booking.starts_at, booking.ends_at)
    assert event.start.strftime("%H:%M %Z") == "12:00 CEST"


def test_moved_time_keeps_its_uid_and_counts_up(client, feed, room, book, alice):
    booking = book(room, hours(10, 12))
    (before,) = read(client, path_of(feed))
    actions.move(booking, room, hours(14, 16), by=alice, at=AT)
    (after,) = read(client, path_of(feed))
    assert after["uid"] == before["uid"]
    assert int(after["sequence"]) > int(before["sequence"])
    assert after.start.hour == 16


def test_cancelled_time_is_told_as_cancelled(client, feed, room, book, alice, rules, staff):
    booking = book(room, hours(10, 12))
    actions.cancel(booking, by=alice, at=AT)
    rules(needs_approval=True)
    waits, refused = book(room, hours(14, 15)), book(room, hours(15, 16))
    actions.refuse(refused, reason="Golvet läggs om", by=staff, at=AT)
    statuses = {status for _summary, status, sequence in told(client, path_of(feed)) if sequence}
    assert statuses == {"CANCELLED"}
    events = {event["uid"]: event["status"] for event in read(client, path_of(feed))}
    assert events == {str(booking.uid): "CANCELLED", str(waits.uid): "TENTATIVE", str(refused.uid): "CANCELLED"}


def test_series_over_the_change_of_the_clock_stays_at_its_time_on_the_wall(client, feed, room, alice, association, tariff):
    """Case 20."""
    pattern = Pattern(date(2026, 10, 19), date(2026, 10, 26), 18 * 60, 20 * 60)
    actions.book_series(room, pattern, actions.Wish(association=association), by=alice, at=AT)
    found = [(event.start.strftime("%d %H:%M"), event.start.astimezone(UTC).hour) for event in read(client, path_of(feed))]
    assert found == [("19 18:00", 16), ("26 18:00", 17)]


def test_time_over_midnight_is_one_event(client, feed, room, book):
    """Case 25."""
    book(room, hours(20, 24))
    (event,) = read(client, path_of(feed))
    assert [event.start.strftime("%d %H:%M"), event.end.strftime("%d %H:%M")] == ["18 22:00", "19 02:00"]


def test_held_times_old_times_and_codes_are_not_shown(client, feed, room, book, alice, association, staff):
    actions.hold(room, hours(5, 6), actions.Wish(association=association), by=alice, at=AT)
    old = book(room, Span(AT - timedelta(days=60), AT - timedelta(days=60) + timedelta(hours=1)), at=AT - timedelta(days=70))
    shown = actions.give_code(book(room, hours(10, 12)), "4711#", by=staff, at=AT)
    response = client.get(path_of(feed))
    assert [str(event["uid"]) for event in Calendar.from_ical(response.content).events] == [str(shown.uid)]
    assert str(old.uid) not in response.content.decode()
    assert b"4711" not in response.content


def test_person_subscribes_to_all_they_act_for_today(client, room, book, alice, stina, other_association):
    book(room, hours(10, 12), title="Träning")
    book(room, hours(14, 16), by=stina, association=other_association, title="Match")
    feed = feeds.make_feed(None, by=alice, at=AT)
    assert [summary for summary, *_rest in told(client, path_of(feed))] == ["Träning – 2"]
    both = Mandate.objects.create(user=alice, association=other_association, kind="leader", since=date(2026, 1, 1))
    assert [summary for summary, *_rest in told(client, path_of(feed))] == [
        "Karlskoga Handboll: Träning – 2",
        "Karlskoga Innebandy: Match – 2",
    ]
    Mandate.objects.filter(pk=both.pk).update(until=date(2026, 5, 1))
    assert [summary for summary, *_rest in told(client, path_of(feed))] == ["Träning – 2"]


def test_anyone_sees_when_a_space_is_taken_and_not_by_whom(client, tree, book, officer):
    book(tree["1.1.2"], hours(10, 12), title="Annas födelsedag")
    book(tree["2"], hours(10, 12))
    actions.close(tree["1"], hours(14, 15), reason="Vattenskada hos vaktmästaren", by=officer, at=AT)
    actions.take_for(tree["1"], hours(16, 17), "performance", title="Cirkus Cirkör", by=officer, at=AT)
    path = reverse("facilities:calendar_of_space", args=[tree["1.1"].pk])
    assert [summary for summary, *_rest in told(client, path)] == ["Upptaget", "Stängt", "Cirkus Cirkör"]
    content = client.get(path).content.decode()
    for word in ("Anna", "Handboll", "Vattenskada", "vaktmästaren"):
        assert word not in content


# --- secret addresses --------------------------------------------------------------------------------------------------------


def test_address_cannot_be_guessed_and_is_not_in_the_table(client, feed):
    assert len(feed.token) == 43
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM facilities_calendarfeed")
        assert feed.token not in str(cursor.fetchall())
    other = feed.token[:-1] + ("A" if feed.token[-1] != "A" else "B")
    for token in (other, "x", feed.token + "x"):
        assert client.get(reverse("facilities:calendar_feed", args=[feed.uid, token])).status_code == 404


def test_new_secret_key_ends_every_address(client, feed, settings):
    path = path_of(feed)
    settings.SECRET_KEY = "another"
    assert client.get(path).status_code == 404


def test_changed_address_ends_the_old_one(client, feed, alice):
    old = path_of(feed)
    renewed = feeds.renew_feed(feed, by=alice, at=AT)
    assert (client.get(old).status_code, client.get(path_of(renewed)).status_code) == (404, 200)


def test_address_that_is_taken_away_is_gone_and_a_new_one_can_be_made(client, feed, alice, association):
    for _twice in range(2):
        feeds.revoke_feed(feed, by=alice, at=AT)
    assert client.get(path_of(feed)).status_code == 404
    assert Event.objects.filter(verb="facilities.calendar_revoked").count() == 1
    again = feeds.make_feed(association, by=alice, at=AT)
    assert again.pk != feed.pk
    with pytest.raises(NotAllowedNow):
        feeds.renew_feed(feed, by=alice, at=AT)


def test_nobody_else_makes_or_takes_away_an_address(feed, stina, stranger, association):
    for person in (stina, stranger):
        with pytest.raises(NotAllowedNow):
            feeds.make_feed(association, by=person, at=AT)
        with pytest.raises(NotAllowedNow):
            feeds.revoke_feed(feed, by=person, at=AT)


@pytest.mark.django_db(transaction=True)
def test_made_by_many_at_once_it_is_one_address(association, alice):
    found = together(*[lambda: feeds.make_feed(association, by=alice, at=AT)] * 8)
    assert {each.pk for each in found} == {CalendarFeed.objects.get().pk}
    connections.close_all()


def test_calendar_of_somebody_who_left_is_gone(client, alice):
    feed = feeds.make_feed(None, by=alice, at=AT)
    alice.is_active = False
    alice.save()
    assert client.get(path_of(feed)).status_code == 404


# --- what programs fetch again -------------------------------------------------------------------------------------------------


def test_unchanged_calendar_is_not_sent_again(client, feed, room, book):
    book(room, hours(10, 12))
    first = client.get(path_of(feed))
    again = client.get(path_of(feed), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    since = client.get(path_of(feed), headers={"If-Modified-Since": first["Last-Modified"]})
    assert since.status_code == 304
    book(room, hours(14, 16))
    changed = client.get(path_of(feed), headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)


def test_calendar_is_private_and_asks_not_to_be_found(client, feed, room):
    response = client.get(path_of(feed))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-cache", "noindex")
    assert "public" in client.get(reverse("facilities:calendar_of_space", args=[room.pk]))["Cache-Control"]


@pytest.mark.parametrize("more", [0, 3])
def test_queries_do_not_grow_with_the_times(client, feed, room, book, django_assert_num_queries, more):
    for number in range(1 + more):
        book(room, hours(number, number + 1))
    with django_assert_num_queries(2):
        client.get(path_of(feed))
    with django_assert_num_queries(2):
        client.get(reverse("facilities:calendar_of_space", args=[room.pk]))


# --- the page ---------------------------------------------------------------------------------------------------


def test_page_makes_changes_and_takes_away_addresses(alice, sign_in):
    client = sign_in(alice)
    page = reverse("facilities:calendar_list")
    for whose in ("association", "me"):
        assert client.post(reverse("facilities:calendar_make"), {"whose": whose}).status_code == 302
    text = client.get(page).content.decode()
    feed, own = CalendarFeed.objects.get(user=None), CalendarFeed.objects.get(user=alice)
    assert feed.address in text
    assert own.subscription in text
    for view in ("calendar_renew", "calendar_revoke"):
        address = reverse(f"facilities:{view}", args=[feed.pk])
        assert client.get(address).status_code == 200
        assert client.post(address).status_code == 302
    feed.refresh_from_db()
    assert feed.revoked_at == AT
    assert client.get(reverse("facilities:calendar_renew", args=[feed.pk])).status_code == 404


def test_others_addresses_are_not_found(feed, stina, stranger, sign_in):
    for person in (stina, stranger):
        client = sign_in(person)
        assert feed.token not in client.get(reverse("facilities:calendar_list")).content.decode()
        assert client.post(reverse("facilities:calendar_revoke", args=[feed.pk])).status_code == 404
