"""A bill as an e-invoice: Peppol BIS Billing 3 (UBL 2.1), invoice or credit note. The same bill gives the same bytes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from associations.rules.numbers import NumberRefused, bank_giro, organisation_number
from records.values import ORE

SPECIFICATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
ORGANISATION_NUMBER = "0007"  # the scheme of Swedish organisation numbers, in legal identity and electronic address alike
SWEDISH_VAT = (Decimal(6), Decimal(12), Decimal(25))

_SPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
_ROOT = "urn:oasis:names:specification:ubl:schema:xsd:{}-2"
_ENDPOINT = re.compile(r"[0-9]{4}:\S+")
_POSTCODE = re.compile(r"(?P<code>[0-9]{3} ?[0-9]{2})\s+(?P<town>\S.*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

CODES = ("seller_number", "seller_endpoint", "seller_giro", "buyer_number", "no_lines", "vat_rate", "mixed_signs")


class InvoiceRefused(ValueError):
    """A bill that cannot become an e-invoice; code is one of CODES, the sentence is made above the rules."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is, in Sweden. What is not known is empty."""

    street: str = ""
    postcode: str = ""
    town: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Who bills. endpoint: "0007:2120001991". exemption: why lines without VAT have none. f_tax: say so on the bill."""

    name: str
    organisation_number: str
    vat_number: str
    endpoint: str
    bank_giro: str
    address: Address
    exemption: str
    email: str = ""
    phone: str = ""
    f_tax: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who pays: an association, reached by its organisation number."""

    name: str
    organisation_number: str
    address: Address
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One line. amount: kronor with VAT, above 0 on an invoice and below 0 on a credit note; vat: of it. first, last: days."""

    name: str
    description: str
    note: str
    amount: Decimal
    vat: Decimal
    vat_percent: Decimal
    first: date
    last: date

    @property
    def net(self) -> Decimal:
        return self.amount - self.vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A bill. due_on: None on a credit note. corrects: numbers of the bills that a credit note takes back from."""

    number: str
    issued_on: date
    due_on: date | None
    seller: Seller
    buyer: Buyer
    lines: tuple[InvoiceLine, ...]
    note: str = ""
    corrects: tuple[str, ...] = ()

    @property
    def is_credit(self) -> bool:
        return self.due_on is None


def invoice_file(invoice: Invoice) -> bytes:
    """The bill as UBL 2.1 in UTF-8: the amounts of a credit note with their signs turned. Raises InvoiceRefused.

    The sum to pay is the sum of the lines to the öre; net and VAT per rate are the sums of the lines' own.

    Rule F-66. Source: Peppol BIS Billing 3.0; EN 16931-1; its Swedish rules SE-R-001-012.
    Words: e-faktura, peppol, elektronisk faktura, ubl, kreditnota, invoice.
    """
    _check(invoice)
    root = _document(invoice)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def swedish_vat_number(number: str) -> str:
    """The VAT number that follows from an organisation number: "212000-1991" -> "SE212000199101".

    Rule F-67. Source: Skatteverket, "VAT-nummer"; Peppol SE-R-001 and SE-R-002.
    Words: momsregistreringsnummer, momsnummer, vat-nummer, vat.
    """
    return f"SE{organisation_number(number)}01"


def address_of(text: str) -> Address:
    """The parts of an address written on one line: "Katrinedalsgatan 1, 691 83 Karlskoga", "691 83 Karlskoga".

    What has no postcode last is a street and nothing else.

    Rule F-68. Source: house convention: an address is typed once, in the settings.
    Words: adress, postadress, postnummer, ort, address.
    """
    *before, last = (part.strip() for part in text.split(","))
    match = _POSTCODE.fullmatch(last)
    if match is None:
        return Address(street=text.strip())
    return Address(", ".join(before), match["code"], match["town"])


