"""Bills, statistics and calendars as people meet them: on a phone and on a desk, in a real browser."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from associations.models import Association
from facilities import actions
from facilities.actions import billing
from facilities.choices import BookingStatus
from facilities.models import Booking
from facilities.rules.spans import Span
from records.values import local_day, months_after, opens_on
from tests.facilities.conftest import AT
from tests.strict import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOUR = timedelta(hours=1)


@pytest.fixture
def enter(live_server, page):
    """Sign in and open a page: enter(alice, "/lokaler/")."""

    def open_as(user, path):
        page.context.clear_cookies()
        if user:
            client = Client()
            client.force_login(user, BACKEND)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}
            page.context.add_cookies([cookie])
        page.goto(live_server.url + path)
        return page

    return open_as


@pytest.fixture
def last_month():
    return months_after(local_day(now()).replace(day=1), -1)


@pytest.fixture
def used(tree, tariff, association, other_association, alice, stina, officer, staff, last_month):
    """The month before last and the last month of two associations and a private hirer: used, not used, cancelled late."""
    Association.objects.filter(pk=association.pk).update(organisation_number="8024001235")
    name = "Karlskoga förening för innebandy, parasport och rörelseglädje för alla"
    Association.objects.filter(pk=other_association.pk).update(organisation_number="8024005673", name=name)
    for month in (months_after(last_month, -1), last_month):
        begins = opens_on(month) + 17 * HOUR
        for day in range(0, 20, 4):
            _use(tree["1.1"], begins + day * 24 * HOUR, association, alice, staff, came=day != 8, women=12, men=3)
        for day in range(1, 20, 6):
            _use(tree["2"], begins + day * 24 * HOUR, other_association, stina, staff, came=day != 7, women=2, men=14)
        late = _use(tree["1.2"], begins + 25 * 24 * HOUR, association, alice, None)
        actions.cancel(late, by=alice, at=late.starts_at - HOUR)
    private = actions.Wish(hirer_name="Anna Andersson", on_behalf=True, reason="Ringde", form="party", people=60)
    actions.book(tree["2"], Span(begins + 26 * 24 * HOUR, begins + 30 * 24 * HOUR), private, by=officer, at=AT - 999 * 24 * HOUR)


def _use(space, starts, association, by, staff, *, came=True, women=8, men=8):
    wish = actions.Wish(
        association=association, title="Träning", form="training", people=women + men, young=women + men, women=women, men=men
    )
    booking = actions.book(space, Span(starts, starts + 1.5 * HOUR), wish, by=by, at=starts - 200 * 24 * HOUR)
    if staff:
        note = actions.note_arrival if came else actions.note_absence
        note(booking, by=staff, at=booking.ends_at)
    return booking


def test_invoice_basis_fits_a_phone_and_a_desk(enter, screens, used, officer, alice, last_month, association):
    first = months_after(last_month, -1)
    billing.make_run(first, by=officer, at=now())
    changed = Booking.objects.filter(association=association, status=BookingStatus.CONFIRMED).order_by("starts_at")
    Booking.objects.filter(pk__in=[changed[0].pk, changed[2].pk]).update(payable=Decimal("20.00"))
    page = enter(officer, reverse("facilities:bill_list"))
    screens(page, "bills-months")
    page.goto(page.url + f"{last_month:%Y-%m}/")
    screens(page, "bills-draft")
    page.get_by_role("link", name="Karlskoga Handboll").first.click()
    page.get_by_text("Varför?").first.click()
    screens(page, "bills-draft-hirer")
    page.go_back()
    page.get_by_role("button", name="Gör fakturaunderlaget").click()
    screens(page, "bills-made")
    page.get_by_role("link", name="Karlskoga Handboll").last.click()
    page.get_by_text("Varför?").first.click()
    screens(page, "bills-credit")
    page = enter(alice, reverse("facilities:own_bills"))
    screens(page, "bills-own")
    page.get_by_role("link", name=str(first.year)).last.click()
    screens(page, "bills-own-bill")


def test_calendar_addresses_fit_a_phone_and_a_desk(enter, screens, alice, tariff):
    page = enter(alice, reverse("facilities:calendar_list"))
    screens(page, "calendars-none")
    page.get_by_role("button", name="Föreningens adress").click()
    page.get_by_role("button", name="Min adress").click()
    screens(page, "calendars")
    page.get_by_role("link", name="Ändra adressen").first.click()
    screens(page, "calendars-renew")
    page.get_by_role("button", name="Ändra adressen").click()
    page.get_by_text("Kalendern har en ny adress").wait_for()


def test_statistics_fit_a_phone_and_a_desk(enter, screens, used, officer):
    page = enter(officer, reverse("facilities:statistics") + "?grupp=forening")
    screens(page, "statistics")
    page.goto(page.url.replace("forening", "kon"))
    page.get_by_text("Visa som tabell").first.click()
    screens(page, "statistics-sex")
    page.goto(page.url.replace("grupp=kon", "fran=2099-01-01"))
    screens(page, "statistics-empty")
    page = enter(None, reverse("facilities:statistics_public"))
    screens(page, "statistics-public")
