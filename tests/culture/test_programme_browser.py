"""Those who plan culture walk through programme, schools and school years: on a phone and on a desk, in a real browser."""

import re
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from culture import actions
from tests.culture.conftest import AT, cohort, noon
from tests.strict import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OCTOBER = noon(2026, 10, 20)


@pytest.fixture
def enter(live_server, page):
    """Sign in and open a page: enter(planner, "/kulturgaranti/skrivbord/")."""

    def open_as(user, path):
        client = Client()
        client.force_login(user, BACKEND)
        session = client.session
        session["second_factor_elsewhere"] = True
        session.save()
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}
        page.context.add_cookies([cookie])
        page.goto(live_server.url + path)
        return page

    return open_as


@pytest.fixture
def town(alby, berga, year, add_class, add_offer, plan, visit, planner, teacher, other_teacher, producer, make_school):
    """Schools with classes and contacts, one independent, one closed; an offer with those who come and those who wait."""
    make_school("Granbergsdals friskola med ett ganska långt namn", "10000009", organiser="independent")
    closed = make_school("Gamla skolan", "10000008")
    actions.change_school(closed, status="closed", by=planner, at=AT)
    offer = add_offer("Trollet i Timmerskogen, en föreställning om mod", [4, 5, 6], minutes=50, price=12_000)
    add_offer("Dansverkstad", [1, 2], is_touring=True, groups=3)
    shown = plan(offer, date(2027, 2, 10), seats=60)
    plan(offer, date(2027, 2, 11))
    visit(add_class(alby, "5A", {5: 24}), shown)
    visit(add_class(berga, "5B", {5: 28}), shown)
    actions.ask_for_place(add_class(alby, "4A", {4: 22}), shown, by=teacher, at=AT)
    actions.send_link(alby, year, "classes", email="lara@alby.example", by=planner, at=AT)
    for grade, title in ((0, "Besök på biblioteket"), (2, "Cirkus")):
        actions.promise(year, grade, title, art_form="circus", offer=offer, by=planner, at=AT)
    actions.promise(year, 2, "Prova på Kulturskolan", art_form="music", is_rotating=True, schools=[alby], by=planner, at=AT)
    return {"offer": offer, "performance": shown}


def to(page, *args):
    return reverse(f"culture:{page}", args=args)


def _forms_of_the_programme(town, producer):
    visit = town["performance"].visits.first()
    return {
        "offer-whose": to("offer_new"),
        "offer-new": f"{to('offer_new')}?producent={producer.pk}",
        "performance-move": to("performance_move", town["performance"].pk),
        "visit-move": to("visit_move", visit.pk),
        "visit-cancel": to("visit_cancel", visit.pk),
    }


def _forms_of_a_school(alby):
    return {
        "link-send": to("link_send", alby.pk),
        "classes-merge": to("office_classes_merge", alby.pk, 2026),
        "class-split": to("office_class_split", alby.pk, 2026, alby.classes.get(key="5A").pk),
        "year-terms": to("year_terms", 2026),
        "year-lock": to("year_lock", 2026),
    }


def test_an_officer_walks_through_programme_schools_and_years(
    enter, screens, live_server, town, planner, producer, alby, berga, year
):
    with time_machine.travel(OCTOBER, tick=True):
        page = enter(planner, to("desk"))
        screens(page, "office-desk")
        for name, heading in (("Föreställningar", "performances"), ("Utbud", "offers"), ("Producenter", "producers")):
            page.get_by_role("navigation", name="Kulturgarantin").get_by_role("link", name=name).click()
            screens(page, f"office-{heading}")
        page.get_by_role("link", name="Teater Exempel").click()
        screens(page, "office-producer")
        page.get_by_role("link", name="Anteckna F-skatt").click()
        page.get_by_role("button", name="Anteckna").click()
        screens(page, "office-producer-tax")

        page.goto(live_server.url + to("offer", town["offer"].pk))
        screens(page, "office-offer")
        page.get_by_role("link", name="Ändra utbudet").click()
        page.get_by_label("Professionellt: räknas i garantin").uncheck()
        page.get_by_role("button", name="Spara").click()
        screens(page, "office-offer-asked")

        page.goto(live_server.url + to("performance_new"))
        page.get_by_role("button", name="Lägg till").click()
        screens(page, "office-performance-new")
        page.goto(live_server.url + to("performance", town["performance"].pk))
        page.get_by_role("button", name="Ge plats", exact=True).click()
        screens(page, "office-performance")
        page.get_by_role("link", name="Ställ in föreställningen").click()
        screens(page, "office-performance-cancel")
        for name, address in _forms_of_the_programme(town, producer).items():
            page.goto(live_server.url + address)
            screens(page, f"office-{name}")
        page.goto(live_server.url + to("bus_list"))
        screens(page, "office-buses")

        page.get_by_role("link", name="Skolor", exact=True).click()
        screens(page, "office-schools")
        page.get_by_role("link", name="Säg vad den blev").click()
        screens(page, "office-school-follow")
        page.goto(live_server.url + to("kept_school", alby.pk))
        screens(page, "office-school")
        page.get_by_role("link", name="Ändra uppgifterna").click()
        screens(page, "office-school-edit")
        page.goto(live_server.url + to("office_classes", alby.pk, 2026))
        screens(page, "office-classes")
        page.get_by_role("link", name="Namn och behov").first.click()
        screens(page, "office-class-facts")

        for name, address in _forms_of_a_school(alby).items():
            page.goto(live_server.url + address)
            screens(page, f"office-{name}")

        page.goto(live_server.url + to("import_new"))
        page.get_by_label("Klasser, en tabell").check()
        table = "Skolenhetskod;Klass;Årskurs;Elever\n10000001;6A;6;21\n10000001;5A;5;25\n10000001;6B;16;21\n"
        page.get_by_label("Fil").set_input_files({"name": "klasser.csv", "mimeType": "text/csv", "buffer": table.encode()})
        screens(page, "office-import")
        page.get_by_role("button", name="Se vad som skulle ändras").click()
        screens(page, "office-import-preview")
        page.get_by_role("button", name="Läs in 2 rader").click()
        assert alby.classes.get(key="5A").fragments.get(cohort=cohort(5)).live == 25

        page.goto(live_server.url + to("year_list"))
        screens(page, "office-years")
        page.get_by_role("link", name="2026/27").click()
        screens(page, "office-year")
        page.get_by_role("link", name=re.compile("Lägg till.*Årskurs 3")).click()
        page.get_by_role("button", name="Lägg till").click()
        screens(page, "office-promise")
        page.goto(live_server.url + to("visit_list"))
        screens(page, "office-visits")
