"""What stands beside each criterion: attendance from the cards with its source, counts only."""

from datetime import date

import pytest
from django.urls import reverse

from grants.evidence import evidence_for

DAYS = [date(2026, 3, 2), date(2026, 3, 9)]  # within the twelve months before AT, 1 September 2026


@pytest.fixture
def facts(application):
    """facts(): what the assessor reads, label -> text."""

    def read(*, exact=True):
        found = evidence_for(application, exact=exact)
        return {key: {fact.label: fact.text for fact in rows} for key, rows in found.items()}

    return read


def test_attendance_stands_beside_health_inclusion_and_equality(facts, attend, association, alice):
    attend(association, alice, girls=6, boys=3, days=DAYS)
    attend(association, alice, girls=0, name="Kören")
    attend(association, alice, girls=9, name="Förr", days=[date(2025, 8, 31)])

    found = facts()

    assert found["public_health"]["Sammankomster"] == "2 sammankomster, 3 timmar"
    assert found["public_health"]["Deltagartillfällen"] == "18 av 9 personer"
    assert found["public_health"]["Grupper utan sammankomst"] == "2 av 3"
    assert found["inclusion"]["Deltagartillfällen efter ålder"] == "7–12: 18"
    assert found["equality"]["Deltagartillfällen för flickor och pojkar"] == "flickor och kvinnor: 12, pojkar och män: 6"
    assert found["equality"]["Deltagartillfällen per flicka och pojke"] == (
        "flickor och kvinnor: 2,0 gånger var, pojkar och män: 2,0 gånger var"
    )


def test_small_numbers_are_for_officers_only(facts, attend, association, alice):
    attend(association, alice, girls=6, boys=3, days=DAYS)

    found = facts(exact=False)

    assert found["equality"]["Deltagartillfällen för flickor och pojkar"] == (
        "flickor och kvinnor: visas inte, pojkar och män: visas inte"
    )
    assert found["public_health"]["Deltagartillfällen"] == "18 av 9 personer"


def test_fewer_than_five_are_not_told_of_at_all(facts, attend, association, alice):
    attend(association, alice, girls=2, boys=2, days=DAYS)

    found = facts(exact=False)

    for criterion, label in (("public_health", "Deltagartillfällen"), ("inclusion", "Deltagartillfällen efter ålder")):
        assert found[criterion][label] == "visas inte: färre än 5 personer"


def test_an_association_without_cards_has_marked_none(facts):
    found = facts()

    assert found["public_health"]["Deltagartillfällen"] == "inga antecknade"
    assert found["public_health"]["Grupper utan sammankomst"] == "inga grupper"
    assert found["equality"]["Timmar i lokal per flicka och pojke upp till 25"] == "inga medlemmar upp till 25 rapporterade"


@pytest.mark.parametrize("sessions", [1, 2])
def test_the_facts_cost_the_same_however_much_was_done(
    sessions, application, attend, association, alice, django_assert_num_queries
):
    attend(association, alice, girls=6, boys=3, days=DAYS[:sessions])
    application.refresh_from_db()
    with django_assert_num_queries(QUERIES):
        evidence_for(application, exact=True)


QUERIES = 8


def test_the_page_names_the_source_and_no_child(sign_in, officer, attend, association, alice, application):
    attend(association, alice, girls=6, days=DAYS)

    page = sign_in(officer).get(reverse("grants:assessment", args=[application.pk])).content.decode()

    assert "närvarokort under de tolv månaderna före 1 september 2026" in page
    assert "Barn 0" not in page
    assert "Ungteatern" not in page
