"""A volunteer with a phone finds a time, books it and cancels it; and every page of those who hire on a phone and on a desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate, now
from playwright.sync_api import expect

from facilities import actions
from facilities.actions.karlskoga import enter_venues
from facilities.choices import BookingStatus
from facilities.models import Booking, Space, Venue
from facilities.rules.opening import local_span
from tests.facilities.pages import page as address
from tests.facilities.pages import typed
from tests.strict import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enter(live_server, page):
    """Sign in and open a page: enter(alice, "/lokaler/")."""

    def open_as(user, path):
        client = Client()
        client.force_login(user, BACKEND)
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}]
        )
        page.goto(live_server.url + path)
        return page

    return open_as


@pytest.fixture
def karlskoga(transactional_db):
    enter_venues(by=None, at=now())
    Venue.objects.filter(key="nobelhallen").update(
        address="Noravägen 2", access=["step_free", "toilet"], rules_to_accept="Inga klisterbollar.\nSist ut låser."
    )
    return {space.name: space for space in Space.objects.select_related("venue")}


def evening(days, starts=18, ends=20):
    """A stretch some days from today, in hours on the wall."""
    return local_span(localdate() + timedelta(days=days), starts * 60, ends * 60)


@pytest.fixture
def wish(association):
    return actions.Wish(association=association, title="Träning F12", people=20, young=20, accepted_at=now())


def test_volunteer_finds_and_books_on_a_phone_and_cancels(enter, page, alice, karlskoga):
    page.set_viewport_size({"width": 320, "height": 640})
    enter(alice, "/")
    page.get_by_role("button", name="Meny").click()
    page.get_by_role("link", name="Hitta lokal").click()
    page.get_by_role("link", name="Hitta en ledig tid").click()
    page.get_by_label("Sorts lokal").select_option("sports_hall")
    page.get_by_label("Från och med").fill((localdate() + timedelta(days=7)).isoformat())
    page.get_by_label("Tidigast").fill("18")
    page.get_by_label("Klart senast").fill("20")
    page.get_by_role("button", name="Visa lediga tider").click()
    page.get_by_role("link", name="Boka Nobelhallen, B-hallen,").first.click()
    expect(page.get_by_text("18.00–19.00")).to_be_visible()
    page.get_by_role("button", name="Håll tiden och fortsätt").click()
    expect(page.get_by_role("status").filter(has_text="Hålls åt er till kl.")).to_be_visible()
    page.get_by_label("Vad ska ni göra?").fill("Träning F12")
    page.get_by_label("Hur många personer?").fill("20")
    page.get_by_label("Hur många av dem är under 25 år?").fill("20")
    page.get_by_label("Den som ansvarar på plats är 18 år eller äldre").check()
    page.get_by_label("Vi godkänner reglerna för Nobelhallen").check()
    page.get_by_role("button", name="Se priset").click()
    page.get_by_text("Hur är priset räknat?").click()
    expect(page.get_by_text("F-42")).to_be_visible()
    page.get_by_role("button", name="Boka", exact=True).click()
    expect(page.get_by_role("heading", name="Tiden är er")).to_be_visible()
    booking = Booking.objects.get()
    assert booking.status == BookingStatus.CONFIRMED
    page.get_by_role("link", name="Till bokningen").click()
    page.get_by_role("link", name="Avboka").click()
    expect(page.get_by_text("Avbokar ni nu kostar det inget.")).to_be_visible()
    page.get_by_role("button", name="Avboka").click()
    expect(page.get_by_text("Bokningen är avbokad.")).to_be_visible()
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CANCELLED


def test_week_is_walked_by_keyboard_alone(enter, alice, karlskoga):
    hall = karlskoga["B-hallen"]
    page = enter(alice, f"{address('week', 'nobelhallen')}?day={localdate() + timedelta(days=7)}&space={hall.pk}")
    page.locator(".slot--free a").nth(4).focus()
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert name.startswith("Boka Nobelhallen, B-hallen")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Håll tiden och fortsätt").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vad ska tiden användas till?")).to_be_visible()


def test_phone_shows_one_day_of_the_week_at_a_time(enter, page, alice, karlskoga):
    page.set_viewport_size({"width": 320, "height": 640})
    hall = karlskoga["B-hallen"]
    enter(alice, f"{address('week', 'nobelhallen')}?day={localdate() + timedelta(days=7)}&space={hall.pk}")
    assert page.locator("thead th[scope=colgroup]:visible").count() == 1
    page.get_by_role("navigation", name="Välj dag").get_by_role("link").last.click()
    assert page.locator("thead th[scope=colgroup]:visible").count() == 1
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.locator("thead th[scope=colgroup]:visible").count() == 7


def test_pages_for_everybody_fit_a_phone_and_a_desk(page, live_server, screens, karlskoga, alice, association, officer, wish):
    hall = karlskoga["B-hallen"]
    for days in (7, 8, 9):
        actions.book(karlskoga["B-hallen, halva 1"], evening(days), wish, by=alice, at=now())
    actions.close(hall, evening(11, 8, 20), reason="Golvet slipas", by=officer, at=now())
    day = localdate() + timedelta(days=8)
    for path, name in (
        (address("venue_list"), "venues"),
        (address("venue_list") + "?people=x&access=lift", "venues-nothing"),
        (address("venue", "nobelhallen"), "venue"),
        (address("space", hall.pk), "space"),
        (address("find"), "find"),
        (f"{address('find')}?day={day}&begins=18&ends=21&length=90&kind=sports_hall", "find-evening"),
        (f"{address('find')}?day=ibland&begins=20&ends=18", "find-faults"),
        (f"{address('week', 'nobelhallen')}?day={day}&space={hall.pk}", "week"),
        (f"{address('week', 'strandbadet')}?day={day}", "week-lanes"),
        (f"{address('day')}?day={day}", "day"),
        (f"{address('space_book', hall.pk)}?day={day}&begins=12&ends=14", "book-stranger"),
    ):
        page.goto(live_server.url + path)
        screens(page, f"hire-{name}")


def test_pages_of_booking_fit_a_phone_and_a_desk(enter, screens, karlskoga, alice, stina, association, other_association, wish):
    half = karlskoga["B-hallen, halva 1"]
    theirs = actions.book(half, evening(9), actions.Wish(association=other_association, people=10), by=stina, at=now())
    page = enter(alice, f"{address('space_book', half.pk)}?day={localdate() + timedelta(days=7)}&begins=18&ends=20")
    screens(page, "hire-book")
    page.get_by_role("button", name="Håll tiden och fortsätt").click()
    page.get_by_role("button", name="Se priset").click()
    screens(page, "hire-fill-faults")
    held = Booking.objects.get(status=BookingStatus.HELD)
    actions.fill_in(held, wish, by=alice, at=now())
    page.goto(page.url.replace("uppgifter", "bekrafta"))
    page.get_by_text("Hur är priset räknat?").click()
    screens(page, "hire-confirm")
    page.get_by_role("button", name="Boka", exact=True).click()
    screens(page, "hire-receipt")
    base, time = page.url.split("/lokaler/")[0], "&".join(f"{name}={value}" for name, value in typed(theirs.span).items())
    later = typed(evening(8, 12, 14))
    for path, name in (
        (f"{address('space_book', half.pk)}?{time}", "taken"),
        (f"{address('waiting_join', half.pk)}?{time}", "wait"),
        (address("booking", held.pk), "booking"),
        (f"{address('booking_move', held.pk)}?space={half.pk}&" + "&".join(f"{k}={v}" for k, v in later.items()), "move"),
        (f"{address('booking_move', held.pk)}?space={half.pk}&{time}", "move-taken"),
        (f"{address('booking_shorten', held.pk)}?{time.replace('20.00', '19.00')}", "shorten"),
        (address("booking_cancel", held.pk), "cancel"),
        (address("booking_release", held.pk), "release"),
        (address("swap_choose", held.pk), "swap-choose"),
        (address("swap_propose", held.pk, theirs.pk), "swap-propose"),
        (address("booking_list"), "list"),
        (address("booking_list") + "?when=past", "list-nothing"),
    ):
        page.goto(base + path)
        screens(page, f"hire-{name}")


def test_pages_of_series_waiting_and_swaps_fit_a_phone_and_a_desk(
    enter, screens, karlskoga, alice, stina, association, other_association, wish
):
    half, room = karlskoga["B-hallen, halva 1"], karlskoga["Möteslokal"]
    theirs = actions.book(half, evening(14), actions.Wish(association=other_association, people=10), by=stina, at=now())
    ours = actions.book(half, evening(15), wish, by=alice, at=now())
    entry = actions.wait_for(half, evening(14), association, form="training", by=alice, at=now(), people=12)
    actions.wait_for(room, evening(20), association, form="meeting", by=alice, at=now())
    proposal = actions.propose_swap(ours, theirs, message="Vi har match den dagen.", by=alice, at=now())
    first, last = localdate() + timedelta(days=14), localdate() + timedelta(days=49)
    dates = f"{address('series', half.pk)}?first={first}&last={last}&begins=18&ends=20&repeats=weekly&use=training&holidays=on"
    page = enter(alice, dates)
    screens(page, "hire-series-dates")
    base = page.url.split("/lokaler/")[0]
    page.get_by_role("button", name="Hoppa över dem som inte går att få").click()
    page.get_by_label("Vad ska ni göra?").fill("Träning F12")
    page.get_by_label("Hur många personer?").fill("20")
    page.get_by_label("Den som ansvarar på plats är 18 år eller äldre").check()
    page.get_by_label("Vi godkänner reglerna för Nobelhallen").check()
    page.get_by_role("button", name="Boka alla tider").click()
    screens(page, "hire-series-receipt")
    series = Booking.objects.filter(series__isnull=False).order_by("starts_at").first()
    for path, name in (
        (address("series", half.pk), "series"),
        (address("booking_cancel_rest", series.pk), "cancel-rest"),
        (address("waiting_list"), "waiting"),
        (address("swap_list"), "swaps"),
        (address("swap", proposal.pk), "swap"),
    ):
        page.goto(base + path)
        screens(page, f"hire-{name}")
    enter(stina, address("swap", proposal.pk))
    screens(page, "hire-swap-answer")
    actions.release(theirs, by=stina, at=now())
    enter(alice, address("waiting_offer", entry.pk))
    screens(page, "hire-offer")
    page.goto(base + address("waiting_list"))
    screens(page, "hire-waiting-offer")
    page.goto(base + "/")
    screens(page, "hire-start")
