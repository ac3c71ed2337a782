"""The officers' list and case, as an officer, a colleague with a conflict of interest, an applicant and a stranger."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from python_calamine import CalamineWorkbook

from grants.actions import completion
from grants.choices import ApplicationStatus
from grants.hooks import links
from grants.models import Extension
from records.models import Case, Letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(at):
    with time_machine.travel(at, tick=False):
        yield


def page(name, *args):
    return reverse(f"grants:{name}", args=args)


@pytest.fixture
def three(hand_in, call, association, other_association, alice, stranger, make_association, give_mandate, person):
    """Three applications by three associations."""
    third = make_association("=SUMMA(A1:A9)", "8024009998")
    charlie = person("charlie@example.org")
    give_mandate(charlie, third)
    return [
        hand_in(call, association, alice),
        hand_in(call, other_association, stranger),
        hand_in(call, third, charlie),
    ]


LIST_QUERIES = 8


def test_the_list_costs_the_same_number_of_queries_with_one_and_three_rows(
    sign_in, officer, hand_in, call, association, alice, other_association, stranger, django_assert_num_queries
):
    client = sign_in(officer)
    hand_in(call, association, alice)
    client.get(page("casework_list"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(page("casework_list"))
    hand_in(call, other_association, stranger)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(page("casework_list"))


def test_filters_live_in_the_address(sign_in, officer, three):
    client = sign_in(officer)
    text = client.get(page("casework_list") + "?q=Teaterboden").content.decode()
    assert "Teaterboden" in text
    assert "Kammarkör" not in text
    text = client.get(page("casework_list") + f"?q={three[1].case.reference.replace(' ', '+')}").content.decode()
    assert "Kammarkör" in text
    assert "Teaterboden" not in text
    text = client.get(page("casework_list") + "?state=late").content.decode()
    assert "Teaterboden" not in text
    text = client.get(page("casework_list") + "?status=granted&handler=me&sort=-asked&call=x").content.decode()
    assert "Inga ansökningar här" in text


@pytest.mark.parametrize("sort", ["received", "-received", "association", "-association", "asked", "-asked", "-case", "x"])
def test_the_list_can_be_sorted(sign_in, officer, three, sort):
    assert sign_in(officer).get(page("casework_list") + f"?sort={sort}").status_code == 200


def test_late_and_incomplete_are_found_in_the_list(sign_in, officer, hand_in, call, association, alice):
    late = datetime(2026, 10, 4, 10, 0, tzinfo=UTC)
    hand_in(call, association, alice, at=late)
    text = sign_in(officer).get(page("casework_list") + "?state=late").content.decode()
    assert "3 dagar för sent" in text


def test_an_association_cannot_put_a_formula_into_the_exported_list(sign_in, officer, three):
    client = sign_in(officer)
    csv = client.get(page("casework_list") + "?format=csv").content.decode("utf-8-sig")
    assert "'=SUMMA" in csv
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(page("casework_list") + "?format=xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 4
    assert "=SUMMA(A1:A9)" in [row[1] for row in rows]


def test_an_officer_with_a_conflict_never_meets_the_case(sign_in, other_officer, association, give_mandate, three):
    give_mandate(other_officer, association)
    client = sign_in(other_officer)
    for url in (page("casework_list"), page("casework_list") + "?q=Teaterboden", page("casework_list") + "?format=csv"):
        text = client.get(url).content.decode()
        assert three[0].case.reference not in text
    assert client.get(page("casework_application", three[0].pk)).status_code == 403
    assert client.get(page("completion_ask", three[0].pk)).status_code == 403
    assert client.post(page("casework_assign", three[0].pk)).status_code == 403


def test_the_case_shows_answers_facts_lateness_and_requirements(sign_in, officer, application):
    text = sign_in(officer).get(page("casework_application", application.pk)).content.decode()
    assert "Vi vill öppna för fler." in text
    assert "802400-1239" in text
    assert "I tid." in text


def test_an_officer_takes_on_an_application(sign_in, officer, application):
    client = sign_in(officer)
    client.post(page("casework_assign", application.pk), {"handler": officer.pk})
    application.refresh_from_db()
    assert application.handler == officer
    assert "Teaterboden" in client.get(page("casework_list") + "?handler=me").content.decode()


def test_an_auditor_reads_but_does_not_handle(sign_in, auditor, application):
    client = sign_in(auditor)
    assert client.get(page("casework_list")).status_code == 200
    assert client.get(page("casework_application", application.pk)).status_code == 200
    assert client.get(page("completion_ask", application.pk)).status_code == 403
    assert client.post(page("casework_assign", application.pk), {"handler": ""}).status_code == 403


def test_applicants_do_not_come_into_casework(sign_in, alice, application):
    client = sign_in(alice)
    assert client.get(page("casework_list")).status_code == 403
    assert client.get(page("casework_application", application.pk)).status_code == 403


def test_an_officer_asks_for_completion_through_the_page(sign_in, officer, application):
    """Case 20."""
    client = sign_in(officer)
    url = page("completion_ask", application.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"sections": ["budget"], "message": "", "due_on": "i morgon"}).status_code == 422
    response = client.post(url, {"sections": ["budget"], "message": "Vilka kostnader är det?", "due_on": "15/9 2026"})
    assert response.status_code == 302
    application.refresh_from_db()
    assert application.status == ApplicationStatus.COMPLETING
    letter = Letter.objects.get(key__startswith="grants.completion.")
    assert "Vilka kostnader är det?" in letter.html
    assert "15 september 2026" in letter.html
    assert client.post(url, {"sections": ["budget"], "message": "Igen", "due_on": "15/9 2026"}).status_code == 409
    assert client.get(page("casework_application", application.pk)).status_code == 200


def test_a_lapsed_completion_becomes_the_officers_task(sign_in, officer, application, at):
    """Case 20."""
    due = at.date() + timedelta(days=14)
    asked = completion.ask_completion(application, sections=["budget"], message="Mer", due_on=due, by=officer, at=at)
    later = at + timedelta(days=15)
    assert completion.lapse_completion(asked, at=later)
    assert not completion.lapse_completion(asked, at=later)
    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED
    with time_machine.travel(later, tick=False):
        assert "Teaterboden" in sign_in(officer).get("/").content.decode()


def test_an_officer_gives_an_extension(sign_in, officer, call, association):
    """Case 5."""
    client = sign_in(officer)
    assert "Teaterboden" in client.get(page("extension_list", call.pk) + "?q=teater").content.decode()
    url = page("extension_give", call.pk, association.pk)
    assert client.get(url).status_code == 200
    assert client.post(url, {"closes_on": "2026-09-02", "reason": "Sjukdom"}).status_code == 422
    assert client.post(url, {"closes_on": "20 oktober 2026", "reason": "Sjukdom"}).status_code == 302
    assert Extension.objects.get().reason == "Sjukdom"
    assert "Sjukdom" in client.get(page("extension_list", call.pk)).content.decode()


def test_the_register_opens_the_case_to_both_sides_and_leads_each_to_its_own_page(officer, alice, stranger, application):
    found = application.case
    assert [link.url for link in links(found, officer)] == [page("casework_application", application.pk)]
    assert [link.url for link in links(found, alice)] == [page("application", application.pk)]
    assert links(found, stranger) == []
    assert [found in Case.objects.visible_to(user) for user in (officer, alice, stranger)] == [True, True, False]


def test_the_register_withholds_the_case_from_an_officer_with_an_interest(other_officer, association, give_mandate, application):
    """Case 25."""
    assert application.case in Case.objects.visible_to(other_officer)
    give_mandate(other_officer, association)
    assert application.case not in Case.objects.visible_to(other_officer)
