"""The whole support: cash and hall time together, whom it reached, as page, file and document."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.choices import Role
from associations.models import Association, Category
from facilities import actions as facilities
from grants import participation_words, whole_support
from tests.facilities.conftest import hours, tariff, tree, venue  # noqa: F401 - a hall and its price

TODAY = date(2027, 6, 1)
IN_MAY = date(2027, 5, 3)


@pytest.fixture
def booked(tree, tariff, association, alice):  # noqa: F811 - fixtures of the venues
    """Two hours of youth activity in May 2026 for half of 100 kr an hour: 15 girls and 5 boys."""
    youth = Category.objects.get_or_create(key="youth", defaults={"name": "Barn- och ungdomsförening"})[0]
    Association.objects.filter(pk=association.pk).update(category=youth)
    wish = facilities.Wish(
        association=Association.objects.get(pk=association.pk), people=20, young=20, women=15, men=5, form="training"
    )
    at = hours(10, 12).starts.replace(day=4)
    return facilities.book(tree["1.1"], hours(10, 12), wish, by=alice, at=at)


def test_cash_is_shared_over_the_members_and_told_per_girl_and_boy(supported):
    (row,) = whole_support.supports(2027, today=TODAY)
    each = whole_support.cash_each([row])

    assert row.cash == Decimal("12000.50")
    assert (each.girls, each.boys, each.rest) == (Decimal("9000.37"), Decimal("3000.13"), 0)
    assert (each.per_girl, each.per_boy) == (Decimal("300.01"), Decimal("300.01"))


def test_hall_time_is_shared_by_who_used_it(booked, members, association):
    members(association, girls=30, boys=10)

    (row,) = whole_support.supports(2026, today=TODAY)
    kronor, time = whole_support.hall_each([row]), whole_support.hours_each([row])

    assert (row.hall, row.hours) == (100, 2)
    assert (kronor.girls, kronor.boys, kronor.rest) == (75, 25, 0)
    assert (time.girls, time.boys) == (Decimal("1.50"), Decimal("0.50"))
    assert (kronor.per_girl, kronor.per_boy) == (Decimal("2.50"), Decimal("2.50"))


def test_what_is_not_published_or_stands_no_longer_is_no_support(application, decide):
    decide(application)
    assert whole_support.supports(2027, today=TODAY) == []


def test_the_page_says_it_in_a_sentence_with_charts_and_every_association(sign_in, officer, supported):
    page = sign_in(officer).get(reverse("grants:support_analysis"), {"ar": 2027}).content.decode()

    assert "En flicka fick 300 kr och en pojke 300 kr: lika." in page
    assert "Mest gick till Norra Karlskoga" in page
    assert "Vad som gav de kontanta bidragen" in page
    assert "12\xa0000,50\xa0kr" in page


def test_a_year_without_support_says_so(sign_in, officer):
    assert "Inget stöd det året" in sign_in(officer).get(reverse("grants:support_analysis"), {"ar": 2031}).content.decode()


def test_the_file_holds_a_row_for_each_association(sign_in, officer, supported):
    answer = sign_in(officer).get(reverse("grants:support_table", args=["csv"]), {"ar": 2027})

    rows = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert rows[1].startswith("Teaterboden;802400-1239;Kulturförening;Norra Karlskoga;12000,50;0,00;12000,50;")


def test_the_document_is_tagged_and_says_the_same_as_the_page(sign_in, officer, supported):
    content = sign_in(officer).get(reverse("grants:support_pdf"), {"ar": 2027}).content
    document = PdfReader(io.BytesIO(content))

    text = " ".join(page.extract_text() for page in document.pages)
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.metadata.title == "Jämställdhetsanalys av stödet 2027"
    assert "En flicka fick 300 kr" in text
    assert "Teaterboden" in text


def test_one_association_over_the_years(sign_in, officer, supported, association):
    page = sign_in(officer).get(reverse("grants:support_of", args=[association.pk])).content.decode()

    assert "2027" in page
    assert "12\xa0000,50\xa0kr" in page


@pytest.mark.parametrize(("role", "status"), [(Role.COMMITTEE_MEMBER, 200), (Role.AUDITOR, 200), (None, 403)])
def test_the_committee_reads_it_and_strangers_do_not(sign_in, person, role, status):
    user = person("somebody@karlskoga.example", *([role] if role else []))
    for name in ("support_analysis", "support_pdf"):
        assert sign_in(user).get(reverse(f"grants:{name}")).status_code == status


@pytest.mark.parametrize("count", [1, 3])
def test_a_year_costs_nine_queries_however_many_associations(
    count, call, make_association, person, give_mandate, hand_in, publish, members, attend
):
    for number in range(count):
        association = make_association(f"Förening {number}", f"80260000{number:02d}")
        chair = person(f"chair{number}@forening.example")
        give_mandate(chair, association)
        members(association, girls=10 + number, boys=10)
        attend(association, chair, girls=6, days=[IN_MAY])
        publish(hand_in(call, association, chair))

    with CaptureQueriesContext(connection) as queries:
        rows = whole_support.supports(2027, today=TODAY)

    assert len(rows) == count
    assert len(queries) == 9


# Attendance ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def played(supported, attend, association, alice):
    """Teaterboden's six girls and five boys met four times in May 2027: 44 participations."""
    days = [date(2027, 5, day) for day in (3, 10, 17, 24)]
    return attend(association, alice, girls=6, boys=5, days=days)


