"""The public page of grants: who got what and why, and nothing that is not published."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse


@pytest.fixture
def granted_three(call, make_association, person, give_mandate, hand_in, publish):
    def make(names):
        for number, name in enumerate(names):
            association = make_association(name, f"80260000{number:02d}")
            chair = person(f"chair{number}@forening.example", name=f"Hemlig Person {number}")
            give_mandate(chair, association)
            publish(hand_in(call, association, chair))

    return make


def test_anyone_reads_who_got_what_and_the_sum(client, granted_three):
    granted_three(["Alfa", "Beta"])

    page = client.get(reverse("grants:granted_list")).content.decode()

    assert "Alfa" in page
    assert "24\xa0001\xa0kr" in page, "2 x 12 000,50"
    assert "Hemlig Person" not in page


def test_a_decision_that_is_not_published_is_not_there(client, call, association, alice, hand_in, decide):
    decision = decide(hand_in(call, association, alice))

    assert association.name not in client.get(reverse("grants:granted_list")).content.decode()
    assert client.get(reverse("grants:granted", args=[decision.pk])).status_code == 404


def test_one_grant_shows_its_reasons_and_its_lines(client, call, association, alice, hand_in, publish):
    decision = publish(hand_in(call, association, alice))

    page = client.get(reverse("grants:granted", args=[decision.pk])).content.decode()

    assert "Verksamheten når många barn." in page
    assert decision.calculation[0]["rule"] in page
    assert str(decision.application.case) in page


def test_the_search_finds_by_name_and_sums_what_it_found(client, granted_three):
    granted_three(["Alfa", "Beta"])

    page = client.get(reverse("grants:granted_list"), {"q": "alf"}).content.decode()

    assert "Beta" not in page
    assert "12\xa0000,50\xa0kr" in page


def test_the_csv_cannot_carry_a_formula(client, granted_three):
    granted_three(["=CMD()", "Beta"])

    text = client.get(reverse("grants:granted_list"), {"format": "csv"}).content.decode("utf-8-sig")

    assert text.startswith("diarienummer;")
    assert "\n" in text
    assert ";=CMD()" not in text


@pytest.mark.parametrize("names", [["Alfa"], ["Alfa", "Beta", "Gamma"]])
def test_the_list_costs_five_queries_however_long_it_is(client, granted_three, names):
    granted_three(names)

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("grants:granted_list"))

    assert len(queries) == 5
