"""Bills as Peppol e-invoices: valid offline, without a warning, to the öre."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from lxml import etree

from associations.models import Association
from facilities import actions
from facilities.actions import billing, invoices
from facilities.choices import BookingStatus
from facilities.models import Booking
from facilities.rules import peppol
from facilities.rules.peppol_check import faults_of_invoice
from facilities.rules.pricing import VatRate
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT, hours

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
IN_JUNE, IN_JULY = datetime(2026, 6, 1, 8, tzinfo=UTC), datetime(2026, 7, 1, 8, tzinfo=UTC)
NS = {
    "i": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "c": "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}

SELLER = peppol.Seller(
    name="Karlskoga kommun",
    organisation_number="212000-1991",
    vat_number="",
    endpoint="0007:2120001991",
    bank_giro="5050-1055",
    address=peppol.address_of("691 83 Karlskoga"),
    exemption="Undantag från skatteplikt",
)
BUYER = peppol.Buyer(
    name="Karlskoga Handboll", organisation_number="802400-1235", address=peppol.Address("Gatan 1", "691 32", "Karlskoga")
)


def line(amount="106", vat="6", percent="6", **more):
    amounts = {"amount": Decimal(amount), "vat": Decimal(vat), "vat_percent": Decimal(percent)}
    facts = {"name": "Hallen", "description": "Hyra", "note": "Regler: F-42", "first": MAY, "last": MAY}
    return peppol.InvoiceLine(**{**facts, **amounts, **more})


def invoice(*lines, **more):
    facts = {"number": "LOK-2026-00001", "issued_on": JUNE, "due_on": date(2026, 7, 1), "seller": SELLER, "buyer": BUYER}
    return peppol.Invoice(lines=lines or (line(),), **{**facts, **more})


def text(root, path):
    return [each.text for each in root.iterfind(path, NS)]


# --- the file -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bill",
    [
        invoice(),
        invoice(line(), line("125", "25", "25"), line("112", "12", "12"), line("50", "0", "0")),
        invoice(line("50", "0", "0")),
        invoice(buyer=replace(BUYER, address=peppol.Address(), email="kassor@handboll.example")),
        invoice(seller=replace(SELLER, f_tax=True, email="a@karlskoga.example", phone="0586-610 00")),
        invoice(line("-106", "-6"), due_on=None, corrects=("LOK-2026-00001", "LOK-2026-00002")),
        invoice(line(name="<&> 5 \x07 m²", description="Åäö – “citat”")),
        invoice(line(first=date(2026, 4, 3), last=date(2026, 4, 4)), line()),
    ],
    ids=["one", "every rate", "no VAT", "no address", "F tax", "credit note", "odd characters", "two months"],
)
def test_file_is_valid_without_a_single_warning(bill):
    assert faults_of_invoice(peppol.invoice_file(bill)) == ()


def test_check_finds_what_is_wrong():
    content = peppol.invoice_file(invoice()).replace(b">106.00</cbc:PayableAmount>", b">107.00</cbc:PayableAmount>")
    assert [(fault.rule, fault.is_warning) for fault in faults_of_invoice(content)] == [("BR-CO-16", False)]
    content = peppol.invoice_file(invoice()).replace(b"50501055", b"5050-1055")
    assert [(fault.rule, fault.is_warning) for fault in faults_of_invoice(content)] == [("SE-R-008", True), ("SE-R-009", True)]


def test_same_bill_gives_the_same_bytes():
    assert peppol.invoice_file(invoice()) == peppol.invoice_file(invoice())


def test_sums_are_those_of_the_lines():
    root = etree.fromstring(peppol.invoice_file(invoice(line("70.50", "3.99"), line("70.50", "3.99"), line("100", "20", "25"))))
    assert text(root, "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount") == ["213.02"]
    assert text(root, "cac:LegalMonetaryTotal/cbc:PayableAmount") == ["241.00"]
    assert text(root, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount") == ["7.98", "20.00"]
    assert text(root, "cac:InvoiceLine/cbc:LineExtensionAmount") == ["66.51", "66.51", "80.00"]


def test_swedish_bank_giro_vat_number_and_organisation_number():
    root = etree.fromstring(peppol.invoice_file(invoice(seller=replace(SELLER, f_tax=True))))
    means = "cac:PaymentMeans/"
    assert text(root, means + "cbc:PaymentMeansCode") == ["30"]
    assert text(root, means + "cac:PayeeFinancialAccount/cbc:ID") == ["50501055"]
    assert text(root, means + "cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID") == ["SE:BANKGIRO"]
    seller = "cac:AccountingSupplierParty/cac:Party/"
    assert text(root, seller + "cac:PartyTaxScheme/cbc:CompanyID") == ["SE212000199101", "Godkänd för F-skatt"]
    assert text(root, seller + "cac:PartyLegalEntity/cbc:CompanyID") == ["2120001991"]
    (endpoint,) = root.iterfind("cac:AccountingCustomerParty/cac:Party/cbc:EndpointID", NS)
    assert (endpoint.text, endpoint.get("schemeID")) == ("8024001235", "0007")


def test_elements_stand_in_the_order_of_ubl():
    """The rules of Peppol do not look at the order, but readers that follow the schema of UBL 2.1 do."""
    root = etree.fromstring(peppol.invoice_file(invoice(seller=replace(SELLER, email="a@b.example", phone="1"), note="Hyra")))

    def names(path):
        return [etree.QName(each).localname for each in (root if path == "." else root.find(path, NS))]

    assert names(".") == [
        *("CustomizationID", "ProfileID", "ID", "IssueDate", "DueDate", "InvoiceTypeCode", "Note", "DocumentCurrencyCode"),
        *("BuyerReference", "InvoicePeriod", "AccountingSupplierParty", "AccountingCustomerParty", "PaymentMeans"),
        *("TaxTotal", "LegalMonetaryTotal", "InvoiceLine"),
    ]
    seller = ["EndpointID", "PartyName", "PostalAddress", "PartyTaxScheme", "PartyLegalEntity", "Contact"]
    assert names("cac:AccountingSupplierParty/cac:Party") == seller
    assert names("cac:AccountingCustomerParty/cac:Party/cac:PostalAddress") == ["StreetName", "CityName", "PostalZone", "Country"]
    of_line = ["ID", "Note", "InvoicedQuantity", "LineExtensionAmount", "InvoicePeriod", "Item", "Price"]
    assert names("cac:InvoiceLine") == of_line
    assert names("cac:InvoiceLine/cac:Item") == ["Description", "Name", "ClassifiedTaxCategory"]


@pytest.mark.parametrize(
    ("bill", "code"),
    [
        (invoice(line("124", "24", "24")), "vat_rate"),
        (invoice(line(), line("-106", "-6")), "mixed_signs"),
        (invoice(line("-106", "-6")), "mixed_signs"),
        (replace(invoice(), lines=()), "no_lines"),
        (invoice(buyer=replace(BUYER, organisation_number="8024001239")), "buyer_number"),
        (invoice(seller=replace(SELLER, organisation_number="1")), "seller_number"),
        (invoice(seller=replace(SELLER, bank_giro="5050-1054")), "seller_giro"),
        (invoice(seller=replace(SELLER, endpoint="2120001991")), "seller_endpoint"),
    ],
)
def test_bill_that_cannot_be_one_says_why(bill, code):
    with pytest.raises(peppol.InvoiceRefused) as refused:
        peppol.invoice_file(bill)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("691 83 Karlskoga", ("", "691 83", "Karlskoga")),
        ("Skranta 1, Hus B, 69183 Karlskoga", ("Skranta 1, Hus B", "69183", "Karlskoga")),
        ("Karlskoga", ("Karlskoga", "", "")),
    ],
)
def test_address_is_read_from_one_line(typed, address):
    assert peppol.address_of(typed) == peppol.Address(*address)


# --- from bookings to files -----------------------------------------------------------------------------------------------------


@pytest.fixture
def with_vat(tariff):
    """6 % within the price, and 25 % from 20 May."""
    rates = (VatRate(date(2026, 1, 1), Decimal(6)), VatRate(date(2026, 5, 20), Decimal(25)))
    plan = actions.Plan(name="Moms", valid_from=date(2026, 5, 2), rules=replace(tariff.for_rules(), vat=rates))
    return actions.publish_tariff(plan, by=None, at=AT)


@pytest.fixture
def numbered(association, other_association):
    """Organisation numbers with real check digits."""
    Association.objects.filter(pk=association.pk).update(organisation_number="8024001235", town="Karlskoga", postcode="69132")
    Association.objects.filter(pk=other_association.pk).update(organisation_number="8024005673")


@pytest.fixture
def both_kinds(with_vat, numbered, room, book, alice, officer, stina, other_association):
    """A run with an invoice of each kind of line and a credit note, and a private hirer."""
    old = book(room, hours(20, 21, day=1))
    billing.make_run(MAY, by=officer, at=IN_JUNE)
    Booking.objects.filter(pk=old.pk).update(status=BookingStatus.CANCELLED, cancelled_at=IN_JUNE)
    book(room, hours(1, 2.75, day=20), title="Träning P10")
    late = book(room, hours(10, 12, day=20))
    actions.cancel(late, by=alice, at=late.starts_at - timedelta(hours=2))
    book(room, hours(21, 23, day=21), by=stina, association=other_association)
    private = actions.Wish(hirer_name="Anna Andersson", on_behalf=True, reason="Ringde")
    actions.book(room, hours(14, 15, day=20), private, by=officer, at=AT)
    return billing.make_run(JUNE, by=officer, at=IN_JULY)


def test_run_gives_a_valid_file_for_each_hirer_with_a_number(both_kinds):
    archive = zipfile.ZipFile(io.BytesIO(invoices.e_invoices(both_kinds)))
    assert archive.namelist() == ["LOK-2026-00003.xml", "LOK-2026-00004.xml", "LOK-2026-00005.xml"]
    assert [faults_of_invoice(archive.read(name)) for name in archive.namelist()] == [(), (), ()]
    roots = [etree.fromstring(archive.read(name)) for name in archive.namelist()]
    assert [etree.QName(root).localname for root in roots] == ["Invoice", "CreditNote", "Invoice"]
    paid = [Decimal(text(root, "cac:LegalMonetaryTotal/cbc:PayableAmount")[0]) for root in roots]
    stored = {bill.reference: bill.total for bill in both_kinds.bills.exclude(organisation_number="")}
    assert paid == [abs(total) for _reference, total in sorted(stored.items())]


def test_lines_say_what_they_are_for(both_kinds):
    archive = zipfile.ZipFile(io.BytesIO(invoices.e_invoices(both_kinds)))
    root = etree.fromstring(archive.read("LOK-2026-00003.xml"))
    assert text(root, "cac:InvoiceLine/cac:Item/cbc:Name") == ["Hallen, 2"] * 2
    assert text(root, "cac:InvoiceLine/cac:Item/cbc:Description") == [
        "7 juni 2026 03.00–04.45. Hyra. Träning P10",
        "7 juni 2026 12.00–14.00. Sent avbokad",
    ]
    assert text(root, "cac:InvoiceLine/cbc:Note") == ["Regler: F-42 F-45", "Regler: F-51"]


def test_credit_note_names_the_bill_it_takes_back_from(both_kinds):
    (credit,) = both_kinds.bills.filter(kind="credit")
    root = etree.fromstring(invoices.e_invoice(credit))
    assert text(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == ["LOK-2026-00001"]
    assert text(root, "cac:CreditNoteLine/cac:Item/cbc:Description") == [
        "19 maj 2026 22.00–23.00. Rättelse av LOK-2026-00001: hyra"
    ]


def test_file_that_breaks_a_rule_does_not_leave(both_kinds, settings):
    settings.BILLING_SELLER = {**settings.BILLING_SELLER, "vat_number": "SE2120001991"}
    with pytest.raises(NotAllowedNow, match="SE-R-001"):
        invoices.e_invoices(both_kinds)


def test_queries_do_not_grow_with_the_number_of_bills(both_kinds, django_assert_num_queries):
    with django_assert_num_queries(2):
        invoices.e_invoices(both_kinds)


def test_nobody_with_a_number_is_said_in_words(room, tariff, officer):
    wish = actions.Wish(hirer_name="Anna Andersson", on_behalf=True, reason="Ringde")
    actions.book(room, hours(10, 12), wish, by=officer, at=AT)
    with pytest.raises(NotAllowedNow) as refused:
        invoices.e_invoices(billing.make_run(MAY, by=officer, at=IN_JUNE))
    assert refused.value.code == "no_e_invoices"
