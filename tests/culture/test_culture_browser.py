"""The culture guarantee as people meet it in a real browser: a teacher's phone, and the culture officer's desk."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from culture import actions
from culture.models import Attendance, PlanRun, Visit
from tests.culture.conftest import AFTER, cohort, noon
from tests.strict import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AUTUMN = noon(2026, 10, 20)
EVENTS = {"Trollet": "theatre", "Dansa en bok": "dance", "Blåsorkestern": "music"}
PHONE, DESK = {"width": 320, "height": 640}, {"width": 1280, "height": 900}


@pytest.fixture
def enter(live_server, page):
    """Sign in and open a page: enter(planner, "/kulturgaranti/skrivbord/")."""

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
def town(alby, berga, add_class, add_offer, plan):
    """Classes of year 5 at two schools and one of year 7; three events for year 5, and nothing for year 7."""
    classes = {
        name: add_class(school, name, {grade: pupils})
        for school, name, grade, pupils in ((alby, "5A", 5, 24), (alby, "5B", 5, 22), (berga, "5C", 5, 20), (berga, "7A", 7, 26))
    }
    for number, (title, art) in enumerate(EVENTS.items()):
        plan(add_offer(title, [5], art_form=art, price=9000), date(2027, 2, 10 + 7 * number))
    return classes


def compute():
    """The worker's part: computes what waits."""
    run = PlanRun.objects.get(status="waiting")
    actions.compute_plan(run.pk, at=AUTUMN)
    return PlanRun.objects.get(pk=run.pk)


def test_teacher_confirms_a_visit_from_the_link_on_a_phone_in_two_clicks(
    page, screens, live_server, alby, year, add_class, performance, visit
):
    booked = visit(add_class(alby, "5A", {5: 24}), performance)
    with time_machine.travel(AFTER, tick=True):
        _link, token = actions.make_link(alby, year, "confirm", at=AFTER, expires_at=AFTER + timedelta(days=30))
        page.set_viewport_size(PHONE)
        page.goto(live_server.url + reverse("culture:link", args=[token]))  # the first click: on the link in the letter
        screens(page, "culture-link-confirm")
        page.set_viewport_size(PHONE)
        page.get_by_role("button", name="Bekräfta besöket").click()  # the second
        page.get_by_text("Besöket är bekräftat").wait_for()
        assert list(Attendance.objects.filter(visit=booked).values_list("pupils", flat=True)) == [24]
        screens(page, "culture-link-confirmed")
        page.goto(live_server.url + reverse("culture:link_telling", args=[token, booked.pk]))
        page.get_by_role("button", name="Gör en länk").click()
        screens(page, "culture-telling")
        page.goto(live_server.url + urlsplit(page.locator("p.key a").get_attribute("href")).path)
        page.get_by_label("Elev", exact=True).check()
        page.get_by_label("Ja, väldigt mycket").first.check()
        screens(page, "culture-tell")
        page.get_by_role("button", name="Skicka").click()
        page.get_by_role("heading", name="Tack!").wait_for()


