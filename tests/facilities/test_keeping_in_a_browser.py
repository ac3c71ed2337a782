"""The staff's pages in a real browser: on a telephone in the hall, and on a desk."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.timezone import localdate, localtime, now
from playwright.sync_api import expect

from facilities import actions
from facilities.choices import BookingStatus
from facilities.models import Booking
from facilities.rules.pricing import NoShow, Rate, Share, Tariff
from facilities.rules.spans import Span
from tests.strict import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enter(live_server, page):
    """Sign in and open a page: enter(staff, "/lokaler/skrivbord/")."""

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
def dear(tariff):
    """Nobody coming costs 500 kr."""
    rules = Tariff(
        rates=(Rate(kronor=Decimal(100)),),
        shares=(Share("youth", "", Decimal(50)),),
        reference="private",
        no_show=NoShow.GREATER,
        no_show_fee=Decimal(500),
    )
    plan = actions.Plan(name="Taxa med avgift", valid_from=localdate() - timedelta(days=3), rules=rules)
    return actions.publish_tariff(plan, by=None, at=now())


def this_hour():
    """The hour that goes on now, on the wall."""
    begun = localtime().replace(minute=0, second=0, microsecond=0)
    return Span(begun, begun + timedelta(hours=1))


def tomorrow(hour, length=1):
    begins = datetime.combine(localdate() + timedelta(days=1), datetime.min.time(), tzinfo=localtime().tzinfo)
    return Span(begins + timedelta(hours=hour), begins + timedelta(hours=hour + length))


@pytest.fixture
def evening(dear, tree, association, other_association, alice, stina, officer):
    """Two associations have times now, in two halls."""
    before = now() - timedelta(days=2)
    wishes = {
        "2": (actions.Wish(association=association, title="P12", people=24, young=22), alice),
        "1.2": (actions.Wish(association=other_association, title="F14", people=18, young=18), stina),
    }
    made = {name: actions.book(tree[name], this_hour(), wish, by=by, at=before) for name, (wish, by) in wishes.items()}
    actions.give_code(made["2"], "4711#", by=officer, at=now())
    return made


def test_staff_on_a_phone_note_who_came_and_who_did_not(enter, staff, evening, venue):
    page = enter(staff, "/lokaler/skrivbord/")
    page.set_viewport_size({"width": 320, "height": 640})
    page.get_by_role("link", name="Hallen 2 tider").click()
    first = page.locator(".slot", has_text="Karlskoga Handboll")
    expect(first).to_contain_text("4711#")
    box = first.get_by_role("button", name="De kom").bounding_box()
    assert box["height"] >= 44
    first.get_by_role("button", name="De kom").click()
    expect(page.get_by_text("Noterat: de kom.")).to_be_visible()
    expect(page.locator(".slot", has_text="Karlskoga Handboll")).to_contain_text("Kom")
    page.locator(".slot", has_text="Karlskoga Innebandy").get_by_role("link", name="Ingen kom").click()
    expect(page.get_by_text("Det kostar 450 kr till enligt taxan.")).to_be_visible()
    page.get_by_role("button", name="Notera: ingen kom").click()
    expect(page.locator(".slot", has_text="Karlskoga Innebandy")).to_contain_text("Kostar 450 kr till.")
    absent = Booking.objects.get(pk=evening["1.2"].pk)
    assert (absent.fee, absent.absent_at is None) == (Decimal(450), False)
    page.locator(".slot", has_text="Karlskoga Innebandy").get_by_role("button", name="Ångra").click()
    expect(page.get_by_text("Noteringen är ångrad.")).to_be_visible()
    absent.refresh_from_db()
    assert (absent.fee, absent.absent_at) == (0, None)


def test_officer_closes_a_hall_and_sees_what_is_cancelled(enter, officer, tree, dear, association, alice):
    wish = actions.Wish(association=association, title="P12", people=24, young=22)
    booking = actions.book(tree["1.1"], tomorrow(18), wish, by=alice, at=now())
    page = enter(officer, "/lokaler/skrivbord/")
    page.get_by_role("link", name="Stängda tider").click()
    page.get_by_role("link", name="Hallen").click()
    page.get_by_label("1", exact=True).check()
    day = (localdate() + timedelta(days=1)).isoformat()
    for label, typed in (("Från dag", day), ("Från klockan", "8"), ("Till dag", day), ("Till klockan", "22")):
        page.get_by_label(label).fill(typed)
    page.get_by_label("Varför?").fill("Vattenskada")
    page.get_by_role("button", name="Stäng", exact=True).click()
    expect(page.get_by_role("table", name="Det som skulle avbokas")).to_contain_text("Karlskoga Handboll")
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED
    page.get_by_role("button", name="Stäng och avboka en bokning").click()
    expect(page.get_by_text("En bokning är avbokad")).to_be_visible()
    booking.refresh_from_db()
    assert (booking.status, booking.fee) == (BookingStatus.CANCELLED, 0)
    expect(page.get_by_role("table", name="Stängt nu och framöver")).to_contain_text("Vattenskada")


def test_officer_books_a_series_for_somebody_and_skips_a_date(enter, officer, tree, dear, association, alice):
    taken = tomorrow(18)
    actions.book(tree["2"], taken, actions.Wish(association=association, title="I vägen"), by=alice, at=now())
    page = enter(officer, "/lokaler/skrivbord/boka/")
    page.get_by_label("Person eller företag").fill("Ingrid Exempelsson")
    page.get_by_label("Lokal", exact=True).select_option(label="2")
    page.get_by_label("Dag", exact=True).fill((localdate() + timedelta(days=1)).isoformat())
    page.get_by_label("Börjar").fill("18")
    page.get_by_label("Slutar").fill("19")
    page.get_by_text("Flera gånger").click()
    page.get_by_label("Varje vecka till och med").fill((localdate() + timedelta(days=15)).isoformat())
    page.get_by_label("Varför bokar du åt någon annan?").fill("Ringde")
    page.get_by_role("button", name="Visa pris och om tiden är ledig").click()
    expect(page.get_by_role("heading", name="Det här är i vägen")).to_be_visible()
    page.get_by_role("button", name="Titta igen utan de förbockade").click()
    page.get_by_role("button", name="Boka 2 tider").click()
    expect(page.get_by_text("2 tider är bokade.")).to_be_visible()
    assert Booking.objects.filter(hirer_name="Ingrid Exempelsson", payable=100).count() == 2


PAGES = (
    ("", "desk"),
    ("idag/", "today"),
    ("idag/hallen/", "day-list"),
    ("bokningar/", "bookings"),
    ("bokningar/{booking}/", "booking"),
    ("bokningar/{booking}/kom-inte/", "absence"),
    ("bokningar/{coming}/flytta/", "move"),
    ("bokningar/{coming}/avboka/", "cancel"),
    ("bokningar/{coming}/byt/", "swap"),
    ("forfragningar/", "requests"),
    ("forfragningar/{request}/avsla/", "refuse"),
    ("boka/", "behalf"),
    ("egen-tid/", "own-use"),
    ("vantelista/", "waiting"),
    ("stangt/", "closures"),
    ("stangt/hallen/nytt/", "closure"),
    ("fel/", "faults"),
    ("fel/{fault}/stang/", "fault-close"),
)
OFFICERS = (
    ("anlaggningar/", "venues"),
    ("anlaggningar/ny/", "venue-new"),
    ("anlaggningar/hallen/", "venue"),
    ("anlaggningar/hallen/andra/", "venue-edit"),
    ("anlaggningar/hallen/bilder/ny/", "picture"),
    ("anlaggningar/hallen/lokaler/ny/", "space-new"),
    ("lokaler/{space}/", "space"),
    ("lokaler/{space}/del-av/", "space-move"),
    ("lokaler/{space}/utrustning/", "equipment"),
    ("lokaler/{space}/ta-bort/", "space-remove"),
    ("anlaggningar/hallen/oppettider/", "hours"),
    ("anlaggningar/hallen/oppettider/sasong/", "season"),
    ("anlaggningar/hallen/oppettider/avvikande/", "exception"),
    ("anlaggningar/hallen/regler/", "rules"),
    ("taxor/", "tariffs"),
    ("taxor/{tariff}/", "tariff"),
    ("taxor/{tariff}/nasta/", "tariff-next"),
    ("taxor/{draft}/", "tariff-draft"),
    ("taxor/{draft}/andra/", "tariff-edit"),
)


@pytest.fixture
def things(evening, dear, tree, association, alice, officer, venue, rules):
    """Something on every page."""
    wish = actions.Wish(association=association, title="P12", people=24, young=22)
    coming = actions.book(tree["2"], tomorrow(10), wish, by=alice, at=now())
    rules(needs_approval=True)
    request = actions.book(tree["2"], tomorrow(14), wish, by=alice, at=now())
    actions.wait_for(tree["1.2"], this_hour_tomorrow(), association, form="training", by=alice, at=now())
    actions.close(tree["1.1.2"], tomorrow(8, 2), reason="Golvet läggs om", by=officer, at=now())
    fault = actions.report_fault(venue, "Lampan är trasig", space=tree["2"], is_danger=True, by=alice, at=now())
    plan = actions.next_year(dear, percent=Decimal(3), valid_from=localdate() + timedelta(days=60), name="Nästa taxa")
    return {
        "booking": evening["2"].pk,
        "coming": coming.pk,
        "request": request.pk,
        "fault": fault.pk,
        "space": tree["1.1"].pk,
        "tariff": dear.pk,
        "draft": actions.write_draft(plan, by=officer, at=now()).pk,
    }


def this_hour_tomorrow():
    return Span(this_hour().starts + timedelta(days=1), this_hour().ends + timedelta(days=1))


def test_pages_of_venue_staff_fit_a_phone_and_a_desk(enter, staff, things, screens, live_server):
    page = enter(staff, "/lokaler/skrivbord/")
    for path, name in PAGES:
        page.goto(f"{live_server.url}/lokaler/skrivbord/{path.format(**things)}")
        screens(page, f"venues-{name}")
    for path, name in (
        (f"fel/{things['fault']}/", "fault"),
        ("fel/anmal/", "fault-where"),
        ("fel/anmal/?venue=hallen", "fault-report"),
    ):
        page.goto(f"{live_server.url}/lokaler/{path}")
        screens(page, f"venues-{name}")


def test_pages_of_officers_fit_a_phone_and_a_desk(enter, officer, things, screens, live_server):
    page = enter(officer, "/lokaler/skrivbord/")
    for path, name in OFFICERS:
        page.goto(f"{live_server.url}/lokaler/skrivbord/{path.format(**things)}")
        screens(page, f"venues-{name}")
