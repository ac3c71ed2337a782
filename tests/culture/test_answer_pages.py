"""What follows on a published plan: wishes and refusals handled, who waits, who is at risk and why."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from culture import actions
from culture.models import Message, Visit
from records.models import Event, Letter
from records.refusals import NotAllowedNow
from tests.culture.conftest import noon

NOVEMBER = noon(2026, 11, 10)


@pytest.fixture(autouse=True)
def in_november(settings):
    settings.SESSION_COOKIE_AGE = 10**8
    with time_machine.travel(NOVEMBER, tick=False):
        yield


@pytest.fixture
def five_a(alby, add_class):
    return add_class(alby, "5A", {5: 24})


@pytest.fixture
def booked(five_a, performance, visit):
    return visit(five_a, performance)


@pytest.fixture
def asks(booked, teacher):
    return actions.answer_visit(booked, "change", reason="Vi har prao den dagen.", by=teacher, at=NOVEMBER)


@pytest.fixture
def refused(booked, teacher):
    return actions.answer_visit(booked, "no", reason="Bussen räcker inte.", by=teacher, at=NOVEMBER)


@pytest.fixture
def desk(sign_in, planner):
    return sign_in(planner)


def text(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def test_wish_for_another_time_is_met_and_the_school_is_told(desk, asks, offer, plan):
    later = plan(offer, date(2027, 4, 20))
    assert "Vi har prao den dagen." in text(desk.get(reverse("culture:answers")))
    handle = reverse("culture:answer_handle", args=[asks.pk])
    assert "Samma, en annan tid" in text(desk.get(handle))

    answer = desk.post(handle, {"performance": later.pk}, follow=True)

    assert "5A går på Trollet" in text(answer)
    asks.refresh_from_db()
    assert (asks.performance, asks.answer, asks.status) == (later, "none", "booked")
    letter = Letter.objects.get(key__startswith="culture.moved.change_granted")
    assert "20 april 2027" in letter.html
    assert Message.objects.get(visit=asks).link.purpose == "answer"


def test_time_that_stands_is_told_with_the_reason_and_the_school_answers_again(desk, asks, teacher):
    handle = reverse("culture:answer_handle", args=[asks.pk])
    assert desk.post(handle, {"keep": "1", "reason": ""}).status_code == 422
    assert desk.post(handle, {"keep": "1", "reason": "Ring 20160203-1239"}).status_code == 422
    desk.post(handle, {"keep": "1", "reason": "Teatern har inga fler dagar."})
    asks.refresh_from_db()
    assert (asks.answer, asks.answer_reason) == ("none", "")
    assert "Teatern har inga fler dagar." in Letter.objects.get(key__startswith="culture.moved.change_refused").html
    assert Event.objects.filter(verb="culture.change_refused").count() == 1
    actions.answer_visit(asks, "change", reason="Det går verkligen inte.", by=teacher, at=noon(2026, 11, 11))
    desk.post(handle, {"keep": "1", "reason": "Inga fler dagar."})
    assert Letter.objects.filter(key__startswith="culture.moved.change_refused").count() == 2


def test_refusal_is_replaced_by_another_visit(desk, refused, add_offer, plan):
    other = plan(add_offer("Dansen", [5]), date(2027, 3, 2))
    page = text(desk.get(reverse("culture:answers"), {"visa": "nej"}))
    assert "Bussen räcker inte." in page
    assert "Bussen räcker inte." in text(desk.get(reverse("culture:at_risk")))
    desk.post(reverse("culture:answer_handle", args=[refused.pk]), {"performance": other.pk})
    assert Visit.objects.get(performance=other).status == "booked"
    assert "Ingen" in text(desk.get(reverse("culture:answers"), {"visa": "nej"}))


def test_performance_without_room_is_not_offered(desk, asks, add_offer, plan):
    plan(add_offer("Liten", [5], seats=10), date(2027, 3, 2))
    plan(add_offer("Sjuan", [7]), date(2027, 3, 3))
    page = text(desk.get(reverse("culture:answer_handle", args=[asks.pk])))
    assert "Ingen kommande föreställning har plats" in page


def test_answer_that_is_handled_leads_back_to_the_list(desk, booked):
    assert desk.get(reverse("culture:answer_handle", args=[booked.pk])).status_code == 302


def test_school_cannot_let_its_own_time_stand(asks, teacher):
    with pytest.raises(NotAllowedNow):
        actions.refuse_change(asks, reason="Nej.", by=teacher, at=NOVEMBER)


def test_waiting_list_stands_in_its_order(desk, alby, berga, add_class, add_offer, plan, visit, teacher, other_teacher):
    small = plan(add_offer("Liten", [5], seats=30))
    visit(add_class(alby, "5B", {5: 25}), small)
    for school, by in ((alby, teacher), (berga, other_teacher)):
        actions.ask_for_place(add_class(school, "5C", {5: 20}), small, by=by, at=NOVEMBER)
    page = text(desk.get(reverse("culture:waiting")))
    assert page.index("5C, Albyskolan") < page.index("5C, Bergaskolan")
    assert "3 platser kvar" in page
    assert "Står som nummer 1 i kö" in text(desk.get(reverse("culture:at_risk")))


def test_risk_is_told_with_its_reasons(desk, alby, make_school, add_class, add_offer, plan, visit, planner, year):
    mixed = add_class(alby, "4-5", {4: 10, 5: 8})
    visit(mixed, plan(add_offer("Bara femman", [5])))
    cancelled = plan(add_offer("Inställd", [6]), date(2027, 3, 1))
    visit(add_class(alby, "6A", {6: 21}), cancelled)
    actions.cancel_performance(cancelled, reason="Sjukdom.", by=planner, at=NOVEMBER)
    free = make_school("Friskolan", "10000009", organiser="independent")
    add_class(free, "9A", {9: 25})
    actions.decline(free, year, reason="Eget program.", by=planner, at=NOVEMBER)
    page = text(desk.get(reverse("culture:at_risk")))
    assert "56 elever har inget bokat" in page
    assert "Inget är för årskurs 4 i klassen." in page
    assert "Inställd den 2027-03-01 ställdes in: Sjukdom." in page
    assert "Skolan avböjde att delta" in page
    rows = desk.get(reverse("culture:at_risk"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[1].split(";")[3:6] == ["9A", "25", "25"]


def test_what_follows_is_not_for_schools_or_strangers(sign_in, asks, teacher, stranger):
    pages = [("answers",), ("waiting",), ("at_risk",), ("answer_handle", asks.pk)]
    for somebody in (teacher, stranger):
        client = sign_in(somebody)
        assert {client.get(reverse(f"culture:{name}", args=args)).status_code for name, *args in pages} == {403}


@pytest.mark.parametrize("name", ["answers", "waiting", "at_risk", "answer_handle"])
def test_lists_cost_the_same_with_one_row_and_with_three(
    desk, alby, add_class, add_offer, plan, visit, teacher, name, django_assert_max_num_queries
):
    def row(number):
        full = plan(add_offer(f"Full {number}", [5], seats=30), date(2027, 3, number))
        visit(add_class(alby, f"5X{number}", {5: 25}), full)
        asked = visit(add_class(alby, f"5Y{number}", {5: 20}), plan(add_offer(f"Stor {number}", [5]), date(2027, 4, number)))
        actions.answer_visit(asked, "change", reason="Annan dag.", by=teacher, at=NOVEMBER)
        actions.ask_for_place(add_class(alby, f"5Z{number}", {5: 20}), full, by=teacher, at=NOVEMBER)
        add_class(alby, f"7{number}", {7: 20})
        return asked

    def cost():
        with django_assert_max_num_queries(40) as counted:
            assert desk.get(reverse(f"culture:{name}", args=args)).status_code == 200
        return len(counted)

    first = row(1)
    args = [first.pk] if name == "answer_handle" else []
    cost()
    one = cost()
    row(2)
    row(3)
    assert cost() == one
