"""How the guarantee stands, on the desk of those who plan and on the page for everybody."""

import pytest
import time_machine
from django.urls import reverse

from culture import actions
from tests.culture.conftest import AFTER


@pytest.fixture(autouse=True)
def in_march(settings):
    settings.STAFF_SECOND_FACTOR = False
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def at_desk(client, planner):
    client.force_login(planner)
    return client


@pytest.fixture
def town(alby, berga, add_class, performance, visit, came, planner):
    """5A of Alby school 22 of 24 reached; 5B of Berga school, 20 pupils, with nothing."""
    five_a, five_b = add_class(alby, "5A", {5: 24}), add_class(berga, "5B", {5: 20})
    came(visit(five_a, performance), 22)
    return {"5A": five_a, "5B": five_b}


def text(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def test_headline_is_a_sum_of_pupils_and_never_a_mean_of_percentages(client, town):
    page = text(client.get(reverse("culture:public")))
    assert "50,0 %" in page  # 22 of 44; the mean of 91,6 and 0 would be 45,8
    assert "22 av 44" in page
    assert "22 elever saknas" in page


def test_public_page_hides_small_numbers(client, alby, berga, add_class, performance, visit, came):
    add_class(berga, "5B", {5: 20})
    add_class(berga, "6B", {6: 18})
    add_class(alby, "6A", {6: 21})
    came(visit(add_class(alby, "5A", {5: 24}), performance), 3)
    page = text(client.get(reverse("culture:public")))
    assert '<td class="figure">..</td>' in page
    assert "12,5 %" not in page  # 3 of 24


def test_case_20_school_that_declines_stays_in_the_count_with_its_day(client, make_school, add_class, alby, planner, year):
    free = make_school("Lonnhyttan", "10000009", organiser="independent")
    add_class(free, "4F", {4: 18})
    add_class(alby, "4A", {4: 24})
    actions.decline(free, year, reason="Egen verksamhet", by=planner, at=AFTER)
    page = text(client.get(reverse("culture:public")))
    assert "0/18" in page
    assert "Lonnhyttan avböjde" in page
    assert "0 av 42" in page


def test_desk_shows_what_is_at_risk_and_leads_to_the_school_and_the_class(at_desk, town, alby):
    page = text(at_desk.get(reverse("culture:desk")))
    assert "91,6 %" in page
    assert "inget bokat eller planerat" in page
    school = text(at_desk.get(reverse("culture:desk_school", args=[alby.pk])))
    assert "22/24" in school
    why = text(at_desk.get(reverse("culture:desk_class", args=[town["5A"].pk])))
    assert "Räknas (C-14)" in why
    assert "22 elever kom" in why


def test_figures_are_fetched_as_files(at_desk, client, town):
    numbers = at_desk.get(reverse("culture:desk"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert numbers[1].split(";")[:6] == ["10000001", "Albyskolan", "kommunal", "5", "24", "22"]
    assert at_desk.get(reverse("culture:desk"), {"format": "xlsx"}).content[:2] == b"PK"
    assert "Albyskolan" in client.get(reverse("culture:public"), {"format": "csv"}).content.decode("utf-8-sig")


def test_pages_before_anything_is_there_say_what_to_do(at_desk, db):
    assert at_desk.get(reverse("culture:public")).status_code == 200
    assert at_desk.get(reverse("culture:desk")).status_code == 200


def test_desk_is_for_those_who_plan_and_audit_alone(client, town, teacher, stranger, alby):
    pages = [("desk",), ("desk_school", alby.pk), ("desk_class", town["5A"].pk)]
    for person in (teacher, stranger):
        client.force_login(person)
        assert {client.get(reverse(f"culture:{name}", args=args)).status_code for name, *args in pages} == {403}


@pytest.mark.parametrize("page", ["public", "desk"])
def test_matrix_costs_the_same_with_one_school_and_with_three(
    at_desk, make_school, add_class, page, django_assert_max_num_queries
):
    def cost():
        with django_assert_max_num_queries(40) as counted:
            at_desk.get(reverse(f"culture:{page}"))
        return len(counted)

    add_class(make_school("Ett", "10000011"), "5A", {5: 24})
    cost()
    one = cost()
    for number in (2, 3):
        add_class(make_school(f"Skola {number}", f"1000001{number}"), "5A", {5: 24})
    assert cost() == one


def test_year_can_be_chosen_in_the_address(client, town):
    assert "2026/27" in text(client.get(reverse("culture:public"), {"lasar": "2026"}))
    assert client.get(reverse("culture:public"), {"lasar": "x"}).status_code == 200