@pytest.fixture
def few(call, make_association, person, give_mandate, hand_in, publish, members, attend):
    """Another supported association, in the same category, with two girls on its card."""
    association = make_association("Cirkus Liten", "8026000099")
    chair = person("cirkus@forening.example")
    give_mandate(chair, association)
    members(association, girls=3, boys=2)
    publish(hand_in(call, association, chair))
    attend(association, chair, girls=2, days=[IN_MAY])
    return association


def test_participations_stand_beside_the_money_and_per_girl_and_boy(played):
    rows = whole_support.supports(2027, today=TODAY)
    each = whole_support.participations_each(rows, exact=True)

    assert rows[0].cards.reach.times == 44
    assert rows[0].per_participation == Decimal("272.74")  # 12 000,50 / 44
    assert (each.girls, each.boys, each.rest) == (24, 20, 0)
    assert (each.per_girl, each.per_boy) == (Decimal("0.80"), Decimal("2.00"))  # 30 girls and 10 boys are members


def test_money_of_those_without_cards_makes_no_participation_dearer(played, few):
    rows = whole_support.supports(2027, today=TODAY)

    found = participation_words.participations_of([(2027, rows)], exact=False)

    assert (found["marked"], found["participations"], found["per_participation"]) == (1, 44, Decimal("272.74"))


@pytest.fixture
def in_june():
    with time_machine.travel(datetime(2027, 6, 1, 9, tzinfo=UTC), tick=True):
        yield


def test_the_page_and_the_document_show_participations_by_age_area_category_and_year(in_june, sign_in, officer, played):
    client = sign_in(officer)
    page = client.get(reverse("grants:support_analysis"), {"ar": 2027}).content.decode()
    pdf = PdfReader(io.BytesIO(client.get(reverse("grants:support_pdf"), {"ar": 2027}).content))
    text = " ".join(" ".join(each.extract_text().split()) for each in pdf.pages)

    for told in (page, text):
        assert "Deltagartillfällen efter ålder" in told
        assert "Deltagartillfällen, timmar i lokal och kronor efter kategori" in told
        assert "Deltagartillfällen, timmar i lokal och kronor efter område" in told
        assert "Deltagartillfällen år för år, per flicka och pojke upp till 25" in told
        assert "272,74" in told
        assert "13–20" in told
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_fewer_than_five_people_are_shown_to_officers_only(in_june, sign_in, officer, person, played, few):
    member = person("ledamot@karlskoga.example", Role.COMMITTEE_MEMBER)
    tables = {}
    for reader in (officer, member):
        lines = sign_in(reader).get(reverse("grants:support_table", args=["csv"]), {"ar": 2027}).content.decode("utf-8-sig")
        tables[reader] = {line.split(";")[0]: line.split(";")[-2] for line in lines.splitlines()[1:]}
        page = sign_in(reader).get(reverse("grants:support_of", args=[few.pk])).content.decode()
        assert ("Per flicka" in page) == (reader is officer)

    assert tables[officer] == {"Teaterboden": "44", "Cirkus Liten": "2"}
    assert tables[member] == {"Teaterboden": "44", "Cirkus Liten": ""}


def test_what_is_hidden_cannot_be_found_by_subtraction(supported, attend, association, alice):
    """Six girls and three boys: their sum may be told, not how many of each."""
    attend(association, alice, girls=6, boys=3, days=[IN_MAY])
    rows = whole_support.supports(2027, today=TODAY)

    assert whole_support.participations_each(rows, exact=False) is None
    tables = participation_words.participations_of([(2027, rows)], exact=False)["participation_tables"]
    (ages,) = [table for table in tables if table.first == "Ålder"]
    assert (ages.columns, ages.rows) == (("Tillsammans",), (("13–20", ("9",)),))
    (years,) = [table for table in tables if table.first == "År"]
    assert years.rows[0][1][-2:] == ("–", "–")


@pytest.mark.parametrize("count", [1, 3])
def test_one_associations_years_cost_the_same_whatever_the_others_do(
    count, call, make_association, person, give_mandate, hand_in, publish, members, attend
):
    for number in range(count):
        association = make_association(f"Förening {number}", f"80260000{number:02d}")
        chair = person(f"chair{number}@forening.example")
        give_mandate(chair, association)
        members(association, girls=10, boys=10)
        attend(association, chair, girls=6, days=[IN_MAY])
        publish(hand_in(call, association, chair))

    with CaptureQueriesContext(connection) as queries:
        ((_year, row),) = whole_support.years_of(association, [2027], today=TODAY)

    assert row.cards.reach.times == 6
    assert len(queries) == 9