def test_officer_proposes_edits_compares_and_publishes(enter, screens, town, planner):
    with time_machine.travel(AUTUMN, tick=True):
        page = enter(planner, reverse("culture:desk"))
        screens(page, "culture-desk")
        page.set_viewport_size(DESK)
        page.get_by_role("main").get_by_role("link", name="Kulturplanen").click()
        screens(page, "culture-plan-empty")
        page.get_by_label("Vad förslaget ska heta").fill("Första försöket")
        page.keyboard.press("Enter")
        page.get_by_text("Förslaget står i kö").wait_for()
        screens(page, "culture-plan-progress")
        first = compute()
        page.get_by_text("66 av 92 elever får ett besök").wait_for()  # the page has renewed itself
        goes = first.rows.get(class_group=town["5A"]).performance.offer.title
        other = next(
            title for title in EVENTS if title != goes and first.rows.filter(performance__offer__title=title).count() < 2
        )
        screens(page, "culture-plan")
        page.get_by_role("link", name="Klasser", exact=True).click()
        screens(page, "culture-plan-classes")
        page.get_by_role("link", name=re.compile(r"5A\s*, Albyskolan")).click()
        screens(page, "culture-plan-class")
        page.get_by_role("button", name=re.compile(rf"Inte här\s*: {goes}")).focus()
        page.keyboard.press("Enter")
        page.get_by_text(f"5A går inte på {goes}").wait_for()
        page.get_by_role("button", name=re.compile(rf"Placera här\s*: {other}")).press("Enter")
        page.get_by_text(f"5A går på {other}").wait_for()
        screens(page, "culture-plan-class-edited")
        page.get_by_role("link", name="Klass för klass").click()
        page.get_by_role("link", name="Föreställningar", exact=True).click()
        screens(page, "culture-plan-shows")
        page.get_by_role("link", name="Översikt").click()
        page.get_by_role("button", name="Räkna om med dina ändringar").click()
        page.get_by_text("Förslaget står i kö").wait_for()
        compute()
        page.get_by_text("66 av 92 elever får ett besök").wait_for()
        page.get_by_role("link", name="Kulturplanen").first.click()
        screens(page, "culture-plan-list")
        page.get_by_role("button", name="Visa sida vid sida").click()
        page.get_by_role("heading", name="Två förslag sida vid sida").wait_for()
        screens(page, "culture-plan-compare")
        page.get_by_role("link", name="Kulturplanen").first.click()
        page.get_by_role("row").nth(1).get_by_role("link").click()
        page.get_by_role("link", name="Publicera").click()
        screens(page, "culture-plan-publish")
        page.get_by_role("button", name="Publicera och meddela skolorna").click()
        page.get_by_text("Planen är publicerad").wait_for()
        assert Visit.objects.filter(status="booked", class_group=town["5A"], offer__title=other).exists()
        assert Visit.objects.count() == 3


def test_what_follows_and_the_figures_fit_a_phone_and_a_desk(
    enter, screens, town, planner, teacher, plan, visit, came, year, add_class, alby, berga
):
    shows = {show.offer.title: show for show in year.performances.select_related("offer")}
    with time_machine.travel(AUTUMN, tick=True):
        asks = visit(town["5B"], shows["Dansa en bok"], at=AUTUMN)
        actions.answer_visit(asks, "change", reason="Då är vi på lägerskola hela veckan.", by=teacher, at=AUTUMN)
        full = plan(shows["Trollet"].offer, date(2027, 5, 20), seats=25)
        visit(town["5C"], full, at=AUTUMN)
        actions.ask_for_place(town["5A"], full, by=teacher, at=AUTUMN)
        page = enter(planner, reverse("culture:answers"))
        screens(page, "culture-answers")
        page.set_viewport_size(DESK)
        page.get_by_role("link", name="Hantera").click()
        screens(page, "culture-answer")
        for name in ("waiting", "at_risk"):
            page = enter(planner, reverse(f"culture:{name}"))
            screens(page, f"culture-{name}")
    with time_machine.travel(AFTER, tick=True):
        done = came(visit(add_class(alby, "5D", {5: 24}), shows["Blåsorkestern"]), 23).visit
        came(visit(add_class(berga, "4-5", {4: 9, 5: 12}), shows["Blåsorkestern"], cohorts=[cohort(5)]), {cohort(5): 12})
        link, _token = actions.evaluation_link(done, by=planner, at=AFTER)
        for number in range(6):
            actions.evaluate(link, "pupil", liked=2 + number % 3, suited=4, again=3, words="Trumpeterna var bäst.", at=AFTER)
        for name in ("report", "funding", "opinions", "cohorts"):
            page = enter(planner, reverse(f"culture:{name}"))
            screens(page, f"culture-{name}")
        page = enter(planner, reverse("culture:opinion", args=[done.offer_id]))
        screens(page, "culture-opinion")