def _check(invoice: Invoice) -> None:
    _number(invoice.seller.organisation_number, "seller_number")
    _number(invoice.buyer.organisation_number, "buyer_number")
    if not _ENDPOINT.fullmatch(invoice.seller.endpoint):
        raise InvoiceRefused("seller_endpoint", invoice.seller.endpoint)
    try:
        bank_giro(invoice.seller.bank_giro)
    except NumberRefused as wrong:
        raise InvoiceRefused("seller_giro", invoice.seller.bank_giro) from wrong
    if not invoice.lines:
        raise InvoiceRefused("no_lines")
    if any((line.amount < 0) != invoice.is_credit for line in invoice.lines):
        raise InvoiceRefused("mixed_signs")
    for line in invoice.lines:
        if line.vat_percent and line.vat_percent not in SWEDISH_VAT:
            raise InvoiceRefused("vat_rate", f"{line.vat_percent.normalize():f}")


def _number(text: str, code: str) -> str:
    try:
        return organisation_number(text)
    except NumberRefused as wrong:
        raise InvoiceRefused(code, text) from wrong


def _one(tag: str, text: str, **attributes: str) -> "etree._Element":
    """A basic element with a text that is safe in XML."""
    element = etree.Element(f"{{{_SPACES['cbc']}}}{tag}", attributes)
    element.text = " ".join(_CONTROL.sub(" ", text).split())
    return element


def _maybe(tag: str, text: str) -> "etree._Element | None":
    return _one(tag, text) if text.strip() else None


def _group(tag: str, *inside: "etree._Element | None") -> "etree._Element":
    element = etree.Element(f"{{{_SPACES['cac']}}}{tag}")
    element.extend([each for each in inside if each is not None])
    return element


def _kronor(tag: str, amount: Decimal) -> "etree._Element":
    return _one(tag, str(amount.quantize(ORE)), currencyID="SEK")


def _document(invoice: Invoice) -> "etree._Element":
    kind = "CreditNote" if invoice.is_credit else "Invoice"
    own = _ROOT.format(kind)
    spaces: dict[str | None, str] = {None: own}
    spaces.update(_SPACES)
    root = etree.Element(f"{{{own}}}{kind}", nsmap=spaces)
    days = [line.first for line in invoice.lines], [line.last for line in invoice.lines]
    sign = -1 if invoice.is_credit else 1
    parts = (
        _one("CustomizationID", SPECIFICATION),
        _one("ProfileID", PROCESS),
        _one("ID", invoice.number),
        _one("IssueDate", invoice.issued_on.isoformat()),
        _one("DueDate", invoice.due_on.isoformat()) if invoice.due_on else None,
        _one("CreditNoteTypeCode", "381") if invoice.is_credit else _one("InvoiceTypeCode", "380"),
        _maybe("Note", invoice.note),
        _one("DocumentCurrencyCode", "SEK"),
        _one("BuyerReference", invoice.buyer.name),
        _period(min(days[0]), max(days[1])),
        *(_group("BillingReference", _group("InvoiceDocumentReference", _one("ID", each))) for each in invoice.corrects),
        _group("AccountingSupplierParty", _seller(invoice.seller)),
        _group("AccountingCustomerParty", _buyer(invoice.buyer)),
        _payment_means(invoice),
        _tax_total(invoice, sign),
        _totals(invoice, sign),
        *(_line(number, line, invoice) for number, line in enumerate(invoice.lines, start=1)),
    )
    root.extend([each for each in parts if each is not None])
    return root


def _period(first: date, last: date) -> "etree._Element":
    return _group("InvoicePeriod", _one("StartDate", first.isoformat()), _one("EndDate", last.isoformat()))


def _address(address: Address) -> "etree._Element":
    return _group(
        "PostalAddress",
        _maybe("StreetName", address.street),
        _maybe("CityName", address.town),
        _maybe("PostalZone", address.postcode),
        _group("Country", _one("IdentificationCode", "SE")),
    )


def _seller(seller: Seller) -> "etree._Element":
    scheme, _colon, endpoint = seller.endpoint.partition(":")
    number = organisation_number(seller.organisation_number)
    vat_number = seller.vat_number or swedish_vat_number(number)
    f_tax = "Godkänd för F-skatt" if seller.f_tax else ""
    return _group(
        "Party",
        _one("EndpointID", endpoint, schemeID=scheme),
        _group("PartyName", _one("Name", seller.name)),
        _address(seller.address),
        _group("PartyTaxScheme", _one("CompanyID", vat_number), _group("TaxScheme", _one("ID", "VAT"))),
        _group("PartyTaxScheme", _one("CompanyID", f_tax), _group("TaxScheme", _one("ID", "TAX"))) if f_tax else None,
        _legal(seller.name, number),
        _contact(seller.email, seller.phone),
    )


