"""The pages of a school: by the link in a letter, and signed in. A stranger meets a 404, a link opens one thing alone."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from culture import actions
from culture.models import Attendance, BlockedDays, ClassGroup, ListConfirmation, Visit
from tests.culture.conftest import AFTER, AT


@pytest.fixture
def five_a(alby, add_class):
    return add_class(alby, "5A", {5: 24})


@pytest.fixture
def booked(five_a, performance, visit):
    return visit(five_a, performance)


@pytest.fixture
def confirming(alby, year):
    """The address of a link to confirm visits, as it stands in the letter."""
    _link, token = actions.make_link(alby, year, "confirm", at=AFTER, expires_at=AFTER + timedelta(days=30))
    return reverse("culture:link", args=[token])


@pytest.fixture
def in_march():
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def signed_in(client, teacher, settings):
    settings.SESSION_COOKIE_AGE = 10**8  # the tests go to other days
    client.force_login(teacher)
    return client


def said(visit):
    return list(Attendance.objects.filter(visit=visit).order_by("number").values_list("pupils", flat=True))


def test_visit_is_confirmed_with_one_press_on_the_page_of_the_link(client, booked, confirming, in_march, reached, five_a):
    page = client.get(confirming).content.decode()
    assert 'value="24"' in page
    answer = client.post(f"{confirming}besok/{booked.pk}/", {f"v{booked.pk}-came_2021": "22"})
    assert answer.headers["Location"] == confirming
    assert "22 elever kom" in client.get(confirming).content.decode()
    assert reached(five_a) == (22, 24)


def test_opening_the_link_changes_nothing(client, booked, confirming, in_march):
    client.get(confirming)
    client.get(f"{confirming}besok/{booked.pk}/")
    assert Visit.objects.get(pk=booked.pk).status == "booked"


def test_case_11_pressing_twice_is_one_confirmation(client, booked, confirming, in_march):
    for _ in range(2):
        answer = client.post(f"{confirming}besok/{booked.pk}/", {f"v{booked.pk}-came_2021": "24"}, follow=True)
    assert "redan bekräftat" in answer.content.decode()
    assert said(booked) == [24]


def test_case_12_another_number_is_a_correction_with_history(signed_in, booked, confirming, in_march, client):
    client.post(f"{confirming}besok/{booked.pk}/", {f"v{booked.pk}-came_2021": "24"})
    address = reverse("culture:school_visit", args=[booked.pk])
    signed_in.post(address, {f"v{booked.pk}-came_2021": "23", f"v{booked.pk}-reason": "En var sjuk"})
    assert said(booked) == [24, 23]
    page = signed_in.get(address).content.decode()
    assert "24 elever kom" in page
    assert "En var sjuk" in page


def test_case_13_more_than_enrolled_is_asked_about_and_the_number_stays(client, booked, confirming, in_march, reached, five_a):
    address, name = f"{confirming}besok/{booked.pk}/", f"v{booked.pk}"
    asked = client.post(address, {f"{name}-came_2021": "26"})
    assert asked.status_code == 422
    assert 'value="26"' in asked.content.decode()
    assert said(booked) == []
    client.post(address, {f"{name}-came_2021": "26", f"{name}-asked": "1", f"{name}-guests": "on"})
    assert said(booked) == [26]
    assert reached(five_a) == (24, 24)


def test_mixed_class_confirms_each_grade(client, alby, add_class, add_offer, plan, visit, confirming, in_march):
    group = add_class(alby, "1-2", {1: 8, 2: 7})
    booked = visit(group, plan(add_offer("Cirkus", [1, 2])))
    page = client.get(confirming).content.decode()
    assert "Årskurs 1" in page
    assert "Årskurs 2" in page
    client.post(f"{confirming}besok/{booked.pk}/", {f"v{booked.pk}-came_2025": "8", f"v{booked.pk}-came_2024": "5"})
    assert said(booked) == [13]


def test_nothing_typed_is_a_sentence_beside_the_field(client, booked, confirming, in_march):
    answer = client.post(f"{confirming}besok/{booked.pk}/", {f"v{booked.pk}-came_2021": "många"})
    assert answer.status_code == 422
    assert "i siffror" in answer.content.decode()


def test_class_that_did_not_come_says_why(client, booked, confirming, in_march):
    address = f"{confirming}besok/{booked.pk}/kom-inte/"
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "Bussen kom inte"})
    assert Visit.objects.get(pk=booked.pk).status == "missed"


def test_case_25_personal_number_in_a_remark_is_refused_and_stored_nowhere(client, booked, confirming, in_march):
    answer = client.post(f"{confirming}besok/{booked.pk}/kom-inte/", {"reason": "20150312-1234 var sjuk"})
    assert answer.status_code == 422
    assert "personnummer" in answer.content.decode()
    assert Visit.objects.get(pk=booked.pk).status == "booked"


def test_link_opens_its_own_school_and_purpose_alone(client, booked, berga, year, five_a, in_march):
    _link, token = actions.make_link(berga, year, "confirm", at=AFTER)
    other = reverse("culture:link", args=[token])
    assert client.get(f"{other}besok/{booked.pk}/").status_code == 404
    assert client.post(f"{other}besok/{booked.pk}/", {f"v{booked.pk}-came_2021": "24"}).status_code == 404
    assert client.get(f"{other}klasser/").status_code == 404


def test_old_and_unknown_links_say_what_to_do(client, alby, year, planner, in_march):
    link, token = actions.make_link(alby, year, "confirm", at=AFTER - timedelta(days=90), expires_at=AFTER - timedelta(days=1))
    old = client.get(reverse("culture:link", args=[token]))
    assert old.status_code == 410
    assert "för gammal" in old.content.decode()
    link, token = actions.make_link(alby, year, "confirm", at=AFTER)
    actions.revoke_link(link, by=planner, at=AFTER)
    assert client.get(reverse("culture:link", args=[token])).status_code == 410
    assert client.get(reverse("culture:link", args=["hittepa"])).status_code == 410


def test_plan_is_answered_by_link(client, alby, year, booked):
    with time_machine.travel(AT, tick=False):
        _link, token = actions.make_link(alby, year, "answer", at=AT)
        address = f"{reverse('culture:link', args=[token])}besok/{booked.pk}/svara/"
        assert "Trollet" in client.get(reverse("culture:link", args=[token])).content.decode()
        assert client.post(address, {"answer": "no", "reason": ""}).status_code == 422
        client.post(address, {"answer": "yes", "reason": ""})
    assert Visit.objects.get(pk=booked.pk).answer == "yes"


def test_classes_are_counted_added_and_confirmed_by_link(client, alby, year, five_a):
    with time_machine.travel(AT, tick=False):
        _link, token = actions.make_link(alby, year, "classes", at=AT)
        home = f"{reverse('culture:link', args=[token])}klasser/"
        assert "5A" in client.get(home).content.decode()
        client.post(f"{home}{five_a.pk}/", {"pupils_2021": "25"})
        client.post(f"{home}ny/", {"name": "5B", "pupils_2021": "20"})
        client.post(home)
    row = ListConfirmation.objects.get(school=alby)
    assert (row.classes, row.pupils) == (2, 45)


def test_class_that_is_there_already_is_refused_beside_its_name(signed_in, five_a):
    with time_machine.travel(AT, tick=False):
        answer = signed_in.post(reverse("culture:school_class_new"), {"name": "5 a", "pupils_2021": "20"})
    assert answer.status_code == 422
    assert ClassGroup.objects.count() == 1


def test_days_that_do_not_suit_are_said_and_taken_back(signed_in, five_a, alby):
    with time_machine.travel(AT, tick=False):
        signed_in.post(reverse("culture:school_days"), {"first": "2026-11-03", "last": "", "group": five_a.pk, "reason": "Prov"})
        row = BlockedDays.objects.get(school=alby)
        assert (row.first, row.last, row.class_group) == (date(2026, 11, 3), date(2026, 11, 3), five_a)
        signed_in.post(reverse("culture:school_days_free", args=[row.pk]))
    assert not BlockedDays.objects.exists()


def test_open_place_is_booked_and_a_full_one_is_waited_for(signed_in, five_a, alby, add_class, plan, add_offer):
    five_b = add_class(alby, "5B", {5: 24})
    performance = plan(add_offer("Dansa", [5], seats=30))
    with time_machine.travel(AT, tick=False):
        address = reverse("culture:school_places")
        assert "Dansa" in signed_in.get(address).content.decode()
        signed_in.post(address, {"performance": performance.pk, "class": five_a.pk})
        told = signed_in.post(address, {"performance": performance.pk, "class": five_b.pk}, follow=True).content.decode()
    assert "5B står som nummer" in told
    assert dict(Visit.objects.values_list("class_group__name", "status")) == {"5A": "booked", "5B": "waiting"}


def test_home_of_a_school_asks_for_what_waits(signed_in, booked, in_march):
    page = signed_in.get(reverse("culture:school_home")).content.decode()
    assert "Bekräfta besöket" in page
    assert "Kontrollera era klasser" in page


def test_stranger_and_another_school_do_not_see_the_visit(client, booked, other_teacher, stranger, in_march):
    address = reverse("culture:school_visit", args=[booked.pk])
    client.force_login(other_teacher)
    assert client.get(address).status_code == 404
    client.force_login(stranger)
    assert client.get(address).status_code == 403
    client.logout()
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("page", ["school_home", "school_classes", "school_days", "school_places"])
def test_pages_cost_the_same_however_many_classes(
    signed_in, alby, add_class, plan, add_offer, visit, page, django_assert_max_num_queries
):
    def cost():
        with time_machine.travel(AFTER - timedelta(days=60), tick=False), django_assert_max_num_queries(40) as counted:
            signed_in.get(reverse(f"culture:{page}"))
        return len(counted)

    offer = add_offer("Trollet", [5])
    visit(add_class(alby, "5A", {5: 24}), plan(offer))
    cost()  # fills caches
    one = cost()
    for letter in "BC":
        visit(add_class(alby, f"5{letter}", {5: 20}), plan(offer, date(2027, 2, 11 + ord(letter) - 65)))
    assert cost() == one


def test_teacher_without_a_school_reads_what_to_do(client, person):
    client.force_login(person("ny@alby.example", "school"))
    assert "inte registrerad" in client.get(reverse("culture:school_home")).content.decode()
