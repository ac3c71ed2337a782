"""Bills as e-invoices: written from what is stored, checked against the rules of Peppol, and only then given out."""

import io
import zipfile
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils import translation
from django.utils.dateformat import format as written
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from facilities.models import Bill, BillingRun, BillLine
from facilities.rules import peppol
from facilities.rules.peppol_check import faults_of_invoice
from facilities.wording import ITEMS, LINES
from records.refusals import NotAllowedNow
from records.values import local_day

_MADE = (2000, 1, 1, 0, 0, 0)  # the time stamped on every file in the archive, so that the same bills give the same bytes


def e_invoice(bill: Bill) -> bytes:
    """One bill as Peppol BIS Billing 3. NotAllowedNow, with what is wrong, when it cannot be one or the rules say no."""
    return _checked(bill, list(_lines([bill])))


def e_invoices(run: BillingRun) -> bytes:
    """Every bill of a run that can be an e-invoice, as a zip file; all of them or none. Two queries, some 30 ms a bill.

    NotAllowedNow when there is none, or with the first that is wrong.
    """
    bills = [bill for bill in run.bills.order_by("number") if bill.can_be_electronic]
    if not bills:
        raise NotAllowedNow(_("Nobody in this month can get an e-invoice."), "no_e_invoices")
    lines: dict[int, list[BillLine]] = {bill.pk: [] for bill in bills}
    for line in _lines(bills):
        lines[line.bill_id].append(line)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for bill in bills:
            archive.writestr(zipfile.ZipInfo(file_name(bill), _MADE), _checked(bill, lines[bill.pk]))
    return content.getvalue()


def file_name(bill: Bill) -> str:
    return f"{bill.reference}.xml"


def _lines(bills: Iterable[Bill]) -> Iterable[BillLine]:
    rows = BillLine.objects.filter(bill__in=[bill.pk for bill in bills])
    return rows.select_related("corrects__bill").order_by("starts_at", "pk")


def _checked(bill: Bill, lines: list[BillLine]) -> bytes:
    try:
        with translation.override("sv"):
            content = peppol.invoice_file(_invoice(bill, lines))
    except peppol.InvoiceRefused as refused:
        raise NotAllowedNow(f"{bill.reference}, {bill.hirer_name}: {_sentence(refused)}", refused.code) from refused
    fault = next((each for each in faults_of_invoice(content) if not each.is_warning), None)
    if fault is not None:
        broken = _("The e-invoice breaks rule %(rule)s of Peppol: %(text)s") % {"rule": fault.rule, "text": fault.text}
        raise NotAllowedNow(f"{bill.reference}, {bill.hirer_name}: {broken}", "peppol")
    return content


def _sentence(refused: peppol.InvoiceRefused) -> str:
    words = {
        "seller_number": _("The municipality's organisation number is wrong in the settings."),
        "seller_endpoint": _("The municipality's Peppol address is wrong in the settings."),
        "seller_giro": _("The municipality's bank giro number is wrong in the settings."),
        "buyer_number": _("The organisation number %(detail)s is wrong."),
        "no_lines": _("There is nothing on the bill."),
        "vat_rate": _("%(detail)s percent is no Swedish VAT rate."),
        "mixed_signs": _("What is to be paid and what is given back stand on the same bill."),
    }
    return words[refused.code] % {"detail": refused.detail}


def _invoice(bill: Bill, lines: list[BillLine]) -> peppol.Invoice:
    corrected = [line.corrects.bill.reference for line in lines if line.corrects] if bill.is_credit else []
    return peppol.Invoice(
        number=bill.reference,
        issued_on=bill.issued_on,
        due_on=bill.due_on,
        seller=_seller(),
        buyer=peppol.Buyer(
            name=bill.hirer_name,
            organisation_number=bill.organisation_number,
            address=peppol.Address(bill.street, f"{bill.postcode[:3]} {bill.postcode[3:]}".strip(), bill.town),
            email=bill.email,
        ),
        lines=tuple(_line(line) for line in lines),
        note=_("Hire of municipal venues"),
        corrects=tuple(dict.fromkeys(corrected)),
    )


def _seller() -> peppol.Seller:
    house, seller = settings.MUNICIPALITY, settings.BILLING_SELLER
    number = "".join(filter(str.isdigit, house["organisation_number"]))
    return peppol.Seller(
        name=house["name"],
        organisation_number=number,
        vat_number=seller["vat_number"],
        endpoint=seller["endpoint"] or f"{peppol.ORGANISATION_NUMBER}:{number}",
        bank_giro=seller["bank_giro"],
        address=peppol.address_of(house["address"]),
        exemption=seller["exemption"],
        email=house["email"],
        phone=house["phone"],
        f_tax=settings.BILLING_F_TAX,
    )


def _line(line: BillLine) -> peppol.InvoiceLine:
    return peppol.InvoiceLine(
        name=line.place,
        description=". ".join(part for part in (_when(line), what(line), line.title) if part),
        note=_("Rules: %(ids)s") % {"ids": line.rule_ids} if line.rule_ids else "",
        amount=line.amount,
        vat=line.vat,
        vat_percent=line.vat_percent,
        first=local_day(line.starts_at),
        last=local_day(line.ends_at - timedelta(microseconds=1)),
    )


def what(line: BillLine) -> str:
    """What a line is for: "Hyra", "Sent avbokad", "Rättelse av LOK-2026-00012: hyra"."""
    words = [str(LINES[each.label]) for each in line.price_lines if each.label in LINES] if line.item == "fee" else []
    said = ", ".join(dict.fromkeys(words)) or str(ITEMS[line.item])
    if line.corrects is None:
        return said
    return _("Correction of %(bill)s: %(what)s") % {"bill": line.corrects.bill, "what": said[:1].lower() + said[1:]}


def _when(line: BillLine) -> str:
    starts, ends = localtime(line.starts_at), localtime(line.ends_at)
    return f"{written(starts, 'j F Y H.i')}–{written(ends, 'H.i' if ends.date() == starts.date() else 'j F H.i')}"