def _buyer(buyer: Buyer) -> "etree._Element":
    number = organisation_number(buyer.organisation_number)
    return _group(
        "Party",
        _one("EndpointID", number, schemeID=ORGANISATION_NUMBER),
        _group("PartyName", _one("Name", buyer.name)),
        _address(buyer.address),
        _legal(buyer.name, number),
        _contact(buyer.email, ""),
    )


def _legal(name: str, number: str) -> "etree._Element":
    return _group("PartyLegalEntity", _one("RegistrationName", name), _one("CompanyID", number, schemeID=ORGANISATION_NUMBER))


def _contact(email: str, phone: str) -> "etree._Element | None":
    parts = _maybe("Telephone", phone), _maybe("ElectronicMail", email)
    return _group("Contact", *parts) if any(part is not None for part in parts) else None


def _payment_means(invoice: Invoice) -> "etree._Element | None":
    """Bank giro as Swedish receivers read it: code 30 and the branch SE:BANKGIRO. A credit note is not paid."""
    if invoice.is_credit:
        return None
    return _group(
        "PaymentMeans",
        _one("PaymentMeansCode", "30"),
        _one("PaymentID", invoice.number),
        _group(
            "PayeeFinancialAccount",
            _one("ID", bank_giro(invoice.seller.bank_giro)),
            _group("FinancialInstitutionBranch", _one("ID", "SE:BANKGIRO")),
        ),
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal("0.00"))


def _tax_total(invoice: Invoice, sign: int) -> "etree._Element":
    percents = sorted({line.vat_percent for line in invoice.lines})
    subtotals = []
    for percent in percents:
        lines: Sequence[InvoiceLine] = [line for line in invoice.lines if line.vat_percent == percent]
        subtotals.append(
            _group(
                "TaxSubtotal",
                _kronor("TaxableAmount", sign * _sum(line.net for line in lines)),
                _kronor("TaxAmount", sign * _sum(line.vat for line in lines)),
                _category("TaxCategory", percent, invoice.seller.exemption),
            )
        )
    return _group("TaxTotal", _kronor("TaxAmount", sign * _sum(line.vat for line in invoice.lines)), *subtotals)


def _category(tag: str, percent: Decimal, exemption: str = "") -> "etree._Element":
    return _group(
        tag,
        _one("ID", "S" if percent else "E"),
        _one("Percent", f"{percent.normalize():f}"),
        _maybe("TaxExemptionReason", "" if percent else exemption),
        _group("TaxScheme", _one("ID", "VAT")),
    )


def _totals(invoice: Invoice, sign: int) -> "etree._Element":
    net, total = _sum(line.net for line in invoice.lines), _sum(line.amount for line in invoice.lines)
    return _group(
        "LegalMonetaryTotal",
        _kronor("LineExtensionAmount", sign * net),
        _kronor("TaxExclusiveAmount", sign * net),
        _kronor("TaxInclusiveAmount", sign * total),
        _kronor("PayableAmount", sign * total),
    )


def _line(number: int, line: InvoiceLine, invoice: Invoice) -> "etree._Element":
    """A line of one piece: what was agreed is a price for the whole time, not per hour."""
    net = -line.net if invoice.is_credit else line.net
    kind = "Credited" if invoice.is_credit else "Invoiced"
    return _group(
        "CreditNoteLine" if invoice.is_credit else "InvoiceLine",
        _one("ID", str(number)),
        _maybe("Note", line.note),
        _one(f"{kind}Quantity", "1", unitCode="C62"),
        _kronor("LineExtensionAmount", net),
        _period(line.first, line.last),
        _group(
            "Item",
            _maybe("Description", line.description),
            _one("Name", line.name),
            _category("ClassifiedTaxCategory", line.vat_percent),
        ),
        _group("Price", _kronor("PriceAmount", net)),
    )
