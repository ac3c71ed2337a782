"""What was thought and what was met: told without names, shown of no fewer than five, counted per organiser and cohort."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from associations.choices import AssociationStatus, MandateKind
from associations.models import Association, Category, Mandate
from culture import actions
from culture.models import Evaluation, SignedLink
from tests.culture.conftest import AFTER, cohort


@pytest.fixture(autouse=True)
def in_march(settings):
    settings.SESSION_COOKIE_AGE = 10**8
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def confirmed(add_class, alby, performance, visit, came):
    return came(visit(add_class(alby, "5A", {5: 25}), performance), 24).visit


@pytest.fixture
def answering(confirmed, teacher):
    _link, token = actions.evaluation_link(confirmed, by=teacher, at=AFTER)
    return reverse("culture:link_tell", args=[token])


@pytest.fixture
def desk(sign_in, planner):
    return sign_in(planner)


def text(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def test_school_gets_a_link_for_the_class_on_a_press(sign_in, teacher, confirmed, plan):
    client = sign_in(teacher)
    confirmed.performance.refresh_from_db()
    with time_machine.travel(confirmed.performance.ends_at, tick=False):
        home = text(client.get(reverse("culture:school_home")))
    address = reverse("culture:school_telling", args=[confirmed.pk])
    assert address in home
    client.get(address)
    assert not SignedLink.objects.filter(purpose="evaluate").exists()
    page = text(client.post(address))
    assert "/tyck-till/" in page
    assert SignedLink.objects.get(purpose="evaluate").visit == confirmed


def test_link_to_confirm_gives_the_link_too_and_other_visits_do_not(
    client, confirmed, alby, year, add_class, plan, add_offer, visit
):
    _link, token = actions.make_link(alby, year, "confirm", at=AFTER)
    assert client.post(reverse("culture:link_telling", args=[token, confirmed.pk])).status_code == 200
    other = visit(add_class(alby, "5C", {5: 20}), plan(add_offer("Senare", [5]), date(2027, 5, 5)))
    assert client.get(reverse("culture:link_telling", args=[token, other.pk])).status_code == 404


def test_pupil_answers_without_a_name(client, answering):
    assert client.get(answering.replace("tyck-till/", "")).headers["Location"] == answering
    empty = client.post(answering, {"words": "Roligt"})
    assert empty.status_code == 422
    assert "Roligt" in text(empty)
    refused = client.post(answering, {"who": "pupil", "liked": "4", "words": "Jag är 20160203-1239"})
    assert refused.status_code == 422
    done = client.post(answering, {"who": "pupil", "liked": "4", "suited": "", "again": "3", "words": "Roligt"}, follow=True)
    assert "Tack!" in text(done)
    row = Evaluation.objects.get()
    assert (row.who, row.liked, row.suited, row.again, row.words) == ("pupil", 4, None, 3, "Roligt")


def test_link_to_answer_opens_nothing_else(client, answering, confirmed):
    token = answering.split("/")[-3]
    assert client.get(reverse("culture:link_visit", args=[token, confirmed.pk])).status_code == 404
    assert client.get(reverse("culture:link_telling", args=[token, confirmed.pk])).status_code == 404


def test_few_answers_are_not_shown_to_anybody(client, desk, answering, offer):
    for number in range(4):
        client.post(answering, {"who": "pupil", "liked": "4", "words": f"Bra {number}"})
    listed = text(desk.get(reverse("culture:opinions")))
    assert "för få" in listed
    one = text(desk.get(reverse("culture:opinion", args=[offer.pk])))
    assert "Färre än 5 har svarat" in one
    assert "Bra 1" not in one
    client.post(answering, {"who": "pupil", "liked": "2"})
    assert "3,6 av 4" in text(desk.get(reverse("culture:opinion", args=[offer.pk])))
    rows = desk.get(reverse("culture:opinions"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[1].split(";")[:5] == ["Trollet", "Teater Exempel", "elev", "5", "3,6"]


def test_producer_sees_its_own_offers_alone(client, sign_in, desk, answering, producer, add_offer, stranger, person):
    for _number in range(5):
        client.post(answering, {"who": "pupil", "liked": "4"})
    assert "Trollet" in text(desk.get(reverse("culture:opinions_of_producer", args=[producer.pk])))
    category = Category.objects.get_or_create(key="culture", defaults={"name": "Kulturförening"})[0]
    facts = {"category": category, "status": AssociationStatus.REGISTERED, "registered_on": date(2020, 1, 1)}
    theatre, other = (
        Association.objects.create(name=name, organisation_number=number, **facts)
        for name, number in (("Teater Exempel", "8024001239"), ("Annan förening", "8024005677"))
    )
    producer.association = theatre
    producer.save()
    anna, bo = person("anna@teatern.example"), person("bo@annan.example")
    for user, association in ((anna, theatre), (bo, other)):
        Mandate.objects.create(user=user, association=association, kind=MandateKind.LEADER, since=date(2026, 1, 1))
    own = reverse("culture:own_opinions")
    assert "Trollet" in text(sign_in(anna).get(own))
    assert own in text(sign_in(anna).get("/"))
    assert sign_in(bo).get(own).status_code == 404
    assert sign_in(stranger).get(own).status_code == 404
    assert client.get(own).status_code == 302


def test_figures_of_skapande_skola_are_per_organiser_and_cost_is_shared(
    desk, alby, make_school, add_class, add_offer, plan, visit, came
):
    show = plan(add_offer("Konsert", [4, 5], art_form="music", price=9000))
    free = make_school("Friskolan", "10000009", organiser="independent", organiser_name="Lonnhyttan AB")
    came(visit(add_class(alby, "4-5", {4: 10, 5: 10}), show), {cohort(4): 9, cohort(5): 10})
    came(visit(add_class(free, "5F", {5: 20}), show), 19)
    page = text(desk.get(reverse("culture:funding")))
    assert "Lonnhyttan AB (fristående)" in page
    assert "4 500 kr" in page
    assert "Statligt verksamhetsbidrag 2026" in page
    assert "årskurs 4: 9, årskurs 5: 10" in page
    rows = desk.get(reverse("culture:funding"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[1].split(";")[:3] == ["Kommunal", "kommunal", "Konsert"] or rows[1].split(";")[1:3] == ["kommunal", "Konsert"]
    assert [row.split(";")[10] for row in rows[1:]] == ["4500,00", "4500,00"]


def test_cohort_keeps_its_art_forms_and_shows_what_it_has_not_met(desk, confirmed, alby, berga, add_class):
    add_class(berga, "5B", {5: 20})
    page = text(desk.get(reverse("culture:cohorts")))
    assert "Årskurs 5" in page
    assert "började skolan 2021" in page
    assert "Teater <span" in page
    assert "1 av 2 klasser" in page
    assert "dans, musik" in page
    assert "1 av 1 klasser" in text(desk.get(reverse("culture:cohorts"), {"skola": alby.pk}))
    rows = desk.get(reverse("culture:cohorts"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[1] == "2021;2026/27;5;teater;1;2"


def test_figures_are_not_for_schools_or_strangers(sign_in, confirmed, teacher, stranger, offer):
    pages = [("opinions",), ("opinion", offer.pk), ("funding",), ("cohorts",), ("opinions_of_producer", offer.producer_id)]
    for somebody in (teacher, stranger):
        client = sign_in(somebody)
        assert {client.get(reverse(f"culture:{name}", args=args)).status_code for name, *args in pages} == {403}


@pytest.mark.parametrize("name", ["opinions", "funding", "cohorts"])
def test_figures_cost_the_same_with_one_offer_and_with_three(
    desk, make_school, add_class, add_offer, plan, visit, came, teacher, planner, name, django_assert_max_num_queries
):
    def row(number):
        school = make_school(f"Skola {number}", f"2000000{number}")
        show = plan(add_offer(f"Nummer {number}", [5]), date(2027, 2, number))
        done = came(visit(add_class(school, "5A", {5: 20}), show), 20).visit
        link, _token = actions.evaluation_link(done, by=planner, at=AFTER)
        for _each in range(5):
            actions.evaluate(link, "pupil", liked=3, at=AFTER)

    def cost():
        with django_assert_max_num_queries(40) as counted:
            assert desk.get(reverse(f"culture:{name}")).status_code == 200
        return len(counted)

    row(1)
    cost()
    one = cost()
    row(2)
    row(3)
    assert cost() == one
