"""The pages of the invoice basis: the officer's months and bills, the association's own; files; who may open them."""

import io
import re
import zipfile
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.choices import Role
from associations.models import Association
from facilities import actions
from facilities.actions import billing
from facilities.choices import BookingStatus
from facilities.models import BillingRun, BillLine, Booking
from tests.facilities.conftest import AT, hours

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_june():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def booked(room, book, stina, other_association, association, officer):
    """Two associations and a private hirer in May; real organisation numbers."""
    Association.objects.filter(pk=association.pk).update(organisation_number="8024001235")
    Association.objects.filter(pk=other_association.pk).update(organisation_number="8024005673")
    book(room, hours(10, 12), title="Träning P10")
    book(room, hours(14, 15))
    book(room, hours(16, 18), by=stina, association=other_association)
    private = actions.Wish(hirer_name="Anna Andersson", on_behalf=True, reason="Ringde")
    actions.book(room, hours(19, 20), private, by=officer, at=AT)


@pytest.fixture
def run(booked, officer):
    return billing.make_run(MAY, by=officer, at=NOW)


def month(page="bill_month", *more):
    return reverse(f"facilities:{page}", args=[2026, 5, *more])


def text_of(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


# --- the officer ---------------------------------------------------------------------------------------------------------------


def test_officer_looks_through_a_month_and_makes_it(booked, officer, sign_in):
    client = sign_in(officer)
    text = text_of(client.get(reverse("facilities:bill_list")))
    assert "Maj 2026" in text
    assert "350 kr" in text
    draft = text_of(client.get(month()))
    assert "Karlskoga Handboll" in draft
    assert "saknar organisationsnummer" in draft
    assert not BillLine.objects.exists()
    assert client.post(month("bill_make")).status_code == 302
    made = text_of(client.get(month()))
    assert "LOK-2026-00001" in made
    assert "Hämta e-fakturorna" in made
    assert BillingRun.objects.get().total == 350


def test_draft_opens_into_lines_with_the_answer_to_why(booked, officer, sign_in, association):
    page = sign_in(officer).get(month("bill_draft"), {"hyresgast": f"association:{association.pk}"})
    text = text_of(page)
    for word in ("Hallen, 2", "Träning P10", "F-42", "120 min × 100 kr/tim = 200", "Kommunens subvention", "Varför?"):
        assert word in text, word


def test_draft_of_nobody_is_not_found(booked, officer, sign_in):
    assert sign_in(officer).get(month("bill_draft"), {"hyresgast": "name:ingen"}).status_code == 404


@pytest.mark.parametrize("address", ["2026-13/", "2026-07/", "1999-01/", "2026-0/"])
def test_month_that_is_none_or_has_not_begun_is_not_found(officer, sign_in, address):
    assert sign_in(officer).get(reverse("facilities:bill_list") + address).status_code == 404


def test_month_that_goes_on_can_be_looked_at_and_not_made(room, book, officer, sign_in):
    book(room, hours(10, 12, day=20))
    client = sign_in(officer)
    address = reverse("facilities:bill_month", args=[2026, 6])
    assert "Månaden är inte slut" in text_of(client.get(address))
    assert client.post(reverse("facilities:bill_make", args=[2026, 6])).status_code == 302
    assert "Månaden är inte slut än." in text_of(client.get(address))
    assert not BillingRun.objects.exists()


def test_hirers_are_found_by_name(run, officer, sign_in):
    text = text_of(sign_in(officer).get(month(), {"q": "handboll"}))
    assert "Karlskoga Handboll" in text
    assert "Karlskoga Innebandy" not in text


def test_bill_shows_its_lines_and_what_was_changed_afterwards(run, officer, sign_in, association):
    bill = run.bills.get(association=association)
    Booking.objects.filter(title="Träning P10").update(status=BookingStatus.CANCELLED, cancelled_at=NOW)
    later = billing.make_run(JUNE, by=officer, at=datetime(2026, 7, 1, 8, tzinfo=UTC))
    client = sign_in(officer)
    text = text_of(client.get(bill.get_absolute_url()))
    credit = later.bills.get()
    assert "802400-1235" in text
    assert f"{credit.reference}" in text
    credited = text_of(client.get(credit.get_absolute_url()))
    assert f"Rättelse av {bill.reference}: hyra" in credited
    assert "ges tillbaka: ingenting ska betalas längre" in credited
    assert "−100 kr" in credited


def test_e_invoices_are_fetched_and_the_month_is_handed_over(run, officer, sign_in):
    client = sign_in(officer)
    response = client.post(month("bill_hand_over"), {"how": "peppol"})
    assert response["Content-Disposition"] == 'attachment; filename="e-fakturor-2026-05.zip"'
    assert len(zipfile.ZipFile(io.BytesIO(response.content)).namelist()) == 2
    assert "Överlämnat" in text_of(client.get(month()))
    assert BillingRun.objects.get().handed_over_by == officer


def test_file_that_breaks_a_rule_is_told_and_the_month_stays(run, officer, sign_in, settings):
    settings.BILLING_SELLER = {**settings.BILLING_SELLER, "bank_giro": "5050-1054"}
    client = sign_in(officer)
    assert client.post(month("bill_hand_over"), {"how": "peppol"}).status_code == 302
    assert "bankgironummer är fel" in text_of(client.get(month()))
    assert BillingRun.objects.get().handed_over_at is None


def test_month_can_be_noted_as_handed_over_without_a_file(run, officer, sign_in):
    client = sign_in(officer)
    assert client.post(month("bill_hand_over"), {"how": "noted"}).status_code == 302
    assert BillingRun.objects.get().handed_over_at == NOW


def test_one_bill_is_fetched_as_e_invoice(run, officer, sign_in, association):
    client = sign_in(officer)
    bill = run.bills.get(association=association)
    response = client.get(reverse("facilities:bill_xml", args=[bill.pk]))
    assert (response["Content-Type"], b"<cbc:ID>LOK-2026-0000" in response.content) == ("application/xml", True)
    private = run.bills.get(association=None)
    assert client.get(reverse("facilities:bill_xml", args=[private.pk])).status_code == 302


@pytest.mark.parametrize("is_made", [True, False])
def test_every_line_is_in_the_spreadsheet(booked, officer, sign_in, is_made):
    if is_made:
        billing.make_run(MAY, by=officer, at=NOW)
    response = sign_in(officer).get(month("bill_table", "xlsx"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Nummer", "Sort", "Hyresgäst"]
    assert [row[2] for row in rows[1:]] == ["Anna Andersson", *["Karlskoga Handboll"] * 2, "Karlskoga Innebandy"]
    assert sum(row[-1] for row in rows[1:]) == 350
    assert rows[2][4] == datetime(2026, 5, 18, 12)  # noqa: DTZ001 - a cell has no zone
    assert rows[2][0] == ("LOK-2026-00002" if is_made else "")
    assert rows[2][9] == "F-42 F-45"
    sheet = zipfile.ZipFile(io.BytesIO(response.content)).read("xl/worksheets/sheet1.xml").decode()
    (width,) = re.findall(r'<col min="5" max="6" width="([0-9.]+)"', sheet)
    assert float(width) >= len("2026-05-18 12:00")  # a narrower cell is shown as ####


def test_csv_takes_no_text_for_a_formula(room, book, officer, sign_in):
    book(room, hours(10, 12), title="=cmd|' /C calc'!A0")
    text = sign_in(officer).get(month("bill_table", "csv")).content.decode("utf-8-sig")
    assert "'=cmd" in text
    assert ";100,00" in text


@pytest.mark.parametrize("kind", ["pdf", "exe"])
def test_other_kinds_of_file_are_not_found(officer, sign_in, kind):
    assert sign_in(officer).get(month("bill_table", kind)).status_code == 404


# --- who may -------------------------------------------------------------------------------------------------------------------


def test_auditor_reads_and_makes_nothing(run, person, sign_in):
    client = sign_in(person("auditor@karlskoga.example", Role.AUDITOR))
    assert "Hämta e-fakturorna" not in text_of(client.get(month()))
    assert client.post(month("bill_make")).status_code == 403
    assert client.post(month("bill_hand_over"), {"how": "noted"}).status_code == 403


@pytest.mark.parametrize("page", ["bill_month", "bill_draft"])
def test_months_are_the_officers(run, alice, stranger, staff, sign_in, page):
    for person in (alice, stranger, staff):
        assert sign_in(person).get(month(page)).status_code == 403


def test_bill_is_read_by_its_association_and_by_no_other(run, alice, stina, stranger, sign_in, association):
    bill = run.bills.get(association=association)
    statuses = [sign_in(person).get(bill.get_absolute_url()).status_code for person in (alice, stina, stranger)]
    assert statuses == [200, 404, 404]
    private = run.bills.get(association=None)
    assert sign_in(alice).get(private.get_absolute_url()).status_code == 404


# --- the association ---------------------------------------------------------------------------------------------


def test_association_sees_what_it_has_been_billed_and_what_comes(run, alice, sign_in, book, room):
    book(room, hours(10, 11, day=20), title="Juniträning")
    text = text_of(sign_in(alice).get(reverse("facilities:own_bills")))
    for word in ("Maj 2026", "LOK-2026-00002", "150 kr", "Juniträning", "50 kr till och med den här månaden"):
        assert word in text, word
    assert "Innebandy" not in text


def test_association_saves_its_lines(run, alice, sign_in):
    text = sign_in(alice).get(reverse("facilities:own_bill_table", args=["csv"])).content.decode("utf-8-sig")
    assert text.count("Karlskoga Handboll") == 2
    assert "Innebandy" not in text


def test_somebody_without_association_is_told_what_to_do(stranger, sign_in):
    client = sign_in(stranger)
    assert "företräder en förening" in text_of(client.get(reverse("facilities:own_bills")))
    assert client.get(reverse("facilities:own_bill_table", args=["csv"])).status_code == 404


# --- cost --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 3])
def test_queries_do_not_grow_with_the_rows(booked, book, room, officer, alice, sign_in, django_assert_max_num_queries, more):
    for number in range(more):
        book(room, hours(20 + number, 21 + number))
    office, own = sign_in(officer), sign_in(alice)
    for client, address in ((office, month()), (office, reverse("facilities:bill_list")), (own, reverse("facilities:own_bills"))):
        client.get(address)
        with django_assert_max_num_queries(10):
            client.get(address)
    run = billing.make_run(MAY, by=officer, at=NOW)
    for bill in run.bills.all():
        with django_assert_max_num_queries(8):
            office.get(bill.get_absolute_url())


# --- the start page ----------------------------------------------------------------------------------------------


def test_start_page_asks_for_the_month_that_is_over_and_then_to_hand_it_over(booked, officer, staff, sign_in):
    client = sign_in(officer)
    assert "Gör fakturaunderlaget för maj" in text_of(client.get("/"))
    assert "fakturaunderlaget" not in text_of(sign_in(staff).get("/"))
    run = billing.make_run(MAY, by=officer, at=NOW)
    text = text_of(client.get("/"))
    assert "Gör fakturaunderlaget för maj" not in text
    assert "Lämna över fakturaunderlaget för maj" in text
    billing.hand_over(run, how="noted", by=officer, at=NOW)
    assert "fakturaunderlaget" not in text_of(client.get("/"))


def test_start_page_asks_nothing_when_nothing_was_hired(officer, sign_in, db):
    assert "fakturaunderlaget" not in text_of(sign_in(officer).get("/"))


def test_start_page_of_an_association_tells_of_its_latest_bill(run, alice, stina, stranger, sign_in):
    text = text_of(sign_in(alice).get("/"))
    assert "Maj 2026: 150 kr. Betala senast 1 juli." in re.sub(r"<[^>]+>| +", " ", text).replace("  ", " ")
    assert "150 kr" not in text_of(sign_in(stranger).get("/"))
